/* A folder of files that tests/indexer/fake_corpus.h reads, the archive that is
 * made of it, and what the last run reported. */
#ifndef LEDE_TESTS_INDEXER_FAKE_FOLDER_H
#define LEDE_TESTS_INDEXER_FAKE_FOLDER_H

#include "indexer/indexer.h"
#include "tests/indexer/fake_corpus.h"

typedef struct fake_folder {
    char *archive_folder, *folder;
    char *away; /* for files that are out of sight for a while */
    lede_archive *archive;
    lede_index_report report;
} fake_folder;

/* cmocka's fixture: `*state` is a fake_folder, empty, of an empty archive. */
int fake_folder_setup(void **state);
int fake_folder_teardown(void **state);

/* Writes a file, which is newer than all before. */
void fake_folder_put(fake_folder *f, const char *name, const char *text);

/* The usual ones; `fake_corpus_stop` stops the run. */
lede_index_options fake_folder_options(void);

/* Runs that succeed. */
void fake_folder_index_with(fake_folder *f, const lede_index_options *options);
void fake_folder_index(fake_folder *f);

/* `wanted`: as dump_entries() writes. */
void fake_folder_assert_entries(fake_folder *f, const char *wanted);
void fake_folder_assert_checked(fake_folder *f);

#endif
