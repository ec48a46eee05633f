"""The faulty proxy does what it says, before the real sources."""

import email.utils
import http.client
import random
import time

import faulty
import pytest
from faulty import Faulty
from servers import asked


@pytest.fixture
def proxy(exporter):
    made = Faulty(exporter.port)
    yield made
    made.close()


def test_at_first_it_is_as_if_it_were_not_there(proxy, exporter):
    exporter.set("there", 3)
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=5)
    for _ in range(3):
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        assert (answer.status, b'watched{name="there"} 3\n' in answer.read()) == (200, True)
    assert len(proxy.pairs) == 1 and proxy.count() == 3
    connection.close()


def test_slow_is_late_and_right(proxy):
    proxy.behave(faulty.slow(0.3))
    began = time.monotonic()
    assert asked(proxy.port, "/health/x")[0] == 200
    assert 0.3 <= time.monotonic() - began < 3


def test_hung_never_answers(proxy):
    proxy.behave(faulty.hung)
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=0.3)
    connection.request("GET", "/health/x")
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()


@pytest.mark.parametrize("behaviour, status, body", [
    (faulty.failing, 500, b"it fell over\n"),
    (faulty.nonsense, 200, b"<html>\xff\x00 Welcome! {"),
    (faulty.moved, 307, b""),
])
def test_what_it_answers_itself(proxy, behaviour, status, body):
    proxy.behave(behaviour)
    assert asked(proxy.port, "/health/x") == (status, body)


def test_garbage_is_no_http(proxy):
    proxy.behave(faulty.garbage)
    with pytest.raises(OSError, match="BadStatusLine|GET /health/x"):
        asked(proxy.port, "/health/x")


def test_refused_is_a_port_on_which_nobody_listens(proxy):
    kept = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=5)
    kept.request("GET", "/health/x")
    kept.getresponse().read()
    proxy.refuse()
    with pytest.raises(ConnectionRefusedError):
        asked(proxy.port, "/health/x")
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        kept.request("GET", "/health/x")
        kept.getresponse()


def test_flapping_goes_by_each_question(proxy):
    proxy.behave(faulty.flapping(faulty.failing))
    assert [asked(proxy.port, f"/health/{name}")[0] for name in "abababa"] == [200, 200, 500, 500, 200, 200, 500]


def test_noisy_is_slow_and_fails_now_and_then(proxy):
    proxy.behave(faulty.noisy(random.Random(1), 0.01, 0.5))
    assert {asked(proxy.port, "/health/x")[0] for _ in range(20)} == {200, 500}


def test_stale_is_what_the_source_answered_long_ago(prometheus, exporter):
    exporter.set("stale", 7)
    prometheus.await_value("stale", 7)
    proxy = Faulty(prometheus.port)
    try:
        proxy.behave(faulty.stale(120))
        connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=5)
        connection.request("GET", "/api/v1/query?query=watched", headers=prometheus.headers())
        answer = connection.getresponse()
        date = email.utils.parsedate_to_datetime(answer.headers["Date"]).timestamp()
        assert 119 < time.time() - date < 123
        assert b'"value":[' in (body := answer.read())
        assert 119 < time.time() - float(body.split(b'"value":[')[1].split(b",")[0]) < 123
        connection.close()
    finally:
        proxy.close()
