#include "storage/segment_values.h"

#include <stdlib.h>

#include "base/hash.h"
#include "storage/archive_internal.h"

enum {
    PAGE_BYTES = 4096,
    PAGE_HEAD_BYTES = 16,  /* LMDB's, at the head of a value's pages */
    PACK_LEAST_PAGES = 16, /* a pack is ended from here on ... */
    PACK_SLACK_SHARE = 64, /* ... if it wastes no more than 1/64 */
    PACK_MOST_BYTES = 64 * PAGE_BYTES,
    PENDING_MOST_BYTES = 8 << 20, /* values gathered for one transaction */
    DIRECT_BYTES = 2 << 20        /* larger ones are not copied to be so */
};

/* Small things that share a value. */
struct pack {
    lede_buf bytes;
    uint32_t index; /* of the value at hand */
};

struct pending {
    lede_value_kind kind;
    uint32_t index;
    size_t begin, len; /* in the bytes gathered */
};

struct lede_segment_values {
    lede_writer *writer;
    uint32_t id;
    lede_footer *footer;
    struct pack packs[LEDE_VALUE_KIND_COUNT];
    lede_buf bytes;
    struct pending *pending;
    size_t count, cap;
    lede_buf checksums;
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "segment: out of memory");
}

lede_status lede_segment_values_new(lede_writer *writer, uint32_t id,
                                    lede_footer *footer,
                                    lede_segment_values **out, lede_error *err)
{
    lede_segment_values *values = calloc(1, sizeof *values);

    if (values == NULL) {
        return no_memory(err);
    }
    values->writer = writer;
    values->id = id;
    values->footer = footer;
    *out = values;
    return LEDE_OK;
}

void lede_segment_values_free(lede_segment_values *values)
{
    unsigned i;

    if (values == NULL) {
        return;
    }
    for (i = 0; i < LEDE_VALUE_KIND_COUNT; i++) {
        lede_buf_done(&values->packs[i].bytes);
    }
    lede_buf_done(&values->bytes);
    free(values->pending);
    lede_buf_done(&values->checksums);
    free(values);
}

/* --- Values ----------------------------------------------------------------
 */

static lede_status flush(lede_segment_values *values, lede_error *err)
{
    lede_pending_value *batch;
    lede_status status;
    size_t i;

    if (values->count == 0) {
        return LEDE_OK;
    }
    batch = calloc(values->count, sizeof *batch);
    if (batch == NULL) {
        return no_memory(err);
    }
    for (i = 0; i < values->count; i++) {
        const struct pending *item = &values->pending[i];

        batch[i].kind = item->kind;
        batch[i].index = item->index;
        batch[i].bytes =
            lede_span_of(values->bytes.bytes + item->begin, item->len);
    }
    status = lede_writer_put_values(values->writer, values->id, batch,
                                    values->count, err);
    free(batch);
    values->count = 0;
    lede_buf_clear(&values->bytes);
    return status;
}

static lede_status gather(lede_segment_values *values, lede_value_kind kind,
                          uint32_t index, lede_span bytes, lede_error *err)
{
    if (values->count == values->cap) {
        size_t cap = values->cap == 0 ? 64 : values->cap * 2;
        struct pending *grown = realloc(values->pending, cap * sizeof *grown);

        if (grown == NULL) {
            return no_memory(err);
        }
        values->pending = grown;
        values->cap = cap;
    }
    values->pending[values->count++] =
        (struct pending){kind, index, values->bytes.len, bytes.len};
    lede_buf_put_span(&values->bytes, bytes);
    if (values->bytes.failed) {
        return no_memory(err);
    }
    return values->bytes.len >= PENDING_MOST_BYTES ? flush(values, err)
                                                   : LEDE_OK;
}

static void note_checksum(lede_segment_values *values, lede_value_kind kind,
                          uint32_t index, lede_span bytes)
{
    if (kind != LEDE_VALUE_CHECKSUMS && kind != LEDE_VALUE_FOOTER) {
        lede_buf_put_byte(&values->checksums, (uint8_t)kind);
        lede_buf_put_u32(&values->checksums, index);
        lede_buf_put_u32(&values->checksums, (uint32_t)bytes.len);
        lede_buf_put_u64(&values->checksums, lede_hash64(bytes));
    }
}

lede_status lede_segment_values_put(lede_segment_values *values,
                                    lede_value_kind kind, lede_span bytes,
                                    lede_error *err)
{
    uint32_t index = values->footer->counts[kind];
    lede_pending_value direct = {kind, index, bytes};
    lede_status status;

    if (bytes.len > UINT32_MAX - PAGE_BYTES || index == UINT32_MAX) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "segment: the %s of one segment are too large",
                         lede_value_kind_name(kind));
    }
    values->footer->counts[kind]++;
    values->footer->bytes[kind] += bytes.len;
    note_checksum(values, kind, index, bytes);
    if (bytes.len < DIRECT_BYTES) {
        return gather(values, kind, index, bytes, err);
    }
    status = flush(values, err);
    if (status == LEDE_OK) {
        status =
            lede_writer_put_values(values->writer, values->id, &direct, 1, err);
    }
    return status;
}

lede_status lede_segment_values_put_buf(lede_segment_values *values,
                                        lede_value_kind kind,
                                        const lede_buf *buf, lede_error *err)
{
    return buf->failed
               ? no_memory(err)
               : lede_segment_values_put(values, kind, lede_buf_span(buf), err);
}

/* --- Packs -----------------------------------------------------------------
 */

lede_status lede_segment_values_end_pack(lede_segment_values *values,
                                         lede_value_kind kind, lede_error *err)
{
    struct pack *pack = &values->packs[kind];
    lede_status status;

    if (pack->bytes.len == 0) {
        return LEDE_OK;
    }
    status = lede_segment_values_put_buf(values, kind, &pack->bytes, err);
    lede_buf_clear(&pack->bytes);
    pack->index++;
    return status;
}

/* A value fills whole pages: a pack is best ended just before it would begin
 * another one. */
static bool should_end_pack(size_t len, size_t more)
{
    size_t used = len + PAGE_HEAD_BYTES;
    size_t slack = (PAGE_BYTES - used % PAGE_BYTES) % PAGE_BYTES;

    return more > slack && len >= PACK_LEAST_PAGES * (size_t)PAGE_BYTES &&
           slack * PACK_SLACK_SHARE <= len;
}

lede_status lede_segment_values_pack(lede_segment_values *values,
                                     lede_value_kind kind, lede_span bytes,
                                     lede_address *out, lede_error *err)
{
    struct pack *pack = &values->packs[kind];
    lede_status status = LEDE_OK;

    if (bytes.len > UINT32_MAX / 2) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "segment: a piece of %zu bytes among the %s is too "
                         "large",
                         bytes.len, lede_value_kind_name(kind));
    }
    if (should_end_pack(pack->bytes.len, bytes.len)) {
        status = lede_segment_values_end_pack(values, kind, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    *out = (lede_address){pack->index, (uint32_t)pack->bytes.len, bytes.len};
    lede_buf_put_span(&pack->bytes, bytes);
    if (pack->bytes.failed) {
        return no_memory(err);
    }
    return pack->bytes.len >= PACK_MOST_BYTES
               ? lede_segment_values_end_pack(values, kind, err)
               : LEDE_OK;
}

/* --- The end ---------------------------------------------------------------
 */

lede_status lede_segment_values_finish(lede_segment_values *values,
                                       lede_error *err)
{
    lede_footer *footer = values->footer;
    lede_buf buf = {0};
    lede_status status;

    if (values->checksums.failed) {
        return no_memory(err);
    }
    footer->checksums_hash = lede_hash64(lede_buf_span(&values->checksums));
    status = lede_segment_values_put_buf(values, LEDE_VALUE_CHECKSUMS,
                                         &values->checksums, err);
    if (status == LEDE_OK) {
        footer->counts[LEDE_VALUE_FOOTER] = 1; /* it counts itself */
        lede_footer_encode(footer, &buf);
        footer->counts[LEDE_VALUE_FOOTER] = 0;
        status =
            lede_segment_values_put_buf(values, LEDE_VALUE_FOOTER, &buf, err);
    }
    lede_buf_done(&buf);
    return status == LEDE_OK ? flush(values, err) : status;
}
