"""The measurement of delivery on a server that only pretends: what is counted is there, and what goes wrong is seen."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import DOCUMENT, REPOSITORY
from harness import crowd, delivery_report, peers
from harness.delivery import Plan, Scene
from liar import Liar, answer

SERVE = f"{sys.executable} {Path(__file__).with_name('fake_plane.py')}"
ARRIVALS = {"changed": 0, "renewed": 0, "degraded": 0, "refused": 0, "lowered": 0, "reconnected": 0}


def run(tools: Path, *more: str, fault: str = "", serve: str = SERVE) -> subprocess.CompletedProcess:
    command = [sys.executable, REPOSITORY / "Benchmarks" / "delivery.py", "--quick", "--work", tools, "--serve", serve, *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, "FAULT": fault})


def test_a_quick_run_measures_and_reports(tools, tmp_path):
    raw = tmp_path / "results" / "raw.json"
    done = run(tools, "--only", "start,stop,halt,polls,herd", "--results", str(raw), "--page", str(tmp_path / "page.md"))
    assert done.returncode == 0, done.stderr
    parts = json.loads(raw.read_text())["parts"]
    samples = parts["cycle"]["samples"]
    assert {name: len(found) for name, found in samples.items()} == {"start": 2, "stop": 1, "halt": 1, "bare": 1}
    for name in ("start", "stop", "halt"):
        for one in samples[name]:
            counts = (one["expected"], one["visible_us"]["count"], one["confirmed_us"]["count"], one["errors"])
            assert counts == (200, 200, 200, 0)
            assert 0 < one["visible_us"]["min"] <= one["confirmed_us"]["max"]
    proof = samples["halt"][0]["proof"]
    assert (proof["instances"]["known"], proof["instances"]["confirmed"], proof["error"]) == (200, 200, None)
    assert proof["confirmed_us"] >= samples["halt"][0]["visible_us"]["p50"]
    assert {(one["bench"], one["peer"]) for one in parts["polls"]["samples"]} == {
        (bench, peer) for bench in ("200", "304") for peer in ("faultplane", "bare", "nginx-inline")}
    assert all(one["requests"] > 0 and one["errors"] == 0 for one in parts["polls"]["samples"])
    (herd,) = parts["herd"]["samples"]
    assert (herd["expected"], herd["trusted_us"]["count"], herd["arrivals"]["lowered"]) == (200, 200, 0)
    assert "The proof knew 200 instances, and all had confirmed." in done.stdout
    assert "### 200 instances at once after kill -9" in done.stdout
    assert not (tmp_path / "page.md").exists()  # a quick run is no measurement


@pytest.mark.parametrize("fault,message", [("deaf", "bench: start: 1 lost or broken"),
                                           ("lower", "bench: start: 1 of a lower version")])
def test_what_must_not_happen_fails_a_run(tools, fault, message):
    done = run(tools, "--only", "start", fault=fault)
    assert done.returncode == 1
    assert message in done.stderr.splitlines(), done.stderr


def test_a_proof_without_instances_is_said_and_no_error(tools):
    done = run(tools, "--only", "halt", fault="silent")
    assert done.returncode == 0, done.stderr
    assert "The proof did not tell of instances." in done.stdout


def test_a_change_to_one_target_wakes_who_waits_for_it(tools, tmp_path, load):
    tmp_path.chmod(0o755)
    setting = peers.Setting(tmp_path, None, DOCUMENT, tools, SERVE.split())
    said = []
    scene = Scene(Plan(rounds=2, instances=60, targets=1000, patience=4), setting, load, said.append)
    with scene.plane() as plane:
        found = crowd.isolation(scene, plane)
    assert (found["targets_waited_for"], found["wrong"]) == (6, [])
    for sample in found["samples"]:
        assert (sample["expected"], sample["visible_us"]["count"], sample["others"]["changed"]) == (10, 10, 0)


def test_an_unknown_part_and_a_server_that_is_not_there_are_said(tools):
    unknown = run(tools, "--only", "stops")
    assert unknown.returncode != 0 and "no part is called stops" in unknown.stderr
    missing = run(tools, "--only", "start", serve="false")
    assert missing.returncode == 1 and "bench: no line from the server" in missing.stderr


def test_numbers_wrap_and_stand_wherever_they_are_wanted(load):
    paths = []

    def note(liar, number, path):
        with liar.lock:
            paths.append(path)
        return answer(b"{}")

    with Liar(note) as peer:
        result = load.run("closed", peer, "/@@@@@@@@/########/########", any_body=True, unique=True, wrap=6, targets=2,
                          connections=1, requests=7)
    assert (result["requests"], result["errors"]) == (7, 0)
    assert paths == [f"/{n % 2:08d}/{n:08d}/{n:08d}" for n in (0, 1, 2, 3, 4, 5, 0)]


def test_an_unchanged_answer_has_no_body_whatever_length_it_tells_of(load):
    with Liar(lambda liar, number, path: answer(b"", "304 Not Modified", length=300)) as peer:
        result = load.run("closed", peer, "/x", any_body=True, status=304, connections=1, requests=10)
    assert (result["requests"], result["errors"]) == (10, 0)


def shot(p99: float, **more) -> dict:
    times = {name: p99 * 1000 for name in ("min", "p50", "p99", "max")}
    return {"visible_us": {"count": 10, **times}, "confirmed_us": {"count": 10, **times}, "answered_us": 1000, "expected": 10,
            "errors": 0, "others": {"changed": 0, "renewed": 0}, "arrivals": ARRIVALS, **more}


def woken(p99: float) -> dict:
    return {"wake_us": {name: p99 * 1000 for name in ("min", "p50", "p99", "max")}}


def test_a_wake_is_compared_with_that_of_its_own_round():
    samples = {"start": [shot(100), shot(200), shot(300), shot(500)], "bare": [woken(100), woken(50)]}
    # 100 / 100, 200 / 100, 300 / 50 and 500 / 50.
    assert delivery_report.beside_bare(samples, "start") == 4


@pytest.mark.parametrize("idle,busy,each", [((5, 40), (5, 40), 0), ((5, 40), (6, 140), 0.001), ((5, 40), (3, 20), 0)],
                         ids=["none", "the database counts more", "less than without"])
def test_statements_are_those_beyond_what_is_always_done(idle, busy, each):
    found = {"idle": {"lent": idle[0], "transactions": idle[1]},
             "busy": {"lent": busy[0], "transactions": busy[1], "polls": 100_000}}
    assert delivery_report.statements_each(found) == each


@pytest.mark.parametrize("many,verdict", [([11, 22], "pass"), ([11.2, 22.2], "MISS")])
def test_the_cost_of_many_targets_is_held_against_that_of_few(many, verdict):
    cost = [{"round": turn, "name": name, "cpu_us": value, "own_cpu_us": value, "per_second": 1}
            for turn in (0, 1) for name, value in (("few", 10 * (turn + 1)), ("ten of many", 10), ("many", many[turn]))]
    counts = {"lent": 0, "transactions": 0, "polls": 1000}
    memory = {"empty": {"VmRSS": 0}, "waiting": {"VmRSS": 150}, "holding": {"VmRSS": 140}}
    part = {"cost": cost, "statements": {"idle": counts, "busy": counts}, "isolation": {"samples": [shot(1)]},
            "waiting": memory}
    found = delivery_report.verdicts({"parts": {"targets": part}, "plan": {"targets": 50_000, "instances": 100}})
    rows = {row["name"]: (row["measured"], row["verdict"]) for row in found}
    assert rows["CPU per poll, 50,000 targets / 10"] == ("1.10" if verdict == "pass" else "1.11", verdict)
    assert rows["Process memory for each waiting instance"] == ("1.50 KiB", "pass")
    assert rows["Database statements per poll"] == ("0.00000", "pass")
    assert rows["Halt: every instance has the new version, p99"] == ("not measured", "not measured")
