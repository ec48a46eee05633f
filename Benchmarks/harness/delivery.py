"""What the parts of the measurement of delivery share: the plan, where servers run, what is a failure."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .load import Load
from .peers import Setting
from .plane import Plane

# The parts in the order they run; the first three share a server.
PARTS = ["start", "stop", "halt", "targets", "polls", "herd"]


@dataclass
class Plan:
    """How much of everything."""

    rounds: int = 7
    seconds: float = 2
    instances: int = 10_000
    targets: int = 50_000
    connections: int = 64
    poll_rate: int = 20_000
    counted_polls: int = 100_000
    herds: int = 3
    patience: float = 20  # seconds until who has not seen a change counts as lost
    renewal: float = 6    # seconds in which who holds a fault has renewed it: a third of the lease, and a little
    loops: int = 1


@dataclass
class Scene:
    """Where and with what is measured."""

    plan: Plan
    setting: Setting
    load: Load
    say: Callable[[str], None]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def plane(self, flags: list[str] | None = None) -> Plane:
        """A server on a new data directory, with more flags than all have."""
        directory = self.setting.directory / f"plane-{next(self.numbers)}"
        return Plane(self.setting.subject_command, self.setting.core, directory, self.plan.loops, flags)


def fired_wrongly(name: str, found: dict) -> list[str]:
    """What must not be in the answers that followed a request, in words."""
    came = found["arrivals"]
    wrong = {"lost or broken": found["errors"], "refused": came["refused"], "degraded": came["degraded"],
             "of a lower version": came["lowered"], "answers to those it did not concern": found["others"]["changed"]}
    return [f"{name}: {count} {what}" for what, count in wrong.items() if count]
