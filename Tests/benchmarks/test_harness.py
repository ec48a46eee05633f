"""The load generator and the harness around it: right counts, sane times, and no wrong answer goes unseen."""

import time

import pytest
from conftest import DOCUMENT
from harness.load import ask, request_bytes
from liar import Liar, answer, number_in

PERCENTILES = ["min", "p50", "p90", "p99", "p99.9", "max"]


def counted(peer) -> int:
    status, body = ask(peer, "GET", "/bench/allocations")
    assert status == 200
    return int(body.rpartition(b":")[2].rstrip(b"}"))


def sane(latency: dict, count: int, seconds: float) -> None:
    assert latency["count"] == count
    times = [latency[name] for name in PERCENTILES]
    assert times == sorted(times)
    assert 0 < times[0] and times[-1] <= seconds * 1e6


def park(load, peer, connections: int, rounds: int = 2, patience: float = 5, **options) -> dict:
    return load.run("park", peer, "/bench/park?wait=50", connections=connections, rounds=rounds, patience=patience,
                    count_request=request_bytes(peer, "GET", "/bench/parked"), count_key='"parked":',
                    trigger_request=request_bytes(peer, "POST", "/bench/wake"), **options)


@pytest.mark.parametrize("connections,depth,requests", [(1, 1, 500), (64, 1, 20_000), (64, 16, 100_000), (3, 16, 10)])
def test_closed_counts_agree_with_the_servers(load, bare, connections, depth, requests):
    before = counted(bare)
    result = load.run("closed", bare, "/bench/document", connections=connections, depth=depth, requests=requests)
    assert counted(bare) - before - 1 == requests
    assert (result["requests"], result["errors"]) == (requests, 0)
    sane(result["latency_us"], requests, result["seconds"])


def test_closed_by_time_counts_what_was_answered(load, bare):
    before = counted(bare)
    result = load.run("closed", bare, "/bench/document", connections=8, seconds=0.2)
    assert counted(bare) - before - 1 == result["requests"] > 0
    assert result["errors"] == 0
    assert 0.2 <= result["seconds"] < 2


def test_paced_sends_all_that_were_due(load, bare):
    result = load.run("paced", bare, "/bench/document", connections=8, rate=2000, seconds=0.5)
    assert (result["requests"], result["errors"], result["unsent"]) == (1000, 0, 0)
    sane(result["latency_us"], 1000, result["seconds"])


def test_paced_counts_a_stall_from_when_each_request_was_due(load):
    def stall_once(liar, number, path):
        if number == 50:
            time.sleep(0.3)  # the stall is what is measured
        return answer(DOCUMENT)

    with Liar(stall_once) as peer:
        result = load.run("paced", peer, "/x", connections=1, rate=200, seconds=0.5)
    assert (result["requests"], result["errors"]) == (100, 0)
    # Of 100 requests 50 fell due from the stall's begin on, one in 5 ms: the tenth of them still waited 255 ms.
    assert result["latency_us"]["p90"] > 200_000
    assert result["latency_us"]["max"] >= 300_000


WRONG = {
    "body": (lambda liar, number, path: answer(DOCUMENT[:-1] + b"!" if number == 7 else DOCUMENT), {"body": 1}),
    "short body": (lambda liar, number, path: answer(DOCUMENT[:-1]), {"body": 100}),
    "status": (lambda liar, number, path: answer(DOCUMENT, "503 Busy" if number % 10 == 0 else "200 OK"),
               {"status": 10}),
    "a length too small": (lambda liar, number, path: answer(DOCUMENT, length=299), {"body": 1, "framing": 1}),
    "no length": (lambda liar, number, path: b"HTTP/1.1 200 OK\r\n\r\n" + DOCUMENT, {"framing": 1}),
    "two lengths": (lambda liar, number, path: answer(DOCUMENT).replace(b"\r\n\r\n", b"\r\nContent-Length: 300\r\n\r\n"),
                    {"framing": 1}),
    "a length that is no number": (lambda liar, number, path: answer(DOCUMENT).replace(b" 300", b" 300x"),
                                   {"framing": 1}),
    "an answer nobody asked for": (lambda liar, number, path: answer(DOCUMENT) * (2 if number == 5 else 1),
                                   {"framing": 1}),
    "not HTTP": (lambda liar, number, path: b"hello\r\n\r\n", {"framing": 1}),
    "a closed connection": (lambda liar, number, path: answer(DOCUMENT) if number < 5 else b"", {"closed": 1}),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_detected(load, name):
    behaviour, wrong = WRONG[name]
    with Liar(behaviour) as peer:
        result = load.run("closed", peer, "/x", connections=1, requests=100)
    assert {kind: count for kind, count in result["error_kinds"].items() if count} == wrong
    assert result["errors"] == sum(wrong.values())
    assert "load: " in result.get("stderr", "") or "closed" in wrong


def test_a_request_never_answered_is_lost(load):
    with Liar(lambda liar, number, path: answer(DOCUMENT, length=301)) as peer:
        result = load.run("closed", peer, "/x", connections=3, requests=3, seconds=0.3)
    assert result["error_kinds"]["lost"] == result["errors"] == 3


def swapped(liar, number, path):
    """Two requests' answers in the wrong order: the odd one's with the even one's."""
    wanted = number_in(path)
    return answer(b"answer %08d" % (wanted ^ 1 if 8 <= wanted < 10 else wanted))


@pytest.mark.parametrize("behaviour,wrong", [(lambda liar, n, path: answer(b"answer %08d" % number_in(path)), 0),
                                             (swapped, 2)], ids=["in order", "two swapped"])
def test_pipelined_answers_must_come_in_order(load, behaviour, wrong):
    with Liar(behaviour) as peer:
        result = load.run("closed", peer, "/########", any_body=True, body=b"answer ########", numbered=True,
                          connections=1, depth=16, requests=320)
    assert (result["requests"], result["errors"], result["error_kinds"]["body"]) == (320, wrong, wrong)


def test_park_wakes_everybody_and_parks_again(load, bare):
    result = park(load, bare, 200, rounds=3, pid=bare.server.pids(),
                  other_request=request_bytes(bare, "GET", "/bench/document"))
    assert (result["requests"], result["errors"], result["early"]) == (600, 0, 0)
    assert len(result["rounds"]) == 3
    for turn in result["rounds"]:
        sane(turn["wake_us"], 200, turn["seconds"])
    assert result["empty"]["pss_kib"] > 0
    assert result["quiet_other_us"]["count"] >= 3 * 240
    assert result["other_us"]["count"] >= 3


def test_park_counts_a_dropped_wake_as_lost(load):
    with Liar(lambda liar, number, event: b"" if event == "early" or number == 13 else answer(DOCUMENT)) as peer:
        result = park(load, peer, 20, patience=0.3)
    assert result["error_kinds"]["lost"] == result["errors"] == 1
    assert result["requests"] == 19


def test_park_notices_a_wrong_wake(load):
    with Liar(lambda liar, number, event: b"" if event == "early" else answer(DOCUMENT[::-1])) as peer:
        result = park(load, peer, 20, rounds=1)
    assert result["error_kinds"]["body"] == 20


def test_park_takes_no_answer_before_the_trigger(load):
    with Liar(lambda liar, number, event: answer(DOCUMENT) if event == "wake" or number == 3 else b"") as peer:
        result = park(load, peer, 20)
    assert result["early"] == 1


def test_cpu_of_a_peer_grows_with_its_work_only(load, bare):
    before = bare.server.cpu_ns()
    assert bare.server.cpu_ns() - before < 1_000_000
    result = load.run("closed", bare, "/bench/document", requests=20_000)
    spent = bare.server.cpu_ns() - before
    assert 200 < spent / result["requests"] < 1e9 * result["seconds"] / result["requests"] * 1.1
