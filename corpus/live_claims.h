/* live_claims.h - "is this text a live page?"
 *
 * Asked of every document and of every record's body, so a glance comes first:
 * without a line that could be a head, or "published at 14:50" somewhere, the
 * text is not surveyed at all.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_LIVE_CLAIMS_H
#define LEDE_CORPUS_LIVE_CLAIMS_H

#include <stdbool.h>

#include "base/span.h"

/* lede_format.claims of live text. */
bool lede_live_claims(lede_span head, bool whole, const char *path);

/* The glance alone: false only where a survey would find nothing. */
bool lede_live_could_claim(lede_span text);

#endif
