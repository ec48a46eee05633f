"""Programs compiled once, and a running bare server, for the harness's tests."""

import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "Benchmarks"))

from harness import build, peers  # noqa: E402
from harness.load import Load  # noqa: E402

DOCUMENT = (REPOSITORY / "Benchmarks" / "document.json").read_bytes()


@pytest.fixture(scope="session")
def tools() -> Path:
    return REPOSITORY / ".build" / "bench"


@pytest.fixture(scope="session")
def program(tools: Path) -> Path:
    return build.load_generator(tools)


@pytest.fixture
def load(program: Path, tmp_path: Path) -> Load:
    return Load(program, None, tmp_path / "load", DOCUMENT)


@pytest.fixture
def bare(tools: Path, tmp_path: Path):
    setting = peers.Setting(tmp_path, None, DOCUMENT, tools, ["none"])
    kind = next(kind for kind in peers.kinds(["none"]) if kind.name == "bare")
    peer = kind.start(kind, setting)
    with peer.server:
        yield peer
