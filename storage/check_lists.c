#include "storage/check_internal.h"

#include <stdlib.h>
#include <string.h>

/* One term being looked at. Only the first thing wrong with a term is told. */
struct list_check {
    lede_check *check;
    const lede_segment *segment;
    const lede_term *term;
    bool *all_forms; /* flags, all set */
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
    uint32_t frequency[2];
    uint8_t length[2];
    bool is_attained = false;
    uint32_t i;
    unsigned which;

    for (which = 0; which < 2; which++) {
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

        if ((own > frequency[0] || own_length < length[0]) &&
            (own > frequency[1] || own_length < length[1])) {
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
        if (lede_position_reader_get(reader, block->number, i, &count, &err) !=
            LEDE_OK) {
            return tell(list, err.message);
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
static lede_status prepare_forms(struct list_check *list, lede_error *err)
{
    uint32_t count = list->term->postings.form_count;
    lede_form *forms;

    if (count == 0) {
        return LEDE_OK;
    }
    lede_arena_clear(&list->arena);
    forms = lede_arena_array(&list->arena, count, sizeof *forms);
    if (forms == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "check: out of memory");
    }
    if (count > list->form_cap) {
        bool *grown = realloc(list->all_forms, count * sizeof *grown);

        if (grown == NULL) {
            return lede_fail(err, LEDE_NO_MEMORY, "check: out of memory");
        }
        list->all_forms = grown;
        list->form_cap = count;
        memset(grown, 1, count * sizeof *grown);
    }
    if (lede_postings_forms(&list->term->postings, list->term->bytes,
                            &list->arena, forms, NULL) != LEDE_OK) {
        tell(list, "its forms are damaged");
    }
    return LEDE_OK;
}

static lede_status check_list(struct list_check *list, lede_error *err)
{
    const lede_term *term = list->term;
    lede_status status;

    list->positions = 0;
    list->count = list->max_frequency = list->last = 0;
    list->fields = 0;
    list->is_bad = false;
    status = prepare_forms(list, err);
    if (status != LEDE_OK || list->is_bad || !check_blocks(list)) {
        return status;
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
    return LEDE_OK;
}

/* --- The dictionary --------------------------------------------------------
 */

struct order_check {
    lede_buf previous;
    const lede_dictionary *dictionary;
};

/* Terms ascend, and each is found in the block where it stands. */
static bool is_in_place(struct order_check *order, const lede_term *term,
                        const lede_segment *segment)
{
    lede_term found;

    if (lede_span_compare(lede_buf_span(&order->previous), term->bytes) >= 0 ||
        lede_segment_find_term(segment, term->bytes, &found, NULL) != LEDE_OK ||
        found.entry_count != term->entry_count) {
        return false;
    }
    lede_buf_clear(&order->previous);
    lede_buf_put_span(&order->previous, term->bytes);
    return true;
}

static lede_status check_each(struct list_check *list, lede_term_cursor *cursor,
                              struct order_check *order, uint64_t *terms,
                              lede_error *err)
{
    lede_term term;
    lede_error own = {0};
    lede_status status;

    list->term = &term;
    for (;;) {
        if (lede_check_stopped(list->check)) {
            return LEDE_INTERRUPTED;
        }
        status = lede_term_cursor_next(cursor, &term, &own);
        if (status != LEDE_OK) {
            break;
        }
        ++*terms;
        list->is_bad = false;
        if (!is_in_place(order, &term, list->segment)) {
            tell(list, "is not where it would be looked for");
        }
        status = check_list(list, err);
        if (status != LEDE_OK) {
            return status;
        }
    }
    if (status == LEDE_NO_MEMORY) {
        return lede_fail(err, status, "%s", own.message);
    }
    if (status != LEDE_END) {
        lede_check_found(list->check, "after %llu terms: %s",
                         (unsigned long long)*terms, own.message);
    }
    return LEDE_OK;
}

lede_status lede_check_terms(lede_check *check, const lede_segment *segment,
                             lede_error *err)
{
    const lede_footer *footer = &segment->footer;
    struct list_check list = {.check = check, .segment = segment};
    struct order_check order = {0};
    lede_term_cursor *cursor = NULL;
    uint64_t before = check->problems;
    uint64_t terms = 0;
    lede_error own = {0};
    lede_status status = lede_term_cursor_open(segment, &cursor, &own);

    if (status != LEDE_OK) {
        lede_check_found(check, "%s", own.message);
        return status == LEDE_NO_MEMORY ? status : LEDE_OK;
    }
    status = check_each(&list, cursor, &order, &terms, err);
    if (status == LEDE_OK && check->problems == before &&
        (terms != footer->terms || list.postings != footer->postings ||
         list.occurrences != footer->occurrences)) {
        lede_check_found(check,
                         "segment %u: it does not have the terms and postings "
                         "that it counts",
                         segment->id);
    }
    lede_term_cursor_close(cursor);
    lede_buf_done(&order.previous);
    lede_arena_done(&list.arena);
    free(list.all_forms);
    return status;
}
