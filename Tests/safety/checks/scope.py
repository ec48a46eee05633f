"""I7, scope: an injector is told only of its own target, and chooses, spaces and counts invocations as the fault says."""

import hashlib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from checks.history import Answer, Injector, Line, Violation
from checks.truth import Truth

PROMISE = "I7 scope"


def told(injector: Injector, truth: Truth) -> Iterator[Violation]:
    for answer in injector.answers:
        if answer.trouble is not None or answer.status != 200:
            continue
        if answer.target != injector.target:
            yield Violation(PROMISE, answer.line, f"an injector of {injector.target} is told of target {answer.target}")
        for fault in answer.faults:
            text = _foreign(fault["id"], injector.target, truth)
            if text:
                yield Violation(PROMISE, answer.line, f"told: {text}")


def _foreign(fault: str, target: str, truth: Truth) -> str | None:
    """Why a fault is none of this target's, by what the harness started; it need not have noted what it started."""
    published = truth.published.get(fault)
    if published is None:
        return f"{fault} was never started" if truth.published else None
    if published.data["target"] != target:
        return f"{fault} is for {published.data['target']} ({published.place}), and this injector is of {target}"
    return None


def is_chosen(salt: str, request: str, percentage: str) -> bool:
    """The formula of docs/injecting.md, in exact numbers."""
    number = int.from_bytes(hashlib.sha256(f"{salt}:{request}".encode()).digest()[:4], "big")
    return number * 100 < Decimal(percentage) * 2**32


class Counts:
    """How often a fault's turn has come in one instance."""

    def __init__(self) -> None:
        self.injected = 0
        self.since: int | None = None


def injected(injector: Injector, truth: Truth) -> Iterator[Violation]:
    faults: dict[str, dict] = {}
    counts: dict[str, Counts] = {}
    for event in injector.events:
        if isinstance(event, Answer):
            if event.says:
                faults.update({fault["id"]: fault for fault in event.faults or []})
            continue
        for count in counts.values():
            if count.since is not None:
                count.since += 1
        for name in event.data["injected"]:
            for text in _objections(event, name, faults, counts.setdefault(name, Counts()), injector, truth):
                yield Violation(PROMISE, event, text)


def _objections(line: Line, name: str, faults: dict, count: Counts, injector: Injector, truth: Truth) -> Iterator[str]:
    foreign = _foreign(name, injector.target, truth)
    if foreign:
        yield f"injected: {foreign}"
    count.injected, gap, count.since = count.injected + 1, count.since, 0
    if name not in faults:
        yield f"{name} is injected, and no answer ever told of it"
        return
    fault, request = faults[name], line.data["request"]
    given = fault["parameters"]
    try:
        share, most, nth = given.get("invocationPercentage", "100"), given.get("maxInvocations"), given.get("everyNth", "1")
        if not is_chosen(fault["salt"], request, share):
            yield f"{name} is injected into {request}, which salt {fault['salt']} and {share} % do not choose"
        if most is not None and count.injected > int(most):
            yield f"{name} is injected the {count.injected}th time, and maxInvocations is {most}"
        if gap is not None and gap < int(nth):
            yield f"{name} is injected {gap} invocations after the one before, and everyNth is {nth}"
    except (ValueError, InvalidOperation) as error:
        yield f"{name} is injected, and its parameters cannot be understood: {given} ({error})"
