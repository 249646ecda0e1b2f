/* asked.h - "a query, put to an archive"
 *
 * What every command that takes a query does before it shows anything: puts the
 * operands together, opens the archive, searches; and closes it all.
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_ASKED_H
#define LEDE_APP_ASKED_H

#include "app/opened.h"
#include "app/query_options.h"

typedef struct lede_asked {
    lede_opened opened;
    lede_buf query;
    lede_results *results;
    uint32_t missing; /* shards that the results are without */
} lede_asked;

/* When all options have been taken: puts the operands together and reads the
 * dates. An exit status: LEDE_EXIT_DONE, or an error that was said. Either way
 * lede_asked_done comes last. */
int lede_asked_begin(lede_query_settings *settings, const char **operands,
                     uint32_t count, lede_asked *out);

/* Opens the archive; lede_asked_search then searches it. Exit statuses too. */
int lede_asked_open(lede_app *app, lede_asked *asked);
int lede_asked_search(const lede_query_settings *settings, lede_asked *asked);
/* Whether a shard was lost since: what was counted after the search is of fewer
 * entries than its total. Before anything is printed, search again. */
bool lede_asked_lost(const lede_asked *asked);
/* All three, one after another. */
int lede_ask(lede_app *app, lede_query_settings *settings,
             const char **operands, uint32_t count, lede_asked *out);

/* Closes what is open and gives the exit status: see lede_close. */
int lede_asked_done(const lede_app *app, lede_asked *asked, int result);

#endif
