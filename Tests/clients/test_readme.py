"""The README's commands, run as they stand there."""

import re
import shlex

from plane import REPOSITORY

README = REPOSITORY / "README.md"
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ADDRESS = re.compile(r"(?:127\.0\.0\.1|localhost):8\d{3}")


def commands(text: str) -> list[str]:
    """The lines of all `sh` blocks; a line that ends in a backslash goes on."""
    lines = "\n".join(match.group(1).replace("\\\n", " ") for match in _BLOCK.finditer(text)).splitlines()
    return [line.removeprefix("$ ").strip() for line in lines if line.strip() and not line.startswith("#")]


def runnable(text: str) -> list[str]:
    """Those that ask a server; the others install, build and start it, which other tests do."""
    found = []
    for command in commands(text):
        words = shlex.split(command)
        while words and "=" in words[0]:
            words.pop(0)
        if words and words[0] in ("curl", "aws"):
            found.append(command)
    return found


def test_the_extractor_finds_what_a_block_holds():
    text = "```sh\nmake run\n# no command\n```\nx\n```sh\n$ A=b aws fis \\\n  list\ncurl 'a b'\n```\n```json\ncurl\n```\n"
    assert commands(text) == ["make run", "A=b aws fis    list", "curl 'a b'"]
    assert runnable(text) == ["A=b aws fis    list", "curl 'a b'"]


def test_the_readme_shows_how_to_run_and_to_ask():
    if README.exists():
        found = commands(README.read_text())
        assert any(command.startswith("make run") for command in found), "README.md has no `make run` in a sh block"
        assert runnable(README.read_text()), "README.md has no curl or aws command in a sh block"


def test_each_command_of_the_readme_that_asks_a_server_works(plane, tool):
    for command in runnable(README.read_text()) if README.exists() else []:
        here = _ADDRESS.sub(f"127.0.0.1:{plane.port}", command).replace(".faultplane/", f"{plane.folder}/")
        run = tool("sh", "-euc", here)
        assert run.returncode == 0, f"{here}: {run.stdout}{run.stderr}"
        assert "Exception" not in run.stdout + run.stderr, here
