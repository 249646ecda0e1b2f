/* years.h - "which year was that?"
 *
 * A post without a trusted year takes it from another version of itself, or
 * from the nearest post of its page, at most LEDE_YEAR_REACH_DAYS away, that
 * has one.
 *
 * Threads: pure functions. */
#ifndef LEDE_INDEXER_YEARS_H
#define LEDE_INDEXER_YEARS_H

#include "indexer/pages.h"

enum { LEDE_YEAR_REACH_DAYS = 60 };

/* Sets `published` of pages->classes[first ... first + count), all of one page.
 * Work is done in the arena; false when out of memory. */
bool lede_years_fill(lede_pages *pages, uint32_t first, uint32_t count,
                     lede_arena *arena);

/* The date moved to the year that brings it nearest to `anchor`; as it was, if
 * it has no month and day, or is February 29 and no such year has one. */
lede_when lede_years_move(const lede_when *when, int64_t anchor,
                          lede_year_source source);

#endif
