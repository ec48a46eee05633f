"""The safety table's most telling scenarios, once each with a short lease: every bound is met and no promise broken."""

import json
import pathlib
import subprocess
import sys

import pytest
from processes import built
from scenario import SCENARIOS

import drill  # noqa: F401  (it knows all scenarios)

QUICK = [name for name, scenario in SCENARIOS.items() if scenario.is_quick]
TABLE = pathlib.Path(__file__).parent / "table.py"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """All of them, some side by side: most of each is waiting."""
    kept = tmp_path_factory.mktemp("table") / "results.json"
    done = subprocess.run([sys.executable, TABLE, "--quick", "--binary", built(), "--json", kept], capture_output=True,
                          text=True, timeout=600, check=False)
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
