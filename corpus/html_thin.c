#include "corpus/html_thin.h"

#include <string.h>

#include "corpus/html_scan.h"

static bool make_blank(lede_span *page, size_t from, size_t to, lede_buf *room)
{
    if (room->len == 0) {
        lede_buf_put_span(room, *page);
        if (room->failed) {
            return false;
        }
        *page = lede_buf_span(room);
    }
    memset(room->bytes + from, ' ', to - from);
    return true;
}

/* From behind the name of a start tag to its end. */
static bool thin_tag(lede_span *page, size_t *at, lede_buf *room)
{
    size_t i = *at, count = 0;

    while (i < page->len && page->bytes[i] != '>') {
        size_t begin = i;

        if (lede_html_is_blank(page->bytes[i]) || page->bytes[i] == '/') {
            i++;
            continue;
        }
        i = lede_html_skip_attribute(*page, i);
        if (++count > LEDE_HTML_ATTRIBUTES_MAX &&
            !make_blank(page, begin, i, room)) {
            return false;
        }
    }
    *at = i;
    return true;
}

lede_span lede_html_thin(lede_span page, lede_buf *room)
{
    size_t at = 0;

    while (lede_html_next_tag(page, &at)) {
        size_t name = at;

        if (page.bytes[at] == '/') {
            continue;
        }
        at = lede_html_skip_name(page, at);
        if (!thin_tag(&page, &at, room)) {
            return (lede_span){0};
        }
        at = lede_html_skip_raw(page, name, at);
    }
    return page;
}
