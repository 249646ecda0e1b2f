/* added_names.h - "where are the names that a person added?"
 *
 * A correction can add a name that the recogniser missed (names/corrections.h):
 * where the texts have it, capitalised, it is a name. The entries that have it
 * are found by their words when an engine is first asked for names, and kept
 * with the engine; entries in which it was recognised anyway are left out.
 *
 * Threads: as the engine. */
#ifndef LEDE_QUERY_ADDED_NAMES_H
#define LEDE_QUERY_ADDED_NAMES_H

#include "base/arena.h"
#include "query/hit_names.h"
#include "storage/name_list.h"

struct lede_engine;

typedef struct lede_added_item {
    uint64_t entry; /* key */
    lede_named_kind kind;
    uint32_t name; /* in lede_added.names */
    uint32_t mentions;
} lede_added_item;

struct lede_added {
    lede_span *names;       /* as added: of a place perhaps an id */
    lede_added_item *items; /* by entry, then by name */
    uint32_t count, cap;
    uint64_t stamp; /* private: of the corrections it is made from */
    lede_arena arena;
};
typedef struct lede_added lede_added;

/* Those of an engine's corrections, lent by the engine; NULL: there are none.
 */
lede_status lede_engine_added(struct lede_engine *engine,
                              const lede_added **out, lede_error *err);
void lede_added_free(lede_added *added); /* accepts NULL */

/* The first item of an entry, or where it would stand; and whether an item is
 * the entry's. `added` may be NULL. */
uint32_t lede_added_find(const lede_added *added, uint64_t entry);
bool lede_added_is(const lede_added *added, uint32_t at, uint64_t entry);

/* What an engine's names are seen with. */
lede_status lede_engine_name_view(struct lede_engine *engine,
                                  lede_name_view *out, lede_error *err);

#endif
