/* place.h - "which file, and where in it?"
 *
 * An entry's path is that of its file and, where the file holds several
 * documents, the place of the entry's: PATH#line=7 in JSON Lines, PATH#record=3
 * in other lists, PATH!folder/page.html in archives of files (which counts as
 * the file's name here). A file whose own name ends like that has a # put behind, so
 * that one can be told from the other. The first line and the first record are
 * number 1.
 *
 * Threads: pure functions. */
#ifndef LEDE_BASE_PLACE_H
#define LEDE_BASE_PLACE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

typedef struct lede_place {
    lede_span file;        /* a part of the path that was parsed */
    uint64_t line, record; /* 0 = the path names none */
} lede_place;

lede_place lede_place_parse(lede_span path);

/* Whether the name alone would be read as something else. */
bool lede_place_is_misread(lede_span file);

/* Appends the file and the place in it as readers give it (corpus/reader.h):
 * "#line=7", or "" for all of the file. */
void lede_place_put(lede_span file, lede_span location, lede_buf *out);

#endif
