/* hit_names.h - "whom and what places does this hit name?"
 *
 * An entry's list of names (storage/name_list.h) as people are to see it: with
 * the corrections of the archive and with what the table of places knows. Hits,
 * facets and lists of names are all made by this, so they agree.
 *
 * Threads: as the engine. */
#ifndef LEDE_QUERY_HIT_NAMES_H
#define LEDE_QUERY_HIT_NAMES_H

#include "base/arena.h"
#include "names/corrections.h"
#include "names/gazetteer.h"
#include "query/search.h"
#include "storage/name_list.h"

/* What names are seen with; each may be NULL. */
typedef struct lede_name_view {
    const lede_gazetteer *gazetteer;
    const lede_corrections *corrections;
    const struct lede_added *added; /* query/added_names.h */
} lede_name_view;

/* The people and places that a list names, those who only wrote it left out;
 * what corrections hide is not there, and what they make one is one. Most
 * mentioned first, equal ones as they come in the entry. All lives in `arena`,
 * names may point into the list or the corrections. */
typedef struct lede_hit_names {
    const lede_hit_name *people, *places;
    uint32_t person_count, place_count;
} lede_hit_names;
lede_status lede_hit_names_make(const lede_name_view *view, lede_span list,
                                uint64_t key, lede_arena *arena,
                                lede_hit_names *out, lede_error *err);

/* The same of the entry with a key; none if the engine keeps none. `list` is
 * filled with what they may point into. */
struct lede_engine;
lede_status lede_engine_names_of(struct lede_engine *engine, uint64_t key,
                                 lede_buf *list, lede_arena *arena,
                                 lede_hit_names *out, lede_error *err);

#endif
