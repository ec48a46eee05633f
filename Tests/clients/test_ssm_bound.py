"""Whoever reads a parameter has an answer within 200 ms while the database hangs; past the lease it says that nothing is on."""

import itertools
import json
import os
import pathlib
import signal
import time

import pytest
from plane import Plane
from ssm import OFF, by_path, client, own_name
from team import Team, action, functions, quoted, until

BOUND = 0.2
LEASE = 3
NAMES = {**{own_name(dialect): dialect for dialect in OFF}, "/shop/faults": "chaos_lambda"}
IDLE = own_name("chaos_lambda", "idle")


def stopped(process: int) -> bool:
    """Whether a process stands still: only then does it start no more others."""
    return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "T"


class Postgres:
    """The PostgreSQL that a server runs for itself."""

    def __init__(self, plane):
        location = pathlib.Path((plane.folder / "cluster.location").read_text().strip())
        self.postmaster = int((location / "cluster" / "postmaster.pid").read_text().split("\n")[0])
        self.frozen: list[int] = []

    def freeze(self):
        """All its processes, the one first that would start others."""
        os.kill(self.postmaster, signal.SIGSTOP)
        self.frozen = [self.postmaster]
        until(lambda: stopped(self.postmaster), bool)
        children = pathlib.Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text()
        for process in map(int, children.split()):
            os.kill(process, signal.SIGSTOP)
            self.frozen.append(process)
        assert len(self.frozen) > 1

    def thaw(self):
        for process in self.frozen:
            os.kill(process, signal.SIGCONT)
        self.frozen = []


class Reading:
    """Reads all the names in turn, as unlike each other as may be, and counts the answers."""

    def __init__(self, plane, team):
        self.plane = plane
        key = team.new_key("agent", targetPattern="*")
        self.path = by_path(plane, key).removeprefix(plane.url)
        self.ssm = client(by_path(plane, key))
        self.ways = itertools.cycle(itertools.product([self._one, self._several, self._by_boto3], [*NAMES, IDLE]))
        self.count = 0
        self.slowest = 0.0

    def _asked(self, operation, content, path=None):
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"AmazonSSM.{operation}"}
        answer = self.plane.ask("POST", path or self.path, headers, json.dumps(content).encode())
        assert answer.status == 200, answer.body
        return answer.json

    def _one(self, name):
        return self._asked("GetParameter", {"Name": name})["Parameter"]["Value"]

    def _several(self, name):
        return self._asked("GetParameters", {"Names": [name]})["Parameters"][0]["Value"]

    def _by_boto3(self, name):
        return self.ssm.get_parameter(Name=name)["Parameter"]["Value"]

    def counted(self, read, *arguments):
        began = time.monotonic()
        found = read(*arguments)
        self.count += 1
        self.slowest = max(self.slowest, time.monotonic() - began)
        return found

    def seconds(self):
        """How long the server took for each answer, as it says itself: what this process waits for is no matter of the server's."""
        lines = [json.loads(line) for line in self.plane.log.read_text().splitlines()]
        reads = [line for line in lines if line["msg"] == "request" and line["http.route"].startswith("ReadParameters")]
        return [line["http.duration_ms"] / 1000 for line in reads]

    def next(self):
        """The next name, and what its reader is told."""
        way, name = next(self.ways)
        return name, json.loads(self.counted(way, name))

    def round(self):
        """What the reader of each name is told."""
        return {name: json.loads(self.counted(self._one, name)) for name in [*NAMES, IDLE]}

    def stranger_is_told(self):
        return json.loads(self.counted(self._asked, "GetParameter", {"Name": IDLE}, "/t/nobody")["Parameter"]["Value"])

    def missing(self):
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AmazonSSM.GetParameter"}
        return self.counted(self.plane.ask, "POST", self.path, headers, b'{"Name":"/nobody"}').failure[:2]


def says_off(dialect, told):
    """Whether somebody is told that nothing is on, with or without a reason."""
    return {name: value for name, value in told.items() if name != "faultplane"} == OFF[dialect]


def dialect(name):
    return NAMES.get(name, "chaos_lambda")


@pytest.fixture
def plane(tmp_path):
    running = Plane(tmp_path, "--lease", str(LEASE))
    yield running
    assert running.stop() == 0, running.log.read_text()


@pytest.fixture
def team(plane):
    made = Team(plane)
    answer = made.ask("PUT", f"/v1/bindings/{quoted('/shop/faults')}", {"target": "checkout", "dialect": "chaos_lambda"})
    assert answer.status == 200, answer.body
    fails = action("invocation-error", "PT1H", (), "Named", preventExecution="true")
    made.start(made.template({"Fail": fails}, {"Named": functions(made.register("checkout"))}))
    return made


@pytest.fixture
def postgres(plane, team):
    found = Postgres(plane)
    yield found
    found.thaw()


def test_every_read_is_answered_in_time_while_the_database_hangs(plane, team, postgres):
    reading = Reading(plane, team)
    on = until(reading.round, lambda round: not any(says_off(dialect(name), round[name]) for name in NAMES))
    assert on[IDLE] == OFF["chaos_lambda"]
    begun, before = time.monotonic(), reading.count
    postgres.freeze()

    # Each name is told its fault until the node is not sure any more, and never again while the database hangs.
    is_off: set[str] = set()

    def all_off():
        name, told = reading.next()
        if says_off(dialect(name), told):
            is_off.add(name)
        else:
            assert name not in is_off and told == on[name]
        return is_off == {*NAMES, IDLE} and time.monotonic() > begun + LEASE

    until(all_off, bool, LEASE + 5, every=0.005)
    for name, told in reading.round().items():
        why = told.pop("faultplane")
        assert (told, why.startswith("Nothing is told, since this node is not sure: ")) == (OFF[dialect(name)], True), (name, why)
    for _ in range(200):
        name, told = reading.next()
        assert says_off(dialect(name), told)
        assert says_off("chaos_lambda", reading.stranger_is_told())
        assert reading.missing() == (400, "ParameterNotFound")
    assert reading.count - before > 600
    seconds = until(reading.seconds, lambda seconds: len(seconds) >= reading.count)
    assert max(seconds) < BOUND
    # What the server cannot see of its own: a loop that takes up nothing. With room for a machine that has much else to do.
    assert reading.slowest < 10 * BOUND

    postgres.thaw()
    assert until(reading.round, lambda round: round == on) == on
