/* model.h - "what was learnt, in a file"
 *
 * The weights of a linear-chain conditional random field (Lafferty, McCallum
 * and Pereira 2001) whose features are hashed into a table of rows, one weight
 * per label in a row (Weinberger and others 2009), and a filter that says of a
 * phrase whether it is known as a place, forename or surname (a blocked Bloom
 * filter: Putze, Sanders and Singler 2007). names/model/README.md is the card
 * of the model that comes with lede.
 *
 * The file, little-endian:
 *
 *     0   8  "ledename"
 *     8   4  version of file and features, LEDE_MODEL_VERSION
 *    12   4  rows, a power of two
 *    16   4  filter lines of 64 bytes, a power of two
 *    20   4  steps of weight per unit of log-odds
 *    24   8  hash of all other bytes (lede_model_hash)
 *    32 256  transitions: 8 x 8 int32, from label to label
 *   288   -  rows x 8 int8, then the filter lines
 *
 * Private to names/.
 *
 * Threads: filled once, then shared by readers. */
#ifndef LEDE_NAMES_MODEL_H
#define LEDE_NAMES_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "names/filter.h"
#include "names/lists.h"
#include "names/recognize.h"

/* B begins a name, I goes on with it. Organisations are told apart only to be
 * kept out; OTHER are capitals that mean neither: nations, events, works. */
typedef enum lede_label {
    LEDE_LABEL_O = 0,
    LEDE_LABEL_B_PERSON,
    LEDE_LABEL_I_PERSON,
    LEDE_LABEL_B_PLACE,
    LEDE_LABEL_I_PLACE,
    LEDE_LABEL_B_ORG,
    LEDE_LABEL_I_ORG,
    LEDE_LABEL_OTHER,
    LEDE_LABEL_COUNT
} lede_label;

enum {
    LEDE_MODEL_VERSION = 2,
    LEDE_MODEL_HEAD_BYTES = 288,
    LEDE_MODEL_MAX_BYTES = 16 << 20
};

struct lede_name_model {
    lede_lists lists;
    uint8_t *bytes; /* the file; NULL: rules alone */
    const int8_t *rows;
    uint32_t row_mask;
    const uint8_t *filter;
    uint32_t line_mask;
    int32_t steps;
    int32_t transitions[LEDE_LABEL_COUNT][LEDE_LABEL_COUNT];
    int32_t back[LEDE_LABEL_COUNT][LEDE_LABEL_COUNT]; /* the same, transposed:
                                                        to a label, from all */
    int32_t alone[LEDE_LABEL_COUNT]; /* from O to a label and back */
};

/* The hash in a file's head, out of all its other bytes (at least a head): XXH3
 * of what is behind, seeded with that of what is before. */
uint64_t lede_model_hash(lede_span file);

/* Score of what can't be: an I without its B. */
#define LEDE_IMPOSSIBLE (-(1 << 28))

/* Fills in what follows from the transitions. */
void lede_model_settle(lede_name_model *model);

bool lede_label_may_follow(lede_label before, lede_label label);

#endif
