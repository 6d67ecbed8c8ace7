#!/usr/bin/env bash
# damage.sh - one byte of a real index is changed at many places, one after the
# other. Whatever it hits: every command answers or ends with status 8 and a
# word of the way back, no file of the mirror is written wrongly, and the way
# back leads to a mirror that is as it should be.
#
#   CS_DAMAGE=500   how many places (default 40)
#   CS_SEED=7       which ones
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

PLACES=${CS_DAMAGE:-40}
SEED=${CS_SEED:-1}
DB=$MIRROR/.cs/index.db
edited=$MIRROR/confluence/OPS/Runbooks.md

# Files of the mirror without what tells of runs; copies kept aside are counted
# as the file that they are a copy of.
texts() {
    (cd "$MIRROR/confluence" && find . -name '*.md*' -type f -print0 |
        sort -z | xargs -0 sha256sum)
}

# try NAME ARG... - a command may answer, or say that the index is damaged.
try() {
    local name=$1
    shift
    cs "$@"
    case $STATUS in
    0 | 3) ;;
    8) grep -q '^cs: .*; .*cs maintenance recover' "$BOX/err" ||
        bad "$name: no word of the way back" ;;
    *) bad "$name: exit status $STATUS" ;;
    esac
    LAST=$STATUS
}

bad() {
    fail "byte $at of the index, changed by $by (seed $SEED): $*"
}

# The same texts, but that files of which the index lost what was written there
# may have a copy beside them.
check_texts() {
    texts | grep -v '\.local-' >"$BOX/now"
    diff "$BOX/texts" "$BOX/now" >"$BOX/err" || bad "$1: a file is not as it was"
    grep -rqF "my words" "$MIRROR/confluence" || bad "$1: a local edit is gone"
}

start_fake
use_server
expect 0 sync
expect 0 search pool --json
jq -S 'del(.elapsed_ms)|.hits|map(del(.score,.snippet,.matches))' "$BOX/out" \
    >"$BOX/hits"
texts >"$BOX/texts_sound"
for command in "get 70011" "search pool"; do
    # shellcheck disable=SC2086
    cs $command
    cp "$BOX/out" "$BOX/${command%% *}"
done
echo "my words" >>"$edited"
texts >"$BOX/texts"
cp -a "$MIRROR" "$BOX/sound"
size=$(stat -c %s "$DB")
awk -v n="$PLACES" -v seed="$SEED" -v size="$size" 'BEGIN {
    srand(seed)
    for (i = 0; i < n; i++)
        print int(rand() * size), 1 + int(rand() * 255)
}' >"$BOX/places"

seen=0 unseen=0
while read -r at by; do
    rm -rf "$MIRROR"
    cp -a "$BOX/sound" "$MIRROR"
    byte=$(od -An -tu1 -j "$at" -N 1 "$DB")
    printf "\\x$(printf %x $((byte ^ by)))" |
        dd of="$DB" bs=1 seek="$at" conv=notrunc status=none
    is_seen=
    for command in status "get 70011" "search pool" "maintenance check" sync; do
        # shellcheck disable=SC2086
        try "${command%% *}" $command
        [ "$LAST" != 8 ] || is_seen=yes
        name=${command%% *}
        if [ -f "$BOX/$name" ] && [ "$LAST" = 0 ]; then
            cmp -s "$BOX/$name" "$BOX/out" || bad "$name: a wrong answer"
        fi
        [ "$LAST:$command" != "3:maintenance check" ] || is_seen=yes
        check_texts "$command"
    done
    if [ -n "$is_seen" ]; then
        seen=$((seen + 1))
    else
        unseen=$((unseen + 1))
    fi
    # The way back.
    expect 0 maintenance recover
    expect 0 maintenance index-integrity lexicon vectors --dry-run
    expect 0 sync
    expect 0 maintenance index-integrity lexicon vectors --dry-run
    texts | grep -v '\.local-' >"$BOX/now"
    grep -vF "/Runbooks.md" "$BOX/texts_sound" >"$BOX/want"
    grep -vF "/Runbooks.md" "$BOX/now" | diff "$BOX/want" - >"$BOX/err" ||
        bad "the mirror does not converge"
    grep -rqF "my words" "$MIRROR/confluence" || bad "a local edit is gone"
    expect 0 maintenance
    expect 0 search pool --json
    jq -S 'del(.elapsed_ms)|.hits|map(del(.score,.snippet,.matches))' \
        "$BOX/out" | diff "$BOX/hits" - >"$BOX/err" || bad "other hits"
done <"$BOX/places"
echo "$PLACES places: at $seen the damage was seen, at $unseen nothing was there"
[ "$seen" -ge $((PLACES * 9 / 10)) ] || fail "damage is not seen"

finish
