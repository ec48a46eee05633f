"""The README's commands, run as they stand there."""

from documents import commands, pointed
from plane import REPOSITORY

README = REPOSITORY / "README.md"
# These install, build and start the server, or take their time; other tests run them.
_ELSEWHERE = ("make ", "docs/examples/workshop/run.py")


def runnable(text: str) -> list[str]:
    """Those for a server that runs."""
    return [command for command in commands(text) if not command.startswith(_ELSEWHERE)]


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
    script = pointed("\n".join(runnable(README.read_text())), plane)
    run = tool("sh", "-euxc", script, FAULTPLANE_DATA_DIR=str(plane.folder))
    assert run.returncode == 0, f"{run.stdout}{run.stderr}"
    assert "Exception" not in run.stdout + run.stderr, f"{run.stdout}{run.stderr}"
