"""boto3 reads parameters: signed, by an address that holds the key, and with keys that are none."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from plane import Key
from ssm import OFF, answers, by_path, client, own_name, value
from team import Team, action, functions, quoted, refusal, until

NAMES = [own_name(dialect) for dialect in OFF]
# The same three ways of reading under names that the team has chosen.
BOUND = {f"/shop/{dialect}": dialect for dialect in OFF}
TOLD = {
    "chaos_lambda": {"is_enabled": True, "fault_type": "exception", "exception_msg": "MESSAGE", "rate": 1},
    "failure-lambda": {"exception": {"enabled": True, "percentage": 100, "exception_msg": "MESSAGE"}},
    "failure-lambda-0": {"isEnabled": True, "failureMode": "exception", "exceptionMsg": "MESSAGE", "rate": 1},
}
KEYS = ["Name", "Type", "Value", "Version", "LastModifiedDate", "ARN", "DataType"]
STRANGER = "Nothing is told: this credential is not known, or may not read the faults of this function."


@pytest.fixture(scope="module")
def shop(plane):
    """A team whose function `checkout` fails for as long as these tests run; `run` is what makes it."""
    team = Team(plane)
    team.disengage()
    arn = team.register("checkout")
    for name, dialect in BOUND.items():
        answer = team.ask("PUT", f"/v1/bindings/{quoted(name)}", {"target": "checkout", "dialect": dialect})
        assert answer.status == 200, answer.body
    fails = action("invocation-error", "PT1H", (), "Named", preventExecution="true")
    team.run_id = team.start(team.template({"Fail": fails}, {"Named": functions(arn)}))
    reader = client(by_path(plane, team.new_key("agent", targetPattern="*")))
    until(lambda: value(reader, NAMES[0]), lambda found: found["is_enabled"])
    yield team
    team.fis.stop_experiment(id=team.run_id)
    team.ended(team.run_id)


def expected(team, dialect):
    """What the readers of a dialect are told while the fault is on."""
    message = f"Faultplane injected this error: {team.run_id}/Fail"
    return json.loads(json.dumps(TOLD[dialect]).replace("MESSAGE", message))


def signed(plane, key):
    return client(plane.url, key)


def signed_below_a_path(plane, key):
    return client(by_path(plane, key), key)


def slashed(plane, key):
    return client(by_path(plane, key, "/"))


def addressed(plane, key):
    return client(by_path(plane, key))


WAYS = [signed, addressed, slashed, signed_below_a_path]


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
def ssm(request, plane, shop):
    return request.param(plane, shop.new_key("agent", targetPattern="*"))


@pytest.mark.parametrize("name", [*NAMES, *BOUND])
def test_one_parameter(ssm, shop, name):
    seen = answers(ssm)
    found = ssm.get_parameter(Name=name)["Parameter"]
    assert list(seen[0].json) == ["Parameter"] and sorted(seen[0].json["Parameter"]) == sorted(KEYS)
    assert seen[0].headers["content-type"] == "application/x-amz-json-1.1"
    dialect = BOUND.get(name) or name.split("/")[2]
    assert json.loads(found["Value"]) == expected(shop, dialect)
    assert (found["Name"], found["Type"], found["DataType"]) == (name, "String", "text")
    assert found["ARN"] == f"arn:aws:ssm:us-east-1:{shop.account}:parameter{name}"
    assert found["Version"] > 0 and found["LastModifiedDate"].year > 2000


def test_several_parameters_known_and_unknown_and_twice(ssm, shop):
    asked = [NAMES[0], "/nobody", "/shop/failure-lambda", NAMES[0], "/nobody", "plain", own_name("chaos_lambda", "idle")]
    found = ssm.get_parameters(Names=asked, WithDecryption=True)
    assert found["InvalidParameters"] == ["/nobody", "plain"]
    assert {one["Name"]: json.loads(one["Value"]) for one in found["Parameters"]} == {
        NAMES[0]: expected(shop, "chaos_lambda"),
        "/shop/failure-lambda": expected(shop, "failure-lambda"),
        own_name("chaos_lambda", "idle"): OFF["chaos_lambda"],
    }
    assert len(found["Parameters"]) == 3


def test_a_parameter_says_the_same_alone_and_among_others(ssm):
    [among] = ssm.get_parameters(Names=NAMES[:1])["Parameters"]
    assert ssm.get_parameter(Name=NAMES[0])["Parameter"] == among


def test_the_names_that_may_be_read_are_described(ssm, shop):
    ssm.get_parameters(Names=NAMES)
    pages = list(ssm.get_paginator("describe_parameters").paginate(PaginationConfig={"PageSize": 2}))
    found = [one["Name"] for page in pages for one in page["Parameters"]]
    assert {len(page["Parameters"]) for page in pages[:-1]} == {2}
    assert found == sorted(found)
    assert {*NAMES, *BOUND} <= set(found)
    assert {one["Type"] for page in pages for one in page["Parameters"]} == {"String"}
    filters = [{"Key": "Name", "Option": "BeginsWith", "Values": ["/shop/"]}]
    described = ssm.describe_parameters(ParameterFilters=filters)["Parameters"]
    assert [one["Name"] for one in described] == sorted(BOUND)
    exact = ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": ["/shop/chaos_lambda", "/nobody"]}])
    assert [one["Name"] for one in exact["Parameters"]] == ["/shop/chaos_lambda"]


def revoked(team):
    key = team.new_key("agent", targetPattern="*")
    assert team.ask("DELETE", f"/v1/keys/{key.id}").status == 200
    return key


def unknown(team):
    key = team.new_key("agent", targetPattern="*")
    return Key(f"{key.id[:-4]}AAAA", key.secret)


@dataclass(frozen=True)
class Wrong:
    """A key that may not read what `checkout` is told, how it is used, and what whoever asks for names is refused with."""

    way: Callable
    key: Callable
    code: str | None
    note: str | None = STRANGER
    # Whether the names that the team has bound are its reader's too.
    binds: bool = True


def nowhere(plane, _):
    return client(f"{plane.url}/t/nobody")


WRONG = {
    "a revoked key in the address": Wrong(addressed, revoked, "UnrecognizedClientException"),
    "a revoked key that signs": Wrong(signed, revoked, "UnrecognizedClientException"),
    "another secret in the address": Wrong(
        addressed, lambda team: team.new_key("agent", targetPattern="*").reversed, "UnrecognizedClientException"),
    "another secret that signs": Wrong(
        signed, lambda team: team.new_key("agent", targetPattern="*").reversed, "InvalidSignatureException"),
    "an unknown key in the address": Wrong(addressed, unknown, "UnrecognizedClientException"),
    "a function's role": Wrong(lambda plane, _: client(plane.url), lambda _: None, "UnrecognizedClientException"),
    "no key but its place": Wrong(nowhere, lambda _: None, "IncompleteSignatureException"),
    "a key for other functions": Wrong(addressed, lambda team: team.new_key("agent", targetPattern="payments*"), None),
    "another team's key": Wrong(
        addressed, lambda team: Team(team.plane).new_key("agent", targetPattern="*"), None, None, False),
}


@pytest.fixture(params=WRONG)
def wrong(request, plane, shop):
    case = WRONG[request.param]
    return case, case.way(plane, case.key(shop))


def test_whoever_may_not_read_is_told_that_nothing_is_on(wrong):
    case, ssm = wrong
    seen, note = answers(ssm), {"faultplane": case.note} if case.note else {}
    offs = {own_name(dialect): {**off, **note} for dialect, off in OFF.items()}
    assert {name: value(ssm, name) for name in NAMES} == offs
    several = ssm.get_parameters(Names=["/nobody", *NAMES])
    assert several["InvalidParameters"] == ["/nobody"]
    assert {one["Name"]: json.loads(one["Value"]) for one in several["Parameters"]} == offs
    assert {answer.status for answer in seen} == {200}


def test_names_that_a_team_has_bound_are_off_for_whoever_may_not_read_them(wrong):
    case, ssm = wrong
    found = ssm.get_parameters(Names=list(BOUND))
    if case.binds:
        told = {one["Name"]: json.loads(one["Value"]) for one in found["Parameters"]}
        assert told == {name: {**OFF[dialect], "faultplane": STRANGER} for name, dialect in BOUND.items()}
    else:
        assert (found["Parameters"], found["InvalidParameters"]) == ([], list(BOUND))


def test_other_names_are_not_made_up_for_strangers(wrong):
    _, ssm = wrong
    assert refusal(ssm.get_parameter, Name="/nobody")[:2] == (400, "ParameterNotFound")
    assert ssm.get_parameters(Names=["/nobody"])["InvalidParameters"] == ["/nobody"]


def test_strangers_are_shown_no_names(wrong):
    case, ssm = wrong
    if case.code:
        assert refusal(ssm.describe_parameters)[:2] == (403, case.code)
    else:
        found = {one["Name"] for one in ssm.describe_parameters()["Parameters"]}
        assert not found & {*NAMES, *BOUND}


NOT_OURS = {
    "a plain name": "checkout",
    "a name of somebody else's": "/prod/database/password",
    "no function": "/faultplane/chaos_lambda/",
    "a dialect that is none": "/faultplane/chaos/checkout",
    "a function with a slash": "/faultplane/chaos_lambda/shop/checkout",
    "a function that cannot be": "/faultplane/chaos_lambda/check out",
    "the folder": "/faultplane/chaos_lambda",
    "another case": "/faultplane/CHAOS_LAMBDA/checkout",
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_a_name_that_is_not_ours_is_not_found(ssm, name):
    assert refusal(ssm.get_parameter, Name=NOT_OURS[name])[:2] == (400, "ParameterNotFound")
    found = ssm.get_parameters(Names=[NOT_OURS[name]])
    assert (found["Parameters"], found["InvalidParameters"]) == ([], [NOT_OURS[name]])
