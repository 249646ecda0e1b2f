#include "storage/writer_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

enum { NAP_MS = 20, SHARERS_WAIT_MS = 10000, SHARE_WAIT_MS = 1000 };

/* The holder writes its process id into the file, for the others' message. */
static long read_holder(int fd)
{
    char text[32] = {0};
    ssize_t got = pread(fd, text, sizeof text - 1, 0);

    return got > 0 ? strtol(text, NULL, 10) : 0;
}

static void write_holder(int fd)
{
    char text[32];
    int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());

    /* Only a message depends on it. */
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)len, 0) != len) {
        return;
    }
}

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Whether those who hold the lock share it: then there is room for one more. */
static bool is_shared(int fd)
{
    if (flock(fd, LOCK_SH | LOCK_NB) != 0) {
        return false;
    }
    flock(fd, LOCK_UN);
    return true;
}

static lede_status wait_for_lock(const char *directory, int fd,
                                 uint32_t wait_ms, lede_error *err)
{
    const struct timespec nap = {0, NAP_MS * 1000000};
    uint64_t begin = now_ms();

    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return lede_fail(err, LEDE_IO, "%s: lock for writing: %s",
                             directory, strerror(errno));
        }
        if (now_ms() - begin >= wait_ms) {
            bool shared = is_shared(fd);

            if (!shared) {
                return lede_fail(err, LEDE_BUSY,
                                 "%s: process %ld is writing to it", directory,
                                 read_holder(fd));
            }
            if (now_ms() - begin >= SHARERS_WAIT_MS) {
                return lede_fail(err, LEDE_BUSY,
                                 "%s: is being read by someone who may not "
                                 "write its lock.mdb; try again later",
                                 directory);
            }
        }
        nanosleep(&nap, NULL);
    }
    write_holder(fd);
    return LEDE_OK;
}

static lede_status wait_to_share(const char *directory, int fd, lede_error *err)
{
    const struct timespec nap = {0, NAP_MS * 1000000};
    uint64_t begin = now_ms();

    while (flock(fd, LOCK_SH | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return lede_fail(err, LEDE_IO, "%s/writer.lock: lock: %s",
                             directory, strerror(errno));
        }
        if (now_ms() - begin >= SHARE_WAIT_MS) {
            return lede_fail(err, LEDE_BUSY,
                             "%s: process %ld is writing to it, and without "
                             "the right to write lock.mdb it cannot be read "
                             "meanwhile: try again later, or get that right",
                             directory, read_holder(fd));
        }
        nanosleep(&nap, NULL);
    }
    return LEDE_OK;
}

/* flock, not fcntl: no other close of the file in this process drops it. */
lede_status lede_lock_take(const char *directory, uint32_t wait_ms, int *fd,
                           lede_error *err)
{
    lede_buf path = {0};
    const char *text;
    int opened = -1;
    lede_status status;

    lede_buf_put_format(&path, "%s/writer.lock", directory);
    text = lede_buf_text(&path);
    if (text == NULL) {
        status = lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory", directory);
        goto done;
    }
    opened = open(text, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (opened < 0) {
        status = lede_fail(err, LEDE_IO, "%s: %s", text, strerror(errno));
        goto done;
    }
    status = wait_for_lock(directory, opened, wait_ms, err);
    if (status == LEDE_OK) {
        *fd = opened;
        opened = -1;
    }

done:
    lede_lock_give_back(opened);
    lede_buf_done(&path);
    return status;
}

lede_status lede_lock_share(const char *directory, int *fd, lede_error *err)
{
    lede_buf path = {0};
    const char *text;
    int opened = -1;
    lede_status status;

    lede_buf_put_format(&path, "%s/writer.lock", directory);
    text = lede_buf_text(&path);
    if (text == NULL) {
        status = lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory", directory);
        goto done;
    }
    opened = open(text, O_RDONLY | O_CLOEXEC);
    if (opened < 0) {
        status = errno == ENOENT
                     ? LEDE_NOT_FOUND
                     : lede_fail(err, LEDE_IO,
                                 "%s: %s: to read an archive without the right "
                                 "to write its lock.mdb, get that to read this "
                                 "file",
                                 text, strerror(errno));
        goto done;
    }
    status = wait_to_share(directory, opened, err);
    if (status == LEDE_OK) {
        *fd = opened;
        opened = -1;
    }

done:
    lede_lock_give_back(opened);
    lede_buf_done(&path);
    return status;
}

void lede_lock_give_back(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}
