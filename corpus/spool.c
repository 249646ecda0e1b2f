#include "corpus/spool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

typedef struct spool_source {
    lede_source base;
    lede_buf memory;    /* all of it, while `fd` is -1 */
    lede_error failure; /* behind the last byte; LEDE_OK: the end */
    int fd;
    uint64_t at;
} spool_source;

static lede_status spool_read(lede_source *base, uint8_t *bytes, size_t len,
                              size_t *got, lede_error *err)
{
    spool_source *spool = (spool_source *)base;
    uint64_t left = base->size - spool->at;
    ssize_t n = 0;

    if (left == 0 && spool->failure.status != LEDE_OK) {
        if (err != NULL) {
            *err = spool->failure;
        }
        return spool->failure.status;
    }
    if (left == 0) {
        return LEDE_END;
    }
    len = len > left ? (size_t)left : len;
    if (spool->fd < 0) {
        memcpy(bytes, spool->memory.bytes + spool->at, len);
        n = (ssize_t)len;
    } else {
        do {
            n = pread(spool->fd, bytes, len, (off_t)spool->at);
        } while (n < 0 && errno == EINTR);
        if (n <= 0) {
            return lede_fail(err, LEDE_IO, "a temporary file is unreadable: %s",
                             n < 0 ? strerror(errno) : "it is cut off");
        }
    }
    spool->at += (uint64_t)n;
    *got = (size_t)n;
    return LEDE_OK;
}

static lede_status spool_seek(lede_source *base, uint64_t at, lede_error *err)
{
    (void)err;
    ((spool_source *)base)->at = at < base->size ? at : base->size;
    return LEDE_OK;
}

static lede_status spool_restart(lede_source *base, lede_error *err)
{
    return spool_seek(base, 0, err);
}

static void spool_close(lede_source *base)
{
    spool_source *spool = (spool_source *)base;

    if (spool->fd >= 0) {
        close(spool->fd);
    }
    lede_buf_done(&spool->memory);
    free(spool);
}

lede_source *lede_spool_new(void)
{
    static const lede_source_ops ops = {spool_read, spool_restart, spool_close,
                                        spool_seek, NULL};
    spool_source *spool = calloc(1, sizeof *spool);

    if (spool == NULL) {
        return NULL;
    }
    spool->base.ops = &ops;
    spool->fd = -1;
    return &spool->base;
}

static lede_status write_all(int fd, const uint8_t *bytes, size_t len,
                             lede_error *err)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);

        if (n < 0 && errno != EINTR) {
            return lede_fail(err, LEDE_IO,
                             "a temporary file cannot be written: %s",
                             strerror(errno));
        }
        bytes += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return LEDE_OK;
}

static lede_status open_file(spool_source *spool, lede_error *err)
{
    const char *folder = getenv("TMPDIR");
    lede_buf name = {0};
    lede_status status = LEDE_OK;

    lede_buf_put_text(&name, folder == NULL || folder[0] == '\0' ? "/var/tmp"
                                                                 : folder);
    lede_buf_put_text(&name, "/lede-XXXXXX");
    if (lede_buf_text(&name) == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    spool->fd = mkstemp((char *)name.bytes);
    if (spool->fd < 0) {
        status = lede_fail(err, LEDE_IO, "%s: %s", (char *)name.bytes,
                           strerror(errno));
    } else {
        (void)unlink((char *)name.bytes);
        (void)fcntl(spool->fd, F_SETFD, FD_CLOEXEC);
        status =
            write_all(spool->fd, spool->memory.bytes, spool->memory.len, err);
        lede_buf_done(&spool->memory);
    }
    lede_buf_done(&name);
    return status;
}

lede_status lede_spool_put(lede_source *base, const void *bytes, size_t len,
                           lede_error *err)
{
    spool_source *spool = (spool_source *)base;
    lede_status status = LEDE_OK;

    assert(spool->at == 0);
    if (spool->fd < 0 && base->size + len > LEDE_SPOOL_MEMORY_BYTES) {
        status = open_file(spool, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    if (spool->fd >= 0) {
        status = write_all(spool->fd, bytes, len, err);
    } else {
        lede_buf_put(&spool->memory, bytes, len);
        if (spool->memory.failed) {
            return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        }
    }
    base->size += status == LEDE_OK ? len : 0;
    return status;
}

lede_status lede_spool_file(lede_source *base, int *fd, lede_error *err)
{
    spool_source *spool = (spool_source *)base;
    lede_status status = spool->fd < 0 ? open_file(spool, err) : LEDE_OK;

    *fd = spool->fd;
    return status;
}

void lede_spool_fail(lede_source *base, const lede_error *failure)
{
    ((spool_source *)base)->failure = *failure;
}
