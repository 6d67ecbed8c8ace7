#!/usr/bin/env bash
# analyze.sh ROOT BUILD [TOOL...] - what the compilers of a build do not find.
#
#   tidy      clang-tidy, over all sources, with the checks of .clang-tidy
#   cppcheck  over all sources
#   gcc       gcc -fanalyzer, over the product
#
# BUILD is a folder that cmake has configured: it knows how each source is
# compiled. Prints each finding as "file:line: what [check]" and fails when there
# is one that excused.txt does not name, or when an excuse is not needed any
# more. Takes minutes for each tool; JOBS says how many run at once. Ends with 77
# when a tool is missing; the packages are clang-tidy, cppcheck, gcc and jq.
set -euo pipefail
export LC_ALL=C

root=$(cd "${1:?ROOT}" && pwd)
build=$(cd "${2:?BUILD}" && pwd)
shift 2
here=$root/tests/lint
jobs=${JOBS:-2}
[ $# -gt 0 ] || set -- tidy cppcheck gcc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in clang-tidy cppcheck gcc jq; do
    command -v "$tool" >/dev/null || {
        echo "$tool is missing" >&2
        exit 77
    }
done

# sources PATTERN - each source with how it is compiled, apart by a tab; of a
# source that stands in several targets, the first.
sources() {
    jq -r --arg root "$root/" --arg pattern "$1" '
        map(.name = (.file | ltrimstr($root))) | unique_by(.name)[]
        | select(.name | test($pattern)) | .file + "\t" + .command
        ' "$build/compile_commands.json"
}

# words_of COMMAND - of the options those that say what is read. They go into
# `words`; the command is quoted for a shell.
words_of() {
    local -a all
    local i
    eval "all=($1)"
    words=(-std=c11)
    for ((i = 1; i < ${#all[@]}; i++)); do
        case ${all[i]} in
        -DNDEBUG) ;;
        -D* | -I*) words+=("${all[i]}") ;;
        -isystem) words+=(-isystem "${all[++i]}") ;;
        esac
    done
}

analyze_tidy() {
    words_of "$2"
    clang-tidy --quiet "$1" -- "${words[@]}" 2>/dev/null || true
}

analyze_gcc() {
    words_of "$2"
    gcc -O2 -fanalyzer "${words[@]}" -c -o /dev/null "$1" 2>&1 || true
}

# each TOOL PATTERN - run analyze_TOOL for every source.
each() {
    sources "$2" | tr '\n' '\0' |
        xargs -0 -P "$jobs" -I '{}' bash -c '
            IFS=$'\''\t'\'' read -r file command <<<"$2"
            "analyze_$1" "$file" "$command"' each "$1" '{}'
}

# Of each stream and in each process one thread reads; and cleanup attributes,
# which it does not know, are what frees here. ASan looks after both.
run_cppcheck() {
    jq 'unique_by(.file)' "$build/compile_commands.json" \
        >"$work/compile_commands.json"
    mkdir "$work/cppcheck"
    cppcheck --project="$work/compile_commands.json" --quiet -j "$jobs" \
        --cppcheck-build-dir="$work/cppcheck" --std=c11 --library=posix \
        --library=gnu --enable=warning,performance,portability \
        --suppress=readdirCalled --suppress=getpwuidCalled \
        --suppress=memleak --suppress=resourceLeak \
        --template='{file}:{line}:{column}: warning: {message} [{id}]' 2>&1
}

run() {
    case $1 in
    tidy) each tidy '^(src|connectors|index|cli|tests)/' ;;
    cppcheck) run_cppcheck ;;
    gcc) each gcc '^(src|connectors|index|cli)/' ;;
    *)
        echo "no such tool: $1" >&2
        exit 2
        ;;
    esac
}

export -f words_of analyze_tidy analyze_gcc

# excuse TOOL... - print what of "file:line: what [tool check]" is not excused, and
# the excuses of these tools that excuse nothing.
excuse() {
    awk -v tools=" $* " '
        FNR == NR && /^[^#]/ {
            if (index(tools, " " $2 " "))
                excuses[$1 " [" $2 " " $3 "]"] = FNR
            next
        }
        FNR == NR { next }
        {
            file = $0
            sub(/:.*/, "", file)
            what = $0
            sub(/.* \[/, "[", what)
            key = file " " what
            if (key in excuses)
                used[key] = 1
            else
                print
        }
        END {
            for (key in excuses)
                if (!(key in used))
                    printf "tests/lint/excused.txt:%d: not needed: %s\n",
                        excuses[key], key
        }' "$here/excused.txt" "$work/found"
}

# All tools print "file:line:column: warning: what [check]"; gcc puts the number
# of the weakness in front of the check, clang-tidy puts more behind it.
cd "$root"
for tool; do
    run "$tool" >"$work/out"
    sed -nE -e "s|^$root/||" -e 's/ \[CWE-[0-9]+\]//' \
        -e '/^(src|connectors|index|cli|tests)\//!d' \
        -e "s/:[0-9]+: (warning|error): (.*) \[(-W)?([^],]*)[^]]*\]\$/: \2 [$tool \4]/p" \
        "$work/out"
done | sort -u >"$work/found"
excuse "$@" >"$work/report"
sort "$work/report"
[ ! -s "$work/report" ] || exit 1
echo "analyze: $*: nothing found but for $(wc -l <"$work/found") that are excused"
