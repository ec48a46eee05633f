"""A wall clock that a run moves under one program, and not under the machine."""

import pathlib
import struct
import subprocess

SOURCE = pathlib.Path(__file__).parent / "moved.c"
HOUR = 3600


class Clock:
    """The true time plus an offset, which is none at first."""

    def __init__(self, path: pathlib.Path, library: pathlib.Path):
        self.path, self.library = path, library
        path.write_bytes(struct.pack("=q", 0))
        # PostgreSQL's user reads it too.
        path.chmod(0o644)

    @staticmethod
    def library_in(folder: pathlib.Path) -> pathlib.Path:
        """The library that programs with such a clock are started with, compiled once."""
        made = folder / "moved.so"
        subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", made, SOURCE], check=True)
        made.chmod(0o755)
        return made

    @property
    def environment(self) -> list[str]:
        """For `env`, so that it comes in after a change of user."""
        return [f"LD_PRELOAD={self.library}", f"SAFETY_CLOCK={self.path}"]

    def move(self, hours: int) -> None:
        """To that far from the true time, all at once."""
        with self.path.open("r+b", buffering=0) as file:
            file.write(struct.pack("=q", hours * HOUR * 1_000_000_000))
