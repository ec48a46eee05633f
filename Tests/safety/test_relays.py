"""The proxy loses what it is told to lose, and the balancer goes in turn and passes over the dead."""

import contextlib
import socket
import threading

import pytest
from lb import Balancer
from proxy import Line, Proxy


class Echo:
    """Answers what it is sent, with its name before it."""

    def __init__(self, name):
        self.name = name.encode()
        self.heard = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._answer, args=self.listener.accept()[:1], daemon=True).start()

    def _answer(self, connection):
        with contextlib.suppress(OSError), connection:
            while piece := connection.recv(4096):
                self.heard.append(piece)
                connection.sendall(self.name + b":" + piece)


@pytest.fixture
def echo():
    made = Echo("a")
    yield made
    made.listener.close()


def said(connection, text, seconds=5.0):
    """What comes back, or None if nothing does."""
    connection.settimeout(seconds)
    connection.sendall(text)
    try:
        return connection.recv(4096)
    except TimeoutError:
        return None


def opened(port):
    return socket.create_connection(("127.0.0.1", port), timeout=5)


@pytest.mark.parametrize("line, heard", [(Line.cut, False), (Line.requests_lost, False), (Line.answers_lost, True)])
def test_a_line_loses_one_way_or_both_and_is_mended(echo, line, heard):
    proxy = Proxy(echo.port)
    with opened(proxy.port) as connection:
        assert said(connection, b"one") == b"a:one"
        proxy.set(line)
        assert said(connection, b"two", 0.3) is None
        assert (b"two" in echo.heard) == heard
        with opened(proxy.port) as another:
            assert said(another, b"three", 0.3) is None
        proxy.set(Line.whole)
        # What has lost something is no connection any more.
        with contextlib.suppress(ConnectionError):
            assert connection.recv(4096) == b""
    with opened(proxy.port) as connection:
        assert said(connection, b"four") == b"a:four"
    proxy.set(line)
    with opened(proxy.port) as connection:
        assert said(connection, b"five", 0.1) is None
        proxy.close()
        with contextlib.suppress(ConnectionError):
            assert connection.recv(4096) == b""


def test_connections_go_in_turn_and_the_dead_are_passed_over(echo):
    other, relayed = Echo("b"), []
    balancer = Balancer({"a": echo.port, "b": other.port}, lambda *note: relayed.append(note))

    def asked(instance):
        with opened(balancer.port) as connection:
            return said(connection, f"GET /v1/faults/f?instance={instance}&wait=1 ".encode())[:1]

    assert sorted(asked("i-1") for _ in range(2)) == [b"a", b"b"]
    assert sorted(relayed) == [("i-1", "a"), ("i-1", "b")]
    other.listener.shutdown(socket.SHUT_RDWR)
    other.listener.close()
    assert [asked("i-2") for _ in range(3)] == [b"a"] * 3
    assert relayed[2:] == [("i-2", "a")] * 3
    balancer.close()


def test_a_connection_that_is_kept_is_closed_at_its_next_request(echo):
    balancer = Balancer({"a": echo.port}, lambda instance, node: None)
    with opened(balancer.port) as connection:
        assert said(connection, b"one") == b"a:one"
        with contextlib.suppress(ConnectionError):
            assert said(connection, b"two") == b""
    assert echo.heard == [b"one"]
    balancer.close()
