#!/bin/bash
# Checks of the fake Confluence itself: what tests rely on must hold.
# usage: selftest.sh BINARY SITE_DIR
set -u

binary=$1
site=$2
. "${BASH_SOURCE%/*}/selftest_lib.sh"
serve --bearer bearer-1 --port-file "$work/port" --access-log "$work/access"

v2=$url/wiki/api/v2
cloud=11111111-aaaa-4bbb-8ccc-222222222222
auth=demo@example.com:demo-token

get() { # PATH [JQ]: the answer, through jq when given
    curl -sS --globoff -u "$auth" "$v2$1" | jq -c "${2:-.}"
}

walk() { # PATH JQ: all rows of a listing, following next byte for byte
    local next=$1 page
    while [[ -n "$next" ]]; do
        page=$(curl -sS --globoff -u "$auth" "$url$next")
        jq -r ".results[] | $2" <<<"$page"
        next=$(jq -r '._links.next // empty' <<<"$page")
    done
}

check_auth() {
    check 'no credential' 401 "$(code "$v2/spaces")"
    check 'a wrong token' 401 "$(code -u demo@example.com:no "$v2/spaces")"
    check 'the right token' 200 "$(code -u "$auth" "$v2/spaces")"
    check 'the bearer token' 200 \
        "$(code -H 'Authorization: Bearer bearer-1' "$v2/spaces")"
    check 'the challenge' 1 \
        "$(curl -si "$v2/spaces" | grep -ci '^www-authenticate: basic')"
    check 'tenant_info is open' 200 "$(code "$url/_edge/tenant_info")"
    check 'the gateway' 200 "$(code -u "$auth" \
        "$url/ex/confluence/$cloud/wiki/api/v2/spaces")"
    check 'another cloud id' 404 \
        "$(code -u "$auth" "$url/ex/confluence/0/wiki/api/v2/spaces")"
}

check_parameters() {
    local p
    for p in limit=251 limit=0 limit=x sort=size status=draft colour=red \
        body-format=view expand=body start=10 depth=2; do
        check "refused: $p" 400 \
            "$(code -u "$auth" "$v2/spaces/98306/pages?$p")"
    done
    check 'limit 250' 200 \
        "$(code -u "$auth" "$v2/spaces/98306/pages?limit=250")"
    check 'an id that is no number' 400 "$(code -u "$auth" "$v2/pages/abc")"
    check 'an unknown id' 404 "$(code -u "$auth" "$v2/pages/12345678")"
    check 'an unknown path' 404 "$(code -u "$auth" "$v2/nothing")"
    check 'the wrong method' 405 \
        "$(code -u "$auth" -X DELETE "$v2/pages/65601")"
    check 'the error body' '[400,"INVALID_REQUEST_PARAMETER"]' \
        "$(get '/pages?limit=251' '[.errors[0].status, .errors[0].code]')"
    check '251 ids' 400 \
        "$(code -u "$auth" "$v2/pages?id=$(seq -s, 1 251)")"
    check 'parameters without end' 414 \
        "$(code -u "$auth" "$v2/pages?$(seq -f 'id=%g' -s '&' 1 601)")"
    check 'repeated ids' '["65601","65602"]' \
        "$(get '/pages?id=65602&id=65601' '[.results[].id]')"
    check 'status defaults to current and archived' '["archived","current"]' \
        "$(get '/spaces/98306/pages?limit=250' '[.results[].status]|unique')"
}

check_paging() {
    local all first next cursor
    all=$(get '/spaces/98306/pages?limit=250&sort=id' '[.results[].id]')
    check 'walked in threes = listed at once' "$all" \
        "$(walk '/wiki/api/v2/spaces/98306/pages?limit=3&sort=id' .id |
            jq -R . | jq -sc .)"
    check 'walked by time, all seen once' "$(jq -c sort <<<"$all")" \
        "$(walk '/wiki/api/v2/spaces/98306/pages?limit=4&sort=-modified-date' \
            .id | jq -R . | jq -sc sort)"
    first=$(get '/spaces/98306/pages?limit=3&sort=id' ._links.next)
    next=$(jq -r . <<<"$first")
    check 'the second page is empty and has a next' '[0,true]' \
        "$(curl -sS --globoff -u "$auth" "$url$next" |
            jq -c '[(.results | length), (._links.next != null)]')"
    check 'the cursor ends in = and is not last' 1 \
        "$(grep -c 'cursor=[^&]*==&limit=3' <<<"$next")"
    check 'the Link header has it too' 1 \
        "$(curl -si -u "$auth" "$v2/spaces/98306/pages?limit=3&sort=id" |
            grep -cF "<$next>; rel=\"next\"")"
    check 'changed limit' 400 \
        "$(code -u "$auth" "$url${next/limit=3/limit=4}")"
    check 'changed filter' 400 \
        "$(code -u "$auth" "$url${next/sort=id/sort=title}")"
    check 're-encoded cursor' 400 "$(code -u "$auth" "$url${next/==/%3D%3D}")"
    check 'cut cursor' 400 "$(code -u "$auth" "$url${next/==/}")"
    cursor=$(sed 's/.*cursor=\([^&]*\).*/\1/' <<<"$next")
    check 'the cursor is JSON' '"object"' \
        "$(base64 -d <<<"$cursor" | jq -c type)"
    check 'a made-up cursor' 400 \
        "$(code -u "$auth" "$v2/pages?cursor=eyJpZCI6IjEifQ==")"
    check 'what the 400 says' 1 "$(grep -c 'Expected type is Cursor' \
        "$work/body")"
}

check_content() {
    check 'ancestry through a folder' '["page","folder","page","page"]' \
        "$(get /pages/65603/ancestors '[.results[].type]')"
    check 'children by title' '["Release 2026.4","Release 2026.5 🎉"]' \
        "$(get '/pages/65620/direct-children?sort=title' '[.results[].title]')"
    check 'folder time is a number' '"number"' \
        "$(get /folders/65600 '.createdAt | type')"
    check 'a folder is no page' 404 "$(code -u "$auth" "$v2/pages/65600")"
    check 'body and labels' '["storage","service,payments"]' \
        "$(get '/pages/65601?body-format=storage&include-labels=true' \
            '[.body.storage.representation,
              ([.labels.results[].name] | join(","))]')"
    check 'body bytes' "$(cat "$site/65602.xhtml")" \
        "$(get '/pages/65602?body-format=storage' . |
            jq -r .body.storage.value)"
    check 'home has neither parent nor position' '[null,null,null]' \
        "$(get /pages/65590 '[.parentId, .position, .lastOwnerId]')"
    check 'roots only' '["92001"]' \
        "$(get /pages/65601/footer-comments '[.results[].id]')"
    check 'replies' '["92002"]' \
        "$(get /footer-comments/92001/children '[.results[].id]')"
    check 'users' '["Tom Okafor","inactive"]' \
        "$(curl -sS -u "$auth" "$v2/users-bulk" \
            -d '{"accountIds":["5b10a2844c20165700ede224","nobody"]}' |
            jq -c '.results[] | [.displayName, .accountStatus]')"
    check 'types' '{"65600":"folder","92004":"inline-comment","7":null}' \
        "$(curl -sS -u "$auth" "$v2/content/convert-ids-to-types" \
            -d '{"contentIds":["65600","92004","7"]}' | jq -c .results)"
    check 'gzip' "$(get '/spaces/98306/pages?limit=250')" \
        "$(curl -sS --compressed -u "$auth" \
            "$v2/spaces/98306/pages?limit=250" | jq -c .)"
}

check_download() {
    local path=$url/wiki/rest/api/content/65601/child/attachment/att91001
    local target
    check 'redirect' 302 "$(code -u "$auth" "$path/download")"
    target=$(curl -s -u "$auth" -o /dev/null -w '%{redirect_url}' \
        "$path/download")
    check 'media without credential' 200 "$(code "$target")"
    check 'the bytes' 0 \
        "$(cmp -s "$work/body" "$site/files/net-v2.png"; echo $?)"
    check 'media with credential' 400 "$(code -u "$auth" "$target")"
    check 'a version too high' 400 \
        "$(code -u "$auth" "$path/download?version=9")"
    check 'errors of v1' '[404,true]' "$(curl -sS -u "$auth" \
        "$url/wiki/rest/api/content/1/child/attachment/att1/download" |
        jq -c '[.statusCode, has("message")]')"
    check 'the browser path' 401 \
        "$(code -u "$auth" "$url/wiki/download/attachments/65601/net.png")"
}

check_edits() {
    check 'edit' 200 \
        "$(post edit '{"id":"65658","body":"<p>Now \"full\".</p>"}')"
    check 'edited' '[2,"<p>Now \"full\".</p>"]' \
        "$(get '/pages/65658?body-format=storage' \
            '[.version.number, .body.storage.value]')"
    check 'newest first' '["65658"]' \
        "$(get '/spaces/98306/pages?sort=-modified-date&limit=1' \
            '[.results[].id]')"
    check 'the version before' '""' \
        "$(get '/pages/65658?version=1&body-format=storage' \
            .body.storage.value)"
    check 'retitle' 200 "$(post edit '{"id":"65658","title":"Full page"}')"
    check 'retitled' '"Full page"' "$(get /pages/65658 .title)"
    check 'move' 200 "$(post move '{"id":65658,"parent":65610}')"
    check 'moved, same version' '["65610",3]' \
        "$(get /pages/65658 '[.parentId, .version.number]')"
    check 'move to a space' 200 "$(post move '{"id":65658,"space":"OPS"}')"
    check 'moved to the space' '["98307","70001"]' \
        "$(get /pages/65658 '[.spaceId, .parentId]')"
    check 'no page below itself' 400 \
        "$(post move '{"id":65610,"parent":65611}')"
    check 'trash' 200 "$(post delete '{"id":65610}')"
    check 'trashed' '"trashed"' "$(get /pages/65610 .status)"
    check 'its children moved up' '"65590"' "$(get /pages/65611 .parentId)"
    check 'not listed' '[]' "$(get '/pages?id=65610' '[.results[].id]')"
    check 'listed as trashed' '["65610"]' \
        "$(get '/pages?id=65610&status=trashed' '[.results[].id]')"
    check 'restore' 200 "$(post restore '{"id":65610}')"
    check 'restored' '"current"' "$(get /pages/65610 .status)"
    check 'purge' 200 "$(post delete '{"id":65653,"purge":true}')"
    check 'purged' 404 "$(code -u "$auth" "$v2/pages/65653")"
    check 'create' 200 \
        "$(post create '{"space":"ENG","title":"New","body":"<p>n</p>"}')"
    check 'created' '"New"' "$(get "/pages/$(jq -r .id "$work/order")" .title)"
    check 'label' 200 \
        "$(post label '{"id":65611,"add":"fresh","remove":"adr"}')"
    check 'labelled' '["ledger","fresh"]' \
        "$(get /pages/65611/labels '[.results[].name]')"
    check 'rename a user' 200 "$(post rename-user \
        '{"id":"5b10a2844c20165700ede221","name":"Jonas Weber-Lind"}')"
    check 'attach' 200 "$(post attach \
        '{"content":65611,"title":"n.txt","data":"one"}')"
    check 'attach anew' 200 "$(post attach \
        '{"content":65611,"title":"n.txt","data":"three"}')"
    check 'attached' '[[2,5]]' "$(get /pages/65611/attachments \
        '[.results[] | [.version.number, .fileSize]]')"
    check 'comment' 200 "$(post comment '{"content":65611,"body":"<p>c</p>"}')"
    check 'hide' 200 "$(post hide '{"id":65611}')"
    check 'hidden' 404 "$(code -u "$auth" "$v2/pages/65611")"
    check 'hide a space' 200 "$(post hide '{"space":"OPS"}')"
    check 'hidden space' '["ENG","~demo"]' "$(get /spaces '[.results[].key]')"
    check 'hidden with its space' 404 "$(code -u "$auth" "$v2/pages/70011")"
    check 'show again' 200 "$(post hide '{"space":"OPS","hidden":false}')"
    check 'state' '["98306","98307","98308"]' \
        "$(curl -sS "$url/_control/state" | jq -c '[.spaces[].id]')"
    check 'an order without sense' 400 "$(post edit '{"id":1}')"
    check 'no JSON' 400 "$(post edit 'x')"
}

check_faults() {
    local pages=/wiki/api/v2/pages
    check 'order 429' 200 "$(post fault \
        "{\"kind\":\"status\",\"path\":\"$pages\",\"status\":429,
          \"retryAfter\":3,\"count\":2}")"
    check 'elsewhere' 200 "$(code -u "$auth" "$v2/spaces")"
    check 'first' 429 "$(code -u "$auth" "$v2/pages/65601")"
    check 'Retry-After' 1 "$(curl -si -u "$auth" "$v2/pages/65601" |
        grep -ci '^retry-after: 3')"
    check 'over' 200 "$(code -u "$auth" "$v2/pages/65601")"
    post fault "{\"kind\":\"login\",\"path\":\"$pages\"}" >/dev/null
    check 'login page' '200 text/html; charset=utf-8' \
        "$(curl -s -o /dev/null -w '%{http_code} %{content_type}' -u "$auth" \
            "$v2/pages/65601")"
    post fault "{\"kind\":\"reset\",\"path\":\"$pages\"}" >/dev/null
    check 'reset' 000 "$(code -u "$auth" "$v2/pages/65601")"
    post fault "{\"kind\":\"truncate\",\"path\":\"$pages\",\"bytes\":20}" \
        >/dev/null
    code -u "$auth" "$v2/pages/65601" >/dev/null
    check 'truncated' 20 "$(wc -c <"$work/body")"
    post fault "{\"kind\":\"hang\",\"path\":\"$pages\"}" >/dev/null
    check 'hang' 000 "$(code -m 0.3 -u "$auth" "$v2/pages/65601")"
    post poison '{"id":65602}' >/dev/null
    check 'poisoned batch' 500 \
        "$(code -u "$auth" "$v2/pages?id=65601,65602&body-format=storage")"
    check 'poisoned page' 500 \
        "$(code -u "$auth" "$v2/pages/65602?body-format=storage")"
    check 'without bodies' 200 "$(code -u "$auth" "$v2/pages?id=65601,65602")"
    check 'the others' 200 \
        "$(code -u "$auth" "$v2/pages?id=65601&body-format=storage")"
    check 'stale' 200 "$(post edit \
        '{"id":65604,"body":"<p>new</p>","stale":true}')"
    check 'one old answer' 5 \
        "$(get '/pages/65604?body-format=storage' .version.number)"
    check 'then the new one' 6 \
        "$(get '/pages/65604?body-format=storage' .version.number)"
    check 'no such fault' 400 "$(post fault '{"kind":"flood"}')"
    check 'counters' true "$(curl -sS "$url/_control/requests" |
        jq -c '."GET /wiki/api/v2/pages/{id}" > 10')"
    check 'the log says who sent credentials' true \
        "$(grep -q '^GET /wiki/api/v2/spaces 401 no-auth$' "$work/access" &&
            echo true)"
}

check_auth
check_parameters
check_paging
check_content
check_download
check_edits
check_faults

check 'the port file' "${url##*:}" "$(cat "$work/port")"
finish
