"""What templates and runs have beyond FIS, with FIS's own client beside: it reads them, and what it sends back changes nothing of them."""

import json
import uuid

import shapes
from described_world import HYPOTHESIS
from team import client

ROLE = "arn:aws:iam::000000000000:role/fis"
WAIT = {"Wait": {"actionId": "aws:fis:wait", "parameters": {"duration": "PT10M"}}}
CONDITION = {
    "source": "prometheus", "value": "sum(errors) by (job) > 5", "requires": "up", "for": "30s", "breaches": 2, "of": 3,
}


def ask(plane, method, path, body=None):
    answer = plane.bearer(method, path, json.dumps(body).encode() if body is not None else b"")
    assert answer.status == 200, answer.body
    return answer.json


def test_members_that_fis_has_not_are_shown_and_do_not_disturb_its_client(plane):
    fis = client(plane)
    shapes.hold(fis)
    request = {
        "clientToken": str(uuid.uuid4()), "description": "a drill", "roleArn": ROLE, "actions": WAIT, "stopConditions": [CONDITION],
        "steadyStateHypothesis": HYPOTHESIS,
    }
    made = ask(plane, "POST", "/experimentTemplates", request)["experimentTemplate"]
    assert (made["stopConditions"], made["steadyStateHypothesis"]) == ([CONDITION], HYPOTHESIS)
    read = fis.get_experiment_template(id=made["id"])["experimentTemplate"]
    assert read["stopConditions"] == [{"source": "prometheus", "value": CONDITION["value"]}]
    assert "steadyStateHypothesis" not in read
    # An update by somebody who does not know of them leaves the hypothesis where it is.
    fis.update_experiment_template(id=made["id"], description="another")
    assert ask(plane, "GET", f"/v1/templates/{made['id']}/hypothesis") == {"steadyStateHypothesis": HYPOTHESIS}


def test_a_template_of_fis_s_client_is_given_a_hypothesis_and_its_runs_show_it(plane):
    fis = client(plane)
    shapes.hold(fis)
    made = fis.create_experiment_template(
        clientToken=str(uuid.uuid4()), description="a drill", roleArn=ROLE, actions=WAIT, stopConditions=[{"source": "none"}],
    )["experimentTemplate"]
    ask(plane, "PUT", f"/v1/templates/{made['id']}/hypothesis", HYPOTHESIS)
    run = fis.start_experiment(
        clientToken=str(uuid.uuid4()), experimentTemplateId=made["id"], experimentOptions={"actionsMode": "skip-all"},
    )["experiment"]
    # A preview has no faults, and shows nothing.
    shown = ask(plane, "GET", f"/experiments/{run['id']}")["experiment"]
    assert shown["steadyStateHypothesis"] == HYPOTHESIS
    assert shown["steadyState"] == {"verdict": "not evaluated", "deviations": [], "recoverySeconds": None}
    assert fis.get_experiment(id=run["id"])["experiment"]["state"]["status"] == "completed"
    assert ask(plane, "DELETE", f"/v1/templates/{made['id']}/hypothesis") == {"steadyStateHypothesis": HYPOTHESIS}
