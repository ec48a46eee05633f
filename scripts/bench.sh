#!/usr/bin/env bash
# Measures the release build beside the peers, experiments beside plain PostgreSQL, delivery, and reads of parameters. Arguments go to
# Benchmarks/run.py, and then only that runs.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/bootstrap.sh bench
swift build --quiet -c release --static-swift-stdlib
[ $# -gt 0 ] || { python3 Benchmarks/starts.py && python3 Benchmarks/delivery.py && python3 Benchmarks/parameters.py; }
exec python3 Benchmarks/run.py "$@"
