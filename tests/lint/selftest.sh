#!/usr/bin/env bash
# selftest.sh - lint.sh and docs.sh must find what they are there to find.
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

# A tree that has what every document may name, and one document.
rm -rf "${box:?}"/*
mkdir -p "$box"/{src,connectors,index,cli,systemd,docs/man} \
    "$box"/tests/{fixtures/site,src}
touch "$box"/{CMakeLists.txt,bootstrap,README.md,systemd/README.md} \
    "$box"/tests/fixtures/site/README.md "$box/docs/man/cs.1"
echo 'static void test_t1_good(void) { cs_good(getenv("HOME")); }' \
    >"$box/tests/src/test_good.c"

document() {
    cat >"$box/docs/HACKING.md"
}

documents_find() { # TEXT
    bash "$here/docs.sh" "$box" >"$box/report" && {
        echo "FAIL: nothing found for: $1" >&2
        exit 1
    }
    grep -qF "$1" "$box/report" || {
        echo "FAIL: no \"$1\" in:" >&2
        cat "$box/report" >&2
        exit 1
    }
}

document <<'END'
# A good one, with `code`
[here](#a-good-one-with-code) [there](../README.md) `tests/src/test_<x>.c`
`test_good.c` `cs_good()` tests/{src,none}/ tests/fixtures/
| T1 | `test_good`: `t1` |
END
bash "$here/docs.sh" "$box" >/dev/null || {
    echo "FAIL: complains about documents that are right" >&2
    exit 1
}
document <<<'tests/src/'
documents_find "does not tell of tests/fixtures/"
document <<<'[here](nowhere.md)'
documents_find "HACKING.md:1: a link to docs/nowhere.md"
document <<<'[here](../README.md#nowhere)'
documents_find "has no heading #nowhere"
document <<<'See src/nothing.c.'
documents_find "there is no src/nothing.c"
document <<<'See `nothing.c`.'
documents_find "there is no file nothing.c"
document <<<'See `cs_nothing()`.'
documents_find "nothing is called cs_nothing"
document <<<'| T2 | `test_good`: `t1`, `t2` |'
documents_find "test_good has no test of t2"
document </dev/null
echo '.Xr cs-nothing 1' >"$box/docs/man/cs.1"
documents_find "there is no page cs-nothing(1)"
printf '.It Ev CS_NOTHING , HOME\n' >"$box/docs/man/cs.1"
documents_find "nothing reads the variable CS_NOTHING"
echo 'getenv("CS_UNTOLD")' >"$box/src/a.c"
documents_find "does not tell of the variable CS_UNTOLD"
echo "lint finds what it should"
