/* bio.h - "what do the annotators say?"
 *
 * Reads annotated text: one word and its tag (B-PER, I-PER, B-LOC, ..., O) with
 * a tab between on each line, an empty line behind a sentence, a line that
 * begins with -DOCSTART- before a document. A document is joined to running
 * text again, so that the project's own cutting of words is part of what is
 * learnt and measured: a space between words; a line break behind a sentence
 * that does not end like one.
 *
 * Threads: plain values. */
#ifndef LEDE_NAMES_TRAIN_BIO_H
#define LEDE_NAMES_TRAIN_BIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/status.h"

typedef enum bio_kind {
    BIO_PERSON = 0,
    BIO_PLACE,
    BIO_ORG,
    BIO_OTHER
} bio_kind;

typedef struct bio_span {
    size_t begin, end; /* bytes of the text */
    bio_kind kind;
} bio_span;

typedef struct bio_document {
    lede_buf text;
    bio_span *spans;
    size_t span_count, span_cap;
} bio_document;

void bio_document_done(bio_document *document);

/* Reads the next document of the file into *document (all-zero, or one read
 * before). LEDE_END when there is none. */
lede_status bio_read(FILE *file, bio_document *document, lede_error *err);

#endif
