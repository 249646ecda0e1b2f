/* subject.h - "what is an article about, by its own first sentence?"
 *
 * An encyclopaedia says of each subject what it is: "Bashgyugh is a village in
 * the Shirak Province of Armenia." The noun of that sentence tells whether the
 * title is a person, a place or an organisation, wherever the article repeats
 * it: evidence that no field has to be asked for.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_TRAIN_SUBJECT_H
#define LEDE_NAMES_TRAIN_SUBJECT_H

#include "base/span.h"

typedef enum subject_kind {
    SUBJECT_UNKNOWN = 0,
    SUBJECT_PERSON,
    SUBJECT_PLACE,
    SUBJECT_ORG,
    SUBJECT_SITE, /* a building, a park, an airport: annotators differ */
    SUBJECT_WORK  /* films, battles, ships, species: neither */
} subject_kind;

/* The title without what tells it from others: "Ride" of "Ride (1998 film)",
 * "Martins Heron" of "Martins Heron, Berkshire". */
lede_span subject_name(lede_span title);

/* What the article of this name is about. */
subject_kind subject_of(lede_span name, lede_span body);

#endif
