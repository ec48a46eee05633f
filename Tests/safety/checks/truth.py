"""What the harness did to the plane, and when: the other half of a run's record.

Every line has `kind` and `boot`, nanoseconds of CLOCK_BOOTTIME; a line says what holds from then on:

  setup      lease, allowance: in nanoseconds; the allowance is what the harness's own readings may be wrong by
  asks       instance, nodes: which nodes its polls can reach; of one node the answers are known to be its own
  relayed    instance, node: a load balancer passed on bytes of an answer of that node
  healthy    node: it and its database are well
  unhealthy  node, why: from now on at the latest it or its database is not
  cut        instance, node: what passes between them is lost; node null means all of them
  joined     instance, node: it is not any more
  paused, resumed    instance: the injector's process stands still
  published  fault, target: it may be injected from here on
  ended      fault, why: acknowledged, or past its end; the moment is no earlier than the true one
  over       fault: the end it was published with, on the boot clock
  breached   fault, within: what guards it says from now on that it must end, or cannot be read, and by when it must have
  halted     node, epoch: this node has acknowledged a halt
  proven     epoch: from now on all nodes are off, since all confirmed or `offBy` has passed
  disengaged the request to disengage is about to be sent
  restarted  node: a new process of it
  moved      what, hours: a clock was moved; for whoever reads the record
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path

from checks.history import SECOND, Answer, Line, read_lines


@dataclass
class Spans:
    """When something held: pairs of a beginning and an end, the last end open."""

    spans: list[list[int | None]] = field(default_factory=list)

    def begin(self, at: int) -> None:
        if not self.spans or self.spans[-1][1] is not None:
            self.spans.append([at, None])

    def end(self, at: int) -> None:
        if self.spans and self.spans[-1][1] is None:
            self.spans[-1][1] = at

    def last(self, at: int) -> int | None:
        """The last moment, no later than `at`, at which it held."""
        found = None
        for begin, end in self.spans:
            if begin <= at:
                found = at if end is None else min(at, end)
        return found

    def throughout(self, begin: int, end: int) -> bool:
        return any(first <= begin and (last is None or last >= end) for first, last in self.spans)

    def touches(self, begin: int, end: int) -> bool:
        return any(first <= end and (last is None or last >= begin) for first, last in self.spans)


class Truth:
    """The harness's record, asked by moment."""

    def __init__(self, lines: list[Line]):
        setup = next((line.data for line in lines if line.kind == "setup"), None)
        if setup is None:
            raise ValueError("truth.jsonl has no setup line, so there is no lease to check against")
        self.lease: int = setup["lease"]
        self.allowance: int = setup["allowance"]
        self.nodes: dict[str, Spans] = {}
        self.cuts: dict[tuple[str, str | None], Spans] = {}
        self.pauses: dict[str, Spans] = {}
        self.asks: dict[str, list[str]] = {}
        self.relays: dict[str, list[tuple[int, str]]] = {}
        self.published: dict[str, Line] = {}
        self.ended: dict[str, Line] = {}
        self.over: dict[str, int] = {}
        self.breached: dict[str, Line] = {}
        self.halts: list[Line] = []
        self.disengaged: list[int] = []
        self.restarts: dict[str, list[int]] = {}
        for line in lines:
            take = getattr(self, "_" + line.kind, None)
            if take is None:
                raise ValueError(f"{line.place}: {line.kind!r} is no kind of event that the checker knows")
            take(line, line.data, line.data["boot"])

    @classmethod
    def read(cls, path: Path, notes: list[str]) -> "Truth":
        return cls(sorted(read_lines(path, notes), key=lambda line: line.data["boot"]))

    def _setup(self, line, data, at): pass

    def _moved(self, line, data, at): pass

    def _asks(self, line, data, at): self.asks[data["instance"]] = data["nodes"]

    def _relayed(self, line, data, at): self.relays.setdefault(data["instance"], []).append((at, data["node"]))

    def _healthy(self, line, data, at): self.nodes.setdefault(data["node"], Spans()).begin(at)

    def _unhealthy(self, line, data, at): self.nodes.setdefault(data["node"], Spans()).end(at)

    def _cut(self, line, data, at): self.cuts.setdefault((data["instance"], data["node"]), Spans()).begin(at)

    def _joined(self, line, data, at): self.cuts.setdefault((data["instance"], data["node"]), Spans()).end(at)

    def _paused(self, line, data, at): self.pauses.setdefault(data["instance"], Spans()).begin(at)

    def _resumed(self, line, data, at): self.pauses.setdefault(data["instance"], Spans()).end(at)

    def _published(self, line, data, at): self.published[data["fault"]] = line

    def _over(self, line, data, at): self.over[data["fault"]] = at

    def _breached(self, line, data, at): self.breached.setdefault(data["fault"], line)

    def _ended(self, line, data, at): self.ended.setdefault(data["fault"], line)

    def _halted(self, line, data, at): self.halts.append(line)

    def _proven(self, line, data, at): self.halts.append(line)

    def _disengaged(self, line, data, at): self.disengaged.append(at)

    def _restarted(self, line, data, at): self.restarts.setdefault(data["node"], []).append(at)

    def nodes_of(self, instance: str) -> list[str]:
        return self.asks.get(instance) or list(self.nodes)

    def node_of(self, instance: str, answer: Answer) -> str | None:
        """Which node gave an answer; None where it may have been any of several."""
        possible = self.nodes_of(instance)
        if len(possible) == 1:
            return possible[0]
        relays = self.relays.get(instance, [])
        last = bisect_right(relays, (answer.received.boot, "\uffff")) - 1
        if last >= 0 and relays[last][0] >= answer.asked.boot:
            return relays[last][1]
        return None

    def _cut_spans(self, instance: str, node: str) -> list[Spans]:
        return [spans for key in ((instance, node), (instance, None)) if (spans := self.cuts.get(key))]

    def last_health(self, node: str, at: int) -> int | None:
        """The last moment up to `at` at which the node and its database were both well."""
        return self.nodes[node].last(at) if node in self.nodes else None

    def last_reach(self, instance: str, at: int) -> int | None:
        """The last moment up to `at` at which a healthy node could have answered this instance."""
        found = []
        for node in self.nodes_of(instance):
            last = self.last_health(node, at)
            # A cut that began before then moves the moment back to where it began.
            for spans in self._cut_spans(instance, node):
                for begin, end in reversed(spans.spans):
                    if last is not None and begin <= last and (end is None or end > last):
                        last = self.last_health(node, begin)
            if last is not None:
                found.append(last)
        return max(found, default=None)

    def is_waiting(self, instance: str, begin: int, end: int) -> bool:
        """Whether every node it may ask was well and in reach all the while, and it ran itself."""
        nodes = self.nodes_of(instance)
        if instance in self.pauses and self.pauses[instance].touches(begin, end):
            return False
        return all(
            node in self.nodes and self.nodes[node].throughout(begin, end)
            and not any(spans.touches(begin, end) for spans in self._cut_spans(instance, node)) for node in nodes)

    def disengaged_after(self, at: int) -> int:
        return min((moment for moment in self.disengaged if moment > at), default=1 << 63)


def seconds(duration: int) -> str:
    return f"{duration / SECOND:.3f} s"
