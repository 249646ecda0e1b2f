/* front_matter.h - "what does a note say of itself in front?"
 *
 * Keys and values between lines of dashes (YAML, as far as notes use it) or of
 * plus signs (TOML). A value is a list of texts: scalars plain, quoted (with
 * escapes, over several lines) or in blocks (| and >), lists in brackets or
 * with dashes; of a map its name (or title, value, label). Comments, anchors
 * and types are dropped, aliases and null are nothing. The keys of TOML's
 * sections are given as the others are, behind them.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_FRONT_MATTER_H
#define LEDE_CORPUS_FRONT_MATTER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"

enum { LEDE_FRONT_VALUES_MAX = 64 };

/* Bytes of the front matter at the beginning of a note, with the lines around
 * it; 0 if there is none. *is_toml may be NULL. */
size_t lede_front_len(lede_span text, bool *is_toml);

/* Gives each key with its values (at least one, at most
 * LEDE_FRONT_VALUES_MAX; valid UTF-8 if the text is), which live as long as the
 * text and the arena. False when out of memory. */
typedef void lede_front_fn(void *ctx, lede_span key, const lede_span *values,
                           size_t count);
bool lede_front_read(lede_span front, bool is_toml, lede_arena *arena,
                     lede_front_fn *fn, void *ctx);

#endif
