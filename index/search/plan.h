/*
 * plan.h - how a query is answered: its tree with groups of terms at the
 * leaves, and how strictly it is taken.
 */
#ifndef CS_INDEX_SEARCH_PLAN_H
#define CS_INDEX_SEARCH_PLAN_H

#include "index/search/terms.h"

/* Groups have a bit each in the mask of a document. */
#define CS_PLAN_GROUPS_MAX 64
#define CS_PLAN_BIT(group) ((uint64_t)1 << (group))

/* That many documents with all words, and no others are shown. */
#define CS_PLAN_ENOUGH 10

enum cs_plan_mode {
    CS_PLAN_STRICT, /* the tree must hold */
    CS_PLAN_TIERED, /* where it does not for enough documents, some of its
                     * words will do, below the others */
    CS_PLAN_LOOSE   /* a question: any of its words, the best first */
};

enum cs_plan_kind {
    CS_PLAN_AND,
    CS_PLAN_OR,
    CS_PLAN_NOT,
    CS_PLAN_NEAR, /* of GROUPs */
    CS_PLAN_GROUP,
    CS_PLAN_PATTERN
};

struct cs_plan_node {
    enum cs_plan_kind kind;
    struct cs_plan_node *first, *next;
    size_t number; /* of the GROUP, of the PATTERN */
    unsigned slop; /* NEAR: tokens between */
    bool ordered;
    const struct cs_expr_node *leaf; /* PATTERN */
};

struct cs_plan {
    struct cs_plan_node *root; /* NULL: no words */
    enum cs_plan_mode mode;
    bool complement; /* the tree may hold without any of its words */
    struct cs_term_group groups[CS_PLAN_GROUPS_MAX];
    size_t n_groups;
    size_t n_patterns;
    uint64_t words;     /* what may be missing from a hit, and is then told */
    uint64_t required;  /* what no hit may lack, in any mode */
    uint64_t unscored;  /* below a NOT, or left out */
    uint64_t near;      /* below a NEAR: all their positions are needed */
    size_t title_words; /* positions of a title that is the query; 0: none */
    bool wants_new;     /* asks for what is new */
    bool narrowed;      /* something was left out; a warning says what */
    int64_t documents;  /* in the index */
};

struct cs_plan_options {
    bool literal; /* no corrections */
    bool loose;   /* any of the words, whatever their number */
    int64_t documents;
};

/* Plan the words of `expr`, in `arena`. May add warnings to `expr`. */
enum cs_status cs_plan_make(struct cs_lexicon *lexicon, struct cs_arena *arena,
                            struct cs_expr *expr,
                            const struct cs_plan_options *options,
                            struct cs_plan **ret, struct cs_error *err);

/* True when documents are wanted that have some of the words only. */
static inline bool cs_plan_relaxes(const struct cs_plan *plan)
{
    return plan->mode != CS_PLAN_STRICT;
}

#endif
