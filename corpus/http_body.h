/* http_body.h - "what did the server send?"
 *
 * A response as web archives keep it: status and header lines, then the body,
 * maybe in chunks and compressed. Bodies that are not what their header says
 * are taken as they are.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_HTTP_BODY_H
#define LEDE_CORPUS_HTTP_BODY_H

#include "base/buf.h"
#include "base/status.h"

typedef struct lede_unpacked lede_unpacked; /* corpus/member.h */

typedef struct lede_http_body {
    unsigned status; /* 200; 0 = none */
    lede_span mime;  /* "text/html; charset=utf-8"; may be empty */
    lede_span bytes;
    bool is_chunked;
    lede_span encoding; /* "gzip", "br"...; may be empty */
} lede_http_body;

/* Finds the body in a response; false if it is none. */
bool lede_http_body_find(lede_span response, lede_http_body *out);

/* Undoes chunks, deflate and brotli (gzip is the input's business): body->bytes
 * then may stand in `out`. At most 64 MiB come out. LEDE_NO_MEMORY, or
 * LEDE_CORRUPT if the file unpacks to more than it can be trusted with. */
lede_status lede_http_body_decode(lede_http_body *body, lede_unpacked *unpacked,
                                  lede_buf *out, lede_error *err);

#endif
