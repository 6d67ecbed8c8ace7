#!/usr/bin/env bash
# reconvert.sh - all texts made anew from the stored sources, without a network.
. "$(dirname "$0")/lib.sh" "$@"

start_fake
use_server
expect 0 sync
contents >"$BOX/before"
stop_fake

# The same converter makes the same files.
expect 0 maintenance reconvert
out_has "0 files changed, 0 failed"
contents | diff "$BOX/before" - || fail "reconvert changed a file"
ok

# A site that moved: links that lead there come out different.
sql "UPDATE source SET base_url = 'https://moved.example'"
snapshot >"$BOX/snapshot"
expect 0 maintenance reconvert --dry-run
out_has "would change: ENG/Engineering.md"
snapshot | diff "$BOX/snapshot" - || fail "a dry run touched a file"
ok
expect 0 maintenance reconvert --json
json .schema cs.maintenance/1
json .failed 0
json '.changed > 0' true
file_has "$MIRROR/confluence/ENG/Engineering.md" "https://moved.example/"
expect 0 maintenance reconvert
out_has "0 files changed, 0 failed"
expect 0 maintenance --dry-run

# What cannot be converted stays as it is, and it is told why.
contents >"$BOX/before"
sql "UPDATE source SET type = 'wiki'"
expect 3 maintenance reconvert
out_has "0 converted, 0 files changed, "
err_has " texts could not be converted; they stay as they were, the warnings say why"
err_has 'warning: document 65601: there is no connector "wiki" to convert it'
contents | diff "$BOX/before" - || fail "a failure changed a file"
sql "UPDATE source SET type = 'confluence'"

# How well it went, summed up.
expect 0 status --conversion
out_has "documents"
expect 0 status --conversion --json
json .schema cs.status/1
json '.conversion | type' array

# What makes no sense.
expect 2 maintenance reconvert intents
finish
