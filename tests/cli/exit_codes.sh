#!/usr/bin/env bash
# exit_codes.sh - every exit status that `cs help exit-codes` lists is given by
# some command; 70 would be a mistake of ours.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
command -v flock >/dev/null || exit 77

# Functions code_N run commands that end with N.
code_0() {
    expect 0 search pool
    expect 0 maintenance
    expect 0 status
}

code_1() {
    local command
    expect 1 search nosuchwordanywhere
    for command in get open why similar; do
        expect 1 "$command" confluence:99999999
    done
}

code_2() {
    expect 2 nonsense
    expect 2 search --nonsense
}

code_3() {
    cs_env CONFLUENCE_SPACE_KEYS=OPS,NOSUCH -- sync
    check_status 3 "sync of a known and an unknown space"
    sql "UPDATE source SET last_success = 1"
    expect 3 status
    expect 3 doctor
    rm "$MIRROR/confluence/OPS/Operations.md"
    expect 3 maintenance check
    expect 3 maintenance --dry-run
    expect 0 maintenance
    expect 0 sync
}

code_4() {
    local command
    for command in "search x" "get 1" "open 1" "similar 1" "why 1" status \
        maintenance "sql x" link; do
        # shellcheck disable=SC2086
        cs_env "CONTEXT_SYNC_DIR=$BOX/none" -- $command
        check_status 4 "$command without an index"
    done
}

code_5() {
    expect 5 search --schema-version 9 pool
}

code_6() {
    local version
    version=$(sql "PRAGMA user_version")
    sql "PRAGMA user_version = $((version + 1))"
    expect 6 search pool
    expect 6 sync
    sql "PRAGMA user_version = $version"
}

code_7() {
    exec 9>>"$MIRROR/.cs/lock"
    flock 9
    expect 7 sync
    expect 7 maintenance
    expect 0 search pool
    exec 9>&-
}

code_8() {
    mkdir -p "$BOX/damaged/.cs"
    echo "no database" >"$BOX/damaged/.cs/index.db"
    cs_env "CONTEXT_SYNC_DIR=$BOX/damaged" -- search pool
    check_status 8 "search in a damaged index"
}

code_74() {
    echo "in the way" >"$BOX/file"
    cs_env "CONTEXT_SYNC_DIR=$BOX/file/mirror" -- sync
    check_status 74 "sync below a file"
}

code_75() {
    cs_env CONFLUENCE_BASE_URL=https://nosuchhost.invalid/wiki \
        "CONTEXT_SYNC_DIR=$BOX/elsewhere" -- sync
    check_status 75 "sync with an unknown host"
}

code_77() {
    cs_env CONFLUENCE_API_TOKEN=wrong -- sync
    check_status 77 "sync with a wrong token"
}

code_78() {
    cs_env CONFLUENCE_BASE_URL= -- sync
    check_status 78 "sync of nothing"
    # Another site is not taken for the one that the mirror is of.
    cs_env CONFLUENCE_BASE_URL=https://acme.atlassian.net/wiki -- sync
    check_status 78 "sync of another site"
}

code_130() {
    control fault '{"kind":"hang","path":"/wiki","skip":1,"count":-1}' >/dev/null
    begin_sync
    kill -INT "$SYNC"
    STATUS=0
    wait "$SYNC" || STATUS=$?
    check_status 130 "an interrupted sync"
    control clear-faults '' >/dev/null
}

start_fake
use_server
expect 0 sync
expect 0 help exit-codes
grep -oE '^ +[0-9]+' "$BOX/out" | tr -d ' ' >"$BOX/codes"
[ "$(wc -l <"$BOX/codes")" -ge 10 ] || fail "no exit status is listed"
while read -r code; do
    [ "$code" != 70 ] || continue
    declare -F "code_$code" >/dev/null ||
        fail "no command is known that ends with $code"
    "code_$code"
done <"$BOX/codes"

# Several sources: 3 when one came through, else the first of 77, 78, 74, 75.
cat >"$BOX/config" <<END
source confluence { base_url = "$URL" username = "demo@example.com"
    api_token = "demo-token" }
source away { type = confluence base_url = "https://nosuchhost.invalid/wiki"
    username = "x" api_token = "xxxx" }
source refused { type = confluence base_url = "$URL" username = "x"
    api_token = "wrong" }
END
chmod 600 "$BOX/config"
VARIABLES=("CONTEXT_SYNC_DIR=$BOX/several")
expect 3 --config "$BOX/config" sync
expect 75 --config "$BOX/config" sync away
expect 77 --config "$BOX/config" sync away refused

finish
