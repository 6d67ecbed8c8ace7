#!/bin/bash
# Checks of the fake's Cloud: search, people, restrictions, the media and the
# gateway port, orders of the control surface, and faults of listings.
# usage: selftest_more.sh BINARY SITE_DIR
set -u

binary=$1
site=$2
. "${BASH_SOURCE%/*}/selftest_lib.sh"
serve --bearer bearer-1 --scoped --split-gateway
auth=demo@example.com:demo-token
cloud=11111111-aaaa-4bbb-8ccc-222222222222
mara=5b10a2844c20165700ede220

get() { # PATH [JQ]
    curl -sS --globoff -u "$auth" "$root$1" | jq -c "${2:-.}"
}

cql() { # QUERY JQ [MORE...]
    curl -sS -u "$auth" -G "$root/wiki/rest/api/content/search" \
        --data-urlencode "cql=$1" "${@:3}" | jq -c "$2"
}

ports() {
    curl -sS "$url/_control/ports" | jq ".$1"
}

check_gateway() {
    check 'a scoped token at the site' 401 \
        "$(code -u "$auth" "$url/wiki/api/v2/spaces")"
    check 'OAuth at the site' 401 \
        "$(code -H 'Authorization: Bearer bearer-1' "$url/wiki/api/v2/spaces")"
    check 'the gateway has its own port' 404 \
        "$(code -u "$auth" "$url/ex/confluence/$cloud/wiki/api/v2/spaces")"
    check 'the gateway' 200 "$(code -u "$auth" "$root/wiki/api/v2/spaces")"
    check 'OAuth at the gateway' 200 \
        "$(code -H 'Authorization: Bearer bearer-1' "$root/wiki/api/v2/spaces")"
    check 'the sites of a token' "\"$cloud\"" \
        "$(curl -sS -H 'Authorization: Bearer bearer-1' \
            "${root%/ex*}/oauth/token/accessible-resources" | jq -c '.[0].id')"
}

check_search() {
    check 'by space and type' '["65701","65702"]' \
        "$(cql 'space = "ENG" and type = blogpost' '[.results[].id]')"
    check 'in a list, newest first' '["65641","65640"]' \
        "$(cql 'id in (65640, 65641) order by lastmodified desc' \
            '[.results[].id]')"
    check 'a date in the zone of the account' '["65641"]' \
        "$(cql 'id in (65640,65641) and lastmodified > "2026-05-14 01:00"' \
            '[.results[].id]')"
    check 'the same minute is not later' '[]' \
        "$(cql 'id = 65601 and lastmodified > "2026-05-06 00:08"' \
            '[.results[].id]')"
    check 'the same minute is reached' '["65601"]' \
        "$(cql 'id = 65601 and lastmodified >= "2026-05-06 00:08"' \
            '[.results[].id]')"
    check 'a relative date' '[]' \
        "$(cql 'space = ENG and lastmodified > now("+1d")' '[.results[].id]')"
    check 'ancestors are pages' '[["65606"],[]]' \
        "$(jq -c -s . <(cql 'ancestor = 65605' '[.results[].id]') \
            <(cql 'ancestor = 65600' '[.results[].id]'))"
    check 'labels and brackets' '["65701"]' \
        "$(cql '(label = release or label = none) and type = blogpost' \
            '[.results[].id]')"
    check 'archived content appears' '["archived"]' \
        "$(cql 'id = 65613' '[.results[].status]')"
    check 'trashed content does not' '[]' "$(cql 'id = 65660' '[.results[].id]')"
    check 'comments are content' '["comment"]' \
        "$(cql 'type = comment' '[.results[].type] | unique')"
    local bad
    for bad in 'not type = page' 'size = 3' 'type ~ page' 'type = page and' \
        'lastmodified > "2026-05-14 01:00:10"' '(type = page' 'created > 3'; do
        check "refused: $bad" 400 "$(cql "$bad" .statusCode)"
    done
    check 'versions are expanded' '[21,"2026-05-14T08:00:00.000Z"]' \
        "$(cql 'id = 65640' '.results[0].version | [.number, .when]' \
            -d expand=version)"
    check 'start has no effect' '"65590"' \
        "$(cql 'space = ENG' '.results[0].id' -d start=10)"
    check 'next leaves out /wiki' true "$(cql 'space = ENG' \
        '._links.next | startswith("/rest/api/content/search?cursor=")' \
        -d limit=2)"
    check 'rendered bodies cap the limit' 25 \
        "$(cql 'space = ENG' .limit -d limit=100 -d expand=body.export_view)"
    post set '{"searchLag":999999999}' >/dev/null
    post edit '{"id":65658,"body":"<p>x</p>"}' >/dev/null
    check 'the index lags behind' '[]' "$(cql 'id = 65658' '[.results[].id]')"
    post set '{"searchLag":0}' >/dev/null
}

check_people() {
    check 'names are forgotten, unknown ids left out' '[null]' \
        "$(get "/wiki/rest/api/user/bulk?accountId=nobody&accountId=${mara%0}5" \
            '[.results[].displayName]')"
    check 'one person' '"Mara Lindqvist"' \
        "$(get "/wiki/rest/api/user?accountId=$mara" .displayName)"
    check 'nobody' 404 \
        "$(code -u "$auth" "$root/wiki/rest/api/user?accountId=nobody")"
    check 'system' "\"$cloud\"" \
        "$(get /wiki/rest/api/settings/systemInfo .cloudId)"
}

check_rights() {
    local path=/wiki/rest/api/content/65605/restriction/byOperation
    check 'no restriction' 0 "$(get $path .read.restrictions.user.size)"
    check 'restrict' 200 "$(post restrict \
        "{\"id\":65605,\"update\":[\"$mara\"]}")"
    check 'restricted to edit' "[0,\"$mara\"]" "$(get $path \
        '[.read.restrictions.user.size,
          .update.restrictions.user.results[0].accountId]')"
    check 'one operation' '"read"' "$(get $path/read .operation)"
    post restrict "{\"id\":65605,\"read\":[\"$mara\"],\"status\":403}" \
        >/dev/null
    check 'forbidden' 403 "$(code -u "$auth" "$root/wiki/api/v2/pages/65605")"
    check 'and below' 403 "$(code -u "$auth" "$root/wiki/api/v2/pages/65606")"
    post restrict '{"id":65605,"read":[]}' >/dev/null
    check 'lifted' 200 "$(code -u "$auth" "$root/wiki/api/v2/pages/65605")"
}

check_media() {
    local call=$root/wiki/rest/api/content/65601/child/attachment/att91001
    local target
    target=$(curl -s -u "$auth" -o /dev/null -w '%{redirect_url}' \
        "$call/download")
    check 'a range' 206 "$(code -r 10-19 "$target")"
    check 'ten bytes' 10 "$(wc -c <"$work/body")"
    check 'to the end' 0 "$(code -r 100- "$target" >/dev/null
        cmp -s "$work/body" <(tail -c +101 "$site/files/net-v2.png"); echo $?)"
    check 'beyond the end' 416 "$(code -r 9999- "$target")"
    check 'changed meanwhile: all of it' 200 \
        "$(code -r 10- -H 'If-Range: "other"' "$target")"
    check 'what was sent is recorded' '["bytes=10-19",null]' \
        "$(curl -sS "$url/_control/media" |
            jq -c '.[0].headers | [.range, .authorization]')"
    post attach '{"content":65601,"title":"net.png","data":"new"}' >/dev/null
    check 'the old version is kept' 0 "$(curl -sL -u "$auth" \
        "$call/download?version=2" | cmp -s - "$site/files/net-v2.png"; echo $?)"
    check 'the new one' new "$(curl -sL -u "$auth" "$call/download")"
    post delete '{"id":91001,"trash":true}' >/dev/null
    check 'a trashed file' '["trashed"]' "$(get \
        '/wiki/api/v2/pages/65601/attachments?status=trashed' \
        '[.results[].status]')"
    post restore '{"id":91001}' >/dev/null
    check 'and back' 200 "$(curl -sL -o /dev/null -w '%{http_code}' \
        -u "$auth" "$call/download")"
}

check_orders() {
    check 'swap titles' 200 "$(post swap '{"a":65605,"b":65606}')"
    check 'swapped' '["Ledger data model",10]' \
        "$(get /wiki/api/v2/pages/65605 '[.title, .version.number]')"
    check 'linger' 200 "$(post delete '{"id":65657,"linger":true}')"
    check 'deleted, not purged' '["65657"]' "$(get \
        '/wiki/api/v2/pages?id=65657&status=deleted' '[.results[].id]')"
    check 'but not found' 404 "$(code -u "$auth" "$root/wiki/api/v2/pages/65657")"
    check 'resolve' 200 "$(post comment '{"id":92004,"resolution":"resolved"}')"
    check 'resolved' '"resolved"' \
        "$(get /wiki/api/v2/inline-comments/92004 .resolutionStatus)"
    check 'the answered comment goes' 200 "$(post delete '{"id":92001}')"
    check 'answers move up' '["92002"]' \
        "$(get /wiki/api/v2/pages/65601/footer-comments '[.results[].id]')"
    check 'and answer nobody' null \
        "$(get /wiki/api/v2/footer-comments/92002 .parentCommentId)"
    check 'rename a space' 200 "$(post space '{"space":"OPS","name":"Ops"}')"
    check 'renamed' '"Ops"' "$(get '/wiki/api/v2/spaces?keys=OPS' \
        '.results[0].name')"
    check 'a space goes' 200 "$(post space '{"space":"OPS","gone":true}')"
    check 'with all that is in it' 404 \
        "$(code -u "$auth" "$root/wiki/api/v2/pages/70011")"
    check 'the truth' '["Ledger data model",10,true,"ENG"]' \
        "$(curl -sS "$url/_control/truth?space=ENG" |
            jq -c '.content[] | select(.id == "65605") |
                [.title, .version, .visible, .space]')"
    check 'the truth of files' \
        "[3,\"$(printf new | gzip -c | tail -c8 | head -c4 | od -An -tx4 |
            tr -d ' ')\"]" \
        "$(curl -sS "$url/_control/truth" | jq -c '.content[] |
            select(.id == "65601") | .attachments[0] | [.size, .crc32]')"
}

fault() { # JSON; then the rest is a request
    post fault "$1" >/dev/null
}

check_list_faults() {
    local list="$root/wiki/api/v2/spaces/98306/pages?limit=2"
    fault '{"kind":"end-early"}'
    check 'ends early' '[2,null]' "$(curl -sS -u "$auth" "$list" |
        jq -c '[(.results | length), ._links.next]')"
    fault '{"kind":"repeat-cursor"}'
    check 'leads to itself' '"/wiki/api/v2/spaces/98306/pages?limit=2"' \
        "$(curl -sS -u "$auth" "$list" | jq -c ._links.next)"
    fault '{"kind":"missing-rows","rows":2}'
    check 'rows are missing' '"65602"' \
        "$(curl -sS -u "$auth" "$list" | jq -c '.results[0].id')"
    fault '{"kind":"empty-list"}'
    check 'nothing there' '[[],null]' "$(curl -sS -u "$auth" "$list" |
        jq -c '[.results, ._links.next]')"
    post edit '{"id":65604,"body":"<p>new</p>","stale":true}' >/dev/null
    list="$root/wiki/api/v2/pages?id=65604&body-format=storage"
    check 'stale in a batch, once' '5 6' "$(for i in 1 2; do
        curl -sS -u "$auth" "$list" | jq .results[0].version.number
    done | xargs)"
}

check_transfer_faults() {
    local list="$root/wiki/api/v2/spaces/98306/pages"
    local form
    for form in none zero huge date seconds; do
        fault "{\"kind\":\"rate\",\"form\":\"$form\"}"
        check "429: $form" 429 "$(code -u "$auth" "$list")"
    done
    fault '{"kind":"rate","form":"403"}'
    check '403 that is a 429' 403 "$(code -u "$auth" "$list")"
    fault '{"kind":"cut-chunked","bytes":100}'
    code -D "$work/head" -u "$auth" "$list" >/dev/null
    check 'chunks cut' 100 "$(wc -c <"$work/body")"
    check 'no length was said' 0 "$(grep -ci '^content-length' "$work/head")"
    fault '{"kind":"slow","bytes":2000,"ms":20}'
    check 'slow and whole' 200 "$(code -u "$auth" "$list")"
    fault '{"kind":"redirect","to":"media"}'
    check 'another host' "http://localhost:$(ports media)" "$(curl -s -o \
        /dev/null -w '%{redirect_url}' -u "$auth" "$list" | grep -o '^.*:[0-9]*')"
    fault '{"kind":"redirect","to":"loop","count":-1}'
    check 'a loop' 47 "$(curl -sL --max-redirs 4 -o /dev/null -u "$auth" \
        "$list"; echo $?)"
    check 'one waits' 1 "$(curl -sS "$url/_control/faults" | jq .waiting)"
    post clear-faults '' >/dev/null
    fault '{"kind":"redirect","to":"sso"}'
    check 'a login elsewhere' 'text/html; charset=utf-8' "$(curl -sL -o \
        /dev/null -w '%{content_type}' -u "$auth" "$list")"
    fault '{"kind":"status","glob":"/wiki/*/labels","every":2,"count":-1}'
    check 'every other of a pattern' '200 503 200 503' "$(
        for path in pages/65601 pages/65601/labels pages/65604/labels \
            pages/65605/labels; do
            code -u "$auth" "$root/wiki/api/v2/$path"; echo
        done | xargs)"
    post clear-faults '' >/dev/null
}

check_children() {
    local list=/wiki/api/v2/pages/65590/direct-children next
    post create '{"space":"ENG","parent":65590,"title":"No place"}' >/dev/null
    next=$(get "$list?limit=2" ._links.next | tr -d '"')
    check 'the second page of children by position' '[[],null]' \
        "$(get "$next" '[.results, ._links.next]')"
    next=$(get "$list?limit=2&sort=id" ._links.next | tr -d '"')
    check 'and by id' 2 "$(get "$next" '.results | length')"
}

check_random() {
    check 'fifty changes' 200 "$(post random '{"seed":3,"count":50}')"
    check 'are fifty' 50 "$(jq '.changes | length' "$work/order")"
    check 'titles stay unique' 0 "$(curl -sS "$url/_control/truth" |
        jq '[.content[] | select(.status == "current") | [.space, .title]] |
            group_by(.) | map(select(length > 1)) | length')"
    check 'parents are there' 0 "$(curl -sS "$url/_control/truth" |
        jq '([.content[].id]) as $ids | [.content[] |
            select(.parentId != null and (.parentId | IN($ids[]) | not))] |
            length')"
    check 'three faults' 200 "$(post random-faults \
        '{"seed":3,"count":3,"kinds":"reset,500"}')"
    check 'wait' 3 "$(curl -sS "$url/_control/faults" | jq .waiting)"
}

root=http://127.0.0.1:$(ports gateway)/ex/confluence/$cloud
check_gateway
check_search
check_people
check_rights
check_media
check_orders
check_list_faults
check_transfer_faults
check_children
check_random
finish
