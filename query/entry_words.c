#include "query/entry_words.h"

#include <string.h>

#include "base/entry_terms.h"
#include "base/hash.h"

enum { FIRST_SLOTS = 4096 };

#define NO_WORD UINT32_MAX

struct lede_entry_words {
    lede_analyzer *analyzer;
    lede_arena *arena;
    uint32_t *slots; /* a hash table of numbers; NO_WORD: free */
    uint32_t slot_count;
    lede_entry_word *items; /* room for half the slots */
    uint32_t total;
    uint32_t *numbers; /* of the entry read last; room as of items */
    uint32_t count;
};

static bool make_slots(lede_entry_words *words, uint32_t count)
{
    uint32_t *slots = lede_arena_array(words->arena, count, sizeof *slots);
    uint32_t *numbers =
        lede_arena_array(words->arena, count / 2, sizeof *numbers);
    lede_entry_word *items =
        lede_arena_array(words->arena, count / 2, sizeof *items);

    if (slots == NULL || numbers == NULL || items == NULL) {
        return false;
    }
    memset(slots, 0xFF, count * sizeof *slots);
    for (uint32_t i = 0; i < words->total; i++) {
        uint64_t at = lede_hash64(words->items[i].term) & (count - 1);

        while (slots[at] != NO_WORD) {
            at = (at + 1) & (count - 1);
        }
        slots[at] = i;
        items[i] = words->items[i];
    }
    for (uint32_t i = 0; i < words->count; i++) {
        numbers[i] = words->numbers[i];
    }
    words->slots = slots;
    words->slot_count = count;
    words->items = items;
    words->numbers = numbers;
    return true;
}

lede_entry_words *lede_entry_words_new(lede_analyzer *analyzer,
                                       lede_arena *arena)
{
    lede_entry_words *words = lede_arena_get(arena, sizeof *words);

    if (words == NULL) {
        return NULL;
    }
    words->analyzer = analyzer;
    words->arena = arena;
    return make_slots(words, FIRST_SLOTS) ? words : NULL;
}

/* The number of a term, which gets one if it has none; NO_WORD when out of
 * memory. */
static uint32_t number_of(lede_entry_words *words, lede_span term)
{
    uint32_t mask = words->slot_count - 1;
    uint64_t at = lede_hash64(term) & mask;
    lede_span copy;

    while (words->slots[at] != NO_WORD) {
        if (lede_span_equal(words->items[words->slots[at]].term, term)) {
            return words->slots[at];
        }
        at = (at + 1) & mask;
    }
    if (words->total == words->slot_count / 2) {
        return make_slots(words, words->slot_count * 2) ? number_of(words, term)
                                                        : NO_WORD;
    }
    copy = lede_arena_copy(words->arena, term);
    if (copy.bytes == NULL) {
        return NO_WORD;
    }
    words->slots[at] = words->total;
    words->items[words->total] = (lede_entry_word){.term = copy};
    return words->total++;
}

static void clear_counts(lede_entry_words *words)
{
    for (uint32_t i = 0; i < words->count; i++) {
        words->items[words->numbers[i]].count = 0;
    }
    words->count = 0;
}

bool lede_entry_words_read(lede_entry_words *words, const lede_entry *entry,
                           lede_language language, uint32_t most,
                           const uint32_t **numbers, uint32_t *count)
{
    lede_entry_walk walk;
    lede_occurrence occurrence;

    clear_counts(words);
    lede_entry_walk_init(&walk, words->analyzer, entry);
    for (uint32_t i = 0; i < most && lede_entry_walk_next(&walk, &occurrence) &&
                         occurrence.field < LEDE_DEFAULT_FIELDS;
         i++) {
        lede_span stem = lede_analyzer_stem(words->analyzer, language,
                                            occurrence.token.word);
        uint32_t number = stem.len > 0 ? number_of(words, stem) : NO_WORD;

        if (number == NO_WORD) {
            return false;
        }
        if (words->items[number].count == 0) {
            words->numbers[words->count++] = number;
            words->items[number].entries++;
        }
        words->items[number].count += lede_field_weight(occurrence.field);
    }
    *numbers = words->numbers;
    *count = words->count;
    return !lede_analyzer_failed(words->analyzer);
}

uint32_t lede_entry_words_total(const lede_entry_words *words)
{
    return words->total;
}

const lede_entry_word *lede_entry_words_get(const lede_entry_words *words,
                                            uint32_t number)
{
    return &words->items[number];
}
