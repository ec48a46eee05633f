"""The safety table's most telling scenarios, once each with a short lease: every bound is met and no promise broken."""

import json
import pathlib
import subprocess
import sys

import drill
import pytest
from processes import built
from scenario import SCENARIOS
from table import chosen, main, table

KNOWN = "server kill -9"
QUICK = [name for name, scenario in SCENARIOS.items() if scenario.is_quick]
TABLE = pathlib.Path(__file__).parent / "table.py"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """All of them, some side by side: most of each is waiting."""
    folder = tmp_path_factory.mktemp("table")
    kept = folder / "results.json"
    done = subprocess.run([sys.executable, TABLE, "--quick", "--binary", built(), "--json", kept,
                           "--records", folder / "records"], capture_output=True, text=True, timeout=600, check=False)
    assert kept.exists(), done.stdout + done.stderr
    return {result["scenario"]: result for result in json.loads(kept.read_text())}


@pytest.mark.parametrize("name", QUICK)
def test_a_fault_ends_as_promised(results, name):
    result = results[name]
    wrong = {part: result[part] for part in ("trouble", "complaints", "violations") if result[part]}
    assert wrong == {}
    assert result["measured"] <= result["bound"]


def test_the_list_names_every_scenario_that_is_run_always(results):
    assert set(results) == set(QUICK)


def result(**members):
    return drill.Result(KNOWN, **{"seed": 1, "measured": 5.0, "bound": 6.0, **members})


@pytest.mark.parametrize("results, row", [
    ([result(), result(seed=2, measured=5.5)], "| a lease, 6 s | 2 | 5.25 s | 5.50 s | 0 | kept |"),
    ([result(measured=6.5, complaints=["late"])], "| a lease, 6 s | 1 | 6.50 s | 6.50 s | 0 | 1 late |"),
    ([result(complaints=["no proof"])], "| a lease, 6 s | 1 | 5.00 s | 5.00 s | 0 | 1 wrong |"),
    ([result(violations=["I1", "I1"]), result()], "| a lease, 6 s | 2 | 5.00 s | 5.00 s | 2 | 1 broken |"),
    ([result(measured=None, bound=None, trouble="no port")], "| a lease | 1 | - | - | 0 | 1 came to nothing |"),
])
def test_the_table_says_what_was_missed_and_what_is_not_known(results, row):
    assert table(results).splitlines()[-1] == f"| {KNOWN} {row}"


def test_scenarios_are_chosen_by_how_they_begin():
    assert [one.name for one in chosen(["server kill"], quick=True)] == [KNOWN]
    assert [one.name for one in chosen([], quick=True)] == QUICK
    with pytest.raises(ValueError, match="no scenario begins with 'flood'"):
        chosen(["flood"], quick=False)


def test_a_program_that_is_not_there_is_named(capsys, tmp_path):
    assert main(["--binary", str(tmp_path / "none")]) == 2
    assert f"there is no {tmp_path / 'none'}" in capsys.readouterr().err
