"""The measurement of guards counts what there is: pauses at both ends of the time too, and what was not clear."""

import pytest
from harness import guards, guards_report

SINCE, UNTIL = 1000.0, 1012.0


def evaluation(at, verdict="clear"):
    return {"guard": "stop-conditions", "round": 1, "at": at, "readings": [
        {"condition": f"stopConditions[{number}]", "verdict": verdict if source == "http" else "clear", "reading": "x",
         "latencySeconds": number / 1000} for number, source in enumerate(guards.SOURCES)]}


class Pages:
    """A plane that has kept these evaluations, two to a page, the newest first."""

    def __init__(self, kept):
        self.kept = sorted(kept, key=lambda one: -one["at"])
        self.asked = []

    def call(self, method, path):
        self.asked.append(path)
        start = int(path.partition("nextToken=")[2] or 0)
        page = {"guards": [], "evaluations": self.kept[start:start + 2]}
        return page | ({"nextToken": str(start + 2)} if start + 2 < len(self.kept) else {})


def read(*evaluations):
    return guards._read(Pages(evaluations), ["EXPone"], SINCE, UNTIL)


def test_pauses_are_counted_from_one_end_of_the_time_to_the_other():
    found = read(*(evaluation(at) for at in (997.0, 1001.0, 1004.0, 1007.0, 1013.0)))
    assert found["evaluations"] == 3
    assert found["pauses"] == {"p50": 3.0, "p99": 5.0, "max": 5.0}


def test_no_more_pages_are_read_than_are_asked_about():
    pages = Pages([evaluation(float(at)) for at in range(900, 1012, 3)])
    guards._evaluations(pages, "EXPone", SINCE, UNTIL)
    assert len(pages.asked) == 3


def test_latencies_and_verdicts_are_each_sources_own():
    found = read(evaluation(1003.0), evaluation(1006.0, "unread"), evaluation(1009.0))
    assert found["verdicts"]["http"] == {"clear": 2, "unread": 1}
    assert found["verdicts"]["alarm"] == {"clear": 3}
    assert found["latencies"]["telemetry"] == {"p50": 0.004, "p99": 0.004}


@pytest.mark.parametrize("longest, verdict", [(4.9, "pass"), (5.1, "MISS")])
def test_the_report_shows_a_pause_that_was_too_long(longest, verdict):
    part = read(evaluation(1003.0), evaluation(1006.0), evaluation(1009.0))
    spent = {"server": 0.2, "database": 0.1, "Prometheus": 0.05}
    part |= {"runs": 1, "seconds": 12.0, "guarded": spent, "unguarded": spent, "transactions": 3.0, "wrong": []}
    part["pauses"]["max"] = longest
    machine = {"date": "2026-11-22", "cpu": "x", "cores": 2, "kernel": "6", "system": "Debian", "load_average": 0.1}
    results = {"parts": {"guards": part}, "machine": machine, "pinned": True}
    results["targets"] = guards_report.verdicts(results)
    assert results["targets"][0]["verdict"] == verdict
    text = guards_report.tables(results)
    assert f"| longest pause between two evaluations of any run | at most 5 s | {longest:.2f} s | {verdict} |" in text
    assert "| telemetry | 4.0 | 4.0 | 3 |" in text
