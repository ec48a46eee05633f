#!/usr/bin/env python3
"""Adds up the test reports of one run, and ends with the line `N passed, N failed`.

usage: scripts/totals.py FOLDER [--failed-steps N]

A report that is absent, broken or holds no test counts as a failure: a runner that died has not passed.
"""

import argparse
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

# Every report there must be: one of each Swift test target, and pytest's.
EXPECTED = "expected.txt"


def count(report: pathlib.Path) -> tuple[int, int, int, str | None]:
    """Passed, failed, skipped, and what is wrong with the report itself."""
    if not report.exists():
        return 0, 1, 0, "left no report, so it died or never ran"
    try:
        cases = list(ElementTree.parse(report).iter("testcase"))
    except ElementTree.ParseError as error:
        return 0, 1, 0, f"left a broken report: {error}"
    if not cases:
        return 0, 1, 0, "ran no test"
    failed = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    return len(cases) - failed - skipped, failed, skipped, None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--failed-steps", type=int, default=0, help="steps outside the test runners that failed")
    options = parser.parse_args()

    passed, failed, skipped = 0, options.failed_steps, 0
    expected = options.folder / EXPECTED
    runners = expected.read_text().split() if expected.exists() else []
    if not runners:
        print(f"{expected} names no report, so nothing ran")
        failed += 1
    for runner in runners:
        some_passed, some_failed, some_skipped, trouble = count(options.folder / f"{runner}.xml")
        note = f"; {trouble}" if trouble else ""
        print(f"{runner}: {some_passed} of {some_passed + some_failed + some_skipped}{note}")
        passed, failed, skipped = passed + some_passed, failed + some_failed, skipped + some_skipped
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
