/* entities.h - "which character is &rsquo;?"
 *
 * Character references of HTML in text: numbers, and the names that news texts
 * use.
 *
 * Threads: constant tables. */
#ifndef LEDE_CORPUS_ENTITIES_H
#define LEDE_CORPUS_ENTITIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/* The reference at the very beginning of `text`: its length, 0 if there is
 * none. */
size_t lede_entity_decode(lede_span text, uint32_t *out);

/* Appends `text` with its references decoded, once; whether there were any. */
bool lede_entity_decode_all(lede_span text, lede_buf *out);

#endif
