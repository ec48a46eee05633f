"""failure-lambda 1.x ends a fault by itself where its function's events say when they were sent, whatever becomes of the server."""

import json
import random
import time
from datetime import UTC, datetime

import pytest
from failure_lambda import Flags, is_pattern, one
from ssm import by_path, client, own_name
from team import Team, delay, functions, until

# For how long a copy may be used at the most: a step of 15 seconds, and the minute for which it is cached.
STEP, LONGEST = 15, 75


def milliseconds(moment):
    return int(moment * 1000)


def seconds(moment):
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# Each shape with an event of it, and how finely its events tell the time.
SHAPES = {
    "http-api": (lambda at: {"version": "2.0", "requestContext": {"accountId": "1", "timeEpoch": milliseconds(at)}}, 0.001),
    "rest-api": (lambda at: {"httpMethod": "GET", "requestContext": {"requestTimeEpoch": milliseconds(at)}}, 0.001),
    "eventbridge": (lambda at: {"source": "shop", "detail-type": "Order", "time": seconds(at)}, 1.0),
}


class Shop:
    """A team with functions that declare the shape of their events, and one that declares none."""

    def __init__(self, plane):
        self.team = Team(plane)
        self.team.disengage()
        self.arns = {"plain": self.team.register("plain")}
        shapes = {f"{fault}-{shape}": shape for fault in ("short", "long") for shape in SHAPES}
        for name, shape in {"live": "http-api", **shapes}.items():
            self.arns[name] = self.team.register(name, attributes={"eventShape": shape})
        self.ssm = client(by_path(plane, self.team.new_key("agent", targetPattern="*")))

    def start(self, duration, *names):
        named = {"Named": functions(*(self.arns[name] for name in names))}
        run = self.team.start(self.team.template({"Slow": delay("Named", duration)}, named))
        self.team.reached(run, "running")
        return run

    def document(self, name):
        return json.loads(one(self.ssm, own_name("failure-lambda", name))())

    def told(self, name):
        return until(lambda: self.document(name), bool)

    def end(self, name):
        """When the fault of a function is over, to the millisecond."""
        [fault] = self.team.faults(self.arns[name])
        return fault["notAfter"]

    def stop(self, run):
        self.team.fis.stop_experiment(id=run)
        self.team.ended(run)


@pytest.fixture(scope="module")
def shop(plane):
    return Shop(plane)


def stuck(document) -> Flags:
    """The layer of a function that read this once, and can read no more."""
    return Flags(lambda: json.dumps(document), ttl=float("inf"), dice=lambda: 0.0, is_layer=True)


@pytest.fixture(scope="module")
def short(shop):
    """What readers are told of a fault that is over in ten seconds, and when it is over."""
    names = {shape: f"short-{shape}" for shape in SHAPES}
    run = shop.start("PT10S", *names.values())
    yield {shape: (shop.told(name), shop.end(name)) for shape, name in names.items()}
    shop.stop(run)


@pytest.fixture(scope="module")
def long(shop):
    """What they are told of one that lasts for half a day, between which two moments."""
    names = {shape: f"long-{shape}" for shape in SHAPES}
    run = shop.start("PT12H", *names.values())
    asked = time.time()
    documents = {shape: shop.told(name) for shape, name in names.items()}
    yield documents, asked, time.time()
    shop.stop(run)


def agree(reader, event, moments, end):
    """Events from before the end, and only those, suffer."""
    for moment in moments:
        suffers = [effect.mode for effect in reader.effects(event(moment))]
        assert suffers == (["latency"] if moment < end else []), (moment, end)
    assert reader.skipped == []


@pytest.mark.parametrize("shape", SHAPES)
def test_a_kept_copy_ends_with_its_fault(short, shape):
    document, end = short[shape]
    event, grain = SHAPES[shape]
    # In a part of its last grain an event may look as if it was sent at the end.
    shown = int(end / grain + 1e-6) * grain
    near = [shown + grain * step for step in range(-30, 31)]
    far = [shown + 10.0 ** power for power in range(10)] + [shown - 10.0 ** power for power in range(9)]
    generator = random.Random(shape)
    chance = [shown + generator.uniform(-1e6, 1e6) for _ in range(1000)]
    agree(stuck(document), event, [moment + grain / 2 for moment in near + far + chance], shown)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_kept_copy_of_a_long_fault_lasts_a_minute_and_no_longer_than_a_quarter_more(long, shape):
    documents, asked, answered = long
    event, grain = SHAPES[shape]
    reader = stuck(documents[shape])
    assert len(reader.effects(event(asked + LONGEST - STEP - grain))) == 1
    assert reader.effects(event(answered + LONGEST + grain)) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_the_condition_is_one_that_1_x_takes(short, long, shape):
    for document in (short[shape][0], long[0][shape]):
        [condition] = document["latency"]["match"]
        assert condition["operator"] == "regex"
        assert len(condition["value"]) <= 512 and is_pattern(condition["value"])


@pytest.mark.parametrize("shape", SHAPES)
def test_events_that_do_not_say_when_never_suffer(long, shape):
    reader = stuck(long[0][shape])
    other = SHAPES["eventbridge" if shape == "http-api" else "http-api"][0]
    empty = ({}, None, {"Records": [{}]}, {"requestContext": None}, {"requestContext": {}}, {"time": ""})
    for event in (*empty, other(time.time())):
        assert reader.effects(event) == []


def test_without_a_shape_a_kept_copy_has_no_end(shop):
    run = shop.start("PT1H", "plain")
    document = shop.told("plain")
    assert "match" not in document["latency"]
    shop.stop(run)
    assert [effect.mode for effect in stuck(document).effects({})] == ["latency"]


def test_a_function_that_reads_no_more_is_rid_of_its_fault_when_that_is_over(shop):
    event, _ = SHAPES["http-api"]
    run = shop.start("PT1S", "live")
    reader = Flags(lambda: json.dumps(shop.told("live")), ttl=float("inf"))
    assert [effect.mode for effect in reader.effects(event(time.time()))] == ["latency"]
    until(lambda: reader.effects(event(time.time())), lambda suffered: suffered == [], 5)
    assert (reader.reads, reader.flags()["latency"]["enabled"]) == (1, True)
    assert shop.team.ended(run)["state"]["status"] == "completed"


def test_a_shape_that_nobody_knows_is_refused(shop):
    content = {"resourceType": "aws:lambda:function", "tags": {}, "attributes": {"eventShape": "sqs"}}
    answer = shop.team.ask("PUT", "/v1/targets/" + shop.arns["plain"].replace(":", "%3A"), content)
    status, code, message = answer.failure
    assert (status, code) == (400, "ValidationException")
    assert message == 'attributes.eventShape is "sqs": one of http-api, rest-api, eventbridge is accepted.'
