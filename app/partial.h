/* partial.h - "which shards are not in the answer, and why?"
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_PARTIAL_H
#define LEDE_APP_PARTIAL_H

#include "app/json_out.h"
#include "query/engine.h"

/* How many do not answer; 0 of an archive in a folder. */
uint32_t lede_partial_count(const lede_engine *engine);

/* A line on stderr for each. */
void lede_say_partial(const lede_engine *engine);

/* The member "partial" of an object, if some are missing: by now, so last. */
void lede_json_partial(lede_json_out *json, const lede_engine *engine);

#endif
