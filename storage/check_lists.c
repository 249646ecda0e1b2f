#include "storage/check_internal.h"

#include <stdlib.h>
#include <string.h>

/* One term being looked at. Only the first thing wrong with a term is told. */
struct list_check {
    lede_check *check;
    const lede_segment *segment;
    const lede_term *term;
    const lede_pair_words *pair_words; /* NULL: none */
    bool *all_forms;                   /* flags, all set */
    uint32_t form_cap;
    lede_arena arena;
    uint64_t postings, occurrences; /* of the segment */
    /* of the term */
    uint64_t positions;
    uint32_t count, max_frequency, last;
    uint8_t fields;
    bool is_bad;
};

static bool tell(struct list_check *list, const char *what)
{
    if (!list->is_bad) {
        lede_span term = list->term->bytes;

        lede_check_found(list->check, "segment %u: term '%.*s': %s",
                         list->segment->id, (int)term.len,
                         (const char *)term.bytes, what);
        list->is_bad = true;
    }
    return false;
}

/* The same for a call that failed. */
static bool fail(struct list_check *list, lede_status status,
                 const lede_error *why)
{
    if (!lede_check_is_fatal(status)) {
        return tell(list, why->message);
    }
    lede_check_failed(list->check, status, why, "a list");
    list->is_bad = true;
    return false;
}

/* --- Blocks ----------------------------------------------------------------
 */

struct block {
    uint32_t number, size;
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    uint32_t frequencies[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];
};

static bool decode(struct list_check *list, struct block *block)
{
    const lede_postings *postings = &list->term->postings;

    block->size = lede_postings_block_size(postings, block->number);
    if (!lede_postings_entries(postings, block->number, block->entries)) {
        return tell(list, "entries do not decode");
    }
    if (!lede_postings_frequencies(postings, block->number,
                                   block->frequencies)) {
        return tell(list, "frequencies do not decode");
    }
    if (!lede_postings_fields(postings, block->number, block->fields)) {
        return tell(list, "fields do not decode");
    }
    return true;
}

static bool check_entries(struct list_check *list, const struct block *block)
{
    const lede_postings *postings = &list->term->postings;
    uint32_t i;

    for (i = 0; i < block->size; i++) {
        if (block->entries[i] >= list->segment->footer.entries ||
            (list->count > 0 && block->entries[i] <= list->last)) {
            return tell(list, "entries do not ascend");
        }
        list->last = block->entries[i];
        list->count++;
    }
    if (list->last != lede_load_u32(lede_postings_last_entries(postings) +
                                    4 * (size_t)block->number)) {
        return tell(list, "a block does not end where it should");
    }
    return true;
}

static bool check_bits(struct list_check *list, const struct block *block)
{
    uint32_t first, i, count = 0;
    lede_span bits;
    size_t byte;

    if (!lede_postings_bits(&list->term->postings, block->number, &first,
                            &bits)) {
        return true;
    }
    for (i = 0; i < block->size; i++) {
        uint32_t bit = block->entries[i] - first;

        if (bit / 8 >= bits.len || (bits.bytes[bit / 8] >> bit % 8 & 1) == 0) {
            return tell(list, "a bit set differs from its entries");
        }
    }
    for (byte = 0; byte < bits.len; byte++) {
        count += (uint32_t)__builtin_popcount(bits.bytes[byte]);
    }
    return count == block->size ||
           tell(list, "a bit set differs from its entries");
}

static bool check_impacts(struct list_check *list, const struct block *block)
{
    const lede_postings *postings = &list->term->postings;
    uint32_t frequency[LEDE_BLOCK_IMPACTS];
    uint8_t length[LEDE_BLOCK_IMPACTS];
    bool is_attained = false;
    uint32_t i;
    unsigned which;

    if (postings->is_flat) {
        for (i = 0; i < block->size; i++) {
            list->fields |= block->fields[i];
            if (block->frequencies[i] != 1) {
                return tell(list, "a frequency in a list without impacts");
            }
        }
        list->max_frequency = 1;
        return true;
    }
    for (which = 0; which < LEDE_BLOCK_IMPACTS; which++) {
        frequency[which] =
            lede_load_u16(lede_postings_impact_frequencies(postings, which) +
                          2 * (size_t)block->number);
        length[which] =
            lede_postings_impact_lengths(postings, which)[block->number];
    }
    for (i = 0; i < block->size; i++) {
        uint32_t own = block->frequencies[i] > LEDE_FREQUENCY_CAP
                           ? LEDE_FREQUENCY_CAP
                           : block->frequencies[i];
        uint8_t own_length = list->segment->lengths.bytes[block->entries[i]];

        which = 0;
        while (which < LEDE_BLOCK_IMPACTS &&
               (own > frequency[which] || own_length < length[which])) {
            which++;
        }
        if (which == LEDE_BLOCK_IMPACTS) {
            return tell(list, "a posting exceeds its block's impacts");
        }
        is_attained =
            is_attained || (own == frequency[0] && own_length == length[0]);
        list->max_frequency =
            own > list->max_frequency ? own : list->max_frequency;
        list->fields |= block->fields[i];
    }
    return is_attained || frequency[0] >= LEDE_FREQUENCY_CAP ||
           tell(list, "an impact is not attained");
}

/* Every posting with positions has one of the list's forms. */
static bool check_forms(struct list_check *list, const struct block *block)
{
    bool found[LEDE_BLOCK_POSTINGS];
    uint32_t i;

    if (list->term->postings.form_count == 0) {
        return true;
    }
    if (!lede_postings_with_forms(&list->term->postings, block->number,
                                  list->all_forms, found)) {
        return tell(list, "forms do not decode");
    }
    for (i = 0; i < block->size; i++) {
        if (!found[i]) {
            return tell(list, "a posting has no form");
        }
    }
    return true;
}

static bool check_positions(struct list_check *list, const struct block *block,
                            lede_position_reader *reader)
{
    uint32_t form_count = list->term->postings.form_count;
    uint32_t i, j, count;
    lede_error err = {0};

    for (i = 0; i < block->size; i++) {
        lede_status status =
            lede_position_reader_get(reader, block->number, i, &count, &err);

        if (status != LEDE_OK) {
            return fail(list, status, &err);
        }
        list->positions += count;
        for (j = 0; j < count; j++) {
            if ((j > 0 && reader->positions[j] < reader->positions[j - 1]) ||
                (form_count > 0 && reader->forms[j] >= form_count)) {
                return tell(list, "positions do not ascend, or have no form");
            }
        }
    }
    return true;
}

/* --- Lists -----------------------------------------------------------------
 */

static bool check_blocks(struct list_check *list)
{
    const lede_postings *postings = &list->term->postings;
    lede_position_reader reader;
    struct block block;
    bool is_good = true;

    lede_position_reader_init(&reader, postings);
    for (block.number = 0; block.number < postings->block_count && is_good;
         block.number++) {
        is_good = decode(list, &block) && check_entries(list, &block) &&
                  check_bits(list, &block) && check_impacts(list, &block) &&
                  check_forms(list, &block) &&
                  (!postings->has_positions ||
                   check_positions(list, &block, &reader));
    }
    lede_position_reader_done(&reader);
    return is_good;
}

/* The flags for "any form", and the table of forms itself. */
static bool prepare_forms(struct list_check *list)
{
    uint32_t count = list->term->postings.form_count;
    lede_error err = {LEDE_NO_MEMORY, "out of memory"};
    lede_form *forms;
    lede_status status;

    if (count == 0) {
        return true;
    }
    lede_arena_clear(&list->arena);
    forms = lede_arena_array(&list->arena, count, sizeof *forms);
    if (forms == NULL) {
        return fail(list, LEDE_NO_MEMORY, &err);
    }
    if (count > list->form_cap) {
        bool *grown = realloc(list->all_forms, count * sizeof *grown);

        if (grown == NULL) {
            return fail(list, LEDE_NO_MEMORY, &err);
        }
        list->all_forms = grown;
        list->form_cap = count;
        memset(grown, 1, count * sizeof *grown);
    }
    status = lede_postings_forms(&list->term->postings, list->term->bytes,
                                 &list->arena, forms, &err);
    return status == LEDE_OK || fail(list, status, &err);
}

/* Pairs are made of the segment's words, and carry fields and nothing else. */
static bool check_pair(struct list_check *list)
{
    const lede_postings *postings = &list->term->postings;

    if (!lede_term_is_pair(list->term->bytes)) {
        return true;
    }
    if (list->pair_words == NULL ||
        !lede_pair_words_have(list->pair_words, list->term->bytes)) {
        return tell(list, "a pair of words that are not the segment's");
    }
    return (!postings->has_positions && postings->form_count == 0 &&
            postings->max_frequency == 1 && postings->fields != 0) ||
           tell(list, "a pair with more than its fields");
}

static void check_list(struct list_check *list)
{
    const lede_term *term = list->term;

    list->positions = 0;
    list->count = list->max_frequency = list->last = 0;
    list->fields = 0;
    if (!check_pair(list) || !prepare_forms(list) || !check_blocks(list)) {
        return;
    }
    list->postings += list->count;
    list->occurrences += list->positions;
    if (list->count != term->entry_count) {
        tell(list, "it does not have the entries that it counts");
    } else if (list->positions != term->occurrences) {
        tell(list, "it does not have the positions that it counts");
    } else if (list->max_frequency != term->postings.max_frequency) {
        tell(list, "its highest frequency is not what it says");
    } else if (list->fields != term->postings.fields) {
        tell(list, "its fields are not what it says");
    }
}

/* --- The dictionary --------------------------------------------------------
 */

/* Terms ascend, and each is found in the block where it stands. */
static void check_place(struct list_check *list, lede_buf *previous)
{
    lede_error err = {LEDE_NO_MEMORY, "out of memory"};
    const lede_term *term = list->term;
    lede_term found;
    lede_status status;

    if (lede_span_compare(lede_buf_span(previous), term->bytes) >= 0) {
        tell(list, "the terms do not ascend");
    }
    lede_buf_clear(previous);
    lede_buf_put_span(previous, term->bytes);
    if (previous->failed) {
        fail(list, LEDE_NO_MEMORY, &err);
        return;
    }
    status = lede_segment_find_term(list->segment, term->bytes, &found, &err);
    if (status == LEDE_NOT_FOUND ||
        (status == LEDE_OK && found.entry_count != term->entry_count)) {
        tell(list, "is not where it would be looked for");
    } else if (status != LEDE_OK) {
        fail(list, status, &err);
    }
}

static uint64_t check_each(struct list_check *list, lede_term_cursor *cursor)
{
    lede_buf previous = {0};
    lede_term term;
    lede_error err = {0};
    uint64_t terms = 0;
    lede_status status = LEDE_OK;

    list->term = &term;
    while (!lede_check_stopped(list->check)) {
        status = lede_term_cursor_next(cursor, &term, &err);
        if (status != LEDE_OK) {
            break;
        }
        terms++;
        list->is_bad = false;
        check_place(list, &previous);
        check_list(list);
    }
    if (status != LEDE_OK && status != LEDE_END) {
        lede_check_failed(list->check, status, &err, "the terms");
    }
    lede_buf_done(&previous);
    return terms;
}

void lede_check_terms(lede_check *check, const lede_segment *segment)
{
    const lede_footer *footer = &segment->footer;
    struct list_check list = {.check = check, .segment = segment};
    lede_term_cursor *cursor = NULL;
    uint64_t before = check->problems;
    uint64_t terms;
    lede_error err = {0};
    lede_status status =
        lede_segment_pair_words(segment, &list.pair_words, &err);

    if (status == LEDE_OK) {
        status = lede_term_cursor_open(segment, &cursor, &err);
    }
    if (status != LEDE_OK) {
        lede_check_failed(check, status, &err, "the terms");
        return;
    }
    terms = check_each(&list, cursor);
    if (check->problems == before && !lede_check_stopped(check) &&
        (terms != footer->terms || list.postings != footer->postings ||
         list.occurrences != footer->occurrences)) {
        lede_check_found(check,
                         "segment %u: it does not have the terms and postings "
                         "that it counts",
                         segment->id);
    }
    lede_term_cursor_close(cursor);
    lede_arena_done(&list.arena);
    free(list.all_forms);
}
