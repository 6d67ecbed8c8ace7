# shellcheck shell=bash
# rows.sh - all that an index holds, as text, so that two can be compared.
#
# Rows are named by the vendor's ids; what tells of runs is left out. The
# vocabulary of the full-text index stands for the index itself.

# dump_rows MIRROR - print them.
dump_rows() {
    sqlite3 -batch "$1/.cs/index.db" <<'SQL'
PRAGMA integrity_check;
SELECT vendor_id, key, name, home, folder, listed_count FROM container
  ORDER BY 1;
SELECT vendor_id, kind, status, title, parent, position, version, created,
  updated, author, editor, url, path, suffixed, file_path, hex(file_hash),
  body_version, missing IS NULL, failure FROM document ORDER BY 1;
SELECT d.vendor_id, b.markdown, hex(b.source), degraded, kept_raw, dropped,
  recovered FROM body b JOIN document d ON d.id = b.document ORDER BY 1;
SELECT d.vendor_id, l.name FROM label l JOIN document d ON d.id = l.document
  ORDER BY 1, 2;
SELECT d.vendor_id, l.text, l.ord, l.at, l.len, l.form, l.kind, l.space, l.title,
  l.ref_id, l.file, l.day, l.anchor, l.url, t.vendor_id FROM link l
  JOIN document d ON d.id = l.document
  LEFT JOIN document t ON t.id = l.target ORDER BY 1, 2, 3;
SELECT d.vendor_id, c.n, c.markdown, hex(c.source) FROM comments c
  JOIN document d ON d.id = c.document ORDER BY 1;
SELECT d.vendor_id, a.vendor_id, a.name, a.size, a.version, a.held_version,
  a.wanted, a.file_path, hex(a.file_hash), a.failure FROM attachment a
  JOIN document d ON d.id = a.document ORDER BY 1, 2;
SELECT 'person', vendor_id, name FROM person ORDER BY 2;
SELECT 'intents', count(*) FROM intent;
SQL
    "$(dirname "$FAKE")/../lib/cs-test-sql" "$1/.cs/index.db" "
CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, fts, row);
SELECT term, doc, cnt FROM temp.words ORDER BY 1;
INSERT INTO fts(fts, rank) VALUES('integrity-check', 1);"
}

# files MIRROR - every file below the spaces with its content, and whatever is
# left in the stage.
dump_files() {
    (cd "$1/confluence" && find . -type f ! -name .sync_state -print0 |
        sort -z | xargs -0 sha256sum)
}
