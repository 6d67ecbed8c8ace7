/*
 * predicate_people.c - authors and editors, by name, part of a name, or id.
 *
 * Names are compared by their folded words: "ada l" is Ada Lovelace.
 */
#include "index/search/predicate_parts.h"
#include "index/words/split.h"

enum { NAME_WORDS = 16 };

struct words {
    struct {
        char text[CS_WORD_MAX];
        size_t len;
    } of[NAME_WORDS];
    size_t n;
};

static bool keep_word(void *payload, const struct cs_word *word)
{
    struct words *words = payload;
    if (word->whole)
        return true;
    memcpy(words->of[words->n].text, word->text, word->len);
    words->of[words->n].len = word->len;
    return ++words->n < NAME_WORDS;
}

static void split(const char *text, struct words *ret)
{
    ret->n = 0;
    (void)cs_words_split(text, strlen(text), keep_word, ret);
}

/* Each word of what was asked begins a word of the name, in order. */
static bool names(const struct words *asked, const struct words *name)
{
    size_t at = 0;
    for (size_t i = 0; i < name->n && at < asked->n; i++)
        if (name->of[i].len >= asked->of[at].len &&
            memcmp(name->of[i].text, asked->of[at].text, asked->of[at].len) ==
                0)
            at++;
    return asked->n > 0 && at == asked->n;
}

struct person {
    int64_t source;
    const char *vendor_id;
};

static enum cs_status add_author(struct cs_predicate_maker *maker,
                                 const struct person *person,
                                 struct cs_test *test, struct cs_error *err)
{
    int64_t number = 0;
    enum cs_status status =
        cs_db_int(maker->db, &number, err,
                  "SELECT id FROM author WHERE source = ? AND vendor_id = ?",
                  "is", person->source, person->vendor_id);
    if (status || (number > 0 && number < CS_TEST_NUMBERS)) {
        cs_rows_add(&test->authors, number);
        return status;
    }
    struct cs_query rows CS_CLEANUP(cs_query_close) = {0};
    status = cs_db_query(maker->db, &rows, err,
                         "SELECT id FROM document WHERE source = ?"
                         " AND author = ?",
                         "is", person->source, person->vendor_id);
    return status ? status : cs_rows_take(&test->documents, &rows, err);
}

static enum cs_status add_editor(struct cs_predicate_maker *maker,
                                 const struct person *person,
                                 struct cs_test *test, struct cs_error *err)
{
    struct cs_query rows CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status =
        cs_db_query(maker->db, &rows, err,
                    "SELECT id FROM document WHERE source = ? AND editor = ?",
                    "is", person->source, person->vendor_id);
    return status ? status : cs_rows_take(&test->documents, &rows, err);
}

/* All who are known by name, and those who only have an id. */
static enum cs_status find_people(struct cs_predicate_maker *maker,
                                  const struct cs_expr_node *filter,
                                  const struct cs_expr_value *value,
                                  struct cs_test *test, struct cs_error *err)
{
    struct cs_query rows CS_CLEANUP(cs_query_close) = {0};
    struct words asked, name;
    bool row = true, any = false;
    split(value->text, &asked);
    enum cs_status status =
        cs_db_query(maker->db, &rows, err,
                    "SELECT source, vendor_id, name FROM person UNION"
                    " SELECT source, vendor_id, '' FROM author"
                    " WHERE vendor_id = ?1",
                    "s", value->text);
    while (!status && row) {
        status = cs_query_next(&rows, &row, err);
        if (status || !row)
            break;
        struct person person = {cs_query_int(&rows, 0),
                                cs_query_text(&rows, 1)};
        split(cs_query_text(&rows, 2), &name);
        if (!names(&asked, &name) && strcmp(person.vendor_id, value->text) != 0)
            continue;
        any = true;
        status = filter->filter == CS_EXPR_AUTHOR
                     ? add_author(maker, &person, test, err)
                     : add_editor(maker, &person, test, err);
    }
    if (!status && !any)
        cs_expr_warn(maker->expr, maker->arena,
                     "nobody in the mirror is called '%.60s'", value->text);
    return status;
}

enum cs_status cs_predicate_people(struct cs_predicate_maker *maker,
                                   const struct cs_expr_node *filter,
                                   struct cs_test *test, struct cs_error *err)
{
    enum cs_status status =
        cs_rows_make(maker->db, maker->arena, &test->documents, err);
    test->authors.bits = cs_arena_array(maker->arena, CS_TEST_NUMBERS / 64,
                                        sizeof(*test->authors.bits));
    if (!test->authors.bits)
        return cs_arena_status(maker->arena, err);
    test->authors.n = CS_TEST_NUMBERS;
    for (const struct cs_expr_value *value = filter->values; value && !status;
         value = value->next)
        status = find_people(maker, filter, value, test, err);
    return status;
}
