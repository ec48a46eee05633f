"""I1, bounded life: nothing is injected that no trusted answer holds, nor later than the plane was well plus a lease."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from checks.history import SECOND, Answer, Injector, Line, Violation, nanoseconds
from checks.truth import Truth, seconds

PROMISE = "I1 bounded life"


@dataclass
class Held:
    """What an injector may go by at one point of its record."""

    version: int | None = None
    faults: dict[str, dict] = field(default_factory=dict)
    # The answers that vouch for the version; none after one that was not sure.
    vouching: list[Answer] = field(default_factory=list)
    # By fault, all answers that ever told of it: the earliest end counts.
    told: dict[str, list[Answer]] = field(default_factory=dict)

    def take(self, answer: Answer) -> None:
        if answer.trouble is not None:
            return
        if answer.is_degraded:
            self.vouching = []
            return
        if self.version is not None and answer.version < self.version:
            return
        if answer.version != self.version:
            if answer.status == 304:
                return
            self.version, self.vouching = answer.version, []
            self.faults = {fault["id"]: fault for fault in answer.faults}
        self.vouching.append(answer)
        for fault in self.faults:
            self.told.setdefault(fault, []).append(answer)

    def objection(self, fault: str, line: Line) -> str | None:
        """Why this fault must not be injected at the moment of that line."""
        if fault not in self.faults:
            return f"{fault} is injected, and what is held (version {self.version}) has no such fault"
        now, found = line.moment, self.faults[fault]
        if not self.vouching:
            return f"{fault} is injected after an answer that was not sure, and none has vouched for it since"
        best = min(self.vouching, key=lambda answer: answer.asked.passed(now) - answer.trust)
        age = best.asked.passed(now)
        if age >= best.trust:
            return (f"{fault} is injected {seconds(age)} after poll {best.line.data['poll']} was asked, and its answer may be "
                    f"trusted for held {seconds(best.held)} + lease {seconds(best.lease)} ({best.line.place})")
        for answer in self.told[fault]:
            left = answer.held + max(0, nanoseconds(found["notAfter"]) - answer.time)
            if answer.asked.passed(now) >= left:
                return (f"{fault} is injected {seconds(answer.asked.passed(now))} after poll {answer.line.data['poll']} was "
                        f"asked, and by its answer ({answer.line.place}) it ended {seconds(left)} after that")
        if all(now.boot - answer.received.boot < nanoseconds(found["notBefore"]) - answer.time for answer in self.vouching):
            return f"{fault} is injected before it began by any answer that vouches for it"
        return None


def trusted(injector: Injector) -> Iterator[Violation]:
    """By what the injector itself was told."""
    held = Held()
    for event in injector.events:
        if isinstance(event, Answer):
            held.take(event)
            continue
        for fault in event.data["injected"]:
            objection = held.objection(fault, event)
            if objection:
                yield Violation(PROMISE, event, objection)


def absolute(injector: Injector, truth: Truth) -> Iterator[Violation]:
    """By what was done to the plane, whatever the injector was told."""
    instance = injector.instance
    for line in injector.events:
        if isinstance(line, Answer) or not line.data["injected"]:
            continue
        now = line.moment.boot
        last = truth.last_reach(instance, now)
        if last is None or now > last + truth.lease + truth.allowance:
            when = "never" if last is None else f"{seconds(now - last)} before"
            yield Violation(PROMISE, line, f"injected, and a healthy node was last in reach {when}; a lease is "
                                           f"{seconds(truth.lease)}")
        for fault in line.data["injected"]:
            text = late(instance, fault, now, truth)
            if text:
                yield Violation(PROMISE, line, text)


def late(instance: str, fault: str, now: int, truth: Truth) -> str | None:
    """Why a fault that has ended must be off by now."""
    over = truth.over.get(fault)
    if over is not None and now > over + truth.allowance:
        return f"{fault} is injected {seconds(now - over)} after the end it was published with"
    breach = truth.breached.get(fault)
    if breach is not None and now > breach.data["boot"] + breach.data["within"] + truth.allowance:
        return (f"{fault} is injected {seconds(now - breach.data['boot'])} after its guard was breached ({breach.place}), and "
                f"{seconds(breach.data['within'])} is the most")
    end = truth.ended.get(fault)
    if end is None:
        return None
    at, why = end.data["boot"], end.data["why"]
    waits = truth.is_waiting(instance, at, at + SECOND)
    bound = SECOND if waits else truth.lease
    if now > at + bound + truth.allowance:
        state = "was waiting" if waits else "was cut off"
        return (f"{fault} is injected {seconds(now - at)} after it was {why} ({end.place}); the injector {state}, so "
                f"{seconds(bound)} is the most")
    return None


def leases(injector: Injector, truth: Truth) -> Iterator[Violation]:
    """No answer hands out trust in a fault for longer than a lease after its node was last well.

    That nothing is on may be trusted for ever: an engaged node needs no database to be sure of it.
    """
    for answer in injector.answers:
        if not answer.says or answer.faults == []:
            continue
        until = answer.asked.boot + answer.trust
        node = truth.node_of(injector.instance, answer)
        nodes = [node] if node else truth.nodes_of(injector.instance)
        lasts = [last for name in nodes if (last := truth.last_health(name, answer.received.boot)) is not None]
        last = max(lasts, default=None)
        if last is None or until > last + truth.lease + truth.allowance:
            when = "never well" if last is None else f"last well {seconds(answer.received.boot - last)} before"
            over = "" if last is None else f"; that is {seconds(until - last - truth.lease)} too far"
            yield Violation(PROMISE, answer.line, (
                f"poll {answer.line.data['poll']} is answered with trust until {seconds(until - answer.received.boot)} from "
                f"its coming (held {seconds(answer.held)} + lease {seconds(answer.lease)} from the asking), and node "
                f"{node or ' or '.join(nodes)} was {when}{over}"))
