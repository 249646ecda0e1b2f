#include "storage/shards_check.h"

#include <inttypes.h>
#include <stdio.h>

#include "storage/record.h"

enum { STEP_DOCUMENTS = 256 };

typedef struct checking {
    const lede_check_callbacks *callbacks;
    const lede_shards *shards;
    const lede_shard *shard;
    uint64_t problems, done, all;
    uint32_t unreached; /* servers */
    lede_arena arena;
    lede_buf data;
} checking;

static void say(checking *c, const char *what)
{
    lede_buf line = {0};
    const char *text;

    lede_buf_put_format(&line, "%s: %s", c->shard->name, what);
    text = lede_buf_text(&line);
    if (c->callbacks->found != NULL) {
        c->callbacks->found(c->callbacks->ctx, text != NULL ? text : what);
    }
    lede_buf_done(&line);
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

/* A shard of an older lede has none. */
static lede_status check_updated(checking *c, uint32_t document,
                                 const lede_entry *entry, lede_error *err)
{
    int64_t updated = 0;
    lede_span value;
    lede_status status = lede_xapian_value(
        c->shard->db, document, LEDE_XAPIAN_SLOT_UPDATED, &value, err);

    if (status == LEDE_OK && value.len > 0 &&
        (!lede_xapian_time_decode(value, &updated) ||
         updated != entry->updated.instant)) {
        tell_of(c, document,
                "it was changed at another time than its values "
                "say");
    }
    return status;
}

/* Both orders say the same, and it is what the entry says. */
static lede_status check_values(checking *c, uint32_t document,
                                const lede_entry *entry, lede_error *err)
{
    static const uint32_t slots[2] = {LEDE_XAPIAN_SLOT_NEWEST,
                                      LEDE_XAPIAN_SLOT_OLDEST};

    for (int i = 0; i < 2; i++) {
        lede_xapian_order order = {0};
        lede_span value;
        lede_status status =
            lede_xapian_value(c->shard->db, document, slots[i], &value, err);

        if (status != LEDE_OK) {
            return status;
        }
        if (!lede_xapian_order_decode(value, i == 1, &order) ||
            order.key != entry->key || order.time != entry->published.instant) {
            tell_of(c, document, "its values are not those of its entry");
        }
    }
    return check_updated(c, document, entry, err);
}

/* The key leads to this document alone, over all shards. */
static lede_status check_key(checking *c, uint32_t document, uint64_t key,
                             lede_error *err)
{
    lede_xapian_name name;
    lede_span term = lede_xapian_name_key(&name, key);
    uint32_t found = 0, count = 0;
    lede_status status = lede_xapian_find(c->shard->db, term, 0, &found, err);

    if (status == LEDE_NOT_FOUND || (status == LEDE_OK && found != document)) {
        tell_of(c, document, "its key leads elsewhere");
        return LEDE_OK;
    }
    if (status == LEDE_OK) {
        status = lede_xapian_term_count(lede_shards_all(c->shards), term,
                                        &count, err);
    }
    if (status == LEDE_OK && count != 1) {
        tell_of(c, document, "its key is there more than once");
    }
    return status;
}

static lede_status check_document(checking *c, uint32_t document,
                                  lede_error *err)
{
    lede_error why = {0};
    lede_span data, record;
    lede_entry entry;
    lede_status status = lede_xapian_data(c->shard->db, document, &data, err);

    if (status != LEDE_OK) {
        return status;
    }
    lede_buf_clear(&c->data);
    lede_buf_put_span(&c->data, data);
    lede_arena_clear(&c->arena);
    if (c->data.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to check");
    }
    status = lede_xapian_data_record(lede_buf_span(&c->data), &record, &why);
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
    status = check_values(c, document, &entry, err);
    return status == LEDE_OK ? check_key(c, document, entry.key, err) : status;
}

static lede_status check_documents(checking *c, lede_error *err)
{
    static const lede_span any = {NULL, 0};
    uint32_t document = 0, count = 0;
    lede_status status = LEDE_OK;

    while (status == LEDE_OK) {
        status = lede_xapian_find(c->shard->db, any, document, &document, err);
        if (status != LEDE_OK) {
            break;
        }
        status = check_document(c, document, err);
        count++;
        if (++c->done % STEP_DOCUMENTS == 0 && c->callbacks->progress != NULL) {
            c->callbacks->progress(c->callbacks->ctx, c->done, c->all);
        }
        if (c->callbacks->stop != NULL && *c->callbacks->stop != 0) {
            return lede_fail(err, LEDE_INTERRUPTED, "stopped");
        }
    }
    if (status == LEDE_NOT_FOUND && count != c->shard->statistics.documents) {
        tell(c, "it does not have as many documents as it says");
    }
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
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
        status = lede_xapian_check(c->shard->name, on_problem, c, &why);
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
    lede_buf_done(&c.data);
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
