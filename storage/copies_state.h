/* copies_state.h - "what is known while copies are computed"
 *
 * Private to storage/copies.c, which joins what are copies, and
 * copies_gather.c, which says what was, and what is to be looked at.
 *
 * Threads: belongs to one computation. */
#ifndef LEDE_STORAGE_COPIES_STATE_H
#define LEDE_STORAGE_COPIES_STATE_H

#include "base/varint.h"
#include "storage/copies.h"
#include "storage/copies_map.h"

/* An entry, or a group that is taken as a whole. */
typedef struct lede_copies_node {
    uint32_t parent;
    uint32_t members;
    uint64_t least; /* key */
} lede_copies_node;

/* Rows of a segment, as they were, in order of entries. Those of a segment that
 * others were merged into are made of theirs. */
typedef struct lede_copies_known {
    lede_span rows;
    lede_buf moved;
    size_t at; /* where a walk over the entries has come to */
} lede_copies_known;

/* An entry that is looked at. */
typedef struct lede_copies_item {
    uint32_t segment, entry, node;
    uint64_t page;
    const uint8_t *sketch;
} lede_copies_item;

typedef struct lede_copies_state {
    lede_copies_segment *segments;
    uint32_t count;
    const lede_segment *const *removed;
    uint32_t removed_count;
    bool afresh;

    lede_copies_node *nodes;
    uint32_t node_count, node_cap;
    lede_copies_known *known; /* of the segments */
    lede_copies_item *items;
    uint32_t item_count, item_cap;
    lede_copies_map groups; /* by name, those that are met */
    lede_copies_map broken; /* groups that lost a member */
    lede_copies_map places; /* entries looked at, or found beside, of no row */
    uint64_t *order;        /* of the items: band value, index */
    bool *is_whole;    /* by place in the order: a run of one group begins */
    uint32_t *drawers; /* where the values of each begin in the order */
    uint64_t *filter;  /* band values of the items */
} lede_copies_state;

/* Reads what was, with what of it stays, and says what is to be looked at. */
lede_status lede_copies_gather(lede_copies_state *s, lede_error *err);

lede_status lede_copies_no_memory(lede_error *err);
bool lede_copies_add_node(lede_copies_state *s, uint64_t least,
                          uint32_t members, uint32_t *out);

/* The sketch of an entry; NULL if there is none, or it cannot be read. */
const uint8_t *lede_copies_sketch_of(const lede_segment *segment,
                                     uint32_t entry);
uint64_t lede_copies_page_of(const lede_segment *segment, uint32_t entry);
/* The key of an entry, and whether it could be read. */
bool lede_copies_key_of(const lede_segment *segment, uint32_t entry,
                        uint64_t *out);

static inline bool lede_copies_is_live(const lede_copies_segment *segment,
                                       uint32_t entry)
{
    return segment->deleted == NULL ||
           (segment->deleted[entry / 64] >> (entry % 64) & 1) == 0;
}

static inline uint64_t lede_copies_place_of(uint32_t segment, uint32_t entry)
{
    return (uint64_t)segment << 32 | entry;
}

static inline uint64_t lede_copies_group_of(const uint8_t *row)
{
    return lede_load_u64(row + 8);
}

static inline bool lede_copies_is_broken(const lede_copies_state *s,
                                         const uint8_t *row)
{
    return s->broken.count > 0 &&
           lede_copies_map_get(&s->broken, lede_copies_group_of(row)) !=
               LEDE_COPIES_NONE;
}

#endif
