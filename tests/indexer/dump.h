/* dump.h - what an archive says, whatever its segments.
 *
 * Entries by key with all their fields, terms in byte order with all their
 * postings: two archives that were made in different ways hold the same when
 * their dumps are equal. And folders of small files. */
#ifndef LEDE_TESTS_INDEXER_DUMP_H
#define LEDE_TESTS_INDEXER_DUMP_H

#include "base/buf.h"
#include "storage/archive.h"

/* Appends the dump of the live entries and of their postings. Pairs are left
 * out: of which words they are kept depends on what was indexed first. */
void dump_archive(lede_archive *archive, lede_buf *out);
/* Appends those of the pairs. */
void dump_pairs(lede_archive *archive, lede_buf *out);
/* Appends one line per live entry: "time headline: body [path path]", sorted.
 */
void dump_entries(lede_archive *archive, lede_buf *out);
uint64_t count_live(lede_archive *archive);
uint32_t count_segments(lede_archive *archive);

/* Fails the test, printing the first difference. */
void assert_same_dump(const lede_buf *a, const lede_buf *b);
void assert_same_archives(lede_archive *a, lede_archive *b);

/* A fresh folder under the system's, and its end. */
char *folder_new(void);
void folder_remove(char *folder); /* frees the name too */
/* "folder/name", lent until the eighth call from now. */
const char *in_folder(const char *folder, const char *name);
void write_file(const char *path, const char *text);
/* Puts the file's time into the past or future, so that a change within one
 * tick of the clock shows. */
void set_time(const char *path, long seconds);

lede_archive *open_archive(const char *directory);

#endif
