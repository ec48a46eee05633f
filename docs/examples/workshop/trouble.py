"""What ends the run early, and how it is told."""


class Trouble(Exception):
    """Something is missing or was refused; the text says what, and what to do."""
