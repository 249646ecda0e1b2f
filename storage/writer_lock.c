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

/* Opens a file of the archive; *fd is -1 if it is not there. */
static lede_status open_file(const char *directory, const char *name, int flags,
                             int *fd, lede_error *err)
{
    lede_buf path = {0};
    const char *text;
    lede_status status = LEDE_OK;

    lede_buf_put_format(&path, "%s/%s", directory, name);
    text = lede_buf_text(&path);
    *fd = text == NULL ? -1 : open(text, flags | O_CLOEXEC, 0666);
    if (text == NULL) {
        status = lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory", directory);
    } else if (*fd < 0 && errno != ENOENT) {
        status = lede_fail(err, LEDE_IO, "%s: %s", text, strerror(errno));
    }
    lede_buf_done(&path);
    return status;
}

/* Tries for so long; LEDE_BUSY without a message. */
static lede_status wait_for(const char *directory, int fd, int how,
                            uint32_t wait_ms, lede_error *err)
{
    const struct timespec nap = {0, NAP_MS * 1000000};
    uint64_t begin = now_ms();

    while (flock(fd, how | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return lede_fail(err, LEDE_IO, "%s: lock: %s", directory,
                             strerror(errno));
        }
        if (now_ms() - begin >= wait_ms) {
            return LEDE_BUSY;
        }
        nanosleep(&nap, NULL);
    }
    return LEDE_OK;
}

/* --- Writing ---------------------------------------------------------------
 */

static lede_status take_turn(const char *directory, uint32_t wait_ms, int *fd,
                             lede_error *err)
{
    lede_status status =
        open_file(directory, "writer.lock", O_RDWR | O_CREAT, fd, err);

    if (status == LEDE_OK && *fd < 0) { /* the folder is gone */
        return lede_fail(err, LEDE_IO, "%s: %s", directory, strerror(ENOENT));
    }
    if (status == LEDE_OK) {
        status = wait_for(directory, *fd, LOCK_EX, wait_ms, err);
        if (status == LEDE_BUSY) {
            return lede_fail(err, status, "%s: process %ld is writing to it",
                             directory, read_holder(*fd));
        }
    }
    if (status == LEDE_OK) {
        write_holder(*fd);
    }
    return status;
}

/* One that is yet to be made has no readers. */
static lede_status shut_out_sharers(const char *directory, uint32_t wait_ms,
                                    int *fd, lede_error *err)
{
    lede_status status = open_file(directory, "data.mdb", O_RDONLY, fd, err);

    if (status != LEDE_OK || *fd < 0) {
        return status;
    }
    wait_ms = wait_ms < SHARERS_WAIT_MS ? SHARERS_WAIT_MS : wait_ms;
    status = wait_for(directory, *fd, LOCK_EX, wait_ms, err);
    return status != LEDE_BUSY
               ? status
               : lede_fail(err, status,
                           "%s: is being read by someone who may not write its "
                           "lock.mdb; try again later",
                           directory);
}

/* flock, not fcntl: no other close of the file in this process drops it. */
lede_status lede_lock_take(const char *directory, uint32_t wait_ms,
                           lede_lock *out, lede_error *err)
{
    lede_lock lock = LEDE_LOCK_NONE;
    lede_status status = take_turn(directory, wait_ms, &lock.turn, err);

    if (status == LEDE_OK) {
        status = shut_out_sharers(directory, wait_ms, &lock.data, err);
    }
    if (status == LEDE_OK) {
        *out = lock;
    } else {
        lede_lock_give_back(&lock);
    }
    return status;
}

/* --- Reading ---------------------------------------------------------------
 */

static lede_status fail_shared(const char *directory, lede_error *err)
{
    char who[48] = "someone";
    int fd = -1;

    if (open_file(directory, "writer.lock", O_RDONLY, &fd, NULL) == LEDE_OK &&
        fd >= 0 && read_holder(fd) > 0) {
        snprintf(who, sizeof who, "process %ld", read_holder(fd));
    }
    if (fd >= 0) {
        close(fd);
    }
    return lede_fail(err, LEDE_BUSY,
                     "%s: %s is writing to it, and without the right to write "
                     "lock.mdb it cannot be read meanwhile: try again later, "
                     "or get that right",
                     directory, who);
}

/* The lock is on the data itself, and not on a file that comes with the first
 * writer and that others may not read. */
lede_status lede_lock_share(const char *directory, lede_lock *out,
                            lede_error *err)
{
    lede_lock lock = LEDE_LOCK_NONE;
    lede_status status =
        open_file(directory, "data.mdb", O_RDONLY, &lock.data, err);

    if (status == LEDE_OK && lock.data < 0) {
        status = lede_fail(err, LEDE_NOT_FOUND, "%s: there is no archive here",
                           directory);
    }
    if (status == LEDE_OK) {
        status = wait_for(directory, lock.data, LOCK_SH, SHARE_WAIT_MS, err);
        status = status == LEDE_BUSY ? fail_shared(directory, err) : status;
    }
    if (status == LEDE_OK) {
        *out = lock;
    } else {
        lede_lock_give_back(&lock);
    }
    return status;
}

void lede_lock_give_back(lede_lock *lock)
{
    if (lock->data >= 0) {
        close(lock->data);
    }
    if (lock->turn >= 0) {
        close(lock->turn);
    }
    *lock = LEDE_LOCK_NONE;
}
