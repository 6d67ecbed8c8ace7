/*
 * migrations.c - the tables, as each version added them.
 *
 * Never edit a migration that was released: add the next one.
 */
#include "index/migrations.h"

#include "index/fulltext.h"

/* Times are milliseconds since 1970, UTC. "vendor id" is the source's own id
 * of a thing, text. Paths are relative to the folder of the source. */
static const char version_1[] =
    "CREATE TABLE source("
    "  id INTEGER PRIMARY KEY,"
    "  name TEXT NOT NULL UNIQUE," /* in the configuration */
    "  type TEXT NOT NULL,"        /* the connector */
    "  base_url TEXT NOT NULL,"
    "  folder TEXT NOT NULL," /* below the root, or absolute */
    "  last_start INTEGER,"
    "  last_success INTEGER," /* end of the last run without failure */
    "  last_outcome TEXT"     /* status name */
    ") STRICT;"

    "CREATE TABLE container(" /* a space */
    "  id INTEGER PRIMARY KEY,"
    "  source INTEGER NOT NULL REFERENCES source,"
    "  vendor_id TEXT NOT NULL,"
    "  key TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  home TEXT," /* vendor id of its home page */
    "  url TEXT,"
    "  folder TEXT NOT NULL," /* made from the key */
    "  listed INTEGER,"       /* time of the last complete listing */
    "  listed_count INTEGER," /* documents in it, folders not counted */
    "  UNIQUE(source, vendor_id)"
    ") STRICT;"

    "CREATE TABLE document("
    "  id INTEGER PRIMARY KEY,"
    "  source INTEGER NOT NULL REFERENCES source,"
    "  container INTEGER NOT NULL REFERENCES container,"
    "  vendor_id TEXT NOT NULL,"
    "  kind TEXT NOT NULL,"   /* page, blogpost, folder */
    "  status TEXT NOT NULL," /* current, archived */
    "  title TEXT NOT NULL,"
    "  parent TEXT," /* vendor id */
    "  position INTEGER,"
    "  version INTEGER NOT NULL," /* as listed */
    "  created INTEGER NOT NULL,"
    "  updated INTEGER NOT NULL,"
    "  author TEXT, editor TEXT," /* vendor ids of persons */
    "  url TEXT,"
    "  path TEXT," /* wanted; of a folder: its folder */
    "  suffixed INTEGER NOT NULL DEFAULT 0," /* a foreign file has the name */
    "  file_path TEXT,"       /* where our file is, once published */
    "  file_hash BLOB,"       /* of the bytes we wrote there */
    "  body_version INTEGER," /* version of the text that we hold */
    "  missing INTEGER,"      /* since when listings lack it */
    "  failure TEXT,"         /* why its text could not be had */
    "  failed INTEGER,"       /* when that was first so */
    "  UNIQUE(source, vendor_id)"
    ") STRICT;"
    "CREATE INDEX document_container ON document(container, title);"
    "CREATE INDEX document_path ON document(source, path);"
    "CREATE INDEX document_file ON document(source, file_path)"
    "  WHERE file_path IS NOT NULL;"
    "CREATE INDEX document_wanted ON document(container)"
    "  WHERE body_version IS NOT version;"

    "CREATE TABLE body("
    "  document INTEGER PRIMARY KEY REFERENCES document ON DELETE CASCADE,"
    "  markdown TEXT NOT NULL," /* canonical: destinations are empty */
    "  source BLOB NOT NULL,"   /* as fetched, zstd */
    "  source_format TEXT NOT NULL,"
    "  degraded INTEGER NOT NULL," /* counts of the conversion */
    "  kept_raw INTEGER NOT NULL,"
    "  dropped INTEGER NOT NULL,"
    "  recovered INTEGER NOT NULL"
    ") STRICT;"

    "CREATE TABLE label("
    "  document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,"
    "  name TEXT NOT NULL,"
    "  PRIMARY KEY(document, name)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX label_name ON label(name, document);"

    "CREATE TABLE link(" /* the places of a body, in order */
    "  document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,"
    "  ord INTEGER NOT NULL,"
    "  at INTEGER NOT NULL, len INTEGER NOT NULL," /* bytes in markdown */
    "  form INTEGER NOT NULL,"                     /* enum cs_place_form */
    "  kind TEXT NOT NULL,"                        /* enum cs_ref_kind */
    "  space TEXT, title TEXT, ref_id TEXT, file TEXT, day TEXT, anchor TEXT,"
    "  url TEXT,"       /* in a browser, when there is no target */
    "  target INTEGER," /* document it leads to, if held */
    "  PRIMARY KEY(document, ord)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX link_target ON link(target) WHERE target IS NOT NULL;"
    "CREATE INDEX link_title ON link(title)"
    "  WHERE target IS NULL AND title IS NOT NULL;"
    "CREATE INDEX link_ref ON link(ref_id) WHERE ref_id IS NOT NULL;"

    "CREATE TABLE person("
    "  source INTEGER NOT NULL REFERENCES source,"
    "  vendor_id TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  PRIMARY KEY(source, vendor_id)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE run("
    "  id INTEGER PRIMARY KEY,"
    "  source INTEGER NOT NULL REFERENCES source,"
    "  started INTEGER NOT NULL,"
    "  ended INTEGER, outcome TEXT,"
    "  written INTEGER, moved INTEGER, removed INTEGER, failed INTEGER"
    ") STRICT;"

    "CREATE TABLE intent(" /* file operations still to be done */
    /* never used twice: the store counts on it */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  source INTEGER NOT NULL REFERENCES source,"
    "  op TEXT NOT NULL,"          /* put, remove */
    "  document INTEGER NOT NULL," /* for put: renders it anew if need be */
    "  path TEXT NOT NULL,"
    "  old_hash BLOB," /* what of ours may stand there */
    "  new_hash BLOB"  /* what shall stand there; NULL: nothing */
    ") STRICT;"

    /* Derived: rebuildable from the tables above. */
    "CREATE VIEW search_text(id, title, labels, body) AS"
    "  SELECT d.id, d.title,"
    "    (SELECT group_concat(name, ' ') FROM"
    "      (SELECT name FROM label WHERE document = d.id ORDER BY name)),"
    "    b.markdown"
    "  FROM document d JOIN body b ON b.document = d.id;"
    "CREATE VIRTUAL TABLE fts USING fts5(title, labels, body,"
    "  content='search_text', content_rowid='id',"
    "  tokenize='unicode61 remove_diacritics 2');"
    "INSERT INTO fts(fts, rank) VALUES('automerge', 16);"
    "INSERT INTO fts(fts, rank) VALUES('hashsize', 8388608);"
    "INSERT INTO fts(fts, rank) VALUES('rank', 'bm25(10.0, 5.0, 1.0)');";

/* Blocks made of other documents, and the report of each conversion. */
static const char version_2[] =
    "ALTER TABLE link ADD COLUMN query TEXT;"
    "CREATE INDEX link_block ON link(form) WHERE form >= 4;"

    "CREATE TABLE part(" /* what other documents may show of this one */
    "  document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,"
    "  ord INTEGER NOT NULL,"
    "  kind INTEGER NOT NULL," /* enum cs_part_kind */
    "  name TEXT NOT NULL,"
    "  at INTEGER NOT NULL, len INTEGER NOT NULL,"
    "  PRIMARY KEY(document, ord)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE conversion("
    "  document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,"
    "  kind TEXT NOT NULL, name TEXT NOT NULL,"
    "  outcome TEXT NOT NULL," /* enum cs_outcome */
    "  n INTEGER NOT NULL,"
    "  PRIMARY KEY(document, kind, name, outcome)"
    ") STRICT, WITHOUT ROWID;";

/* Version 3: comments, attachments, deletions, what a run did to whom. */
static const char version_3_documents[] =
    "ALTER TABLE container ADD COLUMN left INTEGER;" /* not configured, since */
    "ALTER TABLE container ADD COLUMN gone INTEGER;" /* not shown, since */
    "ALTER TABLE container ADD COLUMN gone_why TEXT;"

    "ALTER TABLE document ADD COLUMN reload INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE document ADD COLUMN"
    "  looked INTEGER NOT NULL DEFAULT 0;"             /* at all aspects */
    "ALTER TABLE document ADD COLUMN suspect INTEGER;" /* since */
    "ALTER TABLE document ADD COLUMN verdict TEXT;"    /* enum cs_presence */
    "ALTER TABLE document ADD COLUMN verdicts INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE document ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0;"
    "DROP INDEX document_wanted;"
    "CREATE INDEX document_wanted ON document(container)"
    "  WHERE body_version IS NOT version OR reload <> 0;"
    "CREATE INDEX document_missing ON document(source)"
    "  WHERE missing IS NOT NULL OR suspect IS NOT NULL;"
    /* What a run asks of every container, whether anything changed or not. */
    "CREATE INDEX document_updated ON document(container, updated);"
    "CREATE INDEX document_looked ON document(source, looked);"
    "CREATE INDEX document_held ON document(container)"
    "  WHERE body_version = version AND missing IS NULL;"

    "CREATE TABLE comments(" /* of a document, all in one text */
    "  document INTEGER PRIMARY KEY REFERENCES document ON DELETE CASCADE,"
    "  n INTEGER NOT NULL,"
    "  markdown TEXT NOT NULL,"
    "  source BLOB NOT NULL,"
    "  source_format TEXT NOT NULL"
    ") STRICT;"

    "DROP VIEW search_text;"
    "CREATE VIEW search_text(id, title, labels, body) AS"
    "  SELECT d.id, d.title,"
    "    (SELECT group_concat(name, ' ') FROM"
    "      (SELECT name FROM label WHERE document = d.id ORDER BY name)),"
    "    iif(c.document IS NULL, b.markdown, b.markdown || char(10)"
    "     || c.markdown)"
    "  FROM document d JOIN body b ON b.document = d.id"
    "  LEFT JOIN comments c ON c.document = d.id;";

/* A link stands in one of the texts of its document. */
static const char version_3_links[] =
    "ALTER TABLE link RENAME TO link_2;"
    "DROP INDEX link_target; DROP INDEX link_title; DROP INDEX link_ref;"
    "DROP INDEX link_block;"
    "CREATE TABLE link("
    "  document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,"
    "  text INTEGER NOT NULL," /* enum cs_aspect: the text, or the comments */
    "  ord INTEGER NOT NULL,"
    "  at INTEGER NOT NULL, len INTEGER NOT NULL,"
    "  form INTEGER NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  space TEXT, title TEXT, ref_id TEXT, file TEXT, day TEXT, anchor TEXT,"
    "  url TEXT, query TEXT,"
    "  target INTEGER," /* document it leads to, or that holds the file */
    "  PRIMARY KEY(document, text, ord)"
    ") STRICT, WITHOUT ROWID;"
    "INSERT INTO link(document, text, ord, at, len, form, kind, space, title,"
    "  ref_id, file, day, anchor, url, query, target)"
    "  SELECT document, 1, ord, at, len, form, kind, space, title, ref_id,"
    "   file, day, anchor, url, query, target FROM link_2;"
    "DROP TABLE link_2;"
    "CREATE INDEX link_target ON link(target) WHERE target IS NOT NULL;"
    "CREATE INDEX link_title ON link(title)"
    "  WHERE target IS NULL AND title IS NOT NULL;"
    "CREATE INDEX link_ref ON link(ref_id) WHERE ref_id IS NOT NULL;"
    "CREATE INDEX link_block ON link(form) WHERE form >= 4;"
    "CREATE INDEX link_file ON link(target, file) WHERE file IS NOT NULL;"
    "UPDATE link SET target = document WHERE kind = 'attachment'"
    " AND ref_id IS NULL AND title IS NULL;";

static const char version_3_files[] =
    "CREATE TABLE attachment("
    "  id INTEGER PRIMARY KEY,"
    "  source INTEGER NOT NULL REFERENCES source,"
    "  document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,"
    "  vendor_id TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  media_type TEXT,"
    "  size INTEGER NOT NULL," /* as told, -1 unknown */
    "  version INTEGER NOT NULL,"
    "  updated INTEGER NOT NULL,"
    "  locator TEXT, url TEXT,"
    "  wanted INTEGER NOT NULL DEFAULT 0,"
    "  path TEXT," /* wanted */
    "  suffixed INTEGER NOT NULL DEFAULT 0,"
    "  file_path TEXT," /* where our file is, once published */
    "  file_hash BLOB,"
    "  file_size INTEGER,"
    "  held_version INTEGER," /* of the bytes that we hold */
    "  failure TEXT, failed INTEGER,"
    "  UNIQUE(source, vendor_id)"
    ") STRICT;"
    "CREATE INDEX attachment_document ON attachment(document);"
    "CREATE INDEX attachment_file ON attachment(source, file_path)"
    "  WHERE file_path IS NOT NULL;"
    "CREATE INDEX attachment_wanted ON attachment(source)"
    "  WHERE wanted AND held_version IS NOT version;"

    /* What an intent is about, and where a file comes from or goes to. */
    "ALTER TABLE intent ADD COLUMN kind TEXT NOT NULL DEFAULT 'document';"
    "ALTER TABLE intent ADD COLUMN target TEXT;";

static const char version_3_history[] =
    "CREATE TABLE tombstone(" /* a deleted document, until it expires */
    "  id INTEGER PRIMARY KEY,"
    "  source INTEGER NOT NULL REFERENCES source,"
    "  container INTEGER NOT NULL REFERENCES container,"
    "  vendor_id TEXT NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  title TEXT NOT NULL,"
    "  path TEXT," /* it had */
    "  url TEXT,"
    "  version INTEGER,"
    "  reason TEXT NOT NULL," /* trashed, gone, forbidden, moved, left */
    "  http_status INTEGER,"
    "  deleted INTEGER NOT NULL,"
    "  file BLOB," /* as it stood in the mirror, zstd */
    "  body_source BLOB, source_format TEXT,"
    "  UNIQUE(source, vendor_id)"
    ") STRICT;"
    "CREATE TABLE tombstone_file(" /* its attachments */
    "  id INTEGER PRIMARY KEY,"
    "  tombstone INTEGER NOT NULL REFERENCES tombstone ON DELETE CASCADE,"
    "  vendor_id TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  trash TEXT NOT NULL," /* name of its bytes in .cs/trash */
    "  hash BLOB NOT NULL, size INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX tombstone_file_of ON tombstone_file(tombstone);"

    "CREATE TABLE event(" /* what happened to a document, for `cs why` */
    "  id INTEGER PRIMARY KEY,"
    "  source INTEGER NOT NULL REFERENCES source,"
    "  vendor_id TEXT NOT NULL,"
    "  run INTEGER,"
    "  at INTEGER NOT NULL,"
    "  what TEXT NOT NULL," /* listed, moved, fetched, failed, removed, ... */
    "  detail TEXT"
    ") STRICT;"
    "CREATE INDEX event_of ON event(source, vendor_id);"

    "ALTER TABLE run ADD COLUMN deleted INTEGER;"
    "ALTER TABLE run ADD COLUMN files INTEGER;"

    "CREATE TABLE cursor(" /* what a connector keeps from run to run */
    "  source INTEGER NOT NULL REFERENCES source,"
    "  name TEXT NOT NULL,"
    "  value TEXT NOT NULL,"
    "  PRIMARY KEY(source, name)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE state(" /* the same for the mirror as a whole */
    "  name TEXT PRIMARY KEY,"
    "  value TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;";

/* Version 4: our own words, and what searching asks of all documents. All of
 * it is derived; index/fulltext.h fills it. Texts that are not there are empty:
 * FTS5 passes NULL by without a word to the tokenizer. */
static const char version_4[] =
    /* Of a document whose file is where it should be, document_file knows. */
    "DROP INDEX document_path;"
    "CREATE INDEX document_path ON document(source, path)"
    "  WHERE path IS NOT file_path;"

    "DROP VIEW search_text;"
    "CREATE VIEW search_text(id, body, title, headings, code, labels, comments)"
    " AS SELECT d.id, cs_body(b.markdown), d.title, cs_headings(b.markdown),"
    "    cs_code(b.markdown),"
    "    coalesce((SELECT group_concat(name, ' ') FROM (SELECT name FROM label"
    "      WHERE document = d.id ORDER BY name)), ''),"
    "    coalesce(c.markdown, '')"
    "  FROM document d JOIN body b ON b.document = d.id"
    "  LEFT JOIN comments c ON c.document = d.id;"
    "CREATE VIRTUAL TABLE fts USING " CS_FULLTEXT_MODULE
    ";" CS_FULLTEXT_SETTINGS //

    "CREATE TABLE lexicon(" /* words/lexicon.h */
    "  id INTEGER PRIMARY KEY,"
    "  first TEXT NOT NULL UNIQUE," /* of its terms */
    "  terms BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE lexicon_delta("
    "  id INTEGER PRIMARY KEY,"
    "  terms BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE vector(" /* words/vector.h */
    "  block INTEGER PRIMARY KEY,"
    "  docs BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE " CS_FULLTEXT_FACTS
    "CREATE TABLE author(" /* small numbers for persons */
    "  id INTEGER PRIMARY KEY,"
    "  source INTEGER NOT NULL REFERENCES source,"
    "  vendor_id TEXT NOT NULL,"
    "  UNIQUE(source, vendor_id)"
    ") STRICT;"
    "CREATE TABLE fingerprint(" /* words/simhash.h */
    "  document INTEGER PRIMARY KEY REFERENCES document ON DELETE CASCADE,"
    "  simhash INTEGER NOT NULL"
    ") STRICT;";

const char *const cs_migrations[CS_SCHEMA_VERSION][CS_MIGRATION_STEPS] = {
    {version_1},
    {version_2},
    {version_3_documents, version_3_links, version_3_files, version_3_history},
    {version_4},
};
