/* reader.h - "how are entries read from this file?"
 *
 * One call reads a file: unwraps compression, recognises the format from the
 * bytes (the name is only a tie-break), and hands entries to a sink, one at a
 * time. Memory is bounded by the largest entry, not by the file. Each format is
 * a file of its own behind lede_format (corpus/format.h); readers know nothing
 * of each other, but that a record's body may be the text of a live page.
 *
 * Nothing bad in a file is fatal: it becomes a note and the reader goes on with
 * what follows. Only the sink (or memory, or an interruption) stops a read.
 *
 * Threads: a read belongs to one thread; options are read-only. */
#ifndef LEDE_CORPUS_READER_H
#define LEDE_CORPUS_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/entry.h"
#include "base/status.h"

/* What is known of a document from outside it. All-zero: nothing. */
typedef struct lede_read_options {
    const char *default_zone;     /* tz name for dates without one; NULL = site
                                     default, else UTC and flagged */
    const char *default_language; /* BCP 47; NULL = "en" */
    const char *source_name;      /* of entries that name no source; NULL = the
                                     name of their folder */
    const char *source_home;      /* the place that it is about most, as its
                                     owner names it; NULL = unknown */
    int32_t year;                 /* for dates without one; 0 = not given */
    int64_t now;        /* instant; dates later than now + 2 years are refused.
                           0 = the clock */
    int64_t mtime;      /* of the file; LEDE_INSTANT_NONE or 0 = unknown */
    bool mtime_is_copy; /* many files of the folder share it: says nothing */
    bool explains;      /* entries say why they are so, for people */
    const volatile int *stop; /* nonzero: LEDE_INTERRUPTED */
} lede_read_options;

/* The page (or feed, or file) that the following entries belong to. Spans live
 * until page_end. */
typedef struct lede_page {
    lede_span url, title, site;
    lede_media *media; /* at its head, above the first entry */
    uint32_t media_count;
    const char *format; /* "live text A", "article text", "json" ... */
    bool is_live;       /* its entries are updates of one live page: a later
                           save of it may show only the newest of them */
    lede_when captured, updated;
} lede_page;

/* Where entries go. Every entry comes between page_begin and page_end; a file
 * of many unrelated records is one page that is not live (two, when a live page
 * stands among them). `entry` and its spans live until the call returns;
 * `location` is to stand behind the path: "#line=N" in JSON Lines, "#record=N"
 * in other lists of records, "" where the file is one document. Statuses other
 * than LEDE_OK stop the read and are returned. `note` is for people: one line,
 * without the path. */
typedef struct lede_sink {
    void *ctx;
    lede_status (*page_begin)(void *ctx, const lede_page *page,
                              lede_error *err);
    lede_status (*entry)(void *ctx, lede_entry *entry, const char *location,
                         lede_error *err);
    lede_status (*page_end)(void *ctx, lede_error *err);
    void (*note)(void *ctx, const char *location, const char *what);
    /* Bytes of the file (compressed, if it is) consumed so far; may be NULL. */
    void (*progress)(void *ctx, uint64_t bytes);
    /* Set to true if the file is damaged or cut off, so that it may once have
     * said more than was handed out; may be NULL. */
    bool *is_damaged;
} lede_sink;

/* Reads one file. LEDE_BAD_INPUT if nothing came of it: empty, binary, of a
 * kind that is not read, damaged from the start, no records in it; the
 * message is the note to print, the run goes on. LEDE_IO if the file cannot be
 * opened or read (on): what was read before has been handed out. Compressed
 * data that is damaged, cut off or refused further on is a note.
 * LEDE_INTERRUPTED, LEDE_NO_MEMORY and what the sink returned end the run;
 * then, and only then, a page may be left open. An entry without a source gets
 * the folder's name. */
lede_status lede_corpus_read_file(const char *path,
                                  const lede_read_options *options,
                                  const lede_sink *sink, lede_error *err);

/* The same for bytes already in memory; `path` names them (for dates in names)
 * and may be "". */
lede_status lede_corpus_read_bytes(lede_span bytes, const char *path,
                                   const lede_read_options *options,
                                   const lede_sink *sink, lede_error *err);

/* The same for what a descriptor gives until its end (standard input): up to
 * 4 MiB of it wait in memory, more in a temporary file. */
lede_status lede_corpus_read_stream(int fd, const char *path,
                                    const lede_read_options *options,
                                    const lede_sink *sink, lede_error *err);

#endif
