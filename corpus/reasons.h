/* reasons.h - "why this headline and that date?"
 *
 * Documents say things in several places, and a reader chooses. What it chose,
 * in words for people, is kept beside the entry while it is made, and becomes
 * the entry's `why`: "headline: title; published: pubDate".
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_REASONS_H
#define LEDE_CORPUS_REASONS_H

#include "base/arena.h"
#include "base/entry.h"

typedef enum lede_reason {
    LEDE_REASON_HEADLINE,
    LEDE_REASON_TEXT,
    LEDE_REASON_PUBLISHED,
    LEDE_REASON_UPDATED,
    LEDE_REASON_CAPTURED,
    LEDE_REASON_AUTHORS,
    LEDE_REASON_LANGUAGE,
    LEDE_REASON_OUTLET,
    LEDE_REASON_COUNT
} lede_reason;

/* Where each was found, empty where nowhere; spans of constants, or of whoever
 * fills them in. */
typedef struct lede_reasons {
    lede_span from[LEDE_REASON_COUNT];
} lede_reasons;

void lede_reasons_set(lede_reasons *reasons, lede_reason what,
                      const char *from);
/* The same, unless a reason is there. */
void lede_reasons_default(lede_reasons *reasons, lede_reason what,
                          const char *from);
/* Sets entry->why, a text in the arena, to those reasons that the entry has
 * something for. False when out of memory. */
bool lede_reasons_tell(const lede_reasons *reasons, lede_arena *arena,
                       lede_entry *entry);
/* Adds one to entry->why, if it has none of that kind. False when out of
 * memory. */
bool lede_reasons_add(lede_reason what, const char *from, lede_arena *arena,
                      lede_entry *entry);

#endif
