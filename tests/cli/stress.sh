#!/usr/bin/env bash
# stress.sh - commands that read, over a sync that writes; a second writer, and
# what a dead one left.
#
#   CS_STRESS=5000   how many pages (default 400)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

PAGES=${CS_STRESS:-400}
SERVE=(--generate "$PAGES")

# reader N - search, get, status, as long as $BOX/stop is not there.
reader() {
    local out=$BOX/reader.$1 turns=0 status
    while [ -d "$BOX" ] && [ ! -e "$BOX/stop" ]; do # no box: the test failed
        for command in "search the --json" "status --json" "search of" \
            "get $FIRST"; do
            status=0
            # shellcheck disable=SC2086
            (exec_cs $command) >"$out" 2>"$out.err" || status=$?
            case $status in
            0 | 1 | 3) ;;
            *) echo "$command: exit status $status: $(cat "$out.err")" \
                >>"$BOX/bad" ;;
            esac
            case $command in
            *--json)
                jq -e 'if .sources then all(.sources[]; .stored == .indexed)
                    else .total >= 0 end' "$out" >/dev/null ||
                    echo "$command: $(cut -c1-300 "$out")" >>"$BOX/bad"
                ;;
            esac
        done
        turns=$((turns + 1))
    done
    echo "$turns" >"$BOX/turns.$1"
}

start_fake
use_server
VARIABLES+=("CONFLUENCE_SPACE_KEYS=$(curl -sS -u demo@example.com:demo-token \
    "$URL/api/v2/spaces?limit=1" | jq -r '.results[0].key')")
expect 0 sync
FIRST=$(sql "SELECT vendor_id FROM document WHERE body_version IS NOT NULL
    ORDER BY id LIMIT 1")
sql "UPDATE document SET body_version = 0" # all of it is to be done again
unset 'VARIABLES[-1]'

# The sync is to last until it was looked at.
control fault '{"kind":"delay","ms":1000,"count":-1}' >/dev/null
for n in 1 2 3 4; do
    reader "$n" &
    readers[n]=$!
done
exec_cs sync --full >"$BOX/sync" 2>&1 &
writer=$!
tries=0
until grep -q "^pid $writer," "$MIRROR/.cs/lock"; do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || fail "the sync did not begin"
    sleep 0.05
done
# One writer at a time: the second one says who is at it, and since when.
for command in sync maintenance "maintenance reindex"; do
    # shellcheck disable=SC2086
    expect 7 $command
    grep -qE "pid $writer, since 20[0-9-]+T[0-9:]+Z" "$BOX/err" ||
        fail "not told who writes"
done
expect 0 maintenance backup "$BOX/backup.db"
cs maintenance --dry-run
[ "$STATUS" = 0 ] || [ "$STATUS" = 3 ] || fail "a dry run beside a sync: $STATUS"
control clear-faults '{}' >/dev/null
wait "$writer" || fail "the sync: $(tail -n 3 "$BOX/sync")"
touch "$BOX/stop"
wait "${readers[@]}"
[ ! -e "$BOX/bad" ] || fail "$(head -n 5 "$BOX/bad")"
turns=$(cat "$BOX"/turns.* | awk '{ n += $1 } END { print n }')
expect 0 maintenance

# What a dead writer left is no lock.
echo "pid 1, since 2020-01-01T00:00:00Z" >"$MIRROR/.cs/lock"
expect 0 sync
echo "nonsense" >"$MIRROR/.cs/lock"
expect 0 maintenance

echo "$PAGES pages, $turns turns of four readers"
finish
