/* xapian_words.h - "which words do the shards have?"
 *
 * The vocabulary (query/vocabulary.h) of databases of Xapian: their terms of
 * words as written.
 *
 * Threads: as the database. */
#ifndef LEDE_QUERY_XAPIAN_WORDS_H
#define LEDE_QUERY_XAPIAN_WORDS_H

#include "base/buf.h"
#include "query/counts.h"
#include "query/vocabulary.h"
#include "storage/xapian_shim.h"

typedef struct lede_xapian_words {
    const char *prefix; /* given */
    lede_span begin;    /* given */
    lede_buf bytes;     /* each a length, u32, and as many bytes */
    lede_counts stems;  /* by name of the term: in how many entries */
} lede_xapian_words;

/* Replaces both: a step of the engine, which may be done again. `ctx` is a
 * lede_xapian_words. Stems that begin as the words do come with their counts,
 * so that these are not asked for one by one. */
lede_status lede_xapian_words_read(void *ctx, lede_xapian *db, lede_error *err);

/* Calls `fn` for each word read: of its terms nothing is known, its count is
 * UINT64_MAX. */
void lede_xapian_words_each(const lede_xapian_words *words,
                            lede_vocabulary_fn *fn, void *ctx);

#endif
