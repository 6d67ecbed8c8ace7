#!/usr/bin/env bash
# lint.sh ROOT - the rules of the house that a compiler does not know.
#
# Prints every violation as "file:line: what", and fails when there is one. Then
# comes docs.sh, where there are documents. Needs find, awk and sort; no git, no
# locale.
set -euo pipefail
export LC_ALL=C

root=${1:-.}
here=$(cd "$(dirname "$0")" && pwd)
cd "$root"

FUNCTION_MAX=60
FILE_MAX=500
COLUMNS_MAX=80

sources() {
    find src connectors index cli tests -name '*.[ch]' | sort
}

# cli -> connectors, index -> src; connectors and index never meet.
check_includes() {
    sources | xargs awk '
        BEGIN {
            may["src"] = " src "
            may["connectors"] = " src connectors "
            may["index"] = " src index "
            may["cli"] = " src connectors index cli "
            may["tests"] = " src connectors index cli tests "
        }
        /^[ \t]*#[ \t]*include[ \t]*"/ {
            split(FILENAME, path, "/")
            split($0, quoted, "\"")
            n = split(quoted[2], target, "/")
            # The fake server stands alone: it may not share our mistakes.
            alone = FILENAME ~ /^tests\/fake\//
            if (n < 2 && !alone)
                printf "%s:%d: include \"%s\" is not written from the root\n",
                    FILENAME, FNR, quoted[2]
            else if (n > 1 && index(may[path[1]], " " target[1] " ") == 0)
                printf "%s:%d: %s/ may not include %s/\n",
                    FILENAME, FNR, path[1], target[1]
            else if (n > 1 && alone && target[1] != "tests")
                printf "%s:%d: the fake server may not include %s/\n",
                    FILENAME, FNR, target[1]
        }'
}

# A function starts at a "{" in column 1 and ends at a "}" in column 1.
check_functions() {
    sources | grep '\.c$' | xargs awk -v max="$FUNCTION_MAX" '
        FNR == 1 { inside = 0; name = "" }
        !inside && /^[a-zA-Z_].*\(/ {
            name = $0
            sub(/\(.*/, "", name)
            sub(/.*[ *]/, "", name)
        }
        /^\{/ && name != "" { inside = 1; start = FNR }
        /^\}/ && inside {
            if (FNR - start - 1 > max)
                printf "%s:%d: %s() has %d lines, more than %d\n",
                    FILENAME, start, name, FNR - start - 1, max
            inside = 0
            name = ""
        }'
}

check_file_length() {
    sources | while read -r file; do
        lines=$(awk 'END { print NR }' "$file")
        [ "$lines" -gt "$FILE_MAX" ] || continue
        grep -q "^$file  *[^ ]" "$here/long-files.txt" ||
            echo "$file:1: $lines lines, more than $FILE_MAX"
    done
}

# The head of a file says what the room is for.
check_file_comments() {
    sources | xargs awk '
        FNR == 1 && $0 !~ /^\/\*/ {
            printf "%s:1: no comment at the head of the file\n", FILENAME
        }'
}

# Characters, not bytes; tabs are not used at all.
check_columns() {
    sources | xargs awk -v max="$COLUMNS_MAX" '
        {
            line = $0
            gsub(/[\200-\277]/, "", line)
            if (length(line) > max)
                printf "%s:%d: %d columns, more than %d\n",
                    FILENAME, FNR, length(line), max
            if (index($0, "\t"))
                printf "%s:%d: a tab\n", FILENAME, FNR
            if ($0 ~ /[ ]$/)
                printf "%s:%d: a blank at the end\n", FILENAME, FNR
        }'
}

# Work that is not done belongs into the tracker, not into the code.
check_leftovers() {
    sources | xargs awk '
        /(^|[^A-Za-z_])(TODO|FIXME|XXX|HACK)([^A-Za-z_]|$)/ {
            printf "%s:%d: a note to come back: %s\n", FILENAME, FNR, $0
        }'
}

count=$(sources | wc -l)
found=$({
    check_includes
    check_functions
    check_file_length
    check_file_comments
    check_columns
    check_leftovers
})
if [ -n "$found" ]; then
    printf '%s\n' "$found"
    exit 1
fi
echo "lint: $count files, nothing found"
[ ! -f docs/HACKING.md ] || bash "$here/docs.sh" .
