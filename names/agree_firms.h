/* agree_firms.h - "which names are those of firms, banks and offices?"
 *
 * The model knows people and places from other texts; what calls itself a firm
 * in this one, it may not know. So firms are told by what stands beside their
 * names, once, and hold for the whole piece: "Texaco Inc", "Goldman, Sachs and
 * Co", "<Banque Hervet>" of the news wires, "the Bundesbank said", "Tim Harris
 * of Phillips and Drew", "Moody's said".
 *
 * Private to names/.
 *
 * Threads: belongs to one thread at a time. */
#ifndef LEDE_NAMES_AGREE_FIRMS_H
#define LEDE_NAMES_AGREE_FIRMS_H

#include "names/agree.h"

/* Marks the names of firms among the votes of a piece that has its labels, and
 * changes the labels of those that were read as people or places and have a
 * firm's own words. (Of others, agree.c decides when all votes are in.) */
void lede_agree_firms(lede_votes *votes, lede_piece *piece);

#endif
