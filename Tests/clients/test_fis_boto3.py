"""boto3 runs experiments: start, follow, stop, and what they tell of what they did."""

import concurrent.futures

import pytest
from team import Team, body, delay, functions, quoted, refusal, wait

UNKNOWN = "ResourceNotFoundException"


def test_a_run_is_started_followed_and_listed(team):
    arn = team.register("checkout")
    made = body({"Slow": delay("Named", "PT2S"), "Rest": wait("PT1S", "Slow")}, {"Named": functions(arn)}, tags={"of": "it"})
    template = team.fis.create_experiment_template(**made)["experimentTemplate"]
    started = team.fis.start_experiment(experimentTemplateId=template["id"], tags={"run": "1"})["experiment"]
    assert started["state"] == {"status": "running", "reason": "Experiment is running."}
    assert started["arn"] == f"arn:aws:fis:us-east-1:{team.account}:experiment/{started['id']}"
    assert started["startTime"] >= started["creationTime"] and "description" not in started
    assert [fault["actionId"] for fault in team.faults(arn)] == ["aws:lambda:invocation-add-delay"]
    assert started["actions"]["Slow"]["state"] == {"status": "running", "reason": ""}
    assert started["actions"]["Rest"]["state"] == {"status": "pending", "reason": "Initial state."}
    done = team.ended(started["id"])
    assert done["state"] == {"status": "completed", "reason": "Experiment completed."}
    for name, given in made["actions"].items():
        shown = done["actions"][name]
        assert {member: shown[member] for member in given} == given
        assert shown["state"] == {"status": "completed", "reason": "Action was completed."}
        assert (shown["endTime"] - shown["startTime"]).total_seconds() == (2 if name == "Slow" else 1)
    for name in ("targets", "stopConditions", "roleArn"):
        assert done[name] == made[name]
    assert done["tags"] == {"run": "1"}
    options = {"accountTargeting": "single-account", "emptyTargetResolutionMode": "fail", "actionsMode": "run-all"}
    assert done["experimentOptions"] == options
    assert done["creationTime"] <= done["startTime"] <= done["actions"]["Slow"]["startTime"]
    assert done["endTime"] == done["actions"]["Rest"]["endTime"]
    listed = ("id", "arn", "experimentTemplateId", "state", "creationTime", "tags", "experimentOptions")
    assert team.fis.list_experiments()["experiments"] == [{name: done[name] for name in listed}]


def test_a_list_can_be_of_one_template(team):
    one, other = team.template(), team.template()
    runs = [team.start(template) for template in (one, other, one)]
    found = team.fis.list_experiments(experimentTemplateId=one)["experiments"]
    assert [run["id"] for run in found] == [runs[2], runs[0]]
    assert team.fis.list_experiments(experimentTemplateId="EXTnobody")["experiments"] == []


def test_a_stop_ends_what_runs_and_what_waits(team):
    arn = team.register("checkout")
    run = team.start(team.template({"Slow": delay("Named", "PT1H"), "Rest": wait("PT1S", "Slow")}, {"Named": functions(arn)}))
    team.reached(run, "running")
    [fault] = team.faults(arn)
    assert (fault["id"], fault["parameters"]) == (f"{run}/Slow", {"startupDelayMilliseconds": "2000"})
    stopping = team.fis.stop_experiment(id=run)["experiment"]
    assert team.faults(arn) == []
    assert stopping["state"] == {"status": "stopping", "reason": "Stopping Experiment."}
    stopped = team.ended(run)
    assert stopped["state"] == {"status": "stopped", "reason": "Experiment stopped by request."}
    states = {name: found["state"]["status"] for name, found in stopped["actions"].items()}
    assert states == {"Slow": "stopped", "Rest": "cancelled"}
    assert "startTime" not in stopped["actions"]["Rest"]
    assert team.fis.stop_experiment(id=run)["experiment"] == stopped
    assert team.faults(arn) == []


def test_a_run_is_a_snapshot_of_its_template(team):
    template = team.template()
    run = team.start(template)
    before = team.reached(run, "running")
    team.fis.update_experiment_template(id=template, actions={"Other": wait("PT2H")})
    team.fis.delete_experiment_template(id=template)
    assert team.read(run) == before
    assert refusal(team.fis.start_experiment, experimentTemplateId=template)[:2] == (404, UNKNOWN)


def test_a_token_starts_one_run(team):
    template = team.template()
    request = {"clientToken": "once", "experimentTemplateId": template, "tags": {"a": "1"}}
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: team.fis.start_experiment(**request)["experiment"]["id"], range(16)))
    assert len(set(answers)) == 1
    assert len(team.fis.list_experiments()["experiments"]) == 1
    for change in ({"tags": {"a": "2"}}, {"experimentOptions": {"actionsMode": "skip-all"}}, {"experimentTemplateId": "EXT1"}):
        assert refusal(team.fis.start_experiment, **{**request, **change}) == (
            409,
            "ConflictException",
            "The clientToken was used before with another request: a new one is accepted.",
        )
    team.fis.stop_experiment(id=answers[0])
    stopped = team.ended(answers[0])
    assert team.fis.start_experiment(**request)["experiment"] == stopped


def test_a_token_is_the_accounts_own(plane, team):
    other = Team(plane)
    runs = [each.start(each.template(clientToken="first"), clientToken="once") for each in (team, other)]
    assert runs[0] != runs[1]


def test_a_preview_shows_the_targets_and_does_nothing(team):
    arn = team.register("checkout")
    template = team.template({"Slow": delay("Named"), "Rest": wait("PT1H", "Slow")}, {"Named": functions(arn)})
    run = team.ended(team.start(template, experimentOptions={"actionsMode": "skip-all"}))
    assert run["state"] == {"status": "completed", "reason": "Experiment completed."}
    assert run["experimentOptions"]["actionsMode"] == "skip-all"
    for found in run["actions"].values():
        reason = "Action was skipped because the experiment was started with actionsMode skip-all."
        assert found["state"] == {"status": "skipped", "reason": reason}
        assert "startTime" not in found
    resolved = team.fis.list_experiment_resolved_targets(experimentId=run["id"])["resolvedTargets"]
    kind = "aws:lambda:function"
    assert resolved == [{"resourceType": kind, "targetName": "Named", "targetInformation": {"arn": arn}}]
    assert team.faults(arn) == []


def test_a_runs_tags_can_be_changed_when_it_is_over(team):
    template = team.template({"Wait": wait("PT1S")}, tags={"of": "the template"})
    run = team.ended(team.start(template, tags={"a": "1"}))
    team.fis.tag_resource(resourceArn=run["arn"], tags={"a": "2", "b": ""})
    team.fis.untag_resource(resourceArn=run["arn"], tagKeys=["a", "never there"])
    team.fis.untag_resource(resourceArn=run["arn"])
    assert team.fis.list_tags_for_resource(resourceArn=run["arn"])["tags"] == {"b": ""}
    assert team.read(run["id"]) == {**run, "tags": {"b": ""}}


def test_a_run_keeps_the_accounts_that_its_template_had(team):
    template = team.template(experimentOptions={"accountTargeting": "multi-account"})
    role = "arn:aws:iam::222233334444:role/experiments"
    place = {"experimentTemplateId": template, "accountId": "222233334444"}
    request = {**place, "roleArn": role, "clientToken": "once"}
    made = team.fis.create_target_account_configuration(**request)["targetAccountConfiguration"]
    assert team.fis.create_target_account_configuration(**request)["targetAccountConfiguration"] == made
    assert refusal(team.fis.create_target_account_configuration, **request, description="new")[:2] == (
        409, "ConflictException",
    )
    run = team.start(template)
    team.fis.delete_target_account_configuration(**place)
    assert team.read(run)["targetAccountConfigurationsCount"] == 1
    listed = team.fis.list_experiment_target_account_configurations(experimentId=run)["targetAccountConfigurations"]
    assert listed == [made]
    shown = team.fis.get_experiment_target_account_configuration(experimentId=run, accountId="222233334444")
    assert shown["targetAccountConfiguration"] == made == {"accountId": "222233334444", "roleArn": role}


STRANGERS = {
    "the template": lambda fis, it: fis.get_experiment_template(id=it["template"]),
    "an update of it": lambda fis, it: fis.update_experiment_template(id=it["template"], description="mine"),
    "its deletion": lambda fis, it: fis.delete_experiment_template(id=it["template"]),
    "its start": lambda fis, it: fis.start_experiment(experimentTemplateId=it["template"]),
    "a role of it": lambda fis, it: fis.create_target_account_configuration(**it["role"], roleArn="arn:aws:iam::1:role/a"),
    "its role": lambda fis, it: fis.get_target_account_configuration(**it["role"]),
    "its role's update": lambda fis, it: fis.update_target_account_configuration(**it["role"], description="mine"),
    "its role's deletion": lambda fis, it: fis.delete_target_account_configuration(**it["role"]),
    "its roles": lambda fis, it: fis.list_target_account_configurations(experimentTemplateId=it["template"]),
    "its tags": lambda fis, it: fis.list_tags_for_resource(resourceArn=it["templateArn"]),
    "the run": lambda fis, it: fis.get_experiment(id=it["run"]),
    "its stop": lambda fis, it: fis.stop_experiment(id=it["run"]),
    "its targets": lambda fis, it: fis.list_experiment_resolved_targets(experimentId=it["run"]),
    "the run's roles": lambda fis, it: fis.list_experiment_target_account_configurations(experimentId=it["run"]),
    "the run's role": lambda fis, it: fis.get_experiment_target_account_configuration(
        experimentId=it["run"], accountId="222233334444"
    ),
    "the run's tags": lambda fis, it: fis.list_tags_for_resource(resourceArn=it["runArn"]),
    "a tag on it": lambda fis, it: fis.tag_resource(resourceArn=it["runArn"], tags={"a": "mine"}),
    "a tag off it": lambda fis, it: fis.untag_resource(resourceArn=it["runArn"], tagKeys=["of"]),
}


@pytest.fixture(scope="module")
def owned(plane):
    """What one account has, and another account."""
    owner = Team(plane)
    template = owner.template(experimentOptions={"accountTargeting": "multi-account"}, tags={"of": "it"})
    role = {"experimentTemplateId": template, "accountId": "222233334444"}
    owner.fis.create_target_account_configuration(**role, roleArn="arn:aws:iam::222233334444:role/a")
    run = owner.start(template, tags={"of": "it"})
    arns = f"arn:aws:fis:us-east-1:{owner.account}"
    it = {"template": template, "role": role, "run": run, "runArn": f"{arns}:experiment/{run}"}
    yield owner, Team(plane), {**it, "templateArn": f"{arns}:experiment-template/{template}"}
    owner.fis.stop_experiment(id=run)


@pytest.mark.parametrize("name", STRANGERS)
def test_another_accounts_key_finds_nothing(owned, name):
    owner, other, it = owned
    before = (owner.fis.get_experiment_template(id=it["template"])["experimentTemplate"], owner.reached(it["run"], "running"))
    assert refusal(STRANGERS[name], other.fis, it)[:2] == (404, UNKNOWN)
    after = (owner.fis.get_experiment_template(id=it["template"])["experimentTemplate"], owner.read(it["run"]))
    assert after == before


@pytest.mark.parametrize("path", ["/experiments/{run}/events", "/experiments/{run}/log", "/v1/targets/{arn}"])
def test_what_fis_does_not_have_is_not_found_either(owned, path):
    owner, other, it = owned
    path = path.format(run=it["run"], arn=quoted(owner.register("checkout")))
    assert owner.ask("GET", path).status == 200
    assert other.ask("GET", path).failure[:2] == (404, UNKNOWN)


def test_another_accounts_faults_are_not_told(owned):
    owner, other, _ = owned
    arn = owner.register("checkout")
    run = owner.start(owner.template({"Slow": delay("Named", "PT1H")}, {"Named": functions(arn)}))
    owner.reached(run, "running")
    assert (len(owner.faults(arn)), other.faults(arn)) == (1, [])
    agent = owner.new_key("agent", targetPattern="checkout")
    polled = owner.ask("GET", f"/v1/faults/{quoted(arn)}?instance=agent", None, agent)
    assert [fault["experimentId"] for fault in polled.json["faults"]] == [run]
    for status, key in ((403, owner.new_key("viewer")), (403, owner.new_key("agent", targetPattern="other"))):
        assert owner.ask("GET", f"/v1/faults/{quoted(arn)}?instance=agent", None, key).failure[0] == status
    owner.fis.stop_experiment(id=run)


def test_another_accounts_lists_are_empty(owned):
    owner, other, it = owned
    assert other.fis.list_experiment_templates()["experimentTemplates"] == []
    assert other.fis.list_experiments()["experiments"] == []
    assert other.fis.list_experiments(experimentTemplateId=it["template"])["experiments"] == []
    assert other.ask("GET", "/v1/targets").json["targets"] == []
    assert it["run"] in [run["id"] for run in owner.fis.list_experiments()["experiments"]]
