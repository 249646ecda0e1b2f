/* json_scan.h - "where does this string, this value end?"
 *
 * The loops that see every byte of a JSON text. Strings are passed 16 bytes at
 * a time where the machine can (SSE2), else 8; the _plain form is the same in
 * the obvious way, and what the tests compare with.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_JSON_SCAN_H
#define LEDE_CORPUS_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first quotation mark or backslash in [p, end), else `end`. */
const uint8_t *lede_json_scan_string(const uint8_t *p, const uint8_t *end);
const uint8_t *lede_json_scan_string_words(const uint8_t *p,
                                           const uint8_t *end);
const uint8_t *lede_json_scan_string_plain(const uint8_t *p,
                                           const uint8_t *end);

/* Where a walk over a value stands, between one piece of text and the next.
 * All-zero is "before its first byte". */
typedef struct lede_json_walk {
    uint32_t depth; /* open objects and arrays */
    bool in_string;
    bool in_escape; /* the piece ended in a backslash */
    bool is_done;   /* the value's last byte has been passed */
} lede_json_walk;

/* Walks on over an object or array that begins at the first piece's first
 * byte: brackets and strings only, nothing is checked. Returns the byte behind
 * the value (is_done), else `end`. */
const uint8_t *lede_json_walk_on(lede_json_walk *walk, const uint8_t *p,
                                 const uint8_t *end);

/* The same inside a string (in_string): returns the byte behind its closing
 * quotation mark (in_string is false then), else `end`. */
const uint8_t *lede_json_walk_string(lede_json_walk *walk, const uint8_t *p,
                                     const uint8_t *end);

#endif
