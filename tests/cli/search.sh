#!/usr/bin/env bash
# search.sh - every option of cs search, every form of its answer, every exit
# status.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

expect 4 search pool
expect 4 search --json pool
json .schema cs.search/1
json .error.status no-index
json '.error.hint | length > 0' true
same "$(wc -l <"$BOX/out")" 1 "lines of a failure"

start_fake
use_server
# What a page is called, who wrote it and how it is labelled comes from afar.
bad='\u001b[31m\u001b]0;x\u0007\t\u009b\u202e\u2028\u007f'
control edit "{\"id\":\"70021\",\"title\":\"Pool$bad down\",
    \"body\":\"<p>connection pool $bad was gone</p>\"}" >/dev/null
control label "{\"id\":\"70021\",\"add\":\"bad$bad\"}" >/dev/null
control rename-user \
    "{\"id\":\"5b10a2844c20165700ede223\",\"name\":\"Priya$bad Raman\"}" >/dev/null
expect 0 sync

# --- In a pipe: seven columns, nothing else.
expect 0 search connection pool
same "$(awk -F'\t' '{ print NF }' "$BOX/out" | sort -u)" 7 "columns"
cut -f 2 "$BOX/out" | grep -qvE '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$' &&
    fail "a time that is none"
same "$(wc -c <"$BOX/err")" 0 "messages beside columns"
hits=$(wc -l <"$BOX/out")
[ "$hits" -ge 4 ] || fail "only $hits hits"
cp "$BOX/out" "$BOX/columns"


# harmless WHAT FILE - nothing in it that a terminal would obey: C0 but line
# ends and tabs, DEL, C1, marks of direction.
harmless() {
    if LC_ALL=C grep -qP \
        '[\x01-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]' "$2"; then
        fail "$1 holds a control character"
    fi
    ok
}
harmless "a column" "$BOX/out"
for form in --json --ndjson --ids --urls --facets=all \
    '--format={title} {labels} {author} {path} {snippet} {labels|json}'; do
    expect 0 search "$form" gone Pool
    harmless "search $form" "$BOX/out"
    [ -s "$BOX/out" ] || fail "search $form prints nothing"
done
expect 0 search --color=always --facets label bad
harmless "a facet" "$BOX/out"
expect 0 search --author "Priya" --json retry
jq -r '.hits[].author' "$BOX/out" | grep -q '^Priya.*Raman' || fail "no author"
# With nothing but our own escapes taken away, a terminal gets none either.
expect 0 search --color=always gone Pool
sed 's/\x1b\[[0-9;]*m//g' "$BOX/out" >"$BOX/plain"
harmless "an answer for people" "$BOX/plain"
grep -q 'Pool\[31m' "$BOX/plain" || fail "the title is not there"
expect 1 search "$(printf 'zyzzyva\033zyzzyvas')"
harmless "a message" "$BOX/err"

# --- NUL for line ends, ids, URLs, a count.
expect 0 search -0 connection pool
same "$(tr '\0' '\n' <"$BOX/out" | cmp - "$BOX/columns" && echo same)" same "-0"
expect 0 search -l connection pool
cut -f 1 "$BOX/columns" | cmp -s - "$BOX/out" || fail "--ids are not the ids"
expect 0 search --urls connection pool
cut -f 5 "$BOX/columns" | cmp -s - "$BOX/out" || fail "--urls are not the URLs"
expect 0 search -l0 connection pool
same "$(tr -cd '\0' <"$BOX/out" | wc -c)" "$hits" "NUL bytes"
expect 0 search --count connection pool
same "$(cat "$BOX/out")" "$hits" "--count"
expect 0 search --count -n 1 connection pool
same "$(cat "$BOX/out")" "$hits" "--count with a limit"
expect 1 search --count zyzzyva
same "$(cat "$BOX/out")" 0 "--count of nothing"

# --- JSON: one object, its fields; lines hold the same.
expect 0 search --json --explain --facets space,label connection pool
json .schema cs.search/1
json .query.text "connection pool"
json '.query.warnings | length' 0
json '.query.corrections | type' array
json .total "$hits"
json .exact_total true
json .offset 0
json .tier relaxed
json '[.hits[] | select(.tier == "relaxed") | .missing[]] | unique | join(" ")' \
    connection
json .partial false
json .next_cursor null
json .index.stale false
json '.index.generation > 0' true
json .index.docs 49
json '.index.synced_at | type' string
json '.took_us > 0' true
json '.facets | keys | join(" ")' "label space"
json '.facets.space | map(.count) | add' "$hits"
json '.hits | length' "$hits"
json '.hits | map(.rank) | join(" ")' "$(seq -s ' ' 1 "$hits")"
json '[.hits[] | .source, .type, .tier, .status] | unique | join(" ")' \
    "confluence current exact page relaxed"
json '.hits[0].score_parts | keys | join(" ")' "exact prior proximity recency text"
json '[.hits[] | .score > 0] | all' true
json '[.hits[] | .lines[0] == .line and .lines[1] >= .lines[0]] | all' true
json '[.hits[] | .trail | type] | unique | join(" ")' array
# What is marked is what was asked for.
json '[.hits[] | (.snippet | explode | implode | @json | fromjson) as $s |
    .matches[] | ($s | tojson | length) > .[0]] | all' true
same "$(jq -r '.hits[] | .path' "$BOX/out" | while IFS= read -r path; do
    [ -f "$path" ] || echo "$path"
done)" "" "paths without a file"
# The lines of a hit are those that get prints.
id=$(jq -r '.hits[0].id' "$BOX/out")
first=$(jq -r '.hits[0].lines[0]' "$BOX/out")
last=$(jq -r '.hits[0].lines[1]' "$BOX/out")
path=$(jq -r '.hits[0].path' "$BOX/out")
anchor=$(jq -r '[.hits[] | select(.section)][0] | .id + "#" + .section.anchor' \
    "$BOX/out")
cp "$BOX/out" "$BOX/json"
expect 0 get "$id:$first-$last"
sed -n "$first,${last}p" "$path" | cmp -s - "$BOX/out" ||
    fail "get does not print the lines of the hit"
expect 0 get "$anchor"
expect 0 search --ndjson --explain --facets space,label connection pool
same "$(wc -l <"$BOX/out")" $((hits + 2)) "lines of --ndjson"
same "$(jq -r .record "$BOX/out" | uniq | xargs)" "header hit trailer" records
same "$(jq -r .schema "$BOX/out" | sort -u)" cs.search/1 "their schema"
jq -s 'map(select(.record == "hit") | del(.record, .schema))' "$BOX/out" \
    >"$BOX/lines"
jq '.hits' "$BOX/json" | cmp -s - "$BOX/lines" ||
    fail "--ndjson has other hits than --json"
same "$(jq -r 'select(.record == "trailer") | .n' "$BOX/out")" "$hits" "its n"

# --- The schema that is asked for.
expect 0 search --json --schema-version 1 pool
expect 5 search --json --schema-version 2 pool
json .error.status bad-schema
expect 2 search --schema-version x pool

# --- Templates.
expect 0 search -n 1 --format '{rank}|{id}\t{title|upper|trim:7}|{{x}\\' \
    connection pool
same "$(cut -f 1 "$BOX/out")" "1|$(head -n 1 "$BOX/columns" | cut -f 1)" "fields"
same "$(cut -f 2 "$BOX/out" | tail -c 6)" '|{x}\' "a brace and a backslash"
expect 0 search -n 1 --format '{updated|date} {labels|json} {url|url}' pool
grep -qE '^20[0-9-]{8} \[.*\] http%3A' "$BOX/out" || fail "filters"
expect 0 search -n 1 --format '{title|lower}{title|json}{updated|age}' pool
expect 0 search --format '{line}' -0 connection pool
same "$(tr -cd '\0' <"$BOX/out" | wc -c)" "$hits" "NUL bytes of a template"
fields='{rank}{id}{source}{type}{status}{space}{space_name}{title}{trail}{path}'
fields+='{url}{anchor_url}{author}{editor}{labels}{created}{updated}{version}'
fields+='{score}{tier}{missing}{duplicates}{section}{line}{lines}{snippet}'
expect 0 search --format "$fields" pool
expect 2 search --format '{nope}' pool
err_has "anchor_url"
expect 2 search --format '{title|nope}' pool
err_has "trim:N"
expect 2 search --format '{title|trim}' pool
expect 2 search --format '{title|trim:x}' pool
expect 2 search --format '{title|date}' pool
expect 2 search --format '{title' pool
expect 2 search --format '{title|upper|upper|upper|upper|upper}' pool

# --- Facets.
expect 0 search --facets space connection pool
same "$(awk -F'\t' '{ print NF $1 }' "$BOX/out" | sort -u)" 3space "facet lines"
same "$(awk -F'\t' '{ n += $3 } END { print n }' "$BOX/out")" "$hits" "their sum"
expect 0 search --facets all pool
same "$(cut -f 1 "$BOX/out" | uniq | sort | xargs)" \
    "author label space status type year" "all facets"
expect 2 search --facets nope pool

# --- Filters.
expect 0 search --space OPS pool
same "$(cut -f 3 "$BOX/out" | sort -u)" OPS "--space"
expect 0 search --space OPS,ENG connection pool
same "$(wc -l <"$BOX/out")" "$hits" "two spaces"
expect 0 search --space OPS --space ENG connection pool
same "$(wc -l <"$BOX/out")" "$hits" "--space twice"
expect 0 search --label runbook pool
expect 0 search --label runbook --json pool
json '[.hits[].labels | index("runbook") != null] | all' true
expect 0 search --author "Jonas Weber" --json pool
json '[.hits[].author] | unique | join(" ")' "Jonas Weber"
expect 0 search --type blogpost --json releases
json '[.hits[].type] | unique | join(" ")' blogpost
expect 0 search --source confluence pool
expect 2 search --type nope pool
expect 0 search --space OPS
expect 1 search --since 2030-01-01 pool
expect 0 search --since 2020-01-01 pool
expect 2 search --since nonsense pool
expect 2 search
expect 2 search --json
json .error.status usage

# --- Order and pages.
expect 0 search --sort title --format '{title}' --space OPS
sort -f "$BOX/out" | head -c 1 | cmp -s - <(head -c 1 "$BOX/out") ||
    fail "--sort title"
expect 0 search --sort updated pool
cut -f 2 "$BOX/out" | sort -rc || fail "--sort updated"
expect 2 search --sort nope pool
expect 0 search -n 2 --json connection pool
cp "$BOX/out" "$BOX/page"
: >"$BOX/paged"
for _ in 1 2 3 4 5 6 7 8; do
    jq -r '.hits[] | "\(.rank) \(.id)"' "$BOX/page" >>"$BOX/paged"
    cursor=$(jq -r '.next_cursor // ""' "$BOX/page")
    [ -n "$cursor" ] || break
    expect 0 search -n 2 --json --cursor "$cursor" connection pool
    cp "$BOX/out" "$BOX/page"
done
jq -r '.hits[] | "\(.rank) \(.id)"' "$BOX/json" | cmp -s - "$BOX/paged" ||
    fail "pages are not the whole: $(cat "$BOX/paged")"
json .offset $(((hits - 1) / 2 * 2))
expect 2 search --cursor nonsense pool
expect 2 search --cursor 1.x pool

# --- Modes.
expect 0 search -F 'connection pool'
expect 0 search -e 'conn[a-z]+ion pool'
expect 2 search -e '(unclosed'
expect 2 search -F -e pool
expect 0 search '"connection pool exhausted"'
expect 2 search --strict 'pool )('
expect 0 search 'pool )('
err_has "warning"

# --- Mistyped words are announced, and -F takes them as they are.
expect 0 search conection exhausted
err_has "showing results for connection (-F to force)"
expect 0 search --json conection exhausted
json '.query.corrections[0].from' conection
json '.query.corrections[0].to' connection
json '.query.corrections[0].applied' true
expect 1 search -F conection
expect 0 search --quiet conection exhausted
same "$(wc -c <"$BOX/err")" 0 "messages with --quiet"

# --- Nothing found.
expect 1 search zyzzyva
same "$(wc -c <"$BOX/out")" 0 "output without hits"
expect 0 search --ok-empty zyzzyva
expect 1 search --json zyzzyva
json .total 0
json '.hits | length' 0
expect 0 search --ndjson --ok-empty zyzzyva
same "$(wc -l <"$BOX/out")" 2 "lines without hits"

# --- Options that exclude each other.
expect 2 search --json --count pool
err_has "--json and --count"
expect 2 search --ids --urls pool
expect 2 search --color=nope pool

# --- Standard output that is full, or closed early.
STATUS=0
env -i "PATH=$PATH" "HOME=$HOME_DIR" "${VARIABLES[@]}" "$CS" search pool \
    >/dev/full 2>"$BOX/err" || STATUS=$?
check_status 74 "search to a full disk"
for form in --json --ndjson --ids; do
    env -i "PATH=$PATH" "HOME=$HOME_DIR" "${VARIABLES[@]}" "$CS" search \
        -n 1000 --space ENG $form 2>"$BOX/err" | head -c 1 >/dev/null ||
        fail "a closed pipe is no failure"
    same "$(wc -c <"$BOX/err")" 0 "messages about a closed pipe"
done

# --- Another index: newer, locked by nobody, damaged.
cp -r "$MIRROR" "$BOX/other"
VARIABLES+=("CONTEXT_SYNC_DIR=$BOX/other")
printf 'no database, whatever it is called' >"$BOX/other/.cs/index.db"
rm -f "$BOX/other/.cs/index.db-wal" "$BOX/other/.cs/index.db-shm"
expect 8 search pool
unset 'VARIABLES[-1]'

finish
