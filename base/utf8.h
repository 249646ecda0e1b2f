/* utf8.h - "characters in bytes"
 *
 * Decoding that cannot run past the end, validation, and repair (each bad
 * sequence becomes U+FFFD, as the Unicode Standard, section 3.9, "maximal
 * subparts", recommends). What is well-formed is RFC 3629.
 *
 * Threads: pure functions. */
#ifndef LEDE_BASE_UTF8_H
#define LEDE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

#define LEDE_UTF8_REPLACEMENT 0xFFFDu

/* Decodes the character at `p` (p < end) and returns its length in bytes, 1 to
 * 4. A bad sequence gives U+FFFD and the length of its maximal subpart. */
size_t lede_utf8_decode(const uint8_t *p, const uint8_t *end, uint32_t *out);

/* Writes 1 to 4 bytes and returns how many; a code point that has no UTF-8
 * form (a surrogate, or above U+10FFFF) is written as U+FFFD. */
size_t lede_utf8_encode(uint8_t out[4], uint32_t code_point);

/* The length of the longest valid prefix: span.len if all of it is valid. */
size_t lede_utf8_valid_prefix(lede_span span);

/* Appends `span` to `out` with each bad sequence replaced; returns how many
 * were. */
size_t lede_utf8_repair(lede_span span, lede_buf *out);

/* The largest cut <= `at` that does not split a character. */
size_t lede_utf8_floor(lede_span span, size_t at);

/* Whether a character is a capital (or title case), or a small letter, in any
 * script that has them. */
bool lede_utf8_is_upper(uint32_t code_point);
bool lede_utf8_is_lower(uint32_t code_point);

/* The number of characters; a bad sequence counts as one. */
size_t lede_utf8_count(lede_span span);

#endif
