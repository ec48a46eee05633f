#!/usr/bin/env bash
# Measures the release build beside the peers, experiments beside plain PostgreSQL, delivery, reads of parameters, and guards.
# Arguments go to Benchmarks/run.py, and then only that runs.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/bootstrap.sh bench
swift build --quiet -c release --static-swift-stdlib
if [ $# = 0 ]; then
    for measurement in starts delivery parameters guards; do python3 "Benchmarks/$measurement.py"; done
fi
exec python3 Benchmarks/run.py "$@"
