#include "storage/archive_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_BYTES = 256 << 10 };

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

/* --- Copying -----------------------------------------------------------------
 */

/* LMDB copies in one go, which nobody can stop or watch. So it writes into a
 * pipe, in a thread of its own; whoever reads the other end may close it. */
struct source {
    lede_archive *archive;
    int fd; /* of the pipe */
    int rc;
};

static void *run_source(void *ctx)
{
    struct source *source = ctx;

    source->rc =
        mdb_env_copyfd2(source->archive->env, source->fd, MDB_CP_COMPACT);
    close(source->fd);
    return NULL;
}

/* About how much there will be to copy: the pages that are in use. */
static uint64_t count_bytes(lede_archive *archive)
{
    const MDB_dbi tables[] = {archive->meta, archive->segments, archive->files};
    uint64_t pages = 3; /* two heads, and the table of tables */
    MDB_stat stat = {0};
    MDB_txn *txn = NULL;
    unsigned i;

    if (lede_txn_begin(archive, false, &txn, NULL) != LEDE_OK) {
        return 0;
    }
    for (i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (mdb_stat(txn, tables[i], &stat) == 0) {
            pages += stat.ms_branch_pages + stat.ms_leaf_pages +
                     stat.ms_overflow_pages;
        }
    }
    lede_txn_abort(archive, txn);
    return pages * stat.ms_psize;
}

static bool is_stopped(const lede_backup_callbacks *callbacks)
{
    return callbacks->stop != NULL && *callbacks->stop != 0;
}

static lede_status stopped(lede_error *err)
{
    return lede_fail(err, LEDE_INTERRUPTED, "stopped");
}

static lede_status write_piece(struct copy *copy, const uint8_t *bytes,
                               size_t len, lede_error *err)
{
    while (len > 0) {
        ssize_t n = write(copy->fd, bytes, len);

        if (n < 0 && errno != EINTR) {
            return fail_copy(err, lede_buf_text(&copy->file), "write");
        }
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        }
    }
    return LEDE_OK;
}

/* Takes what comes out of the pipe to its end. */
static lede_status drain(struct copy *copy, int fd, uint64_t all,
                         const lede_backup_callbacks *callbacks,
                         lede_error *err)
{
    uint8_t *bytes = malloc(PIECE_BYTES);
    lede_status status = LEDE_OK;
    uint64_t done = 0;
    ssize_t n = 1;

    if (bytes == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                         copy->wanted);
    }
    while (status == LEDE_OK && n != 0) {
        if (is_stopped(callbacks)) {
            status = stopped(err);
            break;
        }
        n = read(fd, bytes, PIECE_BYTES);
        if (n < 0 && errno != EINTR) {
            status = fail_copy(err, copy->wanted, "copy");
        } else if (n > 0) {
            status = write_piece(copy, bytes, (size_t)n, err);
            done += (uint64_t)n;
        }
        if (callbacks->progress != NULL) {
            callbacks->progress(callbacks->ctx, done, done < all ? all : done);
        }
    }
    free(bytes);
    return status;
}

static lede_status fill_copy(lede_archive *archive, struct copy *copy,
                             const lede_backup_callbacks *callbacks,
                             lede_error *err)
{
    uint64_t all = count_bytes(archive);
    struct source source = {.archive = archive};
    lede_status status;
    pthread_t thread;
    int ends[2], rc;

    if (pipe(ends) != 0) {
        return fail_copy(err, copy->wanted, "make a pipe");
    }
    source.fd = ends[1];
    rc = pthread_create(&thread, NULL, run_source, &source);
    if (rc != 0) {
        close(ends[0]);
        close(ends[1]);
        errno = rc;
        return fail_copy(err, copy->wanted, "start a thread");
    }
    status = drain(copy, ends[0], all, callbacks, err);
    close(ends[0]); /* if LMDB still writes, it fails now */
    pthread_join(thread, NULL);
    if (status == LEDE_OK && source.rc != 0) {
        return lede_lmdb_fail(err, source.rc, archive, "copy");
    }
    if (status == LEDE_OK && fsync(copy->fd) != 0) {
        return fail_copy(err, copy->wanted, "sync");
    }
    return status == LEDE_OK && is_stopped(callbacks) ? stopped(err) : status;
}

/* --- All of it
 * -----------------------------------------------------------------
 */

lede_status lede_archive_backup(lede_archive *archive, const char *directory,
                                const lede_backup_callbacks *callbacks,
                                lede_error *err)
{
    static const lede_backup_callbacks none = {0};
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
        status = fill_copy(archive, &copy,
                           callbacks == NULL ? &none : callbacks, err);
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
