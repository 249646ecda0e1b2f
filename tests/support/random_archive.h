/* random_archive.h - small archives of chance, for tests
 *
 * Entries of made-up words in all default fields, with positions, forms,
 * joined words, equal and unknown times, untrusted dates, several segments that
 * overlap in time, deletions. The same seed gives the same archive. Word n
 * stands in the terms "wNNN" and "vNNN" (as if stemmed in two languages; an
 * entry may have both), its forms are
 *
 *   wNNN lower, capital, upper;  wNNNs lower, capital;  wNNNx lower, width 2
 *
 * (every third word has the first form alone). "XRwNNN" is word n as a
 * role, "XKarticle" and "XKmessage" are exact values, and so are the dates of
 * entries that are known no better than to the day ("XDP:2023-11"), in zones of
 * chance. */
#ifndef LEDE_TESTS_SUPPORT_RANDOM_ARCHIVE_H
#define LEDE_TESTS_SUPPORT_RANDOM_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "storage/archive.h"

typedef struct random_archive_options {
    uint64_t seed;
    uint32_t segments;
    uint32_t entries; /* at most so many a segment; at least 1 */
    uint32_t words;   /* of the vocabulary, at most 1000 */
    uint32_t tokens;  /* about so many an entry */
    uint32_t deleted; /* one in so many is deleted; 0 = none */
    uint32_t undated; /* one in so many has no time; 0 = none */
    uint32_t times;   /* so many different times */
    uint32_t printed; /* one in so many is known to the day, the month or the
                         year; 0 = none */
    uint32_t pairs;   /* pairs are kept of about so many forms, but for one
                         segment in four; 0 = of none */
} random_archive_options;

/* Times lie from here, an hour apart. */
#define RANDOM_ARCHIVE_EPOCH 1700000000
#define RANDOM_ARCHIVE_STEP 3600

/* A small generator (splitmix64): the next number of a seed. */
uint64_t random_next(uint64_t *state);
uint32_t random_below(uint64_t *state, uint32_t limit);

/* The key of entry `index`, in the order of making, of a segment. */
uint64_t random_archive_key(uint32_t segment, uint32_t index);

/* Makes an archive in a fresh directory below $TMPDIR or /tmp, whose path is
 * put in `directory` (of at least 256 bytes). */
lede_status random_archive_make(const random_archive_options *options,
                                char *directory, lede_archive **out,
                                lede_error *err);
/* Closes it and removes the directory. */
void random_archive_remove(lede_archive *archive, const char *directory);

#endif
