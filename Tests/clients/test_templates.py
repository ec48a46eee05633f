"""boto3 on templates, their account configurations, tags and the catalogue: every answer held to botocore's own model."""

import uuid

import pytest
import shapes
from team import client
from test_boto3 import refusal

ROLE = "arn:aws:iam::000000000000:role/fis"
# A function whose faults nobody reads from a parameter: answers to others carry warnings, which the model does not know.
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:drilled"
FULL = {
    "description": "a drill",
    "stopConditions": [{"source": "none"}],
    "targets": {
        "Fns": {"resourceType": "aws:lambda:function", "resourceArns": [FUNCTION], "selectionMode": "ALL"},
        "Tasks": {
            "resourceType": "aws:ecs:task",
            "resourceTags": {"env": "prod"},
            "filters": [{"path": "LastStatus", "values": ["RUNNING"]}],
            "selectionMode": "PERCENT(50)",
        },
    },
    "actions": {
        "Slow": {
            "actionId": "aws:lambda:invocation-add-delay",
            "description": "slow them",
            "parameters": {"duration": "PT1M", "invocationPercentage": "100"},
            "targets": {"Functions": "Fns"},
        },
        "Stop": {"actionId": "aws:ecs:stop-task", "targets": {"Tasks": "Tasks"}, "startAfter": ["Slow"]},
    },
    "roleArn": ROLE,
    "tags": {"Name": "drill", "team": "ünï"},
    "logConfiguration": {
        "cloudWatchLogsConfiguration": {"logGroupArn": "arn:aws:logs:us-east-1:000000000000:log-group:fis:*"},
        "s3Configuration": {"bucketName": "logs", "prefix": "fis"},
        "logSchemaVersion": 2,
    },
    "experimentOptions": {"accountTargeting": "multi-account", "emptyTargetResolutionMode": "skip"},
    "experimentReportConfiguration": {
        "outputs": {"s3Configuration": {"bucketName": "reports"}},
        "dataSources": {"cloudWatchDashboards": [{"dashboardIdentifier": "arn:aws:cloudwatch::0:dashboard/d"}]},
        "preExperimentDuration": "PT20M",
    },
}


@pytest.fixture
def fis(plane):
    fis = client(plane)
    shapes.hold(fis)
    return fis


def make(fis, **changes):
    return fis.create_experiment_template(**{**FULL, **changes})["experimentTemplate"]


def told(call):
    response = refusal(call)
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"]["Message"]


def test_answers_are_held_to_the_model(plane):
    fis = client(plane)
    seen = shapes.hold(fis)
    fis.list_actions()
    assert seen == ["ListActions"]
    shape = fis.meta.service_model.operation_model("ListActions").output_shape
    answer = {"actions": [{"id": "x" * 129, "arn": 1, "colour": "red", "tags": {"": ""}}], "nextToken": "a b"}
    assert shapes.problems(shape, answer) == [
        "answer.actions[0].id has 129 characters, not 0 to 128",
        "answer.actions[0].arn is 1 and should be a string",
        "answer.actions[0].colour is not in the model",
        r"answer.actions[0].tags key  is '', which is not [\s\S]+",
        r"answer.nextToken is 'a b', which is not [\S]+",
    ]
    shape = fis.meta.service_model.operation_model("GetExperiment").output_shape
    state = {"status": "idle", "reason": None}
    run = {"id": "", "creationTime": 1795265918037, "startTime": True, "endTime": "2026-11-21", "state": state}
    assert shapes.problems(shape, {"experiment": {**run, "targetAccountConfigurationsCount": -1, "roleArn": "short"}}) == [
        r"answer.experiment.id is '', which is not [\S]+",
        "answer.experiment.creationTime is 1795265918037, which is no time in seconds",
        "answer.experiment.startTime is True and should be a timestamp",
        "answer.experiment.endTime is '2026-11-21' and should be a timestamp",
        "answer.experiment.state.status is 'idle', none of ['pending', 'initiating', 'running', 'completed', 'stopping', "
        "'stopped', 'failed', 'cancelled']",
        "answer.experiment.state.reason is None and should be a string",
        "answer.experiment.targetAccountConfigurationsCount is -1, not 0 to None",
        "answer.experiment.roleArn has 5 characters, not 20 to 2048",
    ]


def test_a_template_comes_back_as_it_was_given(fis):
    made = make(fis)
    for name, value in FULL.items():
        assert made[name] == value, name
    assert made["arn"] == f"arn:aws:fis:us-east-1:000000000000:experiment-template/{made['id']}"
    assert made["creationTime"] == made["lastUpdateTime"]
    assert made["targetAccountConfigurationsCount"] == 0
    assert fis.get_experiment_template(id=made["id"])["experimentTemplate"] == made
    assert fis.delete_experiment_template(id=made["id"])["experimentTemplate"] == made
    with pytest.raises(fis.exceptions.ResourceNotFoundException):
        fis.get_experiment_template(id=made["id"])


def test_an_update_changes_what_it_names(fis):
    made = make(fis)
    updated = fis.update_experiment_template(
        id=made["id"],
        logConfiguration={},
        actions={"Slow": {"parameters": {"duration": "PT2M"}, "targets": {"Functions": "Fns"}}},
        targets={"Fns": FULL["targets"]["Fns"]},
        experimentOptions={"emptyTargetResolutionMode": "fail"},
    )["experimentTemplate"]
    assert "logConfiguration" not in updated
    assert updated["actions"]["Slow"]["actionId"] == "aws:lambda:invocation-add-delay"
    assert updated["experimentOptions"] == {"accountTargeting": "multi-account", "emptyTargetResolutionMode": "fail"}
    assert updated["lastUpdateTime"] >= made["lastUpdateTime"] == made["creationTime"] == updated["creationTime"]
    assert updated["description"] == made["description"]
    assert fis.update_experiment_template(id=made["id"])["experimentTemplate"]["targets"] == updated["targets"]


def test_a_token_makes_one_template(fis):
    token = str(uuid.uuid4())
    made = make(fis, clientToken=token)
    assert make(fis, clientToken=token) == made
    with pytest.raises(fis.exceptions.ConflictException):
        make(fis, clientToken=token, description="another")


def test_account_configurations(fis):
    template = make(fis)["id"]
    name = {"experimentTemplateId": template, "accountId": "111111111111"}
    made = fis.create_target_account_configuration(**name, roleArn=ROLE, description="one")
    expected = {"accountId": "111111111111", "roleArn": ROLE, "description": "one"}
    assert made["targetAccountConfiguration"] == expected
    assert fis.get_target_account_configuration(**name)["targetAccountConfiguration"] == expected
    for account in ("222222222222", "333333333333"):
        fis.create_target_account_configuration(experimentTemplateId=template, accountId=account, roleArn=ROLE)
    pages = fis.get_paginator("list_target_account_configurations").paginate(
        experimentTemplateId=template, PaginationConfig={"PageSize": 1}
    )
    found = pages.build_full_result()["targetAccountConfigurations"]
    assert [each["accountId"] for each in found] == ["111111111111", "222222222222", "333333333333"]
    assert found[0] == expected and "description" not in found[1]
    updated = fis.update_target_account_configuration(**name, description="")["targetAccountConfiguration"]
    assert updated == {**expected, "description": ""}
    assert fis.get_experiment_template(id=template)["experimentTemplate"]["targetAccountConfigurationsCount"] == 3
    assert fis.delete_target_account_configuration(**name)["targetAccountConfiguration"] == updated
    assert told(lambda: fis.get_target_account_configuration(**name)) == (
        404,
        "ResourceNotFoundException",
        f"The experiment template {template} has no configuration for account 111111111111.",
    )
    single = make(fis, experimentOptions={"accountTargeting": "single-account"})
    assert "targetAccountConfigurationsCount" not in single
    with pytest.raises(fis.exceptions.ConflictException):
        fis.create_target_account_configuration(experimentTemplateId=single["id"], accountId="1" * 12, roleArn=ROLE)


def test_tags(fis):
    made = make(fis, tags={"a": "1"})
    arn = made["arn"]
    assert fis.tag_resource(resourceArn=arn, tags={"b c": "", "é": "2"})["ResponseMetadata"]["HTTPStatusCode"] == 200
    fis.untag_resource(resourceArn=arn, tagKeys=["a", "none", "é"])
    assert fis.list_tags_for_resource(resourceArn=arn)["tags"] == {"b c": ""}
    assert fis.get_experiment_template(id=made["id"])["experimentTemplate"]["tags"] == {"b c": ""}


def test_templates_are_listed_a_page_at_a_time_and_newest_first(fis):
    made = [make(fis)["id"] for _ in range(3)]
    for size in (1, 2, 100):
        pages = fis.get_paginator("list_experiment_templates").paginate(PaginationConfig={"PageSize": size})
        found = [each["id"] for each in pages.build_full_result()["experimentTemplates"]]
        assert found[:3] == made[::-1] and len(set(found)) == len(found)


@pytest.mark.parametrize("size", [1, 7, 100])
def test_the_catalogue_is_what_its_parts_say(fis, size):
    actions = fis.get_paginator("list_actions").paginate(PaginationConfig={"PageSize": size})
    found = actions.build_full_result()["actions"]
    assert len([each for each in found if each["id"].startswith("aws:")]) == 50
    assert [each["id"] for each in found if not each["id"].startswith("aws:")] == [
        f"faultplane:lambda:invocation-{what}" for what in ("corrupt-response", "deny-hosts", "disk-space", "timeout")
    ]
    types = fis.get_paginator("list_target_resource_types").paginate(PaginationConfig={"PageSize": size})
    names = {each["resourceType"] for each in types.build_full_result()["targetResourceTypes"]}
    assert len(names) == 24
    if size < 100:
        return
    for summary in found:
        action = fis.get_action(id=summary["id"])["action"]
        assert {**action, "parameters": None} == {**summary, "parameters": None}
        for slot in action.get("targets", {}).values():
            assert slot["resourceType"] in names
    for name in names:
        assert fis.get_target_resource_type(resourceType=name)["targetResourceType"]["resourceType"] == name


def test_errors_are_the_models_own(fis):
    unknown = {"a": {"actionId": "aws:lambda:put-function-concurrent-executions"}}
    assert told(lambda: make(fis, actions=unknown, targets={})) == (
        404,
        "ResourceNotFoundException",
        'Invalid actionId: actions.a.actionId is "aws:lambda:put-function-concurrent-executions", '
        "and an id that ListActions names is accepted.",
    )
    slot = {"a": {"actionId": "aws:fis:wait", "parameters": {"duration": "PT1M"}, "targets": {"Instances": "Fns"}}}
    status, code, message = told(lambda: make(fis, actions=slot))
    assert (status, code) == (400, "ValidationException")
    assert 'Unexpected target "Instances" found in action "a".' in message
    assert told(lambda: fis.get_action(id="aws:none")) == (
        404, "ResourceNotFoundException", 'Invalid actionId: "aws:none" is no action that ListActions names.',
    )
    # Each error has the class of its own that boto3 makes of the model.
    with pytest.raises(fis.exceptions.ValidationException):
        make(fis, roleArn="x" * 30)
