/* postings_short.c - lists of few postings: bytes without blocks. */
#include <assert.h>

#include "storage/postings_codec.h"

/* --- Short lists -----------------------------------------------------------
 */

void lede_short_walk_init(lede_short_walk *walk, const lede_postings *list)
{
    walk->list = list;
    walk->reader = lede_reader_of(list->block_bytes);
    walk->index = 0;
    walk->next_entry = 0;
}

static bool read_short_count(lede_short_walk *walk, bool is_corrected,
                             lede_short_posting *out)
{
    int64_t count = lede_expected_count(out->frequency, out->fields);

    if (is_corrected) {
        return lede_count_correct(count, lede_read_varint(&walk->reader),
                                  &out->count);
    }
    out->count = (uint32_t)count;
    return true;
}

bool lede_short_walk_next(lede_short_walk *walk, lede_short_posting *out)
{
    const lede_postings *list = walk->list;
    lede_reader *reader = &walk->reader;
    uint64_t entry = walk->next_entry;
    uint64_t code;

    if (walk->index == list->entry_count) {
        return false;
    }
    walk->index++;
    *out = (lede_short_posting){0};
    entry += lede_read_varint_max(reader, LEDE_LIST_MAX_POSTINGS);
    code = lede_read_varint_max(reader, (UINT64_C(1) << 33) - 1);
    if (entry >= list->segment.entries || code >> 1 == 0) {
        return false;
    }
    out->entry = (uint32_t)entry;
    walk->next_entry = out->entry + 1;
    out->frequency = (uint32_t)(code >> 1);
    out->fields = (list->flags & LEDE_LIST_USUAL) != 0 ? list->fields
                                                       : lede_read_byte(reader);
    if (out->fields >= LEDE_FIELD_MASKS) {
        return false;
    }
    out->set_size = list->form_count;
    if (list->form_count > 1) {
        out->set = lede_set_read(reader, list->form_count, &out->set_size);
    }
    if (list->has_positions && !read_short_count(walk, (code & 1) != 0, out)) {
        return false;
    }
    return !reader->bad;
}

bool lede_short_walk_skip(lede_short_walk *walk,
                          const lede_short_posting *posting)
{
    uint64_t varints = posting->count;

    varints *= lede_rank_width(posting->set_size) > 0 ? 2 : 1;
    while (varints > 0 && !walk->reader.bad) {
        (void)lede_read_varint(&walk->reader);
        varints--;
    }
    return !walk->reader.bad;
}

static bool is_better_impact(uint32_t frequency, uint8_t length,
                             const lede_short_posting *than,
                             uint8_t than_length)
{
    return frequency > than->frequency ||
           (frequency == than->frequency && length < than_length);
}

static uint32_t capped(uint32_t frequency)
{
    return frequency < LEDE_FREQUENCY_CAP ? frequency : LEDE_FREQUENCY_CAP;
}

/* Walks all postings of a short list: checks it and makes up its skip area. */
lede_status lede_short_open(lede_postings *list, lede_error *err)
{
    lede_short_walk walk;
    lede_short_posting p;
    lede_short_posting best = {0};
    uint8_t best_length = 0;
    uint32_t rest_frequency = 0;
    uint8_t rest_length = UINT8_MAX;
    uint8_t fields = 0;
    uint32_t entries[LEDE_SHORT_POSTINGS];
    uint32_t frequencies[LEDE_SHORT_POSTINGS];
    uint32_t i;

    lede_short_walk_init(&walk, list);
    for (i = 0; i < list->entry_count; i++) {
        if (!lede_short_walk_next(&walk, &p) ||
            !lede_short_walk_skip(&walk, &p)) {
            return lede_fail(err, LEDE_CORRUPT, "postings: bad short list");
        }
        entries[i] = p.entry;
        frequencies[i] = capped(p.frequency);
        fields |= p.fields;
        list->occurrences += p.count;
        if (i == 0 ||
            is_better_impact(p.frequency, list->segment.lengths[p.entry], &best,
                             best_length)) {
            best = p;
            best_length = list->segment.lengths[p.entry];
        }
    }
    if (walk.reader.p != walk.reader.end) {
        return lede_fail(err, LEDE_CORRUPT,
                         "postings: bytes behind a short list");
    }
    for (i = 0; i < list->entry_count; i++) {
        uint8_t length = list->segment.lengths[entries[i]];

        if (length < best_length) {
            rest_frequency = rest_frequency > frequencies[i] ? rest_frequency
                                                             : frequencies[i];
            rest_length = rest_length < length ? rest_length : length;
        }
    }
    if (rest_frequency == 0) {
        rest_frequency = capped(best.frequency);
        rest_length = best_length;
    }
    list->fields = fields;
    list->max_frequency = capped(best.frequency);
    lede_store_u32(list->one, entries[list->entry_count - 1]);
    for (i = 0; i < LEDE_BLOCK_IMPACTS; i++) {
        lede_store_u16(
            list->one + 8 + 2 * (size_t)i,
            (uint16_t)(i == 0 ? capped(best.frequency) : rest_frequency));
        list->one[8 + 2 * LEDE_BLOCK_IMPACTS + i] =
            i == 0 ? best_length : rest_length;
    }
    return LEDE_OK;
}
