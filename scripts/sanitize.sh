#!/usr/bin/env bash
# The unit tests under the sanitizers, each with a build of its own. Without arguments both.
# usage: scripts/sanitize.sh [thread] [address]
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/step.sh
. scripts/targets.sh

under() {
    local outcome=0 target built=(--sanitize="$1" --scratch-path ".build/$1")
    swift build --build-tests "${built[@]}" || return 1
    for target in $(swift_targets); do
        # The program in a process of its own is no part of what is watched.
        [ "$target" != EndToEndTests ] || continue
        swift test "${built[@]}" --skip-build --parallel --disable-xctest --filter "^$target\." || outcome=1
    done
    return $outcome
}

scripts/bootstrap.sh test
export FAULTPLANE_TEST_PYTHON=$PWD/.venv/bin/python
# Swift's runtime keeps what it never frees, metadata above all; leaks are not what we look for here.
export ASAN_OPTIONS=detect_leaks=0
[ $# -gt 0 ] || set -- thread address
outcome=0
for sanitizer in "$@"; do
    case $sanitizer in
        thread | address) step "$sanitizer sanitizer" under "$sanitizer" || outcome=1 ;;
        *) sed -n 's/^# usage/usage/p' "$0" >&2 && exit 2 ;;
    esac
done
exit $outcome
