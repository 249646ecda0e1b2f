/* json_list.h - "which items does this string list?"
 *
 * Lists of tags that stand in one string: "politics, europe;trade", or as
 * programs write lists of their own, ["politics", "europe"], ['trade'], [].
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_JSON_LIST_H
#define LEDE_CORPUS_JSON_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/* The next item from *at on, which begins with 0; false behind the last. An
 * item may be empty. */
bool lede_json_list_next(lede_span list, size_t *at, lede_span *item);

#endif
