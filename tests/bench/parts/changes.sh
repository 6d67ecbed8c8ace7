# shellcheck shell=bash source-path=SCRIPTDIR/.. source=lib.sh
# changes.sh - documents that changed, indexed anew, beside a bare update loop;
# and how long searches wait meanwhile. The next run makes the corpus anew: this
# one keeps the changes.
. "$(dirname "$0")/../lib.sh"

corpus
rm "$BENCH_BOX/corpus/made"
touch "$BENCH_BOX/corpus/changes"

# change - so many documents, which none of the rounds before had changed.
change() {
    echo >>"$BENCH_BOX/corpus/changes"
    "$bench/search/cs-bench-corpus" "$mirror" "$documents" "$(size changed)" \
        "$(wc -l <"$BENCH_BOX/corpus/changes")"
}

# ---- beside the update loop ----

rm -f "$box"/ours "$box"/loop
for _ in $(seq "$(size rounds)"); do
    change >>"$box/ours"
    "$bench/search/cs-bench-update" "$index" "$stock" >>"$box/loop"
done
n=$(column 1 "$box/loop")
ours=$(column 1 "$box/ours") loop=$(column 2 "$box/loop")
row "$n changed documents stored, documents/s of CPU" \
    "$(calc "$n / $ours" 0)" "bare update loop: $(calc "$n / $loop" 0)" \
    "$(calc "$loop / $ours")" ">= 0.85"

# ---- beside searches ----

"$bench/search/cs-bench-queries" "$stock" "$(size beside)" >"$box/queries"

# searches WHAT - their times, as a line of a table.
searches() {
    user "$bench/search/cs-bench-pairs" "$box/queries" 1 -- "$cs" search '{}' |
        awk -F '\t' -v OFS='\t' -v what="$1" '$1 == "all" {
            print what, $4, $6, $7, $9
        }' >>"$box/searches"
}

# beside WHAT COMMAND... - searches while it runs again and again.
beside() {
    local what=$1 other
    shift
    (while [ ! -e "$box/stop" ]; do
        "$@" >/dev/null 2>&1 || true
    done) &
    other=$!
    sleep 0.2
    searches "$what"
    touch "$box/stop"
    wait "$other"
    rm "$box/stop"
}

# A processor that is busy with something else slows searches by itself: so much
# of what a sync does to them is no matter of locks and pages.
burn() {
    local i
    for ((i = 0; i < 200000; i++)); do :; done
}

rm -f "$box/searches"
for _ in $(seq "$(size rounds)"); do
    searches "alone"
    beside "beside a busy loop" burn
    beside "beside a sync" change
done
longest=$(awk -F '\t' '$1 == "beside a sync" {print $4}' "$box/searches" |
    median)
row "longest wait of a search beside a sync, ms" "$longest" 50 \
    "$(calc "$longest / 50")" "<= 1"
say "Searches of all kinds while documents change, ms:"
{
    printf 'searches\tp99, CPU\tp99, wall\tlongest wait\tfailed\n'
    sort -s -t $'\t' -k 1,1 "$box/searches"
} | detail
"$bench/search/cs-bench-update" "$index" "$stock" >/dev/null
