/* source.h - "where do a document's bytes come from?"
 *
 * Sources are stacked: a file or memory at the bottom, above it whatever
 * unwraps (gzip, zstd, bzip2, xz) or converts (UTF-16). Each reads from the one
 * below and owns it. Only corpus/input.c stacks them; formats see a lede_input.
 *
 * Every source keeps the same promises: a read gives at least one byte, or
 * LEDE_END, or a failure; an end or failure is final until a restart; what came
 * before a failure has been delivered.
 *
 * Threads: a source belongs to one thread. */
#ifndef LEDE_CORPUS_SOURCE_H
#define LEDE_CORPUS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

typedef struct lede_source lede_source;

typedef struct lede_source_ops {
    lede_status (*read)(lede_source *source, uint8_t *bytes, size_t len,
                        size_t *got, lede_error *err);
    lede_status (*restart)(lede_source *source, lede_error *err);
    void (*close)(lede_source *source); /* frees itself, not what is below */
    /* Goes to a byte; NULL where that takes reading all before it. */
    lede_status (*seek)(lede_source *source, uint64_t at, lede_error *err);
    /* lede_source_resync; NULL where there is no such thing. */
    lede_status (*resync)(lede_source *source, lede_error *err);
} lede_source_ops;

struct lede_source {
    const lede_source_ops *ops;
    lede_source *below; /* owned; NULL at the bottom */
    uint64_t delivered; /* bytes since the start */
    uint64_t size;      /* all there will be; 0 = unknown */
};

/* What decompression may do before it is refused as a bomb. */
typedef struct lede_unwrap_limits {
    uint64_t free_bytes; /* the ratio does not count up to here */
    uint64_t max_ratio;  /* bytes out for each byte of the bottom source */
    uint64_t max_bytes;  /* bytes out */
} lede_unwrap_limits;

extern const lede_unwrap_limits lede_unwrap_default_limits;

/* The largest zstd window that is accepted: 2^27 = 128 MiB, zstd --long. */
enum { LEDE_ZSTD_WINDOW_LOG_MAX = 27 };
/* What xz may hold in memory: enough for a dictionary of 64 MiB, xz -9. */
enum { LEDE_XZ_MEMORY_MAX = 128 << 20 };

typedef enum lede_wrapping {
    LEDE_WRAPPING_NONE = 0,
    LEDE_WRAPPING_GZIP,
    LEDE_WRAPPING_ZSTD,
    LEDE_WRAPPING_BZIP2,
    LEDE_WRAPPING_XZ
} lede_wrapping;

/* Wrapped more often than this, a file is refused. */
enum { LEDE_WRAPPINGS_MAX = 3 };

/* What the first bytes say. */
lede_wrapping lede_wrapping_of(lede_span head);

/* LEDE_IO if the file cannot be opened, LEDE_BAD_INPUT if it is not a regular
 * file. */
lede_status lede_source_of_file(const char *path, lede_source **out,
                                lede_error *err);
/* Lends `bytes`. NULL when out of memory. */
lede_source *lede_source_of_bytes(lede_span bytes);

/* Sources above `below`; they take it over on LEDE_OK only. `limits` may be
 * NULL for the default ones and is not kept. LEDE_CORRUPT from a read covers
 * all that makes the rest unreadable: cut off, damaged, refused. */
lede_status lede_source_unwrap(lede_source *below, lede_wrapping wrapping,
                               const lede_unwrap_limits *limits,
                               lede_source **out, lede_error *err);
/* UTF-16 or UTF-32 to UTF-8, without the mark at the beginning if there is one.
 * NULL when out of memory. */
typedef struct lede_wide_form {
    unsigned bytes; /* of a unit: 2 or 4 */
    bool is_big;    /* the byte that counts most comes first */
} lede_wide_form;
lede_source *lede_source_of_wide(lede_source *below, lede_wide_form form);

lede_status lede_source_read(lede_source *source, uint8_t *bytes, size_t len,
                             size_t *got, lede_error *err);
/* Begins again, all the way down. */
lede_status lede_source_restart(lede_source *source, lede_error *err);
/* Goes to a byte of a source that can (files, memory). */
bool lede_source_can_seek(const lede_source *source);
lede_status lede_source_seek(lede_source *source, uint64_t at, lede_error *err);
/* After a read that failed with LEDE_CORRUPT: goes on with the next member or
 * frame of gzip or zstd behind the one that is damaged. LEDE_NOT_FOUND if there
 * is none, or it cannot be looked for. */
lede_status lede_source_resync(lede_source *source, lede_error *err);
/* Bytes that the bottom source has in all. */
uint64_t lede_source_bottom_size(const lede_source *source);
/* Bytes that the bottom source has delivered. */
uint64_t lede_source_consumed(const lede_source *source);
void lede_source_close(lede_source *source); /* closes all; accepts NULL */

#endif
