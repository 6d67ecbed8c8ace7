#!/usr/bin/env bash
# selftest.sh - lint.sh must find what it is there to find.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
mkdir -p "$box"/{src,connectors,index,cli,tests/fake}

file() {
    { printf '/*\n * %s\n */\n' "$1" && cat; } >"$box/$1"
}

# finds NAME TEXT - lint must complain about this file with this text.
finds() {
    bash "$here/lint.sh" "$box" >"$box/report" && {
        echo "FAIL: nothing found in $1" >&2
        exit 1
    }
    grep -q "^$1:[0-9]*: .*$2" "$box/report" || {
        echo "FAIL: $1: no \"$2\" in:" >&2
        cat "$box/report" >&2
        exit 1
    }
    rm "$box/$1"
}

file src/good.c <<<'#include "src/x.h"'
bash "$here/lint.sh" "$box" >/dev/null || {
    echo "FAIL: complains about nothing" >&2
    exit 1
}

file src/a.c <<<'#include "index/x.h"'
finds src/a.c "src/ may not include index/"
file connectors/a.c <<<'#include "index/x.h"'
finds connectors/a.c "connectors/ may not include index/"
file index/a.c <<<'#include "connectors/x.h"'
finds index/a.c "index/ may not include connectors/"
file index/a.h <<<'#include "cli/x.h"'
finds index/a.h "index/ may not include cli/"
file cli/a.c <<<'#include "x.h"'
finds cli/a.c "not written from the root"
file tests/fake/a.c <<<'#include "src/x.h"'
finds tests/fake/a.c "fake server may not"
{
    printf 'static int long_one(void)\n{\n'
    for _ in {1..61}; do echo '    f();'; done
    printf '}\n'
} | file src/a.c
finds src/a.c "long_one() has 61 lines"
for _ in {1..500}; do echo 'int a;'; done | file src/a.c
finds src/a.c "503 lines"
echo 'int a;' >"$box/src/a.c"
finds src/a.c "no comment at the head"
printf '/* %081d */\n' 1 | file src/a.c
finds src/a.c "87 columns"
printf 'int\ta;\n' | file src/a.c
finds src/a.c "a tab"
printf 'int a; \n' | file src/a.c
finds src/a.c "a blank at the end"
printf '/* %s: later */\n' FIX"ME" | file src/a.c
finds src/a.c "a note to come back"
printf '/* %s */\n' "$(printf 'ü%.0s' {1..74})" | file src/a.c
bash "$here/lint.sh" "$box" >/dev/null || {
    echo "FAIL: counts bytes, not characters" >&2
    exit 1
}
echo "lint finds what it should"
