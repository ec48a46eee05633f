#!/usr/bin/env bash
# From a fresh machine to a running server. Arguments go to `faultplane serve`.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/bootstrap.sh run
echo "building the release (the first time takes some minutes)"
swift build --quiet -c release --static-swift-stdlib --product faultplane
exec .build/release/faultplane serve "$@"
