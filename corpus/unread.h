/* unread.h - "which format is that, which lede cannot read?"
 *
 * Names formats by their first bytes, so that a file that is passed over is
 * passed over with a word. A format that gets a reader leaves this table.
 *
 * Threads: constant tables. */
#ifndef LEDE_CORPUS_UNREAD_H
#define LEDE_CORPUS_UNREAD_H

#include "base/span.h"

/* The format's name ("a PDF document"), NULL if it is none of them. Those told
 * by their bytes alone, whatever they hold. */
const char *lede_unread_binary(lede_span head);

/* The same for text formats. `path` breaks ties. */
const char *lede_unread_text(lede_span head, const char *path);

#endif
