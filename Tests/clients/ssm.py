"""boto3's SSM client as the judge of what parameters look like on the wire; moto answers it as SSM does."""

import contextlib
import functools
import json
import logging

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer
from plane import Answer

# Such as the role of a function gives it: nobody here has ever seen them.
ROLE = {"aws_access_key_id": "ASIAQ3EGRIEFCOBALT42", "aws_secret_access_key": "nobody/knows", "aws_session_token": "a+token=="}
# Each dialect with what says in it that no fault is on.
OFF = {"chaos_lambda": {"is_enabled": False}, "failure-lambda": {}, "failure-lambda-0": {"isEnabled": False}}


def own_name(dialect: str, function: str = "checkout") -> str:
    """The name under which a function reads its faults without anybody having bound it."""
    return f"/faultplane/{dialect}/{function}"


def by_path(plane, key, slash: str = "") -> str:
    """The address of a reader whose key stands in it."""
    return f"{plane.url}/t/{key.id}.{key.secret}{slash}"


@functools.cache
def _session():
    """One session: reading the model takes longer than most tests."""
    return boto3.session.Session()


def client(endpoint: str, key=None):
    """One that signs with a key of ours, or as a function does; it sends what it is given, be it wrong, and asks once."""
    signing = {"aws_access_key_id": key.id, "aws_secret_access_key": key.secret} if key else ROLE
    config = Config(retries={"total_max_attempts": 1}, proxies={}, parameter_validation=False)
    return _session().client("ssm", endpoint_url=endpoint, region_name="us-east-1", config=config, **signing)


def answers(ssm) -> list[Answer]:
    """What a client will have been answered, as it came."""
    seen: list[Answer] = []

    def note(http_response, **_):
        headers = {name.lower(): value for name, value in http_response.headers.items()}
        seen.append(Answer(http_response.status_code, headers, http_response.content))

    ssm.meta.events.register("after-call.ssm", note)
    return seen


def value(ssm, name: str):
    """What a reader of that name is told."""
    return json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])


@contextlib.contextmanager
def moto():
    """The address of moto's SSM, on a port of its own choice."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()
