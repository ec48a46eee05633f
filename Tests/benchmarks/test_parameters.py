"""The measurement of reads on a server that only pretends: what is counted is there, and what goes wrong is seen."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY
from harness import parameters_report
from harness.load import LoadFailed
from harness.reader import ROLE, Reader, token_url
from liar import Liar, answer, number_in

SERVE = f"{sys.executable} {Path(__file__).with_name('fake_plane.py')}"


@pytest.fixture
def run(tools, tmp_path):
    """The whole of it, quick, with a database whose every count is 5."""
    psql = tmp_path / "bin" / "psql"
    psql.parent.mkdir()
    psql.write_text("#!/bin/sh\necho 5\n")
    psql.chmod(0o755)

    def run(*more: str, fault: str = "") -> subprocess.CompletedProcess:
        command = [sys.executable, REPOSITORY / "Benchmarks" / "parameters.py", "--quick", "--work", tools, "--serve", SERVE,
                   "--python", sys.executable, "--page", tmp_path / "page.md", *more]
        environment = {**os.environ, "PATH": f"{psql.parent}:{os.environ['PATH']}", "FAULT": fault}
        return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)

    return run


def test_a_quick_run_measures_and_reports(run, tmp_path):
    raw = tmp_path / "raw.json"
    done = run("--results", str(raw))
    assert done.returncode == 0, done.stderr
    part = json.loads(raw.read_text())["parts"]["parameters"]
    taken = {(one["bench"], one["peer"]): one for one in part["samples"]}
    ours = {(state, peer) for state in ("off", "on") for peer in ("faultplane", "signed", "poll")}
    # moto is there where it is installed beside boto3, and said to be left out where it is not.
    there = {("off", "moto")} if importlib.util.find_spec("moto") and importlib.util.find_spec("waitress") else set()
    assert set(taken) == ours | there
    assert bool(part["missing"]) == (not there) == ("Left out: moto" in done.stdout)
    assert all(one["requests"] > 0 and one["errors"] == 0 and one["cpu_us"] > 0 for one in part["samples"])
    for state in ("off", "on"):
        counted = part["statements"][state]
        assert (counted["busy"]["polls"], counted["busy"]["transactions"], counted["busy"]["lent"]) == (2_000, 0, 0)
    assert "| Database statements per read, a delay on all | 0 | 0.00000 | pass |" in done.stdout
    assert not (tmp_path / "page.md").exists()  # a quick run is no measurement


@pytest.mark.parametrize("fault,message", [
    ("rate", 'bench: /faultplane/chaos_lambda/bench-00000000 holds {"is_enabled": true, "fault_type": "latency", "delay": 400, '
             '"rate": 0.5}, wanted {"is_enabled": true, "fault_type": "latency", "delay": 400, "rate": 1}'),
    ("stuck", "bench: still 1 and not 0 after 20 s")])
def test_a_document_that_is_not_what_it_should_be_fails_a_run(run, fault, message):
    done = run(fault=fault)
    assert done.returncode == 1
    assert message in done.stderr.splitlines(), done.stderr


def test_an_interpreter_that_is_not_there_is_said(run):
    done = run("--python", "/nowhere/python")
    assert done.returncode != 0 and "`scripts/bootstrap.sh bench` makes it" in done.stderr


def test_a_request_is_taken_down_as_a_function_sends_it():
    with Liar(lambda liar, number, path: answer(b'{"Parameters": [], "InvalidParameters": []}')) as peer:
        peer.bearer = "FPKEY.secret"
        (request,) = Reader(Path(sys.executable)).requests(token_url(peer), ["/x/@@@@@@@@"])
    head, _, body = request.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert (first, body) == ("POST /t/FPKEY.secret HTTP/1.1", '{"Names": ["/x/@@@@@@@@"], "WithDecryption": true}')
    assert headers["X-Amz-Target"] == "AmazonSSM.GetParameters"
    assert headers["X-Amz-Security-Token"] == ROLE["AWS_SESSION_TOKEN"]
    assert headers["Authorization"].startswith(f"AWS4-HMAC-SHA256 Credential={ROLE['AWS_ACCESS_KEY_ID']}/")
    assert headers["Content-Length"] == str(len(body))


def test_a_reader_that_is_refused_is_an_error():
    refused = answer(b'{"__type": "AccessDeniedException"}', "400 Bad Request")
    with Liar(lambda liar, number, path: refused) as peer, pytest.raises(LoadFailed, match="AccessDenied") as raised:
        Reader(Path(sys.executable)).requests(token_url(peer), ["/x"])
    assert peer.bearer not in str(raised.value)


@pytest.mark.parametrize("shift,wrong", [(0, 0), (1, 6)], ids=["its own", "another's"])
def test_every_answer_is_held_against_what_was_asked(load, shift, wrong):
    with Liar(lambda liar, number, path: answer(b'{"name": "%08d", "on": true}' % (number_in(path) + shift))) as peer:
        result = load.run("closed", peer, "/@@@@@@@@", any_body=True, unique=True, targets=4, connections=1, requests=6,
                          holds=['"name": "@@@@@@@@"', '"on": true'])
    assert (result["requests"], result["error_kinds"]["body"]) == (6, wrong)


def test_requests_of_one_length_take_turns(load):
    paths = []

    def note(liar, number, path):
        paths.append(path)
        return answer(b"{}")

    each = b"".join(b"GET /%s HTTP/1.1\r\n\r\n" % name for name in (b"one", b"two"))
    with Liar(note) as peer:
        result = load.send("closed", peer, each, any_body=True, unique=True, variants=2, connections=1, requests=5)
        with pytest.raises(LoadFailed, match="not of one length"):
            load.send("closed", peer, each + b"!", any_body=True, unique=True, variants=2)
    assert (result["requests"], result["errors"]) == (5, 0)
    assert paths == ["/one", "/two", "/one", "/two", "/one"]


def sample(state: str, peer: str, turn: int, spent: float) -> dict:
    return {"bench": state, "peer": peer, "round": turn, "cpu_us": spent, "own_cpu_us": spent, "core_share": 1, "requests": 10,
            "per_second": 1e6 / spent, "errors": 0}


def test_verdicts_compare_within_each_round_and_count_statements():
    samples = [sample(state, peer, turn, spent) for state in ("off", "on") for peer, spents in {
        "faultplane": (20, 40), "poll": (10, 10), "moto": (1000, 2000)}.items() for turn, spent in enumerate(spents)]
    idle, busy = {"transactions": 5, "lent": 1}, {"transactions": 206, "lent": 1, "polls": 100_000}
    counted = {"off": {"idle": idle, "busy": busy | {"transactions": 5}}, "on": {"idle": idle, "busy": busy}}
    found = parameters_report.verdicts({"parts": {"parameters": {"samples": samples, "statements": counted}}})
    assert [(one["name"], one["measured"], one["verdict"]) for one in found] == [
        ("Database statements per read, nothing on", "0.00000", "pass"),
        ("Database statements per read, a delay on all", "0.00201", "MISS"),
        ("CPU per read / moto's", "0.0200", ""),
        ("CPU per read / that of a native poll, nothing on", "3.00", ""),
        ("CPU per read / that of a native poll, a delay on", "3.00", "")]
