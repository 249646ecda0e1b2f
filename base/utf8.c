#include "base/utf8.h"

#include <utf8proc.h>

static bool is_tail(uint8_t byte)
{
    return (byte & 0xC0u) == 0x80u;
}

/* The allowed range of the second byte is where UTF-8 forbids overlong forms,
 * surrogates and code points above U+10FFFF (Unicode, table 3-7). */
static void second_byte_range(uint8_t lead, uint8_t *low, uint8_t *high)
{
    *low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
}

size_t lede_utf8_decode(const uint8_t *p, const uint8_t *end, uint32_t *out)
{
    uint8_t lead = p[0];
    uint8_t low;
    uint8_t high;
    uint32_t value;
    size_t len;
    size_t i;

    *out = lead;
    if (lead < 0x80) {
        return 1;
    }
    *out = LEDE_UTF8_REPLACEMENT;
    if (lead < 0xC2 || lead > 0xF4) {
        return 1;
    }
    len = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    second_byte_range(lead, &low, &high);
    if (end - p < 2 || p[1] < low || p[1] > high) {
        return 1;
    }
    value = lead & (0xFFu >> (len + 1));
    value = value << 6 | (p[1] & 0x3Fu);
    for (i = 2; i < len; i++) {
        if ((size_t)(end - p) <= i || !is_tail(p[i])) {
            return i;
        }
        value = value << 6 | (p[i] & 0x3Fu);
    }
    *out = value;
    return len;
}

size_t lede_utf8_encode(uint8_t out[4], uint32_t c)
{
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        c = LEDE_UTF8_REPLACEMENT;
    }
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xC0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xE0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        out[2] = (uint8_t)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (uint8_t)(0xF0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    out[3] = (uint8_t)(0x80 | (c & 0x3F));
    return 4;
}

size_t lede_utf8_valid_prefix(lede_span span)
{
    const uint8_t *p = span.bytes;
    const uint8_t *end;

    if (span.len == 0) {
        return 0;
    }
    end = p + span.len;
    while (p < end) {
        uint64_t word;
        uint32_t c;
        size_t len;

        if (end - p >= 8) {
            memcpy(&word, p, 8);
            if ((word & 0x8080808080808080u) == 0) {
                p += 8;
                continue;
            }
        }
        len = lede_utf8_decode(p, end, &c);
        if (c == LEDE_UTF8_REPLACEMENT &&
            !(len == 3 && p[0] == 0xEF && p[1] == 0xBF && p[2] == 0xBD)) {
            break;
        }
        p += len;
    }
    return (size_t)(p - span.bytes);
}

size_t lede_utf8_repair(lede_span span, lede_buf *out)
{
    size_t repaired = 0;

    while (span.len > 0) {
        size_t valid = lede_utf8_valid_prefix(span);
        uint32_t c;
        size_t bad;

        lede_buf_put(out, span.bytes, valid);
        span = lede_span_part(span, valid, span.len);
        if (span.len == 0) {
            break;
        }
        bad = lede_utf8_decode(span.bytes, span.bytes + span.len, &c);
        lede_buf_put(out, "\xEF\xBF\xBD", 3);
        repaired++;
        span = lede_span_part(span, bad, span.len);
    }
    return repaired;
}

size_t lede_utf8_floor(lede_span span, size_t at)
{
    if (at >= span.len) {
        return span.len;
    }
    while (at > 0 && is_tail(span.bytes[at])) {
        at--;
    }
    return at;
}

size_t lede_utf8_count(lede_span span)
{
    const uint8_t *p = span.bytes;
    const uint8_t *end = span.len == 0 ? p : p + span.len;
    size_t count = 0;

    while (p < end) {
        uint32_t c;

        p += lede_utf8_decode(p, end, &c);
        count++;
    }
    return count;
}

bool lede_utf8_is_upper(uint32_t code_point)
{
    utf8proc_category_t category;

    if (code_point < 0x80) {
        return code_point >= 'A' && code_point <= 'Z';
    }
    category = utf8proc_category((utf8proc_int32_t)code_point);
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

bool lede_utf8_is_lower(uint32_t code_point)
{
    if (code_point < 0x80) {
        return code_point >= 'a' && code_point <= 'z';
    }
    return utf8proc_category((utf8proc_int32_t)code_point) ==
           UTF8PROC_CATEGORY_LL;
}
