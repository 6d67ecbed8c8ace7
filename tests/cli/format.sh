#!/usr/bin/env bash
# format.sh - every field that a command prints is described in docs/FORMAT.md,
# every field that is described is printed by some answer here, and the same
# goes for the index and the front matter.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

format=$(cd "$(dirname "$0")/../.." && pwd)/docs/FORMAT.md

# section HEADING - the lines of FORMAT.md under it.
section() {
    awk -v name="$1" '
        /^#/ { inside = ($0 ~ "^#+ " name "$"); next }
        inside' "$format"
}

# described FILE - the JSON in FILE holds nothing that FORMAT.md lacks.
described() {
    local schema key text other
    schema=$(jq -r 'if has("error") then "JSON output" else .schema end' "$1")
    text=$(section "$schema")
    other=$(sed -n 's/^As `\(cs[^`]*\)`.*/\1/p' <<<"$text") # the same and more
    [ -z "$other" ] || text+=$(section "$other")
    [ -n "$text" ] || fail "FORMAT.md has no section $schema"
    for key in $(jq -r '[paths | map(strings) | last | strings] | unique[]' \
        "$1"); do
        echo "$schema $key" >>"$BOX/printed"
        [ "$key" = schema ] || grep -qF "\`$key\`" <<<"$text" ||
            fail "FORMAT.md, section $schema, does not tell of $key"
    done
    ok
}

# asked STATUS ARG... - run cs; its JSON answer is described.
asked() {
    expect "$@"
    described "$BOX/out"
}

asked 4 status --json # a failure: what every command prints then
start_fake
use_server
VARIABLES+=("CONFLUENCE_SPACE_KEYS=OPS,NOSUCH")
asked 3 sync --dry-run --json
asked 3 sync --json
asked 0 search --json --explain --facets all pool
asked 0 search --json "retry budgt"
expect 0 search --ndjson -n 1 pool
while read -r line; do
    echo "$line" >"$BOX/line"
    described "$BOX/line"
done < <(cp "$BOX/out" "$BOX/lines" && cat "$BOX/lines")
asked 0 similar --json 70011
asked 0 get 70011 --json
asked 0 why 70011 --json
asked 0 sql --json "SELECT 1"
expect 0 search --save pools pool
asked 0 search --saved --json
control poison '{"id":"70011"}' >/dev/null
control edit '{"id":"70011","body":"<p>x</p>"}' >/dev/null
cs sync
asked 3 status --json # no run succeeded: stale
json '.sources[0].failures | length' 1
asked 0 status --conversion --json
asked 3 doctor --json
asked 0 config --json
cs scheduler status --json
described "$BOX/out"
asked 0 scheduler logs --json
asked 0 --config "$BOX/new" setup --spaces OPS --json
rm "$MIRROR/confluence/OPS/Operations.md"
asked 3 maintenance check --json
asked 0 maintenance --json
asked 0 maintenance reconvert --dry-run --json
cp "$MIRROR/confluence/.sync_state" "$BOX/state"
sed -i 's|"cs.sync_state/1"|".sync_state"|' "$BOX/state"
described "$BOX/state"
echo '<p>x</p><ac:structured-macro ac:name="nosuch"/>' >"$BOX/page"
expect 0 convert --report "$BOX/page"
described "$BOX/err"

# What is described was printed: fields are the first column of tables, and in a
# section without one whatever its first paragraph names.
fields() {
    section "$1" | awk '
        /^\| `/ { split($0, cell, "|"); table = table cell[2] }
        /^$/ && text != "" { exit_paragraph = 1 }
        !/^\|/ && !exit_paragraph { text = text $0 }
        END { print table != "" ? table : text }' |
        grep -oE '`[a-z_]+`' | tr -d '`' | sort -u
}
while read -r schema; do
    grep -qF "$schema " "$BOX/printed" || fail "no answer here is of $schema"
    for key in $(fields "$schema"); do
        grep -qxF "$schema $key" "$BOX/printed" ||
            fail "FORMAT.md, section $schema, tells of $key: nothing prints it"
    done
    ok
done < <(sed -n 's,^### \(cs\.[a-z]*/1\|\.sync_state\)$,\1,p' "$format")

# Every table of the index, and every column of it.
expect 0 sql
cp "$BOX/out" "$BOX/tables"
section "The index" >"$BOX/index.md"
while IFS=$'\t' read -r table columns; do
    row=$(grep -E "^\|.*\`$table\`.*\|" "$BOX/index.md" |
        grep -E "^\| [^|]*\`$table\`" || true)
    [ -n "$row" ] || fail "FORMAT.md has no table $table"
    for column in $columns; do
        grep -qF "\`$column\`" <<<"$row" ||
            fail "FORMAT.md, table $table, does not tell of $column"
    done
    ok
done <"$BOX/tables"
while read -r table; do
    cut -f 1 "$BOX/tables" | grep -qx "$table" ||
        fail "FORMAT.md tells of a table $table"
done < <(sed -n 's/^| \(`[^|]*`\) |.*/\1/p' "$BOX/index.md" | grep -o '[a-z_]*' |
    grep .)

# Front matter: only these keys, in this order.
section "A document" | awk -F'|' '/^\| `/ { print $2 }' |
    grep -o '`[a-z]*`' | tr -d '`' >"$BOX/keys"
while IFS= read -r -d '' file; do
    sed -n '2,/^---$/s/^\([a-z]*\): .*/\1/p' "$file" >"$BOX/got"
    grep -Fxf "$BOX/got" "$BOX/keys" | cmp -s - "$BOX/got" ||
        fail "front matter of $file: $(xargs <"$BOX/got")"
done < <(find "$MIRROR" -name '*.md' -print0)
ok

finish
