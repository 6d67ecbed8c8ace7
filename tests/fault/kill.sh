#!/usr/bin/env bash
# kill.sh - a sync is killed at random instants while the site changes; one
# more sync, and files, rows and index are those of a run never disturbed.
#
#     kill.sh CS FAKE SITE [TIMES]
here=$(dirname "$0")
. "$here/../cli/lib.sh" "$1" "$2" "$3"
. "$here/rows.sh"
times=${4:-200}
RANDOM=${SEED:-1}

start_fake
use_server

# What changes between two syncs, so that each has something to do.
change_site() {
    local round=$1
    control edit "{\"id\":65601,\"append\":\"<p>round $round</p>\"}"
    control edit "{\"id\":70011,\"append\":\"<p>round $round</p>\"}"
    control edit "{\"id\":65600,\"title\":\"Services $((round % 3))\"}"
    control label "{\"id\":65601,\"add\":\"round-$((round % 5))\"}"
    control label "{\"id\":65601,\"remove\":\"round-$(((round + 1) % 5))\"}"
    if [ $((round % 2)) = 0 ]; then
        control move '{"id":65640,"parent":65600}'
    else
        control move '{"id":65640,"parent":65590}'
    fi
    if [ $((round % 10)) = 0 ]; then
        control create "{\"space\":\"ENG\",\"title\":\"New $round\",
            \"body\":\"<p>made in round $round</p>\"}"
    fi
} >/dev/null

# One sync, killed after a moment that varies between nothing and a little
# more than a sync takes. Sets KILLED.
sync_and_kill() {
    local pid status=0
    env -i "PATH=$PATH" "HOME=$HOME_DIR" LC_ALL=C.UTF-8 "${VARIABLES[@]}" \
        "$CS" sync >/dev/null 2>&1 </dev/null &
    pid=$!
    sleep "0.$(printf '%03d' $((RANDOM % longest)))"
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || status=$?
    [ "$status" != 137 ] || KILLED=$((KILLED + 1))
}

# How long a sync takes here, in milliseconds.
measure() {
    local before after
    before=$(date +%s%N)
    MIRROR=$BOX/measure
    use_server
    expect 0 sync
    after=$(date +%s%N)
    longest=$(((after - before) / 1000000))
    [ "$longest" -lt 999 ] || longest=999
    MIRROR=$BOX/mirror
    use_server
}

# Syncs that were faster than their killer do not count.
KILLED=0
round=0
measure
while [ "$KILLED" -lt "$times" ]; do
    round=$((round + 1))
    [ "$round" -le $((times * 20)) ] ||
        fail "only $KILLED of $round syncs could be killed"
    # From an empty mirror now and then: a first run has the most to lose.
    if [ $((round % 20)) = 0 ]; then
        rm -rf "$MIRROR"
    fi
    change_site "$round"
    sync_and_kill
done
expect 0 sync
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
echo "killed $KILLED syncs in $round rounds (up to $longest ms in)"
finish
