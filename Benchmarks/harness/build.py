"""Compiles the load generator and the bare C server, again only when a source is newer."""

import subprocess
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
REPOSITORY = BENCHMARKS.parent
TOOLS = REPOSITORY / ".build" / "bench"
FLAGS = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror"]


def compiled(name: str, sources: list[Path], into: Path) -> Path:
    """The path of the compiled program."""
    program = into / name
    inputs = sources + [header for source in sources for header in source.parent.glob("*.h")]
    if program.exists() and program.stat().st_mtime > max(path.stat().st_mtime for path in inputs):
        return program
    into.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cc", *FLAGS, "-o", program, *sources], check=True)
    return program


def load_generator(into: Path) -> Path:
    return compiled("load", sorted((BENCHMARKS / "load").glob("*.c")), into)


def bare_server(into: Path) -> Path:
    return compiled("bare", [BENCHMARKS / "peers" / "bare.c"], into)
