/* pages.h - "is this file sound enough to let LMDB touch it?"
 *
 * LMDB trusts its file: a damaged page makes it read or write out of bounds.
 * So lede looks at the pages first, with reads that cannot fault: the head
 * before the file is mapped; the trees that a reader will walk (branch and leaf
 * pages, not the values) before its first read of a state; all trees, the free
 * list and who owns which page before a writer's first change. The file's
 * layout is that of LMDB 0.9 (mdb.c, "page structure"), which is frozen.
 *
 * What this cannot see: bits that flip after the check, inside a process.
 *
 * Threads: as archive.h says. */
#ifndef LEDE_STORAGE_PAGES_H
#define LEDE_STORAGE_PAGES_H

#include <lmdb.h>

#include "storage/archive.h"

typedef enum lede_pages_scope {
    LEDE_PAGES_SEARCH, /* manifest and segments */
    LEDE_PAGES_FILES,  /* file records */
    LEDE_PAGES_ALL     /* everything, and that each page has one owner */
} lede_pages_scope;

/* The two heads, before the file is mapped: LEDE_CORRUPT if LMDB could not open
 * it safely. */
lede_status lede_pages_check_head(const lede_archive *archive, lede_error *err);

/* Whether the file is what a killed process left that was making it: empty, or
 * a first head alone, with nothing ever committed. */
bool lede_pages_are_unborn(int fd);

typedef struct lede_pages_database {
    uint16_t flags, depth;
    uint64_t branches, leaves, overflows, entries, root;
} lede_pages_database;

/* One state of the file. */
typedef struct lede_pages_head {
    uint32_t page_bytes;
    lede_pages_database free_list, main;
    uint64_t last_page, txn;
} lede_pages_head;

/* Begins to read, and finds the head of the state that the transaction sees. */
lede_status lede_pages_begin(lede_archive *archive, MDB_txn **txn,
                             lede_pages_head *head, lede_error *err);

/* The pages of that state, while the transaction lasts. What was found sound is
 * not looked at again, nor what this process wrote itself since it looked. */
lede_status lede_pages_check(lede_archive *archive, const lede_pages_head *head,
                             lede_pages_scope scope, lede_error *err);

#endif
