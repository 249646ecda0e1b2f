/* match_made.c - all postings into one array of sums; see match_made.h. */
#include "query/match_made.h"

#include <stdlib.h>

static bool add_list(lede_matching *matching, const lede_postings *list,
                     uint32_t *sums, uint64_t *seen)
{
    uint32_t entries[LEDE_BLOCK_POSTINGS], frequencies[LEDE_BLOCK_POSTINGS];

    for (uint32_t block = 0; block < list->block_count; block++) {
        uint32_t size = lede_postings_block_size(list, block);

        if (!lede_postings_entries(list, block, entries) ||
            !lede_postings_frequencies(list, block, frequencies)) {
            lede_matching_fail(matching, LEDE_CORRUPT,
                               "a posting list is damaged");
            return false;
        }
        for (uint32_t i = 0; i < size; i++) {
            uint32_t entry = entries[i];
            uint32_t sum = sums[entry] + frequencies[i];

            sums[entry] = sum < frequencies[i] ? UINT32_MAX : sum;
            seen[entry / 64] |= UINT64_C(1) << (entry % 64);
        }
    }
    return true;
}

static uint32_t count_bits(const uint64_t *bits, uint32_t words)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < words; i++) {
        count += (uint32_t)__builtin_popcountll(bits[i]);
    }
    return count;
}

static bool gather(lede_matching *matching, lede_match_made *made,
                   const uint32_t *sums, const uint64_t *seen, uint32_t words)
{
    uint32_t room = count_bits(seen, words) + LEDE_BLOCK_POSTINGS;
    uint32_t count = 0;

    made->entries = lede_matching_get(matching, room, sizeof *made->entries);
    made->frequencies =
        lede_matching_get(matching, room, sizeof *made->frequencies);
    made->lasts =
        lede_matching_get(matching, room / LEDE_BLOCK_POSTINGS + 1u, 4);
    if (made->entries == NULL || made->frequencies == NULL ||
        made->lasts == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < words; i++) {
        for (uint64_t bits = seen[i]; bits != 0; bits &= bits - 1) {
            uint32_t entry = i * 64 + (uint32_t)__builtin_ctzll(bits);

            made->entries[count] = entry;
            made->frequencies[count] = sums[entry];
            lede_store_u32(
                made->lasts + 4 * (size_t)(count / LEDE_BLOCK_POSTINGS), entry);
            count++;
        }
    }
    made->count = count;
    return true;
}

const lede_match_made *lede_match_made_of(lede_matching *matching,
                                          const lede_match_lists *lists)
{
    uint32_t words = matching->entries / 64 + 1;
    lede_match_made *made = matching->made;
    uint32_t *sums;
    uint64_t *seen;
    bool is_made;

    while (made != NULL && made->lists != lists) {
        made = made->next;
    }
    if (made != NULL) {
        return made;
    }
    made = lede_matching_get(matching, 1, sizeof *made);
    /* Zeros from the system cost nothing where no entry is. */
    sums = calloc(matching->entries + 1u, sizeof *sums);
    seen = calloc(words, sizeof *seen);
    is_made = made != NULL && sums != NULL && seen != NULL;
    if (!is_made) {
        lede_matching_fail(matching, LEDE_NO_MEMORY,
                           "out of memory while matching");
    }
    for (uint32_t i = 0; is_made && i < lists->count; i++) {
        is_made = add_list(matching, &lists->items[i], sums, seen);
    }
    is_made = is_made && gather(matching, made, sums, seen, words);
    free(sums);
    free(seen);
    if (!is_made) {
        return NULL;
    }
    made->lists = lists;
    made->next = matching->made;
    matching->made = made;
    return made;
}
