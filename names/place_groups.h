/* place_groups.h - "which mentions are one name, and what stands beside it?"
 *
 * A group is a name in an entry, or a name with what it is said to lie in:
 * "Paris" and "Paris, Texas" are two. Groups know with whom they stand in lists
 * ("Oregon, Washington and Idaho").
 *
 * Private to names/.
 *
 * Threads: belongs to one thread at a time. */
#ifndef LEDE_NAMES_PLACE_GROUPS_H
#define LEDE_NAMES_PLACE_GROUPS_H

#include "names/place_names.h"
#include "names/recognize.h"

enum { LEDE_PLACE_NO_GROUP = -1, LEDE_PLACE_MAX_SIBLINGS = 4 };

typedef struct lede_place_group {
    uint64_t key, container_key;
    uint32_t begin, count; /* candidates, of the names */
    int32_t container;     /* group, or LEDE_PLACE_NO_GROUP */
    uint32_t mentions, sources;
    uint32_t siblings[LEDE_PLACE_MAX_SIBLINGS]; /* groups in a list with it */
    uint8_t sibling_count;
    bool is_state;            /* "the governor of": a part of a country */
    lede_place_number inside; /* "the Lebanese city of"; or LEDE_PLACE_NONE */
    uint32_t same_as;         /* number of the group that it is told as */
    /* place_choice.h: candidates by number, or LEDE_PLACE_NO_GROUP */
    int32_t best, second;
    int32_t best_score, second_score;
    int32_t best_gain, second_gain; /* what of it the entry says */
} lede_place_group;

typedef struct lede_place_groups {
    lede_place_group *all;
    size_t count, cap;
    int32_t *slots; /* of keys; private */
    size_t slot_count, slot_cap;
} lede_place_groups;

void lede_place_groups_done(lede_place_groups *groups);

/* The groups of an entry's mentions, in place of those before, and the group of
 * each mention of a place. False when out of memory. */
bool lede_place_groups_make(lede_place_groups *groups, lede_place_names *names,
                            const lede_name_text *texts,
                            const lede_mention *mentions, size_t count,
                            uint32_t *group_of);

#endif
