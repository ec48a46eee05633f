#!/usr/bin/env python3
"""Measures one node that guards many runs, each by a condition of every source: Prometheus, CloudWatch, HTTP, alarms, telemetry."""

import argparse
import sys
from pathlib import Path

from harness import build, guards, guards_report, session
from harness.delivery import Plan

BEGIN, END = "<!-- guards:begin -->", "<!-- guards:end -->"
RESULTS = build.BENCHMARKS / "results" / "guards.json"


def arguments() -> argparse.Namespace:
    parser = session.parser(__doc__, Plan(targets=500, rounds=1, seconds=60), RESULTS)
    parser.add_argument("--python", type=Path, default=build.TOOLS / "venv" / "bin" / "python", help="that has moto")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    if not options.python.exists():
        raise SystemExit("--python: there is none; `scripts/bootstrap.sh bench` makes it")
    plan = Plan(rounds=1, seconds=8, targets=20) if options.quick else Plan(1, options.seconds, targets=options.targets,
                                                                              loops=options.loops)
    results = session.results_of(options, plan, lambda scene: {"guards": guards.measured(scene, options.python)})
    if results is None:
        return 1
    results["targets"] = guards_report.verdicts(results)
    whole = not options.quick
    return session.ended(results, guards_report.tables(results), (options.page, BEGIN, END) if whole else None,
                         options.results or (RESULTS if whole else None))


if __name__ == "__main__":
    sys.exit(main())
