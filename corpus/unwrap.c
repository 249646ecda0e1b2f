#include <assert.h>
#include <bzlib.h>
#include <inttypes.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/buf.h"
#include "base/varint.h"
#include "corpus/source.h"

/* A small file may be all blanks; what is read as a stream may be large. */
const lede_unwrap_limits lede_unwrap_default_limits = {
    .free_bytes = UINT64_C(1) << 20,
    .max_ratio = 200,
    .max_bytes = UINT64_C(64) << 30,
};

enum {
    IN_BYTES = 64 * 1024,
    DICTIONARY_FRAME = 0x184D2A5D, /* of web archives in zstd */
    DICTIONARY_MAX_BYTES = 16 << 20
};

typedef struct unwrap_source {
    lede_source base;
    lede_wrapping wrapping;
    lede_unwrap_limits limits;
    z_stream gzip;
    ZSTD_DCtx *zstd;
    bz_stream bzip2;
    lzma_stream xz;
    bool in_frame;     /* between the begin and end of a member or frame */
    bool below_failed; /* the source below ended with `failure` */
    bool below_ended;
    lede_status ended; /* final status, LEDE_OK while there may be more */
    lede_error failure;
    uint64_t bytes_in, bytes_out;
    uint64_t in_base;   /* where `in` begins, in the source below */
    uint64_t member_at; /* where the member or frame at hand begins */
    uint64_t reread;    /* bytes read again behind damage */
    size_t in_at, in_len;
    uint8_t in[IN_BYTES];
} unwrap_source;

lede_wrapping lede_wrapping_of(lede_span head)
{
    uint32_t magic;

    if (head.len >= 2 && head.bytes[0] == 0x1F && head.bytes[1] == 0x8B) {
        return LEDE_WRAPPING_GZIP;
    }
    if (head.len < 4) {
        return LEDE_WRAPPING_NONE;
    }
    if (lede_span_starts(head, "BZh") && head.bytes[3] >= '1' &&
        head.bytes[3] <= '9') {
        return LEDE_WRAPPING_BZIP2;
    }
    if (head.len >= 6 && memcmp(head.bytes,
                                "\xFD"
                                "7zXZ\0",
                                6) == 0) {
        return LEDE_WRAPPING_XZ;
    }
    magic = lede_load_u32(head.bytes);
    if (magic == ZSTD_MAGICNUMBER ||
        (magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START) {
        return LEDE_WRAPPING_ZSTD;
    }
    return LEDE_WRAPPING_NONE;
}

static const char *wrapping_name(const unwrap_source *source)
{
    static const char *const names[] = {"", "gzip", "zstd", "bzip2", "xz"};

    return names[source->wrapping];
}

static lede_status damaged(unwrap_source *source, const char *what)
{
    return lede_fail(&source->failure, LEDE_CORRUPT,
                     "damaged %s data after %" PRIu64 " bytes: %s",
                     wrapping_name(source), source->bytes_out, what);
}

/* Fills the empty input buffer; below_ended when there is no more. */
static void fill(unwrap_source *source)
{
    size_t got = 0;
    lede_status status;

    assert(source->in_at == source->in_len);
    source->in_base += source->in_len;
    source->in_at = source->in_len = 0;
    status = lede_source_read(source->base.below, source->in, sizeof source->in,
                              &got, &source->failure);
    if (status == LEDE_OK) {
        source->in_len = got;
        return;
    }
    source->below_ended = true;
    source->below_failed = status != LEDE_END;
}

/* The status when the input has run dry. */
static lede_status run_dry(unwrap_source *source)
{
    if (source->below_failed) {
        return source->failure.status;
    }
    if (source->in_frame || source->bytes_in == 0) {
        return lede_fail(&source->failure, LEDE_CORRUPT,
                         "%s data is cut off after %" PRIu64
                         " bytes: fetch it again to have the rest",
                         wrapping_name(source), source->bytes_out);
    }
    return LEDE_END;
}

/* Between members: tapes pad the last block with zeros, which is no damage.
 * False when nothing is left in the buffer. */
static bool skip_padding(unwrap_source *source)
{
    while (source->in_at < source->in_len && source->in[source->in_at] == 0) {
        source->in_at++;
        source->bytes_in++;
    }
    return source->in_at < source->in_len;
}

static lede_status gzip_step(unwrap_source *source, uint8_t *bytes, size_t len,
                             size_t *got)
{
    z_stream *gzip = &source->gzip;
    size_t in_len;
    int rc;

    if (!source->in_frame) {
        if (source->bytes_in > 0) {
            if (!skip_padding(source)) {
                return LEDE_OK;
            }
            if (source->in[source->in_at] != 0x1F) {
                return damaged(source, "something else follows its end");
            }
        }
        inflateReset(gzip);
        source->member_at = source->in_base + source->in_at;
        source->in_frame = true;
    }
    in_len = source->in_len - source->in_at;
    gzip->next_in = source->in + source->in_at;
    gzip->avail_in = (uInt)in_len;
    gzip->next_out = bytes;
    gzip->avail_out = len > IN_BYTES * 16 ? IN_BYTES * 16 : (uInt)len;
    *got = gzip->avail_out;
    rc = inflate(gzip, Z_NO_FLUSH);
    *got -= gzip->avail_out;
    source->in_at += in_len - gzip->avail_in;
    source->bytes_in += in_len - gzip->avail_in;
    if (rc == Z_STREAM_END) {
        source->in_frame = false;
        return LEDE_OK;
    }
    if (rc == Z_MEM_ERROR) {
        return lede_fail(&source->failure, LEDE_NO_MEMORY, "out of memory");
    }
    if (rc != Z_OK && rc != Z_BUF_ERROR) {
        return damaged(source, gzip->msg == NULL ? "unreadable" : gzip->msg);
    }
    return LEDE_OK;
}

static lede_status zstd_error(unwrap_source *source, size_t code)
{
    switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_memory_allocation:
        return lede_fail(&source->failure, LEDE_NO_MEMORY, "out of memory");
    case ZSTD_error_frameParameter_windowTooLarge:
        return lede_fail(&source->failure, LEDE_CORRUPT,
                         "refused: its zstd window is larger than %u MiB",
                         1u << (LEDE_ZSTD_WINDOW_LOG_MAX - 20));
    case ZSTD_error_prefix_unknown:
        if (source->bytes_in > 0) {
            return damaged(source, "something else follows its end");
        }
        return damaged(source, ZSTD_getErrorName(code));
    default:
        return damaged(source, ZSTD_getErrorName(code));
    }
}

/* Takes `len` bytes of the input, or as many as there are, into `out`. */
static void take_bytes(unwrap_source *source, size_t len, lede_buf *out)
{
    while (len > 0 && !source->below_ended) {
        size_t left = source->in_len - source->in_at;
        size_t use = left < len ? left : len;

        lede_buf_put(out, source->in + source->in_at, use);
        source->in_at += use;
        source->bytes_in += use;
        len -= use;
        if (len > 0) {
            fill(source);
        }
    }
}

/* A dictionary may be compressed itself. False if it is none, or too large. */
static bool unwrap_dictionary(const lede_buf *from, lede_buf *out)
{
    ZSTD_DCtx *zstd = ZSTD_createDCtx();
    ZSTD_inBuffer in = {from->bytes, from->len, 0};
    bool is_whole = false;

    while (zstd != NULL && !is_whole && out->len < DICTIONARY_MAX_BYTES &&
           lede_buf_reserve(out, IN_BYTES)) {
        ZSTD_outBuffer to = {out->bytes + out->len, IN_BYTES, 0};
        size_t rc = ZSTD_decompressStream(zstd, &to, &in);

        out->len += to.pos;
        is_whole = rc == 0;
        if (ZSTD_isError(rc) || (to.pos == 0 && in.pos == in.size)) {
            break;
        }
    }
    ZSTD_freeDCtx(zstd);
    return is_whole;
}

/* Web archives in zstd begin with a frame to be skipped that holds the
 * dictionary of all others. One with anything else in it is only skipped. */
static lede_status take_dictionary(unwrap_source *source)
{
    lede_buf frame = {0};
    lede_buf plain = {0};
    lede_buf *dictionary = &frame;
    uint32_t len = lede_load_u32(source->in + 4);
    lede_status status = LEDE_OK;

    take_bytes(source, 8, &plain);
    lede_buf_clear(&plain);
    take_bytes(source, len, &frame);
    if (frame.len >= 4 && lede_load_u32(frame.bytes) == ZSTD_MAGICNUMBER) {
        dictionary = unwrap_dictionary(&frame, &plain) ? &plain : &frame;
    }
    if (frame.failed || plain.failed) {
        status = lede_fail(&source->failure, LEDE_NO_MEMORY, "out of memory");
    } else if (dictionary->len >= 8 &&
               lede_load_u32(dictionary->bytes) == ZSTD_MAGIC_DICTIONARY) {
        size_t rc = ZSTD_DCtx_loadDictionary(source->zstd, dictionary->bytes,
                                             dictionary->len);

        if (ZSTD_isError(rc)) {
            status = zstd_error(source, rc);
        }
    }
    lede_buf_done(&frame);
    lede_buf_done(&plain);
    return status;
}

static bool is_dictionary(const unwrap_source *source)
{
    return source->bytes_in == 0 && source->in_at == 0 && source->in_len > 8 &&
           lede_load_u32(source->in) == DICTIONARY_FRAME &&
           lede_load_u32(source->in + 4) <= DICTIONARY_MAX_BYTES;
}

static lede_status zstd_step(unwrap_source *source, uint8_t *bytes, size_t len,
                             size_t *got)
{
    ZSTD_inBuffer in = {source->in, source->in_len, source->in_at};
    ZSTD_outBuffer out = {bytes, len, 0};
    size_t rc;

    if (!source->in_frame && source->in_at == source->in_len) {
        return LEDE_OK;
    }
    if (is_dictionary(source)) {
        return take_dictionary(source);
    }
    if (!source->in_frame) {
        source->member_at = source->in_base + source->in_at;
    }
    rc = ZSTD_decompressStream(source->zstd, &out, &in);
    *got = out.pos;
    if (ZSTD_isError(rc)) {
        return zstd_error(source, rc);
    }
    source->bytes_in += in.pos - source->in_at;
    source->in_at = in.pos;
    source->in_frame = rc != 0;
    return LEDE_OK;
}

/* The stream of the next member, or of the first. */
static lede_status bzip2_begin(unwrap_source *source)
{
    if (source->bytes_in > 0) {
        if (source->in[source->in_at] != 'B') {
            return damaged(source, "something else follows its end");
        }
        BZ2_bzDecompressEnd(&source->bzip2);
        memset(&source->bzip2, 0, sizeof source->bzip2);
        if (BZ2_bzDecompressInit(&source->bzip2, 0, 0) != BZ_OK) {
            return lede_fail(&source->failure, LEDE_NO_MEMORY, "out of memory");
        }
    }
    source->in_frame = true;
    return LEDE_OK;
}

static lede_status bzip2_step(unwrap_source *source, uint8_t *bytes, size_t len,
                              size_t *got)
{
    bz_stream *bzip2 = &source->bzip2;
    lede_status status = LEDE_OK;
    size_t in_len;
    int rc;

    if (!source->in_frame) {
        if (source->bytes_in > 0 && !skip_padding(source)) {
            return LEDE_OK;
        }
        status = bzip2_begin(source);
        if (status != LEDE_OK) {
            return status;
        }
    }
    in_len = source->in_len - source->in_at;
    bzip2->next_in = (char *)source->in + source->in_at;
    bzip2->avail_in = (unsigned)in_len;
    bzip2->next_out = (char *)bytes;
    bzip2->avail_out = len > IN_BYTES * 16 ? IN_BYTES * 16 : (unsigned)len;
    *got = bzip2->avail_out;
    rc = BZ2_bzDecompress(bzip2);
    *got -= bzip2->avail_out;
    source->in_at += in_len - bzip2->avail_in;
    source->bytes_in += in_len - bzip2->avail_in;
    if (rc == BZ_STREAM_END) {
        source->in_frame = false;
        return LEDE_OK;
    }
    if (rc == BZ_MEM_ERROR) {
        return lede_fail(&source->failure, LEDE_NO_MEMORY, "out of memory");
    }
    return rc == BZ_OK ? LEDE_OK : damaged(source, "unreadable");
}

static lede_status xz_step(unwrap_source *source, uint8_t *bytes, size_t len,
                           size_t *got)
{
    lzma_stream *xz = &source->xz;
    size_t in_len = source->in_len - source->in_at;
    lzma_ret rc;

    source->in_frame = true;
    xz->next_in = source->in + source->in_at;
    xz->avail_in = in_len;
    xz->next_out = bytes;
    xz->avail_out = len;
    rc = lzma_code(xz, source->below_ended ? LZMA_FINISH : LZMA_RUN);
    *got = len - xz->avail_out;
    source->in_at += in_len - xz->avail_in;
    source->bytes_in += in_len - xz->avail_in;
    switch (rc) {
    case LZMA_OK:
    case LZMA_BUF_ERROR: /* wants more input: run_dry says if there is none */
        return LEDE_OK;
    case LZMA_STREAM_END:
        source->in_frame = false;
        return LEDE_OK;
    case LZMA_MEM_ERROR:
        return lede_fail(&source->failure, LEDE_NO_MEMORY, "out of memory");
    case LZMA_MEMLIMIT_ERROR:
        return lede_fail(&source->failure, LEDE_CORRUPT,
                         "refused: its xz dictionary is larger than 64 MiB");
    default:
        return damaged(source, "unreadable");
    }
}

static lede_status step(unwrap_source *source, uint8_t *bytes, size_t len,
                        size_t *got)
{
    switch (source->wrapping) {
    case LEDE_WRAPPING_GZIP:
        return gzip_step(source, bytes, len, got);
    case LEDE_WRAPPING_BZIP2:
        return bzip2_step(source, bytes, len, got);
    case LEDE_WRAPPING_XZ:
        return xz_step(source, bytes, len, got);
    default:
        return zstd_step(source, bytes, len, got);
    }
}

/* What the ratio is of: the bytes of the file. Wrappings within each other,
 * each within its ratio, would be a bomb together. */
static uint64_t bytes_of_file(const unwrap_source *source)
{
    uint64_t bottom = lede_source_consumed(&source->base);

    return source->base.below->below != NULL && bottom < source->bytes_in
               ? bottom
               : source->bytes_in;
}

static lede_status check_limits(unwrap_source *source)
{
    const lede_unwrap_limits *limits = &source->limits;

    if (source->bytes_out > limits->max_bytes) {
        return lede_fail(&source->failure, LEDE_CORRUPT,
                         "refused: expands to more than %" PRIu64
                         " MiB: unpack it first if it can be trusted",
                         limits->max_bytes >> 20);
    }
    if (source->bytes_out > limits->free_bytes &&
        source->bytes_out / limits->max_ratio > bytes_of_file(source)) {
        return lede_fail(
            &source->failure, LEDE_CORRUPT,
            "refused: expands to more than %" PRIu64
            " times its size: unpack it first if it can be trusted",
            limits->max_ratio);
    }
    return LEDE_OK;
}

static lede_status unwrap_read(lede_source *base, uint8_t *bytes, size_t len,
                               size_t *got, lede_error *err)
{
    unwrap_source *source = (unwrap_source *)base;
    size_t now = 0;

    while (source->ended == LEDE_OK && now == 0) {
        lede_status status;

        if (source->in_at == source->in_len && !source->below_ended) {
            fill(source);
        }
        /* Also without input: the decoder may still hold output. */
        status = step(source, bytes, len, &now);
        source->bytes_out += now;
        if (status == LEDE_OK) {
            status = check_limits(source);
        }
        if (status == LEDE_OK && now == 0 && source->below_ended &&
            source->in_at == source->in_len) {
            status = run_dry(source);
        }
        source->ended = status;
    }
    if (now > 0) {
        *got = now;
        return LEDE_OK;
    }
    if (err != NULL && source->ended != LEDE_END) {
        *err = source->failure;
    }
    return source->ended;
}

/* Makes the decoder ready for the beginning; also a second time. */
static bool begin(unwrap_source *source)
{
    switch (source->wrapping) {
    case LEDE_WRAPPING_GZIP:
        if (source->gzip.state == NULL) {
            return inflateInit2(&source->gzip, 15 + 16) == Z_OK;
        }
        return inflateReset(&source->gzip) == Z_OK;
    case LEDE_WRAPPING_BZIP2:
        BZ2_bzDecompressEnd(&source->bzip2);
        memset(&source->bzip2, 0, sizeof source->bzip2);
        return BZ2_bzDecompressInit(&source->bzip2, 0, 0) == BZ_OK;
    case LEDE_WRAPPING_XZ:
        return lzma_stream_decoder(&source->xz, LEDE_XZ_MEMORY_MAX,
                                   LZMA_CONCATENATED) == LZMA_OK;
    default:
        if (source->zstd == NULL) {
            source->zstd = ZSTD_createDCtx();
        }
        return source->zstd != NULL &&
               !ZSTD_isError(
                   ZSTD_DCtx_reset(source->zstd, ZSTD_reset_session_only)) &&
               !ZSTD_isError(ZSTD_DCtx_setParameter(source->zstd,
                                                    ZSTD_d_windowLogMax,
                                                    LEDE_ZSTD_WINDOW_LOG_MAX));
    }
}

static lede_status unwrap_restart(lede_source *base, lede_error *err)
{
    unwrap_source *source = (unwrap_source *)base;

    if (!begin(source)) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    source->in_frame = false;
    source->below_failed = source->below_ended = false;
    source->ended = LEDE_OK;
    source->bytes_in = source->bytes_out = source->in_base = 0;
    source->in_at = source->in_len = 0;
    source->reread = 0;
    return LEDE_OK;
}

/* Whether a member or frame may begin at a byte of the buffer. */
static bool is_begin(const unwrap_source *source, size_t at)
{
    const uint8_t *in = source->in + at;

    if (source->wrapping == LEDE_WRAPPING_GZIP) {
        return in[0] == 0x1F && in[1] == 0x8B && in[2] == 8 &&
               (in[3] & 0xE0) == 0;
    }
    return lede_load_u32(in) == ZSTD_MAGICNUMBER;
}

/* Goes to the next such place from `at` on. */
static bool find_begin(unwrap_source *source, uint64_t at)
{
    lede_source *below = source->base.below;

    for (;;) {
        size_t len = 0;
        lede_status status = lede_source_seek(below, at, NULL);
        size_t i;

        while (status == LEDE_OK && len < IN_BYTES) {
            size_t got = 0;

            status = lede_source_read(below, source->in + len, IN_BYTES - len,
                                      &got, NULL);
            len += status == LEDE_OK ? got : 0;
        }
        source->in_base = at;
        source->in_len = len;
        for (i = 0; i + 4 <= len; i++) {
            if (is_begin(source, i)) {
                source->in_at = i;
                return true;
            }
        }
        if (status != LEDE_OK || len < 4) {
            return false;
        }
        at += len - 3;
    }
}

/* Damage may have been noticed far behind the member that has it, so its
 * beginning is gone back to; how much is read again has a bound. */
static lede_status unwrap_resync(lede_source *base, lede_error *err)
{
    unwrap_source *source = (unwrap_source *)base;
    uint64_t at = source->in_base + source->in_at;
    bool is_limit = strncmp(source->failure.message, "refused", 7) == 0;

    (void)err;
    if (source->ended != LEDE_CORRUPT || source->below_failed || is_limit ||
        (source->wrapping != LEDE_WRAPPING_GZIP &&
         source->wrapping != LEDE_WRAPPING_ZSTD) ||
        !lede_source_can_seek(base->below)) {
        return LEDE_NOT_FOUND;
    }
    source->reread += at > source->member_at ? at - source->member_at : 0;
    if (source->reread > (UINT64_C(16) << 20) + 2 * base->below->size ||
        !find_begin(source, source->member_at + 1) || !begin(source)) {
        return LEDE_NOT_FOUND;
    }
    source->in_frame = false;
    source->below_ended = false;
    source->ended = LEDE_OK;
    return LEDE_OK;
}

static void unwrap_close(lede_source *base)
{
    unwrap_source *source = (unwrap_source *)base;

    inflateEnd(&source->gzip);
    BZ2_bzDecompressEnd(&source->bzip2);
    lzma_end(&source->xz);
    ZSTD_freeDCtx(source->zstd);
    free(source);
}

lede_status lede_source_unwrap(lede_source *below, lede_wrapping wrapping,
                               const lede_unwrap_limits *limits,
                               lede_source **out, lede_error *err)
{
    static const lede_source_ops ops = {unwrap_read, unwrap_restart,
                                        unwrap_close, NULL, unwrap_resync};
    unwrap_source *source = calloc(1, sizeof *source);

    assert(wrapping != LEDE_WRAPPING_NONE);
    if (source == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    source->base.ops = &ops;
    source->base.below = below;
    source->wrapping = wrapping;
    source->limits = limits == NULL ? lede_unwrap_default_limits : *limits;
    if (!begin(source)) {
        unwrap_close(&source->base);
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    *out = &source->base;
    return LEDE_OK;
}
