#include "storage/archive_internal.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

enum {
    BEGIN_TRIES = 50,
    TRANSACTION_BYTES = 32 << 20 /* at most: see segment.h */
};

/* --- Errors ----------------------------------------------------------------
 */

static lede_status status_of(int rc)
{
    switch (rc) {
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
    case MDB_CURSOR_FULL:
    case MDB_PAGE_FULL:
    case MDB_NOTFOUND:
        return LEDE_CORRUPT;
    case MDB_READERS_FULL:
        return LEDE_BUSY;
    case MDB_MAP_RESIZED:
        return LEDE_STALE;
    case ENOMEM:
        return LEDE_NO_MEMORY;
    default:
        return LEDE_IO;
    }
}

static const char *reason_of(int rc)
{
    switch (rc) {
    case ENOSPC:
    case EDQUOT:
        return "no space is left on the device; what was committed is safe";
    case EFBIG:
        return "the file may not grow further; what was committed is safe";
    case EIO:
        return "a read or a write failed, or was cut short (a quota?); what "
               "was committed is safe";
    case MDB_MAP_FULL:
        return "the address space reserved for it is full; what was committed "
               "is safe";
    case MDB_PANIC:
        return "a write failed before: close the archive and open it again";
    case MDB_READERS_FULL:
        return "too many readers at once";
    case MDB_MAP_RESIZED:
        return "it has grown beyond this process's map: open it again";
    default:
        return mdb_strerror(rc);
    }
}

lede_status lede_lmdb_fail(lede_error *err, int rc, const lede_archive *archive,
                           const char *what)
{
    return lede_fail(err, status_of(rc), "%s: %s: %s", archive->directory, what,
                     reason_of(rc));
}

/* A write that was cut short, which is how a full disk begins, is EIO to LMDB:
 * what else it may be shows where too little room is left for a transaction. */
static int cause_of_write(const lede_archive *archive, int rc)
{
    struct rlimit limit;
    struct statvfs disk;
    struct stat file;

    if (rc != EIO) {
        return rc;
    }
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
        limit.rlim_cur != RLIM_INFINITY &&
        fstat(archive->data_fd, &file) == 0 &&
        (uint64_t)file.st_size + TRANSACTION_BYTES > limit.rlim_cur) {
        return EFBIG;
    }
    if (fstatvfs(archive->data_fd, &disk) == 0 &&
        (uint64_t)disk.f_bavail * disk.f_frsize < TRANSACTION_BYTES) {
        return ENOSPC;
    }
    return rc;
}

static lede_status fail_write(lede_error *err, int rc,
                              const lede_archive *archive)
{
    return lede_lmdb_fail(err, cause_of_write(archive, rc), archive, "write");
}

/* --- Transactions ----------------------------------------------------------
 */

static void nap_ms(long ms)
{
    struct timespec nap = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&nap, NULL);
}

/* Takes over the size to which another process has let the map grow: only
 * while this process has no other transaction. */
static int adopt_map(lede_archive *archive)
{
    int rc = MDB_MAP_RESIZED;

    pthread_mutex_lock(&archive->mutex);
    if (archive->active == 1) {
        rc = mdb_env_set_mapsize(archive->env, 0);
    }
    pthread_mutex_unlock(&archive->mutex);
    return rc;
}

static void count_active(lede_archive *archive, bool more)
{
    pthread_mutex_lock(&archive->mutex);
    archive->active = more ? archive->active + 1 : archive->active - 1;
    pthread_mutex_unlock(&archive->mutex);
}

lede_status lede_txn_begin(lede_archive *archive, bool write, MDB_txn **out,
                           lede_error *err)
{
    unsigned flags = write ? 0 : MDB_RDONLY;
    MDB_txn *txn = NULL;
    unsigned tries;
    int rc = MDB_MAP_RESIZED;

    for (tries = 0; rc == MDB_MAP_RESIZED && tries < BEGIN_TRIES; tries++) {
        if (tries > 0) {
            nap_ms(1);
        }
        count_active(archive, true);
        rc = mdb_txn_begin(archive->env, NULL, flags, &txn);
        if (rc == MDB_MAP_RESIZED) {
            rc = adopt_map(archive);
            if (rc == 0) {
                rc = mdb_txn_begin(archive->env, NULL, flags, &txn);
            }
        }
        if (rc != 0) {
            count_active(archive, false);
        }
    }
    if (rc != 0) {
        return lede_lmdb_fail(err, rc, archive,
                              write ? "begin writing" : "begin reading");
    }
    *out = txn;
    return LEDE_OK;
}

void lede_txn_abort(lede_archive *archive, MDB_txn *txn)
{
    if (txn != NULL) {
        mdb_txn_abort(txn);
        count_active(archive, false);
    }
}

lede_status lede_txn_commit(lede_archive *archive, MDB_txn *txn,
                            lede_error *err)
{
    int rc = mdb_txn_commit(txn);

    count_active(archive, false);
    return rc == 0 ? LEDE_OK : fail_write(err, rc, archive);
}

lede_status lede_txn_get(const lede_archive *archive, MDB_txn *txn, MDB_dbi dbi,
                         lede_span key, lede_span *out, lede_error *err)
{
    MDB_val key_value = {key.len, (void *)key.bytes};
    MDB_val value;
    int rc = mdb_get(txn, dbi, &key_value, &value);

    if (rc == MDB_NOTFOUND) {
        return LEDE_NOT_FOUND;
    }
    if (rc != 0) {
        return lede_lmdb_fail(err, rc, archive, "read");
    }
    *out = lede_span_of(value.mv_data, value.mv_size);
    return LEDE_OK;
}

lede_status lede_txn_put(const lede_archive *archive, MDB_txn *txn, MDB_dbi dbi,
                         lede_span key, lede_span value, lede_error *err)
{
    MDB_val key_value = {key.len, (void *)key.bytes};
    MDB_val data = {value.len, (void *)value.bytes};
    int rc = mdb_put(txn, dbi, &key_value, &data, 0);

    return rc == 0 ? LEDE_OK : fail_write(err, rc, archive);
}

void lede_value_key(uint32_t segment, lede_value_kind kind, uint32_t index,
                    uint8_t out[LEDE_VALUE_KEY_BYTES])
{
    lede_store_u32_be(out, segment);
    out[4] = (uint8_t)kind;
    lede_store_u32_be(out + 5, index);
}
