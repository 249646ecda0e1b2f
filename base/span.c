#include "base/span.h"

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

lede_span lede_span_trim(lede_span span)
{
    while (span.len > 0 && is_blank(span.bytes[0])) {
        span.bytes++;
        span.len--;
    }
    while (span.len > 0 && is_blank(span.bytes[span.len - 1])) {
        span.len--;
    }
    return span;
}
