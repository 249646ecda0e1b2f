#include "storage/shards_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "storage/record.h"
#include "storage/xapian_structure.h"

enum {
    STEP_DOCUMENTS = 256, /* between two reports; whose keys are asked for at
                             once */
    MOST_MISSED = 64      /* numbers without a document, before the next one is
                             looked for */
};

/* A document whose key is to be asked for. */
typedef struct keyed {
    uint64_t key;
    uint32_t document;
    bool is_found, has_others;
} keyed;

typedef struct checking {
    const lede_check_callbacks *callbacks;
    const lede_shards *shards;
    const lede_shard *shard;
    uint64_t problems, done, all;
    uint32_t unreached; /* servers */
    lede_arena arena;
    keyed keys[STEP_DOCUMENTS];
    uint32_t key_count;
} checking;

static void say_by(checking *c, void (*by)(void *ctx, const char *line),
                   const char *what)
{
    lede_buf line = {0};
    const char *text;

    lede_buf_put_format(&line, "%s: %s", c->shard->name, what);
    text = lede_buf_text(&line);
    if (by != NULL) {
        by(c->callbacks->ctx, text != NULL ? text : what);
    }
    lede_buf_done(&line);
}

static void say(checking *c, const char *what)
{
    say_by(c, c->callbacks->found, what);
}

static void note(checking *c, const char *what)
{
    say_by(c, c->callbacks->noted, what);
}

static void tell(checking *c, const char *what)
{
    c->problems++;
    say(c, what);
}

static void tell_of(checking *c, uint32_t document, const char *what)
{
    char line[LEDE_ERROR_MESSAGE_BYTES + 32];

    snprintf(line, sizeof line, "document %" PRIu32 ": %s", document, what);
    tell(c, line);
}

static void on_problem(void *ctx, const char *problem)
{
    tell(ctx, problem);
}

/* A document as it is read at once: a server is asked once for each. */
enum { NEWEST, OLDEST, UPDATED, SLOTS };

/* A shard of an older lede has none. */
static void check_updated(checking *c, uint32_t document,
                          const lede_entry *entry, lede_span value)
{
    int64_t updated = 0;

    if (value.len > 0 && (!lede_xapian_time_decode(value, &updated) ||
                          updated != entry->updated.instant)) {
        tell_of(c, document,
                "it was changed at another time than its values "
                "say");
    }
}

/* Both orders say the same, and it is what the entry says. */
static void check_values(checking *c, uint32_t document,
                         const lede_entry *entry, const lede_span *values)
{
    for (int i = NEWEST; i <= OLDEST; i++) {
        lede_xapian_order order = {0};

        if (!lede_xapian_order_decode(values[i], i == OLDEST, &order) ||
            order.key != entry->key || order.time != entry->published.instant) {
            tell_of(c, document, "its values are not those of its entry");
        }
    }
    check_updated(c, document, entry, values[UPDATED]);
}

/* --- Keys ----------------------------------------------------------------- */

static int by_key(const void *left, const void *right)
{
    const keyed *a = left, *b = right;

    return a->key != b->key
               ? (a->key > b->key) - (a->key < b->key)
               : (a->document > b->document) - (a->document < b->document);
}

/* One query for the keys at hand, each weighed by its place: which of them a
 * document has, its weight tells. */
static lede_status ask_keys(checking *c, lede_xapian_queries *queries,
                            lede_xapian_found **out, lede_error *err)
{
    lede_xapian_query parts[STEP_DOCUMENTS];
    lede_xapian_search search = {.size = 2 * STEP_DOCUMENTS,
                                 .votes = true,
                                 .slot = LEDE_XAPIAN_SLOT_NEWEST};
    uint32_t count = 0;
    lede_status status;

    for (uint32_t i = 0; i < c->key_count; i++) {
        lede_xapian_name name;

        if (i == 0 || c->keys[i].key != c->keys[i - 1].key) {
            parts[count++] = lede_xapian_query_scale(
                queries,
                lede_xapian_query_term(
                    queries, lede_xapian_name_key(&name, c->keys[i].key)),
                i + 1.0);
        }
    }
    search.query =
        lede_xapian_query_join(queries, LEDE_XAPIAN_OR, parts, count);
    status = lede_xapian_queries_status(queries, err);
    return status == LEDE_OK ? lede_xapian_run(lede_shards_all(c->shards),
                                               queries, &search, out, err)
                             : status;
}

static void note_hit(checking *c, const lede_xapian_hit *hit)
{
    uint32_t shard, local;
    uint32_t first = hit->weight < 1 || hit->weight > c->key_count
                         ? c->key_count
                         : (uint32_t)(hit->weight + 0.5) - 1;
    bool is_other = true;

    lede_shards_locate(c->shards, hit->document, &shard, &local);
    for (uint32_t i = first;
         i < c->key_count && c->keys[i].key == c->keys[first].key; i++) {
        if (lede_shards_get(c->shards, shard) == c->shard &&
            c->keys[i].document == local) {
            c->keys[i].is_found = true;
            is_other = false;
        }
    }
    if (first < c->key_count && is_other) {
        c->keys[first].has_others = true;
    }
}

/* Each key leads to its document alone, over all shards. */
static lede_status check_keys(checking *c, lede_error *err)
{
    lede_xapian_queries *queries = NULL;
    lede_xapian_found *found = NULL;
    lede_xapian_hit hit;
    lede_status status = LEDE_OK;

    if (c->key_count == 0) {
        return LEDE_OK;
    }
    qsort(c->keys, c->key_count, sizeof c->keys[0], by_key);
    status = lede_xapian_queries_new(&queries, err);
    if (status == LEDE_OK) {
        status = ask_keys(c, queries, &found, err);
    }
    while (status == LEDE_OK) {
        status = lede_xapian_found_next(found, &hit, err);
        if (status == LEDE_OK) {
            note_hit(c, &hit);
        }
    }
    for (uint32_t i = 0; i < c->key_count && status == LEDE_END; i++) {
        if (!c->keys[i].is_found) {
            tell_of(c, c->keys[i].document, "its key leads elsewhere");
        } else if (c->keys[i].has_others ||
                   (i > 0 && c->keys[i].key == c->keys[i - 1].key)) {
            tell_of(c, c->keys[i].document, "its key is there more than once");
        }
    }
    c->key_count = 0;
    lede_xapian_found_free(found);
    lede_xapian_queries_free(queries);
    return status == LEDE_END ? LEDE_OK : status;
}

/* --- Documents ------------------------------------------------------------ */

static lede_status check_document(checking *c, uint32_t document,
                                  lede_span data, const lede_span *values,
                                  lede_error *err)
{
    lede_error why = {0};
    lede_span record;
    lede_entry entry;
    lede_status status = lede_xapian_data_record(data, &record, &why);

    lede_arena_clear(&c->arena);
    if (status == LEDE_OK) {
        status = lede_record_decode(record, &c->arena, &entry, &why);
    }
    if (status == LEDE_NO_MEMORY) {
        return lede_fail(err, status, "%s", why.message);
    }
    if (status != LEDE_OK) {
        tell_of(c, document, why.message);
        return LEDE_OK;
    }
    check_values(c, document, &entry, values);
    c->keys[c->key_count++] = (keyed){.key = entry.key, .document = document};
    return c->key_count == STEP_DOCUMENTS ? check_keys(c, err) : LEDE_OK;
}

/* The document behind `document`, with what is stored of it. LEDE_NOT_FOUND:
 * there is none. */
static lede_status read_next(checking *c, uint32_t *document, lede_span *data,
                             lede_span values[SLOTS], lede_error *err)
{
    static const uint32_t slots[SLOTS] = {LEDE_XAPIAN_SLOT_NEWEST,
                                          LEDE_XAPIAN_SLOT_OLDEST,
                                          LEDE_XAPIAN_SLOT_UPDATED};
    static const lede_span any = {NULL, 0};
    lede_status status = LEDE_NOT_FOUND;

    for (int i = 0; i < MOST_MISSED && status == LEDE_NOT_FOUND; i++) {
        if (*document >= c->shard->statistics.last) {
            return LEDE_NOT_FOUND;
        }
        status = lede_xapian_stored(c->shard->db, ++*document, slots, SLOTS,
                                    data, values, err);
    }
    if (status == LEDE_NOT_FOUND) {
        status = lede_xapian_find(c->shard->db, any, *document, document, err);
        if (status == LEDE_OK) {
            status = lede_xapian_stored(c->shard->db, *document, slots, SLOTS,
                                        data, values, err);
        }
    }
    return status;
}

static lede_status check_documents(checking *c, lede_error *err)
{
    uint32_t document = 0, count = 0;
    lede_status status = LEDE_OK;

    c->key_count = 0;
    while (status == LEDE_OK) {
        lede_error why = {0}; /* that there is no document is no failure */
        lede_span data, values[SLOTS];

        status = read_next(c, &document, &data, values, &why);
        if (status == LEDE_NOT_FOUND) {
            break;
        }
        if (status != LEDE_OK) {
            return lede_fail(err, status, "%s", why.message);
        }
        status = check_document(c, document, data, values, err);
        count++;
        if (++c->done % STEP_DOCUMENTS == 0 && c->callbacks->progress != NULL) {
            c->callbacks->progress(c->callbacks->ctx, c->done, c->all);
        }
        if (c->callbacks->stop != NULL && *c->callbacks->stop != 0) {
            return lede_fail(err, LEDE_INTERRUPTED, "stopped");
        }
    }
    if (status == LEDE_NOT_FOUND) {
        status = check_keys(c, err);
    }
    if (status == LEDE_OK && count != c->shard->statistics.documents) {
        tell(c, "it does not have as many documents as it says");
    }
    return status;
}

static lede_status check_structure(checking *c, lede_error *err)
{
    const lede_xapian_structure how = {
        .ctx = c, .found = on_problem, .stop = c->callbacks->stop};
    bool looked = true;
    lede_status status =
        lede_xapian_structure_check(c->shard->name, &how, &looked, err);

    if (!looked) {
        note(c, "Xapian did not check its blocks, for which it opens files for "
                "writing, and these may only be read: all entries were read");
    }
    return status;
}

static lede_status check_shard(checking *c, lede_error *err)
{
    lede_error why = {0};
    lede_status status = LEDE_OK;

    if (c->shard->db == NULL && c->shard->host != NULL &&
        c->shard->failure.status != LEDE_CORRUPT) {
        say(c, c->shard->failure.message);
        c->unreached++;
        return LEDE_OK;
    }
    if (c->shard->db == NULL) {
        tell(c, c->shard->failure.message);
        return LEDE_OK;
    }
    if (c->shard->host == NULL) {
        status = check_structure(c, &why);
    }
    if (status == LEDE_OK) {
        status = check_documents(c, &why);
    }
    if (status == LEDE_NO_MEMORY || status == LEDE_INTERRUPTED) {
        return lede_fail(err, status, "%s", why.message);
    }
    if (status != LEDE_OK) {
        tell(c, why.message);
    }
    return LEDE_OK;
}

lede_status lede_shards_check(const lede_shards *shards,
                              const lede_check_callbacks *callbacks,
                              lede_error *err)
{
    checking c = {.callbacks = callbacks,
                  .shards = shards,
                  .all = lede_shards_totals(shards)->entries};
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < lede_shards_count(shards) && status == LEDE_OK;
         i++) {
        c.shard = lede_shards_get(shards, i);
        status = check_shard(&c, err);
    }
    lede_arena_done(&c.arena);
    if (status == LEDE_OK && c.problems > 0) {
        return lede_fail(err, LEDE_CORRUPT, "%" PRIu64 " %s found", c.problems,
                         c.problems == 1 ? "problem" : "problems");
    }
    return status == LEDE_OK && c.unreached > 0
               ? lede_fail(err, LEDE_IO,
                           "of %u servers %u did not answer: what they have "
                           "was not checked",
                           lede_shards_count(shards), c.unreached)
               : status;
}
