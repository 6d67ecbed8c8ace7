/*
 * path.h - names and paths as text; nothing here touches the disk.
 */
#ifndef CS_SRC_PATH_H
#define CS_SRC_PATH_H

#include "src/strbuf.h"

#define CS_PATH_MAX ((size_t)4096)
/* A name made from a title, so that ending and suffixes fit in 255 bytes. */
#define CS_NAME_MAX 180

/* Append "a/b" with exactly one slash between; an empty `a` gives `b`. */
void cs_path_join(struct cs_strbuf *out, const char *a, const char *b);

/* The length of the folder part of `path`, without its slash; 0 if none. */
size_t cs_path_dirname_len(const char *path);

/* True for a relative path of which no component is empty, "." or "..". */
bool cs_path_is_inside(const char *path);

/* Append the relative path that leads from the folder of `from` to the file
 * `to`; both are relative to the same folder and inside it. */
void cs_path_relative(struct cs_strbuf *out, const char *from, const char *to);

/* Append `path` percent-encoded for use as a link: everything but unreserved
 * characters (RFC 3986), '/' and non-ASCII. */
void cs_path_put_encoded(struct cs_strbuf *out, const char *path);

/* Append a file name made from a title that anyone may have written: NFC,
 * `/ \ : * ? " < > |` and control characters replaced by '-', runs of blanks
 * made one, no leading dot, no blank or dot at the edges, at most `max` bytes
 * cut between characters, Windows device names with '_' behind, "untitled"
 * when nothing is left. The result never contains a slash and never is "."
 * or "..". */
void cs_path_put_name(struct cs_strbuf *out, const char *title, size_t max);

/* Append `path` with a leading "~" or "~/" replaced by `home`. */
void cs_path_put_expanded(struct cs_strbuf *out, const char *path,
                          const char *home);

#endif
