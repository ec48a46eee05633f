"""One server for all client tests, and the tools they need."""

import os
import subprocess
import sys

import pytest
from plane import Plane
from team import Team


@pytest.fixture(scope="session")
def plane(tmp_path_factory):
    running = Plane(tmp_path_factory.mktemp("plane"))
    yield running
    code = running.stop()
    log = running.log.read_text()
    assert code == 0, log
    assert running.key.secret not in log
    assert (running.folder / "master.key").read_text().strip() not in log


@pytest.fixture
def team(plane):
    return Team(plane)


@pytest.fixture
def tool(plane, tmp_path):
    """Runs a command line tool with nothing of the caller's configuration but the written credentials."""

    def run(*command, seconds=60, **environment):
        clean = {
            "PATH": os.path.dirname(sys.executable) + ":/usr/bin:/bin",
            "HOME": str(tmp_path),
            "AWS_SHARED_CREDENTIALS_FILE": str(plane.credentials),
            "AWS_CONFIG_FILE": str(tmp_path / "none"),
            "AWS_MAX_ATTEMPTS": "1",
            "LC_ALL": "C.UTF-8",
        }
        return subprocess.run(
            command,
            env={**clean, **environment},
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    return run
