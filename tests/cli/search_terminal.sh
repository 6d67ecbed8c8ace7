#!/usr/bin/env bash
# search_terminal.sh - search, similar, open and sql as they look on a terminal.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
command -v script >/dev/null || exit 77
export LC_ALL=C.UTF-8 # lengths are characters

start_fake
use_server
expect 0 sync

# on_terminal COLUMNS [NAME=VALUE...] -- ARG... - run cs on a terminal that
# wide; what it shows goes to $BOX/out, without carriage returns.
on_terminal() {
    local columns=$1 settings=() command
    shift
    while [ "$1" != -- ]; do
        settings+=("$1")
        shift
    done
    shift
    command=$(printf '%q ' "$CS" "$@")
    STATUS=0
    env -i "PATH=$PATH" "HOME=$HOME_DIR" TERM=xterm LC_ALL=C.UTF-8 \
        "${VARIABLES[@]}" ${SANITIZER_ENV[@]+"${SANITIZER_ENV[@]}"} \
        ${settings[@]+"${settings[@]}"} \
        script -qec "stty cols $columns 2>/dev/null; $command" /dev/null \
        >"$BOX/raw" 2>"$BOX/err" <"${INPUT:-/dev/null}" || STATUS=$?
    tr -d '\r' <"$BOX/raw" >"$BOX/out"
    : >"$BOX/err"
}

plain() {
    sed -e 's/\x1b\[[0-9;]*m//g' -e 's/\x1b\]8;;[^\x1b]*\x1b\\//g' "$BOX/out"
}

# Colours, links, the footer; three lines a hit.
on_terminal 80 -- search connection pool exhausted
same "$STATUS" 0 "status on a terminal"
out_has $'\033[1m'
out_has $'\033[1;33mconnection\033[0m'
out_has $'\033]8;;http'
plain >"$BOX/text"
grep -qE '^  1 Runbook: connection pool exhausted  OPS.* ago  @Jonas Weber$' \
    "$BOX/text" || fail "the first line: $(head -n 1 "$BOX/text")"
grep -qE '^    (§ .* · )?L[0-9]+(-[0-9]+)?' "$BOX/text" || fail "no lines"
grep -qE '^[0-9]+ of [0-9]+ pages · [0-9.]+ ms · synced .* ago' "$BOX/text" ||
    fail "the footer: $(tail -n 1 "$BOX/text")"

# No line is wider than the terminal, whatever it is, and every hit is there.
for columns in 20 40 80 200; do
    on_terminal "$columns" -- search -n 20 pool
    plain | head -n -1 >"$BOX/text"
    while IFS= read -r line; do
        line=${line//[가-힣]/xx}
        [ "${#line}" -le "$columns" ] || fail "wider than $columns: $line"
    done <"$BOX/text"
    hits=$(grep -cE '^ *[0-9]+ ' "$BOX/text")
    [ "$hits" -ge 5 ] || fail "$hits hits in $columns columns"
    lines=$(grep -cvE '^(relaxed|corrected)' "$BOX/text")
    [ "$lines" -le $((3 * hits)) ] || fail "more than three lines a hit"
    ok
done

# Colour by wish.
on_terminal 80 NO_COLOR=1 -- search pool
! grep -q $'\033\[' "$BOX/out" || fail "colour with NO_COLOR"
on_terminal 80 -- --color=never search pool
! grep -q $'\033' "$BOX/out" || fail "escapes with --color=never"
on_terminal 80 NO_COLOR=1 -- search --color always pool
out_has $'\033[1;33m'
on_terminal 80 TERM=dumb -- search pool
! grep -q $'\033' "$BOX/out" || fail "escapes on a dumb terminal"
cs_env CLICOLOR_FORCE=1 -- search pool
! grep -q $'\033' "$BOX/out" || fail "colour in columns"
expect 0 search --color always pool
out_has $'\033[1;33m'

# Tiers and corrections.
on_terminal 80 -- search conection pool timeout blubb
out_has "showing results for connection"
out_has "relaxed"
out_has "lacks: "

# --explain.
on_terminal 80 -- search --explain -n 1 pool
out_has "understood as: "
out_has "proximity "

# The ids of that answer, and nothing else, are kept for open and similar.
state=$HOME_DIR/.local/state/context-sync
same "$(stat -c %a "$state/last")" 600 "mode of the list"
same "$(stat -c %a "$state")" 700 "mode of its folder"
! grep -q pool "$state/last" || fail "the query is kept"
on_terminal 80 -- search --sort title --space OPS
first=$(sed -n 3p "$state/last")
expect 0 open --print 1
cp "$BOX/out" "$BOX/url"
expect 0 get --json "$first"
json .url "$(cat "$BOX/url")"
expect 0 similar 1
! cut -f 1 "$BOX/out" | grep -qx "$first" || fail "a page is like itself"
expect 1 open 11
err_has "numbers are those"
# A pipe changes nothing of it.
cp "$state/last" "$BOX/last"
expect 0 search payment
cmp -s "$state/last" "$BOX/last" || fail "a pipe changed the list"
# Another mirror has other numbers.
cp -r "$MIRROR" "$BOX/other"
cs_env "CONTEXT_SYNC_DIR=$BOX/other" -- open --print 1
check_status 1 "a number of another mirror"

# Facets and SQL are tables.
on_terminal 80 -- search --facets space pool
plain | grep -qE '^space  (OPS|ENG) +[0-9]+$' || fail "no table of facets"
on_terminal 80 -- sql "SELECT id, title FROM document ORDER BY id LIMIT 2"
plain | head -n 1 | grep -qE '^id +title' || fail "no table of rows"
on_terminal 80 -- sql "SELECT * FROM document LIMIT 1"
plain | grep -qE '^title +' || fail "no record"
on_terminal 80 -- sql
plain | grep -q '^document ' || fail "no tables"

# The plain dialogue, where there is no fzf.
mkdir "$BOX/bin"
cat >"$BOX/bin/browser" <<'SH'
#!/bin/sh
echo "$1" >>"$BROWSED"
SH
chmod +x "$BOX/bin/browser"
INPUT=$BOX/input
printf 'pool\n1\nu 2\n99\n\n' >"$INPUT"
on_terminal 80 "BROWSER=$BOX/bin/browser" "BROWSED=$BOX/browsed" \
    "PATH=$(dirname "$(command -v stty)")" -- search -i exhausted
same "$STATUS" 0 "status of the dialogue"
out_has "number opens"
same "$(wc -l <"$BOX/browsed")" 1 "pages opened"
grep -q "^$URL" "$BOX/browsed" || fail "what was opened: $(cat "$BOX/browsed")"
grep -q "ends: $URL/" "$BOX/out" || fail "no URL was printed"

# fzf is asked to display, and what it prints is opened.
cat >"$BOX/bin/fzf" <<'SH'
#!/bin/sh
printf '%s\n' "$@" >"$FZF_ARGS"
sh -c "$FZF_DEFAULT_COMMAND" >"$FZF_LIST"
printf '%s\n' "$FZF_KEY"
tr '\0' '\n' <"$FZF_LIST" | head -n 2
exit "${FZF_EXIT:-0}"
SH
chmod +x "$BOX/bin/fzf"
unset INPUT
rm "$BOX/browsed"
fzf=("PATH=$BOX/bin:$PATH" "BROWSER=$BOX/bin/browser" "BROWSED=$BOX/browsed"
    "FZF_ARGS=$BOX/args" "FZF_LIST=$BOX/list")
on_terminal 80 "${fzf[@]}" FZF_KEY= -- search -i --space OPS "it's pool"
same "$STATUS" 0 "status with fzf"
grep -qx -- --disabled "$BOX/args" || fail "fzf sorts by itself"
grep -q "^change:reload:.*--space 'OPS'.*{q}" "$BOX/args" || fail "no reload"
grep -q "get {1}" "$BOX/args" || fail "no preview"
grep -qx "it's pool" "$BOX/args" || fail "fzf has no query"
tr '\0' '\n' <"$BOX/list" | cut -f 1 | grep -qx confluence:70011 ||
    fail "the first list: $(tr '\0' '\n' <"$BOX/list")"
same "$(wc -l <"$BOX/browsed")" 2 "pages opened from fzf"
on_terminal 80 "${fzf[@]}" FZF_KEY=ctrl-y -- search -i pool
same "$(grep -c "^$URL" "$BOX/out")" 2 "URLs printed"
same "$(wc -l <"$BOX/browsed")" 2 "pages opened with ctrl-y"
on_terminal 80 "${fzf[@]}" FZF_EXIT=130 FZF_KEY= -- search -i pool
same "$STATUS" 0 "status when it is left"
same "$(wc -l <"$BOX/browsed")" 2 "pages opened when it is left"
expect 2 search -i pool
err_has "needs a terminal"

finish
