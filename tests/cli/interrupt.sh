#!/usr/bin/env bash
# interrupt.sh - Ctrl-C ends a sync with 130, and the next one goes on; two
# writers do not meet; a kill leaves nothing half done.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

start_fake --delay 200
use_server

begin_sync
# The lock is held: a second writer is refused, a reader is not.
cs sync
check_status 7 "a second sync"
cs status
[ "$STATUS" != 7 ] || fail "a reader waits for the lock"
kill -INT "$SYNC"
STATUS=0
wait "$SYNC" || STATUS=$?
check_status 130 "an interrupted sync"

begin_sync
kill -KILL "$SYNC"
wait "$SYNC" 2>/dev/null || true

expect 0 sync
out_has "49 listed = 49 stored = 49 indexed"
expect 0 maintenance --dry-run
same "$(find "$MIRROR" -name '*.md' | wc -l)" 49 "files"

finish
