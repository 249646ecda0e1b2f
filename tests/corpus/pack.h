/* pack.h - compressed test material, made on the spot. */
#ifndef LEDE_TESTS_CORPUS_PACK_H
#define LEDE_TESTS_CORPUS_PACK_H

#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/buf.h"

/* Appends one gzip member that holds `data`. */
static inline void pack_gzip(lede_buf *out, lede_span data)
{
    z_stream stream = {0};
    size_t room = data.len + data.len / 8 + 1024;
    uint8_t *at = lede_buf_extend(out, room);

    if (at == NULL || deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8,
                                   Z_DEFAULT_STRATEGY) != Z_OK) {
        out->failed = true;
        return;
    }
    stream.next_in = (Bytef *)(uintptr_t)data.bytes;
    stream.avail_in = (uInt)data.len;
    stream.next_out = at;
    stream.avail_out = (uInt)room;
    out->failed |= deflate(&stream, Z_FINISH) != Z_STREAM_END;
    out->len -= stream.avail_out;
    deflateEnd(&stream);
}

/* Appends one zstd frame, with a window of 2^`window_log` bytes (0: as zstd
 * likes). */
static inline void pack_zstd_window(lede_buf *out, lede_span data,
                                    int window_log)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_inBuffer in = {data.bytes, data.len, 0};
    size_t room = ZSTD_compressBound(data.len) + 64;
    uint8_t *at = lede_buf_extend(out, room);
    ZSTD_outBuffer bytes = {at, room, 0};
    size_t rc;

    if (context == NULL || at == NULL) {
        out->failed = true;
        ZSTD_freeCCtx(context);
        return;
    }
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    /* In two steps: a frame of unknown size has the window as it was set. */
    rc = ZSTD_compressStream2(context, &bytes, &in, ZSTD_e_continue);
    if (!ZSTD_isError(rc)) {
        rc = ZSTD_compressStream2(context, &bytes, &in, ZSTD_e_end);
    }
    out->failed |= rc != 0;
    out->len -= room - bytes.pos;
    ZSTD_freeCCtx(context);
}

static inline void pack_zstd(lede_buf *out, lede_span data)
{
    pack_zstd_window(out, data, 0);
}

/* A small generator whose numbers depend on the seed alone. */
static inline uint32_t pack_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

/* Appends `len` bytes of words that neither repeat nor compress too well. */
static inline void pack_words(lede_buf *out, size_t len, uint64_t seed)
{
    size_t end = out->len + len;

    while (out->len < end) {
        uint32_t n = pack_random(&seed);

        lede_buf_put_format(out, "%x%s", n, n % 7 == 0 ? "\n" : " ");
    }
    out->len = end;
}

#endif
