/* json_out.h - "say it to a program"
 *
 * A writer of JSON text (RFC 8259) into a lede_buf: commas and quoting are its
 * business, nesting is checked with asserts. Strings are made valid UTF-8.
 *
 * Threads: a writer belongs to one thread. */
#ifndef LEDE_APP_JSON_OUT_H
#define LEDE_APP_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/time.h"

enum { LEDE_JSON_MAX_DEPTH = 16 };

typedef struct lede_json_out {
    lede_buf *buf; /* the caller's */
    unsigned depth;
    bool has_items[LEDE_JSON_MAX_DEPTH];
    bool after_name;
} lede_json_out;

void lede_json_out_init(lede_json_out *out, lede_buf *buf);

void lede_json_begin_object(lede_json_out *out);
void lede_json_end_object(lede_json_out *out);
void lede_json_begin_array(lede_json_out *out);
void lede_json_end_array(lede_json_out *out);

/* The name of the next value in an object. */
void lede_json_name(lede_json_out *out, const char *name);

void lede_json_span(lede_json_out *out, lede_span text);
void lede_json_text(lede_json_out *out, const char *text);
/* The text, or null when it is empty. */
void lede_json_span_or_null(lede_json_out *out, lede_span text);
void lede_json_unsigned(lede_json_out *out, uint64_t value);
void lede_json_signed(lede_json_out *out, int64_t value);
/* Up to nine significant digits; not a number and infinities become null. */
void lede_json_double(lede_json_out *out, double value);
void lede_json_bool(lede_json_out *out, bool value);
void lede_json_null(lede_json_out *out);
/* As lede_when_format writes it, or null. */
void lede_json_when(lede_json_out *out, const lede_when *when);
/* The member `name`: an instant, null when there is none. */
void lede_json_instant(lede_json_out *out, const char *name, int64_t instant);
/* The member `name`, null when it is empty. A path is any bytes: one that is
 * not UTF-8 has U+FFFD for what is not, and its bytes, in base64, as the member
 * NAME_bytes. */
void lede_json_path(lede_json_out *out, const char *name, lede_span path);
void lede_json_key(lede_json_out *out, uint64_t key);

#endif
