"""A Python that has chaos_lambda: this one, or that of a venv made for it."""

import pathlib
import shutil
import subprocess
import sys

from trouble import Trouble

# ssm-cache 3 has no `ssm_cache.cache`, which chaos_lambda 0.3 imports; chaos_lambda itself does not say so.
WANTED = ["chaos_lambda==0.3", "ssm-cache<3", "boto3"]


def _has_them(python: pathlib.Path | str) -> bool:
    try:
        found = subprocess.run([python, "-c", "import boto3, chaos_lambda"], capture_output=True, check=False)
    except OSError:
        return False
    return found.returncode == 0


def python_with_chaos_lambda(folder: pathlib.Path) -> str:
    """The path of such a Python; makes a venv in `folder` unless there is one already."""
    made = folder / "bin" / "python"
    for python in (sys.executable, str(made)):
        if _has_them(python):
            return python
    print(f"# installing {', '.join(WANTED)} into {folder}, which is done once", flush=True)
    # What is there is half made, by an install that was interrupted.
    shutil.rmtree(folder, ignore_errors=True)
    by_hand = f"In a Python of your own: pip install {' '.join(map(repr, WANTED))}, and start this with that Python."
    _done([sys.executable, "-m", "venv", folder], f"On Debian venv is in the package python3-venv. {by_hand}")
    _done([made, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *WANTED], by_hand)
    if not _has_them(made):
        raise Trouble(f"{made} cannot import boto3 and chaos_lambda although pip installed them. {by_hand}")
    return str(made)


def _done(command: list, otherwise: str) -> None:
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        last = "\n".join((ended.stdout + ended.stderr).strip().splitlines()[-4:])
        raise Trouble(f"{' '.join(map(str, command[:4]))} did not work:\n{last}\n{otherwise}")
