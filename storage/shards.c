#include "storage/shards.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "storage/shard_names.h"

enum {
    MIN_HALF_LIFE_S = 3600,
    AT_ONCE = 64 /* servers that are waited for side by side */
};

struct lede_shards {
    lede_shard *items;
    uint32_t count;
    uint32_t wait_ms;
    uint32_t *there; /* those that answer, in order */
    uint32_t there_count;
    bool *wanted; /* those to be opened next */
    lede_xapian *all;
    lede_totals totals;
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory for the shards");
}

/* --- Opening -------------------------------------------------------------- */

static lede_status not_finished(lede_error *err)
{
    return lede_fail(err, LEDE_BAD_INPUT,
                     "its export was not finished: run it again");
}

static bool has_file(const lede_shard *shard, const char *name)
{
    char path[4096];
    struct stat st;
    int len = snprintf(path, sizeof path, "%s/%s", shard->name, name);

    return shard->host == NULL && len >= 0 && (size_t)len < sizeof path &&
           stat(path, &st) == 0;
}

static bool is_being_made(const lede_shard *shard)
{
    return has_file(shard, LEDE_SHARD_BUILDING);
}

/* What to do about one that cannot be read. */
static const char *make_anew(const lede_shard *shard)
{
    return has_file(shard, "lede")
               ? "index all of it into a new one"
               : "remove it, and 'lede export' makes it anew";
}

/* Opens one of this machine; what is there but no database has a name. */
static lede_status open_local(lede_shard *shard, lede_error *err)
{
    lede_status status = lede_xapian_open(shard->name, &shard->db, err);

    if (status == LEDE_TOO_NEW ||
        (status != LEDE_OK && has_file(shard, "iamhoney"))) {
        const lede_error why = *err;

        return lede_fail(err, LEDE_TOO_NEW,
                         "%s: another version of Xapian wrote it: use that one "
                         "here, too, or %s",
                         why.message, make_anew(shard));
    }
    if (status == LEDE_OK || has_file(shard, "iamglass")) {
        return status;
    }
    if (has_file(shard, "data.mdb")) {
        return lede_fail(err, status,
                         "this is an archive in a folder, no database of "
                         "Xapian's: name it without 'xapian:'");
    }
    return has_file(shard, "lede")
               ? lede_fail(err, status,
                           "its first indexing did not come to write it: run "
                           "'lede index' again, or remove the folder")
               : status;
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

static void say_damaged(const lede_shard *shard, lede_error *err)
{
    const lede_error why = *err;

    lede_fail(err, LEDE_CORRUPT, "%s: its files are damaged: %s", why.message,
              make_anew(shard));
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
            ? open_local(shard, &failure)
            : lede_xapian_open_remote(shard->host, shard->port, shards->wait_ms,
                                      shards->wait_ms, &shard->db, &failure);

    if (status == LEDE_OK) {
        status = read_mark(shard, &failure);
    }
    if (status == LEDE_CORRUPT && shard->host == NULL) {
        say_damaged(shard, &failure);
    }
    if (status != LEDE_OK) {
        leave_out(shard, &failure);
    }
}

typedef struct opening {
    lede_shards *shards;
    atomic_uint next;
} opening;

static void *open_servers(void *ctx)
{
    opening *o = ctx;

    for (;;) {
        unsigned i = atomic_fetch_add(&o->next, 1);

        if (i >= o->shards->count) {
            return NULL;
        }
        if (o->shards->wanted[i] && o->shards->items[i].host != NULL) {
            open_shard(o->shards, &o->shards->items[i]);
        }
    }
}

/* Opens those that are wanted, and forgets that they are: servers side by side,
 * so that those which do not answer are waited for once; each by one thread at
 * a time. */
static void open_wanted(lede_shards *shards)
{
    opening o = {.shards = shards};
    pthread_t threads[AT_ONCE - 1];
    uint32_t servers = 0, count = 0;

    for (uint32_t i = 0; i < shards->count; i++) {
        servers += shards->wanted[i] && shards->items[i].host != NULL;
    }
    while (count + 1 < servers && count < AT_ONCE - 1 &&
           pthread_create(&threads[count], NULL, open_servers, &o) == 0) {
        count++;
    }
    open_servers(&o);
    for (uint32_t i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    for (uint32_t i = 0; i < shards->count; i++) {
        if (shards->wanted[i] && shards->items[i].host == NULL) {
            open_shard(shards, &shards->items[i]);
        }
        shards->wanted[i] = false;
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

/* Takes the names over. */
static lede_status make_items(lede_shards *shards, lede_shard_names *names,
                              lede_error *err)
{
    shards->there = calloc(names->count, sizeof *shards->there);
    shards->items = calloc(names->count, sizeof *shards->items);
    shards->wanted = calloc(names->count, sizeof *shards->wanted);
    if (shards->there == NULL || shards->items == NULL ||
        shards->wanted == NULL) {
        return no_memory(err);
    }
    shards->count = names->count;
    for (uint32_t i = 0; i < names->count; i++) {
        shards->items[i] = (lede_shard){.name = names->items[i].name,
                                        .host = names->items[i].host,
                                        .port = names->items[i].port};
        shards->wanted[i] = true;
    }
    names->count = 0;
    return LEDE_OK;
}

lede_status lede_shards_open(const char *name, uint32_t wait_ms,
                             lede_shards **out, lede_error *err)
{
    lede_shards *shards = calloc(1, sizeof *shards);
    lede_shard_names names = {0};
    lede_error mine = {0};
    lede_status status;

    if (shards == NULL) {
        return no_memory(err);
    }
    shards->wait_ms = wait_ms;
    status = lede_shard_names_read(name, &names, &mine);
    if (status == LEDE_OK) {
        status = make_items(shards, &names, &mine);
    }
    lede_shard_names_done(&names);
    if (status == LEDE_OK) {
        open_wanted(shards);
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
    free(shards->wanted);
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
        if (shard->host == NULL || strstr(why->message, context) == NULL ||
            may_reopen(shard, why)) {
            shards->wanted[i] = true;
        } else {
            leave_out(shard, why);
        }
    }
    open_wanted(shards);
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
