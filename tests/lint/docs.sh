#!/usr/bin/env bash
# docs.sh ROOT - what the documents name is there.
#
# Links and their headings, files and folders of the tree, functions, macros and
# tests, pages of the manual, variables of the environment. Prints every
# violation as "file:line: what", and fails when there is one.
set -euo pipefail
export LC_ALL=C
shopt -s nullglob

cd "${1:-.}"
documents=(README.md docs/*.md systemd/README.md tests/*/README.md
    tests/fixtures/site/README.md)
code=(CMakeLists.txt src connectors index cli tests systemd bootstrap)

# slugs FILE - the anchors of its headings, as a browser makes them.
slugs() {
    sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
        sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

check_links() {
    local file line target anchor
    while IFS=: read -r file line target; do
        target=${target#*\](}
        target=${target%)}
        anchor=${target#*#}
        [ "$anchor" != "$target" ] || anchor=
        target=${target%%#*}
        if [ -z "$target" ]; then
            target=$file
        else
            target=$(dirname "$file")/$target
        fi
        if [ ! -e "$target" ]; then
            echo "$file:$line: a link to $target"
        elif [ -n "$anchor" ] && ! slugs "$target" | grep -qx "$anchor"; then
            echo "$file:$line: $target has no heading #$anchor"
        fi
    done < <(grep -HnoE '\]\([^)]*\)' "${documents[@]}" | grep -v '](http')
}

# A path from the root, or the mere name of a source file. <x> stands for any
# word, {a,b} for each of these; a test may go by the name that ctest has.
check_files() {
    local file line name pattern files
    files=$(find "${code[@]}" -type f -printf '%f\n')
    while IFS=: read -r file line name; do
        pattern=$(sed 's/{[^}]*}/*/g; s/<[^>]*>/*/g' <<<"$name")
        case $pattern in
        */*)
            [ -n "$(compgen -G "$pattern")$(compgen -G "tests/$pattern.sh")" ] ||
                echo "$file:$line: there is no $name"
            ;;
        *)
            pattern=${pattern//./\\.}
            grep -qx "${pattern//\*/.*}" <<<"$files" ||
                echo "$file:$line: there is no file $name"
            ;;
        esac
    done < <({
        grep -HnoE '(^|[ `("])(src|connectors|index|cli|systemd|docs|tests)/[A-Za-z0-9_.*{},<>/-]*' \
            "${documents[@]}" | sed 's/:[ `("]/:/; s/[.,]*$//'
        grep -HnoE '`[A-Za-z0-9_*<>-]+\.(c|h|sh)`' "${documents[@]}" | tr -d '`'
    } | sort -u)
}

# `cs_...`, `CS_...` and `test_...`
check_names() {
    local file line name names
    names=$({
        grep -rhowE '(cs|CS|test)_[A-Za-z0-9_]+' "${code[@]}"
        find tests -name 'test_*.c' -printf '%f\n' | sed 's/\.c$//'
    } | sort -u)
    while IFS=: read -r file line name; do
        grep -qx "$name" <<<"$names" ||
            echo "$file:$line: nothing is called $name"
    done < <(grep -HnoE '`(cs|CS|test)_[A-Za-z0-9_]*[a-zA-Z0-9](\(\))?`' \
        "${documents[@]}" | tr -d '`()' | sort -u)
}

# Rows of traps: `test_x`, `test_y`: `t1`, `t2`; `test_z`: ...
check_traps() {
    local part line module trap files
    while IFS=: read -r line part; do
        for module in $(grep -oE 'test_[a-z0-9_]+' <<<"$part"); do
            mapfile -t files < <(find tests -name "$module.c")
            for trap in $(grep -oE '`t[0-9]+`' <<<"$part" | tr -d '`'); do
                grep -q "_${trap}_" /dev/null "${files[@]}" ||
                    echo "docs/HACKING.md:$line: $module has no test of $trap"
            done
        done
    done < <(awk '/^\| T[0-9]/ {
        n = split($0, parts, ";")
        for (i = 1; i <= n; i++) print FNR ":" parts[i] }' docs/HACKING.md)
}

check_manual_references() {
    local file line name section
    while IFS=: read -r file line name; do
        read -r name section <<<"$name"
        [ -e "docs/man/$name.$section" ] ||
            echo "$file:$line: there is no page $name($section)"
    done < <(grep -HnoE '\.Xr cs(-[a-z]+)? [0-9]' docs/man/* | sed 's/\.Xr //')
}

# Every variable that is read is described in cs(1) or, of tests, in HACKING.md.
check_variables() {
    local name
    while read -r name; do
        grep -qiE "^\.It Ev (.* )?$name( |$)" docs/man/cs.1 ||
            grep -qF "\`$name\`" docs/HACKING.md ||
            echo "docs/man/cs.1:1: does not tell of the variable $name"
    done < <({
        grep -rhoE 'getenv\("[A-Z_]+"\)' src connectors index cli
        grep -rhoE '"(CONFLUENCE|CONTEXT_SYNC|XDG|SSL|CURL)_[A-Z_]+"' \
            src connectors index cli
        grep -rhoE '"(NO_COLOR|[a-zA-Z]+_(proxy|PROXY))"' src connectors index cli
    } | grep -oE '[A-Za-z_]+_?[A-Za-z_]*"' | tr -d '"' | sort -u | grep -vx HOME)
    while read -r name; do
        grep -rqF "\"$name\"" src connectors index cli ||
            echo "docs/man/cs.1:1: nothing reads the variable $name"
    done < <(sed -n 's/^\.It Ev //p' docs/man/cs.1 | tr -s ' ,' '\n')
}

# Every folder of tests is introduced to those who come to test.
check_folders() {
    local folder
    for folder in tests/*/; do
        folder=$(basename "$folder")
        grep -qE "tests/(\{[a-z,]*)?\<$folder\>" docs/HACKING.md ||
            echo "docs/HACKING.md:1: does not tell of tests/$folder/"
    done
}

found=$(check_links
    check_folders
    check_files
    check_names
    check_traps
    check_manual_references
    check_variables)
if [ -n "$found" ]; then
    printf '%s\n' "$found"
    exit 1
fi
echo "docs: ${#documents[@]} documents, nothing found"
