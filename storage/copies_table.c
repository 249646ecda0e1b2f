/* copies_table.c - the table of all rows; see copies.h. */
#include "base/hash.h"
#include "base/varint.h"
#include "storage/copies.h"

enum { TABLE_MAGIC = 0x504F434C, LISTED_BYTES = 16 }; /* "LCOP" */

void lede_copies_table_encode(const lede_copies_listed *items, uint32_t count,
                              lede_buf *out)
{
    size_t begin = out->len;
    uint32_t i;

    lede_buf_put_u32(out, TABLE_MAGIC);
    for (i = 0; i < count; i++) {
        lede_buf_put_u32(out, items[i].segment);
        lede_buf_put_u32(out, items[i].rows);
        lede_buf_put_u64(out, items[i].hash);
    }
    if (!out->failed) {
        lede_buf_put_u64(out, lede_hash64(lede_span_of(out->bytes + begin,
                                                       out->len - begin)));
    }
}

lede_status lede_copies_table_decode(lede_span bytes, lede_span *items,
                                     lede_error *err)
{
    if (bytes.len < 12 || (bytes.len - 12) % LISTED_BYTES != 0 ||
        lede_load_u32(bytes.bytes) != (uint32_t)TABLE_MAGIC ||
        lede_load_u64(bytes.bytes + bytes.len - 8) !=
            lede_hash64(lede_span_part(bytes, 0, bytes.len - 8))) {
        return lede_fail(err, LEDE_CORRUPT, "the table of copies is damaged");
    }
    *items = lede_span_part(bytes, 4, bytes.len - 12);
    return LEDE_OK;
}

uint32_t lede_copies_table_count(lede_span items)
{
    return (uint32_t)(items.len / LISTED_BYTES);
}

lede_copies_listed lede_copies_table_get(lede_span items, uint32_t index)
{
    const uint8_t *at = items.bytes + (size_t)index * LISTED_BYTES;

    return (lede_copies_listed){lede_load_u32(at), lede_load_u32(at + 4),
                                lede_load_u64(at + 8)};
}
