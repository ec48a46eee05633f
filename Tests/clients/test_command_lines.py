"""curl, the aws command line and our own, as a new user has them."""

import json

import pytest
from plane import REPOSITORY, binary

ENVELOPE = ["__type", "message", "requestId"]


def curl(tool, plane, *arguments):
    """Status and body."""
    run = tool("curl", "--silent", "--show-error", "--noproxy", "*", "--write-out", "\n%{http_code}", *arguments)
    assert run.returncode == 0, run.stderr
    body, _, status = run.stdout.rpartition("\n")
    return int(status), json.loads(body)


def sigv4(key):
    return ["--aws-sigv4", "aws:amz:us-east-1:fis", "--user", f"{key.id}:{key.secret}"]


@pytest.mark.parametrize("target", ["/v1/whoami", "/v1/whoami?z=1&a=2", "/v1/whoami?a=%2F%20b&c", "/v1/whoami?"])
def test_curl_signs(plane, tool, target):
    assert curl(tool, plane, *sigv4(plane.key), plane.url + target) == (200, plane.me)


def test_curl_signs_a_body(plane, tool):
    body = '{"role": "viewer", "name": "by curl"}'
    headers = ["-H", "Content-Type: application/json"]
    status, answer = curl(tool, plane, *sigv4(plane.key), *headers, "-d", body, plane.url + "/v1/keys")
    assert (status, list(answer)) == (200, ["key", "secret", "bearer"])
    assert answer["bearer"] == f"{answer['key']['id']}.{answer['secret']}"
    revoke = ["-X", "DELETE", f"{plane.url}/v1/keys/{answer['key']['id']}"]
    status, revoked = curl(tool, plane, *sigv4(plane.key), *revoke)
    assert (status, revoked["key"]["revokedAt"] is not None) == (200, True)


def test_curl_with_a_wrong_secret_gets_the_envelope(plane, tool):
    status, answer = curl(tool, plane, *sigv4(plane.key.reversed), plane.url + "/v1/whoami")
    assert (status, list(answer), answer["__type"]) == (403, ENVELOPE, "InvalidSignatureException")


def test_curl_with_a_token(plane, tool):
    header = f"Authorization: Bearer {plane.key.id}.{plane.key.secret}"
    assert curl(tool, plane, "-H", header, plane.url + "/v1/whoami") == (200, plane.me)


def test_curl_without_anything_is_told_what_to_send(plane, tool):
    status, answer = curl(tool, plane, plane.url + "/v1/whoami")
    assert (status, answer["__type"]) == (403, "MissingAuthenticationTokenException")
    assert answer["message"] == (
        "The request carries no credential. Sign it with AWS Signature Version 4, or send "
        "Authorization: Bearer KEY_ID.SECRET."
    )


def test_curl_by_the_control_socket_needs_no_key(plane, tool):
    socket = ["--unix-socket", str(plane.folder / "control.sock")]
    expected = {"account": "000000000000", "role": "admin", "keyId": None}
    assert curl(tool, plane, *socket, "http://control/v1/whoami") == (200, expected)


def test_the_aws_command_line_takes_the_written_credentials_as_they_are(plane, tool):
    run = tool("aws", "fis", "list-actions", "--endpoint-url", plane.url)
    assert (run.returncode, run.stderr) == (0, "")
    assert "aws:fis:wait" in [action["id"] for action in json.loads(run.stdout)["actions"]]


def test_the_aws_command_line_with_a_wrong_secret_is_told_so(plane, tool):
    wrong = plane.key.reversed
    run = tool(
        "aws", "fis", "list-actions", "--endpoint-url", plane.url,
        AWS_ACCESS_KEY_ID=wrong.id, AWS_SECRET_ACCESS_KEY=wrong.secret, AWS_DEFAULT_REGION="us-east-1",
    )
    assert (run.returncode, run.stdout) == (255, "")
    assert "An error occurred (InvalidSignatureException) when calling the ListActions operation" in run.stderr


@pytest.fixture
def hello(plane, tool):
    """The template of the example, as the aws command line makes it."""
    example = f"file://{REPOSITORY}/docs/examples/hello.json"
    made = tool("aws", "fis", "create-experiment-template", "--endpoint-url", plane.url, "--cli-input-json", example)
    assert (made.returncode, made.stderr) == (0, "")
    return json.loads(made.stdout)["experimentTemplate"]["id"]


def test_a_run_that_one_command_line_starts_the_others_see(plane, tool, hello):
    ours = [str(binary()), "start", hello, "--tag", "by=cli", "--json", "--url", plane.url, "--data-dir", str(plane.folder)]
    started = tool(*ours)
    assert (started.returncode, started.stderr) == (0, "")
    run = json.loads(started.stdout)["experiment"]
    aws = tool("aws", "fis", "get-experiment", "--endpoint-url", plane.url, "--id", run["id"])
    assert json.loads(aws.stdout)["experiment"]["tags"] == {"by": "cli"}
    status, answer = curl(tool, plane, *sigv4(plane.key), "-X", "DELETE", f"{plane.url}/experiments/{run['id']}")
    assert (status, answer["experiment"]["id"]) == (200, run["id"])
    watched = tool(str(binary()), "watch", run["id"], "--url", plane.url, "--data-dir", str(plane.folder))
    assert (watched.returncode, watched.stderr) == (
        1, f"faultplane: {run['id']} is stopped: Experiment stopped by request.\n"
    )
    assert watched.stdout.endswith(f"experiment {run['id']}  stopping -> stopped: Experiment stopped by request.\n")
