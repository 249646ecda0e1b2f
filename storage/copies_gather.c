/* copies_gather.c - what was, and what is to be looked at; see
 * copies_state.h. */
#include <stdlib.h>
#include <string.h>

#include "storage/archive_internal.h"
#include "storage/copies_state.h"

lede_status lede_copies_no_memory(lede_error *err)
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

bool lede_copies_add_node(lede_copies_state *s, uint64_t least,
                          uint32_t members, uint32_t *out)
{
    lede_copies_node *nodes =
        grown(s->nodes, s->node_count, &s->node_cap, sizeof nodes[0]);

    if (nodes == NULL) {
        return false;
    }
    s->nodes = nodes;
    *out = s->node_count;
    nodes[s->node_count++] = (lede_copies_node){*out, members, least};
    return true;
}

const uint8_t *lede_copies_sketch_of(const lede_segment *segment,
                                     uint32_t entry)
{
    const uint8_t *sketch;

    return lede_segment_sketch(segment, entry, &sketch, NULL) == LEDE_OK &&
                   !lede_sketch_is_none(sketch)
               ? sketch
               : NULL;
}

uint64_t lede_copies_page_of(const lede_segment *segment, uint32_t entry)
{
    lede_column pages;

    return lede_segment_column(segment, LEDE_COLUMN_PAGE, &pages, NULL) ==
                   LEDE_OK
               ? (uint64_t)lede_column_get(&pages, entry)
               : 0;
}

bool lede_copies_key_of(const lede_segment *segment, uint32_t entry,
                        uint64_t *out)
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

static lede_status mark_broken(lede_copies_state *s, const uint8_t *row,
                               lede_error *err)
{
    uint32_t *mark = lede_copies_map_put(&s->broken, lede_copies_group_of(row));

    if (mark == NULL) {
        return lede_copies_no_memory(err);
    }
    *mark = 1;
    return LEDE_OK;
}

static lede_status read_kept(lede_copies_state *s, uint32_t index,
                             lede_error *err)
{
    const lede_copies_segment *segment = &s->segments[index];
    lede_span *rows = &s->known[index].rows;
    lede_status status = lede_segment_copies(segment->segment, rows, err);
    const uint8_t *sketch;
    bool is_readable;
    size_t at;

    if (status != LEDE_OK || rows->len == 0) {
        return status;
    }
    is_readable =
        lede_segment_sketch(segment->segment, 0, &sketch, NULL) == LEDE_OK;
    for (at = 0; status == LEDE_OK && at < rows->len &&
                 (!is_readable || segment->deleted != NULL);
         at += LEDE_COPY_ROW_BYTES) {
        const uint8_t *row = rows->bytes + at;

        if (!is_readable || !lede_copies_is_live(segment, lede_load_u32(row))) {
            status = mark_broken(s, row, err);
        }
    }
    return status;
}

/* --- What is to be looked at ------------------------------------------------
 */

static lede_status add_item(lede_copies_state *s, uint32_t segment,
                            uint32_t entry, const uint8_t *sketch,
                            lede_error *err)
{
    const lede_segment *from = s->segments[segment].segment;
    lede_copies_item *items =
        grown(s->items, s->item_count, &s->item_cap, sizeof items[0]);
    uint32_t *place =
        lede_copies_map_put(&s->places, lede_copies_place_of(segment, entry));
    uint32_t added;
    uint64_t key;

    if (items != NULL) {
        s->items = items;
    }
    if (items == NULL || place == NULL) {
        return lede_copies_no_memory(err);
    }
    if (*place != LEDE_COPIES_NONE || !lede_copies_key_of(from, entry, &key)) {
        return LEDE_OK;
    }
    if (!lede_copies_add_node(s, key, 1, &added)) {
        return lede_copies_no_memory(err);
    }
    *place = added;
    items[s->item_count++] = (lede_copies_item){
        segment, entry, added, lede_copies_page_of(from, entry), sketch};
    return LEDE_OK;
}

/* --- What was merged ---------------------------------------------------------
 */

/* A removed segment. A merge keeps the order of entries, so where the next is
 * that moved is known, most of the time. */
typedef struct source {
    const lede_segment *segment;
    lede_column keys;
    uint32_t next;
    lede_span rows;
    bool *has_moved; /* of the rows */
} source;

static lede_status open_source(source *from, const lede_segment *segment,
                               lede_error *err)
{
    lede_status status = lede_segment_copies(segment, &from->rows, err);

    from->segment = segment;
    if (status != LEDE_OK) {
        return status;
    }
    if (lede_segment_column(segment, LEDE_COLUMN_KEY, &from->keys, NULL) !=
        LEDE_OK) {
        from->keys = (lede_column){0};
    }
    from->has_moved =
        calloc(from->rows.len / LEDE_COPY_ROW_BYTES + 1, sizeof(bool));
    return from->has_moved == NULL ? lede_copies_no_memory(err) : LEDE_OK;
}

static uint32_t next_of(source *from)
{
    while (from->next < from->keys.count &&
           lede_segment_is_deleted(from->segment, from->next)) {
        from->next++;
    }
    return from->next;
}

/* Whether a removed segment has an entry as it is in a new one. */
static bool is_as_it_was(const source *from, uint32_t found,
                         const lede_segment *to, uint32_t entry,
                         const uint8_t *sketch)
{
    const uint8_t *other = lede_copies_sketch_of(from->segment, found);

    return !lede_segment_is_deleted(from->segment, found) && other != NULL &&
           memcmp(sketch, other, LEDE_SKETCH_BYTES) == 0 &&
           lede_copies_page_of(to, entry) ==
               lede_copies_page_of(from->segment, found);
}

/* The removed segment that an entry was in, as it is, or NULL: it is new. */
static source *find_source(source *sources, uint32_t count,
                           const lede_segment *to, uint32_t entry,
                           const uint8_t *sketch, uint32_t *found)
{
    uint64_t key;
    uint32_t i;

    if (!lede_copies_key_of(to, entry, &key)) {
        return NULL;
    }
    for (i = 0; i < count; i++) {
        *found = next_of(&sources[i]);
        if (*found < sources[i].keys.count &&
            (uint64_t)lede_column_get(&sources[i].keys, *found) == key &&
            is_as_it_was(&sources[i], *found, to, entry, sketch)) {
            sources[i].next++;
            return &sources[i];
        }
    }
    for (i = 0; i < count; i++) {
        if (lede_segment_find_key(sources[i].segment, key, found, NULL) ==
                LEDE_OK &&
            is_as_it_was(&sources[i], *found, to, entry, sketch)) {
            sources[i].next = *found + 1;
            return &sources[i];
        }
    }
    return NULL;
}

static size_t find_row(lede_span rows, uint32_t entry)
{
    size_t low = 0, high = rows.len / LEDE_COPY_ROW_BYTES;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (lede_load_u32(rows.bytes + middle * LEDE_COPY_ROW_BYTES) < entry) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Takes the row of an entry along, if it has one. */
static bool move_row(source *from, uint32_t found, uint32_t entry,
                     lede_buf *moved)
{
    size_t at = find_row(from->rows, found);
    const uint8_t *row = from->rows.bytes + at * LEDE_COPY_ROW_BYTES;

    if (at * LEDE_COPY_ROW_BYTES == from->rows.len ||
        lede_load_u32(row) != found) {
        return true;
    }
    from->has_moved[at] = true;
    lede_buf_put_u32(moved, entry);
    lede_buf_put_span(moved, lede_span_of(row + 4, LEDE_COPY_ROW_BYTES - 4));
    return !moved->failed;
}

/* The entries of a new segment: those that were but moved stay what they were,
 * the others are looked at. */
static lede_status read_new(lede_copies_state *s, uint32_t index,
                            source *sources, uint32_t count, lede_error *err)
{
    const lede_copies_segment *segment = &s->segments[index];
    lede_copies_known *k = &s->known[index];
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < segment->segment->footer.entries && status == LEDE_OK;
         i++) {
        const uint8_t *sketch = lede_copies_sketch_of(segment->segment, i);
        source *from;
        uint32_t found;

        if (sketch == NULL || !lede_copies_is_live(segment, i)) {
            continue;
        }
        from = find_source(sources, count, segment->segment, i, sketch, &found);
        if (from == NULL) {
            status = add_item(s, index, i, sketch, err);
        } else if (!move_row(from, found, i, &k->moved)) {
            status = lede_copies_no_memory(err);
        }
    }
    k->rows = lede_buf_span(&k->moved);
    return status;
}

/* Groups of which a member did not move are broken. */
static lede_status break_groups(lede_copies_state *s, const source *from,
                                lede_error *err)
{
    lede_status status = LEDE_OK;
    size_t i;

    for (i = 0; i * LEDE_COPY_ROW_BYTES < from->rows.len && status == LEDE_OK;
         i++) {
        if (!from->has_moved[i]) {
            status =
                mark_broken(s, from->rows.bytes + i * LEDE_COPY_ROW_BYTES, err);
        }
    }
    return status;
}

static lede_status read_changed(lede_copies_state *s, lede_error *err)
{
    source *sources = calloc(s->removed_count + 1u, sizeof sources[0]);
    lede_status status = sources == NULL ? lede_copies_no_memory(err) : LEDE_OK;
    uint32_t i;

    for (i = 0; i < s->removed_count && status == LEDE_OK; i++) {
        status = open_source(&sources[i], s->removed[i], err);
    }
    for (i = 0; i < s->count && status == LEDE_OK; i++) {
        if (s->segments[i].is_new || s->afresh) {
            status = read_new(s, i, sources, s->removed_count, err);
        } else {
            status = read_kept(s, i, err);
        }
    }
    for (i = 0; i < s->removed_count && status == LEDE_OK; i++) {
        status = break_groups(s, &sources[i], err);
    }
    for (i = 0; sources != NULL && i < s->removed_count; i++) {
        free(sources[i].has_moved);
    }
    free(sources);
    return status;
}

/* What is left of broken groups is looked at. */
static lede_status look_at_broken(lede_copies_state *s, uint32_t index,
                                  lede_error *err)
{
    const lede_copies_segment *segment = &s->segments[index];
    lede_span rows = s->known[index].rows;
    lede_status status = LEDE_OK;
    size_t at;

    for (at = 0; at < rows.len && status == LEDE_OK;
         at += LEDE_COPY_ROW_BYTES) {
        const uint8_t *row = rows.bytes + at;
        uint32_t entry = lede_load_u32(row);
        const uint8_t *sketch;

        if (!lede_copies_is_broken(s, row) ||
            !lede_copies_is_live(segment, entry)) {
            continue;
        }
        sketch = lede_copies_sketch_of(segment->segment, entry);
        if (sketch != NULL) {
            status = add_item(s, index, entry, sketch, err);
        }
    }
    return status;
}

lede_status lede_copies_gather(lede_copies_state *s, lede_error *err)
{
    lede_status status;
    uint32_t i;

    s->known = calloc(s->count + 1u, sizeof s->known[0]);
    if (s->known == NULL) {
        return lede_copies_no_memory(err);
    }
    status = read_changed(s, err);
    for (i = 0; i < s->count && status == LEDE_OK && s->broken.count > 0; i++) {
        status = look_at_broken(s, i, err);
    }
    return status;
}
