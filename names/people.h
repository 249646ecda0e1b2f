/* people.h - "which mentions of people are the same person?"
 *
 * Full names make clusters: equal words, or the same last name with forenames
 * that agree, or the words of one within those of the other. Then each single
 * name joins the person of that last name who was spoken of last, else of that
 * forename, else of any such word. Writers stay apart from those written of
 * unless the whole name is the same.
 *
 * Private to names/.
 *
 * Threads: belongs to one thread at a time. */
#ifndef LEDE_NAMES_PEOPLE_H
#define LEDE_NAMES_PEOPLE_H

#include "names/link.h"

typedef struct lede_people lede_people;

/* NULL when out of memory. */
lede_people *lede_people_new(void);
void lede_people_free(lede_people *people);

/* Puts the cluster of each mention of a person into group_of, and how many
 * there are into *count. False when out of memory. */
bool lede_people_link(lede_people *people, const lede_name_text *texts,
                      const lede_mention *mentions, size_t mention_count,
                      uint32_t *group_of, uint32_t *count);

/* The full name out of `names` for a cluster that is known by a single name
 * only: the one that it can be the last name of; empty if there is none, or
 * several. */
lede_span lede_people_lend(const lede_people *people, uint32_t group,
                           const lede_span *names, size_t name_count,
                           lede_buf *folded);

#endif
