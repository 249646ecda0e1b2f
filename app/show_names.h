/* show_names.h - "how are the people and places of an entry shown?"
 *
 * Threads: pure functions. */
#ifndef LEDE_APP_SHOW_NAMES_H
#define LEDE_APP_SHOW_NAMES_H

#include "app/json_out.h"
#include "query/hit_names.h"

/* Members "people" and "places". */
void lede_json_names(lede_json_out *json, const lede_hit_name *people,
                     uint32_t person_count, const lede_hit_name *places,
                     uint32_t place_count);
/* Member "names": what answers the names of the query; nothing if it has none.
 */
void lede_json_name_matches(lede_json_out *json, const lede_hit *hit);
/* A line for each name that is written in another way than it was typed, or
 * that is only in the text. */
void lede_put_name_matches(lede_buf *out, const char *indent,
                           const lede_hit *hit);
/* "Keir Starmer (3), Kyiv, UA (2)". */
void lede_put_names(lede_buf *out, const lede_hit_name *names, uint32_t count);

#endif
