#!/usr/bin/env bash
# sync_runs.sh - runs after the first: what is gone, what left, what is held
# back, what a dry run says, what a timer may do; and the story of a document.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# everything - all of the mirror, names, bytes and times, but the logs.
everything() {
    (cd "$MIRROR" && find . ! -path './logs*' ! -path ./.cs ! -name '*.lock' ! -name lock \
        ! -name '*-shm' -printf '%p %s %T@\n' | sort
    find "$MIRROR/confluence" -type f -print0 | sort -z | xargs -0 sha256sum)
}

start_fake
use_server
expect 0 sync
pool="OPS/Runbooks/Runbook- connection pool exhausted.md"

# A dry run says it all and changes nothing.
control delete '{"id":70011}' >/dev/null
control edit '{"id":70012,"title":"Declined"}' >/dev/null
everything >"$BOX/before"
expect 0 sync --dry-run
out_has "remove    confluence:70011  $pool  (trashed)"
out_has "fetch     confluence:70012"
out_has "nothing was changed"
expect 0 sync --dry-run --json
json .dry_run true
json '.sources[0].planned | map(select(.action == "remove")) | length' 1
everything >"$BOX/after"
diff "$BOX/before" "$BOX/after" >"$BOX/out" || fail "a dry run changed something"
[ -f "$MIRROR/confluence/$pool" ] || fail "a dry run removed a file"

# Then it is done; what is in the trash goes at once, and the story is kept.
expect 0 sync
grep -qE '^confluence: ([0-9]+) listed = \1 stored = \1 indexed = \1 on disk' "$BOX/out" ||
    fail "no proof"
out_has "1 deleted on the site"
[ ! -e "$MIRROR/confluence/$pool" ] || fail "the file of a deleted page is there"
expect 0 why 70011
out_has "it is in the site's trash"
out_has "cs maintenance restore confluence:70011"
expect 0 why --json 70011
json .state removed
json .reason trashed
expect 0 why confluence:70012
out_has "Declined"
expect 1 why 99999999

# What answers 404 is kept until a second complete listing says the same.
control hide '{"id":70013}' >/dev/null
expect 0 sync
out_has "1 gone from the last listing"
expect 0 why 70013
out_has "missing since"
expect 0 sync
expect 0 why --json 70013
json .reason gone
control hide '{"id":70013,"hidden":false}' >/dev/null
expect 0 sync
expect 0 why --json 70013
json .state here

# Many at once are held back until the user says so.
for id in $(seq 65601 65658); do
    control delete "{\"id\":$id}" >/dev/null 2>&1 || true
done
expect 3 sync
out_has "--allow-deletions"
err_has "held back, since they are so many"
[ -f "$MIRROR/confluence/ENG/Services/Payment service.md" ] ||
    [ -n "$(find "$MIRROR/confluence/ENG" -name 'Payment service.md')" ] ||
    fail "the brake did not hold"
expect 0 sync --allow-deletions
[ -z "$(find "$MIRROR/confluence/ENG" -name 'Payment service.md')" ] ||
    fail "the brake was not released"

# A space that is not configured any more is kept, and out of the proof.
before=$(find "$MIRROR/confluence/ENG" -name '*.md' | wc -l)
VARIABLES+=("CONFLUENCE_SPACE_KEYS=OPS")
expect 0 sync
out_has "kept of spaces that are no longer configured or shown"
same "$(find "$MIRROR/confluence/ENG" -name '*.md' | wc -l)" "$before" "files"
expect 0 status
out_has "no longer configured"
expect 0 status --json
json '.spaces | map(select(.left != null)) | .[0].key' ENG

# A refused credential is not sent again by itself.
requests() {
    curl -sS "http://127.0.0.1:$PORT/_control/requests" | jq '[.. | numbers] | add // 0'
}
cs_env CONFLUENCE_API_TOKEN=wrong -- sync --scheduled
check_status 77 "a wrong token"
control reset-requests '{}' >/dev/null
cs_env CONFLUENCE_API_TOKEN=wrong -- sync --scheduled
check_status 77 "a wrong token again"
err_has "not sent again"
same "$(requests)" 0 "requests with a token that was refused"
cs_env CONFLUENCE_API_TOKEN=wrong -- sync
check_status 77 "by hand"
[ "$(requests)" -gt 0 ] || fail "by hand it was not sent"
expect 0 sync --scheduled
cs_env CONFLUENCE_API_TOKEN=wrong -- sync --scheduled
check_status 77 "after a success"
! grep -rq wrong "$MIRROR/logs" || fail "the refused token is in the log"

# The proof counts the files, too.
expect 0 sync
grep -qE '([0-9]+) indexed = \1 on disk' "$BOX/out" || fail "nothing on disk"
mv "$MIRROR/confluence/OPS/Operations.md" "$BOX/away"
expect 3 status
out_has "12 on disk"
expect 0 sync
expect 0 status
[ -f "$MIRROR/confluence/OPS/Operations.md" ] || fail "a lost file stays lost"

# Everything is looked at again.
control label '{"id":70012,"add":"fresh"}' >/dev/null
expect 0 sync --full
file_has "$(find "$MIRROR/confluence/OPS" -name 'Declined.md')" '"fresh"'
grep -q 'start, full' "$MIRROR"/logs/sync_*.log || fail "no start in the log"
grep -q 'end: ok' "$MIRROR"/logs/sync_*.log || fail "no end in the log"

# A page that the server can not show costs itself alone, and is named.
control poison '{"id":70012}' >/dev/null
control edit '{"id":70012,"body":"<p>new</p>"}' >/dev/null
cs sync
check_status 3 "a page that can not be fetched"
cs status
grep -qE '^  1 could not be fetched:' "$BOX/out" || fail "not in the status"
grep -qE '^    confluence:70012  Declined  .*HTTP 500' "$BOX/out" || fail "not named in the status"
control poison '{"id":70012,"poison":false}' >/dev/null
expect 0 sync --full
expect 0 status
! grep -q 'could not be fetched' "$BOX/out" || fail "fetched, and still named"

# The server asks for a pause; it is said.
control fault '{"kind":"status","status":429,"retryAfter":2,"path":"/wiki/api/v2/spaces"}' >/dev/null
expect 0 sync
grep -qE '^confluence: connecting  waiting [23] s, the server asked for it' \
    "$BOX/err" || fail "nothing says that the server asked for a pause"

finish
