#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "indexer/grow.h"
#include "indexer/page_lookup.h"
#include "indexer/run.h"

/* --- What the file said before ----------------------------------------------
 */

/* A damaged block says nothing any more (lede_file_look told of it): what it
 * alone had stays in the archive. */
static lede_status get_block(const lede_run *run, const lede_pending_file *file,
                             uint32_t index, lede_claims *out, lede_error *err)
{
    lede_status status = lede_file_block(run->snapshot, file->record.path,
                                         &file->state, index, out, err);

    return status == LEDE_CORRUPT ? LEDE_OK : status;
}

static lede_status raise_group(lede_run *run, const lede_claims *claims,
                               lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < claims->document_count && status == LEDE_OK; i++) {
        lede_claim_document about;

        status = lede_claims_document(claims, i, &about, err);
        if (status == LEDE_OK && about.group > run->next_group) {
            run->next_group = about.group;
        }
    }
    return status;
}

lede_status lede_old_open(lede_run *run, lede_error *err)
{
    const lede_pending_file *file = lede_batch_file(&run->batch);
    uint32_t fresh = lede_file_new_blocks(&file->state);
    uint32_t count = lede_file_old_blocks(&file->state), i;
    lede_status status = LEDE_OK;

    run->old.count = 0;
    for (i = 0; i < count && status == LEDE_OK; i++) {
        lede_claims *blocks = lede_grown(run->old.blocks, run->old.count,
                                         &run->old.cap, sizeof blocks[0]);

        if (blocks == NULL) {
            return lede_fail(err, LEDE_NO_MEMORY, "reading: out of memory");
        }
        run->old.blocks = blocks;
        status = get_block(run, file, fresh + i, &blocks[i], err);
        if (status == LEDE_OK) {
            status = raise_group(run, &blocks[i], err);
            run->old.count++;
        }
    }
    return status;
}

static bool is_same_document(const lede_claims *claims, uint32_t document,
                             const lede_claim_document *about)
{
    lede_claim_document old;

    return lede_claims_document(claims, document, &old, NULL) == LEDE_OK &&
           old.is_live == about->is_live && !old.is_kept &&
           old.form == about->form && old.url_page_id == about->url_page_id;
}

bool lede_old_has(const lede_run *run, const lede_claim *claim,
                  const lede_claim_document *about)
{
    uint32_t b, i;

    for (b = 0; b < run->old.count; b++) {
        const lede_claims *claims = &run->old.blocks[b];

        for (i = lede_claims_find(claims, claim->raw);
             i < claims->claim_count &&
             lede_claims_raw(claims, i) == claim->raw;
             i++) {
            lede_claim old;

            if (lede_claims_get(claims, i, &old, NULL) == LEDE_OK &&
                lede_claim_equal(&old, claim) && !old.is_kept &&
                old.is_post == claim->is_post &&
                (about == NULL ||
                 is_same_document(claims, old.document, about))) {
                return true;
            }
        }
    }
    return false;
}

/* --- What it says now
 * --------------------------------------------------------- */

typedef struct keyed {
    uint64_t raw;
    uint32_t claim;
} keyed;

/* The present reading: pending claims by raw key, and chunks published. */
typedef struct present {
    const lede_batch *batch;
    keyed *sorted; /* claims of the file in the batch */
    uint32_t count;
    lede_claims *chunks;
    uint32_t chunk_count;
    bool has_changed_page; /* a live document that is to be settled */
    lede_map cut_at; /* place -> pending claim of an article cut off there */
} present;

static int compare_keyed(const void *left, const void *right)
{
    const keyed *a = left, *b = right;

    if (a->raw != b->raw) {
        return a->raw < b->raw ? -1 : 1;
    }
    return a->claim < b->claim ? -1 : 1;
}

static void present_done(present *p)
{
    free(p->sorted);
    free(p->chunks);
    lede_map_done(&p->cut_at);
}

static lede_status sort_pending(lede_run *run, present *p, lede_error *err)
{
    const lede_pending_file *file = lede_batch_file(&run->batch);
    uint32_t i;

    free(p->sorted);
    p->count = file->claim_count;
    p->sorted = malloc((p->count + 1u) * sizeof p->sorted[0]);
    if (p->sorted == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "reading: out of memory");
    }
    for (i = 0; i < p->count; i++) {
        uint32_t claim = file->first_claim + i;

        p->sorted[i] = (keyed){run->batch.claims[claim].claim.raw, claim};
    }
    qsort(p->sorted, p->count, sizeof p->sorted[0], compare_keyed);
    return LEDE_OK;
}

static lede_status present_init(lede_run *run, present *p, lede_error *err)
{
    const lede_pending_file *file = lede_batch_file(&run->batch);
    uint32_t i;
    lede_status status;

    *p = (present){.batch = &run->batch};
    status = sort_pending(run, p, err);
    p->chunk_count = lede_file_new_blocks(&file->state);
    p->chunks = malloc((p->chunk_count + 1u) * sizeof p->chunks[0]);
    if (status == LEDE_OK && p->chunks == NULL) {
        status = lede_fail(err, LEDE_NO_MEMORY, "reading: out of memory");
    }
    for (i = 0; i < p->chunk_count && status == LEDE_OK; i++) {
        status = get_block(run, file, i, &p->chunks[i], err);
    }
    for (i = 0; i < file->document_count; i++) {
        p->has_changed_page |=
            run->batch.documents[file->first_document + i].is_dirty;
    }
    return status;
}

static uint32_t find_pending(const present *p, uint64_t raw)
{
    uint32_t low = 0, high = p->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (p->sorted[middle].raw < raw) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Whether the file still says this: exactly, or (`any`) anything of the key. */
static bool is_said(const present *p, const lede_claim *claim, bool any)
{
    uint32_t i, b;
    lede_claim now;

    for (i = find_pending(p, claim->raw); i < p->count; i++) {
        const lede_claim *c = &p->batch->claims[p->sorted[i].claim].claim;

        if (c->raw != claim->raw) {
            break;
        }
        if (any || lede_claim_equal(c, claim)) {
            return true;
        }
    }
    for (b = 0; b < p->chunk_count; b++) {
        for (i = lede_claims_find(&p->chunks[b], claim->raw);
             i < p->chunks[b].claim_count &&
             lede_claims_raw(&p->chunks[b], i) == claim->raw;
             i++) {
            if (any ||
                (lede_claims_get(&p->chunks[b], i, &now, NULL) == LEDE_OK &&
                 lede_claim_equal(&now, claim))) {
                return true;
            }
        }
    }
    return false;
}

/* --- Live pages that were overwritten
 * ------------------------------------------- */

/* One old document. */
typedef struct old_document {
    lede_claim_document about;
    lede_version *versions;
    uint32_t count;
    uint32_t page; /* pending document that is its page now, or NONE */
} old_document;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "reading: out of memory");
}

static lede_status gather_old(const lede_claims *claims, lede_span path,
                              lede_arena *arena, old_document **out,
                              lede_error *err)
{
    old_document *old =
        lede_arena_array(arena, claims->document_count + 1u, sizeof old[0]);
    lede_status status = LEDE_OK;
    lede_claim claim;
    uint32_t i;

    if (old == NULL) {
        return no_memory(err);
    }
    for (i = 0; i < claims->document_count && status == LEDE_OK; i++) {
        old[i].page = LEDE_MAP_NONE;
        status = lede_claims_document(claims, i, &old[i].about, err);
    }
    for (i = 0; i < claims->claim_count && status == LEDE_OK; i++) {
        status = lede_claims_get(claims, i, &claim, err);
        if (status == LEDE_OK && claim.is_post) {
            old[claim.document].count++;
        }
    }
    for (i = 0; i < claims->document_count && status == LEDE_OK; i++) {
        old[i].versions = lede_arena_array(arena, old[i].count + 1u,
                                           sizeof old[i].versions[0]);
        status = old[i].versions == NULL ? no_memory(err) : status;
        old[i].count = 0;
    }
    for (i = 0; i < claims->claim_count && status == LEDE_OK; i++) {
        status = lede_claims_get(claims, i, &claim, err);
        if (status == LEDE_OK && claim.is_post) {
            old_document *d = &old[claim.document];

            d->versions[d->count++] =
                (lede_version){.claim = claim, .path = path};
        }
    }
    *out = old;
    return status;
}

/* The pending live documents of the file, as pages.h sees them. */
static lede_status gather_new(lede_run *run, lede_arena *arena,
                              lede_live_document **out, lede_error *err)
{
    const lede_pending_file *file = lede_batch_file(&run->batch);
    lede_live_document *documents =
        lede_arena_array(arena, file->document_count + 1u, sizeof documents[0]);
    uint32_t i, j;

    for (i = 0; documents != NULL && i < file->document_count; i++) {
        const lede_pending_document *d =
            &run->batch.documents[file->first_document + i];
        lede_version *versions;

        documents[i].about = d->about;
        if (!d->about.is_live) {
            continue;
        }
        versions = lede_arena_array(arena, d->count + 1u, sizeof versions[0]);
        if (versions == NULL) {
            return no_memory(err);
        }
        for (j = 0; j < d->count; j++) {
            versions[j] =
                (lede_version){.claim = run->batch.claims[d->first + j].claim,
                               .path = file->record.path};
        }
        documents[i].posts = versions;
        documents[i].post_count = d->count;
    }
    *out = documents;
    return documents == NULL ? no_memory(err) : LEDE_OK;
}

/* Finds for each old document which of the new ones shows its page; those that
 * were one page before still are. */
static bool match_old(old_document *old, uint32_t old_count,
                      lede_page_lookup *lookup, lede_arena *arena)
{
    lede_map page_of_group = {.arena = arena};
    bool ok = true;
    uint32_t i;

    for (i = 0; i < old_count; i++) {
        lede_live_document was = {.about = old[i].about,
                                  .posts = old[i].versions,
                                  .post_count = old[i].count};

        was.about.group = 0;
        ok = ok && (was.post_count == 0 ||
                    lede_page_lookup_first(lookup, &was, &old[i].page));
        if (old[i].page != LEDE_MAP_NONE && old[i].about.group != 0 &&
            lede_map_get(&page_of_group, old[i].about.group) == LEDE_MAP_NONE) {
            ok = ok &&
                 lede_map_put(&page_of_group, old[i].about.group, old[i].page);
        }
    }
    for (i = 0; i < old_count && ok; i++) {
        if (old[i].page == LEDE_MAP_NONE && old[i].about.group != 0) {
            old[i].page = lede_map_get(&page_of_group, old[i].about.group);
        }
    }
    return ok;
}

/* Copies a claim whose spans lie in the snapshot into the batch. */
static lede_status keep_claim(lede_run *run, const lede_claim *claim,
                              lede_error *err)
{
    lede_arena *arena = &run->batch.arena;
    lede_claim kept = *claim;

    kept.is_kept = claim->is_post || claim->is_kept;
    kept.location = lede_arena_copy(arena, claim->location);
    kept.headline = lede_arena_copy(arena, claim->headline);
    kept.shingles = lede_arena_copy(arena, claim->shingles);
    if (kept.location.bytes == NULL || kept.headline.bytes == NULL ||
        kept.shingles.bytes == NULL) {
        return no_memory(err);
    }
    return lede_batch_add_claim(&run->batch, &kept, lede_span_of(NULL, 0), err);
}

/* Keeps the posts of an old document that no new one shows. */
static lede_status keep_posts(lede_run *run, const present *p,
                              const old_document *old,
                              const lede_live_document *documents,
                              lede_error *err)
{
    lede_claim_document about = old->about;
    lede_status status = LEDE_OK;
    bool has_begun = false;
    uint32_t i;

    about.is_kept = true;
    if (old->page != LEDE_MAP_NONE) {
        about.group = documents[old->page].about.group;
        about.url_page_id = documents[old->page].about.url_page_id;
    }
    for (i = 0; i < old->count && status == LEDE_OK; i++) {
        if (is_said(p, &old->versions[i].claim, true)) {
            continue;
        }
        if (!has_begun) {
            has_begun = true;
            status = lede_batch_add_document(&run->batch, &about, err);
        }
        if (status == LEDE_OK) {
            status = keep_claim(run, &old->versions[i].claim, err);
        }
    }
    if (has_begun && status == LEDE_OK) {
        lede_pending_document *d =
            &run->batch.documents[run->batch.document_count - 1];

        d->is_dirty = p->has_changed_page || !old->about.is_kept;
    }
    return status;
}

static lede_status finish_live(lede_run *run, present *p,
                               const lede_claims *claims, lede_error *err)
{
    uint32_t count = lede_batch_file(&run->batch)->document_count, i, j;
    lede_live_document *documents = NULL;
    lede_page_lookup lookup;
    lede_arena arena = {0};
    old_document *old = NULL;
    lede_status status;

    status = gather_old(claims, lede_batch_file(&run->batch)->record.path,
                        &arena, &old, err);
    if (status == LEDE_OK) {
        status = gather_new(run, &arena, &documents, err);
    }
    if (status == LEDE_OK) {
        status = lede_page_lookup_init(&lookup, documents, count, &arena) &&
                         match_old(old, claims->document_count, &lookup, &arena)
                     ? LEDE_OK
                     : no_memory(err);
    }
    for (i = 0; status == LEDE_OK && i < claims->document_count; i++) {
        bool is_lost = p->has_changed_page;

        for (j = 0; j < old[i].count && !is_lost; j++) {
            is_lost = !old[i].about.is_kept &&
                      !is_said(p, &old[i].versions[j].claim, false);
        }
        if (run->is_damaged ||
            lede_page_lookup_may_have(&lookup, &old[i].about)) {
            status = keep_posts(run, p, &old[i], documents, err);
        } else {
            is_lost = true;
        }
        if (is_lost && status == LEDE_OK) {
            status =
                lede_batch_add_page(&run->batch, old[i].about.url_page_id, err);
        }
        for (j = 0; is_lost && j < old[i].count && status == LEDE_OK; j++) {
            status = lede_batch_add_raw(
                &run->batch, old[i].versions[j].claim.raw, true, err);
        }
    }
    lede_arena_done(&arena);
    return status;
}

/* --- Damaged files ------------------------------------------------------- */

static bool is_same_place(const lede_claim *a, const lede_claim *b)
{
    return a->line == b->line && lede_span_equal(a->location, b->location);
}

/* Whether a claim of a block is the only one of its key there. */
static bool is_alone(const lede_claims *claims, uint32_t row)
{
    uint64_t raw = lede_claims_raw(claims, row);

    return (row == 0 || lede_claims_raw(claims, row - 1) != raw) &&
           (row + 1 >= claims->claim_count ||
            lede_claims_raw(claims, row + 1) != raw);
}

/* Whether what was read of a damaged file takes the place of an old claim. */
static bool is_replaced(const present *p, const lede_claims *claims,
                        uint32_t row, const lede_claim *old)
{
    uint32_t i, b;
    lede_claim now;

    if (is_said(p, old, is_alone(claims, row))) {
        return true;
    }
    for (i = find_pending(p, old->raw); i < p->count; i++) {
        const lede_claim *c = &p->batch->claims[p->sorted[i].claim].claim;

        if (c->raw != old->raw) {
            break;
        }
        if (is_same_place(c, old)) {
            return true;
        }
    }
    for (b = 0; b < p->chunk_count; b++) {
        for (i = lede_claims_find(&p->chunks[b], old->raw);
             i < p->chunks[b].claim_count &&
             lede_claims_raw(&p->chunks[b], i) == old->raw;
             i++) {
            if (lede_claims_get(&p->chunks[b], i, &now, NULL) == LEDE_OK &&
                is_same_place(&now, old)) {
                return true;
            }
        }
    }
    return false;
}

/* Puts what the file had before in the place of what was cut off. */
static lede_status restore(lede_run *run, lede_pending_claim *c,
                           const lede_claim *old, lede_error *err)
{
    lede_arena *arena = &run->batch.arena;
    lede_claim whole = *old;

    whole.document = c->claim.document;
    whole.is_kept = c->claim.is_kept;
    whole.location = lede_arena_copy(arena, old->location);
    whole.headline = lede_arena_copy(arena, old->headline);
    whole.shingles = lede_arena_copy(arena, old->shingles);
    if (whole.location.bytes == NULL || whole.headline.bytes == NULL ||
        whole.shingles.bytes == NULL) {
        return no_memory(err);
    }
    c->claim = whole;
    c->text_at = LEDE_NO_TEXT;
    c->text_bytes = 0;
    c->is_truncated = false;
    return LEDE_OK;
}

static uint64_t hash_place(const lede_claim *claim)
{
    return lede_hash64(claim->location) +
           claim->line * UINT64_C(0x9e3779b97f4a7c15);
}

static lede_status list_cuts(lede_run *run, present *p, lede_error *err)
{
    uint32_t i;

    for (i = 0; i < p->count; i++) {
        const lede_pending_claim *c = &run->batch.claims[p->sorted[i].claim];

        if (c->is_truncated && !c->claim.is_post &&
            !lede_map_put(&p->cut_at, hash_place(&c->claim),
                          p->sorted[i].claim)) {
            return no_memory(err);
        }
    }
    return LEDE_OK;
}

/* What was cut off gives way to the longer text that the file had before. Half
 * a record may lack what its key is made of: then it is known by its place. */
static lede_status undo_cut(lede_run *run, const present *p,
                            const lede_claim *old, lede_error *err)
{
    lede_pending_claim *claims = run->batch.claims;
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = find_pending(p, old->raw); i < p->count && status == LEDE_OK;
         i++) {
        lede_pending_claim *c = &claims[p->sorted[i].claim];

        if (c->claim.raw != old->raw) {
            break;
        }
        if (c->is_truncated && c->claim.body_bytes < old->body_bytes) {
            status = restore(run, c, old, err);
        }
    }
    i = old->is_post ? LEDE_MAP_NONE
                     : lede_map_get(&p->cut_at, hash_place(old));
    if (i != LEDE_MAP_NONE && status == LEDE_OK && claims[i].is_truncated &&
        claims[i].claim.body_bytes <= old->body_bytes &&
        is_same_place(&claims[i].claim, old) && !is_said(p, old, true)) {
        status = restore(run, &claims[i], old, err);
    }
    return status;
}

/* Before anything is compared: keys change with it. */
static lede_status undo_cuts(lede_run *run, present *p, lede_error *err)
{
    lede_status status = list_cuts(run, p, err);
    lede_claim claim;
    uint32_t b, i;

    for (b = 0; b < run->old.count; b++) {
        const lede_claims *claims = &run->old.blocks[b];

        for (i = 0; i < claims->claim_count && status == LEDE_OK; i++) {
            status = lede_claims_get(claims, i, &claim, err);
            if (status == LEDE_OK) {
                status = undo_cut(run, p, &claim, err);
            }
        }
    }
    return status == LEDE_OK ? sort_pending(run, p, err) : status;
}

/* Keeps the articles of a block that a damaged file no longer shows. */
static lede_status keep_articles(lede_run *run, const present *p,
                                 const lede_claims *claims, lede_error *err)
{
    uint32_t document = LEDE_MAP_NONE, i;
    lede_status status = LEDE_OK;

    for (i = 0; i < claims->claim_count && status == LEDE_OK; i++) {
        lede_claim_document about;
        lede_claim claim;

        status = lede_claims_get(claims, i, &claim, err);
        if (status != LEDE_OK || claim.is_post ||
            is_replaced(p, claims, i, &claim)) {
            continue;
        }
        if (claim.document != document) {
            document = claim.document;
            status = lede_claims_document(claims, document, &about, err);
            if (status == LEDE_OK) {
                status = lede_batch_add_document(&run->batch, &about, err);
            }
        }
        if (status == LEDE_OK) {
            status = keep_claim(run, &claim, err);
        }
    }
    return status;
}

/* --- Finishing
 * --------------------------------------------------------------------- */

static lede_status forget_pages(lede_run *run, const lede_claims *claims,
                                lede_error *err)
{
    lede_status status = LEDE_OK;
    lede_claim_document about;
    uint32_t i;

    for (i = 0; i < claims->document_count && status == LEDE_OK; i++) {
        status = lede_claims_document(claims, i, &about, err);
        if (status == LEDE_OK && about.is_live) {
            status = lede_batch_add_page(&run->batch, about.url_page_id, err);
        }
    }
    return status;
}

static lede_status finish_block(lede_run *run, present *p,
                                const lede_claims *claims, bool is_forgotten,
                                lede_error *err)
{
    lede_status status = LEDE_OK;
    bool has_live = false;
    uint32_t i;

    if (run->is_damaged && !is_forgotten) {
        status = keep_articles(run, p, claims, err);
    } else if (is_forgotten) {
        status = forget_pages(run, claims, err);
    }
    for (i = 0; i < claims->claim_count && status == LEDE_OK; i++) {
        lede_claim claim;

        status = lede_claims_get(claims, i, &claim, err);
        if (status != LEDE_OK) {
            break;
        }
        if (claim.is_post && !is_forgotten) {
            has_live = true;
        } else if (is_forgotten || !is_said(p, &claim, false)) {
            status =
                lede_batch_add_raw(&run->batch, claim.raw, claim.is_post, err);
        }
    }
    if (status == LEDE_OK && has_live) {
        status = finish_live(run, p, claims, err);
    }
    return status;
}

lede_status lede_old_finish(lede_run *run, bool is_forgotten, lede_error *err)
{
    present p = {0};
    uint32_t done = 0;
    lede_status status = present_init(run, &p, err);

    if (status == LEDE_OK && run->is_damaged && !is_forgotten) {
        status = undo_cuts(run, &p, err);
    }
    while (status == LEDE_OK && done < run->old.count) {
        status =
            finish_block(run, &p, &run->old.blocks[done], is_forgotten, err);
        done++;
        lede_batch_file(&run->batch)->old_void = done;
        if (status == LEDE_OK && done < run->old.count &&
            lede_run_is_full(run)) {
            status = lede_run_flush_within(run, err);
            present_done(&p);
            done = 0;
            if (status == LEDE_OK) {
                status = present_init(run, &p, err);
            } else {
                p = (present){0};
            }
        }
    }
    present_done(&p);
    return status;
}
