#include "query/mentions.h"

#include <stdlib.h>
#include <string.h>

#include "query/match_search.h"
#include "storage/name_words.h"

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory to rank the hits");
}

/* --- From terms -------------------------------------------------------------
 */

typedef struct turn {
    uint32_t segment, entry, hit;
} turn;

static int compare_turns(const void *left, const void *right)
{
    const turn *a = left;
    const turn *b = right;

    if (a->segment != b->segment) {
        return a->segment < b->segment ? -1 : 1;
    }
    return (a->entry > b->entry) - (a->entry < b->entry);
}

/* Hits of one segment, by entry, and where what is found of them goes. */
typedef struct asking {
    const lede_segment *segment;
    const turn *turns;
    uint32_t count;
    uint32_t word, word_count;
    uint32_t *out;
} asking;

/* Each block of the list is decoded once, and only where a hit may be in it. */
static bool read_list(const asking *ask, const lede_postings *list)
{
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    uint32_t decoded = UINT32_MAX, block = 0;

    for (uint32_t i = 0; i < ask->count; i++) {
        uint32_t entry = ask->turns[i].entry, size, at, frequency;

        block = lede_postings_find_block(list, block, entry);
        if (block == list->block_count) {
            break;
        }
        if (block != decoded && !lede_postings_entries(list, block, entries)) {
            return false;
        }
        decoded = block;
        size = lede_postings_block_size(list, block);
        at = lede_match_lower_bound(entries, size, entry);
        if (at == size || entries[at] != entry) {
            continue;
        }
        if (!lede_postings_frequency_at(list, block, at, &frequency)) {
            return false;
        }
        /* Frequencies are doubled (base/entry_terms.h). */
        ask->out[ask->turns[i].hit * ask->word_count + ask->word] +=
            frequency / 2;
    }
    return true;
}

static lede_status read_term(const asking *ask, const char *prefix,
                             lede_span word, lede_error *err)
{
    uint8_t bytes[2 + LEDE_WORD_MAX_BYTES];
    size_t len = strlen(prefix);
    lede_term term;
    lede_status status;

    if (word.len == 0 || len + word.len > sizeof bytes) {
        return LEDE_OK;
    }
    memcpy(bytes, prefix, len);
    memcpy(bytes + len, word.bytes, word.len);
    status = lede_segment_find_term(
        ask->segment, lede_span_of(bytes, len + word.len), &term, err);
    if (status != LEDE_OK) {
        return status == LEDE_NOT_FOUND ? LEDE_OK : status;
    }
    return read_list(ask, &term.postings)
               ? LEDE_OK
               : lede_fail(err, LEDE_CORRUPT, "a posting list is damaged");
}

lede_status lede_mentions_of_terms(const lede_snapshot *snapshot,
                                   const lede_span *words, uint32_t word_count,
                                   const lede_match_hit *hits,
                                   uint32_t hit_count, uint32_t *out,
                                   lede_error *err)
{
    turn *turns = malloc((hit_count + 1u) * sizeof *turns);
    lede_status status = turns == NULL ? no_memory(err) : LEDE_OK;
    uint32_t begin, end;

    memset(out, 0, (size_t)hit_count * word_count * sizeof *out);
    for (uint32_t i = 0; i < hit_count && status == LEDE_OK; i++) {
        turns[i] = (turn){hits[i].segment, hits[i].entry, i};
    }
    if (status == LEDE_OK) {
        qsort(turns, hit_count, sizeof *turns, compare_turns);
    }
    for (begin = 0; begin < hit_count && status == LEDE_OK; begin = end) {
        asking ask = {
            .turns = turns + begin, .word_count = word_count, .out = out};

        end = begin + 1;
        while (end < hit_count && turns[end].segment == turns[begin].segment) {
            end++;
        }
        ask.count = end - begin;
        ask.segment = lede_snapshot_segment(snapshot, turns[begin].segment);
        for (ask.word = 0; ask.word < word_count && status == LEDE_OK;
             ask.word++) {
            status = read_term(&ask, LEDE_TERM_PERSON, words[ask.word], err);
            if (status == LEDE_OK) {
                status = read_term(&ask, LEDE_TERM_PLACE, words[ask.word], err);
            }
        }
    }
    free(turns);
    return status;
}

/* --- From lists -------------------------------------------------------------
 */

typedef struct counting {
    lede_analyzer *analyzer;
    const lede_span *words;
    uint32_t word_count;
    uint32_t *out; /* of the hit at hand */
} counting;

static bool count_word(void *ctx, const lede_name_term *term)
{
    counting *c = ctx;
    bool is_word = term->space == LEDE_NAME_SPACE_PERSON ||
                   term->space == LEDE_NAME_SPACE_PLACE;

    for (uint32_t i = 0; is_word && i < c->word_count; i++) {
        if (lede_span_equal(c->words[i], term->token.word)) {
            c->out[i] += term->count;
        }
    }
    return true;
}

static lede_status count_list(counting *c, lede_span list, lede_error *err)
{
    lede_name_reader reader = lede_name_reader_of(list);
    lede_named named;

    if (!lede_name_words_each(list, c->analyzer, count_word, c)) {
        return no_memory(err);
    }
    while (lede_name_reader_next(&reader, &named)) { /* for damage alone */
    }
    return lede_name_reader_end(&reader, err);
}

lede_status lede_mentions_of_lists(lede_engine *engine, lede_analyzer *analyzer,
                                   const lede_span *words, uint32_t word_count,
                                   const lede_match_hit *hits,
                                   uint32_t hit_count, uint32_t *out,
                                   lede_error *err)
{
    counting c = {
        .analyzer = analyzer, .words = words, .word_count = word_count};
    lede_status status = LEDE_OK;
    lede_buf list = {0};

    memset(out, 0, (size_t)hit_count * word_count * sizeof *out);
    for (uint32_t i = 0;
         i < hit_count && status == LEDE_OK && engine->calls->names != NULL;
         i++) {
        status = engine->calls->names(engine, &hits[i], &list, err);
        c.out = out + (size_t)i * word_count;
        if (status == LEDE_OK) {
            status = count_list(&c, lede_buf_span(&list), err);
        }
        if (status == LEDE_CORRUPT) { /* of this hit alone */
            memset(c.out, 0, word_count * sizeof *c.out);
            status = LEDE_OK;
        }
    }
    lede_buf_done(&list);
    return status;
}

lede_status lede_mentions_find(lede_engine *engine, lede_analyzer *analyzer,
                               const lede_span *words, uint32_t word_count,
                               const lede_match_hit *hits, uint32_t hit_count,
                               uint32_t *out, lede_error *err)
{
    return engine->calls->mentions != NULL
               ? engine->calls->mentions(engine, words, word_count, hits,
                                         hit_count, out, err)
               : lede_mentions_of_lists(engine, analyzer, words, word_count,
                                        hits, hit_count, out, err);
}
