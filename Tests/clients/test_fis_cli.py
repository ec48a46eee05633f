"""The aws command line drives an experiment from its template to its end, with nothing but a credentials file."""

import json

import pytest
from team import body, delay, functions, until, wait


@pytest.fixture
def aws(team, tool, tmp_path):
    """Runs `aws fis` with the team's key from a shared credentials file; gives exit code, what it said and its errors."""
    credentials = tmp_path / "credentials"
    credentials.write_text(
        f"[default]\naws_access_key_id = {team.key.id}\naws_secret_access_key = {team.key.secret}\nregion = us-east-1\n"
    )

    def run(*arguments, file=credentials):
        done = tool("aws", "fis", *arguments, "--endpoint-url", team.plane.url, AWS_SHARED_CREDENTIALS_FILE=str(file))
        return done.returncode, json.loads(done.stdout or "null"), done.stderr.strip()

    return run


def said(result):
    """The answer of a command that went well."""
    code, answer, errors = result
    assert (code, errors) == (0, ""), errors
    return answer


def test_an_experiment_from_its_template_to_its_stop(team, aws, tmp_path):
    arn = team.register("checkout")
    made = body({"Slow": delay("Named", "PT1H"), "Rest": wait("PT1S", "Slow")}, {"Named": functions(arn)})
    file = tmp_path / "template.json"
    file.write_text(json.dumps(made))
    template = said(aws("create-experiment-template", "--cli-input-json", f"file://{file}"))["experimentTemplate"]
    assert {name: template[name] for name in made} == made

    run = said(aws("start-experiment", "--experiment-template-id", template["id"], "--tags", "run=1"))["experiment"]
    assert (run["state"]["status"], run["tags"]) == ("running", {"run": "1"})
    shown = said(aws("get-experiment", "--id", run["id"]))["experiment"]
    assert shown["state"] == {"status": "running", "reason": "Experiment is running."}
    assert shown["actions"]["Slow"]["state"] == {"status": "running", "reason": ""}
    assert shown["startTime"] >= shown["creationTime"]
    listed = said(aws("list-experiment-resolved-targets", "--experiment-id", run["id"]))["resolvedTargets"]
    assert [found["targetInformation"] for found in listed] == [{"arn": arn}]

    assert said(aws("stop-experiment", "--id", run["id"]))["experiment"]["state"]["status"] == "stopping"
    assert team.faults(arn) == []
    team.ended(run["id"])
    ended = said(aws("get-experiment", "--id", run["id"], "--query", "experiment.state"))
    assert ended == {"status": "stopped", "reason": "Experiment stopped by request."}


def test_lists_are_paged_by_the_command_line_itself(team, aws):
    template = team.template()
    runs = {team.start(template) for _ in range(3)}
    found = said(aws("list-experiments", "--page-size", "1", "--query", "experiments[].id"))
    assert len(found) == 3 and set(found) == runs
    found = said(aws("list-actions", "--page-size", "30", "--max-items", "40"))
    assert len(found["actions"]) == 40 and found["NextToken"]
    assert len(said(aws("list-target-resource-types"))["targetResourceTypes"]) == 24
    team.ask("POST", "/emergency-stop", {"reason": "a test is over", "scope": "account"})


def test_the_lever_is_moved_in_the_words_of_the_guide(plane, team, aws):
    team.disengage()
    run = team.start()
    move = ("update-safety-lever-state", "--id", "default", "--state")
    try:
        moved = said(aws(*move, "status=engaged,reason=smoke"))["safetyLever"]
        assert moved["state"]["status"] in ("engaging", "engaged")
        assert team.ended(run)["state"]["status"] == "stopped"
        code, _, errors = aws(*move, "status=disengaged,reason=over")
        assert code == 255
        assert "An error occurred (AccessDeniedException) when calling the UpdateSafetyLeverState operation: " in errors
        # While it is engaging it takes nothing.
        until(lambda: team.lever("engaged", "still"), lambda answer: answer.status == 200
              and answer.json["safetyLever"]["state"]["status"] == "engaged")
        moved = said(aws(*move, "status=disengaged,reason=over", file=plane.credentials))["safetyLever"]
        assert moved["state"] == {"status": "disengaged", "reason": "over"}
        assert said(aws("get-safety-lever", "--id", "default"))["safetyLever"] == moved
    finally:
        team.disengage()


REFUSED = {
    "a run that there is not": (
        ("get-experiment", "--id", "EXPnobody"),
        "(ResourceNotFoundException) when calling the GetExperiment operation: There is no experiment EXPnobody in this account.",
    ),
    "a lever without a reason": (
        ("update-safety-lever-state", "--id", "default", "--state", "status=engaged,reason="),
        "(ValidationException) when calling the UpdateSafetyLeverState operation: "
        'state.reason is "": a text of 1 to 512 characters is accepted.',
    ),
    "a page that is too long": (
        ("list-actions", "--no-paginate", "--max-results", "101"),
        "(ValidationException) when calling the ListActions operation: "
        'maxResults is "101": a whole number from 1 to 100 is accepted.',
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_errors_are_printed_as_they_were_sent(aws, name):
    arguments, words = REFUSED[name]
    assert aws(*arguments) == (255, None, f"An error occurred {words}")


def test_all_that_is_wrong_with_a_template_is_printed(aws, tmp_path):
    file = tmp_path / "template.json"
    actions = {"A": {"actionId": "aws:fis:wait", "parameters": {"duration": "1m"}, "startAfter": ["B"]}}
    file.write_text(json.dumps(body(actions, roleArn="x" * 20)))
    code, _, errors = aws("create-experiment-template", "--cli-input-json", f"file://{file}")
    assert code == 255
    for part in ("actions.A.parameters.duration", "actions.A.startAfter[0]", "roleArn"):
        assert part in errors
