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

/* LEDE_BUSY, with the holder's process id in the message, if it is still held
 * after `wait_ms`. For those who share it the wait is ten seconds at least:
 * they only read. */
lede_status lede_lock_take(const char *directory, uint32_t wait_ms, int *fd,
                           lede_error *err);
/* For one who reads without a place in LMDB's table of readers: keeps writers
 * away until it is given back, and asks only for the right to read the file.
 * LEDE_BUSY if there is a writer; LEDE_NOT_FOUND, without a message, if no
 * writer ever was (there is no file). */
lede_status lede_lock_share(const char *directory, int *fd, lede_error *err);
void lede_lock_give_back(int fd); /* accepts -1 */

#endif
