/*
 * convert.c - the converter beside a bare parse of the same bytes.
 *
 *     convert FOLDER WHAT
 *
 * Bodies in FOLDER (*.xhtml; WHAT they are is for the output) are put one after
 * the other into documents of about 1 KB, 20 KB, 1 MB and 8 MB. For each size
 * the time of cs_storage_convert() is set against libxml2's SAX2 parser with an
 * own getEntity and handlers that count; both see the same bytes (CPU time,
 * medians of nine rounds). Prints lines for tests/bench/run: work, cs, limit,
 * ratio and target, apart by tabs.
 */
#include "connectors/confluence/storage_format.h"
#include "src/file.h"
#include "src/library.h"

#include <dirent.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 9 };

static const char head[] = "<r xmlns:ac=\"a\" xmlns:ri=\"r\" xmlns:at=\"t\""
                           " xmlns:fab=\"f\">";
static const char tail[] = "</r>";

static double cpu_now(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void die(const char *what)
{
    (void)fprintf(stderr, "convert: %s\n", what);
    exit(1);
}

/* ---- the bare parse ---- */

static unsigned long events;

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *uri, int n_ns, const xmlChar **ns,
                     int n_attributes, int n_default,
                     const xmlChar **attributes)
{
    (void)ctx, (void)name, (void)prefix, (void)uri, (void)n_ns, (void)ns;
    (void)n_default, (void)attributes;
    events += 1 + (unsigned long)n_attributes;
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix,
                   const xmlChar *uri)
{
    (void)ctx, (void)name, (void)prefix, (void)uri;
    events++;
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    (void)ctx, (void)text;
    events += (unsigned long)len;
}

/* One entity for all names: what it says does not matter here. */
static xmlEntityPtr on_entity(void *ctx, const xmlChar *name)
{
    static xmlChar content[] = "x";
    static xmlEntity entity;
    (void)ctx;
    entity.type = XML_ENTITY_DECL;
    entity.name = name;
    entity.etype = XML_INTERNAL_PREDEFINED_ENTITY;
    entity.content = entity.orig = content;
    entity.length = 1;
    return &entity;
}

static void parse(const struct cs_strbuf *wrapped)
{
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
                             .startElementNs = on_start,
                             .endElementNs = on_end,
                             .characters = on_text,
                             .cdataBlock = on_text,
                             .getEntity = on_entity};
    xmlParserCtxtPtr ctx = xmlNewParserCtxt();
    if (!ctx)
        die("no memory");
    *ctx->sax = handler;
    (void)xmlCtxtReadMemory(ctx, wrapped->data, (int)wrapped->len, NULL, NULL,
                            XML_PARSE_NONET | XML_PARSE_HUGE |
                                XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (!ctx->wellFormed)
        die("the bodies are not well formed");
    xmlFreeParserCtxt(ctx);
}

/* ---- the converter ---- */

/* Documents follow one another in one arena, as they do in a sync. */
static struct cs_arena *arena;

static void convert(const struct cs_strbuf *text)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_body body;
    struct cs_conversion_note note;
    if (!arena || cs_storage_convert(arena, text->data, text->len, NULL, &body,
                                     &note, &err))
        die(err.message);
    events += body.len;
    cs_arena_clear(arena);
}

/* ---- measuring ---- */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median_seconds(void (*work)(const struct cs_strbuf *),
                             const struct cs_strbuf *text, size_t times)
{
    double rounds[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        double start = cpu_now();
        for (size_t i = 0; i < times; i++)
            work(text);
        rounds[r] = (cpu_now() - start) / (double)times;
    }
    qsort(rounds, ROUNDS, sizeof(*rounds), compare);
    return rounds[ROUNDS / 2];
}

static void measure(const char *what, const struct cs_strbuf *bodies, size_t n,
                    size_t size)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)64 << 20);
    struct cs_strbuf wrapped CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)64 << 20);
    for (size_t i = 0; text.len < size; i = (i + 1) % n)
        if (text.len + bodies[i].len < size * 5 / 4 || bodies[i].len > size)
            cs_strbuf_put(&text, bodies[i].data, bodies[i].len);
    cs_strbuf_printf(&wrapped, "%s%s%s", head, text.data, tail);
    size_t times = ((size_t)16 << 20) / text.len + 1;
    double bare = median_seconds(parse, &wrapped, times);
    double ours = median_seconds(convert, &text, times);
    printf("convert %zu KB, %s pages, MB/s\t%.0f\tSAX2 parse: %.0f\t%.2f"
           "\t<= 3\n",
           text.len / 1000, what, (double)text.len / ours / 1e6,
           (double)text.len / bare / 1e6, ours / bare);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int only_xhtml(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".xhtml") == 0;
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = {1000, 20000, 1000000, 8000000};
    struct dirent **entries;
    struct cs_error err = CS_ERROR_INIT;
    int n = argc == 3 ? scandir(argv[1], &entries, only_xhtml, by_name) : 0;
    if (n <= 0)
        die("usage: convert FOLDER WHAT");
    if (cs_library_xml(&err))
        die(err.message);
    arena = cs_arena_new(0);
    struct cs_strbuf *bodies = calloc((size_t)n, sizeof(*bodies));
    for (int i = 0; bodies && i < n; i++) {
        char path[4096];
        cs_strbuf_init(&bodies[i], (size_t)8 << 20);
        (void)snprintf(path, sizeof(path), "%s/%s", argv[1],
                       entries[i]->d_name);
        if (cs_file_read(path, &bodies[i], &err))
            die(err.message);
        free(entries[i]);
    }
    free(entries);
    for (size_t i = 0; bodies && i < CS_ARRAY_LEN(sizes); i++)
        measure(argv[2], bodies, (size_t)n, sizes[i]);
    for (int i = 0; bodies && i < n; i++)
        cs_strbuf_clear(&bodies[i]);
    free(bodies);
    cs_arena_free(arena);
    return events > 0 ? 0 : 1;
}
