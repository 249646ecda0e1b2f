#include "indexer/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_BYTES = 256 * 1024 };

struct lede_spill {
    int fd;
    uint64_t written; /* to the file; what follows is in the buffer */
    lede_buf buffer;
};

static lede_status io_fail(lede_error *err, const char *what)
{
    return lede_fail(err, LEDE_IO, "temporary file: %s: %s", what,
                     strerror(errno));
}

lede_status lede_spill_open(const char *directory, lede_spill **out,
                            lede_error *err)
{
    lede_spill *spill = calloc(1, sizeof *spill);
    lede_buf name = {0};

    if (spill == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "temporary file: out of memory");
    }
    lede_buf_put_format(&name, "%s/reading-XXXXXX", directory);
    if (lede_buf_text(&name) == NULL) {
        free(spill);
        return lede_fail(err, LEDE_NO_MEMORY, "temporary file: out of memory");
    }
    spill->fd = mkstemp((char *)name.bytes);
    if (spill->fd < 0) {
        lede_status status = io_fail(err, (const char *)name.bytes);

        lede_buf_done(&name);
        free(spill);
        return status;
    }
    unlink((const char *)name.bytes);
    (void)fcntl(spill->fd, F_SETFD, FD_CLOEXEC);
    lede_buf_done(&name);
    *out = spill;
    return LEDE_OK;
}

void lede_spill_close(lede_spill *spill)
{
    if (spill != NULL) {
        close(spill->fd);
        lede_buf_done(&spill->buffer);
        free(spill);
    }
}

static lede_status write_out(lede_spill *spill, lede_error *err)
{
    size_t done = 0;

    while (done < spill->buffer.len) {
        ssize_t n =
            pwrite(spill->fd, spill->buffer.bytes + done,
                   spill->buffer.len - done, (off_t)(spill->written + done));

        if (n < 0 && errno != EINTR) {
            return io_fail(err, "cannot write");
        }
        done += n > 0 ? (size_t)n : 0;
    }
    spill->written += done;
    lede_buf_clear(&spill->buffer);
    return LEDE_OK;
}

lede_status lede_spill_put(lede_spill *spill, lede_span record, uint64_t *at,
                           lede_error *err)
{
    uint64_t begin = spill->written + spill->buffer.len;

    lede_buf_put_span(&spill->buffer, record);
    if (spill->buffer.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "temporary file: out of memory");
    }
    if (spill->buffer.len >= BUFFER_BYTES) {
        lede_status status = write_out(spill, err);

        if (status != LEDE_OK) {
            return status;
        }
    }
    *at = begin;
    return LEDE_OK;
}

lede_status lede_spill_get(lede_spill *spill, uint64_t at, uint32_t len,
                           lede_buf *out, lede_error *err)
{
    size_t done = 0;
    uint8_t *bytes;

    if (at + len > spill->written && spill->buffer.len > 0) {
        lede_status status = write_out(spill, err);

        if (status != LEDE_OK) {
            return status;
        }
    }
    lede_buf_clear(out);
    bytes = lede_buf_extend(out, len);
    if (bytes == NULL && len > 0) {
        return lede_fail(err, LEDE_NO_MEMORY, "temporary file: out of memory");
    }
    while (done < len) {
        ssize_t n =
            pread(spill->fd, bytes + done, len - done, (off_t)(at + done));

        if (n == 0) {
            return lede_fail(err, LEDE_IO, "temporary file: cut off");
        }
        if (n < 0 && errno != EINTR) {
            return io_fail(err, "cannot read");
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return LEDE_OK;
}

uint64_t lede_spill_bytes(const lede_spill *spill)
{
    return spill->written + spill->buffer.len;
}

lede_status lede_spill_clear(lede_spill *spill, lede_error *err)
{
    lede_buf_done(&spill->buffer);
    spill->written = 0;
    while (ftruncate(spill->fd, 0) != 0) {
        if (errno != EINTR) {
            return io_fail(err, "cannot clear");
        }
    }
    return LEDE_OK;
}
