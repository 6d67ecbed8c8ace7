#!/usr/bin/env bash
# machine.sh ROOT FAKE PTY SITE - from a fresh minimal Debian to a mirror that
# keeps itself current: install the package, set up at a terminal, sync, search,
# have the timer fire, find what changed on the server, remove the package.
#
# The machine is a booted copy of a minimal system, below systemd-nspawn, over a
# throwaway file system; machine_inside.sh is what happens on it. The transcript
# is printed. Needs root, CS_TEST_SYSTEM=1, and package sources; else 77.
#
#     CS_BASE_TREE   the minimal system with systemd; made there when missing
set -euo pipefail
export LC_ALL=C.UTF-8

here=$(cd "$(dirname "$0")" && pwd)
. "$here/../system/own_group.sh"

if [ "${1:-}" != --inside ]; then
    for tool in systemd-nspawn dpkg-shlibdeps; do
        command -v "$tool" >/dev/null || skip "there is no $tool"
    done
    in_own_group cs-machine 900 "$0" --inside "$@" </dev/null
    exit
fi
shift
root=$1 fake=$2 pty=$3 site=$4
base=${CS_BASE_TREE:-/var/cache/context-sync-tests/bookworm}

# --- A minimal system, kept from run to run. ---

make_base() {
    command -v debootstrap >/dev/null || skip "there is no debootstrap"
    mkdir -p "$(dirname "$base")"
    rm -rf "$base.new"
    debootstrap --variant=minbase bookworm "$base.new" >/dev/null
    cp -L /etc/resolv.conf "$base.new/etc/resolv.conf"
    chroot "$base.new" env -i HOME=/root DEBIAN_FRONTEND=noninteractive \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin apt-get install -y -qq \
        --no-install-recommends systemd systemd-sysv dbus dbus-user-session \
        libpam-systemd >/dev/null
    mv "$base.new" "$base"
}
[ -d "$base" ] || make_base

box=$(mktemp -d /tmp/cs-machine.XXXXXX)
mount -t tmpfs -o size=3g tmpfs "$box"
mkdir "$box/up" "$box/work" "$box/tree" "$box/build" "$box/bin"

# --- What comes along: the package, and the tools of the test. ---

# The source as it is, without what was built from it.
BUILD_DIR=$box/build "$root/bootstrap" package >"$box/log" 2>&1 || {
    cat "$box/log"
    exit 1
}
mount -t overlay overlay \
    -o "lowerdir=$base,upperdir=$box/up,workdir=$box/work" "$box/tree"
tree=$box/tree
mkdir "$tree/root/test"
cp "$box"/build/package/*.deb "$here/machine_inside.sh" "$tree/root/test"
cp "$pty" "$tree/usr/local/bin/cs-test-pty"

# The server runs out here: the machine shares the network.
"$fake" --site "$site" --quiet --port-file "$box/port" </dev/null &
server=$!
until [ -s "$box/port" ]; do
    kill -0 "$server" || exit 1
    sleep 0.05
done

cat >"$tree/etc/systemd/system/cs-test.service" <<X
[Unit]
After=systemd-user-sessions.service systemd-logind.service dbus.service
[Service]
Type=oneshot
Environment=HOME=/root PORT=$(cat "$box/port") DEBIAN_FRONTEND=noninteractive
Environment=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WorkingDirectory=/root/test
StandardOutput=append:/root/test/transcript
StandardError=inherit
ExecStart=/bin/bash machine_inside.sh
ExecStopPost=/bin/sh -c 'systemctl exit \$EXIT_STATUS'
X
mkdir -p "$tree/etc/systemd/system/multi-user.target.wants"
ln -sf ../cs-test.service "$tree/etc/systemd/system/multi-user.target.wants/"
ln -sf /lib/systemd/system/multi-user.target \
    "$tree/etc/systemd/system/default.target"

mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs tmpfs /run
status=0
systemd-nspawn -q -D "$tree" -b --register=no --keep-unit --link-journal=no \
    --resolv-conf=copy-host --console=pipe >"$box/boot" 2>&1 || status=$?
cat "$tree/root/test/transcript"
[ "$status" = 0 ] || tail -n 5 "$box/boot"
exit "$status"
