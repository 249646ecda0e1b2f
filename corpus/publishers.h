/* publishers.h - "where does this publisher have its headlines?"
 *
 * Pages say their headline in several places, and where those differ the page
 * alone does not always tell which is the one for readers. A few publishers
 * keep it where the rules for all (html_headline.c) do not look first; for
 * these a table says where.
 *
 * Threads: a constant table. */
#ifndef LEDE_CORPUS_PUBLISHERS_H
#define LEDE_CORPUS_PUBLISHERS_H

#include "base/span.h"

typedef enum lede_headline_place {
    LEDE_HEADLINE_ANY = 0, /* no more is known than of any page */
    LEDE_HEADLINE_LD,      /* JSON-LD */
    LEDE_HEADLINE_OG,      /* og:title */
    LEDE_HEADLINE_TITLE    /* the title element */
} lede_headline_place;

/* By the host of a page's address, which may be below the publisher's. */
lede_headline_place lede_publisher_headline(lede_span url);

#endif
