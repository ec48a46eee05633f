# Sourced, not run: `step NAME COMMAND...` runs the command, and says what it is and how long it took.
# Bash turns `set -e` off inside a function whose result is looked at, so functions given to it chain with &&.
step() {
    local name=$1 began=$SECONDS outcome=ok
    shift
    echo "== $name"
    "$@" || outcome=FAILED
    echo "== $name: $outcome, $((SECONDS - began)) s"
    [ -z "${STEP_TIMES:-}" ] || printf '%-24s %-7s %4d s\n' "$name" "$outcome" "$((SECONDS - began))" >>"$STEP_TIMES"
    [ "$outcome" = ok ]
}
