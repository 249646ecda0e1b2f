/* name_counts.h - "who and where is spoken of, how often, and what is telling?"
 *
 * Counts the people and places of many entries: those that were recognised, as
 * query/hit_names.h shows them, with the corrections. A person is counted under
 * the form that names are compared in (names/corrections.h), a place under its
 * id, or under such a form where it has none. An entry counts once however
 * often it speaks of somebody.
 *
 * What is most frequent in an answer is mostly what is frequent everywhere. How
 * telling a name is, is the log-likelihood ratio of Dunning ("Accurate methods
 * for the statistics of surprise and coincidence", 1993): twice the logarithm
 * of how much better the counts are explained by two shares of entries, one in
 * the answer and one outside, than by one in the whole archive. Names rarer in
 * the answer than outside have a minus before it.
 *
 * No more than LEDE_NAME_COUNTS_MOST different names are held. Where there are
 * more, entries are gone through several times, each time for a part of the
 * names, and those that come first are kept: their counts are exact, and it is
 * known how many others there are.
 *
 * Threads: a table belongs to one thread. */
#ifndef LEDE_QUERY_NAME_COUNTS_H
#define LEDE_QUERY_NAME_COUNTS_H

#include "query/engine.h"
#include "query/hit_names.h"

enum {
    LEDE_NAME_COUNTS_MOST = 500000, /* some 100 MB */
    LEDE_NAME_VARIANTS_MOST = 16 /* of one name; those met later are not told */
};

/* One way a name is written. */
typedef struct lede_name_variant {
    lede_span text;
    uint64_t entries; /* in which it is the longest */
    struct lede_name_variant *next;
} lede_name_variant;

typedef struct lede_name_count {
    lede_named_kind kind;
    lede_span key;   /* private: what it is counted under */
    lede_span name;  /* to show: corrected, or the most frequent variant; of
                        a known place its usual name */
    lede_span id;    /* of a known place, else empty */
    char country[3]; /* ISO 3166-1, or "" */
    bool has_point;
    double lat, lon;
    uint64_t entries;
    uint64_t mentions;
    uint64_t archive;    /* entries of the whole archive; if counted */
    double telling;      /* if it was */
    int64_t first, last; /* published; LEDE_INSTANT_NONE: nobody knows */
    uint64_t first_key, last_key; /* of the entries that say so */
    lede_name_variant *variants;  /* the most frequent first */
    uint32_t variant_count;
    uint64_t seen; /* private: number of the entry last counted */
    bool is_fixed; /* private: the name is no variant */
} lede_name_count;

typedef struct lede_name_counts {
    unsigned kinds;   /* bit set of lede_named_kind: what is wanted */
    lede_span prefix; /* of a word of the name, as names are compared; or empty
                       */
    uint64_t entries; /* counted */
    uint64_t with[2]; /* ... that have some name of the kind */
    lede_name_count *items;
    uint32_t count;
    uint64_t left_out[2]; /* names that come behind those, by kind */
    uint32_t most; /* private from here on: names held; 0: as many as may be */
    uint32_t part, parts; /* only names of this part are counted; 0: all */
    bool is_full;         /* others were met than could be held */
    uint32_t cap;
    uint32_t *slots;
    uint32_t slot_count;
    uint64_t archive;
    lede_arena arena, scratch;
    lede_buf key;
} lede_name_counts; /* all-zero but for `kinds` and `prefix` begins it */

/* Counts an entry by its list of names (storage/name_list.h). */
lede_status lede_name_counts_add(lede_name_counts *counts,
                                 const lede_name_view *view, lede_span list,
                                 uint64_t entry, int64_t instant,
                                 lede_error *err);
/* Counts an entry of the archive, for the names that are there. */
lede_status lede_name_counts_add_archive(lede_name_counts *counts,
                                         const lede_name_view *view,
                                         lede_span list, uint64_t entry,
                                         lede_error *err);
void lede_name_counts_done(lede_name_counts *counts);

/* Counts all entries by calling `pass`, which adds each to the table it is
 * given and sorts it, as often as it takes; `kinds`, `prefix` and `most` are
 * set. What the passes sort by is the order in which names are kept. */
lede_status lede_name_counts_run(lede_name_counts *counts,
                                 lede_status (*pass)(void *ctx,
                                                     lede_name_counts *counts,
                                                     lede_error *err),
                                 void *ctx, lede_error *err);

/* People before places; the most frequent first, or the most telling; equal
 * ones by name. Nothing may be added afterwards. */
void lede_name_counts_sort(lede_name_counts *counts);
void lede_name_counts_sort_telling(lede_name_counts *counts);

/* The ratio for a name in `in` of `answer` entries, and in `all` of `archive`,
 * which has the answer inside. */
double lede_name_telling(uint64_t in, uint64_t answer, uint64_t all,
                         uint64_t archive);

/* All names of an archive, the most frequent first. `prefix` as typed. */
lede_status lede_engine_name_counts(lede_engine *engine, unsigned kinds,
                                    lede_span prefix, lede_name_counts *out,
                                    lede_error *err);
/* Names of an answer, the most telling first. Done frees, after failure too. */
lede_status lede_results_name_counts(lede_results *results, unsigned kinds,
                                     lede_name_counts *out, lede_error *err);
/* Names of entries found in which a name of the query (person:x, place:x) was
 * recognised, but for those names; the most telling first. */
lede_status lede_results_names_with(lede_results *results,
                                    lede_name_counts *out, lede_error *err);

#endif
