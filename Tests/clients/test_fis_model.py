"""The model that botocore brings along judges every operation of FIS, its shapes and its errors."""

import json

import pytest
from fis_calls import GOOD, UNUSED, World
from fis_refusals import IMPOSSIBLE, REFUSED, UNNAMEABLE
from shapes import OPERATIONS, members, problems, used

STATUS = {
    "ValidationException": 400, "ResourceNotFoundException": 404, "ConflictException": 409,
    "ServiceQuotaExceededException": 402,
}
MODELLED = [(name, error.name) for name, operation in OPERATIONS.items() for error in operation.error_shapes]


@pytest.fixture(scope="module")
def world(plane):
    return World(plane)


@pytest.fixture(scope="module")
def good(world):
    """What was sent and answered when every operation was called well."""
    sent, answers = len(world.sent), len(world.answers)
    for call in GOOD.values():
        call(world)
    return world.sent[sent:], world.answers[answers:]


def test_every_operation_is_in_the_table_of_calls():
    assert sorted(GOOD) == sorted(OPERATIONS)
    assert len(GOOD) == 26


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_answers_are_what_the_model_says(good, name):
    answers = [answer for operation, answer in good[1] if operation == name]
    assert answers
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert len(answer.headers["x-amzn-requestid"]) == 36
        assert problems(OPERATIONS[name].output_shape, json.loads(answer.content)) == []


def test_the_calls_and_their_answers_have_every_member_of_the_model(good):
    known, seen = set(), set()
    for operation in OPERATIONS.values():
        known |= members(operation.input_shape) | members(operation.output_shape)
    for name, params in good[0]:
        seen |= used(OPERATIONS[name].input_shape, params)
    for name, answer in good[1]:
        seen |= used(OPERATIONS[name].output_shape, json.loads(answer.content))
    assert sorted(known - seen) == sorted(UNUSED)


def test_every_modelled_error_is_in_a_table():
    unnameable = {(name, "ValidationException") for name in UNNAMEABLE}
    assert sorted({*REFUSED, *unnameable, *IMPOSSIBLE}) == sorted(MODELLED)
    assert len(REFUSED) + len(unnameable) + len(IMPOSSIBLE) == len(MODELLED)


def judged(world, found, status, code):
    """The error as boto3 has it and as it was sent."""
    assert found[:2] == (status, code), found
    _, answer = world.answers[-1]
    sent = json.loads(answer.content)
    assert (answer.status_code, list(sent)) == (status, ["__type", "message", "requestId"])
    assert (sent["__type"], sent["message"]) == (code, found[2])
    assert answer.headers["x-amzn-errortype"] == code
    assert answer.headers["x-amzn-requestid"] == sent["requestId"]
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(("name", "code"), REFUSED, ids=lambda part: part)
def test_every_modelled_error_is_given(world, name, code):
    found = REFUSED[name, code](world)
    judged(world, found, STATUS[code], code)
    shape = next(error for error in OPERATIONS[name].error_shapes if error.name == code)
    assert problems(shape, {"message": found[2]}) == []


@pytest.mark.parametrize("name", UNNAMEABLE)
def test_what_is_no_name_at_all_names_nothing(world, name):
    judged(world, UNNAMEABLE[name](world), 404, "ResourceNotFoundException")
