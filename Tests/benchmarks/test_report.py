"""From samples to verdicts and a page: ratios within a round, honest misses, errors that fail a run."""

import pytest
from harness import report, targets

SETTING = {"machine": {"date": "2026-01-02", "cpu": "a CPU", "cores": 2, "kernel": "6.1", "system": "Debian",
                       "nginx": "1.22.1", "haproxy": None, "load_average": 0.1},
           "plan": {"rounds": 2, "seconds": 1, "connections": 64, "rate": 20_000, "depth": 16, "parked": 1000},
           "pinned": True, "missing": {"nchan": "apt-get install libnginx-mod-nchan"},
           "peers": {"faultplane": "Faultplane", "nginx-file": "nginx file"}}
KINDS = {"status": 0, "framing": 0, "body": 0, "closed": 0, "lost": 0}


def closed(peer: str, turn: int, cpu_us: float, bench: str = "closed", **more) -> dict:
    return {"bench": bench, "peer": peer, "round": turn, "requests": 10, "errors": 0, "error_kinds": KINDS,
            "cpu_us": cpu_us, "core_share": 1.0, "per_second": 1e6 / cpu_us,
            "latency_us": {"p50": cpu_us * 10, "p99": cpu_us * 20}, **more}


def parked(wake_ms: float, kib: int, others_ms: float = 1, **more) -> dict:
    wake = {name: wake_ms * 1000 for name in ("min", "p50", "p99", "max")}
    others = {"p99": others_ms * 1000}
    return {"bench": "park", "peer": "faultplane", "round": 0, "requests": 1000, "connections": 1000, "errors": 0,
            "early": 0, "error_kinds": KINDS, "wake_us": wake, "other_us": others, "quiet_other_us": others,
            "empty": {"pss_kib": 100}, "rounds": [{"pss_kib": 100 + kib}], **more}


def results(samples: list[dict], **more) -> dict:
    found = {**SETTING, "samples": samples, **more}
    return {**found, "targets": targets.verdicts(found)}


def verdict(found: dict, name: str) -> tuple[str, str]:
    row = next(row for row in found["targets"] if row["name"].startswith(name))
    return row["measured"], row["verdict"]


@pytest.mark.parametrize("ours,measured", [([4, 8, 9], ("0.80 (best over best 0.80)", "pass")),
                                           ([9, 9, 9], ("0.90 (best over best 1.80)", "MISS"))], ids=["pass", "miss"])
def test_a_ratio_is_the_median_of_the_rounds_own(ours, measured):
    theirs = [5, 10, 20]
    samples = [closed("faultplane", turn, value) for turn, value in enumerate(ours)]
    samples += [closed("nginx-file", turn, value) for turn, value in enumerate(theirs)]
    assert verdict(results(samples), "CPU per request / nginx static file, as") == measured


@pytest.mark.parametrize("sample,name,measured", [
    (parked(149, 1999), "Process memory", ("2.00 KiB", "pass")),
    (parked(149, 2000), "Process memory", ("2.00 KiB", "MISS")),
    (parked(149, 0), "Waking all, p99", ("149 ms (best 149 ms)", "pass")),
    (parked(150, 0), "Waking all, p99", ("150 ms (best 150 ms)", "MISS")),
    (parked(100, 0, 25), "Others' p99", ("0.250", "pass")),
    (parked(100, 0, 26), "Others' p99", ("0.260", "MISS")),
    (parked(100, 0, error_kinds={**KINDS, "lost": 1}), "Waking all, lost", ("1", "MISS")),
    (closed("faultplane", 0, 2.0, "pipelined"), "Pipelined", ("500,000", "pass")),
    (closed("faultplane", 0, 2.001, "pipelined"), "Pipelined", ("499,750", "MISS")),
    (closed("faultplane", 0, 1, "allocations", per_request=0.001, per_park=1), "Allocations per GET", ("0.001", "pass")),
    (closed("faultplane", 0, 1, "allocations", per_request=0, per_park=1), "Allocations per parked", ("1.000", "MISS")),
], ids=lambda value: value if isinstance(value, str) else "")
def test_each_bound_is_held_against_what_was_measured(sample, name, measured):
    assert verdict(results([sample]), name) == measured


@pytest.mark.parametrize("seconds,static,verdicts", [(1.49, True, ("pass", "pass")), (1.5, False, ("MISS", "MISS"))])
def test_start_and_runtime(seconds, static, verdicts):
    start = {"starts": [{"answered": seconds}], "median": seconds, "static_swift": static, "binary_bytes": 1,
             "libraries": []}
    found = results([], start=start)
    assert (verdict(found, "Start to first")[1], verdict(found, "Swift runtime")[1]) == verdicts


def test_what_was_not_measured_is_no_pass():
    found = results([])
    assert {row["verdict"] for row in found["targets"]} == {"not measured"}
    assert targets.errors(found) == []


def test_wrong_and_lost_answers_fail_a_run_and_slow_ones_do_not():
    wrong = parked(10, 0, errors=2, error_kinds={**KINDS, "lost": 2}, stderr="load: what it saw")
    assert targets.errors(results([parked(9999, 99999)])) == []
    assert targets.errors(results([wrong])) == ["faultplane, park, round 0: 2 lost; load: what it saw"]
    assert targets.errors(results([parked(10, 0, early=1)])) == ["faultplane, park, round 0: answered before the wake"]


def test_the_page_keeps_what_stands_outside_the_markers(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text(f"# Title\n\nMethod.\n\n{report.BEGIN}\nold\n{report.END}\n\nAfter.\n")
    report.write_page(page, "new")
    assert page.read_text() == f"# Title\n\nMethod.\n\n{report.BEGIN}\n\nnew\n\n{report.END}\n\nAfter.\n"
    page.write_text("no markers")
    with pytest.raises(ValueError, match="has no"):
        report.write_page(page, "new")


def test_the_tables_say_who_was_measured_and_what_was_left_out():
    text = report.tables(results([closed("faultplane", 0, 4), closed("nginx-file", 0, 5), parked(10, 50)]))
    assert "Left out: apt-get install libnginx-mod-nchan." in text
    assert "| nginx file | 200,000 | 5.00 | 5.00 | 0.80 |" in text
    assert "| Faultplane | 0.05 | 10.0 | 10.0 | 10.0 | 10.0 | 0 | 1.0 | 1.0 |" in text
