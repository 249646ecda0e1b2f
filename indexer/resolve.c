#include "indexer/resolve_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/grow.h"
#include "indexer/sort.h"

/* --- Parts ------------------------------------------------------------- */

static lede_status add_part(resolver *r, const part *p, lede_error *err)
{
    part *items = lede_grown_in(&r->pages_arena, r->parts.items, r->parts.count,
                                &r->parts.cap, sizeof items[0]);

    if (items == NULL) {
        return resolve_no_memory(err);
    }
    r->parts.items = items;
    items[r->parts.count++] = *p;
    return LEDE_OK;
}

static lede_status settle_pages(resolver *r, lede_error *err)
{
    uint32_t all, n = 0, i;
    const lede_universe_document *documents =
        lede_universe_documents(r->out->universe, &all);
    lede_live_document *live =
        lede_arena_array(&r->pages_arena, all, sizeof live[0]);

    if (live == NULL) {
        return resolve_no_memory(err);
    }
    for (i = 0; i < all; i++) {
        if (documents[i].stake != LEDE_STAKE_NONE) {
            live[n++] = documents[i].live;
        }
    }
    return lede_pages_settle(live, n, &r->pages_arena, &r->pages, err);
}

/* Whether a key of the post changed somewhere: then so may the post. */
static bool is_at_stake(const resolver *r, const lede_live_class *c)
{
    uint32_t i;

    for (i = c->first; i < c->first + c->count; i++) {
        if (lede_universe_is_at_stake(r->out->universe,
                                      r->pages.members[i]->claim.raw)) {
            return true;
        }
    }
    return false;
}

/* The other keys of posts with a key that changed: other pages may show these.
 */
static lede_status stake_keys(resolver *r, bool *has_news, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i, m;

    *has_news = false;
    for (i = 0; i < r->pages.class_count; i++) {
        const lede_live_class *c = &r->pages.classes[i];

        if (!is_at_stake(r, c)) {
            continue;
        }
        for (m = c->first; m < c->first + c->count && status == LEDE_OK; m++) {
            uint64_t raw = r->pages.members[m]->claim.raw;

            if (!lede_universe_is_at_stake(r->out->universe, raw)) {
                *has_news = true;
                status = lede_universe_stake(r->out->universe, raw, err);
            }
        }
    }
    return status;
}

/* Pages lead to keys, and these to more pages. */
static lede_status gather(resolver *r, lede_error *err)
{
    lede_status status = lede_universe_gather(r->out->universe, err);
    bool has_news = true;

    while (status == LEDE_OK && has_news) {
        status = settle_pages(r, err);
        if (status == LEDE_OK) {
            status = stake_keys(r, &has_news, err);
        }
        if (status == LEDE_OK && has_news) {
            status = lede_universe_follow(r->out->universe, err);
        }
    }
    return status;
}

static bool want(resolver *r, uint64_t raw)
{
    return lede_map_put(&r->wanted, raw, 1);
}

static lede_status list_wanted(resolver *r, lede_error *err)
{
    uint32_t count, i;
    const uint64_t *raws = lede_universe_raws(r->out->universe, &count);
    bool ok = true;

    for (i = 0; i < r->pages.class_count; i++) {
        const lede_live_class *c = &r->pages.classes[i];

        ok = ok && (!is_at_stake(r, c) || want(r, c->oldest->claim.raw));
    }
    for (i = 0; i < count; i++) {
        ok = ok && want(r, raws[i]);
    }
    return ok ? LEDE_OK : resolve_no_memory(err);
}

typedef struct article_context {
    resolver *resolver;
    lede_error *err;
    lede_status status;
} article_context;

static void add_article(void *ctx, const lede_version *version)
{
    article_context *c = ctx;
    uint64_t raw = version->claim.raw;
    part p = {.raw = raw, .key = raw, .article = version};

    if (c->status == LEDE_OK) {
        c->status = add_part(c->resolver, &p, c->err);
    }
}

static lede_status list_parts(resolver *r, lede_error *err)
{
    const lede_batch *batch = r->out->batch;
    article_context context = {r, err, LEDE_OK};
    lede_status status = LEDE_OK;
    uint32_t count, i;
    const uint64_t *raws = lede_universe_raws(r->out->universe, &count);

    for (i = 0; i < r->pages.class_count && status == LEDE_OK; i++) {
        const lede_live_class *c = &r->pages.classes[i];
        part p = {.raw = c->oldest->claim.raw, .key = c->key, .live = c};

        if (lede_map_get(&r->wanted, p.raw) != LEDE_MAP_NONE) {
            status = add_part(r, &p, err);
        }
    }
    for (i = 0; i < batch->claim_count && status == LEDE_OK; i++) {
        uint64_t raw = batch->claims[i].claim.raw;
        part p = {.raw = raw, .key = raw, .pending = i};

        if (!batch->claims[i].claim.is_post &&
            lede_map_get(&r->wanted, raw) != LEDE_MAP_NONE) {
            status = add_part(r, &p, err);
        }
    }
    for (i = 0; i < count && status == LEDE_OK; i++) {
        lede_universe_each_article(r->out->universe, raws[i], add_article,
                                   &context);
        status = context.status;
    }
    return status;
}

/* By raw key, those that have it for their own first; then by key. */
static int compare_parts(const void *left, const void *right)
{
    const part *a = left, *b = right;

    if (a->raw != b->raw) {
        return a->raw < b->raw ? -1 : 1;
    }
    if ((a->key == a->raw) != (b->key == b->raw)) {
        return a->key == a->raw ? -1 : 1;
    }
    return a->key == b->key ? 0 : a->key < b->key ? -1 : 1;
}

/* --- Versions ------------------------------------------------------------ */

/* A pending claim as a version, in the scratch of the key at hand. */
static const lede_version *version_of(resolver *r, const part *p)
{
    const lede_batch *batch = r->out->batch;
    const lede_pending_claim *pending;
    lede_version *version;

    if (p->article != NULL) {
        return p->article;
    }
    pending = &batch->claims[p->pending];
    version = lede_arena_get(&r->scratch, sizeof *version);
    if (version == NULL) {
        return NULL;
    }
    *version = (lede_version){.claim = pending->claim, .tag = p->pending};
    lede_buf_clear(&r->name);
    lede_claim_put_path(&pending->claim,
                        batch->files[pending->file].record.path, &r->name);
    version->path = lede_arena_copy(&r->scratch, lede_buf_span(&r->name));
    return r->name.failed || version->path.bytes == NULL ? NULL : version;
}

/* Versions of parts of one raw key. */
typedef struct voices {
    lede_voice *items;
    uint32_t count, cap;
} voice_list;

static bool add_voice(resolver *r, voice_list *all, lede_voice voice)
{
    lede_voice *items = lede_grown_in(&r->scratch, all->items, all->count,
                                      &all->cap, sizeof items[0]);

    if (items == NULL || voice.version == NULL) {
        return false;
    }
    all->items = items;
    items[all->count++] = voice;
    return true;
}

static bool add_voices(resolver *r, const part *p, uint32_t number,
                       voice_list *all)
{
    bool ok = true;
    uint32_t i;

    if (p->live == NULL) {
        return add_voice(r, all,
                         (lede_voice){.version = version_of(r, p),
                                      .part = number,
                                      .is_lent = p->article == NULL});
    }
    for (i = 0; i < p->live->count && ok; i++) {
        ok = add_voice(
            r, all,
            (lede_voice){.version = r->pages.members[p->live->first + i],
                         .live = p->live,
                         .part = number});
    }
    return ok;
}

/* --- Entries
 * ------------------------------------------------------------------ */

static int compare_spans(const void *left, const void *right)
{
    return lede_span_compare(*(const lede_span *)left,
                             *(const lede_span *)right);
}

static bool set_paths(resolver *r, const lede_voice *voices, uint32_t count,
                      lede_settled *e)
{
    lede_span *paths = lede_arena_array(&r->out->arena, count, sizeof paths[0]);
    uint32_t i, n = 0;

    if (paths == NULL) {
        return false;
    }
    for (i = 0; i < count; i++) {
        paths[i] = voices[i].version->path;
        if (voices[i].is_lent) {
            paths[i] = lede_arena_copy(&r->out->arena, paths[i]);
            if (paths[i].bytes == NULL) {
                return false;
            }
        }
    }
    lede_sort(paths, count, sizeof paths[0], compare_spans);
    for (i = 0; i < count; i++) {
        if (n == 0 || !lede_span_equal(paths[i], paths[n - 1])) {
            paths[n++] = paths[i];
        }
    }
    e->paths = paths;
    e->path_count = n;
    return true;
}

static int compare_u64(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static bool set_aliases(resolver *r, const lede_voice *voices, uint32_t count,
                        lede_settled *e)
{
    uint64_t *aliases;
    uint32_t i, n = 0, other = 0;

    for (i = 0; i < count; i++) {
        other += voices[i].version->claim.raw != e->key;
    }
    if (other == 0) {
        return true;
    }
    aliases = lede_arena_array(&r->out->arena, other, sizeof aliases[0]);
    if (aliases == NULL) {
        return false;
    }
    for (i = 0, other = 0; i < count; i++) {
        if (voices[i].version->claim.raw != e->key) {
            aliases[other++] = voices[i].version->claim.raw;
        }
    }
    lede_sort(aliases, other, sizeof aliases[0], compare_u64);
    for (i = 0; i < other; i++) {
        if (n == 0 || aliases[i] != aliases[n - 1]) {
            aliases[n++] = aliases[i];
        }
    }
    e->aliases = aliases;
    e->alias_count = n;
    return true;
}

static bool set_published(resolver *r, const lede_voice *winner,
                          lede_settled *e)
{
    const lede_when *own = &winner->version->claim.published;
    lede_when *copy;

    if (winner->live == NULL) {
        return true;
    }
    copy = lede_arena_get(&r->out->arena, sizeof *copy);
    if (copy == NULL) {
        return false;
    }
    *copy = winner->live->published;
    e->published = copy;
    e->time = copy->instant;
    e->page_id = winner->live->page_id;
    e->year_is_guessed = winner->version->claim.year_was_guessed &&
                         copy->instant == own->instant &&
                         copy->year_source == own->year_source;
    return true;
}

/* Makes one entry of versions that are one. */
static lede_status settle_entry(resolver *r, uint64_t key, lede_voice *voices,
                                uint32_t count, lede_error *err)
{
    const lede_voice *winner = &voices[0];
    lede_settled *entries, e = {.key = key, .time = LEDE_INSTANT_NONE};
    lede_status status;
    uint32_t i;

    for (i = 1; i < count; i++) {
        if (lede_voice_compare(&voices[i], winner) > 0) {
            winner = &voices[i];
        }
    }
    e.stored = lede_map_get(&r->stored_by_key, key);
    if (!set_published(r, winner, &e) || !set_paths(r, voices, count, &e) ||
        !set_aliases(r, voices, count, &e)) {
        return resolve_no_memory(err);
    }
    status = resolve_find_text(r, voices, count, winner->version, &e, err);
    if (status == LEDE_OK && e.source == LEDE_TEXT_MISSING) {
        status = resolve_list_wishes(r, voices, count, &e, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    entries = lede_grown_in(&r->out->arena, r->out->entries, r->out->count,
                            &r->out->cap, sizeof entries[0]);
    if (entries == NULL) {
        return resolve_no_memory(err);
    }
    r->out->entries = entries;
    entries[r->out->count++] = e;
    return LEDE_OK;
}

/* The parts of one raw key that begin with a key of their own. */
typedef struct family {
    const part *items;
    uint32_t count;
    voice_list *voices; /* of items[i].key, at the first one that has it */
} family;

static uint32_t find_key(const family *f, uint64_t key)
{
    uint32_t i;

    for (i = 0; i < f->count; i++) {
        if (f->items[i].key == key) {
            return i;
        }
    }
    return LEDE_MAP_NONE;
}

/* Settles the versions that have a key. Those of an entry whose key, after all,
 * is one that a page gave by itself are settled with that page's. */
static lede_status settle_voices(resolver *r, family *f, uint32_t at,
                                 lede_error *err)
{
    const voice_list *own = &f->voices[at];
    uint64_t key = f->items[at].key;
    lede_cluster *clusters;
    uint32_t count, i, j;
    lede_status status;

    status = lede_voices_cluster(key, own->items, own->count, &r->scratch,
                                 &clusters, &count, err);
    for (i = 0; status == LEDE_OK && i < count; i++) {
        lede_voice *items = own->items + clusters[i].first;
        uint32_t other = clusters[i].key == key ? LEDE_MAP_NONE
                                                : find_key(f, clusters[i].key);

        if (other == LEDE_MAP_NONE || other <= at) {
            status =
                settle_entry(r, clusters[i].key, items, clusters[i].count, err);
            continue;
        }
        for (j = 0; j < clusters[i].count && status == LEDE_OK; j++) {
            status = add_voice(r, &f->voices[other], items[j])
                         ? LEDE_OK
                         : resolve_no_memory(err);
        }
    }
    return status;
}

static lede_status settle_family(resolver *r, const part *items, uint32_t count,
                                 lede_error *err)
{
    family f = {items, count, NULL};
    lede_status status = LEDE_OK;
    uint32_t first = 0, i;

    lede_arena_clear(&r->scratch);
    f.voices = lede_arena_array(&r->scratch, count, sizeof f.voices[0]);
    if (f.voices == NULL) {
        return resolve_no_memory(err);
    }
    for (i = 0; i < count; i++) {
        first = items[i].key == items[first].key ? first : i;
        if (!add_voices(r, &items[i], i, &f.voices[first])) {
            return resolve_no_memory(err);
        }
    }
    for (i = 0; i < count && status == LEDE_OK; i++) {
        if (f.voices[i].count > 0) {
            status = settle_voices(r, &f, i, err);
        }
    }
    return status;
}

static lede_status settle_families(resolver *r, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t begin, end;

    lede_sort(r->parts.items, r->parts.count, sizeof r->parts.items[0],
              compare_parts);
    for (begin = 0; begin < r->parts.count && status == LEDE_OK; begin = end) {
        for (end = begin + 1; end < r->parts.count; end++) {
            if (r->parts.items[end].raw != r->parts.items[begin].raw) {
                break;
            }
        }
        status = settle_family(r, &r->parts.items[begin], end - begin, err);
    }
    return status;
}

/* --- All of it
 * ------------------------------------------------------------------ */

static lede_status index_stored(resolver *r, lede_error *err)
{
    uint32_t count, i;
    const lede_stored_entry *stored =
        lede_universe_stored(r->out->universe, &count);
    bool ok = true;

    for (i = 0; i < count; i++) {
        ok = ok && lede_map_put(&r->stored_by_key, stored[i].key, i);
    }
    r->digests = lede_arena_array(&r->pages_arena, count + 1u, 8);
    r->when_hashes = lede_arena_array(&r->pages_arena, count + 1u, 4);
    r->has_digest = lede_arena_array(&r->pages_arena, count + 1u, 1);
    return ok && r->digests != NULL && r->when_hashes != NULL &&
                   r->has_digest != NULL
               ? LEDE_OK
               : resolve_no_memory(err);
}

/* Stored entries that are no page's any more go, but not those that a neighbour
 * has and that were not settled. */
static lede_status list_deletions(resolver *r, lede_error *err)
{
    lede_resolution *out = r->out;
    lede_map settled = {.arena = &r->pages_arena};
    lede_map classes = {.arena = &r->pages_arena};
    uint32_t count, i;
    const lede_stored_entry *stored =
        lede_universe_stored(out->universe, &count);
    bool ok = true;

    for (i = 0; i < out->count; i++) {
        ok = ok && lede_map_put(&settled, out->entries[i].key, 1);
    }
    for (i = 0; i < r->pages.class_count; i++) {
        const lede_live_class *c = &r->pages.classes[i];

        ok = ok && (is_at_stake(r, c) || lede_map_put(&classes, c->key, 1));
    }
    out->deletions = lede_arena_array(
        &out->arena, (size_t)count + out->count + 1, sizeof out->deletions[0]);
    ok = ok && out->deletions != NULL;
    for (i = 0; ok && i < count; i++) {
        if (lede_map_get(&settled, stored[i].key) == LEDE_MAP_NONE &&
            stored[i].is_at_stake &&
            lede_map_get(&classes, stored[i].key) == LEDE_MAP_NONE) {
            out->deletions[out->deletion_count++] = (lede_deletion){
                lede_segment_id(stored[i].segment), stored[i].entry};
            ok = lede_resolution_note(out, stored[i].key, LEDE_CHANGE_REMOVED);
        }
    }
    return ok ? LEDE_OK : resolve_no_memory(err);
}

static void resolver_done(resolver *r)
{
    lede_arena_done(&r->pages_arena);
    lede_arena_done(&r->scratch);
    lede_arena_done(&r->decoded);
    lede_buf_done(&r->name);
    lede_buf_done(&r->record);
    lede_identifier_done(&r->identifier);
}

lede_status lede_resolve(const lede_batch *batch, const lede_snapshot *snapshot,
                         const char *directory, size_t heap_bytes,
                         lede_resolution *out, lede_error *err)
{
    resolver r = {.out = out};
    const lede_arena_source *source = NULL;
    lede_status status;

    *out = (lede_resolution){.batch = batch, .snapshot = snapshot};
    r.wanted.arena = r.stored_by_key.arena = &r.pages_arena;
    status = lede_scratch_new(directory, heap_bytes, &out->scratch, err);
    if (status == LEDE_OK) {
        source = lede_scratch_source(out->scratch);
        out->arena.source = r.pages_arena.source = r.scratch.source = source;
        status =
            lede_universe_new(batch, snapshot, source, &out->universe, err);
    }
    if (status == LEDE_OK) {
        status = gather(&r, err);
    }
    if (status == LEDE_OK) {
        status = index_stored(&r, err);
    }
    if (status == LEDE_OK) {
        status = list_wanted(&r, err);
    }
    if (status == LEDE_OK) {
        status = list_parts(&r, err);
    }
    if (status == LEDE_OK) {
        status = settle_families(&r, err);
    }
    if (status == LEDE_OK) {
        status = list_deletions(&r, err);
    }
    resolver_done(&r);
    if (status != LEDE_OK) {
        lede_resolution_done(out);
    }
    return status;
}
