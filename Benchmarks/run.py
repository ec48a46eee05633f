#!/usr/bin/env python3
"""Measures Faultplane beside its peers in one run and writes the table in docs/performance.md."""

import argparse
import json
import shlex
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from harness import build, machine, peers, report, startup, targets
from harness.load import Load, LoadFailed
from harness.measure import Bench, Plan, WrongAnswer, subject_document, verify
from harness.processes import ServerFailed, cores

BENCHES = ["closed", "pipelined", "paced", "allocations", "park", "start"]


def arguments() -> argparse.Namespace:
    release = build.REPOSITORY / ".build" / "release"
    work = build.REPOSITORY / ".build" / "bench"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="runs of every peer, interleaved (default 7)")
    parser.add_argument("--seconds", type=float, default=2, help="length of one run (default 2)")
    parser.add_argument("--parked", type=int, default=10_000, help="parked long polls (default 10000)")
    parser.add_argument("--only", default="", help="names of benches or peers, comma-separated: "
                        + ", ".join(BENCHES) + "; faultplane, bare, nginx-file, nginx-inline, haproxy, nchan ...")
    parser.add_argument("--quick", action="store_true", help="2 rounds of 1 s and 500 parked; shows, writes no table")
    parser.add_argument("--subject", default=f"{release}/bench-server --port 0 --loops 1",
                        help="command of the server under test")
    parser.add_argument("--serve", default=f"{release}/faultplane", help="the binary whose start is timed")
    parser.add_argument("--data-dir", type=Path, default=work / "data", help="its data directory, kept between runs")
    parser.add_argument("--work", type=Path, default=work, help="where the load generator is compiled")
    parser.add_argument("--page", type=Path, default=build.REPOSITORY / "docs" / "performance.md")
    parser.add_argument("--results", type=Path, help="raw results; a whole run writes Benchmarks/results/latest.json")
    return parser.parse_args()


def chosen(only: str) -> tuple[list[str], set[str] | None]:
    """The benches and the peers that `--only` names; all benches when it names only peers, and the reverse."""
    names = [name for name in only.split(",") if name]
    known = {kind.name for kind in peers.kinds(["x"])}
    unknown = [name for name in names if name not in BENCHES and name not in known]
    if unknown:
        raise SystemExit(f"--only: no bench or peer is called {', '.join(unknown)}")
    picked = {name for name in names if name in known}
    return [name for name in BENCHES if name in names] or BENCHES, picked or None


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def started(stack: ExitStack, setting: peers.Setting, kinds: list[peers.Kind]) -> tuple[list[peers.Peer], dict]:
    """Every server that can be started, the one under test first; what is missing, by name."""
    running, missing = [], {}
    for kind in kinds:
        if kind.missing:
            missing[kind.name] = kind.missing
            say(f"without {kind.name}: {kind.missing}")
            continue
        peer = kind.start(kind, setting)
        stack.enter_context(peer.server)
        if kind.name == peers.SUBJECT:
            setting.document = subject_document(peer)
        if peer.benches:
            verify(peer, setting.document)
        running.append(peer)
    return running, missing


def measured(bench: Bench, names: list[str], running: list[peers.Peer], rounds: int) -> list[dict]:
    """All samples; within a round every peer has its turn, and each round begins with another."""
    samples = []
    for name in names:
        members = [peer for peer in running if name in peer.benches]
        for round_number in range(1 if name == "allocations" else rounds):
            turn = round_number % len(members) if members else 0
            for peer in members[turn:] + members[:turn]:
                sample = bench.sample(name, peer)
                samples.append({"bench": name, "peer": peer.name, "round": round_number, **sample})
                say(report.line(samples[-1]))
    return samples


def run(options: argparse.Namespace, directory: Path) -> dict:
    names, picked = chosen(options.only)
    plan = Plan(options.rounds, options.seconds, parked=options.parked)
    if options.quick:
        plan = Plan(2, 1, parked=500, wakes=2, allocation_requests=20_000)
    server_core, load_core = cores()
    pinned = server_core != load_core
    setting = peers.Setting(directory, server_core if pinned else None,
                            (build.BENCHMARKS / "document.json").read_bytes(), options.work,
                            shlex.split(options.subject))
    wanted = [kind for kind in peers.kinds(setting.subject_command)
              if (picked is None or kind.name in picked) and kind.benches & set(names)]
    program = build.load_generator(options.work)
    results = {"machine": machine.describe(), "plan": vars(plan), "pinned": pinned, "quick": options.quick}
    with ExitStack() as stack:
        running, results["missing"] = started(stack, setting, wanted)
        load = Load(program, load_core if pinned else None, directory / "load", setting.document)
        results["peers"] = {peer.name: peer.label for peer in running}
        results["samples"] = measured(Bench(load, plan), names, running, plan.rounds)
    if "start" in names and (picked is None or peers.SUBJECT in picked):
        results["start"] = startup.measured(options.serve, options.data_dir, directory, 2 if options.quick else 5)
        say(report.start_line(results["start"]))
    return results


def main() -> int:
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        try:
            results = run(options, Path(directory))
        except (LoadFailed, WrongAnswer, ServerFailed) as error:
            say(f"bench: {error}")
            return 1
    results["targets"] = targets.verdicts(results)
    table = report.tables(results)
    print(table)
    whole = not options.quick and not options.only
    raw = options.results or (build.BENCHMARKS / "results" / "latest.json" if whole else None)
    if raw:
        raw.parent.mkdir(parents=True, exist_ok=True)
        raw.write_text(json.dumps(results, indent=1) + "\n")
    if whole:
        report.write_page(options.page, table)
    wrong = targets.errors(results)
    for text in wrong:
        say(f"bench: {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
