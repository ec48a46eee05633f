"""Small trees that look like this repository, and the scripts run in them."""

import os
import pathlib
import shutil
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPOSITORY / "scripts"))


class Workshop:
    """A folder that looks like this repository as far as a test needs."""

    def __init__(self, root: pathlib.Path):
        self.root = root

    def write(self, path: str, text: str = "", mode: int = 0o644) -> pathlib.Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        place.chmod(mode)
        return place

    def copy(self, *paths: str) -> None:
        for path in paths:
            place = self.root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            if (REPOSITORY / path).is_dir():
                shutil.copytree(REPOSITORY / path, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(REPOSITORY / path, place)

    def run(
        self, *command: str, env: dict[str, str] | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        # A step of a script under test is no step of the run that tests it.
        inherited = {name: value for name, value in os.environ.items() if name != "STEP_TIMES"}
        return subprocess.run(
            command,
            cwd=self.root,
            env=env or inherited,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
