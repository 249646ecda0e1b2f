/* exhaustive.c - the matcher's plain twin; see exhaustive.h. */
#include "tests/query/exhaustive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/entry_terms.h"
#include "base/entry_values.h"
#include "base/time.h"

static const uint32_t nowhere = UINT32_MAX;

/* All of one term's list in a segment. */
typedef struct full_list {
    bool exists;
    bool by_field_only;
    lede_term term;
    lede_form *forms;
    uint32_t *at; /* per entry: the number of its posting, or nowhere */
    uint32_t *frequencies; /* per posting */
    lede_position_reader reader;
    uint32_t held, held_count; /* the posting that the reader holds */
} full_list;

typedef struct naive {
    const lede_snapshot *snapshot;
    const lede_tree *tree;
    const lede_match_options *options;
    lede_error *err;
    const lede_segment *segment;
    uint32_t segment_index;
    full_list **lists; /* per leaf, per term */
    full_list sections;
    lede_span *dates; /* per entry, where it is no instant; else empty */
    lede_column columns[LEDE_COLUMN_COUNT];
    lede_arena arena;
    lede_match_hit *hits;
    size_t hit_count, hit_cap;
} naive;

/* --- Reading everything --------------------------------------------------- */

static lede_status read_list(naive *twin, lede_span name, full_list *list)
{
    uint32_t entries = lede_segment_entries(twin->segment);
    lede_status status =
        lede_segment_find_term(twin->segment, name, &list->term, twin->err);
    const lede_postings *postings = &list->term.postings;
    uint32_t number = 0;

    if (status == LEDE_NOT_FOUND) {
        return LEDE_OK;
    }
    if (status != LEDE_OK) {
        return status;
    }
    list->exists = true;
    list->by_field_only = name.bytes[0] >= 'A' && name.bytes[0] <= 'Z';
    list->at = lede_arena_array(&twin->arena, entries, sizeof *list->at);
    list->frequencies = lede_arena_array(&twin->arena, postings->entry_count,
                                         sizeof *list->frequencies);
    list->forms = lede_arena_array(&twin->arena, postings->form_count + 1u,
                                   sizeof *list->forms);
    lede_position_reader_init(&list->reader, postings);
    list->held = nowhere;
    for (uint32_t i = 0; i < entries; i++) {
        list->at[i] = nowhere;
    }
    for (uint32_t block = 0; block < postings->block_count; block++) {
        uint32_t block_entries[LEDE_BLOCK_POSTINGS];
        uint32_t frequencies[LEDE_BLOCK_POSTINGS];

        if (!lede_postings_entries(postings, block, block_entries) ||
            !lede_postings_frequencies(postings, block, frequencies)) {
            return lede_fail(twin->err, LEDE_CORRUPT, "twin: a bad block");
        }
        for (uint32_t i = 0; i < lede_postings_block_size(postings, block);
             i++) {
            list->at[block_entries[i]] = number;
            list->frequencies[number] = frequencies[i];
            number++;
        }
    }
    return lede_postings_forms(postings, name, &twin->arena, list->forms,
                               twin->err);
}

static lede_status read_dates(naive *twin)
{
    size_t prefix = strlen(LEDE_TERM_DATE);
    lede_term_cursor *cursor = NULL;
    lede_term term;
    lede_status status =
        lede_term_cursor_open(twin->segment, &cursor, twin->err);

    twin->dates =
        lede_arena_array(&twin->arena, lede_segment_entries(twin->segment) + 1u,
                         sizeof *twin->dates);
    while (status == LEDE_OK && (status = lede_term_cursor_next(
                                     cursor, &term, twin->err)) == LEDE_OK) {
        uint32_t entries[LEDE_BLOCK_POSTINGS];
        lede_span date;

        if (!lede_span_starts(term.bytes, LEDE_TERM_DATE)) {
            continue;
        }
        date = lede_arena_copy(
            &twin->arena, lede_span_part(term.bytes, prefix, term.bytes.len));
        for (uint32_t block = 0; block < term.postings.block_count; block++) {
            if (!lede_postings_entries(&term.postings, block, entries)) {
                status = lede_fail(twin->err, LEDE_CORRUPT, "twin: bad dates");
            }
            for (uint32_t i = 0;
                 i < lede_postings_block_size(&term.postings, block); i++) {
                twin->dates[entries[i]] = date;
            }
        }
    }
    lede_term_cursor_close(cursor);
    return status == LEDE_END ? LEDE_OK : status;
}

static lede_status read_segment(naive *twin, uint32_t index)
{
    const lede_tree *tree = twin->tree;
    lede_status status = LEDE_OK;

    twin->segment = lede_snapshot_segment(twin->snapshot, index);
    twin->segment_index = index;
    twin->lists = lede_arena_array(&twin->arena, tree->leaf_count + 1u,
                                   sizeof *twin->lists);
    for (unsigned id = 0; id < LEDE_COLUMN_COUNT && status == LEDE_OK; id++) {
        status = lede_segment_column(twin->segment, (lede_column_id)id,
                                     &twin->columns[id], twin->err);
    }
    twin->sections = (full_list){0};
    if (status == LEDE_OK) {
        status = read_dates(twin);
    }
    if (status == LEDE_OK) {
        status = read_list(twin, lede_span_text(LEDE_TERM_SECTIONS),
                           &twin->sections);
    }
    for (uint32_t i = 0; i < tree->leaf_count && status == LEDE_OK; i++) {
        twin->lists[i] =
            lede_arena_array(&twin->arena, tree->leaves[i].term_count + 1u,
                             sizeof **twin->lists);
        for (uint32_t j = 0;
             j < tree->leaves[i].term_count && status == LEDE_OK; j++) {
            status =
                read_list(twin, tree->leaves[i].terms[j], &twin->lists[i][j]);
        }
    }
    return status;
}

static void leave_segment(naive *twin)
{
    for (uint32_t i = 0; twin->lists != NULL && i < twin->tree->leaf_count;
         i++) {
        for (uint32_t j = 0;
             twin->lists[i] != NULL && j < twin->tree->leaves[i].term_count;
             j++) {
            if (twin->lists[i][j].exists) {
                lede_position_reader_done(&twin->lists[i][j].reader);
            }
        }
    }
    if (twin->sections.exists) {
        lede_position_reader_done(&twin->sections.reader);
    }
    twin->sections = (full_list){0};
    twin->lists = NULL;
    lede_arena_clear(&twin->arena);
}

static int64_t column(const naive *twin, lede_column_id id, uint32_t entry)
{
    return lede_column_get(&twin->columns[id], entry);
}

/* --- Matching --------------------------------------------------------------
 */

static uint32_t positions_of(naive *twin, full_list *list, uint32_t entry)
{
    uint32_t count = 0;
    uint32_t number = list->exists ? list->at[entry] : nowhere;

    if (number == nowhere || number == list->held) {
        return number == nowhere ? 0 : list->held_count;
    }
    if (lede_position_reader_get(&list->reader, number / LEDE_BLOCK_POSTINGS,
                                 number % LEDE_BLOCK_POSTINGS, &count,
                                 twin->err) != LEDE_OK) {
        list->held = nowhere;
        return 0;
    }
    list->held = number;
    list->held_count = count;
    return count;
}

static bool in_fields(const naive *twin, uint32_t entry, uint32_t position,
                      uint8_t fields)
{
    static const lede_column_id ends[LEDE_DEFAULT_FIELDS] = {
        LEDE_COLUMN_END_HEADLINE, LEDE_COLUMN_END_DECK, LEDE_COLUMN_END_AUTHOR,
        LEDE_COLUMN_END_BODY, LEDE_COLUMN_END_CAPTION};

    for (unsigned i = 0; i < LEDE_DEFAULT_FIELDS; i++) {
        if (position < column(twin, ends[i], entry)) {
            return (fields & (1u << i)) != 0;
        }
    }
    return false;
}

/* Is the word one that the leaf asks for exactly? */
static bool has_form(const lede_leaf *leaf, lede_span word)
{
    for (uint32_t i = 0; i < leaf->form_count; i++) {
        if (lede_span_equal(leaf->forms[i], word)) {
            return true;
        }
    }
    return leaf->forms == NULL && lede_span_equal(leaf->word, word);
}

/* Does occurrence `i` of what the reader holds count? */
static bool counts(const naive *twin, const full_list *list,
                   const lede_leaf *leaf, const lede_constraint *constraint,
                   uint32_t entry, uint32_t i)
{
    const lede_form *form = list->term.postings.form_count == 0
                                ? NULL
                                : &list->forms[list->reader.forms[i]];

    if (constraint->exact && (form == NULL || !has_form(leaf, form->word))) {
        return false;
    }
    if (constraint->case_least != LEDE_CASE_LOWER &&
        (form == NULL || form->letter_case < constraint->case_least)) {
        return false;
    }
    return list->by_field_only || constraint->fields == LEDE_ALL_FIELDS ||
           in_fields(twin, entry, list->reader.positions[i],
                     constraint->fields);
}

static bool word_at(naive *twin, uint32_t leaf,
                    const lede_constraint *constraint, uint32_t entry)
{
    const lede_leaf *own = &twin->tree->leaves[leaf];

    for (uint32_t j = 0; j < own->term_count; j++) {
        full_list *list = &twin->lists[leaf][j];
        uint32_t count;

        if (!list->exists || list->at[entry] == nowhere) {
            continue;
        }
        if (constraint == NULL) {
            return true;
        }
        count = positions_of(twin, list, entry);
        if (count == 0 && !constraint->exact &&
            constraint->case_least == LEDE_CASE_LOWER) {
            return true; /* an exact value: no positions, no forms */
        }
        for (uint32_t i = 0; i < count; i++) {
            if (counts(twin, list, own, constraint, entry, i)) {
                return true;
            }
        }
    }
    return false;
}

/* Whether the entry is in any list of the leaf. */
static bool is_listed(const naive *twin, uint32_t leaf, uint32_t entry)
{
    for (uint32_t j = 0; j < twin->tree->leaves[leaf].term_count; j++) {
        if (twin->lists[leaf][j].exists &&
            twin->lists[leaf][j].at[entry] != nowhere) {
            return true;
        }
    }
    return false;
}

/* No positions need be read of a phrase of which a word is missing. */
static bool has_slots(const naive *twin, const lede_node *node, uint32_t entry)
{
    for (uint32_t i = 0; i < node->slot_count; i++) {
        if (!is_listed(twin, node->slots[i].leaf, entry)) {
            return false;
        }
    }
    return true;
}

/* Slots from `slot` on stand from `position` on (slot 0: anywhere). */
static bool slots_from(naive *twin, const lede_node *node, uint32_t slot,
                       uint32_t position, uint32_t entry)
{
    uint32_t leaf;
    const lede_leaf *own;

    if (slot == node->slot_count) {
        return slot > 0;
    }
    leaf = node->slots[slot].leaf;
    own = &twin->tree->leaves[leaf];
    for (uint32_t j = 0; j < own->term_count; j++) {
        full_list *list = &twin->lists[leaf][j];
        uint32_t count = positions_of(twin, list, entry);

        for (uint32_t i = 0; i < count; i++) {
            uint32_t here, width;

            /* Deeper slots may have moved the same reader. */
            positions_of(twin, list, entry);
            here = list->reader.positions[i];
            width = list->term.postings.form_count == 0
                        ? 1
                        : list->forms[list->reader.forms[i]].width;
            if ((slot == 0 || here == position) &&
                counts(twin, list, own, &node->slots[slot].constraint, entry,
                       i) &&
                slots_from(twin, node, slot + 1, here + width, entry)) {
                return true;
            }
        }
    }
    return false;
}

/* --- NEAR ----------------------------------------------------------------
 *
 * Each operand's stretches are listed, then every choice of one of each is
 * held against the words of query/near.h. */

enum { OPERANDS_MOST = LEDE_NEAR_MAX_ORDERED, STRETCHES_MOST = 4096 };

typedef struct choice {
    const lede_node *node;
    lede_stretch *all; /* STRETCHES_MOST */
    uint32_t count;
    uint32_t chosen[OPERANDS_MOST];
} choice;

static uint32_t place_of(naive *twin, const lede_node *node,
                         const full_list *list, uint32_t entry,
                         uint32_t position)
{
    uint32_t place = 0;

    if (node->near.how == LEDE_NEAR_NEAR || node->near.how == LEDE_NEAR_ADJ) {
        while (!list->by_field_only && place < LEDE_DEFAULT_FIELDS &&
               !in_fields(twin, entry, position, (uint8_t)(1u << place))) {
            place++;
        }
        return list->by_field_only ? LEDE_DEFAULT_FIELDS : place;
    }
    for (uint32_t i = 0; i < positions_of(twin, &twin->sections, entry); i++) {
        place += twin->sections.reader.positions[i] <= position;
    }
    return place;
}

/* Lists what begins at `begin` with slots from `slot` on at `position` (slot 0:
 * anywhere). */
static void list_slots(naive *twin, choice *c, const lede_slot *slots,
                       uint32_t slot_count, uint32_t slot, uint32_t operand,
                       uint32_t begin, uint32_t position, uint32_t place,
                       uint32_t entry)
{
    const lede_leaf *own;

    if (slot == slot_count) {
        if (c->count == STRETCHES_MOST) {
            abort();
        }
        c->all[c->count++] = (lede_stretch){begin, position, operand, place};
        return;
    }
    own = &twin->tree->leaves[slots[slot].leaf];
    for (uint32_t j = 0; j < own->term_count; j++) {
        full_list *list = &twin->lists[slots[slot].leaf][j];
        uint32_t count = positions_of(twin, list, entry);

        for (uint32_t i = 0; i < count; i++) {
            uint32_t here, width;

            positions_of(twin, list, entry); /* may have moved meanwhile */
            here = list->reader.positions[i];
            width = list->term.postings.form_count == 0
                        ? 1
                        : list->forms[list->reader.forms[i]].width;
            if ((slot == 0 || here == position) &&
                counts(twin, list, own, &slots[slot].constraint, entry, i)) {
                list_slots(twin, c, slots, slot_count, slot + 1, operand,
                           slot == 0 ? here : begin, here + width,
                           slot == 0
                               ? place_of(twin, c->node, list, entry, here)
                               : place,
                           entry);
            }
        }
    }
}

static void list_operand(naive *twin, choice *c, const lede_node *node,
                         uint32_t operand, uint32_t entry)
{
    lede_slot word = {node->leaf, node->constraint};

    for (uint32_t i = 0; i < node->child_count; i++) {
        list_operand(twin, c, node->children[i], operand, entry);
    }
    if (node->type == LEDE_NODE_WORD) {
        list_slots(twin, c, &word, 1, 0, operand, 0, 0, 0, entry);
    } else if (node->type == LEDE_NODE_PHRASE && node->slot_count > 0) {
        list_slots(twin, c, node->slots, node->slot_count, 0, operand, 0, 0, 0,
                   entry);
    }
}

static int by_begin(const void *left, const void *right)
{
    const lede_stretch *a = left;
    const lede_stretch *b = right;

    return (a->begin > b->begin) - (a->begin < b->begin);
}

static bool is_near(const choice *c)
{
    const lede_near *near = &c->node->near;
    uint32_t operands = c->node->child_count;
    lede_stretch text[OPERANDS_MOST]; /* in its order */
    uint64_t between = 0;

    for (uint32_t i = 0; i < operands; i++) {
        text[i] = c->all[c->chosen[i]];
    }
    if (near->how == LEDE_NEAR_NEAR || near->how == LEDE_NEAR_SAME) {
        qsort(text, operands, sizeof *text, by_begin);
    }
    for (uint32_t i = 1; i < operands; i++) {
        uint32_t last = text[i - 1].end - 1;

        if (text[i].begin <= last || text[i].place != text[0].place) {
            return false;
        }
        if ((near->how == LEDE_NEAR_NEAR || near->how == LEDE_NEAR_ADJ) &&
            text[i].begin - last > near->distance) {
            return false;
        }
        between += text[i].begin - last - 1;
        if (near->how == LEDE_NEAR_GAP &&
            text[i].begin - last - 1 != (near->gaps >> (4 * (i - 1)) & 15)) {
            return false;
        }
    }
    return near->how != LEDE_NEAR_SLOP || between <= near->distance;
}

/* Whether a stretch can stand beside those chosen for the operands before: in
 * one place, and without overlap. (What is_near says of them in the end, said
 * earlier: all choices of eight operands are too many to go through.) */
static bool can_join(const choice *c, uint32_t operand, uint32_t stretch)
{
    const lede_stretch *one = &c->all[stretch];

    for (uint32_t i = 0; i < operand; i++) {
        const lede_stretch *other = &c->all[c->chosen[i]];

        if (other->place != one->place ||
            (other->begin < one->end && one->begin < other->end)) {
            return false;
        }
    }
    return one->operand == operand;
}

static bool choose(choice *c, uint32_t operand)
{
    if (operand == c->node->child_count) {
        return is_near(c);
    }
    for (uint32_t i = 0; i < c->count; i++) {
        c->chosen[operand] = i;
        if (can_join(c, operand, i) && choose(c, operand + 1)) {
            return true;
        }
    }
    return false;
}

static bool near_at(naive *twin, const lede_node *node, uint32_t entry)
{
    choice c = {.node = node};
    bool found;

    c.all = malloc(STRETCHES_MOST * sizeof *c.all);
    if (c.all == NULL) {
        abort();
    }
    for (uint32_t i = 0; i < node->child_count; i++) {
        list_operand(twin, &c, node->children[i], i, entry);
    }
    found = choose(&c, 0);
    free(c.all);
    return found;
}

/* 2024-01 is from the 1st of January to the 31st, by whatever clock. */
static bool time_at(const naive *twin, const lede_period *period,
                    uint32_t entry)
{
    int64_t time = column(twin, LEDE_COLUMN_TIME, entry);
    const lede_day_range *days = &period->days;
    lede_span date = twin->dates[entry];
    int year = 0, first_month = 1, last_month = 12, first = 1, last;
    char text[16];
    int parts;
    int64_t begin, end;

    if (date.len == 0 || time == LEDE_INSTANT_NONE) {
        return time != LEDE_INSTANT_NONE && time >= period->begin &&
               (period->end == INT64_MAX || time < period->end);
    }
    snprintf(text, sizeof text, "%.*s", (int)date.len,
             (const char *)date.bytes);
    parts = sscanf(text, "%d-%d-%d", &year, &first_month, &first);
    last_month = parts > 1 ? first_month : 12;
    last =
        parts > 2 ? first : (int)lede_days_in_month(year, (unsigned)last_month);
    begin = lede_days_from_civil(year, (unsigned)first_month, (unsigned)first);
    end = lede_days_from_civil(year, (unsigned)last_month, (unsigned)last) + 1;
    return begin >= days->begin && (end <= days->end || begin < days->begun);
}

static bool node_at(naive *twin, const lede_node *node, uint32_t entry)
{
    int64_t time;
    uint32_t found = 0;

    switch (node->type) {
    case LEDE_NODE_WORD:
        return word_at(twin, node->leaf, &node->constraint, entry);
    case LEDE_NODE_TERM:
        return word_at(twin, node->leaf, NULL, entry);
    case LEDE_NODE_PHRASE:
        return has_slots(twin, node, entry) &&
               slots_from(twin, node, 0, 0, entry);
    case LEDE_NODE_NEAR:
        return near_at(twin, node, entry);
    case LEDE_NODE_GROUP:
        for (uint32_t i = 0; i < node->child_count && found < node->need; i++) {
            found += node_at(twin, node->children[i], entry);
        }
        return found >= node->need;
    case LEDE_NODE_NOT:
        return !node_at(twin, node->children[0], entry);
    case LEDE_NODE_UPDATED:
        time = lede_updated_decode(column(twin, LEDE_COLUMN_UPDATED, entry));
        return time != LEDE_INSTANT_NONE && time >= node->period.begin &&
               (node->period.end == INT64_MAX || time < node->period.end);
    case LEDE_NODE_TIME:
        return time_at(twin, &node->period, entry);
    case LEDE_NODE_ENTRIES:
        for (uint32_t i = 0; i < node->key_count; i++) {
            found +=
                node->keys[i] == (uint64_t)column(twin, LEDE_COLUMN_KEY, entry);
        }
        return found > 0;
    case LEDE_NODE_ALL:
        return true;
    case LEDE_NODE_NONE:
        break;
    }
    return false;
}

static bool matches(naive *twin, uint32_t entry)
{
    int64_t time = column(twin, LEDE_COLUMN_TIME, entry);

    return !lede_segment_is_deleted(twin->segment, entry) &&
           !(twin->options->has_as_of && time != LEDE_INSTANT_NONE &&
             time > twin->options->as_of) &&
           node_at(twin, twin->tree->root, entry);
}

/* --- Scoring ---------------------------------------------------------------
 */

static uint64_t text_of(naive *twin, const lede_leaf_statistics *statistics,
                        uint32_t entry)
{
    uint64_t text = 0;

    for (uint32_t i = 0; i < twin->tree->leaf_count; i++) {
        const lede_leaf *leaf = &twin->tree->leaves[i];
        uint64_t frequency = 0;

        for (uint32_t j = 0; j < leaf->term_count; j++) {
            const full_list *list = &twin->lists[i][j];

            if (list->exists && list->at[entry] != nowhere) {
                frequency += list->frequencies[list->at[entry]];
            }
        }
        if (leaf->scores && frequency > 0) {
            text += lede_score_part(&statistics[i], leaf->boost,
                                    (uint32_t)frequency,
                                    lede_segment_lengths(twin->segment)[entry]);
        }
    }
    return text;
}

static void add_hit(naive *twin, const lede_leaf_statistics *statistics,
                    uint32_t entry)
{
    int64_t time = column(twin, LEDE_COLUMN_TIME, entry);
    lede_match_hit hit = {.time = time,
                          .key = (uint64_t)column(twin, LEDE_COLUMN_KEY, entry),
                          .segment = twin->segment_index,
                          .entry = entry};

    if (twin->options->sort == LEDE_SORT_RELEVANCE) {
        hit.text = text_of(twin, statistics, entry);
        hit.score = (double)hit.text * 0x1p-20 *
                    lede_recency_factor(
                        twin->options,
                        column(twin, LEDE_COLUMN_TRUST, entry) != 0, time);
    }
    if (twin->hit_count == twin->hit_cap) {
        twin->hit_cap = twin->hit_cap * 2 + 64;
        twin->hits = realloc(twin->hits, twin->hit_cap * sizeof *twin->hits);
        if (twin->hits == NULL) {
            abort();
        }
    }
    twin->hits[twin->hit_count] = hit;
    twin->hit_count++;
}

static int by_key(const lede_match_hit *a, const lede_match_hit *b)
{
    return (a->key > b->key) - (a->key < b->key);
}

static int newest_first(const void *left, const void *right)
{
    const lede_match_hit *a = left;
    const lede_match_hit *b = right;

    if (a->score != b->score) {
        return a->score > b->score ? -1 : 1;
    }
    if (a->time != b->time) {
        return a->time > b->time ? -1 : 1; /* none is the smallest */
    }
    return by_key(a, b);
}

static int oldest_first(const void *left, const void *right)
{
    const lede_match_hit *a = left;
    const lede_match_hit *b = right;

    if (a->time == b->time) {
        return by_key(a, b);
    }
    if (a->time == LEDE_INSTANT_NONE || b->time == LEDE_INSTANT_NONE) {
        return a->time == LEDE_INSTANT_NONE ? 1 : -1;
    }
    return a->time < b->time ? -1 : 1;
}

static lede_status run_segments(naive *twin,
                                const lede_leaf_statistics *statistics)
{
    for (uint32_t i = 0; i < lede_snapshot_segment_count(twin->snapshot); i++) {
        lede_status status = read_segment(twin, i);

        for (uint32_t entry = 0;
             status == LEDE_OK && entry < lede_segment_entries(twin->segment);
             entry++) {
            if (matches(twin, entry)) {
                add_hit(twin, statistics, entry);
            }
        }
        leave_segment(twin);
        if (status != LEDE_OK) {
            return status;
        }
    }
    return LEDE_OK;
}

lede_status exhaustive_run(const lede_snapshot *snapshot, const lede_tree *tree,
                           const lede_match_options *options,
                           lede_match_result *out, lede_error *err)
{
    naive twin = {
        .snapshot = snapshot, .tree = tree, .options = options, .err = err};
    lede_leaf_statistics statistics[LEDE_TREE_MAX_LEAVES];
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < tree->leaf_count && status == LEDE_OK; i++) {
        status = lede_match_leaf_statistics(snapshot, &tree->leaves[i],
                                            &statistics[i], err);
    }
    if (status == LEDE_OK) {
        status = run_segments(&twin, statistics);
    }
    lede_arena_done(&twin.arena);
    if (status != LEDE_OK) {
        free(twin.hits);
        return status;
    }
    if (twin.hit_count > 0) {
        qsort(twin.hits, twin.hit_count, sizeof *twin.hits,
              options->sort == LEDE_SORT_OLDEST ? oldest_first : newest_first);
    }
    *out = (lede_match_result){
        .hits = twin.hits,
        .hit_count = twin.hit_count < options->k ? twin.hit_count : options->k,
        .total = twin.hit_count};
    return LEDE_OK;
}

lede_status exhaustive_entry(const lede_snapshot *snapshot,
                             const lede_tree *tree, const lede_node *node,
                             uint32_t segment, uint32_t entry, bool *out,
                             lede_error *err)
{
    naive twin = {.snapshot = snapshot, .tree = tree, .err = err};
    lede_status status = read_segment(&twin, segment);

    if (status == LEDE_OK) {
        *out = !lede_segment_is_deleted(twin.segment, entry) &&
               node_at(&twin, node, entry);
    }
    leave_segment(&twin);
    lede_arena_done(&twin.arena);
    return status;
}
