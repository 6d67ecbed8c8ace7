/*
 * address.c - one function for each kind of reference.
 *
 * The old forms of addresses ("/display/KEY/Title", "viewpage.action?pageId=")
 * are used because they need no more than a reference holds; the site leads
 * them on to the page.
 */
#include "connectors/confluence/address.h"

#include "src/url.h"

typedef void put_fn(const struct cs_address_page *page,
                    const struct cs_ref *ref, struct cs_strbuf *out);

static void put_id(const char *id, struct cs_strbuf *out)
{
    cs_strbuf_puts(out, "/pages/viewpage.action?pageId=");
    cs_url_put_escaped(id, out);
}

static void put_display(const struct cs_address_page *page,
                        const struct cs_ref *ref, struct cs_strbuf *out)
{
    const char *space = ref->space ? ref->space : page->space;
    cs_strbuf_puts(out, "/display/");
    cs_url_put_escaped(space ? space : "", out);
    cs_strbuf_putc(out, '/');
    if (ref->day) /* "2026/05/06" */
        cs_strbuf_printf(out, "%s/", ref->day);
    cs_url_put_escaped(ref->title, out);
}

static void put_page(const struct cs_address_page *page,
                     const struct cs_ref *ref, struct cs_strbuf *out)
{
    if (ref->id)
        put_id(ref->id, out);
    else if (ref->title)
        put_display(page, ref, out);
}

/* An attachment of a page known by title alone is reached through the page. */
static void put_attachment(const struct cs_address_page *page,
                           const struct cs_ref *ref, struct cs_strbuf *out)
{
    if (ref->title && !ref->id) {
        put_display(page, ref, out);
        return;
    }
    cs_strbuf_puts(out, "/download/attachments/");
    cs_url_put_escaped(ref->id ? ref->id : page->id, out);
    cs_strbuf_putc(out, '/');
    cs_url_put_escaped(ref->file ? ref->file : "", out);
}

static void put_space(const struct cs_address_page *page,
                      const struct cs_ref *ref, struct cs_strbuf *out)
{
    const char *space = ref->space ? ref->space : page->space;
    cs_strbuf_puts(out, "/spaces/");
    cs_url_put_escaped(space ? space : "", out);
}

static void put_user(const struct cs_address_page *page,
                     const struct cs_ref *ref, struct cs_strbuf *out)
{
    (void)page;
    if (!ref->id)
        return;
    cs_strbuf_puts(out, "/people/");
    cs_url_put_escaped(ref->id, out);
}

static put_fn *const puts_by_kind[CS_REF_KINDS] = {
    [CS_REF_PAGE] = put_page,    [CS_REF_BLOG_POST] = put_page,
    [CS_REF_CONTENT] = put_page, [CS_REF_ATTACHMENT] = put_attachment,
    [CS_REF_SPACE] = put_space,  [CS_REF_USER] = put_user,
    [CS_REF_SELF] = NULL,
};

const char *cs_address_of(struct cs_arena *arena,
                          const struct cs_address_page *page,
                          const struct cs_ref *ref)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    put_fn *put = puts_by_kind[ref->kind];
    if (put)
        put(page, ref, &path);
    if (path.len == 0 || path.status)
        return NULL;
    return cs_arena_printf(arena, "%s%s", page->wiki, path.data);
}

enum cs_status cs_address_body(struct cs_arena *arena,
                               const struct cs_address_page *page,
                               struct cs_body *body, struct cs_error *err)
{
    if (body->n_places == 0)
        return CS_OK;
    struct cs_place *places =
        cs_arena_array(arena, body->n_places, sizeof(*places));
    if (!places)
        return cs_arena_status(arena, err);
    for (size_t i = 0; i < body->n_places; i++) {
        places[i] = body->places[i];
        if (!places[i].ref.url)
            places[i].ref.url = cs_address_of(arena, page, &places[i].ref);
    }
    body->places = places;
    return cs_arena_status(arena, err);
}
