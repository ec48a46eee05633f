"""moto's SSM is asked what ours is asked: the same members, of the same types, with the same errors."""

import json
from operator import itemgetter

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from shapes import problems
from ssm import OFF, answers, by_path, client, moto, own_name
from team import Team

NAMES = [own_name(dialect) for dialect in OFF]
MODEL = botocore.session.get_session().get_service_model("ssm")
# The model has one list for names that are asked for and names that are not there; SSM and moto send it empty too.
EXCUSED = {"answer.InvalidParameters has 0 elements, not 1 to 10"}
# What must be the same to the letter.
SAME = {"Name", "Type", "Value", "DataType"}


class Both:
    """The same request to moto and to ours; in both stand the names that functions have here."""

    def __init__(self, plane, address):
        key = Team(plane).new_key("agent", targetPattern="*")
        self.moto, self.ours = client(address), client(by_path(plane, key))
        for name, off in zip(NAMES, OFF.values()):
            self.moto.put_parameter(Name=name, Value=json.dumps(off, separators=(",", ":")), Type="String")
        self.ours.get_parameters(Names=NAMES)
        self.seen = answers(self.moto), answers(self.ours)

    def ask(self, operation, **asked):
        """Both answers, moto's first, as they came."""
        for ssm in (self.moto, self.ours):
            try:
                getattr(ssm, operation)(**asked)
            except ClientError:
                pass  # Its answer is noted all the same.
        theirs, ours = self.seen[0][-1], self.seen[1][-1]
        if ours.status == 200:
            [name] = [name for name in MODEL.operation_names if xform_name(name) == operation]
            found = problems(MODEL.operation_model(name).output_shape, ours.json)
            assert [problem for problem in found if problem not in EXCUSED] == []
        return theirs, ours


@pytest.fixture(scope="module")
def both(plane):
    with moto() as address:
        yield Both(plane, address)


def shape(value):
    """The members of a JSON value with their types; a list is its elements' shapes."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


def known(parameters):
    """What of parameters must be the same."""
    return [{name: inner for name, inner in one.items() if name in SAME} for one in parameters]


def by_name(parameters):
    return sorted(parameters, key=itemgetter("Name"))


@pytest.mark.parametrize("name", NAMES)
def test_one_parameter(both, name):
    theirs, ours = both.ask("get_parameter", Name=name, WithDecryption=True)
    assert (ours.status, ours.headers["content-type"]) == (theirs.status, theirs.headers["content-type"])
    assert shape(ours.json) == shape(theirs.json)
    assert known([ours.json["Parameter"]]) == known([theirs.json["Parameter"]])


SEVERAL = {
    "one": NAMES[:1],
    "all": NAMES,
    "known and unknown": [NAMES[0], "/nobody", NAMES[1], "nobody"],
    "none that is known": ["/nobody", "nobody"],
    "the same twice": [NAMES[0], NAMES[0]],
    "ten": [*NAMES, *(f"/nobody/{number}" for number in range(7))],
}


@pytest.mark.parametrize("name", SEVERAL)
def test_several_parameters(both, name):
    theirs, ours = both.ask("get_parameters", Names=SEVERAL[name])
    assert (ours.status, ours.headers["content-type"]) == (theirs.status, theirs.headers["content-type"])
    assert shape(ours.json) == shape(theirs.json)
    # Ours come in the order asked for, moto's in one of its own.
    assert by_name(known(ours.json["Parameters"])) == by_name(known(theirs.json["Parameters"]))
    assert ours.json["InvalidParameters"] == theirs.json["InvalidParameters"]


FAILED = {
    "a name of nobody": ("get_parameter", {"Name": "/nobody"}, "ParameterNotFound"),
    "eleven names": ("get_parameters", {"Names": [f"/nobody/{number}" for number in range(11)]}, "ValidationException"),
    "eleven known names": ("get_parameters", {"Names": NAMES[:1] * 11}, "ValidationException"),
    "a filter that is none": (
        "describe_parameters", {"ParameterFilters": [{"Key": "Nme", "Values": ["x"]}]}, "ValidationException"),
}


def error(answer):
    """Status and kind of an error, as clients tell it from others."""
    body = answer.json
    kind = body["__type"].rpartition("#")[2]
    assert answer.headers["x-amzn-errortype"] == kind
    # moto writes either, and boto3 reads either.
    assert body.get("message") or body.get("Message")
    return answer.status, kind


@pytest.mark.parametrize("name", FAILED)
def test_the_errors_of_both(both, name):
    operation, asked, kind = FAILED[name]
    theirs, ours = both.ask(operation, **asked)
    assert error(ours) == error(theirs) == (400, kind)


INVALID, UNKNOWN = (400, "ValidationException"), (404, "UnknownOperationException")
# What SSM refuses, by its model or its protocol, and moto lets through or falls over; nothing is written or walked through here.
REFUSED = {
    "no names": ("get_parameters", {"Names": []}, INVALID),
    "no list of names": ("get_parameters", {}, INVALID),
    "no name": ("get_parameter", {}, INVALID),
    "an empty name": ("get_parameter", {"Name": ""}, INVALID),
    "another operation": ("describe_activations", {}, UNKNOWN),
    "writing": ("put_parameter", {"Name": NAMES[0], "Value": "x", "Type": "String"}, UNKNOWN),
    "deleting": ("delete_parameter", {"Name": NAMES[0]}, UNKNOWN),
    "reading a folder": ("get_parameters_by_path", {"Path": "/faultplane"}, UNKNOWN),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_errors_of_ours(both, name):
    operation, asked, refused = REFUSED[name]
    with pytest.raises(ClientError):
        getattr(both.ours, operation)(**asked)
    assert error(both.seen[1][-1]) == refused


def test_an_operation_that_nobody_knows(both):
    def named(params, **_):
        params["headers"]["X-Amz-Target"] = "AmazonSSM.BrewCoffee"

    both.ours.meta.events.register("before-call.ssm", named)
    try:
        with pytest.raises(ClientError):
            both.ours.get_parameter(Name=NAMES[0])
        assert error(both.seen[1][-1]) == UNKNOWN
    finally:
        both.ours.meta.events.unregister("before-call.ssm", named)


# Nobody has written these parameters, so nobody can be named who did, and none has a version before it is read.
NOT_DESCRIBED = {"LastModifiedDate", "LastModifiedUser", "Version"}


def test_what_parameters_there_are(both):
    theirs, ours = (
        {one["Name"]: one for one in answer.json["Parameters"]} for answer in both.ask("describe_parameters")
    )
    assert set(ours) == set(theirs) == set(NAMES)
    for name in NAMES:
        alike = set(theirs[name]) - NOT_DESCRIBED
        assert {member: ours[name][member] for member in alike} == {member: theirs[name][member] for member in alike}
        assert set(ours[name]) == {*alike, "ARN", "Policies"}
