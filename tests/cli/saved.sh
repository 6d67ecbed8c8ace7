#!/usr/bin/env bash
# saved.sh - saved searches, and what is new since the last time.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

start_fake
use_server
state=$HOME_DIR/.local/state/context-sync/searches

# Saving, listing and forgetting need no index.
expect 0 search --saved
same "$(wc -c <"$BOX/out")" 0 "saved searches at the start"
expect 0 search --save pools connection pool --space OPS
expect 0 search --save either 'retry OR pool'
expect 0 search --save words -F 'connection pool'
expect 0 search --save regex -e 'po+l'
expect 0 search --save ops --space OPS --label runbook --sort title \
    --type page --since 2020-01-01 --author Jonas --source confluence
same "$(stat -c %a "$state")" 600 "mode of the file"
jq -e '.schema == "cs.searches/1"' "$state" >/dev/null || fail "its schema"
expect 0 search --saved
same "$(cut -f 1 "$BOX/out" | xargs)" "pools either words regex ops" names
out_has "$(printf 'pools\tconnection pool --space OPS')"
out_has "--label runbook"
expect 0 search --saved --json
json .schema cs.searches/1
json '.searches | length' 5
json '.searches[0].spaces[0]' OPS
json '.searches[3].regex' true
expect 2 search --save 'a b' pool
expect 2 search --save nothing
expect 2 search --save x --sort nope pool

expect 0 sync

# The same as typed, alone and with more.
expect 0 search -l connection pool --space OPS
cp "$BOX/out" "$BOX/typed"
expect 0 search -l @pools
cmp -s "$BOX/out" "$BOX/typed" || fail "@pools is something else"
expect 0 search -l '(retry OR pool) budget'
cp "$BOX/out" "$BOX/typed"
expect 0 search -l @either budget
cmp -s "$BOX/out" "$BOX/typed" || fail "@either budget is something else"
expect 0 search -l @words
expect 0 search -l @regex
expect 2 search @regex budget
expect 0 search --json @ops
json '[.hits[].space] | unique | join(" ")' OPS
json '[.hits[].labels | index("runbook") != null] | all' true
# A filter that is given again replaces the one that was saved.
expect 0 search --json @pools --space ENG
json '[.hits[].space] | unique | join(" ")' ENG
# What was never saved is text.
expect 0 search --ok-empty @Override pool

# --since-last: all, then nothing, then what changed.
expect 0 search -l @either --since-last
all=$(wc -l <"$BOX/out")
[ "$all" -ge 5 ] || fail "only $all at first"
expect 1 search -l @either --since-last
expect 0 search -l --ok-empty @either --since-last
expect 0 search -l @either
control edit '{"id":"70021","body":"<p>A new pool was dug.</p>"}' >/dev/null
control edit '{"id":"70031","body":"<p>Nothing of that.</p>"}' >/dev/null
expect 0 sync
# Another run of another search moves nothing.
expect 0 search -l @words --since-last
expect 0 search -l @either --since-last
same "$(cat "$BOX/out")" confluence:70021 "what is new"
expect 1 search -l @either --since-last
# What was not shown, or could not be written, is new again.
control edit '{"id":"70021","body":"<p>A pool.</p>"}' >/dev/null
control edit '{"id":"70011","body":"<p>A pool.</p>"}' >/dev/null
expect 0 sync
expect 0 search -n 1 -l @either --since-last
err_has "not all that is new"
env -i "PATH=$PATH" "HOME=$HOME_DIR" "${VARIABLES[@]}" "$CS" search -l \
    @either --since-last >/dev/full 2>/dev/null && fail "written to a full disk"
expect 0 search -l @either --since-last
same "$(sort "$BOX/out" | xargs)" "confluence:70011 confluence:70021" \
    "what is new after all"
expect 1 search -l @either --since-last
# Another mirror has marks of its own, and an index built anew none.
expect 2 search --since-last pool
expect 2 search @nosuch --since-last
expect 2 search @eithr --since-last
err_has "did you mean @either"
cp -r "$MIRROR" "$BOX/other"
cs_env "CONTEXT_SYNC_DIR=$BOX/other" -- search -l @either --since-last
check_status 0 "another mirror"
jq '.searches[].seen |= (. // {} | map_values(. + 1000000))' "$state" \
    >"$BOX/searches"
cp "$BOX/searches" "$state"
expect 0 search -l @either --since-last
err_has "built anew"
expect 1 search -l @either --since-last

# No query is kept but those that were saved.
expect 0 search exhausted
! grep -rq exhausted "$HOME_DIR" || fail "a query was kept"

expect 0 search --forget pools
expect 1 search --forget pools
expect 0 search --forget @words
expect 0 search --saved
same "$(cut -f 1 "$BOX/out" | xargs)" "either regex ops" "names that are left"

# Two at once lose nothing.
for i in 1 2 3 4 5 6 7 8; do
    env -i "PATH=$PATH" "HOME=$HOME_DIR" "$CS" search --save "n$i" pool &
done
wait $(jobs -p | grep -vx "$SERVER")
expect 0 search --saved
same "$(grep -c '^n[1-8]' "$BOX/out")" 8 "searches saved at once"

# A damaged file is told, and not written over.
echo '{' >"$state"
expect 74 search --saved
err_has "$state"
expect 74 search --save again pool
same "$(cat "$state")" '{' "the damaged file"
expect 0 search pool
cs_env "XDG_STATE_HOME=$BOX/elsewhere" -- search --save here pool
check_status 0 "another state folder"
[ -s "$BOX/elsewhere/context-sync/searches" ] || fail "not in XDG_STATE_HOME"

finish
