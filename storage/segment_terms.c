#include "storage/archive_internal.h"

#include <assert.h>
#include <stdlib.h>

/* --- Terms -----------------------------------------------------------------
 */

lede_status lede_segment_dictionary(const lede_segment *segment,
                                    const lede_dictionary **out,
                                    lede_error *err)
{
    lede_segment_cache *cache = segment->cache;
    lede_span bytes;
    lede_status status;

    if (!cache->dictionary_ready) {
        status = lede_segment_value(segment, LEDE_VALUE_DICTIONARY_INDEX, 0,
                                    &bytes, err);
        if (status != LEDE_OK) {
            return status;
        }
        status = lede_dictionary_open(bytes, &cache->dictionary, err);
        if (status != LEDE_OK) {
            return lede_segment_fail_in(segment, status, err);
        }
        cache->dictionary_ready = true;
    }
    *out = &cache->dictionary;
    return LEDE_OK;
}

lede_status lede_segment_term_block(const lede_segment *segment,
                                    const lede_dictionary *dictionary,
                                    uint32_t block, lede_span *out,
                                    lede_error *err)
{
    lede_address at = lede_dictionary_block_at(dictionary, block);
    lede_span value;
    lede_status status = lede_segment_value(segment, LEDE_VALUE_DICTIONARY,
                                            at.value, &value, err);

    if (status == LEDE_OK) {
        *out = lede_span_part(value, at.offset, value.len);
    }
    return status;
}

/* Chunk of a list's positions, for its reader: `id` is the term's place in the
 * dictionary, so that an opened list can be copied freely. */
static lede_status get_chunk(const void *ctx, uint64_t id, uint32_t index,
                             lede_span *out, lede_error *err)
{
    const lede_segment *segment = ctx;
    const lede_dictionary *dictionary = NULL;
    lede_dictionary_term term;
    lede_address at;
    lede_span block;
    lede_status status = lede_segment_dictionary(segment, &dictionary, err);

    if (status == LEDE_OK) {
        status = lede_segment_term_block(segment, dictionary,
                                         (uint32_t)(id >> 8), &block, err);
    }
    if (status == LEDE_OK) {
        status = lede_dictionary_get(block, (uint32_t)(id & 0xFF), &term, err);
    }
    if (status == LEDE_OK) {
        status = lede_dictionary_chunk(&term, index, &at, err);
    }
    return status == LEDE_OK
               ? lede_segment_part(segment, LEDE_VALUE_POSITIONS, &at, out, err)
               : status;
}

lede_status lede_segment_resolve_term(const lede_segment *segment,
                                      uint32_t block,
                                      const lede_dictionary_term *found,
                                      lede_term *out, lede_error *err)
{
    lede_postings_segment about = {segment->footer.entries,
                                   segment->lengths.bytes};
    lede_position_source source = {get_chunk, segment,
                                   (uint64_t)block << 8 | found->ordinal};
    lede_span list = found->list;
    lede_status status = LEDE_OK;

    if (!found->is_inline) {
        status = lede_segment_part(segment, LEDE_VALUE_LISTS, &found->list_at,
                                   &list, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    status = lede_postings_open(list, &about, &source, &out->postings, err);
    if (status != LEDE_OK) {
        return lede_segment_fail_in(segment, status, err);
    }
    out->bytes = found->bytes;
    out->entry_count = out->postings.entry_count;
    out->occurrences = out->postings.occurrences;
    return LEDE_OK;
}

lede_status lede_segment_pair_words(const lede_segment *segment,
                                    const lede_pair_words **out,
                                    lede_error *err)
{
    lede_segment_cache *cache = segment->cache;
    lede_pair_words *read;
    lede_span bytes;
    lede_status status;

    if (segment->footer.counts[LEDE_VALUE_PAIR_WORDS] == 0) {
        *out = NULL;
        return LEDE_OK;
    }
    if (cache->pair_words == NULL) {
        status =
            lede_segment_value(segment, LEDE_VALUE_PAIR_WORDS, 0, &bytes, err);
        if (status != LEDE_OK) {
            return status;
        }
        read = malloc(sizeof *read);
        if (read == NULL) {
            return lede_fail(err, LEDE_NO_MEMORY, "segment: out of memory");
        }
        status = lede_pair_words_decode(bytes, read, err);
        if (status != LEDE_OK) {
            free(read);
            return lede_segment_fail_in(segment, status, err);
        }
        cache->pair_words = read;
    }
    *out = cache->pair_words;
    return LEDE_OK;
}

_Static_assert((int)LEDE_TERMS_AT_ONCE <= (int)LEDE_DICTIONARY_AT_ONCE,
               "terms are looked up in the dictionary at once");

/* Where a term is, as far as it is known. */
typedef struct place {
    uint32_t block;
    lede_span bytes; /* of the block */
    lede_dictionary_term found;
} place;

/* Asks for the first lines of what is read soon. */
static void ask_for(lede_span bytes)
{
    enum { LINE = 64, MOST_BYTES = 8 * LINE };

    for (size_t at = 0; at < bytes.len && at < MOST_BYTES; at += LINE) {
        __builtin_prefetch(bytes.bytes + at);
    }
}

static lede_status find_blocks(const lede_segment *segment,
                               const lede_span *terms, uint32_t count,
                               place *places, lede_error *err)
{
    const lede_dictionary *dictionary = NULL;
    uint32_t blocks[LEDE_TERMS_AT_ONCE];
    lede_status status = lede_segment_dictionary(segment, &dictionary, err);
    uint32_t i;

    if (status != LEDE_OK) {
        return status;
    }
    if (dictionary->block_count == 0) {
        return LEDE_NOT_FOUND;
    }
    lede_dictionary_find_blocks(dictionary, terms, count, blocks);
    for (i = 0; i < count && status == LEDE_OK; i++) {
        places[i].block = blocks[i];
        status = lede_segment_term_block(segment, dictionary, blocks[i],
                                         &places[i].bytes, err);
        if (status == LEDE_OK) {
            ask_for(places[i].bytes);
        }
    }
    return status;
}

static lede_status find_in_block(const lede_segment *segment, lede_span term,
                                 place *at, lede_error *err)
{
    lede_span list;
    lede_status status = lede_dictionary_find(at->bytes, term, &at->found, err);

    if (status == LEDE_OK && !at->found.is_inline &&
        lede_segment_part(segment, LEDE_VALUE_LISTS, &at->found.list_at, &list,
                          NULL) == LEDE_OK) {
        __builtin_prefetch(list.bytes);
    }
    return status == LEDE_CORRUPT ? lede_segment_fail_in(segment, status, err)
                                  : status;
}

lede_status lede_segment_find_terms(const lede_segment *segment,
                                    const lede_span *terms, uint32_t count,
                                    lede_term *out, bool *is_there,
                                    lede_error *err)
{
    place places[LEDE_TERMS_AT_ONCE];
    lede_status status;
    uint32_t i;

    assert(count <= LEDE_TERMS_AT_ONCE);
    for (i = 0; i < count; i++) {
        is_there[i] = false;
    }
    status = find_blocks(segment, terms, count, places, err);
    if (status != LEDE_OK) {
        return status == LEDE_NOT_FOUND ? LEDE_OK : status;
    }
    for (i = 0; i < count; i++) {
        status = find_in_block(segment, terms[i], &places[i], err);
        is_there[i] = status == LEDE_OK;
        if (status != LEDE_OK && status != LEDE_NOT_FOUND) {
            return status;
        }
    }
    for (i = 0; i < count; i++) {
        if (is_there[i]) {
            status = lede_segment_resolve_term(segment, places[i].block,
                                               &places[i].found, &out[i], err);
            if (status != LEDE_OK) {
                return status;
            }
        }
    }
    return LEDE_OK;
}

lede_status lede_segment_find_term(const lede_segment *segment, lede_span term,
                                   lede_term *out, lede_error *err)
{
    bool is_there = false;
    lede_status status =
        lede_segment_find_terms(segment, &term, 1, out, &is_there, err);

    return status != LEDE_OK || is_there ? status : LEDE_NOT_FOUND;
}

/* --- Cursor ----------------------------------------------------------------
 */

struct lede_term_cursor {
    const lede_segment *segment;
    const lede_dictionary *dictionary;
    uint32_t next_block; /* to be read when the one at hand has ended */
    lede_dictionary_cursor block;
};

lede_status lede_term_cursor_open(const lede_segment *segment,
                                  lede_term_cursor **out, lede_error *err)
{
    const lede_dictionary *dictionary = NULL;
    lede_term_cursor *cursor;
    lede_status status = lede_segment_dictionary(segment, &dictionary, err);

    if (status != LEDE_OK) {
        return status;
    }
    cursor = calloc(1, sizeof *cursor);
    if (cursor == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    cursor->segment = segment;
    cursor->dictionary = dictionary;
    *out = cursor;
    return LEDE_OK;
}

void lede_term_cursor_close(lede_term_cursor *cursor)
{
    free(cursor);
}

static lede_status enter_block(lede_term_cursor *cursor, lede_error *err)
{
    lede_span bytes;
    lede_status status;

    if (cursor->next_block >= cursor->dictionary->block_count) {
        return LEDE_END;
    }
    status = lede_segment_term_block(cursor->segment, cursor->dictionary,
                                     cursor->next_block, &bytes, err);
    if (status != LEDE_OK) {
        return status;
    }
    cursor->next_block++;
    status = lede_dictionary_cursor_init(&cursor->block, bytes, err);
    return status == LEDE_OK
               ? LEDE_OK
               : lede_segment_fail_in(cursor->segment, status, err);
}

static lede_status next_found(lede_term_cursor *cursor,
                              lede_dictionary_term *found, lede_error *err)
{
    lede_status status =
        lede_dictionary_cursor_next(&cursor->block, found, err);

    if (status == LEDE_END) {
        status = enter_block(cursor, err);
        if (status == LEDE_OK) {
            status = lede_dictionary_cursor_next(&cursor->block, found, err);
        }
    }
    return status == LEDE_CORRUPT
               ? lede_segment_fail_in(cursor->segment, status, err)
               : status;
}

lede_status lede_term_cursor_next(lede_term_cursor *cursor, lede_term *out,
                                  lede_error *err)
{
    lede_dictionary_term found = {0};
    lede_status status = next_found(cursor, &found, err);

    return status == LEDE_OK ? lede_segment_resolve_term(cursor->segment,
                                                         cursor->next_block - 1,
                                                         &found, out, err)
                             : status;
}

lede_status lede_term_cursor_seek(lede_term_cursor *cursor, lede_span term,
                                  lede_term *out, lede_error *err)
{
    lede_dictionary_term found = {0};
    lede_status status;
    uint32_t block;

    if (!lede_dictionary_find_block(cursor->dictionary, term, &block)) {
        return LEDE_END;
    }
    cursor->next_block = block;
    cursor->block.left = 0;
    do {
        status = next_found(cursor, &found, err);
    } while (status == LEDE_OK && lede_span_compare(found.bytes, term) < 0);
    return status == LEDE_OK ? lede_segment_resolve_term(cursor->segment,
                                                         cursor->next_block - 1,
                                                         &found, out, err)
                             : status;
}
