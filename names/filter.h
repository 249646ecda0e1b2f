/* filter.h - "is this phrase known as a place, a forename, a surname?"
 *
 * A blocked Bloom filter (Putze, Sanders and Singler 2007): all that is known
 * of a phrase stands in one line of the memory.
 *
 * Private to names/.
 *
 * Threads: filled once, then shared by readers. */
#ifndef LEDE_NAMES_FILTER_H
#define LEDE_NAMES_FILTER_H

#include <stdint.h>

enum { LEDE_FILTER_LINE_BYTES = 64 };

/* What the filter can say of a phrase. */
typedef enum lede_known {
    LEDE_KNOWN_PLACE = 0, /* of 15,000 people and more, or a region */
    LEDE_KNOWN_SMALL_PLACE,
    LEDE_KNOWN_FORENAME,
    LEDE_KNOWN_SURNAME,
    LEDE_KNOWN_COUNT
} lede_known;

/* Adds a phrase to a filter of line_mask + 1 lines; what a filter knows of a
 * phrase, as bits 1 << lede_known. */
void lede_filter_put(uint8_t *filter, uint32_t line_mask, uint32_t phrase,
                     lede_known known);
unsigned lede_filter_get(const uint8_t *filter, uint32_t line_mask,
                         uint32_t phrase);

/* The same of places alone, in half the time. */
unsigned lede_filter_get_place(const uint8_t *filter, uint32_t line_mask,
                               uint32_t phrase);

/* Asks for what the others read of a phrase, so that it is there later. */
void lede_filter_ask(const uint8_t *filter, uint32_t line_mask,
                     uint32_t phrase);

/* As lede_filter_get, on any machine. */
unsigned lede_filter_get_plain(const uint8_t *filter, uint32_t line_mask,
                               uint32_t phrase);

#endif
