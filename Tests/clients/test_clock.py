"""Runs go by the database's clock, and no fault outlives a clock that jumps."""

import json
import select
import time

import pytest
from moved_clock import MovedClock
from plane import Plane

FUNCTION = "/v1/faults/checkout?instance=i-1"


@pytest.fixture
def clock():
    moved = MovedClock()
    yield moved
    moved.stop()


@pytest.fixture
def plane(clock, tmp_path):
    running = Plane(tmp_path, "--database-url", clock.url)
    yield running
    assert running.stop() == 0, running.log.read_text()


def post(plane, path, body):
    answer = plane.bearer("POST", path, json.dumps(body).encode())
    assert answer.status == 200, answer.body
    return answer.json


def start(plane, token, seconds):
    """A run of one fault on the function `checkout`, which exists because it polls."""
    assert plane.bearer("GET", FUNCTION).status == 200
    template = post(plane, "/experimentTemplates", {
        "clientToken": token, "description": "clock", "roleArn": "arn:aws:iam::000000000000:role/fis",
        "stopConditions": [{"source": "none"}],
        "targets": {"Fns": {"resourceType": "aws:lambda:function", "selectionMode": "ALL",
                            "resourceArns": ["arn:aws:lambda:us-east-1:000000000000:function:checkout"]}},
        "actions": {"Fail": {"actionId": "aws:lambda:invocation-error", "targets": {"Functions": "Fns"},
                             "parameters": {"duration": f"PT{seconds}S", "preventExecution": "true", "ifUnheld": "complete"}}}})
    run = post(plane, "/experiments", {"clientToken": token,
                                       "experimentTemplateId": template["experimentTemplate"]["id"]})
    return run["experiment"]["id"]


def until(plane, run, *wanted, seconds=30):
    """The run, once it is in one of those states."""
    deadline = time.monotonic() + seconds
    while True:
        found = plane.bearer("GET", f"/experiments/{run}").json["experiment"]
        if found["state"]["status"] in wanted:
            return found
        assert time.monotonic() < deadline, found
        select.select([], [], [], 0.05)


def faults(plane):
    return plane.bearer("GET", FUNCTION).json["faults"]


def gone(plane):
    """Whether nothing is served any more, which the node that ended the run has just been told."""
    deadline = time.monotonic() + 5
    while faults(plane):
        if time.monotonic() > deadline:
            return False
        select.select([], [], [], 0.05)
    return True


def test_a_clock_that_jumps_ahead_ends_a_run_at_its_planned_end(plane, clock):
    run = start(plane, "ahead", 1800)
    until(plane, run, "running")
    assert len(faults(plane)) == 1
    clock.set("+1h")
    ended = until(plane, run, "completed")
    action = ended["actions"]["Fail"]
    assert abs(action["endTime"] - action["startTime"] - 1800) < 0.01
    assert gone(plane)


def test_a_clock_that_runs_back_fails_every_run(plane, clock):
    run = start(plane, "back", 1800)
    until(plane, run, "running")
    clock.set("-1h")
    ended = until(plane, run, "failed")
    assert ended["state"]["error"] == {"accountId": "000000000000", "code": "InternalFailure", "location": "experiment"}
    assert "clock ran back" in ended["state"]["reason"]
    assert gone(plane)
    assert plane.bearer("GET", "/readyz").status == 503
