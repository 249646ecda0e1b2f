#include "corpus/html_ends.h"

#include <string.h>

#include "corpus/html_scan.h"

/* Elements that an end tag of theirs closes, with all inside. The first is what
 * the parser closes by nothing else; the last ones are parts of tables, which
 * it closes well, and through which no end tag reaches. */
static const char *const names[] = {
    "div",     "address", "article", "aside",   "blockquote", "center",
    "details", "dialog",  "dd",      "dl",      "dt",         "fieldset",
    "figure",  "footer",  "header",  "hgroup",  "li",         "main",
    "menu",    "nav",     "ol",      "section", "summary",    "ul",
    "caption", "table",   "td",      "th",      "figcaption"};

enum { DIV = 0, CAPTION = 24, TH = 27, NONE = 255 };

typedef struct ends {
    lede_span page;
    lede_buf *room;
    size_t copied; /* of the page */
    uint8_t open[LEDE_HTML_ENDS_DEPTH];
    size_t depth;
} ends;

static uint8_t name_at(lede_span page, size_t at)
{
    uint8_t first = page.bytes[at] | 0x20;
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((uint8_t)names[i][0] == first &&
            lede_html_is_name(page, at, names[i])) {
            return (uint8_t)i;
        }
    }
    return NONE;
}

static bool is_of_table(uint8_t name)
{
    return name >= CAPTION && name <= TH;
}

/* Puts the end tags of `count` divs before the byte at `at`. */
static void put_ends(ends *e, size_t at, size_t count)
{
    lede_buf_put_span(e->room,
                      lede_span_part(e->page, e->copied, at - e->copied));
    e->copied = at;
    while (count-- > 0) {
        lede_buf_put_text(e->room, "</div>");
    }
}

/* An end tag whose "<" is at `at`. */
static void close_element(ends *e, uint8_t name, size_t at)
{
    size_t divs = 0;
    size_t i;

    for (i = e->depth; i > 0 && e->open[i - 1] != name; i--) {
        if (is_of_table(e->open[i - 1]) && !is_of_table(name)) {
            return;
        }
        divs += e->open[i - 1] == DIV;
    }
    if (i == 0) {
        return; /* there is no such element */
    }
    if (divs > 0 && !is_of_table(name)) {
        put_ends(e, at, divs);
    }
    e->depth = i - 1;
}

lede_span lede_html_put_ends(lede_span page, lede_buf *room)
{
    ends e = {.page = page, .room = room};
    size_t at = 0;

    while (lede_html_next_tag(page, &at) && e.depth < LEDE_HTML_ENDS_DEPTH) {
        bool is_end = page.bytes[at] == '/';
        size_t name = at + is_end;
        uint8_t element = name_at(page, name);

        at = lede_html_skip_tag(page, lede_html_skip_name(page, name));
        if (element != NONE && is_end) {
            close_element(&e, element, name - 2);
        } else if (element != NONE && page.bytes[at - 1] != '/') {
            e.open[e.depth++] = element;
        }
        if (!is_end) {
            at = lede_html_skip_raw(page, name, at);
        }
    }
    if (e.copied == 0) {
        return page;
    }
    lede_buf_put_span(room, lede_span_part(page, e.copied, page.len));
    return room->failed ? (lede_span){0} : lede_buf_span(room);
}
