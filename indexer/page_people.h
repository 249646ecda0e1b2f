/* page_people.h - "whom do the other entries of a page name in full, and where
 * do they play?"
 *
 * The updates of a live page are written one after another for the same
 * readers: who is "Keir Starmer" in the first is "Starmer" in the ninth. Before
 * entries are inverted, those that share a page with others, of the batch or of
 * the archive, are looked through once, and the full names in them kept: with
 * these in mind their own lists of names are made then. So are the places that
 * they name beyond doubt: Tripoli, on a page about Lebanon, is hardly Libya's.
 *
 * What is kept is bounded: a page beyond it, and people of a page beyond
 * LEDE_PAGE_PEOPLE, are not known from elsewhere.
 *
 * Threads: belongs to one thread; what it lends may be read by others. */
#ifndef LEDE_INDEXER_PAGE_PEOPLE_H
#define LEDE_INDEXER_PAGE_PEOPLE_H

#include "indexer/namer.h"
#include "indexer/resolve.h"

typedef struct lede_page_people lede_page_people;

enum {
    LEDE_PAGE_PEOPLE = 64,
    LEDE_PAGE_PLACES = 24,
    LEDE_PAGE_PEOPLE_BYTES = 4 << 20
};

/* Looks through the settled entries, by means of the namer, which has nothing
 * else to do then. *out is NULL where no page has two entries. */
lede_status lede_page_people_new(const lede_resolution *resolution,
                                 lede_text_loader *loader, lede_namer *namer,
                                 lede_page_people **out, lede_error *err);
void lede_page_people_free(lede_page_people *people); /* accepts NULL */

/* Full names, the most spoken of first, lent as long as it lives; `people` may
 * be NULL. */
const lede_span *lede_page_people_get(const lede_page_people *people,
                                      uint64_t page, uint32_t *count);

/* The same of places: ids (names/gazetteer.h). */
const lede_span *lede_page_people_places(const lede_page_people *people,
                                         uint64_t page, uint32_t *count);

#endif
