#!/bin/bash
# Checks of the fake's Data Center.
# usage: selftest_dc.sh BINARY SITE_DIR
set -u

binary=$1
site=$2
. "${BASH_SOURCE%/*}/selftest_lib.sh"
basic=demo@example.com:demo-token
pat='Authorization: Bearer pat-1'

begin() { # OPTIONS...: another server, with a context path
    serve --flavour datacenter --bearer pat-1 "$@"
    api=$url/confluence/rest/api
}

get() { # PATH [JQ]
    curl -sS --globoff -H "$pat" "$api$1" | jq -c "${2:-.}"
}

cql() { # QUERY JQ
    curl -sS -H "$pat" -G "$api/content/search" --data-urlencode "cql=$1" |
        jq -c "$2"
}

# All ids of a listing as a careful client reads it: by the rows that came,
# and by next where a page had none.
walk_size() { # PATH
    local start=0 page size next
    while :; do
        page=$(curl -sS --globoff -H "$pat" "$api$1&start=$start")
        jq -r '.results[].id' <<<"$page"
        size=$(jq .size <<<"$page")
        next=$(jq -r '._links.next // empty' <<<"$page")
        [[ -n "$next" ]] || break
        start=$((start + size))
        [[ "$size" != 0 ]] || start=${next##*start=}
    done
}

# All ids as the next links lead to them.
walk_next() { # PATH
    local next=/rest/api$1 page
    while [[ -n "$next" ]]; do
        page=$(curl -sS --globoff -H "$pat" "$url/confluence$next")
        jq -r '.results[].id' <<<"$page"
        next=$(jq -r '._links.next // empty' <<<"$page")
    done
}

check_login() {
    local i
    check 'no credential' 401 "$(code "$api/user/current")"
    check 'outside the context path' 404 \
        "$(code -H "$pat" "$url/rest/api/user/current")"
    check 'a token' '["known","demo"]' \
        "$(get /user/current '[.type, .username]')"
    check 'a password' 200 "$(code -u "$basic" "$api/user/current")"
    check 'a token is no password' 401 \
        "$(code -u demo@example.com:pat-1 "$api/user/current")"
    for i in 1 2; do
        code -u demo@example.com:bad "$api/user/current" >/dev/null
    done
    check 'the CAPTCHA' 403 "$(code -u "$basic" "$api/user/current")"
    check 'what it says' 1 "$(curl -si -u "$basic" "$api/user/current" |
        grep -c '^X-Seraph-LoginReason: AUTHENTICATION_DENIED')"
    check 'a token does not mind' 200 "$(code -H "$pat" "$api/user/current")"
    post unlock '' >/dev/null
    check 'unlocked' 200 "$(code -u "$basic" "$api/user/current")"
    check 'Cloud is not here' 404 \
        "$(code -H "$pat" "$url/confluence/wiki/api/v2/pages")"
    check 'the error body' '[404,"Not Found"]' \
        "$(get /content/999 '[.statusCode, .reason]')"
    check 'unknown parameters are taken' 200 \
        "$(code -H "$pat" "$api/content?colour=red")"
    check 'negative numbers are not' 400 \
        "$(code -H "$pat" "$api/content?limit=-1")"
}

check_lists() {
    local all="/content?spaceKey=ENG&type=page&status=any" wanted
    wanted=$(get "$all&limit=1000" '[.results[].id]')
    check 'silent cap' '[3,3]' \
        "$(get "$all&limit=20&expand=body.storage" '[.limit, .size]')"
    check 'next steps by what was asked for' 1 \
        "$(get "$all&limit=20&expand=body.storage" ._links.next |
            grep -c 'start=20"')"
    check 'whoever follows it loses rows' true \
        "$([[ $(walk_next "$all&limit=20&expand=body.storage" | wc -l) -lt \
            $(jq length <<<"$wanted") ]] && echo true)"
    check 'whoever counts rows does not' "$wanted" \
        "$(walk_size "$all&limit=20&expand=body.storage" | jq -R . | jq -sc .)"
    post hide '{"id":65590}' >/dev/null
    check 'hidden after the cut' '[0,true]' \
        "$(get "$all&limit=3" '[.size, (._links.next != null)]')"
    check 'pages with no rows are not the end' '["65610"]' \
        "$(post hide '{"id":65590,"hidden":false}' >/dev/null
        post hide '{"id":65601}' >/dev/null
        walk_size "$all&limit=2" | sort -u | grep -x 65610 | jq -R . |
            jq -sc .)"
    post hide '{"id":65601,"hidden":false}' >/dev/null
    check 'an unknown space' 404 "$(code -H "$pat" "$api/content?spaceKey=NO")"
    check 'the trash' '["65660"]' \
        "$(get '/content?spaceKey=ENG&status=trashed' '[.results[].id]')"
    check 'archived' '["65613"]' \
        "$(get '/content?spaceKey=ENG&status=archived' '[.results[].id]')"
    check 'a start beyond the end repeats a space' '["~demo"]' \
        "$(get '/space?start=3' '[.results[].key]')"
}

check_scan() {
    local scan='/content/scan?spaceKey=ENG&type=page&limit=7' cursor ids
    check 'the first cursor' '"content:false:0"' "$(get "$scan" .cursor)"
    check 'next drops the filters' \
        '"/rest/api/content/scan?limit=2&cursor=content%3Afalse%3A65601"' \
        "$(get '/content/scan?spaceKey=ENG&type=page&limit=2' ._links.next)"
    cursor=content:false:0
    while [[ "$cursor" != null ]]; do
        ids+=$(get "$scan&cursor=$cursor" '.results[].id')$'\n'
        cursor=$(get "$scan&cursor=$cursor" .nextCursor | tr -d '"')
    done
    check 'scanned = listed' \
        "$(get '/content?spaceKey=ENG&limit=999' '.results[].id')" \
        "$(grep . <<<"$ids")"
    check 'a made-up cursor' 400 \
        "$(code -H "$pat" "$api/content/scan?cursor=x")"
    check 'comments are content too' '["comment"]' \
        "$(get '/content/scan?type=comment' '[.results[].type] | unique')"
    check 'the trash by cursor' '["65660"]' \
        "$(get /space/ENG/trash '[.results[].id]')"
}

check_content() {
    check 'expanded by default' '[true,true,true,false]' "$(get /content/65601 \
        '[has("history"), has("space"), has("version"), has("body")]')"
    check 'times have an offset' '"2026-05-06T09:08:09.101+02:00"' \
        "$(get /content/65601 .version.when)"
    check 'folders do not exist' '["65590"]' \
        "$(get '/content/65601?expand=ancestors' '[.ancestors[].id]')"
    check 'nor by themselves' 404 "$(code -H "$pat" "$api/content/65600")"
    check 'the body' '["ri:userkey"]' \
        "$(get '/content/65601?expand=body.storage' .body.storage.value |
            grep -o 'ri:userkey\|ri:account-id' | sort -u | jq -R . |
            jq -sc .)"
    check 'trashed by itself' '404 200' "$(code -H "$pat" "$api/content/65660"
        echo -n ' '; code -H "$pat" "$api/content/65660?status=any")"
    check 'who is gone' '"unknown"' "$(post rename-user \
        '{"id":"5b10a2844c20165700ede222","status":"closed"}' >/dev/null
        get /content/65605 .version.by.type)"
    check 'labels are paged inside a page' \
        '[1,"/rest/api/content/65601/label?limit=1&start=1"]' \
        "$(get '/content/65601?expand=metadata.labels' \
            '.metadata.labels | [.size, ._links.next]')"
    check 'the rest of them' '["payments"]' \
        "$(get '/content/65601/label?limit=1&start=1' '[.results[].name]')"
    check 'roots' '["92001"]' \
        "$(get /content/65601/child/comment '[.results[].id]')"
    check 'all in one list' '["92001","92002","92003"]' \
        "$(get '/content/65601/child/comment?depth=all' '[.results[].id]')"
    check 'by place' '["92004"]' \
        "$(get '/content/65602/child/comment?location=inline' \
            '[.results[].id]')"
    check 'not in that place' '[]' \
        "$(get '/content/65602/child/comment?location=footer' \
            '[.results[].id]')"
    check 'what an answer answers' '["92001","92002"]' \
        "$(get '/content/92003?expand=ancestors' '[.ancestors[].id]')"
    check 'CQL' '["65701"]' \
        "$(cql 'label = release and type = blogpost' '[.results[].id]')"
    check 'restrictions' '"read"' \
        "$(get /content/65601/restriction/byOperation .read.operation)"
    post restrict '{"id":65605,"readGroups":["staff"],"member":true}' >/dev/null
    check 'inherited ones' '["65605"]' \
        "$(get /content/65606/restriction/relevantViewRestrictions \
            '[.results[].content.id]')"
    post create '{"id":777,"space":"ENG","status":"draft"}' >/dev/null
    post create '{"id":778,"parent":777}' >/dev/null
    check 'below a draft' '404 200 200' "$(for path in \
        'content?spaceKey=ENG&expand=ancestors&limit=100' \
        'content?spaceKey=ENG&limit=100' 'content/778?expand=ancestors'; do
        code -H "$pat" "$api/$path"; echo; done | xargs)"
}

check_files() {
    local path
    path=$(get /content/65601/child/attachment \
        '.results[] | select(.title == "net.png") | ._links.download' |
        tr -d '"')
    check 'the bytes' 0 "$(curl -sS -H "$pat" "$url/confluence$path" |
        cmp -s - "$site/files/net-v2.png"; echo $?)"
    check 'need the credential' 401 "$(code "$url/confluence$path")"
    check 'a range' 206 "$(code -r 10- -H "$pat" "$url/confluence$path")"
    check 'no REST download' 404 "$(code -H "$pat" \
        "$api/content/65601/child/attachment/att91001/download")"
    post set '{"mediaRedirect":true}' >/dev/null
    check 'on another host' 200 \
        "$(code -L -H "$pat" "$url/confluence$path")"
    check 'which gets no credential' '[null]' "$(curl -sS \
        "$url/_control/media" | jq -c '[.[].headers.authorization]')"
}

check_faults() {
    local kind
    for kind in end-early empty-list; do
        post fault "{\"kind\":\"$kind\"}" >/dev/null
        check "$kind" null "$(get '/content?limit=2' ._links.next)"
        post fault "{\"kind\":\"$kind\"}" >/dev/null
        check "$kind of scan" null "$(get '/content/scan?limit=2' .nextCursor)"
    done
    post fault '{"kind":"repeat-cursor"}' >/dev/null
    check 'the same cursor' '"content:false:65601"' "$(get \
        '/content/scan?limit=2&cursor=content:false:65601' .nextCursor)"
    post poison '{"id":65602}' >/dev/null
    check 'poison' '500 200' "$(
        code -H "$pat" "$api/content?spaceKey=ENG&expand=body.storage&start=1"
        echo -n ' '; code -H "$pat" "$api/content?spaceKey=ENG")"
}

check_old() {
    check 'no tokens' 401 "$(code -H "$pat" "$api/user/current")"
    pat="Authorization: Basic $(printf %s "$basic" | base64)"
    check 'no scan' 404 "$(code -H "$pat" "$api/content/scan")"
    check 'no information' 404 "$(code -H "$pat" "$api/server-information")"
    check 'no admin' 403 "$(code -H "$pat" "$api/space/ENG/trash")"
    check 'next names the host' \
        '"https://acme.example/rest/api/content?limit=2&start=2"' \
        "$(get '/content?limit=2' ._links.next)"
}

begin --lock-after 2 --cap-body 3 --nested-rows 1
check_login
check_lists
check_scan
check_content
check_files
check_faults
stop

begin --context '' --dc-version 7.8 --next absolute --no-admin
api=$url/rest/api
check_old
stop

pat='Authorization: Bearer pat-1'
begin --dc-version 10.0 --next context --exact-step
check 'information' '"10.0.3"' "$(get /server-information .version)"
check 'next has the context' \
    '"/confluence/rest/api/content?limit=2&start=2"' \
    "$(get '/content?limit=2' ._links.next)"
finish
