#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/varint.h"

void lede_buf_done(lede_buf *buf)
{
    free(buf->bytes);
    *buf = (lede_buf){0};
}

void lede_buf_clear(lede_buf *buf)
{
    buf->len = 0;
    buf->failed = false;
}

bool lede_buf_reserve(lede_buf *buf, size_t more)
{
    size_t need;
    size_t cap;
    uint8_t *bytes;

    if (buf->failed) {
        return false;
    }
    if (more <= buf->cap - buf->len) {
        return true;
    }
    if (more > SIZE_MAX / 2 - buf->len) {
        buf->failed = true;
        return false;
    }
    need = buf->len + more;
    cap = buf->cap < 64 ? 64 : buf->cap;
    while (cap < need) {
        cap += cap / 2;
    }
    bytes = realloc(buf->bytes, cap);
    if (bytes == NULL) {
        buf->failed = true;
        return false;
    }
    buf->bytes = bytes;
    buf->cap = cap;
    return true;
}

void lede_buf_put(lede_buf *buf, const void *bytes, size_t len)
{
    uint8_t *start;

    if (len == 0) {
        return;
    }
    start = lede_buf_extend(buf, len);
    if (start != NULL) {
        memcpy(start, bytes, len);
    }
}

void lede_buf_put_span(lede_buf *buf, lede_span span)
{
    lede_buf_put(buf, span.bytes, span.len);
}

void lede_buf_put_text(lede_buf *buf, const char *text)
{
    lede_buf_put(buf, text, strlen(text));
}

void lede_buf_put_format(lede_buf *buf, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0 || !lede_buf_reserve(buf, (size_t)len + 1)) {
        buf->failed = true;
        return;
    }
    va_start(args, format);
    vsnprintf((char *)buf->bytes + buf->len, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}

void lede_buf_put_u16(lede_buf *buf, uint16_t value)
{
    uint8_t bytes[2];

    lede_store_u16(bytes, value);
    lede_buf_put(buf, bytes, sizeof bytes);
}

void lede_buf_put_u32(lede_buf *buf, uint32_t value)
{
    uint8_t bytes[4];

    lede_store_u32(bytes, value);
    lede_buf_put(buf, bytes, sizeof bytes);
}

void lede_buf_put_u64(lede_buf *buf, uint64_t value)
{
    uint8_t bytes[8];

    lede_store_u64(bytes, value);
    lede_buf_put(buf, bytes, sizeof bytes);
}

void lede_buf_put_varint(lede_buf *buf, uint64_t value)
{
    uint8_t bytes[LEDE_VARINT_MAX_BYTES];

    if (value < 0x80) {
        lede_buf_put_byte(buf, (uint8_t)value);
    } else {
        lede_buf_put(buf, bytes, lede_varint_encode(bytes, value));
    }
}

void lede_buf_put_block(lede_buf *buf, lede_span span)
{
    lede_buf_put_varint(buf, span.len);
    lede_buf_put_span(buf, span);
}

const char *lede_buf_text(lede_buf *buf)
{
    if (!lede_buf_reserve(buf, 1)) {
        return NULL;
    }
    buf->bytes[buf->len] = 0;
    return (const char *)buf->bytes;
}
