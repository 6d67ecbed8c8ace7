#!/usr/bin/env bash
# format.sh - every field that a command prints is described in docs/FORMAT.md,
# and so is the front matter.
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
    local schema key text
    schema=$(jq -r .schema "$1")
    text=$(section "$schema")
    [ -n "$text" ] || fail "FORMAT.md has no section $schema"
    for key in $(jq -r '[paths | map(strings) | last | strings] | unique[]' \
        "$1"); do
        [ "$key" = schema ] || grep -qF "\`$key\`" <<<"$text" ||
            fail "FORMAT.md, section $schema, does not tell of $key"
    done
    ok
}

start_fake
use_server
VARIABLES+=("CONFLUENCE_SPACE_KEYS=OPS,NOSUCH")
expect 3 sync --json
described "$BOX/out"
expect 0 search pool --json
described "$BOX/out"
expect 0 get 70011 --json
described "$BOX/out"
expect 0 why 70011 --json
described "$BOX/out"
expect 0 search --save pools pool
expect 0 search --saved --json
described "$BOX/out"
control poison '{"id":"70011"}' >/dev/null
control edit '{"id":"70011","body":"<p>x</p>"}' >/dev/null
cs sync
expect 3 status --json # no run succeeded: stale
json '.sources[0].failures | length' 1
described "$BOX/out"
expect 3 doctor --json
described "$BOX/out"
expect 0 config --json
described "$BOX/out"
cs scheduler status --json
described "$BOX/out"
expect 0 scheduler logs --json
described "$BOX/out"
expect 0 --config "$BOX/new" setup --spaces OPS --json
described "$BOX/out"
rm "$MIRROR/confluence/OPS/Operations.md"
expect 3 maintenance check --json
described "$BOX/out"
cp "$MIRROR/confluence/.sync_state" "$BOX/state"
sed -i 's|"cs.sync_state/1"|".sync_state"|' "$BOX/state"
described "$BOX/state"
echo '<p>x</p>' >"$BOX/page"
expect 0 convert --report "$BOX/page"
described "$BOX/err"

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
