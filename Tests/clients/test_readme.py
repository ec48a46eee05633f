"""The README's commands, run as they stand there."""

import re

from plane import REPOSITORY, binary

README = REPOSITORY / "README.md"
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ADDRESS = re.compile(r"(?:127\.0\.0\.1|localhost):8\d{3}")


def commands(text: str) -> list[str]:
    """The lines of all `sh` blocks; a line that ends in a backslash goes on."""
    lines = "\n".join(match.group(1).replace("\\\n", " ") for match in _BLOCK.finditer(text)).splitlines()
    return [line.removeprefix("$ ").strip() for line in lines if line.strip() and not line.startswith("#")]


def runnable(text: str) -> list[str]:
    """Those for a server that runs; the others install, build and start it, which other tests do."""
    return [command for command in commands(text) if not command.startswith("make ")]


def test_the_extractor_finds_what_a_block_holds():
    text = "```sh\nmake run\n# no command\n```\nx\n```sh\n$ A=b aws fis \\\n  list\ncurl 'a b'\n```\n```json\ncurl\n```\n"
    assert commands(text) == ["make run", "A=b aws fis    list", "curl 'a b'"]
    assert runnable(text) == ["A=b aws fis    list", "curl 'a b'"]


def test_the_readme_shows_how_to_run_and_to_ask():
    found = commands(README.read_text())
    assert "make run" in found, "README.md has no `make run` in a sh block"
    for tool in ("curl", "aws", "faultplane"):
        assert any(command.startswith(f"{tool} ") for command in found), f"README.md has no {tool} command in a sh block"


def test_the_commands_of_the_readme_work_one_after_the_other_in_one_terminal(plane, tool):
    script = "\n".join(runnable(README.read_text()))
    script = _ADDRESS.sub(f"127.0.0.1:{plane.port}", script).replace(".faultplane/", f"{plane.folder}/")
    script = script.replace("$PWD/.build/release", str(binary().parent)).replace("docs/examples/", f"{REPOSITORY}/docs/examples/")
    run = tool("sh", "-euxc", script, FAULTPLANE_DATA_DIR=str(plane.folder))
    assert run.returncode == 0, f"{run.stdout}{run.stderr}"
    assert "Exception" not in run.stdout + run.stderr, f"{run.stdout}{run.stderr}"
