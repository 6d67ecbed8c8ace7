# shellcheck shell=bash source-path=SCRIPTDIR/.. source=lib.sh
# search.sh - searches of all kinds, whole processes from exec to exit, beside one
# that asks bare FTS5 for the same.
. "$(dirname "$0")/../lib.sh"

corpus
"$bench/search/cs-bench-queries" "$stock" "$(size divisor)" >"$box/queries"
user "$bench/search/cs-bench-pairs" "$box/queries" 1 \
    -- "$cs" search '{}' -- "$bench/search/cs-bench-cold" "$stock" '{}' \
    >"$box/pairs"

# Which kinds have a target. The others stand in the table of all kinds.
targets() {
    cat <<'END'
rare word	<= 1.3
phrase of two	<= 1.3
phrase of three	<= 1.3
phrase of stop words	<= 1.3
common word	<= 0.3
stop word	<= 0.3
prefix of 1	<= 0.3
prefix of 2	<= 0.3
prefix of 3	<= 0.3
prefix of 4	<= 0.3
question of 12	<= 0.3
END
}

# Columns of cs-bench-pairs: 3 and 4 are p50 and p99 of the CPU time of cs, 10
# and 11 those of bare FTS5.
targets | awk -F '\t' -v OFS='\t' 'NR == FNR {target[$1] = $2; next}
    $1 in target {
        print "search: " $1 ", CPU ms", $3, "bare FTS5: " $10,
            sprintf("%.2f", $3 / $10), target[$1]
    }
    $1 == "all" {
        print "search: all kinds, p50, CPU ms", $3, 6,
            sprintf("%.2f", $3 / 6), "<= 1"
        print "search: all kinds, p99, CPU ms", $4, 30,
            sprintf("%.2f", $4 / 30), "<= 1"
    }' - "$box/pairs" >>"$rows"

say "Searches by kind, p50 / p99 in ms; cs at most" \
    "$(awk -F '\t' '$1 == "all" {print $8}' "$box/pairs") MiB of memory," \
    "$(awk -F '\t' '$1 == "all" {print $9}' "$box/pairs") failed:"
{
    printf 'kind\tqueries\tcs, CPU\tcs, wall\tbare FTS5, CPU\tratio\n'
    awk -F '\t' -v OFS='\t' '{
        print $1, $2, $3 " / " $4, $5 " / " $6, $10 " / " $11,
            sprintf("%.2f / %.2f", $3 / $10, $4 / $11)
    }' "$box/pairs"
} | detail
