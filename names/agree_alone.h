/* agree_alone.h - "what do a name's own words say that the model did not see?"
 *
 * Before names vote (agree.h) each is looked at by itself: a title at its head
 * is cut off, King Hussein of Jordan is a king and a country, Albert Quay is no
 * Albert, and in a line of capitals a last name behind a role is a person.
 *
 * Private to names/.
 *
 * Threads: a piece belongs to one thread at a time. */
#ifndef LEDE_NAMES_AGREE_ALONE_H
#define LEDE_NAMES_AGREE_ALONE_H

#include "names/piece.h"

/* Changes the labels of a piece's names one by one; `texts` are those that its
 * words are of. */
void lede_agree_alone(lede_piece *piece, const lede_span *texts);

#endif
