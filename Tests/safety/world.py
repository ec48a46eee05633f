"""One run's world: a database, nodes, a network between them that can be cut, injectors, and the record of what was done."""

import json
import pathlib
import random
import threading
import time
from dataclasses import dataclass, field

from health import Health
from moved import Clock
from node import InjectorProcess, Node
from postgres import Cluster, Clusters
from processes import Trouble, boot, pass_time, until
from proxy import Line, Proxy

SECOND = 1_000_000_000
# What the harness's own readings may be wrong by: its note of a moment, and the pause between two invocations.
ALLOWANCE = SECOND // 10
# The members of the proof that a halt answers with.
PROOF = ("epoch", "engagementId", "reason", "engagedAt", "offBy", "durable", "nodes", "experimentsStopped", "instances")
TARGET = "arn:aws:lambda:us-east-1:000000000000:function:checkout"


@dataclass(frozen=True)
class Options:
    """What all runs of a table have in common."""

    binary: pathlib.Path
    injector: pathlib.Path
    lease: float = 15.0
    # How long a node stands still; an injector does twice as long.
    pause: float = 60.0
    environment: dict[str, str] = field(default_factory=dict)
    injector_environment: dict[str, str] = field(default_factory=dict)


class Truth:
    """Writes what was done, for the checker."""

    def __init__(self, path: pathlib.Path):
        self.path = path
        self._file = path.open("w")
        self._lock = threading.Lock()

    def note(self, kind: str, at: int | None = None, **members: object) -> int:
        """At this moment unless another is given; gives the moment."""
        at = boot() if at is None else at
        with self._lock:
            if not self._file.closed:
                self._file.write(json.dumps({"kind": kind, **members, "boot": at}) + "\n")
                self._file.flush()
        return at

    def close(self) -> None:
        with self._lock:
            self._file.close()


@dataclass
class Fault:
    """A fault that is on, whose it is, and when it ends by itself, on the boot clock."""

    run: str
    name: str
    over: int = 0


@dataclass(frozen=True)
class Mark:
    """A promise to be measured: how long after `since` the fault may still be injected."""

    since: int
    within: int
    fault: Fault


class World:
    """Everything of one run; `close` ends all of it."""

    def __init__(self, options: Options, clusters: Clusters, folder: pathlib.Path, seed: int):
        self.options, self.clusters, self.folder = options, clusters, folder
        self.random = random.Random(seed)
        self.lease = round(options.lease * SECOND)
        self.truth = Truth(folder / "truth.jsonl")
        self.truth.note("setup", lease=self.lease, allowance=ALLOWANCE, seed=seed)
        self.clusters_made: list[Cluster] = []
        self.nodes: dict[str, Node] = {}
        self.injectors: list[InjectorProcess] = []
        self.relays: list = []
        self.tokens = 0
        self.halted: list[Node] = []
        # What is wrong beside the times and the promises, in sentences.
        self.complaints: list[str] = []

    # -- what there is

    def clock(self, name: str) -> Clock:
        """One that can be moved."""
        return Clock(self.clusters.home / f"{self.folder.name}-{name}.clock", self.clusters.clock_library)

    def cluster(self, clock: Clock | None = None) -> Cluster:
        made = self.clusters.make(clock)
        self.clusters_made.append(made)
        return made

    def standby(self, of: Cluster) -> Cluster:
        made = self.clusters.standby(of)
        self.clusters_made.append(made)
        return made

    def proxy(self, to: int) -> Proxy:
        made = Proxy(to)
        self.relays.append(made)
        return made

    def node(self, name: str, database: str, clock: Clock | None = None, flags: tuple[str, ...] = ()) -> Node:
        if self.nodes:
            flags = (*flags, "--master-key", str(next(iter(self.nodes.values())).data / "master.key"))
        made = Node(name, self.options.binary, self.folder, database, self.options.lease, flags, clock and clock.environment)
        self.nodes[name] = made
        made.start(**self.options.environment)
        until(made.is_ready, lambda found: found, f"node {name} to be ready; {made.child.tail()}")
        self.truth.note("healthy", node=name)
        return made

    def injector(self, port: int, nodes: list[Node], instance: str = "i-1", clock: Clock | None = None,
                 target: str = TARGET) -> InjectorProcess:
        self.truth.note("asks", instance=instance, nodes=[node.name for node in nodes])
        moved = (clock.environment if clock else []) + [f"{name}={value}" for name, value in
                                                      self.options.injector_environment.items()]
        # An answer that is lost is given up five seconds after it was to come; longer waits only make a run longer.
        wait = max(3, round(self.options.lease / 2))
        made = InjectorProcess(self.options.injector, self.folder, target, instance, port, nodes[0].data, wait, moved)
        self.injectors.append(made)
        return made

    def one(self, database_clock: Clock | None = None, node_clock: Clock | None = None,
            injector_clock: Clock | None = None) -> "One":
        """The plainest world: a database, a node, an injector, and a line that can be cut before each."""
        database = self.cluster(database_clock)
        to_database = self.proxy(database.port)
        node = self.node("a", database.url_at(to_database.port), node_clock)
        to_node = self.proxy(node.port)
        return One(database, to_database, node, to_node, self.injector(to_node.port, [node], clock=injector_clock))

    # -- what happens

    def fault(self, node: Node, seconds: float = 3600.0, target: str = TARGET, guard: dict | None = None) -> Fault:
        """Starts a fault, guarded by a stop condition or not, and returns when every injector of the target injects."""
        self.tokens += 1
        node.register(target)
        run = node.run(node.template(target, seconds, f"template-{self.tokens}", guard), f"run-{self.tokens}")
        fault = Fault(run, f"{run}/Fail")
        self.truth.note("published", fault=fault.name, target=target)
        for injector in self.injectors:
            injector.await_injecting()
        fault.over = self.truth.note("over", self._over(fault), fault=fault.name)
        return fault

    def _over(self, fault: Fault) -> int:
        """When it ends on the boot clock, by an answer in which an injector was told of it."""
        for injector in self.injectors:
            for line in injector.lines():
                told = (line.get("body") or {}).get("faults") or [] if line["kind"] == "answered" else []
                for one in told:
                    if one["id"] == fault.name:
                        left = one["notAfter"] - float(line["headers"]["faultplane-time"])
                        return line["boot"] + round(left * SECOND)
        raise Trouble(f"{fault.name} is injected, and no injector recorded that it was told of it")

    def newcomer(self, port: int, node: Node) -> InjectorProcess:
        """An instance that has seen nothing yet: it takes whatever it is told."""
        made = self.injector(port, [node], f"i-{len(self.injectors) + 1}")
        until(lambda: made.invocations(), lambda found: found, f"{made.instance} to begin; {made.child.tail()}")
        return made

    def some_time(self, most: float | None = None) -> None:
        """A moment by the seed: anywhere between two renewals of the lease."""
        pass_time(self.random.uniform(0, self.options.lease / 3 + 0.3 if most is None else most))

    def stop(self, fault: Fault, node: Node) -> int:
        """Stops its run; gives when that was asked for."""
        asked = boot()
        node.ask("DELETE", f"/experiments/{fault.run}")
        self.truth.note("ended", fault=fault.name, why="stopped")
        return asked

    def health(self) -> Health:
        """A page that says how something is, for a guard to read."""
        made = Health()
        self.relays.append(made)
        return made

    def breach(self, fault: Fault, health: Health, within: int) -> int:
        """What guards the fault says from now on that it must end; gives when that was."""
        health.status = 500
        return self.truth.note("breached", fault=fault.name, within=within)

    def guarded_end(self, fault: Fault, node: Node, seconds: float) -> None:
        """Waits until its guard has stopped its run, as this node tells it."""
        found = until(lambda: node.status(fault.run), lambda status: status in ("stopping", "stopped", "completed", "failed"),
                      f"the guard of {fault.name} to stop its run", seconds)
        self.truth.note("ended", fault=fault.name, why="stopped by its guard")
        if found not in ("stopping", "stopped"):
            self.complaints.append(f"{fault.name} was to be stopped by its guard, and its run is {found}")

    def halt(self, node: Node, *faults: Fault) -> int:
        """Pulls the emergency stop at this node; gives when that was asked for."""
        asked = boot()
        try:
            proof = node.ask("POST", "/emergency-stop", {"reason": "drill"})
        except Trouble as trouble:
            self.complaints.append(f"the halt was not acknowledged: {trouble}")
            return asked
        self.halted.append(node)
        at = self.truth.note("halted", node=node.name, epoch=proof["epoch"])
        for fault in faults:
            self.truth.note("ended", at, fault=fault.name, why="halted")
        self.complaints += self.proven(proof)
        return asked

    def proven(self, proof: dict) -> list[str]:
        """What is wrong with a proof; what it proves is noted, for the checker to hold the nodes to."""
        missing = [name for name in PROOF if name not in proof]
        if missing:
            return [f"the halt's proof has no {', '.join(missing)}: {json.dumps(proof)}"]
        nodes, off_by = proof["nodes"], proof["offBy"]
        if nodes["confirmed"] == nodes["known"]:
            self.truth.note("proven", epoch=proof["epoch"])
        if off_by is not None:
            self.truth.note("proven", boot() + round((off_by - time.time()) * SECOND), epoch=proof["epoch"])
        if not (proof["durable"]["latch"] or proof["durable"]["database"]):
            return [f"the halt is acknowledged, and nothing durable records it: {json.dumps(proof)}"]
        return []

    def disengage(self, node: Node) -> None:
        """Lets runs start again; what was halted stays off all the same."""
        self.truth.note("disengaged")
        state = {"state": {"status": "disengaged", "reason": "the drill goes on"}}
        until(lambda: node.request("PATCH", "/safetyLevers/default/state", state), lambda found: found[0] == 200,
              f"node {node.name} to disengage the lever")

    def check_proofs(self) -> None:
        """Nobody is silent in a halt's proof whose own `offBy` has passed: then it is off."""
        for node in self.halted:
            try:
                proof = node.ask("GET", "/emergency-stop")
            except Trouble as trouble:
                self.complaints.append(f"the halt's proof cannot be read: {trouble}")
                continue
            late = [one for one in proof.get("instances", {}).get("silent", [])
                    if one["offBy"] is not None and one["offBy"] < time.time() - 0.5]
            if late:
                self.complaints.append(f"the halt's proof calls instances silent that are off by now: {late}")

    def unhealthy(self, node: Node, why: str) -> int:
        return self.truth.note("unhealthy", node=node.name, why=why)

    def healthy(self, node: Node) -> int:
        return self.truth.note("healthy", node=node.name)

    def cut(self, proxy: Proxy, line: Line, injector: InjectorProcess, node: Node | None = None) -> int:
        proxy.set(line)
        return self.truth.note("cut", instance=injector.instance, node=node and node.name)

    def mend(self, proxy: Proxy, injector: InjectorProcess, node: Node | None = None) -> int:
        at = self.truth.note("joined", instance=injector.instance, node=node and node.name)
        proxy.set(Line.whole)
        return at

    # -- the end

    def end_injectors(self) -> None:
        for injector in self.injectors:
            injector.end()

    def close(self) -> None:
        self.truth.close()
        for injector in self.injectors:
            injector.end()
        for node in self.nodes.values():
            if node.child and node.child.is_running:
                node.child.kill()
        for relay in self.relays:
            relay.close()
        for cluster in self.clusters_made:
            cluster.close()


@dataclass
class One:
    """The parts of the plainest world."""

    database: Cluster
    to_database: Proxy
    node: Node
    to_node: Proxy
    injector: InjectorProcess
