#include "storage/archive_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/time.h"
#include "storage/segment_rows.h"

enum {
    PAGE_BYTES = 4096,
    PAGE_HEAD_BYTES = 16,  /* LMDB's, at the head of a value's pages */
    PACK_LEAST_PAGES = 16, /* a pack is ended from here on ... */
    PACK_SLACK_SHARE = 64, /* ... if it wastes no more than 1/64 */
    PACK_MOST_BYTES = 64 * PAGE_BYTES,
    PENDING_MOST_BYTES = 8 << 20, /* values gathered for one transaction */
    DIRECT_BYTES = 2 << 20        /* larger ones are not copied to be so */
};

typedef enum stage { STAGE_ROWS, STAGE_TERMS, STAGE_RECORDS, STAGE_DONE } stage;

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

struct lede_segment_writer {
    lede_writer *writer;
    uint32_t id;
    stage at;
    lede_footer footer;
    lede_segment_rows *rows;
    uint8_t *lengths;

    lede_postings_encoder *encoder;
    lede_buf term, previous_term;
    uint64_t term_postings;
    bool in_term;
    float average_length;
    lede_address *chunks; /* of the term at hand */
    uint32_t chunk_count, chunk_cap;
    lede_dictionary_writer dictionary;

    lede_record_packer *records;
    uint32_t *sequence; /* entry -> number of its record */

    struct pack packs[LEDE_VALUE_KIND_COUNT];
    lede_buf pending_bytes;
    struct pending *pending;
    size_t pending_count, pending_cap;
    lede_buf checksums;
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "segment: out of memory");
}

/* --- Values ----------------------------------------------------------------
 */

static lede_status flush_pending(lede_segment_writer *writer, lede_error *err)
{
    lede_pending_value *values;
    size_t i;
    lede_status status;

    if (writer->pending_count == 0) {
        return LEDE_OK;
    }
    values = calloc(writer->pending_count, sizeof *values);
    if (values == NULL) {
        return no_memory(err);
    }
    for (i = 0; i < writer->pending_count; i++) {
        const struct pending *item = &writer->pending[i];

        values[i].kind = item->kind;
        values[i].index = item->index;
        values[i].bytes =
            lede_span_of(writer->pending_bytes.bytes + item->begin, item->len);
    }
    status = lede_writer_put_values(writer->writer, writer->id, values,
                                    writer->pending_count, err);
    free(values);
    writer->pending_count = 0;
    lede_buf_clear(&writer->pending_bytes);
    return status;
}

static lede_status add_pending(lede_segment_writer *writer,
                               lede_value_kind kind, uint32_t index,
                               lede_span bytes, lede_error *err)
{
    if (writer->pending_count == writer->pending_cap) {
        size_t cap = writer->pending_cap == 0 ? 64 : writer->pending_cap * 2;
        struct pending *grown = realloc(writer->pending, cap * sizeof *grown);

        if (grown == NULL) {
            return no_memory(err);
        }
        writer->pending = grown;
        writer->pending_cap = cap;
    }
    writer->pending[writer->pending_count++] =
        (struct pending){kind, index, writer->pending_bytes.len, bytes.len};
    lede_buf_put_span(&writer->pending_bytes, bytes);
    if (writer->pending_bytes.failed) {
        return no_memory(err);
    }
    return writer->pending_bytes.len >= PENDING_MOST_BYTES
               ? flush_pending(writer, err)
               : LEDE_OK;
}

/* Writes the next value of its kind, sooner or later. */
static lede_status put_value(lede_segment_writer *writer, lede_value_kind kind,
                             lede_span bytes, lede_error *err)
{
    uint32_t index = writer->footer.counts[kind];
    lede_pending_value direct = {kind, index, bytes};
    lede_status status;

    if (bytes.len > UINT32_MAX - PAGE_BYTES || index == UINT32_MAX) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "segment: the %s of one segment are too large",
                         lede_value_kind_name(kind));
    }
    writer->footer.counts[kind]++;
    writer->footer.bytes[kind] += bytes.len;
    if (kind != LEDE_VALUE_CHECKSUMS && kind != LEDE_VALUE_FOOTER) {
        lede_buf_put_byte(&writer->checksums, (uint8_t)kind);
        lede_buf_put_u32(&writer->checksums, index);
        lede_buf_put_u32(&writer->checksums, (uint32_t)bytes.len);
        lede_buf_put_u64(&writer->checksums, lede_hash64(bytes));
    }
    if (bytes.len < DIRECT_BYTES) {
        return add_pending(writer, kind, index, bytes, err);
    }
    status = flush_pending(writer, err);
    if (status == LEDE_OK) {
        status =
            lede_writer_put_values(writer->writer, writer->id, &direct, 1, err);
    }
    return status;
}

static lede_status put_buf(lede_segment_writer *writer, lede_value_kind kind,
                           const lede_buf *buf, lede_error *err)
{
    return buf->failed ? no_memory(err)
                       : put_value(writer, kind, lede_buf_span(buf), err);
}

/* --- Packs -----------------------------------------------------------------
 */

static lede_status flush_pack(lede_segment_writer *writer, lede_value_kind kind,
                              lede_error *err)
{
    struct pack *pack = &writer->packs[kind];
    lede_status status;

    if (pack->bytes.len == 0) {
        return LEDE_OK;
    }
    status = put_buf(writer, kind, &pack->bytes, err);
    lede_buf_clear(&pack->bytes);
    pack->index++;
    return status;
}

/* A value fills whole pages: a pack is best ended just before it would
 * begin another one. */
static bool should_end_pack(size_t len, size_t more)
{
    size_t used = len + PAGE_HEAD_BYTES;
    size_t slack = (PAGE_BYTES - used % PAGE_BYTES) % PAGE_BYTES;

    return more > slack && len >= PACK_LEAST_PAGES * (size_t)PAGE_BYTES &&
           slack * PACK_SLACK_SHARE <= len;
}

/* Stores bytes in one piece and says where they will be. */
static lede_status put_packed(lede_segment_writer *writer, lede_value_kind kind,
                              lede_span bytes, lede_address *out,
                              lede_error *err)
{
    struct pack *pack = &writer->packs[kind];
    lede_status status = LEDE_OK;

    if (should_end_pack(pack->bytes.len, bytes.len)) {
        status = flush_pack(writer, kind, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    if (bytes.len > UINT32_MAX / 2) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "segment: a piece of %zu bytes among the %s is too "
                         "large",
                         bytes.len, lede_value_kind_name(kind));
    }
    *out = (lede_address){pack->index, (uint32_t)pack->bytes.len, bytes.len};
    lede_buf_put_span(&pack->bytes, bytes);
    if (pack->bytes.failed) {
        return no_memory(err);
    }
    return pack->bytes.len >= PACK_MOST_BYTES ? flush_pack(writer, kind, err)
                                              : LEDE_OK;
}

/* --- Beginning and end -----------------------------------------------------
 */

/* Chunks of the positions of long lists come here. */
static lede_status take_chunk(void *ctx, uint32_t index, lede_span chunk,
                              lede_error *err)
{
    lede_segment_writer *writer = ctx;

    assert(index == writer->chunk_count);
    if (writer->chunk_count == writer->chunk_cap) {
        uint32_t cap = writer->chunk_cap == 0 ? 16 : writer->chunk_cap * 2;
        lede_address *grown = realloc(writer->chunks, cap * sizeof *grown);

        if (grown == NULL) {
            return no_memory(err);
        }
        writer->chunks = grown;
        writer->chunk_cap = cap;
    }
    return put_packed(writer, LEDE_VALUE_POSITIONS, chunk,
                      &writer->chunks[writer->chunk_count++], err);
}

lede_status lede_segment_writer_new(struct lede_writer *owner,
                                    uint32_t entry_count,
                                    lede_segment_writer **out, lede_error *err)
{
    lede_segment_writer *writer;
    lede_position_sink sink = {NULL, take_chunk};
    lede_status status;

    if (entry_count == 0 || entry_count > LEDE_SEGMENT_MAX_ENTRIES) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "a segment cannot have %u entries", entry_count);
    }
    writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        return no_memory(err);
    }
    sink.ctx = writer;
    writer->writer = owner;
    writer->footer.entries = entry_count;
    writer->footer.oldest = LEDE_INSTANT_NONE;
    writer->footer.newest = LEDE_INSTANT_NONE;
    status = lede_segment_rows_new(entry_count, &writer->rows, err);
    if (status == LEDE_OK) {
        status = lede_postings_encoder_new(&sink, &writer->encoder, err);
    }
    if (status == LEDE_OK) {
        status = lede_writer_next_segment(owner, &writer->id, err);
    }
    if (status != LEDE_OK) {
        lede_segment_writer_free(writer);
        return status;
    }
    *out = writer;
    return LEDE_OK;
}

void lede_segment_writer_free(lede_segment_writer *writer)
{
    unsigned i;

    if (writer == NULL) {
        return;
    }
    lede_segment_rows_free(writer->rows);
    free(writer->lengths);
    lede_postings_encoder_free(writer->encoder);
    lede_buf_done(&writer->term);
    lede_buf_done(&writer->previous_term);
    free(writer->chunks);
    lede_dictionary_writer_done(&writer->dictionary);
    lede_record_packer_free(writer->records);
    free(writer->sequence);
    for (i = 0; i < LEDE_VALUE_KIND_COUNT; i++) {
        lede_buf_done(&writer->packs[i].bytes);
    }
    lede_buf_done(&writer->pending_bytes);
    free(writer->pending);
    lede_buf_done(&writer->checksums);
    free(writer);
}

static lede_status wrong_order(lede_error *err, const char *what)
{
    return lede_fail(err, LEDE_BUG, "segment writer: %s out of turn", what);
}

/* --- Rows ------------------------------------------------------------------
 */

static lede_status put_columns(lede_segment_writer *writer, lede_error *err)
{
    lede_buf buf = {0};
    lede_status status = LEDE_OK;
    unsigned i;

    for (i = 0; i < LEDE_COLUMN_COUNT && status == LEDE_OK; i++) {
        lede_buf_clear(&buf);
        status = lede_segment_rows_column(writer->rows, (lede_column_id)i, &buf,
                                          err);
        if (status == LEDE_OK) {
            status = put_buf(writer, LEDE_VALUE_COLUMN, &buf, err);
        }
    }
    if (status == LEDE_OK) {
        lede_buf_clear(&buf);
        lede_segment_rows_sources(writer->rows, &buf);
        status = put_buf(writer, LEDE_VALUE_SOURCES, &buf, err);
    }
    if (status == LEDE_OK) {
        lede_buf_clear(&buf);
        status = lede_segment_rows_keys(writer->rows, &buf, err);
    }
    if (status == LEDE_OK) {
        status = put_buf(writer, LEDE_VALUE_KEYS, &buf, err);
    }
    lede_buf_done(&buf);
    return status;
}

static lede_status end_rows(lede_segment_writer *writer, lede_error *err)
{
    lede_footer *footer = &writer->footer;
    const lede_segment_numbers *numbers =
        lede_segment_rows_numbers(writer->rows);
    lede_status status = put_columns(writer, err);

    if (status != LEDE_OK) {
        return status;
    }
    footer->dated = numbers->dated;
    footer->total_length = numbers->total_length;
    footer->oldest = numbers->oldest;
    footer->newest = numbers->newest;
    footer->languages = numbers->languages;
    writer->average_length =
        (float)((double)footer->total_length / footer->entries);
    writer->lengths = lede_segment_rows_take_lengths(writer->rows);
    lede_segment_rows_free(writer->rows);
    writer->rows = NULL;
    writer->at = STAGE_TERMS;
    return put_value(writer, LEDE_VALUE_LENGTHS,
                     lede_span_of(writer->lengths, footer->entries), err);
}

lede_status lede_segment_writer_put_row(lede_segment_writer *writer,
                                        const lede_segment_row *row,
                                        lede_error *err)
{
    lede_status status;

    if (writer->at != STAGE_ROWS) {
        return wrong_order(err, "a row");
    }
    status = lede_segment_rows_put(writer->rows, row, err);
    if (status == LEDE_OK && lede_segment_rows_are_complete(writer->rows)) {
        status = end_rows(writer, err);
    }
    return status;
}

/* --- Terms -----------------------------------------------------------------
 */

static lede_status put_block(lede_segment_writer *writer, lede_error *err)
{
    lede_span block = lede_dictionary_writer_block(&writer->dictionary);
    lede_address at;
    lede_status status;

    if (lede_dictionary_writer_failed(&writer->dictionary)) {
        return no_memory(err);
    }
    if (block.len == 0) {
        return LEDE_OK;
    }
    status = put_packed(writer, LEDE_VALUE_DICTIONARY, block, &at, err);
    if (status == LEDE_OK) {
        lede_dictionary_writer_placed(&writer->dictionary, at.value, at.offset);
        if (lede_dictionary_writer_failed(&writer->dictionary)) {
            status = no_memory(err);
        }
    }
    return status;
}

lede_status lede_segment_writer_begin_term(lede_segment_writer *writer,
                                           lede_span term,
                                           const lede_form *forms,
                                           uint32_t form_count, lede_error *err)
{
    if (writer->at != STAGE_TERMS || writer->in_term) {
        return wrong_order(err, "a term");
    }
    if (term.len == 0 || term.len > LEDE_TERM_MAX_BYTES) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "a term cannot have %zu bytes (1 to %d)", term.len,
                         LEDE_TERM_MAX_BYTES);
    }
    if (lede_span_compare(lede_buf_span(&writer->previous_term), term) >= 0) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "the terms of a segment do not ascend at '%.*s'",
                         (int)term.len, (const char *)term.bytes);
    }
    lede_buf_clear(&writer->term);
    lede_buf_put_span(&writer->term, term);
    if (writer->term.failed) {
        return no_memory(err);
    }
    writer->term_postings = 0;
    writer->chunk_count = 0;
    writer->in_term = true;
    lede_postings_encoder_begin(writer->encoder, lede_buf_span(&writer->term),
                                forms, form_count, writer->average_length);
    return LEDE_OK;
}

lede_status lede_segment_writer_put_posting(lede_segment_writer *writer,
                                            const lede_posting *posting,
                                            lede_error *err)
{
    if (!writer->in_term) {
        return wrong_order(err, "a posting");
    }
    if (posting->entry >= writer->footer.entries ||
        posting->length != writer->lengths[posting->entry]) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "a posting of '%.*s' does not fit entry %u",
                         (int)writer->term.len,
                         (const char *)writer->term.bytes, posting->entry);
    }
    writer->term_postings++;
    return lede_postings_encoder_put(writer->encoder, posting, err);
}

/* Puts the list where it belongs and the term into the dictionary. */
static lede_status place_list(lede_segment_writer *writer,
                              const lede_encoded_list *list, lede_error *err)
{
    lede_dictionary_term term = {0};
    lede_status status = LEDE_OK;

    term.bytes = lede_buf_span(&writer->term);
    term.is_inline = list->list.len <= LEDE_INLINE_MAX_BYTES;
    if (term.is_inline) {
        term.list = list->list;
    } else {
        status = put_packed(writer, LEDE_VALUE_LISTS, list->list, &term.list_at,
                            err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    lede_dictionary_writer_put(&writer->dictionary, &term, writer->chunks,
                               writer->chunk_count);
    writer->footer.terms++;
    writer->footer.postings += list->entry_count;
    writer->footer.occurrences += list->occurrences;
    return lede_dictionary_writer_is_full(&writer->dictionary)
               ? put_block(writer, err)
               : LEDE_OK;
}

lede_status lede_segment_writer_end_term(lede_segment_writer *writer,
                                         lede_error *err)
{
    lede_encoded_list list;
    lede_status status;

    if (!writer->in_term) {
        return wrong_order(err, "the end of a term");
    }
    writer->in_term = false;
    lede_buf_clear(&writer->previous_term);
    lede_buf_put_span(&writer->previous_term, lede_buf_span(&writer->term));
    if (writer->term_postings == 0) {
        return LEDE_OK;
    }
    status = lede_postings_encoder_end(writer->encoder, &list, err);
    if (status == LEDE_OK && list.chunk_count > 0) {
        status = take_chunk(writer, list.chunk_count - 1, list.last_chunk, err);
    }
    return status == LEDE_OK ? place_list(writer, &list, err) : status;
}

static lede_status end_terms(lede_segment_writer *writer, lede_error *err)
{
    lede_buf index = {0};
    lede_status status = put_block(writer, err);

    if (status == LEDE_OK) {
        lede_dictionary_writer_index(&writer->dictionary, &index);
        status = put_buf(writer, LEDE_VALUE_DICTIONARY_INDEX, &index, err);
    }
    lede_buf_done(&index);
    if (status == LEDE_OK) {
        status = flush_pack(writer, LEDE_VALUE_DICTIONARY, err);
    }
    if (status == LEDE_OK) {
        status = flush_pack(writer, LEDE_VALUE_LISTS, err);
    }
    if (status == LEDE_OK) {
        status = flush_pack(writer, LEDE_VALUE_POSITIONS, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    writer->footer.dictionary_blocks = writer->dictionary.block_count;
    lede_dictionary_writer_done(&writer->dictionary);
    lede_postings_encoder_free(writer->encoder);
    writer->encoder = NULL;
    writer->at = STAGE_RECORDS;
    writer->sequence = malloc(writer->footer.entries * sizeof(uint32_t));
    if (writer->sequence == NULL) {
        return no_memory(err);
    }
    memset(writer->sequence, 0xFF, writer->footer.entries * sizeof(uint32_t));
    return lede_record_packer_new(&writer->records, err);
}

/* --- Records ---------------------------------------------------------------
 */

static lede_status put_record_block(lede_segment_writer *writer,
                                    lede_error *err)
{
    lede_span block;
    lede_address at;
    lede_status status = lede_record_packer_block(writer->records, &block, err);

    if (status != LEDE_OK || block.len == 0) {
        return status;
    }
    status = put_packed(writer, LEDE_VALUE_RECORDS, block, &at, err);
    return status == LEDE_OK ? lede_record_packer_placed(
                                   writer->records, at.value, at.offset, err)
                             : status;
}

lede_status lede_segment_writer_put_record(lede_segment_writer *writer,
                                           uint32_t entry, lede_span record,
                                           lede_error *err)
{
    lede_status status = LEDE_OK;

    if (writer->at == STAGE_TERMS && !writer->in_term) {
        status = end_terms(writer, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    if (writer->at != STAGE_RECORDS) {
        return wrong_order(err, "a record");
    }
    if (entry >= writer->footer.entries ||
        writer->sequence[entry] != UINT32_MAX) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "entry %u has a record already, or is none", entry);
    }
    writer->sequence[entry] = lede_record_packer_count(writer->records);
    status = lede_record_packer_put(writer->records, record, err);
    if (status == LEDE_OK && lede_record_packer_is_full(writer->records)) {
        status = put_record_block(writer, err);
    }
    return status;
}

static lede_status put_sequence(lede_segment_writer *writer, lede_error *err)
{
    uint32_t count = writer->footer.entries;
    int64_t *values = malloc(count * sizeof *values);
    lede_buf buf = {0};
    lede_status status;
    uint32_t i;

    if (values == NULL) {
        return no_memory(err);
    }
    for (i = 0; i < count; i++) {
        values[i] = writer->sequence[i];
    }
    lede_column_encode(values, count, &buf);
    status = put_buf(writer, LEDE_VALUE_RECORD_SEQUENCE, &buf, err);
    lede_buf_done(&buf);
    free(values);
    return status;
}

static lede_status end_records(lede_segment_writer *writer, lede_error *err)
{
    lede_buf table = {0};
    lede_status status;

    if (lede_record_packer_count(writer->records) != writer->footer.entries) {
        return lede_fail(err, LEDE_BUG, "segment writer: records are missing");
    }
    status = put_record_block(writer, err);
    if (status == LEDE_OK) {
        status = flush_pack(writer, LEDE_VALUE_RECORDS, err);
    }
    if (status == LEDE_OK) {
        lede_record_packer_table(writer->records, &table);
        status = put_buf(writer, LEDE_VALUE_RECORD_BLOCKS, &table, err);
    }
    lede_buf_done(&table);
    if (status == LEDE_OK) {
        status = put_sequence(writer, err);
    }
    writer->footer.record_blocks =
        lede_record_packer_block_count(writer->records);
    return status;
}

static lede_status put_footer(lede_segment_writer *writer, lede_error *err)
{
    lede_footer *footer = &writer->footer;
    lede_buf buf = {0};
    lede_status status;

    if (writer->checksums.failed) {
        return no_memory(err);
    }
    footer->checksums_hash = lede_hash64(lede_buf_span(&writer->checksums));
    status = put_buf(writer, LEDE_VALUE_CHECKSUMS, &writer->checksums, err);
    if (status == LEDE_OK) {
        footer->counts[LEDE_VALUE_FOOTER] = 1;
        lede_footer_encode(footer, &buf);
        footer->counts[LEDE_VALUE_FOOTER] = 0;
        status = put_buf(writer, LEDE_VALUE_FOOTER, &buf, err);
    }
    lede_buf_done(&buf);
    return status;
}

lede_status lede_segment_writer_finish(lede_segment_writer *writer,
                                       uint32_t *id, lede_error *err)
{
    lede_status status;

    if (writer->at != STAGE_RECORDS) {
        return wrong_order(err, "the end");
    }
    status = end_records(writer, err);
    if (status == LEDE_OK) {
        status = put_footer(writer, err);
    }
    if (status == LEDE_OK) {
        status = flush_pending(writer, err);
    }
    if (status == LEDE_OK) {
        writer->at = STAGE_DONE;
        *id = writer->id;
    }
    return status;
}
