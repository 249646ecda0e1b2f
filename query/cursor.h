/* cursor.h - "go on behind this hit"
 *
 * A cursor is text for a command line or a URL: what the archive was like,
 * which search it belongs to, and the place of the last hit that was shown. It
 * needs no memory of the search that made it. By date the place alone is
 * enough: the search goes on exactly behind it, whatever came or went since. By
 * relevance scores depend on all entries, so a cursor is only good for an
 * archive that has not changed.
 *
 *   version u8 = 1, archive u64, search u64, rank u64, score f64, time i64,
 *   key u64, check u32: XXH3 of all before it; in base64url (RFC 4648)
 *
 * Threads: pure functions. */
#ifndef LEDE_QUERY_CURSOR_H
#define LEDE_QUERY_CURSOR_H

#include "base/buf.h"
#include "query/engine.h"

typedef struct lede_cursor {
    uint64_t archive; /* lede_cursor_archive */
    uint64_t search;  /* lede_cursor_search */
    uint64_t rank;    /* of the hit, from 1: so many have been shown */
    double score;     /* before the fit */
    int64_t time;
    uint64_t key;
} lede_cursor;

/* Stands for the state of the archive: one that gives the same scores. */
uint64_t lede_cursor_archive(const lede_engine *engine);
/* Stands for the query and all options that decide which hits there are, and in
 * what order. */
uint64_t lede_cursor_search(lede_span query,
                            const lede_search_options *options);

void lede_cursor_format(const lede_cursor *cursor, lede_buf *out);
/* False if it is no whole cursor. */
bool lede_cursor_parse(lede_span text, lede_cursor *out);

#endif
