#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "indexer/grow.h"
#include "indexer/universe_private.h"

/* --- Raw keys of articles ------------------------------------------------ */

static lede_status add_raw(lede_universe *u, uint64_t raw, lede_error *err)
{
    uint64_t *raws =
        lede_grown(u->raws, u->raw_count, &u->raw_cap, sizeof raws[0]);

    if (raws == NULL) {
        return lede_universe_no_memory(err);
    }
    u->raws = raws;
    raws[u->raw_count++] = raw;
    return LEDE_OK;
}

static int compare_u64(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static void sort_raws(lede_universe *u)
{
    uint32_t i, n = 0;

    if (u->raw_count > 0) {
        qsort(u->raws, u->raw_count, sizeof u->raws[0], compare_u64);
    }
    for (i = 0; i < u->raw_count; i++) {
        if (n == 0 || u->raws[i] != u->raws[n - 1]) {
            u->raws[n++] = u->raws[i];
        }
    }
    u->raw_count = n;
}

/* Every pending claim of an article, so that what a file says now is known to
 * supersede what it said; changed ones are to be settled. */
static lede_status list_raws(lede_universe *u, lede_error *err)
{
    const lede_batch *batch = u->batch;
    bool has_segments = lede_snapshot_segment_count(u->snapshot) > 0;
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < batch->claim_count && status == LEDE_OK; i++) {
        const lede_pending_claim *p = &batch->claims[i];
        lede_span path = batch->files[p->file].record.path;

        if (p->claim.is_post) {
            continue;
        }
        if (has_segments &&
            !lede_map_put(&u->pending_raws, p->claim.raw ^ lede_hash64(path),
                          i)) {
            return lede_universe_no_memory(err);
        }
        if (p->text_at != LEDE_NO_TEXT) {
            status = add_raw(u, p->claim.raw, err);
        }
    }
    for (i = 0; i < batch->raw_count && status == LEDE_OK; i++) {
        status = add_raw(u, batch->raws[i], err);
    }
    sort_raws(u);
    return status;
}

static lede_status load_raws(lede_universe *u, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i, count = u->raw_count;

    if (lede_snapshot_segment_count(u->snapshot) == 0) {
        return LEDE_OK;
    }
    for (i = 0; i < count && status == LEDE_OK; i++) {
        status = lede_universe_load_raw(u, u->raws[i], true, err);
    }
    return status;
}

/* --- Documents -------------------------------------------------------------
 */

static lede_status raise(lede_universe *u, uint32_t document, lede_stake stake,
                         lede_error *err)
{
    lede_universe_document *d = &u->documents[document];
    uint32_t *queue;

    if (d->is_queued && d->stake >= stake) {
        return LEDE_OK;
    }
    d->stake = stake > d->stake ? stake : d->stake;
    if (d->is_queued) {
        return LEDE_OK; /* its turn will come, with the higher stake */
    }
    queue =
        lede_grown(u->queue, u->queue_count, &u->queue_cap, sizeof queue[0]);
    if (queue == NULL) {
        return lede_universe_no_memory(err);
    }
    u->queue = queue;
    queue[u->queue_count++] = document;
    d->is_queued = true;
    return LEDE_OK;
}

static lede_status raise_holders(lede_universe *u, uint64_t raw,
                                 lede_stake stake, lede_error *err)
{
    uint32_t info = lede_map_get(&u->raw_at, raw), node;
    lede_status status = LEDE_OK;

    for (node = info == LEDE_MAP_NONE ? LEDE_MAP_NONE
                                      : u->infos[info].documents;
         node != LEDE_MAP_NONE && status == LEDE_OK;
         node = u->nodes[node].next) {
        uint32_t document = u->nodes[node].item;

        if (u->documents[document].stake < stake) {
            status = raise(u, document, stake, err);
        }
    }
    return status;
}

static bool is_page_by_name(const lede_universe_document *a,
                            const lede_universe_document *b)
{
    if (a->live.about.url_page_id != 0 || b->live.about.url_page_id != 0) {
        return a->live.about.url_page_id == b->live.about.url_page_id;
    }
    return a->file == b->file && a->live.about.group != 0 &&
           a->live.about.group == b->live.about.group;
}

/* The other documents of its page that share no key with it. */
static lede_status follow_name(lede_universe *u, uint32_t document,
                               lede_error *err)
{
    lede_stake stake = u->documents[document].stake;
    uint64_t page_id = u->documents[document].live.about.url_page_id;
    lede_status status = LEDE_OK;
    uint32_t i;

    if (page_id != 0) {
        status = lede_universe_load_page(u, page_id, err);
    } else if (u->documents[document].live.about.group == 0) {
        return LEDE_OK;
    }
    for (i = 0; i < u->document_count && status == LEDE_OK; i++) {
        if (u->documents[i].stake < stake &&
            is_page_by_name(&u->documents[document], &u->documents[i])) {
            status = raise(u, i, stake, err);
        }
    }
    return status;
}

/* Documents that share a key: the same page, or neighbours. */
static lede_status follow_key(lede_universe *u, uint32_t document, uint64_t raw,
                              lede_error *err)
{
    lede_stake stake = u->documents[document].stake;
    lede_status status;
    uint32_t info, node;

    status = lede_universe_load_raw(u, raw, stake == LEDE_STAKE_SETTLED, err);
    info = lede_map_get(&u->raw_at, raw);
    if (status != LEDE_OK || info == LEDE_MAP_NONE) {
        return status;
    }
    if (stake == LEDE_STAKE_SETTLED &&
        u->infos[info].articles != LEDE_MAP_NONE) {
        status = add_raw(u, raw, err);
    }
    for (node = u->infos[info].documents;
         node != LEDE_MAP_NONE && status == LEDE_OK;
         node = u->nodes[node].next) {
        uint32_t other = u->nodes[node].item;

        if (other == document || u->documents[other].stake >= stake) {
            continue;
        }
        if (lede_pages_match(&u->documents[document].live,
                             &u->documents[other].live)) {
            status = raise(u, other, stake, err);
        } else if (stake == LEDE_STAKE_SETTLED &&
                   u->documents[other].stake == LEDE_STAKE_NONE) {
            status = raise(u, other, LEDE_STAKE_NEIGHBOUR, err);
        }
    }
    return status;
}

static lede_status follow(lede_universe *u, uint32_t document, lede_error *err)
{
    lede_status status = follow_name(u, document, err);
    uint32_t i;

    for (i = 0; status == LEDE_OK && i < u->documents[document].live.post_count;
         i++) {
        status = follow_key(
            u, document, u->documents[document].live.posts[i].claim.raw, err);
    }
    return status;
}

static lede_status follow_all(lede_universe *u, lede_error *err)
{
    lede_status status = LEDE_OK;

    while (u->queue_count > 0 && status == LEDE_OK) {
        uint32_t document = u->queue[--u->queue_count];

        u->documents[document].is_queued = false;
        status = follow(u, document, err);
    }
    return status;
}

lede_status lede_universe_gather(lede_universe *u, lede_error *err)
{
    lede_status status;
    uint32_t i, count;

    status = list_raws(u, err);
    if (status == LEDE_OK) {
        status = load_raws(u, err);
    }
    if (status == LEDE_OK) {
        status = lede_universe_load_pending(u, err);
    }
    for (i = 0; status == LEDE_OK && i < u->batch->live_raw_count; i++) {
        status = lede_universe_load_raw(u, u->batch->live_raws[i], true, err);
        if (status == LEDE_OK) {
            status = raise_holders(u, u->batch->live_raws[i],
                                   LEDE_STAKE_SETTLED, err);
        }
    }
    for (i = 0; i < u->document_count && status == LEDE_OK; i++) {
        if (u->documents[i].stake == LEDE_STAKE_SETTLED) {
            status = raise(u, i, LEDE_STAKE_SETTLED, err);
        }
    }
    /* Posts on live pages that articles share a key with. */
    count = u->document_count == 0 ? 0 : u->raw_count;
    for (i = 0; i < count && status == LEDE_OK; i++) {
        status = raise_holders(u, u->raws[i], LEDE_STAKE_NEIGHBOUR, err);
    }
    if (status == LEDE_OK) {
        status = follow_all(u, err);
    }
    sort_raws(u);
    return status;
}
