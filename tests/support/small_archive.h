/* small_archive.h - an archive of a few entries written down in a test
 *
 * Posts entries in the plainest way, through base/entry_terms.h and the segment
 * writer: no memory bounds, no keys worked out. A twin of what indexer/ does,
 * for tests that start from entries and not from files. */
#ifndef LEDE_TESTS_SUPPORT_SMALL_ARCHIVE_H
#define LEDE_TESTS_SUPPORT_SMALL_ARCHIVE_H

#include "base/entry.h"
#include "storage/archive.h"
#include "storage/name_words.h"

/* Makes an archive of the entries in a fresh directory below $TMPDIR or /tmp,
 * with `per_segment` entries a segment (0: all in one). Keys must be set and
 * differ. The path is put in `directory` (of at least 256 bytes). */
lede_status small_archive_make(const lede_entry *entries, uint32_t count,
                               uint32_t per_segment, int64_t now,
                               char *directory, lede_archive **out,
                               lede_error *err);

/* lede_name_terms_each (indexer/name_terms.h), or lede_name_words_each. */
typedef bool small_archive_each(lede_span list, lede_analyzer *analyzer,
                                bool (*put)(void *ctx,
                                            const lede_name_term *term),
                                void *ctx);
/* The same with a list of names (storage/name_list.h) of each entry, whose
 * terms are those of `each`. */
lede_status small_archive_make_named(const lede_entry *entries,
                                     const lede_span *names,
                                     small_archive_each *each, uint32_t count,
                                     uint32_t per_segment, int64_t now,
                                     char *directory, lede_archive **out,
                                     lede_error *err);
/* Closes it and removes the directory. */
void small_archive_remove(lede_archive *archive, const char *directory);

#endif
