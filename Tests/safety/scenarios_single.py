"""One node, one injector: it is ended on purpose, or something dies, stalls or is cut off."""

import math

from processes import boot, pass_time
from proxy import Line
from scenario import scenario
from world import SECOND, Mark, World

AT_ONCE = SECOND
# The end itself; what is measured may be wrong by the harness's allowance.
AT_ITS_END = SECOND // 10


@scenario("halt", "1 s", quick=True)
def halt(world: World) -> list[Mark]:
    one = world.one()
    fault = world.fault(one.node)
    world.some_time()
    return [Mark(world.halt(one.node, fault), AT_ONCE, fault)]


@scenario("halt, disengaged, started and halted again", "1 s", quick=True)
def halt_twice(world: World) -> list[Mark]:
    """What the first halt ended stays off when the lever is disengaged, also for an instance that knows nothing of it."""
    one, marks = world.one(), []
    for turn in range(2):
        fault = world.fault(one.node)
        world.some_time()
        marks.append(Mark(world.halt(one.node, fault), AT_ONCE, fault))
        pass_time(1.5)
        if turn == 0:
            world.disengage(one.node)
            world.newcomer(one.to_node.port, one.node)
            pass_time(1)
    return marks


@scenario("halt, database killed", "1 s", quick=True, is_hung=False)
@scenario("halt, database hung", "1 s", is_hung=True)
def halt_without_database(world: World, is_hung: bool) -> list[Mark]:
    one = world.one()
    fault = world.fault(one.node)
    world.some_time()
    if is_hung:
        one.database.child.freeze()
    else:
        one.database.kill()
    world.unhealthy(one.node, "database hung" if is_hung else "database killed")
    # Not so late that the lease could have ended it.
    world.some_time(world.options.lease / 4)
    return [Mark(world.halt(one.node, fault), AT_ONCE, fault)]


@scenario("stop", "1 s", quick=True)
def stop(world: World) -> list[Mark]:
    one = world.one()
    fault = world.fault(one.node)
    world.some_time()
    return [Mark(world.stop(fault, one.node), AT_ONCE, fault)]


@scenario("natural end", "its end", quick=True)
def natural_end(world: World) -> list[Mark]:
    one = world.one()
    fault = world.fault(one.node, world.options.lease / 2 + world.random.randrange(3))
    world.truth.note("ended", fault.over, fault=fault.name, why="over")
    return [Mark(fault.over, AT_ITS_END, fault)]


@scenario("server kill -9", "a lease", quick=True)
def server_killed(world: World) -> list[Mark]:
    one = world.one()
    fault = world.fault(one.node)
    world.some_time()
    one.node.child.kill()
    return [Mark(world.unhealthy(one.node, "killed"), world.lease, fault)]


@scenario("database kill -9", "a lease", quick=True)
def database_killed(world: World) -> list[Mark]:
    one = world.one()
    fault = world.fault(one.node)
    world.some_time()
    one.database.kill()
    return [Mark(world.unhealthy(one.node, "database killed"), world.lease, fault)]


@scenario("database paused (SIGSTOP)", "a lease", quick=True)
def database_paused(world: World) -> list[Mark]:
    one = world.one()
    fault = world.fault(one.node)
    world.some_time()
    one.database.child.freeze()
    return [Mark(world.unhealthy(one.node, "database paused"), world.lease, fault)]


@scenario("database cut off, both ways", "a lease", line=Line.cut)
@scenario("database cut off, its answers lost", "a lease", line=Line.answers_lost)
def database_cut(world: World, line: Line) -> list[Mark]:
    one = world.one()
    fault = world.fault(one.node)
    world.some_time()
    one.to_database.set(line)
    return [Mark(world.unhealthy(one.node, f"database: {line.value}"), world.lease, fault)]


@scenario("network cut, both ways", "a lease", quick=True, line=Line.cut)
@scenario("network cut, answers lost", "a lease", quick=True, line=Line.answers_lost)
@scenario("network cut, requests lost", "a lease", line=Line.requests_lost)
def network_cut(world: World, line: Line) -> list[Mark]:
    one = world.one()
    fault = world.fault(one.node)
    world.some_time()
    if line is Line.requests_lost:
        # The poll that waits is still answered, and that is the last proof that all was well.
        one.to_node.set(line)
        pass_time(world.options.lease / 3 + 0.5)
        cut = world.truth.note("cut", one.injector.last_answer(), instance=one.injector.instance, node=None)
    else:
        cut = world.cut(one.to_node, line, one.injector)
    marks = [Mark(cut, world.lease, fault)]
    # It is stopped when no poll waits for its answer any more, and must not come back when the line is mended.
    pass_time(world.options.lease + 1)
    world.stop(fault, one.node)
    pass_time(1.5)
    world.mend(one.to_node, one.injector)
    return marks


@scenario("node SIGSTOP", "a lease", quick=True)
def node_paused(world: World) -> list[Mark]:
    """The fault's own end comes while it stands still."""
    one = world.one()
    fault = world.fault(one.node, math.ceil(world.options.lease * 4 / 3 + 2))
    world.some_time()
    began = boot()
    one.node.child.freeze()
    marks = [Mark(world.unhealthy(one.node, "paused"), world.lease, fault)]
    world.truth.note("ended", fault.over, fault=fault.name, why="over")
    pass_time(max(world.options.pause, (fault.over - began) / SECOND + 1))
    world.healthy(one.node)
    one.node.child.thaw()
    return marks


@scenario("node SIGSTOP, run stopped on another", "a lease")
def node_paused_run_stopped(world: World) -> list[Mark]:
    """It wakes up with a run in its memory that is long over."""
    one = world.one()
    other = world.node("b", one.database.url)
    fault = world.fault(one.node)
    world.some_time()
    one.node.child.freeze()
    marks = [Mark(world.unhealthy(one.node, "paused"), world.lease, fault)]
    world.some_time()
    world.stop(fault, other)
    pass_time(world.options.pause)
    world.healthy(one.node)
    one.node.child.thaw()
    return marks


@scenario("injector SIGSTOP, stopped meanwhile", "a lease", quick=True, is_cut=False)
@scenario("injector SIGSTOP, stopped meanwhile, cut off", "a lease", is_cut=True)
def injector_paused(world: World, is_cut: bool) -> list[Mark]:
    """In its socket waits an answer that renewed the fault; where it is cut off, nothing newer ever comes."""
    one = world.one()
    fault = world.fault(one.node)
    world.some_time()
    one.injector.child.freeze()
    world.truth.note("paused", instance=one.injector.instance)
    began = boot()
    pass_time(world.options.lease / 2)
    if is_cut:
        world.cut(one.to_node, Line.cut, one.injector)
    marks = [Mark(world.stop(fault, one.node), world.lease, fault)]
    pass_time(2 * world.options.pause - (boot() - began) / SECOND)
    world.truth.note("resumed", instance=one.injector.instance)
    one.injector.child.thaw()
    return marks
