"""The independent checker's parts: what was recorded, what was done to the plane, and one file for each promise."""
