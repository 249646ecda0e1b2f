/* show_name_counts.h - "how are counts of people and places shown?"
 *
 * Threads: pure functions, but for the option. */
#ifndef LEDE_APP_SHOW_NAME_COUNTS_H
#define LEDE_APP_SHOW_NAME_COUNTS_H

#include "app/app.h"
#include "query/name_counts.h"

enum { LEDE_OPT_NAME_LIMIT = 900, LEDE_NAME_LIMIT = 20 };

/* A row of a table of options. */
#define LEDE_NAME_LIMIT_OPTION                                                 \
    {                                                                          \
        "limit", 'n', "N", "how many names to show (20); 0 = all",             \
            LEDE_OPT_NAME_LIMIT                                                \
    }

/* Takes its value: UINT32_MAX for all. (0 stays for "not given".) */
bool lede_name_limit_set(const char *value, uint32_t *out, lede_error *err);

typedef struct lede_name_page {
    const lede_app *app;
    lede_engine *engine;
    const lede_name_counts *counts;
    uint32_t limit;        /* of each kind; 0: LEDE_NAME_LIMIT */
    lede_span query;       /* that was asked; of a list of all names, empty */
    lede_results *results; /* NULL: all names of an archive */
} lede_name_page;

/* Gives the exit status: done, nothing, or an error (said). */
int lede_print_name_counts(const lede_name_page *page);

#endif
