"""Telemetry over the wire: as docs/injecting.md has it, as the example injector sends it, and what becomes of it."""

import json
import re
import subprocess
import time

from plane import REPOSITORY, binary, until


def report(plane, *reports, path="/v1/telemetry", **headers):
    answer = plane.bearer("POST", path, json.dumps({"reports": list(reports)}).encode())
    assert answer.status == 200, answer.body
    return answer.json


def samples(plane, query):
    answer = plane.bearer("GET", f"/v1/telemetry?{query}")
    assert answer.status == 200, answer.body
    return answer.json["samples"]


def reported(plane, target, least=1):
    """The samples of a target that have something, once one has as many invocations."""
    read = lambda: [one for one in samples(plane, f"target={target}") if one["invocations"] >= least]  # noqa: E731
    return until(read, bool, 30, every=0.2)


def test_the_documents_example_is_taken_once(plane):
    text = (REPOSITORY / "docs/injecting.md").read_text()
    body = json.loads(re.search(r'```json\n(\{"reports".*?)```', text, re.DOTALL)[1].replace("EXPabc...", "EXPabcdefghijklmno"))
    # A function and an instance that no other test reports for.
    body["reports"][0].update(target="documented", instance="i-documented")
    assert report(plane, *body["reports"]) == {"taken": 1, "repeated": 0, "dropped": 0}
    assert report(plane, *body["reports"]) == {"taken": 0, "repeated": 1, "dropped": 0}
    written = reported(plane, "documented")
    assert sum(one["invocations"] for one in written) == 120
    assert sum(one["errors"] for one in written) == 3
    sample = written[0]
    assert sample["time"] % 5 == 0 and abs(sample["time"] - time.time()) < 30
    assert 16 <= sample["p50"] <= 19.1 and 1722 <= sample["p99"] <= 2048
    assert sample["injected"] == 0, "there is no such fault"


def test_any_order_and_any_number_of_repeats(plane):
    made = [{"target": "ordered", "instance": "i-1", "sequence": n, "invocations": 1} for n in range(1, 61)]
    taken = [report(plane, *part) for part in (made[30:], made[::-1], made[:10], made)]
    assert sum(answer["taken"] for answer in taken) == 60
    assert all(answer["dropped"] == 0 for answer in taken)
    until(lambda: sum(one["invocations"] for one in reported(plane, "ordered")), lambda sum: sum == 60)
    written = reported(plane, "ordered")
    assert sum(one["invocations"] for one in written) == 60 and max(one["instances"] for one in written) == 1


def test_the_example_injector_reports_what_it_makes_up(plane):
    command = [
        binary().with_name("faultplane-injector"), "reported", "--data-dir", plane.folder, "--instance", "i-1", "--wait", "1",
        "--invocations-per-second", "40", "--duration", "250", "--error-rate", "1",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as injector:
        try:
            sample = reported(plane, "reported", 41)[0]
        finally:
            injector.kill()
    assert sample["errorRate"] == 1 and sample["instances"] == 1
    assert 215 <= sample["p50"] <= 256
