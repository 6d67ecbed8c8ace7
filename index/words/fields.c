/*
 * fields.c - Markdown line by line: fences open and close, headings are one
 * line, all else is body.
 */
#include "index/words/fields.h"

const char *cs_field_name(enum cs_field field)
{
    static const char *const names[CS_FIELDS] = {
        [CS_FIELD_TITLE] = "title",   [CS_FIELD_HEADINGS] = "headings",
        [CS_FIELD_BODY] = "body",     [CS_FIELD_CODE] = "code",
        [CS_FIELD_LABELS] = "labels", [CS_FIELD_COMMENTS] = "comments",
    };
    return names[field];
}

/* One line: its text begins behind blanks and the marks of containers. */
struct line {
    const char *text;
    size_t at, end; /* of the text, without the end of the line */
    size_t next;    /* the line behind it */
    bool item;      /* marks of a list stand before it */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Behind the mark of a list item ("-", "1.") and its blank; else as it was. */
static size_t skip_item(const struct line *line, size_t at)
{
    const char *text = line->text;
    size_t mark = at;
    while (mark < line->end && mark < at + 9 && text[mark] >= '0' &&
           text[mark] <= '9')
        mark++;
    bool numbered = mark > at && mark < line->end &&
                    (text[mark] == '.' || text[mark] == ')');
    bool bullet = mark == at && at < line->end &&
                  (text[at] == '-' || text[at] == '*' || text[at] == '+');
    mark++;
    return (numbered || bullet) && mark < line->end && is_blank(text[mark])
               ? mark + 1
               : at;
}

static struct line read_line(const char *markdown, size_t len, size_t at)
{
    const char *end = memchr(markdown + at, '\n', len - at);
    struct line line = {.text = markdown, .at = at};
    line.end = end ? (size_t)(end - markdown) : len;
    line.next = end ? line.end + 1 : len;
    for (;;) {
        size_t from = line.at;
        while (line.at < line.end &&
               (is_blank(markdown[line.at]) || markdown[line.at] == '>'))
            line.at++;
        size_t item = skip_item(&line, line.at);
        line.item = line.item || item != line.at;
        line.at = item;
        if (line.at == from)
            break;
    }
    while (line.end > line.at && is_blank(markdown[line.end - 1]))
        line.end--;
    return line;
}

/* How many of `c` the line begins with. */
static size_t run_of(const struct line *line, char c)
{
    size_t n = 0;
    while (line->at + n < line->end && line->text[line->at + n] == c)
        n++;
    return n;
}

struct fence {
    char mark; /* 0: none is open */
    size_t len;
};

static bool opens_fence(const struct line *line, struct fence *ret)
{
    if (line->at == line->end)
        return false;
    char mark = line->text[line->at];
    if (mark != '`' && mark != '~')
        return false;
    size_t n = run_of(line, mark);
    size_t rest = line->at + n;
    if (n < 3 ||
        (mark == '`' && memchr(line->text + rest, '`', line->end - rest)))
        return false;
    *ret = (struct fence){mark, n};
    return true;
}

/* A fence is closed by one as long without anything behind it. */
static bool closes_fence(const struct line *line, const struct fence *fence)
{
    size_t n = run_of(line, fence->mark);
    return !line->item && n >= fence->len && line->at + n == line->end;
}

/* Cut a heading down to its text. */
static bool is_heading(struct line *line)
{
    size_t n = run_of(line, '#');
    size_t at = line->at + n;
    if (n < 1 || n > 6 || (at < line->end && !is_blank(line->text[at])))
        return false;
    while (at < line->end && is_blank(line->text[at]))
        at++;
    size_t end = line->end;
    while (end > at && line->text[end - 1] == '#')
        end--;
    if (end == at || is_blank(line->text[end - 1])) {
        while (end > at && is_blank(line->text[end - 1]))
            end--;
        line->end = end;
    }
    line->at = at;
    return true;
}

struct ranges {
    cs_field_fn *visit;
    void *payload;
    enum cs_field field; /* of the lines that are gathered */
    size_t at, end;
};

static bool flush(struct ranges *r)
{
    bool going =
        r->at == r->end || r->visit(r->payload, r->field, r->at, r->end);
    r->at = r->end;
    return going;
}

/* Put the bytes at..end to `field`: with those before them where they touch. */
static bool put(struct ranges *r, enum cs_field field, size_t at, size_t end)
{
    if (r->field != field || r->end != at) {
        if (!flush(r))
            return false;
        r->field = field;
        r->at = at;
    }
    r->end = end;
    return true;
}

static bool put_heading(struct ranges *r, const struct line *line)
{
    return flush(r) && put(r, CS_FIELD_HEADINGS, line->at, line->end) &&
           flush(r);
}

void cs_fields_walk(const char *markdown, size_t len, cs_field_fn *visit,
                    void *payload)
{
    struct ranges ranges = {.visit = visit, .payload = payload};
    struct fence fence = {0};
    bool going = true;
    for (size_t at = 0; at < len && going;) {
        struct line line = read_line(markdown, len, at);
        size_t from = at;
        at = line.next;
        if (fence.mark) {
            going = put(&ranges, CS_FIELD_CODE, from, at);
            if (closes_fence(&line, &fence))
                fence.mark = 0;
        } else if (opens_fence(&line, &fence)) {
            going = put(&ranges, CS_FIELD_CODE, from, at);
        } else if (is_heading(&line)) {
            going = put_heading(&ranges, &line);
        } else {
            going = put(&ranges, CS_FIELD_BODY, from, at);
        }
    }
    if (going)
        (void)flush(&ranges);
}
