"""Many runs, each watched by five conditions of five sources, on one node: whether each is read in time, and what that costs."""

import json
import statistics
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from .build import BENCHMARKS
from .database import Embedded, percentile
from .delivery import Scene
from .plane import Plane, target, template
from .processes import Server, ServerFailed, free_port
from .startup import listening

PEERS = BENCHMARKS / "peers"
SOURCES = ("prometheus", "aws:cloudwatch:alarm", "http", "alarm", "telemetry")
ALARM = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:"
# A report of each target in every sample of the plane's own.
REPORTS_EVERY = 5.0
AT_ONCE = 100  # reports in one request


def name(number: int) -> str:
    return f"run-{number:08d}"


class Watched:
    """The sources outside the plane: real Prometheus, moto's CloudWatch, and the page that both a guard and Prometheus read."""

    def __init__(self, stack: ExitStack, scene: Scene, python: Path, count: int):
        folder = scene.setting.directory / "watched"
        folder.mkdir()

        def started(label: str, command: list[str]) -> Server:
            return stack.enter_context(Server(command, None, folder / f"{label}.log"))

        self.page = listening(started("page", [str(python), str(PEERS / "watched.py"), str(count)]))
        self.cloudwatch = listening(started("moto", [str(python), str(PEERS / "moto_cloudwatch.py"), "run-@@@@@@@@", str(count)]))
        self.prometheus = free_port()
        settings = folder / "prometheus.yml"
        settings.write_text("global: {scrape_interval: 5s}\nscrape_configs: [{job_name: watched, static_configs: "
                            f"[{{targets: ['127.0.0.1:{self.page}']}}]}}]\n")
        self.servers = {"Prometheus": started("prometheus", [
            "prometheus", f"--config.file={settings}", f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address=127.0.0.1:{self.prometheus}", "--log.level=warn"])}
        self.servers["Prometheus"].await_port(self.prometheus)
        self._await_scrape(count)
        credentials = folder / "credentials"
        credentials.write_text("[default]\naws_access_key_id = bench\naws_secret_access_key = bench\n")
        self.flags = ["--prometheus", f"http://127.0.0.1:{self.prometheus}", "--cloudwatch", f"http://127.0.0.1:{self.cloudwatch}",
                      "--cloudwatch-credentials", str(credentials)]

    def _await_scrape(self, count: int) -> None:
        until = time.monotonic() + 30
        while (found := self._series()) != count:
            if time.monotonic() > until:
                raise ServerFailed(f"Prometheus has {found} series and not {count}")
            time.sleep(0.1)

    def _series(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.prometheus}/api/v1/query?query=watched", timeout=10) as answer:
                return len(json.load(answer)["data"]["result"])
        except urllib.error.URLError:
            return 0  # It listens, and is not ready yet.

    def conditions(self, number: int) -> list[dict]:
        """Five that are clear, each asked by one run alone."""
        values = {
            "prometheus": f'watched{{name="{name(number)}"}} > 10',
            "aws:cloudwatch:alarm": ALARM + name(number),
            "http": f"http://127.0.0.1:{self.page}/{name(number)} where /checks/value <= 10",
            "alarm": f"alarm:{name(number)}",
            "telemetry": "telemetry:errorRate over 30s > 0.2"}
        return [{"source": source, "value": values[source].ljust(20)} for source in SOURCES]


class Reporter:
    """Reports ten invocations of each target every five seconds, as injectors do."""

    def __init__(self, plane: Plane, count: int):
        self.plane, self.count, self.sequence = plane, count, 0
        self.wrong: list[str] = []
        self._ended = threading.Event()
        self.report()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def report(self) -> None:
        self.sequence += 1
        for first in range(0, self.count, AT_ONCE):
            reports = [{"target": target(number), "instance": "i-1", "sequence": self.sequence, "invocations": 10, "errors": 1,
                        "injected": {}, "durations": {"15": 10}} for number in range(first, min(first + AT_ONCE, self.count))]
            self.plane.call("POST", "/v1/telemetry", {"reports": reports})

    def _run(self) -> None:
        while not self._ended.wait(REPORTS_EVERY):
            try:
                self.report()
            except (ServerFailed, OSError) as error:
                self.wrong.append(f"reports: {error}")

    def end(self) -> None:
        self._ended.set()
        self._thread.join()


def _started(plane: Plane, conditions: list[list[dict]]) -> list[str]:
    """A run on a target of its own for each list of conditions; returns when all are running."""
    runs = []
    for number, guarded in enumerate(conditions):
        plane.call("PUT", f"/v1/targets/{urllib.parse.quote(target(number), safe='')}", {"resourceType": "aws:lambda:function"})
        body = {**template([target(number)]), "stopConditions": guarded}
        made = plane.call("POST", "/experimentTemplates", body)["experimentTemplate"]["id"]
        runs.append(plane.call("POST", "/experiments", {"clientToken": name(number), "experimentTemplateId": made})["experiment"]["id"])
    plane.until(lambda: _states(plane), {"running": len(runs)}, 60)
    return runs


def _states(plane: Plane) -> Counter:
    found, token = Counter(), ""
    while token is not None:
        page = plane.call("GET", f"/experiments?maxResults=100{token}")
        found.update(one["state"]["status"] for one in page["experiments"])
        token = f"&nextToken={urllib.parse.quote(page['nextToken'], safe='')}" if page.get("nextToken") else None
    return found


def _spent(plane: Plane, seconds: float, others: dict[str, Server]) -> dict[str, float]:
    """Shares of one core, while nothing is asked of the plane from outside but reports."""
    own = [plane.server.process.pid]
    before = {"all": plane.server.cpu_ns(), "own": plane.server.cpu_ns(own),
              **{label: server.cpu_ns() for label, server in others.items()}}
    began = time.monotonic()
    time.sleep(seconds)
    passed = (time.monotonic() - began) * 1e9
    found = {"server": (plane.server.cpu_ns(own) - before["own"]) / passed,
             **{label: (server.cpu_ns() - before[label]) / passed for label, server in others.items()}}
    return {**found, "database": (plane.server.cpu_ns() - before["all"]) / passed - found["server"]}


def _evaluations(plane: Plane, run: str, since: float, until: float) -> list[dict]:
    """Of the time that was measured."""
    found, token = [], ""
    while token is not None:
        page = plane.call("GET", f"/experiments/{run}/guards?maxResults=100{token}")
        found += page["evaluations"]
        more = page.get("nextToken") and page["evaluations"][-1]["at"] > since
        token = f"&nextToken={urllib.parse.quote(page['nextToken'], safe='')}" if more else None
    return [one for one in found if since <= one["at"] <= until]


def _read(plane: Plane, runs: list[str], since: float, until: float) -> dict:
    """Pauses between evaluations, with those at both ends of the time; latencies and verdicts by source."""
    pauses, counts = [], 0
    latencies, verdicts = {source: [] for source in SOURCES}, {source: Counter() for source in SOURCES}
    for run in runs:
        kept = sorted(_evaluations(plane, run, since, until), key=lambda one: one["at"])
        counts += len(kept)
        times = [since, *(one["at"] for one in kept), until]
        pauses += [later - earlier for earlier, later in zip(times, times[1:])]
        for one in kept:
            for reading in one["readings"]:
                source = SOURCES[int(reading["condition"].partition("[")[2].rstrip("]"))]
                latencies[source].append(reading["latencySeconds"] or 0.0)
                verdicts[source][reading["verdict"]] += 1
    return {"evaluations": counts, "pauses": {"p50": statistics.median(pauses), "p99": percentile(pauses, 0.99), "max": max(pauses)},
            "latencies": {source: {"p50": statistics.median(taken), "p99": percentile(taken, 0.99)}
                          for source, taken in latencies.items() if taken},
            "verdicts": {source: dict(found) for source, found in verdicts.items()}}


def measured(scene: Scene, python: Path) -> dict:
    count, seconds = scene.plan.targets, scene.plan.seconds
    found: dict = {"runs": count, "seconds": seconds, "wrong": []}
    with scene.plane() as plane:
        _started(plane, [[{"source": "none"}]] * count)
        found["unguarded"] = _spent(plane, seconds, {})
    scene.say(f"{count} runs without guards: {json.dumps(found['unguarded'])}")
    with ExitStack() as stack:
        watched = Watched(stack, scene, python, count)
        plane = stack.enter_context(scene.plane(watched.flags))
        for number in range(count):
            plane.call("PUT", f"/v1/alarms/{name(number)}", {"state": "OK", "maxAge": "PT1H"})
        reporter = Reporter(plane, count)
        stack.callback(reporter.end)
        runs = _started(plane, [watched.conditions(number) for number in range(count)])
        statements = Embedded(plane.data)
        since, before = time.time(), statements.transactions()
        found["guarded"] = _spent(plane, seconds, watched.servers)
        until, after = time.time(), statements.transactions()
        found["transactions"] = (after - before) / seconds
        found |= _read(plane, runs, since, until)
        if (states := _states(plane)) != {"running": count}:
            found["wrong"].append(f"runs ended that should have gone on: {dict(states)}")
        for source, verdicts in found["verdicts"].items():
            if set(verdicts) != {"clear"}:
                found["wrong"].append(f"{source} was not clear: {verdicts}")
        found["wrong"] += reporter.wrong
    scene.say(f"{count} runs with guards: {json.dumps(found['guarded'])}")
    return found
