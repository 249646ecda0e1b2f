/* plain.h - "give me the next plain text"
 *
 * Reads the members "title" and "body" of JSON Lines whose "id" begins with
 * "wiki": the title is the first line of the text.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_NAMES_TRAIN_PLAIN_H
#define LEDE_NAMES_TRAIN_PLAIN_H

#include <stdio.h>

#include "base/buf.h"
#include "base/status.h"

typedef struct plain_reader {
    FILE *file;
    char *line;
    size_t line_cap;
    lede_buf text;
    size_t title_bytes; /* of the text last lent */
} plain_reader;

lede_status plain_open(plain_reader *reader, const char *path, lede_error *err);
void plain_close(plain_reader *reader);

/* Lends the next text until the next call; LEDE_END behind the last. */
lede_status plain_next(plain_reader *reader, lede_span *text, lede_error *err);

#endif
