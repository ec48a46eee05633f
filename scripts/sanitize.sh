#!/usr/bin/env bash
# The unit tests under the sanitizers, each with a build of its own. Without arguments both.
# usage: scripts/sanitize.sh [thread] [address]
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/step.sh

under() {
    swift test --sanitize="$1" --scratch-path ".build/$1" --parallel --disable-xctest --skip '^EndToEndTests\.'
}

scripts/bootstrap.sh test
# Swift's runtime keeps what it never frees, metadata above all; leaks are not what we look for here.
export ASAN_OPTIONS=detect_leaks=0
[ $# -gt 0 ] || set -- thread address
for sanitizer in "$@"; do
    case $sanitizer in
        thread | address) step "$sanitizer sanitizer" under "$sanitizer" ;;
        *) sed -n 's/^# usage/usage/p' "$0" >&2 && exit 2 ;;
    esac
done
