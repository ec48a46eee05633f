#!/usr/bin/env python3
"""The safety table: something is done to a real plane while a real injector holds a fault, and it is measured how long it goes on.

Exit 1 if a bound was missed or a promise broken, 2 if a run came to nothing.
"""

import argparse
import collections
import concurrent.futures
import json
import pathlib
import statistics
import sys
import tempfile

import drill
from postgres import Clusters
from processes import REPOSITORY
from scenario import SCENARIOS, Scenario
from world import Options

# Most of a run is waiting; more at once than this, and two cores are too busy for what is promised within a second.
JOBS = 6
QUICK_LEASE, QUICK_PAUSE = 6.0, 14.0


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], metavar="SCENARIO",
                        help="those whose name begins so; may be given several times")
    parser.add_argument("--seeds", type=int, default=10, help="runs of each scenario, by seeds 1 to N")
    parser.add_argument("--seed", type=int, help="only this seed, to see a run again")
    parser.add_argument("--quick", action="store_true",
                        help=f"one seed of the most telling, lease {QUICK_LEASE:g} s, pauses {QUICK_PAUSE:g} s")
    parser.add_argument("--lease", type=float, default=15.0)
    parser.add_argument("--pause", type=float, default=60.0, help="seconds a node stands still; an injector twice as long")
    parser.add_argument("--jobs", type=int, default=JOBS, help="runs side by side")
    parser.add_argument("--binary", type=pathlib.Path, default=REPOSITORY / ".build" / "debug" / "faultplane")
    parser.add_argument("--injector", type=pathlib.Path, help="default: faultplane-injector beside the binary")
    parser.add_argument("--json", type=pathlib.Path, help="where all results go")
    parser.add_argument("--markdown", type=pathlib.Path, help="where the table goes, besides the standard output")
    parser.add_argument("--records", type=pathlib.Path, help="keep all records there; otherwise only bad runs' are kept")
    parser.add_argument("--list", action="store_true", help="name the scenarios and do nothing")
    options = parser.parse_args(given)
    if options.quick:
        options.seeds, options.lease, options.pause = 1, QUICK_LEASE, QUICK_PAUSE
    options.injector = options.injector or options.binary.with_name("faultplane-injector")
    return options


def chosen(only: list[str], quick: bool) -> list[Scenario]:
    """Raises ValueError where a name means nothing."""
    for name in only:
        if not any(one.startswith(name) for one in SCENARIOS):
            raise ValueError(f"no scenario begins with {name!r}; there are: {', '.join(SCENARIOS)}")
    return [one for one in SCENARIOS.values()
            if (any(one.name.startswith(name) for name in only) if only else one.is_quick or not quick)]


def run_all(scenarios: list[Scenario], seeds: list[int], options: Options, jobs: int, records: pathlib.Path | None,
            say=print) -> list[drill.Result]:
    """Every scenario with every seed, some side by side."""
    folder = records or pathlib.Path(tempfile.mkdtemp(prefix="safety-records-"))
    clusters, results = Clusters(), []
    try:
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            work = [pool.submit(drill.run, one, seed, options, clusters,
                                folder / f"{one.name.replace(' ', '-').replace(',', '')}-{seed}", records is not None)
                    for seed in seeds for one in scenarios]
            for done in concurrent.futures.as_completed(work):
                results.append(done.result())
                say(line(results[-1]))
    finally:
        clusters.close()
    if not any(folder.iterdir()):
        folder.rmdir()
    return results


def line(result: drill.Result) -> str:
    measured = "not measured" if result.measured is None else f"{result.measured:.3f} s"
    wrong = [*result.violations, *result.complaints, *filter(None, [result.trouble])]
    more = f"; {len(wrong)} wrong ({result.record}):\n    " + "\n    ".join(wrong[:5]) if wrong else ""
    return f"{result.scenario}, seed {result.seed}: {measured}{more}"


def table(results: list[drill.Result]) -> str:
    by_name = collections.defaultdict(list)
    for result in results:
        by_name[result.scenario].append(result)
    rows = ["| scenario | bound | runs | p50 | max | violations | |", "|---|---|---|---|---|---|---|"]
    for name, scenario in SCENARIOS.items():
        if name not in by_name:
            continue
        runs = by_name[name]
        measured = [result.measured for result in runs if result.measured is not None]
        bound = next((result.bound for result in runs if result.bound is not None), None)
        promised = scenario.bound if bound is None or "lease" not in scenario.bound else f"{scenario.bound}, {bound:g} s"
        p50, most = (f"{value:.2f} s" for value in (statistics.median(measured), max(measured))) if measured else ("-", "-")
        rows.append(f"| {name} | {promised} | {len(runs)} | {p50} | {most} | "
                    f"{sum(len(result.violations) for result in runs)} | {verdict(runs)} |")
    return "\n".join(rows)


def verdict(runs: list[drill.Result]) -> str:
    """Late is a missed bound; wrong is what else the server did amiss, such as a halt without its proof."""
    counts = {
        "late": sum(1 for run in runs if run.is_late),
        "wrong": sum(1 for run in runs if run.complaints and not run.is_late),
        "broken": sum(1 for run in runs if run.violations),
        "came to nothing": sum(1 for run in runs if run.trouble),
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "kept"


def main(given: list[str]) -> int:
    options = arguments(given)
    try:
        scenarios = chosen(options.only, options.quick)
    except ValueError as error:
        print(f"table: {error}", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(f"{one.name}{' (quick)' if one.is_quick else ''}" for one in scenarios))
        return 0
    for program in (options.binary, options.injector):
        if not program.is_file():
            print(f"table: there is no {program}: run `swift build`, or say where it is", file=sys.stderr)
            return 2
    seeds = [options.seed] if options.seed is not None else list(range(1, options.seeds + 1))
    results = run_all(scenarios, seeds, Options(options.binary, options.injector, options.lease, options.pause),
                      options.jobs, options.records, lambda text: print(text, flush=True))
    text = table(results)
    print(f"\n{text}")
    if options.markdown:
        options.markdown.write_text(text + "\n")
    if options.json:
        options.json.write_text(json.dumps([result.as_json() for result in results], indent=1) + "\n")
    if any(result.violations or result.complaints for result in results):
        return 1
    return 2 if any(result.trouble for result in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
