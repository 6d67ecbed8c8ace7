#!/usr/bin/env bash
# maintenance.sh - what is lost is written again, what is foreign is left alone,
# and a dry run changes nothing.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

start_fake
use_server
expect 4 maintenance # where there is nothing, nothing is made
[ ! -e "$MIRROR" ] || fail "an index was made"
expect 0 sync
expect 2 maintenance backup "$MIRROR/.cs/index.db"
err_has "is no backup of cs"
stop_fake # the rest needs no network
expect 0 maintenance --dry-run
out_has "nothing to do"
contents >"$BOX/before"

lost="$MIRROR/confluence/OPS/Runbooks/Runbook- connection pool exhausted.md"
edited="$MIRROR/confluence/OPS/Runbooks/Runbook- queue lag.md"
foreign="$MIRROR/confluence/OPS/notes of mine.txt"
rm "$lost"
echo "my words" >>"$edited"
echo "mine" >"$foreign"

snapshot >"$BOX/files"
expect 3 maintenance --dry-run
out_has "missing-files: "
out_has "changed-files: "
out_has "foreign-files: "
expect 3 maintenance check --json
json .schema cs.maintenance/1
json .dry_run true
json '[.findings[] | select(.check == "missing-files")] | length' 1
json '[.findings[] | select(.fixed)] | length' 0
snapshot | cmp -s - "$BOX/files" || fail "a dry run changed something"

expect 0 maintenance # a local edit is a note
[ -f "$lost" ] || fail "the lost file is not back"
file_has "$edited" "my words"
file_has "$foreign" "mine"

rm "$foreign"
cp "$lost" "$BOX/lost"
sed -i '/^my words$/d' "$edited"
contents | diff "$BOX/before" - || fail "the mirror is not as it was"
expect 0 maintenance
expect 0 maintenance missing-files --dry-run
expect 2 maintenance nosuchtask

# A link in place of a space's folder is not ours to follow: the space moves.
elsewhere=$BOX/elsewhere
mv "$MIRROR/confluence/OPS" "$elsewhere"
ln -s "$elsewhere" "$MIRROR/confluence/OPS"
find "$elsewhere" -printf '%p %i %T@ %C@\n' | sort >"$BOX/elsewhere.before"
expect 0 maintenance
expect 0 maintenance missing-files
out_has "nothing to do"
[ -f "$MIRROR/confluence/OPS ("*")/Runbooks.md" ] ||
    fail "the space has no folder"
find "$elsewhere" -printf '%p %i %T@ %C@\n' | sort |
    diff "$BOX/elsewhere.before" - || fail "written through a link"

# Without a lock file a dry run leaves no trace either.
rm "$MIRROR/.cs/lock"
find "$MIRROR/.cs" -printf '%p %s %i %T@ %C@\n' | sort >"$BOX/files"
expect 0 maintenance --dry-run
find "$MIRROR/.cs" -printf '%p %s %i %T@ %C@\n' | sort |
    diff "$BOX/files" - || fail "a dry run left a trace"

# Who may not write there can read all the same (root may always write).
chmod -R u-w "$MIRROR"
expect 0 search pool
expect 0 status
expect 0 maintenance check
chmod -R u+w "$MIRROR"

# The lock is signed, but not through a link.
echo precious >"$BOX/precious"
ln -s "$BOX/precious" "$MIRROR/.cs/lock"
expect 74 maintenance
err_has "symbolic link"
file_has "$BOX/precious" precious

finish
