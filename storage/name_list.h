/* name_list.h - "whom and what places does an entry name?"
 *
 * The people and places of one entry as a segment keeps them, beside its words:
 * what facets count, hits show, corrections split, and what the terms of names
 * are made of (docs/FORMAT.md, "Names"). A list says all that is known without
 * the texts, so that nothing is read again when places are looked up anew.
 *
 * Threads: pure functions. */
#ifndef LEDE_STORAGE_NAME_LIST_H
#define LEDE_STORAGE_NAME_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

enum {
    LEDE_NAMED_MOST = 512, /* of an entry; others are left out */
    LEDE_NAMED_IDS = 4,
    LEDE_NAMED_PARENTS = 8,
    LEDE_NAMED_FORMS = 8,
    LEDE_NAMED_BYTES = 255,   /* of a name, a title, a form, an id */
    LEDE_NAME_COUNT_MOST = 16 /* how often a term of a name counts, at most */
};

/* Stored on disk. */
typedef enum lede_named_kind {
    LEDE_NAMED_PERSON = 0,
    LEDE_NAMED_PLACE = 1
} lede_named_kind;

typedef enum lede_named_state {
    LEDE_NAMED_UNRESOLVED = 0, /* a person, or no place that is known */
    LEDE_NAMED_AMBIGUOUS = 1,
    LEDE_NAMED_RESOLVED = 2
} lede_named_state;

/* A person or a place. */
typedef struct lede_named {
    uint8_t kind, state;
    uint8_t trust; /* 0 by rule, 1 low, 2 high, 3 sure */
    bool in_headline;
    uint32_t mentions; /* that speak of it; 0: it only wrote, or is where it
                          was written */
    uint32_t sources;  /* bylines and datelines */
    uint32_t section, offset; /* its first mention: base/entry_terms.h */
    lede_span name;           /* as the entry has it, the longest */
    lede_span title; /* of a person: "Prime Minister"; or empty */
    lede_span ids[LEDE_NAMED_IDS]; /* places it may be, likeliest first */
    lede_span parents[LEDE_NAMED_PARENTS]; /* what has them all inside */
    lede_span forms[LEDE_NAMED_FORMS];     /* other ways it is written */
    uint32_t id_count, parent_count, form_count;
} lede_named;

/* Appends a list. At most LEDE_NAMED_MOST; longer texts than LEDE_NAMED_BYTES
 * are cut. The list of nobody is not empty. */
void lede_name_list_encode(const lede_named *named, uint32_t count,
                           lede_buf *out);

/* Reads a list one after another; spans point into it. */
typedef struct lede_name_reader {
    lede_span rest; /* private from here on */
    uint32_t left;
    bool is_bad;
} lede_name_reader;

/* An empty span reads as a list of nobody. */
lede_name_reader lede_name_reader_of(lede_span list);
/* False at the end, or where the list is damaged: lede_name_reader_end. */
bool lede_name_reader_next(lede_name_reader *reader, lede_named *out);
/* LEDE_CORRUPT unless all was read and well. */
lede_status lede_name_reader_end(const lede_name_reader *reader,
                                 lede_error *err);

#endif
