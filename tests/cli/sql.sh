#!/usr/bin/env bash
# sql.sh - cs sql reads, and nothing else.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

expect 4 sql "SELECT 1"
start_fake
use_server
expect 0 sync
sum() { sha256sum "$MIRROR/.cs/index.db" | cut -d ' ' -f 1; }
before=$(sum)

expect 0 sql "SELECT vendor_id, title FROM document WHERE vendor_id = '70011'"
same "$(cat "$BOX/out")" \
    "$(printf '70011\tRunbook: connection pool exhausted')" "a row"
expect 0 sql SELECT count\(\*\) FROM body
same "$(cat "$BOX/out")" 49 "words joined"
expect 0 sql "SELECT count(*) > 0 FROM fts WHERE fts MATCH '\"pool\"'"
same "$(cat "$BOX/out")" 1 "a search"
expect 0 sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
    WHERE i < 100000) SELECT i FROM n;"
same "$(wc -l <"$BOX/out")" 100000 "rows"
expect 0 sql --json "SELECT 1 AS a, 'x' AS b, NULL AS c, x'00ff' AS d, 1.5 AS e"
json .schema cs.sql/1
json '.columns | join(" ")' "a b c d e"
json '.rows[0] | tojson' '[1,"x",null,"00ff",1.5]'
expect 0 sql "SELECT 'a' || char(9, 10, 27, 155) || 'b'"
same "$(cat "$BOX/out")" "a  b" "control characters"
expect 0 sql "SELECT 1 WHERE 0"
same "$(wc -c <"$BOX/out")" 0 "no rows"
expect 0 sql "SELECT name FROM pragma_table_info('body')"
expect 0 sql
out_has "$(printf 'label\tdocument name')"

# From standard input.
STATUS=0
echo "SELECT 7;" | env -i "PATH=$PATH" "HOME=$HOME_DIR" "${VARIABLES[@]}" \
    "$CS" sql >"$BOX/out" 2>"$BOX/err" || STATUS=$?
same "$STATUS $(cat "$BOX/out")" "0 7" "a query from standard input"

# Everything else is refused.
while IFS= read -r statement; do
    expect 2 sql "$statement"
done <<'SQL'
DELETE FROM document
UPDATE document SET title = 'x'
INSERT INTO label VALUES(1, 'x')
UPDATE sqlite_master SET name = 'x'
DROP TABLE label
CREATE TABLE x(a)
CREATE TEMP TABLE x(a)
CREATE TEMP VIEW x AS SELECT 1
ALTER TABLE label ADD COLUMN x
INSERT INTO fts(fts) VALUES('rebuild')
PRAGMA journal_mode = delete
PRAGMA user_version = 7
PRAGMA writable_schema = on
PRAGMA query_only = off
PRAGMA wal_checkpoint
ATTACH '/tmp/x.db' AS x
VACUUM
VACUUM INTO '/tmp/x.db'
REINDEX
ANALYZE
BEGIN
SELECT load_extension('x')
SELECT 1; DELETE FROM document
SELECT 1; SELECT 2
SELEC 1
SELECT * FROM nosuchtable
;
SQL
expect 2 sql "SELECT nosuch FROM document"
err_has "nosuch"
same "$(sum)" "$before" "the index"
expect 0 sql "SELECT count(*) FROM document WHERE kind <> 'folder'"
same "$(cat "$BOX/out")" 49 "documents"

# A reader that has seen enough ends it.
env -i "PATH=$PATH" "HOME=$HOME_DIR" "${VARIABLES[@]}" timeout 20 "$CS" sql \
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
     SELECT i FROM n" 2>"$BOX/err" | head -n 1 >/dev/null ||
    fail "a closed pipe is no failure"
# And so does Ctrl-C: the first rows are there, more will never be.
: >"$BOX/out"
env -i "PATH=$PATH" "HOME=$HOME_DIR" "${VARIABLES[@]}" "$CS" sql \
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
     SELECT printf('%.9999c', 'x') FROM n WHERE i < 10" \
    >"$BOX/out" 2>"$BOX/err" &
QUERY=$!
tries=0
until [ -s "$BOX/out" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 400 ] || fail "the query prints nothing"
    sleep 0.05
done
kill -INT "$QUERY"
STATUS=0
wait "$QUERY" || STATUS=$?
check_status 130 "an interrupted query"
err_has "interrupted"

finish
