#!/usr/bin/env bash
# machine_inside.sh - what happens on the fresh machine of machine.sh. Every
# command is shown before its output, so that what is printed is a transcript.
set -euo pipefail

fail() {
    echo "FAIL: $*"
    exit 1
}

# as_ada COMMAND... - as the user, in her session; says what it does.
session=()
as_ada() {
    printf '\n$ %s\n' "$*"
    quietly "$@"
}

quietly() {
    (cd /home/ada && exec setpriv --reuid ada --regid ada --init-groups env -i \
        HOME=/home/ada USER=ada PATH=/usr/local/bin:/usr/bin:/bin TERM=xterm \
        LANG=C.UTF-8 NO_COLOR=1 "${session[@]}" "$@")
}

# wait_for WHAT COMMAND... - until it succeeds, a minute at most.
wait_for() {
    local what=$1 i
    shift
    for i in $(seq 600); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.1
    done
    fail "waited in vain for $what"
}

finds() {
    quietly cs search "$1"
}

# edit PAGE TEXT - somebody else changes a page on the server.
edit() {
    local body="{\"id\":$1,\"append\":\"<p>$2</p>\"}"
    exec 3<>"/dev/tcp/127.0.0.1/$PORT"
    printf 'POST /_control/edit HTTP/1.0\r\nContent-Length: %s\r\n%s\r\n\r\n%s' \
        "${#body}" 'Content-Type: application/json' "$body" >&3
    head -n 1 <&3
    exec 3>&-
}

echo "== the package"
apt-get update -qq
apt-get install -y -qq ./context-sync_*.deb >/dev/null 2>&1 ||
    fail "apt could not install it"
dpkg -s context-sync | grep -E '^(Package|Status|Version)'

useradd -m -s /bin/bash ada
printf '\n$ loginctl enable-linger\n' # refused where there is no polkit
su - ada -c "loginctl enable-linger" || loginctl enable-linger ada
runtime=/run/user/$(id -u ada)
session=("XDG_RUNTIME_DIR=$runtime"
    "DBUS_SESSION_BUS_ADDRESS=unix:path=$runtime/bus")
wait_for "the user's manager" test -S "$runtime/systemd/private"

echo "== setup, at a terminal"
cat >/home/ada/steps <<STEPS
expect Address
send http://127.0.0.1:$PORT/wiki/spaces/ENG/pages/65601/Payment+service
expect Confluence
expect name
send demo@example.com
expect oken
hidden
send demo-token
expect knows you as
expect [*]:
shown
send
expect mirror [
send
expect now?
send y
expect hour
send y
expect on disk
expect cs search
STEPS
chown ada: /home/ada/steps
as_ada cs-test-pty /home/ada/steps cs setup
[ "$(stat -c %a /home/ada/.config/context-sync/config)" = 600 ] ||
    fail "the configuration is open to others"

echo "== search, offline"
as_ada cs search -n 2 connection pool exhausted
as_ada cs status
as_ada cs doctor

echo "== the timer"
as_ada cs scheduler status
units=/home/ada/.config/systemd/user
quietly mkdir -p "$units/context-sync.timer.d"
printf '[Timer]\nOnCalendar=\nOnCalendar=*:*:0/2\nRandomizedDelaySec=0\n%s\n' \
    AccuracySec=10ms | quietly tee "$units/context-sync.timer.d/90-test.conf" \
    >/dev/null
quietly systemctl --user daemon-reload
quietly systemctl --user restart context-sync.timer
! finds zyzzyvas >/dev/null 2>&1 || fail "found before it was written"
edit 65601 "Now with zyzzyvas." | tr -d '\r'
wait_for "the timer to bring the new text" finds zyzzyvas
as_ada cs search zyzzyvas
as_ada cs scheduler status
as_ada cs scheduler logs -n 5 || true
as_ada cs scheduler disable
[ -z "$(find "$units" -name 'context-sync*' -not -path '*/90-test.conf' \
    -not -name context-sync.timer.d)" ] || fail "units are left"

echo "== without the package"
apt-get purge -y -qq context-sync >/dev/null 2>&1
left=$(find /usr /etc /lib -xdev \( -name '*context-sync*' -o -name cs.1.gz \
    -o -path '*/bin/cs' -o -name '_cs' -o -name cs.fish \) 2>/dev/null)
[ -z "$left" ] || fail "left behind: $left"
[ -f "/home/ada/context-sync/confluence/ENG/Engineering.md" ] ||
    fail "the user's data is gone"
echo "ok: nothing is left but the user's data"
