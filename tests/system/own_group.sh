# shellcheck shell=bash
# own_group.sh - to be sourced: what a test that runs a systemd of its own needs.

skip() {
    echo "skipped: $*"
    exit 77
}

# in_own_group NAME SECONDS COMMAND... - run it, for so long at most, as the first
# process of namespaces of its own, in a control group of its own: never in the
# root group, for systemd would move every process of that. Its exit status is
# the command's. Needs root and CS_TEST_SYSTEM=1; skips where this cannot be done.
in_own_group() {
    local top=/sys/fs/cgroup
    [ "${CS_TEST_SYSTEM:-}" = 1 ] || skip "CS_TEST_SYSTEM is not 1"
    [ "$(id -u)" = 0 ] || skip "needs root"
    unshare --cgroup --mount --pid --fork true 2>/dev/null ||
        skip "no namespaces here"
    [ ! -d $top/unified ] || top=$top/unified
    own_group=$top/$1-$$
    local limit=$2
    shift 2
    mkdir "$own_group" 2>/dev/null || skip "no control groups here"
    trap leave_own_group EXIT
    (
        echo "$BASHPID" >"$own_group/cgroup.procs"
        exec timeout "$limit" unshare --cgroup --mount --pid --fork \
            --kill-child=SIGKILL --mount-proc "$@"
    )
}

leave_own_group() {
    local i
    for i in $(seq 50); do
        find "$own_group" -depth -type d -exec rmdir {} + 2>/dev/null || true
        [ -d "$own_group" ] || break
        sleep 0.1
    done
}
