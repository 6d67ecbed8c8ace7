#!/usr/bin/env bash
# convert.sh - storage format in, Markdown out, without a mirror.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

printf '<h2>Steps</h2><p>Restart <strong>one</strong> at a time.</p>' \
    >"$BOX/page.xhtml"
expect 0 convert "$BOX/page.xhtml"
out_has "## Steps"
out_has "Restart **one** at a time."
same "$(wc -c <"$BOX/err")" 0 "messages"

expect 0 convert --from storage --report "$BOX/page.xhtml"
same "$(jq -r .schema "$BOX/err")" cs.convert/1 "schema of the report"
same "$(jq -r .dropped "$BOX/err")" 0 "dropped"
same "$(jq -c .rows "$BOX/err")" '[]' "rows"
printf '%s<p>a<ac:image/>' '<ac:structured-macro ac:name="acme"/>' \
    >"$BOX/flawed.xhtml"
expect 0 convert --report "$BOX/flawed.xhtml"
same "$(jq -r '.rows[] | [.kind, .name, .outcome, .count] | join(" ")' \
    "$BOX/err" | paste -sd,)" \
    "element ac:image dropped 1,macro acme degraded 1,recovery unclosed tag degraded 1" \
    "rows of the report"
same "$(jq -r '[.degraded, .kept_raw, .dropped, .recovered] | join(" ")' \
    "$BOX/err")" "2 0 1 true" "sums of the report"

# Standard input; a link to another page becomes a reference.
printf '<p><ac:link><ri:page ri:space-key="ENG" ri:content-title="Run book"/>%s' \
    '</ac:link></p>' >"$BOX/link.xhtml"
env -i "PATH=$PATH" "HOME=$HOME_DIR" "$CS" convert <"$BOX/link.xhtml" \
    >"$BOX/out" || fail "convert reads standard input"
out_has "(cs:page/ENG/Run%20book)"

# No page of the sample site may fail.
for page in "$SITE"/*.xhtml; do
    cs convert "$page"
    [ "$STATUS" = 0 ] || fail "convert $page"
done
ok

expect 2 convert --from docx "$BOX/page.xhtml"
expect 74 convert "$BOX/nosuch"
expect 74 convert "$BOX"
head -c 34000000 /dev/zero | tr '\0' 'x' >"$BOX/large"
expect 74 convert "$BOX/large"
err_has "larger than 32 MB"

finish
