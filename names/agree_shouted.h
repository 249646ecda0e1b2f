/* agree_shouted.h - "where does a name end among words that all have capitals?"
 *
 * In "REAGAN DENOUNCES REPORTS" every word looks like a name's. What the entry
 * writes as others do tells them apart: there Reagan has a capital and nobody
 * denounces with one. Where an entry says nothing of a word, the lists do.
 *
 * Private to names/agree*.c.
 *
 * Threads: belongs to one thread at a time. */
#ifndef LEDE_NAMES_AGREE_SHOUTED_H
#define LEDE_NAMES_AGREE_SHOUTED_H

#include "names/agree.h"

/* Cuts people in lines of capitals to what is a name. The votes are those of
 * all other lines; `has_prose` if these would name whom the line names. */
void lede_agree_shouted(lede_votes *votes, lede_piece *piece,
                        const lede_run *run, bool has_prose);

#endif
