# shellcheck shell=bash source-path=SCRIPTDIR/.. source=lib.sh
# reindex.sh - an index made anew, with lexicon and vectors, beside a bare FTS5
# insert loop over the same texts.
. "$(dirname "$0")/../lib.sh"

corpus
rm -f "$box/took"
measured "$box/took" "$cs" maintenance reindex
"$bench/search/cs-bench-stock" "$index" "$stock" >"$BENCH_BOX/corpus/stock.txt"
read -r wall cpu peak _ <"$box/took"
read -r fts_cpu fts_wall <"$BENCH_BOX/corpus/stock.txt"
row "index of $documents documents built, CPU s" "$cpu" \
    "bare FTS5 loop: $fts_cpu" "$(calc "$fts_cpu / $cpu")" ">= 1"
say "Building it took $wall s on the wall and $((peak / 1024)) MB of memory;" \
    "the loop $fts_wall s."
