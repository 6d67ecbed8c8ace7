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
    /* These have a file that holds a link to them, and may have children. */
    CS_ITEM_WHITEBOARD,
    CS_ITEM_DATABASE,
    CS_ITEM_EMBED,
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

/* A text, and what it was made of. */
struct cs_text {
    struct cs_body body;
    const char *source; /* as fetched, for a later conversion */
    size_t source_len;
    const char *source_format; /* "storage" */
    struct cs_conversion_note note;
};

/* A file that hangs on a document. Its bytes come later, and only if they are
 * wanted: cs_sink_ops.wanted_files. */
struct cs_attachment {
    const char *id; /* vendor's id, unique within the source */
    const char *name;
    const char *media_type; /* may be NULL */
    int64_t size;           /* bytes, -1 unknown */
    int64_t version;        /* a new number means new bytes */
    int64_t updated;
    const char *locator; /* what the connector needs to fetch it; may be NULL */
    const char *url;     /* for a browser, absolute */
};

/* What can be known of a document. Whoever looks at one aspect may leave the
 * others alone. */
enum cs_aspect {
    CS_ASPECT_TEXT = 1,
    CS_ASPECT_LABELS = 2,
    CS_ASPECT_COMMENTS = 4,
    CS_ASPECT_ATTACHMENTS = 8,
    CS_ASPECT_RESTRICTIONS = 16
};

/* An item with what was learned about it. Of an aspect that is not in
 * `aspects` nothing is said; of one that is, all of it: labels that are not
 * there are gone. */
struct cs_document {
    const char *id;
    unsigned aspects; /* of enum cs_aspect */

    int64_t version; /* of this text: may be newer than what was listed */
    struct cs_text text;

    const char *const *labels; /* sorted */
    size_t n_labels;

    struct cs_text comments; /* all of them as one text; empty when none */
    unsigned n_comments;

    const struct cs_attachment *attachments;
    size_t n_attachments;

    bool restricted; /* not everybody who sees the space may read it */
};

const char *cs_outcome_name(enum cs_outcome outcome);
const char *cs_item_kind_name(enum cs_item_kind kind);
enum cs_item_kind cs_item_kind_from(const char *name);
const char *cs_item_status_name(enum cs_item_status status);
enum cs_item_status cs_item_status_from(const char *name);

#endif
