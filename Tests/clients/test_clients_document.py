"""docs/clients.md: its commands, run as they stand there, and its tables, held to the real chaos_lambda."""

import re
import socket
import sys

import pytest
from documents import commands, pointed
from outages import OUTAGES, SETTINGS, doomed, outages, refused
from plane import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "clients.md"
# Longer than Lambda lets a function take, unless it is told otherwise.
PATIENCE = 3.0
# Those with which nothing pauses for a time that is left to chance.
STEADY = ("nothing", "`AWS_MAX_ATTEMPTS=1`, `AWS_DEFAULTS_MODE=in-region`", "the guard")


def table(name):
    """The rows of the table between these marks, by their first cell."""
    text = re.search(f"<!-- {name}:begin -->\n(.*?)<!-- {name}:end -->", DOCUMENT.read_text(), re.DOTALL).group(1)
    lines = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.strip().splitlines()]
    assert set("".join(lines[1])) <= set("-|"), lines[1]
    return lines[0], {line[0]: line[1:] for line in lines[2:]}


def told(cell):
    """The kind of outcome that a cell names, and its seconds."""
    kind, seconds = re.fullmatch(r"(.+) ([\d.]+) s", cell).groups()
    return kind, float(seconds)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_steps_work_one_after_the_other_in_one_terminal(plane, tool):
    script = "\n".join(commands(DOCUMENT.read_text()))
    # The venv that the document makes is the one that the tests run in.
    script = script.replace(".faultplane/workshop-venv/bin/python", sys.executable)
    script = re.sub(r"\b9000\b", str(free_port()), pointed(script, plane))
    # Whatever fails, the function that the document starts is not left behind.
    script = f"trap 'kill %1 2>/dev/null || :' EXIT\n{script}"
    run = tool("bash", "-euc", script, seconds=150, FAULTPLANE_DATA_DIR=str(plane.folder))
    assert run.returncode == 0, f"{run.stdout}{run.stderr}"
    assert run.stdout.count('{"is_enabled":false}') == 1, run.stdout
    delayed, normal = re.findall(r"Thank you for your order 200 ([\d.]+)\n", run.stdout)
    assert float(normal) < 2 <= float(delayed)
    assert '"held":1,"rejecting":0,"reasons":{},"cleared":1' in run.stdout
    assert "the run is completed: Experiment completed." in run.stdout
    assert "the run is stopped: Experiment stopped by request." in run.stdout
    assert run.stdout.count("the function is normal, ") == 2
    assert run.stdout.count('"binding":{"name":"/chaos/checkout"') == 2
    assert '"attributes":{"eventShape":"http-api"}' in run.stdout
    assert "Exception" not in re.sub(r"^.* (?:Exception|an exception) .*$", "", run.stdout, flags=re.MULTILINE), run.stdout


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("doomed")
    with doomed(folder) as server:
        return refused(server, folder), outages(server, folder, PATIENCE, STEADY)


def test_who_may_not_read_breaks_no_function(measured):
    head, rows = table("asked")
    assert head == ["asked with", "the function"]
    assert {what: told(cell)[0] for what, [cell] in rows.items()} == {what: each.kind for what, each in measured[0].items()}


@pytest.mark.parametrize("setting", STEADY)
@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_does_to_the_function_what_the_document_says(measured, outage, setting):
    kind, seconds = told(table("outages")[1][setting][OUTAGES.index(outage)])
    found = measured[1][outage, setting]
    if found.seconds is None:
        assert seconds > PATIENCE, f"it still waits after {PATIENCE} s"
    else:
        assert (found.kind, found.calls) == (kind, int(kind == "runs"))


def test_the_table_has_every_outage_and_every_setting():
    head, rows = table("outages")
    assert head == ["set", *OUTAGES]
    assert list(rows) == list(SETTINGS)
    assert {len(cells) for cells in rows.values()} == {len(OUTAGES)}
