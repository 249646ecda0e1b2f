/* names_known.h - "whom of the archive does this correction mean?"
 *
 * Corrections name a place by its id; people type its name. A name that no
 * entry has is most likely mistyped.
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_NAMES_KNOWN_H
#define LEDE_APP_NAMES_KNOWN_H

#include "app/app.h"
#include "base/arena.h"
#include "names/corrections.h"

/* Puts ids in place of names of places, in `names` (kept in `arena`), the names
 * of this correction, and in place of names that earlier corrections gave up
 * those that they are shown under. Says which of several places could
 * be meant, with their ids, and which names the archive does not have: neither
 * its texts nor the corrections so far; of a split, which of its entries do not
 * speak of who is split. An exit status: LEDE_EXIT_DONE unless
 * it must be said which place is meant, or the correction would change nothing
 * or more than is meant. */
int lede_names_known(lede_app *app, const lede_corrections *corrections,
                     lede_correction *correction, lede_span *names,
                     lede_arena *arena);

#endif
