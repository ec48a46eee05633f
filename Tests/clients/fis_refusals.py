"""How each error that FIS models for an operation is provoked: one entry for each pair."""

import concurrent.futures
import secrets

from fis_calls import World
from team import ROLE, body, refusal, until

VALIDATION, MISSING = "ValidationException", "ResourceNotFoundException"
CONFLICT, QUOTA = "ConflictException", "ServiceQuotaExceededException"
NOBODY = {"experimentTemplateId": "EXTnobody", "accountId": "222233334444"}
TEMPLATES, ACTIVE, CONFIGURATIONS = 500, 100, 40


def full_of_templates(world: World):
    """One template more than an account may have."""
    team = world.another_team()
    keys = [team.key, team.new_key("admin"), team.new_key("editor")]

    def create(number):
        content = {**body(), "clientToken": f"full-{number}"}
        return team.ask("POST", "/experimentTemplates", content, keys[number % 3]).status

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert set(pool.map(create, range(TEMPLATES))) == {200}
    return refusal(team.fis.create_experiment_template, **body())


def full_of_runs(team):
    """As many runs as may be active at once, each waiting for an hour."""
    template = team.template()
    for _ in range(ACTIVE):
        team.start(template)
    return template


def one_run_too_many(world: World):
    team = world.another_team()
    template = full_of_runs(team)
    try:
        return refusal(team.fis.start_experiment, experimentTemplateId=template)
    finally:
        team.ask("POST", "/emergency-stop", {"reason": "a test is over", "scope": "account"})


def one_role_too_many(world: World):
    template = world.new_template()
    for number in range(CONFIGURATIONS):
        world.new_configuration(template, f"{222200000000 + number}")
    return refusal(world.new_configuration, template, "999999999999")


def moved_while_engaging(world: World):
    """Moves the lever while it still stops what runs; again with new runs where it was faster than we are."""
    state = {"status": "disengaged", "reason": "too early"}

    def attempt():
        team = world.another_team()
        full_of_runs(team)
        try:
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                engaging = pool.submit(team.lever, "engaged", "a test")
                while not engaging.done():
                    if team.lever(**state).status == 409:
                        return refusal(world.admin.update_safety_lever_state, id="default", state=state)
        except AssertionError:
            return None  # It was engaged between the two requests.
        finally:
            team.disengage()
        return None

    return until(attempt, lambda found: found is not None)


def reused(call, first, second):
    """One token, two requests."""
    token = secrets.token_hex(8)
    call(clientToken=token, **first)
    return refusal(call, clientToken=token, **second)


def _of_no_template(name, **members):
    return lambda w: refusal(getattr(w.fis, name), id="EXTnobody", **members)


def _of_no_run(name, **members):
    return lambda w: refusal(getattr(w.fis, name), experimentId="EXPnobody", **members)


def _too_large(name, **members):
    return lambda w: refusal(getattr(w.fis, name), maxResults=101, **members)


def _lever(name, **members):
    return lambda w: refusal(getattr(w.admin, name), **members)


def _missing_role(name):
    return lambda w: refusal(getattr(w.fis, name), experimentTemplateId=w.template, accountId="222233334444", roleArn="x" * 20)


def _tagged_by_aws(w):
    return refusal(w.fis.start_experiment, experimentTemplateId=w.template, tags={"aws:team": "x"})


REFUSED = {
    ("CreateExperimentTemplate", VALIDATION): lambda w: refusal(
        w.fis.create_experiment_template, **body(roleArn="no ARN, and of 20 characters")
    ),
    ("CreateExperimentTemplate", CONFLICT): lambda w: reused(
        w.fis.create_experiment_template, body(), body(description="another")
    ),
    ("CreateExperimentTemplate", MISSING): lambda w: refusal(
        w.fis.create_experiment_template, **body({"A": {"actionId": "aws:fis:nothing"}})
    ),
    ("CreateExperimentTemplate", QUOTA): full_of_templates,
    ("GetExperimentTemplate", MISSING): _of_no_template("get_experiment_template"),
    ("UpdateExperimentTemplate", VALIDATION): lambda w: refusal(
        w.fis.update_experiment_template, id=w.template, description="x" * 513
    ),
    ("UpdateExperimentTemplate", MISSING): _of_no_template("update_experiment_template", description="new"),
    ("DeleteExperimentTemplate", MISSING): _of_no_template("delete_experiment_template"),
    ("ListExperimentTemplates", VALIDATION): _too_large("list_experiment_templates"),
    ("StartExperiment", VALIDATION): _tagged_by_aws,
    ("StartExperiment", CONFLICT): lambda w: reused(
        w.fis.start_experiment,
        {"experimentTemplateId": w.template, "experimentOptions": {"actionsMode": "skip-all"}},
        {"experimentTemplateId": w.template},
    ),
    ("StartExperiment", MISSING): lambda w: refusal(w.fis.start_experiment, experimentTemplateId="EXTnobody"),
    ("StartExperiment", QUOTA): one_run_too_many,
    ("GetExperiment", MISSING): lambda w: refusal(w.fis.get_experiment, id="EXPnobody"),
    ("StopExperiment", MISSING): lambda w: refusal(w.fis.stop_experiment, id="EXPnobody"),
    ("ListExperiments", VALIDATION): lambda w: refusal(w.fis.list_experiments, nextToken="never-given"),
    ("ListExperimentResolvedTargets", VALIDATION): lambda w: refusal(
        w.fis.list_experiment_resolved_targets, experimentId=w.preview["id"], targetName="nobody"
    ),
    ("ListExperimentResolvedTargets", MISSING): _of_no_run("list_experiment_resolved_targets"),
    ("ListExperimentTargetAccountConfigurations", VALIDATION): lambda w: refusal(
        w.fis.list_experiment_target_account_configurations, experimentId=w.preview["id"], nextToken="never-given"
    ),
    ("ListExperimentTargetAccountConfigurations", MISSING): _of_no_run("list_experiment_target_account_configurations"),
    ("GetExperimentTargetAccountConfiguration", MISSING): lambda w: refusal(
        w.fis.get_experiment_target_account_configuration, experimentId=w.preview["id"], accountId="999999999999"
    ),
    ("CreateTargetAccountConfiguration", VALIDATION): _missing_role("create_target_account_configuration"),
    ("CreateTargetAccountConfiguration", CONFLICT): lambda w: refusal(
        w.fis.create_target_account_configuration, experimentTemplateId=w.template, accountId="222233334444", roleArn=ROLE
    ),
    ("CreateTargetAccountConfiguration", MISSING): lambda w: refusal(
        w.fis.create_target_account_configuration, **NOBODY, roleArn=ROLE
    ),
    ("CreateTargetAccountConfiguration", QUOTA): one_role_too_many,
    ("GetTargetAccountConfiguration", MISSING): lambda w: refusal(w.fis.get_target_account_configuration, **NOBODY),
    ("UpdateTargetAccountConfiguration", VALIDATION): _missing_role("update_target_account_configuration"),
    ("UpdateTargetAccountConfiguration", MISSING): lambda w: refusal(
        w.fis.update_target_account_configuration, **NOBODY, roleArn=ROLE
    ),
    ("DeleteTargetAccountConfiguration", MISSING): lambda w: refusal(
        w.fis.delete_target_account_configuration, **NOBODY
    ),
    ("ListTargetAccountConfigurations", VALIDATION): lambda w: refusal(
        w.fis.list_target_account_configurations, experimentTemplateId=w.template, maxResults=101
    ),
    ("ListTargetAccountConfigurations", MISSING): lambda w: refusal(
        w.fis.list_target_account_configurations, experimentTemplateId="EXTnobody"
    ),
    ("GetAction", MISSING): lambda w: refusal(w.fis.get_action, id="aws:fis:nothing"),
    ("ListActions", VALIDATION): _too_large("list_actions"),
    ("GetTargetResourceType", MISSING): lambda w: refusal(w.fis.get_target_resource_type, resourceType="aws:no:thing"),
    ("ListTargetResourceTypes", VALIDATION): _too_large("list_target_resource_types"),
    ("GetSafetyLever", MISSING): _lever("get_safety_lever", id="other"),
    ("UpdateSafetyLeverState", VALIDATION): _lever(
        "update_safety_lever_state", id="default", state={"status": "engaged", "reason": ""}
    ),
    ("UpdateSafetyLeverState", CONFLICT): moved_while_engaging,
    ("UpdateSafetyLeverState", MISSING): _lever(
        "update_safety_lever_state", id="other", state={"status": "engaged", "reason": "a test"}
    ),
}

LONG = "E" * 65
# Errors that are modelled and not given: a name that nothing can have names nothing, which is what the caller is told.
UNNAMEABLE = {
    "GetExperimentTemplate": lambda w: refusal(w.fis.get_experiment_template, id=LONG),
    "DeleteExperimentTemplate": lambda w: refusal(w.fis.delete_experiment_template, id=LONG),
    "GetExperiment": lambda w: refusal(w.fis.get_experiment, id=LONG),
    "StopExperiment": lambda w: refusal(w.fis.stop_experiment, id=LONG),
    "GetExperimentTargetAccountConfiguration": lambda w: refusal(
        w.fis.get_experiment_target_account_configuration, experimentId=LONG, accountId="no_such_account"
    ),
    "GetTargetAccountConfiguration": lambda w: refusal(
        w.fis.get_target_account_configuration, experimentTemplateId=LONG, accountId="no_such_account"
    ),
    "DeleteTargetAccountConfiguration": lambda w: refusal(
        w.fis.delete_target_account_configuration, experimentTemplateId=LONG, accountId="no_such_account"
    ),
    "GetAction": lambda w: refusal(w.fis.get_action, id=LONG * 2),
    "GetTargetResourceType": lambda w: refusal(w.fis.get_target_resource_type, resourceType=LONG * 2),
}
# And those that nothing can provoke.
IMPOSSIBLE = {("UpdateExperimentTemplate", QUOTA): "an update makes no more of what is counted"}
