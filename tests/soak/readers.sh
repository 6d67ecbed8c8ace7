# shellcheck shell=bash
# readers.sh - people who search while the mirror changes under them.
#
# What a reader does not like becomes a line of $BOX/bad. The beacons are pages
# whose title ends in n<number> and whose text says v<number>; an edit changes
# both, and nothing ever hides them. So each answer must have all of them; what
# matched (the full-text index) must stand in what is shown (rows and texts); and
# a title, known from listings, is never older than its text.

BEACONS=6
READERS=()

make_beacons() {
    local n
    control space '{"space":"BEACON","new":true}' >/dev/null
    for ((n = 1; n <= BEACONS; n++)); do
        control create "{\"id\":$((880000 + n)),\"space\":\"BEACON\",
            \"title\":\"Beacon $n n0\",
            \"body\":\"<p>Lighthouse shows v0.</p>\"}" >/dev/null
    done
}

# turn_beacons N - all show another number.
turn_beacons() {
    local n
    for ((n = 1; n <= BEACONS; n++)); do
        control edit "{\"id\":$((880000 + n)),\"title\":\"Beacon $n n$1\",
            \"body\":\"<p>Lighthouse shows v$1.</p>\"}" >/dev/null
    done
}

# ask ARG... - a command; the answer goes to $ANSWER. Nothing may go wrong: 1 is
# nothing found, 3 a time limit or a stale mirror; 4, an index of another
# version, only while there is one.
ask() {
    local status=0 old=
    [ ! -e "$BOX/old" ] || old=1
    (exec_cs "$@") >"$ANSWER" 2>"$ANSWER.err" || status=$?
    case $status in
    0 | 1 | 3) return 0 ;;
    4)
        [ -z "$old" ] && [ ! -e "$BOX/old" ] || return 1
        ;;
    esac
    object "$* ended with $status: $(head -n 3 "$ANSWER.err")"
    return 1
}

object() {
    printf '%s: %s\n' "$(cat "$BOX/hour")" "$*" >>"$BOX/bad"
}

# holds WHAT FILTER - the answer is JSON for which the filter is true.
holds() {
    jq -e "$2" "$ANSWER" >/dev/null 2>&1 ||
        object "$1: $(tr -d '\n' <"$ANSWER" | cut -c1-1500)"
}

numbers='def title: .title | capture(" n(?<n>[0-9]+)$").n | tonumber;
    def exact: select(.tier == "exact");
    def text: capture(" v(?<n>[0-9]+)\\.").n | tonumber;'

ask_beacons() {
    local n
    n=$((RANDOM % ($(tr -cd 0-9 <"$BOX/hour") + 1)))
    ask search --json --limit 20 --space BEACON lighthouse || return 0
    holds "half a batch" "$numbers .total == $BEACONS and
        all(.hits[]; title >= (.snippet | text))"
    ask search --json --limit 20 --space BEACON -- "+lighthouse =v$n" ||
        return 0
    holds "entries of another text than v$n" \
        "$numbers all(.hits[] | exact; (.snippet | text) == $n)"
    ask search --json --limit 20 --space BEACON -- "title:\"n$n\"" || return 0
    holds "entries of another title than n$n" "$numbers
        all(.hits[] | exact; title == $n)"
    ask get "$((880001 + RANDOM % BEACONS))" --json || return 0
    holds "half a document" "$numbers title >= (.markdown | text)"
}

words=(the pool renamed 'made*' '"connection pool exhausted"' getUserById
    'word1 OR word2 OR of' 'the -of' 'a NEAR/5 the' 'runbok' 'title:renamed')

ask_something() {
    local word=${words[RANDOM % ${#words[@]}]}
    case $((RANDOM % 8)) in
    0) ask search -- "$word" || return 0 ;;
    1)
        ask search --json --facets all -- "$word" || return 0
        holds "hits that are not whole" '.total >= (.hits | length) and
            (.hits | map(.id) | length == (unique | length)) and
            all(.hits[]; .title != "" and .snippet != null)'
        ;;
    2) ask search --json --since 2h -- "$word" || return 0 ;;
    3) ask search -e 'made[0-9]{2}' || return 0 ;;
    4) ask search --count -- "$word" || return 0 ;;
    5) ask search -l --type blogpost -- "$word" || return 0 ;;
    6) ask similar 65601 || return 0 ;;
    7)
        ask status --json || return 0
        holds "rows that are not indexed" 'all(.sources[]; .stored == .indexed)'
        ;;
    esac
}

# What is derived from what, in one snapshot, while a writer goes on: a backup is
# one, and looking at it is in nobody's way.
ask_check() {
    local copy=$ANSWER.mirror EXTRA
    rm -rf "$copy"
    mkdir -p "$copy/.cs"
    ask maintenance backup "$copy/.cs/index.db" || return 0
    EXTRA=("CONTEXT_SYNC_DIR=$copy")
    ask maintenance --dry-run --json index-entries lexicon vectors || return 0
    holds "derived from something else" '.problems == 0'
}

# reader N - until $BOX/stop, or until the test is over. It leaves room for the
# others, and stands aside between keep_out and let_in.
reader() {
    local turns=0
    ANSWER=$BOX/answer.$1
    RANDOM=$((SEED + $1))
    exec 8>>"$BOX/turn"
    while kill -0 $$ 2>/dev/null && [ ! -e "$BOX/stop" ]; do
        while [ -e "$BOX/gate" ]; do
            sleep 0.05
        done
        flock -s 8
        ask_beacons
        ask_something
        [ $((turns % 20)) != 0 ] || ask_check
        flock -u 8
        turns=$((turns + 1))
        sleep "$READER_PAUSE"
    done
    echo "$turns" >"$BOX/turns.$1"
}

# keep_out - until let_in nobody reads.
keep_out() {
    touch "$BOX/gate"
    exec 9>>"$BOX/turn"
    flock -x 9
}

let_in() {
    rm "$BOX/gate"
    flock -u 9
    exec 9>&-
}

start_readers() {
    local n
    for ((n = 1; n <= $1; n++)); do
        reader "$n" &
        READERS+=($!)
    done
}

# stop_readers - sets TURNS.
stop_readers() {
    touch "$BOX/stop"
    [ ${#READERS[@]} = 0 ] || wait "${READERS[@]}"
    READERS=()
    TURNS=$(cat "$BOX"/turns.* 2>/dev/null | awk '{ n += $1 } END { print n }')
}

readers_content() {
    [ ! -e "$BOX/bad" ] || fail "searches: $(head -n 5 "$BOX/bad")"
    ok
}
