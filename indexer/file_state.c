#include "indexer/file_state.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/varint.h"

enum { STATE_VERSION = 1, IS_PARTIAL = 1, TEXTS_WANTED = 2, TEXTS_IN_VAIN = 4 };

void lede_file_state_encode(const lede_file_state *state, lede_buf *out)
{
    uint32_t i;

    lede_buf_put_byte(out, STATE_VERSION);
    lede_buf_put_byte(out,
                      (uint8_t)((state->is_partial ? IS_PARTIAL : 0) |
                                (state->texts_wanted ? TEXTS_WANTED : 0) |
                                (state->texts_in_vain ? TEXTS_IN_VAIN : 0)));
    lede_buf_put_u64(out, state->options);
    lede_buf_put_u32(out, state->generation);
    lede_buf_put_u32(out, state->chunks);
    lede_buf_put_u32(out, state->old_count);
    for (i = 0; i < state->old_count; i++) {
        lede_buf_put_u32(out, state->old[i].generation);
        lede_buf_put_u32(out, state->old[i].first);
        lede_buf_put_u32(out, state->old[i].end);
    }
    lede_buf_put_span(out, state->inside);
}

lede_status lede_file_state_decode(lede_span payload, lede_file_state *out,
                                   lede_error *err)
{
    lede_reader reader = lede_reader_of(payload);
    lede_file_state state = {0};
    uint32_t i;
    uint8_t flags;

    if (lede_read_byte(&reader) != STATE_VERSION) {
        reader.bad = true;
    }
    flags = lede_read_byte(&reader);
    state.is_partial = (flags & IS_PARTIAL) != 0;
    state.texts_wanted = (flags & TEXTS_WANTED) != 0;
    state.texts_in_vain = (flags & TEXTS_IN_VAIN) != 0;
    state.options = lede_read_u64(&reader);
    state.generation = lede_read_u32(&reader);
    state.chunks = lede_read_u32(&reader);
    state.old_count = lede_read_u32(&reader);
    if (state.old_count > LEDE_OLD_RANGES_MAX) {
        reader.bad = true;
        state.old_count = 0;
    }
    for (i = 0; i < state.old_count; i++) {
        state.old[i].generation = lede_read_u32(&reader);
        state.old[i].first = lede_read_u32(&reader);
        state.old[i].end = lede_read_u32(&reader);
        if (state.old[i].first > state.old[i].end) {
            reader.bad = true;
        }
    }
    if (reader.bad) {
        return lede_fail(err, LEDE_CORRUPT, "the record of a file is damaged");
    }
    state.inside = lede_span_of(reader.p, (size_t)(reader.end - reader.p));
    *out = state;
    return LEDE_OK;
}

bool lede_file_is_chunk(lede_span path)
{
    return path.len > 0 && memchr(path.bytes, '\0', path.len) != NULL;
}

void lede_file_chunk_name(lede_span path, uint32_t generation, uint32_t index,
                          lede_buf *out)
{
    lede_buf_clear(out);
    lede_buf_put_span(out, path);
    lede_buf_put_byte(out, 0);
    lede_buf_put_format(out, "%08" PRIx32 "%08" PRIx32, generation, index);
}

uint32_t lede_file_new_blocks(const lede_file_state *state)
{
    if (state->chunks == 0 && !state->is_partial && state->inside.len > 0) {
        return 1;
    }
    return state->chunks;
}

uint32_t lede_file_old_blocks(const lede_file_state *state)
{
    uint32_t i, count = 0;

    for (i = 0; i < state->old_count; i++) {
        count += state->old[i].end - state->old[i].first;
    }
    return count;
}

void lede_file_state_restart(lede_file_state *state)
{
    uint32_t highest = state->generation, i;
    lede_chunk_range range = {state->generation, 0, state->chunks};

    if (state->chunks == 0) {
        range = (lede_chunk_range){0, 0, lede_file_new_blocks(state)};
    }
    for (i = 0; i < state->old_count; i++) {
        if (state->old[i].generation > highest) {
            highest = state->old[i].generation;
        }
    }
    if (range.end > range.first) {
        /* Readings are rarely broken off so often; if they are, the oldest is
         * forgotten, and what it alone had stays in the archive. */
        if (state->old_count == LEDE_OLD_RANGES_MAX) {
            memmove(state->old, state->old + 1,
                    (LEDE_OLD_RANGES_MAX - 1) * sizeof state->old[0]);
            state->old_count--;
        }
        state->old[state->old_count++] = range;
    }
    state->generation = highest + 1;
    state->chunks = 0;
    state->is_partial = true;
}

void lede_file_block_place(const lede_file_state *state, uint32_t index,
                           uint32_t *generation, uint32_t *number)
{
    uint32_t fresh = lede_file_new_blocks(state), i;

    if (index < fresh) {
        *generation = state->chunks == 0 ? 0 : state->generation;
        *number = index;
        return;
    }
    index -= fresh;
    for (i = 0; i < state->old_count; i++) {
        uint32_t count = state->old[i].end - state->old[i].first;

        if (index < count) {
            *generation = state->old[i].generation;
            *number = state->old[i].first + index;
            return;
        }
        index -= count;
    }
    *generation = UINT32_MAX;
    *number = UINT32_MAX;
}

lede_status lede_file_block(const lede_snapshot *snapshot, lede_span path,
                            const lede_file_state *state, uint32_t index,
                            lede_claims *out, lede_error *err)
{
    uint32_t generation, number;
    lede_file_record record;
    lede_buf name = {0};
    lede_status status;

    *out = (lede_claims){0};
    lede_file_block_place(state, index, &generation, &number);
    if (generation == 0) {
        return lede_claims_open(state->inside, out, err);
    }
    lede_file_chunk_name(path, generation, number, &name);
    if (name.failed) {
        status = lede_fail(err, LEDE_NO_MEMORY, "files: out of memory");
    } else {
        status = lede_snapshot_find_file(snapshot, lede_buf_span(&name),
                                         &record, err);
    }
    lede_buf_done(&name);
    if (status == LEDE_NOT_FOUND) {
        return lede_fail(err, LEDE_CORRUPT,
                         "%.*s: part %u of its record is "
                         "missing",
                         (int)path.len, (const char *)path.bytes, number);
    }
    return status == LEDE_OK ? lede_claims_open(record.payload, out, err)
                             : status;
}

void lede_file_drop_old(lede_file_state *state, uint32_t count)
{
    while (count > 0 && state->old_count > 0) {
        lede_chunk_range *range = &state->old[0];
        uint32_t here = range->end - range->first;
        uint32_t part = here < count ? here : count;

        range->first += part;
        count -= part;
        if (range->first < range->end) {
            break;
        }
        memmove(state->old, state->old + 1,
                (state->old_count - 1) * sizeof state->old[0]);
        state->old_count--;
    }
}
