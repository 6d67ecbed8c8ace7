# shellcheck shell=bash source-path=SCRIPTDIR/.. source=lib.sh
# convert.sh - the converter beside a bare parse of the same bytes: pages of the
# sample site, in which every element stands next to every other, and generated
# ones.
. "$(dirname "$0")/../lib.sh"

pages=$box/pages
rm -rf "$pages"
mkdir -p "$pages"
serve --generate 500
curl -sS --fail "$origin/_control/truth" >"$box/truth.json"
sqlite3 -batch :memory: "SELECT count(writefile('$pages/' ||
        json_extract(value, '\$.id') || '.xhtml',
        json_extract(value, '\$.body')))
    FROM json_each(readfile('$box/truth.json'), '\$.content')" >/dev/null

"$bench/cs-bench-convert" "$pages" generated >>"$rows"
"$bench/cs-bench-convert" "$top/tests/fixtures/site" sample >>"$rows"
