#include "storage/sweep.h"

#include <stdlib.h>

#include "storage/archive_internal.h"

/* A deletion dirties a leaf page at worst: 16 MB. */
enum { DELETIONS_PER_TXN = 4096 };

lede_status lede_sweep_segment(const lede_archive *archive, MDB_txn *txn,
                               uint32_t segment, uint32_t max, bool *left,
                               lede_error *err)
{
    uint8_t first[LEDE_VALUE_KEY_BYTES];
    MDB_cursor *cursor = NULL;
    MDB_val key = {sizeof first, first};
    uint32_t done = 0;
    int rc = mdb_cursor_open(txn, archive->segments, &cursor);

    lede_value_key(segment, LEDE_VALUE_FOOTER, 0, first);
    if (rc == 0) {
        rc = mdb_cursor_get(cursor, &key, NULL, MDB_SET_RANGE);
    }
    while (rc == 0 && done < max && key.mv_size == LEDE_VALUE_KEY_BYTES &&
           lede_load_u32_be(key.mv_data) == segment) {
        rc = mdb_cursor_del(cursor, 0);
        if (rc == 0) {
            /* Behind a deletion, "next" is what moved into its place. */
            rc = mdb_cursor_get(cursor, &key, NULL, MDB_NEXT);
        }
        done++;
    }
    *left = rc == 0 && key.mv_size == LEDE_VALUE_KEY_BYTES &&
            lede_load_u32_be(key.mv_data) == segment;
    if (cursor != NULL) {
        mdb_cursor_close(cursor);
    }
    return rc == 0 || rc == MDB_NOTFOUND
               ? LEDE_OK
               : lede_lmdb_fail(err, rc, archive, "delete a segment");
}

/* The least segment number >= `from` that has values, or LEDE_NOT_FOUND. */
static lede_status next_segment(const lede_archive *archive, MDB_txn *txn,
                                uint32_t from, uint32_t *out, lede_error *err)
{
    uint8_t first[LEDE_VALUE_KEY_BYTES];
    MDB_cursor *cursor = NULL;
    MDB_val key = {sizeof first, first};
    int rc = mdb_cursor_open(txn, archive->segments, &cursor);

    lede_value_key(from, LEDE_VALUE_FOOTER, 0, first);
    if (rc == 0) {
        rc = mdb_cursor_get(cursor, &key, NULL, MDB_SET_RANGE);
    }
    if (rc == 0 && key.mv_size != LEDE_VALUE_KEY_BYTES) {
        rc = MDB_CORRUPTED;
    }
    if (rc == 0) {
        *out = lede_load_u32_be(key.mv_data);
    }
    if (cursor != NULL) {
        mdb_cursor_close(cursor);
    }
    if (rc == MDB_NOTFOUND) {
        return LEDE_NOT_FOUND;
    }
    return rc == 0 ? LEDE_OK
                   : lede_lmdb_fail(err, rc, archive, "read segments");
}

/* The segment numbers that are not listed, and the highest number. */
static lede_status find_unlisted(lede_archive *archive, lede_buf *ids,
                                 uint32_t *last, lede_error *err)
{
    MDB_txn *txn = NULL;
    lede_manifest manifest;
    lede_span bytes;
    uint32_t id = 0;
    lede_status status = lede_txn_begin(archive, false, &txn, err);

    lede_manifest_init(&manifest);
    if (status != LEDE_OK) {
        return status;
    }
    status = lede_txn_get(archive, txn, archive->meta,
                          lede_span_text("manifest"), &bytes, err);
    if (status == LEDE_NOT_FOUND) {
        status = lede_fail(err, LEDE_CORRUPT, "the manifest is missing");
    }
    if (status == LEDE_OK) {
        status = lede_manifest_decode(bytes, &manifest, err);
    }
    if (status != LEDE_OK) {
        status = lede_fail_in(err, status, "%s", archive->directory);
        goto done;
    }
    *last = manifest.last_segment;
    for (;;) {
        status = next_segment(archive, txn, id, &id, err);
        if (status != LEDE_OK) {
            break;
        }
        *last = id > *last ? id : *last;
        if (lede_manifest_find(&manifest, id) == manifest.segment_count) {
            lede_buf_put_u32(ids, id);
        }
        if (id == UINT32_MAX) {
            break;
        }
        id++;
    }
    if (status == LEDE_NOT_FOUND) {
        status = LEDE_OK;
    }
    if (status == LEDE_OK && ids->failed) {
        status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }

done:
    lede_manifest_done(&manifest);
    lede_txn_abort(archive, txn);
    return status;
}

static lede_status clear_segment(lede_archive *archive, uint32_t id,
                                 lede_error *err)
{
    lede_status status = LEDE_OK;
    bool left = true;

    while (left && status == LEDE_OK) {
        MDB_txn *txn = NULL;

        status = lede_txn_begin(archive, true, &txn, err);
        if (status == LEDE_OK) {
            status = lede_sweep_segment(archive, txn, id, DELETIONS_PER_TXN,
                                        &left, err);
        }
        if (status == LEDE_OK) {
            status = lede_txn_commit(archive, txn, err);
            txn = NULL;
        }
        lede_txn_abort(archive, txn);
    }
    return status;
}

lede_status lede_sweep(lede_archive *archive, uint32_t *last_segment,
                       lede_error *err)
{
    lede_buf ids = {0};
    size_t i;
    lede_status status = find_unlisted(archive, &ids, last_segment, err);

    for (i = 0; i < ids.len && status == LEDE_OK; i += 4) {
        status = clear_segment(archive, lede_load_u32(ids.bytes + i), err);
    }
    lede_buf_done(&ids);
    return status;
}
