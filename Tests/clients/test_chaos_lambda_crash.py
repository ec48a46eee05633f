"""Functions with the unmodified chaos_lambda while their server is killed, and when it is there again."""

import socket
import time

import pytest
from lambdas.faults import KINDS, NORMAL, all_forms, faulty, opened
from plane import Plane
from ssm import OFF

NAMES = {kind: f"checkout-{place}" for place, kind in enumerate(KINDS)}
# Long enough for a slow machine to start a server again before it is over.
SECONDS = 10


@pytest.fixture
def port():
    """One that stays a server's while it is down: it is bound here too, so that the system gives it to nobody else."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def start(port, tmp_path):
    """Starts the server, again if it was killed: its PostgreSQL outlives it, and only the next one ends that."""
    running = []

    def started():
        running.append(Plane(tmp_path, "--listen", f"127.0.0.1:{port}", "--lease", "3"))
        return running[-1]

    yield started
    if running[-1].process.poll() is not None:
        started()
    assert running[-1].stop() == 0, running[-1].log.read_text()


def failure(outcome):
    """A function whose server is gone: the library lets the error through, and the handler does not run."""
    payload, error, _, calls = outcome
    return payload, error and error[0], calls


def test_a_killed_server_fails_its_readers_and_is_followed_again_when_it_is_back(start, tmp_path):
    plane = start()
    (folder := tmp_path / "shop").mkdir()
    with opened(plane, folder, *NAMES.values()) as shop:
        assert {kind: shop.seen(name) for kind, name in NAMES.items()} == dict.fromkeys(KINDS, all_forms(NORMAL))
        begun = time.monotonic()
        runs = {kind: shop.start(kind, f"PT{SECONDS}S", name) for kind, name in NAMES.items()}
        fails = {kind: all_forms(faulty(kind, runs[kind])) for kind in KINDS}
        for name in NAMES.values():
            shop.until_told(name)
        assert {kind: shop.seen(name) for kind, name in NAMES.items()} == fails

        plane.process.kill()
        plane.process.wait()
        gone = {kind: shop.seen(name) for kind, name in NAMES.items()}
        assert {failure(outcome) for forms in gone.values() for outcome in forms.values()} == {
            (None, "EndpointConnectionError", 0),
        }

        start()
        for name in NAMES.values():
            shop.until_told(name)
        assert {kind: shop.seen(name) for kind, name in NAMES.items()} == fails
        assert time.monotonic() < begun + SECONDS

        for run in runs.values():
            assert shop.team.ended(run)["state"]["status"] == "completed"
        assert time.monotonic() > begun + SECONDS
        assert {kind: shop.seen(name) for kind, name in NAMES.items()} == dict.fromkeys(KINDS, all_forms(NORMAL))
        assert [shop.told(name) for name in NAMES.values()] == [OFF["chaos_lambda"]] * len(KINDS)
