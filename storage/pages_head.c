#include "storage/pages.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "storage/pages_internal.h"

enum { HEAD_TRIES = 20 };

lede_status lede_pages_damaged(const lede_archive *archive, lede_error *err,
                               uint64_t page, const char *what)
{
    return lede_fail(err, LEDE_CORRUPT,
                     "%s: the file is damaged at page %llu: %s",
                     archive->directory, (unsigned long long)page, what);
}

lede_status lede_pages_read(const lede_archive *archive, uint64_t offset,
                            uint8_t *bytes, size_t len, lede_error *err)
{
    size_t done = 0;

    while (done < len) {
        ssize_t got = pread(archive->data_fd, bytes + done, len - done,
                            (off_t)(offset + done));

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return lede_fail(err, LEDE_IO, "%s: read: %s", archive->directory,
                             strerror(errno));
        }
        if (got == 0) {
            return lede_fail(err, LEDE_CORRUPT,
                             "%s: the file is shorter than it should be",
                             archive->directory);
        }
        done += (size_t)got;
    }
    return LEDE_OK;
}

/* --- Heads -----------------------------------------------------------------
 */

lede_pages_database lede_pages_read_database(const uint8_t *at)
{
    lede_pages_database found;

    found.flags = lede_load_u16(at + 4);
    found.depth = lede_load_u16(at + 6);
    found.branches = lede_load_u64(at + 8);
    found.leaves = lede_load_u64(at + 16);
    found.overflows = lede_load_u64(at + 24);
    found.entries = lede_load_u64(at + 32);
    found.root = lede_load_u64(at + 40);
    return found;
}

static bool is_page_size(uint32_t bytes)
{
    return bytes >= 512 && bytes <= 65536 && (bytes & (bytes - 1)) == 0;
}

bool lede_pages_is_sound(const lede_pages_database *found, uint64_t last_page)
{
    if (found->root == LEDE_NO_PAGE) {
        return found->depth == 0 && found->entries == 0;
    }
    return found->root >= 2 && found->root <= last_page && found->depth > 0 &&
           found->depth < DEPTH_MAX;
}

/* Reads head `which` (0 or 1) of the file. */
static lede_status read_head(const lede_archive *archive, unsigned which,
                             uint32_t page_bytes, lede_pages_head *out,
                             lede_error *err)
{
    uint8_t bytes[PAGE_HEAD + META_BYTES];
    const uint8_t *meta = bytes + PAGE_HEAD;
    lede_status status = lede_pages_read(archive, (uint64_t)which * page_bytes,
                                         bytes, sizeof bytes, err);

    if (status != LEDE_OK) {
        return status;
    }
    if ((lede_load_u16(bytes + 10) & PAGE_META) == 0 ||
        lede_load_u32(meta) != (uint32_t)META_MAGIC ||
        lede_load_u32(meta + 4) != 1) {
        return lede_pages_damaged(archive, err, which,
                                  "it is not a head of an archive");
    }
    out->page_bytes = lede_load_u32(meta + 24);
    out->free_list = lede_pages_read_database(meta + 24);
    out->main = lede_pages_read_database(meta + 24 + DATABASE_BYTES);
    out->last_page = lede_load_u64(meta + 24 + 2 * DATABASE_BYTES);
    out->txn = lede_load_u64(meta + 32 + 2 * DATABASE_BYTES);
    if (!is_page_size(out->page_bytes)) {
        return lede_pages_damaged(archive, err, which,
                                  "the head's numbers are wrong");
    }
    return LEDE_OK;
}

/* Only the head in force has to be right in all: a write that failed leaves the
 * other with roots that were never reached. */
static bool is_head_sound(const lede_pages_head *head)
{
    return head->last_page >= 1 && head->last_page <= (uint64_t)1 << 47 &&
           (head->free_list.flags & DATABASE_INTEGER_KEYS) != 0 &&
           head->main.flags == 0 &&
           lede_pages_is_sound(&head->free_list, head->last_page) &&
           lede_pages_is_sound(&head->main, head->last_page);
}

static lede_status read_heads(const lede_archive *archive,
                              lede_pages_head heads[2], lede_error *err)
{
    lede_status status = read_head(archive, 0, 0, &heads[0], err);

    if (status == LEDE_OK) {
        status = read_head(archive, 1, heads[0].page_bytes, &heads[1], err);
    }
    return status;
}

static lede_status check_heads(const lede_archive *archive, lede_error *err)
{
    lede_pages_head heads[2];
    const lede_pages_head *newest;
    unsigned i;
    lede_status status = read_heads(archive, heads, err);

    if (status != LEDE_OK) {
        return status;
    }
    i = heads[1].txn > heads[0].txn;
    newest = &heads[i];
    /* LMDB writes the heads in turn, by the number of the transaction. */
    if (heads[0].page_bytes != heads[1].page_bytes ||
        (newest->txn != 0 && (newest->txn & 1) != i) ||
        newest->txn - heads[1 - i].txn > 1 || !is_head_sound(newest)) {
        return lede_pages_damaged(archive, err, i,
                                  "the head's numbers are wrong");
    }
    return LEDE_OK;
}

/* Another process may be writing a head, or making the file, this moment: only
 * what stays wrong is wrong. */
lede_status lede_pages_check_head(const lede_archive *archive, lede_error *err)
{
    const struct timespec nap = {0, 2000000};
    lede_status status = check_heads(archive, err);
    unsigned tries;

    for (tries = 0; status == LEDE_CORRUPT && tries < HEAD_TRIES; tries++) {
        nanosleep(&nap, NULL);
        status = check_heads(archive, err);
    }
    return status;
}

/* The head of the state that a transaction sees; LEDE_STALE if a writer has
 * replaced it since. */
static lede_status find_head(const lede_archive *archive, uint64_t txn,
                             lede_pages_head *out, lede_error *err)
{
    lede_pages_head heads[2];
    lede_status status = read_heads(archive, heads, err);

    if (status != LEDE_OK) {
        return status;
    }
    if (heads[txn & 1].txn != txn) {
        return lede_fail(err, LEDE_STALE, "%s: it changes too quickly",
                         archive->directory);
    }
    *out = heads[txn & 1];
    return is_head_sound(out)
               ? LEDE_OK
               : lede_pages_damaged(archive, err, txn & 1,
                                    "the head's numbers are wrong");
}

bool lede_pages_are_unborn(int fd)
{
    uint8_t bytes[PAGE_HEAD + META_BYTES];
    const uint8_t *meta = bytes + PAGE_HEAD;
    struct stat info;
    lede_pages_database main;

    if (fstat(fd, &info) != 0) {
        return false;
    }
    if (info.st_size == 0) {
        return true;
    }
    if (pread(fd, bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes ||
        lede_load_u32(meta) != (uint32_t)META_MAGIC) {
        return false;
    }
    main = lede_pages_read_database(meta + 24 + DATABASE_BYTES);
    return (uint64_t)info.st_size < 2 * (uint64_t)lede_load_u32(meta + 24) &&
           main.root == LEDE_NO_PAGE &&
           lede_load_u64(meta + 24 + 2 * DATABASE_BYTES) == 1 &&
           lede_load_u64(meta + 32 + 2 * DATABASE_BYTES) == 0;
}

lede_status lede_pages_begin(lede_archive *archive, MDB_txn **txn,
                             lede_pages_head *head, lede_error *err)
{
    MDB_txn *begun = NULL;
    unsigned tries;
    lede_status status = LEDE_STALE;

    assert(archive->data_fd >= 0);
    /* A head read while it is being written looks damaged, too. */
    for (tries = 0; tries < HEAD_TRIES && status != LEDE_OK; tries++) {
        status = lede_txn_begin(archive, false, &begun, err);
        if (status != LEDE_OK) {
            return status;
        }
        status = find_head(archive, mdb_txn_id(begun), head, err);
        if (status != LEDE_OK) {
            lede_txn_abort(archive, begun);
        }
        if (status != LEDE_OK && status != LEDE_STALE &&
            status != LEDE_CORRUPT) {
            return status;
        }
    }
    if (status == LEDE_OK) {
        *txn = begun;
    }
    return status;
}
