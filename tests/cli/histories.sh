#!/usr/bin/env bash
# histories.sh CS FAKE SITE [HISTORIES] [SEED] [FLAVOUR] - random histories of
# the sample server, with syncs at random moments and random faults. FLAVOUR is
# cloud, the default, or datacenter.
#
# A history is 50 changes of all sorts (edits, retitles, moves, swaps, trash,
# archive, labels, comments, files, restrictions, people) in five rounds, each
# with a sync, in most of them under faults. At its end:
#
#   one sync          what the listings show is there: id, title, space, type,
#                     status, version
#   two full syncs    the labels too, and the mirror is what a new one would
#                     be, byte for byte
#
# A failing history leaves its number: run it again with 1 NUMBER.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/truth.sh"

histories=${4:-3}
seed=${5:-1}
flavour=${6:-cloud}
keep=$MIRROR

configure() {
    mkdir -p "$HOME_DIR/.config/context-sync"
    cat >"$HOME_DIR/.config/context-sync/config" <<'CONFIG'
attachments = all
deletion_brake = {"100 %", 100000}
restrictions = yes
CONFIG
}

# files ROOT - the names of all files of a mirror.
files() {
    (cd "$1/confluence" && find . -type f ! -name .sync_state | sort)
}

# same_files NEW OLD - the mirrors are the same. One thing excuses a difference:
# a link by a title that has changed since, or that another page has now, leads
# to its page in the mirror that saw it change, and a new mirror cannot know it.
# The same holds for what a page includes by its title.
same_files() {
    local file
    curl -sS "http://127.0.0.1:$PORT/_control/truth" | jq -r '.content[]
        | select((.body // "") | test("ac:name=\"(excerpt-)?include\""))
        | "id: \"\(.id)\""' >"$BOX/includers"
    files "$1" >"$BOX/want"
    files "$2" >"$BOX/got"
    compare "$BOX/want" "$BOX/got" "after two full syncs, names of files"
    while IFS= read -r file; do
        diff "$1/confluence/$file" "$2/confluence/$file" >"$BOX/out" ||
            awk '/^[0-9]/ { bad += hunk && !excused; hunk = 1; excused = 0 }
                /^< .*(\]\(|\(macro |\/wiki\/display\/)/ { excused = 1 }
                END { exit bad + !excused > 0 }' "$BOX/out" ||
            head -n 2 "$1/confluence/$file" | grep -qxFf "$BOX/includers" ||
            fail "history $number: $file is not as in a new mirror"
    done <"$BOX/want"
    ok
}

# A sync under faults may be cut short, but never ends in a mess.
sync_somehow() {
    cs sync "$@"
    case $STATUS in
    0 | 3 | 75) ;;
    *) fail "history $number: cs sync $*: exit status $STATUS" ;;
    esac
}

sync_well() {
    cs sync "$@"
    [ "$STATUS" = 0 ] || fail "history $number: quiet: cs sync $*: $STATUS"
}

compare() { # WANT GOT WHAT
    diff "$1" "$2" >"$BOX/out" ||
        fail "history $number: $3 (< wanted)"
    ok
}

history() {
    local number=$1 round space missing
    RANDOM=$number
    start_fake --flavour "$flavour"
    [ "$flavour" = cloud ] || URL=http://127.0.0.1:$PORT/confluence
    use_server
    VARIABLES+=("CONFLUENCE_SPACE_KEYS=ENG,OPS,~demo")
    sync_well
    for round in 1 2 3 4 5; do
        control random "{\"seed\":$((number * 10 + round)),\"count\":10}" \
            >"$BOX/changes.$round"
        if [ $((RANDOM % 4)) != 0 ]; then
            control random-faults "{\"seed\":$((number * 10 + round)),
                \"count\":2,\"kinds\":[\"500\",\"502\",\"reset\",
                \"truncate\",\"cut-chunked\",\"401\",\"404\"]}" >/dev/null
        fi
        [ $((RANDOM % 5)) = 0 ] || sync_somehow_or_refused
    done
    # Documents of a space that cannot be seen are kept as they were.
    control clear-faults '{}' >/dev/null
    for space in ENG OPS "~demo"; do
        control hide "{\"space\":\"$space\",\"hidden\":false}" >/dev/null
    done
    sync_somehow --json
    missing=$(jq '.sources[0].missing' "$BOX/out")
    truth "$flavour" | cut -d'|' -f1-6 >"$BOX/want"
    held | cut -d'|' -f1-6 >"$BOX/got"
    # What answered for the first time that it is not there is kept.
    cut -d'|' -f1 "$BOX/want" | grep -vxFf - <(cut -d'|' -f1 "$BOX/got") \
        >"$BOX/extra" || true
    same "$(wc -l <"$BOX/extra")" "$missing" "history $number: kept documents"
    grep -vE "^($(paste -sd'|' "$BOX/extra"))\\|" "$BOX/got" >"$BOX/held"
    compare "$BOX/want" "$BOX/held" "after one sync, what listings show"
    sync_somehow --full
    sync_well --full
    truth "$flavour" >"$BOX/want"
    held >"$BOX/got"
    compare "$BOX/want" "$BOX/got" "after two full syncs, what the server has"
    MIRROR=$BOX/fresh
    use_server
    VARIABLES+=("CONFLUENCE_SPACE_KEYS=ENG,OPS,~demo")
    sync_well
    sync_well --full
    same_files "$BOX/fresh" "$keep"
    MIRROR=$keep
    cs maintenance check
    [ "$STATUS" = 0 ] || fail "history $number: maintenance check: $STATUS"
    stop_fake
    rm -rf "$MIRROR" "$BOX/fresh"
}

# A 401 ends a run, and the next one begins as if nothing had been.
sync_somehow_or_refused() {
    cs sync
    case $STATUS in
    0 | 3 | 75 | 77 | 78) ;;
    *) fail "history $number: cs sync: exit status $STATUS" ;;
    esac
}

configure
for ((i = 0; i < histories; i++)); do
    history $((seed + i))
done
finish
