"""What a halt answers with is held against what a proof must say, and what it proves is noted for the checker."""

import json
import pathlib
import time

import pytest
from world import SECOND, Options, World

NOW = 1_790_000_000.0
PROOF = {"epoch": 3, "engagementId": "ENG1", "reason": "drill", "engagedAt": NOW, "offBy": None,
         "durable": {"latch": True, "database": False}, "nodes": {"known": 2, "confirmed": 1, "silent": ["b"]},
         "experimentsStopped": [], "instances": {"known": 1, "confirmed": 0, "off": 0, "silent": []}}


@pytest.fixture
def world(tmp_path):
    made = World(Options(pathlib.Path("none"), pathlib.Path("none")), None, tmp_path, 1)
    yield made
    made.close()


def noted(world):
    return [line for line in map(json.loads, world.truth.path.read_text().splitlines()) if line["kind"] == "proven"]


def test_a_proof_that_leaves_something_open_proves_nothing(world):
    assert world.proven(PROOF) == []
    assert noted(world) == []


def test_all_nodes_confirmed_is_proven_now(world):
    assert world.proven({**PROOF, "nodes": {"known": 2, "confirmed": 2, "silent": []}}) == []
    assert [line["epoch"] for line in noted(world)] == [3]


def test_off_by_is_proven_from_then_on(world):
    before = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    assert world.proven({**PROOF, "offBy": time.time() + 15}) == []
    [line] = noted(world)
    assert abs(line["boot"] - before - 15 * SECOND) < SECOND


def test_a_proof_that_is_not_whole_is_complained_of(world):
    [complaint] = world.proven({name: value for name, value in PROOF.items() if name not in ("offBy", "nodes")})
    assert complaint.startswith("the halt's proof has no offBy, nodes: ")


def test_a_halt_that_nothing_durable_records_is_complained_of(world):
    [complaint] = world.proven({**PROOF, "durable": {"latch": False, "database": False}})
    assert complaint.startswith("the halt is acknowledged, and nothing durable records it: ")
