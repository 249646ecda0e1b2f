#include "storage/copies.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/varint.h"
#include "storage/archive_internal.h"

enum { TABLE_MAGIC = 0x504F434C, LISTED_BYTES = 16 }; /* "LCOP" */
#define NO_NODE UINT32_MAX

enum { BAND_VALUES = 1 << 24 };
/* Values of a band that lie in one drawer of the order. */
enum { DRAWER_VALUES = 1 << 6, DRAWERS = BAND_VALUES / DRAWER_VALUES };

/* --- The table -------------------------------------------------------------
 */

void lede_copies_table_encode(const lede_copies_listed *items, uint32_t count,
                              lede_buf *out)
{
    size_t begin = out->len;
    uint32_t i;

    lede_buf_put_u32(out, TABLE_MAGIC);
    for (i = 0; i < count; i++) {
        lede_buf_put_u32(out, items[i].segment);
        lede_buf_put_u32(out, items[i].rows);
        lede_buf_put_u64(out, items[i].hash);
    }
    if (!out->failed) {
        lede_buf_put_u64(out, lede_hash64(lede_span_of(out->bytes + begin,
                                                       out->len - begin)));
    }
}

lede_status lede_copies_table_decode(lede_span bytes, lede_span *items,
                                     lede_error *err)
{
    if (bytes.len < 12 || (bytes.len - 12) % LISTED_BYTES != 0 ||
        lede_load_u32(bytes.bytes) != (uint32_t)TABLE_MAGIC ||
        lede_load_u64(bytes.bytes + bytes.len - 8) !=
            lede_hash64(lede_span_part(bytes, 0, bytes.len - 8))) {
        return lede_fail(err, LEDE_CORRUPT, "the table of copies is damaged");
    }
    *items = lede_span_part(bytes, 4, bytes.len - 12);
    return LEDE_OK;
}

uint32_t lede_copies_table_count(lede_span items)
{
    return (uint32_t)(items.len / LISTED_BYTES);
}

lede_copies_listed lede_copies_table_get(lede_span items, uint32_t index)
{
    const uint8_t *at = items.bytes + (size_t)index * LISTED_BYTES;

    return (lede_copies_listed){lede_load_u32(at), lede_load_u32(at + 4),
                                lede_load_u64(at + 8)};
}

/* --- Maps of numbers to nodes ----------------------------------------------
 */

typedef struct slot {
    uint64_t key;
    uint32_t node; /* NO_NODE: free */
} slot;

typedef struct map {
    slot *slots;
    uint32_t count, size;
} map;

static uint32_t map_slot(const map *m, uint64_t key)
{
    return (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 32) & (m->size - 1);
}

static uint32_t *map_find(const map *m, uint64_t key)
{
    uint32_t at = map_slot(m, key);

    while (m->slots[at].node != NO_NODE && m->slots[at].key != key) {
        at = (at + 1) & (m->size - 1);
    }
    m->slots[at].key = key;
    return &m->slots[at].node;
}

static bool map_grow(map *m)
{
    map grown = {.size = m->size == 0 ? 1024 : m->size * 2};
    uint32_t i;

    if (m->size > UINT32_MAX / 4) {
        return false;
    }
    grown.slots = malloc((size_t)grown.size * sizeof grown.slots[0]);
    if (grown.slots == NULL) {
        return false;
    }
    for (i = 0; i < grown.size; i++) {
        grown.slots[i].node = NO_NODE;
    }
    grown.count = m->count;
    for (i = 0; i < m->size; i++) {
        if (m->slots[i].node != NO_NODE) {
            *map_find(&grown, m->slots[i].key) = m->slots[i].node;
        }
    }
    free(m->slots);
    *m = grown;
    return true;
}

/* The node of a key, or NULL when out of memory; NO_NODE: to be filled in. */
static uint32_t *map_put(map *m, uint64_t key)
{
    uint32_t *node;

    if (m->count >= m->size / 2 && !map_grow(m)) {
        return NULL;
    }
    node = map_find(m, key);
    m->count += *node == NO_NODE;
    return node;
}

static uint32_t map_get(const map *m, uint64_t key)
{
    return m->size == 0 ? (uint32_t)NO_NODE : *map_find(m, key);
}

static void map_prefetch(const map *m, uint64_t key)
{
    if (m->size > 0) {
        __builtin_prefetch(&m->slots[map_slot(m, key)]);
    }
}

/* --- State -----------------------------------------------------------------
 */

/* An entry, or a group that is taken as a whole. */
typedef struct node {
    uint32_t parent;
    uint32_t members;
    uint64_t least; /* key */
} node;

/* A member of a group, as it was, where it is now. */
typedef struct member {
    uint32_t segment, entry;
    uint64_t group;
    uint32_t members;
    uint32_t node; /* of what was looked at by itself */
} member;

/* An entry that is looked at. */
typedef struct item {
    uint32_t segment, entry, node;
    uint64_t page;
    const uint8_t *sketch;
} item;

typedef struct state {
    lede_copies_segment *segments;
    uint32_t count;
    const lede_segment *const *removed;
    uint32_t removed_count;
    bool afresh;

    node *nodes;
    uint32_t node_count, node_cap;
    member *members;
    uint32_t member_count, member_cap;
    item *items;
    uint32_t item_count, item_cap;
    map groups;        /* by name */
    map broken;        /* groups that lost a member */
    map places;        /* entries looked at, and those that were found beside */
    uint64_t *order;   /* of the items: band value, index */
    bool *is_whole;    /* by place in the order: a run of one group begins */
    uint32_t *drawers; /* where the values of each begin in the order */
    uint64_t *filter;  /* band values of the items */
} state;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "copies: out of memory");
}

static void *grown(void *items, uint32_t count, uint32_t *cap, size_t size)
{
    uint32_t more = *cap == 0 ? 256 : *cap * 2;
    void *larger;

    if (count < *cap) {
        return items;
    }
    larger = more < *cap ? NULL : realloc(items, more * size);
    if (larger != NULL) {
        *cap = more;
    }
    return larger;
}

static bool add_node(state *s, uint64_t least, uint32_t members, uint32_t *out)
{
    node *nodes = grown(s->nodes, s->node_count, &s->node_cap, sizeof nodes[0]);

    if (nodes == NULL) {
        return false;
    }
    s->nodes = nodes;
    *out = s->node_count;
    nodes[s->node_count++] = (node){*out, members, least};
    return true;
}

static uint32_t root_of(state *s, uint32_t n)
{
    while (s->nodes[n].parent != n) {
        n = s->nodes[n].parent = s->nodes[s->nodes[n].parent].parent;
    }
    return n;
}

static void join(state *s, uint32_t a, uint32_t b)
{
    node *x = &s->nodes[a = root_of(s, a)];
    node *y = &s->nodes[b = root_of(s, b)];

    if (a == b) {
        return;
    }
    x->members += y->members;
    x->least = y->least < x->least ? y->least : x->least;
    y->parent = a;
}

static bool is_live(const lede_copies_segment *segment, uint32_t entry)
{
    return segment->deleted == NULL ||
           (segment->deleted[entry / 64] >> (entry % 64) & 1) == 0;
}

static uint64_t place_of(uint32_t segment, uint32_t entry)
{
    return (uint64_t)segment << 32 | entry;
}

/* The sketch of an entry; NULL if there is none, or it cannot be read. */
static const uint8_t *sketch_of(const lede_segment *segment, uint32_t entry)
{
    const uint8_t *sketch;

    return lede_segment_sketch(segment, entry, &sketch, NULL) == LEDE_OK &&
                   !lede_sketch_is_none(sketch)
               ? sketch
               : NULL;
}

static uint64_t page_of(const lede_segment *segment, uint32_t entry)
{
    lede_column pages;

    return lede_segment_column(segment, LEDE_COLUMN_PAGE, &pages, NULL) ==
                   LEDE_OK
               ? (uint64_t)lede_column_get(&pages, entry)
               : 0;
}

/* The key of an entry, and whether it could be read. */
static bool key_of(const lede_segment *segment, uint32_t entry, uint64_t *out)
{
    lede_column keys;

    if (lede_segment_column(segment, LEDE_COLUMN_KEY, &keys, NULL) != LEDE_OK) {
        return false;
    }
    *out = (uint64_t)lede_column_get(&keys, entry);
    return true;
}

/* --- What was ---------------------------------------------------------------
 */

static lede_status mark_broken(state *s, uint64_t group, lede_error *err)
{
    uint32_t *mark = map_put(&s->broken, group);

    if (mark == NULL) {
        return no_memory(err);
    }
    *mark = 1;
    return LEDE_OK;
}

static lede_status add_member(state *s, uint32_t segment, uint32_t entry,
                              const uint8_t *row, lede_error *err)
{
    member *members =
        grown(s->members, s->member_count, &s->member_cap, sizeof members[0]);

    if (members == NULL) {
        return no_memory(err);
    }
    s->members = members;
    members[s->member_count++] =
        (member){segment, entry, lede_load_u64(row + 8), lede_load_u32(row + 4),
                 NO_NODE};
    return LEDE_OK;
}

/* Where an entry of a removed segment is now, if it was but moved. */
static bool find_moved(const state *s, const lede_segment *from, uint32_t entry,
                       uint32_t *segment, uint32_t *found)
{
    const uint8_t *sketch = sketch_of(from, entry);
    uint64_t key;

    if (sketch == NULL || !key_of(from, entry, &key)) {
        return false;
    }
    for (*segment = 0; *segment < s->count; ++*segment) {
        const lede_copies_segment *to = &s->segments[*segment];
        const uint8_t *other;

        if (!to->is_new ||
            lede_segment_find_key(to->segment, key, found, NULL) != LEDE_OK) {
            continue;
        }
        other = sketch_of(to->segment, *found);
        if (is_live(to, *found) && other != NULL &&
            memcmp(sketch, other, LEDE_SKETCH_BYTES) == 0 &&
            page_of(from, entry) == page_of(to->segment, *found)) {
            return true;
        }
    }
    return false;
}

static lede_status read_kept(state *s, uint32_t index, lede_error *err)
{
    const lede_copies_segment *segment = &s->segments[index];
    lede_span rows;
    lede_status status = lede_segment_copies(segment->segment, &rows, err);
    size_t at;

    for (at = 0; status == LEDE_OK && at < rows.len;
         at += LEDE_COPY_ROW_BYTES) {
        const uint8_t *row = rows.bytes + at;
        uint32_t entry = lede_load_u32(row);

        status = is_live(segment, entry) &&
                         sketch_of(segment->segment, entry) != NULL
                     ? add_member(s, index, entry, row, err)
                     : mark_broken(s, lede_load_u64(row + 8), err);
    }
    return status;
}

static lede_status read_removed(state *s, const lede_segment *from,
                                lede_error *err)
{
    lede_span rows;
    lede_status status = lede_segment_copies(from, &rows, err);
    size_t at;

    for (at = 0; status == LEDE_OK && at < rows.len;
         at += LEDE_COPY_ROW_BYTES) {
        const uint8_t *row = rows.bytes + at;
        uint32_t segment, entry;

        status = find_moved(s, from, lede_load_u32(row), &segment, &entry)
                     ? add_member(s, segment, entry, row, err)
                     : mark_broken(s, lede_load_u64(row + 8), err);
    }
    return status;
}

static lede_status read_rows(state *s, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < s->count && status == LEDE_OK; i++) {
        if (!s->segments[i].is_new) {
            status = read_kept(s, i, err);
        }
    }
    for (i = 0; i < s->removed_count && status == LEDE_OK; i++) {
        status = read_removed(s, s->removed[i], err);
    }
    return status;
}

/* --- What is to be looked at ------------------------------------------------
 */

static lede_status add_item(state *s, uint32_t segment, uint32_t entry,
                            const uint8_t *sketch, lede_error *err)
{
    const lede_segment *from = s->segments[segment].segment;
    item *items = grown(s->items, s->item_count, &s->item_cap, sizeof items[0]);
    uint32_t *place = map_put(&s->places, place_of(segment, entry));
    uint32_t added;
    uint64_t key;

    if (items != NULL) {
        s->items = items;
    }
    if (items == NULL || place == NULL) {
        return no_memory(err);
    }
    if (*place != NO_NODE || !key_of(from, entry, &key)) {
        return LEDE_OK;
    }
    if (!add_node(s, key, 1, &added)) {
        return no_memory(err);
    }
    *place = added;
    items[s->item_count++] =
        (item){segment, entry, added, page_of(from, entry), sketch};
    return LEDE_OK;
}

/* An entry of a new segment that was in a removed one, as it is, is not new.
 */
static bool is_moved(const state *s, const lede_segment *from, uint32_t entry,
                     const uint8_t *sketch)
{
    uint64_t key;
    uint32_t i, found;

    if (s->removed_count == 0 || !key_of(from, entry, &key)) {
        return false;
    }
    for (i = 0; i < s->removed_count; i++) {
        const uint8_t *other;

        if (lede_segment_find_key(s->removed[i], key, &found, NULL) !=
                LEDE_OK ||
            lede_segment_is_deleted(s->removed[i], found)) {
            continue;
        }
        other = sketch_of(s->removed[i], found);
        if (other != NULL && memcmp(sketch, other, LEDE_SKETCH_BYTES) == 0 &&
            page_of(from, entry) == page_of(s->removed[i], found)) {
            return true;
        }
    }
    return false;
}

static lede_status add_new(state *s, uint32_t index, lede_error *err)
{
    const lede_copies_segment *segment = &s->segments[index];
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < segment->segment->footer.entries && status == LEDE_OK;
         i++) {
        const uint8_t *sketch = sketch_of(segment->segment, i);

        if (sketch != NULL && is_live(segment, i) &&
            (s->afresh || !is_moved(s, segment->segment, i, sketch))) {
            status = add_item(s, index, i, sketch, err);
        }
    }
    return status;
}

/* Members of whole groups stand for one node; those of the others are looked
 * at. */
static lede_status settle_members(state *s, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < s->member_count && status == LEDE_OK; i++) {
        member *m = &s->members[i];
        uint32_t *group;

        if (map_get(&s->broken, m->group) != NO_NODE) {
            status = add_item(
                s, m->segment, m->entry,
                sketch_of(s->segments[m->segment].segment, m->entry), err);
            m->members = 0;
            continue;
        }
        group = map_put(&s->groups, m->group);
        if (group == NULL) {
            return no_memory(err);
        }
        if (*group == NO_NODE && !add_node(s, m->group, m->members, group)) {
            return no_memory(err);
        }
        m->node = *group;
        group = map_put(&s->places, place_of(m->segment, m->entry));
        if (group == NULL) {
            return no_memory(err);
        }
        *group = m->node;
    }
    return status;
}

static lede_status gather(state *s, lede_error *err)
{
    lede_status status = s->afresh ? LEDE_OK : read_rows(s, err);
    uint32_t i;

    if (status == LEDE_OK) {
        status = settle_members(s, err);
    }
    for (i = 0; i < s->count && status == LEDE_OK; i++) {
        if (s->afresh || s->segments[i].is_new) {
            status = add_new(s, i, err);
        }
    }
    return status;
}

/* --- Pairs -------------------------------------------------------------------
 */

static int compare_order(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void sort_band(state *s, unsigned band)
{
    uint32_t i;

    memset(s->filter, 0, BAND_VALUES / 8);
    for (i = 0; i < s->item_count; i++) {
        uint32_t value = lede_sketch_band(s->items[i].sketch, band);

        s->order[i] = (uint64_t)value << 32 | i;
        s->filter[value / 64] |= (uint64_t)1 << (value % 64);
    }
    qsort(s->order, s->item_count, sizeof s->order[0], compare_order);
    memset(s->drawers, 0, (DRAWERS + 1) * sizeof s->drawers[0]);
    for (i = 0; i < s->item_count; i++) {
        s->drawers[(s->order[i] >> 32) / DRAWER_VALUES + 1] = i + 1;
    }
    for (i = 0; i < DRAWERS; i++) { /* empty ones end where they begin */
        if (s->drawers[i + 1] < s->drawers[i]) {
            s->drawers[i + 1] = s->drawers[i];
        }
    }
}

static bool is_pair(const uint8_t *a, uint64_t page_a, const uint8_t *b,
                    uint64_t page_b)
{
    return (page_a == 0 || page_a != page_b) && lede_sketch_are_copies(a, b);
}

/* Among items [begin, end) of one band value. Where all so far are one group,
 * one pair is enough. */
static void join_run(state *s, uint32_t begin, uint32_t end)
{
    bool is_whole = true;
    uint32_t i, j;

    for (i = begin + 1; i < end; i++) {
        const item *a = &s->items[(uint32_t)s->order[i]];
        bool joined = false;

        for (j = i; j-- > begin;) {
            const item *b = &s->items[(uint32_t)s->order[j]];
            bool is_one = root_of(s, a->node) == root_of(s, b->node);

            if (!is_one && is_pair(a->sketch, a->page, b->sketch, b->page)) {
                join(s, a->node, b->node);
                is_one = true;
            }
            joined = joined || is_one;
            if (is_one && is_whole) {
                break;
            }
        }
        is_whole = is_whole && joined;
    }
}

static bool is_one_group(state *s, uint32_t begin, uint32_t end)
{
    uint32_t root = root_of(s, s->items[(uint32_t)s->order[begin]].node);
    uint32_t i = begin + 1;

    while (i < end &&
           root_of(s, s->items[(uint32_t)s->order[i]].node) == root) {
        i++;
    }
    return i == end;
}

static void join_items(state *s)
{
    uint32_t begin = 0, i;

    for (i = 1; i <= s->item_count; i++) {
        if (i == s->item_count || s->order[i] >> 32 != s->order[begin] >> 32) {
            join_run(s, begin, i);
            s->is_whole[begin] = is_one_group(s, begin, i);
            begin = i;
        }
    }
}

static uint32_t first_of_value(const state *s, uint32_t value)
{
    uint32_t i = s->drawers[value / DRAWER_VALUES];

    while (i < s->item_count && s->order[i] >> 32 < value) {
        i++;
    }
    return i;
}

/* One entry that is not looked at by itself, against the items of its band
 * value; where these are one group, one pair is enough. */
static lede_status join_old(state *s, uint32_t segment, uint32_t entry,
                            const uint8_t *sketch, uint32_t value,
                            lede_error *err)
{
    const lede_segment *from = s->segments[segment].segment;
    uint32_t own = map_get(&s->places, place_of(segment, entry));
    uint32_t first = first_of_value(s, value), i;
    bool has_page = false, is_one;
    uint64_t page = 0, key;

    for (i = first; i < s->item_count && s->order[i] >> 32 == value; i++) {
        const item *other = &s->items[(uint32_t)s->order[i]];
        uint32_t *place;

        is_one = own != NO_NODE && root_of(s, own) == root_of(s, other->node);
        if (!is_one && lede_sketch_are_copies(sketch, other->sketch)) {
            page = has_page ? page : page_of(from, entry);
            has_page = true;
            is_one = page == 0 || page != other->page;
            if (is_one && own == NO_NODE) {
                if (!key_of(from, entry, &key)) {
                    return LEDE_OK;
                }
                place = map_put(&s->places, place_of(segment, entry));
                if (place == NULL || !add_node(s, key, 1, &own)) {
                    return no_memory(err);
                }
                *place = own;
            }
            if (is_one) {
                join(s, own, other->node);
            }
        }
        if (is_one && s->is_whole[first]) {
            break;
        }
    }
    return LEDE_OK;
}

/* Entries of a segment whose band value an item has. Looked up so many at a
 * time, as what they are looked up in lies outside the caches. */
enum { AT_A_TIME = 64 };

typedef struct stretch {
    uint32_t count;
    uint32_t entries[AT_A_TIME], values[AT_A_TIME];
    const uint8_t *sketches[AT_A_TIME];
} stretch;

/* Sketches of entries from `begin` on; none if they cannot be read. */
static void load_stretch(const state *s, const lede_segment *segment,
                         uint32_t begin, unsigned band, stretch *out)
{
    uint32_t left = segment->footer.entries - begin, i;

    out->count = left < AT_A_TIME ? left : AT_A_TIME;
    for (i = 0; i < out->count; i++) {
        if (lede_segment_sketch(segment, begin + i, &out->sketches[i], NULL) !=
            LEDE_OK) {
            out->count = 0;
            return;
        }
        out->entries[i] = begin + i;
        out->values[i] = lede_sketch_band(out->sketches[i], band);
        __builtin_prefetch(&s->filter[out->values[i] / 64]);
    }
}

static void keep_met(const state *s, uint32_t index, stretch *at)
{
    uint32_t kept = 0, i;

    for (i = 0; i < at->count; i++) {
        uint32_t value = at->values[i];

        if ((s->filter[value / 64] >> (value % 64) & 1) != 0 &&
            !lede_sketch_is_none(at->sketches[i]) &&
            is_live(&s->segments[index], at->entries[i])) {
            map_prefetch(&s->places, place_of(index, at->entries[i]));
            __builtin_prefetch(&s->order[s->drawers[value / DRAWER_VALUES]]);
            at->entries[kept] = at->entries[i];
            at->values[kept] = value;
            at->sketches[kept++] = at->sketches[i];
        }
    }
    at->count = kept;
}

/* Items are met here too, which costs little and changes nothing. */
static lede_status join_segment(state *s, uint32_t index, unsigned band,
                                lede_error *err)
{
    const lede_copies_segment *segment = &s->segments[index];
    uint32_t entries = segment->segment->footer.entries, begin, i;
    lede_status status = LEDE_OK;
    stretch at;

    if (segment->segment->footer.counts[LEDE_VALUE_SKETCHES] == 0 ||
        (segment->is_new && s->removed_count == 0)) { /* all are items */
        return LEDE_OK;
    }
    for (begin = 0; begin < entries && status == LEDE_OK; begin += AT_A_TIME) {
        load_stretch(s, segment->segment, begin, band, &at);
        keep_met(s, index, &at);
        for (i = 0; i < at.count && status == LEDE_OK; i++) {
            status = join_old(s, index, at.entries[i], at.sketches[i],
                              at.values[i], err);
        }
    }
    return status;
}

static lede_status join_all(state *s, lede_error *err)
{
    lede_status status = LEDE_OK;
    unsigned band;
    uint32_t i;

    if (s->item_count == 0) {
        return LEDE_OK;
    }
    s->order = malloc(s->item_count * sizeof s->order[0]);
    s->is_whole = malloc(s->item_count * sizeof s->is_whole[0]);
    s->drawers = malloc((DRAWERS + 1) * sizeof s->drawers[0]);
    s->filter = malloc(BAND_VALUES / 8);
    if (s->order == NULL || s->is_whole == NULL || s->drawers == NULL ||
        s->filter == NULL) {
        return no_memory(err);
    }
    for (band = 0; band < LEDE_SKETCH_BANDS && status == LEDE_OK; band++) {
        sort_band(s, band);
        join_items(s);
        for (i = 0; i < s->count && status == LEDE_OK && !s->afresh; i++) {
            status = join_segment(s, i, band, err);
        }
    }
    return status;
}

/* --- What will be ------------------------------------------------------------
 */

typedef struct placed {
    uint64_t place;
    uint32_t node;
} placed;

static int compare_placed(const void *a, const void *b)
{
    const placed *x = a, *y = b;

    return (x->place > y->place) - (x->place < y->place);
}

static lede_status put_rows(state *s, const placed *all, uint32_t count,
                            lede_error *err)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        const node *group = &s->nodes[root_of(s, all[i].node)];
        lede_copies_segment *to = &s->segments[all[i].place >> 32];

        if (group->members > 1) {
            lede_buf_put_u32(&to->rows, (uint32_t)all[i].place);
            lede_buf_put_u32(&to->rows, group->members);
            lede_buf_put_u64(&to->rows, group->least);
            to->row_count++;
        }
    }
    for (i = 0; i < s->count; i++) {
        lede_copies_segment *to = &s->segments[i];
        lede_span before = {0};

        if (to->rows.failed) {
            return no_memory(err);
        }
        to->has_changed =
            to->is_new
                ? to->row_count > 0
                : lede_segment_copies(to->segment, &before, NULL) != LEDE_OK ||
                      !lede_span_equal(before, lede_buf_span(&to->rows));
    }
    return LEDE_OK;
}

static lede_status settle(state *s, lede_error *err)
{
    placed *all = malloc(((size_t)s->places.count + 1) * sizeof all[0]);
    uint32_t count = 0, i;
    lede_status status;

    if (all == NULL) {
        return no_memory(err);
    }
    for (i = 0; i < s->places.size; i++) {
        if (s->places.slots[i].node != NO_NODE) {
            all[count++] =
                (placed){s->places.slots[i].key, s->places.slots[i].node};
        }
    }
    qsort(all, count, sizeof all[0], compare_placed);
    status = put_rows(s, all, count, err);
    free(all);
    return status;
}

lede_status lede_copies_compute(lede_copies_segment *segments, uint32_t count,
                                const lede_segment *const *removed,
                                uint32_t removed_count, bool afresh,
                                lede_error *err)
{
    state s = {.segments = segments,
               .count = count,
               .removed = removed,
               .removed_count = removed_count,
               .afresh = afresh};
    lede_status status = gather(&s, err);

    if (status == LEDE_OK) {
        status = join_all(&s, err);
    }
    if (status == LEDE_OK) {
        status = settle(&s, err);
    }
    free(s.nodes);
    free(s.members);
    free(s.items);
    free(s.groups.slots);
    free(s.broken.slots);
    free(s.places.slots);
    free(s.order);
    free(s.is_whole);
    free(s.drawers);
    free(s.filter);
    return status;
}
