"""botocore's signer against a running server."""

import pytest
from signing import TOKEN, ask, signed

INVALID = (403, "InvalidSignatureException")


def judged(answer):
    status, code, _ = answer.failure
    return status, code


@pytest.mark.parametrize("token", [None, TOKEN], ids=["no session token", "session token"])
@pytest.mark.parametrize("service", ["fis", "ssm", "appconfig"])
def test_a_signed_request_is_answered(plane, token, service):
    answer = ask(plane, "GET", "/v1/whoami", token=token, service=service)
    assert (answer.status, answer.json) == (200, plane.me)
    assert answer.headers["content-type"] == "application/json"
    assert len(answer.headers["x-amzn-requestid"]) == 36


@pytest.mark.parametrize(
    "query",
    ["a=1&b=2", "b=2&a=1", "a=2&a=1", "a", "a=", "x=%20%2F%3d%c3%bc", "z=%2A~-_.&A=1&a=1", "a=1&&b=2"],
)
def test_the_query_may_stand_in_any_order(plane, query):
    answer = ask(plane, "GET", f"/v1/whoami?{query}")
    assert (answer.status, answer.json) == (200, plane.me)


@pytest.mark.parametrize(
    ("path", "name"),
    [("a%2Fb", "a/b"), ("a%20b", "a b"), ("caf%C3%A9", "café"), ("a:b", "a:b"), ("%7Ea", "~a"), ("a%2fb", "a/b")],
)
def test_an_encoded_path_keeps_its_segments(plane, path, name):
    answer = ask(plane, "DELETE", f"/v1/keys/{path}")
    assert answer.failure == (404, "ResourceNotFoundException", f"There is no key {name}.")


def test_an_empty_body_is_signed_as_one(plane):
    answer = ask(plane, "POST", "/v1/keys", b"")
    assert answer.failure == (
        400,
        "ValidationException",
        "The body is not JSON: the text ends where a value should stand at byte 0.",
    )


def test_a_body_over_the_limit_is_refused_in_the_envelope(plane):
    answer = ask(plane, "POST", "/v1/keys", b"x" * (1 << 20))
    assert answer.failure == (
        413,
        "MalformedHttpRequestException",
        "The body is larger than this request may have.",
    )
    assert answer.headers["connection"] == "close"


def test_a_body_of_just_the_limit_is_read(plane):
    body = b'{"role":"viewer","name":"' + b"x" * ((64 << 10) - 27) + b'"}'
    assert len(body) == 64 << 10
    status, code, message = ask(plane, "POST", "/v1/keys", body).failure
    assert (status, code) == (400, "ValidationException")
    assert message.endswith(" 1 to 128 characters are.") or message.endswith(" 1 to 128 characters is accepted.")


@pytest.mark.parametrize("offset", [-290, 290])
def test_a_clock_off_by_less_than_five_minutes_is_taken(plane, offset):
    assert ask(plane, "GET", "/v1/whoami", offset=offset).json == plane.me


@pytest.mark.parametrize("offset", [-310, 310, -86400, 86400])
def test_a_clock_off_by_more_and_a_late_replay_are_refused(plane, offset):
    answer = ask(plane, "GET", "/v1/whoami", offset=offset)
    assert judged(answer) == INVALID
    assert answer.failure[2].startswith("The request was signed at 2")
    assert answer.failure[2].endswith("They may differ by at most 5 minutes: set the signer's clock.")


BODY = b'{"role":"viewer","name":"signed"}'


@pytest.mark.parametrize(
    ("name", "method", "target", "body"),
    [
        ("the body", "POST", "/v1/keys?a=1", BODY.replace(b"viewer", b"admin ")),
        ("the body's length", "POST", "/v1/keys?a=1", BODY + b" "),
        ("no body", "POST", "/v1/keys?a=1", b""),
        ("the method", "PUT", "/v1/keys?a=1", BODY),
        ("the path", "POST", "/v1/accounts?a=1", BODY),
        ("the query", "POST", "/v1/keys?a=2", BODY),
        ("a query added", "POST", "/v1/keys?a=1&account=222222222222", BODY),
        ("no query", "POST", "/v1/keys", BODY),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_what_was_changed_on_the_way_is_refused(plane, name, method, target, body):
    headers = signed(plane, "POST", "/v1/keys?a=1", BODY)
    before = plane.bearer("GET", "/v1/keys").json
    assert judged(plane.ask(method, target, headers, body)) == INVALID, name
    assert plane.bearer("GET", "/v1/keys").json == before


def test_the_wrong_secret_and_the_unknown_key_are_told_apart_by_code(plane):
    assert judged(ask(plane, "GET", "/v1/whoami", key=plane.key.reversed)) == INVALID
    stranger = type(plane.key)("FPAAAAAAAAAAAAAAAAAA", plane.key.secret)
    assert ask(plane, "GET", "/v1/whoami", key=stranger).failure == (
        403,
        "UnrecognizedClientException",
        "The key FPAAAAAAAAAAAAAAAAAA is not known, was revoked, or does not have this secret.",
    )
