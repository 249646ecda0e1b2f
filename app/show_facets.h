/* show_facets.h - "and how are the hits spread?", printed
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_SHOW_FACETS_H
#define LEDE_APP_SHOW_FACETS_H

#include "app/json_out.h"
#include "query/facets.h"

/* Which facets are asked for, and how many values of each are shown. */
typedef struct lede_facets_wanted {
    lede_facet items[LEDE_FACET_COUNT];
    uint32_t count;
    uint32_t limit; /* UINT32_MAX: all */
} lede_facets_wanted;

/* Whether people or places are among them. */
bool lede_facets_have_names(const lede_facets_wanted *wanted);

/* Adds those of a list such as "source,year"; false (with err filled) if one is
 * no facet. One that is asked for already stays where it is. */
bool lede_facets_parse(lede_facets_wanted *wanted, const char *list,
                       lede_error *err);

/* A table of each facet, for people; `total` entries were found. */
void lede_put_facets_text(lede_buf *out, const lede_facet_counts *facets,
                          uint32_t count, uint32_t limit, uint64_t total);
/* The member "facets". */
void lede_json_facets(lede_json_out *json, const lede_facet_counts *facets,
                      uint32_t count, uint32_t limit);
/* A line for each value. */
void lede_put_facets_csv(lede_buf *out, const lede_facet_counts *facets,
                         uint32_t count, uint32_t limit);

#endif
