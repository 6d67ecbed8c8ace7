#!/usr/bin/env bash
# moved.sh - a mirror that was moved or renamed, a source that is to lie
# elsewhere, files that were removed by hand: the next sync puts it right, and
# so does maintenance.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

texts() {
    (cd "$1" && find . -name '*.md' -type f -print0 | sort -z |
        xargs -0 sha256sum)
}

start_fake
use_server
expect 0 sync
texts "$MIRROR/confluence" >"$BOX/sound"

# Renamed as a whole: the index goes along.
mv "$MIRROR" "$BOX/elsewhere"
MIRROR=$BOX/elsewhere
use_server
expect 0 sync
texts "$MIRROR/confluence" | diff "$BOX/sound" - || fail "not after a rename"
expect 0 maintenance --dry-run
out_has "nothing to do"
expect 0 get "$MIRROR/confluence/OPS/Operations.md"

# A file and a whole folder removed by hand.
rm "$MIRROR/confluence/OPS/Operations.md"
rm -r "$MIRROR/confluence/ENG"
expect 0 sync --full
texts "$MIRROR/confluence" | diff "$BOX/sound" - || fail "not after a removal"
rm -r "$MIRROR/confluence"
expect 3 maintenance --dry-run
[ ! -e "$MIRROR/confluence" ] || fail "a dry run made a folder"
expect 0 maintenance
[ "$(texts "$MIRROR/confluence" | wc -l)" = "$(wc -l <"$BOX/sound")" ] ||
    fail "not by maintenance"
expect 0 sync # attachments have waited for it
texts "$MIRROR/confluence" | diff "$BOX/sound" - || fail "not with attachments"
expect 0 maintenance

# The folder of the source renamed, as its files come from it.
mv "$MIRROR/confluence" "$BOX/docs"
VARIABLES+=("CONFLUENCE_OUTPUT_DIR=$BOX/docs")
expect 0 sync --full
texts "$BOX/docs" | diff "$BOX/sound" - || fail "not in the new folder"
[ "$(find "$BOX/docs" -name '*.local-*' | wc -l)" = 0 ] || fail "copies"
expect 0 maintenance
# To another folder, the old files stay where they are.
VARIABLES+=("CONFLUENCE_OUTPUT_DIR=$BOX/new/docs")
expect 0 sync --full
texts "$BOX/new/docs" | diff "$BOX/sound" - || fail "not in a new folder"
texts "$BOX/docs" | diff "$BOX/sound" - || fail "old files are gone"
expect 0 maintenance

finish
