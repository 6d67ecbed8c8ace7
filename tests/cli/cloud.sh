#!/usr/bin/env bash
# cloud.sh - a mirror of Cloud: through the gateway, in hourly runs that read
# changes alone, with files, comments and what has no text; and its traps.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

serve() {
    start_fake "$@"
    use_server
    VARIABLES+=(CONFLUENCE_DEPLOYMENT=cloud)
}

# forget - a new mirror, a new server.
forget() {
    stop_fake
    rm -rf "$MIRROR"
}

# hourly - runs read changes; what is complete is looked at once a day.
hourly() {
    mkdir -p "$HOME_DIR/.config/context-sync"
    echo "$1" >"$HOME_DIR/.config/context-sync/config"
}

# asked TEXT - how many requests had it since the last call of `from_here`.
HERE=0
from_here() { HERE=$(wc -l <"$BOX/access"); }
asked() { tail -n "+$((HERE + 1))" "$BOX/access" | grep -cF -- "$1" || true; }

ENG=$MIRROR/confluence/ENG
PAGE="$ENG/Services/Payment service"

# ---- a scoped token: refused by the site, good at the gateway ----
serve --scoped
GATE=$(curl -sS "http://127.0.0.1:$PORT/_control/ports" | jq -r .gateway)
VARIABLES+=("CONTEXT_SYNC_TEST_GATEWAY=http://127.0.0.1:$GATE")
expect 0 sync
out_has "49 listed = 49 stored = 49 indexed"
out_has "8 attachments fetched"
same "$(grep -c '_edge/tenant_info.* no-auth$' "$BOX/access")" 1 "cloud id"
same "$(grep -c '^GET /wiki/' "$BOX/access")" 1 "requests to the site"
curl -sS "http://127.0.0.1:$PORT/_control/media" >"$BOX/out"
json 'length' 8
json '[.[].headers | keys[] | ascii_downcase | select(. == "authorization")]
    | length' 0
file_has "$PAGE.md" "## Comments"
[ -s "$PAGE.assets/net.png" ] || fail "no attachment"
sketch=$(find "$ENG" -name 'Sketch of the new checkout.md')
file_has "$sketch" "This is a whiteboard: [open it in Confluence]("
expect 0 maintenance reconvert
out_has "0 files changed, 0 failed"

# ---- runs that read changes alone ----
forget
hourly 'reconcile_interval = 24h
sweep_requests = 0'
serve
expect 0 sync
from_here
expect 0 sync
out_has "0 written, 0 moved, 0 removed"
same "$(asked "status=current&sort=id")" 0 "complete listings in an hourly run"
quiet=$(($(wc -l <"$BOX/access") - HERE))
[ "$quiet" -le 14 ] || fail "an hourly run without a change: $quiet requests"

control edit '{"id":65601,"append":"<p>quokka</p>"}' >/dev/null
control edit '{"id":65602,"title":"Refunds"}' >/dev/null
control comment '{"content":65603,"body":"<p>wombat</p>"}' >/dev/null
control attach '{"content":65601,"title":"net.png","data":"bilby"}' >/dev/null
control delete '{"id":65604}' >/dev/null
control create '{"space":"ENG","parent":65601,"title":"Fresh","id":900001,
    "body":"<p>numbat</p>"}' >/dev/null
from_here
expect 0 sync
same "$(asked "status=current&sort=id")" 0 "complete listings in an hourly run"
out_has "1 deleted on the site"
file_has "$PAGE.md" quokka
same "$(cat "$PAGE.assets/net.png")" bilby "T18: the new version of a file"
find "$ENG" -name Refunds.md | grep -q . || fail "a new title, no new name"
grep -rqF wombat "$ENG" || fail "a new comment was not seen"
file_has "$PAGE/Fresh.md" numbat
expect 0 why --json 65604
json .reason trashed

# A reply, and an answer edited: the feed names a comment, not the page.
reply=$(control comment '{"content":65603,"body":"<p>potoroo</p>"}' |
    jq -r .id)
expect 0 sync
control comment "{\"content\":65603,\"parent\":$reply,
    \"body\":\"<p>bettong</p>\"}" >/dev/null
expect 0 sync
grep -rqF bettong "$ENG" || fail "a reply was not seen"
from_here
expect 0 sync
same "$(asked '/footer-comments/')" 0 "comments asked for again"

# A move has no new time: the complete listing sees it, without a text.
control move '{"id":65601,"space":"OPS"}' >/dev/null
from_here
expect 0 sync --full
[ -f "$MIRROR/confluence/OPS/Payment service.md" ] ||
    find "$MIRROR/confluence/OPS" -name 'Payment service.md' | grep -q . ||
    fail "T9: a move between spaces"
same "$(asked 'body-format=storage&status')" 0 "T9: texts fetched by a move"

# ---- traps ----
# T13: one page that no answer may contain; T8: a listing in circles; T1: one
# that fails; T30: a login page.
forget
hourly ''
serve
control poison '{"id":65603}' >/dev/null
expect 3 sync
out_has "49 listed, 48 stored"
control poison '{"id":65603,"poison":false}' >/dev/null
expect 0 sync
out_has "49 listed = 49 stored = 49 indexed"
contents >"$BOX/before"
for fault in \
    '"kind":"repeat-cursor","path":"/wiki/api/v2/spaces/98306/pages"' \
    '"kind":"status","status":404,"path":"/wiki/api/v2/spaces/98306/pages"' \
    '"kind":"login","path":"/wiki/api/v2/spaces/98306/pages"'; do
    control fault "{$fault,\"count\":-1}" >/dev/null
    cs sync
    [ "$STATUS" != 0 ] || fail "believed: $fault"
    contents | diff "$BOX/before" - >"$BOX/out" || fail "had effect: $fault"
    control clear-faults '{}' >/dev/null
done
ok

# A token that may not read labels: told once, with the scope it lacks; the rest
# comes, and what is held stays.
control edit '{"id":65601,"append":"<p>potto</p>"}' >/dev/null
control edit '{"id":65602,"append":"<p>potto</p>"}' >/dev/null
control fault '{"kind":"status","status":401,"contains":"/labels?",
    "path":"/wiki/api/v2/pages/","count":-1}' >/dev/null
expect 0 sync
same "$(grep -c "labels: left out, the token may not read them" "$BOX/err")" 1 \
    "times that it is told"
err_has "give it the scope read:label:confluence, then cs sync --full"
file_has "$PAGE.md" potto
file_has "$PAGE.md" "labels: ["
control clear-faults '{}' >/dev/null
expect 0 sync --full

# A list on which the server chokes is asked for in smaller pieces.
control fault '{"kind":"status","status":500,"contains":"limit=250",
    "path":"/wiki/api/v2/spaces/98306/pages","count":-1}' >/dev/null
from_here
expect 0 sync --full
[ "$(asked 'limit=125')" -gt 0 ] || fail "no smaller limit"
control clear-faults '{}' >/dev/null

# Downloads that break go on where they broke.
hourly 'attachments = all'
control attach '{"content":65601,"title":"big.bin","data":"0123456789abcdef",
    "repeat":20000}' >/dev/null
control fault '{"kind":"truncate","bytes":100000,"path":"/file/",
    "contains":"big.bin"}' \
    >/dev/null
expect 0 sync --full
same "$(wc -c <"$PAGE.assets/big.bin")" 320000 "a resumed download"
curl -sS "http://127.0.0.1:$PORT/_control/media" >"$BOX/out"
json '[.[].headers | to_entries[] | select(.key | ascii_downcase == "range")
    | .value] | length' 1
finish
