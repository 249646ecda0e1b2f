#include "storage/archive_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The copy is made in a folder beside the wanted one and then renamed onto it:
 * a folder that is empty may be replaced so, any other may not. */
struct copy {
    const char *wanted;
    lede_buf folder, file; /* where it is made */
    lede_buf parent;
    bool made_folder;
    int fd;
};

static lede_status fail_copy(lede_error *err, const char *path,
                             const char *what)
{
    return lede_fail(err, errno == ENOMEM ? LEDE_NO_MEMORY : LEDE_IO,
                     "%s: %s: %s", path, what, strerror(errno));
}

/* Names the folder that holds the copy's folder. */
static lede_status name_parent(struct copy *copy, lede_error *err)
{
    char *path = strdup(copy->wanted);

    if (path != NULL) {
        lede_buf_put_text(&copy->parent, dirname(path));
    }
    free(path);
    return path == NULL || lede_buf_text(&copy->parent) == NULL
               ? lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                           copy->wanted)
               : LEDE_OK;
}

static lede_status open_copy(struct copy *copy, lede_error *err)
{
    size_t len = strlen(copy->wanted);

    while (len > 1 && copy->wanted[len - 1] == '/') {
        len--;
    }
    lede_buf_put(&copy->folder, copy->wanted, len);
    lede_buf_put_format(&copy->folder, ".partial-%ld", (long)getpid());
    if (lede_buf_text(&copy->folder) == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                         copy->wanted);
    }
    lede_buf_put_format(&copy->file, "%s/data.mdb",
                        lede_buf_text(&copy->folder));
    if (lede_buf_text(&copy->file) == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                         copy->wanted);
    }
    if (mkdir(lede_buf_text(&copy->folder), 0777) != 0) {
        return fail_copy(err, lede_buf_text(&copy->folder), "make the folder");
    }
    copy->made_folder = true;
    copy->fd = open(lede_buf_text(&copy->file),
                    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return copy->fd >= 0
               ? LEDE_OK
               : fail_copy(err, lede_buf_text(&copy->file), "make the file");
}

static lede_status sync_folder(const char *path, lede_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    lede_status status = LEDE_OK;

    if (fd < 0 || fsync(fd) != 0) {
        status = fail_copy(err, path, "sync");
    }
    if (fd >= 0) {
        close(fd);
    }
    return status;
}

static void close_copy(struct copy *copy, bool keep)
{
    if (copy->fd >= 0) {
        close(copy->fd);
    }
    if (copy->made_folder && !keep) {
        unlink(lede_buf_text(&copy->file));
        rmdir(lede_buf_text(&copy->folder));
    }
    lede_buf_done(&copy->folder);
    lede_buf_done(&copy->file);
    lede_buf_done(&copy->parent);
}

/* Whether there is nothing yet under the wanted name but an empty folder. */
static lede_status check_target(const char *path, lede_error *err)
{
    DIR *dir = opendir(path);
    const struct dirent *item;
    bool is_empty = true;

    if (dir == NULL && errno == ENOENT) {
        return LEDE_OK;
    }
    if (dir == NULL && errno != ENOTDIR) {
        return fail_copy(err, path, "open");
    }
    while (dir != NULL && is_empty && (item = readdir(dir)) != NULL) {
        is_empty =
            strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0;
    }
    if (dir == NULL || !is_empty) {
        lede_fail(err, LEDE_BAD_INPUT, "%s: is not an empty or a new folder",
                  path);
        is_empty = false;
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return is_empty ? LEDE_OK : LEDE_BAD_INPUT;
}

/* LMDB's copying trusts the pages as much as its reading does. */
static lede_status check_source(lede_archive *archive, lede_error *err)
{
    lede_pages_head head;
    MDB_txn *txn = NULL;
    lede_status status = lede_pages_begin(archive, &txn, &head, err);

    if (status == LEDE_OK) {
        status = lede_pages_check(archive, &head, LEDE_PAGES_ALL, err);
    }
    lede_txn_abort(archive, txn);
    return status;
}

static lede_status fill_copy(lede_archive *archive, const struct copy *copy,
                             lede_error *err)
{
    int rc = mdb_env_copyfd2(archive->env, copy->fd, MDB_CP_COMPACT);

    if (rc != 0) {
        return lede_lmdb_fail(err, rc, archive, "copy");
    }
    return fsync(copy->fd) == 0 ? LEDE_OK
                                : fail_copy(err, copy->wanted, "sync");
}

lede_status lede_archive_backup(lede_archive *archive, const char *directory,
                                lede_error *err)
{
    struct copy copy = {.wanted = directory, .fd = -1};
    bool is_done = false;
    lede_status status = check_target(directory, err);

    if (status == LEDE_OK) {
        status = name_parent(&copy, err);
    }
    if (status == LEDE_OK) {
        status = check_source(archive, err);
    }
    if (status == LEDE_OK) {
        status = open_copy(&copy, err);
    }
    if (status == LEDE_OK) {
        status = fill_copy(archive, &copy, err);
    }
    if (status == LEDE_OK) {
        status = sync_folder(lede_buf_text(&copy.folder), err);
    }
    if (status == LEDE_OK) {
        is_done = rename(lede_buf_text(&copy.folder), directory) == 0;
        if (!is_done) {
            status = errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR
                         ? lede_fail(err, LEDE_BAD_INPUT,
                                     "%s: is not an empty or a new folder",
                                     directory)
                         : fail_copy(err, directory, "put the copy in place");
        }
    }
    if (status == LEDE_OK) {
        status = sync_folder(lede_buf_text(&copy.parent), err);
    }
    close_copy(&copy, is_done);
    return status;
}
