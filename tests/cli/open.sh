#!/usr/bin/env bash
# open.sh - cs open gives a browser nothing but a page's address on its own
# site, an editor its file, and neither through a shell.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

start_fake
use_server
expect 0 sync

mkdir "$BOX/bin"
cat >"$BOX/bin/show" <<'SH'
#!/bin/sh
printf '%s\n' "$@" >"$SHOWN"
exit "${SHOW_EXIT:-0}"
SH
chmod +x "$BOX/bin/show"
cp "$BOX/bin/show" "$BOX/bin/xdg-open"
shown=("PATH=$BOX/bin:$PATH" "SHOWN=$BOX/shown")

# show STATUS SETTING... -- ARG... - run cs, forget what was shown before.
show() {
    local want=$1
    shift
    rm -f "$BOX/shown"
    cs_env "${shown[@]}" "$@"
    check_status "$want" "cs $*"
}

page="$URL/spaces/OPS/pages/70011"
show 0 -- open 70011
grep -q "^$page" "$BOX/shown" || fail "xdg-open got: $(cat "$BOX/shown")"
show 0 BROWSER=show -- open confluence:70011
grep -q "^$page" "$BOX/shown" || fail "the browser got: $(cat "$BOX/shown")"
show 0 "BROWSER=show --new 'a b' %s -x" -- open 70011
same "$(sed -e "s|^$page.*|URL|" "$BOX/shown" | xargs -d '\n' | tr -d '\n')" \
    "--new a b URL -x" "words of the browser"
show 0 "BROWSER=nosuchbrowser:show" -- open 70011
show 74 BROWSER=show SHOW_EXIT=3 -- open 70011
show 78 BROWSER=nosuchbrowser -- open 70011
err_has "--print"
show 0 BROWSER=nosuchbrowser -- open --print 70011
out_has "$page"
[ ! -e "$BOX/shown" ] || fail "--print showed something"

# The editor gets the file.
file="$MIRROR/confluence/OPS/Runbooks/Runbook- connection pool exhausted.md"
show 0 EDITOR=show -- open -e 70011
same "$(cat "$BOX/shown")" "$file" "what the editor got"
show 0 EDITOR=false "VISUAL=show +10" -- open -e 70011
same "$(xargs -d '\n' <"$BOX/shown" | tr -d '\n')" "+10 $file" "its words"
show 78 EDITOR=nosucheditor -- open -e 70011
show 74 EDITOR=false -- open -e 70011

# An address elsewhere, or none that is plain, is never opened.
for url in "https://elsewhere.example/wiki/70011" "javascript:alert(1)" \
    "file:///etc/passwd" "--help" "" "$page with blanks" \
    "${page/127.0.0.1/user@127.0.0.1}" "${page/127.0.0.1/localhost}" \
    "${page/:$PORT/}" "${page/http:/https:}"; do
    sql "UPDATE document SET url = '$url' WHERE vendor_id = '70011'" >/dev/null
    show 1 BROWSER=show -- open 70011
    [ ! -e "$BOX/shown" ] || fail "opened: $(cat "$BOX/shown")"
    show 1 -- open --print 70011
    same "$(wc -c <"$BOX/out")" 0 "bytes printed of a strange address"
done
# What a shell would run is only text.
sql "UPDATE document SET url = '$page?\$(touch\${IFS}x);\`id\`' \
    WHERE vendor_id = '70011'" >/dev/null
show 0 BROWSER=show -- open 70011
grep -qF "$page?\$(touch\${IFS}x);\`id\`" "$BOX/shown" || fail "it was expanded"

show 1 -- open 999999999
show 1 -- open 3
err_has "last answer"
show 2 -- open
show 2 -- open 1 2

finish
