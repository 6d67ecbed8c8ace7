#!/usr/bin/env bash
# corpus.sh - a folder of real documents, served, synced and found again.
#
#     corpus.sh CS FAKE SITE PHRASES FOLDER
#
# Each *.xhtml in FOLDER becomes a page. All of them must be listed, stored,
# on disk and indexed, and each must be found by a phrase of its own.
here=$(dirname "$0")
. "$here/../cli/lib.sh" "$1" "$2" "$3"
phrases=$4
folder=$5

SERVE=(--pages "$folder")
start_fake
use_server
expect 0 sync --json
want=$(($(find "$folder" -maxdepth 1 -name '*.xhtml' | wc -l) + 1))
expect 0 status --json
json '.sources[0].listed' "$want"
json '.sources[0].stored' "$want"
json '.sources[0].indexed' "$want"
same "$(find "$MIRROR" -name '*.md' | wc -l)" "$want" "files"

# find_document NAME PHRASE - it must be among the hits.
find_document() {
    local query="\"$2\""
    [ -n "$2" ] || query="\"$1\""
    expect 0 search --json -n 100 --no-collapse "$query"
    jq -e --arg title "$1" 'any(.hits[]; .title == $title)' "$BOX/out" \
        >/dev/null || fail "$1 is not found by $query"
}

"$phrases" "$folder" >"$BOX/phrases"
same "$(wc -l <"$BOX/phrases")" "$((want - 1))" "phrases"
while IFS=$'\t' read -r name phrase; do
    find_document "$name" "$phrase"
done <"$BOX/phrases"
finish
