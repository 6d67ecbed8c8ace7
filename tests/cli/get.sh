#!/usr/bin/env bash
# get.sh - cs get gives the bytes of the file: whole, by lines, by heading, and
# where a hit says that it stands.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

start_fake
use_server
expect 0 sync

# The lines FROM to TO of a file.
lines() {
    sed -n "$2,$3p" "$1"
}

# --- Every page: all of it, pieces of it, each of its sections.
expect 0 search --ids -n 1000 type:page,blogpost
cp "$BOX/out" "$BOX/ids"
[ "$(wc -l <"$BOX/ids")" -gt 30 ] || fail "few pages"
while read -r id; do
    expect 0 get --json "$id"
    cp "$BOX/out" "$BOX/page"
    path=$(jq -r .path "$BOX/page")
    first=$(jq -r '.lines[0]' "$BOX/page")
    last=$(jq -r '.lines[1]' "$BOX/page")
    expect 0 get "$id"
    lines "$path" "$first" "$last" | cmp -s - "$BOX/out" || fail "text of $id"
    jq -j .markdown "$BOX/page" | cmp -s - "$BOX/out" || fail "JSON of $id"
    for from in "$first" $(((first + last) / 2)) "$last"; do
        to=$((from + 2 < last ? from + 2 : last))
        if [ "$from" -lt "$first" ] || [ "$from" -gt "$to" ]; then
            continue # a page without text
        fi
        expect 0 get "$id:$from-$to"
        lines "$path" "$from" "$to" | cmp -s - "$BOX/out" ||
            fail "lines $from to $to of $id"
    done
done <"$BOX/ids"

# --- Every hit of many searches: its lines hold its snippet, its heading the
# lines.
for query in retry 'connection pool' payment 'how do we review a design' \
    'getUserById' 'PAY-1042' '設計' 'label:runbook' '/pool_\w+/' 'code:select' \
    'title:release' 'conection' 'comment:budget' 'Münster' 'a OR b'; do
    cs search --json -n 6 "$query"
    cp "$BOX/out" "$BOX/answer"
    jq -c '.hits[] | select(.lines != null)' "$BOX/answer" >"$BOX/hits"
    while read -r hit; do
        id=$(jq -r .id <<<"$hit")
        from=$(jq -r '.lines[0]' <<<"$hit")
        to=$(jq -r '.lines[1]' <<<"$hit")
        line=$(jq -r .line <<<"$hit")
        if [ "$line" -lt "$from" ] || [ "$line" -gt "$to" ]; then
            fail "$id: line $line is not among $from-$to"
        fi
        expect 0 get "$id:$from-$to"
        lines "$(jq -r .path <<<"$hit")" "$from" "$to" |
            cmp -s - "$BOX/out" || fail "lines of a hit for $query: $id"
        # Markup is not shown, so words are what both have.
        jq -r .snippet <<<"$hit" | grep -oE '[[:alnum:]]{4,}' | sort -u \
            >"$BOX/shown" || true
        grep -oE '[[:alnum:]]{4,}' "$BOX/out" | sort -u >"$BOX/there" || true
        comm -23 "$BOX/shown" "$BOX/there" >"$BOX/strange"
        [ ! -s "$BOX/strange" ] ||
            fail "$id:$from-$to for $query has no $(tr '\n' ' ' <"$BOX/strange")"
        anchor=$(jq -r '.section.anchor // empty' <<<"$hit")
        if [ -n "$anchor" ]; then
            expect 0 get --json "$id#$anchor"
            [ "$(jq ".lines[0] <= $from and .lines[1] >= $to" "$BOX/out")" = \
                true ] || fail "$id#$anchor has not the lines $from-$to"
        fi
        ok
    done <"$BOX/hits"
done
finish
