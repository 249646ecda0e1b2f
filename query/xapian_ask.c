#include "query/xapian_ask.h"

lede_sharded *lede_sharded_of(const lede_engine *engine)
{
    return (lede_sharded *)(uintptr_t)engine;
}

lede_sharded_tree *lede_sharded_tree_of(const lede_engine_tree *tree)
{
    return (lede_sharded_tree *)(uintptr_t)tree;
}

lede_status lede_sharded_no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory for a search");
}

enum { MOST_TRIES = 3 }; /* of a run that fails for no shard's fault */

/* --- Failures ------------------------------------------------------------- */

/* What a status says of the shards: that asking again may help. */
static bool is_of_shards(lede_status status)
{
    return status == LEDE_IO || status == LEDE_CORRUPT ||
           status == LEDE_STALE || status == LEDE_TOO_NEW ||
           status == LEDE_NOT_FOUND;
}

/* Asks each shard by itself, and leaves out those that fail. */
static lede_status find_culprits(lede_sharded *s, lede_sharded_question *ask,
                                 void *ctx, bool *found, lede_error *err)
{
    lede_status status = LEDE_OK;

    *found = false;
    for (uint32_t i = 0; i < lede_shards_count(s->shards) && status == LEDE_OK;
         i++) {
        lede_xapian *db = lede_shards_get(s->shards, i)->db;
        lede_error why = {0};
        lede_status one;

        if (db == NULL) {
            continue;
        }
        s->only = i;
        one = ask(ctx, db, &why);
        s->only = UINT32_MAX;
        if (one == LEDE_NO_MEMORY || one == LEDE_BUG) {
            return lede_fail(err, one, "%s", why.message);
        }
        if (one != LEDE_OK) {
            *found = true;
            status = lede_shards_drop(s->shards, i, &why, err);
        }
    }
    return status;
}

static lede_status ask_all(lede_sharded *s, lede_sharded_question *ask,
                           void *ctx, lede_error *err)
{
    lede_xapian *all = lede_shards_all(s->shards);

    s->read_document = 0; /* of a database that may be opened anew */
    return all == NULL ? lede_shards_failure(s->shards, err)
                       : ask(ctx, all, err);
}

/* Some shard fails when all are asked, and none when it is asked by itself: the
 * one without which it works is left out. */
static lede_status do_without_one(lede_sharded *s, lede_sharded_question *ask,
                                  void *ctx, const lede_error *why,
                                  lede_error *err)
{
    uint32_t count = lede_shards_count(s->shards);
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < count && status == LEDE_OK; i++) {
        lede_error other = {0};

        if (lede_shards_get(s->shards, i)->db == NULL) {
            continue;
        }
        status = lede_shards_drop(s->shards, i, why, &other);
        if (status == LEDE_OK) {
            status = ask_all(s, ask, ctx, &other);
            if (status == LEDE_OK || !is_of_shards(status)) {
                return status == LEDE_OK
                           ? LEDE_OK
                           : lede_fail(err, status, "%s", other.message);
            }
        }
        status = lede_shards_readmit(s->shards, i, err);
    }
    return status == LEDE_OK ? lede_fail(err, why->status, "%s", why->message)
                             : status;
}

/* Asks all shards together, without those that fail, until it works. */
static lede_status ask_until_answered(lede_sharded *s,
                                      lede_sharded_question *ask, void *ctx,
                                      lede_error *err)
{
    uint32_t tries = 0;

    for (;;) {
        lede_error why = {0};
        lede_status status;
        bool blamed = false;

        status = ask_all(s, ask, ctx, &why);
        if (status == LEDE_OK) {
            return LEDE_OK;
        }
        if (!is_of_shards(status)) {
            return lede_fail(err, status, "%s", why.message);
        }
        why.status = status;
        status = lede_shards_recover(s->shards, &why, &blamed, err);
        if (status == LEDE_OK && !blamed && why.status != LEDE_STALE &&
            tries > 0) {
            status = find_culprits(s, ask, ctx, &blamed, err);
        }
        if (status != LEDE_OK) {
            return status;
        }
        if (!blamed && ++tries == MOST_TRIES) {
            return do_without_one(s, ask, ctx, &why, err);
        }
    }
}

lede_status lede_sharded_ask(lede_sharded *s, lede_sharded_question *ask,
                             void *ctx, lede_error *err)
{
    lede_status status;

    s->is_asking = true;
    status = ask_until_answered(s, ask, ctx, err);
    s->is_asking = false;
    return status;
}
/* --- Entries -------------------------------------------------------------- */

static lede_status load(lede_sharded *s, const lede_shard *shard,
                        uint32_t document, lede_error *err)
{
    static const uint32_t slots[] = {LEDE_XAPIAN_SLOT_NEWEST,
                                     LEDE_XAPIAN_SLOT_NAMED,
                                     LEDE_XAPIAN_SLOT_NAMES};
    lede_span data, values[3], names;
    lede_xapian_order order;
    lede_status status =
        lede_xapian_stored(shard->db, document, slots, 3, &data, values, err);

    if (status != LEDE_OK) {
        return status;
    }
    names = values[2];
    if (!lede_xapian_order_decode(values[0], false, &s->read_order) ||
        (values[1].len > 0 &&
         !lede_xapian_named_parse(values[1], &names, &order))) {
        return lede_fail(err, LEDE_CORRUPT, "a document's values are damaged");
    }
    return lede_xapian_reading_load(&s->reading, data, names, err);
}

/* The shard was written to, it seems: opens all anew, for the search to be made
 * again. A block that is of another revision even then is damaged. */
static lede_status read_stale(lede_sharded *s, const lede_match_hit *hit,
                              const lede_error *why, lede_error *err)
{
    const lede_shard *shard = lede_shards_get(s->shards, hit->segment);
    lede_error again = {0};
    bool blamed;
    lede_status status = lede_shards_recover(s->shards, why, &blamed, err);

    if (status != LEDE_OK) {
        return status;
    }
    if (shard->db != NULL &&
        load(s, shard, hit->entry, &again) == LEDE_STALE) {
        return lede_fail(err, LEDE_CORRUPT,
                         "%s: a block of its files is not of its revision",
                         shard->name);
    }
    return lede_fail(err, LEDE_STALE, "%s: %s", shard->name, why->message);
}

/* While shards are asked by themselves, they are judged by whoever does. */
lede_status lede_sharded_read(lede_sharded *s, const lede_match_hit *hit,
                              lede_error *err)
{
    const lede_shard *shard = lede_shards_get(s->shards, hit->segment);
    lede_error why = {0};
    lede_status status;

    if (hit->entry == s->read_document && hit->segment == s->read_shard) {
        return LEDE_OK;
    }
    s->read_document = 0;
    if (shard->db == NULL) {
        return lede_fail(err, shard->failure.status, "%s: %s", shard->name,
                         shard->failure.message);
    }
    status = load(s, shard, hit->entry, &why);
    if (status == LEDE_IO && !s->is_asking) {
        /* It hung up, perhaps, while the last hits were looked at. */
        status = lede_shards_reopen(s->shards, hit->segment, &why, err);
        if (status != LEDE_OK) {
            return status;
        }
        why = shard->failure;
        status = shard->db == NULL ? LEDE_IO : load(s, shard, hit->entry, &why);
    }
    if (status == LEDE_OK) {
        s->read_shard = hit->segment;
        s->read_document = hit->entry;
        return LEDE_OK;
    }
    lede_fail(err, status, "%s: %s", shard->name, why.message);
    if (s->is_asking || (status != LEDE_IO && status != LEDE_STALE)) {
        return status;
    }
    if (status == LEDE_STALE) {
        return read_stale(s, hit, &why, err);
    }
    status = lede_shards_drop(s->shards, hit->segment, &why, err);
    return status != LEDE_OK
               ? status
               : lede_fail(err, LEDE_STALE, "%s: %s", shard->name, why.message);
}

lede_status lede_sharded_read_spots(lede_sharded *s, const lede_match_hit *hit,
                                    lede_spotter *spotter, lede_error *err)
{
    lede_status status = lede_sharded_read(s, hit, err);

    return status == LEDE_OK && !lede_xapian_reading_spot(&s->reading, spotter)
               ? lede_sharded_no_memory(err)
               : status;
}
