/* match_compile.c - compiles the tree for a segment; see match_node.h. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "query/match_node.h"
#include "query/match_pairs.h"
#include "query/match_time.h"

bool lede_match_is_constrained(const lede_constraint *constraint)
{
    return constraint->exact || constraint->case_least != LEDE_CASE_LOWER ||
           (constraint->fields & LEDE_ALL_FIELDS) != LEDE_ALL_FIELDS;
}

/* --- Compiling
 * ---------------------------------------------------------------- */

bool lede_match_has_fields(lede_span term)
{
    return term.len > 0 && !(term.bytes[0] >= 'A' && term.bytes[0] <= 'Z');
}

/* The field by name that a term is of; 0 if it is of none. Behind its prefix no
 * capital stands. */
static uint8_t field_of(lede_span term)
{
    for (unsigned field = LEDE_DEFAULT_FIELDS;
         !lede_match_has_fields(term) && field < LEDE_FIELD_COUNT; field++) {
        const char *prefix = lede_field_prefix((lede_field)field);
        size_t len = strlen(prefix);

        if (lede_span_starts(term, prefix) && term.len > len &&
            !(term.bytes[len] >= 'A' && term.bytes[len] <= 'Z')) {
            return (uint8_t)field;
        }
    }
    return 0;
}

static bool form_counts(const lede_form *form, const lede_leaf *leaf,
                        const lede_constraint *constraint)
{
    return form->letter_case >= constraint->case_least &&
           (!constraint->exact || lede_leaf_has_form(leaf, form->word));
}

static const lede_constraint any_place = {.fields = LEDE_ALL_FIELDS};

/* Reads the forms of the cursor's list: which count, how wide they are. False
 * if none counts, or on failure (noted). */
static bool compile_forms(lede_matching *matching, lede_match_cursor *cursor,
                          lede_span term, const lede_leaf *leaf,
                          const lede_constraint *constraint)
{
    const lede_postings *list = cursor->list.postings;
    uint32_t count = list->form_count;
    lede_form *forms = lede_matching_get(matching, count + 1u, sizeof *forms);
    bool *wanted = lede_matching_get(matching, count + 1u, sizeof *wanted);
    uint8_t *widths = lede_matching_get(matching, count + 1u, sizeof *widths);
    uint32_t counting = 0;
    bool wide = false;
    lede_status status;

    if (forms == NULL || wanted == NULL || widths == NULL) {
        return false;
    }
    status = lede_postings_forms(list, term, &matching->passing, forms,
                                 matching->err);
    if (status != LEDE_OK) {
        if (matching->status == LEDE_OK) {
            matching->status = status;
        }
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        wanted[i] = form_counts(&forms[i], leaf, constraint);
        widths[i] = forms[i].width > 0 ? forms[i].width : 1;
        counting += wanted[i];
        wide = wide || (wanted[i] && widths[i] > 1);
    }
    cursor->wanted = counting < count ? wanted : NULL;
    cursor->widths = wide ? widths : NULL;
    return counting > 0;
}

/* False if no occurrence in the list can count. */
static bool compile_cursor(lede_matching *matching, lede_match_cursor *cursor,
                           const lede_match_lists *lists, uint32_t index,
                           const lede_leaf *leaf,
                           const lede_constraint *constraint, bool positions)
{
    const lede_postings *list = &lists->items[index];
    uint8_t fields = constraint->fields & LEDE_ALL_FIELDS;
    bool by_form =
        constraint->exact || constraint->case_least != LEDE_CASE_LOWER;

    lede_match_list_init(&cursor->list, matching, list);
    cursor->forms_block = cursor->fields_block = LEDE_MATCH_NO_BLOCK;
    cursor->field = field_of(lists->terms[index]);
    if (lede_match_has_fields(lists->terms[index]) &&
        (list->fields & ~(unsigned)fields) != 0) {
        if ((list->fields & fields) == 0) {
            return false;
        }
        cursor->fields = fields;
    }
    if (by_form && list->form_count == 0) {
        return false;
    }
    return (!by_form && !positions) || list->form_count == 0 ||
           compile_forms(matching, cursor, lists->terms[index], leaf,
                         constraint);
}

static bool compile_word(lede_matching *matching, lede_match_word *word,
                         uint32_t leaf, const lede_constraint *constraint,
                         bool positions, uint64_t *cost)
{
    const lede_match_lists *lists = lede_matching_lists(matching, leaf);

    word->cursors =
        lede_matching_get(matching, lists->count + 1u, sizeof *word->cursors);
    if (word->cursors == NULL) {
        return false;
    }
    *cost = 0;
    for (uint32_t i = 0; i < lists->count; i++) {
        if (compile_cursor(matching, &word->cursors[word->cursor_count], lists,
                           i, &matching->tree->leaves[leaf], constraint,
                           positions)) {
            word->cursor_count++;
            *cost += lists->items[i].entry_count;
        } else {
            word->cursors[word->cursor_count] = (lede_match_cursor){0};
        }
    }
    return true;
}

static bool is_wide(const lede_match_word *word)
{
    for (uint32_t i = 0; i < word->cursor_count; i++) {
        if (word->cursors[i].widths != NULL) {
            return true;
        }
    }
    return false;
}

/* Puts the slots in order, `costs` of them ascending, where that can be done:
 * from a slot of unknown width no other can be told but the next. */
static bool order_slots(lede_matching *matching, lede_match_node *out,
                        const uint64_t *costs)
{
    uint32_t *order =
        lede_matching_get(matching, out->word_count + 1u, sizeof *order);

    if (order == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < out->word_count; i++) {
        uint32_t at = i;

        if (is_wide(&out->words[i])) {
            return true;
        }
        for (; at > 0 && costs[order[at - 1]] > costs[i]; at--) {
            order[at] = order[at - 1];
        }
        order[at] = i;
    }
    out->order = order;
    return true;
}

static void open_pair(lede_matching *matching, lede_match_cursor *cursor,
                      const lede_match_pair *pair)
{
    lede_match_list_init(&cursor->list, matching, &pair->lists.items[0]);
    cursor->forms_block = cursor->fields_block = LEDE_MATCH_NO_BLOCK;
    cursor->fields = pair->fields;
}

/* A phrase that pairs answer: *done. Else its pairs, to go by. */
static bool compile_pairs(lede_matching *matching, lede_match_node *out,
                          const lede_node *node, bool *done)
{
    const lede_match_pairs *pairs = lede_match_pairs_of(matching, node);

    *done = false;
    if (pairs == NULL) {
        return false;
    }
    if (pairs->none) {
        out->type = LEDE_NODE_NONE;
        out->cost = 0;
        *done = true;
        return true;
    }
    if (pairs->count == 0) {
        return true;
    }
    out->pairs = lede_matching_get(matching, pairs->count, sizeof *out->pairs);
    if (out->pairs == NULL) {
        return false;
    }
    out->pair_count = pairs->count;
    for (uint32_t i = 0; i < pairs->count; i++) {
        open_pair(matching, &out->pairs[i], &pairs->items[i]);
    }
    if (pairs->answers) { /* it is a word, as far as lists go */
        out->words = lede_matching_get(matching, 1, sizeof *out->words);
        if (out->words == NULL) {
            return false;
        }
        out->type = LEDE_NODE_WORD;
        out->words[0].cursors = out->pairs;
        out->words[0].cursor_count = out->word_count = 1;
        out->cost = pairs->items[0].lists.postings;
        *done = true;
    }
    return true;
}

/* What pairs say makes the phrase cheaper. */
static void go_by_pairs(lede_matching *matching, lede_match_node *out,
                        const lede_node *node)
{
    const lede_match_pairs *pairs = lede_match_pairs_of(matching, node);

    for (uint32_t i = 0; pairs != NULL && i < pairs->count; i++) {
        const lede_match_pair *pair = &pairs->items[i];

        out->words[pair->slot].implied = true;
        out->words[pair->slot + 1].implied = true;
        out->cost =
            pair->lists.postings < out->cost ? pair->lists.postings : out->cost;
    }
}

static bool compile_words(lede_matching *matching, lede_match_node *out,
                          const lede_node *node, bool for_near)
{
    bool phrase = node->type == LEDE_NODE_PHRASE;
    uint64_t *costs;
    bool done = false;

    if (phrase && !for_near && !compile_pairs(matching, out, node, &done)) {
        return false;
    }
    if (done) {
        return true;
    }
    out->word_count = phrase ? node->slot_count : 1;
    out->words =
        lede_matching_get(matching, out->word_count + 1u, sizeof *out->words);
    if (out->words == NULL) {
        return false;
    }
    costs = lede_matching_get(matching, out->word_count + 1u, sizeof *costs);
    if (costs == NULL) {
        return false;
    }
    out->cost = UINT64_MAX;
    for (uint32_t i = 0; i < out->word_count; i++) {
        uint32_t leaf = phrase ? node->slots[i].leaf : node->leaf;
        const lede_constraint *constraint = phrase ? &node->slots[i].constraint
                                            : node->type == LEDE_NODE_TERM
                                                ? &any_place
                                                : &node->constraint;

        if (!compile_word(matching, &out->words[i], leaf, constraint,
                          phrase || for_near, &costs[i])) {
            return false;
        }
        out->cost = costs[i] < out->cost ? costs[i] : out->cost;
    }
    if (phrase && !for_near && !order_slots(matching, out, costs)) {
        return false;
    }
    if (out->pair_count > 0) {
        go_by_pairs(matching, out, node);
    }
    if (phrase && out->word_count == 0) {
        out->type = LEDE_NODE_NONE;
        out->cost = 0;
    } else if (!phrase) {
        out->type = LEDE_NODE_WORD;
    }
    return true;
}

/* Puts the entries of a list that count into the set, block by block. */
static bool fill_set(lede_match_nodes *nodes, lede_match_cursor *cursor,
                     uint64_t *set)
{
    const lede_postings *list = cursor->list.postings;
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    bool with_forms[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];

    for (uint32_t block = 0; block < list->block_count; block++) {
        uint32_t size = lede_postings_block_size(list, block);
        bool has_fields = true;

        if (cursor->fields != 0 &&
            lede_postings_has_fields(list, block, cursor->fields,
                                     &has_fields) &&
            !has_fields) {
            continue;
        }
        if (!lede_postings_entries(list, block, entries) ||
            (cursor->wanted != NULL &&
             !lede_postings_with_forms(list, block, cursor->wanted,
                                       with_forms)) ||
            (cursor->fields != 0 &&
             !lede_postings_fields(list, block, fields))) {
            lede_matching_fail(nodes->matching, LEDE_CORRUPT,
                               "a posting list is damaged");
            return false;
        }
        for (uint32_t i = 0; i < size; i++) {
            bool counts =
                (cursor->wanted == NULL || with_forms[i]) &&
                (cursor->fields == 0 || (fields[i] & cursor->fields) != 0);

            set[entries[i] / 64] |= (uint64_t)counts << (entries[i] % 64);
        }
    }
    return true;
}

/* Where both the form and the field matter, positions may have to tell. */
static bool fill_set_slowly(lede_match_nodes *nodes, lede_match_cursor *cursor,
                            uint64_t *set)
{
    uint32_t entry = lede_match_list_seek(&cursor->list, 0);

    for (; entry != LEDE_MATCH_END;
         entry = lede_match_list_seek(&cursor->list, entry + 1)) {
        if (lede_match_cursor_matches(nodes, cursor)) {
            set[entry / 64] |= UINT64_C(1) << (entry % 64);
        }
    }
    return nodes->matching->status == LEDE_OK;
}

static bool fill(lede_match_nodes *nodes, lede_match_cursor *cursor,
                 uint64_t *set)
{
    return cursor->wanted != NULL && cursor->fields != 0
               ? fill_set_slowly(nodes, cursor, set)
               : fill_set(nodes, cursor, set);
}

static bool begin_set(lede_matching *matching, lede_match_node *out)
{
    out->type = LEDE_NODE_TERM;
    out->end = matching->entries;
    out->set = lede_matching_get(matching, matching->entries / 64 + 1u,
                                 sizeof *out->set);
    return out->set != NULL;
}

/* All entries of a word are found at once where that is better than to look
 * each up in its lists. */
static bool make_set(lede_match_nodes *nodes, lede_match_node *out)
{
    enum { READS_FOR_A_CHECK = 2 };
    lede_match_word *word = &out->words[0];
    bool is_made = true;

    if (word->cursor_count == 0 ||
        out->cost > nodes->checks * READS_FOR_A_CHECK) {
        return true;
    }
    if (!begin_set(nodes->matching, out)) {
        return false;
    }
    for (uint32_t i = 0; i < word->cursor_count && is_made; i++) {
        is_made = fill(nodes, &word->cursors[i], out->set);
    }
    return is_made;
}

/* Ends what the cursor reads, which no other was begun after. */
static void close_reader(lede_match_nodes *nodes, lede_match_cursor *cursor)
{
    if (cursor->reading) {
        assert(nodes->reading == cursor);
        nodes->reading = cursor->next_reading;
        lede_position_reader_done(&cursor->reader);
    }
}

/* The same of a word of many lists, one after another by the same cursor:
 * hundreds of them would be megabytes. */
static bool make_set_of_many(lede_match_nodes *nodes, lede_match_node *out,
                             const lede_match_lists *lists,
                             const lede_leaf *leaf,
                             const lede_constraint *constraint)
{
    lede_matching *matching = nodes->matching;
    lede_match_cursor *cursor = lede_matching_get(matching, 1, sizeof *cursor);
    bool is_made = cursor != NULL && begin_set(matching, out);

    out->cost = 0;
    for (uint32_t i = 0; i < lists->count && is_made; i++) {
        *cursor = (lede_match_cursor){0};
        if (compile_cursor(matching, cursor, lists, i, leaf, constraint,
                           false)) {
            out->cost += lists->items[i].entry_count;
            is_made = fill(nodes, cursor, out->set);
        }
        close_reader(nodes, cursor);
        is_made = is_made && matching->status == LEDE_OK;
    }
    return is_made;
}

static bool compile_set(lede_match_nodes *nodes, lede_match_node *out,
                        const lede_node *node)
{
    enum { SOME_LISTS = 4 };
    lede_matching *matching = nodes->matching;
    const lede_match_lists *lists = lede_matching_lists(matching, node->leaf);

    if (lists->count <= SOME_LISTS) {
        return compile_words(matching, out, node, false) &&
               make_set(nodes, out);
    }
    return make_set_of_many(
        nodes, out, lists, &matching->tree->leaves[node->leaf],
        node->type == LEDE_NODE_TERM ? &any_place : &node->constraint);
}

/* The entries of the segment that have one of the keys. */
static bool set_of_keys(lede_match_nodes *nodes, lede_match_node *out,
                        const lede_node *node)
{
    lede_matching *matching = nodes->matching;

    out->set = lede_matching_get(matching, matching->entries / 64 + 1u,
                                 sizeof *out->set);
    if (out->set == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < node->key_count; i++) {
        uint32_t entry;
        lede_error why = {0};
        lede_status status = lede_segment_find_key(matching->segment,
                                                   node->keys[i], &entry, &why);

        if (status == LEDE_OK) {
            out->set[entry / 64] |= UINT64_C(1) << (entry % 64);
        } else if (status != LEDE_NOT_FOUND) {
            lede_matching_fail(matching, status, why.message);
            return false;
        }
    }
    out->type = LEDE_NODE_TERM;
    out->end = matching->entries;
    out->cost = node->key_count;
    return true;
}

/* No list is in order of when entries were changed: all are looked at. */
static bool make_updated(lede_match_nodes *nodes, lede_match_node *out,
                         const lede_node *node)
{
    lede_matching *matching = nodes->matching;
    lede_column column;
    lede_status status = lede_segment_column(
        matching->segment, LEDE_COLUMN_UPDATED, &column, matching->err);

    out->set = lede_matching_get(matching, matching->entries / 64 + 1u,
                                 sizeof *out->set);
    if (status != LEDE_OK && matching->status == LEDE_OK) {
        matching->status = status;
    }
    if (status != LEDE_OK || out->set == NULL) {
        return false;
    }
    out->type = LEDE_NODE_TERM;
    out->end = matching->entries;
    out->cost = 0;
    for (uint32_t i = 0; i < matching->entries; i++) {
        int64_t at = lede_updated_decode(lede_column_get(&column, i));
        bool is_in = at != LEDE_INSTANT_NONE && at >= node->period.begin &&
                     (at < node->period.end || node->period.end == INT64_MAX);

        out->set[i / 64] |= (uint64_t)is_in << (i % 64);
        out->cost += is_in;
    }
    return true;
}

/* A stretch of entries, or some of it. */
static bool make_time(lede_matching *matching, lede_match_node *out,
                      const lede_node *node)
{
    lede_match_time time;

    if (!lede_match_time_find(matching, &node->period, &time)) {
        return false;
    }
    out->begin = time.begin;
    out->end = time.end;
    out->cost = time.end - time.begin;
    if (time.set != NULL) {
        out->type = LEDE_NODE_TERM;
        out->set = time.set;
    }
    return true;
}

static int by_cost(const void *left, const void *right)
{
    const lede_match_node *const *a = left;
    const lede_match_node *const *b = right;

    return ((*a)->cost > (*b)->cost) - ((*a)->cost < (*b)->cost);
}

static bool compile_near(lede_match_nodes *nodes, lede_match_node *out,
                         const lede_node *node);

/* An operand of NEAR, or a part of one: what it is, and where it stands. */
static lede_match_node *compile_operand(lede_match_nodes *nodes,
                                        const lede_node *node)
{
    lede_match_node *out = lede_matching_get(nodes->matching, 1, sizeof *out);

    if (out == NULL) {
        return NULL;
    }
    out->type = node->type;
    if (node->type == LEDE_NODE_GROUP) {
        return compile_near(nodes, out, node) ? out : NULL;
    }
    assert(node->type == LEDE_NODE_WORD || node->type == LEDE_NODE_PHRASE);
    return compile_words(nodes->matching, out, node, true) ? out : NULL;
}

/* NEAR, or a group inside of it. */
static bool compile_near(lede_match_nodes *nodes, lede_match_node *out,
                         const lede_node *node)
{
    bool is_near = node->type == LEDE_NODE_NEAR;
    uint64_t all = 0, least = UINT64_MAX;

    assert(is_near || node->need == 1);
    out->near = node->near;
    out->child_count = node->child_count;
    out->need = is_near ? node->child_count : 1;
    out->children = lede_matching_get(nodes->matching, node->child_count + 1u,
                                      sizeof(lede_match_node *));
    out->nearest = lede_matching_get(nodes->matching, 2, sizeof *out->nearest);
    if (out->children == NULL || out->nearest == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < node->child_count; i++) {
        out->children[i] = compile_operand(nodes, node->children[i]);
        if (out->children[i] == NULL) {
            return false;
        }
        all += out->children[i]->cost;
        least = out->children[i]->cost < least ? out->children[i]->cost : least;
    }
    out->cost = is_near ? least : all;
    return !is_near || lede_match_near_open(nodes, out);
}

static bool is_set(const lede_match_node *node)
{
    return node->type == LEDE_NODE_TERM;
}

/* The set that an AND may lose: of what stands behind its NOT. */
static const lede_match_node *excluded_set(const lede_match_node *node)
{
    return node->type == LEDE_NODE_NOT && is_set(node->children[0])
               ? node->children[0]
               : NULL;
}

/* An OR of sets, or an AND of sets, with some less, is a set. */
static bool join_sets(lede_match_nodes *nodes, lede_match_node *out)
{
    uint32_t words = nodes->matching->entries / 64 + 1, sets = 0;
    bool is_or = out->need == 1;

    for (uint32_t i = 0; i < out->child_count; i++) {
        sets += is_set(out->children[i]);
        if (!is_set(out->children[i]) &&
            (is_or || excluded_set(out->children[i]) == NULL)) {
            return true;
        }
    }
    if (sets == 0 || (!is_or && out->need != out->child_count)) {
        return true;
    }
    out->set = lede_matching_get(nodes->matching, words, sizeof *out->set);
    if (out->set == NULL) {
        return false;
    }
    memset(out->set, is_or ? 0 : 0xff, words * sizeof *out->set);
    for (uint32_t i = 0; i < out->child_count; i++) {
        const lede_match_node *child = out->children[i];
        const lede_match_node *excluded = excluded_set(child);

        for (uint32_t j = 0; j < words; j++) {
            if (excluded != NULL) {
                out->set[j] &= ~excluded->set[j];
            } else if (is_or) {
                out->set[j] |= child->set[j];
            } else {
                out->set[j] &= child->set[j];
            }
        }
    }
    out->type = LEDE_NODE_TERM;
    out->end = nodes->matching->entries;
    return true;
}

static bool compile_children(lede_match_nodes *nodes, lede_match_node *out,
                             const lede_node *node)
{
    uint64_t all = 0;

    out->child_count = node->child_count;
    out->need = node->need;
    out->children = lede_matching_get(nodes->matching, node->child_count + 1u,
                                      sizeof(lede_match_node *));
    out->nearest = lede_matching_get(nodes->matching, node->child_count + 1u,
                                     sizeof *out->nearest);
    if (out->children == NULL || out->nearest == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < node->child_count; i++) {
        out->children[i] = lede_match_node_compile(nodes, node->children[i]);
        if (out->children[i] == NULL) {
            return false;
        }
        all += out->children[i]->cost;
    }
    if (node->type == LEDE_NODE_NOT) {
        out->cost = nodes->matching->entries;
        return true;
    }
    qsort(out->children, out->child_count, sizeof(lede_match_node *), by_cost);
    out->cost = out->child_count > 0 && out->need >= out->child_count
                    ? out->children[0]->cost
                    : all;
    return join_sets(nodes, out);
}

lede_match_node *lede_match_node_compile(lede_match_nodes *nodes,
                                         const lede_node *node)
{
    lede_matching *matching = nodes->matching;
    lede_match_node *out = lede_matching_get(matching, 1, sizeof *out);

    if (out == NULL) {
        return NULL;
    }
    out->type = node->type;
    out->cost = matching->entries;
    switch (node->type) {
    case LEDE_NODE_WORD:
    case LEDE_NODE_TERM:
        return compile_set(nodes, out, node) ? out : NULL;
    case LEDE_NODE_PHRASE:
        return compile_words(matching, out, node, false) ? out : NULL;
    case LEDE_NODE_NEAR:
        return compile_near(nodes, out, node) ? out : NULL;
    case LEDE_NODE_GROUP:
    case LEDE_NODE_NOT:
        return compile_children(nodes, out, node) ? out : NULL;
    case LEDE_NODE_TIME:
        return make_time(matching, out, node) ? out : NULL;
    case LEDE_NODE_ENTRIES:
        return set_of_keys(nodes, out, node) ? out : NULL;
    case LEDE_NODE_UPDATED:
        return make_updated(nodes, out, node) ? out : NULL;
    case LEDE_NODE_NONE:
        out->cost = 0;
        break;
    case LEDE_NODE_ALL:
        break;
    }
    return out;
}
