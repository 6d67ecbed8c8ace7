#!/usr/bin/env bash
# search.sh - every text that a search or its printing makes runs out of memory
# once, form by form: the answer is the same, or there is none and a word why.
#
#     search.sh CS FAKE SITE
#
# CS is built with fault points.
# shellcheck source-path=SCRIPTDIR/../cli source=lib.sh
here=$(dirname "$0")
. "$here/../cli/lib.sh" "$1" "$2" "$3"

# What differs from run to run: times, and where a failure was made.
answer() {
    sed -E 's/"(elapsed_ms|took_us)":[0-9.]+//g' "$BOX/out"
}

# fail_each COMMAND... - fail the first point, the second, until there is none.
fail_each() {
    local point
    expect 0 "$@"
    answer >"$BOX/want"
    for ((point = 1; ; point++)); do
        cs_env CS_FAULT_TRACE=1 "CS_FAULT=realloc:$point:fail" -- "$@"
        grep -q '\[0x' "$BOX/err" || break
        POINTS=$((POINTS + 1))
        if [ "$STATUS" = 0 ]; then
            answer | cmp -s - "$BOX/want" ||
                fail "realloc:$point:fail: cs $*: a part is missing"
        else
            check_status 74 "realloc:$point:fail: cs $*"
        fi
    done
    [ "$point" -gt 10 ] || fail "cs $*: no points; is it built with them?"
}

start_fake
use_server
expect 0 sync
POINTS=0
fail_each search --color=always connection pool
fail_each search conection pool
fail_each search --json --facets=all pool
fail_each search --ndjson --limit 2 'restart OR pool'
fail_each search --facets=all connection
fail_each search --ids -e 'p..l'
fail_each search --sort updated --limit 3 --urls label:runbook
fail_each search '--format={title|upper}: {snippet|json} {labels|url}' pool
fail_each sql 'SELECT title, path FROM document LIMIT 9'
fail_each sql --json 'SELECT title, path FROM document LIMIT 9'
echo "$POINTS failures"

# With no memory left at all there is still a word why.
for point in 1 20 100 400; do
    cs_env "CS_FAULT=alloc:$point+:fail" -- search pool
    check_status 74 "alloc:$point+:fail: cs search"
done
finish
