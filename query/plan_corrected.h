/* plan_corrected.h - "what do corrections make of a name asked for?"
 *
 * Corrections (names/corrections.h) hold when a query is asked, while the terms
 * of names are those of the texts. Names that mean the one asked for are asked
 * for besides. Entries that a correction takes away from it (they are split
 * off, their name is hidden or means another place), or brings to it, are found
 * one by one from their lists of names, by the very rule that hits and facets
 * are shown by, and are named in the tree.
 *
 * Private to query/plan*.c.
 *
 * Threads: as the plan. */
#ifndef LEDE_QUERY_PLAN_CORRECTED_H
#define LEDE_QUERY_PLAN_CORRECTED_H

#include "query/plan_names.h"

typedef struct lede_corrected_names lede_corrected_names;

/* Other names that usually mean what was asked for, as the entries have them;
 * and whether that itself is hidden. */
struct lede_corrected_names {
    lede_span items[LEDE_PLAN_SPELLINGS_MOST]; /* the first is what was typed */
    uint32_t count;
    bool is_hidden;
};

/* What another name weighs beside the one typed. */
#define LEDE_OTHER_NAME_WORTH 0.9

/* Of a person; and with initials apart and together. */
void lede_plan_people(lede_planner *planner, lede_span typed,
                      lede_corrected_names *out);
/* Of a place: names and ids that mean it, or what is inside it, the first
 * item left out. */
void lede_plan_places(lede_planner *planner,
                      const struct lede_plan_named *named,
                      lede_corrected_names *out);

/* Entries (LEDE_NODE_ENTRIES) that speak of the name though its terms do not
 * say so, and that do not though they do; NULL: none. */
typedef struct lede_corrected {
    lede_node *come, *gone;
} lede_corrected;
void lede_plan_corrected(lede_planner *planner,
                         const struct lede_plan_named *named,
                         lede_corrected *out);

/* Whether the words of `key` stand in those of `whole`, side by side. */
bool lede_name_has_words(lede_span whole, lede_span key);
/* Whether one of `around` has the place inside. */
bool lede_place_is_inside(const lede_gazetteer *gazetteer,
                          lede_place_number place,
                          const lede_place_number *around, size_t count);
/* A place's number by its id; LEDE_PLACE_NONE. */
lede_place_number lede_place_by_id(const lede_gazetteer *gazetteer,
                                   lede_span name);

#endif
