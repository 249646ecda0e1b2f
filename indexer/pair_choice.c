#include "indexer/pair_choice.h"

#include <stdlib.h>
#include <string.h>

#include "base/entry_terms.h"
#include "base/hash.h"

enum { FIRST_SIZE = 4096 };

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "pair words: out of memory");
}

void lede_pair_choice_done(lede_pair_choice *choice)
{
    lede_arena_done(&choice->arena);
    free(choice->counts);
    choice->counts = NULL;
}

/* The place of a word, or where it would be. */
static lede_pair_count *find(lede_pair_count *counts, uint32_t size,
                             uint64_t hash, lede_span word)
{
    uint32_t at = (uint32_t)hash & (size - 1);

    while (
        counts[at].word.bytes != NULL &&
        (counts[at].hash != hash || !lede_span_equal(counts[at].word, word))) {
        at = (at + 1) & (size - 1);
    }
    return &counts[at];
}

static bool grow(lede_pair_choice *choice)
{
    uint32_t size = choice->size == 0 ? FIRST_SIZE : choice->size * 2;
    lede_pair_count *counts;
    uint32_t i;

    if (choice->count < choice->size / 2) {
        return true;
    }
    counts = calloc(size, sizeof counts[0]);
    if (counts == NULL) {
        return false;
    }
    for (i = 0; i < choice->size; i++) {
        const lede_pair_count *c = &choice->counts[i];

        if (c->word.bytes != NULL) {
            *find(counts, size, c->hash, c->word) = *c;
        }
    }
    free(choice->counts);
    choice->counts = counts;
    choice->size = size;
    return true;
}

static bool count_word(lede_pair_choice *choice, lede_span word)
{
    uint64_t hash = lede_hash64(word);
    lede_pair_count *found;

    if (word.len > LEDE_PAIR_WORD_BYTES) {
        return true;
    }
    if (!grow(choice)) {
        return false;
    }
    found = find(choice->counts, choice->size, hash, word);
    if (found->word.bytes == NULL) {
        lede_span copy = lede_arena_copy(&choice->arena, word);

        if (copy.bytes == NULL) {
            return false;
        }
        *found = (lede_pair_count){.hash = hash, .word = copy};
        choice->count++;
    }
    if (found->last_entry != choice->entries) {
        found->last_entry = choice->entries;
        found->entries++;
    }
    return true;
}

lede_status lede_pair_choice_add(lede_pair_choice *choice,
                                 const lede_entry *entry, lede_error *err)
{
    lede_entry_walk walk;
    lede_occurrence o;

    if (choice->count >= LEDE_PAIR_SAMPLE_WORDS ||
        choice->entries == LEDE_PAIR_SAMPLE) {
        return LEDE_OK;
    }
    choice->entries++;
    lede_entry_walk_init(&walk, choice->analyzer, entry);
    while (lede_entry_walk_next(&walk, &o) && o.field < LEDE_DEFAULT_FIELDS) {
        choice->tokens++;
        if (!count_word(choice, o.token.word)) {
            return no_memory(err);
        }
    }
    return lede_analyzer_failed(choice->analyzer) ? no_memory(err) : LEDE_OK;
}

static int by_entries(const void *left, const void *right)
{
    const lede_pair_count *a = left, *b = right;

    if (a->entries != b->entries) {
        return a->entries > b->entries ? -1 : 1;
    }
    return lede_span_compare(a->word, b->word);
}

static int by_bytes(const void *left, const void *right)
{
    const lede_span *a = left, *b = right;

    return lede_span_compare(*a, *b);
}

lede_status lede_pair_choice_end(lede_pair_choice *choice, uint32_t most,
                                 uint64_t tokens, lede_buf *out,
                                 lede_error *err)
{
    lede_span words[LEDE_PAIR_WORDS_MOST];
    uint32_t count = 0, n = 0, i;

    if (choice->tokens < tokens || choice->count == 0) {
        return LEDE_OK;
    }
    for (i = 0; i < choice->size; i++) { /* those counted come to the front */
        if (choice->counts[i].word.bytes != NULL) {
            choice->counts[count++] = choice->counts[i];
        }
    }
    qsort(choice->counts, count, sizeof choice->counts[0], by_entries);
    most = most < LEDE_PAIR_WORDS_MOST ? most : LEDE_PAIR_WORDS_MOST;
    while (n < count && n < most &&
           choice->counts[n].entries * (uint64_t)LEDE_PAIR_RARITY >=
               choice->entries) {
        words[n] = choice->counts[n].word;
        n++;
    }
    if (n == 0) {
        return LEDE_OK;
    }
    qsort(words, n, sizeof words[0], by_bytes);
    lede_pair_words_encode(words, n, out);
    return out->failed ? no_memory(err) : LEDE_OK;
}
