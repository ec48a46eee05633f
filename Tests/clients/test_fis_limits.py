"""The lengths and patterns of the model, which SDKs leave to the server: every text of every request is made wrong."""

import copy

import pytest
from fis_calls import World
from shapes import OPERATIONS
from team import ROLE, delay, functions, refusal, wait

# What is deliberately wider than the model's patterns: texts with spaces in them, which users' documents need.
SPACED = {"ExperimentTemplateActionParameter", "ExperimentTemplateTargetFilterValue", "ExperimentTemplateTargetParameterValue"}


@pytest.fixture(scope="module")
def world(plane):
    return World(plane)


def requests(world):
    """A good request of each operation that has a body."""
    template = {"id": world.template}
    role = {"experimentTemplateId": world.template, "accountId": "444455556666", "roleArn": ROLE, "description": "a role"}
    return {
        "CreateExperimentTemplate": {**world.whole(), "clientToken": "a"},
        "UpdateExperimentTemplate": {**template, **world.update()},
        "StartExperiment": {"clientToken": "b", "experimentTemplateId": world.template, "tags": {"of": "it"}},
        "CreateTargetAccountConfiguration": {"clientToken": "c", **role},
        "UpdateTargetAccountConfiguration": {**role, "accountId": "222233334444"},
        "TagResource": {"resourceArn": world.preview["arn"], "tags": {"of": "it"}},
        "UpdateSafetyLeverState": {"id": "default", "state": {"status": "disengaged", "reason": "a test"}},
    }


def texts(shape, value, way=()):
    """Every text of a request: the way to it, whether it is a key, and its shape."""
    match shape.type_name:
        case "structure":
            for name in value:
                yield from texts(shape.members[name], value[name], (*way, name))
        case "map":
            for name in value:
                yield (*way, name), True, shape.key
                yield from texts(shape.value, value[name], (*way, name))
        case "list":
            for place, inner in enumerate(value):
                yield from texts(shape.member, inner, (*way, place))
        case "string":
            yield way, False, shape


def wrong(shape):
    """Texts that break one rule of the shape each."""
    if "max" in shape.metadata:
        yield "x" * (shape.metadata["max"] + 1)
    if shape.metadata.get("pattern") == r"[\S]+" and shape.name not in SPACED:
        least = shape.metadata.get("min", 0)
        yield "a b" + "b" * least
        yield "\u00a0\u2003" + "b" * least
    if shape.enum:
        yield "neither"


def changed(request, way, is_key, text):
    """The request with one text of it replaced."""
    made = copy.deepcopy(request)
    at = made
    for step in way[:-1]:
        at = at[step]
    if is_key:
        at[text] = at.pop(way[-1])
    else:
        at[way[-1]] = text
    return made


BODIES = [
    "CreateExperimentTemplate", "UpdateExperimentTemplate", "StartExperiment", "CreateTargetAccountConfiguration",
    "UpdateTargetAccountConfiguration", "TagResource", "UpdateSafetyLeverState",
]


@pytest.mark.parametrize("name", BODIES)
def test_every_text_that_breaks_the_model_is_refused(world, name):
    shape, request = OPERATIONS[name].input_shape, requests(world)[name]
    fis = world.admin if name == "UpdateSafetyLeverState" else world.fis
    in_path = {member for member, inner in shape.members.items() if inner.serialization.get("location")}
    call = getattr(fis, "".join(f"_{c.lower()}" if c.isupper() else c for c in name)[1:])
    tried, odd = 0, []
    for way, is_key, inner in texts(shape, request):
        for text in wrong(inner):
            tried += 1
            try:
                status, code, message = refusal(call, **changed(request, way, is_key, text))
            except AssertionError:
                odd.append(f"{way} took {text[:40]!r}")
                continue
            told = str(way[-1]) in message or str(way[0]) in message
            # A name that nothing can have is not found.
            if (status, code) == (404, "ResourceNotFoundException") and (way[0] in in_path or way == ("experimentTemplateId",)):
                continue
            if (status, code) != (400, "ValidationException") or not told or len(message) > 1024:
                odd.append(f"{way} as {text[:40]!r}: {status} {code} {message[:200]}")
    assert tried >= 2
    assert odd == []


def test_the_lever_is_as_it_was(world):
    assert world.fis.get_safety_lever(id="default")["safetyLever"]["state"]["status"] == "disengaged"


LONGEST = {
    "a description": {"description": "d" * 512},
    "one of letters that take more bytes": {"description": "ü𝄞" * 256},
    "names": {"actions": {"A" * 64: wait()}},
    "tags": {"tags": {"k" * 128: "v" * 256, **{str(n): "" for n in range(49)}}},
    "a role": {"roleArn": "arn:aws:iam::111122223333:role/" + "r" * 2017},
    "a stop condition": {"stopConditions": [{"source": "prometheus", "value": "up == 0 or " + "x" * 2037}]},
}


@pytest.mark.parametrize("name", LONGEST)
def test_the_longest_texts_are_taken_and_shown(world, name):
    given = LONGEST[name]
    request = {"description": "d", "stopConditions": [{"source": "none"}], "roleArn": ROLE, "actions": {"A": wait()}, **given}
    made = world.fis.create_experiment_template(**request)["experimentTemplate"]
    assert {member: made[member] for member in given} == given
    assert world.fis.get_experiment_template(id=made["id"])["experimentTemplate"] == made


def test_texts_with_spaces_are_taken_where_documents_need_them(world):
    target = functions(resourceTags={"a b": "c d"}, filters=[{"path": "Runtime", "values": ["java 21"]}])
    action = {**delay("Chosen")}
    request = {"Slow": action, "Answer": {
        "actionId": "aws:lambda:invocation-http-integration-response",
        "parameters": {
            "duration": "PT1S", "statusCode": "503", "preventExecution": "true",
            "contentTypeHeader": "text/plain; charset=utf-8",
        },
        "targets": {"Functions": "Chosen"},
    }}
    template = world.fis.get_experiment_template(id=world.team.template(request, {"Chosen": target}))["experimentTemplate"]
    assert template["actions"] == request
    assert template["targets"] == {"Chosen": target}


TOO_MANY = {
    "tags": ({"tags": {str(n): "" for n in range(51)}}, "tags has 51 entries: at most 50 are accepted"),
    "arns": (
        {"targets": {"Named": functions(*(f"arn:aws:lambda:us-east-1:111122223333:function:f{n}" for n in range(6)))},
         "actions": {"Slow": delay("Named")}},
        "targets.Named.resourceArns has 6 entries: at most 5 are accepted",
    ),
}


@pytest.mark.parametrize("name", TOO_MANY)
def test_too_many_of_something_is_refused(world, name):
    given, words = TOO_MANY[name]
    request = {"description": "d", "stopConditions": [{"source": "none"}], "roleArn": ROLE, "actions": {"A": wait()}, **given}
    assert refusal(world.fis.create_experiment_template, **request) == (400, "ValidationException", words + ".")


def test_all_that_is_wrong_is_told_at_once(world):
    status, code, message = refusal(
        world.fis.create_experiment_template,
        description="x" * 513,
        stopConditions=[{"source": "datadog"}],
        roleArn="x" * 20,
        targets={"a b": functions()},
        actions={"A": {"actionId": "aws:fis:wait", "parameters": {"duration": "1m", "speed": "2"}, "startAfter": ["B"]}},
    )
    assert (status, code) == (400, "ValidationException")
    for place in (
        "description", "stopConditions[0].source", "roleArn", "targets.a b", "actions.A.parameters.duration",
        "actions.A.parameters.speed", "actions.A.startAfter[0]",
    ):
        assert place in message, f"{place} is not in: {message}"
