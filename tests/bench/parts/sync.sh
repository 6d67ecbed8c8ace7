# shellcheck shell=bash source-path=SCRIPTDIR/.. source=lib.sh
# sync.sh - a first sync beside a bare FTS5 loop over the same texts, and one
# batch of it beside raw SQLite and raw files.
. "$(dirname "$0")/../lib.sh"

pages=$(size pages)
rm -rf "${box:?}"/*
serve --generate "$pages"
for i in $(seq "$(size runs)"); do
    mirror=$box/mirror-$i
    measured "$box/first" "$cs" sync --quiet
    "$bench/cs-limits" fts "$mirror/confluence" "$box/fts-$i.db" >>"$box/fts"
done

cs_wall=$(column 1 "$box/first") cs_cpu=$(column 2 "$box/first")
cs_peak=$(calc "$(column 3 "$box/first") / 1024" 0)
text=$(column 2 "$box/fts")
fts_wall=$(column 3 "$box/fts") fts_cpu=$(column 4 "$box/fts")
database=$(sqlite3 -batch "$mirror/.cs/index.db" "SELECT
    (page_count * page_size - (SELECT sum(length(source)) FROM body)) / 1e6
    FROM pragma_page_count, pragma_page_size")

row "first sync of $pages pages, pages/s" "$(calc "$pages / $cs_wall" 0)" \
    "bare FTS5 loop: $(calc "$pages / $fts_wall" 0)" \
    "$(calc "$fts_wall / $cs_wall")" ">= 0.75"
row "the same, CPU s" "$cs_cpu" "bare FTS5 loop: $fts_cpu" \
    "$(calc "$fts_cpu / $cs_cpu")" -
row "the same, peak memory, MB" "$cs_peak" 64 "$(calc "$cs_peak / 64")" "<= 1"
row "its database without stored sources, MB" "$(calc "$database" 1)" \
    "the files: $text" "$(calc "$database / $text")" "<= 1.75"

"$bench/cs-bench-batch" "$mirror/confluence" "$box/batch" "$(size runs)" \
    >>"$rows"
