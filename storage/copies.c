#include "storage/copies.h"

#include <stdlib.h>
#include <string.h>

#include "storage/archive_internal.h"
#include "storage/copies_state.h"

enum { BAND_VALUES = 1 << 24 };
/* Values of a band that lie in one drawer of the order. */
enum { DRAWER_VALUES = 1 << 6, DRAWERS = BAND_VALUES / DRAWER_VALUES };

static uint32_t root_of(lede_copies_state *s, uint32_t n)
{
    while (s->nodes[n].parent != n) {
        n = s->nodes[n].parent = s->nodes[s->nodes[n].parent].parent;
    }
    return n;
}

static void join(lede_copies_state *s, uint32_t a, uint32_t b)
{
    lede_copies_node *x = &s->nodes[a = root_of(s, a)];
    lede_copies_node *y = &s->nodes[b = root_of(s, b)];

    if (a == b) {
        return;
    }
    x->members += y->members;
    x->least = y->least < x->least ? y->least : x->least;
    y->parent = a;
}

/* The row of an entry, or NULL. A walk goes forward, from k->at = 0 on. */
static const uint8_t *row_of(lede_copies_known *k, uint32_t entry)
{
    while (k->at < k->rows.len &&
           lede_load_u32(k->rows.bytes + k->at) < entry) {
        k->at += LEDE_COPY_ROW_BYTES;
    }
    return k->at < k->rows.len && lede_load_u32(k->rows.bytes + k->at) == entry
               ? k->rows.bytes + k->at
               : NULL;
}

/* The group of a row as one node: none of its members is looked at. */
static uint32_t *put_group(lede_copies_state *s, const uint8_t *row)
{
    uint32_t *group =
        lede_copies_map_put(&s->groups, lede_copies_group_of(row));

    return group != NULL &&
                   (*group != LEDE_COPIES_NONE ||
                    lede_copies_add_node(s, lede_copies_group_of(row),
                                         lede_load_u32(row + 4), group))
               ? group
               : NULL;
}

/* --- Pairs -------------------------------------------------------------------
 */

static int compare_order(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void sort_band(lede_copies_state *s, unsigned band)
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
static void join_run(lede_copies_state *s, uint32_t begin, uint32_t end)
{
    bool is_whole = true;
    uint32_t i, j;

    for (i = begin + 1; i < end; i++) {
        const lede_copies_item *a = &s->items[(uint32_t)s->order[i]];
        bool joined = false;

        for (j = i; j-- > begin;) {
            const lede_copies_item *b = &s->items[(uint32_t)s->order[j]];
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

static bool is_one_group(lede_copies_state *s, uint32_t begin, uint32_t end)
{
    uint32_t root = root_of(s, s->items[(uint32_t)s->order[begin]].node);
    uint32_t i = begin + 1;

    while (i < end &&
           root_of(s, s->items[(uint32_t)s->order[i]].node) == root) {
        i++;
    }
    return i == end;
}

static void join_items(lede_copies_state *s)
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

static uint32_t first_of_value(const lede_copies_state *s, uint32_t value)
{
    uint32_t i = s->drawers[value / DRAWER_VALUES];

    while (i < s->item_count && s->order[i] >> 32 < value) {
        i++;
    }
    return i;
}

/* The node of an entry that is of a group, looked at, or was found beside;
 * else LEDE_COPIES_NONE. */
static uint32_t node_of(const lede_copies_state *s, uint64_t place,
                        const uint8_t *row)
{
    return row != NULL
               ? lede_copies_map_get(&s->groups, lede_copies_group_of(row))
               : lede_copies_map_get(&s->places, place);
}

static lede_status put_node(lede_copies_state *s, uint64_t place,
                            const uint8_t *row, uint32_t *out, lede_error *err)
{
    uint32_t *put;
    uint64_t key;

    if (row != NULL) {
        put = put_group(s, row);
        if (put == NULL) {
            return lede_copies_no_memory(err);
        }
    } else {
        if (!lede_copies_key_of(s->segments[place >> 32].segment,
                                (uint32_t)place, &key)) {
            return LEDE_OK;
        }
        put = lede_copies_map_put(&s->places, place);
        if (put == NULL || !lede_copies_add_node(s, key, 1, put)) {
            return lede_copies_no_memory(err);
        }
    }
    *out = *put;
    return LEDE_OK;
}

/* One entry that is not looked at by itself, against the items of its band
 * value; where these are one group, one pair is enough. */
static lede_status join_old(lede_copies_state *s, uint64_t place,
                            const uint8_t *row, const uint8_t *sketch,
                            uint32_t value, lede_error *err)
{
    const lede_segment *from = s->segments[place >> 32].segment;
    uint32_t own = node_of(s, place, row);
    uint32_t first = first_of_value(s, value), i;
    bool has_page = false, is_one;
    uint64_t page = 0;

    for (i = first; i < s->item_count && s->order[i] >> 32 == value; i++) {
        const lede_copies_item *other = &s->items[(uint32_t)s->order[i]];

        is_one = own != LEDE_COPIES_NONE &&
                 root_of(s, own) == root_of(s, other->node);
        if (!is_one && lede_sketch_are_copies(sketch, other->sketch)) {
            page = has_page ? page : lede_copies_page_of(from, (uint32_t)place);
            has_page = true;
            is_one = page == 0 || page != other->page;
            if (is_one && own == LEDE_COPIES_NONE) {
                lede_status status = put_node(s, place, row, &own, err);

                if (status != LEDE_OK || own == LEDE_COPIES_NONE) {
                    return status;
                }
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
static void load_stretch(const lede_copies_state *s,
                         const lede_segment *segment, uint32_t begin,
                         unsigned band, stretch *out)
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

static void keep_met(const lede_copies_state *s, uint32_t index, stretch *at)
{
    uint32_t kept = 0, i;

    for (i = 0; i < at->count; i++) {
        uint32_t value = at->values[i];

        if ((s->filter[value / 64] >> (value % 64) & 1) != 0 &&
            !lede_sketch_is_none(at->sketches[i]) &&
            lede_copies_is_live(&s->segments[index], at->entries[i])) {
            lede_copies_map_prefetch(
                &s->places, lede_copies_place_of(index, at->entries[i]));
            __builtin_prefetch(&s->order[s->drawers[value / DRAWER_VALUES]]);
            at->entries[kept] = at->entries[i];
            at->values[kept] = value;
            at->sketches[kept++] = at->sketches[i];
        }
    }
    at->count = kept;
}

/* Items are met here too, which costs little and changes nothing. */
static lede_status join_segment(lede_copies_state *s, uint32_t index,
                                unsigned band, lede_error *err)
{
    const lede_copies_segment *segment = &s->segments[index];
    uint32_t entries = segment->segment->footer.entries, begin, i;
    lede_status status = LEDE_OK;
    stretch at;

    if (segment->segment->footer.counts[LEDE_VALUE_SKETCHES] == 0 ||
        (segment->is_new && s->removed_count == 0)) { /* all are items */
        return LEDE_OK;
    }
    s->known[index].at = 0;
    for (begin = 0; begin < entries && status == LEDE_OK; begin += AT_A_TIME) {
        load_stretch(s, segment->segment, begin, band, &at);
        keep_met(s, index, &at);
        for (i = 0; i < at.count && status == LEDE_OK; i++) {
            const uint8_t *row = row_of(&s->known[index], at.entries[i]);

            status = join_old(
                s, lede_copies_place_of(index, at.entries[i]),
                row != NULL && lede_copies_is_broken(s, row) ? NULL : row,
                at.sketches[i], at.values[i], err);
        }
    }
    return status;
}

static lede_status join_all(lede_copies_state *s, lede_error *err)
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
        return lede_copies_no_memory(err);
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

static void put_row(lede_copies_segment *to, uint32_t entry, uint32_t members,
                    uint64_t group)
{
    lede_buf_put_u32(&to->rows, entry);
    lede_buf_put_u32(&to->rows, members);
    lede_buf_put_u64(&to->rows, group);
    to->row_count++;
}

static void put_placed(lede_copies_state *s, const placed *one)
{
    const lede_copies_node *group = &s->nodes[root_of(s, one->node)];

    if (group->members > 1) {
        put_row(&s->segments[one->place >> 32], (uint32_t)one->place,
                group->members, group->least);
    }
}

/* A row of a group that was not met stays. */
static void put_known(lede_copies_state *s, lede_copies_segment *to,
                      const uint8_t *row)
{
    uint32_t met;

    if (lede_copies_is_broken(s, row)) {
        return; /* its entry has a place */
    }
    met = lede_copies_map_get(&s->groups, lede_copies_group_of(row));
    if (met == LEDE_COPIES_NONE) {
        lede_buf_put_span(&to->rows, lede_span_of(row, LEDE_COPY_ROW_BYTES));
        to->row_count++;
    } else {
        const lede_copies_node *group = &s->nodes[root_of(s, met)];

        put_row(to, lede_load_u32(row), group->members, group->least);
    }
}

/* The rows of a segment: those known, and its places, `all` from `at` on;
 * returns how many of these are not its. */
static uint32_t put_rows(lede_copies_state *s, uint32_t index,
                         const placed *all, uint32_t at, uint32_t count)
{
    lede_copies_segment *to = &s->segments[index];
    lede_span rows = s->known[index].rows;
    size_t i;

    for (i = 0; i < rows.len; i += LEDE_COPY_ROW_BYTES) {
        uint64_t place =
            lede_copies_place_of(index, lede_load_u32(rows.bytes + i));

        for (; at < count && all[at].place < place; at++) {
            put_placed(s, &all[at]);
        }
        put_known(s, to, rows.bytes + i);
    }
    for (; at < count && all[at].place >> 32 == index; at++) {
        put_placed(s, &all[at]);
    }
    return at;
}

static void compare_rows(lede_copies_segment *to)
{
    lede_span before = {0};

    to->has_changed =
        to->is_new
            ? to->row_count > 0
            : lede_segment_copies(to->segment, &before, NULL) != LEDE_OK ||
                  !lede_span_equal(before, lede_buf_span(&to->rows));
}

static lede_status settle(lede_copies_state *s, lede_error *err)
{
    placed *all = malloc(((size_t)s->places.count + 1) * sizeof all[0]);
    uint32_t count = 0, at = 0, i;
    lede_status status = LEDE_OK;

    if (all == NULL) {
        return lede_copies_no_memory(err);
    }
    for (i = 0; i < s->places.size; i++) {
        if (s->places.slots[i].node != LEDE_COPIES_NONE) {
            all[count++] =
                (placed){s->places.slots[i].key, s->places.slots[i].node};
        }
    }
    qsort(all, count, sizeof all[0], compare_placed);
    for (i = 0; i < s->count && status == LEDE_OK; i++) {
        at = put_rows(s, i, all, at, count);
        compare_rows(&s->segments[i]);
        if (s->segments[i].rows.failed) {
            status = lede_copies_no_memory(err);
        }
    }
    free(all);
    return status;
}

lede_status lede_copies_compute(lede_copies_segment *segments, uint32_t count,
                                const lede_segment *const *removed,
                                uint32_t removed_count, bool afresh,
                                lede_error *err)
{
    lede_copies_state s = {.segments = segments,
                           .count = count,
                           .removed = removed,
                           .removed_count = removed_count,
                           .afresh = afresh};
    lede_status status = lede_copies_gather(&s, err);
    uint32_t i;

    if (status == LEDE_OK) {
        status = join_all(&s, err);
    }
    if (status == LEDE_OK) {
        status = settle(&s, err);
    }
    for (i = 0; s.known != NULL && i < count; i++) {
        lede_buf_done(&s.known[i].moved);
    }
    free(s.known);
    free(s.nodes);
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
