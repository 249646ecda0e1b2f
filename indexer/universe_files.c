#include "base/hash.h"
#include "base/place.h"
#include "indexer/grow.h"
#include "indexer/universe_private.h"

/* --- Files --------------------------------------------------------------- */

lede_status universe_find_file(lede_universe *u, lede_span path, uint32_t *out,
                               lede_error *err)
{
    lede_universe_file file = {.path = path};
    uint64_t hash = lede_hash64(path);
    uint32_t at = lede_map_get(&u->file_at, hash);
    lede_universe_file *files;
    lede_file_record record;
    lede_status status = LEDE_OK;

    if (at != LEDE_MAP_NONE && lede_span_equal(u->files[at].path, path)) {
        *out = at;
        return LEDE_OK;
    }
    file.pending = lede_batch_find_file(u->batch, path);
    if (file.pending != NULL) {
        file.state = file.pending->state;
    } else {
        status = lede_snapshot_find_file(u->snapshot, path, &record, err);
        if (status == LEDE_OK) {
            status = lede_file_state_decode(record.payload, &file.state, err);
        }
        if (status != LEDE_OK) { /* damaged: as if it had not been read yet */
            return status == LEDE_CORRUPT ? LEDE_NOT_FOUND : status;
        }
    }
    file.path = lede_arena_copy(&u->arena, path);
    files = lede_grown_in(&u->arena, u->files, u->file_count, &u->file_cap,
                          sizeof files[0]);
    if (file.path.bytes == NULL || files == NULL ||
        !lede_map_put(&u->file_at, hash, u->file_count)) {
        u->files = files == NULL ? u->files : files;
        return lede_universe_no_memory(err);
    }
    u->files = files;
    *out = u->file_count;
    files[u->file_count++] = file;
    return LEDE_OK;
}

bool universe_block_counts(const lede_universe_file *file, uint32_t block)
{
    return file->pending == NULL ||
           lede_batch_block_counts(file->pending, block);
}

uint32_t universe_block_count(const lede_universe_file *file)
{
    return lede_file_new_blocks(&file->state) +
           lede_file_old_blocks(&file->state);
}

lede_status universe_get_block(lede_universe *u, uint32_t file, uint32_t block,
                               lede_claims *out, lede_error *err)
{
    lede_status status =
        lede_file_block(u->snapshot, u->files[file].path, &u->files[file].state,
                        block, out, err);

    return status == LEDE_CORRUPT ? LEDE_OK : status;
}

bool universe_set_path(lede_universe *u, uint32_t file, lede_version *version)
{
    if (version->claim.line == 0 && version->claim.location.len == 0 &&
        !lede_place_is_misread(u->files[file].path)) {
        version->path = u->files[file].path;
        return true;
    }
    lede_buf_clear(&u->name);
    lede_claim_put_path(&version->claim, u->files[file].path, &u->name);
    version->path = lede_arena_copy(&u->arena, lede_buf_span(&u->name));
    return !u->name.failed && version->path.bytes != NULL;
}

/* --- Live documents ---------------------------------------------------------
 */

static lede_status add_document(lede_universe *u, uint32_t file,
                                const lede_claim_document *about,
                                const lede_version *versions, uint32_t count,
                                lede_error *err)
{
    lede_universe_document *documents =
        lede_grown_in(&u->arena, u->documents, u->document_count,
                      &u->document_cap, sizeof documents[0]);
    uint32_t i;

    if (documents == NULL) {
        return lede_universe_no_memory(err);
    }
    u->documents = documents;
    documents[u->document_count] = (lede_universe_document){
        .live = {*about, file, versions, count}, .file = file};
    for (i = 0; i < count; i++) {
        uint32_t info = lede_universe_raw(u, versions[i].claim.raw);

        if (info == LEDE_MAP_NONE ||
            !universe_add_node(u, &u->infos[info].documents,
                               u->document_count)) {
            return lede_universe_no_memory(err);
        }
    }
    u->document_count++;
    return LEDE_OK;
}

/* Rows are sorted by key: those of one document are gathered by number. */
static lede_status load_block(lede_universe *u, uint32_t file,
                              const lede_claims *claims, lede_error *err)
{
    uint32_t *counts_of = lede_arena_array(
        &u->arena, claims->document_count + 1u, sizeof counts_of[0]);
    lede_version **versions = lede_arena_array(
        &u->arena, claims->document_count + 1u, sizeof versions[0]);
    lede_status status = LEDE_OK;
    lede_claim claim;
    uint32_t i;

    if (counts_of == NULL || versions == NULL) {
        return lede_universe_no_memory(err);
    }
    for (i = 0; i < claims->claim_count && status == LEDE_OK; i++) {
        status = lede_claims_get(claims, i, &claim, err);
        if (status == LEDE_OK && claim.is_post) {
            counts_of[claim.document]++;
        }
    }
    for (i = 0; i < claims->document_count && status == LEDE_OK; i++) {
        versions[i] = lede_arena_array(&u->arena, counts_of[i] + 1u,
                                       sizeof versions[i][0]);
        status = versions[i] == NULL ? lede_universe_no_memory(err) : status;
        counts_of[i] = 0;
    }
    for (i = 0; i < claims->claim_count && status == LEDE_OK; i++) {
        lede_version *version;

        status = lede_claims_get(claims, i, &claim, err);
        if (status != LEDE_OK || !claim.is_post) {
            continue;
        }
        version = &versions[claim.document][counts_of[claim.document]++];
        *version = (lede_version){.claim = claim, .tag = LEDE_MAP_NONE};
        if (!universe_set_path(u, file, version)) {
            return lede_universe_no_memory(err);
        }
    }
    for (i = 0; i < claims->document_count && status == LEDE_OK; i++) {
        lede_claim_document about;

        status = lede_claims_document(claims, i, &about, err);
        if (status == LEDE_OK && about.is_live && counts_of[i] > 0) {
            status =
                add_document(u, file, &about, versions[i], counts_of[i], err);
        }
    }
    return status;
}

lede_status universe_load_live(lede_universe *u, uint32_t file, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t block;

    if (u->files[file].live_is_loaded) {
        return LEDE_OK;
    }
    u->files[file].live_is_loaded = true;
    for (block = 0;
         block < universe_block_count(&u->files[file]) && status == LEDE_OK;
         block++) {
        lede_claims claims;

        if (!universe_block_counts(&u->files[file], block)) {
            continue;
        }
        status = universe_get_block(u, file, block, &claims, err);
        if (status == LEDE_OK) {
            status = load_block(u, file, &claims, err);
        }
    }
    return status;
}

static lede_status load_pending_document(lede_universe *u,
                                         const lede_pending_document *d,
                                         lede_error *err)
{
    lede_version *versions =
        lede_arena_array(&u->arena, d->count, sizeof versions[0]);
    lede_status status;
    uint32_t file, i;

    status =
        universe_find_file(u, u->batch->files[d->file].record.path, &file, err);
    if (status != LEDE_OK) {
        return status;
    }
    for (i = 0; versions != NULL && i < d->count; i++) {
        versions[i] = (lede_version){
            .claim = u->batch->claims[d->first + i].claim, .tag = d->first + i};
        if (!universe_set_path(u, file, &versions[i])) {
            versions = NULL;
        }
    }
    if (versions == NULL) {
        return lede_universe_no_memory(err);
    }
    return add_document(u, file, &d->about, versions, d->count, err);
}

lede_status lede_universe_load_pending(lede_universe *u, lede_error *err)
{
    const lede_batch *batch = u->batch;
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < batch->document_count && status == LEDE_OK; i++) {
        const lede_pending_document *d = &batch->documents[i];

        if (!d->about.is_live || d->count == 0) {
            continue;
        }
        status = load_pending_document(u, d, err);
        if (status == LEDE_OK && d->is_dirty) {
            u->documents[u->document_count - 1].stake = LEDE_STAKE_SETTLED;
        }
    }
    return status;
}
