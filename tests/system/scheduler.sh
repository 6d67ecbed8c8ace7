#!/usr/bin/env bash
# scheduler.sh CS FAKE SITE CMAKE BUILD - the timer in a real user manager. Needs
# root and CS_TEST_SYSTEM=1, else it is skipped (77); scheduler_inside.sh is what
# the user does.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
"$here/user_systemd.sh" true || exit $?

# The leak checker would trace, which the unit forbids.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"

# What a user can reach, wherever this tree lies.
box=$(mktemp -d /tmp/cs-system.XXXXXX)
trap 'rm -rf "$box"' EXIT
chmod 755 "$box"
cp "$1" "$box/cs"
cp "$2" "$box/cs-fake-confluence"
cp -r "$3" "$box/site"
cp "$here/scheduler_inside.sh" "$here/../cli/lib.sh" \
    "$here/../../systemd/README.md" "$box"
chmod -R go+rX "$box"

"$here/user_systemd.sh" "$box/scheduler_inside.sh" "$box/cs" \
    "$box/cs-fake-confluence" "$box/site"

# As installed: the units of the prefix are used, and none is written.
mkdir "$box/root"
DESTDIR=$box/root "$4" --install "$5" --prefix /usr/local >/dev/null
chmod -R go+rX "$box/root"
CS_TEST_LOCAL=$box/root/usr/local "$here/user_systemd.sh" \
    "$box/scheduler_inside.sh" /usr/local/bin/cs "$box/cs-fake-confluence" \
    "$box/site" installed
