/*
 * expr_parts.h - what the files that parse a query share; for them alone.
 *
 *     expr.c          a query in, two trees out
 *     expr_text.c     blanks, quotes, words: where they are
 *     expr_part.c     a tree that is being built, and warnings
 *     expr_operator.c  AND, OR, ... in a text
 *     expr_names.c    the names of fields and orders
 *     expr_grammar.c  operators and parentheses, by recursive descent
 *     expr_leaf.c     words, phrases, patterns
 *     expr_field.c    field:value
 *     expr_value.c    what the value may be
 *     expr_time.c     times and ranges of them
 *     expr_clause.c   is this a clause in Confluence's way?
 *     expr_cql.c      what people are used to from Confluence
 *     expr_shape.c    words apart from filters, NOTs where they may stand
 *     expr_print.c    trees to text
 *
 * Every byte is looked at a bounded number of times: where a reading is tried
 * and given up, it ends at the next blank, quote or slash.
 */
#ifndef CS_INDEX_SEARCH_EXPR_PARTS_H
#define CS_INDEX_SEARCH_EXPR_PARTS_H

#include "index/search/expr.h"

/* A node while the tree is being built: children that can be moved. The links
 * of `node` are set at the end. */
struct cs_expr_part {
    struct cs_expr_node node;
    struct cs_expr_part *first, *next;
    struct cs_expr_value *last_value;
};

/* Parts in order; all zero is empty. */
struct cs_expr_list {
    struct cs_expr_part *first, *last;
    size_t n;
};

/* What `title:(...)` and `=(...)` say of the words inside. */
struct cs_expr_scope {
    bool filtered; /* words are values of `filter` */
    enum cs_expr_filter filter;
    unsigned fields;
    bool exact;
};

/* Warnings without a word of their own; each is given once. */
enum cs_expr_note {
    CS_EXPR_NOTE_CUT,
    CS_EXPR_NOTE_LEAVES,
    CS_EXPR_NOTE_DEPTH,
    CS_EXPR_NOTE_OPEN,
    CS_EXPR_NOTE_CLOSE,
    CS_EXPR_NOTE_EMPTY,
    CS_EXPR_NOTE_QUOTE,
    CS_EXPR_NOTE_NO_SIDE,
    CS_EXPR_NOTE_NOT,
    CS_EXPR_NOTE_NEAR,
    CS_EXPR_NOTE_CHAIN,
    CS_EXPR_NOTE_SLOP,
    CS_EXPR_NOTE_MIXED,
    CS_EXPR_NOTE_NEGATIVE,
    CS_EXPR_NOTES
};

struct cs_expr_parser {
    struct cs_arena *arena;
    struct cs_expr *expr;
    int64_t now_ms;
    const char *text; /* valid, without control characters */
    size_t len, at;
    size_t quotes_end; /* behind the last ASCII quote */
    unsigned depth;    /* parentheses that are open */
    unsigned ignored;  /* those that are too deep, or in a word: f(a b) */
    size_t leaves;
    bool cql;       /* a clause in Confluence's way was seen */
    bool after_cql; /* just now: its operators are in small letters, too */
    /* How many words had no token, and fields and values no name: beyond what
     * is shown they are not even worded. */
    size_t empty, unknown;
    unsigned noted; /* bits of enum cs_expr_note */
};

/* A piece of the text. */
struct cs_expr_piece {
    size_t at, end;
};

/* expr_part.c */
void cs_expr_note(struct cs_expr_parser *p, enum cs_expr_note note);
/* How many bytes of a text a note shows, for "%.*s". */
int cs_expr_shown(const char *text, size_t len);
struct cs_expr_part *cs_expr_part_new(struct cs_expr_parser *p,
                                      enum cs_expr_kind kind, size_t at,
                                      size_t end);
void cs_expr_add(struct cs_expr_list *list, struct cs_expr_part *part);
/* AND, OR or NEAR of a list; its one member; NULL when it is empty. */
struct cs_expr_part *cs_expr_join(struct cs_expr_parser *p,
                                  enum cs_expr_kind kind,
                                  const struct cs_expr_list *list);
/* NOT of a part, or NULL. */
struct cs_expr_part *cs_expr_negate(struct cs_expr_parser *p,
                                    struct cs_expr_part *part);
/* Set the links of the nodes below, and return the node. NULL is legal. */
const struct cs_expr_node *cs_expr_seal(struct cs_expr_part *part);
/* Room for one leaf more; else a warning. */
bool cs_expr_leaf_fits(struct cs_expr_parser *p);

/* expr_text.c */
size_t cs_expr_blank_at(const struct cs_expr_parser *p, size_t at);
size_t cs_expr_quote_at(const struct cs_expr_parser *p, size_t at);
void cs_expr_skip_blanks(struct cs_expr_parser *p);
/* Up to a blank, a quote, '|', a ')' that was not opened in it, or, with
 * `list`, a comma. What was opened and not closed may be closed later. */
struct cs_expr_piece cs_expr_read_word(struct cs_expr_parser *p, bool list);
/* From an opening quote to behind the closing one; the piece is what is
 * between them. */
struct cs_expr_piece cs_expr_read_quoted(struct cs_expr_parser *p);
/* Stars at `p->at`: move over them. */
bool cs_expr_take_stars(struct cs_expr_parser *p);
/* '-', '+', '=' at the start of a term, when it means something. */
bool cs_expr_is_mark(const char *text, size_t len);

/* expr_names.c */
#define CS_EXPR_NAME_MAX 16
enum cs_expr_field_kind {
    CS_EXPR_FIELD_WORDS,
    CS_EXPR_FIELD_FILTER,
    CS_EXPR_FIELD_SORT
};
struct cs_expr_field_row {
    const char *name;
    enum cs_expr_field_kind kind;
    unsigned fields; /* of WORDS, as in struct cs_expr_node */
    enum cs_expr_filter filter;
    bool quiet; /* not offered, such as another name of a row before it */
};
/* The letters before a colon; 0 when there is no colon behind them. */
size_t cs_expr_name_len(const char *text, size_t len);
/* The field whose name and colon `text` begins with, or NULL. */
const struct cs_expr_field_row *cs_expr_find_field(const char *text,
                                                   size_t len);
/* True behind the colon of an address or a qualified name: `http://`,
 * `std::string`, `10:30`, `C:\`. */
bool cs_expr_plain_colon(const char *text, size_t len);
/* How many bytes a known field with its colon takes at the start of `text`;
 * 0: there is none. */
size_t cs_expr_field_len(const char *text, size_t len);
const char *cs_expr_text_field_name(unsigned bit);
enum cs_expr_sort cs_expr_sort_from(const char *name, size_t len);
/* A field that `name` was meant to be, or NULL. */
const char *cs_expr_nearest_field(const char *name);

/* expr_operator.c */
enum cs_expr_op {
    CS_EXPR_OP_NONE,
    CS_EXPR_OP_AND,
    CS_EXPR_OP_OR,
    CS_EXPR_OP_NOT,
    CS_EXPR_OP_NEAR,
    CS_EXPR_OP_ADJ
};
/* An operator as it was read: how many bytes, and its distance. */
struct cs_expr_operator {
    enum cs_expr_op op;
    size_t len;
    unsigned slop;
    bool too_far;
};
/* The operator at `p->at`, if there is one. */
struct cs_expr_operator cs_expr_operator_at(const struct cs_expr_parser *p);
/* A word that is an operator in capitals, as the printer must know. */
bool cs_expr_is_operator(const char *word, size_t len);

/* expr_grammar.c; NULL from any of them: nothing that can be searched for. */
struct cs_expr_part *cs_expr_parse_or(struct cs_expr_parser *p,
                                      const struct cs_expr_scope *scope);
/* From "(" to behind its ")". */
struct cs_expr_part *cs_expr_parse_group(struct cs_expr_parser *p,
                                         const struct cs_expr_scope *scope);

/* expr_leaf.c */
/* Leaves of what was read: a word with its marks, a word that has none, a
 * phrase. */
struct cs_expr_part *cs_expr_word(struct cs_expr_parser *p,
                                  const struct cs_expr_scope *scope,
                                  struct cs_expr_piece piece);
struct cs_expr_part *cs_expr_literal(struct cs_expr_parser *p,
                                     const struct cs_expr_scope *scope,
                                     struct cs_expr_piece piece);
struct cs_expr_part *cs_expr_phrase(struct cs_expr_parser *p,
                                    const struct cs_expr_scope *scope,
                                    struct cs_expr_piece piece);
/* The next phrase, pattern or word of the text. */
struct cs_expr_part *cs_expr_read_leaf(struct cs_expr_parser *p,
                                       const struct cs_expr_scope *scope);
/* From a slash at the start of `text` to before the next one that is not
 * escaped; `len` when there is none. */
size_t cs_expr_pattern_len(const char *text, size_t len);

/* expr_field.c */
/* A field and its colon at `p->at`, with all that belongs to it. False: there
 * is none, and nothing was read. */
bool cs_expr_read_field(struct cs_expr_parser *p,
                        const struct cs_expr_scope *scope,
                        struct cs_expr_part **ret);

/* expr_value.c */
/* A FILTER of one value, or NULL when there is no such value: not warned of. */
struct cs_expr_part *cs_expr_value_part(struct cs_expr_parser *p,
                                        enum cs_expr_filter filter,
                                        struct cs_expr_piece piece,
                                        const char *text, bool prefix);
/* Put the values of `more` behind those of `part`. */
void cs_expr_values_join(struct cs_expr_part *part, struct cs_expr_part *more);
/* Say that a value is none, and what becomes of it. */
void cs_expr_warn_value(struct cs_expr_parser *p, enum cs_expr_filter filter,
                        const char *value, const char *then);
/* Can a page have one value of this at most? */
bool cs_expr_filter_is_single(enum cs_expr_filter filter);
/* Do commas part its values? */
bool cs_expr_filter_is_list(enum cs_expr_filter filter);

/* expr_clause.c */
bool cs_expr_is_clause_at(const struct cs_expr_parser *p, size_t at);
/* A word after which another one ("in", "by") could mean something. */
bool cs_expr_is_clause_word(const char *text);

/* expr_cql.c */
bool cs_expr_read_cql(struct cs_expr_parser *p,
                      const struct cs_expr_scope *scope,
                      struct cs_expr_part **ret);
/* "order by ..." up to the end: read into the expression's sort. */
bool cs_expr_read_order_by(struct cs_expr_parser *p);

/* expr_shape.c: take a tree apart, into what `expr` holds. */
void cs_expr_shape(struct cs_expr_parser *p, struct cs_expr_part *part);

#endif
