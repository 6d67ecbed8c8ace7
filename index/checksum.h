/*
 * checksum.h - every page of the database file carries the hash of its bytes.
 *
 * SQLite notices damage only where it breaks the structure of the file; a bit
 * that flips inside a text or a number gives a wrong answer. So the last eight
 * bytes of each page, which SQLite leaves alone, hold a hash of the others and
 * of the page's number: written when a page goes into the file, compared when
 * it is read from there. Pages of the write-ahead log have hashes of SQLite's
 * own.
 *
 * Other programs may read the file, and carry its log over: pages in the log
 * have zeros there, which are not compared. A program that writes rows without
 * this layer leaves pages that count as damaged. A file that was
 * made without hashes has none, and works.
 */
#ifndef CS_INDEX_CHECKSUM_H
#define CS_INDEX_CHECKSUM_H

#include <sqlite3.h>

/* What must be reserved at the end of each page of a new file. */
#define CS_CHECKSUM_BYTES 8

/* For sqlite3_file_control(): an int is set to 1 if a page with a wrong hash
 * was read. Reading it gave SQLITE_IOERR_DATA, of which little may be left by
 * the time SQLite tells. */
#define CS_CHECKSUM_FAILED 0x63730001

/* The name of the layer (a VFS of SQLite's), for sqlite3_open_v2(); NULL
 * without memory. */
const char *cs_checksum_layer(void);

#endif
