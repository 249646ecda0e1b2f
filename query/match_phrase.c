/* match_phrase.c - do the words stand one behind the other?
 *
 * Slot by slot: `ends` holds, ascending, the positions at which the next slot
 * may stand; a slot's occurrences at those positions that count yield the next
 * ends, each its position plus the width of the form there. Where all widths
 * are 1, `ends` holds where the phrase may begin, and slots are asked rarest
 * first: few beginnings are left, or none, before a frequent word is read. */
#include <stdlib.h>

#include "query/match_node.h"

bool lede_match_cursor_read(lede_match_nodes *nodes, lede_match_cursor *cursor,
                            uint32_t limit, uint32_t *count)
{
    lede_matching *matching = nodes->matching;
    lede_status status;

    if (!cursor->reading) {
        lede_position_reader_init(&cursor->reader, cursor->list.postings);
        cursor->reading = true;
        cursor->next_reading = nodes->reading;
        nodes->reading = cursor;
    }
    if (cursor->reader.lent == NULL ||
        cursor->reader.entries_block != cursor->list.block) {
        lede_position_reader_lend_open(&cursor->reader, &cursor->list.opened,
                                       cursor->list.entries);
    }
    status = lede_position_reader_get_until(&cursor->reader, cursor->list.block,
                                            cursor->list.at, limit, count,
                                            matching->err);
    if (status == LEDE_OK) {
        return true;
    }
    if (matching->status == LEDE_OK) {
        matching->status = status;
    }
    return false;
}

bool lede_match_position_in(lede_matching *matching, uint32_t entry,
                            uint32_t position, uint8_t fields)
{
    for (unsigned field = 0; field < LEDE_DEFAULT_FIELDS; field++) {
        lede_column_id id =
            (lede_column_id)((unsigned)LEDE_COLUMN_END_HEADLINE + field);

        if (position < lede_matching_column(matching, id, entry)) {
            return (fields >> field & 1) != 0;
        }
    }
    return false;
}

static bool make_room(lede_match_nodes *nodes, uint32_t count)
{
    uint32_t cap = nodes->cap == 0 ? 64 : nodes->cap;
    uint32_t *ends, *next;

    if (count <= nodes->cap) {
        return true;
    }
    while (cap < count && cap <= UINT32_MAX / 8) {
        cap *= 2;
    }
    cap = cap < count ? count : cap;
    ends = realloc(nodes->ends, (size_t)cap * sizeof *ends);
    if (ends != NULL) {
        nodes->ends = ends;
    }
    next = realloc(nodes->next_ends, (size_t)cap * sizeof *next);
    if (next != NULL) {
        nodes->next_ends = next;
    }
    if (ends == NULL || next == NULL) {
        if (nodes->matching->status == LEDE_OK) {
            nodes->matching->status =
                lede_fail(nodes->matching->err, LEDE_NO_MEMORY,
                          "out of memory while matching");
        }
        return false;
    }
    nodes->cap = cap;
    return true;
}

bool lede_match_occurrence_counts(lede_matching *matching,
                                  const lede_match_cursor *cursor, uint32_t i)
{
    return (cursor->wanted == NULL ||
            cursor->wanted[cursor->reader.forms[i]]) &&
           (cursor->fields == 0 ||
            lede_match_position_in(matching, cursor->list.entry,
                                   cursor->reader.positions[i],
                                   cursor->fields));
}

/* Appends to next_ends those of `count` ends that are among the positions, each
 * less `shift`, without a branch that depends on which of the two is less. */
static uint32_t intersect(const lede_match_nodes *nodes, uint32_t count,
                          const uint32_t *positions, uint32_t occurrences,
                          uint32_t shift, uint32_t next_count)
{
    const uint32_t *ends = nodes->ends;
    uint32_t *next = nodes->next_ends;
    uint32_t i = 0, j = 0;

    while (j < occurrences && positions[j] < shift) {
        j++; /* the phrase would begin before the entry */
    }
    while (i < count && j < occurrences) {
        uint32_t end = ends[i];
        uint32_t begin = positions[j] - shift;

        next[next_count] = end;
        next_count += end == begin;
        i += end <= begin;
        j += begin <= end;
    }
    return next_count;
}

/* Appends to next_ends what the cursor's occurrences yield: those `shift`
 * behind one of `count` ends, or all if `anywhere`. */
static bool follow(lede_match_nodes *nodes, lede_match_cursor *cursor,
                   bool anywhere, bool ordered, uint32_t shift, uint32_t count,
                   uint32_t *next_count)
{
    uint32_t last = anywhere ? UINT32_MAX : nodes->ends[count - 1];
    uint32_t limit = last > UINT32_MAX - shift ? UINT32_MAX : last + shift;
    bool is_plain = ordered && cursor->wanted == NULL && cursor->fields == 0;
    const uint32_t *positions;
    uint32_t occurrences;
    uint32_t at = 0;

    if (!lede_match_cursor_read(nodes, cursor, limit, &occurrences) ||
        occurrences > UINT32_MAX - *next_count - 1 ||
        !make_room(nodes, *next_count + occurrences + 1)) {
        return false;
    }
    positions = cursor->reader.positions;
    if (is_plain && !anywhere) {
        *next_count =
            intersect(nodes, count, positions, occurrences, shift, *next_count);
        return true;
    }
    for (uint32_t i = 0; i < occurrences; i++) {
        uint32_t begin = positions[i] - shift;

        if (begin > UINT32_MAX - shift) {
            continue; /* the phrase would begin before the entry */
        }
        while (!anywhere && at < count && nodes->ends[at] < begin) {
            at++;
        }
        if (!anywhere && at == count) {
            break;
        }
        if ((anywhere || nodes->ends[at] == begin) &&
            (is_plain ||
             lede_match_occurrence_counts(nodes->matching, cursor, i))) {
            nodes->next_ends[*next_count] =
                begin + (ordered ? 0u
                         : cursor->widths == NULL
                             ? 1u
                             : cursor->widths[cursor->reader.forms[i]]);
            (*next_count)++;
        }
    }
    return true;
}

static int compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

/* Mostly sorted already: only widths disturb the order, and second lists. */
static void sort(uint32_t *values, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        if (values[i - 1] > values[i]) {
            qsort(values, count, sizeof *values, compare);
            return;
        }
    }
}

bool lede_match_phrase_at(lede_match_nodes *nodes, lede_match_node *node,
                          uint32_t entry)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < node->word_count; i++) {
        uint32_t slot = node->order != NULL ? node->order[i] : i;
        uint32_t shift = node->order != NULL ? slot : 0;
        lede_match_word *word = &node->words[slot];
        uint32_t next_count = 0;
        uint32_t *swap;

        for (uint32_t j = 0; j < word->cursor_count; j++) {
            if (word->cursors[j].list.entry != entry) {
                continue;
            }
            if (!follow(nodes, &word->cursors[j], i == 0, node->order != NULL,
                        shift, count, &next_count)) {
                return false;
            }
        }
        if (next_count == 0) {
            return false;
        }
        sort(nodes->next_ends, next_count);
        swap = nodes->ends;
        nodes->ends = nodes->next_ends;
        nodes->next_ends = swap;
        count = next_count;
    }
    return count > 0;
}
