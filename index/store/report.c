/*
 * report.c - children, labelled pages, page properties.
 */
#include "index/store/report.h"

#include "index/store/fill.h"
#include "index/store/linked.h"
#include "src/text.h"

#include <stdlib.h>

/* A document of a list. */
struct entry {
    int64_t row;
    const char *id, *title, *path; /* path NULL: a folder */
};

struct entries {
    struct entry *items;
    size_t n, cap;
};

struct report {
    const struct cs_report_request *request;
    struct cs_arena *arena;
    struct cs_strbuf *out;
    size_t rows;  /* lines written so far */
    size_t first; /* children of the page itself at most; 0: all */
};

static enum cs_status add_entry(struct cs_arena *arena, struct entries *list,
                                struct cs_query *query, struct cs_error *err)
{
    struct entry *items =
        cs_arena_grow(arena, list->items, list->n, &list->cap, sizeof(*items));
    if (!items)
        return cs_arena_status(arena, err);
    list->items = items;
    list->items[list->n++] = (struct entry){
        .row = cs_query_int(query, 0),
        .id = cs_arena_strdup(arena, cs_query_text(query, 1)),
        .title = cs_arena_strdup(arena, cs_query_text(query, 2)),
        .path = cs_arena_strdup(arena, cs_query_text(query, 3)),
    };
    return cs_arena_status(arena, err);
}

static enum cs_status read_entries(struct cs_arena *arena,
                                   struct cs_query *query, struct entries *list,
                                   struct cs_error *err)
{
    enum cs_status status = CS_OK;
    bool row = true;
    while (!status && list->n < CS_FILL_ROWS_MAX) {
        status = cs_query_next(query, &row, err);
        if (status || !row)
            break;
        status = add_entry(arena, list, query, err);
    }
    return status;
}

static void put_link(const struct report *report, const struct entry *entry)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    const struct cs_report_request *request = report->request;
    if (entry->path) {
        cs_strbuf_putc(report->out, '[');
        request->put_path(request->payload, entry->path, &path);
    }
    cs_place_escape(report->out, CS_PLACE_TEXT, entry->title,
                    strlen(entry->title));
    if (entry->path)
        cs_strbuf_printf(report->out, "](%s)", path.data);
    cs_strbuf_add_failure(report->out, &path);
}

/* ---- children ---- */

static enum cs_status load_children(const struct report *report, int64_t parent,
                                    struct entries *list, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status = cs_db_query(
        report->request->db, &query, err,
        "SELECT c.id, c.vendor_id, c.title, iif(c.kind = 'folder', NULL, "
        "c.path)"
        " FROM document p JOIN document c ON c.container = p.container"
        "  AND c.parent = p.vendor_id"
        " WHERE p.id = ? AND c.missing IS NULL AND c.status = 'current'"
        " AND c.kind <> 'blogpost'"
        " ORDER BY c.position IS NULL OR c.position < 0, c.position, c.title,"
        " c.id",
        "i", parent);
    return status ? status : read_entries(report->arena, &query, list, err);
}

static enum cs_status put_children(struct report *report, int64_t parent,
                                   unsigned level, unsigned levels,
                                   struct cs_error *err)
{
    struct entries list = {0};
    enum cs_status status = load_children(report, parent, &list, err);
    for (size_t i = 0; i < list.n && !status; i++) {
        if (++report->rows > CS_FILL_ROWS_MAX ||
            (level == 0 && report->first && i >= report->first))
            break;
        cs_strbuf_fill(report->out, ' ', (size_t)level * 2);
        cs_strbuf_puts(report->out, "- ");
        put_link(report, &list.items[i]);
        cs_strbuf_putc(report->out, '\n');
        if (level + 1 < levels)
            status =
                put_children(report, list.items[i].row, level + 1, levels, err);
    }
    return status;
}

static enum cs_status report_children(struct report *report,
                                      struct cs_error *err)
{
    const char *query = report->request->query;
    const char *comma = strchr(query, ',');
    unsigned long levels = query[0] ? strtoul(query, NULL, 10) : 0;
    report->first = comma ? strtoul(comma + 1, NULL, 10) : 0;
    if (levels == 0 || levels > CS_FILL_DEPTH_MAX)
        levels = CS_FILL_DEPTH_MAX;
    return put_children(report, report->request->document, 0, (unsigned)levels,
                        err);
}

/* ---- pages with labels ---- */

static size_t count_labels(const char *query)
{
    size_t n = 0;
    for (const char *p = query; *p;) {
        size_t len = strcspn(p, ",");
        n += len > 0;
        p += len + (p[len] == ',');
    }
    return n;
}

/* Documents of the same source that have all of the labels. */
static enum cs_status load_labelled(const struct report *report,
                                    struct entries *list, struct cs_error *err)
{
    const struct cs_report_request *request = report->request;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    size_t n = count_labels(request->query);
    if (n == 0)
        return CS_OK;
    enum cs_status status = cs_db_query(
        request->db, &query, err,
        "SELECT d.id, d.vendor_id, d.title, d.path FROM document d"
        " JOIN container c ON c.id = d.container"
        " JOIN document a ON a.id = ?1 AND a.source = d.source"
        " WHERE d.missing IS NULL AND d.id <> ?1 AND d.path IS NOT NULL"
        " AND d.kind <> 'folder' AND (?2 IS NULL OR c.key = ?2)"
        " AND (SELECT count(*) FROM label l WHERE l.document = d.id"
        "  AND instr(',' || ?3 || ',', ',' || l.name || ',') > 0) = ?4"
        " ORDER BY d.title, d.id",
        "issi", request->asking, request->space, request->query, (int64_t)n);
    return status ? status : read_entries(report->arena, &query, list, err);
}

static enum cs_status report_labelled(struct report *report,
                                      struct cs_error *err)
{
    struct entries list = {0};
    enum cs_status status = load_labelled(report, &list, err);
    for (size_t i = 0; i < list.n && !status; i++) {
        cs_strbuf_puts(report->out, "- ");
        put_link(report, &list.items[i]);
        cs_strbuf_putc(report->out, '\n');
    }
    return status;
}

/* ---- page properties ---- */

/* A table of keys and values, a column a key. */
struct property {
    const char *key, *value;
};

struct sheet {
    struct property *items; /* of one document */
    size_t n;
};

struct columns {
    const char **keys;
    size_t n, cap;
};

enum { MAX_COLUMNS = 50, MAX_PROPERTIES = 200 };

/* Cells of a line "| a | b |": two at most, blanks cut off. */
static size_t split_line(struct cs_arena *arena, const char *line, size_t len,
                         const char **cells, size_t max)
{
    size_t n = 0, start = 1;
    if (len < 2 || line[0] != '|')
        return 0;
    for (size_t i = 1; i < len && n < max; i++) {
        if (line[i] == '\\') {
            i++;
            continue;
        }
        if (line[i] != '|')
            continue;
        size_t from = start, to = i;
        while (from < to && line[from] == ' ')
            from++;
        while (to > from && line[to - 1] == ' ')
            to--;
        cells[n++] = cs_arena_strndup(arena, line + from, to - from);
        start = i + 1;
    }
    return n;
}

/* "**Owner**" is the key "Owner": bold is how a header cell looks. */
static const char *plain_key(struct cs_arena *arena, const char *cell)
{
    size_t len = cell ? strlen(cell) : 0;
    if (len > 4 && cs_str_starts(cell, "**") && cs_str_ends(cell, "**"))
        return cs_arena_strndup(arena, cell + 2, len - 4);
    return cell;
}

static bool is_rule(const char *cell)
{
    return cell[0] && cell[strspn(cell, ":-")] == '\0';
}

static void read_sheet(struct cs_arena *arena, const char *markdown,
                       struct sheet *sheet)
{
    sheet->items = cs_arena_array(arena, MAX_PROPERTIES, sizeof(*sheet->items));
    while (*markdown && sheet->items && sheet->n < MAX_PROPERTIES) {
        size_t len = strcspn(markdown, "\n");
        const char *cells[2] = {NULL, NULL};
        size_t n = split_line(arena, markdown, len, cells, 2);
        const char *key = plain_key(arena, cells[0]);
        if (n == 2 && key && cells[1] && key[0] && !is_rule(key))
            sheet->items[sheet->n++] = (struct property){key, cells[1]};
        markdown += len + (markdown[len] == '\n');
    }
}

static enum cs_status load_sheet(const struct report *report, int64_t document,
                                 struct sheet *sheet, struct cs_error *err)
{
    const struct cs_report_request *request = report->request;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_FILL_BYTES_MAX);
    size_t at, len;
    bool found = false;
    enum cs_status status = cs_linked_find_part(
        request->db, document, CS_PART_PROPERTIES, "", &at, &len, &found, err);
    if (status || !found)
        return status;
    request->put_part(request->payload, document, at, len, &text);
    if (text.status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    read_sheet(report->arena, text.data, sheet);
    return cs_arena_status(report->arena, err);
}

static void add_columns(struct columns *columns, const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->n; i++) {
        size_t k = 0;
        while (k < columns->n &&
               strcmp(columns->keys[k], sheet->items[i].key) != 0)
            k++;
        if (k == columns->n && columns->n < columns->cap)
            columns->keys[columns->n++] = sheet->items[i].key;
    }
}

static const char *value_of(const struct sheet *sheet, const char *key)
{
    for (size_t i = 0; i < sheet->n; i++)
        if (strcmp(sheet->items[i].key, key) == 0)
            return sheet->items[i].value;
    return "";
}

static void put_table(const struct report *report, const struct entries *list,
                      const struct sheet *sheets, const struct columns *columns)
{
    struct cs_strbuf *out = report->out;
    cs_strbuf_puts(out, "| Title |");
    for (size_t k = 0; k < columns->n; k++)
        cs_strbuf_printf(out, " %s |", columns->keys[k]);
    cs_strbuf_puts(out, "\n| --- |");
    for (size_t k = 0; k < columns->n; k++)
        cs_strbuf_puts(out, " --- |");
    cs_strbuf_putc(out, '\n');
    for (size_t i = 0; i < list->n; i++) {
        cs_strbuf_puts(out, "| ");
        put_link(report, &list->items[i]);
        cs_strbuf_puts(out, " |");
        for (size_t k = 0; k < columns->n; k++)
            cs_strbuf_printf(out, " %s |",
                             value_of(&sheets[i], columns->keys[k]));
        cs_strbuf_putc(out, '\n');
    }
}

static enum cs_status report_properties(struct report *report,
                                        struct cs_error *err)
{
    struct entries list = {0};
    enum cs_status status = load_labelled(report, &list, err);
    if (status || list.n == 0)
        return status;
    struct sheet *sheets =
        cs_arena_array(report->arena, list.n, sizeof(*sheets));
    struct columns columns = {
        .keys = cs_arena_array(report->arena, MAX_COLUMNS, sizeof(char *)),
        .cap = MAX_COLUMNS,
    };
    if (!sheets || !columns.keys)
        return cs_arena_status(report->arena, err);
    for (size_t i = 0; i < list.n && !status; i++) {
        status = load_sheet(report, list.items[i].row, &sheets[i], err);
        add_columns(&columns, &sheets[i]);
    }
    if (!status)
        put_table(report, &list, sheets, &columns);
    return status;
}

typedef enum cs_status report_fn(struct report *report, struct cs_error *err);

static report_fn *const reports[CS_PLACE_FORMS] = {
    [CS_PLACE_CHILDREN] = report_children,
    [CS_PLACE_LABELLED] = report_labelled,
    [CS_PLACE_REPORT] = report_properties,
};

enum cs_status cs_report_put(const struct cs_report_request *request,
                             struct cs_arena *arena, struct cs_strbuf *out,
                             bool *ret_found, struct cs_error *err)
{
    struct report report = {.request = request, .arena = arena, .out = out};
    size_t before = out->len;
    enum cs_status status = reports[request->form](&report, err);
    cs_strbuf_rtrim(out);
    *ret_found = !status && out->len > before;
    return status;
}
