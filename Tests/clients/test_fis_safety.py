"""boto3 and plain HTTP stop everything: the safety lever and the emergency stop."""

import json

import pytest
from team import Team, delay, functions, refusal, until, wait

BY_LEVER = "Experiment stopped by the safety lever: smoke in the rack"


@pytest.fixture
def lever(plane, team):
    """The lever as its admin has it, disengaged before and after."""
    team.disengage()
    yield team
    team.disengage()


def engaged(team, **members):
    """The lever as it is when everything has stopped."""
    state = {"status": "engaged", "reason": "smoke in the rack", **members}
    moved = team.fis.update_safety_lever_state(id="default", state=state)["safetyLever"]
    assert moved["state"]["status"] in ("engaging", "engaged")
    return until(lambda: team.fis.get_safety_lever(id="default")["safetyLever"], lambda found: found["state"]["status"] == "engaged")


def faulty(team):
    """A function, and a run that holds a fault on it for an hour."""
    arn = team.register("checkout")
    run = team.start(team.template({"Slow": delay("Named", "PT1H")}, {"Named": functions(arn)}))
    team.reached(run, "running")
    assert len(team.faults(arn)) == 1
    return arn, run


def test_the_lever_is_one_and_is_shown(lever):
    found = lever.fis.get_safety_lever(id="default")["safetyLever"]
    assert found["id"] == "default"
    assert found["arn"] == "arn:aws:fis:us-east-1:000000000000:safety-lever/default"
    assert found["state"]["status"] == "disengaged"
    assert found["state"]["reason"]


def test_engaging_stops_what_runs_and_cancels_what_starts(lever):
    arn, run = faulty(lever)
    found = engaged(lever)
    assert lever.faults(arn) == []
    assert found["state"] == {"status": "engaged", "reason": "smoke in the rack"}
    stopped = lever.ended(run)
    assert stopped["state"] == {"status": "stopped", "reason": BY_LEVER}
    assert stopped["actions"]["Slow"]["state"]["status"] == "stopped"

    cancelled = lever.fis.start_experiment(experimentTemplateId=stopped["experimentTemplateId"])["experiment"]
    assert cancelled["state"]["status"] == "cancelled"
    assert cancelled["state"]["reason"].startswith("Experiment cancelled because the safety lever was engaged")
    assert cancelled["actions"]["Slow"]["state"]["status"] == "cancelled"
    assert "startTime" not in cancelled
    assert lever.read(cancelled["id"]) == cancelled
    assert lever.faults(arn) == []

    lever.disengage()
    assert lever.fis.get_safety_lever(id="default")["safetyLever"]["state"] == {
        "status": "disengaged", "reason": "a test is over",
    }
    assert lever.faults(arn) == []
    assert (lever.read(run), lever.read(cancelled["id"])) == (stopped, cancelled)
    assert lever.run({"Wait": wait()})["state"]["status"] == "completed"


def test_engaging_stops_every_account_and_names_only_its_own(plane, lever):
    other = Team(plane)
    (_, own), (arn, foreign) = faulty(lever), faulty(other)
    answer = lever.ask("POST", "/emergency-stop", {"reason": "smoke in the rack"})
    assert answer.status == 200
    proof = answer.json
    assert proof["experimentsStopped"] == [f"arn:aws:fis:us-east-1:{lever.account}:experiment/{own}"]
    assert foreign not in answer.body.decode()
    assert other.faults(arn) == []
    assert other.ended(foreign)["state"] == lever.ended(own)["state"] == {"status": "stopped", "reason": BY_LEVER}


def test_engaging_again_changes_nothing(lever):
    engaged(lever)
    first = lever.ask("GET", "/emergency-stop").json
    assert engaged(lever, reason="still smoke")["state"]["reason"] == "smoke in the rack"
    again = lever.ask("POST", "/emergency-stop", {"reason": "and again"}).json
    assert {name: again[name] for name in ("epoch", "engagementId", "reason")} == {
        name: first[name] for name in ("epoch", "engagementId", "reason")
    }
    lever.disengage()
    engaged(lever)
    assert lever.ask("GET", "/emergency-stop").json["epoch"] == first["epoch"] + 1


def test_only_the_deployments_admin_disengages(plane, lever):
    engaged(lever)
    status, code, message = refusal(
        lever.fis.update_safety_lever_state, id="default", state={"status": "disengaged", "reason": "fine now"}
    )
    assert (status, code) == (403, "AccessDeniedException")
    assert message
    assert lever.fis.get_safety_lever(id="default")["safetyLever"]["state"]["status"] == "engaged"


@pytest.mark.parametrize("role", ["viewer", "editor", "agent"])
def test_who_may_not_engage_is_refused(lever, role):
    pattern = {"targetPattern": "checkout"} if role == "agent" else {}
    key = lever.new_key(role, **pattern)
    state = {"state": {"status": "engaged", "reason": "smoke"}}
    for method, path, content in (
        ("PATCH", "/safetyLevers/default/state", state), ("POST", "/emergency-stop", {"reason": "smoke"}),
    ):
        assert lever.ask(method, path, content, key).failure[:2] == (403, "AccessDeniedException")
    assert lever.fis.get_safety_lever(id="default")["safetyLever"]["state"]["status"] == "disengaged"


def test_an_operator_engages(lever):
    answer = lever.ask("POST", "/emergency-stop", {"reason": "smoke in the rack"}, lever.new_key("operator"))
    assert (answer.status, answer.json["reason"]) == (200, "smoke in the rack")


REASONLESS = {
    "no reason": {"status": "engaged"},
    "an empty one": {"status": "engaged", "reason": ""},
    "one that is too long": {"status": "engaged", "reason": "x" * 513},
    "no status": {"reason": "smoke"},
    "another status": {"status": "engaging", "reason": "smoke"},
    "another member": {"status": "engaged", "reason": "smoke", "until": "noon"},
}


@pytest.mark.parametrize("name", REASONLESS)
def test_a_lever_without_a_reason_stays(lever, name):
    answer = lever.ask("PATCH", "/safetyLevers/default/state", {"state": REASONLESS[name]})
    status, code, message = answer.failure
    assert (status, code) == (400, "ValidationException")
    assert "state." in message
    assert lever.fis.get_safety_lever(id="default")["safetyLever"]["state"]["status"] == "disengaged"


def test_a_stop_of_one_account_latches_nothing(plane, lever):
    other = Team(plane)
    (arn, own), (_, foreign) = faulty(lever), faulty(other)
    answer = lever.ask("POST", "/emergency-stop", {"reason": "smoke in the rack", "scope": "account"})
    name = f"arn:aws:fis:us-east-1:{lever.account}:experiment/{own}"
    assert (answer.status, answer.json) == (200, {"scope": "account", "experimentsStopped": [name]})
    assert lever.faults(arn) == []
    assert lever.ended(own)["state"]["status"] == "stopped"
    assert other.read(foreign)["state"]["status"] == "running"
    assert lever.fis.get_safety_lever(id="default")["safetyLever"]["state"]["status"] == "disengaged"
    other.fis.stop_experiment(id=foreign)


def test_the_operator_of_the_machine_stops_everything_without_a_key(plane, lever, tool):
    arn, run = faulty(lever)
    socket = str(plane.folder / "control.sock")
    said = json.dumps({"reason": "smoke in the rack"})
    stopped = tool("curl", "-sS", "--unix-socket", socket, "-d", said, "http://control/emergency-stop")
    assert (stopped.returncode, json.loads(stopped.stdout)["reason"]) == (0, "smoke in the rack")
    assert lever.faults(arn) == []
    assert lever.ended(run)["state"] == {"status": "stopped", "reason": BY_LEVER}
