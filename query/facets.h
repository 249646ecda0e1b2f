/* facets.h - "and how are the hits spread?"
 *
 * For each facet asked for, how many entries found have each of its values:
 * exactly, over all hits, not those shown. A facet ignores its own filter, so
 * that it says what else there is to choose. Its own filter is every condition
 * that all hits must meet (what stands on the top level of the query, or in an
 * AND there; excluded with - or not) and that is about this facet alone:
 *
 *   source, label, author, kind, lang   the field of that name, also an OR of
 *                                       several conditions on it
 *   year, month, day                    dates: date: in all its forms
 *   person, place                       the field of that name (who is named
 *                                       with somebody: query/name_counts.h)
 *
 * People and places are those that were recognised (query/name_counts.h), not
 * those that are found as words of the text. A place is shown with its country.
 *
 * Years, months and days are those of the zone of the search; a date that was
 * printed without a time counts by what was printed, and under no month or day
 * that it does not have.
 *
 * Threads: as the results. */
#ifndef LEDE_QUERY_FACETS_H
#define LEDE_QUERY_FACETS_H

#include "query/counts.h"
#include "query/search.h"

typedef enum lede_facet {
    LEDE_FACET_SOURCE = 0,
    LEDE_FACET_AUTHOR,
    LEDE_FACET_LABEL,
    LEDE_FACET_KIND,
    LEDE_FACET_LANGUAGE,
    LEDE_FACET_YEAR,
    LEDE_FACET_MONTH,
    LEDE_FACET_DAY,
    LEDE_FACET_PERSON,
    LEDE_FACET_PLACE,
    LEDE_FACET_COUNT
} lede_facet;

const char *lede_facet_name(lede_facet facet); /* "source", "lang", ... */
bool lede_facet_parse(lede_span name, lede_facet *out);

typedef struct lede_facet_counts {
    lede_facet facet;
    lede_counts values; /* sorted: the most frequent first, then by name */
    uint64_t matches;   /* entries counted: its own filter is left out */
    uint64_t without;   /* of which so many have no value, ... */
    uint64_t with;      /* ... and so many some; of dates: 0 */
} lede_facet_counts;

/* Fills out[i] for facets[i]. Done frees what is in it, after failure too. */
lede_status lede_results_facets(lede_results *results, const lede_facet *facets,
                                uint32_t count, lede_facet_counts *out,
                                lede_error *err);
void lede_facet_counts_done(lede_facet_counts *counts, uint32_t count);

#endif
