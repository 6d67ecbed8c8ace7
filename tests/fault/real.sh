#!/usr/bin/env bash
# real.sh - disks that are really full or read-only, no descriptors left, and
# kills by the kernel at a chosen system call. After each the next sync leads
# to the mirror of a run that was never disturbed.
#
#     real.sh CS FAKE SITE
#
# Mounts in a namespace of its own, so nothing is left behind. Skipped (77)
# unless CS_TEST_SYSTEM=1, and where mounting is not allowed.
skip() {
    echo "skipped: $*"
    exit 77
}

if [ "${1:-}" != --inside ]; then
    [ "${CS_TEST_SYSTEM:-}" = 1 ] || skip "CS_TEST_SYSTEM is not 1"
    own=(-m)
    [ "$(id -u)" = 0 ] || own=(-Urm)
    unshare "${own[@]}" true 2>/dev/null || skip "no mount namespaces here"
    exec unshare "${own[@]}" "$0" --inside "$@"
fi
shift

here=$(dirname "$0")
. "$here/../cli/lib.sh" "$1" "$2" "$3"
. "$here/rows.sh"
. "$here/trouble.sh"
export ASAN_OPTIONS=detect_leaks=0 # leaks are looked for elsewhere
SANITIZER_ENV+=(ASAN_OPTIONS=detect_leaks=0)

start_fake
disk=$BOX/disk
mkdir "$disk"
trap 'umount -l "$disk" 2>/dev/null || true; clean_up' EXIT

# change_site - what the second sync of each trial finds changed.
change_site() {
    control edit '{"id":65601,"append":"<p>More of it.</p>"}'
    control edit '{"id":65600,"title":"All services"}'
    control move '{"id":65640,"parent":65600}'
    control label '{"id":65602,"add":"fresh"}'
    control create '{"id":990001,"space":"ENG","title":"New",
        "body":"<p>new</p>","when":"2026-05-06T07:08:09Z"}'
} >/dev/null

dump() {
    dump_rows "$1"
    dump_files "$1"
}

# The mirrors to start from, and the one to arrive at.
MIRROR=$BOX/before
use_server
expect 0 sync
change_site
MIRROR=$BOX/after
use_server
cp -a "$BOX/before" "$MIRROR"
expect 0 sync --full # labels, too
dump "$MIRROR" >"$BOX/want"
MIRROR=$disk/mirror
use_server

# disk_with OPTIONS [empty] - a small disk with the mirror before, or without.
disk_with() {
    mount -t tmpfs -o "$1" tmpfs "$disk" || skip "tmpfs cannot be mounted"
    [ "${2:-}" = empty ] || cp -a "$BOX/before" "$MIRROR"
}

# converges WHAT - with the trouble gone, a sync leads where it should.
converges() {
    expect 0 sync --full
    dump "$MIRROR" | diff "$BOX/want" - >&2 || fail "$1: another mirror"
    [ -z "$(ls "$MIRROR/confluence/.stage")" ] || fail "$1: left in the stage"
    expect 0 maintenance --dry-run
}

full=0
for start in full empty; do
    for left in 0 4096 65536 200000 400000 700000; do
        disk_with size=32m "$start"
        fill_disk "$disk" "$left"
        cs sync
        case $STATUS in
        0) ;;
        74) check_status 74 "sync with $left bytes left" ;;
        *) fail "sync with $left bytes left: exit status $STATUS" ;;
        esac
        if [ "$STATUS" = 74 ]; then
            full=$((full + 1))
            grep -qi "space\|full" "$BOX/err" || fail "no word of the full disk"
        fi
        rm -f "$disk/ballast"
        converges "$left bytes left"
        umount "$disk"
    done
done
[ "$full" -ge 6 ] || fail "the disk was full only $full times"

# Full, and readable all the same: by many at once, a log being left or not.
for log in "" left; do
    disk_with size=32m
    if [ -n "$log" ]; then
        sql --leave-log "UPDATE document SET looked = 1"
        rm "$MIRROR/.cs/index.db-shm"
    fi
    fill_disk "$disk" 0
    expect 0 search pool
    pids=()
    for n in 1 2 3 4; do
        exec_cs search pool >"$BOX/found.$n" 2>&1 &
        pids+=($!)
    done
    for n in 1 2 3 4; do
        wait "${pids[n - 1]}" || fail "search on a full disk: $(cat "$BOX/found.$n")"
    done
    rm "$disk/ballast"
    [ -n "$log" ] || converges "full, and read"
    umount "$disk"
done

# No inodes left.
disk_with size=32m,nr_inodes=20 empty
cs sync
check_status 74 "sync without inodes"
mount -o remount,nr_inodes=20000 "$disk"
converges "no inodes"
umount "$disk"

# Read-only, and readable all the same.
disk_with size=32m
mount -o remount,ro "$disk"
expect 74 sync
expect 0 search pool
mount -o remount,rw "$disk"
converges "read-only"
umount "$disk"

# Too few descriptors, from hopeless to nearly enough.
for n in 6 8 10 12 16 24; do
    disk_with size=32m
    STATUS=0
    (
        ulimit -n "$n"
        cs sync
        exit "$STATUS"
    ) || STATUS=$?
    case $STATUS in
    0 | 3 | 74 | 75 | 127) ;;
    *) fail "sync with $n descriptors: exit status $STATUS" ;;
    esac
    converges "$n descriptors"
    umount "$disk"
done

# kill_at CALL N - a sync dies before the N-th call of that kind.
kill_at() {
    STATUS=0
    {
        env -i "PATH=$PATH" "HOME=$HOME_DIR" LC_ALL=C.UTF-8 \
            "${SANITIZER_ENV[@]}" "${VARIABLES[@]}" \
            strace -f -o /dev/null -e "trace=$1" \
            -e "inject=$1:signal=SIGKILL:when=$2" \
            "$CS" sync >/dev/null 2>&1 </dev/null || STATUS=$?
    } 2>/dev/null
}

killed=0
calls=(renameat2 rename unlinkat mkdirat openat write pwrite64 fdatasync fsync
    syncfs ftruncate)
if strace -o /dev/null true 2>/dev/null; then
    for call in "${calls[@]}"; do
        for n in 1 2 3 5 8 13 40; do
            start=full # a first run makes more calls
            [ "$n" -lt 5 ] || start=empty
            disk_with size=32m "$start"
            kill_at "$call" "$n"
            case $STATUS in
            137) killed=$((killed + 1)) ;;
            0) ;;
            *) fail "killed at $call $n: exit status $STATUS" ;;
            esac
            converges "killed at $call $n"
            umount "$disk"
        done
    done
    [ "$killed" -ge 30 ] || fail "strace killed only $killed"
else
    echo "strace does not work here: no kills at system calls"
fi
echo "$full full disks, $killed kills at system calls"
finish
