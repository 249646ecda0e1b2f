#include "storage/shards.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { MIN_HALF_LIFE_S = 3600, LIST_MAX_BYTES = 1 << 20 };

struct lede_shards {
    lede_shard *items;
    uint32_t count, cap;
    uint32_t wait_ms;
    uint32_t *there; /* those that answer, in order */
    uint32_t there_count;
    lede_xapian *all;
    lede_totals totals;
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory for the shards");
}

/* --- Names ---------------------------------------------------------------- */

static char *copy_text(const char *text, size_t len)
{
    char *copy = malloc(len + 1);

    if (copy != NULL) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

static lede_shard *add_shard(lede_shards *shards, lede_error *err)
{
    if (shards->count == LEDE_SHARDS_MAX) {
        lede_fail(err, LEDE_BAD_INPUT, "more than %d shards", LEDE_SHARDS_MAX);
        return NULL;
    }
    if (shards->count == shards->cap) {
        uint32_t cap = shards->cap * 2 + 8;
        lede_shard *items = realloc(shards->items, cap * sizeof *items);

        if (items == NULL) {
            no_memory(err);
            return NULL;
        }
        shards->items = items;
        shards->cap = cap;
    }
    shards->items[shards->count] = (lede_shard){0};
    return &shards->items[shards->count++];
}

static lede_status add_local(lede_shards *shards, const char *path, size_t len,
                             lede_error *err)
{
    lede_shard *shard = add_shard(shards, err);

    if (shard == NULL) {
        return err != NULL ? err->status : LEDE_NO_MEMORY;
    }
    shard->name = copy_text(path, len);
    return shard->name == NULL ? no_memory(err) : LEDE_OK;
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
static lede_status add_remote(lede_shards *shards, const char *text, size_t len,
                              lede_error *err)
{
    size_t colon = len, host_end;
    uint16_t port;
    lede_shard *shard;

    while (colon > 0 && text[colon - 1] != ':') {
        colon--;
    }
    port = parse_port(text + colon, len - colon);
    host_end = colon > 0 ? colon - 1 : 0;
    if (memchr(text, '[', len) != NULL || memchr(text, ':', host_end) != NULL) {
        return no_server(text, len,
                         "Xapian 1.4 reaches servers by IPv4 alone: give "
                         "HOST:PORT, with a name or an IPv4 address",
                         err);
    }
    if (host_end == 0 || port == 0) {
        return no_server(text, len, "give HOST:PORT", err);
    }
    shard = add_shard(shards, err);
    if (shard == NULL) {
        return err != NULL ? err->status : LEDE_NO_MEMORY;
    }
    shard->name = copy_text(text, len);
    shard->port = port;
    shard->host = copy_text(text, host_end);
    return shard->name == NULL || shard->host == NULL ? no_memory(err)
                                                      : LEDE_OK;
}

static lede_status parse_servers(lede_shards *shards, const char *text,
                                 lede_error *err)
{
    lede_status status = LEDE_OK;

    while (status == LEDE_OK) {
        size_t len = strcspn(text, ",");

        status = add_remote(shards, text, len, err);
        if (text[len] == '\0') {
            break;
        }
        text += len + 1;
    }
    return status;
}

/* A line of a list: its first word and the rest. */
static lede_status parse_line(lede_shards *shards, const char *folder,
                              const char *line, lede_error *err)
{
    size_t word = strcspn(line, " \t");
    const char *rest = line + word + strspn(line + word, " \t");

    if (line[0] == '\0' || line[0] == '#') {
        return LEDE_OK;
    }
    if (word == 6 && memcmp(line, "remote", 6) == 0) {
        return add_remote(shards, rest, strlen(rest), err);
    }
    if (rest[0] != '\0' && ((word == 4 && memcmp(line, "auto", 4) == 0) ||
                            (word == 5 && memcmp(line, "glass", 5) == 0))) {
        char path[4096];
        int len = snprintf(path, sizeof path, "%s%s",
                           rest[0] == '/' ? "" : folder, rest);

        if (len < 0 || (size_t)len >= sizeof path) {
            return lede_fail(err, LEDE_BAD_INPUT, "'%s' is too long a path",
                             rest);
        }
        return add_local(shards, path, (size_t)len, err);
    }
    return lede_fail(err, LEDE_BAD_INPUT,
                     "'%s' is no shard: a line is 'auto PATH' or "
                     "'remote HOST:PORT'",
                     line);
}

static lede_status parse_list(lede_shards *shards, const char *path,
                              lede_error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        copy_text(path, slash == NULL ? 0 : (size_t)(slash - path) + 1);
    char *text = malloc(LIST_MAX_BYTES + 1);
    FILE *file = fopen(path, "rb");
    lede_status status = LEDE_OK;
    size_t len = 0;
    char *line;

    if (folder == NULL || text == NULL) {
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
    for (line = text; status == LEDE_OK && line < text + len;) {
        char *end = memchr(line, '\n', (size_t)(text + len - line));

        if (end == NULL) {
            end = text + len;
        }
        *end = '\0';
        if (end > line && end[-1] == '\r') {
            end[-1] = '\0';
        }
        status = parse_line(shards, folder, line, err);
        if (status != LEDE_OK) {
            status = lede_fail_in(err, status, "%s", path);
        }
        line = end + 1;
    }
    if (file != NULL) {
        fclose(file);
    }
    free(folder);
    free(text);
    if (status == LEDE_OK && shards->count == 0) {
        status = lede_fail(err, LEDE_BAD_INPUT, "%s: it lists no shards", path);
    }
    return status;
}

static lede_status parse_path(lede_shards *shards, const char *path,
                              lede_error *err)
{
    char list[4096];
    struct stat st;
    int len = snprintf(list, sizeof list, "%s/%s", path, LEDE_SHARD_LIST);

    if (len < 0 || (size_t)len >= sizeof list) {
        return lede_fail(err, LEDE_BAD_INPUT, "'%s' is too long a path", path);
    }
    if (stat(path, &st) != 0) {
        return lede_fail(err, errno == ENOENT ? LEDE_NOT_FOUND : LEDE_IO,
                         "%s: %s", path, strerror(errno));
    }
    if (!S_ISDIR(st.st_mode)) {
        return parse_list(shards, path, err);
    }
    return stat(list, &st) == 0 ? parse_list(shards, list, err)
                                : add_local(shards, path, strlen(path), err);
}

static lede_status parse(lede_shards *shards, const char *name, lede_error *err)
{
    if (name[0] == '\0') {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "'xapian:' needs a folder, a list of shards, or "
                         "tcp:HOST:PORT");
    }
    if (strncmp(name, "tcp:", 4) == 0) {
        return parse_servers(shards, name + 4, err);
    }
    return parse_path(shards, name, err);
}

/* --- Opening -------------------------------------------------------------- */

static lede_status not_finished(lede_error *err)
{
    return lede_fail(err, LEDE_BAD_INPUT,
                     "its export was not finished: run it again");
}

static bool is_being_made(const lede_shard *shard)
{
    char path[4096];
    struct stat st;
    int len =
        snprintf(path, sizeof path, "%s/%s", shard->name, LEDE_SHARD_BUILDING);

    return shard->host == NULL && len >= 0 && (size_t)len < sizeof path &&
           stat(path, &st) == 0;
}

static lede_status read_mark(lede_shard *shard, lede_error *err)
{
    lede_span text;
    lede_status status =
        lede_xapian_metadata(shard->db, LEDE_XAPIAN_MARK, &text, err);

    if (status == LEDE_OK) {
        status = lede_xapian_mark_parse(text, &shard->mark, err);
    }
    if (status == LEDE_OK && !shard->mark.complete) {
        status = not_finished(err);
    }
    return status == LEDE_OK
               ? lede_xapian_count(shard->db, &shard->statistics, err)
               : status;
}

static void leave_out(lede_shard *shard, const lede_error *why)
{
    lede_xapian_close(shard->db);
    shard->db = NULL;
    shard->failure = *why;
}

/* Opens a shard, or notes why it could not be. */
static void open_shard(lede_shards *shards, lede_shard *shard)
{
    lede_error failure = {0};
    lede_status status =
        is_being_made(shard) ? not_finished(&failure)
        : shard->host == NULL
            ? lede_xapian_open(shard->name, &shard->db, &failure)
            : lede_xapian_open_remote(shard->host, shard->port, shards->wait_ms,
                                      shards->wait_ms, &shard->db, &failure);

    if (status == LEDE_OK) {
        status = read_mark(shard, &failure);
    }
    if (status != LEDE_OK) {
        leave_out(shard, &failure);
    }
}

/* The median, over all, of how old each shard's archive is at its half: exact
 * where the shards are of one archive. */
static int64_t middle_time(const lede_shards *shards, uint64_t entries)
{
    int64_t best = INT64_MAX;

    for (uint32_t i = 0; i < shards->there_count; i++) {
        const lede_shard *shard = &shards->items[shards->there[i]];
        int64_t time;
        uint64_t older = 0;

        if (shard->mark.newest_trusted == LEDE_INSTANT_NONE) {
            continue;
        }
        time = shard->mark.newest_trusted - shard->mark.half_life_s;
        for (uint32_t j = 0; j < shards->there_count; j++) {
            const lede_shard *other = &shards->items[shards->there[j]];

            if (other->mark.newest_trusted != LEDE_INSTANT_NONE &&
                other->mark.newest_trusted - other->mark.half_life_s <= time) {
                older += other->statistics.documents;
            }
        }
        if (older * 2 >= entries && time < best) {
            best = time;
        }
    }
    return best;
}

static void sum_up(lede_shards *shards)
{
    lede_totals t = {.oldest = LEDE_INSTANT_NONE,
                     .newest = LEDE_INSTANT_NONE,
                     .newest_trusted = LEDE_INSTANT_NONE,
                     .half_life_s = MIN_HALF_LIFE_S};
    uint64_t dated = 0;
    int64_t middle;

    for (uint32_t i = 0; i < shards->there_count; i++) {
        const lede_shard *shard = &shards->items[shards->there[i]];
        const lede_xapian_mark *mark = &shard->mark;

        t.entries += shard->statistics.documents;
        t.length += (uint64_t)(shard->statistics.average_length *
                               shard->statistics.documents);
        t.languages |= mark->languages;
        if (mark->generation > t.generation) {
            t.generation = mark->generation;
        }
        if (mark->oldest != LEDE_INSTANT_NONE &&
            (t.oldest == LEDE_INSTANT_NONE || mark->oldest < t.oldest)) {
            t.oldest = mark->oldest;
        }
        if (mark->newest > t.newest) {
            t.newest = mark->newest;
        }
        if (mark->newest_trusted > t.newest_trusted) {
            t.newest_trusted = mark->newest_trusted;
        }
        if (mark->newest_trusted != LEDE_INSTANT_NONE) {
            dated += shard->statistics.documents;
        }
    }
    middle = middle_time(shards, dated);
    if (t.newest_trusted != LEDE_INSTANT_NONE &&
        t.newest_trusted - MIN_HALF_LIFE_S > middle) {
        t.half_life_s = t.newest_trusted - middle;
    }
    shards->totals = t;
}

/* Joins those that answer. */
static lede_status join(lede_shards *shards, lede_error *err)
{
    lede_xapian **parts = malloc(((size_t)shards->count + 1) * sizeof *parts);
    lede_status status;

    lede_xapian_close(shards->all);
    shards->all = NULL;
    shards->there_count = 0;
    if (parts == NULL) {
        return no_memory(err);
    }
    for (uint32_t i = 0; i < shards->count; i++) {
        if (shards->items[i].db != NULL) {
            parts[shards->there_count] = shards->items[i].db;
            shards->there[shards->there_count++] = i;
        }
    }
    if (shards->there_count == 0) {
        status = lede_shards_failure(shards, err);
    } else {
        status =
            lede_xapian_join(parts, shards->there_count, &shards->all, err);
    }
    free(parts);
    if (status == LEDE_OK) {
        sum_up(shards);
    }
    return status;
}

enum { UUID_BYTES = 40 };

/* Entries of a shard that is named twice would count twice. One that has no
 * name of its own is not told. */
static lede_status check_doubles(const lede_shards *shards, lede_error *err)
{
    char(*uuids)[UUID_BYTES] = calloc(shards->count + 1u, sizeof *uuids);
    lede_status status = uuids == NULL ? no_memory(err) : LEDE_OK;

    for (uint32_t i = 0; i < shards->count && status == LEDE_OK; i++) {
        lede_span uuid;

        if (shards->items[i].db == NULL ||
            lede_xapian_uuid(shards->items[i].db, &uuid, NULL) != LEDE_OK ||
            uuid.len >= UUID_BYTES) {
            continue;
        }
        memcpy(uuids[i], uuid.bytes, uuid.len);
        for (uint32_t k = 0; k < i && status == LEDE_OK; k++) {
            if (uuids[i][0] != '\0' && strcmp(uuids[i], uuids[k]) == 0) {
                status =
                    lede_fail(err, LEDE_BAD_INPUT,
                              "%s and %s are one shard, or a copy of it: "
                              "name one of them",
                              shards->items[k].name, shards->items[i].name);
            }
        }
    }
    free(uuids);
    return status;
}

lede_status lede_shards_open(const char *name, uint32_t wait_ms,
                             lede_shards **out, lede_error *err)
{
    lede_shards *shards = calloc(1, sizeof *shards);
    lede_error mine = {0}; /* what parsing says, even if nobody wants it */
    lede_status status;

    if (shards == NULL) {
        return no_memory(err);
    }
    shards->wait_ms = wait_ms;
    status = parse(shards, name, &mine);
    if (status == LEDE_OK) {
        shards->there = calloc(shards->count, sizeof *shards->there);
        status = shards->there == NULL ? no_memory(&mine) : LEDE_OK;
    }
    for (uint32_t i = 0; i < shards->count && status == LEDE_OK; i++) {
        open_shard(shards, &shards->items[i]);
    }
    if (status == LEDE_OK) {
        status = check_doubles(shards, &mine);
    }
    if (status == LEDE_OK) {
        status = join(shards, &mine);
    }
    if (status != LEDE_OK) {
        lede_shards_close(shards);
        return lede_fail(err, status, "%s", mine.message);
    }
    *out = shards;
    return LEDE_OK;
}

void lede_shards_close(lede_shards *shards)
{
    if (shards == NULL) {
        return;
    }
    lede_xapian_close(shards->all);
    for (uint32_t i = 0; i < shards->count; i++) {
        lede_xapian_close(shards->items[i].db);
        free(shards->items[i].name);
        free(shards->items[i].host);
    }
    free(shards->items);
    free(shards->there);
    free(shards);
}

/* --- Asking --------------------------------------------------------------- */

uint32_t lede_shards_count(const lede_shards *shards)
{
    return shards->count;
}

const lede_shard *lede_shards_get(const lede_shards *shards, uint32_t index)
{
    assert(index < shards->count);
    return &shards->items[index];
}

const lede_totals *lede_shards_totals(const lede_shards *shards)
{
    return &shards->totals;
}

bool lede_shards_have_names(const lede_shards *shards)
{
    bool all = true;

    for (uint32_t i = 0; i < shards->there_count; i++) {
        all = all && shards->items[shards->there[i]].mark.has_names;
    }
    return all;
}

bool lede_shards_have_copies(const lede_shards *shards)
{
    bool all = true;

    for (uint32_t i = 0; i < shards->there_count; i++) {
        all = all && shards->items[shards->there[i]].mark.has_copies;
    }
    return all;
}

bool lede_shards_are_of_today(const lede_shards *shards)
{
    bool all = true;

    for (uint32_t i = 0; i < shards->there_count; i++) {
        all = all &&
              shards->items[shards->there[i]].mark.rules >= LEDE_XAPIAN_VERSION;
    }
    return all;
}

lede_status lede_shards_corrections(const lede_shards *shards, lede_buf *out,
                                    lede_error *err)
{
    lede_span text = {0};
    lede_status status = LEDE_OK;

    for (uint32_t i = 0;
         i < shards->there_count && status == LEDE_OK && text.len == 0; i++) {
        status = lede_xapian_metadata(shards->items[shards->there[i]].db,
                                      LEDE_XAPIAN_CORRECTIONS, &text, err);
    }
    if (status == LEDE_OK) {
        lede_buf_put_span(out, text);
    }
    return status == LEDE_OK && out->failed ? no_memory(err) : status;
}

lede_xapian *lede_shards_all(const lede_shards *shards)
{
    return shards->all;
}

lede_status lede_shards_failure(const lede_shards *shards, lede_error *err)
{
    const lede_shard *first = &shards->items[0];

    return lede_fail(err, first->failure.status, "%s: %s", first->name,
                     first->failure.message);
}

void lede_shards_locate(const lede_shards *shards, uint32_t document,
                        uint32_t *shard, uint32_t *local)
{
    assert(document > 0 && shards->there_count > 0);
    *shard = shards->there[(document - 1) % shards->there_count];
    *local = (document - 1) / shards->there_count + 1;
}

/* --- Failures ------------------------------------------------------------- */

/* Whether a failure may be no more than a connection that was let go. */
static bool may_reopen(lede_shard *shard, const lede_error *why)
{
    struct timespec now;
    int64_t before = shard->reopened_s;

    if (shard->host == NULL || strstr(why->message, "Timeout") != NULL) {
        return false;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (before != 0 && now.tv_sec - before < LEDE_SHARD_AGAIN_S) {
        return false;
    }
    shard->reopened_s = now.tv_sec;
    return true;
}

lede_status lede_shards_recover(lede_shards *shards, const lede_error *why,
                                bool *blamed, lede_error *err)
{
    uint32_t before = shards->there_count;
    lede_status status;

    /* What a connection has sent and nobody read is lost with it: none of them
     * can be used again. */
    lede_xapian_close(shards->all);
    shards->all = NULL;
    for (uint32_t i = 0; i < shards->count; i++) {
        lede_shard *shard = &shards->items[i];
        char context[300];

        if (shard->db == NULL) {
            continue;
        }
        lede_xapian_close(shard->db);
        shard->db = NULL;
        snprintf(context, sizeof context, "tcp(%s:%u)",
                 shard->host == NULL ? "" : shard->host, (unsigned)shard->port);
        if (shard->host == NULL || strstr(why->message, context) == NULL) {
            open_shard(shards, shard);
        } else if (may_reopen(shard, why)) {
            open_shard(shards, shard);
        } else {
            leave_out(shard, why);
        }
    }
    status = join(shards, err);
    *blamed = shards->there_count < before;
    return status;
}

lede_status lede_shards_reopen(lede_shards *shards, uint32_t index,
                               const lede_error *why, lede_error *err)
{
    lede_shard *shard = &shards->items[index];

    assert(index < shards->count);
    lede_xapian_close(shards->all);
    shards->all = NULL;
    if (may_reopen(shard, why)) {
        lede_xapian_close(shard->db);
        shard->db = NULL;
        open_shard(shards, shard);
    } else {
        leave_out(shard, why);
    }
    return join(shards, err);
}

lede_status lede_shards_drop(lede_shards *shards, uint32_t index,
                             const lede_error *why, lede_error *err)
{
    assert(index < shards->count);
    leave_out(&shards->items[index], why);
    return join(shards, err);
}

lede_status lede_shards_readmit(lede_shards *shards, uint32_t index,
                                lede_error *err)
{
    const lede_error nobody = {0};
    bool blamed;

    assert(index < shards->count);
    open_shard(shards, &shards->items[index]);
    return lede_shards_recover(shards, &nobody, &blamed, err);
}
