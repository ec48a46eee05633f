"""Healthy sources that are noisy stop nothing: half a minute of what `make soak` does for ten."""

import pytest
from guarded import BUDGET, LEASE, PACE, Sources
from processes import built
from soak import ALL, soaked

RUNS, SECONDS = 5, 30.0


@pytest.fixture(scope="module")
def report(exporter, prometheus, cloudwatch, tmp_path_factory):
    return soaked(Sources(exporter, prometheus, cloudwatch), tmp_path_factory.mktemp("soak"), built(), SECONDS, RUNS, 1)


def test_no_run_is_stopped(report):
    assert report.false_stops == []


def test_each_run_was_read_at_its_pace(report):
    assert report.pace.count >= RUNS * (SECONDS / LEASE * 3 - 1)
    assert max(report.pace.gaps) <= PACE + BUDGET


def test_every_condition_was_read(report):
    assert sum(report.pace.verdicts.values()) == report.pace.count * len(ALL)
    assert set(report.pace.verdicts) <= {"clear", "unread", "breaching"}
    assert report.pace.verdicts["clear"] > 0.9 * sum(report.pace.verdicts.values())
    # It took what the proxies made it take.
    assert max(report.pace.latencies) > 0.3 * BUDGET
