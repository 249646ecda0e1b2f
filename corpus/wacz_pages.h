/* wacz_pages.h - "which pages of a WACZ are not in its web archives?"
 *
 * A WACZ lists its pages with their text (in its folder pages, as JSON Lines).
 * The web archives in it have them better; what is only listed is given as it
 * is listed. Two sinks stand before the real one: the first writes down whose
 * addresses were given, the second leaves those out.
 *
 * Threads: belongs to the read that uses it. */
#ifndef LEDE_CORPUS_WACZ_PAGES_H
#define LEDE_CORPUS_WACZ_PAGES_H

#include "corpus/reader.h"

typedef struct lede_wacz_pages {
    const lede_sink *sink; /* the real one */
    uint64_t *given;       /* hashes of addresses: an open table, 0 is free */
    size_t count, room;
    bool is_full; /* not all are known */
    lede_page page;
    bool page_waits, page_is_open;
} lede_wacz_pages;

void lede_wacz_pages_init(lede_wacz_pages *pages, const lede_sink *sink);
void lede_wacz_pages_done(lede_wacz_pages *pages);

/* The sink for the web archives, and the one for the lists. */
lede_sink lede_wacz_archive_sink(lede_wacz_pages *pages);
lede_sink lede_wacz_list_sink(lede_wacz_pages *pages);

/* Whether a member's name is that of a list of pages. */
bool lede_wacz_is_list(lede_span name);

#endif
