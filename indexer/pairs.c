#include "indexer/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "indexer/grow.h"

/* Marks, above all places. */
enum {
    PLACES_MOST = 255 * 255,
    MARK_FIELD = UINT16_MAX - 16, /* + the field: of what follows */
    MARK_ENTRY = UINT16_MAX - 1, /* two numbers follow: its low and high bits */
    MARK_END = UINT16_MAX        /* of the page */
};

enum {
    PAGE_NUMBERS = 16 * 1024,
    NOTE_NUMBERS = 5 /* at most, for one pair: entry, field, place */
};

_Static_assert(PLACES_MOST <= MARK_FIELD, "marks are no places");

void lede_pairs_init(lede_pairs *pairs, const lede_pair_words *words)
{
    *pairs = (lede_pairs){.words = words, .field = LEDE_FIELD_COUNT};
}

void lede_pairs_done(lede_pairs *pairs)
{
    uint32_t i;

    for (i = 0; i < pairs->page_count; i++) {
        free(pairs->pages[i]);
    }
    free(pairs->pages);
    *pairs = (lede_pairs){0};
}

static size_t place_count(const lede_pairs *pairs)
{
    return (size_t)pairs->words->count * pairs->words->count;
}

size_t lede_pairs_bytes(const lede_pairs *pairs)
{
    return pairs->page_count * (PAGE_NUMBERS * sizeof(uint16_t)) +
           pairs->page_cap * sizeof pairs->pages[0];
}

size_t lede_pairs_walk_bytes(const lede_pairs *pairs, uint32_t entries)
{
    uint64_t items = entries > LEDE_PAIRS_DEALT ? entries : LEDE_PAIRS_DEALT;

    if (pairs->found == 0) {
        return 0;
    }
    items = pairs->found < items ? pairs->found : items;
    return items * sizeof(uint32_t) +
           place_count(pairs) * sizeof(lede_pair_place);
}

/* --- Finding ---------------------------------------------------------------
 */

void lede_pairs_begin_entry(lede_pairs *pairs)
{
    pairs->waiting_count = 0;
}

static bool add_page(lede_pairs *pairs)
{
    uint16_t **pages = lede_grown(pairs->pages, pairs->page_count,
                                  &pairs->page_cap, sizeof pages[0]);
    uint16_t *page;

    if (pages == NULL) {
        return false;
    }
    pairs->pages = pages;
    page = malloc(PAGE_NUMBERS * sizeof page[0]);
    if (page == NULL) {
        return false;
    }
    pages[pairs->page_count++] = page;
    pairs->at = page;
    pairs->end = page + PAGE_NUMBERS - 1;
    *page = MARK_END;
    return true;
}

static bool note_pair(lede_pairs *pairs, uint32_t entry, uint32_t first,
                      uint32_t second, lede_field field)
{
    uint16_t *at;

    if (pairs->end - pairs->at < NOTE_NUMBERS && !add_page(pairs)) {
        return false;
    }
    at = pairs->at;
    if (pairs->entry != entry) {
        *at++ = MARK_ENTRY;
        *at++ = (uint16_t)entry;
        *at++ = (uint16_t)(entry >> 16);
        pairs->entry = entry;
    }
    if (pairs->field != (uint32_t)field) {
        *at++ = (uint16_t)(MARK_FIELD + field);
        pairs->field = (uint32_t)field;
    }
    *at++ = (uint16_t)((first - 1) * pairs->words->count + second - 1);
    *at = MARK_END;
    pairs->at = at;
    pairs->found++;
    return true;
}

bool lede_pairs_add(lede_pairs *pairs, uint32_t entry, uint8_t word,
                    lede_field field, uint32_t position, uint32_t width)
{
    uint32_t kept = 0, i;

    for (i = 0; i < pairs->waiting_count; i++) {
        uint32_t end = pairs->ends[i];

        if (end == position &&
            !note_pair(pairs, entry, pairs->waiting[i], word, field)) {
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

/* --- Lists -----------------------------------------------------------------
 */

/* What was noted, pair by pair. */
typedef struct notes {
    const lede_pairs *pairs;
    const uint16_t *at;
    uint32_t next_page;
    uint32_t entry; /* + 1 */
    uint8_t fields;
} notes;

static notes notes_of(const lede_pairs *pairs)
{
    static const uint16_t none = MARK_END;

    return (notes){.pairs = pairs, .at = &none};
}

static bool turn_page(notes *n)
{
    if (n->next_page == n->pairs->page_count) {
        return false;
    }
    n->at = n->pairs->pages[n->next_page++];
    return true;
}

/* Goes on behind marks; false at the end. */
static bool pass_marks(notes *n)
{
    while (*n->at >= MARK_FIELD) {
        if (*n->at == MARK_END) {
            if (!turn_page(n)) {
                return false;
            }
        } else if (*n->at == MARK_ENTRY) {
            n->entry = n->at[1] | (uint32_t)n->at[2] << 16;
            n->at += 3;
        } else {
            n->fields = (uint8_t)(1u << (*n->at - MARK_FIELD));
            n->at++;
        }
    }
    return true;
}

static inline bool next_note(notes *n, uint32_t *place)
{
    if (*n->at >= MARK_FIELD && !pass_marks(n)) {
        return false;
    }
    *place = *n->at++;
    return true;
}

static void count_entries(lede_pair_walk *walk)
{
    notes n = notes_of(walk->pairs);
    uint32_t place;

    while (next_note(&n, &place)) {
        lede_pair_place *p = &walk->places[place];

        p->count += p->entry != n.entry;
        p->entry = n.entry;
    }
}

void lede_pair_walk_init(lede_pair_walk *walk, const lede_pairs *pairs,
                         uint32_t dealt)
{
    *walk = (lede_pair_walk){.pairs = pairs, .dealt_most = dealt};
    if (pairs->found == 0) {
        return;
    }
    walk->place_count = (uint32_t)place_count(pairs);
    walk->places = calloc(walk->place_count, sizeof walk->places[0]);
    if (walk->places == NULL) {
        walk->failed = true;
        return;
    }
    count_entries(walk);
}

void lede_pair_walk_done(lede_pair_walk *walk)
{
    free(walk->places);
    free(walk->items);
    *walk = (lede_pair_walk){0};
}

/* Puts the entries of places [place, end) in order of the places. */
static void deal(lede_pair_walk *walk, uint32_t end)
{
    notes n = notes_of(walk->pairs);
    uint32_t begin = walk->place, size = end - begin, next = 0, place;

    for (place = begin; place < end; place++) {
        uint32_t count = walk->places[place].count;

        walk->places[place] = (lede_pair_place){.count = next};
        next += count;
    }
    while (next_note(&n, &place)) {
        lede_pair_place *p = &walk->places[place];

        if (place - begin >= size) { /* wraps, for those before */
            continue;
        }
        if (p->entry != n.entry) {
            p->entry = n.entry;
            walk->items[p->count++] = (n.entry - 1) << LEDE_DEFAULT_FIELDS;
        }
        walk->items[p->count - 1] |= n.fields;
    }
}

/* Deals out the next places: as many as have few enough entries
 * together, or one. */
static bool deal_next(lede_pair_walk *walk)
{
    uint32_t end = walk->place, count = 0;

    do {
        count += walk->places[end++].count;
    } while (end < walk->place_count && count <= walk->dealt_most &&
             walk->places[end].count <= walk->dealt_most - count);
    if (count > walk->item_cap) {
        free(walk->items);
        walk->item_cap = count;
        walk->items = malloc(count * sizeof walk->items[0]);
        if (walk->items == NULL) {
            walk->failed = true;
            return false;
        }
    }
    deal(walk, end);
    walk->dealt_end = end;
    walk->item = 0;
    return true;
}

bool lede_pair_walk_next(lede_pair_walk *walk, lede_pair_list *out)
{
    while (!walk->failed && walk->place < walk->place_count) {
        uint32_t place, end;

        if (walk->place >= walk->dealt_end && !deal_next(walk)) {
            return false;
        }
        place = walk->place++;
        end = walk->places[place].count; /* where its last one went */
        if (end > walk->item) {
            *out = (lede_pair_list){place / walk->pairs->words->count + 1,
                                    place % walk->pairs->words->count + 1,
                                    walk->items + walk->item, end - walk->item};
            walk->item = end;
            return true;
        }
    }
    return false;
}
