/* program.h - "what does that program make of this document?"
 *
 * Formats whose own code is no matter for a reader of news are read by a
 * program, in a process of its own that has no more time, memory and output
 * than any document needs. It is started as it is, by no shell, and is gone
 * when the call returns, whatever it does.
 *
 * Threads: a call belongs to one thread. */
#ifndef LEDE_CORPUS_PROGRAM_H
#define LEDE_CORPUS_PROGRAM_H

#include <stdint.h>

#include "corpus/spool.h"

enum { LEDE_PROGRAM_SECONDS_MAX = 60 };

/* Runs words[0] (looked for in PATH; the list ends with NULL) on the document
 * at `fd`, its standard input, and appends what it writes to `text`, at most
 * `max_bytes`. LEDE_NOT_FOUND if there is no such program; LEDE_BAD_INPUT if it
 * cannot be run, or failed without a word; LEDE_INTERRUPTED if *stop became
 * nonzero. Where not all came, *cut says why, and what came is in `text`. */
lede_status lede_program_run(const char *const *words, int fd,
                             const volatile int *stop, uint64_t max_bytes,
                             lede_source *text, lede_error *cut,
                             lede_error *err);

#endif
