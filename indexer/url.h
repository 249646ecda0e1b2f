/* url.h - "do these two addresses name the same page?"
 *
 * The canonical form of urls (see identity.h for the rules) and its parts.
 *
 * Threads: pure functions. */
#ifndef LEDE_INDEXER_URL_H
#define LEDE_INDEXER_URL_H

#include <stdbool.h>

#include "base/span.h"

/* Whether it begins with http:// or https:// (or //). */
bool lede_url_is_web(lede_span url);

/* The host of a canonical url: all before the first slash or question mark. */
lede_span lede_url_host(lede_span canonical);

#endif
