/* match_pairs.c - phrases as pairs of words; see match_pairs.h. */
#include "query/match_pairs.h"

static bool is_exact(const lede_matching *matching, const lede_slot *slot)
{
    return slot->constraint.exact &&
           matching->tree->leaves[slot->leaf].is_whole;
}

/* Adds the pair of slots `at` and `at` + 1, if the segment knows of it. */
static lede_status find_pair(lede_matching *matching,
                             const lede_pair_words *words,
                             lede_match_pairs *pairs, uint32_t at)
{
    const lede_slot *slots = &pairs->node->slots[at];
    lede_match_pair *pair = &pairs->items[pairs->count];
    uint8_t fields = slots[0].constraint.fields & slots[1].constraint.fields &
                     LEDE_ALL_FIELDS;
    uint8_t name[LEDE_PAIR_TERM_BYTES];
    lede_span first, second;
    lede_status status;
    lede_term term;

    if (!is_exact(matching, &slots[0]) || !is_exact(matching, &slots[1])) {
        return LEDE_OK;
    }
    first = matching->tree->leaves[slots[0].leaf].word;
    second = matching->tree->leaves[slots[1].leaf].word;
    if (lede_pair_words_find(words, first) == 0 ||
        lede_pair_words_find(words, second) == 0) {
        return LEDE_OK;
    }
    status = lede_segment_find_term(matching->segment,
                                    lede_pair_term(first, second, name), &term,
                                    matching->err);
    if (status == LEDE_NOT_FOUND) {
        pairs->none = true;
        return LEDE_OK;
    }
    if (status != LEDE_OK) {
        return status;
    }
    if ((term.postings.fields & fields) == 0) {
        pairs->none = true;
    } else if ((term.postings.fields & ~(unsigned)fields) != 0) {
        pair->fields = fields;
    }
    pair->slot = at;
    pair->lists.items =
        lede_matching_get(matching, 1, sizeof *pair->lists.items);
    if (pair->lists.items == NULL) {
        return LEDE_NO_MEMORY;
    }
    pair->lists.items[0] = term.postings;
    pair->lists.count = 1;
    pair->lists.postings = term.postings.entry_count;
    pairs->count++;
    return LEDE_OK;
}

static bool ignores_case(const lede_node *node)
{
    for (uint32_t i = 0; i < node->slot_count; i++) {
        if (node->slots[i].constraint.case_least != LEDE_CASE_LOWER) {
            return false;
        }
    }
    return true;
}

static bool find_pairs(lede_matching *matching, lede_match_pairs *pairs)
{
    const lede_node *node = pairs->node;
    const lede_pair_words *words = NULL;
    lede_status status =
        lede_segment_pair_words(matching->segment, &words, matching->err);

    if (status == LEDE_OK && words != NULL && node->slot_count > 1) {
        pairs->items = lede_matching_get(matching, node->slot_count - 1u,
                                         sizeof *pairs->items);
        status = pairs->items == NULL ? LEDE_NO_MEMORY : LEDE_OK;
        for (uint32_t i = 0;
             i + 1 < node->slot_count && status == LEDE_OK && !pairs->none;
             i++) {
            status = find_pair(matching, words, pairs, i);
        }
    }
    if (status != LEDE_OK && matching->status == LEDE_OK) {
        matching->status = status;
    }
    pairs->answers =
        node->slot_count == 2 && pairs->count == 1 && ignores_case(node);
    return status == LEDE_OK;
}

const lede_match_pairs *lede_match_pairs_of(lede_matching *matching,
                                            const lede_node *node)
{
    lede_match_pairs *pairs = matching->pairs;

    while (pairs != NULL && pairs->node != node) {
        pairs = pairs->next;
    }
    if (pairs != NULL) {
        return pairs;
    }
    pairs = lede_matching_get(matching, 1, sizeof *pairs);
    if (pairs == NULL) {
        return NULL;
    }
    pairs->node = node;
    if (!find_pairs(matching, pairs)) {
        return NULL;
    }
    pairs->next = matching->pairs;
    matching->pairs = pairs;
    return pairs;
}
