/* live_scan.h - one pass over a live page, line by line
 *
 * Private to the survey (live_survey.c), which decides what the lines mean:
 * finds whatever could be a head, of any form, with what stands around it, and
 * the evidence for days and years.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_CORPUS_LIVE_SCAN_H
#define LEDE_CORPUS_LIVE_SCAN_H

#include "corpus/live_survey.h"

/* What a pass learnt besides. */
typedef struct lede_live_facts {
    uint32_t keywords;    /* "published at 14:50" anywhere, in heads or not */
    uint32_t month_first; /* days like 12/31/2025, and like 31/12/2025 */
    uint32_t day_first;
    uint32_t dated; /* heads of forms D and E, which page dates look like */
    uint32_t days;  /* of them and of form I, those behind another head that
                       begin with a clock, then zone and day */
} lede_live_facts;

/* Fills heads and evidence of a survey whose hints, rejoined and is_dense are
 * set. `stop` may be NULL. */
lede_status lede_live_scan(lede_input *input, const volatile int *stop,
                           lede_live_survey *survey, lede_live_facts *facts,
                           lede_error *err);

#endif
