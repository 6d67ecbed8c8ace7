#!/usr/bin/env bash
# upkeep.sh - a mirror that was damaged in ten ways: a dry run lists the ten and
# leaves no trace, the real run mends them, and the next one finds nothing. Then
# the tasks that have names.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

DB=$MIRROR/.cs/index.db

# Everything below the root: name, kind, size, inode, times, target; contents.
# For root SQLite sets the owner of a log that it opens, to what it is.
everything() {
    (cd "$MIRROR" && find . ! -name '*-wal' \
        -printf '%p %y %s %i %m %T@ %C@ %l\n' | sort &&
        find . -name '*-wal' -printf '%p %y %s %i %m %T@\n' &&
        find . -type f -print0 | sort -z | xargs -0 sha256sum)
}

# dry STATUS ARG... - run it dry, with the root as it was before, or fail.
dry() {
    local want=$1
    shift
    everything >"$BOX/everything"
    expect "$want" maintenance "$@" --dry-run
    everything | diff "$BOX/everything" - >&2 || fail "a trace of: $* --dry-run"
    ok
}

start_fake
use_server
expect 0 sync
expect 0 maintenance
out_has "nothing to do"
dry 0

# A sync ends with the chores that are due, once a day.
log=$MIRROR/logs/sync_20200202.log
echo old >"$log"
echo mine >"$MIRROR/logs/sync_20200202.txt"
expect 0 sync
[ -f "$log" ] || fail "chores twice a day"
sql "UPDATE state SET value = value - 86400000 WHERE name = 'routine'"
expect 0 sync
[ ! -f "$log" ] || fail "an old log was kept"
[ -f "$MIRROR/logs/sync_20200202.txt" ] || fail "a foreign file was removed"
[ "$(find "$MIRROR/logs" -name 'sync_*.log' | wc -l)" = 1 ] ||
    fail "the log of today was removed"
expect 0 maintenance
out_has "nothing to do"
contents >"$BOX/sound"

ops=$MIRROR/confluence/OPS
rm "$ops/Runbooks/Runbook- connection pool exhausted.md"
cp "$ops/Operations.md" "$ops/Copy.md"
echo x >"$MIRROR/confluence/.stage/4711.md"
mkdir -p "$MIRROR/logs"
echo old >"$MIRROR/logs/sync_20200101.log"
sql --leave-log "
    INSERT INTO intent(source, op, document, path)
        SELECT source, 'remove', id, 'OPS/gone.md' FROM document
        WHERE kind = 'folder' OR 1 ORDER BY id LIMIT 1;
    INSERT INTO fts(fts, rowid, body, title, headings, code, labels, comments)
        SELECT 'delete', * FROM search_text
        ORDER BY id LIMIT 1 OFFSET 2;
    UPDATE link SET target = 999999 WHERE (document, text, ord) =
        (SELECT document, text, ord FROM link WHERE target IS NOT NULL
         ORDER BY document DESC LIMIT 1);
    INSERT INTO label VALUES(888888, 'lost');
    UPDATE document SET file_path = (SELECT file_path FROM document
            WHERE title = 'Operations')
        WHERE title = 'Runbooks';"
[ -s "$DB-wal" ] || fail "no log was left"

dry 3 --json
cp "$BOX/out" "$BOX/foretold"
json .dry_run true
json '[.actions[].task] | sort | join(" ")' "checkpoint dangling-rows \
dangling-rows duplicate-paths index-entries intents leftover-files \
missing-files old-logs stage-files"
json '[.actions[] | select(.done)] | length' 0
json '[.actions[] | select((.reason | length) == 0)] | length' 0
json '[.actions[] | select(.task == "missing-files")][0].bytes > 100' true
json '[.actions[] | select(.task == "old-logs")][0].bytes' 4
json '[.actions[] | select(.task == "checkpoint")][0].bytes > 0' true
json .problems 8
json .due 2
dry 3
out_has "8 findings would be mended; 2 actions would be taken"
err_has "8 findings remain"

expect 0 maintenance --json
json '[.actions[] | select(.done)] | length' 10
json .problems 0
jq -S '[.actions[] | [.task, .path, .id]] | sort' "$BOX/out" >"$BOX/did"
jq -S '[.actions[] | [.task, .path, .id]] | sort' "$BOX/foretold" |
    diff - "$BOX/did" >&2 || fail "what was done is not what was foretold"
dry 0
out_has "nothing to do"
expect 0 maintenance
out_has "nothing to do"
contents | diff "$BOX/sound" - >&2 || fail "the mirror is not as it was"
sql "INSERT INTO fts(fts, rank) VALUES('integrity-check', 1)"
[ "$(sql 'PRAGMA integrity_check')" = ok ] || fail "integrity_check"
expect 0 search pool

# A finding or a note alone is told in the singular.
echo mine >"$ops/mine.txt"
rm "$ops/Runbooks.md"
dry 3
out_has "1 finding would be mended; 1 note"
err_has "1 finding remains"
expect 0 maintenance
out_has "1 finding mended; 1 note"
rm "$ops/mine.txt"

# Tasks that have names.
for task in optimize reindex reconvert recover; do
    dry 0 "$task"
    expect 0 maintenance "$task"
    dry 0
    contents | diff "$BOX/sound" - >&2 || fail "$task changed a file"
done
expect 0 maintenance optimize
[ "$(sql 'SELECT count(DISTINCT segid) FROM fts_idx')" -le 1 ] ||
    fail "the full-text index is in pieces"
expect 0 search pool
rm "$DB".damaged-*

# What is derived is not brought along from a damaged index, but made anew.
sql "DELETE FROM lexicon;
    UPDATE vector SET docs = zeroblob(length(docs));
    UPDATE vector_facts SET docs = zeroblob(length(docs));
    UPDATE fingerprint SET simhash = simhash + 1"
expect 3 maintenance check
expect 0 maintenance recover
expect 0 maintenance check
out_has "nothing to do"
rm "$DB".damaged-*

# An index of an older cs is built anew once, by whichever task opens it.
generation() {
    sql "SELECT value FROM state WHERE name = 'generation'"
}
for task in reindex check reindex; do
    before=$(generation)
    sql "UPDATE state SET value = '0' WHERE name = 'tokenizer'"
    if [ "$task" = check ]; then
        expect 4 maintenance check
        expect 0 maintenance
    else
        expect 0 maintenance reindex
    fi
    same "$(generation)" $((before + 1)) "generations after $task"
done
before=$(generation)
expect 0 maintenance reindex
same "$(generation)" $((before + 1)) "generations after reindex"
expect 0 maintenance check

# Of what happened long ago the last of each document stay.
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25)
    INSERT INTO event(source, vendor_id, at, what)
        SELECT 1, '4711', i, 'fetched' FROM n"
dry 0
out_has "events: 5 events of more than 90 days ago; forget them: would be done"
expect 0 maintenance
same "$(sql "SELECT group_concat(at, ' ') FROM event WHERE vendor_id = '4711'")" \
    "$(seq -s ' ' 6 25)" "events that are kept"
dry 0
sql "DELETE FROM event WHERE vendor_id = '4711'"

dry 0 backup "$BOX/backup.db"
[ ! -e "$BOX/backup.db" ] || fail "a dry run wrote a backup"
expect 0 maintenance backup "$BOX/backup.db"
[ "$(sqlite3 "$BOX/backup.db" 'SELECT count(*) FROM document')" = \
    "$(sql 'SELECT count(*) FROM document')" ] || fail "the backup lacks rows"
[ "$(stat -c %a "$BOX/backup.db")" = 600 ] || fail "others may read the backup"
expect 0 maintenance backup "$BOX/backup.db"
echo "my letter" >"$BOX/letter"
expect 2 maintenance backup "$BOX/letter"
file_has "$BOX/letter" "my letter"
expect 2 maintenance backup
expect 2 maintenance backup "$BOX" "$BOX/two"
[ "$(find "$BOX" -maxdepth 1 -name 'backup.db*' | wc -l)" = 1 ] ||
    fail "a temporary file was left"
# One of an index that holds nonsense is none; the one that is there stays.
cp "$BOX/backup.db" "$BOX/sound.db"
cp "$DB" "$BOX/index.db"
sql "PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(sql, 'title TEXT NOT NULL', 'title TEXT')
        WHERE name = 'document';
    PRAGMA writable_schema = RESET;
    UPDATE document SET title = NULL WHERE vendor_id = '70030';
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(sql, 'title TEXT', 'title TEXT NOT NULL')
        WHERE name = 'document';
    PRAGMA writable_schema = RESET"
expect 8 maintenance backup "$BOX/backup.db"
err_has "the copy is damaged, and so is the index: NULL value in document.title"
err_has "cs maintenance recover"
cmp -s "$BOX/backup.db" "$BOX/sound.db" || fail "the good backup is gone"
[ "$(find "$BOX" -maxdepth 1 -name 'backup.db*' | wc -l)" = 1 ] ||
    fail "a copy that is none was left"
cp "$BOX/index.db" "$DB"

# The backup put back is an index.
cp "$BOX/backup.db" "$DB"
expect 0 maintenance --dry-run
expect 0 search pool

cs maintenance links --json
[ "$STATUS" = 0 ] || [ "$STATUS" = 3 ] || fail "links: $STATUS"
json '[.findings[] | select(.check != "links")] | length' 0
expect 0 maintenance links 70011 --json
json '.findings | length > 0' true
expect 1 maintenance links 999
expect 2 maintenance links 1 2
expect 0 maintenance stale --older-than 1d --json
json '.findings | length > 0' true
expect 0 maintenance stale --older-than 200y --json
json '.findings | length' 0
expect 2 maintenance stale --older-than nonsense
expect 0 maintenance duplicates --json
json '[.findings[] | select(.check != "duplicates")] | length' 0
expect 2 maintenance duplicates 1
expect 2 maintenance --older-than 1d
expect 2 maintenance nosuchtask
expect 2 maintenance reconvert intents

finish
