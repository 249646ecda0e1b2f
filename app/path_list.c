#include "app/path_list.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hash.h"

enum { COPY_BYTES = 64 * 1024, PATHS_MAX = 50000000 };

void lede_path_list_done(lede_path_list *list)
{
    uint32_t i;

    for (i = 0; i < list->count; i++) {
        free(list->paths[i]);
    }
    free(list->paths);
    *list = (lede_path_list){0};
}

bool lede_path_list_add(lede_path_list *list, const char *path)
{
    if (list->count == list->room) {
        uint32_t room = list->room == 0 ? 64 : list->room * 2;
        char **grown = room > PATHS_MAX
                           ? NULL
                           : realloc(list->paths, room * sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        list->paths = grown;
        list->room = room;
    }
    list->paths[list->count] = strdup(path);
    if (list->paths[list->count] == NULL) {
        return false;
    }
    list->count++;
    return true;
}

/* Lists made elsewhere begin with a mark and end their lines in CR LF: neither
 * is part of a path, unless there is a file that is called so. */
static const char *clean_path(char *line, bool is_first)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t len = strlen(line);

    if (len == 0 || access(line, F_OK) == 0) {
        return line;
    }
    if (line[len - 1] == '\r') {
        line[len - 1] = '\0';
    }
    return is_first && strncmp(line, mark, 3) == 0 ? line + 3 : line;
}

lede_status lede_path_list_read(lede_path_list *list, const char *file,
                                bool ends_in_nul, lede_error *err)
{
    bool is_input = strcmp(file, "-") == 0;
    FILE *stream = is_input ? stdin : fopen(file, "rb");
    lede_status status = LEDE_OK;
    bool is_first = true;
    char *line = NULL;
    size_t room = 0;
    ssize_t len;

    if (stream == NULL) {
        return lede_fail(err, LEDE_IO, "%s: %s", file, strerror(errno));
    }
    while (status == LEDE_OK &&
           (len = getdelim(&line, &room, ends_in_nul ? 0 : '\n', stream)) > 0) {
        const char *path = line;

        if (!ends_in_nul) {
            line[len - (line[len - 1] == '\n')] = '\0';
            path = clean_path(line, is_first);
        }
        is_first = false;
        if (path[0] != '\0' && !lede_path_list_add(list, path)) {
            status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        }
    }
    if (status == LEDE_OK && ferror(stream)) {
        status = lede_fail(err, LEDE_IO, "%s: cannot be read", file);
    }
    free(line);
    if (!is_input) {
        fclose(stream);
    }
    return status;
}

/* Fills a block, unless the end comes before. */
static lede_status read_block(int fd, uint8_t *bytes, size_t *len,
                              const volatile int *stop, lede_error *err)
{
    *len = 0;
    while (*len < COPY_BYTES) {
        ssize_t n = read(fd, bytes + *len, COPY_BYTES - *len);

        if (*stop != 0) {
            return lede_fail(err, LEDE_INTERRUPTED, "interrupted");
        }
        if (n < 0 && errno != EINTR) {
            return lede_fail(err, LEDE_IO, "cannot be read: %s",
                             strerror(errno));
        }
        if (n == 0) {
            break;
        }
        *len += n > 0 ? (size_t)n : 0;
    }
    return LEDE_OK;
}

static lede_status write_block(int fd, const uint8_t *bytes, size_t len,
                               lede_error *err)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);

        if (n < 0 && errno != EINTR) {
            return lede_fail(err, LEDE_IO, "cannot be kept: %s",
                             strerror(errno));
        }
        bytes += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return LEDE_OK;
}

/* Copies to the end; the hash of all in *hash. */
static lede_status copy(int from, int to, const volatile int *stop,
                        lede_hash128_value *hash, lede_error *err)
{
    lede_hasher *hasher = lede_hasher_new();
    uint8_t *bytes = malloc(COPY_BYTES);
    lede_status status = LEDE_OK;
    size_t len = COPY_BYTES;

    if (bytes == NULL || hasher == NULL) {
        status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    while (status == LEDE_OK && len == COPY_BYTES) {
        status = read_block(from, bytes, &len, stop, err);
        if (status == LEDE_OK) {
            lede_hasher_put(hasher, lede_span_of(bytes, len));
            status = write_block(to, bytes, len, err);
        }
    }
    if (status == LEDE_OK) {
        *hash = lede_hasher_get(hasher);
    }
    lede_hasher_free(hasher);
    free(bytes);
    return status;
}

lede_status lede_path_list_keep(lede_path_list *list, int fd,
                                const char *folder, const volatile int *stop,
                                lede_error *err)
{
    lede_buf from = {0};
    lede_buf to = {0};
    lede_hash128_value hash;
    lede_status status;
    int file = -1;

    lede_buf_put_format(&from, "%s/new-XXXXXX", folder);
    if (lede_buf_text(&from) == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    if ((mkdir(folder, 0777) != 0 && errno != EEXIST) ||
        (file = mkstemp((char *)from.bytes)) < 0) {
        status = lede_fail(err, LEDE_IO, "%s: %s", folder, strerror(errno));
        goto done;
    }
    status = copy(fd, file, stop, &hash, err);
    if (status == LEDE_OK) {
        lede_buf_put_format(&to, "%s/%016" PRIx64 "%016" PRIx64, folder,
                            hash.low, hash.high);
        if (lede_buf_text(&to) == NULL) {
            status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        } else if (access((char *)to.bytes, F_OK) != 0 &&
                   rename((char *)from.bytes, (char *)to.bytes) != 0) {
            status = lede_fail(err, LEDE_IO, "%s: %s", (char *)to.bytes,
                               strerror(errno));
        } else if (!lede_path_list_add(list, (char *)to.bytes)) {
            status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        }
    }
    (void)unlink((char *)from.bytes);

done:
    if (file >= 0) {
        close(file);
    }
    lede_buf_done(&from);
    lede_buf_done(&to);
    return status;
}
