/* match_stream.c - leaves as blocks with bounds; see match_stream.h. */
#include "query/match_stream.h"

#include <math.h>
#include <string.h>

#include "query/match_made.h"
#include "query/rank.h"

/* After so many single frequencies the block's are decoded together; up to so
 * many entries are looked up without decoding them all. */
enum { SINGLE_FREQUENCIES = 4, SINGLE_ENTRIES = 2 };

static uint32_t saturated(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static bool damaged(lede_match_stream *stream)
{
    stream->block = LEDE_MATCH_NO_BLOCK;
    stream->entries_ready = false;
    stream->size = 0;
    lede_matching_fail(stream->matching, LEDE_CORRUPT,
                       "a posting list is damaged");
    return false;
}

/* --- Unions ------------------------------------------------------------------
 */

/* Cuts the union into blocks: every list's block ends, each once. For each
 * block and list, `starts` has the list's first block that reaches it. */
static bool cut_union(lede_match_stream *stream)
{
    const lede_match_lists *lists = stream->lists;
    uint64_t blocks = 0;
    uint32_t *at =
        lede_matching_get(stream->matching, lists->count, sizeof *at);
    uint8_t *lasts;

    for (uint32_t i = 0; i < lists->count; i++) {
        blocks += lists->items[i].block_count;
    }
    if (at == NULL || blocks >= UINT32_MAX) {
        return false;
    }
    lasts = lede_matching_get(stream->matching, (size_t)blocks, 4);
    stream->starts =
        lede_matching_get(stream->matching, (size_t)blocks * lists->count,
                          sizeof *stream->starts);
    if (lasts == NULL || stream->starts == NULL) {
        return false;
    }
    stream->lasts = lasts;
    for (stream->block_count = 0; stream->block_count < blocks;
         stream->block_count++) {
        uint32_t next = LEDE_MATCH_END;
        uint32_t *starts =
            stream->starts + (size_t)stream->block_count * lists->count;

        for (uint32_t i = 0; i < lists->count; i++) {
            starts[i] = at[i];
            if (at[i] < lists->items[i].block_count) {
                uint32_t last =
                    lede_load_u32(lede_postings_last_entries(&lists->items[i]) +
                                  4 * (size_t)at[i]);

                next = last < next ? last : next;
            }
        }
        if (next == LEDE_MATCH_END) {
            break;
        }
        lede_store_u32(lasts + 4 * (size_t)stream->block_count, next);
        for (uint32_t i = 0; i < lists->count; i++) {
            while (at[i] < lists->items[i].block_count &&
                   lede_load_u32(lede_postings_last_entries(&lists->items[i]) +
                                 4 * (size_t)at[i]) <= next) {
                at[i]++;
            }
        }
    }
    return true;
}

/* Merges two runs of (entry, frequency), adding frequencies of equal entries,
 * into the other half of the buffers. */
static uint32_t merge(const uint32_t *entries, const uint32_t *frequencies,
                      uint32_t n, const lede_match_list *list, uint32_t from,
                      uint32_t to, uint32_t *out_entries,
                      uint32_t *out_frequencies)
{
    uint32_t i = 0, count = 0;

    while (i < n || from < to) {
        bool left = i < n && (from >= to || entries[i] <= list->entries[from]);
        bool right = from < to && (i >= n || list->entries[from] <= entries[i]);

        out_entries[count] = left ? entries[i] : list->entries[from];
        out_frequencies[count] = saturated(left ? frequencies[i] : 0,
                                           right ? list->frequencies[from] : 0);
        count++;
        i += left;
        from += right;
    }
    return count;
}

static void load_made(lede_match_stream *stream, uint32_t block)
{
    size_t from = (size_t)block * LEDE_BLOCK_POSTINGS;
    uint32_t left = stream->made->count - (uint32_t)from;

    stream->entries = stream->made->entries + from;
    stream->frequencies = stream->made->frequencies + from;
    stream->size = left < LEDE_BLOCK_POSTINGS ? left : LEDE_BLOCK_POSTINGS;
    stream->frequencies_ready = true;
}

static bool load_union(lede_match_stream *stream, uint32_t block)
{
    const lede_match_lists *lists = stream->lists;
    lede_match_list *one = stream->scratch;
    uint32_t room = lists->count * LEDE_BLOCK_POSTINGS;
    uint32_t first = lede_match_stream_first(stream, block);
    uint32_t last = lede_match_stream_last(stream, block);
    uint32_t *spare;

    if (stream->made != NULL) {
        load_made(stream, block);
        return true;
    }
    spare = stream->frequencies + room;
    stream->size = 0;
    for (uint32_t i = 0; i < lists->count; i++) {
        const lede_postings *list = &lists->items[i];
        uint32_t start = stream->starts[(size_t)block * lists->count + i];
        uint32_t size, from, to;

        if (start >= list->block_count) {
            continue;
        }
        if (!lede_postings_entries(list, start, one->entries) ||
            !lede_postings_frequencies(list, start, one->frequencies)) {
            return damaged(stream);
        }
        size = lede_postings_block_size(list, start);
        from = lede_match_lower_bound(one->entries, size, first);
        to = last == UINT32_MAX
                 ? size
                 : lede_match_lower_bound(one->entries, size, last + 1);
        stream->size =
            merge(stream->entries, stream->frequencies, stream->size, one, from,
                  to > from ? to : from, spare, spare + room);
        memcpy(stream->entries, spare, stream->size * sizeof *spare);
        memcpy(stream->frequencies, spare + room, stream->size * sizeof *spare);
    }
    stream->frequencies_ready = true;
    return true;
}

static uint32_t bound_made(const lede_match_stream *stream, uint32_t block)
{
    const lede_match_made *made = stream->made;
    uint32_t end = (block + 1) * LEDE_BLOCK_POSTINGS;
    uint32_t most = 0;

    end = end < made->count ? end : made->count;
    for (uint32_t i = block * LEDE_BLOCK_POSTINGS; i < end; i++) {
        uint8_t length = stream->matching->lengths[made->entries[i]];
        uint32_t part =
            lede_rank_part(stream->weight, stream->matching->norms[length],
                           lede_rank_frequency(made->frequencies[i]));

        most = part > most ? part : most;
    }
    return most;
}

/* Frequencies add up, so their bounds do; the length is at least the least. */
static uint32_t bound_union(const lede_match_stream *stream, uint32_t block)
{
    const lede_match_lists *lists = stream->lists;
    float frequency = 0.0f;
    uint8_t length = UINT8_MAX;

    if (stream->made != NULL) {
        return bound_made(stream, block);
    }

    for (uint32_t i = 0; i < lists->count; i++) {
        const lede_postings *list = &lists->items[i];
        uint32_t start = stream->starts[(size_t)block * lists->count + i];
        uint16_t most = 0;

        if (start >= list->block_count) {
            continue;
        }
        for (unsigned which = 0; which < LEDE_BLOCK_IMPACTS; which++) {
            uint16_t f =
                lede_load_u16(lede_postings_impact_frequencies(list, which) +
                              2 * (size_t)start);
            uint8_t l = lede_postings_impact_lengths(list, which)[start];

            most = f > most ? f : most;
            length = l < length ? l : length;
        }
        frequency += most == LEDE_FREQUENCY_CAP ? INFINITY : (float)most;
    }
    return lede_rank_part(stream->weight, stream->matching->norms[length],
                          frequency);
}

/* --- Streams
 * ------------------------------------------------------------------ */

static bool open_union(lede_match_stream *stream)
{
    size_t room = (size_t)stream->lists->count * LEDE_BLOCK_POSTINGS;

    if (stream->lists->count > LEDE_MATCH_FEW_LISTS) {
        stream->made = lede_match_made_of(stream->matching, stream->lists);
        if (stream->made == NULL) {
            return false;
        }
        stream->postings = stream->made->count;
        stream->lasts = stream->made->lasts;
        stream->block_count = (stream->made->count + LEDE_BLOCK_POSTINGS - 1) /
                              LEDE_BLOCK_POSTINGS;
        return true;
    }
    stream->entries =
        lede_matching_get(stream->matching, room, sizeof *stream->entries);
    stream->frequencies = lede_matching_get(stream->matching, room * 3,
                                            sizeof *stream->frequencies);
    stream->scratch =
        lede_matching_get(stream->matching, 1, sizeof *stream->scratch);
    return stream->entries != NULL && stream->frequencies != NULL &&
           stream->scratch != NULL && cut_union(stream);
}

bool lede_match_stream_open(lede_match_stream *stream, lede_matching *matching,
                            uint32_t leaf)
{
    if (!lede_match_stream_open_lists(stream, matching,
                                      lede_matching_lists(matching, leaf))) {
        return false;
    }
    stream->weight = matching->by_score ? matching->leaves[leaf].weight : 0.0f;
    if (stream->weight > 0.0f) {
        stream->most =
            lede_rank_part(stream->weight, matching->norms[0], INFINITY);
    }
    return true;
}

bool lede_match_stream_open_lists(lede_match_stream *stream,
                                  lede_matching *matching,
                                  const lede_match_lists *lists)
{
    *stream = (lede_match_stream){
        .matching = matching,
        .lists = lists,
        .postings = lists->postings,
        .block = LEDE_MATCH_NO_BLOCK,
    };
    if (lists->count == 0) {
        return true;
    }
    if (lists->count > 1) {
        return open_union(stream);
    }
    stream->block_count = lists->items[0].block_count;
    stream->lasts = lede_postings_last_entries(&lists->items[0]);
    stream->entries = lede_matching_room(matching, 2 * LEDE_BLOCK_POSTINGS,
                                         sizeof *stream->entries);
    stream->frequencies = stream->entries + LEDE_BLOCK_POSTINGS;
    return stream->entries != NULL;
}

bool lede_match_stream_expect_bounds(lede_match_stream *stream)
{
    if (stream->bounds == NULL) {
        stream->bounds = lede_matching_room(
            stream->matching, stream->block_count + 1u, sizeof *stream->bounds);
    }
    return stream->bounds != NULL;
}

/* Makes the bounds of blocks [from, to). */
static void make_some(lede_match_stream *stream, uint32_t from, uint32_t to)
{
    if (stream->weight <= 0.0f) {
        memset(stream->bounds + from, 0, (to - from) * sizeof *stream->bounds);
    } else if (stream->lists->count == 1) {
        stream->matching->kernels->bounds(
            stream->weight, stream->matching->norms, &stream->lists->items[0],
            from, to - from, stream->bounds + from);
    } else {
        for (uint32_t i = from; i < to; i++) {
            stream->bounds[i] = bound_union(stream, i);
        }
    }
}

bool lede_match_stream_make_bounds(lede_match_stream *stream)
{
    if (stream->bounds_from == 0 && stream->bounds_to == stream->block_count &&
        stream->bounds != NULL) {
        return true;
    }
    if (!lede_match_stream_expect_bounds(stream)) {
        return false;
    }
    if (stream->block_count > 0) {
        make_some(stream, 0, stream->block_count);
    }
    stream->bounds_from = 0;
    stream->bounds_to = stream->block_count;
    stream->most =
        stream->matching->kernels->largest(stream->bounds, stream->block_count);
    return true;
}

/* So many are made at a time, if there are as many. */
enum { BOUNDS_AT_A_TIME = 32 };

uint32_t lede_match_stream_most_in(lede_match_stream *stream, uint32_t from,
                                   uint32_t to)
{
    if (from > stream->bounds_to || from < stream->bounds_from) {
        stream->bounds_from = stream->bounds_to = from;
    }
    if (to > stream->bounds_to) {
        uint32_t begin = stream->bounds_to;
        uint32_t end =
            to - begin < BOUNDS_AT_A_TIME ? begin + BOUNDS_AT_A_TIME : to;

        end = end < stream->block_count ? end : stream->block_count;
        make_some(stream, begin, end);
        stream->bounds_to = end;
    }
    return stream->matching->kernels->largest(stream->bounds + from, to - from);
}

uint32_t lede_match_stream_bound(const lede_match_stream *stream,
                                 uint32_t block)
{
    uint32_t bound = 0;

    if (block >= stream->bounds_from && block < stream->bounds_to) {
        return stream->bounds[block];
    }
    if (stream->weight <= 0.0f) {
        return 0;
    }
    if (stream->lists->count > 1) {
        return bound_union(stream, block);
    }
    lede_match_kernels_get(0)->bounds(stream->weight, stream->matching->norms,
                                      &stream->lists->items[0], block, 1,
                                      &bound);
    return bound;
}

static void enter(lede_match_stream *stream, uint32_t block)
{
    if (stream->block != block) {
        stream->block = block;
        stream->probes = 0;
        stream->is_open = false;
        stream->entries_ready = stream->frequencies_ready = false;
        stream->size =
            stream->lists->count > 1
                ? 0
                : lede_postings_block_size(&stream->lists->items[0], block);
    }
}

/* The block at hand of a stream with one list. */
static bool open_block(lede_match_stream *stream)
{
    stream->is_open = stream->is_open ||
                      lede_postings_block_open(&stream->lists->items[0],
                                               stream->block, &stream->opened);
    return stream->is_open;
}

/* A damaged block may count: reading it tells of the damage. */
bool lede_match_stream_may_count(const lede_match_stream *stream,
                                 uint32_t block)
{
    bool may = true;

    return stream->fields == 0 ||
           !lede_postings_has_fields(&stream->lists->items[0], block,
                                     stream->fields, &may) ||
           may;
}

bool lede_match_stream_load(lede_match_stream *stream, uint32_t block)
{
    enter(stream, block);
    if (stream->entries_ready) {
        return true;
    }
    if (stream->lists->count > 1
            ? !load_union(stream, block)
            : !open_block(stream) || !lede_postings_block_entries(
                                         &stream->opened, stream->entries)) {
        return damaged(stream);
    }
    stream->entries_ready = true;
    return true;
}

bool lede_match_stream_bits(lede_match_stream *stream, uint32_t block,
                            uint32_t *first, lede_span *bits)
{
    if (stream->lists->count > 1) {
        return false;
    }
    enter(stream, block);
    return open_block(stream) &&
           lede_postings_block_bits(&stream->opened, first, bits);
}

/* --- Runs
 * --------------------------------------------------------------------- */

/* So many runs ahead: blocks lie all over, and each look-up would wait for its
 * own. */
enum { AHEAD = 4 };

static void prefetch(const lede_match_stream *stream, uint32_t block)
{
    if (stream->lists->count == 1 && block != stream->block) {
        lede_postings_prefetch(&stream->lists->items[0], block);
    }
}

void lede_match_stream_ask_ahead(const lede_match_stream *stream,
                                 const lede_match_runs *runs, uint32_t i)
{
    if (i + AHEAD < runs->count) {
        prefetch(stream, runs->blocks[i + AHEAD]);
    }
}

void lede_match_stream_cut(lede_match_stream *stream, const uint32_t *entries,
                           uint32_t count, lede_match_runs *out)
{
    uint32_t block = stream->hint;
    uint32_t n = 0;

    for (uint32_t i = 0; i < count; n++) {
        block = lede_match_stream_find(stream, block, entries[i]);
        if (block < stream->block_count) {
            i += lede_match_run_end(entries + i, count - i,
                                    lede_match_stream_last(stream, block));
        } else {
            i = count;
        }
        if (n < AHEAD) {
            prefetch(stream, block);
        }
        out->blocks[n] = block;
        out->ends[n] = (uint16_t)i;
    }
    out->count = n;
    stream->hint = block;
}

/* --- Looking up
 * --------------------------------------------------------------- */

static void look_up_one_by_one(const lede_match_stream *stream,
                               const uint32_t *entries, uint32_t count,
                               uint16_t *places)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at =
            lede_match_lower_bound(stream->entries, stream->size, entries[i]);

        at -= at == stream->size;
        places[i] = stream->entries[at] == entries[i] ? (uint16_t)at
                                                      : LEDE_MATCH_NO_PLACE;
    }
}

/* Where places do not matter. */
static void look_up_bits(lede_span bits, uint32_t first,
                         const uint32_t *entries, uint32_t count,
                         uint16_t *places)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t bit = entries[i] - first;

        places[i] =
            (bits.bytes[bit / 8] >> bit % 8 & 1) != 0 ? 0 : LEDE_MATCH_NO_PLACE;
    }
}

static bool look_up_singly(const lede_match_stream *stream,
                           const uint32_t *entries, uint32_t count,
                           uint16_t *places)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place;

        if (!lede_postings_block_find(&stream->opened, entries[i], &place)) {
            return false;
        }
        places[i] =
            place < stream->size ? (uint16_t)place : LEDE_MATCH_NO_PLACE;
    }
    return true;
}

bool lede_match_stream_look_up(lede_match_stream *stream, uint32_t block,
                               const uint32_t *entries, uint32_t count,
                               uint16_t *places)
{
    const lede_match_kernels *kernels = stream->matching->kernels;
    lede_span bits;
    uint32_t first;

    enter(stream, block);
    if (!stream->entries_ready && stream->lists->count == 1 &&
        open_block(stream)) {
        if (stream->weight <= 0.0f &&
            lede_postings_block_set(&stream->opened, &first, &bits)) {
            look_up_bits(bits, first, entries, count, places);
            return true;
        }
        if (lede_postings_block_bits(&stream->opened, &first, &bits)) {
            kernels->ranks(bits, first, entries, count, LEDE_MATCH_NO_PLACE,
                           places);
            return true;
        }
        if (count <= SINGLE_ENTRIES) {
            return look_up_singly(stream, entries, count, places) ||
                   damaged(stream);
        }
    }
    if (!lede_match_stream_load(stream, block)) {
        return false;
    }
    if (stream->size == 0) {
        for (uint32_t i = 0; i < count; i++) {
            places[i] = LEDE_MATCH_NO_PLACE;
        }
    } else if (stream->size <= LEDE_BLOCK_POSTINGS) {
        kernels->places(stream->entries, stream->size, entries, count,
                        LEDE_MATCH_NO_PLACE, places);
    } else {
        look_up_one_by_one(stream, entries, count, places);
    }
    return true;
}

bool lede_match_stream_load_frequencies(lede_match_stream *stream)
{
    if (stream->block == LEDE_MATCH_NO_BLOCK) {
        return false; /* it was damaged */
    }
    if (!stream->frequencies_ready) {
        if (!open_block(stream) || !lede_postings_block_frequencies(
                                       &stream->opened, stream->frequencies)) {
            return damaged(stream);
        }
        stream->frequencies_ready = true;
    }
    return true;
}

uint32_t lede_match_stream_frequency(lede_match_stream *stream, uint32_t index)
{
    uint32_t frequency = 0;

    if (stream->block == LEDE_MATCH_NO_BLOCK) {
        return 0; /* it was damaged */
    }
    if (!stream->frequencies_ready && stream->probes < SINGLE_FREQUENCIES) {
        stream->probes++;
        if (!open_block(stream) || !lede_postings_block_frequency(
                                       &stream->opened, index, &frequency)) {
            damaged(stream);
        }
        return frequency;
    }
    return lede_match_stream_load_frequencies(stream)
               ? stream->frequencies[index]
               : 0;
}
