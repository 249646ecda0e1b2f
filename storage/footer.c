#include "storage/footer.h"

#include "base/hash.h"
#include "base/time.h"
#include "base/varint.h"
#include "storage/segment.h"

enum { FOOTER_MAGIC = 0x4745534C, FOOTER_LAYOUT = 1 }; /* "LSEG" */

static const char *const kind_names[LEDE_VALUE_KIND_COUNT] = {
    "footer",        "sources",          "lengths",   "column",    "keys",
    "dictionary",    "dictionary index", "lists",     "positions", "records",
    "record blocks", "record sequence",  "checksums", "deleted",   "pair words",
    "names",         "name blocks",      "sketches",
};

const char *lede_value_kind_name(lede_value_kind kind)
{
    return (unsigned)kind < LEDE_VALUE_KIND_COUNT ? kind_names[kind]
           : kind == LEDE_VALUE_COPIES            ? "copies"
                                                  : "?";
}

void lede_footer_encode(const lede_footer *footer, lede_buf *out)
{
    size_t begin = out->len;
    unsigned i;

    lede_buf_put_u32(out, FOOTER_MAGIC);
    lede_buf_put_u32(out, FOOTER_LAYOUT);
    lede_buf_put_u32(out, footer->entries);
    lede_buf_put_u32(out, footer->dated);
    lede_buf_put_u64(out, footer->total_length);
    lede_buf_put_u64(out, (uint64_t)footer->oldest);
    lede_buf_put_u64(out, (uint64_t)footer->newest);
    lede_buf_put_u32(out, footer->languages);
    lede_buf_put_u64(out, footer->terms);
    lede_buf_put_u64(out, footer->postings);
    lede_buf_put_u64(out, footer->occurrences);
    lede_buf_put_u32(out, footer->dictionary_blocks);
    lede_buf_put_u32(out, footer->record_blocks);
    lede_buf_put_u64(out, footer->checksums_hash);
    lede_buf_put_u32(out, LEDE_VALUE_KIND_COUNT);
    for (i = 0; i < LEDE_VALUE_KIND_COUNT; i++) {
        lede_buf_put_u32(out, footer->counts[i]);
        lede_buf_put_u64(out, footer->bytes[i]);
    }
    if (!out->failed) {
        lede_buf_put_u64(out, lede_hash64(lede_span_of(out->bytes + begin,
                                                       out->len - begin)));
    }
}

static bool is_consistent(const lede_footer *footer)
{
    const uint32_t *counts = footer->counts;

    if (footer->entries == 0 || footer->entries > LEDE_SEGMENT_MAX_ENTRIES ||
        footer->dated > footer->entries) {
        return false;
    }
    if ((footer->dated == 0) != (footer->newest == LEDE_INSTANT_NONE) ||
        footer->oldest > footer->newest) {
        return false;
    }
    return counts[LEDE_VALUE_FOOTER] == 1 && counts[LEDE_VALUE_SOURCES] == 1 &&
           counts[LEDE_VALUE_LENGTHS] == 1 &&
           (counts[LEDE_VALUE_COLUMN] == LEDE_COLUMN_COUNT ||
            counts[LEDE_VALUE_COLUMN] == LEDE_COLUMN_UPDATED) &&
           counts[LEDE_VALUE_KEYS] == 1 &&
           counts[LEDE_VALUE_DICTIONARY_INDEX] == 1 &&
           counts[LEDE_VALUE_RECORD_BLOCKS] == 1 &&
           counts[LEDE_VALUE_RECORD_SEQUENCE] == 1 &&
           counts[LEDE_VALUE_CHECKSUMS] == 1 &&
           counts[LEDE_VALUE_DELETED] == 0 &&
           counts[LEDE_VALUE_PAIR_WORDS] <= 1 &&
           counts[LEDE_VALUE_NAME_BLOCKS] <= 1 &&
           (counts[LEDE_VALUE_NAME_BLOCKS] == 1 ||
            counts[LEDE_VALUE_NAMES] == 0) &&
           (counts[LEDE_VALUE_SKETCHES] == 0 ||
            counts[LEDE_VALUE_SKETCHES] ==
                (footer->entries - 1) / LEDE_SKETCHES_A_VALUE + 1);
}

lede_status lede_footer_decode(lede_span bytes, lede_footer *out,
                               lede_error *err)
{
    lede_footer footer = {0};
    lede_reader reader;
    uint32_t kinds;
    unsigned i;

    if (bytes.len < 8 ||
        lede_hash64(lede_span_of(bytes.bytes, bytes.len - 8)) !=
            lede_load_u64(bytes.bytes + bytes.len - 8)) {
        return lede_fail(err, LEDE_CORRUPT, "footer: wrong checksum");
    }
    reader = lede_reader_of(lede_span_of(bytes.bytes, bytes.len - 8));
    if (lede_read_u32(&reader) != FOOTER_MAGIC ||
        lede_read_u32(&reader) != FOOTER_LAYOUT) {
        return lede_fail(err, LEDE_CORRUPT, "footer: unknown layout");
    }
    footer.entries = lede_read_u32(&reader);
    footer.dated = lede_read_u32(&reader);
    footer.total_length = lede_read_u64(&reader);
    footer.oldest = (int64_t)lede_read_u64(&reader);
    footer.newest = (int64_t)lede_read_u64(&reader);
    footer.languages = lede_read_u32(&reader);
    footer.terms = lede_read_u64(&reader);
    footer.postings = lede_read_u64(&reader);
    footer.occurrences = lede_read_u64(&reader);
    footer.dictionary_blocks = lede_read_u32(&reader);
    footer.record_blocks = lede_read_u32(&reader);
    footer.checksums_hash = lede_read_u64(&reader);
    kinds = lede_read_u32(&reader);
    if (kinds != LEDE_VALUE_KIND_COUNT && kinds != LEDE_VALUE_KINDS_OF_2 &&
        kinds != LEDE_VALUE_KINDS_OF_1) {
        return lede_fail(err, LEDE_CORRUPT, "footer: unknown kinds of values");
    }
    for (i = 0; i < kinds; i++) {
        footer.counts[i] = lede_read_u32(&reader);
        footer.bytes[i] = lede_read_u64(&reader);
    }
    if (reader.bad || reader.p != reader.end || !is_consistent(&footer)) {
        return lede_fail(err, LEDE_CORRUPT, "footer: numbers do not agree");
    }
    *out = footer;
    return LEDE_OK;
}
