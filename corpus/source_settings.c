/* realpath is of the X/Open part of POSIX */
#define _XOPEN_SOURCE 700

#include "corpus/source_settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/analyze.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "base/zone.h"

enum { FILE_BYTES_MAX = 1 << 20, NAME_BYTES_MAX = 200 };

typedef struct section {
    const char *folder; /* absolute, without a slash at its end */
    const char *zone, *language, *name, *home;
    unsigned line;
} section;

struct lede_source_settings {
    lede_arena arena;
    char *path;        /* of their file, links resolved */
    section *sections; /* outer ones before those inside them */
    size_t count, room;
};

typedef struct parser {
    lede_source_settings *settings;
    const char *path;
    char *folder; /* that of the file */
    unsigned line;
    lede_error *err;
} parser;

static lede_status fail_line(const parser *p, const char *what, lede_span text)
{
    int len = text.len > 60 ? 60 : (int)text.len;

    return lede_fail(p->err, LEDE_BAD_INPUT, "%s:%u: %s: '%.*s'", p->path,
                     p->line, what, len, (const char *)text.bytes);
}

static lede_status no_memory(const parser *p)
{
    return lede_fail(p->err, LEDE_NO_MEMORY, "out of memory");
}

/* ---- Sections ---- */

/* The name as an absolute path, links resolved where it exists: walks give
 * paths like that. */
static lede_status make_folder(const parser *p, lede_span name,
                               const char **out)
{
    lede_buf path = {0};
    const char *text;
    char *resolved;
    size_t len;

    if (name.bytes[0] != '/') {
        lede_buf_put_text(&path, p->folder);
        lede_buf_put_byte(&path, '/');
    }
    lede_buf_put_span(&path, name);
    text = lede_buf_text(&path);
    resolved = text == NULL ? NULL : realpath(text, NULL);
    text = resolved != NULL ? resolved : text;
    if (text != NULL) {
        for (len = strlen(text); len > 0 && text[len - 1] == '/'; len--) {
        }
        *out = (const char *)lede_arena_copy(&p->settings->arena,
                                             lede_span_of(text, len))
                   .bytes;
    }
    free(resolved);
    lede_buf_done(&path);
    return text == NULL || *out == NULL ? no_memory(p) : LEDE_OK;
}

static lede_status begin_section(parser *p, lede_span line)
{
    lede_source_settings *s = p->settings;
    lede_span name = lede_span_part(line, 1, line.len);
    section fresh = {.line = p->line};
    lede_status status;

    if (name.len == 0 || name.bytes[name.len - 1] != ']') {
        return fail_line(p, "the name of a folder must end with ]", line);
    }
    name = lede_span_trim(lede_span_part(name, 0, name.len - 1));
    if (name.len == 0) {
        return fail_line(p, "which folder?", line);
    }
    status = make_folder(p, name, &fresh.folder);
    if (status != LEDE_OK) {
        return status;
    }
    if (s->count == s->room) {
        size_t room = s->room == 0 ? 16 : 2 * s->room;
        section *more = realloc(s->sections, room * sizeof more[0]);

        if (more == NULL) {
            return no_memory(p);
        }
        s->sections = more;
        s->room = room;
    }
    s->sections[s->count++] = fresh;
    return LEDE_OK;
}

/* ---- Settings ---- */

static bool is_zone(const char *value)
{
    lede_zone *zone = NULL;
    bool is_known = lede_zone_open(value, &zone, NULL) == LEDE_OK;

    lede_zone_close(zone);
    return is_known;
}

static lede_status set(const parser *p, lede_span key, lede_span value)
{
    lede_source_settings *s = p->settings;
    section *at = &s->sections[s->count - 1];
    const char *text = (const char *)lede_arena_copy(&s->arena, value).bytes;
    const char **place;

    if (text == NULL) {
        return no_memory(p);
    }
    if (lede_span_equal(key, lede_span_text("zone"))) {
        place = &at->zone;
        if (!is_zone(text)) {
            return fail_line(p, "no time zone is called so", value);
        }
    } else if (lede_span_equal(key, lede_span_text("language"))) {
        place = &at->language;
        if (value.len > 35 || !lede_language_exists(value)) {
            return fail_line(p, "no code of a language (such as en or pt-BR)",
                             value);
        }
    } else if (lede_span_equal(key, lede_span_text("name"))) {
        place = &at->name;
        if (value.len > NAME_BYTES_MAX) {
            return fail_line(p, "this name is too long", value);
        }
    } else if (lede_span_equal(key, lede_span_text("home"))) {
        place = &at->home;
        if (value.len > NAME_BYTES_MAX) {
            return fail_line(p, "this place is too long", value);
        }
    } else {
        return fail_line(
            p, "no setting is called so (zone, language, name, home)", key);
    }
    if (*place != NULL) {
        return fail_line(p, "set twice", key);
    }
    *place = text;
    return LEDE_OK;
}

static lede_status take_line(parser *p, lede_span line)
{
    const uint8_t *equals;
    lede_span key, value;

    line = lede_span_trim(line);
    if (line.len == 0 || line.bytes[0] == '#') {
        return LEDE_OK;
    }
    if (memchr(line.bytes, 0, line.len) != NULL ||
        lede_utf8_valid_prefix(line) < line.len) {
        return fail_line(p, "this is no text in UTF-8", lede_span_text(""));
    }
    if (line.bytes[0] == '[') {
        return begin_section(p, line);
    }
    equals = memchr(line.bytes, '=', line.len);
    if (equals == NULL) {
        return fail_line(p, "neither [folder] nor setting = value", line);
    }
    key =
        lede_span_trim(lede_span_part(line, 0, (size_t)(equals - line.bytes)));
    value = lede_span_trim(
        lede_span_part(line, (size_t)(equals - line.bytes) + 1, line.len));
    if (p->settings->count == 0) {
        return fail_line(p, "a setting before any [folder]", line);
    }
    if (value.len == 0) {
        return fail_line(p, "a setting without a value", line);
    }
    return set(p, key, value);
}

static lede_status take_text(parser *p, lede_span text)
{
    lede_status status = LEDE_OK;

    if (lede_span_starts(text, "\xEF\xBB\xBF")) {
        text = lede_span_part(text, 3, text.len);
    }
    while (text.len > 0 && status == LEDE_OK) {
        const uint8_t *end = memchr(text.bytes, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.bytes);

        p->line++;
        status = take_line(p, lede_span_part(text, 0, len));
        text = lede_span_part(text, len + 1, text.len);
    }
    return status;
}

/* ---- The file ---- */

static lede_status read_all(const char *path, lede_buf *out, lede_error *err)
{
    FILE *file = fopen(path, "rb");
    char bytes[4096];
    lede_status status = LEDE_OK;
    size_t n;

    if (file == NULL) {
        return lede_fail(err, errno == ENOENT ? LEDE_NOT_FOUND : LEDE_IO,
                         "%s: %s", path, strerror(errno));
    }
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0 &&
           out->len <= FILE_BYTES_MAX) {
        lede_buf_put_span(out, lede_span_of(bytes, n));
    }
    if (ferror(file)) {
        status = lede_fail(err, LEDE_IO, "%s: cannot be read", path);
    } else if (out->failed) {
        status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    } else if (out->len > FILE_BYTES_MAX) {
        status = lede_fail(err, LEDE_BAD_INPUT,
                           "%s: more than 1 MiB is no file of settings", path);
    }
    fclose(file);
    return status;
}

static int by_folder(const void *a, const void *b)
{
    const section *left = a, *right = b;
    int order = strcmp(left->folder, right->folder);

    return order != 0 ? order : left->line < right->line ? -1 : 1;
}

static lede_status sort_sections(parser *p)
{
    lede_source_settings *s = p->settings;
    size_t i;

    if (s->count > 0) {
        qsort(s->sections, s->count, sizeof s->sections[0], by_folder);
    }
    for (i = 1; i < s->count; i++) {
        if (strcmp(s->sections[i - 1].folder, s->sections[i].folder) == 0) {
            p->line = s->sections[i].line;
            return fail_line(p, "this folder has settings above",
                             lede_span_text(s->sections[i].folder));
        }
    }
    return LEDE_OK;
}

static lede_status find_folder(parser *p)
{
    p->settings->path = realpath(p->path, NULL);
    if (p->settings->path == NULL) {
        return lede_fail(p->err, LEDE_IO, "%s: %s", p->path, strerror(errno));
    }
    p->folder = strdup(p->settings->path);
    if (p->folder == NULL) {
        return no_memory(p);
    }
    *strrchr(p->folder, '/') = '\0'; /* it is absolute */
    return LEDE_OK;
}

lede_status lede_source_settings_open(const char *path,
                                      lede_source_settings **out,
                                      lede_error *err)
{
    lede_source_settings *settings = calloc(1, sizeof *settings);
    parser p = {.settings = settings, .path = path, .err = err};
    lede_buf text = {0};
    lede_status status;

    *out = NULL;
    if (settings == NULL) {
        return no_memory(&p);
    }
    status = read_all(path, &text, err);
    if (status == LEDE_OK) {
        status = find_folder(&p);
    }
    if (status == LEDE_OK) {
        status = take_text(&p, lede_buf_span(&text));
    }
    if (status == LEDE_OK) {
        status = sort_sections(&p);
    }
    free(p.folder);
    lede_buf_done(&text);
    if (status != LEDE_OK) {
        lede_source_settings_close(settings);
        return status;
    }
    *out = settings;
    return LEDE_OK;
}

void lede_source_settings_close(lede_source_settings *settings)
{
    if (settings != NULL) {
        lede_arena_done(&settings->arena);
        free(settings->sections);
        free(settings->path);
        free(settings);
    }
}

bool lede_source_settings_are(const lede_source_settings *settings,
                              const char *path)
{
    return settings != NULL && strcmp(settings->path, path) == 0;
}

const char *
lede_source_settings_next_missing(const lede_source_settings *settings,
                                  size_t *at, unsigned *line)
{
    while (settings != NULL && *at < settings->count) {
        const section *s = &settings->sections[(*at)++];

        if (s->folder[0] != '\0' && access(s->folder, F_OK) != 0) {
            *line = s->line;
            return s->folder;
        }
    }
    return NULL;
}

static bool is_below(const char *path, const char *folder)
{
    size_t len = strlen(folder);

    return strncmp(path, folder, len) == 0 &&
           (path[len] == '/' || path[len] == '\0');
}

void lede_source_settings_apply(const lede_source_settings *settings,
                                const char *path, lede_read_options *options)
{
    size_t i;

    for (i = 0; settings != NULL && i < settings->count; i++) {
        const section *s = &settings->sections[i];

        if (!is_below(path, s->folder)) {
            continue;
        }
        options->default_zone =
            s->zone != NULL ? s->zone : options->default_zone;
        options->default_language =
            s->language != NULL ? s->language : options->default_language;
        options->source_name = s->name != NULL ? s->name : options->source_name;
        options->source_home = s->home != NULL ? s->home : options->source_home;
    }
}
