#!/usr/bin/env python3
"""Measures how starts, stops and halts reach waiting instances, and what polls cost, on the real server with its own database."""

import argparse
import json
import os
import shlex
import signal
import sys
import tempfile
from pathlib import Path

from harness import build, crowd, delivery_report, halts, herds, machine, peers, polls, report
from harness.delivery import PARTS, Plan, Scene
from harness.load import Load, LoadFailed
from harness.processes import ServerFailed, cores, descriptor_limit

BEGIN, END = "<!-- delivery:begin -->", "<!-- delivery:end -->"
CYCLE = {"start", "stop", "halt"}
SPARE = 500  # descriptors that a process needs beside those of the instances


def arguments() -> argparse.Namespace:
    plan = Plan()
    release = build.REPOSITORY / ".build" / "release"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="parts, comma-separated: " + ", ".join(PARTS))
    parser.add_argument("--instances", type=int, default=plan.instances, help=f"that wait (default {plan.instances})")
    parser.add_argument("--targets", type=int, default=plan.targets, help=f"that are known (default {plan.targets})")
    parser.add_argument("--rounds", type=int, default=plan.rounds, help=f"of everything, by turns (default {plan.rounds})")
    parser.add_argument("--seconds", type=float, default=plan.seconds, help=f"of polls, each time (default {plan.seconds})")
    parser.add_argument("--loops", type=int, default=plan.loops, help=f"event loops of the server (default {plan.loops})")
    parser.add_argument("--quick", action="store_true", help="1 round, 200 instances, 500 targets; writes nothing")
    parser.add_argument("--serve", default=f"{release}/faultplane", help="the command of the server under test")
    parser.add_argument("--work", type=Path, default=build.REPOSITORY / ".build" / "bench",
                        help="where the load generator is compiled")
    parser.add_argument("--page", type=Path, default=build.REPOSITORY / "docs" / "performance.md")
    parser.add_argument("--results", type=Path, help="raw results; a whole run writes Benchmarks/results/delivery.json")
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


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


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


def run(options: argparse.Namespace, directory: Path) -> dict:
    plan, names = planned(options), chosen(options.only)
    if plan.instances + SPARE > descriptor_limit():
        raise SystemExit(f"--instances: a process here may open {descriptor_limit()} files (ulimit -Hn)")
    results = {"machine": machine.describe(), "plan": vars(plan), "quick": options.quick}
    server_core, load_core = cores()
    # Several loops on one core would measure nothing.
    results["pinned"] = pinned = server_core != load_core and plan.loops == 1
    if pinned:
        # Whatever asks stays off the server's core.
        os.sched_setaffinity(0, {load_core})
    document = (build.BENCHMARKS / "document.json").read_bytes()
    setting = peers.Setting(directory, server_core if pinned else None, document, options.work, shlex.split(options.serve))
    load = Load(build.load_generator(options.work), load_core if pinned else None, directory / "load", document)
    results["parts"] = measured(Scene(plan, setting, load, say), names)
    return results


def main() -> int:
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        folder = Path(directory)
        folder.chmod(0o755)  # the database may run as another user
        try:
            results = run(options, folder)
        except (LoadFailed, ServerFailed) as error:
            say(f"bench: {error}")
            return 1
    results["targets"] = delivery_report.verdicts(results)
    table = delivery_report.tables(results)
    print(table)
    whole = not options.quick and not options.only
    raw = options.results or (build.BENCHMARKS / "results" / "delivery.json" if whole else None)
    if raw:
        raw.parent.mkdir(parents=True, exist_ok=True)
        raw.write_text(json.dumps(results, indent=1) + "\n")
    if whole:
        report.write_page(options.page, table, BEGIN, END)
    wrong = [text for part in results["parts"].values() for text in part["wrong"]]
    for text in wrong:
        say(f"bench: {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
