/* match_list.c - a cursor over one posting list; see match_list.h. */
#include "query/match_list.h"

void lede_match_list_init(lede_match_list *list, lede_matching *matching,
                          const lede_postings *postings)
{
    list->matching = matching;
    list->postings = postings;
    list->lasts = lede_postings_last_entries(postings);
    list->block = LEDE_MATCH_NO_BLOCK;
    list->size = list->at = 0;
    list->entry = 0;
    list->frequencies_ready = false;
}

static uint32_t end(lede_match_list *list)
{
    list->size = list->at = 0;
    list->block = list->postings->block_count;
    list->entry = LEDE_MATCH_END;
    return LEDE_MATCH_END;
}

static uint32_t damaged(lede_match_list *list)
{
    lede_matching_fail(list->matching, LEDE_CORRUPT,
                       "a posting list is damaged");
    return end(list);
}

uint32_t lede_match_list_seek(lede_match_list *list, uint32_t entry)
{
    uint32_t from = list->block;
    uint32_t block;

    if (from == LEDE_MATCH_NO_BLOCK) {
        from = 0;
    } else if (list->entry >= entry) {
        return list->entry;
    }
    block = lede_match_find_last(list->lasts, from, list->postings->block_count,
                                 entry);
    if (block == list->postings->block_count) {
        return end(list);
    }
    if (block != list->block) {
        list->block = block;
        list->at = 0;
        list->frequencies_ready = false;
        list->size = lede_postings_block_size(list->postings, block);
        if (!lede_postings_block_open(list->postings, block, &list->opened) ||
            !lede_postings_block_entries(&list->opened, list->entries)) {
            return damaged(list);
        }
    }
    list->at +=
        lede_match_near(list->entries + list->at, list->size - list->at, entry);
    if (list->at >= list->size) {
        return damaged(list);
    }
    list->entry = list->entries[list->at];
    return list->entry;
}

uint32_t lede_match_list_frequency(lede_match_list *list)
{
    if (!list->frequencies_ready) {
        if (!lede_postings_block_frequencies(&list->opened,
                                             list->frequencies)) {
            damaged(list);
            return 0;
        }
        list->frequencies_ready = true;
    }
    return list->frequencies[list->at];
}
