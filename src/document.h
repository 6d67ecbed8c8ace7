/*
 * document.h - the records that a connector makes and a store keeps.
 *
 * Strings are borrowed: whoever receives a record copies what it wants to
 * keep. Optional strings are NULL when unknown. Times are milliseconds since
 * 1970 in UTC; 0 means unknown.
 */
#ifndef CS_SRC_DOCUMENT_H
#define CS_SRC_DOCUMENT_H

#include "src/body.h"

/* A space, project, repository or channel: the first folder of a path. */
struct cs_container {
    const char *id;      /* vendor's id */
    const char *key;     /* names its folder: "ENG" */
    const char *name;    /* as people call it */
    const char *home_id; /* item that adds no level to paths, or NULL */
    const char *url;     /* for a browser */
};

enum cs_item_kind {
    CS_ITEM_PAGE,
    CS_ITEM_BLOG_POST,
    CS_ITEM_FOLDER, /* has a title and children, but no text and no file */
    CS_ITEM_KINDS
};

enum cs_item_status { CS_ITEM_CURRENT, CS_ITEM_ARCHIVED, CS_ITEM_STATUSES };

/* What a listing tells about one item: all that decides its path and its
 * front matter, and whether its text must be fetched. */
struct cs_item {
    const char *id; /* vendor's id, unique within the source */
    enum cs_item_kind kind;
    enum cs_item_status status;
    const char *title;
    const char *parent_id; /* NULL: at the top of its container */
    int64_t position;      /* among its siblings; -1 unknown */
    int64_t version;       /* a new number means a new text */
    int64_t created, updated;
    const char *author_id; /* who made it, and who changed it last */
    const char *editor_id;
    const char *url; /* for a browser, absolute */
};

struct cs_person {
    const char *id;
    const char *name; /* as shown; never NULL */
};

/* What became of a construct of the source. */
enum cs_outcome {
    CS_OUTCOME_RENDERED, /* as it should be */
    CS_OUTCOME_DEGRADED, /* in a simpler form */
    CS_OUTCOME_KEPT_RAW, /* unknown; its text was kept */
    CS_OUTCOME_DROPPED,  /* without a visible trace */
    CS_OUTCOMES
};

/* How often a construct met an outcome in one document. */
struct cs_outcome_row {
    const char *kind; /* "macro", "element", "recovery" */
    const char *name; /* "code", "ac:image", "unclosed tag" */
    enum cs_outcome outcome;
    unsigned count;
};

/* How well the conversion of one document went; zero is perfect. Rows are
 * sorted by kind, name and outcome. */
struct cs_conversion_note {
    unsigned degraded, kept_raw, dropped; /* sums over the rows */
    bool recovered;                       /* the source was malformed */
    const struct cs_outcome_row *rows;
    size_t n_rows;
};

/* An item with its text. */
struct cs_document {
    const char *id;
    int64_t version; /* of this text: may be newer than what was listed */
    struct cs_body body;
    const char *source; /* as fetched, for a later conversion */
    size_t source_len;
    const char *source_format; /* "storage" */
    const char *const *labels; /* sorted, or NULL when not looked at */
    size_t n_labels;
    struct cs_conversion_note note;
};

const char *cs_outcome_name(enum cs_outcome outcome);
enum cs_outcome cs_outcome_from(const char *name);
const char *cs_item_kind_name(enum cs_item_kind kind);
enum cs_item_kind cs_item_kind_from(const char *name);
const char *cs_item_status_name(enum cs_item_status status);
enum cs_item_status cs_item_status_from(const char *name);

#endif
