/* address.h - "where does this link lead?"
 *
 * Links in feeds and pages may leave out what the document's own address has:
 * they are joined as RFC 3986, section 5, says. (libxml2's xmlBuildURI refuses
 * what feeds are full of: blanks and letters other than ASCII.)
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_ADDRESS_H
#define LEDE_CORPUS_ADDRESS_H

#include "base/arena.h"

/* Whether it begins with a scheme ("https:", "urn:"). */
bool lede_address_has_scheme(lede_span address);
/* Whether it is one of the web's: http or https, and a host. */
bool lede_address_is_web(lede_span address);

/* The address that `link` has in a document at `base`; the link itself if it
 * has a scheme, or the base is none of the web's. What is made lives in the
 * arena; empty, with *failed, when out of memory. */
lede_span lede_address_join(lede_span base, lede_span link, lede_arena *arena,
                            bool *failed);

#endif
