#!/usr/bin/env bash
# deleted.sh - what was deleted on the site: given back, kept for a time, erased
# without a trace. Files that another program made are never touched.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

secret=Xyzzyplugh4711

# No file below the root has the word, packed or not.
no_trace() {
    ! grep -rlaF "$secret" "$MIRROR" >"$BOX/found" ||
        fail "$1: the secret is in $(xargs <"$BOX/found")"
    ok
}

everything() {
    (cd "$MIRROR" && find . ! -name '*-wal' \
        -printf '%p %y %s %i %m %T@ %C@ %l\n' | sort)
}

dry() {
    local want=$1
    shift
    everything >"$BOX/everything"
    expect "$want" maintenance "$@" --dry-run
    everything | diff "$BOX/everything" - >&2 || fail "a trace of: $* --dry-run"
    ok
}

start_fake
use_server
control edit '{"id":70011,"body":"<p>The word is '$secret', keep it.</p>"}' \
    >/dev/null
expect 0 sync
expect 0 search "$secret"
page="$MIRROR/confluence/OPS/Runbooks/Runbook- connection pool exhausted.md"
file_has "$page" "$secret"

# Deleted on the site: out of files and search at once, kept for a time.
control delete '{"id":70011}' >/dev/null
control delete '{"id":70012}' >/dev/null
expect 0 sync --full
[ ! -f "$page" ] || fail "a deleted page is still there"
expect 1 search "$secret"
dry 0
out_has "nothing to do"

# Given back, as a file of the user's.
dry 0 restore 70012
out_has "restore: "
expect 0 maintenance restore 70012
[ "$(find "$MIRROR/confluence" -name '*(restored).md' | wc -l)" = 1 ] ||
    fail "nothing was given back"
expect 1 maintenance restore 70012
expect 1 maintenance restore 70012 --dry-run
expect 1 maintenance restore 4711
expect 2 maintenance restore

# Erased. The damaged index of old days holds it too.
cp "$MIRROR/.cs/index.db" "$MIRROR/.cs/index.db.damaged-20260101"
dry 0 purge 70011
out_has "purge: "
expect 1 maintenance purge 70011 4711
expect 0 maintenance purge 70011 --json
json '[.actions[] | select(.done)] | length' 2
no_trace "purge of what was deleted"
expect 1 maintenance purge 70011
expect 2 maintenance purge

# What the user kept of it is told, and stays.
edited="$MIRROR/confluence/OPS/Runbooks/Runbook- queue lag.md"
queue=$(sed -n 's/^id: "\(.*\)"/\1/p' "$edited")
echo "my words" >>"$edited"
control edit "{\"id\":$queue,\"body\":\"<p>Changed.</p>\"}" >/dev/null
expect 0 sync
copy=$(find "$MIRROR/confluence" -name '*.local-*')
file_has "$copy" "my words"
dry 0 purge "$queue"
expect 0 maintenance purge "$queue"
out_has "purge: $copy: is a copy of a local edit, and may hold what was erased; remove it by hand"
file_has "$copy" "my words"
rm "$copy"
expect 0 sync --full

# A page that is still there; the next sync brings it, without the secret.
control edit '{"id":70030,"body":"<p>Also '$secret' here.</p>"}' >/dev/null
expect 0 sync
expect 0 search "$secret"
control edit '{"id":70030,"body":"<p>Nothing here.</p>"}' >/dev/null
expect 0 maintenance purge 70030
no_trace "purge of what is held"
expect 0 sync --full
expect 0 search "Nothing here"
no_trace "a sync after"
expect 0 maintenance

# Time passes: what was kept goes with the chores.
control delete '{"id":70030}' >/dev/null
expect 0 sync --full
sql "UPDATE tombstone SET deleted = deleted - 29 * 86400000"
dry 0
out_has "nothing to do"
sql "UPDATE tombstone SET deleted = deleted - 2 * 86400000"
dry 0
out_has "tombstones: "
expect 0 maintenance
out_has "1 action taken"
[ "$(sql 'SELECT count(*) FROM tombstone')" = 0 ] || fail "it is still kept"
dry 0

# What comes back needs no trash, and what a killed run left there nobody does.
trash="$MIRROR/.cs/trash"
page=$(sql "SELECT d.vendor_id FROM document d JOIN attachment a
    ON a.document = d.id WHERE a.held_version IS NOT NULL LIMIT 1")
control delete "{\"id\":$page}" >/dev/null
expect 0 sync --full
[ -n "$(ls "$trash")" ] || fail "no bytes in the trash"
dry 0
out_has "nothing to do"
control restore "{\"id\":$page}" >/dev/null
expect 0 sync --full
echo mine >"$trash/notes.txt"
dry 0
out_has "trash: "
expect 0 maintenance
same "$(ls "$trash")" notes.txt "what is left in the trash"
dry 0
out_has "nothing to do"

# Spaces that are not configured any more go when it is asked for.
VARIABLES+=("CONFLUENCE_SPACE_KEYS=ENG")
expect 0 sync
[ -f "$MIRROR/confluence/OPS/Operations.md" ] || fail "leaving is no deletion"
dry 0 prune-spaces
out_has "prune-spaces: "
expect 0 maintenance prune-spaces
[ ! -f "$MIRROR/confluence/OPS/Operations.md" ] || fail "the space is there"
[ "$(find "$MIRROR/confluence" -name '*(restored).md' | wc -l)" = 1 ] ||
    fail "the file of the user is gone"
expect 0 maintenance
dry 0 prune-spaces
out_has "nothing to do"

finish
