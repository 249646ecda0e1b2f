/* mentions.h - "is this word of the query somebody's name here?"
 *
 * How often each of some hits speaks of a person or a place whose name has a
 * given word: what the fit prefers, so that "reading" finds the town before
 * the verb. A mention in the headline counts for three, as in the terms of
 * names (indexer/name_terms.h), which know the answer. Where an engine has no
 * such terms, the entries' lists of names are read and give the same.
 *
 * Threads: as the engine. */
#ifndef LEDE_QUERY_MENTIONS_H
#define LEDE_QUERY_MENTIONS_H

#include "query/engine.h"

/* Fills out[hit * word_count + word], of folded words (an empty one is in no
 * name). */
lede_status lede_mentions_find(lede_engine *engine, lede_analyzer *analyzer,
                               const lede_span *words, uint32_t word_count,
                               const lede_match_hit *hits, uint32_t hit_count,
                               uint32_t *out, lede_error *err);

/* From the terms of a snapshot. */
lede_status lede_mentions_of_terms(const lede_snapshot *snapshot,
                                   const lede_span *words, uint32_t word_count,
                                   const lede_match_hit *hits,
                                   uint32_t hit_count, uint32_t *out,
                                   lede_error *err);

/* From the lists of names of the hits. */
lede_status lede_mentions_of_lists(lede_engine *engine, lede_analyzer *analyzer,
                                   const lede_span *words, uint32_t word_count,
                                   const lede_match_hit *hits,
                                   uint32_t hit_count, uint32_t *out,
                                   lede_error *err);

#endif
