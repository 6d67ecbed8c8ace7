#!/usr/bin/env bash
# sync_search.sh - the sample site: sync it, search it, read it, ask about it.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# A user who asks for everything by mistake is told what there is.
expect 0 help
out_has "cs setup && cs search"
expect 0 --version
out_has "SQLite"

start_fake
use_server

expect 0 sync
out_has "49 listed = 49 stored = 49 indexed"
runbook="$MIRROR/confluence/OPS/Runbooks/Runbook- connection pool exhausted.md"
[ -f "$runbook" ] || fail "no file for the runbook"
same "$(head -n 1 "$runbook")" "---" "first line of a file"
file_has "$runbook" 'id: "70011"'
same "$(find "$MIRROR" -name '*.md' | wc -l)" 49 "files"
same "$(stat -c %a "$runbook")" 600 "mode of a file"
same "$(find "$MIRROR/confluence/.stage" -type f 2>/dev/null | wc -l)" 0 \
    "files left in the stage"
jq -e . "$MIRROR/confluence/.sync_state" >/dev/null || fail "no .sync_state"
ls "$MIRROR"/logs/sync_*.log >/dev/null || fail "no log file"
! grep -rq demo-token "$MIRROR" || fail "the token is in the mirror"

# In a pipe a hit is one line of seven columns.
expect 0 search connection pool exhausted
same "$(head -n 1 "$BOX/out" | awk -F'\t' '{ print NF }')" 7 "columns"
same "$(head -n 1 "$BOX/out" | cut -f 1)" confluence:70011 "first hit"
expect 0 search --format '{path}' -n 1 connection pool exhausted
same "$(cat "$BOX/out")" "$runbook" "its path"

expect 0 search --json --limit 2 '"connection pool exhausted"' --space OPS
json .schema cs.search/1
json '.hits[0].id' confluence:70011
json '.hits[0].space' OPS
json '.hits | length' 2
json '.hits[0].matches | length > 0' true
line=$(jq -r '.hits[0].line' "$BOX/out")
sed -n "${line}p" "$runbook" | grep -qi pool || fail "line $line is not the hit"

expect 0 search getUserById
expect 0 search retry_budget
expect 0 search PAY-1042
expect 0 search 設計レビューの進め方
expect 0 search --type blogpost releases
json_type=$(cut -f 1 "$BOX/out" | head -n 1)
[ -n "$json_type" ] || fail "no blog post found"
expect 1 search zyzzyva
expect 1 search --json zyzzyva
json '.hits | length' 0
expect 1 search connection --space NOSUCH

# On a terminal: title, place, snippet, and a footer on standard error.
if command -v script >/dev/null; then
    env -i "PATH=$PATH" "HOME=$HOME_DIR" TERM=xterm "${VARIABLES[@]}" \
        ${SANITIZER_ENV[@]+"${SANITIZER_ENV[@]}"} \
        script -qec "'$CS' search pool --limit 1" /dev/null >"$BOX/out" \
        2>"$BOX/err" </dev/null || fail "search on a terminal"
    out_has "1 of "
    out_has $'\033[1;33m'
    ok
fi

# What stands in the file stands in the index.
expect 0 get confluence:70011
tail -n +"$(($(grep -n '^---$' "$runbook" | sed -n 2p | cut -d: -f 1) + 1))" \
    "$runbook" | sed '/./,$!d' >"$BOX/body"
sed '/./,$!d' "$BOX/out" | cmp -s - "$BOX/body" ||
    fail "get differs from the file"
expect 0 get 70011
expect 0 get "$runbook"
expect 0 get "$URL/spaces/OPS/pages/70011/Some+title"
expect 0 get 70011 --json
json .schema cs.get/1
json .title "Runbook: connection pool exhausted"
json '.labels | index("runbook") != null' true
expect 0 get "70011:$line"
same "$(wc -l <"$BOX/out")" 1 "lines of a range of one"
expect 1 get 1
expect 1 get 70011#nosuchheading

expect 0 status
out_has "49 listed = 49 stored = 49 indexed"
expect 0 status --json
json .schema cs.status/1
json '.sources[0].stored' 49
json '.sources[0].stale' false
json '.spaces | map(.key) | index("ENG") != null' true

# Another run has nothing to do.
expect 0 sync --json
json .schema cs.sync/1
json .outcome ok
json '.sources[0].written' 0

# Only one space, and a source by name.
expect 0 sync confluence --space OPS
expect 0 sync --quiet
same "$(wc -c <"$BOX/out")" 0 "output of sync --quiet"
same "$(wc -c <"$BOX/err")" 0 "messages of sync --quiet"

finish
