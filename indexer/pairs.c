#include "indexer/pairs.h"

#include <stdlib.h>

enum { BODY = 1 << LEDE_FIELD_BODY };

bool lede_pairs_init(lede_pairs *pairs, const lede_pair_words *words)
{
    *pairs = (lede_pairs){.words = words};
    if (words != NULL) {
        pairs->lists =
            calloc((size_t)words->count * words->count, sizeof pairs->lists[0]);
    }
    return words == NULL || pairs->lists != NULL;
}

void lede_pairs_done(lede_pairs *pairs)
{
    free(pairs->lists);
    *pairs = (lede_pairs){0};
}

size_t lede_pairs_bytes(const lede_pairs *pairs)
{
    return pairs->words == NULL
               ? 0
               : (size_t)pairs->words->count * pairs->words->count *
                     sizeof pairs->lists[0];
}

void lede_pairs_begin_entry(lede_pairs *pairs)
{
    pairs->waiting_count = 0;
}

/* Writes the entry at hand. */
static bool put_item(lede_pairs *pairs, lede_page_arena *arena,
                     lede_pair_list *list)
{
    uint64_t head = (uint64_t)(list->entry - list->written) << 1 |
                    (list->fields != BODY ? 1u : 0u);
    uint8_t item[8], *p = item;
    bool fits = list->list.end - list->list.at >= (ptrdiff_t)sizeof item;

    if (list->entry == list->written) {
        return true;
    }
    if (fits) {
        p = list->list.at;
    }
    while (head >= 0x80) {
        *p++ = (uint8_t)(head | 0x80);
        head >>= 7;
    }
    *p++ = (uint8_t)head;
    if (list->fields != BODY) {
        *p++ = list->fields;
    }
    list->written = list->entry;
    if (fits) {
        list->list.bytes += (uint32_t)(p - list->list.at);
        list->list.at = p;
    } else if (!lede_word_list_put(&list->list, arena, item,
                                   (size_t)(p - item))) {
        return false;
    }
    if (list->list.bytes > pairs->most_bytes) {
        pairs->most_bytes = list->list.bytes;
    }
    return true;
}

static lede_pair_list *find_list(lede_pairs *pairs, lede_page_arena *arena,
                                 uint32_t at)
{
    uint32_t *place = &pairs->lists[at];
    lede_pair_list *list;

    if (*place != 0) {
        return lede_page_arena_at(arena, *place - 1);
    }
    list = lede_page_arena_get(arena, sizeof *list);
    if (list != NULL) {
        *list = (lede_pair_list){0};
        lede_word_list_init(&list->list);
        *place = lede_page_arena_reference(arena, list) + 1;
    }
    return list;
}

static bool put_pair(lede_pairs *pairs, lede_page_arena *arena,
                     const lede_pair_found *found)
{
    lede_pair_list *list = find_list(pairs, arena, found->place);

    if (list == NULL) {
        return false;
    }
    if (list->entry != found->entry) {
        if (!put_item(pairs, arena, list)) {
            return false;
        }
        list->entry = found->entry;
        list->fields = 0;
    }
    list->fields |= found->fields;
    return true;
}

static bool put_next(lede_pairs *pairs, lede_page_arena *arena)
{
    return put_pair(
        pairs, arena,
        &pairs->under_way[pairs->put++ & (LEDE_PAIRS_UNDER_WAY - 1)]);
}

/* The pair that was found half of the way ago has its place by now. */
static void ask_for_list(const lede_pairs *pairs, const lede_page_arena *arena)
{
    uint32_t behind = pairs->found - LEDE_PAIRS_UNDER_WAY / 2;
    uint32_t place =
        pairs->under_way[behind & (LEDE_PAIRS_UNDER_WAY - 1)].place;
    const uint8_t *list;

    if (pairs->lists[place] != 0) {
        list = lede_page_arena_at(arena, pairs->lists[place] - 1);
        __builtin_prefetch(list, 1);
        __builtin_prefetch(list + sizeof(lede_pair_list) - 1, 1);
    }
}

static bool add_pair(lede_pairs *pairs, lede_page_arena *arena, uint32_t entry,
                     uint32_t first, uint32_t second, lede_field field)
{
    uint32_t place = (first - 1) * pairs->words->count + second - 1;

    if (pairs->found - pairs->put == LEDE_PAIRS_UNDER_WAY &&
        !put_next(pairs, arena)) {
        return false;
    }
    pairs->under_way[pairs->found++ & (LEDE_PAIRS_UNDER_WAY - 1)] =
        (lede_pair_found){place, entry, (uint8_t)(1u << field)};
    __builtin_prefetch(&pairs->lists[place]);
    if (pairs->found - pairs->put > LEDE_PAIRS_UNDER_WAY / 2) {
        ask_for_list(pairs, arena);
    }
    return true;
}

bool lede_pairs_end(lede_pairs *pairs, lede_page_arena *arena)
{
    while (pairs->put != pairs->found) {
        if (!put_next(pairs, arena)) {
            return false;
        }
    }
    return true;
}

bool lede_pairs_add(lede_pairs *pairs, lede_page_arena *arena, uint32_t entry,
                    uint8_t word, lede_field field, uint32_t position,
                    uint32_t width)
{
    uint32_t kept = 0, i;

    for (i = 0; i < pairs->waiting_count; i++) {
        uint32_t end = pairs->ends[i];

        if (end == position &&
            !add_pair(pairs, arena, entry, pairs->waiting[i], word, field)) {
            return false;
        }
        if (end >= position) { /* a second word may stand at the position */
            pairs->waiting[kept] = pairs->waiting[i];
            pairs->ends[kept++] = end;
        }
    }
    if (kept == LEDE_PAIRS_WAITING) {
        pairs->is_lost = true;
        kept--;
    }
    pairs->waiting[kept] = word;
    pairs->ends[kept] = position + (width > 0 ? width : 1);
    pairs->waiting_count = kept + 1;
    return true;
}

bool lede_pairs_finish(lede_pairs *pairs, lede_page_arena *arena,
                       uint32_t first, uint32_t second,
                       const lede_pair_list **out)
{
    uint32_t place =
        pairs->lists[(size_t)(first - 1) * pairs->words->count + second - 1];
    lede_pair_list *list;

    *out = NULL;
    if (place == 0) {
        return true;
    }
    list = lede_page_arena_at(arena, place - 1);
    *out = list;
    return put_item(pairs, arena, list);
}
