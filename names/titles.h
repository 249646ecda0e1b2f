/* titles.h - "what is this person called beside the name?"
 *
 * "Foreign Minister Sergei Lavrov" and "Sergei Lavrov, the foreign minister":
 * the title that stands right before a name, or behind it between commas. Two
 * spellings with one title may be one person's (query/proposals.h). Only what
 * an office is called counts: Mr, Sir and the like say nothing.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_TITLES_H
#define LEDE_NAMES_TITLES_H

#include <stddef.h>

#include "base/span.h"

/* The title of a name that stands in bytes [begin, end) of a text, as the text
 * writes it; empty if there is none. */
lede_span lede_title_beside(lede_span text, size_t begin, size_t end);

#endif
