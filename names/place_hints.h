/* place_hints.h - "what do the words right before a name say about its place?"
 *
 * "The Lebanese city of Tripoli" lies in Lebanon; what has a governor, "the
 * governor of Georgia", is a part of a country. Read only where a name may mean
 * several places.
 *
 * Private to names/.
 *
 * Threads: pure function. */
#ifndef LEDE_NAMES_PLACE_HINTS_H
#define LEDE_NAMES_PLACE_HINTS_H

#include "names/place_groups.h"
#include "names/place_peoples.h"

/* Sets `inside` and `is_state` of groups with several candidates. */
void lede_place_hints_read(lede_place_groups *groups,
                           const lede_place_peoples *peoples,
                           const lede_name_text *texts,
                           const lede_mention *mentions, size_t count,
                           const uint32_t *group_of);

#endif
