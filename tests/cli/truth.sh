# shellcheck shell=bash
# truth.sh - what the sample server has, and what a mirror holds of it, as lines
# that can be compared: id, title, space, type, status, version, labels.

# truth FLAVOUR - what of the server a listing shows, one line a document.
truth() {
    curl -sS "http://127.0.0.1:$PORT/_control/truth" |
        jq -r --arg flavour "$1" '
        (.spaces | map(select(.visible) | .key)) as $spaces
        | .content[]
        | select(.visible and .type != "folder"
            and ($flavour == "cloud" or .type == "page" or .type == "blogpost")
            and (.status == "current" or .status == "archived")
            and ([.space] | inside($spaces)))
        | [.id, .title, .space, .type, .status, (.version | tostring),
            ([.labels[] | sub("^global:"; "")] | sort | join(","))]
        | join("|")' | sort
}

# held - the same of the mirror, from the front matter of its files.
held() {
    find "$MIRROR/confluence" -name '*.md' -type f -print0 |
        xargs -0 -r -n 1 awk '
            NR > 1 && /^---$/ { exit }
            /^(id|title|space|type|status|version|labels): / {
                at = index($0, ": ")
                name = substr($0, 1, at - 1)
                value = substr($0, at + 2)
                printf "%s\t%s\n", name, value
            }
            END { print "end\t" }' |
        jq -Rrn '
            reduce (inputs | split("\t")) as $row ({doc: {}, all: []};
                if $row[0] == "end" then .all += [.doc] | .doc = {}
                else .doc[$row[0]] = $row[1] end)
            | .all[]
            | [(.id | fromjson), (.title | fromjson), (.space | fromjson),
                (.type | fromjson), (.status | fromjson), .version,
                ((.labels // "[]") | fromjson | sort | join(","))]
            | join("|")' | sort
}
