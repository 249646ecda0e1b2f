#include "corpus/html_scan.h"

#include <string.h>
#include <strings.h>

bool lede_html_is_blank(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

bool lede_html_is_letter(uint8_t byte)
{
    return (uint8_t)((byte | 0x20) - 'a') < 26;
}

size_t lede_html_find(lede_span page, size_t at, const char *text)
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

bool lede_html_is_name(lede_span page, size_t at, const char *name)
{
    size_t len = strlen(name);

    return page.len - at > len &&
           strncasecmp((const char *)page.bytes + at, name, len) == 0 &&
           !lede_html_is_letter(page.bytes[at + len]);
}

static size_t skip_blanks(lede_span page, size_t at)
{
    while (at < page.len && lede_html_is_blank(page.bytes[at])) {
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
    while (at < page.len && !lede_html_is_blank(page.bytes[at]) &&
           page.bytes[at] != '>') {
        at++;
    }
    return at;
}

size_t lede_html_skip_attribute(lede_span page, size_t at)
{
    size_t next;

    do {
        at++;
    } while (at < page.len && !lede_html_is_blank(page.bytes[at]) &&
             page.bytes[at] != '=' && page.bytes[at] != '>' &&
             page.bytes[at] != '/');
    next = skip_blanks(page, at);
    return next < page.len && page.bytes[next] == '='
               ? skip_value(page, next + 1)
               : at;
}

size_t lede_html_skip_tag(lede_span page, size_t at)
{
    while (at < page.len && page.bytes[at] != '>') {
        at = lede_html_is_blank(page.bytes[at]) || page.bytes[at] == '/'
                 ? at + 1
                 : lede_html_skip_attribute(page, at);
    }
    return at;
}

bool lede_html_next_tag(lede_span page, size_t *at)
{
    while (*at < page.len) {
        const uint8_t *open = memchr(page.bytes + *at, '<', page.len - *at);

        if (open == NULL) {
            break;
        }
        *at = (size_t)(open - page.bytes) + 1;
        if (page.len - *at >= 3 && memcmp(page.bytes + *at, "!--", 3) == 0) {
            *at = lede_html_find(page, *at + 3, "-->");
        } else if (*at < page.len &&
                   (lede_html_is_letter(page.bytes[*at]) ||
                    (page.bytes[*at] == '/' && *at + 1 < page.len &&
                     lede_html_is_letter(page.bytes[*at + 1])))) {
            return true;
        }
    }
    return false;
}

size_t lede_html_skip_name(lede_span page, size_t at)
{
    while (at < page.len && !lede_html_is_blank(page.bytes[at]) &&
           page.bytes[at] != '>' && page.bytes[at] != '/') {
        at++;
    }
    return at;
}

size_t lede_html_skip_raw(lede_span page, size_t name, size_t at)
{
    if (lede_html_is_name(page, name, "script")) {
        return lede_html_find(page, at, "</script");
    }
    return lede_html_is_name(page, name, "style")
               ? lede_html_find(page, at, "</style")
               : at;
}
