/* zone.h - "what time is it there?"
 *
 * Offsets from UTC of named rule zones ("Europe/London"), read from the
 * system's tz database (TZif, RFC 8536), with the rule in force at a local or
 * universal time. Zone words in pages ("ET", "Greenwich Mean Time") are the
 * business of corpus/.
 *
 * Threads: a lede_zone is immutable once open; share it freely. */
#ifndef LEDE_BASE_ZONE_H
#define LEDE_BASE_ZONE_H

#include <stdint.h>

#include "base/status.h"
#include "base/time.h"

typedef struct lede_zone lede_zone;

/* Opens a zone by its tz name, by "UTC", or by a fixed offset ("+01:00",
 * "-0530"). LEDE_BAD_INPUT for a name that is not one, or that the tz database
 * of this machine does not have (the message says which). Free with
 * lede_zone_close, which accepts NULL. */
lede_status lede_zone_open(const char *name, lede_zone **out, lede_error *err);
void lede_zone_close(lede_zone *zone);

/* Seconds east of UTC at an instant. */
int32_t lede_zone_offset_at(const lede_zone *zone, int64_t instant);

/* Seconds east of UTC when the clocks there show `local` (its year must be
 * known). In the hour that occurs twice the earlier instant counts; a time that
 * is skipped is read with the offset before the change. */
int32_t lede_zone_offset_for_local(const lede_zone *zone,
                                   const lede_civil *local);

#endif
