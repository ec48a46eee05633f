"""docs/stop-conditions.md: its commands, run as they stand there, its flags, and its configuration of Alertmanager."""

import json
import re
import subprocess

import pytest
from documents import commands, pointed
from plane import REPOSITORY, Plane
from processes import built
from table_text import DOCUMENT, table
from trips import KINDS, ONCE

TEXT = DOCUMENT.read_text()


@pytest.fixture(scope="module")
def plane(tmp_path_factory, prometheus, cloudwatch):
    """A plane that can reach the sources that the examples name."""
    folder = tmp_path_factory.mktemp("documented")
    (folder / "auth").write_text(f"basic test:{prometheus.password}\n")
    key = cloudwatch.new_key("documented")
    (folder / "credentials").write_text(f"[default]\naws_access_key_id = {key[0]}\naws_secret_access_key = {key[1]}\n")
    running = Plane(folder, "--prometheus", prometheus.url, "--prometheus-auth", str(folder / "auth"),
                    "--cloudwatch", cloudwatch.url, "--cloudwatch-credentials", str(folder / "credentials"))
    yield running
    assert running.stop() == 0, running.log.read_text()


@pytest.fixture(scope="module")
def said(plane, cloudwatch, tmp_path_factory):
    """What the commands print, one after the other in one terminal."""
    cloudwatch.alarm("checkout-latency")
    scratch = tmp_path_factory.mktemp("terminal")
    script = pointed("\n".join(commands(TEXT)), plane)
    for example in REPOSITORY.glob("docs/examples/*.json"):
        (scratch / example.name).write_text(pointed(example.read_text(), plane))
        script = script.replace(str(example), str(scratch / example.name))
    script = f"set -o pipefail\n{script}"
    done = subprocess.run(["bash", "-euc", script], cwd=scratch, capture_output=True, text=True, timeout=120, check=False,
                          env={"PATH": f"{built().parent}:/usr/bin:/bin", "HOME": str(scratch), "LC_ALL": "C.UTF-8",
                               "FAULTPLANE_DATA_DIR": str(plane.folder)})
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return done.stdout


def test_the_run_stops_and_says_why(said):
    runs = [json.loads(line)["experiment"] for line in said.splitlines() if line.startswith('{"experiment":')]
    assert runs[0]["state"]["status"] == "stopped"
    assert runs[0]["state"]["reason"].startswith(
        'Experiment halted by stop condition. stopConditions[0], alarm "alarm:checkout-errors": ALARM')


def test_a_run_that_is_started_then_ends_without_a_fault(said):
    assert said.count("stopConditions[0]") >= 3


def test_the_check_reads_every_source(said):
    [line] = [line for line in said.splitlines() if line.startswith('{"conditions":')]
    found = json.loads(line)["conditions"]
    asked = json.loads((REPOSITORY / "docs/examples/stop-conditions.json").read_text())["stopConditions"]
    assert [one["source"] for one in found] == [one["source"] for one in asked]
    # Nothing is scraped under that name, and nobody has reported fifty invocations.
    assert [one["verdict"] for one in found] == ["clear", "unreadable", "clear", "clear", "unreadable"], found
    assert all(one["latencySeconds"] < 2.5 for one in found)


def test_the_flags_it_names_are_flags_of_serve():
    shown = subprocess.run([built(), "serve", "--help"], capture_output=True, text=True, timeout=30, check=True).stdout
    named = set(re.findall(r"`(--(?:prometheus|cloudwatch|source)[a-z-]*)", TEXT))
    assert len(named) == 6
    assert {flag for flag in named if f"{flag} " not in shown} == set()


def test_alertmanager_takes_its_configuration(tmp_path):
    [written] = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    (tmp_path / "key").write_text("a.b")
    (tmp_path / "alertmanager.yml").write_text(written.replace("/etc/alertmanager/faultplane-key", str(tmp_path / "key")))
    done = subprocess.run(["amtool", "check-config", tmp_path / "alertmanager.yml"], capture_output=True, text=True, timeout=30,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr


VALUES = re.findall(r"^telemetry: .+$", TEXT, re.MULTILINE)


@pytest.mark.parametrize("value", VALUES)
def test_the_expressions_it_shows_are_understood(plane, value):
    template = json.loads((REPOSITORY / "docs/examples/guarded-checkout.json").read_text())
    template |= {"clientToken": value.replace(" ", ""), "stopConditions": [{"source": "telemetry", "value": value}]}
    answer = plane.bearer("POST", "/experimentTemplates", json.dumps(template).encode())
    assert answer.status == 200, answer.body


def test_the_trips_have_every_source_and_their_promises():
    head, rows = table("trips")
    assert head == ["source", "promised", "runs", "p50", "max"]
    assert [(kind, promised) for kind, promised in rows] == [(kind, f"{ONCE + later:g} s") for kind, later in KINDS.items()]
    for (_, promised), (_, p50, most) in rows.items():
        assert float(p50.removesuffix(" s")) <= float(most.removesuffix(" s")) <= float(promised.removesuffix(" s"))


def test_the_soak_found_no_false_stop():
    text = re.search(r"<!-- soak:begin -->\n(.*?)<!-- soak:end -->", TEXT, re.DOTALL).group(1)
    assert re.fullmatch(r"20 runs with 5 conditions for 10 minutes: .*, 0 false stops\n", text), text
