#!/usr/bin/env bash
# foreign.sh - files, folders and links that others put everywhere in the mirror
# are found untouched after every command; local edits are kept.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

C=$MIRROR/confluence
OPS=$C/OPS
ALL=()

# mine PATH... - from now on these are watched.
mine() {
    ALL+=("$@")
}

# Name, kind, size, inode, mode, time of change, target; contents.
watched() {
    find "${ALL[@]}" -printf '%p %y %s %i %m %T@ %l\n' | sort
    find "${ALL[@]}" -type f -print0 | sort -z | xargs -0 sha256sum
}

# run ARG... - whatever comes of it, nothing that is watched has changed.
run() {
    watched >"$BOX/before"
    cs "$@"
    case $STATUS in
    0 | 1 | 3) ;;
    *) fail "cs $*: exit status $STATUS" ;;
    esac
    watched | diff "$BOX/before" - >&2 || fail "cs $* touched a foreign file"
    ok
}

every_command() {
    run sync
    run sync --full
    run status
    run search pool
    run get 70014
    run maintenance --dry-run
    run maintenance
    run maintenance reconvert
    run maintenance optimize
    run maintenance reindex
    run maintenance links
    run maintenance stale
    run maintenance prune-spaces
}

put() {
    mkdir -p "$(dirname "$1")"
    printf '%s\n' "$2" >"$1"
    mine "$1"
}

start_fake
use_server

# Before there is a mirror: what an earlier tool left, at paths that are wanted,
# and in the way of folders that are wanted.
outside=$BOX/outside
mkdir -p "$outside"
put "$outside/secret.md" "not yours"
put "$OPS/Operations.md" "# Operations, by an earlier tool"
put "$OPS/Runbooks" "a file where a folder of children is wanted"
put "$C/notes.txt" "mine"
# Front matter as ours has it, of another page, another source, another text.
claim=$'---\nid: "%s"\nsource: "%s"\n---\n\nmine'
# shellcheck disable=SC2059
put "$OPS/On-call handbook.md" "$(printf -- "$claim" 99 confluence)"
# shellcheck disable=SC2059
put "$C/ENG/Engineering.md" "$(printf -- "$claim" 65600 jira)"
# shellcheck disable=SC2059
put "$OPS/my copy.md" "$(printf -- "$claim" 70010 confluence)"
put "$C/OTHER/page.md" "# another space"
ln -s "$outside/secret.md" "$OPS/Vendors.md"
ln -s "$outside" "$C/archive"
ln -s nowhere "$OPS/dangling.md"
ln -s loop "$OPS/loop"
mine "$OPS/Vendors.md" "$C/archive" "$OPS/dangling.md" "$OPS/loop"
mkdir -p "$C/.git/objects" "$OPS/empty"
put "$C/.git/HEAD" "ref: refs/heads/main"
put "$C/.stage/mine.txt" "in the stage"
put "$C/.stage/deep/12.md" "in the stage, deeper"
put "$MIRROR/.cs/mine.txt" "in the folder of the index"
put "$MIRROR/README.md" "# my mirror"
put "$MIRROR/logs/notes.log" "mine"
put "$OPS/Runbooks.assets/mine.png" "in a folder of attachments"
mine "$C/.git" "$OPS/empty"
mkfifo "$OPS/pipe"
mine "$OPS/pipe"

run sync
[ -f "$OPS/Operations (70001).md" ] || fail "the page did not give way"
every_command
cs maintenance check --json
json '[.findings[] | select(.severity == "problem")] | length' 0
json '[.findings[] | select(.path == "confluence/notes.txt")] | length' 1

# Local edits: kept in place, or aside when the page changes, never indexed.
edited="$C/ENG/Engineering (65600).md"
echo "frobnicate by hand" >>"$edited"
run sync
run maintenance
file_has "$edited" "frobnicate by hand"
expect 1 search frobnicate

# The site moves on: texts, names, places, spaces, deletions; among the files
# in the way are some at names to come.
put "$C/ENG/Payments.md" "at a name to come"
put "$C/ENG/Payments/mine.md" "in a folder to come"
put "$C/ENG/Services/mine.md" "beside pages"
control edit '{"id":65601,"title":"Payments"}' >/dev/null
run sync
control move '{"id":70014,"parent":70001}' >/dev/null
run sync
control edit '{"id":65602,"append":"<p>More.</p>"}' >/dev/null
control edit '{"id":65600,"append":"<p>New words.</p>"}' >/dev/null
run sync
control delete '{"id":70013}' >/dev/null
control move '{"id":70014,"space":"ENG"}' >/dev/null
run sync --full
control swap '{"a":65605,"b":65606}' >/dev/null
run sync --full
every_command
grep -rqF "frobnicate by hand" "$C" || fail "a local edit is gone"
expect 1 search frobnicate
run maintenance purge 65602
run sync --full
run maintenance recover
run sync
run maintenance
grep -rqF "frobnicate by hand" "$C" || fail "a local edit is gone"

# Spaces go, foreign files stay where they were.
VARIABLES+=("CONFLUENCE_SPACE_KEYS=ENG")
run sync
run maintenance prune-spaces
every_command
[ -e "$OPS/Operations.md" ] || fail "the folder of a foreign file is gone"

finish
