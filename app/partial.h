/* partial.h - "which shards are not in the answer, and why?"
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_PARTIAL_H
#define LEDE_APP_PARTIAL_H

#include "app/json_out.h"
#include "storage/shards.h"

typedef struct lede_engine lede_engine; /* query/engine.h */

/* How many do not answer; 0 of an archive in a folder. */
uint32_t lede_partial_count(const lede_engine *engine);

/* A line on stderr for each. */
void lede_say_partial(const lede_engine *engine);

/* The member "partial" of an object, if some are missing: by now, so last. */
void lede_json_partial(lede_json_out *json, const lede_engine *engine);
/* The same of shards that no engine asks. */
void lede_json_partial_shards(lede_json_out *json, const lede_shards *shards);

/* The same for people, in one line without control characters: "shard: why;
 * ..."; nothing if none is missing. */
void lede_put_partial(lede_buf *out, const lede_engine *engine);

#endif
