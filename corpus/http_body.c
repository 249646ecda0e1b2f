#include "corpus/http_body.h"

#include <brotli/decode.h>
#include <string.h>
#include <zlib.h>

#include "corpus/member.h"
#include "corpus/text_match.h"

enum { STEP_BYTES = 64 * 1024, CHUNK_DIGITS = 8 };

static const size_t decoded_max_bytes = (size_t)64 << 20;

/* Headers. ---------------------------------------------------------------- */

/* The next line from *at on, without its end. */
static lede_span take_line(lede_span text, size_t *at)
{
    const uint8_t *end =
        *at < text.len ? memchr(text.bytes + *at, '\n', text.len - *at) : NULL;
    size_t len =
        end == NULL ? text.len - *at : (size_t)(end - text.bytes) - *at;
    lede_span line = lede_span_part(text, *at, len);

    *at += len + (end != NULL);
    if (line.len > 0 && line.bytes[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

static bool header_is(lede_span line, const char *name, lede_span *value)
{
    if (!lede_match_starts(line, name)) {
        return false;
    }
    *value = lede_span_trim(lede_span_part(line, strlen(name), line.len));
    return true;
}

bool lede_http_body_find(lede_span response, lede_http_body *out)
{
    size_t at = 0;
    lede_span line = take_line(response, &at);
    lede_span value;
    uint32_t status = 0;

    if (!lede_span_starts(line, "HTTP/")) {
        return false;
    }
    *out = (lede_http_body){0};
    value = lede_span_trim(
        lede_span_part(line, lede_match_find(line, 0, " "), line.len));
    if (lede_match_number(value, 3, &status) > 0) {
        out->status = status;
    }
    while (at < response.len) {
        line = take_line(response, &at);
        if (line.len == 0) {
            break;
        }
        if (header_is(line, "content-type:", &value)) {
            out->mime = value;
        } else if (header_is(line, "transfer-encoding:", &value)) {
            out->is_chunked =
                lede_match_find(value, 0, "chunked") != LEDE_MATCH_NONE;
        } else if (header_is(line, "content-encoding:", &value)) {
            out->encoding = value;
        }
    }
    out->bytes = lede_span_part(response, at, response.len);
    return true;
}

/* Chunks. ----------------------------------------------------------------- */

/* The size in a chunk's first line; false if it is none. */
static bool chunk_size(lede_span line, size_t *out)
{
    size_t value = 0;
    size_t i;

    line = lede_span_trim(line);
    for (i = 0; i < line.len && line.bytes[i] != ';' && line.bytes[i] != ' ';
         i++) {
        uint8_t c = line.bytes[i];
        uint8_t lower = c | 0x20;

        if (i >= CHUNK_DIGITS) {
            return false;
        }
        if (c >= '0' && c <= '9') {
            value = value * 16 + (size_t)(c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            value = value * 16 + (size_t)(lower - 'a' + 10);
        } else {
            return false;
        }
    }
    *out = value;
    return i > 0;
}

/* Appends the chunks' content. False if the very first line is no size: then
 * there are none. Where they break off, the rest is taken as it is. */
static bool unchunk(lede_span bytes, lede_buf *out)
{
    size_t at = 0;
    bool is_first = true;

    while (at < bytes.len) {
        size_t begin = at;
        lede_span line = take_line(bytes, &at);
        size_t size;

        if (!chunk_size(line, &size)) {
            if (is_first) {
                return false;
            }
            if (line.len > 0) {
                lede_buf_put_span(out, lede_span_part(bytes, begin, bytes.len));
                return true;
            }
            continue;
        }
        if (size == 0) {
            return true;
        }
        lede_buf_put_span(out, lede_span_part(bytes, at, size));
        at = size < bytes.len - at ? at + size : bytes.len;
        if (at < bytes.len && bytes.bytes[at] == '\r') {
            at++;
        }
        if (at < bytes.len && bytes.bytes[at] == '\n') {
            at++;
        }
        is_first = false;
    }
    return true;
}

/* Compression. ------------------------------------------------------------ */

/* What can be had; nothing if it is not deflated so. */
static bool inflate_as(lede_span bytes, int window, lede_unpacked *unpacked,
                       lede_buf *out, lede_status *status, lede_error *err)
{
    z_stream z = {0};
    int rc = Z_OK;

    if (inflateInit2(&z, window) != Z_OK) {
        *status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        return false;
    }
    z.next_in = (Bytef *)(uintptr_t)bytes.bytes;
    z.avail_in = (uInt)bytes.len;
    while (rc == Z_OK && *status == LEDE_OK && out->len < decoded_max_bytes) {
        size_t got;

        if (!lede_buf_reserve(out, STEP_BYTES)) {
            *status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
            break;
        }
        z.next_out = out->bytes + out->len;
        z.avail_out = STEP_BYTES;
        rc = inflate(&z, Z_NO_FLUSH);
        got = STEP_BYTES - z.avail_out;
        out->len += got;
        *status = lede_unpacked_add(unpacked, got, err);
    }
    inflateEnd(&z);
    return out->len > 0;
}

static bool unbrotli(lede_span bytes, lede_unpacked *unpacked, lede_buf *out,
                     lede_status *status, lede_error *err)
{
    BrotliDecoderState *state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    BrotliDecoderResult rc = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    const uint8_t *in = bytes.bytes;
    size_t in_len = bytes.len;

    if (state == NULL) {
        *status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        return false;
    }
    while (rc == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT &&
           *status == LEDE_OK && out->len < decoded_max_bytes) {
        size_t room = STEP_BYTES;
        uint8_t *to;

        if (!lede_buf_reserve(out, STEP_BYTES)) {
            *status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
            break;
        }
        to = out->bytes + out->len;
        rc = BrotliDecoderDecompressStream(state, &in_len, &in, &room, &to,
                                           NULL);
        out->len += STEP_BYTES - room;
        *status = lede_unpacked_add(unpacked, STEP_BYTES - room, err);
    }
    BrotliDecoderDestroyInstance(state);
    return out->len > 0;
}

lede_status lede_http_body_decode(lede_http_body *body, lede_unpacked *unpacked,
                                  lede_buf *out, lede_error *err)
{
    lede_status status = LEDE_OK;
    lede_buf chunks = {0};
    lede_span bytes = body->bytes;
    bool is_done = false;

    if (body->is_chunked && unchunk(bytes, &chunks)) {
        bytes = lede_buf_span(&chunks);
    }
    if (lede_match_is(body->encoding, "br")) {
        is_done = unbrotli(bytes, unpacked, out, &status, err);
    } else if (lede_match_is(body->encoding, "deflate")) {
        is_done = inflate_as(bytes, 15, unpacked, out, &status, err) ||
                  (status == LEDE_OK &&
                   inflate_as(bytes, -15, unpacked, out, &status, err));
    }
    if (status == LEDE_OK && !is_done && chunks.len > 0) {
        lede_buf_clear(out);
        lede_buf_put_span(out, bytes);
        is_done = true;
    }
    if (chunks.failed || out->failed) {
        status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    lede_buf_done(&chunks);
    if (status == LEDE_OK && is_done) {
        body->bytes = lede_buf_span(out);
    }
    return status;
}
