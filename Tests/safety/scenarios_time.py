"""Clocks that jump, and databases that go back in time: a restored backup, a replica that lacks the last commits."""

import math

import postgres
from processes import pass_time, until
from scenario import scenario
from scenarios_single import AT_ITS_END, AT_ONCE
from world import Mark, World


@scenario("server clock +1 h", "its end", hours=1)
@scenario("server clock -1 h", "its end", quick=True, hours=-1)
def server_clock(world: World, hours: int) -> list[Mark]:
    """Its own clock is nothing it goes by: the fault ends when it should have."""
    clock = world.clock("server")
    one = world.one(node_clock=clock)
    fault = world.fault(one.node, math.ceil(world.options.lease / 2 + 3))
    world.some_time(world.options.lease / 4)
    clock.move(hours)
    world.truth.note("ended", fault.over, fault=fault.name, why="over")
    return [Mark(fault.over, AT_ITS_END, fault)]


@scenario("database clock +1 h", "a lease", hours=1)
@scenario("database clock -1 h", "a lease", quick=True, hours=-1)
def database_clock(world: World, hours: int) -> list[Mark]:
    """An hour ahead the fault's end has passed; an hour back nobody knows when it is, and the run is failed."""
    clock = world.clock("database")
    one = world.one(database_clock=clock)
    fault = world.fault(one.node, 1800)
    world.some_time()
    moved = world.truth.note("moved", what="database", hours=hours)
    clock.move(hours)
    until(lambda: one.node.status(fault.run), lambda found: found in ("completed", "failed", "stopped"),
          f"run {fault.run} to end", world.options.lease)
    world.truth.note("ended", fault=fault.name, why=f"ended by the database's clock, moved by {hours} h")
    return [Mark(moved, world.lease, fault)]


@scenario("injector clock +1 h, server kill -9", "a lease", hours=1)
@scenario("injector clock -1 h, server kill -9", "a lease", quick=True, hours=-1)
def injector_clock(world: World, hours: int) -> list[Mark]:
    clock = world.clock("injector")
    one = world.one(injector_clock=clock)
    fault = world.fault(one.node)
    world.some_time()
    one.node.child.kill()
    killed = world.unhealthy(one.node, "killed")
    world.some_time(world.options.lease / 4)
    clock.move(hours)
    world.truth.note("moved", what="injector", hours=hours)
    return [Mark(killed, world.lease, fault)]


@scenario("backup restored, node running", "1 s after the stop", quick=True, restarts=False)
@scenario("backup restored, node restarted", "1 s after the stop", quick=True, restarts=True)
def backup_restored(world: World, restarts: bool) -> list[Mark]:
    """The backup was taken while the fault was on, and knows nothing of its stop."""
    one = world.one()
    fault = world.fault(one.node)
    backup = one.database.backup()
    world.some_time()
    marks = [Mark(world.stop(fault, one.node), AT_ONCE, fault)]
    # Until the injector has been told, and a heartbeat or two have been.
    pass_time(2)
    if restarts:
        one.node.child.end()
        world.unhealthy(one.node, "stopped")
    one.database.kill()
    world.unhealthy(one.node, "database killed")
    one.database.restore(backup)
    world.healthy(one.node)
    one.database.start()
    if restarts:
        world.truth.note("restarted", node=one.node.name)
        one.node.start(**world.options.environment)
    world.newcomer(one.to_node.port, one.node)
    pass_time(world.options.lease / 2)
    return marks


@scenario("failover to a replica that lacks the stop", "1 s after the stop", quick=True, restarts=False)
@scenario("failover to a replica that lacks the stop, node restarted", "1 s after the stop", restarts=True)
def failed_over(world: World, restarts: bool) -> list[Mark]:
    primary = world.cluster()
    standby = world.standby(primary)
    url = (f"postgresql://{postgres.USER}@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/postgres"
           "?target_session_attrs=read-write")
    node = world.node("a", url)
    world.injector(node.port, [node])
    fault = world.fault(node)
    world.some_time()
    seen = primary.ask("SELECT pg_current_wal_lsn()")
    until(lambda: standby.ask(f"SELECT pg_last_wal_replay_lsn() >= '{seen}'"), lambda found: found == "t",
          "the standby to know of the fault")
    standby.stop_following()
    marks = [Mark(world.stop(fault, node), AT_ONCE, fault)]
    pass_time(2)
    if restarts:
        node.child.end()
        world.unhealthy(node, "stopped")
    primary.kill()
    world.unhealthy(node, "primary killed")
    world.healthy(node)
    standby.promote()
    if restarts:
        world.truth.note("restarted", node=node.name)
        node.start(**world.options.environment)
    world.newcomer(node.port, node)
    pass_time(world.options.lease / 2)
    return marks
