/* hits_out.h - "the same hits, in one of several formats"
 *
 * show_hits.c goes through an answer and hands it to one of these writers,
 * piece by piece, each of which appends to the buffer. They know nothing of
 * paging, damage or exit statuses. What comes from an archive is made harmless
 * for a terminal in every format, in the format's own way.
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_HITS_OUT_H
#define LEDE_APP_HITS_OUT_H

#include "app/json_out.h"
#include "app/show_hits.h"
#include "base/zone.h"

/* What a writer has to work with. */
typedef struct lede_hits_out {
    const lede_hits_page *page;
    lede_buf buf;
    lede_json_out json; /* of the writers of JSON */
    lede_zone *zone;    /* of dates shown to people; NULL: UTC */
} lede_hits_out;

typedef struct lede_hits_writer {
    void (*begin)(lede_hits_out *out); /* may be NULL */
    void (*put_hit)(lede_hits_out *out, const lede_hit *hit);
    /* In place of a hit whose record cannot be read. */
    void (*put_damaged)(lede_hits_out *out, const lede_hit_place *place,
                        const lede_error *err);
    /* `err` is what ended the answer early, or LEDE_OK. May be NULL. */
    void (*end)(lede_hits_out *out, const lede_error *err);
    /* Instead of the three: for who shows no more than places. */
    void (*put_place)(lede_hits_out *out, const lede_hit_place *place);
} lede_hits_writer;

extern const lede_hits_writer lede_hits_text;
extern const lede_hits_writer lede_hits_json;
extern const lede_hits_writer lede_hits_ndjson;
extern const lede_hits_writer lede_hits_csv;  /* RFC 4180 */
extern const lede_hits_writer lede_hits_atom; /* RFC 4287 */
extern const lede_hits_writer lede_hits_keys; /* one a line */

#endif
