#include "indexer/file_state.h"
#include "indexer/indexer.h"
#include "indexer/repair.h"

/* The first of the sought keys that is `key`, or `count`. */
static uint32_t find_key(const uint64_t *keys, uint32_t count, uint64_t key)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (keys[middle] < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && keys[low] == key ? low : count;
}

typedef struct search {
    const lede_snapshot *files;
    const uint64_t *keys;
    uint32_t count;
    lede_claimant_found found;
    void *ctx;
} search;

static lede_status look_in_block(const search *s, const lede_file_record *file,
                                 const lede_file_state *state, uint32_t index,
                                 lede_error *err)
{
    lede_claims claims;
    lede_status status =
        lede_file_block(s->files, file->path, state, index, &claims, err);
    uint64_t last = 0;
    uint32_t i;

    if (status != LEDE_OK) { /* damaged: it says nothing */
        return status == LEDE_CORRUPT ? LEDE_OK : status;
    }
    for (i = 0; i < claims.claim_count && status == LEDE_OK; i++) {
        uint64_t raw = lede_claims_raw(&claims, i);
        uint32_t at;

        if (i > 0 && raw == last) {
            continue;
        }
        last = raw;
        at = find_key(s->keys, s->count, raw);
        if (at < s->count) {
            status = s->found(s->ctx, at, file, state, err);
        }
    }
    return status;
}

static lede_status look_in_file(void *ctx, const lede_file_record *file,
                                lede_error *err)
{
    const search *s = ctx;
    lede_file_state state;
    lede_status status;
    uint32_t blocks, i;

    if (file->is_damaged || lede_file_is_chunk(file->path)) {
        return LEDE_OK;
    }
    status = lede_file_state_decode(file->payload, &state, err);
    if (status != LEDE_OK) {
        return status == LEDE_CORRUPT ? LEDE_OK : status;
    }
    blocks = lede_file_new_blocks(&state) + lede_file_old_blocks(&state);
    for (i = 0; i < blocks && status == LEDE_OK; i++) {
        status = look_in_block(s, file, &state, i, err);
    }
    return status;
}

lede_status lede_claimants_find(const lede_snapshot *files,
                                const uint64_t *keys, uint32_t count,
                                lede_claimant_found found, void *ctx,
                                lede_error *err)
{
    search s = {files, keys, count, found, ctx};

    return count == 0 ? LEDE_OK
                      : lede_snapshot_each_file(files, look_in_file, &s, err);
}

/* --- For the check ---------------------------------------------------------
 */

typedef struct teller {
    void (*found)(void *ctx, uint32_t key, lede_span path);
    void *ctx;
} teller;

static lede_status tell(void *ctx, uint32_t key, const lede_file_record *file,
                        const lede_file_state *state, lede_error *err)
{
    const teller *t = ctx;

    (void)state;
    (void)err;
    t->found(t->ctx, key, file->path);
    return LEDE_OK;
}

lede_status lede_index_find_files(lede_archive *archive, const uint64_t *keys,
                                  uint32_t count,
                                  void (*found)(void *ctx, uint32_t key,
                                                lede_span path),
                                  void *ctx, lede_error *err)
{
    teller t = {found, ctx};
    lede_snapshot *files = NULL;
    lede_status status = lede_snapshot_open_files(archive, &files, err);

    if (status == LEDE_OK) {
        status = lede_claimants_find(files, keys, count, tell, &t, err);
    }
    lede_snapshot_close(files);
    return status;
}
