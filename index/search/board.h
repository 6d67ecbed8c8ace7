/*
 * board.h - what the postings told of each document, until all are read.
 *
 * Entries are made when a document is first touched, side by side, and found by
 * row id, so a rare word costs little and a common one not much more than an
 * array. Positions lie in one long store, as a chain of records for each
 * document.
 */
#ifndef CS_INDEX_SEARCH_BOARD_H
#define CS_INDEX_SEARCH_BOARD_H

#include "index/words/vector.h"

enum cs_board_state {
    CS_BOARD_NEW,  /* not looked at */
    CS_BOARD_IN,   /* suits the filters */
    CS_BOARD_OUT,  /* does not */
    CS_BOARD_HIT,  /* in, and the query holds */
    CS_BOARD_PART, /* in, and some of its words are there */
};

struct cs_board_entry {
    uint64_t mask;                  /* groups that it has */
    uint64_t titles;                /* groups that are in its title */
    const struct cs_vector *vector; /* where it is in; borrowed */
    float text;                     /* score of the groups that are done */
    float tf;                       /* of the group that is being read */
    uint32_t places; /* its newest record of positions; 0: none */
    uint8_t state;   /* enum cs_board_state */
    uint8_t group;   /* being read, from 1 */
};

/* A position in a document: field and token. */
#define CS_PLACE(field, token)                                                 \
    ((uint32_t)(field) << 24 | ((uint32_t)(token)&0xffffff))
#define CS_PLACE_FIELD(place) ((place) >> 24)
#define CS_PLACE_TOKEN(place) ((place)&0xffffff)

struct cs_board_record {
    uint32_t older; /* the record before it; 0: none */
    uint16_t group, phrase;
    uint32_t n;
    const uint32_t *places; /* ascending */
};

struct cs_board;

/* The caller frees it with cs_board_free(). NULL: no memory. */
struct cs_board *cs_board_new(void);
void cs_board_free(struct cs_board *board);

/* Forget everything. */
void cs_board_clear(struct cs_board *board);

/* The entry of a document, made if need be; NULL: no memory, or no row id. */
struct cs_board_entry *cs_board_at(struct cs_board *board, int64_t document);

/* The same, not made. NULL: nothing was told of it. */
struct cs_board_entry *cs_board_find(const struct cs_board *board,
                                     int64_t document);

/* Begin a record of an entry, add to it, end it. Beyond a ceiling there are no
 * positions. False: no memory, for this one or one before. */
void cs_board_begin(struct cs_board *board, size_t group, size_t phrase);
void cs_board_add(struct cs_board *board, uint32_t place);
bool cs_board_end(struct cs_board *board, struct cs_board_entry *entry);

/* The record at `at`, as in places and older. */
struct cs_board_record cs_board_record(const struct cs_board *board,
                                       uint32_t at);

/* Call `visit` for each entry that was touched, by row id; false ends it. */
typedef bool cs_board_fn(void *payload, int64_t document,
                         struct cs_board_entry *entry);
void cs_board_each(struct cs_board *board, cs_board_fn *visit, void *payload);

CS_DEFINE_CLEANUP(struct cs_board *, cs_board_cleanup, cs_board_free);

#endif
