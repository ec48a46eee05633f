#!/usr/bin/env bash
# Every test: Swift Testing, then pytest; both run even if the first fails. With arguments only `swift test` runs, with them.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/step.sh
. scripts/targets.sh

results=$PWD/.build/test-results
# A test that hangs is a failure, not a wait. Only SIGINT makes `swift test` take its child with it.
bounded() { timeout --foreground --signal INT --kill-after 30 "${TEST_SECONDS:-1800}" "$@"; }
# The python3 that has boto3, for the Swift tests that ask the real signers.
export FAULTPLANE_TEST_PYTHON=$PWD/.venv/bin/python
swift_tests() {
    local outcome=0 target
    swift build --build-tests || return 1
    for target in $(swift_targets); do
        bounded swift test --skip-build --parallel --disable-xctest --filter "^$target\." \
            --xunit-output "$results/$target.xml" || outcome=1
    done
    return $outcome
}
chosen_swift_tests() {
    swift build --build-tests && bounded swift test --skip-build --parallel --disable-xctest "$@"
}
pytest_tests() { bounded .venv/bin/pytest --junitxml "$results/pytest.xml" Tests; }

step "test tools" scripts/bootstrap.sh test
rm -rf "$results"
mkdir -p "$results"

outcome=0
if [ $# -gt 0 ]; then
    step "chosen swift tests" chosen_swift_tests "$@"
    exit
fi
{ swift_targets && echo pytest; } > "$results/expected.txt"
step "swift tests" swift_tests || outcome=1
step "pytest" pytest_tests || outcome=1
python3 scripts/totals.py "$results" || outcome=1
exit $outcome
