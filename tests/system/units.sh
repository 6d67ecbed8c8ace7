#!/usr/bin/env bash
# units.sh CS ROOT - systemd takes the units as they are; how much they lock is
# reported, and must not get less.
set -euo pipefail
export LC_ALL=C

if ! command -v systemd-analyze >/dev/null; then
    echo "skipped: there is no systemd-analyze"
    exit 77
fi
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
chmod 700 "$box"
export XDG_RUNTIME_DIR=$box HOME=$box
sed "s|@CS_PROGRAM@|$(realpath "$1")|" "$2/systemd/context-sync.service.in" \
    >"$box/context-sync.service"
cp "$2/systemd/context-sync.timer" "$box"
cd "$box"

# verify - what it says of the units; nothing is what we want to hear.
verify() {
    systemd-analyze verify --user --man=no ./context-sync.service \
        ./context-sync.timer 2>&1 | grep context-sync || true
}

said=$(verify)
if [ -n "$said" ]; then
    echo "FAIL: $said"
    exit 1
fi
sed -i 's/^OnCalendar=.*/OnCalendar=whenever/' context-sync.timer
if [ -z "$(verify)" ]; then
    echo "FAIL: a bad time is not noticed: this proves nothing"
    exit 1
fi
systemd-analyze security --user --offline=true --no-pager --threshold=67 \
    ./context-sync.service >"$box/score" || {
    cat "$box/score"
    exit 1
}
tail -n 1 "$box/score"
