# shellcheck shell=bash disable=SC2034 # what the parts use
# lib.sh - what the parts of tests/bench/run share: places, sizes, the sample
# server, rows of the table. To be sourced; run sets BENCH_BUILD, BENCH_BOX and
# BENCH_MODE.
set -euo pipefail
export LC_ALL=C.UTF-8

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$BENCH_BUILD
bench=$build/tests/bench
cs=$build/cli/cs
part=$(basename "$0" .sh)
rows=$BENCH_BOX/rows/$part
details=$BENCH_BOX/details/$part
box=$BENCH_BOX/$part
server=
url=
origin=

declare -A full=(
    [runs]=3         # of what is short; medians count
    [pages]=10000    # of a first sync
    [many]=100000    # of a sync with nothing changed
    [slow]=2000      # texts from a server that takes its time
    [talked]=300     # pages with comments from there
    [documents]=100000
    [divisor]=1      # of the queries' number
    [changed]=2000   # documents, to be indexed anew
    [beside]=20      # divisor of the queries that are asked meanwhile
    [rounds]=3
)
declare -A quick=([runs]=1 [pages]=1000 [many]=2000 [slow]=300 [talked]=40
    [documents]=2000 [divisor]=40 [changed]=200 [beside]=100 [rounds]=1)

# size NAME - how much of it in this mode.
size() {
    local -n sizes=$BENCH_MODE
    echo "${sizes[$1]}"
}

# serve OPTION... - start the sample server; sets origin and url. What it logs
# goes to $box/access.
serve() {
    stop
    rm -f "$box/port"
    "$build/tests/fake/cs-fake-confluence" "$@" --no-gzip --quiet \
        --port-file "$box/port" --access-log "${access:-$box/access}" &
    server=$!
    until [ -s "$box/port" ]; do
        kill -0 "$server"
        sleep 0.1
    done
    origin=http://127.0.0.1:$(cat "$box/port")
    url=$origin/wiki
}

stop() {
    [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null ||
        true
    server=
}
trap stop EXIT

# user COMMAND... - run it as somebody whose home is the box, with $mirror.
user() {
    env -i "PATH=$PATH" "HOME=$box" LC_ALL=C.UTF-8 \
        "CONTEXT_SYNC_DIR=$mirror" \
        "CONFLUENCE_BASE_URL=${url:-https://wiki.example}" \
        CONFLUENCE_USERNAME=demo@example.com CONFLUENCE_API_TOKEN=demo-token \
        "$@"
}

# configure LINE - all that the user's configuration says.
configure() {
    mkdir -p "$box/.config/context-sync"
    echo "$1" >"$box/.config/context-sync/config"
}

# measured OUT COMMAND... - run as the user; a line for OUT as of cs-measure.
measured() {
    local out=$1
    shift
    user "$bench/cs-measure" "$out" "$@" >/dev/null
}

# column N FILE - the median of a column.
column() {
    awk -v c="$1" '{print $c}' "$2" | median
}

median() {
    sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'
}

# calc EXPRESSION [DIGITS] - what it is, rounded.
calc() {
    awk "BEGIN {printf \"%.${2:-2}f\", $1}"
}

# row WORK CS LIMIT RATIO TARGET - a row of the table.
row() {
    printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>"$rows"
}

# detail - a table of its own, tab-separated on standard input, the head
# of its columns first.
detail() {
    awk -F '\t' '{
        out = "|"
        for (i = 1; i <= NF; i++) {
            gsub(/\|/, "\\|", $i)
            out = out " " $i " |"
        }
        print out
        if (NR == 1) {
            for (i = 1; i <= NF; i++)
                printf "| --- "
            print "|"
        }
    }' >>"$details"
    echo >>"$details"
}

# say TEXT - a paragraph before such a table.
say() {
    printf '%s\n\n' "$*" | fold -s -w 80 | sed 's/ *$//' >>"$details"
}

# The large mirror that is searched, made once in a box, and the same texts in a
# stock FTS5 table; sets mirror, index, stock and documents.
corpus() {
    local place=$BENCH_BOX/corpus
    mirror=$place/mirror
    index=$mirror/.cs/index.db
    stock=$place/stock.db
    if [ ! -e "$place/made" ]; then
        rm -rf "$place"
        mkdir -p "$mirror"
        "$bench/search/cs-bench-corpus" "$mirror" "$(size documents)" >/dev/null
        "$bench/search/cs-bench-stock" "$index" "$stock" >"$place/stock.txt"
        touch "$place/made"
    fi
    documents=$(sqlite3 -readonly -batch "$index" "SELECT count(*) FROM body")
}

# text_bytes - titles and Markdown of all documents of the corpus.
text_bytes() {
    sed -n 2p "$BENCH_BOX/corpus/stock.txt"
}

mkdir -p "$box" "$BENCH_BOX/rows" "$BENCH_BOX/details"
rm -f "$rows" "$details"
