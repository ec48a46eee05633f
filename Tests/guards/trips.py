#!/usr/bin/env python3
"""Measures how long it takes from a value that crosses a line to the last instance that injects: for each source, on real servers.

usage: trips.py [ROUNDS]      (prints the table of docs/stop-conditions.md)
"""

import contextlib
import pathlib
import random
import statistics
import sys
import tempfile
from dataclasses import dataclass

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "guards"), str(TESTS / "safety"), str(TESTS / "clients")]

from exporter import Health  # noqa: E402
from guarded import BUDGET, PACE, Guarded, Run, Sources, function, many_nodes  # noqa: E402
from node import InjectorProcess  # noqa: E402
from postgres import Clusters  # noqa: E402
from processes import Trouble, boot, built, pass_time, until  # noqa: E402
from servers import Alertmanager, Prometheus  # noqa: E402
from source_runs import sources  # noqa: E402

SECOND = 1_000_000_000
INSTANCES = 2
# From one invocation of an instance to the next, and a little more.
BETWEEN = SECOND // 10
# The evaluation that comes, the time it may take, and what it takes from a stop to the last instance.
ONCE = PACE + BUDGET + 1
# Each kind with what must pass before an evaluation can see it: a scrape, a rule's evaluation, a webhook's turn.
KINDS = {
    "alarm, pushed": 0.0,
    "alarm, by Alertmanager": 5.0,
    "prometheus": 2.0,
    "aws:cloudwatch:alarm": 0.0,
    "http": 0.0,
    "telemetry": 2.0,
}


@dataclass
class Trip:
    """One run with its instances, and the moment when its line was crossed."""

    kind: str
    name: str
    run: Run
    injectors: list[InjectorProcess]
    crossed: int = 0

    def seconds(self) -> float:
        """From the crossing to the last invocation that was injected, of any instance."""
        last = max(line["boot"] for injector in self.injectors for line in injector.invocations() if line["injected"])
        if last < self.crossed - BETWEEN:
            raise Trouble(f"{self.name} was over before anything was done to it")
        return max(0, last - self.crossed) / SECOND


class Road:
    """A plane, its sources, and all that is needed to trip a run of each kind."""

    def __init__(self, stack: contextlib.ExitStack, folder: pathlib.Path, real: Sources, binary: pathlib.Path):
        self.real, self.folder, self.binary = real, folder, binary
        clusters = Clusters()
        stack.callback(clusters.close)
        cluster = many_nodes(clusters)
        stack.callback(cluster.close)
        self.site = Guarded("trips", binary, folder, cluster, real)
        stack.callback(self.site.close)
        self.site.await_ready()
        self.site.keep_telling()
        for name in ("alertmanager", "alerting"):
            (folder / name).mkdir()
        alertmanager = Alertmanager(folder / "alertmanager", f"http://127.0.0.1:{self.site.node.port}/v1/alertmanager", "none.none")
        stack.callback(alertmanager.close)
        alerting = Prometheus(folder / "alerting", real.exporter.port, alertmanager.port)
        stack.callback(alerting.close)
        self.stack = stack

    def ready(self, kind: str, turn: int) -> Trip:
        """A run whose instances inject."""
        name = f"{kind.split(':')[0].replace(', ', '-').replace(' ', '-')}-{turn}"
        source = kind.partition(",")[0]
        condition = self.site.condition(source, name)
        if kind == "alarm, by Alertmanager":
            self.real.exporter.set(name, 0)
            self.site.push(name, "OK", maxAge="PT1M", fedBy="alertmanager")
        injectors = [InjectorProcess(self.binary.with_name("faultplane-injector"), self.folder, function(name), f"{name}-{number}",
                                     self.site.node.port, self.site.node.data, 5) for number in range(INSTANCES)]
        for injector in injectors:
            self.stack.callback(injector.end)
        trip = Trip(kind, name, self.site.start(name, condition), injectors)
        self.site.await_running(trip.run)
        for injector in injectors:
            injector.await_injecting()
        return trip

    def cross(self, trip: Trip) -> None:
        trip.crossed = boot()
        match trip.kind:
            case "alarm, pushed":
                self.site.push(trip.name, "ALARM", reason="a trip")
            case "alarm, by Alertmanager" | "prometheus":
                self.real.exporter.set(trip.name, 11)
            case "aws:cloudwatch:alarm":
                self.real.cloudwatch.set(trip.name, "ALARM")
            case "http":
                self.real.exporter.set_health(trip.name, Health(value=11))
            case "telemetry":
                self.site.tell(trip.name, 10)

    def over(self, trip: Trip) -> float:
        """How long it took; its instances are still there, and inject nothing."""
        until(lambda: self.site.read(trip.run)["state"]["status"], lambda found: found == "stopped", f"{trip.name} to stop",
              ONCE + KINDS[trip.kind] + 10, every=0.1)
        for injector in trip.injectors:
            until(injector.is_injecting, lambda found: not found, f"{injector.instance} to inject no more", 10)
        pass_time(1)
        for injector in trip.injectors:
            injector.check_alive(boot() - SECOND)
        return trip.seconds()


def measured(real: Sources, folder: pathlib.Path, binary: pathlib.Path, rounds: int) -> dict[str, list[float]]:
    """All kinds side by side, so many times one after the other."""
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    chance = random.Random(rounds)
    with contextlib.ExitStack() as stack:
        road = Road(stack, folder, real, binary)
        for turn in range(rounds):
            trips = [road.ready(kind, turn) for kind in KINDS]
            for trip in trips:
                # At any moment between two evaluations.
                pass_time(chance.uniform(0, PACE))
                road.cross(trip)
            for trip in trips:
                found[trip.kind].append(road.over(trip))
                for injector in trip.injectors:
                    injector.end()
    return found


def table(found: dict[str, list[float]]) -> str:
    rows = ["| source | promised | runs | p50 | max |", "|---|---|---|---|---|"]
    for kind, taken in found.items():
        rows.append(f"| {kind} | {ONCE + KINDS[kind]:g} s | {len(taken)} | {statistics.median(taken):.2f} s | {max(taken):.2f} s |")
    return "\n".join(rows)


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="trips-") as scratch:
        folder = pathlib.Path(scratch)
        folder.chmod(0o755)
        with sources(folder) as real:
            print(table(measured(real, folder, built(), int(arguments[0]) if arguments else 10)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
