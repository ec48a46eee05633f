#!/usr/bin/env bash
# Holds api/openapi.json to what the program says of its API: `check` compares the two, `write` makes them the same.
# usage: scripts/openapi.sh check|write
set -euo pipefail
cd "$(dirname "$0")/.."

checked_in=api/openapi.json
case ${1:-} in
    check | write) ;;
    *) sed -n 's/^# usage/usage/p' "$0" >&2 && exit 2 ;;
esac

scripts/bootstrap.sh run
swift build --quiet --product faultplane
printed=$(mktemp)
trap 'rm -f "$printed"' EXIT
"$(swift build --show-bin-path)/faultplane" openapi >"$printed"

if [ "$1" = write ]; then
    mkdir -p "${checked_in%/*}"
    cat "$printed" >"$checked_in"
    exit
fi
diff -u --label "$checked_in" --label "what the program prints" "$checked_in" "$printed" | head -n 40 || true
cmp --quiet "$checked_in" "$printed" ||
    { echo "$checked_in is not what the program prints: make openapi writes it anew" >&2 && exit 1; }
