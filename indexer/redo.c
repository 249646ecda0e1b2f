#include "indexer/redo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/varint.h"

enum {
    VERSION = 2,
    HEAD_BYTES = 28,
    PUT_HEAD_BYTES = 6, /* before the names */
    BUFFER_BYTES = 256 * 1024,
    /* A record's bound, a list's, and what precedes them. */
    ITEM_MAX_BYTES = (1 << 29) + (1 << 24) + PUT_HEAD_BYTES
};

static const char magic[8] = {'L', 'E', 'D', 'E', 'R', 'E', 'D', 'O'};

struct lede_redo_writer {
    int folder, fd; /* -1: not open */
    char *path;     /* for messages */
    lede_buf buffer;
    off_t written; /* what follows is in the buffer */
    bool is_done;
};

struct lede_redo_reader {
    FILE *file;
    char *path;
    lede_buf item;
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "keeping changes: out of memory");
}

static lede_status system_failed(lede_error *err, const char *path)
{
    return lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
}

static char *path_of(const char *directory)
{
    size_t room = strlen(directory) + sizeof LEDE_REDO_NAME + 1;
    char *path = malloc(room);

    if (path != NULL) {
        snprintf(path, room, "%s/%s", directory, LEDE_REDO_NAME);
    }
    return path;
}

/* --- Writing -------------------------------------------------------------- */

lede_status lede_redo_begin(const char *directory, uint64_t generation,
                            lede_redo_writer **out, lede_error *err)
{
    lede_redo_writer *writer = calloc(1, sizeof *writer);

    if (writer == NULL) {
        return no_memory(err);
    }
    writer->fd = -1;
    writer->folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    writer->path = path_of(directory);
    if (writer->folder >= 0) {
        writer->fd = openat(writer->folder, LEDE_REDO_NAME ".new",
                            O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    }
    if (writer->fd < 0 || writer->path == NULL) {
        lede_status status = writer->path == NULL
                                 ? no_memory(err)
                                 : system_failed(err, writer->path);

        lede_redo_free(writer);
        return status;
    }
    lede_buf_put(&writer->buffer, magic, sizeof magic);
    lede_buf_put_u32(&writer->buffer, VERSION);
    lede_buf_put_u64(&writer->buffer, generation);
    lede_buf_put_u64(&writer->buffer,
                     lede_hash64(lede_buf_span(&writer->buffer)));
    *out = writer;
    return LEDE_OK;
}

static lede_status write_out(lede_redo_writer *writer, lede_error *err)
{
    size_t done = 0;

    if (writer->buffer.failed) {
        return no_memory(err);
    }
    while (done < writer->buffer.len) {
        ssize_t n =
            pwrite(writer->fd, writer->buffer.bytes + done,
                   writer->buffer.len - done, writer->written + (off_t)done);

        if (n < 0 && errno != EINTR) {
            return system_failed(err, writer->path);
        }
        done += n > 0 ? (size_t)n : 0;
    }
    writer->written += (off_t)done;
    lede_buf_clear(&writer->buffer);
    return LEDE_OK;
}

/* Puts the hash behind an item that begins at `begin`. */
static lede_status end_item(lede_redo_writer *writer, size_t begin,
                            lede_error *err)
{
    lede_buf *buffer = &writer->buffer;

    if (!buffer->failed) {
        lede_buf_put_u64(buffer,
                         lede_hash64(lede_span_of(buffer->bytes + begin,
                                                  buffer->len - begin)));
    }
    return buffer->failed || buffer->len >= BUFFER_BYTES
               ? write_out(writer, err)
               : LEDE_OK;
}

lede_status lede_redo_put(lede_redo_writer *writer, lede_span record,
                          bool trusted, lede_span names, lede_error *err)
{
    size_t begin;

    if (record.len > ITEM_MAX_BYTES ||
        names.len > ITEM_MAX_BYTES - PUT_HEAD_BYTES - record.len) {
        return lede_fail(err, LEDE_BAD_INPUT, "an entry is too large to keep");
    }
    lede_buf_put_u32(&writer->buffer,
                     (uint32_t)(record.len + names.len) + PUT_HEAD_BYTES);
    begin = writer->buffer.len;
    lede_buf_put_byte(&writer->buffer, 2);
    lede_buf_put_byte(&writer->buffer, trusted);
    lede_buf_put_u32(&writer->buffer, (uint32_t)names.len);
    lede_buf_put_span(&writer->buffer, names);
    lede_buf_put_span(&writer->buffer, record);
    return end_item(writer, begin, err);
}

lede_status lede_redo_delete(lede_redo_writer *writer, uint64_t key,
                             lede_error *err)
{
    size_t begin;

    lede_buf_put_u32(&writer->buffer, 9);
    begin = writer->buffer.len;
    lede_buf_put_byte(&writer->buffer, 0);
    lede_buf_put_u64(&writer->buffer, key);
    return end_item(writer, begin, err);
}

lede_status lede_redo_finish(lede_redo_writer *writer, lede_error *err)
{
    lede_status status;

    lede_buf_put_u32(&writer->buffer, 0);
    status = write_out(writer, err);
    if (status == LEDE_OK && (fsync(writer->fd) != 0 ||
                              renameat(writer->folder, LEDE_REDO_NAME ".new",
                                       writer->folder, LEDE_REDO_NAME) != 0 ||
                              fsync(writer->folder) != 0)) {
        status = system_failed(err, writer->path);
    }
    writer->is_done = status == LEDE_OK;
    return status;
}

void lede_redo_free(lede_redo_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    if (writer->fd >= 0) {
        close(writer->fd);
        if (!writer->is_done) {
            unlinkat(writer->folder, LEDE_REDO_NAME ".new", 0);
        }
    }
    if (writer->folder >= 0) {
        close(writer->folder);
    }
    lede_buf_done(&writer->buffer);
    free(writer->path);
    free(writer);
}

/* --- Reading -------------------------------------------------------------- */

static lede_status damaged(const lede_redo_reader *reader, lede_error *err)
{
    return ferror(reader->file) != 0
               ? system_failed(err, reader->path)
               : lede_fail(err, LEDE_CORRUPT, "%s: is damaged", reader->path);
}

/* Replaces the item by the next bytes and compares the hash behind them. */
static lede_status read_hashed(lede_redo_reader *reader, size_t len,
                               lede_error *err)
{
    uint8_t hash[8];
    uint8_t *bytes;

    lede_buf_clear(&reader->item);
    bytes = lede_buf_extend(&reader->item, len);
    if (bytes == NULL) {
        return no_memory(err);
    }
    if (fread(bytes, 1, len, reader->file) != len ||
        fread(hash, 1, sizeof hash, reader->file) != sizeof hash ||
        lede_load_u64(hash) != lede_hash64(lede_buf_span(&reader->item))) {
        return damaged(reader, err);
    }
    return LEDE_OK;
}

static lede_status read_head(lede_redo_reader *reader, uint64_t *generation,
                             lede_error *err)
{
    lede_status status = read_hashed(reader, HEAD_BYTES - 8, err);

    if (status != LEDE_OK) {
        return status;
    }
    if (memcmp(reader->item.bytes, magic, sizeof magic) != 0) {
        return damaged(reader, err);
    }
    if (lede_load_u32(reader->item.bytes + 8) - 1 >= VERSION) {
        return lede_fail(err, LEDE_TOO_NEW,
                         "%s: was written by another version of lede",
                         reader->path);
    }
    *generation = lede_load_u64(reader->item.bytes + 12);
    return LEDE_OK;
}

lede_status lede_redo_open(const char *directory, lede_redo_reader **out,
                           uint64_t *generation, lede_error *err)
{
    lede_redo_reader *reader = calloc(1, sizeof *reader);
    lede_status status;

    if (reader == NULL || (reader->path = path_of(directory)) == NULL) {
        free(reader);
        return no_memory(err);
    }
    reader->file = fopen(reader->path, "rb");
    if (reader->file == NULL) {
        status =
            errno == ENOENT ? LEDE_NOT_FOUND : system_failed(err, reader->path);
    } else {
        status = read_head(reader, generation, err);
    }
    if (status != LEDE_OK) {
        lede_redo_close(reader);
        return status;
    }
    *out = reader;
    return LEDE_OK;
}

static bool parse_item(lede_span bytes, lede_redo_item *out)
{
    size_t names_at = bytes.bytes[0] == 1 ? 2 : PUT_HEAD_BYTES;
    size_t names_len = 0;

    if (bytes.bytes[0] == 0) {
        out->key = bytes.len == 9 ? lede_load_u64(bytes.bytes + 1) : 0;
        return bytes.len == 9;
    }
    if (bytes.bytes[0] > 2 || bytes.len < names_at) {
        return false;
    }
    if (bytes.bytes[0] == 2) {
        names_len = lede_load_u32(bytes.bytes + 2);
    }
    if (names_len > bytes.len - names_at) {
        return false;
    }
    out->is_put = true;
    out->trusted = bytes.bytes[1] != 0;
    out->names = lede_span_part(bytes, names_at, names_len);
    out->record = lede_span_part(bytes, names_at + names_len,
                                 bytes.len - names_at - names_len);
    return true;
}

lede_status lede_redo_next(lede_redo_reader *reader, lede_redo_item *out,
                           lede_error *err)
{
    lede_redo_item item = {0};
    uint8_t head[4];
    uint32_t len;
    lede_span bytes;
    lede_status status;

    if (fread(head, 1, sizeof head, reader->file) != sizeof head) {
        return damaged(reader, err);
    }
    len = lede_load_u32(head);
    if (len == 0) {
        return LEDE_END;
    }
    if (len > ITEM_MAX_BYTES) {
        return damaged(reader, err);
    }
    status = read_hashed(reader, len, err);
    if (status != LEDE_OK) {
        return status;
    }
    bytes = lede_buf_span(&reader->item);
    if (!parse_item(bytes, &item)) {
        return damaged(reader, err);
    }
    *out = item;
    return LEDE_OK;
}

void lede_redo_close(lede_redo_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    if (reader->file != NULL) {
        fclose(reader->file);
    }
    lede_buf_done(&reader->item);
    free(reader->path);
    free(reader);
}

lede_status lede_redo_forget(const char *directory, lede_error *err)
{
    char *path = path_of(directory);
    lede_status status = path == NULL ? no_memory(err) : LEDE_OK;

    if (status == LEDE_OK && unlink(path) != 0 && errno != ENOENT) {
        status = system_failed(err, path);
    }
    free(path);
    return status;
}
