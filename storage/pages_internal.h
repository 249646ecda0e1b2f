/* pages_internal.h - "how does LMDB lay out its file?"
 *
 * What pages.c (trees) and pages_head.c (the two heads) share.
 *
 * Threads: as pages.h says. */
#ifndef LEDE_STORAGE_PAGES_INTERNAL_H
#define LEDE_STORAGE_PAGES_INTERNAL_H

#include "storage/archive_internal.h"

/* LMDB 0.9 on a 64-bit machine, in its byte order (docs/FORMAT.md, "The
 * file"):
 *
 *   page    number u64, pad u16, flags u16, then lower u16 and upper u16, or
 *           the number of an overflow value's pages u32; then offsets u16[]
 *   meta    magic u32, version u32, address u64, map size u64, two databases,
 *           last page u64, transaction u64
 *   database pad u32 (of the first: page size), flags u16, depth u16, branch,
 *           leaf and overflow pages, entries, root: u64 each
 *   node    length or page u32 (low half first), flags u16 (of a branch: the
 *           page's top bits), key length u16, key, value
 */
enum {
    PAGE_HEAD = 16,
    META_MAGIC = (int)0xBEEFC0DE,
    META_BYTES = 136,
    DATABASE_BYTES = 48,
    NODE_HEAD = 8,
    KEY_MAX = 511,
    DEPTH_MAX = 32,
    PAGE_BRANCH = 1,
    PAGE_LEAF = 2,
    PAGE_OVERFLOW = 4,
    PAGE_META = 8,
    NODE_BIG = 1,
    NODE_DATABASE = 2,
    DATABASE_INTEGER_KEYS = 8
};

#define LEDE_NO_PAGE UINT64_MAX /* the root of an empty database */

/* "The file is damaged at page ..." */
lede_status lede_pages_damaged(const lede_archive *archive, lede_error *err,
                               uint64_t page, const char *what);

/* Reads that cannot fault, whatever becomes of the file. */
lede_status lede_pages_read(const lede_archive *archive, uint64_t offset,
                            uint8_t *bytes, size_t len, lede_error *err);

lede_pages_database lede_pages_read_database(const uint8_t *at);
/* Whether its numbers can be true in a file with that last page. */
bool lede_pages_is_sound(const lede_pages_database *found, uint64_t last_page);

#endif
