#!/usr/bin/env bash
# day.sh - a day in a mirror's life: hourly syncs while the site changes in all
# its ways and the server fails, people who search all the time, and accidents:
# kills, a full disk, a restarting server, an index of an older program.
#
#     day.sh CS FAKE SITE [HOURS] [FLAVOUR]
#     CS_SEED=7 day.sh ...      another day; the seed is told at the start
#     CS_KEEP=DIR day.sh ...    keep a copy of the mirror and all else there
#
# CS is cs-soak, whose clock a test can set. At the end the mirror must be
# consistent and byte for byte what a new mirror of the same site is, nothing may
# be left over, and no search may have failed.
#
# The full disk is a small one of its own, so that part needs CS_TEST_SYSTEM=1
# and the right to mount.
own_mounts() {
    local own=(-m)
    [ "$(id -u)" = 0 ] || own=(-Urm)
    [ "${CS_TEST_SYSTEM:-}" = 1 ] || return 0
    unshare "${own[@]}" true 2>/dev/null || return 0
    exec unshare "${own[@]}" "$0" --inside "$@"
}

INSIDE=
if [ "${1:-}" = --inside ]; then
    INSIDE=1
    shift
else
    own_mounts "$@"
fi

here=$(dirname "$0")
. "$here/../cli/lib.sh" "$1" "$2" "$3"
. "$here/../cli/truth.sh"
. "$here/../fault/rows.sh"
. "$here/../fault/trouble.sh"
. "$here/readers.sh"
. "$here/accidents.sh"

HOURS=${4:-24}
FLAVOUR=${5:-cloud}
SEED=${CS_SEED:-1}
PAGES=$((HOURS < 24 ? 80 : 400))
READERS_N=$((HOURS < 24 ? 1 : 3))
READER_PAUSE=0.1
MEMORY_MAX=65536 # kilobytes, of one run
RANDOM=$SEED
HOUR=0

SPACES=ENG,GEN1,BEACON
SPACES_ADDED=0
EDITS=0
FOREIGN=0
FULL=0
UPGRADES=0
SYNC_MS=500

# On a small disk, where that is allowed. $BOX stays outside.
DISK=
prepare_disk() {
    if [ -n "$INSIDE" ] && mkdir "$BOX/disk" &&
        mount -t tmpfs -o size=128m tmpfs "$BOX/disk" 2>/dev/null; then
        DISK=$BOX/disk
        MIRROR=$DISK/mirror
    else
        echo "no full disk: that needs CS_TEST_SYSTEM=1 and the right to mount"
    fi
}

leave() {
    stop_readers
    [ -z "${CS_KEEP:-}" ] || cp -a "$BOX" "$CS_KEEP"
    [ -z "$DISK" ] || umount -l "$DISK"
    clean_up
}
trap leave EXIT

configure() {
    mkdir -p "$HOME_DIR/.config/context-sync"
    cat >"$HOME_DIR/.config/context-sync/config" <<'CONFIG'
attachments = all
deletion_brake = {"100 %", 100000}
restrictions = yes
reconcile_interval = 4h
keep_deleted = 2d
CONFIG
}

use_mirror() {
    use_server
    VARIABLES+=("CONFLUENCE_SPACE_KEYS=$SPACES" "CS_TEST_CLOCK=$BOX/clock"
        "CS_TEST_USAGE=$BOX/usage")
}

# set_clock HOUR - of the program and of the server.
set_clock() {
    local ahead=$(($1 * 3600000))
    echo "$ahead" >"$BOX/clock.new"
    mv "$BOX/clock.new" "$BOX/clock"
    control set "{\"ahead\":$ahead}" >/dev/null
}

change_site() {
    control random "{\"seed\":$RANDOM$RANDOM,\"count\":$1,
        \"spare\":\"BEACON\"}" >"$BOX/changes"
}

expect_one_of() { # WHAT STATUS...
    local what=$1 status
    shift
    for status; do
        [ "$STATUS" != "$status" ] || return 0
    done
    fail "hour $HOUR: $what: exit status $STATUS"
}

sync_somehow() {
    cs sync "$@"
    expect_one_of "sync $*" 0 3 75
}

# hourly_sync - as the timer does it, in most hours under faults.
hourly_sync() {
    local before kinds=500,502,503,429,reset,truncate,cut-chunked,delay,401,404
    if [ $((RANDOM % 4)) != 0 ]; then
        control random-faults "{\"seed\":$RANDOM,\"count\":6,\"span\":12,
            \"kinds\":\"$kinds\"}" >/dev/null
    fi
    before=$(date +%s%N)
    cs sync
    SYNC_MS=$((($(date +%s%N) - before) / 1000000 + 100))
    [ "$SYNC_MS" -lt 1000 ] || SYNC_MS=1000
    expect_one_of "the hourly sync" 0 3 75 77 78
    control clear-faults '{}' >/dev/null
}

ALL=(older_index kill_syncs full_disk restart_server run_maintenance
    edit_by_hand new_space server_down put_foreign busy_server
    kill_maintenance)
DECK=()

# deal - the next accident; all of them come before one comes again.
deal() {
    local n
    [ ${#DECK[@]} != 0 ] || DECK=("${ALL[@]}")
    n=$((RANDOM % ${#DECK[@]}))
    ACCIDENT=${DECK[n]}
    DECK=("${DECK[@]:0:n}" "${DECK[@]:n + 1}")
}

hour() {
    local n at synced names=
    HOUR=$1
    echo "hour $1" >"$BOX/hour"
    set_clock "$1"
    turn_beacons "$1"
    change_site $((6 + RANDOM % 10))
    for ((n = 0; n < PER_HOUR; n++)); do
        deal
        at=$SECONDS
        "$ACCIDENT"
        names+="$ACCIDENT $((SECONDS - at)) s, "
    done
    hourly_sync
    synced=$STATUS
    check_derived "hour $1"
    foreign_files | diff "$BOX/foreign" - >&2 ||
        fail "hour $1: a file of somebody else was touched"
    readers_content
    echo "$(date +%T) hour $1: ${names}sync $synced"
}

# Links by title, and what is included by title, lead to the page that has it
# when the text comes in. So all such texts come in once more.
renew_links() {
    curl -sS "http://127.0.0.1:$PORT/_control/truth" |
        jq -r '(.content[], .comments[]?) | select((.body // "")
            | test("ri:content-title|ac:name=\"(excerpt-)?include\""))
            | (.content // .id)' | sort -u >"$BOX/linking"
    while read -r id; do
        printf 'next\nurl = "http://127.0.0.1:%s/_control/edit"\n' "$PORT"
        printf 'data = "{\\"id\\":\\"%s\\",\\"append\\":\\"<p>end</p>\\"}"\n' "$id"
    done <"$BOX/linking" | sed 1d >"$BOX/edits"
    curl -sS -K "$BOX/edits" >"$BOX/edits.out" || fail "edits at the end"
}

# What people left in the mirror: their words are there, what they put there is
# untouched, and nothing else is to be mended. Then they take it away.
collect_what_is_theirs() {
    local n file
    for ((n = 1; n <= EDITS; n++)); do
        grep -rqF "by hand, edit $n." "$MIRROR/confluence" ||
            fail "the words of edit $n are gone"
        ok
    done
    foreign_files | diff "$BOX/foreign" - >&2 || fail "a foreign file changed"
    tr '\n' '\0' <"$BOX/mine" | xargs -0 -r rm -f
    find "$MIRROR/confluence" -type d -name 'drawer *' -exec rmdir {} + || true
    (cd "$MIRROR/confluence" && find . -name '*.local-*' -delete -printf '%h\n' |
        sort -u | xargs -rd '\n' rmdir -p --ignore-fail-on-non-empty) || true
    expect 0 maintenance check --json
    jq -r '.findings[] | select(.check == "changed-files") | .path' \
        "$BOX/out" >"$BOX/edited"
    while IFS= read -r file; do
        rm "$MIRROR/$file"
    done <"$BOX/edited"
    cs maintenance
    expect_one_of "maintenance" 0
}

# The site as it is now, without any trouble.
last_syncs() {
    local space n
    FAULTS=$(curl -sS "http://127.0.0.1:$PORT/_control/faults" | jq .used)
    [ "$FAULTS" -gt 0 ] || fail "the server never failed"
    control clear-faults '{}' >/dev/null
    for ((n = 1; n <= FOREIGN; n++)); do
        control delete "{\"id\":$((881000 + n)),\"purge\":true}" \
            >/dev/null 2>&1 || true # it may be gone
    done
    while [ "$SPACES_ADDED" -lt 2 ]; do
        new_space
    done
    for space in ${SPACES//,/ }; do
        control hide "{\"space\":\"$space\",\"hidden\":false}" >/dev/null
    done
    sync_somehow --full # pages that moved, of which no other run tells
    renew_links
    sync_somehow --full
    expect 0 sync --full
    collect_what_is_theirs
    expect 0 sync --full
}

nothing_to_do() {
    snapshot | grep -v sync_state >"$BOX/before"
    expect 0 sync --json
    json '.sources[0] | [.written, .moved, .removed, .deleted, .failed,
        .files_fetched, .missing, .kept] | add' 0
    json '.sources[0].proof // true' true
    snapshot | grep -v sync_state | diff "$BOX/before" - >&2 ||
        fail "a sync without news changed files"
    ok
}

nothing_left_over() {
    same "$(find "$MIRROR/confluence/.stage" -mindepth 1 2>/dev/null)" "" \
        "left in the stage"
    same "$(find "$MIRROR/confluence" -mindepth 1 -type d -empty \
        ! -name .stage)" "" "empty folders"
    same "$(cd "$MIRROR/.cs" && find . -type f ! -path './trash/*' |
        sort | tr '\n' ' ')" "./index.db ./lock " "files beside the index"
    (cd "$MIRROR/.cs/trash" 2>/dev/null && find . -type f -printf '%f\n' |
        sort) >"$BOX/got" || true
    sql "SELECT DISTINCT trash FROM tombstone_file ORDER BY 1" |
        sed 's|.*/||' | sort >"$BOX/want"
    diff "$BOX/want" "$BOX/got" >&2 || fail "bytes of deleted documents"
    same "$(find "$BOX" -maxdepth 1 -name 'core*')" "" "cores"
    ok
}

check_is_content() {
    expect 0 maintenance
    expect 0 maintenance check --json
    json '.findings | length' 0
    json '[.problems, .notes, .fixed] | add' 0
}

# equals_new_mirror - files and rows are those of a mirror that saw nothing.
equals_new_mirror() {
    local kept=$MIRROR
    truth "$FLAVOUR" >"$BOX/want"
    held >"$BOX/got"
    diff "$BOX/want" "$BOX/got" >&2 || fail "not what the server has (<)"
    dump_files "$MIRROR" >"$BOX/files"
    dump_rows "$MIRROR" >"$BOX/rows"
    MIRROR=$BOX/fresh
    use_mirror
    expect 0 sync
    expect 0 sync --full
    dump_files "$MIRROR" | diff - "$BOX/files" >&2 ||
        fail "files are not those of a new mirror (<)"
    # It may remember people who are named nowhere any more.
    dump_rows "$MIRROR" | diff - "$BOX/rows" |
        grep '^[<>]' | grep -v '^> person|' >&2 &&
        fail "rows are not those of a new mirror (<)"
    [ -s "$BOX/rows" ] || fail "the rows of the index could not be read"
    MIRROR=$kept
    use_mirror
    ok
}

# Days later what was deleted, and what was written down, is gone as well.
days_later() {
    set_clock $((HOURS + 96))
    expect 0 maintenance
    same "$(sql 'SELECT count(*) FROM tombstone')" 0 "tombstones past their time"
    same "$(find "$MIRROR/.cs/trash" -type f 2>/dev/null | wc -l)" 0 \
        "bytes past their time"
}

# memory VERB - the most that a run of it took, in kilobytes; bounded.
memory() {
    local most
    most=$(awk -v verb="$1" '$1 == verb && $2 > m { m = $2 } END { print m + 0 }' \
        "$BOX/usage")
    if [ -z "${ASAN_OPTIONS:-}" ] && ! grep -q __asan_init "$CS"; then
        [ "$most" -le "$MEMORY_MAX" ] || fail "$1 took $most KB of memory"
    fi
    echo "$most"
}

began=$(date +%s)
echo "seed $SEED, $HOURS hours of $FLAVOUR; again: CS_SEED=$SEED $0 ..."
prepare_disk
configure
: >"$BOX/mine"
: >"$BOX/foreign"
echo "hour 0" >"$BOX/hour"
PER_HOUR=$(((${#ALL[@]} + HOURS - 1) / HOURS))
[ "$PER_HOUR" -ge 3 ] || PER_HOUR=3
SERVE=(--site "$SITE" --generate "$PAGES" --files 20 --comments 30
    --seed "$SEED" --flavour "$FLAVOUR")
start_fake
[ "$FLAVOUR" = cloud ] || URL=http://127.0.0.1:$PORT/confluence
use_mirror
make_beacons
set_clock 0
expect 0 sync
SCHEMA=$(sqlite3 "$MIRROR/.cs/index.db" 'PRAGMA user_version')
start_readers "$READERS_N"
for ((h = 1; h <= HOURS; h++)); do
    hour "$h"
done
last_syncs
stop_readers
readers_content
nothing_to_do
check_is_content
nothing_left_over
equals_new_mirror
days_later
[ -z "$DISK" ] || [ "$FULL" -gt 0 ] || fail "the disk was never full"
[ "$UPGRADES" -gt 0 ] || fail "no index was upgraded"
echo "$TURNS turns of readers; killed $KILLED runs, $KILLED_TASKS of them" \
    "maintenance; $FAULTS faults, $FULL full disks, $UPGRADES upgrades," \
    "$EDITS edits by hand"
echo "at most $(memory sync) KB for a sync, $(memory search) KB for a search;" \
    "$(($(date +%s) - began)) s"
finish
