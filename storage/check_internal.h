/* check_internal.h - "what do the parts of a check share?"
 *
 * The state of one lede_archive_check: where findings go, how far it is, and
 * whether it is to stop. check.c looks at the archive as a whole,
 * check_segment.c at a segment's values, columns, keys and records,
 * check_lists.c at its terms and lists.
 *
 * Threads: belongs to the thread of the check. */
#ifndef LEDE_STORAGE_CHECK_INTERNAL_H
#define LEDE_STORAGE_CHECK_INTERNAL_H

#include "storage/archive_internal.h"

/* More findings than this are counted, not told. */
enum { LEDE_CHECK_TOLD = 200 };

typedef struct lede_check {
    lede_archive *archive;
    const lede_check_callbacks *callbacks;
    uint64_t problems;
    uint64_t done_bytes, all_bytes;
    lede_error fatal; /* what ended the check before its end, if anything */
} lede_check;

/* Tells of something wrong. */
void lede_check_found(lede_check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Tells of the entries of a damaged block. */
void lede_check_lost(lede_check *check, const char *problem,
                     const uint64_t *keys, uint32_t count);
/* Tells of a call that failed: damage is a finding; no memory, or a file that
 * cannot be read, says nothing about the archive and ends the check. */
bool lede_check_is_fatal(lede_status status);
void lede_check_failed(lede_check *check, lede_status status,
                       const lede_error *why, const char *where);
void lede_check_progress(lede_check *check, uint64_t bytes);
/* Also true once the check has come to an end early. */
bool lede_check_stopped(const lede_check *check);

/* Each looks at one segment and tells what is wrong with it; both stop early
 * when lede_check_stopped. */
void lede_check_segment(lede_check *check, const lede_segment *segment,
                        const lede_manifest_segment *listed);
void lede_check_terms(lede_check *check, const lede_segment *segment);

#endif
