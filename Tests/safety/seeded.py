#!/usr/bin/env python3
"""Shows that the checker would notice: the plane runs with one bug put in on purpose, and each must be caught.

The programs are built by `swift build -Xswiftc -DSEEDED_BUGS --scratch-path .build/seeded`. Exit 1 if a bug was not caught.
"""

import argparse
import pathlib
import sys

from processes import REPOSITORY
from scenario import SCENARIOS
from table import JOBS, QUICK_LEASE, QUICK_PAUSE, run_all
from world import Options

# By bug, the scenario that brings it out, and the promises of which it must be caught breaking one.
BUGS = {
    "skipEpochCheck": ("halt, database killed", ("I2", "I4")),
    "answerStaleVersion": ("a node cut from the database, run stopped on another", ("I3", "I4")),
    "forgetHeldTime": ("database kill -9", ("I1",)),
    "serveAfterTrust": ("database paused (SIGSTOP)", ("I1",)),
    "ignoreGuards": ("guard breached, and nobody can look", ("I1",)),
}


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=2, help="runs of each, by seeds 1 to N; one that is caught is enough")
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--binary", type=pathlib.Path,
                        default=REPOSITORY / ".build" / "seeded" / "debug" / "faultplane")
    parser.add_argument("--injector", type=pathlib.Path, help="default: faultplane-injector beside the binary")
    parser.add_argument("--bug", choices=BUGS, action="append", help="only this one")
    options = parser.parse_args(given)
    options.injector = options.injector or options.binary.with_name("faultplane-injector")
    return options


def caught(bug: str, options: argparse.Namespace) -> list[str]:
    """What the checker says of runs with that bug, as far as the bug explains it."""
    scenario, promises = BUGS[bug]
    seeded = {"FAULTPLANE_SEEDED_BUG": bug}
    results = run_all([SCENARIOS[scenario]], list(range(1, options.seeds + 1)),
                      Options(options.binary, options.injector, QUICK_LEASE, QUICK_PAUSE, seeded, seeded), options.jobs,
                      None, lambda text: None)
    for result in results:
        if result.trouble:
            print(f"{bug}: seed {result.seed} came to nothing: {result.trouble}")
    return [violation for result in results for violation in result.violations if violation.startswith(promises)]


def main(given: list[str]) -> int:
    options = arguments(given)
    for program in (options.binary, options.injector):
        if not program.is_file():
            print(f"seeded: there is no {program}: run `swift build -Xswiftc -DSEEDED_BUGS --scratch-path .build/seeded`",
                  file=sys.stderr)
            return 2
    missed = []
    for bug in options.bug or BUGS:
        found = caught(bug, options)
        print(f"{bug}: {len(found)} violations in '{BUGS[bug][0]}'" + (f", the first: {found[0]}" if found else ""), flush=True)
        if not found:
            missed.append(bug)
    if missed:
        print(f"not caught: {', '.join(missed)} (or the programs were built without SEEDED_BUGS)", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
