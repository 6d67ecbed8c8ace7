#!/usr/bin/env bash
# edit.sh - one page changes: one file changes. Nothing changes: nothing does.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

start_fake
use_server
expect 0 sync
contents >"$BOX/before"

# Nothing changed: no file is touched, and the index neither.
snapshot >"$BOX/files"
sleep 1.1 # times of change must be able to differ
expect 0 sync
snapshot | diff "$BOX/files" - >"$BOX/diff" || {
    grep -v sync_state "$BOX/diff" | grep -q '^[<>]' &&
        fail "a sync without news touched: $(cat "$BOX/diff")"
}
contents | cmp -s - "$BOX/before" || fail "a sync without news changed files"

# One page is edited.
page="$MIRROR/confluence/OPS/Runbooks/Runbook- connection pool exhausted.md"
control edit '{"id":"70011","body":"<p>Restart the quokka first.</p>"}' \
    >/dev/null
expect 0 sync --json
json '.sources[0].written' 1
contents | diff "$BOX/before" - >"$BOX/diff" || true
same "$(grep -c '^>' "$BOX/diff")" 1 "changed files"
file_has "$page" "Restart the quokka first."
expect 0 search quokka
expect 1 search 'pgbouncer AND quokka'

# It is renamed: its file moves, and the old name is gone.
control edit '{"id":"70011","title":"Runbook: quokka"}' >/dev/null
expect 0 sync
[ ! -e "$page" ] || fail "the old file is still there"
[ -f "$MIRROR/confluence/OPS/Runbooks/Runbook- quokka.md" ] ||
    fail "no file under the new name"

# A file edited by hand is kept aside, not overwritten.
page="$MIRROR/confluence/OPS/Runbooks/Runbook- quokka.md"
echo "my own words" >>"$page"
control edit '{"id":"70011","body":"<p>Restart the wombat first.</p>"}' \
    >/dev/null
expect 0 sync
file_has "$page" "wombat"
grep -rlq "my own words" "$MIRROR/confluence/OPS/Runbooks/" ||
    fail "the user's own words are gone"

finish
