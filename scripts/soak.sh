#!/usr/bin/env bash
# Guards runs with sources that are well and noisy, and fails if one of them is stopped. Arguments go to Tests/guards/soak.py.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/bootstrap.sh test
swift build --quiet --product faultplane
exec .venv/bin/python Tests/guards/soak.py "$@"
