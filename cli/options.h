/*
 * options.h - command-line options as rows.
 *
 * A row says how an option is written, what it takes, where its value goes (an
 * offset into a struct) and what it is for. Parsing and usage text both come
 * from the rows, and so does a test that compares them with the manual page.
 *
 * Options and words may be mixed; "--" ends the options. "-n5", "-n 5",
 * "--limit=5", "--limit 5" are the same, and "-qv" is "-q -v".
 */
#ifndef CS_CLI_OPTIONS_H
#define CS_CLI_OPTIONS_H

#include "src/strbuf.h"

enum cs_option_type {
    CS_OPTION_FLAG,   /* bool */
    CS_OPTION_TEXT,   /* const char * */
    CS_OPTION_NUMBER, /* int64_t, min to max */
    CS_OPTION_TIME,   /* const char *, checked as a length of time */
    CS_OPTION_LIST,   /* struct cs_option_list; may be given again */
    CS_OPTION_WORDS,  /* the same, and commas part one value into several */
};

#define CS_OPTION_LIST_MAX 32
struct cs_option_list {
    const char *items[CS_OPTION_LIST_MAX];
    size_t n;
};

/* A table of rows ends with one that has no name. */
struct cs_option {
    char letter; /* 0: none */
    const char *name;
    enum cs_option_type type;
    size_t offset;    /* of the member that takes the value */
    const char *arg;  /* what stands for the value in the usage text */
    const char *help; /* a few words; NULL: only named, at the end */
    int64_t min, max; /* of a number */
};

/* One table and the record that its values go to. */
struct cs_option_set {
    const struct cs_option *rows;
    void *record;
};

/* Parse the words of `argv`. Values point into `argv`; the words that are no
 * options are moved, in order, to its front, and `*ret_n` says how many. With
 * `first_word_ends` parsing stops at the first such word, and `*ret_used` says
 * how many elements of `argv` were looked at. CS_ERR_USAGE with a hint. */
enum cs_status cs_options_parse(const struct cs_option_set *sets, size_t n_sets,
                                bool first_word_ends, int argc, char **argv,
                                int *ret_n, int *ret_used,
                                struct cs_error *err);

/* Append one line for each row: "  -n, --limit N      at most N hits", and
 * those without help together behind them. */
void cs_options_print(const struct cs_option *rows, struct cs_strbuf *out);

#endif
