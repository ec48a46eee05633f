"""Two and three nodes on one database behind a load balancer, while instances hop between them."""

from dataclasses import dataclass

from lb import Balancer
from node import Node
from postgres import Cluster
from processes import until
from proxy import Line, Proxy
from scenario import scenario
from scenarios_single import AT_ONCE
from world import Mark, World

INSTANCES = 3
ROUNDS = 3


@dataclass
class Fleet:
    """Nodes, each with a line to the database and one from its peers; instances that ask any of them, and one that asks it alone."""

    database: Cluster
    nodes: list[Node]
    to_database: list[Proxy]
    from_peers: list[Proxy]


def fleet(world: World, count: int) -> Fleet:
    database = world.cluster()
    made = Fleet(database, [], [], [])
    for name in "abc"[:count]:
        to_database = world.proxy(database.port)
        # The peers' line is asked for before the node has a port, so it is pointed there afterwards.
        from_peers = world.proxy(0)
        node = world.node(name, database.url_at(to_database.port), flags=("--advertise", f"127.0.0.1:{from_peers.port}"))
        from_peers.to = node.port
        made.nodes.append(node)
        made.to_database.append(to_database)
        made.from_peers.append(from_peers)
    balancer = Balancer({node.name: node.port for node in made.nodes},
                        lambda instance, name: world.truth.note("relayed", instance=instance, node=name))
    world.relays.append(balancer)
    for number in range(INSTANCES):
        world.injector(balancer.port, made.nodes, f"hops-{number + 1}")
    for node in made.nodes:
        world.injector(node.port, [node], f"stays-{node.name}")
    return made


@scenario("2 nodes, instances hop: stops, then a halt", "1 s", quick=True, count=2)
@scenario("3 nodes, instances hop: stops, then a halt", "1 s", count=3)
def hopping(world: World, count: int) -> list[Mark]:
    """Each run is started on one node, and stopped or halted on any."""
    made, marks = fleet(world, count), []
    for turn in range(ROUNDS):
        fault = world.fault(world.random.choice(made.nodes))
        world.some_time()
        node = world.random.choice(made.nodes)
        if turn == ROUNDS - 1:
            marks.append(Mark(world.halt(node, fault), AT_ONCE, fault))
        else:
            marks.append(Mark(world.stop(fault, node), AT_ONCE, fault))
            until(lambda: [one.instance for one in world.injectors if one.is_injecting()], lambda found: not found,
                  "all instances to inject no more", world.options.lease + 5)
    return marks


@scenario("a node cut from the database, run stopped on another", "a lease", quick=True, is_halt=False)
@scenario("a node cut from the database, halted on another", "1 s", is_halt=True)
def node_without_database(world: World, is_halt: bool) -> list[Mark]:
    """Of a stop the node cannot know; of a halt its peers tell it."""
    made = fleet(world, 2)
    fault = world.fault(made.nodes[0])
    world.some_time()
    made.to_database[0].set(Line.cut)
    cut = world.unhealthy(made.nodes[0], "cut from the database")
    world.some_time(world.options.lease / 6)
    if is_halt:
        return [Mark(world.halt(made.nodes[1], fault), AT_ONCE, fault)]
    world.stop(fault, made.nodes[1])
    return [Mark(cut, world.lease, fault)]


@scenario("a node cut from its peers, halted on another", "1 s", quick=True)
def node_without_peers(world: World) -> list[Mark]:
    """The database tells it."""
    made = fleet(world, 2)
    fault = world.fault(made.nodes[0])
    world.some_time()
    for line in made.from_peers:
        line.set(Line.cut)
    return [Mark(world.halt(made.nodes[1], fault), AT_ONCE, fault)]


@scenario("a node cut from the database and its peers, halted on another", "a lease")
def node_alone(world: World) -> list[Mark]:
    """Nothing tells it; its lease runs out."""
    made = fleet(world, 2)
    fault = world.fault(made.nodes[0])
    world.some_time()
    for line in [*made.from_peers, made.to_database[0]]:
        line.set(Line.cut)
    cut = world.unhealthy(made.nodes[0], "cut from the database and its peers")
    world.halt(made.nodes[1], fault)
    return [Mark(cut, world.lease, fault)]


@scenario("2 nodes, database killed, halted on one", "1 s", quick=True)
def fleet_without_database(world: World) -> list[Mark]:
    """The peers tell each other."""
    made = fleet(world, 2)
    fault = world.fault(made.nodes[0])
    world.some_time()
    made.database.kill()
    for node in made.nodes:
        world.unhealthy(node, "database killed")
    world.some_time(world.options.lease / 6)
    return [Mark(world.halt(made.nodes[1], fault), AT_ONCE, fault)]
