/* shards_check.h - "are these shards what they claim to be?"
 *
 * Threads: as the shards. */
#ifndef LEDE_STORAGE_SHARDS_CHECK_H
#define LEDE_STORAGE_SHARDS_CHECK_H

#include "storage/shards.h"

/* Lets Xapian check the databases of this machine, and reads every document:
 * that its record can be read and is of its key, that its values agree with it,
 * and that no key is there twice. A shard that does not answer is a problem
 * too. As lede_archive_check; progress is in documents. */
lede_status lede_shards_check(const lede_shards *shards,
                              const lede_check_callbacks *callbacks,
                              lede_error *err);

#endif
