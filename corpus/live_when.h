/* live_when.h - "when was this update?"
 *
 * Threads: pure functions over the caller's arena. */
#ifndef LEDE_CORPUS_LIVE_WHEN_H
#define LEDE_CORPUS_LIVE_WHEN_H

#include "base/arena.h"
#include "base/entry.h"
#include "corpus/live_survey.h"

/* The date of a head: what it prints (`time`, in the words `text`) with the day
 * and year that the survey found (`known`). Not set where nothing tells.
 * False when out of memory. */
bool lede_live_when_make(const lede_live_survey *survey,
                         const lede_when *captured, const lede_civil *known,
                         const lede_head_time *time, lede_span text,
                         lede_arena *arena, lede_when *out);

#endif
