"""The measurements: each is one run of the load against one peer, with the CPU time the peer spent on it."""

import json
from dataclasses import dataclass

from .load import Load, ask, request_bytes
from .peers import Peer

DOCUMENT = "/bench/document"
PARK = "/bench/park?wait=50"
DOCUMENT_SIZE = 300
PARK_ROUNDS = 3


class WrongAnswer(Exception):
    """A peer does not answer what all must answer."""


@dataclass
class Plan:
    """How much of everything."""

    rounds: int
    seconds: float
    connections: int = 64
    rate: int = 20_000
    depth: int = 16
    parked: int = 10_000
    wakes: int = 3
    other_rate: int = 1_000
    allocation_requests: int = 100_000


def verify(peer: Peer, document: bytes) -> None:
    """Every peer must answer the same bytes, or the comparison is none."""
    status, body = ask(peer, "GET", DOCUMENT)
    if status != 200 or body != document:
        raise WrongAnswer(f"{peer.name} answers {status} with {body[:400]!r}, wanted 200 with {document!r}")


def subject_document(peer: Peer) -> bytes:
    """What the server under test answers; the others are configured with it."""
    status, body = ask(peer, "GET", DOCUMENT)
    if status != 200 or len(body) != DOCUMENT_SIZE:
        raise WrongAnswer(f"{peer.name} answers {status} with {len(body)} bytes, wanted 200 with {DOCUMENT_SIZE}")
    if b"'" in body or b"$" in body:
        raise WrongAnswer(f"{peer.name}'s document holds a quote or a dollar, which nginx cannot answer inline")
    json.loads(body)
    return body


class Bench:
    """Takes samples; every sample is a plain dictionary for the raw results."""

    def __init__(self, load: Load, plan: Plan):
        self.load, self.plan = load, plan

    def sample(self, bench: str, peer: Peer) -> dict:
        before = peer.server.cpu_ns()
        result = getattr(self, bench)(peer)
        spent = peer.server.cpu_ns() - before
        if bench in ("closed", "pipelined", "paced") and result["requests"] > 0:
            result["cpu_us"] = spent / 1000 / result["requests"]
            result["core_share"] = spent / 1e9 / result["seconds"]
        return result

    def closed(self, peer: Peer) -> dict:
        return self.load.run("closed", peer, DOCUMENT, connections=self.plan.connections, seconds=self.plan.seconds)

    def pipelined(self, peer: Peer) -> dict:
        return self.load.run("closed", peer, DOCUMENT, connections=self.plan.connections, seconds=self.plan.seconds,
                             depth=self.plan.depth)

    def paced(self, peer: Peer) -> dict:
        return self.load.run("paced", peer, DOCUMENT, connections=self.plan.connections, seconds=self.plan.seconds,
                             rate=self.plan.rate)

    def park(self, peer: Peer) -> dict:
        return self.load.run("park", peer, PARK, connections=self.plan.parked, rounds=self.plan.wakes,
                             other_request=request_bytes(peer, "GET", DOCUMENT), other_rate=self.plan.other_rate,
                             pid=peer.server.pids(), **self._park_requests(peer))

    def _park_requests(self, peer: Peer) -> dict:
        return {"count_request": request_bytes(peer, "GET", "/bench/parked"), "count_key": peer.count_key,
                "trigger_request": request_bytes(peer, "POST", "/bench/wake", peer.wake_body)}

    def allocations(self, peer: Peer) -> dict:
        """Allocations per request by the server's own counter, for answered at once and for parked and woken."""
        self.closed(peer)  # everything that is made once has been made
        result, got = self._counted(peer, DOCUMENT)
        result["per_request"] = got / result["requests"]
        result["per_park"] = self._per_park(peer)
        return result

    def _counter(self, peer: Peer) -> tuple[int, int]:
        status, body = ask(peer, "GET", "/bench/allocations")
        if status != 200:
            raise WrongAnswer(f"{peer.name} answers {status} on /bench/allocations")
        values = json.loads(body)
        return values["allocations"], values["requests"]

    def _counted(self, peer: Peer, path: str, **options: object) -> tuple[dict, int]:
        """A closed run, and the allocations made by it: what reading the counter costs is taken off."""
        first, second = self._counter(peer), self._counter(peer)
        result = self.load.run("closed", peer, path, connections=self.plan.connections,
                               requests=self.plan.allocation_requests, seconds=60, **options)
        third = self._counter(peer)
        reading = (second[0] - first[0], second[1] - first[1])
        requests = third[1] - second[1] - reading[1]
        if requests != result["requests"]:
            raise WrongAnswer(f"{peer.name} counted {requests} requests, {result['requests']} were answered")
        return result, max(0, third[0] - second[0] - reading[0])

    def _per_park(self, peer: Peer) -> float:
        """Two runs that differ only in how often all are parked and woken; the requests for the count are taken off."""
        counting, spent = self._counted(peer, "/bench/parked", any_body=True)
        per_count = spent / counting["requests"]
        few, many = self._parked(peer, 1), self._parked(peer, 1 + PARK_ROUNDS)
        parks = PARK_ROUNDS * self.plan.parked
        others = many[1] - few[1] - parks
        return max(0.0, (many[0] - few[0] - others * per_count) / parks)

    def _parked(self, peer: Peer, rounds: int) -> tuple[int, int]:
        before = self._counter(peer)
        result = self.load.run("park", peer, PARK, connections=self.plan.parked, rounds=rounds,
                               **self._park_requests(peer))
        if result["errors"] > 0:
            raise WrongAnswer(f"{peer.name}: {result['errors']} of the parked were not answered rightly")
        after = self._counter(peer)
        return after[0] - before[0], after[1] - before[1]
