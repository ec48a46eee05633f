#!/usr/bin/env bash
# Measures the release build beside the peers. Arguments go to Benchmarks/run.py.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/bootstrap.sh bench
swift build --quiet -c release --static-swift-stdlib
exec python3 Benchmarks/run.py "$@"
