/* span.h - "some bytes that somebody else owns"
 *
 * A span lends: it never frees, and it is valid as long as its lender says. It
 * need not end in NUL and may hold any bytes. {NULL, 0} is the empty span.
 *
 * Threads: plain values. */
#ifndef LEDE_BASE_SPAN_H
#define LEDE_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct lede_span {
    const uint8_t *bytes;
    size_t len;
} lede_span;

static inline lede_span lede_span_of(const void *bytes, size_t len)
{
    lede_span span = {(const uint8_t *)bytes, len};
    return span;
}

/* The bytes of a C string without its NUL; NULL gives the empty span. */
static inline lede_span lede_span_text(const char *text)
{
    return lede_span_of(text, text == NULL ? 0 : strlen(text));
}

static inline bool lede_span_equal(lede_span a, lede_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.bytes, b.bytes, a.len) == 0);
}

static inline bool lede_span_is(lede_span span, const char *text)
{
    return lede_span_equal(span, lede_span_text(text));
}

static inline bool lede_span_starts(lede_span span, const char *prefix)
{
    size_t len = strlen(prefix);
    return span.len >= len && memcmp(span.bytes, prefix, len) == 0;
}

/* Byte order, shorter first on a tie: the order of terms and keys on disk. */
static inline int lede_span_compare(lede_span a, lede_span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len == 0 ? 0 : memcmp(a.bytes, b.bytes, len);

    if (order != 0) {
        return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

/* The part from `begin` on, at most `len` bytes; out of range is clamped. */
static inline lede_span lede_span_part(lede_span span, size_t begin, size_t len)
{
    if (begin >= span.len) {
        return lede_span_of(NULL, 0);
    }
    if (len > span.len - begin) {
        len = span.len - begin;
    }
    return lede_span_of(span.bytes + begin, len);
}

/* Without ASCII blanks (space, \t, \n, \r, \f, \v) at both ends. */
lede_span lede_span_trim(lede_span span);

#ifdef __cplusplus
}
#endif
#endif
