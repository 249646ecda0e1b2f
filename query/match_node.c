/* match_node.c - what compiled nodes answer of entries; see match_node.h. */
#include "query/match_node.h"

#include <stdlib.h>

void lede_match_nodes_done(lede_match_nodes *nodes)
{
    for (lede_match_cursor *cursor = nodes->reading; cursor != NULL;
         cursor = cursor->next_reading) {
        lede_position_reader_done(&cursor->reader);
    }
    free(nodes->ends);
    free(nodes->next_ends);
    lede_stretches_done(&nodes->stretches);
    lede_stretches_done(&nodes->phrases);
    lede_stretches_done(&nodes->more);
    *nodes = (lede_match_nodes){0};
}

/* --- Advancing
 * ------------------------------------------------------------------ */

static uint32_t advance_word(lede_match_word *word, uint32_t target)
{
    uint32_t nearest = LEDE_MATCH_END;

    for (uint32_t i = 0; i < word->cursor_count; i++) {
        uint32_t entry = lede_match_list_seek(&word->cursors[i].list, target);

        nearest = entry < nearest ? entry : nearest;
    }
    return nearest;
}

static uint32_t advance_phrase(lede_match_node *node, uint32_t target)
{
    uint32_t count = node->pair_count + node->word_count;
    uint32_t i = 0;

    while (i < count && target != LEDE_MATCH_END) {
        uint32_t word = i - node->pair_count;
        uint32_t entry = target;

        if (i < node->pair_count) {
            entry = lede_match_list_seek(&node->pairs[i].list, target);
        } else if (!node->words[word].implied) {
            entry = advance_word(&node->words[word], target);
        }
        i = entry == target ? i + 1 : 0;
        target = entry;
    }
    return target;
}

static uint32_t advance_all(lede_match_node *node, uint32_t target)
{
    uint32_t i = 0;

    while (i < node->child_count && target != LEDE_MATCH_END) {
        uint32_t entry = lede_match_node_advance(node->children[i], target);

        i = entry == target ? i + 1 : 0;
        target = entry;
    }
    return target;
}

/* An entry before the need-th nearest has too few children that reach it. */
static uint32_t advance_some(lede_match_node *node, uint32_t target)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < node->child_count; i++) {
        uint32_t entry = lede_match_node_advance(node->children[i], target);
        uint32_t at = count < node->need ? count++ : node->need;

        while (at > 0 && node->nearest[at - 1] > entry) {
            if (at < node->need) {
                node->nearest[at] = node->nearest[at - 1];
            }
            at--;
        }
        if (at < node->need) {
            node->nearest[at] = entry;
        }
    }
    return count < node->need ? LEDE_MATCH_END : node->nearest[node->need - 1];
}

static uint32_t advance_set(const lede_match_node *node, uint32_t target)
{
    uint32_t word = target / 64;
    uint64_t bits;

    if (target >= node->end) {
        return LEDE_MATCH_END;
    }
    bits = node->set[word] & UINT64_MAX << (target % 64);
    while (bits == 0) {
        if (++word > node->end / 64) {
            return LEDE_MATCH_END;
        }
        bits = node->set[word];
    }
    return word * 64 + (uint32_t)__builtin_ctzll(bits);
}

uint32_t lede_match_node_advance(lede_match_node *node, uint32_t target)
{
    if (target == LEDE_MATCH_END) {
        return target;
    }
    switch (node->type) {
    case LEDE_NODE_WORD:
        return advance_word(&node->words[0], target);
    case LEDE_NODE_PHRASE:
        return advance_phrase(node, target);
    case LEDE_NODE_NEAR:
        return advance_all(node, target);
    case LEDE_NODE_GROUP:
        return node->need == 0 ? target
               : node->need >= node->child_count
                   ? node->need > node->child_count ? LEDE_MATCH_END
                                                    : advance_all(node, target)
                   : advance_some(node, target);
    case LEDE_NODE_TIME:
        target = target < node->begin ? node->begin : target;
        return target < node->end ? target : LEDE_MATCH_END;
    case LEDE_NODE_TERM:
    case LEDE_NODE_UPDATED:
        return advance_set(node, target);
    case LEDE_NODE_NONE:
        return LEDE_MATCH_END;
    case LEDE_NODE_ENTRIES: /* compiled to a set */
    case LEDE_NODE_NOT:
    case LEDE_NODE_ALL:
        break;
    }
    return target;
}

/* --- Matching
 * ------------------------------------------------------------------- */

static bool form_is_there(lede_match_cursor *cursor)
{
    lede_match_list *list = &cursor->list;

    if (cursor->wanted == NULL) {
        return true;
    }
    if (cursor->forms_block != list->block) {
        cursor->forms_block = list->block;
        if (!lede_postings_with_forms(list->postings, list->block,
                                      cursor->wanted, cursor->with_forms)) {
            lede_matching_fail(list->matching, LEDE_CORRUPT,
                               "the forms of a posting list are damaged");
            cursor->forms_block = LEDE_MATCH_NO_BLOCK;
            return false;
        }
    }
    return cursor->with_forms[list->at];
}

/* The fields of the posting; all those wanted if fields do not matter. */
static uint8_t fields_there(lede_match_cursor *cursor)
{
    lede_match_list *list = &cursor->list;

    if (cursor->fields_block != list->block) {
        cursor->fields_block = list->block;
        if (!lede_postings_fields(list->postings, list->block,
                                  cursor->field_masks)) {
            lede_matching_fail(list->matching, LEDE_CORRUPT,
                               "the fields of a posting list are damaged");
            cursor->fields_block = LEDE_MATCH_NO_BLOCK;
            return 0;
        }
    }
    return cursor->field_masks[list->at];
}

/* Where both the form and the field matter, one occurrence has to have both. */
static bool occurs_with_both(lede_match_nodes *nodes, lede_match_cursor *cursor)
{
    uint32_t count;

    if (!lede_match_cursor_read(nodes, cursor, UINT32_MAX, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (cursor->wanted[cursor->reader.forms[i]] &&
            lede_match_position_in(nodes->matching, cursor->list.entry,
                                   cursor->reader.positions[i],
                                   cursor->fields)) {
            return true;
        }
    }
    return false;
}

bool lede_match_cursor_matches(lede_match_nodes *nodes,
                               lede_match_cursor *cursor)
{
    uint8_t there;

    if (!form_is_there(cursor)) {
        return false;
    }
    if (cursor->fields == 0) {
        return true;
    }
    there = fields_there(cursor);
    if ((there & cursor->fields) == 0) {
        return false;
    }
    return cursor->wanted == NULL || (there & ~(unsigned)cursor->fields) == 0 ||
           occurs_with_both(nodes, cursor);
}

static bool word_matches(lede_match_nodes *nodes, lede_match_word *word,
                         uint32_t entry)
{
    for (uint32_t i = 0; i < word->cursor_count; i++) {
        lede_match_cursor *cursor = &word->cursors[i];

        if (lede_match_list_seek(&cursor->list, entry) == entry &&
            lede_match_cursor_matches(nodes, cursor)) {
            return true;
        }
    }
    return false;
}

static bool phrase_matches(lede_match_nodes *nodes, lede_match_node *node,
                           uint32_t entry)
{
    for (uint32_t i = 0; i < node->pair_count; i++) {
        lede_match_cursor *pair = &node->pairs[i];

        if (lede_match_list_seek(&pair->list, entry) != entry ||
            !lede_match_cursor_matches(nodes, pair)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < node->word_count; i++) {
        if (advance_word(&node->words[i], entry) != entry) {
            return false;
        }
    }
    return lede_match_phrase_at(nodes, node, entry);
}

static bool near_matches(lede_match_nodes *nodes, lede_match_node *node,
                         uint32_t entry)
{
    for (uint32_t i = 0; i < node->child_count; i++) {
        if (lede_match_node_advance(node->children[i], entry) != entry) {
            return false;
        }
    }
    return lede_match_near_at(nodes, node, entry);
}

static bool group_matches(lede_match_nodes *nodes, lede_match_node *node,
                          uint32_t entry)
{
    uint32_t matching = 0;

    for (uint32_t i = 0; i < node->child_count; i++) {
        if (matching >= node->need ||
            matching + (node->child_count - i) < node->need) {
            break;
        }
        matching += lede_match_node_matches(nodes, node->children[i], entry);
    }
    return matching >= node->need;
}

bool lede_match_node_matches(lede_match_nodes *nodes, lede_match_node *node,
                             uint32_t entry)
{
    switch (node->type) {
    case LEDE_NODE_WORD:
        return word_matches(nodes, &node->words[0], entry);
    case LEDE_NODE_PHRASE:
        return phrase_matches(nodes, node, entry);
    case LEDE_NODE_NEAR:
        return near_matches(nodes, node, entry);
    case LEDE_NODE_GROUP:
        return group_matches(nodes, node, entry);
    case LEDE_NODE_NOT:
        return !lede_match_node_matches(nodes, node->children[0], entry);
    case LEDE_NODE_TIME:
        return entry >= node->begin && entry < node->end;
    case LEDE_NODE_TERM:
    case LEDE_NODE_UPDATED:
        return (node->set[entry / 64] >> (entry % 64) & 1) != 0;
    case LEDE_NODE_ALL:
        return true;
    case LEDE_NODE_ENTRIES:
    case LEDE_NODE_NONE:
        break;
    }
    return false;
}
