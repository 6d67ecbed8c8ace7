#!/usr/bin/env bash
# package.sh - the Debian package: made from the source, clean under lintian,
# with everything where a system looks for it.
#
#     package.sh ROOT
#
# Skipped (77) where dpkg-dev or lintian is missing.
set -euo pipefail
export LC_ALL=C.UTF-8
source=$1
box=$(mktemp -d "${TMPDIR:-/tmp}/cs-package.XXXXXX")
trap 'rm -rf "$box"' EXIT

fail() {
    echo "FAIL: $*" >&2
    exit 1
}

for tool in dpkg-shlibdeps lintian cpack ninja; do
    command -v "$tool" >/dev/null || {
        echo "skipped: there is no $tool"
        exit 77
    }
done

build() {
    cmake -S "$source" -B "$box/build" -G Ninja -DCMAKE_INSTALL_PREFIX=/usr \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCS_TESTS=OFF
    ninja -C "$box/build"
    (cd "$box/build" && cpack -G DEB)
}
build >"$box/log" 2>&1 || {
    tail -n 40 "$box/log" >&2
    fail "no package"
}
deb=$(echo "$box"/build/*.deb)
options=()
[ "$(id -u)" != 0 ] || options=(--allow-root)
lintian "${options[@]}" --fail-on error,warning "$deb" || fail "lintian"

# --- What a system looks for, and nothing that is not the package's own.
dpkg-deb -x "$deb" "$box/root"
for file in bin/cs share/man/man1/cs.1.gz \
    share/man/man1/cs-search.1.gz share/man/man5/cs-config.5.gz \
    share/man/man7/cs-query.7.gz \
    share/bash-completion/completions/cs share/zsh/vendor-completions/_cs \
    share/fish/vendor_completions.d/cs.fish \
    share/doc/context-sync/copyright share/doc/context-sync/changelog.gz; do
    [ -s "$box/root/usr/$file" ] || fail "there is no $file"
done
[ -z "$(find "$box/root" -mindepth 1 -maxdepth 1 ! -name usr)" ] ||
    fail "files outside of /usr"
[ -z "$(find "$box/root" -perm /022 ! -type l)" ] || fail "files open to all"
"$box/root/usr/bin/cs" --version | grep -q '^cs ' || fail "it does not run"
dpkg-deb -f "$deb" Version | grep -qx "$("$box/root/usr/bin/cs" --version |
    sed -n '1s/^cs \([^ ]*\).*/\1/p')" || fail "another version inside"

# What is loaded when it is needed, dpkg-shlibdeps does not see.
dpkg-deb -f "$deb" Depends >"$box/depends"
for library in libcurl4 libpcre2-8-0 libxml2 libzstd1 libsqlite3-0; do
    grep -q "\b$library\b" "$box/depends" || fail "it does not need $library"
done

# --- The same below a prefix of one's own; nothing is written elsewhere.
cmake --install "$box/build" --prefix "$box/prefix" >"$box/installed"
"$box/prefix/bin/cs" help >/dev/null || fail "it does not run from a prefix"
sed -n 's/^-- Installing: //p' "$box/installed" | grep -v "^$box/prefix/" &&
    fail "installed outside of the prefix"
echo "package.sh: $(basename "$deb") is good"
