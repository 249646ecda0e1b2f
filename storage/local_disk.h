/* local_disk.h - "is this folder on a disk of this machine?"
 *
 * LMDB keeps the pages of its map and its locks in step on one machine only; on
 * a network file system an archive would be damaged sooner or later.
 *
 * Threads: pure functions. */
#ifndef LEDE_STORAGE_LOCAL_DISK_H
#define LEDE_STORAGE_LOCAL_DISK_H

#include "base/status.h"

/* LEDE_BAD_INPUT, naming the file system, if it is known to be remote. */
lede_status lede_local_disk_require(const char *directory, lede_error *err);

/* What to call a remote file system, from statfs's magic number and the mount's
 * type as in /proc/self/mountinfo; NULL if it is not known to be one. */
const char *lede_local_disk_network_name(unsigned long magic, const char *type);

#endif
