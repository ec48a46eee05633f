#!/usr/bin/env python3
"""Measures how starts, stops and halts reach waiting instances, and what polls cost, on the real server with its own database."""

import argparse
import sys

from harness import build, crowd, delivery_report, halts, herds, peers, polls, session
from harness.delivery import PARTS, Plan, Scene
from harness.processes import descriptor_limit

BEGIN, END = "<!-- delivery:begin -->", "<!-- delivery:end -->"
RESULTS = build.BENCHMARKS / "results" / "delivery.json"
CYCLE = {"start", "stop", "halt"}
SPARE = 500  # descriptors that a process needs beside those of the instances


def arguments() -> argparse.Namespace:
    plan = Plan()
    parser = session.parser(__doc__, plan, RESULTS)
    parser.add_argument("--only", default="", help="parts, comma-separated: " + ", ".join(PARTS))
    parser.add_argument("--instances", type=int, default=plan.instances, help=f"that wait (default {plan.instances})")
    return parser.parse_args()


def planned(options: argparse.Namespace) -> Plan:
    if options.quick:
        return Plan(rounds=1, seconds=0.5, instances=200, targets=500, connections=16, poll_rate=5_000, counted_polls=5_000,
                    herds=1, patience=4, renewal=0.5)
    return Plan(options.rounds, options.seconds, options.instances, options.targets, loops=options.loops,
                herds=min(options.rounds, Plan.herds))


def chosen(only: str) -> list[str]:
    names = [name for name in only.split(",") if name]
    if unknown := [name for name in names if name not in PARTS]:
        raise SystemExit(f"--only: no part is called {', '.join(unknown)}")
    return names or PARTS


def cycle(scene: Scene, names: set[str]) -> dict:
    kind = next(kind for kind in peers.kinds(["none"]) if kind.name == "bare")
    bare = kind.start(kind, scene.setting)
    with bare.server:
        return halts.measured(scene, bare, names)


def measured(scene: Scene, names: list[str]) -> dict:
    parts = {}
    if CYCLE & set(names):
        parts["cycle"] = cycle(scene, CYCLE & set(names))
    for name, part in (("targets", crowd), ("polls", polls), ("herd", herds)):
        if name in names:
            parts[name] = part.measured(scene)
    return parts


def main() -> int:
    options = arguments()
    plan, names = planned(options), chosen(options.only)
    if plan.instances + SPARE > descriptor_limit():
        raise SystemExit(f"--instances: a process here may open {descriptor_limit()} files (ulimit -Hn)")
    results = session.results_of(options, plan, lambda scene: measured(scene, names))
    if results is None:
        return 1
    results["targets"] = delivery_report.verdicts(results)
    whole = not options.quick and not options.only
    return session.ended(results, delivery_report.tables(results), (options.page, BEGIN, END) if whole else None,
                         options.results or (RESULTS if whole else None))


if __name__ == "__main__":
    sys.exit(main())
