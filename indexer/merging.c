#define _GNU_SOURCE /* prctl's constants */
#include "indexer/merging.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/apart.h"
#include "storage/xapian_shim.h"

enum { TABLES = 6, LOOK_MS = 100, PATH_BYTES = 4096 };

/* In the order that Xapian merges them in. */
static const char *const tables[TABLES] = {"postlist", "docdata",  "termlist",
                                           "position", "spelling", "synonym"};

/* --- How far it is -------------------------------------------------------- */

static bool table_bytes(const char *path, int table, uint64_t *out)
{
    char name[PATH_BYTES];
    struct stat st;
    int len = snprintf(name, sizeof name, "%s/%s.glass", path, tables[table]);

    *out = 0;
    if (len < 0 || len >= PATH_BYTES || stat(name, &st) != 0) {
        return false;
    }
    *out = (uint64_t)st.st_size;
    return true;
}

uint64_t lede_merging_bytes(const char *path)
{
    uint64_t sum = 0, bytes;

    for (int i = 0; i < TABLES; i++) {
        table_bytes(path, i, &bytes);
        sum += bytes;
    }
    return sum;
}

typedef struct extent {
    uint64_t tables[TABLES], all; /* bytes of what is merged */
} extent;

static extent extent_of(const char *const *paths, uint32_t count)
{
    extent e = {.all = 0};

    for (uint32_t i = 0; i < count; i++) {
        for (int j = 0; j < TABLES; j++) {
            uint64_t bytes;

            table_bytes(paths[i], j, &bytes);
            e.tables[j] += bytes;
            e.all += bytes;
        }
    }
    return e;
}

/* A table is done when the next one is begun; that one has been read about as
 * far as was written. */
static uint64_t bytes_done(const extent *e, const char *to)
{
    uint64_t done = 0, bytes;
    int last = TABLES;

    while (last > 0 && !table_bytes(to, last - 1, &bytes)) {
        last--;
    }
    for (int i = 0; i + 1 < last; i++) {
        done += e->tables[i];
    }
    if (last > 0) {
        done += bytes < e->tables[last - 1] ? bytes : e->tables[last - 1];
    }
    return done;
}

/* --- The other process ---------------------------------------------------- */

/* Its result is a whole lede_error. */
static void merge_there(const char *const *paths, uint32_t count,
                        const char *to, int out, pid_t parent)
{
    lede_error result = {0};

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) {
        _exit(1);
    }
    result.status = lede_xapian_merge(paths, count, to, &result);
    _exit(lede_apart_write(out, &result, sizeof result) ? 0 : 1);
}

/* Waits for the result; false if there will be none. *is_stopped: not waited
 * for. */
static bool await(int in, const extent *e, const char *to,
                  const lede_watch *watch, lede_error *result, bool *is_stopped)
{
    struct pollfd poller = {.fd = in, .events = POLLIN};
    size_t have = 0;

    for (;;) {
        ssize_t n;
        int ready = poll(&poller, 1, LOOK_MS);

        if (lede_watch_is_stopped(watch)) {
            *is_stopped = true;
            return false;
        }
        if (ready <= 0) {
            lede_watch_step(watch, bytes_done(e, to), e->all);
            continue;
        }
        n = read(in, (char *)result + have, sizeof *result - have);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            return false;
        }
        have += n > 0 ? (size_t)n : 0;
        if (have == sizeof *result) {
            return true;
        }
    }
}

static lede_status how_it_ended(int state, lede_error *err)
{
    return WIFSIGNALED(state)
               ? lede_fail(err, LEDE_IO,
                           "merging was ended by signal %d: run it again",
                           WTERMSIG(state))
               : lede_fail(err, LEDE_IO, "merging ended before its end");
}

static lede_status watch_merge(pid_t child, int in, const extent *e,
                               const char *to, const lede_watch *watch,
                               lede_error *err)
{
    lede_error result = {0};
    bool is_stopped = false;
    bool is_told = await(in, e, to, watch, &result, &is_stopped);
    int state = 0;

    if (is_stopped) {
        kill(child, SIGKILL);
    }
    while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
    }
    if (is_stopped) {
        return lede_fail(err, LEDE_INTERRUPTED, "stopped");
    }
    if (!is_told) {
        return how_it_ended(state, err);
    }
    lede_watch_step(watch, e->all, e->all);
    return result.status == LEDE_OK
               ? LEDE_OK
               : lede_fail(err, result.status, "%s", result.message);
}

lede_status lede_merging_run(const char *const *paths, uint32_t count,
                             const char *to, const lede_watch *watch,
                             lede_error *err)
{
    extent e = extent_of(paths, count);
    pid_t parent = getpid(), child;
    int ends[2];
    lede_status status;

    if (lede_watch_is_stopped(watch)) {
        return lede_fail(err, LEDE_INTERRUPTED, "stopped");
    }
    if (pipe(ends) != 0) {
        return lede_fail(err, LEDE_IO, "merging: %s", strerror(errno));
    }
    child = fork();
    if (child == 0) {
        close(ends[0]);
        merge_there(paths, count, to, ends[1], parent);
    }
    close(ends[1]);
    status = child < 0 ? lede_fail(err, LEDE_IO, "merging: %s", strerror(errno))
                       : watch_merge(child, ends[0], &e, to, watch, err);
    close(ends[0]);
    return status;
}
