/* place_peoples.h - "which country does a word for people speak for?"
 *
 * "Kenyan police" is a vote for Kenya. The words are read from the table once,
 * when a text first has a place that is in doubt.
 *
 * Private to names/.
 *
 * Threads: belongs to one thread at a time. */
#ifndef LEDE_NAMES_PLACE_PEOPLES_H
#define LEDE_NAMES_PLACE_PEOPLES_H

#include <stdbool.h>
#include <stdint.h>

#include "names/gazetteer.h"

/* All-zero before the words are read. */
typedef struct lede_place_peoples {
    uint32_t *words; /* hashes, and countries beside them */
    lede_place_number *countries;
    uint32_t begins[32]; /* bits: second letters of words with a first one */
    bool is_read;
} lede_place_peoples;

/* Reads the words, if they were not; false when out of memory. */
bool lede_place_peoples_read(lede_place_peoples *peoples,
                             const lede_gazetteer *gazetteer);
void lede_place_peoples_done(lede_place_peoples *peoples);

/* The next such word of the text, from *at on: its country; LEDE_PLACE_NONE at
 * the end. */
lede_place_number lede_place_peoples_next(const lede_place_peoples *peoples,
                                          lede_span text, size_t *at);

#endif
