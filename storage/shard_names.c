#include "storage/shard_names.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/shards.h"

enum { LIST_MAX_BYTES = 1 << 20, PATH_BYTES = 4096 };

/* Begins a database in one file (xapian-compact --single-file). */
static const char database_head[] = "\x0F\x0DXapian Glass";

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory for the shards");
}

static char *copy_text(const char *text, size_t len)
{
    char *copy = malloc(len + 1);

    if (copy != NULL) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

void lede_shard_names_done(lede_shard_names *names)
{
    for (uint32_t i = 0; i < names->count; i++) {
        free(names->items[i].name);
        free(names->items[i].host);
    }
    free(names->items);
    *names = (lede_shard_names){0};
}

/* `host_len` is 0 for one on this machine. */
static lede_status add(lede_shard_names *names, const char *text, size_t len,
                       size_t host_len, uint16_t port, lede_error *err)
{
    lede_shard_name *item;

    if (names->count == LEDE_SHARDS_MAX) {
        return lede_fail(err, LEDE_BAD_INPUT, "more than %d shards",
                         LEDE_SHARDS_MAX);
    }
    if (names->count == names->cap) {
        uint32_t cap = names->cap * 2 + 8;
        lede_shard_name *items = realloc(names->items, cap * sizeof *items);

        if (items == NULL) {
            return no_memory(err);
        }
        names->items = items;
        names->cap = cap;
    }
    item = &names->items[names->count++];
    item->name = copy_text(text, len);
    item->host = host_len > 0 ? copy_text(text, host_len) : NULL;
    item->port = port;
    return item->name == NULL || (host_len > 0 && item->host == NULL)
               ? no_memory(err)
               : LEDE_OK;
}

/* --- Servers -------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Without the blanks before and behind it. */
static const char *trim(const char *text, size_t *len)
{
    while (*len > 0 && is_blank(text[*len - 1])) {
        --*len;
    }
    while (*len > 0 && is_blank(*text)) {
        text++;
        --*len;
    }
    return text;
}

static size_t word_len(const char *text, size_t len)
{
    size_t word = 0;

    while (word < len && !is_blank(text[word])) {
        word++;
    }
    return word;
}

static lede_status no_server(const char *text, size_t len, const char *why,
                             lede_error *err)
{
    return lede_fail(err, LEDE_BAD_INPUT, "'%.*s' names no server: %s",
                     (int)len, text, why);
}

/* A number from 1 to 65535; 0 if it is none. */
static uint16_t parse_port(const char *text, size_t len)
{
    unsigned port = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return 0;
        }
        port = port * 10 + (unsigned)(text[i] - '0');
        if (port > UINT16_MAX) {
            return 0;
        }
    }
    return (uint16_t)port;
}

/* HOST:PORT. */
static lede_status add_server(lede_shard_names *names, const char *text,
                              size_t len, lede_error *err)
{
    size_t colon = len, host_len;
    uint16_t port;

    while (colon > 0 && text[colon - 1] != ':') {
        colon--;
    }
    port = parse_port(text + colon, len - colon);
    host_len = colon > 0 ? colon - 1 : 0;
    if (memchr(text, '[', len) != NULL || memchr(text, ':', host_len) != NULL) {
        return no_server(text, len,
                         "Xapian 1.4 reaches servers by IPv4 alone: give "
                         "HOST:PORT, with a name or an IPv4 address",
                         err);
    }
    if (host_len == 0 || port == 0 || word_len(text, len) < len) {
        return no_server(text, len, "give HOST:PORT", err);
    }
    return add(names, text, len, host_len, port, err);
}

static lede_status read_servers(lede_shard_names *names, const char *text,
                                lede_error *err)
{
    lede_status status = LEDE_OK;

    while (status == LEDE_OK) {
        size_t len = strcspn(text, ","), trimmed = len;
        const char *server = trim(text, &trimmed);

        status = add_server(names, server, trimmed, err);
        if (text[len] == '\0') {
            break;
        }
        text += len + 1;
    }
    return status;
}

/* --- Lists ---------------------------------------------------------------- */

static lede_status too_long(const char *path, size_t len, lede_error *err)
{
    return lede_fail(err, LEDE_BAD_INPUT, "'%.*s' is too long a path", (int)len,
                     path);
}

static bool is_database_file(const char *path)
{
    char head[sizeof database_head - 1];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool is_one = file >= 0 &&
                  read(file, head, sizeof head) == (ssize_t)sizeof head &&
                  memcmp(head, database_head, sizeof head) == 0;

    if (file >= 0) {
        close(file);
    }
    return is_one;
}

/* Whether xapian-replicate keeps a copy here, in two folders that take turns. */
static bool is_replica(const char *path)
{
    char copy[PATH_BYTES];
    struct stat st;
    bool is = false;

    for (int i = 0; i < 2; i++) {
        int len = snprintf(copy, sizeof copy, "%s/replica_%d", path, i);

        is = is || (len >= 0 && (size_t)len < sizeof copy &&
                    stat(copy, &st) == 0 && S_ISDIR(st.st_mode));
    }
    return is;
}

/* Refuses what Xapian would follow further. */
static lede_status look_at(const char *path, lede_error *err)
{
    char list[PATH_BYTES];
    struct stat st;
    int len = snprintf(list, sizeof list, "%s/%s", path, LEDE_SHARD_LIST);

    if (len < 0 || (size_t)len >= sizeof list) {
        return too_long(path, strlen(path), err);
    }
    if (stat(path, &st) != 0) {
        return LEDE_OK;
    }
    if (S_ISDIR(st.st_mode) && is_replica(path)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "%s is a copy of xapian-replicate's, and no line of a "
                         "list: name it alone (xapian:%s), or name a server of "
                         "it (xapian-tcpsrv %s)",
                         path, path, path);
    }
    if (S_ISDIR(st.st_mode)) {
        return stat(list, &st) != 0
                   ? LEDE_OK
                   : lede_fail(err, LEDE_BAD_INPUT,
                               "%s has shards of its own: in its place name "
                               "each that %s lists",
                               path, list);
    }
    if (S_ISREG(st.st_mode) && is_database_file(path)) {
        return LEDE_OK;
    }
    return lede_fail(err, LEDE_BAD_INPUT,
                     S_ISREG(st.st_mode)
                         ? "%s is no database, and lists do not nest: in its "
                           "place write the lines that it has"
                         : "%s is neither a folder nor a file",
                     path);
}

static lede_status add_path(lede_shard_names *names, const char *folder,
                            const char *path, size_t len, lede_error *err)
{
    char whole[PATH_BYTES];
    int whole_len = snprintf(whole, sizeof whole, "%s%.*s",
                             path[0] == '/' ? "" : folder, (int)len, path);
    lede_status status;

    if (whole_len < 0 || (size_t)whole_len >= sizeof whole) {
        return too_long(path, len, err);
    }
    status = look_at(whole, err);
    return status == LEDE_OK ? add(names, whole, (size_t)whole_len, 0, 0, err)
                             : status;
}

static bool is_word(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && memcmp(text, word, len) == 0;
}

/* A line of a list: its first word and the rest. */
static lede_status read_line(lede_shard_names *names, const char *folder,
                             const char *line, size_t len, lede_error *err)
{
    size_t word, rest_len;
    const char *rest;

    line = trim(line, &len);
    if (len == 0 || line[0] == '#') {
        return LEDE_OK;
    }
    word = word_len(line, len);
    rest_len = len - word;
    rest = trim(line + word, &rest_len);
    if (is_word(line, word, "remote")) {
        size_t server = word_len(rest, rest_len), behind = rest_len - server;
        const char *more = trim(rest + server, &behind);

        return add_server(names, rest,
                          behind == 0 || more[0] == '#' ? server : rest_len,
                          err);
    }
    if (rest_len > 0 &&
        (is_word(line, word, "auto") || is_word(line, word, "glass"))) {
        return add_path(names, folder, rest, rest_len, err);
    }
    return lede_fail(err, LEDE_BAD_INPUT,
                     "'%.*s' is no shard: a line is 'auto PATH' or "
                     "'remote HOST:PORT'",
                     (int)len, line);
}

static lede_status read_lines(lede_shard_names *names, const char *path,
                              const char *text, size_t len, lede_error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        copy_text(path, slash == NULL ? 0 : (size_t)(slash - path) + 1);
    lede_status status = folder == NULL ? no_memory(err) : LEDE_OK;

    for (size_t at = 0; status == LEDE_OK && at < len;) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t line_len = end == NULL ? len - at : (size_t)(end - text) - at;

        status = read_line(names, folder, text + at, line_len, err);
        at += line_len + 1;
    }
    free(folder);
    if (status == LEDE_OK && names->count == 0) {
        return lede_fail(err, LEDE_BAD_INPUT, "%s: it lists no shards", path);
    }
    return status == LEDE_OK ? LEDE_OK : lede_fail_in(err, status, "%s", path);
}

static lede_status read_list(lede_shard_names *names, const char *path,
                             lede_error *err)
{
    char *text = malloc(LIST_MAX_BYTES + 1);
    FILE *file = fopen(path, "rb");
    lede_status status = LEDE_OK;
    size_t len = 0;

    if (text == NULL) {
        status = no_memory(err);
    } else if (file == NULL) {
        status = lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
    } else {
        len = fread(text, 1, LIST_MAX_BYTES + 1, file);
        if (ferror(file) != 0) {
            status = lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
        } else if (len > LIST_MAX_BYTES || memchr(text, '\0', len) != NULL) {
            status = lede_fail(err, LEDE_BAD_INPUT,
                               "%s: this is no list of shards", path);
        }
    }
    if (status == LEDE_OK) {
        status = read_lines(names, path, text, len, err);
    }
    if (file != NULL) {
        fclose(file);
    }
    free(text);
    return status;
}

/* --- Names ---------------------------------------------------------------- */

/* Reading from a pipe could wait for ever. */
static lede_status read_file(lede_shard_names *names, const char *path,
                             const struct stat *st, lede_error *err)
{
    return S_ISREG(st->st_mode)
               ? read_list(names, path, err)
               : lede_fail(err, LEDE_BAD_INPUT,
                           "%s: neither a folder nor a list of shards, which "
                           "is a file",
                           path);
}

static lede_status read_path(lede_shard_names *names, const char *path,
                             lede_error *err)
{
    char list[PATH_BYTES];
    struct stat st;
    int len = snprintf(list, sizeof list, "%s/%s", path, LEDE_SHARD_LIST);

    if (len < 0 || (size_t)len >= sizeof list) {
        return too_long(path, strlen(path), err);
    }
    if (stat(path, &st) != 0) {
        return lede_fail(err, errno == ENOENT ? LEDE_NOT_FOUND : LEDE_IO,
                         "%s: %s", path, strerror(errno));
    }
    if (!S_ISDIR(st.st_mode)) {
        return read_file(names, path, &st, err);
    }
    return stat(list, &st) == 0 ? read_file(names, list, &st, err)
                                : add(names, path, strlen(path), 0, 0, err);
}

lede_status lede_shard_names_read(const char *name, lede_shard_names *out,
                                  lede_error *err)
{
    if (name[0] == '\0') {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "'xapian:' needs a folder, a list of shards, or "
                         "tcp:HOST:PORT");
    }
    return strncmp(name, "tcp:", 4) == 0 ? read_servers(out, name + 4, err)
                                         : read_path(out, name, err);
}
