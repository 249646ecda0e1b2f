/* search.h - "which entries, and in what order?"
 *
 * A query string is parsed (any string is a valid query), planned against a
 * snapshot, matched and ranked:
 *
 *   score(d) = text(d) x ((1 - w) + w x 2^(-age(d)/H))
 *
 * text is BM25 (Robertson et al., TREC-3; k1 1.2, b 0.75) over one weighted
 * frequency per term. Each term's part is rounded to a whole number of
 * 2^-20, so that a sum is the same in whatever order it is made: pruning,
 * SIMD, several segments and the exhaustive scorer of the tests give
 * bit-identical scores. The first 64 are re-ordered by fit. docs/RANKING.md.
 *
 * Threads: a search belongs to one thread, as its snapshot does. */
#ifndef LEDE_QUERY_SEARCH_H
#define LEDE_QUERY_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/entry.h"
#include "base/status.h"
#include "storage/archive.h"

typedef enum lede_sort {
    LEDE_SORT_RELEVANCE = 0,
    LEDE_SORT_NEWEST, /* strict; unknown dates last */
    LEDE_SORT_OLDEST  /* strict; unknown dates last */
} lede_sort;

/* How an entry matched: the strictest reading of the query that finds it
 * (query/ledger.h). In this order: each reading contains the one before. */
typedef enum lede_matched {
    LEDE_MATCHED_ANY = 0,
    LEDE_MATCHED_EXACT,
    LEDE_MATCHED_STEM,
    LEDE_MATCHED_ALIAS,
    LEDE_MATCHED_FUZZY,
    LEDE_MATCHED_COUNT
} lede_matched;

typedef enum lede_totals_wanted {
    LEDE_TOTALS_EXACT = 0,
    LEDE_TOTALS_NONE /* prunes freely; total counts what was met */
} lede_totals_wanted;

/* What becomes of near-copies of hits: dup:... in the query. */
typedef enum lede_copies_wanted {
    LEDE_COPIES_FOLD = 0, /* under the first of them */
    LEDE_COPIES_SHOW,
    LEDE_COPIES_ONLY /* shown, and only what has copies */
} lede_copies_wanted;

/* All-zero: the defaults of the command line. */
typedef struct lede_search_options {
    lede_sort sort;
    uint32_t limit;  /* hits wanted; 0 = 10 */
    bool unlimited;  /* all hits; limit is ignored. They are to be got in order:
                        only some are held at a time */
    uint64_t offset; /* hits to pass over */
    bool unfolded;   /* near-copies are hits of their own unless the query says
                        otherwise, and stories are not counted */
    bool match_any;  /* plain words are optional, at least one */
    bool no_relax;
    lede_matched matched; /* only entries that matched so */
    bool rank_plain;      /* no fit */
    bool count_only;      /* the exact total, and no hits */
    /* Hits behind the one of a cursor (lede_results_cursor) instead of an
     * offset. It is good for the same query and options, but for limits; by
     * relevance only as long as the archive has not changed. */
    const char *after;
    uint32_t page_hits; /* how many hits are held at a time where all are
                           wanted, at least 64; 0 = 65,536 */
    lede_totals_wanted totals;
    /* Recency. */
    bool no_recency;
    bool recency_given;  /* use `recency`, and keep it under a date filter */
    double recency;      /* w, 0 to 1 */
    int64_t half_life_s; /* H; 0 = the archive's */
    bool as_of_given;
    int64_t as_of; /* hides what was published later; origin of ages */
    bool now_given;
    int64_t now; /* of date:yesterday and the like; else as_of, else the clock's
                  */
    int32_t zone_offset_s;  /* unused when zone is set */
    const char *zone;       /* of days in date:...; NULL = UTC */
    uint32_t snippet_bytes; /* about how long; 0 = 240 */
    bool explain;
} lede_search_options;

/* Half-open byte range of a snippet's text. */
typedef struct lede_mark {
    uint32_t begin, end;
} lede_mark;

/* One term's share in a score; for --explain. */
typedef struct lede_explain_term {
    const char *term;     /* as searched: the stem, or the exact word */
    const char *word;     /* as typed */
    uint32_t frequency;   /* weighted, doubled */
    uint64_t entry_count; /* document frequency */
    double idf, boost, part;
    bool is_learnt; /* not typed: the best hits share it (docs/RANKING.md) */
    const char *fields; /* "headline, body" */
    const char *forms;  /* "Starmer, starmer's" */
} lede_explain_term;

/* What the fit is made of, each part weighed as it is added:
 * 1 + fit = (1 + order + near + exact + headline + name) x (1 + typed) x
 * (1 + like). docs/RANKING.md says what they mean. */
typedef struct lede_fit_parts {
    double order, near, exact, headline, name, typed, like;
} lede_fit_parts;

typedef struct lede_explain {
    const lede_explain_term *terms;
    uint32_t term_count;
    double text, recency, fit; /* score = text x recency x (1 + fit) */
    lede_fit_parts fit_parts;  /* all 0 behind the hits that are fitted */
    lede_matched matched;
    int64_t age_s;         /* -1 when the date is not trusted */
    const char *date_used; /* "published, year from page", "none" ... */
    uint32_t length;       /* weighted, doubled */
    double average_length;
} lede_explain;

/* A person or a place that a hit speaks of (query/hit_names.h). */
typedef struct lede_hit_name {
    lede_span name; /* as it is shown: corrected; of a place the usual name */
    lede_span form; /* as the entry has it */
    uint32_t mentions;
    lede_span id;        /* of a place that is known; else empty */
    const char *country; /* of a place: ISO 3166-1, or "" */
    bool has_point;
    double lat, lon; /* of a place, in degrees */
} lede_hit_name;

/* What in a hit answers person:x, place:x or from:x of the query. */
typedef struct lede_hit_match {
    const char *field; /* "person" ... */
    lede_span typed;
    lede_span form;     /* as the entry has it; empty: it is an id */
    bool is_recognized; /* as what was asked for; else the words are there */
} lede_hit_match;

/* A text of the entry, of those that no passage is taken from, in which words
 * of the query stand. */
typedef struct lede_hit_part {
    const char *field; /* "author", "label", "source" ... */
    lede_span text;
    const lede_mark *marks;
    uint32_t mark_count;
} lede_hit_part;

/* Hits and all that they point to live until lede_results_free; the entry's
 * spans too. */
typedef struct lede_hit {
    uint64_t rank; /* from 1 */
    double score;  /* 0 under date sorts: has_score */
    bool has_score;
    const lede_entry *entry;
    const char *const *missing; /* typed words that it lacks (relaxed) */
    uint32_t missing_count;
    lede_span snippet;
    const lede_mark *marks;
    uint32_t mark_count;
    const lede_mark *headline_marks; /* in entry->headline */
    uint32_t headline_mark_count;
    const lede_hit_part *parts; /* in the order in which the entry is read */
    uint32_t part_count;
    const lede_explain *explain;          /* NULL unless asked for */
    const lede_hit_name *people, *places; /* most mentioned first */
    uint32_t person_count, place_count;
    const lede_hit_match *matches; /* names of the query that it has */
    uint32_t match_count;
    uint32_t copies; /* live entries that say the same, whether or not they
                        match */
    uint64_t group;  /* its name; means nothing without copies */
} lede_hit;

/* Something to say about the query, pointing at a byte of it. */
typedef struct lede_query_note {
    uint32_t column; /* byte offset in the query */
    const char *text;
} lede_query_note;

typedef struct lede_results lede_results;

/* Parses and runs. LEDE_BAD_INPUT only for options out of range, and for a
 * cursor that does not fit. The snapshot
 * has to outlive the results. */
lede_status lede_search(const lede_snapshot *snapshot, lede_span query,
                        const lede_search_options *options, lede_results **out,
                        lede_error *err);
void lede_results_free(lede_results *results); /* accepts NULL */

uint64_t lede_results_total(const lede_results *results); /* of entries */
/* The total, near-copies counting once; false if that is not known. */
bool lede_results_stories(const lede_results *results, uint64_t *out);
uint32_t lede_results_count(const lede_results *results); /* of the answer */
/* Whether there are hits behind those of the answer, as far as is known. */
bool lede_results_has_more(const lede_results *results);
/* Appends the cursor of a hit, one of the last got: see `after`. */
void lede_results_cursor(const lede_results *results, uint32_t index,
                         lede_buf *out);
/* Reads the hit's entry from the store and makes its snippet, when first asked
 * for. The hit lives until the next call of get for a different index past
 * a window of 64, or free. LEDE_CORRUPT is about this hit alone: its record
 * cannot be read, but its place is known and other hits may be whole. LEDE_END
 * if the answer has fewer hits than were counted: all hits behind a cursor
 * whose archive has changed. LEDE_BAD_INPUT for a hit that is no longer held.
 */
lede_status lede_results_get(lede_results *results, uint32_t index,
                             const lede_hit **out, lede_error *err);

/* What a search knows of a hit without reading its record. */
typedef struct lede_hit_place {
    uint64_t rank; /* these as in lede_hit */
    double score;
    bool has_score;
    uint64_t key;
} lede_hit_place;

/* `index` is below lede_results_count, and its hit was got, or failed to be, or
 * the limit is no more than one page. */
lede_hit_place lede_results_place(const lede_results *results, uint32_t index);
/* The same of any hit of the answer; LEDE_END as lede_results_get. */
lede_status lede_results_reach_place(lede_results *results, uint32_t index,
                                     lede_hit_place *out, lede_error *err);
/* How many of all entries found matched how, counted when asked for; [ANY] is
 * the total, which has to be exact. */
lede_status lede_results_ledger(lede_results *results,
                                uint64_t counts[LEDE_MATCHED_COUNT],
                                lede_error *err);
/* How many of them are found without what only has the words of a name asked
 * for (person:x, place:x). *has: whether the query has one. */
lede_status lede_results_recognized(lede_results *results, bool *has,
                                    uint64_t *out, lede_error *err);
/* Damage that the order of the hits suffers from: the record of one of the
 * first cannot be read, and neither its fit (on shards) nor what a long query
 * learns from it is known. NULL: none. */
const lede_error *lede_results_damage(const lede_results *results);
/* True if the search was relaxed: the words required and all words. */
bool lede_results_relaxed(const lede_results *results, uint32_t *required,
                          uint32_t *of);
uint32_t lede_results_note_count(const lede_results *results);
lede_query_note lede_results_note(const lede_results *results, uint32_t index);

/* Appends the query as understood: a canonical form with every AND, OR and
 * parenthesis (--parse); nothing if there is nothing to search for. `note`, if
 * not NULL, is called with each note, in the order of the query. */
lede_status lede_query_explain(lede_span query,
                               const lede_search_options *options,
                               lede_buf *out,
                               void (*note)(void *ctx, lede_query_note note),
                               void *ctx, lede_error *err);

#endif
