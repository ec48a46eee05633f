"""Chaos Toolkit runs an experiment file of its own, whose actions are experiments here."""

import json
import pathlib

import pytest
from team import action, delay, functions, wait

HERE = str(pathlib.Path(__file__).parent)
ORDER = ["pending", "initiating", "running", "completed", "stopping", "stopped"]


def step(kind, name, function, pause=0.0, **arguments):
    """One step of an experiment, by a function of the AWS extension."""
    module = "chaosaws.fis.probes" if kind == "probe" else "chaosaws.fis.actions"
    provider = {"type": "python", "module": module, "func": function, "arguments": arguments}
    return {"type": kind, "name": name, "provider": provider, "pauses": {"before": pause}}


def look(pause):
    return step("probe", "look at the run", "get_experiment", pause, experiment_id="${run}")


@pytest.fixture
def chaos(team, tool, tmp_path):
    """Runs an experiment file to its end; gives the journal."""

    def run(method, rollbacks, template):
        polled = {"type": "http", "url": f"{team.plane.url}/v1/faults/checkout?instance=chaos", "headers": {
            "Authorization": f"Bearer {team.key.id}.{team.key.secret}",
        }}
        steady = [{"type": "probe", "name": "the function is asked after", "tolerance": 200, "provider": polled}]
        experiment = {
            "title": "Slow functions do not empty the shop",
            "description": "Started, followed and stopped by Chaos Toolkit.",
            "configuration": {"aws_region": "us-east-1", "template": template, "run": "not started"},
            "controls": [{"name": "names", "provider": {"type": "python", "module": "chaos_control"}}],
            "steady-state-hypothesis": {"title": "Somebody polls", "probes": steady},
            "method": method,
            "rollbacks": rollbacks,
        }
        file, journal = tmp_path / "experiment.json", tmp_path / "journal.json"
        file.write_text(json.dumps(experiment))
        done = tool(
            "chaos", "--no-version-check", "--no-log-file", "--settings", str(tmp_path / "none.yaml"),
            "run", "--journal-path", str(journal), str(file),
            AWS_ACCESS_KEY_ID=team.key.id, AWS_SECRET_ACCESS_KEY=team.key.secret, AWS_ENDPOINT_URL_FIS=team.plane.url,
            PYTHONPATH=HERE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(journal.read_text())

    return run


START = step("action", "start the run", "start_experiment", experiment_template_id="${template}", tags={"by": "chaos"})
STOP = step("action", "stop the run", "stop_experiment", experiment_id="${run}")
STOP_TAGGED = step("action", "stop what was started", "stop_experiments_by_tags", tags={"by": "chaos"})


def statuses(steps):
    """The states in which the steps found the run, one after the other."""
    assert {found["status"] for found in steps} == {"succeeded"}, steps
    return [found["output"]["experiment"]["state"]["status"] for found in steps]


def test_a_run_is_started_followed_and_stopped(team, chaos):
    arn = team.register("checkout")
    template = team.template({"Slow": delay("Named", "PT1H"), "Rest": wait("PT1S", "Slow")}, {"Named": functions(arn)})
    journal = chaos([START, *[look(0.2)] * 5, STOP, look(0.3)], [STOP_TAGGED], template)
    assert (journal["status"], journal["deviated"]) == ("completed", False)
    found = statuses(journal["run"])
    assert found == sorted(found, key=ORDER.index)
    assert (found[0], found[5], found[6]) == ("running", "running", "stopping")
    run = team.ended(journal["run"][0]["output"]["experiment"]["id"])
    assert run["state"] == {"status": "stopped", "reason": "Experiment stopped by request."}
    assert run["tags"] == {"by": "chaos"}
    assert [found["status"] for found in journal["rollbacks"]] == ["succeeded"]
    assert team.faults(arn) == []


def test_a_run_that_ended_by_itself_may_be_stopped_by_its_tags(team, chaos):
    arn = team.register("checkout")
    actions = {"Break": action("invocation-error", "PT2S", (), "Named", preventExecution="true")}
    journal = chaos([START, *map(look, [0.3, 0.3, 0.3, 2.0, 0.5])], [STOP_TAGGED], team.template(actions, {"Named": functions(arn)}))
    assert journal["status"] == "completed"
    found = statuses(journal["run"])
    assert found == sorted(found, key=ORDER.index)
    assert "running" in found and found[-1] == "completed"
    [rolled_back] = journal["rollbacks"]
    [stopped] = rolled_back["output"]
    assert stopped["experiment"]["state"] == {"status": "completed", "reason": "Experiment completed."}
    assert team.read(stopped["experiment"]["id"])["state"]["status"] == "completed"


def test_a_refusal_is_an_activity_that_failed(chaos):
    journal = chaos([START], [], "EXTnobody")
    [failed] = journal["run"]
    assert failed["status"] == "failed"
    assert "There is no experiment template EXTnobody in this account." in failed["exception"][-1]
