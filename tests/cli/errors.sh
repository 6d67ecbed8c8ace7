#!/usr/bin/env bash
# errors.sh - whatever goes wrong: its own exit status, and one line that says
# what happened and what to do.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# Before anything is configured.
expect 78 sync
err_has "CONFLUENCE_BASE_URL"
VARIABLES=("CONFLUENCE_BASE_URL=https://acme.atlassian.net/wiki")
expect 78 sync
err_has "api_token"
VARIABLES=()

# The command line.
expect 2 sync --frobnicate
expect 2 search --limt 5 x
err_has "did you mean --limit?"
expect 2 search --limit 0 x
expect 2 search --limit
expect 2 serach x
err_has "did you mean cs search?"
expect 2 search
expect 2 get
expect 2 search -Z x
expect 2 help nosuch
expect 0 search --help
[ "$(wc -l <"$BOX/out")" -le 24 ] || fail "the help is longer than a screen"

# The configuration.
mkdir -p "$HOME_DIR/.config/context-sync"
config=$HOME_DIR/.config/context-sync/config
printf 'jobs = 4\nmax_rsp = 3\n' >"$config"
expect 78 sync
err_has "config:2: unknown key \"max_rsp\"; did you mean max_rps?"
printf 'source confluence { api_token = "abcdef" }\n' >"$config"
chmod 644 "$config"
expect 78 sync
err_has "run: chmod 600 $config"
printf 'source wiki {\ntype = jira\nbase_url = "https://acme.example"\n%s\n}\n' \
    'api_token = "abcdef"' >"$config"
chmod 600 "$config"
expect 78 sync
err_has 'source wiki: there is no connector "jira"; set type = confluence'
rm "$config"
expect 78 --config /nonexistent sync

# No index yet.
VARIABLES=("CONTEXT_SYNC_DIR=$MIRROR")
expect 4 search anything
err_has "run cs setup first"
cs_env CONFLUENCE_BASE_URL=https://acme.atlassian.net/wiki -- search anything
check_status 4 "search before the first sync"
err_has "run cs sync first"
expect 4 status
expect 4 get 1

start_fake
use_server

# What must be there is not: no answer to a search.
for skip in 0 1 2 3; do
    control fault "{\"path\":\"/wiki/api/v2/spaces\",\"kind\":\"status\",
        \"status\":404,\"count\":-1,\"skip\":$skip}" >/dev/null
    cs sync
    case $STATUS in
    3 | 75 | 78) ok ;;
    *) fail "spaces are not found after $skip answers: exit status $STATUS" ;;
    esac
    control clear-faults '{}' >/dev/null
done

# The credential.
cs_env CONFLUENCE_API_TOKEN=wrong-secret -- sync
check_status 77 "sync with a wrong token"
err_lacks "wrong-secret"
control fault '{"path":"/wiki","kind":"login","count":100}' >/dev/null
expect 77 sync
err_has "login"
control clear-faults '' >/dev/null

# The address.
cs_env CONFLUENCE_BASE_URL=https://nosuchhost.invalid/wiki -- sync
check_status 75 "sync with an unknown host"
err_has "nosuchhost.invalid"
cs_env CONFLUENCE_BASE_URL=ftp://example.com -- sync
check_status 78 "sync over ftp"
cs_env CONFLUENCE_BASE_URL=http://example.com/wiki -- sync
check_status 78 "sync over plain http"

# A space that is not there.
cs_env CONFLUENCE_SPACE_KEYS=NOSUCH -- sync
check_status 78 "sync of an unknown space"
err_has "NOSUCH"
cs_env CONFLUENCE_SPACE_KEYS=OPS,NOSUCH -- sync
check_status 3 "sync of a known and an unknown space"
expect 2 sync nosuchsource

# The disk. Root may write anywhere, so a file stands in the way.
echo "in the way" >"$BOX/file"
cs_env "CONTEXT_SYNC_DIR=$BOX/file/mirror" -- sync
check_status 74 "sync below a file"

# An external command is found on PATH.
mkdir "$BOX/bin"
printf '#!/bin/sh\necho "external $*"\nexit 5\n' >"$BOX/bin/cs-hello"
chmod +x "$BOX/bin/cs-hello"
cs_env "PATH=$BOX/bin:$PATH" -- hello there
same "$STATUS" 5 "status of an external command"
out_has "external there"

# Output that cannot be written, and a reader that has seen enough.
expect 0 sync
if [ -e /dev/full ]; then
    STATUS=0
    env -i "PATH=$PATH" "HOME=$HOME_DIR" "${VARIABLES[@]}" "$CS" status \
        >/dev/full 2>"$BOX/err" || STATUS=$?
    check_status 74 "status to a full disk"
fi
env -i "PATH=$PATH" "HOME=$HOME_DIR" "${VARIABLES[@]}" "$CS" search --limit 50 \
    the 2>"$BOX/err" | head -n 1 >/dev/null || fail "a closed pipe is no failure"

finish
