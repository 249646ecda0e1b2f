#include "storage/archive_internal.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "storage/ages.h"
#include "storage/sweep.h"

/* --- Opening ---------------------------------------------------------------
 */

static void set_ours(lede_archive *archive, bool is_ours)
{
    pthread_mutex_lock(&archive->mutex);
    archive->is_ours = is_ours;
    pthread_mutex_unlock(&archive->mutex);
}

/* Everything that LMDB will trust when it changes the file, and the format. */
static lede_status check_before_writing(lede_archive *archive, lede_error *err)
{
    MDB_txn *txn = NULL;
    lede_pages_head head;
    lede_span format;
    lede_status status = lede_pages_begin(archive, &txn, &head, err);

    if (status != LEDE_OK) {
        return status;
    }
    status = lede_pages_check(archive, &head, LEDE_PAGES_ALL, err);
    if (status == LEDE_OK) {
        status = lede_txn_get(archive, txn, archive->meta,
                              lede_span_text("format"), &format, err);
        if (status == LEDE_NOT_FOUND) {
            status =
                lede_fail(err, LEDE_CORRUPT, "%s: its format mark is missing",
                          archive->directory);
        }
    }
    if (status == LEDE_OK) {
        status = lede_format_check(format, true, err);
        if (status != LEDE_OK) {
            status = lede_fail_in(err, status, "%s", archive->directory);
        }
    }
    lede_txn_abort(archive, txn);
    return status;
}

lede_status lede_writer_open(lede_archive *archive, uint32_t wait_ms,
                             lede_writer **out, lede_error *err)
{
    lede_writer *writer;
    int dead = 0;
    lede_status status;

    if (archive->no_room) {
        return lede_fail(err, LEDE_IO, "%s/lock.mdb: %s", archive->directory,
                         strerror(ENOSPC));
    }
    if (archive->read_only) {
        return lede_fail(
            err, LEDE_IO,
            "%s: may only be read: its folder, data.mdb or lock.mdb "
            "cannot be written",
            archive->directory);
    }
    writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                         archive->directory);
    }
    writer->archive = archive;
    writer->lock = LEDE_LOCK_NONE;
    pthread_mutex_init(&writer->mutex, NULL);
    writer->trust = lede_trust_cache_new();
    status =
        writer->trust == NULL
            ? lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                        archive->directory)
            : lede_lock_take(archive->directory, wait_ms, &writer->lock, err);
    if (status == LEDE_OK) {
        mdb_reader_check(archive->env, &dead);
        status = check_before_writing(archive, err);
        set_ours(archive, status == LEDE_OK);
    }
    if (status == LEDE_OK) {
        status = lede_sweep(archive, &writer->last_segment, err);
    }
    if (status == LEDE_OK) {
        /* Segments need not be durable before they are published: one sync a
         * transaction instead of two. Publishing syncs in full. */
        mdb_env_set_flags(archive->env, MDB_NOMETASYNC, 1);
        *out = writer;
        return LEDE_OK;
    }
    set_ours(archive, false);
    lede_lock_give_back(&writer->lock);
    lede_trust_cache_free(writer->trust);
    pthread_mutex_destroy(&writer->mutex);
    free(writer);
    return status;
}

void lede_writer_close(lede_writer *writer)
{
    uint32_t unused;

    if (writer == NULL) {
        return;
    }
    /* What is left is not listed anywhere; if it cannot be cleared now, the
     * next writer will. */
    lede_sweep(writer->archive, &unused, NULL);
    mdb_env_set_flags(writer->archive->env, MDB_NOMETASYNC, 0);
    set_ours(writer->archive, false);
    lede_lock_give_back(&writer->lock);
    lede_trust_cache_free(writer->trust);
    pthread_mutex_destroy(&writer->mutex);
    free(writer);
}

/* --- Segments --------------------------------------------------------------
 */

lede_status lede_writer_next_segment(lede_writer *writer, uint32_t *id,
                                     lede_error *err)
{
    lede_status status = LEDE_OK;

    pthread_mutex_lock(&writer->mutex);
    if (writer->last_segment == UINT32_MAX) {
        status = lede_fail(err, LEDE_IO,
                           "%s: no segment numbers are left; copy it with "
                           "'lede upgrade'",
                           writer->archive->directory);
    } else {
        *id = ++writer->last_segment;
    }
    pthread_mutex_unlock(&writer->mutex);
    return status;
}

lede_status lede_writer_put_values(lede_writer *writer, uint32_t segment,
                                   const lede_pending_value *values,
                                   size_t count, lede_error *err)
{
    lede_archive *archive = writer->archive;
    MDB_txn *txn = NULL;
    uint8_t key[LEDE_VALUE_KEY_BYTES];
    lede_status status;
    size_t i;

    pthread_mutex_lock(&writer->mutex);
    status = lede_txn_begin(archive, true, &txn, err);
    for (i = 0; i < count && status == LEDE_OK; i++) {
        lede_value_key(segment, values[i].kind, values[i].index, key);
        status =
            lede_txn_put(archive, txn, archive->segments,
                         lede_span_of(key, sizeof key), values[i].bytes, err);
    }
    if (status == LEDE_OK) {
        status = lede_txn_commit(archive, txn, err);
        txn = NULL;
    }
    lede_txn_abort(archive, txn);
    pthread_mutex_unlock(&writer->mutex);
    return status;
}
