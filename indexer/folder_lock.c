#include "indexer/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 10 };

static lede_status failed(const char *path, lede_error *err)
{
    return lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
}

static lede_status wait_for(int folder, const char *path, uint32_t wait_ms,
                            lede_error *err)
{
    const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000};

    for (uint32_t waited = 0;; waited += LOOK_MS) {
        if (flock(folder, LOCK_EX | LOCK_NB) == 0) {
            return LEDE_OK;
        }
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return failed(path, err);
        }
        if (waited >= wait_ms) {
            return LEDE_BUSY;
        }
        nanosleep(&pause, NULL);
    }
}

lede_status lede_folder_lock(const char *path, uint32_t wait_ms, int *out,
                             lede_error *err)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat mine, there;
    lede_status status;

    if (folder < 0) {
        return failed(path, err);
    }
    status = wait_for(folder, path, wait_ms, err);
    /* One who waited may have the lock of a folder that has gone. */
    if (status == LEDE_OK &&
        (fstat(folder, &mine) != 0 || stat(path, &there) != 0 ||
         mine.st_ino != there.st_ino || mine.st_dev != there.st_dev)) {
        status = LEDE_BUSY;
    }
    if (status != LEDE_OK) {
        close(folder);
        return status;
    }
    *out = folder;
    return LEDE_OK;
}
