# shellcheck shell=bash
# lib.sh - sandbox, sample server and assertions for tests of the real binary.
#
# A test sources it as:  . "$(dirname "$0")/lib.sh" CS FAKE SITE
# Every test has a home folder and a mirror of its own and an empty
# environment, and leaves no process behind. The first failure ends it.
set -euo pipefail

CS=$1
FAKE=$2
SITE=$3

BOX=$(mktemp -d "${TMPDIR:-/tmp}/cs-test.XXXXXX")
HOME_DIR=$BOX/home
MIRROR=$BOX/mirror
mkdir "$HOME_DIR"
SERVER=
CHECKS=0

clean_up() {
    stop_fake
    chmod -R u+rwX "$BOX" 2>/dev/null || true
    rm -rf "$BOX"
}
trap clean_up EXIT

fail() {
    printf 'FAIL: %s\n' "$*" >&2
    [ ! -s "$BOX/out" ] || sed 's/^/  out: /' "$BOX/out" | head -n 40 >&2
    [ ! -s "$BOX/err" ] || sed 's/^/  err: /' "$BOX/err" | head -n 40 >&2
    exit 1
}

ok() {
    CHECKS=$((CHECKS + 1))
}

# What the sample server serves; a test may say something else.
SERVE=(--site "$SITE")

# start_fake [OPTION...] - serve it on a free port; sets PORT and URL.
start_fake() {
    local tries=0
    rm -f "$BOX/port"
    "$FAKE" "${SERVE[@]}" --quiet --port-file "$BOX/port" \
        --access-log "$BOX/access" "$@" </dev/null &
    SERVER=$!
    until [ -s "$BOX/port" ]; do
        tries=$((tries + 1))
        if [ "$tries" -gt 200 ] || ! kill -0 "$SERVER" 2>/dev/null; then
            fail "the fake server did not start"
        fi
        sleep 0.05
    done
    PORT=$(cat "$BOX/port")
    URL=http://127.0.0.1:$PORT/wiki
}

stop_fake() {
    if [ -n "$SERVER" ]; then
        kill "$SERVER" 2>/dev/null || true
        wait "$SERVER" 2>/dev/null || true
    fi
    SERVER=
}

# control PATH JSON - drive the server; prints its answer.
control() {
    curl -sS --fail-with-body --max-time 20 -X POST \
        -H 'Content-Type: application/json' -d "$2" \
        "http://127.0.0.1:$PORT/_control/$1"
}

# The environment of a user who configured the sample server.
VARIABLES=()
use_server() {
    VARIABLES=("CONFLUENCE_BASE_URL=$URL"
        CONFLUENCE_USERNAME=demo@example.com
        CONFLUENCE_API_TOKEN=demo-token
        "CONTEXT_SYNC_DIR=$MIRROR")
}

# exec_cs ARG... - become the program in that environment: to be called in a
# subshell or behind "&", whose pid is then the program's.
EXTRA=()
exec_cs() {
    exec env -i "PATH=$PATH" "HOME=$HOME_DIR" LC_ALL=C.UTF-8 \
        "XDG_RUNTIME_DIR=$BOX" \
        ${SANITIZER_ENV[@]+"${SANITIZER_ENV[@]}"} \
        ${VARIABLES[@]+"${VARIABLES[@]}"} ${EXTRA[@]+"${EXTRA[@]}"} \
        "$CS" "$@" </dev/null
}

# cs_env [NAME=VALUE...] - run a command line of cs: "cs_env A=b -- sync". The
# output goes to $BOX/out and $BOX/err, the exit status to STATUS.
cs_env() {
    local EXTRA=()
    while [ "$1" != -- ]; do
        EXTRA+=("$1")
        shift
    done
    shift
    STATUS=0
    (exec_cs "$@") >"$BOX/out" 2>"$BOX/err" || STATUS=$?
    [ -z "${CS_TRANSCRIPT:-}" ] || note "$@" >>"$CS_TRANSCRIPT"
}

# What the program said to people, for whoever wants to read all of it at once:
# CS_TRANSCRIPT=FILE ctest -L cli.
note() {
    [ ! -s "$BOX/err" ] || {
        printf '$ cs'
        printf ' %q' "$@"
        printf '    (%s)\n' "$STATUS"
        sed "s|$BOX|BOX|g; s|127.0.0.1:[0-9]*|SITE|g" "$BOX/err"
    }
}

cs() {
    cs_env -- "$@"
}

SANITIZER_ENV=()
for name in ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS CS_FAULT; do
    [ -z "${!name:-}" ] || SANITIZER_ENV+=("$name=${!name}")
done

# begin_sync - start a sync in the background and wait until it asked the server
# for something; sets SYNC.
begin_sync() {
    : >"$BOX/access"
    env -i "PATH=$PATH" "HOME=$HOME_DIR" LC_ALL=C.UTF-8 "${VARIABLES[@]}" \
        ${SANITIZER_ENV[@]+"${SANITIZER_ENV[@]}"} "$CS" sync >"$BOX/out" \
        2>"$BOX/err" </dev/null &
    SYNC=$!
    local tries=0
    until [ -s "$BOX/access" ]; do
        tries=$((tries + 1))
        [ "$tries" -le 400 ] || fail "the sync asks nothing"
        sleep 0.05
    done
}

# expect STATUS ARG... - run cs and check its exit status; a failure must say
# so in exactly one line that begins with "cs: ", and a success in none.
expect() {
    local want=$1 lines
    shift
    cs "$@"
    check_status "$want" "cs $*"
}

check_status() {
    local want=$1 lines
    [ "$STATUS" = "$want" ] || fail "$2: exit status $STATUS, not $want"
    lines=$(grep -c '^cs: ' "$BOX/err" || true)
    if [ "$want" = 0 ]; then
        [ "$lines" = 0 ] || fail "$2: a message although it succeeded"
    else
        [ "$lines" = 1 ] || fail "$2: $lines lines that begin with cs:"
        grep -q '^cs: .*; ' "$BOX/err" || fail "$2: no word of what to do"
    fi
    ok
}

out_has() {
    grep -qF -- "$1" "$BOX/out" || fail "the output lacks: $1"
    ok
}

err_has() {
    grep -qF -- "$1" "$BOX/err" || fail "standard error lacks: $1"
    ok
}

err_lacks() {
    ! grep -qF -- "$1" "$BOX/err" || fail "standard error has: $1"
    ok
}

file_has() {
    grep -qF -- "$2" "$1" || fail "$1 lacks: $2"
    ok
}

# json FILTER WANT - apply a jq filter to the output.
json() {
    local got
    got=$(jq -r "$1" "$BOX/out") || fail "not JSON for the filter $1"
    [ "$got" = "$2" ] || fail "$1 is \"$got\", not \"$2\""
    ok
}

same() {
    [ "$1" = "$2" ] || fail "${3:-values}: \"$1\" is not \"$2\""
    ok
}

# Every file of the mirror but the log: name, size, inode, time of change.
snapshot() {
    (cd "$MIRROR" && find . -type f ! -path './logs/*' ! -path './.cs/*' \
        -printf '%p %s %i %T@ %C@\n' | sort)
}

# Name and content of every Markdown file.
contents() {
    (cd "$MIRROR" && find . -name '*.md' -type f -print0 | sort -z |
        xargs -0 sha256sum)
}

# sql [--leave-log] TEXT - run it on the index and print the rows; what is
# written by another program counts as damage.
sql() {
    local tool options=()
    tool=$(dirname "$FAKE")/../lib/cs-test-sql
    if [ "$1" = --leave-log ]; then
        options=("$1")
        shift
    fi
    "$tool" ${options[@]+"${options[@]}"} "$MIRROR/.cs/index.db" "$1" ||
        fail "sql: $1"
}

finish() {
    echo "$(basename "$0"): $CHECKS checks passed"
}
