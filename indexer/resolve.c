#include "indexer/resolve.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/clusters.h"
#include "indexer/grow.h"
#include "indexer/pages.h"
#include "indexer/sort.h"
#include "storage/record.h"

/* One version of an article, or all versions of a post that one page has. Parts
 * of one raw key (of a post's oldest version) are settled together: a page can
 * have split the key by itself. */
typedef struct part {
    uint64_t raw, key;
    const lede_live_class *live; /* NULL: an article */
    const lede_version *article; /* NULL: the pending claim */
    uint32_t pending;
} part;

typedef struct parts {
    part *items;
    uint32_t count, cap;
} parts;

typedef struct resolver {
    lede_resolution *out;
    lede_pages pages;
    lede_arena pages_arena;
    lede_map wanted;        /* raw keys whose entries are settled */
    lede_map stored_by_key; /* of the universe's */
    parts parts;
    lede_arena scratch; /* of one raw key */
    lede_buf name;
    lede_identifier identifier;
    lede_buf record;
    lede_arena decoded;
    uint64_t *digests; /* of stored texts, once they were asked for */
    uint32_t *when_hashes;
    bool *has_digest;
} resolver;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "settling entries: out of memory");
}

/* --- Parts ------------------------------------------------------------- */

static lede_status add_part(resolver *r, const part *p, lede_error *err)
{
    part *items = lede_grown_in(&r->pages_arena, r->parts.items, r->parts.count,
                                &r->parts.cap, sizeof items[0]);

    if (items == NULL) {
        return no_memory(err);
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
        return no_memory(err);
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
    return ok ? LEDE_OK : no_memory(err);
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

/* --- Texts ------------------------------------------------------------------
 */

static lede_status digest_stored(resolver *r, uint32_t stored, lede_error *err)
{
    uint32_t count;
    const lede_stored_entry *e =
        &lede_universe_stored(r->out->universe, &count)[stored];
    lede_entry entry;
    lede_status status;

    if (r->has_digest[stored]) {
        return LEDE_OK;
    }
    lede_arena_clear(&r->decoded);
    status = lede_segment_record(e->segment, e->entry, &r->record, err);
    if (status == LEDE_OK) {
        status = lede_record_decode(lede_buf_span(&r->record), &r->decoded,
                                    &entry, err);
    }
    if (status == LEDE_OK) {
        status = lede_identity_digest(&r->identifier, &entry,
                                      &r->digests[stored], err);
    }
    if (status == LEDE_OK) {
        r->when_hashes[stored] = lede_identity_when_hash(&entry.published);
        r->has_digest[stored] = true;
    }
    return status;
}

/* What the text of an entry is to be. */
typedef struct text_search {
    resolver *resolver;
    lede_settled *settled;
    const lede_claim *claim;
    lede_error *err;
    lede_status status;
} text_search;

/* Takes a stored text if it is what the claim says. */
static void try_stored(void *ctx, uint32_t stored)
{
    text_search *s = ctx;
    resolver *r = s->resolver;
    lede_settled *e = s->settled;
    uint32_t count;
    const lede_stored_entry *all =
        lede_universe_stored(r->out->universe, &count);

    if (s->status != LEDE_OK || e->source != LEDE_TEXT_MISSING) {
        return;
    }
    s->status = digest_stored(r, stored, s->err);
    if (s->status == LEDE_CORRUPT && r->out->batch->repairs) {
        s->status = LEDE_OK;
        return;
    }
    if (s->status != LEDE_OK || r->digests[stored] != s->claim->digest ||
        (e->published == NULL &&
         r->when_hashes[stored] != s->claim->when_hash)) {
        return;
    }
    e->source = LEDE_TEXT_STORED;
    e->segment = all[stored].segment;
    e->entry = all[stored].entry;
    if (e->published == NULL) {
        lede_column times;

        s->status =
            lede_segment_column(e->segment, LEDE_COLUMN_TIME, &times, s->err);
        if (s->status == LEDE_OK) {
            e->time = lede_column_get(&times, e->entry);
        }
    }
}

/* Takes the text of a pending claim, if it was kept. */
static bool try_pending(resolver *r, const lede_version *version,
                        lede_settled *e)
{
    const lede_pending_claim *pending;

    if (version->tag == LEDE_MAP_NONE) {
        return false;
    }
    pending = &r->out->batch->claims[version->tag];
    if (pending->text_at == LEDE_NO_TEXT) {
        return false;
    }
    e->source = LEDE_TEXT_SPILLED;
    e->text_at = pending->text_at;
    e->text_bytes = pending->text_bytes;
    if (e->published == NULL) {
        e->time = pending->claim.published.instant;
    }
    return true;
}

/* Whether the text of one is that of the other; pages know the date better. */
static bool says_the_same(const lede_claim *a, const lede_claim *b,
                          const lede_settled *e)
{
    return a->digest == b->digest &&
           (e->published != NULL || a->when_hash == b->when_hash);
}

static lede_status find_stored(resolver *r, const lede_voice *voices,
                               uint32_t count, const lede_claim *claim,
                               lede_settled *e, lede_error *err)
{
    text_search search = {r, e, claim, err, LEDE_OK};
    uint32_t i;

    if (e->stored != LEDE_MAP_NONE) {
        try_stored(&search, e->stored);
    }
    for (i = 0; i < count && e->source == LEDE_TEXT_MISSING; i++) {
        uint64_t raw = voices[i].version->claim.raw;

        if (i == 0 || raw != voices[i - 1].version->claim.raw) {
            lede_universe_each_stored(r->out->universe, raw, try_stored,
                                      &search);
        }
    }
    return search.status;
}

/* Finds the winner's text at hand or in the archive. */
static lede_status find_text(resolver *r, const lede_voice *voices,
                             uint32_t count, const lede_version *winner,
                             lede_settled *e, lede_error *err)
{
    uint32_t i;

    if (try_pending(r, winner, e)) {
        return LEDE_OK;
    }
    for (i = 0; i < count; i++) {
        if (says_the_same(&voices[i].version->claim, &winner->claim, e) &&
            try_pending(r, voices[i].version, e)) {
            return LEDE_OK;
        }
    }
    return find_stored(r, voices, count, &winner->claim, e, err);
}

static int compare_best_first(const void *left, const void *right)
{
    return lede_voice_compare(right, left);
}

static lede_span file_of(const resolver *r, const lede_version *version)
{
    const lede_batch *batch = r->out->batch;

    return version->tag == LEDE_MAP_NONE
               ? lede_version_file(version)
               : batch->files[batch->claims[version->tag].file].record.path;
}

static uint64_t hash_saying(const lede_claim *claim, const lede_settled *e)
{
    return e->published != NULL
               ? claim->digest
               : claim->digest +
                     claim->when_hash * UINT64_C(0x9e3779b97f4a7c15);
}

/* Notes for each saying the best voice whose text was just read. */
static bool index_pending(const resolver *r, const lede_voice *voices,
                          uint32_t count, const lede_settled *e, lede_map *out)
{
    uint32_t i;

    for (i = count; i-- > 0;) {
        const lede_version *version = voices[i].version;

        if (version->tag != LEDE_MAP_NONE &&
            r->out->batch->claims[version->tag].text_at != LEDE_NO_TEXT &&
            !lede_map_put(out, hash_saying(&version->claim, e), i)) {
            return false;
        }
    }
    return true;
}

/* The winner's text is not at hand: goes down the voices, best first, to the
 * first one that is, and wishes for those before. What a former save had is in
 * no file. */
static lede_status list_wishes(resolver *r, lede_voice *voices, uint32_t count,
                               lede_settled *e, lede_error *err)
{
    lede_text_wish *wishes =
        lede_arena_array(&r->out->arena, count, sizeof wishes[0]);
    lede_map pending = {.arena = &r->scratch}, tried = {.arena = &r->scratch};
    lede_status status = LEDE_OK;
    uint32_t i;

    lede_sort(voices, count, sizeof voices[0], compare_best_first);
    if (wishes == NULL || !index_pending(r, voices, count, e, &pending)) {
        status = no_memory(err);
    }
    for (i = 0; i < count && status == LEDE_OK; i++) {
        const lede_version *version = voices[i].version;
        uint64_t saying = hash_saying(&version->claim, e);
        uint32_t at = lede_map_get(&pending, saying);

        if (at != LEDE_MAP_NONE &&
            says_the_same(&voices[at].version->claim, &version->claim, e) &&
            try_pending(r, voices[at].version, e)) {
            break;
        }
        if (lede_map_get(&tried, saying) == LEDE_MAP_NONE) {
            status = find_stored(r, voices, count, &version->claim, e, err);
            if (status == LEDE_OK && !lede_map_put(&tried, saying, i)) {
                status = no_memory(err);
            }
        }
        if (status != LEDE_OK || e->source != LEDE_TEXT_MISSING) {
            break;
        }
        e->was_kept = e->was_kept || version->claim.is_kept;
        if (!version->claim.is_kept) {
            wishes[e->wish_count++] =
                (lede_text_wish){version->claim.raw, version->claim.digest,
                                 version->claim.when_hash, file_of(r, version)};
        }
    }
    e->wishes = wishes;
    e->wish_found = e->wish_count;
    r->out->wanting += e->wish_count > 0;
    return status;
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
        return no_memory(err);
    }
    status = find_text(r, voices, count, winner->version, &e, err);
    if (status == LEDE_OK && e.source == LEDE_TEXT_MISSING) {
        status = list_wishes(r, voices, count, &e, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    entries = lede_grown_in(&r->out->arena, r->out->entries, r->out->count,
                            &r->out->cap, sizeof entries[0]);
    if (entries == NULL) {
        return no_memory(err);
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
            status = add_voice(r, &f->voices[other], items[j]) ? LEDE_OK
                                                               : no_memory(err);
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
        return no_memory(err);
    }
    for (i = 0; i < count; i++) {
        first = items[i].key == items[first].key ? first : i;
        if (!add_voices(r, &items[i], i, &f.voices[first])) {
            return no_memory(err);
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
               : no_memory(err);
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
    return ok ? LEDE_OK : no_memory(err);
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
