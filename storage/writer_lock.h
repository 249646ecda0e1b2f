/* writer_lock.h - "whose turn is it to write?"
 *
 * One lock for a whole run of many transactions, over all processes: LMDB's own
 * lasts for one transaction, cannot be waited for with a limit, and does not
 * tell who holds it. The system drops the lock with its process.
 *
 * Threads: the lock belongs to its handle, so it holds between threads, too. */
#ifndef LEDE_STORAGE_WRITER_LOCK_H
#define LEDE_STORAGE_WRITER_LOCK_H

#include <stdint.h>

#include "base/status.h"

/* Handles of what is locked; -1: not locked. */
typedef struct lede_lock {
    int turn; /* writer.lock: one writer at a time */
    int data; /* data.mdb: no reader that LMDB does not know of */
} lede_lock;

#define LEDE_LOCK_NONE ((lede_lock){-1, -1})

/* The writer's. LEDE_BUSY, with the holder's process id in the message, if
 * another writer still holds it after `wait_ms`. For those who share it the
 * wait is ten seconds at least: they only read. */
lede_status lede_lock_take(const char *directory, uint32_t wait_ms,
                           lede_lock *out, lede_error *err);
/* For one who reads without a place in LMDB's table of readers: keeps writers
 * away until it is given back, and asks for no more than the right to read
 * data.mdb. LEDE_BUSY if there is a writer. */
lede_status lede_lock_share(const char *directory, lede_lock *out,
                            lede_error *err);
/* Leaves LEDE_LOCK_NONE, which it accepts too. */
void lede_lock_give_back(lede_lock *lock);

#endif
