/* folder_lock.h - "one at a time works in this folder"
 *
 * The system drops the lock with the processes that have its handle: the one
 * that took it, and those that were made of it by fork.
 *
 * Threads: the lock belongs to its handle. */
#ifndef LEDE_INDEXER_FOLDER_LOCK_H
#define LEDE_INDEXER_FOLDER_LOCK_H

#include <stdint.h>

#include "base/status.h"

/* Locks a folder that is there; *out is its handle, to be closed. LEDE_BUSY,
 * without a message, if another still has it after `wait_ms`, or the folder
 * went away meanwhile; LEDE_IO if it cannot be locked, as on some file systems
 * of other machines. */
lede_status lede_folder_lock(const char *path, uint32_t wait_ms, int *out,
                             lede_error *err);

#endif
