"""The files that the rules look at, and what a rule has to say about one."""

import dataclasses
import functools
import os
import pathlib
import subprocess

from house import swift_text

SKIPPED_FOLDERS = {".git", ".build", ".venv", ".faultplane", "__pycache__"}


@dataclasses.dataclass(frozen=True, order=True)
class Violation:
    path: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


class File:
    """One file; what is read or taken apart once is kept for the rules that follow."""

    def __init__(self, root: pathlib.Path, path: str):
        self.path = path
        self.suffix = pathlib.PurePosixPath(path).suffix
        self._place = root / path

    @functools.cached_property
    def text(self) -> str | None:
        """None for what is no text."""
        try:
            return self._place.read_bytes().decode()
        except UnicodeDecodeError:
            return None

    @functools.cached_property
    def lowered(self) -> str:
        return (self.text or "").lower()

    @functools.cached_property
    def swift(self) -> swift_text.SwiftText:
        return swift_text.split(self.text or "")

    @functools.cached_property
    def code(self) -> str:
        """The text a compiler reads; only Swift is taken apart for it."""
        return self.swift.code if self.suffix == ".swift" else self.text or ""

    def line(self, offset: int) -> int:
        return (self.text or "").count("\n", 0, offset) + 1

    @property
    def target(self) -> str | None:
        """`Base` for `Sources/Base/...`, `BaseTests` for `Tests/BaseTests/...`."""
        parts = self.path.split("/")
        return parts[1] if len(parts) > 2 and parts[0] in ("Sources", "Tests") else None


class Tree:
    def __init__(self, root: pathlib.Path):
        self.root = root
        self.files = [File(root, path) for path in sorted(_paths(root)) if (root / path).is_file()]

    @property
    def swift(self) -> list[File]:
        return [file for file in self.files if file.suffix == ".swift" and file.text is not None]

    def targets(self, folder: str) -> list[str]:
        """The folders below `Sources` or `Tests` that hold Swift files."""
        return sorted({file.target for file in self.swift if file.target and file.path.startswith(folder + "/")})


def _paths(root: pathlib.Path) -> list[str]:
    """What git knows or would take; everything where there is no repository, as in an unpacked archive."""
    if (root / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout
        return [path for path in listed.decode().split("\0") if path]
    paths = []
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if name not in SKIPPED_FOLDERS]
        paths += [(pathlib.Path(folder) / name).relative_to(root).as_posix() for name in names]
    return paths
