"""All instances at once at a server that was killed and has just started again."""

import time

from .delivery import Scene
from .fleet import Fleet
from .plane import Plane, target


def one(scene: Scene, plane: Plane, fleet: Fleet) -> dict:
    fleet.settle()
    before = plane.memory()
    plane.kill()
    begun = time.monotonic_ns()
    plane.restart()
    listening = time.monotonic_ns()
    found = fleet.herd(plane.injectors, 3 * scene.plan.patience)
    # Of this process, so since it started.
    lent, after = plane.metric("faultplane_database_lent_total"), time.monotonic_ns()
    found |= {"listening_us": (listening - begun) / 1000, "counted_us": (after - begun) / 1000, "lent": lent,
              "memory": {"before": before, "after": plane.memory()}}
    scene.say(f"herd   listening after {found['listening_us'] / 1e6:.2f} s; then the last trusted answer after "
              f"{found['trusted_us']['max'] / 1e6:.2f} s, {found['arrivals']['degraded']} degraded, "
              f"{found['arrivals']['refused']} refused, {lent:.0f} database sessions lent")
    return found


def measured(scene: Scene) -> dict:
    with scene.plane() as plane:
        empty = plane.memory()
        plane.start(plane.template([target(0)]))
        with Fleet(scene.load, plane, scene.plan.instances) as fleet:
            samples = [one(scene, plane, fleet) for _ in range(scene.plan.herds)]
    wrong = [f"herd: {sample['error_kinds']['lost']} instances had no answer to trust" for sample in samples if sample["errors"]]
    return {"samples": samples, "empty": empty, "wrong": wrong}
