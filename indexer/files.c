#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "indexer/run.h"

enum { HASH_BYTES = 256 * 1024 };

/* A named pipe that took a file's place must not hold up the run. */
static lede_status hash_file(const char *path, const volatile int *stop,
                             lede_hash128_value *out, lede_error *err)
{
    lede_hasher *hasher = lede_hasher_new();
    uint8_t *bytes = malloc(HASH_BYTES);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    lede_status status = LEDE_OK;

    if (hasher == NULL || bytes == NULL) {
        status = lede_fail(err, LEDE_NO_MEMORY, "files: out of memory");
    } else if (fd < 0) {
        status = lede_fail(err, LEDE_IO, "%s", strerror(errno));
    }
    while (status == LEDE_OK) {
        ssize_t n = read(fd, bytes, HASH_BYTES);

        if (n == 0) {
            *out = lede_hasher_get(hasher);
            break;
        }
        if (stop != NULL && *stop != 0) {
            status = lede_fail(err, LEDE_INTERRUPTED, "stopped");
        } else if (n > 0) {
            lede_hasher_put(hasher, lede_span_of(bytes, (size_t)n));
        } else if (errno != EINTR) {
            status = lede_fail(err, LEDE_IO, "%s", strerror(errno));
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    free(bytes);
    lede_hasher_free(hasher);
    return status;
}

static bool has_same_stat(const lede_file_record *record,
                          const lede_walk_file *file)
{
    return record->size == file->size && record->mtime_ns == file->mtime_ns &&
           record->inode == file->inode && record->device == file->device;
}

/* Options that were given now and not when the file was read. Options left out
 * now do not undo those of then; where sources have settings, these say all
 * there is to say. */
static bool has_other_options(const lede_run *run, const char *path,
                              const lede_file_state *state)
{
    uint64_t hash = lede_run_options_hash(run, path);

    return (hash != 0 || run->options->sources != NULL) &&
           hash != state->options;
}

bool lede_file_stat(const char *path, lede_walk_file *out)
{
    struct stat st;

    if (stat(path, &st) != 0) {
        return false;
    }
    *out = (lede_walk_file){
        .path = path,
        .size = (uint64_t)st.st_size,
        .mtime_ns =
            (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
        .inode = (uint64_t)st.st_ino,
        .device = (uint64_t)st.st_dev,
        .mtime_is_copy = true, /* unknown, so not to be relied on */
    };
    return true;
}

/* Whether all parts of what the file said before are there and whole. */
static lede_status look_at_blocks(const lede_run *run, lede_span path,
                                  const lede_file_state *state, lede_error *err)
{
    uint32_t count = lede_file_new_blocks(state) + lede_file_old_blocks(state);
    lede_status status = LEDE_OK;
    lede_claims claims;
    uint32_t i;

    for (i = 0; i < count && status == LEDE_OK; i++) {
        status = lede_file_block(run->snapshot, path, state, i, &claims, err);
    }
    return status;
}

lede_status lede_file_recall(lede_run *run, lede_span path,
                             lede_file_record *record, lede_file_state *state,
                             bool *is_whole, lede_error *err)
{
    lede_status status =
        lede_snapshot_find_file(run->snapshot, path, record, err);

    *state = (lede_file_state){0};
    *is_whole = true;
    if (status == LEDE_OK) {
        status = lede_file_state_decode(record->payload, state, err);
    }
    if (status == LEDE_CORRUPT) {
        *is_whole = false;
        return LEDE_NOT_FOUND;
    }
    if (status == LEDE_OK) {
        status = look_at_blocks(run, path, state, err);
        *is_whole = status != LEDE_CORRUPT;
        status = status == LEDE_CORRUPT ? LEDE_OK : status;
    }
    return status;
}

lede_status lede_file_look(lede_run *run, const lede_walk_file *file,
                           lede_file_news *news, lede_file_record *record,
                           lede_file_state *state, lede_error *err)
{
    lede_file_record stored = {0};
    lede_hash128_value hash;
    lede_status status;
    bool is_settled, is_whole;

    status = lede_file_recall(run, lede_span_text(file->path), &stored, state,
                              &is_whole, err);
    if (status != LEDE_OK && status != LEDE_NOT_FOUND) {
        return status;
    }
    if (!is_whole) {
        lede_run_note(run, file->path,
                      "its record was damaged: it is read again");
    }
    is_settled = status == LEDE_OK && is_whole && !state->is_partial &&
                 (!state->texts_wanted || state->texts_in_vain) &&
                 !run->options->reread &&
                 !has_other_options(run, file->path, state);
    *news = LEDE_NEWS_NONE;
    if (is_settled && has_same_stat(&stored, file)) {
        return LEDE_OK;
    }
    status = hash_file(file->path, run->options->stop, &hash, err);
    if (status != LEDE_OK) {
        return status;
    }
    *record = (lede_file_record){.path = lede_span_text(file->path),
                                 .size = file->size,
                                 .mtime_ns = file->mtime_ns,
                                 .inode = file->inode,
                                 .device = file->device,
                                 .hash = hash};
    *news = is_settled && stored.size == file->size &&
                    stored.hash.low == hash.low && stored.hash.high == hash.high
                ? LEDE_NEWS_TOUCHED
                : LEDE_NEWS_CHANGED;
    return LEDE_OK;
}
