#include "corpus/html_thin.h"

#include <string.h>
#include <strings.h>

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_letter(uint8_t byte)
{
    return (uint8_t)((byte | 0x20) - 'a') < 26;
}

/* Where `text` begins, in any letter case, from `at` on; the end if nowhere. */
static size_t find(lede_span page, size_t at, const char *text)
{
    size_t len = strlen(text);

    while (at < page.len) {
        const uint8_t *found = memchr(page.bytes + at, text[0], page.len - at);

        if (found == NULL) {
            break;
        }
        at = (size_t)(found - page.bytes);
        if (page.len - at >= len &&
            strncasecmp((const char *)found, text, len) == 0) {
            return at;
        }
        at++;
    }
    return page.len;
}

static bool is_name(lede_span page, size_t at, const char *name)
{
    size_t len = strlen(name);

    return page.len - at > len &&
           strncasecmp((const char *)page.bytes + at, name, len) == 0 &&
           !is_letter(page.bytes[at + len]);
}

static size_t skip_blanks(lede_span page, size_t at)
{
    while (at < page.len && is_blank(page.bytes[at])) {
        at++;
    }
    return at;
}

/* The end of the value behind an equals sign. */
static size_t skip_value(lede_span page, size_t at)
{
    const uint8_t *end;

    at = skip_blanks(page, at);
    if (at == page.len) {
        return at;
    }
    if (page.bytes[at] == '"' || page.bytes[at] == '\'') {
        end = memchr(page.bytes + at + 1, page.bytes[at], page.len - at - 1);
        return end == NULL ? page.len : (size_t)(end - page.bytes) + 1;
    }
    while (at < page.len && !is_blank(page.bytes[at]) &&
           page.bytes[at] != '>') {
        at++;
    }
    return at;
}

static size_t skip_attribute(lede_span page, size_t at)
{
    size_t next;

    do {
        at++;
    } while (at < page.len && !is_blank(page.bytes[at]) &&
             page.bytes[at] != '=' && page.bytes[at] != '>' &&
             page.bytes[at] != '/');
    next = skip_blanks(page, at);
    return next < page.len && page.bytes[next] == '='
               ? skip_value(page, next + 1)
               : at;
}

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

        if (is_blank(page->bytes[i]) || page->bytes[i] == '/') {
            i++;
            continue;
        }
        i = skip_attribute(*page, i);
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

    while (at < page.len) {
        const uint8_t *open = memchr(page.bytes + at, '<', page.len - at);
        size_t name;

        if (open == NULL) {
            break;
        }
        name = at = (size_t)(open - page.bytes) + 1;
        if (page.len - at >= 3 && memcmp(page.bytes + at, "!--", 3) == 0) {
            at = find(page, at + 3, "-->");
            continue;
        }
        if (at == page.len || !is_letter(page.bytes[at])) {
            continue;
        }
        while (at < page.len && !is_blank(page.bytes[at]) &&
               page.bytes[at] != '>' && page.bytes[at] != '/') {
            at++;
        }
        if (!thin_tag(&page, &at, room)) {
            return (lede_span){0};
        }
        if (is_name(page, name, "script")) {
            at = find(page, at, "</script");
        } else if (is_name(page, name, "style")) {
            at = find(page, at, "</style");
        }
    }
    return page;
}
