/* ledger.h - "how did the hits match?"
 *
 * Each entry found belongs to one class: the strictest reading of the query
 * that still finds it.
 *
 *   exact   every word stands as typed (case and accents aside), or as a
 * wildcard or phrase asks for stem    some word only stands in another form of
 * its stem alias   some name only stands under another of its names fuzzy some
 * word with ~ only stands with characters that differ
 *
 * A reading is the tree with stricter constraints on its words; what is
 * excluded stays excluded in every form. Readings contain each other, so a
 * class is a difference of two counts, and a filter is one reading without the
 * one before.
 *
 * Threads: as the results. */
#ifndef LEDE_QUERY_LEDGER_H
#define LEDE_QUERY_LEDGER_H

#include "query/match.h"
#include "query/plan.h"
#include "query/search.h"

const char *lede_matched_name(lede_matched matched); /* "exact", ... */
bool lede_matched_parse(lede_span name, lede_matched *out);

/* Gives a plan what readings need beside it: a leaf for each fuzzy word as
 * typed, as long as there is room. Before the tree is opened. */
lede_status lede_ledger_prepare(lede_plan *plan, lede_arena *arena,
                                lede_error *err);
/* The root of the tree for entries of one class alone. */
lede_status lede_ledger_filter(const lede_plan *plan, lede_matched matched,
                               lede_arena *arena, lede_node **out,
                               lede_error *err);

/* How one of the hits matched. What is made on the way lives in `arena`. */
lede_status lede_ledger_classify(lede_results *results,
                                 const lede_match_hit *hit, lede_arena *arena,
                                 lede_matched *out, lede_error *err);

#endif
