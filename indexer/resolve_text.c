#include "indexer/resolve_private.h"
#include "indexer/sort.h"
#include "storage/record.h"

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

lede_status resolve_find_text(resolver *r, const lede_voice *voices,
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

lede_status resolve_list_wishes(resolver *r, lede_voice *voices, uint32_t count,
                                lede_settled *e, lede_error *err)
{
    lede_text_wish *wishes =
        lede_arena_array(&r->out->arena, count, sizeof wishes[0]);
    lede_map pending = {.arena = &r->scratch}, tried = {.arena = &r->scratch};
    lede_status status = LEDE_OK;
    uint32_t i;

    lede_sort(voices, count, sizeof voices[0], compare_best_first);
    if (wishes == NULL || !index_pending(r, voices, count, e, &pending)) {
        status = resolve_no_memory(err);
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
                status = resolve_no_memory(err);
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
