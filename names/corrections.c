#include "names/corrections.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "names/gazetteer.h"
#include "names/variants.h"

typedef struct line {
    lede_span text; /* as it stands in the file, without its end */
    bool is_correction;
    const char *wrong; /* why it cannot be read; or NULL */
    lede_correction parsed;
    lede_span *keys; /* of parsed.names */
} line;

struct lede_corrections {
    lede_arena arena;
    line *lines;
    size_t line_count, line_cap;
    size_t correction_count;
};

static const char *const verb_names[LEDE_CORRECTION_VERB_COUNT] = {
    "merge", "rename", "split", "hide", "add"};
static const char *const kind_names[LEDE_NAME_KIND_COUNT] = {"person", "place"};

/* ----- reading a line ----- */

typedef struct reader {
    lede_span text;
    size_t at;
    uint32_t number; /* of the line; 0 = it is in no file */
} reader;

static lede_status bad(const reader *in, lede_error *err, const char *what)
{
    return in->number == 0 ? lede_fail(err, LEDE_BAD_INPUT, "%s", what)
                           : lede_fail(err, LEDE_BAD_INPUT, "line %u: %s",
                                       in->number, what);
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

static void skip_blanks(reader *in)
{
    while (in->at < in->text.len && is_blank(in->text.bytes[in->at])) {
        in->at++;
    }
}

/* A word up to the next blank; empty at the end. */
static lede_span take_word(reader *in)
{
    size_t begin;

    skip_blanks(in);
    begin = in->at;
    while (in->at < in->text.len && !is_blank(in->text.bytes[in->at])) {
        in->at++;
    }
    return lede_span_part(in->text, begin, in->at - begin);
}

static lede_status take_quoted(reader *in, lede_arena *arena, lede_span *out,
                               lede_error *err)
{
    uint8_t name[LEDE_CORRECTION_NAME_BYTES];
    size_t len = 0;

    for (in->at++; in->at < in->text.len; in->at++) {
        uint8_t byte = in->text.bytes[in->at];

        if (byte == '"') {
            in->at++;
            if (lede_span_trim(lede_span_of(name, len)).len == 0) {
                return bad(in, err, "a name is empty");
            }
            *out = lede_arena_copy(arena, lede_span_of(name, len));
            return out->bytes == NULL
                       ? lede_fail(err, LEDE_NO_MEMORY,
                                   "no memory for the corrections")
                       : LEDE_OK;
        }
        if (byte == '\\') {
            in->at++;
            byte = in->at < in->text.len ? in->text.bytes[in->at] : '\0';
            if (byte != '"' && byte != '\\') {
                return bad(in, err, "behind \\ stands neither \" nor \\");
            }
        }
        if (len == sizeof name) {
            return bad(in, err, "a name is too long");
        }
        name[len++] = byte;
    }
    return bad(in, err, "the quotation mark behind a name is missing");
}

static bool is_place_id(lede_span word)
{
    return word.len >= 2 && word.len < LEDE_PLACE_ID_BYTES &&
           (word.bytes[1] == ':' ||
            (word.bytes[0] == 'g' && word.bytes[1] >= '0' &&
             word.bytes[1] <= '9'));
}

static bool parse_entry(lede_span word, uint64_t *out)
{
    size_t i;

    *out = 0;
    for (i = 0; i < word.len; i++) {
        uint8_t byte = word.bytes[i] | 32;
        int digit = word.bytes[i] >= '0' && word.bytes[i] <= '9'
                        ? word.bytes[i] - '0'
                    : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
                                                 : -1;

        if (digit < 0) {
            return false;
        }
        *out = *out << 4 | (uint64_t)digit;
    }
    return word.len == 16;
}

static int index_of(lede_span word, const char *const *names, int count)
{
    int i;

    for (i = 0; i < count && !lede_span_is(word, names[i]); i++) {
    }
    return i;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* How many names a verb takes at the least and at the most. */
static const struct bounds {
    size_t least, most;
} names_of_verb[LEDE_CORRECTION_VERB_COUNT] = {
    {2, LEDE_CORRECTION_MAX_NAMES}, {2, 2}, {2, 2}, {1, 1}, {1, 1}};

static const char *complaint(const lede_correction *c)
{
    if (c->name_count < names_of_verb[c->verb].least) {
        return names_of_verb[c->verb].least == 1
                   ? "a name is missing (\"...\", or a place's id)"
                   : "two names are needed";
    }
    if (c->name_count > names_of_verb[c->verb].most) {
        return "there are too many names";
    }
    if (c->verb == LEDE_CORRECTION_SPLIT && c->entry_count == 0) {
        return "split names the entries that move, by their keys of 16 digits";
    }
    if (c->verb != LEDE_CORRECTION_SPLIT && c->entry_count > 0) {
        return "entries are named by split alone";
    }
    return NULL;
}

static lede_status take_names(reader *in, lede_arena *arena,
                              lede_correction *out, lede_error *err)
{
    lede_span names[LEDE_CORRECTION_MAX_NAMES];
    lede_span *kept;

    for (;;) {
        lede_span *name = &names[out->name_count];
        size_t before;

        skip_blanks(in);
        before = in->at;
        if (in->at == in->text.len) {
            break;
        }
        if (out->name_count == LEDE_CORRECTION_MAX_NAMES) {
            return bad(in, err, "there are too many names");
        }
        if (in->text.bytes[in->at] == '"') {
            lede_status status = take_quoted(in, arena, name, err);

            if (status != LEDE_OK) {
                return status;
            }
        } else {
            lede_span word = take_word(in);

            if (out->kind != LEDE_NAME_PLACE || !is_place_id(word)) {
                in->at = before;
                break;
            }
            *name = lede_arena_copy(arena, word);
        }
        out->name_count++;
    }
    kept = lede_arena_array(arena, out->name_count + 1, sizeof *kept);
    if (kept == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for the corrections");
    }
    memcpy(kept, names, out->name_count * sizeof *kept);
    out->names = kept;
    return LEDE_OK;
}

static lede_status take_entries(reader *in, lede_arena *arena,
                                lede_correction *out, lede_error *err)
{
    size_t most = (in->text.len - in->at) / 16 + 1;
    uint64_t *entries = lede_arena_array(arena, most, sizeof *entries);
    lede_span word;

    if (entries == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for the corrections");
    }
    while ((word = take_word(in)).len > 0) {
        if (word.bytes[0] == '#') {
            break;
        }
        if (!parse_entry(word, &entries[out->entry_count])) {
            return bad(in, err,
                       out->kind == LEDE_NAME_PLACE
                           ? "this is neither a name between quotation marks, "
                             "nor a place's id, nor the key of an entry (16 "
                             "digits)"
                           : "this is neither a name between quotation marks "
                             "nor the key of an entry (16 digits)");
        }
        out->entry_count++;
    }
    qsort(entries, out->entry_count, sizeof *entries, by_number);
    out->entries = entries;
    return LEDE_OK;
}

static lede_status make_keys(lede_arena *arena, line *out, lede_error *err)
{
    lede_buf key = {0};
    size_t i;
    bool ok = true;

    out->keys =
        lede_arena_array(arena, out->parsed.name_count + 1, sizeof *out->keys);
    for (i = 0; ok && out->keys != NULL && i < out->parsed.name_count; i++) {
        lede_span name = out->parsed.names[i];

        lede_buf_clear(&key);
        lede_correction_key(out->parsed.kind, name, &key);
        out->keys[i] = lede_arena_copy(arena, lede_buf_span(&key));
        ok = !key.failed && out->keys[i].bytes != NULL;
    }
    ok = ok && out->keys != NULL;
    lede_buf_done(&key);
    return ok ? LEDE_OK
              : lede_fail(err, LEDE_NO_MEMORY, "no memory for the corrections");
}

static lede_status parse_line(lede_corrections *self, reader *in, line *out,
                              lede_error *err)
{
    lede_correction *c = &out->parsed;
    lede_span word = take_word(in);
    const char *wrong;
    lede_status status;
    int found;

    if (word.len == 0 || word.bytes[0] == '#') {
        return LEDE_OK;
    }
    found = index_of(word, verb_names, LEDE_CORRECTION_VERB_COUNT);
    if (found == LEDE_CORRECTION_VERB_COUNT) {
        return bad(in, err,
                   "a line begins with merge, rename, split, hide or add");
    }
    c->verb = (lede_correction_verb)found;
    found = index_of(take_word(in), kind_names, LEDE_NAME_KIND_COUNT);
    if (found == LEDE_NAME_KIND_COUNT) {
        return bad(in, err, "behind the verb stands person or place");
    }
    c->kind = (lede_name_kind)found;
    c->line = in->number;
    status = take_names(in, &self->arena, c, err);
    if (status == LEDE_OK) {
        status = take_entries(in, &self->arena, c, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    wrong = complaint(c);
    if (wrong != NULL) {
        return bad(in, err, wrong);
    }
    out->is_correction = true;
    return make_keys(&self->arena, out, err);
}

void lede_correction_key(lede_name_kind kind, lede_span name, lede_buf *out)
{
    size_t before = out->len;

    if (kind == LEDE_NAME_PERSON) {
        lede_person_key(name, out);
    } else if (is_place_id(name)) {
        lede_buf_put_span(out, name);
    } else {
        lede_place_key(name, out);
    }
    /* A name without letters is still one. */
    if (out->len == before) {
        lede_buf_put_span(out, name);
    }
}

/* ----- the file ----- */

static line *add_line(lede_corrections *self, size_t at)
{
    if (self->line_count == self->line_cap) {
        size_t cap = self->line_cap == 0 ? 64 : self->line_cap * 2;
        line *grown = realloc(self->lines, cap * sizeof *grown);

        if (grown == NULL) {
            return NULL;
        }
        self->lines = grown;
        self->line_cap = cap;
    }
    memmove(self->lines + at + 1, self->lines + at,
            (self->line_count - at) * sizeof *self->lines);
    self->line_count++;
    self->lines[at] = (line){0};
    return &self->lines[at];
}

static lede_status read_line(lede_corrections *self, lede_span text,
                             uint32_t number, size_t at, lede_error *err)
{
    reader in = {text, 0, number};
    line *made = add_line(self, at);
    lede_status status;

    if (made == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for the corrections");
    }
    made->text = lede_arena_copy(&self->arena, text);
    status =
        made->text.bytes == NULL
            ? lede_fail(err, LEDE_NO_MEMORY, "no memory for the corrections")
            : parse_line(self, &in, made, err);
    self->correction_count += made->is_correction;
    return status;
}

/* One line of a file: one that cannot be read is kept with what is wrong. */
static lede_status keep_line(lede_corrections *self, lede_span text,
                             uint32_t number, lede_error *err)
{
    lede_error why = {0};
    lede_status status = read_line(self, text, number, self->line_count, &why);
    line *made;

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

static void put_quoted(lede_span name, lede_buf *out)
{
    size_t i;

    lede_buf_put_text(out, " \"");
    for (i = 0; i < name.len; i++) {
        if (name.bytes[i] == '"' || name.bytes[i] == '\\') {
            lede_buf_put_byte(out, '\\');
        }
        lede_buf_put_byte(out, name.bytes[i]);
    }
    lede_buf_put_byte(out, '"');
}

lede_status lede_corrections_put(lede_corrections *self,
                                 const lede_correction *c, lede_error *err)
{
    lede_buf text = {0};
    lede_status status;
    size_t i;

    assert(c->verb < LEDE_CORRECTION_VERB_COUNT &&
           c->kind < LEDE_NAME_KIND_COUNT);
    lede_buf_put_format(&text, "%s %s", verb_names[c->verb],
                        kind_names[c->kind]);
    for (i = 0; i < c->name_count; i++) {
        if (memchr(c->names[i].bytes == NULL ? (const void *)""
                                             : c->names[i].bytes,
                   '\n', c->names[i].len) != NULL) {
            lede_buf_done(&text);
            return lede_fail(err, LEDE_BAD_INPUT, "a name is of one line");
        }
        if (c->kind == LEDE_NAME_PLACE && is_place_id(c->names[i])) {
            lede_buf_put_byte(&text, ' ');
            lede_buf_put_span(&text, c->names[i]);
        } else {
            put_quoted(c->names[i], &text);
        }
    }
    for (i = 0; i < c->entry_count; i++) {
        lede_buf_put_format(&text, " %016" PRIx64, c->entries[i]);
    }
    if (text.failed) {
        status = lede_fail(err, LEDE_NO_MEMORY, "no memory for a correction");
    } else {
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

/* ----- what a name means ----- */

static bool has_entry(const lede_correction *c, uint64_t entry)
{
    return bsearch(&entry, c->entries, c->entry_count, sizeof entry,
                   by_number) != NULL;
}

/* Whether a line changes the name with this key, and into which of its names;
 * SIZE_MAX hides it. */
static bool changes(const line *at, lede_name_kind kind, lede_span key,
                    const uint64_t *entry, size_t *into)
{
    const lede_correction *c = &at->parsed;
    size_t i;

    if (!at->is_correction || c->kind != kind) {
        return false;
    }
    switch (c->verb) {
    case LEDE_CORRECTION_MERGE:
        for (i = 0; i < c->name_count; i++) {
            if (lede_span_equal(at->keys[i], key)) {
                *into = 0;
                return true;
            }
        }
        return false;
    case LEDE_CORRECTION_RENAME:
    case LEDE_CORRECTION_SPLIT:
        *into = 1;
        return lede_span_equal(at->keys[0], key) &&
               (c->verb == LEDE_CORRECTION_RENAME ||
                (entry != NULL && has_entry(c, *entry)));
    case LEDE_CORRECTION_HIDE:
        *into = SIZE_MAX;
        return lede_span_equal(at->keys[0], key);
    default:
        return false;
    }
}

/* What a key means in an entry, or (NULL) in one that no split names. False if
 * it is hidden. *name is only written where a line changed it. */
static bool apply_all(const lede_corrections *self, lede_name_kind kind,
                      lede_span *key, const uint64_t *entry, lede_span *name)
{
    size_t i;

    for (i = 0; i < self->line_count; i++) {
        const line *at = &self->lines[i];
        size_t into;

        if (changes(at, kind, *key, entry, &into)) {
            if (into == SIZE_MAX) {
                return false;
            }
            *key = at->keys[into];
            *name = at->parsed.names[into];
        }
    }
    return true;
}

static void apply(const lede_corrections *self, lede_name_kind kind,
                  lede_span name, const uint64_t *entry, lede_span *out)
{
    lede_buf buf = {0};
    lede_span key;

    *out = name;
    if (self->correction_count == 0) {
        return;
    }
    lede_correction_key(kind, name, &buf);
    key = lede_buf_span(&buf);
    if (!apply_all(self, kind, &key, entry, out)) {
        *out = lede_span_of(NULL, 0);
    }
    lede_buf_done(&buf);
}

void lede_corrections_apply(const lede_corrections *self, lede_name_kind kind,
                            lede_span name, uint64_t entry, lede_span *out)
{
    apply(self, kind, name, &entry, out);
}

void lede_corrections_usual(const lede_corrections *self, lede_name_kind kind,
                            lede_span name, lede_span *out)
{
    apply(self, kind, name, NULL, out);
}

typedef struct source {
    lede_span name, key;
} source;

static bool has_source(const source *all, size_t count, lede_span key)
{
    size_t i;

    for (i = 0; i < count && !lede_span_equal(all[i].key, key); i++) {
    }
    return i < count;
}

/* Backwards through the lines: whatever can become one of `all` joins it. */
static size_t gather_sources(const lede_corrections *self, lede_name_kind kind,
                             source *all, size_t count)
{
    size_t i;

    for (i = self->line_count; i-- > 0;) {
        const line *at = &self->lines[i];
        const lede_correction *c = &at->parsed;
        size_t target = c->verb == LEDE_CORRECTION_MERGE ? 0 : 1;
        size_t k;

        if (!at->is_correction || c->kind != kind || target >= c->name_count ||
            !has_source(all, count, at->keys[target])) {
            continue;
        }
        for (k = 0; k < c->name_count; k++) {
            if (k != target && !has_source(all, count, at->keys[k])) {
                all[count].name = c->names[k];
                all[count].key = at->keys[k];
                count++;
            }
        }
    }
    return count;
}

static size_t count_names(const lede_corrections *self)
{
    size_t names = 1;
    size_t i;

    for (i = 0; i < self->line_count; i++) {
        names += self->lines[i].parsed.name_count;
    }
    return names;
}

/* All entries that splits name, ascending, each once. */
static size_t gather_entries(const lede_corrections *self, lede_name_kind kind,
                             uint64_t *out)
{
    size_t count = 0;
    size_t kept = 0;
    size_t i;

    for (i = 0; i < self->line_count; i++) {
        const line *at = &self->lines[i];

        if (at->is_correction && at->parsed.kind == kind) {
            memcpy(out + count, at->parsed.entries,
                   at->parsed.entry_count * sizeof *out);
            count += at->parsed.entry_count;
        }
    }
    qsort(out, count, sizeof *out, by_number);
    for (i = 0; i < count; i++) {
        if (i == 0 || out[i] != out[kept - 1]) {
            out[kept++] = out[i];
        }
    }
    return kept;
}

static size_t count_entries(const lede_corrections *self)
{
    size_t entries = 1;
    size_t i;

    for (i = 0; i < self->line_count; i++) {
        entries += self->lines[i].parsed.entry_count;
    }
    return entries;
}

typedef lede_status (*source_fn)(void *ctx,
                                 const lede_correction_source *source,
                                 lede_error *err);

/* Says of one name in which entries it is shown as `wanted`. */
static lede_status tell_source(const lede_corrections *self,
                               lede_name_kind kind, const source *from,
                               lede_span wanted, const uint64_t *entries,
                               size_t entry_count, uint64_t *differ,
                               source_fn fn, void *ctx, lede_error *err)
{
    lede_correction_source told = {from->name, false, differ, 0};
    lede_span key = from->key;
    lede_span name;
    bool usual = apply_all(self, kind, &key, NULL, &name) &&
                 lede_span_equal(key, wanted);
    size_t i;

    for (i = 0; i < entry_count; i++) {
        bool here;

        key = from->key;
        here = apply_all(self, kind, &key, &entries[i], &name) &&
               lede_span_equal(key, wanted);
        if (here != usual) {
            differ[told.entry_count++] = entries[i];
        }
    }
    told.only = !usual;
    return usual || told.entry_count > 0 ? fn(ctx, &told, err) : LEDE_OK;
}

lede_status lede_corrections_sources(const lede_corrections *self,
                                     lede_name_kind kind, lede_span name,
                                     source_fn fn, void *ctx, lede_error *err)
{
    lede_status status = LEDE_OK;
    lede_buf key = {0};
    source *all = malloc(count_names(self) * sizeof *all);
    uint64_t *entries = malloc(count_entries(self) * sizeof *entries);
    uint64_t *differ = malloc(count_entries(self) * sizeof *differ);
    size_t count = 0;
    size_t entry_count;
    size_t i;

    lede_correction_key(kind, name, &key);
    if (all == NULL || entries == NULL || differ == NULL || key.failed) {
        status = lede_fail(err, LEDE_NO_MEMORY, "no memory for a name");
        goto done;
    }
    all[0].name = name;
    all[0].key = lede_buf_span(&key);
    count = gather_sources(self, kind, all, 1);
    entry_count = gather_entries(self, kind, entries);
    for (i = 0; status == LEDE_OK && i < count; i++) {
        status = tell_source(self, kind, &all[i], all[0].key, entries,
                             entry_count, differ, fn, ctx, err);
    }

done:
    free(all);
    free(entries);
    free(differ);
    lede_buf_done(&key);
    return status;
}
