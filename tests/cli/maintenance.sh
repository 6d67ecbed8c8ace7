#!/usr/bin/env bash
# maintenance.sh - what is lost is written again, what is foreign is left alone,
# and a dry run changes nothing.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

start_fake
use_server
expect 0 sync
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

finish
