"""Many targets: whom a change to one wakes, what one more waiting instance and one more target cost, what a poll costs."""

import time
from collections.abc import Callable

from .database import Embedded
from .delivery import Scene, fired_wrongly
from .fleet import Fleet
from .load import LoadFailed, ask, request_bytes
from .plane import POLL, TARGET, Plane, target

FEW = 10
WAITERS_EACH = 10       # instances that wait for one target
LINGER = 2              # seconds in which those whom a change does not concern might wrongly be answered
POLLING = 50_000        # instances that poll by turns, so that none asks more often than it may
VERSION = 2 ** 32 + 1   # of a document that was published once and saw no halt
HELD = f'If-None-Match: "{VERSION}"\r\n'
UNCHANGED = {"any_body": True, "headers": HELD, "status": 304, "unique": True, "wrap": POLLING}


def known(scene: Scene, plane: Plane, count: int) -> None:
    """Makes the server know so many targets: each has a document in its memory, and was polled for."""
    Embedded(plane.data).documents(TARGET, count)
    last, wanted = f"/v1/faults/bench-{count - 1:08d}?instance=last", f'"version":{VERSION},'.encode()
    plane.until(lambda: wanted in ask(plane.injectors, "GET", last)[1], True, 30)
    found = scene.load.run("closed", plane.injectors, POLL, targets=count, requests=max(count, FEW), seconds=120, **UNCHANGED)
    if found["errors"]:
        raise LoadFailed(f"not every target was polled for: {found}")


def isolation(scene: Scene, plane: Plane) -> dict:
    """A fault for one of the targets that are waited for."""
    plan, wrong, samples = scene.plan, [], []
    targets = max(2, min(plan.targets, plan.instances // WAITERS_EACH))
    with Fleet(scene.load, plane, plan.instances, targets) as fleet:
        fleet.settle()
        for number in range(plan.rounds):
            one = number % targets
            request = plane.start_request(plane.template([target(one)]))
            found = fleet.fire(request, plan.patience, one, LINGER)
            samples.append(found)
            wrong += fired_wrongly("one target", found)
            plane.call("DELETE", f"/experiments/{found['body']['experiment']['id']}")
            fleet.settle()
            scene.say(f"one target of {targets:,}: {found['visible_us']['count']} woken, {found['others']['changed']} others")
    return {"targets_waited_for": targets, "samples": samples, "wrong": wrong}


def waiting_memory(scene: Scene) -> dict:
    """Of a server that never had more: without instances, when they wait, and when they hold a fault and have renewed it."""
    with scene.plane() as plane:
        found = {"empty": plane.memory()}
        with Fleet(scene.load, plane, scene.plan.instances) as fleet:
            fleet.settle()
            found["waiting"] = plane.memory()
            fleet.fire(plane.start_request(plane.template([target(0)])), scene.plan.patience, linger=scene.plan.renewal)
            fleet.settle()
            found["holding"] = plane.memory()
    return found


def statements(scene: Scene, plane: Plane, request: bytes, **options: object) -> dict:
    """What the database does while nobody asks, and while many do, for the same time; and how long they waited."""
    plan, database = scene.plan, Embedded(plane.data)
    seconds = plan.counted_polls / plan.poll_rate

    def counted(work: Callable[[], dict]) -> dict:
        lent, ended = plane.metric("faultplane_database_lent_total"), database.transactions()
        done = work()
        return {"polls": done.get("requests", 0), "latency_us": done.get("latency_us"),
                "lent": plane.metric("faultplane_database_lent_total") - lent, "transactions": database.transactions() - ended}

    def asked() -> dict:
        found = scene.load.send("paced", plane.injectors, request, any_body=True, targets=plan.targets, rate=plan.poll_rate,
                                connections=plan.connections, seconds=seconds, unique=True, wrap=POLLING, **options)
        if found["errors"]:
            raise LoadFailed(f"what was asked went wrong: {found}")
        return found

    def rested() -> dict:
        time.sleep(seconds)
        return {}

    before, busy, after = counted(rested), counted(asked), counted(rested)
    # A session tells of what it did up to ten seconds late, so what was done before may be counted in the first rest.
    idle = min(before, after, key=lambda one: one["transactions"])
    scene.say(f"database: {idle['transactions']} transactions in {seconds:g} s while nobody asks, {busy['transactions']} with "
              f"{busy['polls']:,} requests")
    return {"seconds": seconds, "idle": idle, "busy": busy}


def cost(scene: Scene, few: Plane, many: Plane) -> list[dict]:
    """CPU per poll by turns: ten targets there are, the same ten among many, and all of the many."""
    turns = [("few", few, FEW), ("ten of many", many, FEW), ("many", many, scene.plan.targets)]
    samples = []
    for number in range(scene.plan.rounds):
        for name, plane, targets in turns[number % 3:] + turns[:number % 3]:
            own, whole = plane.server.cpu_ns([plane.server.process.pid]), plane.server.cpu_ns()
            found = scene.load.run("closed", plane.injectors, POLL, targets=targets, connections=scene.plan.connections,
                                   seconds=scene.plan.seconds, **UNCHANGED)
            found["own_cpu_us"] = (plane.server.cpu_ns([plane.server.process.pid]) - own) / 1000 / found["requests"]
            found["cpu_us"] = (plane.server.cpu_ns() - whole) / 1000 / found["requests"]
            samples.append({"round": number, "name": name, **found})
            scene.say(f"{name:<12}{found['per_second']:,.0f}/s, CPU {found['cpu_us']:.2f} us, without the database's "
                      f"{found['own_cpu_us']:.2f} us" + (f", {found['errors']} ERRORS" if found["errors"] else ""))
    return samples


def measured(scene: Scene) -> dict:
    with scene.plane() as few, scene.plane() as many:
        empty = many.memory()
        known(scene, few, FEW)
        known(scene, many, scene.plan.targets)
        found = {"known": {"empty": empty, "known": many.memory()},
                 "statements": statements(scene, many, request_bytes(many.injectors, "GET", POLL, headers=HELD), status=304),
                 "cost": cost(scene, few, many), "isolation": isolation(scene, many)}
    found["waiting"] = waiting_memory(scene)
    wrong = [f"polls: {one['errors']} errors; {one.get('stderr', '')}" for one in found["cost"] if one["errors"]]
    return {**found, "wrong": wrong + found["isolation"]["wrong"]}
