# shellcheck shell=bash source-path=SCRIPTDIR/.. source=lib.sh
# unchanged.sh - what a sync costs that finds nothing new: requests, time, memory,
# files written; and those before and after it.
. "$(dirname "$0")/../lib.sh"

pages=$(size many)
rm -rf "${box:?}"/*

# What stands under the folders of the spaces, with its times.
look() {
    (cd "$mirror" && find confluence -mindepth 2 -type f -printf '%p %T@\n' |
        sort) >"$box/look"
}

# run NAME ARG... - one sync, and its line; sets asked, cpu, peak and written.
run() {
    local name=$1 before wall disk
    shift
    before=$(wc -l <"$box/access")
    cp "$box/look" "$box/look-before"
    rm -f "$box/took"
    measured "$box/took" "$cs" sync --quiet "$@"
    look
    asked=$(($(wc -l <"$box/access") - before))
    read -r wall cpu peak _ disk <"$box/took"
    peak=$((peak / 1024))
    written=$(comm -13 "$box/look-before" "$box/look" | wc -l)
    printf '%s\t%d\t%.1f s\t%.2f s\t%d MB\t%d\t%d KB\n' "$name" "$asked" \
        "$wall" "$cpu" "$peak" "$written" "$((disk * 1024 / 1000))" \
        >>"$box/runs"
}

# edit TEXT - append to the pages whose ids are read.
edit() {
    local id
    while read -r id; do
        curl -sS --fail -X POST -d "{\"id\":\"$id\",\"append\":\"$1\"}" \
            "$origin/_control/edit" >/dev/null
    done
}

count() {
    sqlite3 -batch "$mirror/.cs/index.db" "SELECT count(*) FROM $1"
}

# flavour NAME - first sync, nothing changed, complete listing, edits.
flavour() {
    local name=$1 spaces most n
    mirror=$box/mirror-$name
    mkdir -p "$mirror/confluence"
    serve --generate "$pages" --files 3 --comments 5 --flavour "$name"
    [ "$name" = cloud ] || url=$origin/confluence
    printf '%s\trequests\twall\tCPU\tpeak memory\tfiles written\tto disk\n' \
        "$name, $pages pages" >"$box/runs"
    look
    run "first"
    row "$name: first sync of $pages pages, peak memory, MB" "$peak" 64 \
        "$(calc "$peak / 64")" "<= 1"
    run "nothing changed"
    spaces=$(count container) most=$((4 * $(count container) + 6))
    row "$name: nothing changed, requests" "$asked" \
        "4 a space + 6: $most" "$(calc "$asked / $most")" "<= 1"
    row "$name: nothing changed, CPU s" "$cpu" 0.1 "$(calc "$cpu / 0.1")" "<= 1"
    row "$name: nothing changed, files written" "$written" 0 "$written" "<= 0"
    configure 'reconcile_interval = "1s"'
    sleep 1.1 # the clock is the subject here: the interval must have passed
    run "nothing changed, complete listing"
    rm "$box/.config/context-sync/config"
    row "$name: complete listing, requests" "$asked" \
        "pages / 250: $((pages / 250))" "$(calc "$asked / ($pages / 250)")" \
        "<= 1.1"
    sqlite3 -batch "$mirror/.cs/index.db" "SELECT vendor_id FROM document
        WHERE kind = 'page' AND id % 100 = 0" >"$box/edited"
    edit "<p>edited</p>" <"$box/edited"
    run "$(wc -l <"$box/edited") pages edited"
    for n in 1 2 3; do
        sed -n "${n}p" "$box/edited" |
            edit "<p>Number $n of the paragraphs about gateways.</p>"
        run "1 page edited"
    done
    say "Kinds of syncs; $spaces spaces, $(count attachment) attachments," \
        "comments on $(count comments) pages:"
    detail <"$box/runs"
}

flavour cloud
flavour datacenter
