/* Any bytes as a posting list and its chunks of positions: whatever is decoded
 * keeps within bounds, and all variants decode the same.
 *
 * Input: entries of the segment (u16, little-endian, plus 1), bytes of the list
 * (u16), the list, then one chunk, given for every number asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/varint.h"
#include "storage/postings.h"
#include "storage/postings_bits.h"
#include "storage/postings_coded.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "%s\n", what);
        abort();
    }
}

/* What came of one block. */
typedef struct outcome {
    bool is_good[5];
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    uint32_t frequencies[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];
    bool with_forms[LEDE_BLOCK_POSTINGS];
    uint64_t positions; /* a sum over all of them */
} outcome;

static lede_status give_chunk(const void *ctx, uint64_t id, uint32_t index,
                              lede_span *out, lede_error *err)
{
    (void)id;
    (void)index;
    (void)err;
    *out = *(const lede_span *)ctx;
    return LEDE_OK;
}

static uint64_t read_positions(const lede_postings *list, uint32_t block)
{
    uint32_t n = lede_postings_block_size(list, block);
    lede_position_reader reader;
    uint64_t sum = 0;
    uint32_t count;
    uint32_t i;
    uint32_t k;

    lede_position_reader_init(&reader, list);
    for (i = 0; i < n; i++) {
        if (lede_position_reader_get(&reader, block, i, &count, NULL) !=
            LEDE_OK) {
            sum = sum * 31 + 1;
            continue;
        }
        for (k = 0; k < count; k++) {
            demand(k == 0 || reader.positions[k] >= reader.positions[k - 1],
                   "positions descend");
            demand(reader.forms[k] == 0 || reader.forms[k] < list->form_count,
                   "a form out of range");
            sum = sum * 31 + reader.positions[k] + reader.forms[k];
        }
    }
    lede_position_reader_done(&reader);
    return sum;
}

/* The same sum from the block as it is coded; false if it is damaged. */
static bool sum_coded(const lede_postings *list, uint32_t block, uint64_t *out)
{
    static uint16_t members[LEDE_MAX_FORMS];
    lede_coded_block coded = {0};
    uint64_t sum = 0;
    size_t at = 0;
    bool good;
    uint32_t i;
    uint32_t k;

    lede_coded_block_begin(&coded, list);
    good = lede_coded_block_entries(&coded, block, NULL) == LEDE_OK &&
           lede_coded_block_read(&coded, NULL) == LEDE_OK;
    for (i = 0; i < coded.n && good; i++) {
        uint32_t size = coded.set_sizes[coded.labels[i]], position = 0;

        good = lede_coded_block_set(&coded, coded.labels[i], members);
        for (k = 0; k < coded.counts[i] && good; k++, at++) {
            position += coded.gaps[at];
            sum = sum * 31 + position +
                  (size == 0 ? 0 : members[size < 2 ? 0 : coded.ranks[at]]);
        }
    }
    lede_coded_block_done(&coded);
    *out = sum;
    return good;
}

/* What decodes well is found where it is. */
static void find_entries(const lede_postings *list, uint32_t number,
                         const uint32_t *entries, uint32_t n)
{
    lede_postings_block block;
    uint32_t place;

    demand(lede_postings_block_open(list, number, &block), "it opened before");
    for (uint32_t i = 0; i < n; i++) {
        demand(lede_postings_block_find(&block, entries[i], &place) &&
                   place == i,
               "an entry is not found where it is");
    }
}

static void decode_block(const lede_postings *list, uint32_t block,
                         const bool *wanted, outcome *out)
{
    uint32_t n = lede_postings_block_size(list, block);
    uint32_t first = 0;
    lede_span bits = {NULL, 0};
    uint64_t coded;
    uint32_t one;
    uint32_t i;

    memset(out, 0, sizeof *out);
    out->is_good[0] = lede_postings_entries(list, block, out->entries);
    out->is_good[1] = lede_postings_frequencies(list, block, out->frequencies);
    out->is_good[2] = lede_postings_fields(list, block, out->fields);
    out->is_good[3] =
        lede_postings_with_forms(list, block, wanted, out->with_forms);
    out->is_good[4] = lede_postings_bits(list, block, &first, &bits);
    for (i = 0; i < n && out->is_good[0]; i++) {
        demand(out->entries[i] < list->segment.entries, "entry out of range");
        demand(i == 0 || out->entries[i] > out->entries[i - 1],
               "entries do not ascend");
    }
    for (i = 0; i < n && out->is_good[1]; i++) {
        demand(lede_postings_frequency_at(list, block, i, &one) &&
                   one == out->frequencies[i],
               "one frequency differs from all");
    }
    if (out->is_good[0]) {
        find_entries(list, block, out->entries, n);
    }
    out->positions = read_positions(list, block);
    if (sum_coded(list, block, &coded)) {
        demand(coded == out->positions, "positions differ from coded ones");
    }
    if (!out->is_good[0]) {
        memset(out->entries, 0, sizeof out->entries);
    }
    if (!out->is_good[1]) {
        memset(out->frequencies, 0, sizeof out->frequencies);
    }
    if (!out->is_good[2]) {
        memset(out->fields, 0, sizeof out->fields);
    }
    /* What is behind the block's end is anything. */
    memset(out->entries + n, 0, (LEDE_BLOCK_POSTINGS - n) * sizeof(uint32_t));
    memset(out->frequencies + n, 0,
           (LEDE_BLOCK_POSTINGS - n) * sizeof(uint32_t));
    memset(out->fields + n, 0, LEDE_BLOCK_POSTINGS - n);
}

static void check_block(const lede_postings *list, uint32_t block,
                        const bool *wanted)
{
    static outcome scalar;
    static outcome other;
    int variant;

    lede_simd_force(LEDE_SIMD_SCALAR);
    decode_block(list, block, wanted, &scalar);
    for (variant = 1; variant < LEDE_SIMD_COUNT; variant++) {
        if (!lede_simd_is_supported((lede_simd)variant)) {
            continue;
        }
        lede_simd_force((lede_simd)variant);
        decode_block(list, block, wanted, &other);
        demand(
            memcmp(scalar.is_good, other.is_good, sizeof scalar.is_good) == 0 &&
                memcmp(scalar.entries, other.entries, sizeof scalar.entries) ==
                    0 &&
                memcmp(scalar.frequencies, other.frequencies,
                       sizeof scalar.frequencies) == 0 &&
                memcmp(scalar.fields, other.fields, sizeof scalar.fields) ==
                    0 &&
                scalar.positions == other.positions,
            "variants differ");
    }
}

static void check_forms(const lede_postings *list)
{
    static lede_form forms[LEDE_MAX_FORMS];
    lede_arena arena = {0};
    uint32_t i;

    if (lede_postings_forms(list, lede_span_text("stem"), &arena, forms,
                            NULL) == LEDE_OK) {
        for (i = 0; i < list->form_count; i++) {
            demand(forms[i].letter_case <= LEDE_CASE_UPPER, "no such case");
        }
    }
    lede_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static uint8_t lengths[1 << 16];
    static bool wanted[LEDE_MAX_FORMS];
    lede_reader reader = lede_reader_of(lede_span_of(bytes, len));
    lede_postings_segment segment = {lede_read_u16(&reader) + 1u, lengths};
    lede_span bytes_of_list = lede_read_bytes(&reader, lede_read_u16(&reader));
    lede_span chunk = lede_span_of(reader.p, (size_t)(reader.end - reader.p));
    lede_position_source source = {give_chunk, &chunk, 0};
    lede_postings list;
    uint32_t i;

    for (i = 0; i < sizeof lengths && lengths[1] == 0; i++) {
        lengths[i] = (uint8_t)(i * 7);
    }
    for (i = 0; i < LEDE_MAX_FORMS && !wanted[0]; i++) {
        wanted[i] = i % 3 == 0;
    }
    if (lede_postings_open(bytes_of_list, &segment, &source, &list, NULL) !=
        LEDE_OK) {
        return 0;
    }
    for (i = 0; i < list.block_count && i < 8; i++) {
        check_block(&list, i, wanted);
        (void)lede_postings_find_block(&list, i, i * 200);
    }
    check_forms(&list);
    return 0;
}
