# shellcheck shell=bash
# trouble.sh - kills and full disks for scripts that have sourced lib.sh.

KILLED=0
KILLED_TASKS=0

# run_and_kill LONGEST ARG... - one run, killed after a moment between nothing
# and so many milliseconds, a little more than it takes. Counts in KILLED those
# that were not done by then, and in KILLED_TASKS those of maintenance.
run_and_kill() {
    local longest=$1 pid ms status=0
    shift
    exec_cs "$@" >/dev/null 2>&1 &
    pid=$!
    ms=$((RANDOM % longest))
    sleep "$((ms / 1000)).$(printf '%03d' $((ms % 1000)))"
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || status=$?
    if [ "$status" = 137 ]; then
        KILLED=$((KILLED + 1))
        [ "$1" = sync ] || KILLED_TASKS=$((KILLED_TASKS + 1))
    fi
}

# check_derived WHEN - whatever was committed, what is derived from it was
# committed with it. 4 is "no index yet".
check_derived() {
    cs maintenance index-entries index-integrity lexicon vectors --dry-run
    case $STATUS in
    0 | 4) ;;
    *) fail "$1: what was derived is stale, exit status $STATUS" ;;
    esac
}

# fill_disk DISK LEFT - fill it with DISK/ballast until so many bytes are left,
# or fewer where others write, too.
fill_disk() {
    local free
    free=$(($(stat -f -c '%a * %S' "$1")))
    [ "$free" -le "$2" ] ||
        head -c $((free - $2)) /dev/zero >"$1/ballast" 2>/dev/null || true
}
