#include "indexer/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "indexer/grow.h"

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "batch: out of memory");
}

lede_status lede_batch_init(lede_batch *batch, const char *directory,
                            lede_error *err)
{
    *batch = (lede_batch){0};
    return lede_spill_open(directory, &batch->spill, err);
}

static void free_content(lede_batch *batch)
{
    lede_arena_done(&batch->arena);
    free(batch->files);
    free(batch->documents);
    free(batch->claims);
    free(batch->raws);
    free(batch->live_raws);
    free(batch->pages);
    lede_map_done(&batch->file_by_path);
}

void lede_batch_done(lede_batch *batch)
{
    free_content(batch);
    lede_spill_close(batch->spill);
    *batch = (lede_batch){0};
}

lede_status lede_batch_clear(lede_batch *batch, lede_error *err)
{
    lede_spill *spill = batch->spill;

    free_content(batch);
    *batch = (lede_batch){.spill = spill};
    return lede_spill_clear(spill, err);
}

size_t lede_batch_bytes(const lede_batch *batch)
{
    return batch->arena.held_bytes + batch->file_cap * sizeof batch->files[0] +
           batch->document_cap * sizeof batch->documents[0] +
           batch->claim_cap * sizeof batch->claims[0] +
           ((size_t)batch->raw_cap + batch->live_raw_cap + batch->page_cap) *
               sizeof(uint64_t) +
           lede_map_bytes(&batch->file_by_path);
}

bool lede_batch_is_empty(const lede_batch *batch)
{
    return batch->file_count == 0;
}

lede_status lede_batch_add_file(lede_batch *batch,
                                const lede_file_record *record,
                                lede_file_fate fate,
                                const lede_file_state *state, lede_error *err)
{
    lede_pending_file file = {.record = *record,
                              .fate = fate,
                              .state = *state,
                              .first_document = batch->document_count,
                              .first_claim = batch->claim_count};

    lede_pending_file *files;

    file.record.path = lede_arena_copy(&batch->arena, record->path);
    file.record.payload = lede_span_of(NULL, 0);
    files = lede_grown(batch->files, batch->file_count, &batch->file_cap,
                       sizeof files[0]);
    if (files == NULL) {
        return no_memory(err);
    }
    batch->files = files;
    if (file.record.path.bytes == NULL ||
        !lede_map_put(&batch->file_by_path, lede_hash64(record->path),
                      batch->file_count)) {
        return no_memory(err);
    }
    batch->files[batch->file_count++] = file;
    return LEDE_OK;
}

lede_pending_file *lede_batch_file(lede_batch *batch)
{
    assert(batch->file_count > 0);
    return &batch->files[batch->file_count - 1];
}

const lede_pending_file *lede_batch_find_file(const lede_batch *batch,
                                              lede_span path)
{
    uint32_t at = lede_map_get(&batch->file_by_path, lede_hash64(path));

    if (at == LEDE_MAP_NONE ||
        !lede_span_equal(batch->files[at].record.path, path)) {
        return NULL;
    }
    return &batch->files[at];
}

lede_status lede_batch_add_document(lede_batch *batch,
                                    const lede_claim_document *about,
                                    lede_error *err)
{
    lede_pending_document document = {.about = *about,
                                      .file = batch->file_count - 1,
                                      .first = batch->claim_count};

    lede_pending_document *documents;

    assert(batch->file_count > 0);
    documents = lede_grown(batch->documents, batch->document_count,
                           &batch->document_cap, sizeof documents[0]);
    if (documents == NULL) {
        return no_memory(err);
    }
    batch->documents = documents;
    batch->documents[batch->document_count++] = document;
    lede_batch_file(batch)->document_count++;
    return LEDE_OK;
}

lede_status lede_batch_add_claim(lede_batch *batch, const lede_claim *claim,
                                 lede_span text, lede_error *err)
{
    lede_pending_claim pending = {.claim = *claim,
                                  .file = batch->file_count - 1,
                                  .text_at = LEDE_NO_TEXT,
                                  .text_bytes = (uint32_t)text.len};
    lede_pending_claim *claims;
    lede_status status;

    assert(batch->document_count > 0);
    if (text.len > LEDE_RECORD_TEXT_MAX) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "an entry of %zu bytes is too "
                         "large",
                         text.len);
    }
    claims = lede_grown(batch->claims, batch->claim_count, &batch->claim_cap,
                        sizeof claims[0]);
    if (claims == NULL) {
        return no_memory(err);
    }
    batch->claims = claims;
    if (text.len > 0) {
        status = lede_spill_put(batch->spill, text, &pending.text_at, err);
        if (status != LEDE_OK) {
            return status;
        }
    }
    pending.claim.document = batch->document_count - 1;
    batch->claims[batch->claim_count++] = pending;
    batch->documents[batch->document_count - 1].count++;
    lede_batch_file(batch)->claim_count++;
    return LEDE_OK;
}

lede_status lede_batch_add_raw(lede_batch *batch, uint64_t raw, bool is_live,
                               lede_error *err)
{
    uint64_t **raws = is_live ? &batch->live_raws : &batch->raws;
    uint32_t *count = is_live ? &batch->live_raw_count : &batch->raw_count;
    uint32_t *cap = is_live ? &batch->live_raw_cap : &batch->raw_cap;
    uint64_t *grown = lede_grown(*raws, *count, cap, sizeof grown[0]);

    if (grown == NULL) {
        return no_memory(err);
    }
    *raws = grown;
    grown[(*count)++] = raw;
    return LEDE_OK;
}

lede_status lede_batch_add_page(lede_batch *batch, uint64_t url_page_id,
                                lede_error *err)
{
    uint64_t *pages;

    if (url_page_id == 0 ||
        (batch->page_count > 0 &&
         batch->pages[batch->page_count - 1] == url_page_id)) {
        return LEDE_OK;
    }
    pages = lede_grown(batch->pages, batch->page_count, &batch->page_cap,
                       sizeof pages[0]);
    if (pages == NULL) {
        return no_memory(err);
    }
    batch->pages = pages;
    pages[batch->page_count++] = url_page_id;
    return LEDE_OK;
}

bool lede_batch_block_counts(const lede_pending_file *file, uint32_t block)
{
    uint32_t fresh = lede_file_new_blocks(&file->state);

    if (block < fresh) {
        return true;
    }
    return file->fate != LEDE_FILE_COMPLETE && block - fresh >= file->old_void;
}
