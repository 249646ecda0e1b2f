#include "indexer/merging.h"

#include <stdio.h>
#include <sys/stat.h>

#include "storage/apart.h"
#include "storage/xapian_shim.h"

enum { TABLES = 6, PATH_BYTES = 4096 };

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

/* --- The merge ------------------------------------------------------------ */

typedef struct merging {
    const char *const *paths;
    uint32_t count;
    const char *to;
    extent extent;
    const lede_watch *watch;
} merging;

static lede_status merge_there(void *ctx, int out, lede_error *err)
{
    const merging *m = ctx;

    (void)out;
    return lede_xapian_merge(m->paths, m->count, m->to, err);
}

static void look(void *ctx)
{
    const merging *m = ctx;

    lede_watch_step(m->watch, bytes_done(&m->extent, m->to), m->extent.all);
}

lede_status lede_merging_run(const char *const *paths, uint32_t count,
                             const char *to, const lede_watch *watch,
                             lede_error *err)
{
    merging m = {paths, count, to, extent_of(paths, count), watch};
    lede_apart apart = {.ctx = &m,
                        .work = merge_there,
                        .look = look,
                        .stop = watch == NULL ? NULL : watch->stop};
    lede_error why = {0};
    lede_status status;

    if (lede_watch_is_stopped(watch)) {
        return lede_fail(err, LEDE_INTERRUPTED, "stopped");
    }
    status = lede_apart_run(&apart, &why);
    if (status == LEDE_BUG) { /* somebody killed it, most likely */
        return lede_fail(err, LEDE_IO, "merging: %s: run it again",
                         why.message);
    }
    if (status != LEDE_OK) {
        return lede_fail(err, status, "%s", why.message);
    }
    lede_watch_step(watch, m.extent.all, m.extent.all);
    return LEDE_OK;
}
