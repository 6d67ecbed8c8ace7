/*
 * cranfield.c - reads the Cranfield collection.
 *
 * A record of cran.all.1400 and cran.qry starts with ".I number" and holds
 * fields that start with ".T", ".A", ".B", ".W" alone on a line. cranqrel
 * counts queries by their order; its grade 1 is best and 4 is least.
 */
#include "tests/relevance/set.h"

#include "src/file.h"
#include "src/strbuf.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

struct reader {
    FILE *file;
    char *line;
    size_t room;
};

static bool open_file(struct reader *reader, const char *folder,
                      const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    *reader = (struct reader){.file = fopen(path, "r")};
    return reader->file != NULL;
}

static bool next_line(struct reader *reader)
{
    ssize_t n = getline(&reader->line, &reader->room, reader->file);
    if (n > 1 && reader->line[n - 2] == '\r') /* some of the files have them */
        memcpy(reader->line + n - 2, "\n", 2);
    return n > 0;
}

static void close_file(struct reader *reader)
{
    free(reader->line);
    (void)fclose(reader->file);
}

struct record {
    struct cs_strbuf title, text;
};

static void take_doc(struct rel_set *set, struct record *record)
{
    for (size_t i = 0; i < record->title.len; i++)
        if (record->title.data[i] == '\n')
            record->title.data[i] = ' ';
    const struct rel_doc doc = {
        .title = rel_set_text(
            set, "%s", record->title.len ? record->title.data : "untitled"),
        .markdown = rel_set_text(set, "%s\n", record->text.data),
        .updated = 1700000000000,
    };
    (void)rel_set_doc(set, &doc);
}

static void take_query(struct rel_set *set, struct record *record)
{
    for (size_t i = 0; i < record->text.len; i++)
        if (record->text.data[i] == '\n')
            record->text.data[i] = ' ';
    (void)rel_set_query(set, 0, rel_set_text(set, "%s", record->text.data));
}

static bool read_records(struct rel_set *set, const char *folder,
                         const char *name,
                         void (*take)(struct rel_set *, struct record *))
{
    struct reader reader;
    struct record record = {CS_STRBUF_INIT(1 << 20), CS_STRBUF_INIT(1 << 20)};
    bool open = false;
    char field = '\0';
    if (!open_file(&reader, folder, name))
        return false;
    while (next_line(&reader)) {
        const char *line = reader.line;
        bool head = line[0] == '.' && isupper((unsigned char)line[1]) &&
                    (line[1] == 'I' || line[2] == '\n');
        if (head && line[1] == 'I') {
            if (open)
                take(set, &record);
            open = true;
            cs_strbuf_truncate(&record.title, 0);
            cs_strbuf_truncate(&record.text, 0);
        }
        if (head)
            field = line[1];
        else if (field == 'T')
            cs_strbuf_puts(&record.title, line);
        else if (field == 'W')
            cs_strbuf_puts(&record.text, line);
    }
    if (open)
        take(set, &record);
    cs_strbuf_clear(&record.title);
    cs_strbuf_clear(&record.text);
    close_file(&reader);
    return true;
}

static bool read_grades(struct rel_set *set, const char *folder)
{
    struct reader reader;
    if (!open_file(&reader, folder, "cranqrel"))
        return false;
    while (next_line(&reader)) {
        char *at = reader.line;
        size_t query = strtoul(at, &at, 10), doc = strtoul(at, &at, 10);
        long grade = strtol(at, &at, 10);
        if (query >= 1 && query <= set->n_queries && doc >= 1 &&
            doc <= set->n_docs && grade >= 1 && grade <= 4)
            rel_set_gain(set, query - 1, doc - 1, (unsigned)(5 - grade));
    }
    close_file(&reader);
    return true;
}

bool rel_cranfield(struct rel_set *set, const char *folder)
{
    rel_set_init(set, "cranfield");
    (void)rel_set_class(set, "abstracts", false);
    if (read_records(set, folder, "cran.all.1400", take_doc) &&
        read_records(set, folder, "cran.qry", take_query) &&
        read_grades(set, folder))
        return true;
    rel_set_clear(set);
    return false;
}
