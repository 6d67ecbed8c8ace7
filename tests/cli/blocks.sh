#!/usr/bin/env bash
# blocks.sh - pages that show other pages, filled in from the mirror, and kept
# up to date when those change.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# macro NAME [PARAMETER VALUE]... - without a body.
macro() {
    printf '<ac:structured-macro ac:name="%s">' "$1"
    shift
    while [ $# -gt 0 ]; do
        printf '<ac:parameter ac:name="%s">%s</ac:parameter>' "$1" "$2"
        shift 2
    done
    printf '</ac:structured-macro>'
}

# page TITLE - a parameter that points at it.
page() {
    printf '<ac:link><ri:page ri:content-title="%s"/></ac:link>' "$1"
}

# rich NAME BODY [NAME-PARAMETER] - with a rich body.
rich() {
    printf '<ac:structured-macro ac:name="%s">%s<ac:rich-text-body>%s%s' \
        "$1" "${3:+<ac:parameter ac:name=\"name\">$3</ac:parameter>}" "$2" \
        '</ac:rich-text-body></ac:structured-macro>'
}

# create ID PARENT TITLE BODY
create() {
    control create "$(jq -n --arg id "$1" --arg parent "$2" --arg title "$3" \
        --arg body "$4" \
        '{id: $id, parent: $parent, space: "OPS", title: $title, body: $body}')" \
        >/dev/null
}

edit() {
    control edit "$(jq -n --arg id "$1" --arg body "$2" \
        '{id: $id, body: $body}')" >/dev/null
}

properties() {
    rich details "<table><tbody><tr><th>Owner</th><td>$1</td></tr></tbody></table>"
}

start_fake
use_server
parent=70001
create 90001 "$parent" Terms "<p>Opening.</p>$(rich excerpt \
    '<p>A quokka is a small wallaby.</p>' quokka)<p>Closing.</p>"
create 90002 "$parent" Reader "<p>Top.</p>$(macro include "" "$(page Terms)")
$(macro excerpt-include "" "$(page Terms)" name quokka)
<p>$(macro children)</p><ul><li>$(macro include "" "$(page Terms)")</li></ul>
$(macro include "" "$(page Elsewhere)")<p>End.</p>"
create 90003 90002 "Child one" "$(properties Ada)"
create 90004 "$parent" Report "$(macro detailssummary label wombat)
$(macro contentbylabel cql 'label = &quot;wombat&quot; and space = currentSpace()')"
control label '{"id":"90003","add":"wombat"}' >/dev/null
expect 0 sync
reader=$(find "$MIRROR" -name Reader.md)
report=$(find "$MIRROR" -name Report.md)

# In order: the page, its excerpt, the children; in a list only a link, and of
# a page that is not mirrored as well.
body() {
    awk 'n == 2; /^---$/ && n < 2 { n++ }' "$1"
}
body "$reader" >"$BOX/got"
cat >"$BOX/want" <<'EOF'

Top.

Opening.

A quokka is a small wallaby.

Closing.

A quokka is a small wallaby.

- [Child one](Reader/Child%20one.md)

- (macro include: [Terms](Terms.md))

EOF
diff "$BOX/want" <(head -n 15 "$BOX/got") || fail "the blocks of Reader.md"
ok
file_has "$reader" "(macro include: [Elsewhere]("
file_has "$report" "| Title | Owner |"
file_has "$report" "| [Child one](Reader/Child%20one.md) | Ada |"
file_has "$report" "- [Child one](Reader/Child%20one.md)"

# They follow what they show.
edit 90001 "<p>Opening.</p>$(rich excerpt '<p>A quokka smiles.</p>' quokka)"
create 90005 90002 "Child two" "<p>x</p>"
edit 90003 "$(properties Grace)"
expect 0 sync
same "$(grep -c '^A quokka smiles\.$' "$reader")" 2 "the page and its excerpt"
file_has "$reader" "- [Child two](Reader/Child%20two.md)"
file_has "$report" "| [Child one](Reader/Child%20one.md) | Grace |"
create 90006 "$parent" Elsewhere "<p>Here at last.</p>"
expect 0 sync
file_has "$reader" "Here at last."

# Without a mirror there is a visible link.
macro include "" "$(page Terms)" >"$BOX/page.xhtml"
expect 0 convert "$BOX/page.xhtml"
out_has "(macro include: [Terms](cs:page/Terms))"

finish
