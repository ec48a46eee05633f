"""Starts, stops and halts seen by many waiting instances, beside the bare wake of as many connections."""

from .delivery import Scene, fired_wrongly
from .fleet import Fleet, ProofWatch
from .load import request_bytes
from .measure import PARK
from .peers import Peer
from .plane import Plane, target

HALT = {"reason": "the benchmark halts"}


class Cycle:
    """One server and its instances, through round after round."""

    def __init__(self, scene: Scene, plane: Plane, fleet: Fleet, bare: Peer, names: set[str]):
        self.scene, self.plane, self.fleet, self.bare, self.names = scene, plane, fleet, bare, names
        self.template = plane.template([target(0)])
        self.samples, self.wrong = {"start": [], "stop": [], "halt": [], "bare": []}, []

    def round(self) -> None:
        run = self.start()
        if "stop" in self.names:
            self.fire("stop", self.plane.request("DELETE", f"/experiments/{run}"))
        if "halt" in self.names:
            if "stop" in self.names:
                self.start()
            self.halt()
        elif "stop" not in self.names:
            self.plane.call("DELETE", f"/experiments/{run}")
        self.park()

    def start(self) -> str:
        return self.fire("start", self.plane.start_request(self.template))["body"]["experiment"]["id"]

    def halt(self) -> None:
        watch = ProofWatch(self.plane, self.scene.plan.patience)
        found = self.fire("halt", self.plane.request("POST", "/emergency-stop", HALT), watch)
        found["proof"] = watch.result(found["fired_ns"])
        self.plane.disengage()

    def fire(self, name: str, request: bytes, watch: ProofWatch | None = None) -> dict:
        self.fleet.settle()
        if watch is not None:
            watch.start()
        found = self.fleet.fire(request, self.scene.plan.patience)
        self.samples[name].append(found)
        self.wrong += fired_wrongly(name, found)
        self.scene.say(f"{name:<6} visible p50 {found['visible_us']['p50'] / 1000:.1f} ms, p99 "
                       f"{found['visible_us']['p99'] / 1000:.1f} ms, confirmed p99 {found['confirmed_us']['p99'] / 1000:.1f} ms")
        return found

    def park(self) -> None:
        found = self.scene.load.run(
            "park", self.bare, PARK, connections=self.fleet.count, rounds=1, count_key=self.bare.count_key,
            count_request=request_bytes(self.bare, "GET", "/bench/parked"),
            trigger_request=request_bytes(self.bare, "POST", "/bench/wake"))
        self.samples["bare"].append(found)
        if found["errors"]:
            self.wrong.append(f"bare: {found['errors']} not answered rightly")
        self.scene.say(f"bare   woken p50 {found['wake_us']['p50'] / 1000:.1f} ms, p99 {found['wake_us']['p99'] / 1000:.1f} ms")


def measured(scene: Scene, bare: Peer, names: set[str]) -> dict:
    """A sample of each for every round; memory before there were instances, with all of them, and in the end."""
    with scene.plane() as plane:
        empty = plane.memory()
        with Fleet(scene.load, plane, scene.plan.instances) as fleet:
            fleet.settle()
            waiting = plane.memory()
            cycle = Cycle(scene, plane, fleet, bare, names)
            for _ in range(scene.plan.rounds):
                cycle.round()
            memory = {"empty": empty, "waiting": waiting, "end": plane.memory()}
    return {"samples": cycle.samples, "memory": memory, "wrong": cycle.wrong}
