#include "names/correction_lines.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ----- the file ----- */

static lede_correction_line *add_line(lede_corrections *self, size_t at)
{
    if (self->line_count == self->line_cap) {
        size_t cap = self->line_cap == 0 ? 64 : self->line_cap * 2;
        lede_correction_line *grown = realloc(self->lines, cap * sizeof *grown);

        if (grown == NULL) {
            return NULL;
        }
        self->lines = grown;
        self->line_cap = cap;
    }
    memmove(self->lines + at + 1, self->lines + at,
            (self->line_count - at) * sizeof *self->lines);
    self->line_count++;
    self->lines[at] = (lede_correction_line){0};
    return &self->lines[at];
}

static lede_status read_line(lede_corrections *self, lede_span text,
                             uint32_t number, size_t at, lede_error *err)
{
    lede_correction_line *made = add_line(self, at);
    lede_status status;

    if (made == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for the corrections");
    }
    made->text = lede_arena_copy(&self->arena, text);
    status =
        made->text.bytes == NULL
            ? lede_fail(err, LEDE_NO_MEMORY, "no memory for the corrections")
            : lede_correction_line_parse(&self->arena, number, made, err);
    self->correction_count += made->is_correction;
    return status;
}

/* One line of a file: one that cannot be read is kept with what is wrong. */
static lede_status keep_line(lede_corrections *self, lede_span text,
                             uint32_t number, lede_error *err)
{
    lede_error why = {0};
    lede_status status = read_line(self, text, number, self->line_count, &why);
    lede_correction_line *made;

    if (status != LEDE_BAD_INPUT) {
        if (status != LEDE_OK && err != NULL) {
            *err = why;
        }
        return status;
    }
    made = &self->lines[self->line_count - 1];
    made->parsed = (lede_correction){0};
    made->wrong =
        (const char *)lede_arena_copy(&self->arena, lede_span_text(why.message))
            .bytes;
    return made->wrong == NULL
               ? lede_fail(err, LEDE_NO_MEMORY, "no memory for the corrections")
               : LEDE_OK;
}

const char *lede_corrections_error(const lede_corrections *self, size_t number)
{
    size_t i;

    for (i = 0; i < self->line_count; i++) {
        if (self->lines[i].wrong != NULL && number-- == 0) {
            return self->lines[i].wrong;
        }
    }
    return NULL;
}

lede_status lede_corrections_parse(lede_span text, lede_corrections **out,
                                   lede_error *err)
{
    lede_corrections *self = calloc(1, sizeof *self);
    lede_status status = LEDE_OK;
    size_t at = 0;
    uint32_t number = 1;

    if (self == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for the corrections");
    }
    if (lede_span_starts(text, "\xEF\xBB\xBF")) {
        text = lede_span_part(text, 3, SIZE_MAX);
    }
    if (text.len > LEDE_CORRECTIONS_MAX_BYTES) {
        status =
            lede_fail(err, LEDE_BAD_INPUT, "the file is larger than %d MiB",
                      LEDE_CORRECTIONS_MAX_BYTES >> 20);
    }
    while (status == LEDE_OK && at < text.len) {
        const uint8_t *end = memchr(text.bytes + at, '\n', text.len - at);
        size_t len =
            end == NULL ? text.len - at : (size_t)(end - text.bytes) - at;

        status = keep_line(self, lede_span_part(text, at, len), number, err);
        at += len + 1;
        number++;
    }
    if (status != LEDE_OK) {
        lede_corrections_free(self);
        return status;
    }
    *out = self;
    return LEDE_OK;
}

void lede_corrections_free(lede_corrections *self)
{
    if (self != NULL) {
        lede_arena_done(&self->arena);
        free(self->lines);
        free(self);
    }
}

static lede_status read_file(const char *path, lede_buf *out, lede_error *err)
{
    FILE *file = fopen(path, "rb");
    size_t len;

    if (file == NULL) {
        return errno == ENOENT
                   ? LEDE_NOT_FOUND
                   : lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
    }
    do {
        uint8_t piece[16384];

        len = fread(piece, 1, sizeof piece, file);
        lede_buf_put(out, piece, len);
    } while (len > 0 && out->len <= LEDE_CORRECTIONS_MAX_BYTES && !out->failed);
    if (ferror(file) || out->failed) {
        fclose(file);
        return lede_fail(err, out->failed ? LEDE_NO_MEMORY : LEDE_IO,
                         "%s: cannot be read", path);
    }
    fclose(file);
    return LEDE_OK;
}

lede_status lede_corrections_open(const char *path, lede_corrections **out,
                                  lede_error *err)
{
    lede_buf text = {0};
    lede_status status = read_file(path, &text, err);

    if (status == LEDE_OK || status == LEDE_NOT_FOUND) {
        status = lede_corrections_parse(lede_buf_span(&text), out, err);
        if (status != LEDE_OK) {
            lede_fail_in(err, status, "%s", path);
        }
    }
    lede_buf_done(&text);
    return status;
}

void lede_corrections_format(const lede_corrections *self, lede_buf *out)
{
    size_t i;

    for (i = 0; i < self->line_count; i++) {
        lede_buf_put_span(out, self->lines[i].text);
        lede_buf_put_byte(out, '\n');
    }
}

static bool write_all(int fd, lede_span bytes)
{
    size_t at = 0;

    while (at < bytes.len) {
        ssize_t n = write(fd, bytes.bytes + at, bytes.len - at);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        at += (size_t)n;
    }
    return true;
}

/* So that the new name of the file lasts, too. */
static void sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    lede_buf folder = {0};
    int fd;

    lede_buf_put(&folder, path, slash == NULL ? 0 : (size_t)(slash - path));
    lede_buf_put_text(&folder, slash == NULL ? "." : "/");
    fd = lede_buf_text(&folder) == NULL
             ? -1
             : open(lede_buf_text(&folder), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    lede_buf_done(&folder);
}

lede_status lede_corrections_save(const lede_corrections *self,
                                  const char *path, lede_error *err)
{
    lede_status status = LEDE_OK;
    lede_buf text = {0};
    lede_buf beside = {0};
    struct stat info;
    mode_t mode = stat(path, &info) == 0 ? info.st_mode & 0777 : 0666;
    bool ok;
    int fd;

    lede_corrections_format(self, &text);
    lede_buf_put_format(&beside, "%s.new", path);
    if (text.failed || lede_buf_text(&beside) == NULL) {
        status = lede_fail(err, LEDE_NO_MEMORY, "no memory to write %s", path);
        goto done;
    }
    fd = open(lede_buf_text(&beside), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
              mode);
    if (fd < 0) {
        status = lede_fail(err, LEDE_IO, "%s: %s", lede_buf_text(&beside),
                           strerror(errno));
        goto done;
    }
    ok = write_all(fd, lede_buf_span(&text)) && fsync(fd) == 0;
    if (close(fd) != 0 || !ok || rename(lede_buf_text(&beside), path) != 0) {
        status = lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
        unlink(lede_buf_text(&beside));
        goto done;
    }
    sync_folder_of(path);

done:
    lede_buf_done(&text);
    lede_buf_done(&beside);
    return status;
}

/* ----- the list ----- */

size_t lede_corrections_count(const lede_corrections *self)
{
    return self->correction_count;
}

void lede_corrections_get(const lede_corrections *self, size_t number,
                          lede_correction *out)
{
    size_t i;

    assert(number < self->correction_count);
    for (i = 0; !self->lines[i].is_correction || number > 0; i++) {
        number -= self->lines[i].is_correction;
    }
    *out = self->lines[i].parsed;
    out->line = (uint32_t)i + 1;
}

bool lede_corrections_next(const lede_corrections *self, size_t *at,
                           lede_correction *out)
{
    while (*at < self->line_count && !self->lines[*at].is_correction) {
        ++*at;
    }
    if (*at == self->line_count) {
        return false;
    }
    *out = self->lines[*at].parsed;
    out->line = (uint32_t)++ * at;
    return true;
}

lede_status lede_corrections_put(lede_corrections *self,
                                 const lede_correction *c, lede_error *err)
{
    lede_buf text = {0};
    lede_status status = lede_correction_line_format(c, &text, err);

    if (status == LEDE_OK) {
        /* Read back as if it had stood in the file: what is kept is what will
         * be found there. */
        size_t before = self->line_count;

        status = read_line(self, lede_buf_span(&text), 0, before, err);
        if (status != LEDE_OK) {
            self->line_count = before;
        }
    }
    lede_buf_done(&text);
    return status;
}

lede_status lede_corrections_undo(lede_corrections *self, lede_error *err)
{
    size_t i = self->line_count;

    (void)err;
    while (i > 0 && !self->lines[i - 1].is_correction) {
        i--;
    }
    if (i == 0) {
        return LEDE_NOT_FOUND;
    }
    memmove(self->lines + i - 1, self->lines + i,
            (self->line_count - i) * sizeof *self->lines);
    self->line_count--;
    self->correction_count--;
    return LEDE_OK;
}
