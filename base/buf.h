/* buf.h - "bytes that grow, and that I own"
 *
 * A buffer owns its bytes until lede_buf_done. Failure to grow is remembered:
 * after it, puts do nothing and `failed` is true, so that a writer of many
 * small pieces checks once, at the end. All-zero is a valid empty buffer.
 *
 * Threads: a buffer belongs to one thread at a time. */
#ifndef LEDE_BASE_BUF_H
#define LEDE_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

typedef struct lede_buf {
    uint8_t *bytes;
    size_t len;
    size_t cap;
    bool failed;
} lede_buf;

/* Frees the bytes and leaves an empty buffer. */
void lede_buf_done(lede_buf *buf);

/* Empties for reuse; keeps the memory, forgets a failure. */
void lede_buf_clear(lede_buf *buf);

/* Makes room for `more` bytes beyond len; false (and failed) if there is none.
 */
bool lede_buf_reserve(lede_buf *buf, size_t more);

/* Appends `len` bytes to be filled by the caller; NULL on failure. The pointer
 * lives until the next change of the buffer. (Here, and one byte too, as most
 * of what is written to disk goes through them in small pieces.) */
static inline uint8_t *lede_buf_extend(lede_buf *buf, size_t len)
{
    uint8_t *start;

    if ((buf->failed || len > buf->cap - buf->len || buf->bytes == NULL) &&
        !lede_buf_reserve(buf, len)) {
        return NULL;
    }
    start = buf->bytes == NULL ? NULL : buf->bytes + buf->len;
    buf->len += len;
    return start;
}

static inline void lede_buf_put_byte(lede_buf *buf, uint8_t byte)
{
    uint8_t *at = lede_buf_extend(buf, 1);

    if (at != NULL) {
        *at = byte;
    }
}

void lede_buf_put(lede_buf *buf, const void *bytes, size_t len);
void lede_buf_put_span(lede_buf *buf, lede_span span);
void lede_buf_put_text(lede_buf *buf, const char *text);
void lede_buf_put_format(lede_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Little-endian integers and LEB128 (base/varint.h). */
void lede_buf_put_u16(lede_buf *buf, uint16_t value);
void lede_buf_put_u32(lede_buf *buf, uint32_t value);
void lede_buf_put_u64(lede_buf *buf, uint64_t value);
void lede_buf_put_varint(lede_buf *buf, uint64_t value);
/* Varint length, then the bytes. */
void lede_buf_put_block(lede_buf *buf, lede_span span);

/* Lends the content; valid until the next change. */
static inline lede_span lede_buf_span(const lede_buf *buf)
{
    return lede_span_of(buf->bytes, buf->len);
}

/* Lends the content as a C string (a NUL is kept behind it, not counted);
 * NULL on failure. */
const char *lede_buf_text(lede_buf *buf);

#endif
