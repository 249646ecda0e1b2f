/* nothing.h - "nothing found: what was searched, and what could be meant?"
 *
 * For answers without hits, and for relaxed ones: which words no entry has,
 * with words that the archive does have and that look like them; and what there
 * was to search: how many entries, of how many sources, from when to when, and
 * the stretches of time of which there is nothing.
 *
 * Threads: as the results. */
#ifndef LEDE_QUERY_NOTHING_H
#define LEDE_QUERY_NOTHING_H

#include "query/search.h"

enum {
    LEDE_SUGGESTIONS_MOST = 3,
    LEDE_UNKNOWN_MOST = 8, /* words */
    LEDE_GAPS_MOST = 3
};

typedef struct lede_suggestion {
    lede_span word;   /* folded, as texts have it */
    uint64_t entries; /* that have it or another word of its stem (where its
                         stems differ by language, of the most frequent) */
    unsigned wrong;   /* characters that are not as typed: 1 or 2 */
} lede_suggestion;

/* A word that no entry has (in the field that it was asked for in). Suggestions
 * differ from it in one character, if it has three or more, or in two, if it
 * has five; by that, then the most frequent first. */
typedef struct lede_unknown {
    lede_span typed;
    uint32_t column; /* byte offset in the query */
    lede_suggestion suggestions[LEDE_SUGGESTIONS_MOST];
    uint32_t count;
} lede_unknown;

/* Days without an entry: those between, both included, as days since 1970. */
typedef struct lede_gap {
    int64_t first, last;
} lede_gap;

typedef struct lede_nothing {
    uint64_t entries;                       /* of the archive */
    int64_t archive_oldest, archive_newest; /* their days; LEDE_INSTANT_NONE if
                                               none has a date */
    bool has_filters; /* dates, sources, kinds and the like were asked for */
    uint64_t within;  /* entries that these leave */
    bool has_sources; /* the rest is known: of very many entries on engines that
                         must read them it is not */
    uint64_t sources; /* different ones, of the entries within */
    int64_t oldest, newest;        /* days of those, where they are known;
                                      LEDE_INSTANT_NONE if none is */
    lede_gap gaps[LEDE_GAPS_MOST]; /* the longest, each of two days at least and
                                      a twentieth of the time from oldest to
                                      newest; in order of time */
    uint32_t gap_count;
    lede_unknown unknown[LEDE_UNKNOWN_MOST];
    uint32_t unknown_count;
} lede_nothing;

/* What is in it lives as long as the results. */
lede_status lede_results_nothing(lede_results *results, lede_nothing *out,
                                 lede_error *err);

#endif
