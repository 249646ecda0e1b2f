/* results.h - what query/search.c and query/results.c share: the inside of a
 * lede_results.
 *
 * Threads: as the search. */
#ifndef LEDE_QUERY_RESULTS_H
#define LEDE_QUERY_RESULTS_H

#include "query/copies.h"
#include "query/engine.h"
#include "query/fit.h"
#include "query/plan.h"
#include "query/spots.h"

enum {
    LEDE_FIT_DEPTH = 64, /* of the ranking, not of the page: the order of hits
                            never depends on how many were asked for */
    LEDE_FIT_MOST = 2 * LEDE_FIT_DEPTH, /* with those that have words as typed
                                           and would come later */
    LEDE_RESULTS_WINDOW = 64,
    LEDE_RESULTS_PAGE = 1 << 16 /* hits held, where all are wanted: 2.6 MB */
};

/* A hit that was asked for, with all that hangs on it. */
typedef struct lede_result_slot {
    uint64_t index; /* UINT64_MAX: empty */
    lede_arena arena;
    lede_buf record;
    lede_buf names; /* the list */
    lede_hit hit;
    lede_entry entry;
} lede_result_slot;

/* Small enough for the heap to hand the last one's memory out again: what is
 * large and not of every search is in the arena. */
struct lede_results {
    lede_engine *engine;
    lede_engine *owned; /* the same, if it is to be closed with this */
    lede_search_options options;
    lede_match_options match;
    lede_arena arena; /* query, plan, notes */
    lede_analyzer *analyzer;
    lede_notes notes;
    lede_plan plan;
    lede_spotter *spotter;
    lede_spots spots;
    double *weights;         /* of the leaves */
    lede_engine_tree *tree;  /* the plan's */
    lede_match_result found; /* its total: hits that can be reached */
    lede_copies_wanted copies_wanted;
    bool has_copies;
    lede_chosen chosen; /* dup:only */
    bool has_stories;
    uint64_t entries, stories; /* totals */
    lede_fit_parts *fits;      /* NULL: none; `fit_count` */
    uint32_t fit_count;
    uint64_t *early; /* keys of the fitted that would come later: not to come
                        again */
    uint32_t early_count;
    lede_span query;
    uint64_t offset; /* hits to pass over, or ... */
    bool is_behind;  /* ... the answer begins behind the hit of a cursor, ... */
    bool has_changed;    /* ... made when the archive was not what it is */
    uint64_t page;       /* hits held at a time */
    uint64_t base;       /* hits before those of `found` */
    lede_match_hit last; /* of those in `found`, before the fit */
    lede_match_hit last_fitted;
    uint64_t first; /* hits passed over */
    uint32_t count;
    bool has_more;
    bool has_learnt; /* words from the best hits: the query is long */
    bool is_relaxed;
    uint32_t required;
    lede_error *damage;      /* NULL: none met in ordering */
    lede_result_slot *slots; /* LEDE_RESULTS_WINDOW, made when first needed */
};

/* Runs the tree at hand, with copies folded if that is wanted; an exact total
 * sets those of the results. */
lede_status lede_results_run(lede_results *results,
                             const lede_match_options *options,
                             lede_match_result *out, lede_error *err);

/* Reads a hit's entry into the slot's record and arena. */
lede_status lede_results_load(lede_results *results, const lede_match_hit *hit,
                              lede_buf *record, lede_arena *arena,
                              lede_entry *out, lede_language *language,
                              lede_error *err);

/* Remembers, for lede_results_damage, that the order of the hits had to do
 * without an entry. LEDE_NO_MEMORY in `reason`, too. */
lede_status lede_results_note_damage(lede_results *results, lede_error *reason);

/* A hit's entry; NULL if its record is damaged, which is remembered. False when
 * out of memory. */
typedef bool lede_results_entry_fn(void *ctx, uint32_t hit,
                                   const lede_entry *entry,
                                   lede_language language);
/* Reads hits one after another. */
lede_status lede_results_read(lede_results *results, const lede_match_hit *hits,
                              uint32_t count, lede_results_entry_fn *fn,
                              void *ctx, lede_error *err);

/* Learns from the first hits of a long query which words go with it, and runs
 * it again with them. The total stays. */
lede_status lede_results_learn(lede_results *results, lede_error *err);

/* Computes the fit of the first hits, and of those with words as typed, and
 * puts them in their final order; the others follow as they were. */
lede_status lede_results_fit(lede_results *results, lede_error *err);

/* Drops the hits behind the fitted that are among these, from hit `from` on. */
void lede_results_drop_early(const lede_results *results,
                             lede_match_result *result, uint64_t from);

void lede_results_free_slots(lede_results *results);

#endif
