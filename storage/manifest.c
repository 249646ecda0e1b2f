#include "storage/manifest.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/time.h"
#include "base/varint.h"

enum {
    MANIFEST_MAGIC = 0x4E414D4C, /* "LMAN" */
    SEGMENT_ROW_BYTES = 3 * 4 + 2 * 8 + 3 * 8,
    MAX_FEATURES = 1000
};

static const char format_magic[8] = {'l', 'e', 'd', 'e', 'a', 'r', 'c', 'h'};

/* Features that this program knows. */
static bool is_known_feature(lede_span name)
{
    return lede_span_equal(name,
                           lede_span_text(LEDE_FEATURE_RECORDS_ELSEWHERE));
}

static void put_hash(lede_buf *out, size_t begin)
{
    if (!out->failed) {
        lede_buf_put_u64(out, lede_hash64(lede_span_of(out->bytes + begin,
                                                       out->len - begin)));
    }
}

/* The bytes before a trailing hash that fits them; empty if it does not. */
static lede_span hashed_part(lede_span bytes)
{
    lede_span part =
        lede_span_part(bytes, 0, bytes.len < 8 ? 0 : bytes.len - 8);

    if (part.len == 0 ||
        lede_hash64(part) != lede_load_u64(bytes.bytes + part.len)) {
        return lede_span_of(NULL, 0);
    }
    return part;
}

/* --- Format ----------------------------------------------------------------
 */

void lede_format_encode(bool records_elsewhere, lede_buf *out)
{
    size_t begin = out->len;

    lede_buf_put(out, format_magic, sizeof format_magic);
    lede_buf_put_u32(out, LEDE_FORMAT_VERSION);
    lede_buf_put_varint(out, records_elsewhere);
    if (records_elsewhere) {
        lede_buf_put_byte(out, LEDE_FEATURE_TO_READ | LEDE_FEATURE_TO_WRITE);
        lede_buf_put_block(out, lede_span_text(LEDE_FEATURE_RECORDS_ELSEWHERE));
    }
    put_hash(out, begin);
}

bool lede_format_has(lede_span bytes, const char *feature)
{
    lede_reader reader = lede_reader_of(hashed_part(bytes));
    uint64_t count, i;

    lede_read_bytes(&reader, sizeof format_magic);
    lede_read_u32(&reader);
    count = lede_read_varint_max(&reader, MAX_FEATURES);
    for (i = 0; i < count && !reader.bad; i++) {
        lede_read_byte(&reader);
        if (lede_span_equal(lede_read_block(&reader),
                            lede_span_text(feature))) {
            return !reader.bad;
        }
    }
    return false;
}

lede_status lede_format_check(lede_span bytes, bool to_write, lede_error *err)
{
    lede_span part = hashed_part(bytes);
    lede_reader reader = lede_reader_of(part);
    lede_span magic = lede_read_bytes(&reader, sizeof format_magic);
    uint32_t version = lede_read_u32(&reader);
    uint64_t count, i;

    if (reader.bad ||
        !lede_span_equal(magic,
                         lede_span_of(format_magic, sizeof format_magic))) {
        return lede_fail(err, LEDE_CORRUPT, "its format mark is damaged");
    }
    if (version > LEDE_FORMAT_VERSION) {
        return lede_fail(err, LEDE_TOO_NEW,
                         "it has format %u, this program knows formats up to "
                         "%d: use a newer lede",
                         version, LEDE_FORMAT_VERSION);
    }
    count = lede_read_varint_max(&reader, MAX_FEATURES);
    for (i = 0; i < count && !reader.bad; i++) {
        uint8_t need = lede_read_byte(&reader);
        lede_span name = lede_read_block(&reader);
        bool matters = (need & LEDE_FEATURE_TO_READ) != 0 ||
                       (to_write && (need & LEDE_FEATURE_TO_WRITE) != 0);

        if (!reader.bad && matters && !is_known_feature(name)) {
            return lede_fail(err, LEDE_TOO_NEW,
                             "it needs the feature '%.*s', which this program "
                             "does not have: use a newer lede",
                             (int)(name.len > 100 ? 100 : name.len),
                             (const char *)name.bytes);
        }
    }
    if (reader.bad || version == 0) {
        return lede_fail(err, LEDE_CORRUPT, "its format mark is damaged");
    }
    return LEDE_OK;
}

/* --- Manifest --------------------------------------------------------------
 */

void lede_manifest_init(lede_manifest *manifest)
{
    *manifest = (lede_manifest){0};
    manifest->oldest = LEDE_INSTANT_NONE;
    manifest->newest = LEDE_INSTANT_NONE;
    manifest->newest_trusted = LEDE_INSTANT_NONE;
    manifest->half_life_s = 3600;
}

void lede_manifest_done(lede_manifest *manifest)
{
    free(manifest->segments);
    lede_manifest_init(manifest);
}

int lede_manifest_segment_compare(const void *a, const void *b)
{
    const lede_manifest_segment *x = a;
    const lede_manifest_segment *y = b;

    if (x->newest != y->newest) {
        return x->newest > y->newest ? -1 : 1;
    }
    return (x->id < y->id) - (x->id > y->id);
}

uint32_t lede_manifest_find(const lede_manifest *manifest, uint32_t id)
{
    uint32_t i;

    for (i = 0; i < manifest->segment_count; i++) {
        if (manifest->segments[i].id == id) {
            break;
        }
    }
    return i;
}

static void put_segment(lede_buf *out, const lede_manifest_segment *segment)
{
    lede_buf_put_u32(out, segment->id);
    lede_buf_put_u32(out, segment->entries);
    lede_buf_put_u32(out, segment->deleted);
    lede_buf_put_u64(out, segment->footer_hash);
    lede_buf_put_u64(out, segment->deleted_hash);
    lede_buf_put_u64(out, (uint64_t)segment->newest);
    lede_buf_put_u64(out, (uint64_t)segment->live_oldest);
    lede_buf_put_u64(out, (uint64_t)segment->live_newest);
}

static lede_manifest_segment read_segment(lede_reader *reader)
{
    lede_manifest_segment segment;

    segment.id = lede_read_u32(reader);
    segment.entries = lede_read_u32(reader);
    segment.deleted = lede_read_u32(reader);
    segment.footer_hash = lede_read_u64(reader);
    segment.deleted_hash = lede_read_u64(reader);
    segment.newest = (int64_t)lede_read_u64(reader);
    segment.live_oldest = (int64_t)lede_read_u64(reader);
    segment.live_newest = (int64_t)lede_read_u64(reader);
    return segment;
}

/* The numbers of the whole, in their order on disk. */
static void each_number(lede_manifest *manifest,
                        void (*fn)(void *ctx, uint64_t *number), void *ctx)
{
    uint64_t signed_numbers[5] = {
        (uint64_t)manifest->oldest, (uint64_t)manifest->newest,
        (uint64_t)manifest->newest_trusted, (uint64_t)manifest->half_life_s,
        (uint64_t)manifest->now};
    unsigned i;

    fn(ctx, &manifest->generation);
    fn(ctx, &manifest->entries);
    fn(ctx, &manifest->deleted);
    fn(ctx, &manifest->length);
    for (i = 0; i < 5; i++) {
        fn(ctx, &signed_numbers[i]);
    }
    fn(ctx, &manifest->bytes_terms);
    fn(ctx, &manifest->bytes_postings);
    fn(ctx, &manifest->bytes_positions);
    fn(ctx, &manifest->bytes_columns);
    fn(ctx, &manifest->bytes_entries);
    fn(ctx, &manifest->bytes_keys);
    manifest->oldest = (int64_t)signed_numbers[0];
    manifest->newest = (int64_t)signed_numbers[1];
    manifest->newest_trusted = (int64_t)signed_numbers[2];
    manifest->half_life_s = (int64_t)signed_numbers[3];
    manifest->now = (int64_t)signed_numbers[4];
}

static void put_number(void *ctx, uint64_t *number)
{
    lede_buf_put_u64(ctx, *number);
}

static void read_number(void *ctx, uint64_t *number)
{
    *number = lede_read_u64(ctx);
}

void lede_manifest_encode(const lede_manifest *manifest, lede_buf *out)
{
    lede_manifest copy = *manifest;
    size_t begin = out->len;
    uint32_t i;

    lede_buf_put_u32(out, MANIFEST_MAGIC);
    lede_buf_put_u32(out, manifest->last_segment);
    lede_buf_put_u32(out, manifest->languages);
    each_number(&copy, put_number, out);
    lede_buf_put_u32(out, manifest->segment_count);
    for (i = 0; i < manifest->segment_count; i++) {
        put_segment(out, &manifest->segments[i]);
    }
    put_hash(out, begin);
}

static bool is_consistent(const lede_manifest *manifest)
{
    uint64_t live = 0, deleted = 0;
    uint32_t i;

    for (i = 0; i < manifest->segment_count; i++) {
        const lede_manifest_segment *segment = &manifest->segments[i];

        if (segment->id == 0 || segment->id > manifest->last_segment ||
            segment->deleted > segment->entries ||
            (i > 0 &&
             lede_manifest_segment_compare(segment - 1, segment) >= 0)) {
            return false;
        }
        live += segment->entries - segment->deleted;
        deleted += segment->deleted;
    }
    return live == manifest->entries && deleted == manifest->deleted &&
           manifest->half_life_s >= 3600;
}

lede_status lede_manifest_decode(lede_span bytes, lede_manifest *out,
                                 lede_error *err)
{
    lede_span part = hashed_part(bytes);
    lede_reader reader = lede_reader_of(part);
    lede_manifest manifest;
    uint32_t i;

    lede_manifest_init(&manifest);
    if (lede_read_u32(&reader) != MANIFEST_MAGIC) {
        return lede_fail(err, LEDE_CORRUPT, "the manifest is damaged");
    }
    manifest.last_segment = lede_read_u32(&reader);
    manifest.languages = lede_read_u32(&reader);
    each_number(&manifest, read_number, &reader);
    manifest.segment_count = lede_read_u32(&reader);
    if (reader.bad || (uint64_t)manifest.segment_count * SEGMENT_ROW_BYTES !=
                          (uint64_t)(reader.end - reader.p)) {
        return lede_fail(err, LEDE_CORRUPT, "the manifest is damaged");
    }
    if (manifest.segment_count > 0) {
        manifest.segments =
            calloc(manifest.segment_count, sizeof *manifest.segments);
        if (manifest.segments == NULL) {
            return lede_fail(err, LEDE_NO_MEMORY, "manifest: out of memory");
        }
    }
    for (i = 0; i < manifest.segment_count; i++) {
        manifest.segments[i] = read_segment(&reader);
    }
    if (!is_consistent(&manifest)) {
        lede_manifest_done(&manifest);
        return lede_fail(err, LEDE_CORRUPT,
                         "the manifest's numbers do not agree");
    }
    *out = manifest;
    return LEDE_OK;
}
