/* paging.h - "which of the hits are at hand?"
 *
 * What query/search.c and query/results.c ask of paging.c. An answer's hits are
 * numbered from 0, those that were passed over included.
 *
 * Threads: as the search. */
#ifndef LEDE_QUERY_PAGING_H
#define LEDE_QUERY_PAGING_H

#include "query/results.h"

/* Where the answer begins: behind so many hits, or behind a cursor.
 * LEDE_BAD_INPUT for a cursor that does not fit. */
lede_status lede_results_go_on(lede_results *results, lede_span query,
                               lede_error *err);
/* How many hits the first run is asked for. */
uint64_t lede_results_first_run(const lede_results *results, bool wants_fit);
/* Whether there may be more pages than that of the first run. */
bool lede_results_is_paged(const lede_results *results);
/* Remembers the last hit of a page, before the fit changes the order. */
void lede_results_note_last(lede_results *results);
/* Gets the first page of the answer, and counts what is in it. */
lede_status lede_results_begin(lede_results *results, lede_error *err);
/* Turns pages until hit `at` is at hand. LEDE_END if there is none. */
lede_status lede_results_reach(lede_results *results, uint64_t at,
                               lede_error *err);

#endif
