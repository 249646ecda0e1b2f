/* feed_root.h - "is this a feed, and where does it begin?"
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_FEED_ROOT_H
#define LEDE_CORPUS_FEED_ROOT_H

#include <stdbool.h>

#include "base/span.h"

/* Whether a document is a feed or a sitemap, by its root, and where that or its
 * declaration begins: behind what the program that made it printed in front,
 * warnings most often (at most 4 KiB, and no page of HTML). */
bool lede_feed_find(lede_span head, size_t *begin);

#endif
