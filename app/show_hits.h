/* show_hits.h - "what did the search find?"
 *
 * Prints results in the format asked for (app/hits_out.h).
 *
 * Threads: as the results. */
#ifndef LEDE_APP_SHOW_HITS_H
#define LEDE_APP_SHOW_HITS_H

#include "app/app.h"
#include "app/json_out.h"
#include "app/show_facets.h"
#include "app/show_nothing.h"
#include "query/search.h"

typedef struct lede_engine lede_engine;

typedef struct lede_hits_page {
    const lede_app *app;
    lede_results *results;
    const lede_engine *engine;
    uint32_t missing; /* shards that the results are without: asked.h */
    const lede_totals *totals;
    lede_span query;
    const lede_search_options *options;
    bool keys_only;                  /* in text */
    const char *self;                /* address of the Atom feed, or NULL */
    const lede_facet_counts *facets; /* in text and JSON; in CSV instead of the
                                        hits */
    uint32_t facet_count;
    uint32_t facet_limit;        /* values shown of each */
    const lede_nothing *nothing; /* this and what follows is filled in by
                                    lede_print_hits */
    bool has_ledger;
    uint64_t ledger[LEDE_MATCHED_COUNT]; /* how many entries matched how */
    bool has_names;      /* the query asks for people or places */
    uint64_t recognized; /* entries in which these were */
} lede_hits_page;

/* Whether it is an address of the web: http or https. */
bool lede_is_web_address(lede_span url);

/* The number of the character at a byte of the query, from 1. */
unsigned lede_column_of(lede_span query, uint32_t offset);
/* Says a note on stderr, with the character of the query that it points at. */
void lede_say_note(lede_span query, lede_query_note note);
/* An object with the same for programs: "column" as people count, from 1, and
 * "offset" in bytes. */
void lede_json_note(lede_json_out *json, lede_span query, lede_query_note note);

/* Says, to people, what there is to say about an answer as a whole: its notes,
 * and whether it was relaxed. Nothing in JSON, which has them inside. */
void lede_say_answer(const lede_app *app, lede_span query,
                     const lede_results *results);

/* Gives the exit status: found, nothing, or an error (said). */
int lede_print_hits(const lede_hits_page *page);

#endif
