#include "storage/archive_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "storage/segment_rows.h"
#include "storage/segment_values.h"

typedef enum stage { STAGE_ROWS, STAGE_TERMS, STAGE_RECORDS, STAGE_DONE } stage;

struct lede_segment_writer {
    uint32_t id;
    stage at;
    lede_footer footer;
    lede_segment_rows *rows;
    uint8_t *lengths;
    lede_buf sketches;     /* not written yet */
    uint32_t sketch_count; /* put */

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

    lede_record_packer *names; /* NULL: none was put */
    lede_name_makers name_makers;

    lede_segment_values *values;
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "segment: out of memory");
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
    return lede_segment_values_pack(writer->values, LEDE_VALUE_POSITIONS, chunk,
                                    &writer->chunks[writer->chunk_count++],
                                    err);
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
    if (status == LEDE_OK) {
        status = lede_segment_values_new(owner, writer->id, &writer->footer,
                                         &writer->values, err);
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
    if (writer == NULL) {
        return;
    }
    lede_segment_rows_free(writer->rows);
    free(writer->lengths);
    lede_buf_done(&writer->sketches);
    lede_postings_encoder_free(writer->encoder);
    lede_buf_done(&writer->term);
    lede_buf_done(&writer->previous_term);
    free(writer->chunks);
    lede_dictionary_writer_done(&writer->dictionary);
    lede_record_packer_free(writer->records);
    lede_record_packer_free(writer->names);
    free(writer->sequence);
    lede_segment_values_free(writer->values);
    free(writer);
}

static lede_status wrong_order(lede_error *err, const char *what)
{
    return lede_fail(err, LEDE_BUG, "segment writer: %s out of turn", what);
}

/* --- Rows ------------------------------------------------------------------
 */

/* A field that no entry has ends where the one before it does: then its column
 * is left empty. */
static lede_status put_columns(lede_segment_writer *writer, lede_error *err)
{
    lede_buf buf = {0}, before = {0};
    lede_status status = LEDE_OK;
    unsigned count = LEDE_COLUMN_COUNT;
    unsigned i;

    if (!lede_segment_rows_numbers(writer->rows)->has_updated) {
        count = LEDE_COLUMN_UPDATED;
    }
    for (i = 0; i < count && status == LEDE_OK; i++) {
        lede_buf swap = before;
        lede_span bytes;

        before = buf;
        buf = swap;
        lede_buf_clear(&buf);
        status = lede_segment_rows_column(writer->rows, (lede_column_id)i, &buf,
                                          err);
        if (status == LEDE_OK && buf.failed) {
            status = no_memory(err);
        }
        if (status == LEDE_OK) {
            bytes = lede_buf_span(&buf);
            if (lede_column_may_repeat((lede_column_id)i) &&
                lede_span_equal(bytes, lede_buf_span(&before))) {
                bytes.len = 0;
            }
            status = lede_segment_values_put(writer->values, LEDE_VALUE_COLUMN,
                                             bytes, err);
        }
    }
    lede_buf_done(&before);
    if (status == LEDE_OK) {
        lede_buf_clear(&buf);
        lede_segment_rows_sources(writer->rows, &buf);
        status = lede_segment_values_put_buf(writer->values, LEDE_VALUE_SOURCES,
                                             &buf, err);
    }
    if (status == LEDE_OK) {
        lede_buf_clear(&buf);
        status = lede_segment_rows_keys(writer->rows, &buf, err);
    }
    if (status == LEDE_OK) {
        status = lede_segment_values_put_buf(writer->values, LEDE_VALUE_KEYS,
                                             &buf, err);
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
    return lede_segment_values_put(
        writer->values, LEDE_VALUE_LENGTHS,
        lede_span_of(writer->lengths, footer->entries), err);
}

static lede_status put_sketch(lede_segment_writer *writer,
                              const lede_sketch *sketch, lede_error *err)
{
    lede_status status = LEDE_OK;

    lede_buf_put_span(&writer->sketches,
                      lede_span_of(sketch->bytes, sizeof sketch->bytes));
    writer->sketch_count++;
    if (writer->sketch_count % LEDE_SKETCHES_A_VALUE == 0 ||
        writer->sketch_count == writer->footer.entries) {
        status = lede_segment_values_put_buf(
            writer->values, LEDE_VALUE_SKETCHES, &writer->sketches, err);
        lede_buf_clear(&writer->sketches);
    }
    return status;
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
    if (status == LEDE_OK) {
        status = put_sketch(writer, &row->sketch, err);
    }
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
    status = lede_segment_values_pack(writer->values, LEDE_VALUE_DICTIONARY,
                                      block, &at, err);
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
    if (lede_term_is_pair(term)) {
        lede_postings_encoder_begin_flat(writer->encoder);
    } else {
        lede_postings_encoder_begin(writer->encoder,
                                    lede_buf_span(&writer->term), forms,
                                    form_count, writer->average_length);
    }
    return LEDE_OK;
}

static lede_status does_not_fit(const lede_segment_writer *writer,
                                uint32_t entry, lede_error *err)
{
    return lede_fail(
        err, LEDE_BAD_INPUT, "a posting of '%.*s' does not fit entry %u",
        (int)writer->term.len, (const char *)writer->term.bytes, entry);
}

static bool fits(const lede_segment_writer *writer, uint32_t entry,
                 uint8_t length)
{
    return entry < writer->footer.entries && length == writer->lengths[entry];
}

lede_status lede_segment_writer_put_posting(lede_segment_writer *writer,
                                            const lede_posting *posting,
                                            lede_error *err)
{
    if (!writer->in_term) {
        return wrong_order(err, "a posting");
    }
    if (!fits(writer, posting->entry, posting->length)) {
        return does_not_fit(writer, posting->entry, err);
    }
    writer->term_postings++;
    return lede_postings_encoder_put(writer->encoder, posting, err);
}

lede_status lede_segment_writer_put_run(lede_segment_writer *writer,
                                        const lede_coded_run *run,
                                        uint32_t from, uint32_t to, size_t gap,
                                        lede_error *err)
{
    uint32_t i;

    if (!writer->in_term) {
        return wrong_order(err, "postings");
    }
    for (i = from; i < to; i++) {
        if (!fits(writer, run->entries[i], run->lengths[i])) {
            return does_not_fit(writer, run->entries[i], err);
        }
    }
    writer->term_postings += to - from;
    return lede_postings_encoder_put_run(writer->encoder, run, from, to, gap,
                                         err);
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
        status = lede_segment_values_pack(writer->values, LEDE_VALUE_LISTS,
                                          list->list, &term.list_at, err);
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

lede_status lede_segment_writer_put_pair_words(lede_segment_writer *writer,
                                               const lede_pair_words *words,
                                               lede_error *err)
{
    if (writer->at == STAGE_DONE ||
        writer->footer.counts[LEDE_VALUE_PAIR_WORDS] > 0) {
        return wrong_order(err, "pair words");
    }
    return lede_segment_values_put(writer->values, LEDE_VALUE_PAIR_WORDS,
                                   words->bytes, err);
}

static lede_status end_terms(lede_segment_writer *writer, lede_error *err)
{
    lede_buf index = {0};
    lede_status status = put_block(writer, err);

    if (status == LEDE_OK) {
        lede_dictionary_writer_index(&writer->dictionary, &index);
        status = lede_segment_values_put_buf(
            writer->values, LEDE_VALUE_DICTIONARY_INDEX, &index, err);
    }
    lede_buf_done(&index);
    if (status == LEDE_OK) {
        status = lede_segment_values_end_pack(writer->values,
                                              LEDE_VALUE_DICTIONARY, err);
    }
    if (status == LEDE_OK) {
        status =
            lede_segment_values_end_pack(writer->values, LEDE_VALUE_LISTS, err);
    }
    if (status == LEDE_OK) {
        status = lede_segment_values_end_pack(writer->values,
                                              LEDE_VALUE_POSITIONS, err);
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

static lede_status place_block(lede_segment_writer *writer,
                               lede_record_packer *packer, lede_value_kind kind,
                               lede_error *err)
{
    lede_span block;
    lede_address at;
    lede_status status = lede_record_packer_block(packer, &block, err);

    if (status != LEDE_OK || block.len == 0) {
        return status;
    }
    status = lede_segment_values_pack(writer->values, kind, block, &at, err);
    return status == LEDE_OK
               ? lede_record_packer_placed(packer, at.value, at.offset, err)
               : status;
}

static lede_status put_record_block(lede_segment_writer *writer,
                                    lede_error *err)
{
    return place_block(writer, writer->records, LEDE_VALUE_RECORDS, err);
}

/* Leaves the terms behind, if need be. */
static lede_status begin_records(lede_segment_writer *writer, lede_error *err)
{
    if (writer->at == STAGE_TERMS && !writer->in_term) {
        return end_terms(writer, err);
    }
    return writer->at == STAGE_RECORDS ? LEDE_OK : wrong_order(err, "a record");
}

static lede_status set_sequence(lede_segment_writer *writer, uint32_t entry,
                                uint32_t number, lede_error *err)
{
    if (entry >= writer->footer.entries ||
        writer->sequence[entry] != UINT32_MAX) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "entry %u has a record already, or is none", entry);
    }
    writer->sequence[entry] = number;
    return LEDE_OK;
}

lede_status lede_segment_writer_put_packed(lede_segment_writer *writer,
                                           const uint32_t *entries,
                                           const lede_packed_records *records,
                                           lede_error *err)
{
    uint32_t number, i;
    lede_address at;
    lede_status status = begin_records(writer, err);

    if (status == LEDE_OK) {
        status = put_record_block(writer, err);
    }
    if (status == LEDE_OK) {
        number = lede_record_packer_count(writer->records);
        for (i = 0; i < records->count && status == LEDE_OK; i++) {
            status = set_sequence(writer, entries[i], number + i, err);
        }
    }
    if (status == LEDE_OK) {
        status = lede_segment_values_pack(writer->values, LEDE_VALUE_RECORDS,
                                          records->bytes, &at, err);
    }
    return status == LEDE_OK
               ? lede_record_packer_add(
                     writer->records, records->count, at.value, at.offset,
                     (uint32_t)records->bytes.len, records->raw_bytes, err)
               : status;
}

lede_status lede_segment_writer_put_record(lede_segment_writer *writer,
                                           uint32_t entry, lede_span record,
                                           lede_error *err)
{
    lede_status status = begin_records(writer, err);

    if (status == LEDE_OK) {
        status = set_sequence(writer, entry,
                              lede_record_packer_count(writer->records), err);
    }
    if (status != LEDE_OK) {
        return status;
    }
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
    status = lede_segment_values_put_buf(writer->values,
                                         LEDE_VALUE_RECORD_SEQUENCE, &buf, err);
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
        status = lede_segment_values_end_pack(writer->values,
                                              LEDE_VALUE_RECORDS, err);
    }
    if (status == LEDE_OK) {
        lede_record_packer_table(writer->records, &table);
        status = lede_segment_values_put_buf(
            writer->values, LEDE_VALUE_RECORD_BLOCKS, &table, err);
    }
    lede_buf_done(&table);
    if (status == LEDE_OK) {
        status = put_sequence(writer, err);
    }
    writer->footer.record_blocks =
        lede_record_packer_block_count(writer->records);
    return status;
}

/* --- Names -----------------------------------------------------------------
 */

void lede_segment_writer_set_name_makers(lede_segment_writer *writer,
                                         const lede_name_makers *makers)
{
    writer->name_makers = *makers;
}

lede_status lede_segment_writer_put_names(lede_segment_writer *writer,
                                          lede_span list, lede_error *err)
{
    lede_status status = LEDE_OK;

    if (writer->at == STAGE_DONE) {
        return wrong_order(err, "names");
    }
    if (writer->names == NULL) {
        status = lede_record_packer_new(&writer->names, err);
    }
    if (status == LEDE_OK) {
        status = lede_record_packer_put(writer->names, list, err);
    }
    if (status == LEDE_OK && lede_record_packer_is_full(writer->names)) {
        status = place_block(writer, writer->names, LEDE_VALUE_NAMES, err);
    }
    return status;
}

static lede_status end_names(lede_segment_writer *writer, lede_error *err)
{
    lede_buf table = {0};
    lede_status status;

    if (writer->names == NULL) {
        return LEDE_OK;
    }
    if (lede_record_packer_count(writer->names) != writer->footer.entries) {
        return lede_fail(err, LEDE_BUG, "segment writer: names are missing");
    }
    status = place_block(writer, writer->names, LEDE_VALUE_NAMES, err);
    if (status == LEDE_OK) {
        status =
            lede_segment_values_end_pack(writer->values, LEDE_VALUE_NAMES, err);
    }
    if (status == LEDE_OK) {
        lede_buf_put_u64(&table, writer->name_makers.model);
        lede_buf_put_u64(&table, writer->name_makers.table);
        lede_record_packer_table(writer->names, &table);
        status = lede_segment_values_put_buf(
            writer->values, LEDE_VALUE_NAME_BLOCKS, &table, err);
    }
    lede_buf_done(&table);
    return status;
}

lede_status lede_segment_writer_finish(lede_segment_writer *writer,
                                       uint32_t *id, lede_error *err)
{
    lede_status status;

    if (writer->at != STAGE_RECORDS) {
        return wrong_order(err, "the end");
    }
    status = end_names(writer, err);
    if (status == LEDE_OK) {
        status = end_records(writer, err);
    }
    if (status == LEDE_OK) {
        status = lede_segment_values_finish(writer->values, err);
    }
    if (status == LEDE_OK) {
        writer->at = STAGE_DONE;
        *id = writer->id;
    }
    return status;
}
