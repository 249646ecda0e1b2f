#include "indexer/url.h"

#include <string.h>
#include <strings.h>

#include "indexer/identity.h"

static bool is_one_of(lede_span name, const char *const *list, size_t count,
                      bool by_prefix)
{
    size_t i;

    for (i = 0; i < count; i++) {
        size_t len = strlen(list[i]);

        if ((by_prefix ? name.len >= len : name.len == len) &&
            strncasecmp((const char *)name.bytes, list[i], len) == 0) {
            return true;
        }
    }
    return false;
}

/* Parameters that say how somebody came to the page, or which part of it is
 * shown, not which page it is. */
static bool is_passing(lede_span name)
{
    static const char *const names[] = {"fbclid", "gclid", "ocid", "cmp",
                                        "ref",    "amp",   "page"};
    static const char *const prefixes[] = {"utm_", "at_", "ns_"};

    return is_one_of(name, names, sizeof names / sizeof names[0], false) ||
           is_one_of(name, prefixes, sizeof prefixes / sizeof prefixes[0],
                     true);
}

static size_t find(lede_span span, const char *any)
{
    size_t i;

    for (i = 0; i < span.len; i++) {
        if (span.bytes[i] != 0 && strchr(any, span.bytes[i]) != NULL) {
            break;
        }
    }
    return i;
}

static lede_span rest_of(lede_span span, size_t begin)
{
    return lede_span_part(span, begin, span.len);
}

static bool starts_folded(lede_span span, const char *prefix)
{
    size_t len = strlen(prefix);

    return span.len >= len &&
           strncasecmp((const char *)span.bytes, prefix, len) == 0;
}

bool lede_url_is_web(lede_span url)
{
    return starts_folded(url, "http://") || starts_folded(url, "https://") ||
           starts_folded(url, "//");
}

lede_span lede_url_host(lede_span canonical)
{
    return lede_span_part(canonical, 0, find(canonical, "/?"));
}

bool lede_url_has_path(lede_span canonical)
{
    return lede_url_host(canonical).len < canonical.len;
}

/* "bbc.co.uk/news", typed without its scheme. */
static bool looks_like_host(lede_span url)
{
    lede_span host = lede_span_part(url, 0, find(url, "/?#"));
    size_t i;
    bool has_dot = false;

    for (i = 0; i < host.len; i++) {
        uint8_t c = host.bytes[i];
        uint8_t lower = c | 0x20;

        if (c == '.') {
            has_dot = true;
        } else if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') &&
                   c != '-' && c != ':') {
            return false;
        }
    }
    return has_dot && host.bytes[0] != '.';
}

/* The label before the first dot, if the host goes on to have another. */
static size_t passing_label(lede_span host)
{
    static const char *const labels[] = {"www", "m", "amp"};
    size_t dot = find(host, ".");
    lede_span rest = rest_of(host, dot + 1);

    if (!is_one_of(lede_span_part(host, 0, dot), labels, 3, false) ||
        find(rest, ".") == rest.len) {
        return 0;
    }
    return dot + 1;
}

static void put_host(lede_span host, lede_buf *out)
{
    size_t at, cut, i;

    for (at = host.len; at > 0; at--) {
        if (host.bytes[at - 1] == '@') {
            break;
        }
    }
    host = rest_of(host, at);
    at = find(host, ":");
    if (lede_span_is(rest_of(host, at), ":80") ||
        lede_span_is(rest_of(host, at), ":443") || at + 1 == host.len) {
        host = lede_span_part(host, 0, at);
    }
    if (host.len > 0 && host.bytes[host.len - 1] == '.') {
        host.len--;
    }
    while ((cut = passing_label(host)) > 0) {
        host = rest_of(host, cut);
    }
    for (i = 0; i < host.len; i++) {
        uint8_t c = host.bytes[i];

        lede_buf_put_byte(out, c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
}

static void put_path(lede_span path, lede_buf *out)
{
    static const char *const indexes[] = {"/index.html", "/index.htm"};
    size_t i;

    for (i = 0; i < 2; i++) {
        size_t len = strlen(indexes[i]);

        if (path.len >= len &&
            strncasecmp((const char *)path.bytes + path.len - len, indexes[i],
                        len) == 0) {
            path.len -= len;
            break;
        }
    }
    while (path.len > 0 && path.bytes[path.len - 1] == '/') {
        path.len--;
    }
    lede_buf_put_span(out, path);
}

static void put_query(lede_span query, lede_buf *out)
{
    char before = '?';

    while (query.len > 0) {
        size_t len = find(query, "&;");
        lede_span pair = lede_span_part(query, 0, len);
        lede_span name;

        query = rest_of(query, len + 1);
        if (starts_folded(pair, "amp;")) {
            pair = rest_of(pair, 4);
        }
        name = lede_span_part(pair, 0, find(pair, "="));
        if (pair.len == 0 || is_passing(name)) {
            continue;
        }
        lede_buf_put_byte(out, (uint8_t)before);
        lede_buf_put_span(out, pair);
        before = '&';
    }
}

void lede_url_canonical(lede_span url, lede_buf *out)
{
    size_t len;

    url = lede_span_trim(url);
    if (lede_url_is_web(url)) {
        url = rest_of(url, find(url, "/") + 2);
    } else if (url.len == 0 || !looks_like_host(url)) {
        lede_buf_put_span(out, url);
        return;
    }
    url = lede_span_part(url, 0, find(url, "#"));
    len = find(url, "/?");
    put_host(lede_span_part(url, 0, len), out);
    url = rest_of(url, len);
    len = find(url, "?");
    put_path(lede_span_part(url, 0, len), out);
    put_query(rest_of(url, len + 1), out);
}
