"""Starts beside plain PostgreSQL: each request is another one, and the table says what was measured."""

import argparse
import subprocess
import sys

import pytest
from conftest import REPOSITORY
from harness.database import percentile
from liar import Liar, answer

import starts


def test_every_request_of_a_load_has_a_number_of_its_own(load):
    paths = []

    def note(liar, number, path):
        with liar.lock:
            paths.append(path)
        return answer(b"{}")

    with Liar(note) as peer:
        result = load.run("closed", peer, "/########", any_body=True, unique=True, connections=4, requests=200)
    assert (result["requests"], result["errors"]) == (200, 0)
    assert sorted(paths) == [f"/{number:08d}" for number in range(200)]


@pytest.mark.parametrize("share,wanted", [(0, 1), (0.5, 51), (0.99, 100), (1, 100)])
def test_a_percentile_is_one_of_the_values(share, wanted):
    assert percentile(list(range(100, 0, -1)), share) == wanted


def test_the_table_compares_within_each_round():
    def sample(rate, half, tail):
        return {"per_second": rate, "p50": half, "p99": tail}

    one = {"plain": [sample(1000, 200, 400), sample(500, 400, 800)], "same": [sample(800, 250, 500), sample(400, 500, 900)],
           "start": [sample(400, 500, 900), sample(300, 600, 990)]}
    found = {"version": "15.1", "samples": {1: one, 8: one}, "reads": {"one page of 100": sample(100, 1500, 4200)}}
    shown = starts.tables(found, argparse.Namespace(stored=1000, rounds=2, seconds=3))
    # 500 / 200 and 600 / 400, and the median of these.
    assert "| p50 of a start / of PostgreSQL alone with the small rows, 1 client | at most 2.5 | 2.00 |" in shown
    assert "| p50 of a start / of PostgreSQL alone with the same rows, 1 client |  | 1.60 |" in shown
    assert "| of the rate of PostgreSQL alone with the same rows, 8 clients |  | 0.62 |" in shown
    assert "| starts per second, 8 clients | at least 3,000 | 400 |" in shown
    assert "| p99 of a read among 1,000 experiments, 4 clients | under 5 ms | 4.2 ms |" in shown
    assert "PostgreSQL 15.1, fsync on; 2 interleaved rounds of 3 s" in shown


def test_a_server_that_is_not_there_is_said(tmp_path):
    done = subprocess.run([sys.executable, REPOSITORY / "Benchmarks" / "starts.py", "--quick", "--subject", "false"],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith("bench: no line from the server")
