#!/usr/bin/env bash
# user_systemd.sh COMMAND... - run it as a user who has just logged in to a
# machine with systemd: a user manager of his own, a journal, an empty home.
#
# Everything lives in namespaces of its own and dies with the script: mounts,
# processes, control groups, and the user, who is in no file of the machine. The
# exit status is the command's; 77 where this cannot be done.
#
#     CS_TEST_SYSTEM=1   must be set
#     CS_TEST_PATH       PATH of the command, and of the manager
#     CS_TEST_LOCAL      a folder that stands in for /usr/local
set -eu

. "$(dirname "$0")/own_group.sh"

user=cstest
uid=54321
init=
for folder in /lib/systemd /usr/lib/systemd; do
    [ -x "$folder/systemd" ] && init=$folder
done

if [ "${1:-}" != --inside ]; then
    [ -n "$init" ] || skip "there is no systemd"
    [ -x "$init/systemd-journald" ] || skip "there is no journal"
    command -v setpriv >/dev/null || skip "there is no setpriv"
    in_own_group cs-test 300 "$0" --inside "$@"
    exit
fi
shift

umask 022
mount -t cgroup2 none /sys/fs/cgroup || skip "no control groups here"
mount -t tmpfs -o mode=755 tmpfs /run
home=/run/home/$user
runtime=/run/user/$uid
mkdir -p /run/systemd/{system,journal,unit-root} /run/log "$home" "$runtime" \
    /run/etc
touch /run/systemd/journal/flushed # else what is logged stays out of files

# The user, for those in here.
group_of() {
    getent group "$1" | cut -d: -f3
}
cp /etc/passwd /etc/group /run/etc
echo "$user:x:$uid:$uid::$home:/bin/bash" >>/run/etc/passwd
echo "$user:x:$uid:" >>/run/etc/group
mount --bind /run/etc/passwd /etc/passwd
mount --bind /run/etc/group /etc/group
if [ ! -s /etc/machine-id ]; then
    echo 0123456789abcdef0123456789abcdef >/run/etc/machine-id
    touch /etc/machine-id
    mount --bind /run/etc/machine-id /etc/machine-id
fi
chown "$uid:$uid" "$home" "$runtime"
chmod 700 "$home" "$runtime"
mkdir -p /var/log/journal /var/lib/systemd
mount -t tmpfs -o "mode=2755,gid=$(group_of systemd-journal || echo 0)" tmpfs \
    /var/log/journal
mkdir -p "/var/log/journal/$(cat /etc/machine-id)"
mount -t tmpfs -o mode=755 tmpfs /var/lib/systemd
mkdir -p /var/lib/systemd/linger
chmod 777 /var/lib/systemd/linger # so that a test can play logind

if [ -n "${CS_TEST_LOCAL:-}" ]; then
    mount --bind "$CS_TEST_LOCAL" /usr/local
fi

# This path makes the journal know whose messages they are.
slice=/sys/fs/cgroup/user.slice/user-$uid.slice/user@$uid.service
mkdir -p /sys/fs/cgroup/helper "$slice"
echo $$ >/sys/fs/cgroup/helper/cgroup.procs
"$init/systemd-journald" &
until [ -S /run/systemd/journal/stdout ]; do
    sleep 0.05
done
chown "$uid" "$slice" "$slice"/cgroup.{procs,threads,subtree_control}
as_user=(setpriv "--reuid=$uid" "--regid=$uid" --clear-groups env -i
    "HOME=$home" "USER=$user" "LOGNAME=$user" LANG=C.UTF-8
    "PATH=${CS_TEST_PATH:-/usr/local/bin:/usr/bin:/bin}"
    "XDG_RUNTIME_DIR=$runtime" "DBUS_SESSION_BUS_ADDRESS=unix:path=$runtime/bus")
for name in ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS; do
    [ -z "${!name:-}" ] || as_user+=("$name=${!name}")
done
(
    echo "$BASHPID" >"$slice/cgroup.procs"
    exec "${as_user[@]}" SYSTEMD_LOG_TARGET=journal "$init/systemd" --user
) &
until [ -S "$runtime/systemd/private" ]; do
    sleep 0.05
done
cd "$home"
status=0
"${as_user[@]}" "$@" || status=$?
"${as_user[@]}" systemctl --user exit 2>/dev/null || true
exit "$status"
