#!/usr/bin/env bash
# Every test: Swift Testing, then pytest; both run even if the first fails. Arguments go to `swift test`.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/step.sh

results=$PWD/.build/test-results
# A test that hangs is a failure, not a wait. Only SIGINT makes `swift test` take its child with it.
bounded() { timeout --foreground --signal INT --kill-after 30 "${TEST_SECONDS:-1800}" "$@"; }
swift_tests() {
    swift build --build-tests &&
        FAULTPLANE_TEST_PYTHON=$PWD/.venv/bin/python bounded swift test --skip-build --parallel --disable-xctest --xunit-output "$results/swift.xml" "$@"
}
script_tests() { bounded .venv/bin/pytest --junitxml "$results/pytest.xml" "${suites[@]}"; }

step "test tools" scripts/bootstrap.sh test
rm -rf "$results"
mkdir -p "$results"
suites=(Tests/scripts)
[ ! -d Tests/clients ] || suites+=(Tests/clients)

outcome=0
step "swift tests" swift_tests "$@" || outcome=1
step "script and client tests" script_tests || outcome=1
python3 scripts/totals.py "$results" || outcome=1
exit $outcome
