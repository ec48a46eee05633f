"""A plane with a proxy of its own before each of its sources, and runs on it that are guarded by one condition."""

import pathlib
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass

from exporter import Exporter
from faulty import Behaviour, Faulty
from node import FUNCTION, ROLE, Node
from postgres import USER, Cluster, Clusters
from processes import Trouble, until
from servers import PASSWORD, REGION, CloudWatch, Prometheus

LEASE = 15.0
# From one evaluation to the next, what one may take, and how long a condition may be unreadable before it counts as breached.
PACE, BUDGET, PATIENCE = LEASE / 5, LEASE / 6, 15.0
FINAL = ("completed", "stopped", "failed", "cancelled")


def function(name: str) -> str:
    return f"arn:aws:lambda:us-east-1:000000000000:function:{name}"


@dataclass(frozen=True)
class Sources:
    """The real ones."""

    exporter: Exporter
    prometheus: Prometheus
    cloudwatch: CloudWatch


@dataclass(frozen=True)
class Run:
    """A run with one action, Fail, on a function of its own name."""

    id: str
    name: str
    # When it was asked for, since the epoch.
    started: float
    # What its first condition has as its value.
    value: str


def many_nodes(clusters: Clusters) -> Cluster:
    """A cluster that takes the sessions of many nodes."""
    with (clusters.template / "cluster" / "postgresql.conf").open("a") as settings:
        settings.write("max_connections = 300\n")
    return clusters.make()


class Guarded:
    """One node on a database of its own."""

    def __init__(self, name: str, binary: pathlib.Path, folder: pathlib.Path, cluster: Cluster, sources: Sources,
                 prometheus: str | None = None, cloudwatch: str | None = None, flags: tuple[str, ...] = ()):
        self.name, self.sources, self.folder = name, sources, folder / name
        self.folder.mkdir()
        self.prometheus = Faulty(sources.prometheus.port)
        self.cloudwatch = Faulty(sources.cloudwatch.port)
        self.http = Faulty(sources.exporter.port)
        self.user = f"{name}-user"
        sources.prometheus.let_in(self.user)
        self.key = sources.cloudwatch.new_key(self.user)
        self.auth, self.credentials = self.folder / "prometheus-auth", self.folder / "cloudwatch-credentials"
        self.write_auth(self.user)
        self.write_key(self.key)
        # What is told again and again, as teams' own programs do it: by name, how many of ten invocations fail, and alarms.
        self.reported: dict[str, int] = {}
        self.pushed: set[str] = set()
        self.troubles: list[str] = []
        self._lock = threading.Lock()
        self._sequences: dict[str, int] = {}
        self._ended = threading.Event()
        cluster.ask(f'CREATE DATABASE "{name}"')
        self.node = Node(name, binary, self.folder, f"postgresql://{USER}@127.0.0.1:{cluster.port}/{name}", LEASE, (
            "--prometheus", prometheus or self.prometheus.url, "--prometheus-auth", str(self.auth),
            "--cloudwatch", cloudwatch or self.cloudwatch.url, "--cloudwatch-credentials", str(self.credentials), *flags))
        # The threads that the table is made by are not those that start its processes: a child goes when its starter does.
        self.node.start(wait=False)

    def write_auth(self, user: str) -> None:
        self._write(self.auth, f"basic {user}:{PASSWORD}\n")

    def write_key(self, key: tuple[str, str]) -> None:
        self._write(self.credentials,
                    f"[default]\naws_access_key_id = {key[0]}\naws_secret_access_key = {key[1]}\nregion = {REGION}\n")

    @staticmethod
    def _write(path: pathlib.Path, text: str) -> None:
        written = path.with_suffix(".new")
        written.write_text(text)
        written.chmod(0o600)
        written.rename(path)

    def await_ready(self) -> None:
        # What it says on its output, as everybody waits for it.
        if not self.node.child.line().startswith("listening on "):
            raise Trouble(f"{self.name} does not listen; {self.node.child.tail()}")
        until(self.node.is_ready, lambda found: found, f"{self.name} to be ready; {self.node.child.tail()}", 60)

    def behave(self, behaviour: Behaviour) -> None:
        """All of its outgoing sources at once."""
        for proxy in (self.prometheus, self.cloudwatch, self.http):
            proxy.behave(behaviour)

    def refuse(self) -> None:
        for proxy in (self.prometheus, self.cloudwatch, self.http):
            proxy.refuse()

    # -- what is watched

    def condition(self, source: str, name: str) -> dict:
        """One that is clear until `fire`."""
        values: dict[str, Callable[[], str]] = {
            "prometheus": lambda: f'watched{{name="{name}"}} > 10',
            "aws:cloudwatch:alarm": lambda: self.sources.cloudwatch.alarm(name),
            "http": lambda: f"{self.http.url}/health/{name} where /checks/value <= 10",
            "alarm": lambda: f"alarm:{name}",
            "telemetry": lambda: "telemetry:errorRate over 10s > 0.2",
        }
        if source == "prometheus":
            self.sources.exporter.set(name, 0)
        if source == "alarm":
            self.push(name, "OK")
        if source == "telemetry":
            self.reported[name] = 0
            self.report({name: 0})
        # FIS asks for 20 characters, and spaces around a value are nothing.
        return {"source": source, "value": values[source]().ljust(20)}

    def keep_telling(self) -> None:
        """Tells twice a second what there is to be told, until it is closed."""
        threading.Thread(target=self._tell, name=f"{self.name} tells", daemon=True).start()

    def _tell(self) -> None:
        while not self._ended.wait(0.5):
            try:
                for name in list(self.pushed):
                    self.push(name, "OK", maxAge="PT2S")
                if self.reported:
                    self.report(dict(self.reported))
            except Trouble as trouble:
                if not self._ended.is_set():
                    self.troubles.append(str(trouble))

    def report(self, errors: dict[str, int], invocations: int = 10) -> None:
        """So many invocations of each function, of which some failed, of 12 ms each."""
        with self._lock:
            for name in errors:
                self._sequences[name] = self._sequences.get(name, 0) + 1
            reports = [{"target": function(name), "instance": "reports", "sequence": self._sequences[name],
                        "invocations": invocations, "errors": count, "injected": {}, "durations": {"15": invocations}} for name, count in errors.items()]
        self.node.ask("POST", "/v1/telemetry", {"reports": reports})

    def tell(self, name: str, errors: int) -> None:
        """From now on so many of ten invocations fail, and a thousand of which that is so were told at once."""
        self.reported[name] = errors
        self.report({name: 100 * errors}, 1000)

    def forget(self, name: str) -> None:
        """There is no alarm of that name any more."""
        self.node.ask("DELETE", f"/v1/alarms/{urllib.parse.quote(name, safe='')}")

    def push(self, name: str, state: str, **members: object) -> None:
        self.node.ask("PUT", f"/v1/alarms/{urllib.parse.quote(name, safe='')}", {"state": state, **members})

    # -- runs

    def start(self, name: str, *conditions: dict, seconds: int = 300) -> Run:
        self.node.register(function(name))
        made = self.node.ask("POST", "/experimentTemplates", {
            "clientToken": name, "description": name, "roleArn": ROLE, "stopConditions": list(conditions),
            "targets": {"Fns": {"resourceType": FUNCTION, "selectionMode": "ALL", "resourceArns": [function(name)]}},
            "actions": {"Fail": {
                # A fault that fails invocations would be a breach of its own for those that watch errors.
                "actionId": "aws:lambda:invocation-add-delay", "targets": {"Functions": "Fns"},
                "parameters": {"duration": f"PT{seconds}S", "startupDelayMilliseconds": "20", "ifUnheld": "complete"}}}})
        started = time.time()
        run = self.node.run(made["experimentTemplate"]["id"], name)
        return Run(run, name, started, conditions[0]["value"].strip())

    def read(self, run: Run) -> dict:
        return self.node.ask("GET", f"/experiments/{run.id}")["experiment"]

    def await_running(self, run: Run, seconds: float = 20.0) -> None:
        found = until(lambda: self.read(run)["state"], lambda state: state["status"] in ("running", *FINAL),
                      f"{run.name} to run", seconds, every=0.1)
        if found["status"] != "running":
            raise Trouble(f"{run.name} should be running, and is {found}")

    def guards(self, run: Run) -> dict:
        return self.node.ask("GET", f"/experiments/{run.id}/guards")

    def changes(self, run: Run) -> int:
        """How often anything was published to the run's target, or cleared."""
        found = self.node.ask("GET", f"/v1/faults/{run.name}?instance=looks")
        if found["version"] is None:
            raise Trouble(f"the node is not sure of {run.name}: {found}")
        return found["version"] & 0xFFFF_FFFF

    def close(self) -> None:
        self._ended.set()
        if self.node.child:
            self.node.child.kill()
        for proxy in (self.prometheus, self.cloudwatch, self.http):
            proxy.close()
