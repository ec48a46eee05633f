#!/usr/bin/env python3
"""Measures functions that read their SSM parameter at every invocation, beside the native poll and beside moto."""

import argparse
import sys
from pathlib import Path

from harness import build, parameters, parameters_report, session
from harness.delivery import Plan
from harness.reader import Reader

BEGIN, END = "<!-- parameters:begin -->", "<!-- parameters:end -->"
RESULTS = build.BENCHMARKS / "results" / "parameters.json"


def arguments() -> argparse.Namespace:
    parser = session.parser(__doc__, Plan(targets=2_000), RESULTS)
    parser.add_argument("--python", type=Path, default=build.TOOLS / "venv" / "bin" / "python", help="that has boto3 and moto")
    return parser.parse_args()


def planned(options: argparse.Namespace) -> Plan:
    if options.quick:
        return Plan(rounds=1, seconds=0.5, targets=100, connections=16, poll_rate=2_000, counted_polls=2_000)
    return Plan(options.rounds, options.seconds, targets=options.targets, loops=options.loops)


def main() -> int:
    options = arguments()
    if not options.python.exists():
        raise SystemExit("--python: there is none; `scripts/bootstrap.sh bench` makes it")
    reader = Reader(options.python)
    results = session.results_of(options, planned(options), lambda scene: {"parameters": parameters.measured(scene, reader)})
    if results is None:
        return 1
    results["targets"] = parameters_report.verdicts(results)
    whole = not options.quick
    return session.ended(results, parameters_report.tables(results), (options.page, BEGIN, END) if whole else None,
                         options.results or (RESULTS if whole else None))


if __name__ == "__main__":
    sys.exit(main())
