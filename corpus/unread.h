/* unread.h - "which format is that, which lede cannot read?"
 *
 * Names formats by their first bytes, so that a file that is passed over is
 * passed over with a word. A format that gets a reader leaves this table.
 *
 * Threads: constant tables. */
#ifndef LEDE_CORPUS_UNREAD_H
#define LEDE_CORPUS_UNREAD_H

#include <stdbool.h>

#include "base/span.h"

/* The format's name ("a PDF document"), NULL if it is none of them. Those told
 * by their bytes alone, whatever they hold. */
const char *lede_unread_binary(lede_span head);

/* The same for text formats. `path` breaks ties. *has_none: nothing of that
 * format is an article, so there is nothing to be missed. `whole`: the head is
 * all there is. */
const char *lede_unread_text(lede_span head, bool whole, const char *path,
                             bool *has_none);

#endif
