/*
 * xml.c - libxml2's SAX2 parser feeding an arena.
 *
 * No DOM of libxml2 is built. All text of the tree lies in one pool as large
 * as the source: decoding never makes text longer, so neighbouring pieces of
 * text (libxml2 splits at each entity) join by lying side by side.
 */
#include "src/xml.h"

#include "src/library.h"
#include "src/text.h"
#include "src/xml_entities.h"
#include "src/xml_repair.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>

enum {
    FIRST_NAMES = 128,     /* slots of the table of names; a power of two */
    LONG_TAG = 16 * 1024,  /* libxml2 is quadratic in attributes: mend these */
    ENTITY_NAME_MAX = 256, /* a longer unknown name is cut */
};

struct name_slot {
    const xmlChar *local, *prefix; /* pointers into libxml2's dictionary */
    struct cs_xml_name *name;
};

struct parser {
    struct cs_arena *arena;
    const struct cs_xml_options *options;
    xmlParserCtxt *ctxt;
    struct cs_xml *stack[CS_XML_DEPTH_MAX];
    size_t depth;        /* elements open */
    struct cs_xml *open; /* what text belongs to */
    char *pool, *pool_end, *top;
    struct name_slot *slots;
    size_t n_slots, n_names;
    xmlEntity entity; /* the answer to the last get_entity() */
    char entity_text[ENTITY_NAME_MAX + 8];
    bool too_deep, no_memory;
};

/* Names */

static struct name_slot *find_slot(struct name_slot *slots, size_t n,
                                   const xmlChar *local, const xmlChar *prefix)
{
    uintptr_t hash = (uintptr_t)local * 31 + (uintptr_t)prefix;
    hash ^= hash >> 7;
    size_t i = (size_t)(hash * 0x9e3779b97f4a7c15u >> 20) & (n - 1);
    while (slots[i].name &&
           (slots[i].local != local || slots[i].prefix != prefix))
        i = (i + 1) & (n - 1);
    return &slots[i];
}

static bool grow_names(struct parser *p)
{
    size_t n = p->n_slots ? p->n_slots * 2 : FIRST_NAMES;
    struct name_slot *slots = cs_arena_array(p->arena, n, sizeof(*slots));
    if (!slots)
        return false;
    for (size_t i = 0; i < p->n_slots; i++)
        if (p->slots[i].name)
            *find_slot(slots, n, p->slots[i].local, p->slots[i].prefix) =
                p->slots[i];
    p->slots = slots;
    p->n_slots = n;
    return true;
}

static const struct cs_xml_name *new_name(struct parser *p,
                                          const xmlChar *local,
                                          const xmlChar *prefix)
{
    if (p->n_names * 2 >= p->n_slots && !grow_names(p))
        return NULL;
    struct name_slot *slot = find_slot(p->slots, p->n_slots, local, prefix);
    struct cs_xml_name *name = cs_arena_alloc(p->arena, sizeof(*name));
    if (!name)
        return NULL;
    size_t before = prefix ? strlen((const char *)prefix) + 1 : 0;
    size_t len = strlen((const char *)local);
    char *text = cs_arena_alloc(p->arena, before + len + 1);
    if (!text)
        return NULL;
    if (prefix) {
        memcpy(text, prefix, before - 1);
        text[before - 1] = ':';
    }
    memcpy(text + before, local, len);
    name->text = text;
    if (p->options->classify)
        name->class = p->options->classify(name->text);
    *slot = (struct name_slot){local, prefix, name};
    p->n_names++;
    return name;
}

static const struct cs_xml_name *intern(struct parser *p, const xmlChar *local,
                                        const xmlChar *prefix)
{
    if (p->slots) {
        struct name_slot *slot = find_slot(p->slots, p->n_slots, local, prefix);
        if (slot->name)
            return slot->name;
    }
    return new_name(p, local, prefix);
}

/* Tree */

/* Stop libxml2: the arena has the reason. */
static void give_up(struct parser *p)
{
    p->no_memory = true;
    xmlStopParser(p->ctxt);
}

static struct cs_xml *add_child(struct parser *p, struct cs_xml *parent)
{
    struct cs_xml *node = cs_arena_alloc(p->arena, sizeof(*node));
    if (!node) {
        give_up(p);
        return NULL;
    }
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    return node;
}

static const char *keep(struct parser *p, const xmlChar *text, size_t len)
{
    if (len >= (size_t)(p->pool_end - p->top))
        return ""; /* only where libxml2 tells the same text twice */
    char *copy = p->top;
    memcpy(copy, text, len);
    copy[len] = '\0';
    p->top += len + 1;
    return copy;
}

/* libxml2 hands over five pointers an attribute: name, prefix, URI, and the
 * begin and end of the value. */
static void read_attrs(struct parser *p, struct cs_xml *node, size_t n,
                       const xmlChar **raw)
{
    struct cs_xml_attr *attrs = cs_arena_array(p->arena, n, sizeof(*attrs));
    if (!attrs) {
        give_up(p);
        return;
    }
    for (size_t i = 0; i < n; i++, raw += 5) {
        attrs[i].name = intern(p, raw[0], raw[1]);
        attrs[i].value = keep(p, raw[3], (size_t)(raw[4] - raw[3]));
        if (!attrs[i].name) {
            give_up(p);
            return;
        }
    }
    node->attrs = attrs;
    node->n_attrs = n;
}

static void on_start(void *self, const xmlChar *local, const xmlChar *prefix,
                     const xmlChar *uri, int n_ns, const xmlChar **ns,
                     int n_attrs, int n_defaulted, const xmlChar **attrs)
{
    struct parser *p = self;
    (void)uri, (void)n_ns, (void)ns, (void)n_defaulted;
    if (p->no_memory)
        return;
    if (p->depth == 0) { /* the wrapper */
        p->depth = 1;
        return;
    }
    size_t level = p->depth < CS_XML_DEPTH_MAX ? p->depth : CS_XML_DEPTH_MAX;
    struct cs_xml *node = add_child(p, p->stack[level - 1]);
    if (!node)
        return;
    node->name = intern(p, local, prefix);
    if (!node->name) {
        give_up(p);
        return;
    }
    if (n_attrs > 0)
        read_attrs(p, node, (size_t)n_attrs, attrs);
    if (p->depth < CS_XML_DEPTH_MAX)
        p->stack[p->depth] = node;
    else
        p->too_deep = true;
    p->depth++;
    p->open = node;
}

static void on_end(void *self, const xmlChar *local, const xmlChar *prefix,
                   const xmlChar *uri)
{
    struct parser *p = self;
    (void)local, (void)prefix, (void)uri;
    if (p->no_memory || p->depth <= 1)
        return;
    p->depth--;
    size_t level = p->depth < CS_XML_DEPTH_MAX ? p->depth : CS_XML_DEPTH_MAX;
    p->open = p->stack[level - 1];
}

static void on_text(void *self, const xmlChar *text, int n)
{
    struct parser *p = self;
    if (p->no_memory || n <= 0)
        return;
    size_t len = (size_t)n;
    if (len >= (size_t)(p->pool_end - p->top))
        return;
    struct cs_xml *last = p->open->last;
    if (!last || last->name || last->text + last->len != p->top) {
        last = add_child(p, p->open);
        if (!last)
            return;
        last->text = p->top;
    }
    memcpy(p->top, text, len);
    p->top += len;
    last->len += len;
}

/* Entities */

/* In text the content of a predefined entity is handed over as it is; in an
 * attribute only its first byte would be, so there it is a general entity,
 * whose content is decoded once more. */
static xmlEntity *on_entity(void *self, const xmlChar *name)
{
    struct parser *p = self;
    bool in_attr = p->ctxt->instate == XML_PARSER_ATTRIBUTE_VALUE;
    const char *text = cs_xml_entity((const char *)name);
    if (!text) {
        (void)snprintf(p->entity_text, sizeof(p->entity_text), "%s%.*s;",
                       in_attr ? "&#38;" : "&", ENTITY_NAME_MAX, name);
        text = p->entity_text;
    }
    memset(&p->entity, 0, sizeof(p->entity));
    p->entity.type = XML_ENTITY_DECL;
    p->entity.name = name;
    p->entity.content = (xmlChar *)(uintptr_t)text;
    p->entity.orig = p->entity.content;
    p->entity.length = (int)strlen(text);
    p->entity.etype =
        in_attr ? XML_INTERNAL_GENERAL_ENTITY : XML_INTERNAL_PREDEFINED_ENTITY;
    return &p->entity;
}

/* Running the parser */

static void set_handlers(xmlSAXHandler *sax)
{
    memset(sax, 0, sizeof(*sax));
    sax->initialized = XML_SAX2_MAGIC;
    sax->startElementNs = on_start;
    sax->endElementNs = on_end;
    sax->characters = on_text;
    sax->ignorableWhitespace = on_text;
    sax->cdataBlock = on_text;
    sax->getEntity = on_entity;
}

/* The fragment between the tags of a root that declares its prefixes. */
static void wrap(struct cs_strbuf *out, const struct cs_xml_options *options,
                 const char *source, size_t len)
{
    (void)cs_strbuf_reserve(out, len + 512);
    cs_strbuf_puts(out, "<root");
    for (const char *const *p = options->prefixes; p && *p; p++)
        cs_strbuf_printf(out, " xmlns:%s=\"%s\"", *p, *p);
    cs_strbuf_putc(out, '>');
    cs_strbuf_put(out, source, len);
    cs_strbuf_puts(out, "</root>");
}

static bool start(struct parser *p, size_t len)
{
    p->pool = cs_arena_take(p->arena, len + 1);
    struct cs_xml *root = cs_arena_alloc(p->arena, sizeof(*root));
    if (!p->pool || !root || !grow_names(p))
        return false;
    p->top = p->pool;
    p->pool_end = p->pool + len + 1;
    root->name = intern(p, (const xmlChar *)"", NULL);
    p->stack[0] = p->open = root;
    return root->name != NULL;
}

/* One run of libxml2 over a wrapped fragment. `ret_well_formed` says whether
 * it liked every byte. */
static void say_nothing(void *ctx, const char *format, ...) CS_PRINTF(2, 3);
static void say_nothing(void *ctx, const char *format, ...)
{
    (void)ctx, (void)format;
}

static enum cs_status run(struct parser *p, const struct cs_strbuf *wrapped,
                          int more_options, bool *ret_well_formed,
                          struct cs_error *err)
{
    if (!start(p, wrapped->len))
        return cs_arena_status(p->arena, err);
    xmlSetGenericErrorFunc(NULL, say_nothing); /* it would print */
    p->ctxt = xmlNewParserCtxt();
    if (!p->ctxt)
        return cs_error_no_memory(err);
    set_handlers(p->ctxt->sax);
    p->ctxt->userData = p;
    xmlDoc *doc = xmlCtxtReadMemory(
        p->ctxt, wrapped->data, (int)wrapped->len, NULL, "UTF-8",
        XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOERROR |
            XML_PARSE_NOWARNING | XML_PARSE_HUGE | more_options);
    xmlFreeDoc(doc);
    /* Without memory for its input it says nothing and reads nothing. */
    bool no_memory =
        p->ctxt->errNo == XML_ERR_NO_MEMORY || p->ctxt->inputNr == 0;
    *ret_well_formed = p->ctxt->wellFormed != 0;
    xmlFreeParserCtxt(p->ctxt);
    p->ctxt = NULL;
    if (p->no_memory)
        return cs_arena_status(p->arena, err);
    return no_memory ? cs_error_no_memory(err) : CS_OK;
}

/* A tag of many thousand bytes may hold as many attributes. It would leave a
 * whole block without a '>', so as a rule a glance at each block is enough. */
static bool has_long_tag(const char *source, size_t len)
{
    bool suspect = false;
    for (size_t at = 0; at + LONG_TAG <= len && !suspect; at += LONG_TAG / 2)
        suspect = !memchr(source + at, '>', LONG_TAG / 2);
    const char *end = source + len, *at = suspect ? source : NULL;
    while (at && (at = memchr(at, '<', (size_t)(end - at)))) {
        const char *close = memchr(at, '>', (size_t)(end - at));
        if ((close ? close : end) - at > LONG_TAG)
            return true;
        at = close;
    }
    return false;
}

/* A byte order mark, an XML declaration and a document type may stand before
 * the fragment; inside the wrapper they would be errors. */
static void skip_prolog(const char **source, size_t *len)
{
    const char *at = *source, *end = at + *len;
    if (*len >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    for (;;) {
        while (at < end && cs_ascii_is_space(*at))
            at++;
        bool prolog = end - at > 9 && (memcmp(at, "<?xml ", 6) == 0 ||
                                       memcmp(at, "<!DOCTYPE", 9) == 0);
        const char *close = prolog ? memchr(at, '>', (size_t)(end - at)) : NULL;
        if (!close)
            break;
        at = close + 1;
    }
    *len = (size_t)(end - at);
    *source = at;
}

/* Bytes that are no markup and no white space, in mended XML: what the tree
 * must hold at least. References are left out on both sides. */
static size_t count_text(const char *xml, size_t len)
{
    size_t n = 0;
    bool tag = false;
    for (size_t i = 0; i < len; i++) {
        char c = xml[i];
        if (c == '<' && len - i > 9 && memcmp(xml + i, "<![CDATA[", 9) == 0)
            i += 8;
        else if (c == '<')
            tag = true;
        else if (c == '>')
            tag = false;
        else if (!tag && c == '&')
            i += strcspn(xml + i, ";");
        else if (!tag)
            n += !cs_ascii_is_space(c) && c != ']';
    }
    return n;
}

static enum cs_status parse_mended(struct parser *p, const char *source,
                                   size_t len, struct cs_xml_result *result,
                                   struct cs_error *err)
{
    struct cs_strbuf mended CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_XML_SOURCE_MAX * 6);
    struct cs_strbuf wrapped CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_XML_SOURCE_MAX * 6 + 1024);
    cs_xml_repair(&mended, source, len, result->flaws);
    wrap(&wrapped, p->options, mended.data, mended.len);
    enum cs_status status = cs_strbuf_status(&wrapped, err);
    if (!status)
        status = cs_strbuf_status(&mended, err);
    bool fine = false;
    if (!status)
        status = run(p, &wrapped, XML_PARSE_RECOVER, &fine, err);
    if (status)
        return status;
    for (size_t i = 0; i < CS_XML_FLAWS; i++)
        result->recovered = result->recovered || result->flaws[i];
    result->flaws[CS_XML_MALFORMED] = !fine && !result->recovered;
    result->recovered = result->recovered || !fine;
    result->flaws[CS_XML_LOST_TEXT] =
        !fine &&
        count_text(mended.data, mended.len) > (size_t)(p->top - p->pool);
    return CS_OK;
}

static enum cs_status parse_as_is(struct parser *p, const char *source,
                                  size_t len, bool *ret_fine,
                                  struct cs_error *err)
{
    struct cs_strbuf wrapped CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_XML_SOURCE_MAX + 1024);
    wrap(&wrapped, p->options, source, len);
    enum cs_status status = cs_strbuf_status(&wrapped, err);
    return status ? status : run(p, &wrapped, 0, ret_fine, err);
}

enum cs_status cs_xml_parse(struct cs_arena *arena, const char *source,
                            size_t len, const struct cs_xml_options *options,
                            struct cs_xml_result *ret_result,
                            struct cs_error *err)
{
    enum cs_status status = cs_library_xml(err);
    if (status)
        return status;
    if (len > CS_XML_SOURCE_MAX)
        return cs_error_set(err, CS_ERR_LIMIT,
                            "the source is larger than %zu MB",
                            CS_XML_SOURCE_MAX >> 20);
    skip_prolog(&source, &len);
    struct cs_xml_result result = {0};
    struct parser parser = {.arena = arena, .options = options};
    bool fine = false;
    if (!has_long_tag(source, len))
        status = parse_as_is(&parser, source, len, &fine, err);
    if (!status && !fine) {
        parser = (struct parser){.arena = arena, .options = options};
        status = parse_mended(&parser, source, len, &result, err);
    }
    if (status)
        return status;
    result.root = parser.stack[0];
    result.flaws[CS_XML_TOO_DEEP] = parser.too_deep;
    *ret_result = result;
    return CS_OK;
}
