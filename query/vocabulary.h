/* vocabulary.h - "which words do the texts of this archive have?"
 *
 * The folded words as written, not their stems, of which the dictionary has
 * terms. A walk visits those of the default fields, or of one field by name;
 * the same ones in any order of segments.
 *
 * Threads: as the snapshot. */
#ifndef LEDE_QUERY_VOCABULARY_H
#define LEDE_QUERY_VOCABULARY_H

#include <stdint.h>

#include "base/analyze.h"
#include "storage/archive.h"

/* A word, lent; the term that it has (empty: not known, one of its stems), and
 * in how many entries that is (UINT64_MAX: not known). A word comes once for
 * each of its terms. */
typedef void lede_vocabulary_fn(void *ctx, lede_span word, lede_span term,
                                uint64_t entry_count);

/* Whether it matters that entries of a word may be deleted, which takes longer:
 * then it is visited only if one that is not has it, and these are counted. Of
 * other words deleted entries may be taken for any. NULL: no word matters. */
typedef bool lede_vocabulary_matters(void *ctx, lede_span word);

/* Visits all words that begin with `begin`, and perhaps others, of the field
 * with the prefix (lede_field_prefix; "": the default fields; or of a space of
 * names, whose values count as words). Where terms come
 * with them, none is left out that begins with the first character of `begin`.
 * Both functions get `fn_ctx`. */
typedef lede_status lede_vocabulary_walk(void *ctx, const char *prefix,
                                         lede_span begin,
                                         lede_vocabulary_matters *matters,
                                         lede_vocabulary_fn *fn, void *fn_ctx,
                                         lede_error *err);

/* The walk of a snapshot. `languages` are those of its stems, a bit set. */
lede_status lede_vocabulary_of_snapshot(const lede_snapshot *snapshot,
                                        uint32_t languages, const char *prefix,
                                        lede_span begin,
                                        lede_vocabulary_matters *matters,
                                        lede_vocabulary_fn *fn, void *fn_ctx,
                                        lede_error *err);

/* Whether a walk that gives terms has visited the term if there is one. */
bool lede_vocabulary_has_visited(const char *prefix, lede_span begin,
                                 lede_span term);

/* Whether words of the field have stems; names are kept as they are. */
bool lede_vocabulary_has_stems(const char *prefix);

/* How frequent a word counts as: in how many entries, which `count` tells of a
 * term, that of its stems is that most have. They are those in the languages (a
 * bit set), whether an entry of the language has the word or not: all that
 * every engine can tell. */
uint64_t lede_vocabulary_count(lede_analyzer *analyzer, uint32_t languages,
                               const char *prefix, lede_span word,
                               uint64_t (*count)(void *ctx, lede_span term),
                               void *ctx);

/* Whether all stems of the language begin with the character that the word
 * begins with. */
bool lede_vocabulary_keeps_first(lede_language language);

#endif
