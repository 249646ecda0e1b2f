/* entry_values.h - "under which exact values does this entry stand?"
 *
 * What answers are counted by and no word search finds: the whole names of the
 * authors, the labels, and how exactly the date is known where that is no
 * better than a day. Each becomes a term without positions
 * (base/entry_terms.h); the value is as written, but for blanks, and cut at
 * LEDE_VALUE_MAX_BYTES.
 *
 * Threads: pure functions. */
#ifndef LEDE_BASE_ENTRY_VALUES_H
#define LEDE_BASE_ENTRY_VALUES_H

#include "base/entry.h"

/* The colon keeps them apart from a word behind the prefix of a field. */
#define LEDE_TERM_AUTHOR "XAN:"
#define LEDE_TERM_LABEL "XLB:"
#define LEDE_TERM_DATE "XDP:" /* 2025, 2025-02 or 2025-02-17 */

enum { LEDE_VALUE_MAX_BYTES = 160, LEDE_VALUES_MOST = 64 /* of a kind */ };

/* The primary tag of a language ("en" of en-GB), in lower case; empty if there
 * is none. */
enum { LEDE_TAG_MAX_BYTES = 35 }; /* BCP 47 */
lede_span lede_primary_tag(lede_span lang, char lower[LEDE_TAG_MAX_BYTES]);

/* Calls `put` with each value, once, until it returns false, which is then
 * returned. The span is lent until put returns. */
bool lede_entry_values(const lede_entry *entry,
                       bool (*put)(void *ctx, const char *prefix,
                                   lede_span value),
                       void *ctx);

#endif
