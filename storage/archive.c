#define _GNU_SOURCE /* fallocate */
#include "storage/archive_internal.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/local_disk.h"

static const uint64_t map_default = (uint64_t)1 << 40;
static const uint64_t map_least = (uint64_t)1 << 26;

enum { MAX_READERS = 1024, DATABASES = 3, CREATE_WAIT_MS = 10000 };

/* LMDB's table of readers: a cache line for each, behind a head. */
enum { TABLE_BYTES = MAX_READERS * 64 + 128 };

/* --- Open archives of this process -----------------------------------------
 */

/* A child process inherits the list, but not the locks of what is in it.
 * LMDB's file locks fall when any handle of the process on its lock file is
 * closed, so a second environment on one directory must not come to be. */
static pthread_mutex_t open_mutex = PTHREAD_MUTEX_INITIALIZER;
static lede_archive *open_archives;

static bool register_archive(lede_archive *archive)
{
    lede_archive *other;

    pthread_mutex_lock(&open_mutex);
    for (other = open_archives; other != NULL; other = other->next) {
        if (other->device == archive->device &&
            other->inode == archive->inode && other->pid == archive->pid) {
            break;
        }
    }
    if (other == NULL) {
        archive->next = open_archives;
        open_archives = archive;
    }
    pthread_mutex_unlock(&open_mutex);
    return other == NULL;
}

static void unregister_archive(const lede_archive *archive)
{
    lede_archive **at;

    pthread_mutex_lock(&open_mutex);
    for (at = &open_archives; *at != NULL; at = &(*at)->next) {
        if (*at == archive) {
            *at = archive->next;
            break;
        }
    }
    pthread_mutex_unlock(&open_mutex);
}

static lede_status fail_errno(lede_error *err, const char *path,
                              const char *what)
{
    return lede_fail(err, errno == ENOMEM ? LEDE_NO_MEMORY : LEDE_IO,
                     "%s: %s: %s", path, what, strerror(errno));
}

/* --- The directory ---------------------------------------------------------
 */

/* Whether nothing but what lede itself may have left is in the directory. */
static bool is_free_for_archive(const char *directory)
{
    DIR *dir = opendir(directory);
    const struct dirent *item;
    bool is_free = dir != NULL;

    while (is_free && (item = readdir(dir)) != NULL) {
        const char *name = item->d_name;

        is_free = strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
                  strcmp(name, "lock.mdb") == 0 ||
                  strcmp(name, "data.mdb") == 0 ||
                  strcmp(name, "writer.lock") == 0;
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return is_free;
}

static lede_status make_directories(const char *path, lede_error *err)
{
    char *copy = strdup(path);
    char *at;
    lede_status status = LEDE_OK;

    if (copy == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory", path);
    }
    for (at = copy + 1; status == LEDE_OK && *at != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            if (mkdir(copy, 0777) != 0 && errno != EEXIST) {
                status = fail_errno(err, copy, "make the folder");
            }
            *at = '/';
        }
    }
    if (status == LEDE_OK && mkdir(copy, 0777) != 0 && errno != EEXIST) {
        status = fail_errno(err, copy, "make the folder");
    }
    free(copy);
    return status;
}

/* Whether the data file is missing or unborn; `empty` makes it empty then, for
 * the holder of the lock. */
static lede_status look_for_data(const char *directory, bool empty,
                                 bool *is_new, lede_error *err)
{
    lede_buf path = {0};
    const char *text;
    int fd = -1;
    lede_status status = LEDE_OK;

    lede_buf_put_format(&path, "%s/data.mdb", directory);
    text = lede_buf_text(&path);
    if (text == NULL) {
        status = lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory", directory);
        goto done;
    }
    fd = open(text, (empty ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    if (fd < 0 && errno != ENOENT) {
        status = fail_errno(err, text, "open");
        goto done;
    }
    *is_new = fd < 0 || lede_pages_are_unborn(fd);
    if (*is_new && empty && fd >= 0 && ftruncate(fd, 0) != 0) {
        status = fail_errno(err, text, "make empty");
    }

done:
    if (fd >= 0) {
        close(fd);
    }
    lede_buf_done(&path);
    return status;
}

/* Settles whether there is something to open. `*is_new`: no data file yet, or
 * one that a killed process had only begun. */
static lede_status prepare_directory(const char *directory, bool create,
                                     bool *is_new, lede_error *err)
{
    struct stat info;
    lede_status status;

    if (directory[0] == '\0') {
        return lede_fail(err, LEDE_BAD_INPUT, "the archive has no name");
    }
    if (stat(directory, &info) == 0 && !S_ISDIR(info.st_mode)) {
        return lede_fail(err, LEDE_BAD_INPUT, "%s: is not a folder", directory);
    }
    status = look_for_data(directory, false, is_new, err);
    if (status != LEDE_OK || !*is_new) {
        return status;
    }
    if (!create) {
        return lede_fail(err, LEDE_NOT_FOUND, "%s: there is no archive here",
                         directory);
    }
    status = make_directories(directory, err);
    if (status == LEDE_OK && !is_free_for_archive(directory)) {
        status = lede_fail(err, LEDE_BAD_INPUT,
                           "%s: holds other files and no archive: name an "
                           "empty or a new folder",
                           directory);
    }
    return status;
}

/* --- The environment -------------------------------------------------------
 */

static int try_environment(lede_archive *archive, uint64_t map_bytes,
                           unsigned flags)
{
    int rc = mdb_env_create(&archive->env);

    if (rc != 0) {
        archive->env = NULL;
        return rc;
    }
    rc = mdb_env_set_mapsize(archive->env, (size_t)map_bytes);
    if (rc == 0) {
        rc = mdb_env_set_maxdbs(archive->env, DATABASES);
    }
    if (rc == 0) {
        rc = mdb_env_set_maxreaders(archive->env, MAX_READERS);
    }
    if (rc == 0) {
        rc = mdb_env_open(archive->env, archive->directory, MDB_NOTLS | flags,
                          0666);
    }
    if (rc != 0) {
        mdb_env_close(archive->env); /* asked for even when open has failed */
        archive->env = NULL;
    }
    return rc;
}

/* Address space is plenty on most machines; where it is not (ulimit -v, some
 * sanitizers, small containers) a smaller map does. */
static lede_status open_environment(lede_archive *archive, uint64_t wanted,
                                    lede_error *err)
{
    uint64_t map_bytes = wanted == 0 ? map_default : wanted;
    uint64_t least = wanted == 0 ? map_least : wanted;
    unsigned flags = (archive->read_only ? MDB_RDONLY : 0u) |
                     (archive->no_table ? MDB_NOLOCK : 0u);
    int rc = try_environment(archive, map_bytes, flags);

    while ((rc == ENOMEM || rc == EINVAL || rc == EFBIG || rc == EOVERFLOW) &&
           map_bytes / 2 >= least) {
        map_bytes /= 2;
        rc = try_environment(archive, map_bytes, flags);
    }
    if (rc != 0) {
        return lede_lmdb_fail(err, rc, archive, "open");
    }
    archive->map_bytes = map_bytes;
    return LEDE_OK;
}

static bool table_is_writable(const char *directory)
{
    lede_buf path = {0};
    const char *text;
    bool is_writable;

    lede_buf_put_format(&path, "%s/lock.mdb", directory);
    text = lede_buf_text(&path);
    /* Out of memory decides nothing: LMDB finds out. */
    is_writable = text == NULL || access(text, W_OK) == 0 ||
                  (errno == ENOENT && access(directory, W_OK) == 0);
    lede_buf_done(&path);
    return is_writable;
}

/* LMDB maps the table and writes to it; where the disk is full, a page of it
 * that has no block yet would end the process with a signal. The size stays as
 * it is: LMDB goes by it, and another process may have the file mapped. False
 * if there is no room; a file system that cannot tell counts as one that has.
 * For an archive that this process does not have open: LMDB's locks on the file
 * would go with this descriptor. */
static bool table_has_room(const char *directory)
{
    lede_buf path = {0};
    const char *text;
    struct stat info;
    int fd = -1;
    bool has_room = true;

    lede_buf_put_format(&path, "%s/lock.mdb", directory);
    text = lede_buf_text(&path);
    if (text != NULL) {
        fd = open(text, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    }
    if (fd < 0) {
        has_room = text == NULL || (errno != ENOSPC && errno != EDQUOT);
    } else if (fstat(fd, &info) != 0 ||
               (uint64_t)info.st_blocks * 512 < TABLE_BYTES) {
        has_room = fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, TABLE_BYTES) == 0 ||
                   (errno != ENOSPC && errno != EDQUOT);
    }
    if (fd >= 0) {
        close(fd);
    }
    lede_buf_done(&path);
    return has_room;
}

/* A writer takes pages that no reader in LMDB's table needs. One who cannot
 * enter his name there (a read-only mount, another user's archive, a full disk)
 * keeps writers out instead, with a lock on the data that he shares. */
static lede_status settle_access(lede_archive *archive, const char *data,
                                 lede_error *err)
{
    archive->read_only = access(data, W_OK) != 0;
    archive->no_table = !table_is_writable(archive->directory);
    if (!archive->no_table && archive->env == NULL) { /* else it was asked */
        archive->no_room = !table_has_room(archive->directory);
        archive->no_table = archive->no_room;
    }
    if (!archive->no_table) {
        return LEDE_OK;
    }
    archive->read_only = true;
    return lede_lock_share(archive->directory, &archive->shared, err);
}

static lede_status open_data_file(lede_archive *archive, lede_error *err)
{
    lede_buf path = {0};
    const char *text;
    lede_status status = LEDE_OK;

    lede_buf_put_format(&path, "%s/data.mdb", archive->directory);
    text = lede_buf_text(&path);
    if (text == NULL) {
        status = lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                           archive->directory);
        goto done;
    }
    archive->data_fd = open(text, O_RDONLY | O_CLOEXEC);
    if (archive->data_fd < 0) {
        status = fail_errno(err, text, "open");
        goto done;
    }
    status = settle_access(archive, text, err);

done:
    lede_buf_done(&path);
    return status;
}

static lede_status open_databases(lede_archive *archive, MDB_txn *txn,
                                  unsigned flags, lede_error *err)
{
    int rc = mdb_dbi_open(txn, "meta", flags, &archive->meta);

    if (rc == 0) {
        rc = mdb_dbi_open(txn, "segments", flags, &archive->segments);
    }
    if (rc == 0) {
        rc = mdb_dbi_open(txn, "files", flags, &archive->files);
    }
    if (rc == MDB_NOTFOUND) {
        return LEDE_NOT_FOUND;
    }
    return rc == 0 ? LEDE_OK
                   : lede_lmdb_fail(err, rc, archive, "open databases");
}

/* Writes the first state, unless another process has just done so. */
static lede_status create_databases(lede_archive *archive, lede_error *err)
{
    MDB_txn *txn = NULL;
    lede_buf format = {0};
    lede_buf bytes = {0};
    lede_manifest manifest;
    lede_span found;
    lede_status status;

    lede_manifest_init(&manifest);
    lede_format_encode(archive->records != NULL, &format);
    lede_manifest_encode(&manifest, &bytes);
    if (format.failed || bytes.failed) {
        status = lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                           archive->directory);
        goto done;
    }
    status = lede_txn_begin(archive, true, &txn, err);
    if (status != LEDE_OK) {
        goto done;
    }
    status = open_databases(archive, txn, MDB_CREATE, err);
    if (status != LEDE_OK) {
        goto done;
    }
    status = lede_txn_get(archive, txn, archive->meta, lede_span_text("format"),
                          &found, err);
    if (status == LEDE_NOT_FOUND) {
        status =
            lede_txn_put(archive, txn, archive->meta, lede_span_text("format"),
                         lede_buf_span(&format), err);
        if (status == LEDE_OK) {
            status = lede_txn_put(archive, txn, archive->meta,
                                  lede_span_text("manifest"),
                                  lede_buf_span(&bytes), err);
        }
    }
    if (status == LEDE_OK) {
        status = lede_txn_commit(archive, txn, err);
        txn = NULL;
    }

done:
    lede_txn_abort(archive, txn);
    lede_buf_done(&format);
    lede_buf_done(&bytes);
    return status;
}

static lede_status check_format(const lede_archive *archive, lede_span format,
                                lede_error *err)
{
    lede_status status = lede_format_check(format, false, err);
    bool is_elsewhere = lede_format_has(format, LEDE_FEATURE_RECORDS_ELSEWHERE);

    if (status != LEDE_OK) {
        return lede_fail_in(err, status, "%s", archive->directory);
    }
    if (is_elsewhere == (archive->records != NULL)) {
        return LEDE_OK;
    }
    return lede_fail(err, LEDE_BAD_INPUT,
                     is_elsewhere ? "%s: belongs to the Xapian database in the "
                                    "folder above: name that, with xapian: "
                                    "before it"
                                  : "%s: is an archive in itself, and none of "
                                    "a Xapian database",
                     archive->directory);
}

/* The databases' handles, and whether this program may read what is in them. */
static lede_status open_content(lede_archive *archive, bool *is_empty,
                                lede_error *err)
{
    MDB_txn *txn = NULL;
    lede_span format;
    lede_pages_head head;
    lede_status status = lede_pages_begin(archive, &txn, &head, err);

    *is_empty = false;
    if (status != LEDE_OK) {
        return status;
    }
    status = lede_pages_check(archive, &head, LEDE_PAGES_SEARCH, err);
    if (status == LEDE_OK) {
        status = open_databases(archive, txn, 0, err);
    }
    if (status == LEDE_OK) {
        status = lede_txn_get(archive, txn, archive->meta,
                              lede_span_text("format"), &format, err);
    }
    if (status == LEDE_NOT_FOUND) {
        *is_empty = head.main.entries == 0;
        status = *is_empty ? LEDE_OK
                           : lede_fail(err, LEDE_BAD_INPUT,
                                       "%s: is not an archive of lede",
                                       archive->directory);
    } else if (status == LEDE_OK) {
        status = check_format(archive, format, err);
    }
    if (status != LEDE_OK || *is_empty) {
        lede_txn_abort(archive, txn);
        return status;
    }
    /* Commit, not abort: that is what keeps the handles open. */
    return lede_txn_commit(archive, txn, err);
}

static lede_status open_old(lede_archive *archive, uint64_t map_bytes,
                            bool create, lede_error *err)
{
    bool is_empty = false;
    lede_status status = open_data_file(archive, err);

    if (status == LEDE_OK) {
        status = lede_pages_check_head(archive, err);
    }
    if (status == LEDE_OK) {
        status = open_environment(archive, map_bytes, err);
    }
    if (status == LEDE_OK) {
        status = open_content(archive, &is_empty, err);
    }
    if (status == LEDE_OK && is_empty) {
        status = create ? create_databases(archive, err)
                        : lede_fail(err, LEDE_NOT_FOUND,
                                    "%s: there is no archive here",
                                    archive->directory);
    }
    return status;
}

/* Under the writer's lock, so that two do not make the same archive. */
static lede_status open_new(lede_archive *archive, uint64_t map_bytes,
                            lede_error *err)
{
    lede_lock lock = LEDE_LOCK_NONE;
    bool is_new = true;
    lede_status status =
        lede_lock_take(archive->directory, CREATE_WAIT_MS, &lock, err);

    if (status == LEDE_OK) {
        status = look_for_data(archive->directory, true, &is_new, err);
    }
    if (status == LEDE_OK && !is_new) {
        status = open_old(archive, map_bytes, true, err);
    } else if (status == LEDE_OK && !table_has_room(archive->directory)) {
        status = lede_fail(err, LEDE_IO, "%s/lock.mdb: %s", archive->directory,
                           strerror(ENOSPC));
    } else if (status == LEDE_OK) {
        status = open_environment(archive, map_bytes, err);
        if (status == LEDE_OK) {
            status = open_data_file(archive, err);
        }
        if (status == LEDE_OK) {
            status = create_databases(archive, err);
        }
    }
    lede_lock_give_back(&lock);
    return status;
}

lede_status lede_archive_open(const char *directory,
                              const lede_archive_options *options,
                              lede_archive **out, lede_error *err)
{
    static const lede_archive_options defaults = {0};
    lede_archive *archive = NULL;
    struct stat info;
    bool is_new = false;
    lede_status status;

    assert(directory != NULL && out != NULL);
    options = options == NULL ? &defaults : options;
    status = prepare_directory(directory, options->create, &is_new, err);
    if (status == LEDE_OK) {
        status = lede_local_disk_require(directory, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    archive = calloc(1, sizeof *archive);
    if (archive == NULL || (archive->directory = strdup(directory)) == NULL) {
        free(archive);
        return lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory", directory);
    }
    archive->records = options->records;
    archive->data_fd = -1;
    archive->shared = LEDE_LOCK_NONE;
    pthread_mutex_init(&archive->mutex, NULL);
    if (stat(directory, &info) != 0) {
        status = fail_errno(err, directory, "open");
        goto done;
    }
    archive->device = info.st_dev;
    archive->inode = info.st_ino;
    archive->pid = getpid();
    if (!register_archive(archive)) {
        archive->inode = 0;
        status = lede_fail(err, LEDE_EXISTS,
                           "%s: is open in this process already", directory);
        goto done;
    }
    status = is_new
                 ? open_new(archive, options->map_bytes, err)
                 : open_old(archive, options->map_bytes, options->create, err);
    if (status == LEDE_OK) {
        *out = archive;
        archive = NULL;
    }

done:
    lede_archive_close(archive);
    return status;
}

void lede_archive_close(lede_archive *archive)
{
    if (archive == NULL) {
        return;
    }
    assert(archive->active == 0); /* snapshots and writers are closed first */
    if (archive->env != NULL) {
        mdb_env_close(archive->env);
    }
    if (archive->data_fd >= 0) {
        close(archive->data_fd);
    }
    lede_lock_give_back(&archive->shared);
    unregister_archive(archive);
    lede_seals_forget(archive);
    pthread_mutex_destroy(&archive->mutex);
    free(archive->directory);
    free(archive);
}

const char *lede_archive_directory(const lede_archive *archive)
{
    return archive->directory;
}
