/* show_hits.h - "what did the search find?"
 *
 * Prints results as text, JSON or NDJSON.
 *
 * Threads: as the results. */
#ifndef LEDE_APP_SHOW_HITS_H
#define LEDE_APP_SHOW_HITS_H

#include "app/app.h"
#include "query/search.h"

typedef struct lede_hits_page {
    const lede_app *app;
    lede_results *results;
    const lede_totals *totals;
    lede_span query;
    const lede_search_options *options;
} lede_hits_page;

/* Gives the exit status: found, nothing, or an error (said). */
int lede_print_hits(const lede_hits_page *page);

#endif
