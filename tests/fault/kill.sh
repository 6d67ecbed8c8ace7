#!/usr/bin/env bash
# kill.sh - syncs and maintenance are killed at random instants while the site
# changes in all its ways; one more sync, and files, rows and index are those
# of a mirror that was never disturbed.
#
#     kill.sh CS FAKE SITE [TIMES]
here=$(dirname "$0")
. "$here/../cli/lib.sh" "$1" "$2" "$3"
. "$here/rows.sh"
. "$here/trouble.sh"
times=${4:-500}
RANDOM=${SEED:-1}

start_fake
use_server

# Two pages whose titles are swapped. Nobody links to them: a link by title
# means the page that had it when the link was stored, on the site as here.
for id in 990001 990002; do
    control create "{\"id\":$id,\"space\":\"ENG\",\"title\":\"Half $id\",
        \"body\":\"<p>half</p>\"}" >/dev/null
done

# What changes between two runs, so that each has something to do.
change_site() {
    local round=$1
    control edit "{\"id\":65601,\"append\":\"<p>round $round</p>\"}"
    control edit "{\"id\":65600,\"title\":\"Services $((round % 3))\"}"
    control label "{\"id\":65601,\"add\":\"round-$((round % 5))\"}"
    control label "{\"id\":65601,\"remove\":\"round-$(((round + 1) % 5))\"}"
    case $((round % 8)) in
    0) control move '{"id":65640,"parent":65600}' ;;
    1) control swap '{"a":990001,"b":990002}' ;;
    2) control delete '{"id":65640}' ;;
    3) control restore '{"id":65640}' ;;
    4) control move '{"id":65640,"parent":65590}' ;;
    5) control attach "{\"content\":65602,\"title\":\"log.txt\",
        \"data\":\"round $round \",\"repeat\":1000}" ;;
    6) control comment "{\"content\":65602,\"body\":\"<p>at $round</p>\"}" ;;
    7) control edit "{\"id\":70011,\"append\":\"<p>round $round</p>\"}" ;;
    esac
    if [ $((round % 10)) = 0 ]; then
        control create "{\"space\":\"ENG\",\"title\":\"New $round\",
            \"body\":\"<p>made in round $round</p>\"}"
    fi
} >/dev/null

# Every fourth run is maintenance, each time another task.
tasks=("" reindex reconvert optimize check)
choose_run() {
    COMMAND=(sync)
    if [ $((round % 4)) = 3 ] && [ -f "$MIRROR/.cs/index.db" ]; then
        COMMAND=(maintenance)
        local task=${tasks[round / 4 % ${#tasks[@]}]}
        [ -z "$task" ] || COMMAND+=("$task")
    fi
}

# How long a sync takes here, in milliseconds.
measure() {
    local before after
    before=$(date +%s%N)
    MIRROR=$BOX/measure
    use_server
    expect 0 sync
    after=$(date +%s%N)
    longest=$(((after - before) / 1000000 + 1))
    [ "$longest" -lt 999 ] || longest=999
    MIRROR=$BOX/mirror
    use_server
}

# Runs that were faster than their killer do not count.
round=0
measure
while [ "$KILLED" -lt "$times" ]; do
    round=$((round + 1))
    [ "$round" -le $((times * 20)) ] ||
        fail "only $KILLED of $round runs could be killed"
    # From an empty mirror now and then: a first run has the most to lose.
    if [ $((round % 20)) = 0 ]; then
        rm -rf "$MIRROR"
    fi
    change_site "$round"
    choose_run
    run_and_kill "$longest" "${COMMAND[@]}"
    check_derived "round $round"
done
control restore '{"id":65640}' >/dev/null 2>&1 || true # if it is in the trash
expect 0 sync
expect 0 sync --full # labels, too
check_derived "at the end"
expect 0 maintenance
dump_rows "$MIRROR" >"$BOX/rows"
dump_files "$MIRROR" >"$BOX/files"
expect 0 maintenance --dry-run

MIRROR=$BOX/undisturbed
use_server
expect 0 sync
dump_rows "$MIRROR" | diff "$BOX/rows" - >&2 ||
    fail "rows differ from those of an undisturbed run"
dump_files "$MIRROR" | diff "$BOX/files" - >&2 ||
    fail "files differ from those of an undisturbed run"
[ -s "$BOX/rows" ] || fail "the rows of the index could not be read"
echo "killed $KILLED runs, $KILLED_TASKS of them maintenance, in $round rounds" \
    "(up to $longest ms in)"
finish
