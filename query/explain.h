/* explain.h - "why does this entry have this score?"
 *
 * Threads: as the engine. */
#ifndef LEDE_QUERY_EXPLAIN_H
#define LEDE_QUERY_EXPLAIN_H

#include "query/engine.h"
#include "query/search.h"
#include "query/spots.h"

/* The parts of one hit's score. `spots` are those of its entry; `fit` is what
 * the hit got. Lives in `arena`. */
lede_status lede_explain_make(lede_engine *engine, const lede_tree *tree,
                              const lede_match_options *options,
                              const lede_match_hit *hit,
                              const lede_fit_parts *fit, lede_matched matched,
                              const lede_entry *entry, const lede_spots *spots,
                              lede_arena *arena, const lede_explain **out,
                              lede_error *err);

#endif
