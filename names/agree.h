/* agree.h - "what do the names of a piece say about each other?"
 *
 * A reader who meets "Starmer" alone knows him from the full name above. So
 * equal names are put together over the whole piece and each is read as most
 * of them, by the sum of their margins; the last name of a full name is that
 * person; the name of a country is a place wherever nothing longer has it; a
 * title at the head of a person is cut off.
 *
 * Private to names/.
 *
 * Threads: belongs to one thread at a time. */
#ifndef LEDE_NAMES_AGREE_H
#define LEDE_NAMES_AGREE_H

#include <stdbool.h>

#include "names/piece.h"

typedef struct lede_votes lede_votes;

/* NULL when out of memory. */
lede_votes *lede_votes_new(void);
void lede_votes_free(lede_votes *votes);

/* Changes the labels of a piece so that they agree. `known` are hashes of last
 * names (lede_word.low) of people who are spoken of nearby. */
void lede_agree(lede_votes *votes, lede_piece *piece, const lede_span *texts,
                const uint32_t *known, size_t known_count);

/* What a word (its hash in small letters) is in the full names of people in the
 * piece that was last agreed on, or in what is known besides. */
typedef enum lede_name_part {
    LEDE_PART_OF_NONE,
    LEDE_PART_FIRST, /* it begins one, and ends none */
    LEDE_PART_LAST
} lede_name_part;

lede_name_part lede_agree_part(lede_votes *votes, uint32_t low);

#endif
