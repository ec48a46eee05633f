#!/usr/bin/env python3
"""Guards runs for a while with sources that are well and noisy: values close below the line, late answers, a failure now and then.

Exit 1 if a run ended that should have gone on, 2 if nothing can be said.
"""

import argparse
import contextlib
import pathlib
import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "guards"), str(TESTS / "safety"), str(TESTS / "clients")]

import faulty  # noqa: E402
from evaluations import Pace, evaluations  # noqa: E402
from exporter import Health  # noqa: E402
from guarded import BUDGET, PACE, Guarded, Run, Sources, many_nodes  # noqa: E402
from postgres import Clusters  # noqa: E402
from processes import Trouble, built, pass_time  # noqa: E402
from source_faults import ALARM, HTTP, OUTGOING, TELEMETRY  # noqa: E402
from source_runs import sources  # noqa: E402

ALL = (*OUTGOING, ALARM, TELEMETRY)
# Of all answers of a source, so many are a 500; the others take up to so much of an evaluation's time.
FAILURES, LATE = 0.01, 0.6
# To `http` a 500 is a breach and no failure to read, so it must come oftener than now and then.
OFTEN = {"breaches": 3, "of": 4}


@dataclass
class Report:
    """What a soak found."""

    runs: int
    minutes: float
    pace: Pace = field(default_factory=Pace)
    # Runs that ended, with their reasons.
    false_stops: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        read = sum(self.pace.verdicts.values())
        gap = max(self.pace.gaps, default=0.0)
        verdicts = ", ".join(f"{count} {name}" for name, count in sorted(self.pace.verdicts.items()))
        return (f"{self.runs} runs with {len(ALL)} conditions for {self.minutes:g} minutes: {self.pace.count} evaluations, "
                f"{read} readings ({verdicts}), the longest pause {gap:.1f} s, {len(self.false_stops)} false stops")


class Noise:
    """Values that hover below their lines, changed five times a second."""

    def __init__(self, site: Guarded, names: list[str], chance: random.Random):
        self.site, self.names, self.chance = site, names, chance
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._make, name="noise", daemon=True)
        self._thread.start()

    def _make(self) -> None:
        turn = 0
        while not self._ended.wait(0.2):
            turn += 1
            for name in self.names:
                self.site.sources.exporter.set(name, self.chance.uniform(5, 10))
                self.site.sources.exporter.set_health(name, Health(value=self.chance.uniform(5, 10)))
            name = self.names[turn % len(self.names)]
            # Of ten invocations one fails now and then, and an alarm knows nothing now and then.
            self.site.reported[name] = self.chance.choice((0, 0, 1))
            state = self.chance.choice(("OK", "OK", "INSUFFICIENT_DATA"))
            try:
                self.site.push(name, state)
                self.site.sources.cloudwatch.set(name, state)
            except Trouble as trouble:
                if not self._ended.is_set():
                    self.site.troubles.append(str(trouble))

    def end(self) -> None:
        self._ended.set()
        self._thread.join(10)


def soaked(real: Sources, folder: pathlib.Path, binary: pathlib.Path, seconds: float, runs: int, seed: int) -> Report:
    chance = random.Random(seed)
    report = Report(runs, seconds / 60)
    with contextlib.ExitStack() as stack:
        clusters = Clusters()
        stack.callback(clusters.close)
        cluster = many_nodes(clusters)
        stack.callback(cluster.close)
        site = Guarded("soak", binary, folder, cluster, real)
        stack.callback(site.close)
        site.await_ready()
        site.keep_telling()
        names = [f"soak-{number}" for number in range(runs)]
        started = [site.start(name, *(site.condition(source, name) | (OFTEN if source == HTTP else {}) for source in ALL),
                              seconds=round(seconds) + 300) for name in names]
        for run in started:
            site.await_running(run)
        site.behave(faulty.noisy(chance, LATE * BUDGET, FAILURES))
        noise = Noise(site, names, chance)
        until = time.monotonic() + seconds
        while time.monotonic() < until and not report.false_stops:
            pass_time(min(2.0, max(0.0, until - time.monotonic())))
            report.false_stops = ended(site, started)
        noise.end()
        for run in started:
            report.pace.add(Pace.of(list(evaluations(site, run))))
        if site.troubles:
            raise Trouble(f"the noise could not be made: {site.troubles[:3]}")
    return report


def ended(site: Guarded, runs: list[Run]) -> list[str]:
    states = [(run, site.read(run)["state"]) for run in runs]
    return [f"{run.name} is {state['status']}: {state['reason']}" for run, state in states if state["status"] != "running"]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--binary", type=pathlib.Path, help="default: the program as it was built last")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="soak-") as scratch:
        folder = pathlib.Path(scratch)
        folder.chmod(0o755)
        try:
            with sources(folder) as real:
                report = soaked(real, folder, options.binary or built(), options.minutes * 60, options.runs, options.seed)
        except Trouble as trouble:
            print(f"soak: {trouble}", file=sys.stderr)
            return 2
    print(report)
    for text in report.false_stops:
        print(text)
    if max(report.pace.gaps, default=0.0) > PACE + BUDGET:
        print(f"a run was not read for longer than {PACE + BUDGET:g} s")
        return 1
    return 1 if report.false_stops else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
