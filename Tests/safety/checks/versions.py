"""I3, no resurrection, and I4, monotonic: what ended is never told again, and versions never fall nor change their bytes."""

from collections.abc import Iterator

from checks.history import SECOND, Answer, Injector, Violation
from checks.truth import Truth, seconds

NOTHING_BACK = "I3 no resurrection"
MONOTONIC = "I4 monotonic"


def resurrected(injectors: list[Injector], truth: Truth) -> Iterator[Violation]:
    told = _versions(injectors)
    for injector in injectors:
        for answer in injector.answers:
            if not answer.says:
                continue
            for fault in answer.on():
                text = _objection(injector, answer, fault["id"], told, truth)
                if text:
                    yield Violation(NOTHING_BACK, answer.line, text)


def _versions(injectors: list[Injector]) -> dict[tuple[str, int], set[str]]:
    """By target and version, the faults that anybody was told of with it."""
    return {(injector.target, answer.version): {fault["id"] for fault in answer.faults}
            for injector in injectors for answer in injector.answers if answer.says and answer.faults is not None}


def _objection(injector: Injector, answer: Answer, fault: str, told: dict, truth: Truth) -> str | None:
    end = truth.ended.get(fault)
    if end is None or answer.asked.boot <= end.data["boot"]:
        return None
    at, why = end.data["boot"], end.data["why"]
    after = answer.asked.boot - at
    had = [version for (target, version), faults in told.items() if target == injector.target and fault in faults]
    named = answer.named
    if named is not None and named > answer.version:
        return f"{fault}, {why} at {end.place}, is told with version {answer.version} to an instance that named {named}"
    without = told.get((injector.target, named))
    if without is not None and fault not in without and any(version < named for version in had):
        return (f"{fault}, {why} at {end.place}, is told again {seconds(after)} later, to an instance that named "
                f"version {named}, which came after it")
    limit = _limit(injector.instance, answer, at, truth)
    if answer.asked.boot > limit + truth.allowance:
        return (f"{fault} is told to a request of {seconds(after)} after it was {why} ({end.place}); {seconds(limit - at)} is "
                f"the most")
    return None


def _limit(instance: str, answer: Answer, ended: int, truth: Truth) -> int:
    """Until when a request may still be told: a second, or on a node that was cut off then, a lease from when it was well."""
    node = truth.node_of(instance, answer)
    limit = ended + SECOND
    for name in [node] if node else truth.nodes_of(instance):
        last = truth.last_health(name, answer.asked.boot)
        if last is not None and last < limit:
            limit = max(limit, last + truth.lease)
    return limit


def falling(injectors: list[Injector]) -> Iterator[Violation]:
    """Per target and instance the version told never falls, also over a restart of the instance under its name."""
    highest: dict[tuple[str, str], Answer] = {}
    for injector in sorted(injectors, key=lambda one: one.lines[0].data["boot"] if one.lines else 0):
        key = (injector.target, injector.instance)
        for answer in injector.answers:
            if not answer.says:
                continue
            before = highest.get(key)
            if before is not None and answer.version < before.version:
                yield Violation(MONOTONIC, answer.line, (
                    f"{injector.instance} is told version {answer.version}, after {before.version} ({before.line.place})"))
            elif answer.named is not None and answer.version < answer.named:
                yield Violation(MONOTONIC, answer.line, f"version {answer.version} answers a poll that named {answer.named}")
            if before is None or answer.version > before.version:
                highest[key] = answer


def changing(injectors: list[Injector]) -> Iterator[Violation]:
    """Equal version means equal bytes, whoever is told, by whichever node."""
    first: dict[tuple[str, int], Answer] = {}
    for injector in injectors:
        for answer in injector.answers:
            if not answer.says or answer.status != 200:
                continue
            before = first.setdefault((injector.target, answer.version), answer)
            if before.raw != answer.raw:
                yield Violation(MONOTONIC, answer.line, (
                    f"version {answer.version} has other bytes than at {before.line.place}: {answer.raw[:200]!r} and "
                    f"{before.raw[:200]!r}"))
