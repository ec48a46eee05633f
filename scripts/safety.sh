#!/usr/bin/env bash
# Makes the safety table: disasters on a real plane, each measured against its bound and checked. Arguments go to
# Tests/safety/table.py; with `seeded` first, bugs are put in on purpose instead, and each must be caught.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/bootstrap.sh test
if [ "${1:-}" = seeded ]; then
    shift
    for product in faultplane faultplane-injector; do
        swift build --quiet --product "$product" -Xswiftc -DSEEDED_BUGS --scratch-path .build/seeded
    done
    exec python3 Tests/safety/seeded.py "$@"
fi
for product in faultplane faultplane-injector; do swift build --quiet --product "$product"; done
exec python3 Tests/safety/table.py "$@"
