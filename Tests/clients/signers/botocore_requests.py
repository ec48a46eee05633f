"""Requests signed by botocore: through its clients, as boto3 and the aws CLI do, and by its bare signers."""

import os
import socket

import botocore.session
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

ARN = "arn:aws:fis:us-east-1:000000000000:experiment-template/EXT1a2b"
TOKEN = "FwoGZXIvYXdzEBYaDK/+token=="
MIB = 1 << 20


def client(capture, key, service, token=None, region="us-east-1"):
    return botocore.session.Session().create_client(
        service,
        endpoint_url=capture.endpoint,
        region_name=region,
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}),
    )


def template(description):
    return {
        "clientToken": "token-1",
        "description": description,
        "stopConditions": [{"source": "none"}],
        "actions": {"wait": {"actionId": "aws:fis:wait", "parameters": {"duration": "PT1M"}}},
        "roleArn": "arn:aws:iam::000000000000:role/fis-role",
    }


def client_calls(capture, key):
    """(name, captured) for calls of the real clients."""
    fis = client(capture, key, "fis")
    fis_token = client(capture, key, "fis", token=TOKEN)
    fis_far = client(capture, key, "fis", region="eu-central-1")
    ssm = client(capture, key, "ssm")
    appconfig = client(capture, key, "appconfigdata")
    calls = {
        "list actions": lambda: fis.list_actions(),
        "list actions, session token": lambda: fis_token.list_actions(),
        "list actions, another region": lambda: fis_far.list_actions(),
        "list with odd paging token": lambda: fis.list_experiments(
            maxResults=7, nextToken="a b+c/d=&e%41~\u00e9\u4e2d"
        ),
        "list tags of an arn": lambda: fis.list_tags_for_resource(resourceArn=ARN),
        "untag an arn, repeated names": lambda: fis.untag_resource(
            resourceArn=ARN, tagKeys=["b", "a c", "a", "\u00fc"]
        ),
        "tag an arn, session token": lambda: fis_token.tag_resource(
            resourceArn=ARN, tags={"Name": "\u4e2d\u6587"}
        ),
        "create a template": lambda: fis.create_experiment_template(**template("caf\u00e9")),
        "stop an experiment": lambda: fis.stop_experiment(id="EXP1a2b"),
        "an id with a percent sign": lambda: fis.get_experiment(id="EXP%2F"),
        "read a parameter": lambda: ssm.get_parameter(Name="/faultplane/chaos_lambda/checkout"),
        "start a configuration session": lambda: appconfig.start_configuration_session(
            ApplicationIdentifier="a", EnvironmentIdentifier="e", ConfigurationProfileIdentifier="c"
        ),
    }
    for name, call in calls.items():
        yield name, capture.during(call)


def big_template(capture, key):
    fis = client(capture, key, "fis")
    captured = capture.during(lambda: fis.create_experiment_template(**template("x" * MIB)))
    assert len(captured.body) > MIB
    return captured


def from_file(capture, path):
    """What a client sends that knows nothing but a credentials file: no region, no configuration."""
    os.environ.update(
        AWS_SHARED_CREDENTIALS_FILE=path, AWS_CONFIG_FILE="/dev/null", AWS_EC2_METADATA_DISABLED="true"
    )
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"):
        os.environ.pop(name, None)
    fis = botocore.session.Session().create_client("fis", endpoint_url=capture.endpoint)
    return capture.during(fis.list_actions)


def bare_requests(capture, key):
    """(name, captured) for targets and headers that the clients never make, signed by the bare signers."""
    cases = [
        ("query in falling order", "/experiments?z=1&nextToken=x&a=2&maxResults=3", {}, SigV4Auth),
        ("query name without a value", "/experiments?b&a=&c=1", {}, SigV4Auth),
        ("empty pairs in the query", "/experiments?b=1&&a=2&", {}, SigV4Auth),
        ("one name often", "/experiments?a=2&a=10&a=1&a", {}, SigV4Auth),
        ("a name that begins another", "/experiments?ab=1&a-b=3&a=2&a%20b=4", {}, SigV4Auth),
        ("dots and double slashes in the path", "/x/./y//../z/tags//a%3Ab/", {}, SigV4Auth),
        ("a path of nothing but dots", "/a/../..", {}, SigV4Auth),
        ("plain colon and other marks in the path", "/tags/arn:aws:fis/a,b;c=d@e!f'(g)*", {}, SigV4Auth),
        ("tilde in the path", "/~a/%7Eb", {}, SigV4Auth),
        ("runs of space in a header", "/actions", {"X-Amz-Meta": "  a   b\t\tc  "}, SigV4Auth),
        ("an empty header", "/actions", {"X-Amz-Meta": ""}, SigV4Auth),
        ("Date in place of X-Amz-Date", "/actions", {"Date": "replaced by the signer"}, SigV4Auth),
        ("path as sent, query sorted, payload hash", "/tags/arn%3Aaws%3Afis?z=1&a=2", {}, S3SigV4Auth),
    ]
    for name, target, headers, signer in cases:
        request = AWSRequest("GET", capture.endpoint + target, headers=headers)
        yield name, sign_and_send(capture, key, request, signer)
    post = AWSRequest("POST", capture.endpoint + "/experiments", data=b'{"a": "\xff"}')
    yield "payload hash of a body", sign_and_send(capture, key, post, S3SigV4Auth)
    header = AWSRequest("GET", capture.endpoint + "/actions")
    header.headers["X-Amz-Meta"] = "b"
    header.headers["x-amz-meta"] = "a, c"
    yield "a repeated header", sign_and_send(capture, key, header, SigV4Auth)
    utf8 = AWSRequest("GET", capture.endpoint + "/actions", headers={"X-Amz-Meta": "caf\u00e9 \u4e2d"})
    yield "a header beyond ASCII", sign_and_send(capture, key, utf8, SigV4Auth)


def sign_and_send(capture, key, request, signer, service="fis"):
    """Signs and sends byte for byte what was signed: HTTP libraries would tidy the path."""
    request.headers["Host"] = f"127.0.0.1:{capture.port}"
    signer(Credentials(key.id, key.secret), service, "us-east-1").add_auth(request)
    target = request.url.removeprefix(capture.endpoint)
    body = request.data or b""
    lines = [f"{request.method} {target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]

    def send():
        with socket.create_connection(("127.0.0.1", capture.port)) as connection:
            connection.sendall("\r\n".join(lines).encode() + body)
            connection.recv(1 << 16)

    return capture.during(send)
