#include "storage/xapian_structure.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/apart.h"
#include "storage/xapian_shim.h"

enum {
    MOST_PROBLEMS = 20, /* told one by one: one bad block has thousands */
    /* A check reads some 100 MB in a second of CPU time. */
    COMPUTE_S = 30,
    COMPUTE_BYTES = 1 << 20, /* for each of these a second more */
    PATH_BYTES = 4096
};

static const char *const tables[] = {"postlist", "docdata",  "termlist",
                                     "position", "spelling", "synonym"};

static bool table_path(const char *path, size_t table, char out[PATH_BYTES])
{
    int len = snprintf(out, PATH_BYTES, "%s/%s.glass", path, tables[table]);

    return len >= 0 && len < PATH_BYTES;
}

static uint32_t compute_seconds(const char *path)
{
    char name[PATH_BYTES];
    uint64_t bytes = 0;
    struct stat st;

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (table_path(path, i, name) && stat(name, &st) == 0) {
            bytes += (uint64_t)st.st_size;
        }
    }
    bytes = bytes / COMPUTE_BYTES + COMPUTE_S;
    return bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
}

static bool may_only_be_read(const char *path)
{
    char name[PATH_BYTES];

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (table_path(path, i, name) &&
            faccessat(AT_FDCWD, name, W_OK, AT_EACCESS) != 0 &&
            (errno == EACCES || errno == EPERM || errno == EROFS)) {
            return true;
        }
    }
    return false;
}

/* --- What it says --------------------------------------------------------- */

typedef struct telling {
    const char *path;
    const lede_xapian_structure *how;
    char table[32]; /* of which it speaks */
    uint32_t problems;
} telling;

static bool ends_with(const char *line, const char *end)
{
    size_t len = strlen(line), end_len = strlen(end);

    return len >= end_len && strcmp(line + len - end_len, end) == 0;
}

static bool is_no_problem(const char *line)
{
    return line[0] == '\0' || strncmp(line, "blocksize=", 10) == 0 ||
           strstr(line, " table errors found: ") != NULL ||
           ends_with(line, " checked okay") || ends_with(line, " checked OK") ||
           strcmp(line, "Lazily created, and not yet used.") == 0 ||
           strcmp(line, "Not present.") == 0;
}

/* "docdata:" begins what is said of a table. */
static bool is_heading(const char *line)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        size_t len = strlen(tables[i]);

        if (strncmp(line, tables[i], len) == 0 &&
            strcmp(line + len, ":") == 0) {
            return true;
        }
    }
    return false;
}

static void on_line(void *ctx, const char *line)
{
    telling *t = ctx;
    char problem[LEDE_APART_LINE_BYTES + sizeof t->table];

    if (is_heading(line)) {
        snprintf(t->table, sizeof t->table, "%s ", line);
    } else if (!is_no_problem(line) && t->problems++ < MOST_PROBLEMS &&
               t->how->found != NULL) {
        snprintf(problem, sizeof problem, "%s%s", t->table, line);
        t->how->found(t->how->ctx, problem);
    }
}

static void say_line(void *ctx, const char *line)
{
    lede_apart_say(*(const int *)ctx, line);
}

static lede_status check_there(void *ctx, int out, lede_error *err)
{
    const telling *t = ctx;

    return lede_xapian_check(t->path, say_line, &out, err);
}

/* --- The check ------------------------------------------------------------ */

static void tell_rest(const telling *t)
{
    char line[64];

    if (t->problems > MOST_PROBLEMS && t->how->found != NULL) {
        snprintf(line, sizeof line, "and %" PRIu32 " more of these",
                 t->problems - MOST_PROBLEMS);
        t->how->found(t->how->ctx, line);
    }
}

lede_status lede_xapian_structure_check(const char *path,
                                        const lede_xapian_structure *how,
                                        bool *looked, lede_error *err)
{
    telling t = {.path = path, .how = how};
    const lede_apart apart = {.ctx = &t,
                              .work = check_there,
                              .line = on_line,
                              .compute_s = compute_seconds(path),
                              .stop = how->stop};
    lede_error why = {0};
    lede_status status = lede_apart_run(&apart, &why);

    *looked = true;
    tell_rest(&t);
    if (status == LEDE_IO && may_only_be_read(path)) {
        *looked = false;
        return LEDE_OK;
    }
    if (status == LEDE_BUG) {
        return lede_fail(err, LEDE_CORRUPT,
                         "Xapian's check does not survive it: %s", why.message);
    }
    return status == LEDE_OK ? LEDE_OK
                             : lede_fail(err, status, "%s", why.message);
}
