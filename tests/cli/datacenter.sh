#!/usr/bin/env bash
# datacenter.sh - a mirror of a Data Center: found by itself, kept up to date,
# with its old versions, its oddities and its refusals.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# serve [OPTION...] - a Data Center below /confluence, asked with a token.
serve() {
    start_fake --flavour datacenter --bearer pat-1 "$@"
    URL=http://127.0.0.1:$PORT/confluence
    VARIABLES=("CONFLUENCE_BASE_URL=$URL" CONFLUENCE_API_TOKEN=pat-1
        "CONTEXT_SYNC_DIR=$MIRROR")
}

# forget - a new mirror, a new server.
forget() {
    stop_fake
    rm -rf "$MIRROR"
}

# asked TEXT - how many requests had it since the last call of `from_here`.
HERE=0
from_here() { HERE=$(wc -l <"$BOX/access"); }
asked() { tail -n "+$((HERE + 1))" "$BOX/access" | grep -cF -- "$1" || true; }

# The text of every file, without the address of the server.
texts() {
    (cd "$MIRROR/confluence" && find . -name '*.md' -type f | sort |
        while IFS= read -r file; do
            printf '%s\n' "$file"
            sed -e "s|127.0.0.1:$PORT|HOST|g" -e '/^synced: /d' "$file"
        done)
}

ENG=$MIRROR/confluence/ENG

# ---- found by itself, below its own path and nowhere else ----
serve
VARIABLES[0]="CONFLUENCE_BASE_URL=$URL/display/ENG/Engineering"
expect 0 sync
out_has "47 listed = 47 stored = 47 indexed"
out_has "8 attachments fetched"
same "$(grep -vc ' /confluence/' "$BOX/access" || true)" 0 "other paths"
same "$(grep -c 'no-auth$' "$BOX/access" || true)" 0 "without a credential"
file_has "$ENG/Payment service.md" "## Comments"
file_has "$ENG/Payment service.md" "Payment%20service.assets/net.png"
[ -s "$ENG/Payment service.assets/net.png" ] || fail "no attachment"
expect 0 search Payment
texts >"$BOX/texts"
contents >"$BOX/before"
VARIABLES[0]="CONFLUENCE_BASE_URL=$URL"
expect 0 sync
out_has "0 written, 0 moved, 0 removed"
expect 0 maintenance reconvert
out_has "0 files changed, 0 failed"
contents | diff "$BOX/before" - >"$BOX/out" || fail "a quiet run changed files"

# ---- what changes ----
control edit '{"id":65601,"append":"<p>quokka</p>"}' >/dev/null
control edit '{"id":65602,"title":"Refunds"}' >/dev/null
control move '{"id":65611,"parent":65590}' >/dev/null
control comment '{"content":65603,"body":"<p>wombat</p>"}' >/dev/null
control attach '{"content":65603,"title":"new.txt","data":"bilby"}' >/dev/null
control delete '{"id":65604}' >/dev/null
control delete '{"id":65605,"archive":true}' >/dev/null
expect 0 sync
out_has "1 deleted on the site"
file_has "$ENG/Payment service.md" quokka
[ -e "$ENG/Refunds.md" ] || find "$ENG" -name Refunds.md | grep -q . ||
    fail "a new title gave no new name"
grep -rqF wombat "$ENG" || fail "a new comment was not seen"
expect 0 why --json 65604
json .reason trashed
find "$ENG" -path '*archived*' -name '*.md' | grep -q . || fail "no archive"

# A page that is hidden is kept, and goes when a second run says so again.
control hide '{"id":65606}' >/dev/null
expect 0 sync
out_has "1 gone from the last listing"
expect 0 sync
expect 0 why --json 65606
json .reason gone

# ---- an old server, with everything in its way ----
forget
serve --no-scan --no-admin --cap-expand 3 --cap-body 2 --cap-plain 4 \
    --nested-rows 1 --next context
expect 0 sync
out_has "47 listed = 47 stored = 47 indexed"
texts | diff "$BOX/texts" - >"$BOX/out" || fail "an old server, other texts"
ok

# T14: below a draft whole pages of a listing answer 404.
forget
serve --no-scan
control create '{"space":"ENG","title":"Sketch","status":"draft","id":900001,
    "body":"<p>s</p>"}' >/dev/null
control create '{"parent":900001,"space":"ENG","title":"Under a sketch",
    "id":900002,"body":"<p>numbat</p>"}' >/dev/null
expect 0 sync
out_has "48 listed = 48 stored = 48 indexed"
grep -rqF numbat "$ENG" || fail "the page below a draft is missing"
[ ! -e "$ENG/Sketch.md" ] || fail "a draft was mirrored"

# T13: one page that no answer may contain.
forget
serve --cap-expand 10
control poison '{"id":65603}' >/dev/null
expect 3 sync
out_has "47 listed, 46 stored"
control poison '{"id":65603,"poison":false}' >/dev/null
expect 0 sync
out_has "47 listed = 47 stored = 47 indexed"

# T8: a listing that goes in circles counts for nothing.
contents >"$BOX/before"
control fault '{"kind":"repeat-cursor","path":"/rest/api/content",
    "count":-1}' >/dev/null
cs sync
[ "$STATUS" != 0 ] || fail "a listing in circles was believed"
contents | diff "$BOX/before" - >"$BOX/out" || fail "a bad listing had effect"
control clear-faults '{}' >/dev/null

# T19: files that lie elsewhere are fetched there, without the credential. The
# other host refuses whoever brings one.
forget
serve
control set '{"mediaRedirect":true}' >/dev/null
expect 0 sync
out_has "8 attachments fetched"

# ---- refusals ----
# A front that refuses files alone; the credential is good.
forget
serve
control fault '{"kind":"status","status":401,"path":"/download/",
    "count":-1}' >/dev/null
cs sync
check_status 3 "files that are refused"
err_has "the site refuses to hand out attachments"
err_has "attachments = none"
control clear-faults '{}' >/dev/null
expect 0 sync
out_has "8 attachments fetched"

forget
serve --lock-after 2
VARIABLES[1]=CONFLUENCE_API_TOKEN=wrong
expect 77 sync
err_has "personal access token"
same "$(wc -l <"$BOX/access")" 1 "requests with a refused token"
VARIABLES+=(CONFLUENCE_USERNAME=demo@example.com)
expect 77 sync
err_has "unset CONFLUENCE_USERNAME"
expect 77 sync
expect 77 sync
err_has "the account is locked"
err_has "with a browser"
same "$(wc -l <"$BOX/access")" 4 "requests with a refused password"
VARIABLES=("CONFLUENCE_BASE_URL=http://127.0.0.1:$PORT/elsewhere"
    CONFLUENCE_API_TOKEN=pat-1 "CONTEXT_SYNC_DIR=$MIRROR")
expect 78 sync
finish
