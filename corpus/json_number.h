/* json_number.h - "which number is that?"
 *
 * The number grammar of RFC 8259, without the C library's conversions, which
 * depend on the locale.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_JSON_NUMBER_H
#define LEDE_CORPUS_JSON_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct lede_json_number {
    bool is_integer; /* no . or exponent, and fits int64 */
    int64_t integer;
    double number; /* within a few units in the last place; or infinite */
} lede_json_number;

/* The length of the number at `p`, 0 if there is none. */
size_t lede_json_number_parse(const uint8_t *p, const uint8_t *end,
                              lede_json_number *out);

/* Whether [p, end) is the beginning of a number that needs more. */
bool lede_json_number_is_cut(const uint8_t *p, const uint8_t *end);

#endif
