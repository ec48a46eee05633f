#!/usr/bin/env bash
# What must hold before a change lands, the quick checks first. Without arguments all of it.
# usage: scripts/check.sh [format] [rules] [debug] [openapi] [release]
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/step.sh

format() {
    swift format lint --strict --parallel --recursive . ||
        { echo "make format mends what can be mended by a program" >&2 && return 1; }
}
debug() { scripts/bootstrap.sh run && swift build --build-tests; }
release() { scripts/bootstrap.sh run && swift build -c release --static-swift-stdlib; }

[ $# -gt 0 ] || set -- format rules debug openapi release
for check in "$@"; do
    case $check in
        format) step "format" format ;;
        rules) step "house rules" python3 scripts/house_rules.py ;;
        debug) step "debug build" debug ;;
        openapi) step "openapi" scripts/openapi.sh check ;;
        release) step "release build" release ;;
        *) sed -n 's/^# usage/usage/p' "$0" >&2 && exit 2 ;;
    esac
done
