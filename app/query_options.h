/* query_options.h - "what is to be found?"
 *
 * The options of every command that takes a query: what decides which entries
 * are found. (In which order, how many and how they are shown is each command's
 * own business.)
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_QUERY_OPTIONS_H
#define LEDE_APP_QUERY_OPTIONS_H

#include "app/app.h"
#include "query/search.h"

enum {
    LEDE_OPT_MATCH = 1000, /* behind all ids of a command's own */
    LEDE_OPT_NO_RELAX,
    LEDE_OPT_MATCHED,
    LEDE_OPT_AS_OF,
    LEDE_OPT_NOW,
    LEDE_OPT_ZONE
};

/* Rows of a table of options. */
#define LEDE_QUERY_OPTIONS                                                     \
    {"match", 0, "WHICH", "all words (the default), or any", LEDE_OPT_MATCH},  \
        {"no-relax", 0, NULL, "never drop a word when nothing has them all",   \
         LEDE_OPT_NO_RELAX},                                                   \
        {"matched", 0, "HOW",                                                  \
         "only entries found so: exact, stem, alias, fuzzy",                   \
         LEDE_OPT_MATCHED},                                                    \
        {"as-of", 0, "DATE",                                                   \
         "search as it was then: nothing later, ages from then",               \
         LEDE_OPT_AS_OF},                                                      \
        {"now", 0, "DATE",                                                     \
         "the time that date:yesterday and the like count from",               \
         LEDE_OPT_NOW},                                                        \
    {                                                                          \
        "zone", 0, "ZONE", "time zone of dates, typed and shown (UTC)",        \
            LEDE_OPT_ZONE                                                      \
    }

typedef struct lede_query_settings {
    lede_search_options search;
    const char *as_of, *now;
} lede_query_settings;

/* An option with two words: false is the first. */
bool lede_set_choice(const char *option, const char *value, const char *first,
                     const char *second, bool *out, lede_error *err);

/* Takes one of these options. */
bool lede_query_set(lede_query_settings *settings, int id, const char *value,
                    lede_error *err);

/* Puts operands together, with blanks between them. Says what is wrong; false
 * then. */
bool lede_join_operands(const char **operands, uint32_t count, lede_buf *out);

/* When all options have been taken: puts the operands together to a query. Says
 * what is wrong; false then. */
bool lede_query_join(lede_query_settings *settings, const char **operands,
                     uint32_t count, lede_buf *query);

#endif
