# shellcheck shell=bash
# accidents.sh - what happens to a mirror and its server in a day, one function
# each. day.sh deals them out; each leaves a mirror that a sync can mend.

# Three syncs die at some moment. Those that were done by then do not count; the
# next one has less time.
kill_syncs() {
    local longest=$SYNC_MS want=$((KILLED + 3))
    while [ "$KILLED" -lt "$want" ] && [ "$longest" -gt 20 ]; do
        change_site 4
        run_and_kill "$longest" sync
        longest=$((longest * 4 / 5))
    done
}

tasks=("" reindex reconvert optimize check)

kill_maintenance() {
    local longest=600 want=$((KILLED + 3))
    while [ "$KILLED" -lt "$want" ] && [ "$longest" -gt 20 ]; do
        # shellcheck disable=SC2086
        run_and_kill "$longest" maintenance ${tasks[RANDOM % ${#tasks[@]}]}
        longest=$((longest * 4 / 5))
    done
}

run_maintenance() {
    local task=${tasks[RANDOM % ${#tasks[@]}]}
    # shellcheck disable=SC2086
    cs maintenance $task
    expect_one_of "maintenance $task" 0 3
    rm -f "$BOX/backup.db"
    cs maintenance backup "$BOX/backup.db"
    expect_one_of "backup" 0
}

# No room for all that is new; more than once, each time with a little more. 7:
# without room for more a search keeps writers out while it looks.
full_disk() {
    local left
    [ -n "$DISK" ] || return 0
    for left in 0 65536 300000; do
        change_site 6
        control attach "{\"content\":65602,\"title\":\"full.txt\",
            \"data\":\"$RANDOM bytes \",\"repeat\":8000}" >/dev/null
        fill_disk "$DISK" "$((left + RANDOM))"
        cs sync
        expect_one_of "sync on a full disk" 0 3 7 74 75
        [ "$STATUS" != 74 ] || FULL=$((FULL + 1))
        rm -f "$DISK/ballast"
    done
}

# The server goes away in the middle of a sync, and comes back.
restart_server() {
    local pid status=0 ms=$((RANDOM % SYNC_MS))
    change_site 10
    exec_cs sync --full >"$BOX/sync" 2>&1 &
    pid=$!
    sleep "$((ms / 1000)).$(printf '%03d' $((ms % 1000)))"
    kill -USR1 "$SERVER"
    sleep 0.3
    kill -USR2 "$SERVER"
    wait "$pid" || status=$?
    case $status in
    0 | 3 | 75) ;;
    *) fail "sync while the server restarts: $status, $(tail -n 3 "$BOX/sync")" ;;
    esac
    wait_for_server
}

# A whole run without a server.
server_down() {
    kill -USR1 "$SERVER"
    sleep 0.2
    cs sync
    expect_one_of "sync without a server" 75
    kill -USR2 "$SERVER"
    wait_for_server
}

wait_for_server() {
    local tries=0
    until control set '{}' >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || fail "the server did not come back"
        sleep 0.05
    done
}

# Too many requests: it says how long to wait, and means it.
busy_server() {
    control fault '{"kind":"rate","form":"seconds","ms":1000,"count":2,
        "every":5}' >/dev/null
    control fault '{"kind":"status","status":503,"retryAfter":1,"count":1,
        "skip":7}' >/dev/null
    change_site 6
    sync_somehow
    control clear-faults '{}' >/dev/null
}

# One space more: of those that are there, then of those to come.
new_space() {
    local key
    SPACES_ADDED=$((SPACES_ADDED + 1))
    case $SPACES_ADDED in
    1) key=OPS ;;
    2) key='~demo' ;;
    *)
        key=NEW$SPACES_ADDED
        control space "{\"space\":\"$key\",\"new\":true}" >/dev/null
        control create "{\"space\":\"$key\",\"title\":\"First of $key\",
            \"body\":\"<p>made1</p>\"}" >/dev/null
        ;;
    esac
    SPACES+=,$key
    use_mirror
    sync_somehow
}

# The words of somebody who edited a page where it lies.
edit_by_hand() {
    local file
    file=$(find "$MIRROR/confluence" \( -name BEACON -o -name .stage \) -prune \
        -o -name '*.md' -type f ! -name '*local-*' -print | sort |
        grep -vxFf "$BOX/mine" | sed -n "$((1 + RANDOM % 30))p")
    [ -n "$file" ] || return 0
    EDITS=$((EDITS + 1))
    echo "by hand, edit $EDITS." >>"$file"
    echo "edit $EDITS: ${file#"$MIRROR/"}" >>"$BOX/edits.log"
}

# Files, folders and links of others, some of them where one of ours is wanted
# later. A page that had to give way keeps the name it took, so those pages are
# deleted before the mirror is compared.
put_foreign() {
    local at=$MIRROR/confluence/GEN1
    FOREIGN=$((FOREIGN + 1))
    mkdir -p "$at/drawer $FOREIGN"
    echo "mine $FOREIGN" >"$at/drawer $FOREIGN/note.md"
    echo "mine, too" >"$at/note $FOREIGN.txt"
    echo "in the way" >"$at/Wanted $FOREIGN.md"
    ln -s nowhere "$at/link $FOREIGN.md"
    printf '%s\n' "$at/drawer $FOREIGN/note.md" "$at/note $FOREIGN.txt" \
        "$at/Wanted $FOREIGN.md" "$at/link $FOREIGN.md" >>"$BOX/mine"
    control create "{\"id\":$((881000 + FOREIGN)),\"space\":\"GEN1\",
        \"title\":\"Wanted $FOREIGN\",\"body\":\"<p>made$FOREIGN</p>\"}" >/dev/null
    foreign_files >"$BOX/foreign"
}

# Kind, size, inode, time and content of what is not ours.
foreign_files() {
    tr '\n' '\0' <"$BOX/mine" |
        xargs -0 -r -I{} find {} -printf '%p %y %s %i %T@ %l\n'
    tr '\n' '\0' <"$BOX/mine" | xargs -0 -r grep -Hs . || true
}

# The index as an older program would have left it: the tables of the version
# before, with the rows of today. The first upgrade is killed.
older_index() {
    local db=$MIRROR/.cs/index.db old=$BOX/old.db
    keep_out
    touch "$BOX/old"
    rm -f "$old"
    sqlite3 "$old" <"$(older_schema)"
    copy_rows "$db" "$old"
    cp "$old" "$MIRROR/.cs/old.db"
    rm -f "$db-wal" "$db-shm"
    mv "$MIRROR/.cs/old.db" "$db"
    let_in
    run_and_kill 150 sync
    sync_somehow
    same "$(sqlite3 "$db" 'PRAGMA user_version')" "$SCHEMA" "version of tables"
    rm -f "$BOX/old"
    UPGRADES=$((UPGRADES + 1))
}

older_schema() {
    find "$SITE/../schema" -name '*.sql' | sort -V | tail -n 1
}

# copy_rows FROM TO - of every table of TO the columns that both have.
copy_rows() {
    sqlite3 -batch "$1" >"$BOX/copy.sql" <<SQL
ATTACH '$2' AS old;
SELECT 'DELETE FROM old.' || o.name || '; INSERT INTO old.' || o.name || '('
    || group_concat('"' || c.name || '"') || ') SELECT '
    || group_concat('"' || c.name || '"') || ' FROM main.' || o.name || ';'
  FROM old.sqlite_schema o, pragma_table_info(o.name, 'old') c
  WHERE o.type = 'table' AND o.sql NOT LIKE 'CREATE VIRTUAL%'
    AND o.name NOT LIKE 'fts\_%' ESCAPE '\\' AND o.name NOT LIKE 'sqlite%'
    AND EXISTS (SELECT 1 FROM pragma_table_info(o.name, 'main')
                 WHERE name = c.name)
  GROUP BY o.name;
SQL
    sqlite3 -batch "$1" <<SQL
ATTACH '$2' AS old;
BEGIN;
$(cat "$BOX/copy.sql")
DELETE FROM old.state WHERE name IN ('tokenizer', 'generation');
INSERT INTO old.fts(fts) VALUES('rebuild');
COMMIT;
SQL
}
