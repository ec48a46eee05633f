"""What guards a fault says that it must end, or says nothing any more; and whoever reads it stands still."""

from processes import boot, pass_time
from proxy import Line
from scenario import scenario
from world import SECOND, Mark, World

# From one evaluation to the next and for one evaluation, as shares of a lease; then what a stop may take.
EVALUATION = 1 / 5 + 1 / 6
# Seconds for which a guard may be unreadable.
PATIENCE = 15


def once(world: World) -> int:
    return round(EVALUATION * world.lease) + SECOND


@scenario("guard breached", "11/30 of a lease + 1 s", quick=True)
def guard_breached(world: World) -> list[Mark]:
    one, health = world.one(), world.health()
    fault = world.fault(one.node, guard=health.guard)
    world.some_time()
    breached = world.breach(fault, health, once(world))
    world.guarded_end(fault, one.node, once(world) / SECOND + 5)
    return [Mark(breached, once(world), fault)]


@scenario("guard unreadable", "15 s + 11/30 of a lease + 1 s")
def guard_unreadable(world: World) -> list[Mark]:
    """Nobody listens any more where the guard is read."""
    one, health = world.one(), world.health()
    fault = world.fault(one.node, guard=health.guard)
    world.some_time()
    within = PATIENCE * SECOND + once(world)
    closed = world.truth.note("breached", fault=fault.name, within=within)
    health.close()
    world.guarded_end(fault, one.node, within / SECOND + 5)
    return [Mark(closed, within, fault)]


@scenario("holder of the guard SIGSTOP, guard breached", "a lease", quick=True, freezes=0)
@scenario("another node than the guard's SIGSTOP, guard breached", "a lease", freezes=1)
def holder_frozen(world: World, freezes: int) -> list[Mark]:
    """Of two nodes the one that has the run, or the other, stands still; what it last read of the guard is worth a lease at most."""
    database, health = world.cluster(), world.health()
    nodes = [world.node(name, database.url) for name in "ab"]
    for node in nodes:
        world.injector(node.port, [node], f"stays-{node.name}")
    fault = world.fault(nodes[0], guard=health.guard)
    world.some_time()
    frozen, other = nodes[freezes], nodes[1 - freezes]
    began = boot()
    frozen.child.freeze()
    world.unhealthy(frozen, "paused")
    world.some_time(world.options.lease / 3)
    breached = world.breach(fault, health, world.lease)
    world.guarded_end(fault, other, world.options.lease + 5)
    pass_time(world.options.pause - (boot() - began) / SECOND)
    world.healthy(frozen)
    frozen.child.thaw()
    # It wakes up with a run in its memory that is long over.
    pass_time(1.5)
    return [Mark(breached, world.lease, fault)]


@scenario("guard breached, and nobody can look", "a lease", quick=True)
def nobody_looks(world: World) -> list[Mark]:
    """All else goes on: polls are answered, heartbeats and documents read. Only whose turn it is to look cannot be written down."""
    one, health = world.one(), world.health()
    fault = world.fault(one.node, guard=health.guard)
    world.some_time()
    lock = one.database.lock("run_guards")
    breached = world.breach(fault, health, world.lease)
    pass_time(world.options.lease + 1)
    one.database.unlock("run_guards", lock)
    world.guarded_end(fault, one.node, world.options.lease + 5)
    return [Mark(breached, world.lease, fault)]


@scenario("guard breached, database cut off", "a lease", line=Line.cut)
def guard_breached_without_database(world: World, line: Line) -> list[Mark]:
    """The breach is seen and cannot be written down; the fault ends with what was last known."""
    one, health = world.one(), world.health()
    fault = world.fault(one.node, guard=health.guard)
    world.some_time()
    one.to_database.set(line)
    cut = world.unhealthy(one.node, f"database: {line.value}")
    world.breach(fault, health, world.lease)
    return [Mark(cut, world.lease, fault)]
