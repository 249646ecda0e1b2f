#include "corpus/address.h"

#include <string.h>

#include "base/buf.h"
#include "corpus/text_match.h"

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool lede_address_has_scheme(lede_span address)
{
    size_t i;

    for (i = 0; i < address.len; i++) {
        uint8_t c = address.bytes[i];

        if (c == ':') {
            return i > 0;
        }
        if (!is_letter(c) && (i == 0 || !((c >= '0' && c <= '9') || c == '+' ||
                                          c == '-' || c == '.'))) {
            return false;
        }
    }
    return false;
}

bool lede_address_is_web(lede_span address)
{
    size_t begin = lede_match_starts(address, "http://")    ? 7
                   : lede_match_starts(address, "https://") ? 8
                                                            : 0;

    return begin > 0 && begin < address.len && address.bytes[begin] != '/';
}

/* The first of the bytes at or behind `at`, else the end. */
static size_t find_any(lede_span text, size_t at, const char *bytes)
{
    while (at < text.len && strchr(bytes, text.bytes[at]) == NULL) {
        at++;
    }
    return at;
}

/* Appends a path without the steps "." and ".." (RFC 3986, 5.2.4); nothing goes
 * above `root`. */
static void put_path(lede_buf *out, lede_span path)
{
    size_t root = out->len;
    size_t at = 0;

    while (at < path.len) {
        size_t end = find_any(path, at + 1, "/");
        lede_span step = lede_span_part(path, at, end - at); /* with its "/" */
        bool is_up = lede_span_is(step, "/..");

        if (is_up || lede_span_is(step, "/.")) {
            while (is_up && out->len > root && out->bytes[--out->len] != '/') {
            }
            if (end == path.len) {
                lede_buf_put_byte(out, '/');
            }
        } else {
            lede_buf_put_span(out, step);
        }
        at = end;
    }
}

/* The parts of an address of the web: up to its host, up to its path's end,
 * up to its query's end. */
typedef struct parts {
    size_t scheme, host, path, query;
} parts;

static parts cut(lede_span address)
{
    parts p;

    p.scheme = find_any(address, 0, ":") + 1;
    p.host = find_any(address, p.scheme + 2, "/?#");
    p.path = find_any(address, p.host, "?#");
    p.query = find_any(address, p.path, "#");
    return p;
}

static void put_joined(lede_buf *out, lede_span base, lede_span link)
{
    parts p = cut(base);
    size_t end = find_any(link, 0, "?#");
    lede_span path = lede_span_part(link, 0, end);

    if (lede_span_starts(link, "//")) {
        lede_buf_put_span(out, lede_span_part(base, 0, p.scheme));
        lede_buf_put_span(out, link);
        return;
    }
    if (path.len == 0) {
        bool has_query = end < link.len && link.bytes[end] == '?';

        lede_buf_put_span(
            out, lede_span_part(base, 0, has_query ? p.path : p.query));
        lede_buf_put_span(out, link);
        return;
    }
    lede_buf_put_span(out, lede_span_part(base, 0, p.host));
    if (path.bytes[0] == '/') {
        put_path(out, path);
    } else {
        lede_buf whole = {0};
        size_t folder = p.path;

        while (folder > p.host && base.bytes[folder - 1] != '/') {
            folder--;
        }
        lede_buf_put_span(&whole,
                          lede_span_part(base, p.host, folder - p.host));
        if (folder == p.host) {
            lede_buf_put_byte(&whole, '/');
        }
        lede_buf_put_span(&whole, path);
        put_path(out, lede_buf_span(&whole));
        out->failed |= whole.failed;
        lede_buf_done(&whole);
    }
    lede_buf_put_span(out, lede_span_part(link, end, link.len));
}

lede_span lede_address_join(lede_span base, lede_span link, lede_arena *arena,
                            bool *failed)
{
    lede_buf out = {0};
    lede_span joined;

    if (link.len == 0 || lede_address_has_scheme(link) ||
        !lede_address_is_web(base)) {
        return link;
    }
    put_joined(&out, base, link);
    joined = lede_arena_copy(arena, lede_buf_span(&out));
    *failed |= out.failed || joined.bytes == NULL;
    lede_buf_done(&out);
    return joined.bytes == NULL ? lede_span_of(NULL, 0) : joined;
}
