#include "corpus/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"

lede_status lede_source_read(lede_source *source, uint8_t *bytes, size_t len,
                             size_t *got, lede_error *err)
{
    lede_status status;

    status = source->ops->read(source, bytes, len, got, err);
    if (status == LEDE_OK) {
        source->delivered += *got;
    }
    return status;
}

lede_status lede_source_restart(lede_source *source, lede_error *err)
{
    for (; source != NULL; source = source->below) {
        lede_status status = source->ops->restart(source, err);

        if (status != LEDE_OK) {
            return status;
        }
        source->delivered = 0;
    }
    return LEDE_OK;
}

bool lede_source_can_seek(const lede_source *source)
{
    return source->ops->seek != NULL;
}

lede_status lede_source_seek(lede_source *source, uint64_t at, lede_error *err)
{
    return source->ops->seek(source, at, err);
}

lede_status lede_source_resync(lede_source *source, lede_error *err)
{
    return source->ops->resync == NULL ? LEDE_NOT_FOUND
                                       : source->ops->resync(source, err);
}

uint64_t lede_source_bottom_size(const lede_source *source)
{
    while (source->below != NULL) {
        source = source->below;
    }
    return source->size;
}

uint64_t lede_source_consumed(const lede_source *source)
{
    while (source->below != NULL) {
        source = source->below;
    }
    return source->delivered;
}

void lede_source_close(lede_source *source)
{
    while (source != NULL) {
        lede_source *below = source->below;

        source->ops->close(source);
        source = below;
    }
}

/* Files. */

typedef struct file_source {
    lede_source base;
    int fd;
} file_source;

static lede_status file_read(lede_source *source, uint8_t *bytes, size_t len,
                             size_t *got, lede_error *err)
{
    file_source *file = (file_source *)source;
    ssize_t n;

    do {
        n = read(file->fd, bytes, len);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        return lede_fail(err, LEDE_IO, "cannot be read: %s", strerror(errno));
    }
    if (n == 0) {
        return LEDE_END;
    }
    *got = (size_t)n;
    return LEDE_OK;
}

static lede_status file_seek(lede_source *source, uint64_t at, lede_error *err)
{
    file_source *file = (file_source *)source;

    if (at > INT64_MAX || lseek(file->fd, (off_t)at, SEEK_SET) < 0) {
        return lede_fail(err, LEDE_IO, "cannot be read again: %s",
                         strerror(errno));
    }
    return LEDE_OK;
}

static lede_status file_restart(lede_source *source, lede_error *err)
{
    return file_seek(source, 0, err);
}

static void file_close(lede_source *source)
{
    close(((file_source *)source)->fd);
    free(source);
}

lede_status lede_source_of_file(const char *path, lede_source **out,
                                lede_error *err)
{
    static const lede_source_ops ops = {file_read, file_restart, file_close,
                                        file_seek, NULL};
    lede_status status = LEDE_OK;
    file_source *file = NULL;
    struct stat info;
    int fd;

    /* Without O_NONBLOCK, opening a pipe waits for its writer. */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) != 0) {
        status =
            lede_fail(err, LEDE_IO, "cannot be opened: %s", strerror(errno));
        goto done;
    }
    if (!S_ISREG(info.st_mode)) {
        status = lede_fail(err, LEDE_BAD_INPUT, "not a regular file");
        goto done;
    }
    file = calloc(1, sizeof *file);
    if (file == NULL) {
        status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        goto done;
    }
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    file->base.ops = &ops;
    file->base.size = (uint64_t)info.st_size;
    file->fd = fd;
    fd = -1;
    *out = &file->base;

done:
    if (fd >= 0) {
        close(fd);
    }
    return status;
}

/* Memory. */

typedef struct bytes_source {
    lede_source base;
    lede_span bytes;
    size_t at;
} bytes_source;

static lede_status bytes_read(lede_source *source, uint8_t *bytes, size_t len,
                              size_t *got, lede_error *err)
{
    bytes_source *memory = (bytes_source *)source;
    size_t left = memory->bytes.len - memory->at;

    (void)err;
    if (left == 0) {
        return LEDE_END;
    }
    if (len > left) {
        len = left;
    }
    memcpy(bytes, memory->bytes.bytes + memory->at, len);
    memory->at += len;
    *got = len;
    return LEDE_OK;
}

static lede_status bytes_restart(lede_source *source, lede_error *err)
{
    (void)err;
    ((bytes_source *)source)->at = 0;
    return LEDE_OK;
}

static lede_status bytes_seek(lede_source *source, uint64_t at, lede_error *err)
{
    bytes_source *memory = (bytes_source *)source;

    (void)err;
    memory->at = at < memory->bytes.len ? (size_t)at : memory->bytes.len;
    return LEDE_OK;
}

static void bytes_close(lede_source *source)
{
    free(source);
}

lede_source *lede_source_of_bytes(lede_span bytes)
{
    static const lede_source_ops ops = {bytes_read, bytes_restart, bytes_close,
                                        bytes_seek, NULL};
    bytes_source *memory = calloc(1, sizeof *memory);

    if (memory == NULL) {
        return NULL;
    }
    memory->base.ops = &ops;
    memory->base.size = bytes.len;
    memory->bytes = bytes;
    return &memory->base;
}

/* UTF-16 and UTF-32. */

enum { WIDE_IN_BYTES = 16 * 1024 };

typedef struct wide_source {
    lede_source base;
    lede_wide_form form;
    bool at_start;
    lede_status ended; /* of the source below, not yet passed on */
    lede_error failure;
    size_t in_at, in_len;
    size_t out_at, out_len;
    uint8_t in[WIDE_IN_BYTES];
    uint8_t out[WIDE_IN_BYTES / 2 * 3];
} wide_source;

static uint32_t wide_unit(const wide_source *source, size_t at)
{
    uint32_t unit = 0;
    unsigned i;

    for (i = 0; i < source->form.bytes; i++) {
        unsigned byte = source->form.is_big ? i : source->form.bytes - 1 - i;

        unit = unit << 8 | source->in[at + byte];
    }
    return unit;
}

/* Moves the rest to the front and reads more behind it. */
static lede_status wide_fill(wide_source *source, lede_error *err)
{
    size_t rest = source->in_len - source->in_at;
    size_t got = 0;
    lede_status status;

    memmove(source->in, source->in + source->in_at, rest);
    source->in_at = 0;
    source->in_len = rest;
    status = lede_source_read(source->base.below, source->in + rest,
                              sizeof source->in - rest, &got, err);
    if (status == LEDE_OK) {
        source->in_len += got;
    }
    return status;
}

/* Converts what is complete; with `last`, what is cut off becomes U+FFFD. */
static void wide_convert(wide_source *source, bool last)
{
    source->out_at = 0;
    source->out_len = 0;
    while (source->in_len - source->in_at >= source->form.bytes) {
        uint32_t c = wide_unit(source, source->in_at);
        size_t used = source->form.bytes;

        if (used == 2 && c >= 0xD800 && c < 0xDC00) {
            uint32_t low;

            if (source->in_len - source->in_at < 4 && !last) {
                break;
            }
            low = source->in_len - source->in_at < 4
                      ? 0
                      : wide_unit(source, source->in_at + 2);
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                used = 4;
            }
        }
        source->in_at += used;
        if (!(source->at_start && c == 0xFEFF)) {
            source->out_len +=
                lede_utf8_encode(source->out + source->out_len, c);
        }
        source->at_start = false;
    }
    if (last && source->in_at < source->in_len) {
        source->in_at = source->in_len;
        source->out_len += lede_utf8_encode(source->out + source->out_len,
                                            LEDE_UTF8_REPLACEMENT);
    }
}

static lede_status wide_read(lede_source *base, uint8_t *bytes, size_t len,
                             size_t *got, lede_error *err)
{
    wide_source *source = (wide_source *)base;

    while (source->out_at == source->out_len) {
        if (source->ended != LEDE_OK) {
            if (err != NULL && source->ended != LEDE_END) {
                *err = source->failure;
            }
            return source->ended;
        }
        source->ended = wide_fill(source, &source->failure);
        wide_convert(source, source->ended != LEDE_OK);
    }
    if (len > source->out_len - source->out_at) {
        len = source->out_len - source->out_at;
    }
    memcpy(bytes, source->out + source->out_at, len);
    source->out_at += len;
    *got = len;
    return LEDE_OK;
}

static lede_status wide_restart(lede_source *base, lede_error *err)
{
    wide_source *source = (wide_source *)base;

    (void)err;
    source->ended = LEDE_OK;
    source->at_start = true;
    source->in_at = source->in_len = 0;
    source->out_at = source->out_len = 0;
    return LEDE_OK;
}

static void wide_close(lede_source *source)
{
    free(source);
}

lede_source *lede_source_of_wide(lede_source *below, lede_wide_form form)
{
    static const lede_source_ops ops = {wide_read, wide_restart, wide_close,
                                        NULL, NULL};
    wide_source *source = calloc(1, sizeof *source);

    if (source == NULL) {
        return NULL;
    }
    source->base.ops = &ops;
    source->base.below = below;
    source->form = form;
    source->at_start = true;
    return &source->base;
}
