#include "indexer/accumulate_terms.h"

#include <stdlib.h>

#include "base/large.h"

enum { FIRST_SLOTS = 1024 };

/* --- Tables ------------------------------------------------------------ */

/* All free. Where there are many, they are found anywhere. */
static slot *new_slots(uint32_t size)
{
    size_t bytes = (size_t)size * sizeof(slot);
    slot *slots;

    if (bytes < LEDE_LARGE_PAGE_BYTES) { /* powers of two, both */
        return calloc(size, sizeof(slot));
    }
    slots = lede_large_get(bytes);
    return slots == NULL ? NULL : memset(slots, 0, bytes);
}

static bool grow_table(table *t)
{
    uint32_t size = t->slots == NULL ? FIRST_SLOTS : (t->mask + 1) * 2;
    slot *slots;
    uint32_t i, at;

    if (size == 0) {
        return false;
    }
    slots = new_slots(size);
    if (slots == NULL) {
        return false;
    }
    for (i = 0; t->slots != NULL && i <= t->mask; i++) {
        if (t->slots[i].hash == 0) {
            continue;
        }
        at = t->slots[i].hash & (size - 1);
        while (slots[at].hash != 0) {
            at = (at + 1) & (size - 1);
        }
        slots[at] = t->slots[i];
    }
    free(t->slots);
    t->slots = slots;
    t->mask = size - 1;
    return true;
}

/* Room for one more; at most three of five slots are taken. */
static bool has_room(table *t)
{
    return (t->slots != NULL &&
            (uint64_t)t->count * 5 < ((uint64_t)t->mask + 1) * 3) ||
           grow_table(t);
}

static void put_slot(table *t, uint32_t hash, uint32_t reference)
{
    uint32_t at = hash & t->mask;

    while (t->slots[at].hash != 0) {
        at = (at + 1) & t->mask;
    }
    t->slots[at] = (slot){hash, reference};
    t->count++;
}

/* --- Terms and forms ----------------------------------------------------- */

static term *new_term(lede_accumulator *a, uint32_t hash, lede_span prefix,
                      lede_span rest)
{
    size_t len = prefix.len + rest.len;
    term *t;

    if (!has_room(&a->terms)) {
        return NULL;
    }
    t = lede_page_arena_get(&a->arena, sizeof *t + len);
    if (t == NULL) {
        return NULL;
    }
    *t = (term){.len = (uint16_t)len};
    lede_word_list_init(&t->list);
    if (prefix.len > 0) {
        memcpy(t->bytes, prefix.bytes, prefix.len);
    }
    memcpy(t->bytes + prefix.len, rest.bytes, rest.len);
    put_slot(&a->terms, hash, lede_page_arena_reference(&a->arena, t));
    return t;
}

static bool is_term(const term *t, lede_span prefix, lede_span rest)
{
    return t->len == prefix.len + rest.len &&
           (prefix.len == 0 ||
            memcmp(t->bytes, prefix.bytes, prefix.len) == 0) &&
           memcmp(t->bytes + prefix.len, rest.bytes, rest.len) == 0;
}

term *accumulate_find_term(lede_accumulator *a, lede_span prefix,
                           lede_span rest)
{
    uint32_t hash =
        hash_ends(ends_of(rest.bytes, rest.len), rest,
                  prefix.len == 0 ? 0 : (uint32_t)lede_hash64(prefix));
    uint32_t at = hash & a->terms.mask;

    while (a->terms.slots != NULL && a->terms.slots[at].hash != 0) {
        if (a->terms.slots[at].hash == hash) {
            term *t =
                lede_page_arena_at(&a->arena, a->terms.slots[at].reference);

            if (is_term(t, prefix, rest)) {
                return t;
            }
        }
        at = (at + 1) & a->terms.mask;
    }
    return new_term(a, hash, prefix, rest);
}

form *accumulate_add_form(lede_accumulator *a, uint32_t hash, uint32_t meta,
                          term *t, lede_span word)
{
    uint32_t reference;
    form *f;

    if (t == NULL || !has_room(&a->forms)) {
        return NULL;
    }
    f = lede_page_arena_get(&a->arena, sizeof *f + word.len);
    if (f == NULL) {
        return NULL;
    }
    t->has_positions = 1;
    reference = lede_page_arena_reference(&a->arena, f);
    f->term = t;
    f->hash = lede_hash64(word);
    f->meta = meta;
    f->len = (uint8_t)word.len;
    f->pair_word = 0;
    memcpy(f->word, word.bytes, word.len);
    f->next = t->forms;
    f->index = t->form_count++;
    t->forms = reference + 1;
    if (t->form_count > a->most_forms) {
        a->most_forms = t->form_count;
    }
    put_slot(&a->forms, hash, reference);
    return f;
}

form *accumulate_new_form(lede_accumulator *a, uint32_t hash, uint32_t meta,
                          lede_field field, lede_language language,
                          lede_span word)
{
    lede_span prefix = lede_span_text(lede_field_prefix(field));
    /* Where none are cut, there is nothing to remember. */
    lede_span stem = language == LEDE_LANGUAGE_NONE
                         ? word
                         : lede_analyzer_stem(a->analyzer, language, word);
    form *f = accumulate_add_form(
        a, hash, meta,
        stem.len == 0 ? NULL : accumulate_find_term(a, prefix, stem), word);

    if (f != NULL && field < LEDE_DEFAULT_FIELDS) {
        f->term->is_default = 1;
        if (a->pairs.words != NULL) {
            f->pair_word = (uint8_t)lede_pair_words_find(a->pairs.words, word);
        }
    }
    return f;
}
