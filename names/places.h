/* places.h - "where is what these mentions name?"
 *
 * Mentions of the same name make a group, and each group is given the best of
 * the table's places that are called so. A place's score is its weight, and
 * what the rest of the entry adds: a container behind a comma, other places of
 * its country or region, places nearby, where the source writes from. The
 * groups vote for each other twice over.
 *
 * Private to names/.
 *
 * Threads: belongs to one thread at a time. */
#ifndef LEDE_NAMES_PLACES_H
#define LEDE_NAMES_PLACES_H

#include "names/link.h"

typedef struct lede_places lede_places;

typedef struct lede_place_answer {
    uint8_t state; /* lede_place_state */
    uint8_t count;
    lede_place_number candidates[LEDE_ENTITY_MAX_CANDIDATES];
} lede_place_answer;

/* NULL when out of memory. */
lede_places *lede_places_new(const lede_gazetteer *gazetteer);
void lede_places_free(lede_places *places);

/* Puts the group of each mention of a place into group_of; *answers lends one
 * answer for each of the *count groups until the next call. Groups that are
 * the same place are one. False when out of memory. */
bool lede_places_link(lede_places *places, const lede_name_text *texts,
                      size_t text_count, const lede_mention *mentions,
                      size_t mention_count, const lede_link_context *context,
                      uint32_t *group_of, const lede_place_answer **answers,
                      uint32_t *count);

#endif
