/* redo.h - "what is still to be done to the entries, whatever happens?"
 *
 * A change of an archive whose records are elsewhere is made in two places, and
 * no commit holds both. So all of it is first written to a file: entries to
 * put, keys to delete, and the generation that the archive will have when it
 * knows of them. When the archive has that generation the change is due, and is
 * made from the file as often as it takes; until then it never was.
 *
 *   head   "LEDEREDO", version u32, generation u64, XXH3 of these u64
 *   item   len u32, then bytes: 0, key u64 (delete), or 2, trusted u8, length
 *          of names u32, names, record (put); XXH3 of the bytes u64
 *   end    len 0 u32
 *
 * Version 1 had 1, trusted u8, record where 2 stands now.
 *
 * Threads: a writer or reader belongs to one thread. */
#ifndef LEDE_INDEXER_REDO_H
#define LEDE_INDEXER_REDO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

#define LEDE_REDO_NAME "redo"

typedef struct lede_redo_writer lede_redo_writer;

/* Begins the change after which `directory`'s archive has this generation. */
lede_status lede_redo_begin(const char *directory, uint64_t generation,
                            lede_redo_writer **out, lede_error *err);
/* `names` is the entry's list of names (storage/name_list.h); empty: not known.
 */
lede_status lede_redo_put(lede_redo_writer *writer, lede_span record,
                          bool trusted, lede_span names, lede_error *err);
lede_status lede_redo_delete(lede_redo_writer *writer, uint64_t key,
                             lede_error *err);
/* Makes it durable, in the place of the one before. */
lede_status lede_redo_finish(lede_redo_writer *writer, lede_error *err);
/* Also forgets what was not finished; accepts NULL. */
void lede_redo_free(lede_redo_writer *writer);

typedef struct lede_redo_item {
    bool is_put, trusted;
    uint64_t key;            /* to delete */
    lede_span record, names; /* to put; lent until the next item */
} lede_redo_item;

typedef struct lede_redo_reader lede_redo_reader;

/* LEDE_NOT_FOUND, without a message, if there is none. */
lede_status lede_redo_open(const char *directory, lede_redo_reader **out,
                           uint64_t *generation, lede_error *err);
/* LEDE_END past the last. */
lede_status lede_redo_next(lede_redo_reader *reader, lede_redo_item *out,
                           lede_error *err);
void lede_redo_close(lede_redo_reader *reader); /* accepts NULL */
/* The change was made, or never will be. */
lede_status lede_redo_forget(const char *directory, lede_error *err);

#endif
