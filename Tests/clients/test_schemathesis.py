"""Schemathesis holds the server to what it says of itself in /openapi.json."""

import copy
import json

import pytest
import schemathesis
from described_world import World
from hypothesis import HealthCheck, Phase, settings
from plane import REPOSITORY
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

DOCUMENT = json.loads((REPOSITORY / "api/openapi.json").read_text())
# An emergency stop may be asked to wait for up to 50 seconds, and others hold faults here.
PATIENCE = 70
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BOUNDED = settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    # What is explicit are the cases that schemathesis works out from the bounds of each schema.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def closed(node):
    """The same schema with no member that it does not name: the document allows later versions more, and tests do not."""
    if isinstance(node, list):
        return [closed(element) for element in node]
    if not isinstance(node, dict):
        return node
    node = {name: closed(value) for name, value in node.items()}
    if isinstance(node.get("properties"), dict) and "type" in node:
        node.setdefault("additionalProperties", False)
    return node


schema = schemathesis.openapi.from_dict(closed(copy.deepcopy(DOCUMENT)))
OPERATIONS = [result.ok() for result in schema.get_all_operations()]


def name(operation) -> str:
    return operation.definition.raw["operationId"]


@pytest.fixture
def world(plane):
    made = World(plane)
    yield made
    made.end()


@pytest.fixture
def headers(plane):
    return {"Authorization": f"Bearer {plane.key.id}.{plane.key.secret}"}


def test_the_server_gives_the_document_that_is_checked_in(plane):
    answer = plane.ask("GET", "/openapi.json")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.body == (REPOSITORY / "api/openapi.json").read_bytes()


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_a_good_request_is_answered_as_described(operation, plane, world, headers):
    paths = world.paths([parameter.name for parameter in operation.path_parameters])
    if name(operation) == "CreateTargetAccountConfiguration":
        paths["accountId"] = "333333333333"
    query = {"PollFaults": {"instance": "i-1"}, "GetTelemetry": {"target": "checkout"}}.get(name(operation), {})
    body = world.body(name(operation))
    given = {} if body is None else {"body": body, "media_type": "application/json"}
    if name(operation).startswith("ReadParameters"):
        headers = {**headers, "X-Amz-Target": "AmazonSSM.GetParameter"}
    case = operation.Case(path_parameters=paths, query=query, headers=headers, **given)
    response = case.call(base_url=plane.url, timeout=PATIENCE)
    # Nodes speak to each other under the master key, and no caller has that.
    good = 400 if name(operation) == "TellPeer" else 200
    assert response.status_code == good, response.text
    case.validate_response(response, checks=CHECKS)


@schema.parametrize()
@BOUNDED
def test_any_request_is_answered_as_described(case, plane, world, headers):
    # Of what is not there, little can be learnt but that it is not there; the rest of the case stays as it was made.
    if case.path_parameters and len(json.dumps(case.path_parameters, default=str)) % 2:
        case.path_parameters = world.paths(case.path_parameters)
    case.call_and_validate(base_url=plane.url, headers=headers, checks=CHECKS, timeout=PATIENCE)


def test_a_stream_is_answered_as_described(plane, world, headers):
    stopped = plane.bearer("DELETE", f"/experiments/{world.run}")
    assert stopped.status == 200
    operation = next(operation for operation in OPERATIONS if name(operation) == "ListExperimentEvents")
    accepting = {**headers, "Accept": "text/event-stream"}
    case = operation.Case(path_parameters=world.paths(["experimentId"]), headers=accepting)
    response = case.call(base_url=plane.url, timeout=PATIENCE)
    assert response.headers["content-type"] == ["text/event-stream"]
    assert response.text.endswith("event: end\ndata: {}\n\n")
    case.validate_response(response, checks=[*CHECKS[:3]])
