#include "storage/file_records.h"

#include "base/varint.h"
#include "storage/archive_internal.h"

enum { NAME_BYTES = 200, SUM_BYTES = 8 };

static void put_u64_be(lede_buf *out, uint64_t value)
{
    uint8_t bytes[8];

    lede_store_u32_be(bytes, (uint32_t)(value >> 32));
    lede_store_u32_be(bytes + 4, (uint32_t)value);
    lede_buf_put(out, bytes, sizeof bytes);
}

void lede_file_key(lede_span path, lede_buf *out)
{
    size_t name = path.len;

    while (name > 0 && path.bytes[name - 1] != '/') {
        name--;
    }
    put_u64_be(out, lede_hash64(lede_span_part(path, 0, name)));
    lede_buf_put_span(out, lede_span_part(path, name, NAME_BYTES));
    put_u64_be(out, lede_hash64(path));
}

void lede_file_record_encode(const lede_file_record *record, lede_buf *out)
{
    size_t begin = out->len;

    lede_buf_put_block(out, record->path);
    lede_buf_put_varint(out, record->size);
    lede_buf_put_varint(out, lede_zigzag_encode(record->mtime_ns));
    lede_buf_put_varint(out, record->inode);
    lede_buf_put_varint(out, record->device);
    lede_buf_put_u64(out, record->hash.low);
    lede_buf_put_u64(out, record->hash.high);
    lede_buf_put_span(out, record->payload);
    if (!out->failed) {
        lede_buf_put_u64(out, lede_hash64(lede_span_of(out->bytes + begin,
                                                       out->len - begin)));
    }
}

static lede_span path_of(lede_span key, lede_span bytes)
{
    lede_reader reader = lede_reader_of(bytes);
    lede_span path = lede_read_block(&reader);
    lede_buf wanted = {0};
    bool is_right;

    lede_file_key(path, &wanted);
    is_right = !reader.bad && lede_span_equal(lede_buf_span(&wanted), key);
    lede_buf_done(&wanted);
    return is_right ? path : lede_span_of(NULL, 0);
}

void lede_file_record_put_name(lede_span key, lede_span bytes, lede_buf *out)
{
    lede_span path = path_of(key, bytes);
    size_t i;

    if (path.len > 0) {
        lede_buf_put_format(out, "'%.*s'", (int)path.len,
                            (const char *)path.bytes);
        return;
    }
    lede_buf_put_text(out, "the key ");
    for (i = 0; i < key.len; i++) {
        lede_buf_put_format(out, "%02x", key.bytes[i]);
    }
}

lede_status lede_file_record_decode(lede_span bytes, lede_file_record *out,
                                    lede_error *err)
{
    size_t len = bytes.len < SUM_BYTES ? 0 : bytes.len - SUM_BYTES;
    lede_reader reader = lede_reader_of(lede_span_part(bytes, 0, len));
    lede_file_record record = {0};

    if (len == 0 || lede_load_u64(bytes.bytes + len) !=
                        lede_hash64(lede_span_part(bytes, 0, len))) {
        return lede_fail(err, LEDE_CORRUPT, "a file record is damaged");
    }
    record.path = lede_read_block(&reader);
    record.size = lede_read_varint(&reader);
    record.mtime_ns = lede_zigzag_decode(lede_read_varint(&reader));
    record.inode = lede_read_varint(&reader);
    record.device = lede_read_varint(&reader);
    record.hash.low = lede_read_u64(&reader);
    record.hash.high = lede_read_u64(&reader);
    record.payload = lede_read_bytes(&reader, (size_t)(reader.end - reader.p));
    if (reader.bad || record.path.len == 0) {
        return lede_fail(err, LEDE_CORRUPT, "a file record is damaged");
    }
    *out = record;
    return LEDE_OK;
}

lede_status lede_snapshot_find_file(const lede_snapshot *snapshot,
                                    lede_span path, lede_file_record *out,
                                    lede_error *err)
{
    lede_archive *archive = snapshot->archive;
    lede_file_record record;
    lede_buf key = {0};
    lede_span bytes;
    lede_status status =
        lede_pages_check(archive, &snapshot->head, LEDE_PAGES_FILES, err);

    if (status != LEDE_OK) {
        return status;
    }
    lede_file_key(path, &key);
    if (key.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                         archive->directory);
    }
    status = lede_txn_get(archive, snapshot->txn, archive->files,
                          lede_buf_span(&key), &bytes, err);
    lede_buf_done(&key);
    if (status == LEDE_OK) {
        status = lede_file_record_decode(bytes, &record, err);
        if (status != LEDE_OK) {
            return lede_fail(err, status, "%s: the record of '%.*s' is damaged",
                             archive->directory, (int)path.len,
                             (const char *)path.bytes);
        }
        if (!lede_span_equal(record.path, path)) {
            return LEDE_NOT_FOUND;
        }
        *out = record;
    }
    return status;
}

lede_status lede_snapshot_each_file(
    const lede_snapshot *snapshot,
    lede_status (*fn)(void *ctx, const lede_file_record *file, lede_error *err),
    void *ctx, lede_error *err)
{
    lede_archive *archive = snapshot->archive;
    MDB_cursor *cursor = NULL;
    MDB_val key, value;
    lede_file_record record;
    lede_status status =
        lede_pages_check(archive, &snapshot->head, LEDE_PAGES_FILES, err);
    int rc;

    if (status != LEDE_OK) {
        return status;
    }
    rc = mdb_cursor_open(snapshot->txn, archive->files, &cursor);
    if (rc == 0) {
        rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    }
    while (rc == 0 && status == LEDE_OK) {
        status = lede_file_record_decode(
            lede_span_of(value.mv_data, value.mv_size), &record, NULL);
        if (status != LEDE_OK) {
            record = (lede_file_record){
                .path = path_of(lede_span_of(key.mv_data, key.mv_size),
                                lede_span_of(value.mv_data, value.mv_size)),
                .is_damaged = true};
        }
        status = fn(ctx, &record, err);
        if (status == LEDE_OK) {
            rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
        }
    }
    if (cursor != NULL) {
        mdb_cursor_close(cursor);
    }
    if (status == LEDE_OK && rc != 0 && rc != MDB_NOTFOUND) {
        status = lede_lmdb_fail(err, rc, archive, "read file records");
    }
    return status;
}
