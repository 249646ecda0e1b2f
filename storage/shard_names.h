/* shard_names.h - "which databases does this name name?"
 *
 * Reads names of archives of shards (storage/shards.h), and lists: text files
 * of at most 1 MiB, of lines
 *
 *   auto PATH            a database (or "glass PATH"), from the list's folder
 *   remote HOST:PORT     a server; words behind it are passed over
 *   # anything
 *
 * with blanks before and behind. Xapian would follow a path that is a list
 * itself, for ever if it names itself, and with no limit to its patience with
 * servers: so it is refused, with a message that says what to write.
 *
 * Threads: a list belongs to one thread. */
#ifndef LEDE_STORAGE_SHARD_NAMES_H
#define LEDE_STORAGE_SHARD_NAMES_H

#include <stdint.h>

#include "base/status.h"

typedef struct lede_shard_name {
    char *name; /* as messages have it: a path, or HOST:PORT */
    char *host; /* NULL: on this machine */
    uint16_t port;
} lede_shard_name;

typedef struct lede_shard_names {
    lede_shard_name *items;
    uint32_t count, cap;
} lede_shard_names;

/* Into names that are empty ({0}). LEDE_BAD_INPUT or LEDE_NOT_FOUND, with a
 * message, if it names none, or one that is none; that nothing is at a path
 * shows when it is opened. */
lede_status lede_shard_names_read(const char *name, lede_shard_names *out,
                                  lede_error *err);
void lede_shard_names_done(lede_shard_names *names);

#endif
