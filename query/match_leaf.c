/* match_leaf.c - the numbers of one leaf, for explanations; see match.h. */
#include "query/match.h"
#include "query/match_list.h"
#include "query/rank.h"

static lede_status count_term(const lede_snapshot *snapshot, lede_span term,
                              uint64_t *out, lede_error *err)
{
    *out = 0;
    for (uint32_t i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        lede_term found;
        lede_status status = lede_segment_find_term(
            lede_snapshot_segment(snapshot, i), term, &found, err);

        if (status == LEDE_OK) {
            *out += found.postings.entry_count;
        } else if (status != LEDE_NOT_FOUND) {
            return status;
        }
    }
    return LEDE_OK;
}

lede_status lede_match_leaf_statistics(const lede_snapshot *snapshot,
                                       const lede_leaf *leaf,
                                       lede_leaf_statistics *out,
                                       lede_error *err)
{
    lede_leaf_statistics statistics = {.average_length = 1.0};
    uint64_t entries = 0;
    uint64_t length = 0;

    for (uint32_t i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);

        entries += lede_segment_entries(segment);
        length += lede_segment_total_length(segment);
    }
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        uint64_t count;
        lede_status status = count_term(snapshot, leaf->terms[i], &count, err);

        if (status != LEDE_OK) {
            return status;
        }
        if (count > statistics.entry_count) {
            statistics.entry_count = count;
        }
    }
    if (entries > 0 && length > 0) {
        statistics.average_length = (double)length / (double)entries;
    }
    statistics.idf = lede_rank_idf(entries, statistics.entry_count);
    *out = statistics;
    return LEDE_OK;
}

/* The frequency of a list's posting for an entry; 0 if it has none. */
static lede_status frequency_in(const lede_postings *list, uint32_t entry,
                                uint32_t *out, lede_error *err)
{
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    uint32_t block = lede_postings_find_block(list, 0, entry);
    uint32_t size, at;

    *out = 0;
    if (block == list->block_count) {
        return LEDE_OK;
    }
    if (!lede_postings_entries(list, block, entries)) {
        return lede_fail(err, LEDE_CORRUPT, "a posting list is damaged");
    }
    size = lede_postings_block_size(list, block);
    at = lede_match_lower_bound(entries, size, entry);
    if (at < size && entries[at] == entry &&
        !lede_postings_frequency_at(list, block, at, out)) {
        return lede_fail(err, LEDE_CORRUPT, "a posting list is damaged");
    }
    return LEDE_OK;
}

lede_status lede_match_leaf_frequency(const lede_snapshot *snapshot,
                                      const lede_leaf *leaf, uint32_t segment,
                                      uint32_t entry, uint32_t *out,
                                      lede_error *err)
{
    uint64_t sum = 0;

    if (segment >= lede_snapshot_segment_count(snapshot)) {
        return lede_fail(err, LEDE_BAD_INPUT, "there is no segment %u",
                         segment);
    }
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        uint32_t frequency = 0;
        lede_term term;
        lede_status status =
            lede_segment_find_term(lede_snapshot_segment(snapshot, segment),
                                   leaf->terms[i], &term, err);

        if (status == LEDE_OK) {
            status = frequency_in(&term.postings, entry, &frequency, err);
        }
        if (status != LEDE_OK && status != LEDE_NOT_FOUND) {
            return status;
        }
        sum += frequency;
    }
    *out = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
    return LEDE_OK;
}
