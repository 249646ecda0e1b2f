#define _GNU_SOURCE      /* RTLD_NEXT */
#undef _FILE_OFFSET_BITS /* which would rename pwrite to pwrite64 */
#include "tests/crash/steps.h"

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static long taken, fatal;
static steps_fate fate;

void steps_reset(steps_fate then, long at)
{
    taken = 0;
    fatal = at;
    fate = then;
}

long steps_taken(void)
{
    return taken;
}

/* True if this step is to go wrong. */
static bool is_fatal(void)
{
    taken++;
    return fate != STEPS_NONE &&
           (taken == fatal || (fate == STEPS_NO_SPACE && taken > fatal));
}

static bool is_kill(void)
{
    return fate == STEPS_KILL || fate == STEPS_KILL_ALL;
}

static int fail_step(void)
{
    if (fate == STEPS_KILL_ALL) {
        kill(0, SIGKILL);
    }
    if (is_kill()) {
        raise(SIGKILL);
    }
    errno = fate == STEPS_NO_SPACE ? ENOSPC : EIO;
    return -1;
}

static void *next_of(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);

    if (found == NULL) {
        _exit(99);
    }
    return found;
}

static ssize_t real_pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    ssize_t (*real)(int, const void *, size_t, off_t);
    void *found = next_of("pwrite");

    memcpy(&real, &found, sizeof real);
    return real(fd, bytes, len, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    if (is_fatal()) {
        /* The system stops between pages, so a head is written or not. */
        if (is_kill()) {
            real_pwrite(fd, bytes, len / 2 / 4096 * 4096, at);
        }
        return fail_step();
    }
    return real_pwrite(fd, bytes, len, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t at)
{
    return pwrite(fd, bytes, len, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    ssize_t (*real)(int, const struct iovec *, int);
    void *found = next_of("writev");

    memcpy(&real, &found, sizeof real);
    if (is_fatal()) {
        if (is_kill()) {
            real(fd, parts, count / 2);
        }
        return fail_step();
    }
    return real(fd, parts, count);
}

static int one_fd(const char *name, int fd)
{
    int (*real)(int);
    void *found = next_of(name);

    memcpy(&real, &found, sizeof real);
    return is_fatal() ? fail_step() : real(fd);
}

int fdatasync(int fd)
{
    return one_fd("fdatasync", fd);
}

int fsync(int fd)
{
    return one_fd("fsync", fd);
}

int ftruncate(int fd, off_t len)
{
    int (*real)(int, off_t);
    void *found = next_of("ftruncate");

    memcpy(&real, &found, sizeof real);
    return is_fatal() ? fail_step() : real(fd, len);
}
