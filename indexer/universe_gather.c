#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "indexer/grow.h"
#include "indexer/sort.h"
#include "indexer/universe_private.h"

/* --- Raw keys of articles ------------------------------------------------ */

static lede_status add_raw(lede_universe *u, uint64_t raw, lede_error *err)
{
    uint64_t *raws = lede_grown_in(&u->arena, u->raws, u->raw_count,
                                   &u->raw_cap, sizeof raws[0]);

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

    lede_sort(u->raws, u->raw_count, sizeof u->raws[0], compare_u64);
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

static void raise_holders(lede_universe *u, uint64_t raw, lede_stake stake)
{
    uint32_t info = lede_map_get(&u->raw_at, raw), node;

    for (node = info == LEDE_MAP_NONE ? LEDE_MAP_NONE
                                      : u->infos[info].documents;
         node != LEDE_MAP_NONE; node = u->nodes[node].next) {
        lede_universe_document *d = &u->documents[u->nodes[node].item];

        d->stake = d->stake < stake ? stake : d->stake;
    }
}

static void raise_saves(lede_universe *u, uint64_t url_page_id)
{
    uint32_t i;

    for (i = 0; i < u->document_count; i++) {
        if (u->documents[i].live.about.url_page_id == url_page_id) {
            u->documents[i].stake = LEDE_STAKE_SETTLED;
        }
    }
}

/* Loads the documents that share a key with a settled one, or with a neighbour
 * that is to be known whole. */
static lede_status follow_key(lede_universe *u, uint64_t raw, lede_stake stake,
                              lede_error *err)
{
    lede_status status =
        lede_universe_load_raw(u, raw, stake == LEDE_STAKE_SETTLED, err);
    uint32_t info = lede_map_get(&u->raw_at, raw);
    uint64_t *shown;

    if (status != LEDE_OK || info == LEDE_MAP_NONE ||
        stake != LEDE_STAKE_SETTLED || u->infos[info].is_shown) {
        return status;
    }
    u->infos[info].is_shown = true;
    shown = lede_grown_in(&u->arena, u->shown, u->shown_count, &u->shown_cap,
                          sizeof shown[0]);
    if (shown == NULL) {
        return lede_universe_no_memory(err);
    }
    u->shown = shown;
    shown[u->shown_count++] = raw;
    return u->infos[info].articles == LEDE_MAP_NONE ? LEDE_OK
                                                    : add_raw(u, raw, err);
}

lede_status lede_universe_stake(lede_universe *u, uint64_t raw, lede_error *err)
{
    return follow_key(u, raw, LEDE_STAKE_SETTLED, err);
}

static lede_status follow(lede_universe *u, uint32_t document, lede_stake stake,
                          lede_error *err)
{
    lede_live_document live = u->documents[document].live; /* the array moves */
    lede_status status = LEDE_OK;
    uint32_t i;

    if (live.about.url_page_id != 0) {
        status = lede_universe_load_page(u, live.about.url_page_id, err);
    }
    for (i = 0; status == LEDE_OK && i < live.post_count; i++) {
        status = follow_key(u, live.posts[i].claim.raw, stake, err);
    }
    return status;
}

/* --- Pages --------------------------------------------------------------- */

static bool find_pages(lede_universe *u)
{
    while (u->finder.count < u->document_count) {
        if (!lede_page_finder_add(&u->finder,
                                  &u->documents[u->finder.count].live)) {
            return false;
        }
    }
    return true;
}

static void raise_page(void *ctx, uint32_t page)
{
    lede_universe *u = ctx;

    if (u->page_stakes[page] == LEDE_STAKE_NONE) {
        u->page_stakes[page] = LEDE_STAKE_NEIGHBOUR;
    }
}

/* A page has the highest stake of its documents, and all of them have its. */
static lede_status share_stakes(lede_universe *u, lede_error *err)
{
    lede_stake *stakes = u->page_stakes;
    uint32_t i;

    if (!find_pages(u)) {
        return lede_universe_no_memory(err);
    }
    if (u->stake_cap < u->document_count) {
        u->stake_cap = 2 * u->document_count;
        stakes = lede_arena_array(&u->arena, u->stake_cap, sizeof stakes[0]);
        if (stakes == NULL) {
            return lede_universe_no_memory(err);
        }
        u->page_stakes = stakes;
    }
    for (i = 0; i < u->document_count; i++) {
        stakes[i] = LEDE_STAKE_NONE;
    }
    for (i = 0; i < u->document_count; i++) {
        uint32_t page = lede_page_finder_page(&u->finder, i);

        if (u->documents[i].stake > stakes[page]) {
            stakes[page] = u->documents[i].stake;
        }
    }
    for (i = 0; i < u->shown_count; i++) {
        lede_page_finder_each(&u->finder, u->shown[i], raise_page, u);
    }
    for (i = 0; i < u->document_count; i++) {
        u->documents[i].stake = stakes[lede_page_finder_page(&u->finder, i)];
    }
    return LEDE_OK;
}

/* Whether a raw key names an entry at stake. */
static bool names_stake(const lede_universe *u, uint64_t raw)
{
    uint32_t info = lede_map_get(&u->raw_at, raw), node;
    bool found = false;

    for (node = info == LEDE_MAP_NONE ? info : u->infos[info].stored;
         node != LEDE_MAP_NONE && !found; node = u->nodes[node].next) {
        found = u->stored[u->nodes[node].item].is_at_stake;
    }
    return found;
}

/* Finds by which other keys files have what is at stake. */
static lede_status clear_up(lede_universe *u, bool *has_news, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t count = u->document_count, i, p;

    for (i = 0; i < count && status == LEDE_OK; i++) {
        lede_live_document live = u->documents[i].live; /* the array moves */

        if (!u->files[u->documents[i].file].is_unclear ||
            u->documents[i].followed == LEDE_STAKE_SETTLED) {
            continue;
        }
        for (p = 0; p < live.post_count && status == LEDE_OK; p++) {
            uint64_t raw = live.posts[p].claim.raw;

            status = lede_universe_look_up(u, raw, err);
            if (status == LEDE_OK && names_stake(u, raw) &&
                !lede_universe_is_at_stake(u, raw)) {
                *has_news = true;
                status = lede_universe_stake(u, raw, err);
            }
        }
    }
    return status;
}

/* Follows the documents that have a stake until nothing new comes of it. */
static lede_status follow_all(lede_universe *u, lede_error *err)
{
    lede_status status = share_stakes(u, err);
    bool has_news = true;
    uint32_t i;

    while (has_news && status == LEDE_OK) {
        uint32_t count = u->document_count;

        has_news = false;
        for (i = 0; i < count && status == LEDE_OK; i++) {
            lede_universe_document *d = &u->documents[i];

            if (d->stake > d->followed) {
                has_news = true;
                d->followed = d->stake;
                status = follow(u, i, d->stake, err);
            }
        }
        if (status == LEDE_OK) {
            status = clear_up(u, &has_news, err);
        }
        if (has_news && status == LEDE_OK) {
            status = share_stakes(u, err);
        }
    }
    return status;
}

lede_status lede_universe_follow(lede_universe *u, lede_error *err)
{
    lede_status status = follow_all(u, err);

    sort_raws(u);
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
            raise_holders(u, u->batch->live_raws[i], LEDE_STAKE_SETTLED);
        }
    }
    for (i = 0; i < u->batch->page_count && status == LEDE_OK; i++) {
        status = lede_universe_load_page(u, u->batch->pages[i], err);
        raise_saves(u, u->batch->pages[i]);
    }
    /* Posts on live pages that articles share a key with. */
    count = u->document_count == 0 ? 0 : u->raw_count;
    for (i = 0; i < count && status == LEDE_OK; i++) {
        raise_holders(u, u->raws[i], LEDE_STAKE_NEIGHBOUR);
    }
    return status == LEDE_OK ? lede_universe_follow(u, err) : status;
}
