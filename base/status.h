/* status.h - "what went wrong, and what can the caller do?"
 *
 * A status names the caller's next step, not the library that complained. A
 * function that can fail in more than one way returns a lede_status and takes
 * a lede_error as its last parameter, which may be NULL. Outputs are written
 * on LEDE_OK only. LEDE_NOT_FOUND and LEDE_END are answers, not accidents:
 * they leave the error untouched.
 *
 * Threads: no state; a lede_error belongs to its owner. */
#ifndef LEDE_BASE_STATUS_H
#define LEDE_BASE_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum lede_status {
    LEDE_OK = 0,
    LEDE_NOT_FOUND,   /* an answer: there is none */
    LEDE_END,         /* an answer: there are no more */
    LEDE_EXISTS,      /* the name or key is taken */
    LEDE_BAD_INPUT,   /* tell the user what was wrong with it */
    LEDE_NO_MEMORY,   /* use less, or give more */
    LEDE_IO,          /* a system call failed: disk full, permissions, ... */
    LEDE_CORRUPT,     /* damaged on disk: run check */
    LEDE_BUSY,        /* another writer is at work: wait */
    LEDE_STALE,       /* the archive changed underneath: reopen and retry */
    LEDE_TOO_NEW,     /* written by a newer lede: upgrade the program */
    LEDE_INTERRUPTED, /* stopped on request; what was done is kept */
    LEDE_BUG          /* a promise inside lede was broken: report it */
} lede_status;

#define LEDE_ERROR_MESSAGE_BYTES 1024

/* One failure: what happened, to what, and what to do, in one line without a
 * final newline. All-zero is "no failure". */
typedef struct lede_error {
    lede_status status;
    char message[LEDE_ERROR_MESSAGE_BYTES];
} lede_error;

/* Fills *err (unless NULL) and returns `status`, so that failing is one
 * statement. A message too long is cut at a character boundary. */
lede_status lede_fail(lede_error *err, lede_status status, const char *format,
                      ...) __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before the message already in *err and returns its status:
 * the layer that knows the file or the entry adds it on the way up. */
lede_status lede_fail_in(lede_error *err, lede_status status,
                         const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A short name such as "corrupt", for logs. */
const char *lede_status_name(lede_status status);

#ifdef __cplusplus
}
#endif
#endif
