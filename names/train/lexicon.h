/* lexicon.h - "which names are known beforehand?"
 *
 * Fills the filter of a model from open lists. Places: GeoNames' tables of
 * places (tab-separated, with alternate names and population), or JSON in which
 * each place has a "name". People: a word or name at the head of each line, or
 * CSV whose heading has "Romanized Name" or "Localized Name".
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_NAMES_TRAIN_LEXICON_H
#define LEDE_NAMES_TRAIN_LEXICON_H

#include <stdint.h>

#include "base/status.h"
#include "names/model.h"

enum { LEXICON_LINES = 1 << 13 }; /* 512 KiB */

typedef struct lexicon {
    uint8_t *filter;
    size_t counts[LEDE_KNOWN_COUNT];
} lexicon;

/* Adds the names of a file; for places the population decides between the two
 * kinds. `most` bounds the lines taken from a list of people, 0 = all. */
lede_status lexicon_add_places(lexicon *self, const char *path,
                               lede_error *err);
lede_status lexicon_add_people(lexicon *self, const char *path,
                               lede_known known, size_t most, lede_error *err);

/* Adds what the articles of an encyclopaedia (plain.h) behind the first `skip`
 * are about: people's first and last names, and places. Those to learn from are
 * left out, or the field would learn to trust the filter too much. */
lede_status lexicon_add_subjects(lexicon *self, const char *path, size_t skip,
                                 lede_error *err);

#endif
