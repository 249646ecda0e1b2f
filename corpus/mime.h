/* mime.h - "which parts does this message have?"
 *
 * Mail and saved pages (MHTML) as headers and parts: folded lines, encoded
 * words, quoted-printable and base64, nested multiparts. Nothing is refused:
 * what cannot be told is text.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_MIME_H
#define LEDE_CORPUS_MIME_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"

enum { LEDE_MIME_DEPTH_MAX = 16, LEDE_MIME_PARTS_MAX = 4096 };

typedef struct lede_mime_part {
    lede_span headers; /* as they stand */
    lede_span body;    /* still encoded */
} lede_mime_part;

/* Splits a message (or part) into headers and body. */
lede_mime_part lede_mime_split(lede_span message);

/* A header's value, unfolded and with encoded words as UTF-8, in the arena;
 * empty if it is missing. `name` in lower case. */
lede_span lede_mime_header(const lede_mime_part *part, const char *name,
                           lede_arena *arena, bool *failed);
/* A parameter of a header's value: boundary, charset; empty if missing. */
lede_span lede_mime_parameter(lede_span value, const char *name);

/* Gives the leaves of a message in order, until `fn` returns false. */
typedef bool lede_mime_fn(void *ctx, const lede_mime_part *part);
void lede_mime_each(const lede_mime_part *message, lede_arena *arena,
                    bool *failed, lede_mime_fn *fn, void *ctx);

/* Appends a part's body, decoded to the bytes it was. */
void lede_mime_decode(const lede_mime_part *part, lede_arena *arena,
                      bool *failed, lede_buf *out);

#endif
