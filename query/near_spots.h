/* near_spots.h - "do these stand near each other in this entry?"
 *
 * NEAR and its kin over the spots of an entry that was read (query/spots.h):
 * whether it holds, and which stretches have a part in that.
 *
 * Threads: as the stretches. */
#ifndef LEDE_QUERY_NEAR_SPOTS_H
#define LEDE_QUERY_NEAR_SPOTS_H

#include "query/spots.h"

/* Whether a NEAR node holds. `scratch` keeps its memory from call to call; its
 * `failed` says that there was too little, and the answer is then false. */
bool lede_near_spots_hold(const lede_spots *spots, const lede_node *node,
                          lede_stretches *scratch);

/* Calls `fn` with the first and the last spot of each stretch that is one of
 * those by which a NEAR node holds; of very many, with all. False when out of
 * memory. */
typedef void lede_near_spots_fn(void *ctx, const lede_spot *first,
                                const lede_spot *last);
bool lede_near_spots_each(const lede_spots *spots, const lede_node *node,
                          lede_near_spots_fn *fn, void *ctx);

#endif
