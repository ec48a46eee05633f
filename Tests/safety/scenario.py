"""The list of scenarios: what is done to the plane while a fault is on, and what is promised then."""

from collections.abc import Callable
from dataclasses import dataclass

from world import Mark, World


@dataclass(frozen=True)
class Scenario:
    """One row of the table."""

    name: str
    # The promised bound as the table's reader is told it.
    bound: str
    run: Callable[[World], list[Mark]]
    # Among those that are run at each change of the code.
    is_quick: bool


SCENARIOS: dict[str, Scenario] = {}


def scenario(name: str, bound: str, quick: bool = False, **given: object) -> Callable:
    """Puts a function into the list, under a name and with what else it is given; may be written several times above one."""

    def put(function: Callable) -> Callable:
        if name in SCENARIOS:
            raise ValueError(f"there are two scenarios {name!r}")
        SCENARIOS[name] = Scenario(name, bound, lambda world: function(world, **given), quick)
        return function

    return put
