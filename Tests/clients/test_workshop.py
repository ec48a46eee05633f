"""The workshop's seven steps as the README has them: one command, on a function with the real chaos_lambda."""

import pathlib
import re
import shutil
import signal
import subprocess
import sys

import pytest
from documents import commands
from plane import REPOSITORY, binary, until

PROGRAM = REPOSITORY / "docs" / "examples" / "workshop" / "run.py"
STEPS = ["Latency", "Wait1", "StatusCode", "Wait2", "Exception", "Wait3", "Disable"]
# Seconds since the start, the step, the status, how long the call took, and what the function said.
_ROW = re.compile(r"^ *([\d.]+) s  (\S+(?: > \S+)?) +(\d{3})  +([\d.]+) s  (.*)$", re.MULTILINE)
_SECRET = re.compile(rb"\bFP[0-9A-Z]{18}\.[0-9A-Za-z]{20,}")


def rows(output):
    return [(step, status, float(seconds), said) for _, step, status, seconds, said in _ROW.findall(output)]


def seen(output, step):
    """Status, seconds and text of the calls that were made while that step was on."""
    return [row[1:] for row in rows(output) if row[0] == step]


def is_delayed(status, seconds, said):
    return status == "200" and seconds >= 1


def is_normal(status, seconds, said):
    return status == "200" and seconds < 1 and said == "Thank you for your order"


def is_changed(status, seconds, said):
    return status == "503" and said == "Thank you for your order"


def is_raised(status, seconds, said):
    return status == "502" and said.startswith("Exception: Faultplane injected this error: EXP")


SHOWN = dict(zip(STEPS, [is_delayed, is_normal, is_changed, is_normal, is_raised, is_normal, is_normal]))


@pytest.fixture
def workshop(plane, tool):
    def run(*options):
        command = (sys.executable, str(PROGRAM), "--data-dir", str(plane.folder), "--url", plane.url, "--seconds", "3")
        return tool(*command, *options)

    return run


@pytest.fixture
def left(plane):
    """What a workshop made in the account and that is still of use: the names of its keys, and its templates."""

    def read():
        keys = plane.bearer("GET", "/v1/keys").json["keys"]
        templates = plane.bearer("GET", "/experimentTemplates").json["experimentTemplates"]
        return (
            [key["name"] for key in keys if key["name"] == "workshop" and key["revokedAt"] is None],
            [template["id"] for template in templates if template.get("tags", {}).get("Name") == "workshop"],
        )

    return read


def test_the_readme_has_the_command():
    assert str(PROGRAM.relative_to(REPOSITORY)) in commands((REPOSITORY / "README.md").read_text())


def test_every_step_shows_in_the_function_and_nothing_is_left(workshop, left):
    run = workshop()
    assert run.returncode == 0, run.stdout + run.stderr
    for step, shows in SHOWN.items():
        found = seen(run.stdout, step)
        assert any(shows(*each) for each in found), f"{step}: {found}"
    steps = [row[0] for row in rows(run.stdout) if row[0] in STEPS]
    assert [step for before, step in zip([None, *steps], steps) if step != before] == STEPS
    assert is_normal(*rows(run.stdout)[-1][1:])
    assert "the run is completed: Experiment completed." in run.stdout
    assert re.search(r"^the function is normal, [\d.]+ s after the end$", run.stdout, re.MULTILINE)
    assert left() == ([], [])


def test_a_stop_in_the_middle_ends_it(workshop, left):
    run = workshop("--stop-in", "StatusCode")
    assert run.returncode == 0, run.stdout + run.stderr
    for step in STEPS[:3]:
        assert any(SHOWN[step](*each) for each in seen(run.stdout, step)), run.stdout
    assert not seen(run.stdout, "Wait2")
    before, after = run.stdout.split("$ faultplane stop ")
    assert is_changed(*rows(before)[-1][1:])
    # The very next call: chaos_lambda reads at each.
    assert is_normal(*rows(after)[0][1:]), run.stdout
    assert "the run is stopped: Experiment stopped by request." in after
    assert "# coverage of StatusCode: held 1, cleared 1, withoutLease 0" in after
    assert left() == ([], [])


def test_the_emergency_stop_in_the_middle_ends_it_and_stays(plane, tool, workshop, left):
    try:
        run = workshop("--halt-in", "Latency")
        again = workshop()
    finally:
        released = tool(str(binary()), "lever", "disengage", "--reason", "tried", "--data-dir", str(plane.folder))
    assert run.returncode == 0, run.stdout + run.stderr
    before, after = run.stdout.split("$ faultplane stop-all ")
    assert is_delayed(*rows(before)[-1][1:])
    assert is_normal(*rows(after)[0][1:]), run.stdout
    assert re.search(r"^# /faultplane/chaos_lambda/checkout: told of a fault at \S+, told that it is off at \d", after, re.MULTILINE)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.startswith("workshop: the safety lever is engaged (trying the emergency stop in the workshop);")
    assert released.returncode == 0, released.stderr
    assert left() == ([], [])


def test_ctrl_c_stops_the_run_and_no_command_line_has_the_secret(plane, tmp_path, left):
    output = tmp_path / "output"
    command = [sys.executable, PROGRAM, "--data-dir", plane.folder, "--url", plane.url, "--seconds", "30"]
    with output.open("w") as file:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
    try:
        until(output.read_text, lambda text: seen(text, "Latency"), 60)
        lines = [path.read_bytes() for path in pathlib.Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    finally:
        process.kill()
    text = output.read_text()
    assert not [line for line in lines if _SECRET.search(line)]
    assert not _SECRET.search(text.encode())
    run = re.search(r"^EXP\w+$", text, re.MULTILINE).group()
    status = until(
        lambda: plane.bearer("GET", f"/experiments/{run}").json["experiment"]["state"]["status"], lambda found: found != "stopping")
    assert status == "stopped"
    assert text.endswith("\nworkshop: interrupted; what it began is stopped and removed\n")
    assert left() == ([], [])


def test_a_step_that_does_not_show_fails_it(plane, tool, tmp_path):
    copy = shutil.copytree(PROGRAM.parent, tmp_path / "workshop")
    experiment = copy / "experiment.json"
    # This chaos_lambda cannot do, so the function stays as it is.
    changed = experiment.read_text().replace('"preventExecution": "false"', '"preventExecution": "true"')
    experiment.write_text(changed)
    run = tool(
        sys.executable, str(copy / "run.py"), "--data-dir", str(plane.folder), "--url", plane.url, "--seconds", "2",
        PATH=f"{binary().parent}:/usr/bin:/bin",
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert re.search(r"^StatusCode +503, at once +0 of [1-9]\d*  NOT SEEN$", run.stdout, re.MULTILINE), run.stdout
    assert "warning: Action StatusCode does nothing where " in run.stdout


@pytest.mark.parametrize(
    "options, code, said",
    [
        (["--stop-in", "Lunch"], 2, "there is no such step; the steps are Latency, Wait1, StatusCode, Wait2"),
        (["--seconds", "1"], 2, "--seconds: 2 is the least"),
        (["--url", "nonsense"], 2, "--url: http://HOST:PORT is accepted"),
        (["--url", "http://nobody.invalid"], 2, "no parameter can be read at http://nobody.invalid/t/FP"),
        (["--data-dir", "nowhere"], 2, "there is no server with the data directory "),
        (["--function", "http://nobody.invalid"], 2, "curl gets no answer from the function at http://nobody.invalid"),
    ],
    ids=["no such step", "steps too short", "no address", "nobody there", "no server", "no function"],
)
def test_what_is_wrong_is_said_and_nothing_is_left(workshop, left, options, code, said):
    run = workshop(*options)
    assert (run.returncode, said in run.stderr) == (code, True), run.stdout + run.stderr
    assert not _SECRET.search((run.stdout + run.stderr).encode())
    assert left() == ([], [])
