"""`make test` and .ci/run: what fails anywhere fails the run, and the last line counts it."""

import re

import pytest
from workshop import Workshop

GREEN = '<testsuites><testcase name="a"/><testcase name="b"/></testsuites>'
RED = '<testsuites><testcase name="a"/><testcase name="b"><failure/></testcase></testsuites>'
NONE = "<testsuites/>"


def runner(report: str | None, code: int) -> str:
    """A stand-in for a test runner: it writes its report where it is told to."""
    write = f"printf '%s' '{report}' >\"$report\"" if report is not None else ""
    return f"""#!/bin/sh
while [ $# -gt 0 ]; do
    case $1 in --xunit-output | --junitxml) report=$2 ;; build) exit 0 ;; esac
    shift
done
{write}
exit {code}
"""


def house(workshop: Workshop, swift: str, pytest_runner: str, check: str = "exit 0") -> None:
    workshop.copy("scripts", ".ci/run", "Makefile")
    workshop.write("scripts/bootstrap.sh", "#!/bin/sh\n", mode=0o755)
    workshop.write("scripts/check.sh", f"#!/bin/sh\n{check}\n", mode=0o755)
    workshop.write("bin/swift", swift, mode=0o755)
    workshop.write(".venv/bin/pytest", pytest_runner, mode=0o755)
    workshop.write("Tests/HouseTests/HouseTests.swift", "import Testing\n")


# name: Swift Testing's report and exit code, pytest's, and the check's; then the last line and the exit code
RUNS = {
    "all is well": ((GREEN, 0), (GREEN, 0), 0, "4 passed, 0 failed", 0),
    "a Swift test fails": ((RED, 1), (GREEN, 0), 0, "3 passed, 1 failed", 1),
    "a script's test fails": ((GREEN, 0), (RED, 1), 0, "3 passed, 1 failed", 1),
    "a runner dies before its report": ((None, 1), (GREEN, 0), 0, "2 passed, 1 failed", 1),
    "a runner runs nothing and is content": ((NONE, 0), (GREEN, 0), 0, "2 passed, 1 failed", 1),
    "a runner fails with all its tests green": ((GREEN, 1), (GREEN, 0), 0, "4 passed, 0 failed", 1),
    "the check fails": ((GREEN, 0), (GREEN, 0), 1, "4 passed, 1 failed", 1),
}


@pytest.mark.parametrize("name", RUNS)
def test_ci_run(workshop: Workshop, name: str) -> None:
    swift, scripts, check, last_line, code = RUNS[name]
    house(workshop, runner(*swift), runner(*scripts), f"exit {check}")

    done = workshop.run("bash", ".ci/run", env={"PATH": f"{workshop.root}/bin:/usr/bin:/bin", "CI": "true"})

    lines = done.stdout.splitlines()
    assert lines[-1] == last_line, done.stdout
    assert done.returncode == code
    times = lines[lines.index("== times") :]
    assert [line.split("  ")[0] for line in times if re.search(r" \d+ s$", line)] == [
        "test tools", "swift tests", "pytest", "all",
    ]


def test_a_report_of_an_earlier_run_counts_for_nothing(workshop: Workshop) -> None:
    house(workshop, runner(None, 0), runner(GREEN, 0))
    workshop.write(".build/test-results/HouseTests.xml", GREEN)
    done = workshop.run("scripts/test.sh", env={"PATH": f"{workshop.root}/bin:/usr/bin:/bin"})
    assert done.stdout.splitlines()[-1] == "2 passed, 1 failed"
    assert done.returncode == 1


def test_a_runner_that_hangs_is_ended(workshop: Workshop) -> None:
    hanging = '#!/bin/sh\n[ "$1" != build ] || exit 0\nexec tail -f /dev/null\n'
    house(workshop, hanging, runner(GREEN, 0))
    path = f"{workshop.root}/bin:/usr/bin:/bin"
    done = workshop.run("scripts/test.sh", env={"PATH": path, "TEST_SECONDS": "1"}, timeout=30)
    assert done.stdout.splitlines()[-1] == "2 passed, 1 failed"
    assert done.returncode == 1


def test_a_step_that_is_not_executable_at_all_fails(workshop: Workshop) -> None:
    workshop.copy("scripts/step.sh")
    done = workshop.run("bash", "-c", 'set -e; . scripts/step.sh; step "nothing" ./gone; echo "not reached"')
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "== nothing: FAILED, 0 s"


def test_make_alone_explains_every_target(workshop: Workshop) -> None:
    workshop.copy("Makefile")
    shown = workshop.run("make")
    named = re.findall(r"^make ([a-z]+) ", shown.stdout, re.MULTILINE)
    targets = re.search(r"^\.PHONY: (.*)$", (workshop.root / "Makefile").read_text(), re.MULTILINE)
    assert targets is not None
    assert sorted(named) == sorted(targets.group(1).split())
    assert shown.returncode == 0
