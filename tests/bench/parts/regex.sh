# shellcheck shell=bash source-path=SCRIPTDIR/.. source=lib.sh
# regex.sh - patterns beside rg -l --pcre2 over the files of the same mirror.
. "$(dirname "$0")/../lib.sh"

# From one hit to many; each with what of it is literal, and rarest.
patterns() {
    cat <<'END'
ERR-0012\d	ERR-0012
ERR-1[0-9]{4}	ERR-1
db-0[1-5]\.prod\.example	\.prod\.example
v3\.1\d\.7	v3\.1
[a-z]+_[a-z]+\(request\)	\(request\)
(get|con)[A-Z][a-z]+ =	get|con
\bpre[a-z]+ing the team\b	ing the team\b
mustafter|nosuchword	mustafter|nosuchword
## the [a-z]+	## the
[0-9]{4}, [0-9]{4}	,
END
}

corpus
patterns | while IFS=$'\t' read -r pattern _; do
    printf '%s\t/%s/\t%s\n' "$pattern" "$pattern" "$pattern"
done >"$box/patterns"
patterns | while IFS=$'\t' read -r _ literal; do
    { rg -l --no-ignore -e "$literal" "$mirror/confluence" || true; } | wc -l
done >"$box/shares"
user "$bench/search/cs-bench-pairs" "$box/patterns" 5 \
    -- "$cs" search '{}' \
    -- rg -l --pcre2 --no-ignore -e '{}' "$mirror/confluence" |
    grep -v -P '^all\t' | paste "$box/shares" - >"$box/pairs"

# ratios CONDITION - of the patterns whose literal is on so many pages, n in all.
ratios() {
    awk -F '\t' -v n="$documents" \
        "\$1 / n $1 {printf \"%.2f\\n\", \$4 / \$11}" "$box/pairs" | sort -n
}

rare=$(ratios '< 0.01')
row "patterns with a rare literal, slowest of $(wc -l <<<"$rare")" "-" \
    "rg -l --pcre2" "$(tail -n 1 <<<"$rare")" "<= 0.3"
others=$(ratios '>= 0.01')
row "other patterns, median of $(wc -l <<<"$others")" "-" "rg -l --pcre2" \
    "$(median <<<"$others")" "<= 1.5"
slowest=$(awk -F '\t' '$7 > most {most = $7} END {print most}' "$box/pairs")
row "slowest pattern, wall ms" "$slowest" "deadline: 2000" \
    "$(calc "$slowest / 2000")" "<= 1"

say "Patterns, median CPU ms of five:"
{
    printf 'pattern\tpages with its literal\tcs\trg\tratio\n'
    awk -F '\t' -v OFS='\t' '{
        print "`" $2 "`", $1, $4, $11, sprintf("%.2f", $4 / $11)
    }' "$box/pairs"
} | detail
