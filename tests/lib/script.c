/*
 * script.c - the scripted source, and looking at what became of it.
 */
#include "tests/lib/script.h"

#include "tests/lib/test.h"

#include "index/store/store.h"
#include "index/words/lexicon.h"
#include "index/words/vector_compare.h"
#include "src/dir.h"

static const struct cs_container space = {"10", "ENG", "Engineering", "1",
                                          NULL};

/* A text being written, with its places. */
struct draft {
    char markdown[1024];
    size_t len;
    struct cs_place places[3];
    size_t n;
};

/* Append a destination "()" behind `label`, for an attachment. */
static void put_picture(struct draft *draft, const char *file,
                        const char *page_title)
{
    size_t room = sizeof(draft->markdown) - draft->len;
    draft->len += (size_t)snprintf(draft->markdown + draft->len, room,
                                   "\n![%s]()\n", file);
    draft->places[draft->n++] =
        (struct cs_place){.at = draft->len - 2,
                          .form = CS_PLACE_DESTINATION,
                          .ref = {.kind = CS_REF_ATTACHMENT,
                                  .title = page_title,
                                  .file = file,
                                  .url = "http://wiki/file"}};
}

static void write_text(const struct script_page *page, struct draft *draft)
{
    char *buf = draft->markdown;
    size_t size = sizeof(draft->markdown);
    struct cs_place *place = &draft->places[0];
    *place = (struct cs_place){.form = page->form,
                               .ref = {.kind = CS_REF_PAGE,
                                       .title = page->link_title,
                                       .query = page->query,
                                       .url = "http://wiki/missing"}};
    int n = snprintf(buf, size, "%s\n", page->text);
    if (cs_place_is_block(page->form)) {
        place->at = (size_t)n + 1;
        n = snprintf(buf, size, "%s\n\n*see there*\n", page->text);
        place->len = (size_t)n - place->at;
    } else if (page->link_title) {
        n = snprintf(buf, size, "%s [see]()\n", page->text);
        place->at = (size_t)n - 2;
    }
    draft->len = (size_t)n;
    draft->n = page->link_title || cs_place_is_block(page->form);
    if (page->shows)
        put_picture(draft, page->shows, page->shows_of);
}

static void write_comment(const struct script_page *page, struct draft *draft)
{
    const char head[] = "## Comments\n\n";
    draft->len = draft->n = 0;
    if (!page->comment)
        return;
    draft->len = (size_t)snprintf(draft->markdown, sizeof(draft->markdown),
                                  "%s@?: %s\n", head, page->comment);
    draft->places[draft->n++] = (struct cs_place){
        .at = strlen(head),
        .len = 2,
        .form = CS_PLACE_TEXT,
        .ref = {.kind = CS_REF_USER,
                .id = page->comment_by ? page->comment_by : "nobody"}};
    if (page->comment_shows)
        put_picture(draft, page->comment_shows, NULL);
}

static struct cs_text text_of(const struct draft *draft, const char *source,
                              const char *format)
{
    return (struct cs_text){.body = {.markdown = draft->markdown,
                                     .len = draft->len,
                                     .places = draft->places,
                                     .n_places = draft->n},
                            .source = source,
                            .source_len = strlen(source),
                            .source_format = format};
}

/* The attachments of a page, into `out`; returns how many. */
static size_t list_files(const struct script *script,
                         const struct script_page *page,
                         struct cs_attachment *out, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < script->n_files && n < max; i++) {
        const struct script_file *file = &script->files[i];
        if (strcmp(file->page, page->id) != 0)
            continue;
        out[n++] = (struct cs_attachment){
            .id = file->id,
            .name = file->name,
            .media_type = "image/png",
            .size = file->told ? file->told : (int64_t)strlen(file->bytes),
            .version = file->version,
            .updated = 1710000000000 + file->version,
            .locator = file->id,
            .url = "http://wiki/file"};
    }
    return n;
}

static enum cs_status put_page(struct cs_sink *sink,
                               const struct script *script,
                               const struct script_page *page, unsigned aspects,
                               struct cs_error *err)
{
    struct cs_attachment files[16];
    struct draft text, comments;
    write_text(page, &text);
    write_comment(page, &comments);
    const struct cs_part part = {
        .kind = page->excerpt ? CS_PART_EXCERPT : CS_PART_PROPERTIES,
        .name = page->excerpt ? page->excerpt : page->properties,
        .len = strlen(page->text) + 1,
    };
    struct cs_document doc = {
        .id = page->id,
        .version = page->version,
        .aspects = aspects,
        .text = text_of(&text, "<p/>", "storage"),
        .comments =
            text_of(&comments, page->comment ? page->comment : "", "comments"),
        .n_comments = page->comment != NULL,
        .attachments = files,
        .n_attachments = list_files(script, page, files, CS_ARRAY_LEN(files)),
    };
    doc.text.body.parts = &part;
    doc.text.body.n_parts = part.name != NULL;
    return sink->ops->put(sink, &doc, err);
}

static enum cs_status list(struct cs_sink *sink, const struct script *script,
                           struct cs_list_summary *summary,
                           struct cs_error *err)
{
    enum cs_status status =
        sink->ops->list_begin(sink, &space, CS_LIST_COMPLETE, err);
    for (size_t i = 0; i < script->n && !status; i++) {
        const struct script_page *page = &script->pages[i];
        const struct cs_item item = {
            .id = page->id,
            .kind = page->text ? CS_ITEM_PAGE : CS_ITEM_FOLDER,
            .title = page->title,
            .parent_id = page->parent,
            .version = page->version,
            .created = 1700000000000 + (int64_t)i,
            .updated = 1710000000000 + page->version,
        };
        status = sink->ops->list_add(sink, &item, err);
        if (!status && page->label)
            status = sink->ops->list_label(sink, page->id, page->label, err);
    }
    return status ? status : sink->ops->list_end(sink, true, summary, err);
}

static const struct script_page *find_page(const struct script *script,
                                           const char *id)
{
    for (size_t i = 0; i < script->n; i++)
        if (strcmp(script->pages[i].id, id) == 0)
            return &script->pages[i];
    return NULL;
}

static enum cs_status put_people(struct cs_sink *sink,
                                 const struct script *script,
                                 struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; script->person && i < script->n && !status; i++) {
        const struct cs_person person = {script->pages[i].comment_by,
                                         script->person};
        if (person.id)
            status = sink->ops->put_person(sink, &person, err);
    }
    return status;
}

static enum cs_status fetch(struct cs_sink *sink, const struct script *script,
                            struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_want wants[3];
    size_t n = CS_ARRAY_LEN(wants);
    enum cs_status status = sink->ops->fetch_begin(sink, &space, err);
    if (!status)
        status = put_people(sink, script, err);
    while (n == CS_ARRAY_LEN(wants) && !status) {
        status =
            sink->ops->wanted(sink, arena, CS_ARRAY_LEN(wants), wants, &n, err);
        for (size_t i = 0; i < n && !status; i++) {
            const struct script_page *page = find_page(script, wants[i].id);
            if (page)
                status = put_page(sink, script, page, wants[i].aspects, err);
        }
    }
    return status;
}

/* Bytes come five at a time. */
static enum cs_status send_file(struct cs_sink *sink, struct script *script,
                                const struct script_file *file, int64_t have,
                                struct cs_error *err)
{
    enum { PIECE = 5 };
    size_t len = strlen(file->bytes);
    bool breaks = script->breaks && strcmp(script->breaks, file->id) == 0;
    enum cs_status status = CS_OK;
    for (size_t at = (size_t)have; at < len && !status; at += PIECE) {
        size_t n = len - at < PIECE ? len - at : PIECE;
        if (breaks && at + n > script->breaks_at) {
            const struct cs_error why = {.status = CS_ERR_NETWORK,
                                         .message = "the line broke"};
            return sink->ops->file_fail(sink, file->id, &why, err);
        }
        script->downloaded += n;
        status = sink->ops->file_write(sink, file->id, (int64_t)at,
                                       file->bytes + at, n, err);
    }
    return status ? status
                  : sink->ops->file_end(sink, file->id, (int64_t)len, err);
}

static enum cs_status download(struct cs_sink *sink, struct script *script,
                               struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_file_want wants[2];
    size_t n = CS_ARRAY_LEN(wants);
    enum cs_status status = CS_OK;
    while (n == CS_ARRAY_LEN(wants) && !status) {
        status = sink->ops->wanted_files(sink, arena, CS_ARRAY_LEN(wants),
                                         wants, &n, err);
        for (size_t i = 0; i < n && !status; i++)
            for (size_t k = 0; k < script->n_files && !status; k++)
                if (strcmp(script->files[k].id, wants[i].locator) == 0)
                    status = send_file(sink, script, &script->files[k],
                                       wants[i].have, err);
    }
    return status;
}

static enum cs_status look_again(struct cs_sink *sink,
                                 const struct script *script,
                                 struct cs_error *err)
{
    unsigned more = script->options.aspects & ~(unsigned)CS_ASPECT_TEXT;
    return more ? sink->ops->hint(sink, NULL, more, err) : CS_OK;
}

/* Every page that the listing lacked is in the trash. */
static enum cs_status settle_doubts(struct cs_sink *sink, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const struct cs_verdict trashed = {.presence = CS_PRESENCE_TRASHED};
    struct cs_removal_summary removal;
    struct cs_want wants[3];
    size_t n = CS_ARRAY_LEN(wants);
    enum cs_status status = CS_OK;
    while (n == CS_ARRAY_LEN(wants) && !status) {
        status = sink->ops->doubtful(sink, arena, CS_ARRAY_LEN(wants), wants,
                                     &n, err);
        for (size_t i = 0; i < n && !status; i++)
            status = sink->ops->verdict(sink, wants[i].id, &trashed, err);
    }
    return status ? status : sink->ops->remove(sink, &removal, err);
}

enum cs_status script_open(struct sandbox *box, struct cs_index **ret_index,
                           struct cs_store **ret_store, struct cs_error *err)
{
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_WRITE};
    enum cs_status status = cs_index_open(&options, ret_index, err);
    return status ? status : cs_store_open(*ret_index, ret_store, err);
}

void script_change(struct sandbox *box, const char *sql)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(script_open(box, &index, &store, &err), &err);
    assert_ok(cs_db_exec(cs_index_db(index), sql, &err), &err);
}

enum cs_status script_try_all(struct sandbox *box, struct script *script,
                              struct cs_run_summary *ret_summary,
                              struct cs_error *err)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    const struct cs_source_info info = {"wiki", "script", "http://wiki", NULL};
    struct cs_list_summary listed = {0};
    script->options.aspects |= CS_ASPECT_TEXT;
    script->downloaded = 0;
    enum cs_status status = script_open(box, &index, &store, err);
    if (status)
        return status;
    struct cs_sink *sink = cs_store_sink(store);
    status = sink->ops->begin(sink, &info, &script->options, err);
    if (!status)
        status = list(sink, script, &listed, err);
    if (!status)
        status = look_again(sink, script, err);
    if (!status && script->trashes)
        status = settle_doubts(sink, err);
    if (!status)
        status = fetch(sink, script, err);
    if (!status)
        status = download(sink, script, err);
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status ended =
        sink->ops->end(sink, status, ret_summary, status ? &why : err);
    return status ? status : ended;
}

struct cs_run_summary script_run_all(struct sandbox *box, struct script *script)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_run_summary summary = {0};
    assert_ok(script_try_all(box, script, &summary, &err), &err);
    script_check(box);
    return summary;
}

enum cs_status script_try(struct sandbox *box, const struct script_page *pages,
                          size_t n, struct cs_run_summary *ret_summary,
                          struct cs_error *err)
{
    struct script script = {.pages = pages, .n = n};
    return script_try_all(box, &script, ret_summary, err);
}

static struct cs_index *open_to_read(struct sandbox *box)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index = NULL;
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_READ};
    assert_ok(cs_index_open(&options, &index, &err), &err);
    return index;
}

static enum cs_status on_misfit(void *payload, int64_t document,
                                const char *what, struct cs_error *err)
{
    (void)payload, (void)err;
    fail_msg("vector of document %lld: %s", (long long)document, what);
    return CS_OK;
}

static bool on_other_df(void *payload, const char *term, size_t len, int64_t df,
                        int64_t fts_df)
{
    (void)payload;
    fail_msg("lexicon: %.*s is in %lld documents, not in %lld", (int)len, term,
             (long long)fts_df, (long long)df);
    return true;
}

/* What FTS5 lists is a temporary table, which takes leave to write. */
static void check_lexicon(struct cs_db *db)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_db_exec(db, "PRAGMA query_only=OFF", &err), &err);
    assert_ok(cs_lexicon_compare(db, "fts", on_other_df, NULL, &err), &err);
}

void script_check(struct sandbox *box)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_to_read(box);
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = NULL;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    assert_ok(cs_dir_open(box->root, &dir, &err), &err);
    assert_ok(cs_db_query(cs_index_db(index), &query, &err,
                          "SELECT 'wiki/' || file_path, file_hash"
                          " FROM document WHERE file_path IS NOT NULL"
                          " UNION ALL SELECT 'wiki/' || file_path, file_hash"
                          " FROM attachment WHERE file_path IS NOT NULL",
                          ""),
              &err);
    for (;;) {
        struct cs_hash hash;
        size_t len;
        assert_ok(cs_query_next(&query, &row, &err), &err);
        if (!row)
            break;
        const char *name = cs_query_text(&query, 0);
        assert_ok(cs_dir_hash(dir, name, &hash, &err), &err);
        const void *want = cs_query_blob(&query, 1, &len);
        if (len != CS_HASH_SIZE || memcmp(want, hash.bytes, len) != 0)
            fail_msg("%s is not what its row says", name);
    }
    cs_query_close(&query);
    int64_t wrong = 0;
    assert_ok(cs_db_int(cs_index_db(index), &wrong, &err,
                        "SELECT (SELECT count(*) FROM intent) + (SELECT"
                        " count(*) FROM (SELECT id FROM fts_docsize EXCEPT"
                        "  SELECT document FROM body))",
                        ""),
              &err);
    assert_int_equal(wrong, 0);
    assert_ok(cs_vectors_compare(cs_index_db(index), on_misfit, NULL, &err),
              &err);
    check_lexicon(cs_index_db(index));
}

struct cs_run_summary script_run(struct sandbox *box,
                                 const struct script_page *pages, size_t n)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_run_summary summary = {0};
    assert_ok(script_try(box, pages, n, &summary, &err), &err);
    script_check(box);
    return summary;
}

int64_t script_count(struct sandbox *box, const char *sql)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_to_read(box);
    int64_t n = -1;
    assert_ok(cs_db_int(cs_index_db(index), &n, &err, sql, ""), &err);
    return n;
}
