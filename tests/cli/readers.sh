#!/usr/bin/env bash
# readers.sh - whoever reads while a sync is at work never waits for it and is
# never told that something is busy; a second writer is told who holds it.
. "$(dirname "$0")/lib.sh" "$@"
. "$(dirname "$0")/../fault/rows.sh"

SERVE=(--generate 1500)
start_fake --no-gzip
use_server

in_sandbox() {
    env -i "PATH=$PATH" "HOME=$HOME_DIR" LC_ALL=C.UTF-8 \
        ${SANITIZER_ENV[@]+"${SANITIZER_ENV[@]}"} "${VARIABLES[@]}" \
        "$CS" "$@"
}

# reader NUMBER - read until the sync has ended; every answer that is no answer
# goes to a file of its own. 4 is "no index yet", 1 is "no hits yet".
reader() {
    local rounds=0 status
    while [ -d "$BOX" ] && [ ! -e "$BOX/ended" ]; do
        status=0
        in_sandbox search --json the >"$BOX/reader-$1" 2>&1 || status=$?
        case $status in
        0 | 1 | 4) ;;
        *) cp "$BOX/reader-$1" "$BOX/bad-$1" ;;
        esac
        rounds=$((rounds + 1))
    done
    echo "$rounds" >"$BOX/rounds-$1"
}

readers=()
for number in 1 2 3 4; do
    reader "$number" &
    readers+=($!)
done
in_sandbox sync >"$BOX/sync" 2>&1 &
writer=$!

# A second writer, as soon as there is a lock.
tries=0
until [ -s "$MIRROR/.cs/lock" ] || [ "$tries" -gt 500 ]; do
    tries=$((tries + 1))
    sleep 0.01
done
cs sync
if [ "$STATUS" = 7 ]; then
    err_has "another cs is writing to this mirror: pid "
fi

status=0
wait "$writer" || status=$?
touch "$BOX/ended"
wait "${readers[@]}"
same "$status" 0 "exit status of the sync"
for number in 1 2 3 4; do
    [ ! -e "$BOX/bad-$number" ] || fail "a reader: $(cat "$BOX/bad-$number")"
    [ "$(cat "$BOX/rounds-$number")" -gt 0 ] || fail "a reader never read"
    ok
done
dump_rows "$MIRROR" >"$BOX/rows"
expect 0 maintenance --dry-run
finish
