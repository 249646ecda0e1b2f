/* agree_votes.h - "what was said of a name, all over the piece?"
 *
 * A table of names (phrases, by hash), emptied for each piece in no time. One
 * that is full hereabouts has no room for more: such a name has no say.
 *
 * Private to names/agree*.c.
 *
 * Threads: belongs to one thread at a time. */
#ifndef LEDE_NAMES_AGREE_VOTES_H
#define LEDE_NAMES_AGREE_VOTES_H

#include "names/agree.h"

typedef struct lede_vote {
    uint32_t key;                /* phrase hash */
    int32_t person, place, none; /* sums of margins */
    uint16_t full;               /* how often it ends a full name of a person */
    uint16_t count;
    uint16_t age; /* of lede_votes: another one, and the slot is free */
    bool is_last; /* it ends one */
    bool is_firm; /* a firm, a bank, an office: agree_firms.h */
} lede_vote;

/* The vote of a phrase, or NULL; `make`: a new one if there is none. */
lede_vote *lede_votes_find(lede_votes *votes, uint32_t key, bool make);

/* The end of what is put to the vote from word i on: of a name, or of one word
 * that is none. */
static inline size_t lede_agree_item_end(const lede_piece *piece, size_t i)
{
    size_t end = lede_name_end(piece, i);

    return end > i ? end : i + 1;
}

#endif
