/* match_time.c - entries of a period; see match_time.h. */
#include "query/match_time.h"

#include <string.h>

#include "base/entry_values.h"

/* What the instants say. */
static void find_stretch(const lede_matching *matching,
                         const lede_period *period, lede_match_time *out)
{
    out->begin =
        period->end == INT64_MAX
            ? 0
            : lede_segment_first_before(matching->segment, period->end);
    out->end = lede_segment_first_before(matching->segment, period->begin);
    if (out->end < out->begin) {
        out->end = out->begin;
    }
    out->set = NULL;
}

static void put_stretch(uint64_t *set, uint32_t begin, uint32_t end)
{
    for (; begin < end && begin % 64 != 0; begin++) {
        set[begin / 64] |= UINT64_C(1) << (begin % 64);
    }
    for (; begin + 64 <= end; begin += 64) {
        set[begin / 64] = UINT64_MAX;
    }
    for (; begin < end; begin++) {
        set[begin / 64] |= UINT64_C(1) << (begin % 64);
    }
}

static bool is_in_stretch(const lede_match_time *time, uint32_t entry)
{
    return entry >= time->begin && entry < time->end;
}

/* Puts the entries of one date in, or takes them out. */
static bool put_list(lede_matching *matching, const lede_postings *list,
                     bool is_in, lede_match_time *time)
{
    uint32_t entries[LEDE_BLOCK_POSTINGS];

    for (uint32_t block = 0; block < list->block_count; block++) {
        if (!lede_postings_entries(list, block, entries)) {
            lede_matching_fail(matching, LEDE_CORRUPT,
                               "a list of a date is damaged");
            return false;
        }
        for (uint32_t i = 0; i < lede_postings_block_size(list, block); i++) {
            uint64_t bit = UINT64_C(1) << (entries[i] % 64);

            if (is_in_stretch(time, entries[i]) == is_in) {
                continue;
            }
            if (time->set == NULL) {
                time->set = lede_matching_get(
                    matching, matching->entries / 64 + 1u, sizeof *time->set);
                if (time->set == NULL) {
                    return false;
                }
                put_stretch(time->set, time->begin, time->end);
            }
            if (is_in) {
                time->set[entries[i] / 64] |= bit;
            } else {
                time->set[entries[i] / 64] &= ~bit;
            }
        }
    }
    return true;
}

static bool put_date(lede_matching *matching, const lede_doubtful_date *date,
                     lede_match_time *time)
{
    lede_term term;
    char name[sizeof LEDE_TERM_DATE + sizeof date->text] = LEDE_TERM_DATE;
    lede_error why = {0};
    lede_status status;

    memcpy(name + sizeof LEDE_TERM_DATE - 1, date->text, sizeof date->text);
    status = lede_segment_find_term(matching->segment, lede_span_text(name),
                                    &term, &why);
    if (status == LEDE_OK) {
        return put_list(matching, &term.postings, date->is_in, time);
    }
    if (status != LEDE_NOT_FOUND) {
        lede_matching_fail(matching, status, why.message);
    }
    return status == LEDE_NOT_FOUND;
}

/* What the set has is often a stretch, if another one than before. */
static void settle(const lede_matching *matching, lede_match_time *time)
{
    uint32_t words = matching->entries / 64 + 1;
    uint32_t count = 0, first = 0, last = 0;

    for (uint32_t i = 0; i < words; i++) {
        uint64_t word = time->set[i];

        if (word != 0) {
            first =
                count == 0 ? i * 64 + (uint32_t)__builtin_ctzll(word) : first;
            last = i * 64 + 63 - (uint32_t)__builtin_clzll(word);
            count += (uint32_t)__builtin_popcountll(word);
        }
    }
    time->begin = first;
    time->end = count == 0 ? first : last + 1;
    if (time->end - time->begin == count) {
        time->set = NULL;
    }
}

bool lede_match_time_find(lede_matching *matching, const lede_period *period,
                          lede_match_time *out)
{
    lede_doubtful_date dates[LEDE_DATES_IN_DOUBT_MOST];
    lede_match_time time;
    uint32_t count;
    bool has_dates;
    lede_status status = lede_kept_has_dates(
        matching->snapshot, matching->segment_index, &has_dates, matching->err);

    find_stretch(matching, period, &time);
    if (status != LEDE_OK) {
        matching->status =
            matching->status == LEDE_OK ? status : matching->status;
        return false;
    }
    count = has_dates ? lede_dates_in_doubt(period, dates) : 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!put_date(matching, &dates[i], &time)) {
            return false;
        }
    }
    if (time.set != NULL) {
        settle(matching, &time);
    }
    *out = time;
    return true;
}
