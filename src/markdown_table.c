/*
 * markdown_table.c - pipe tables, and the rule when a table is one.
 *
 * A table is a pipe table when every cell holds nothing but lines of text:
 * paragraphs (joined with <br>) and headings (bold). Everything else is
 * written by markdown_html.c, throughout.
 *
 * A pipe table has no spans, so a spanned value is repeated: every row can be
 * read, and found, by itself.
 */
#include "src/markdown_writer.h"

#include <stdlib.h>

enum { COLUMNS_MAX = 1000 };

/* A column of the row being written that a cell above reaches into. */
struct column {
    const struct cs_node *cell;
    size_t until; /* first row that it does not reach */
};

/* How the cells of a column stand, so far. */
struct alignment {
    enum cs_align align;
    bool known;
};

struct grid {
    struct column *columns;
    struct alignment *aligns;
    size_t n;
    size_t row;    /* the one being written, from 0 */
    bool no_spans; /* repeating would blow the table up */
};

static bool is_line(const struct cs_node *block)
{
    return block->kind == CS_NODE_PARAGRAPH || block->kind == CS_NODE_HEADING;
}

static bool is_plain(const struct cs_node *table)
{
    for (const struct cs_node *row = table->first; row; row = row->next)
        for (const struct cs_node *cell = row->first; cell; cell = cell->next)
            for (const struct cs_node *at = cell->first; at; at = at->next)
                if (!is_line(at))
                    return false;
    return true;
}

static unsigned colspan(const struct grid *grid, const struct cs_node *cell)
{
    return grid->no_spans ? 1 : cell->cell.colspan;
}

static bool is_taken(const struct grid *grid, size_t column)
{
    return column < grid->n && grid->columns[column].until > grid->row;
}

/* Lay a row into the columns; returns how many it fills. */
static size_t lay_row(struct grid *grid, const struct cs_node *row)
{
    size_t at = 0;
    for (const struct cs_node *cell = row->first; cell; cell = cell->next) {
        while (is_taken(grid, at))
            at++;
        for (unsigned i = 0; i < colspan(grid, cell) && at < grid->n; i++)
            grid->columns[at++] = (struct column){
                cell, grid->row + (grid->no_spans ? 1 : cell->cell.rowspan)};
    }
    while (is_taken(grid, at))
        at++;
    return at;
}

/* Width and size of the table if every span is honoured. */
static void measure(struct grid *grid, const struct cs_node *table)
{
    size_t cells = 0, rows = 0, natural = 0, widest = 0;
    for (const struct cs_node *row = table->first; row; row = row->next) {
        size_t n = 0, width = 0;
        for (const struct cs_node *cell = row->first; cell; cell = cell->next) {
            n++;
            width += cell->cell.colspan;
        }
        natural = n > natural ? n : natural;
        widest = width > widest ? width : widest;
        cells += n;
        rows++;
    }
    grid->no_spans =
        widest > COLUMNS_MAX || rows * widest > 8 * cells + (size_t)COLUMNS_MAX;
    /* room for cells pushed aside by row spans */
    grid->n = grid->no_spans ? natural : widest * 2;
}

static bool is_header(const struct cs_node *row)
{
    bool any = false;
    for (const struct cs_node *cell = row->first; cell; cell = cell->next) {
        if (!cell->cell.header && cell->first)
            return false;
        any = any || cell->cell.header;
    }
    return any;
}

/* A column is aligned as its cells are, those of the header only where there
 * is no other; it is not when they differ. */
static void align_columns(struct grid *grid, bool is_body)
{
    for (size_t i = 0; i < grid->n; i++) {
        const struct cs_node *cell =
            is_taken(grid, i) ? grid->columns[i].cell : NULL;
        struct alignment *so_far = &grid->aligns[i];
        if (!cell || !cell->first)
            continue;
        if (!so_far->known)
            so_far->align = cell->cell.align;
        else if (so_far->align != cell->cell.align)
            so_far->align = CS_ALIGN_NONE;
        so_far->known = is_body;
    }
}

static size_t count_columns(struct grid *grid, const struct cs_node *table)
{
    size_t columns = 0;
    for (const struct cs_node *row = table->first; row; row = row->next) {
        size_t n = lay_row(grid, row);
        columns = n > columns ? n : columns;
        align_columns(grid, row != table->first || !is_header(row));
        grid->row++;
    }
    grid->row = 0;
    memset(grid->columns, 0, grid->n * sizeof(*grid->columns));
    return columns;
}

static void put_cell(struct cs_markdown_writer *w, const struct cs_node *cell)
{
    cs_strbuf_puts(w->out, "| ");
    for (const struct cs_node *at = cell ? cell->first : NULL; at;
         at = at->next) {
        cs_markdown_put_line(w, at, CS_MARKDOWN_CELL);
        if (at->next)
            cs_strbuf_puts(w->out, "<br>");
    }
    if (w->out->len && w->out->data[w->out->len - 1] != ' ')
        cs_strbuf_putc(w->out, ' ');
}

static void put_row(struct cs_markdown_writer *w, const struct grid *grid,
                    size_t n)
{
    cs_markdown_begin(w);
    for (size_t i = 0; i < n; i++)
        put_cell(w, is_taken(grid, i) ? grid->columns[i].cell : NULL);
    cs_strbuf_putc(w->out, '|');
    cs_markdown_newline(w);
}

static void put_delimiters(struct cs_markdown_writer *w,
                           const struct grid *grid, size_t columns)
{
    static const char *const lines[] = {[CS_ALIGN_NONE] = "| --- ",
                                        [CS_ALIGN_CENTER] = "| :---: ",
                                        [CS_ALIGN_RIGHT] = "| ---: "};
    cs_markdown_begin(w);
    for (size_t i = 0; i < columns; i++)
        cs_strbuf_puts(w->out, lines[grid->aligns[i].align]);
    cs_strbuf_putc(w->out, '|');
    cs_markdown_newline(w);
}

static void put_pipe_table(struct cs_markdown_writer *w, struct grid *grid,
                           const struct cs_node *table)
{
    size_t columns = count_columns(grid, table);
    const struct cs_node *row = table->first;
    if (columns == 0)
        return;
    if (!is_header(row)) {
        put_row(w, grid, columns);
        put_delimiters(w, grid, columns);
    }
    for (; row; row = row->next) {
        size_t n = lay_row(grid, row);
        bool first = row == table->first;
        put_row(w, grid, first && is_header(row) ? columns : n ? n : 1);
        grid->row++;
        if (first && is_header(row))
            put_delimiters(w, grid, columns);
    }
}

void cs_markdown_put_table(struct cs_markdown_writer *w,
                           const struct cs_node *table)
{
    struct grid grid = {.n = 0};
    if (!is_plain(table)) {
        cs_markdown_put_html_table(w, table);
        return;
    }
    measure(&grid, table);
    grid.columns = cs_arena_array(w->arena, grid.n, sizeof(*grid.columns));
    grid.aligns = cs_arena_array(w->arena, grid.n, sizeof(*grid.aligns));
    if (grid.columns && grid.aligns)
        put_pipe_table(w, &grid, table);
}
