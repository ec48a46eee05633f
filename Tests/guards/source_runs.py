#!/usr/bin/env python3
"""Does to real sources all that docs/stop-conditions.md has in its table, with a run under way and one that is started then.

usage: source_runs.py      (prints the table anew)
"""

import concurrent.futures
import contextlib
import pathlib
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "guards"), str(TESTS / "safety"), str(TESTS / "clients")]

import faulty  # noqa: E402
from exporter import Exporter  # noqa: E402
from guarded import FINAL, Guarded, Run, Sources, many_nodes  # noqa: E402
from postgres import Clusters  # noqa: E402
from processes import Trouble, built, pass_time  # noqa: E402
from servers import Alertmanager, CloudWatch, Prometheus  # noqa: E402
from source_faults import ASKED, HTTP, TELEMETRY, WELL, Case, Fault, Meaning  # noqa: E402

# How long a run that is to go on is watched.
LONG = 25.0


@dataclass(frozen=True)
class Found:
    """What became of one run."""

    # `stopped`, `failed`, or `goes on`.
    became: str
    # From the fault, or from the run's start where that is later.
    seconds: float | None
    reason: str
    # How often something was published to its target or cleared there.
    changes: int
    location: str | None
    # The value of its condition.
    value: str


@dataclass
class Watched:
    """A case's two runs."""

    fault: Fault
    case: Case
    name: str
    under_way: Run | None = None
    at_start: Run | None = None
    began: float = 0.0


Key = tuple[str, str, str]


def key(fault: Fault, case: Case, when: str) -> Key:
    return fault.key, case.label or case.source, when


def _condition(site: Guarded, case: Case, name: str) -> dict:
    made = site.condition(case.source, name)
    more = dict(case.more)
    if case.source == HTTP and "within" in more:
        made["value"] = made["value"].replace(" where ", more.pop("within") + " where ")
    if case.source == TELEMETRY and "asks" in more:
        made["value"] += more.pop("asks")
    return {**made, **more}


def _start(site: Guarded, watched: Watched, when: str) -> Run:
    name = f"{watched.name}-{when}"
    condition = _condition(site, watched.case, name)
    if watched.case.prepare:
        watched.case.prepare(site, name)
    if when == "at-start" and watched.case.begin:
        watched.case.begin(site, name)
        if watched.case.source == "prometheus":
            site.sources.prometheus.await_value(name, 11)
    return site.start(name, condition)


def played(site: Guarded, faults: tuple[Fault, ...]) -> dict[Key, Found]:
    """All faults of one plane, at one moment, and what became of each run."""
    site.await_ready()
    site.keep_telling()
    all_watched = [Watched(fault, case, f"{fault.key}-{number}") for fault in faults for number, case in enumerate(fault.cases)]
    for watched in all_watched:
        if watched.case.under_way:
            watched.under_way = _start(site, watched, "under-way")
    for watched in all_watched:
        if watched.under_way:
            site.await_running(watched.under_way)
    for fault in faults:
        if fault.begin:
            fault.begin(site)
    for watched in all_watched:
        watched.began = time.time()
        if watched.under_way and watched.case.begin:
            watched.case.begin(site, watched.under_way.name)
    for watched in all_watched:
        if watched.case.at_start:
            watched.at_start = _start(site, watched, "at-start")
    for fault in faults:
        if fault.later:
            pass_time(fault.later[0])
            fault.later[1](site)
    found = _awaited(site, all_watched)
    if site.troubles:
        raise Trouble(f"{site.name} could not be told: {site.troubles[:3]}")
    return found


def _awaited(site: Guarded, all_watched: list[Watched]) -> dict[Key, Found]:
    found: dict[Key, Found] = {}
    waiting = {}
    for watched in all_watched:
        case = watched.case
        longest = LONG if case.meaning is Meaning.nothing else case.meaning.latest + case.after + 3
        for when, run in (("under way", watched.under_way), ("at start", watched.at_start)):
            if run:
                since = watched.began if when == "under way" else run.started
                waiting[key(watched.fault, case, when)] = (run, since, since + longest)
    while waiting:
        for place, (run, since, until) in list(waiting.items()):
            state = site.read(run)
            if state["state"]["status"] in FINAL or time.time() > until:
                found[place] = _read(site, run, since, state)
                del waiting[place]
        pass_time(0.2)
    return found


def _read(site: Guarded, run: Run, since: float, state: dict) -> Found:
    status = state["state"]["status"]
    seconds = state["endTime"] - since if "endTime" in state else None
    became = "goes on" if status == "running" else status
    return Found(became, seconds, state["state"].get("reason", ""), site.changes(run),
                 state["state"].get("error", {}).get("location"), run.value)


@contextlib.contextmanager
def sources(folder: pathlib.Path) -> Iterator[Sources]:
    """Real ones of one's own."""
    for name in ("prometheus", "cloudwatch"):
        (folder / name).mkdir()
    with contextlib.ExitStack() as stack:
        exporter = Exporter()
        stack.callback(exporter.close)
        prometheus = Prometheus(folder / "prometheus", exporter.port)
        stack.callback(prometheus.close)
        cloudwatch = CloudWatch(folder / "cloudwatch")
        stack.callback(cloudwatch.close)
        yield Sources(exporter, prometheus, cloudwatch)


def measured(sources: Sources, folder: pathlib.Path, binary: pathlib.Path) -> dict[Key, Found]:
    """The whole table: a plane for each fault between it and its sources, and one for all that happens while they are well."""
    with contextlib.ExitStack() as stack:
        clusters = Clusters()
        stack.callback(clusters.close)
        cluster = many_nodes(clusters)
        stack.callback(cluster.close)

        def made(name: str, **flags: str) -> Guarded:
            site = Guarded(name, binary, folder, cluster, sources, **flags)
            stack.callback(site.close)
            return site

        nowhere = {"prometheus": f"http://{faulty.NOWHERE}", "cloudwatch": f"http://{faulty.NOWHERE}"}
        plays = [(made(fault.key, **(nowhere if fault.key == "nowhere" else {})), (fault,)) for fault in ASKED]
        well = made("well")
        plays.append((well, WELL))
        for name in ("alertmanager", "alerting"):
            (folder / name).mkdir()
        alertmanager = Alertmanager(folder / "alertmanager", f"http://127.0.0.1:{well.node.port}/v1/alertmanager", "none.none")
        stack.callback(alertmanager.close)
        alerting = Prometheus(folder / "alerting", sources.exporter.port, alertmanager.port)
        stack.callback(alerting.close)
        with concurrent.futures.ThreadPoolExecutor(len(plays)) as pool:
            results = [play.result() for play in [pool.submit(_played, site, faults) for site, faults in plays]]
    return {place: found for result in results for place, found in result.items()}


def _played(site: Guarded, faults: tuple[Fault, ...]) -> dict[Key, Found]:
    """One plane that comes to nothing leaves the others' rows."""
    try:
        return played(site, faults)
    except Exception:
        return {key(fault, case, when): Found("trouble", None, traceback.format_exc(), 0, None, "")
                for fault in faults for case in fault.cases for when in ("under way", "at start")}


def cell(fault: Fault, case: Case, when: str, results: dict[Key, Found]) -> str:
    found = results.get(key(fault, case, when))
    if found is None:
        return ""
    return found.became if found.seconds is None else f"{found.became}, {found.seconds:.0f} s"


def quoted(found: Found | None) -> str:
    """What a reason says after the condition it names."""
    if found is None or found.became == "goes on":
        return ""
    said = found.reason.partition(f'"{found.value}"')[2].lstrip(": ").removesuffix(".")
    # When it is asked again is said while there is a pause, and not by the answer that makes one.
    said = re.sub(r" \(it is asked again in [\d.]+ m?s\)", "", said)
    return re.sub(r"/\S+/cloudwatch-credentials", "FILE", said).replace("|", "\\|")


def table(results: dict[Key, Found]) -> str:
    rows = ["| what happens | source | a run under way | a run that is started then | the reason |", "|---|---|---|---|---|"]
    for fault in (*WELL, *ASKED):
        for case in fault.cases:
            under_way, at_start = (cell(fault, case, when, results) for when in ("under way", "at start"))
            said = quoted(results.get(key(fault, case, "under way")) or results.get(key(fault, case, "at start")))
            rows.append(f"| {fault.name} | {case.label or case.source} | {under_way} | {at_start} | {said} |")
    return "\n".join(rows)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="guards-") as scratch:
        folder = pathlib.Path(scratch)
        folder.chmod(0o755)
        with sources(folder) as real:
            print(table(measured(real, folder, built())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
