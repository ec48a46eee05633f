"""scripts/totals.py: a run that did not happen never counts as passed."""

import pytest
from workshop import REPOSITORY, Workshop

TOTALS = str(REPOSITORY / "scripts/totals.py")
GREEN = '<testsuites><testsuite><testcase name="a"/><testcase name="b"/></testsuite></testsuites>'
EMPTY = '<testsuites><testsuite tests="0"/></testsuites>'
RED = '<testsuites><testcase name="a"/><testcase name="b"><failure/><failure/></testcase></testsuites>'
BROKEN_OFF = "<testsuites><testsuite><testcase "
ERROR_AND_SKIP = "<testsuites><testcase><error/></testcase><testcase><skipped/></testcase></testsuites>"

CASES = {
    "both green": (GREEN, GREEN, [], "4 passed, 0 failed", 0),
    "a failure counts once however many its reasons": (RED, GREEN, [], "3 passed, 1 failed", 1),
    "an error is a failure and a skip is no pass": (GREEN, ERROR_AND_SKIP, [], "2 passed, 1 failed, 1 skipped", 1),
    "no test at all": (GREEN, EMPTY, [], "2 passed, 1 failed", 1),
    "no report": (None, GREEN, [], "2 passed, 1 failed", 1),
    "a report that breaks off": (BROKEN_OFF, GREEN, [], "2 passed, 1 failed", 1),
    "a step outside the tests failed": (GREEN, GREEN, ["--failed-steps", "1"], "4 passed, 1 failed", 1),
}


def test_a_run_that_expects_nothing_has_failed(workshop: Workshop) -> None:
    done = workshop.run("python3", TOTALS, ".")
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed"
    assert done.returncode == 1


@pytest.mark.parametrize("case", CASES)
def test_the_last_line_counts_all(workshop: Workshop, case: str) -> None:
    swift, pytest_report, arguments, last_line, code = CASES[case]
    if swift is not None:
        workshop.write("swift.xml", swift)
    workshop.write("pytest.xml", pytest_report)
    workshop.write("expected.txt", "swift\npytest\n")

    done = workshop.run("python3", TOTALS, ".", *arguments)

    assert done.stdout.splitlines()[-1] == last_line
    assert done.returncode == code
