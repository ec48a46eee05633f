"""The commands that a document shows, made so that they run against a test's server."""

import pathlib
import re

from plane import REPOSITORY, Plane, binary

_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ADDRESS = re.compile(r"(?:127\.0\.0\.1|localhost):8\d{3}")


def commands(text: str) -> list[str]:
    """The lines of all `sh` blocks; a line that ends in a backslash goes on."""
    lines = "\n".join(match.group(1).replace("\\\n", " ") for match in _BLOCK.finditer(text)).splitlines()
    return [line.removeprefix("$ ").strip() for line in lines if line.strip() and not line.startswith("#")]


def pointed(script: str, plane: Plane) -> str:
    """The same commands for this server, this program and this repository, wherever they are run."""
    folder: pathlib.Path = plane.folder
    script = _ADDRESS.sub(f"127.0.0.1:{plane.port}", script).replace(".faultplane/", f"{folder}/")
    return script.replace("$PWD/.build/release", str(binary().parent)).replace("docs/examples/", f"{REPOSITORY}/docs/examples/")
