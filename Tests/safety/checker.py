#!/usr/bin/env python3
"""Checks what injectors recorded against the promises I1 to I4 and I7, by what was really done to the plane meanwhile.

usage: checker.py RUN_DIR       (reads injector-*.jsonl and truth.jsonl in it; exit 1 if a promise was broken)

It shares no code with the server, the injector or the harness that runs them: what it knows, it knows from docs/injecting.md.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from checks import bounded, halts, scope, versions  # noqa: E402
from checks.history import Answer, Injector, Violation, read_injector  # noqa: E402
from checks.truth import Truth  # noqa: E402


def violations(injectors: list[Injector], truth: Truth) -> Iterator[Violation]:
    for injector in injectors:
        yield from bounded.trusted(injector)
        yield from bounded.absolute(injector, truth)
        yield from bounded.leases(injector, truth)
        yield from halts.halted(injector, truth)
        yield from scope.told(injector, truth)
        yield from scope.injected(injector, truth)
    yield from halts.epochs(injectors, truth)
    yield from versions.resurrected(injectors, truth)
    yield from versions.falling(injectors)
    yield from versions.changing(injectors)


def load(folder: Path) -> tuple[list[Injector], Truth, list[str]]:
    """Everything of one run; raises ValueError where it cannot be read, and FileNotFoundError where it is not there."""
    files = sorted(folder.glob("injector-*.jsonl"))
    if not files:
        raise FileNotFoundError(f"{folder} has no injector-*.jsonl")
    injectors = [read_injector(path) for path in files]
    notes = [note for injector in injectors for note in injector.notes]
    return injectors, Truth.read(folder / "truth.jsonl", notes), notes


def summary(injectors: list[Injector]) -> str:
    answers = sum(len(injector.answers) for injector in injectors)
    events = [event for injector in injectors for event in injector.events if not isinstance(event, Answer)]
    injections = sum(1 for event in events if event.data["injected"])
    return f"{len(injectors)} injectors, {answers} answers, {len(events)} invocations, {injections} of them injected"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        injectors, truth, notes = load(Path(arguments[0]))
    except (OSError, ValueError, KeyError) as error:
        print(f"checker: the record cannot be read: {error}", file=sys.stderr)
        return 2
    for note in notes:
        print(f"note: {note}")
    found = list(violations(injectors, truth))
    for violation in found:
        print(violation)
    print(f"{summary(injectors)}: {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
