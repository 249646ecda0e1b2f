/* show_nothing.h - "nothing found: what was searched, and what could be meant?"
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_SHOW_NOTHING_H
#define LEDE_APP_SHOW_NOTHING_H

#include "app/json_out.h"
#include "query/nothing.h"

/* Why an answer has nothing, or less than was asked for: *explained is `out`
 * then, else NULL. */
lede_status lede_nothing_explain(lede_results *results, lede_nothing *out,
                                 const lede_nothing **explained,
                                 lede_error *err);
/* Says of each unknown word that it is one, and which could be meant. */
void lede_say_unknown(const lede_nothing *nothing);
/* What was searched, in a few lines. */
void lede_put_nothing(lede_buf *out, const lede_nothing *nothing);
/* The members "unknown" and, if nothing was found, "searched". */
void lede_json_nothing(lede_json_out *json, lede_span query,
                       const lede_nothing *nothing, bool has_hits);

#endif
