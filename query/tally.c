/* tally.c - counting by value, from the index; see tally.h.
 *
 * Per segment the matches become a set of bits. The lists of exact values are
 * laid over it, which costs as much as reading them; a list that has no match
 * is not told. */
#include "query/tally.h"

#include <stdlib.h>

#include "base/entry_terms.h"
#include "base/entry_values.h"
#include "query/copies.h"
#include "query/match_paths.h"

/* One segment's matches. */
typedef struct tallying {
    lede_matching *matching;
    const lede_tally *tally;
    uint64_t *set;
    uint64_t count;
    uint64_t *any;    /* that have a value of the kind at hand */
    uint64_t *coarse; /* whose date is known to the day or less; NULL: none */
} tallying;

static bool has(const tallying *t, uint32_t entry)
{
    return (t->set[entry / 64] >> entry % 64 & 1) != 0;
}

static void *no_memory(lede_matching *matching)
{
    lede_matching_fail(matching, LEDE_NO_MEMORY, "out of memory for counting");
    return NULL;
}

/* The first of the chosen entries from `entry` on; any, if none are chosen. */
static uint32_t next_chosen(const lede_matching *matching, uint32_t entry,
                            uint32_t *at)
{
    const lede_chosen *chosen = matching->options.chosen;
    uint32_t segment = matching->segment_index;

    if (chosen == NULL) {
        return entry;
    }
    while (*at < chosen->counts[segment] &&
           chosen->entries[segment][*at] < entry) {
        ++*at;
    }
    return *at < chosen->counts[segment] ? chosen->entries[segment][*at]
                                         : LEDE_MATCH_END;
}

static void find_matches(tallying *t, lede_match_plan *plan)
{
    uint32_t entry = plan->begin, at = 0;

    if (!lede_match_plan_compile_root(plan)) {
        return;
    }
    while (t->matching->status == LEDE_OK) {
        uint32_t wanted = next_chosen(t->matching, entry, &at);

        if (wanted >= plan->end) {
            break;
        }
        entry = lede_match_node_advance(plan->root, wanted);
        if (entry >= plan->end) {
            break;
        }
        if (next_chosen(t->matching, entry, &at) != entry) {
            continue;
        }
        if (!lede_matching_is_deleted(t->matching, entry) &&
            lede_match_node_matches(&plan->nodes, plan->root, entry)) {
            t->set[entry / 64] |= 1ull << entry % 64;
            t->count++;
        }
        entry++;
    }
}

/* --- Values that are terms -------------------------------------------------
 */

typedef void list_fn(tallying *t, const lede_postings *list, lede_span value,
                     unsigned what);

/* Calls `fn` with the list of each term that begins with a prefix. */
static void each_list(tallying *t, const char *prefix, list_fn *fn,
                      unsigned what)
{
    lede_matching *matching = t->matching;
    lede_span begin = lede_span_text(prefix);
    lede_term_cursor *cursor = NULL;
    lede_term term;
    lede_status status =
        lede_term_cursor_open(matching->segment, &cursor, matching->err);

    if (status == LEDE_OK) {
        status = lede_term_cursor_seek(cursor, begin, &term, matching->err);
    }
    while (status == LEDE_OK && lede_span_starts(term.bytes, prefix) &&
           matching->status == LEDE_OK) {
        fn(t, &term.postings,
           lede_span_part(term.bytes, begin.len, term.bytes.len), what);
        status = lede_term_cursor_next(cursor, &term, matching->err);
    }
    if (status != LEDE_OK && status != LEDE_END &&
        matching->status == LEDE_OK) {
        matching->status = status;
    }
    lede_term_cursor_close(cursor);
}

/* How many matches a list has; they are put into `into`, if it is not NULL. */
static uint64_t count_list(tallying *t, const lede_postings *list,
                           uint64_t *into)
{
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    uint64_t count = 0;

    for (uint32_t block = 0; block < list->block_count; block++) {
        uint32_t size = lede_postings_block_size(list, block);

        if (!lede_postings_entries(list, block, entries)) {
            lede_matching_fail(t->matching, LEDE_CORRUPT,
                               "a list of a value is damaged");
            return 0;
        }
        for (uint32_t i = 0; i < size; i++) {
            bool is_match = has(t, entries[i]);

            count += is_match;
            if (into != NULL && is_match) {
                into[entries[i] / 64] |= 1ull << entries[i] % 64;
            }
        }
    }
    return count;
}

static void count_value(tallying *t, const lede_postings *list, lede_span value,
                        unsigned what)
{
    uint64_t count = count_list(t, list, t->any);

    if (count > 0 && !t->tally->put_value(t->tally->ctx, (lede_tally_kind)what,
                                          value, count)) {
        no_memory(t->matching);
    }
}

static void count_terms(tallying *t, lede_tally_kind kind, const char *prefix)
{
    size_t words = (size_t)t->matching->entries / 64 + 1;
    uint64_t count = 0;

    t->any = calloc(words, sizeof *t->any);
    if (t->any == NULL) {
        no_memory(t->matching);
        return;
    }
    each_list(t, prefix, count_value, kind);
    for (size_t i = 0; i < words; i++) {
        count += (uint64_t)__builtin_popcountll(t->any[i]);
    }
    free(t->any);
    t->any = NULL;
    if (count > 0 && t->matching->status == LEDE_OK &&
        !t->tally->put_any(t->tally->ctx, kind, count)) {
        no_memory(t->matching);
    }
}

/* --- Values that are columns ---------------------------------------------- */

static uint32_t next_match(const tallying *t, uint32_t entry)
{
    uint32_t end = t->matching->entries;

    while (entry < end) {
        uint64_t word = t->set[entry / 64] >> entry % 64;

        if (word != 0) {
            return entry + (uint32_t)__builtin_ctzll(word);
        }
        entry = (entry / 64 + 1) * 64;
    }
    return end;
}

/* Sources have numbers from 0 on in a segment. */
static void count_sources(tallying *t)
{
    lede_matching *matching = t->matching;
    uint64_t *counts = NULL;
    int64_t cap = 0;

    for (uint32_t entry = next_match(t, 0); entry < matching->entries;
         entry = next_match(t, entry + 1)) {
        int64_t source =
            lede_matching_column(matching, LEDE_COLUMN_SOURCE, entry);

        if (matching->status != LEDE_OK) {
            break;
        }
        if (source >= cap) {
            int64_t wider = source < cap * 2 + 64 ? cap * 2 + 64 : source + 1;
            uint64_t *grown =
                source >= matching->entries
                    ? NULL
                    : realloc(counts, (size_t)wider * sizeof *grown);

            if (grown == NULL) {
                lede_matching_fail(matching,
                                   source >= matching->entries ? LEDE_CORRUPT
                                                               : LEDE_NO_MEMORY,
                                   "the column of sources cannot be counted");
                break;
            }
            counts = grown;
            memset(counts + cap, 0, (size_t)(wider - cap) * sizeof *counts);
            cap = wider;
        }
        counts[source]++;
    }
    for (int64_t i = 0; i < cap && matching->status == LEDE_OK; i++) {
        lede_span name;
        lede_status status;

        if (counts[i] == 0) {
            continue;
        }
        status = lede_segment_source(matching->segment, (uint32_t)i, &name,
                                     matching->err);
        if (status != LEDE_OK) {
            matching->status = status;
        } else if (name.len > 0 &&
                   !(t->tally->put_value(t->tally->ctx, LEDE_TALLY_SOURCE, name,
                                         counts[i]) &&
                     t->tally->put_any(t->tally->ctx, LEDE_TALLY_SOURCE,
                                       counts[i]))) {
            no_memory(matching);
        }
    }
    free(counts);
}

static void count_date(tallying *t, const lede_postings *list, lede_span date,
                       unsigned what)
{
    uint64_t count;

    (void)what;
    if (t->coarse == NULL) {
        t->coarse =
            calloc((size_t)t->matching->entries / 64 + 1, sizeof *t->coarse);
        if (t->coarse == NULL) {
            no_memory(t->matching);
            return;
        }
    }
    count = count_list(t, list, t->coarse);
    if (count > 0 && !t->tally->put_date(t->tally->ctx, date, count)) {
        no_memory(t->matching);
    }
}

static void count_times(tallying *t)
{
    lede_matching *matching = t->matching;
    uint32_t entry = next_match(t, 0);

    each_list(t, LEDE_TERM_DATE, count_date, 0);
    for (; entry < matching->entries && matching->status == LEDE_OK;
         entry = next_match(t, entry + 1)) {
        int64_t time = LEDE_INSTANT_NONE;

        if (t->coarse != NULL &&
            (t->coarse[entry / 64] >> entry % 64 & 1) != 0) {
            continue;
        }
        if (entry < matching->dated) {
            time = lede_matching_column(matching, LEDE_COLUMN_TIME, entry);
        }
        if (!t->tally->put_time(t->tally->ctx, time)) {
            no_memory(matching);
        }
    }
}

/* --- Names ------------------------------------------------------------------
 */

static void read_names(tallying *t)
{
    lede_matching *matching = t->matching;
    uint32_t entry = next_match(t, 0);

    for (; entry < matching->entries && matching->status == LEDE_OK;
         entry = next_match(t, entry + 1)) {
        int64_t key = lede_matching_column(matching, LEDE_COLUMN_KEY, entry);
        int64_t time = LEDE_INSTANT_NONE;
        lede_span list;
        lede_status status;

        if (entry < matching->dated) {
            time = lede_matching_column(matching, LEDE_COLUMN_TIME, entry);
        }
        if (matching->status != LEDE_OK) {
            break;
        }
        status =
            lede_segment_names(matching->segment, entry, &list, matching->err);
        if (status == LEDE_OK) {
            status = t->tally->put_names(t->tally->ctx, list, (uint64_t)key,
                                         time, matching->err);
        }
        matching->status = status;
    }
}

/* --- A run ------------------------------------------------------------------
 */

static void tally_set(tallying *t)
{
    static const struct {
        lede_tally_kind kind;
        const char *prefix;
    } terms[] = {{LEDE_TALLY_AUTHOR, LEDE_TERM_AUTHOR},
                 {LEDE_TALLY_LABEL, LEDE_TERM_LABEL},
                 {LEDE_TALLY_KIND, LEDE_TERM_KIND},
                 {LEDE_TALLY_LANGUAGE, LEDE_TERM_LANGUAGE}};

    for (unsigned i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        if ((t->tally->wanted >> terms[i].kind & 1) != 0) {
            count_terms(t, terms[i].kind, terms[i].prefix);
        }
    }
    if ((t->tally->wanted >> LEDE_TALLY_SOURCE & 1) != 0) {
        count_sources(t);
    }
    if (t->tally->wants_times) {
        count_times(t);
    }
    if (t->tally->put_names != NULL && t->matching->status == LEDE_OK) {
        read_names(t);
    }
}

static void tally_segment(lede_matching *matching, uint32_t index,
                          const lede_tally *tally, uint64_t *matches)
{
    tallying t = {.matching = matching, .tally = tally};
    lede_match_plan plan;

    if (lede_matching_enter(matching, index) != LEDE_OK) {
        return;
    }
    t.set = calloc((size_t)matching->entries / 64 + 1, sizeof *t.set);
    if (t.set == NULL) {
        no_memory(matching);
        return;
    }
    if (lede_match_plan_make(&plan, matching) && !plan.none) {
        find_matches(&t, &plan);
    }
    lede_match_plan_done(&plan);
    if (matching->status == LEDE_OK && t.count > 0) {
        *matches += t.count;
        tally_set(&t);
    }
    free(t.coarse);
    free(t.set);
}

lede_status lede_tally_run(const lede_lookup *lookup,
                           const lede_match_options *options,
                           const lede_tally *tally, uint64_t *matches,
                           lede_error *err)
{
    static const lede_match_tuning usual = {0};
    lede_match_options counting = *options;
    uint32_t segments = lede_snapshot_segment_count(lookup->snapshot);
    lede_matching matching;
    lede_status status;

    counting.sort = LEDE_SORT_NEWEST; /* no scores */
    counting.recency = 0;
    counting.k = 0;
    counting.has_after = false;
    *matches = 0;
    status = lede_matching_open(&matching, lookup, &counting, &usual, err);
    for (uint32_t i = 0; i < segments && status == LEDE_OK; i++) {
        tally_segment(&matching, i, tally, matches);
        status = matching.status;
    }
    lede_matching_close(&matching);
    return status;
}
