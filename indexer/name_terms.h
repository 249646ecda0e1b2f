/* name_terms.h - "which terms find an entry by the names in it?"
 *
 * The terms of a list of names (storage/name_list.h), the same for segments and
 * for Xapian's shards: words and ids (storage/name_words.h), and whole names as
 * they are compared (names/variants.h), of people and of places that are not
 * known.
 *
 * Threads: pure functions; the analyzer is the caller's. */
#ifndef LEDE_INDEXER_NAME_TERMS_H
#define LEDE_INDEXER_NAME_TERMS_H

#include "storage/name_words.h"

/* As lede_name_words_each. */
bool lede_name_terms_each(lede_span list, lede_analyzer *analyzer,
                          bool (*put)(void *ctx, const lede_name_term *term),
                          void *ctx);

#endif
