/*
 * fields.h - the fields of a document: the columns of the full-text index, and
 * which of them each line of a Markdown text belongs to.
 *
 * The text is stored once. The columns of the view search_text are made from it
 * by the functions below whenever FTS5 asks for them.
 */
#ifndef CS_INDEX_WORDS_FIELDS_H
#define CS_INDEX_WORDS_FIELDS_H

#include "src/cs.h"

/* FTS5 marks the positions of every column but the first with two bytes a word
 * and document: the field that most words stand in comes first. */
enum cs_field {
    CS_FIELD_BODY, /* what is neither heading nor code */
    CS_FIELD_TITLE,
    CS_FIELD_HEADINGS, /* ATX headings, without their marks */
    CS_FIELD_CODE,     /* fenced blocks, with their info strings */
    CS_FIELD_LABELS,
    CS_FIELD_COMMENTS, /* a text of its own, not divided any further */
    CS_FIELDS
};

/* "body", "title", "headings", "code", "labels", "comments": the columns of
 * fts, in this order. */
const char *cs_field_name(enum cs_field field);

/* Walk a Markdown text by ranges of one field each: HEADINGS, BODY or CODE.
 * They are ordered and do not overlap. A heading's range is its text alone;
 * ranges of body and code are whole lines, as many as there are, with their
 * ends. So no word stands in two ranges, and the words of a range are those
 * that it has in its column. Headings and fences are also seen behind blanks
 * and the marks of quotations and list items. False ends the walk. */
typedef bool cs_field_fn(void *payload, enum cs_field field, size_t at,
                         size_t end);
void cs_fields_walk(const char *markdown, size_t len, cs_field_fn *visit,
                    void *payload);

#endif
