/* json_trim.h - "how can a large record be held that is mostly of no use?"
 *
 * Goes over an object piece by piece and leaves out what corpus/json_record.h
 * would pass over: the values of keys that mean nothing, such as pictures in
 * base64, raw pages, vectors. What remains reads as the same record. It may be
 * written where the object was, as it is never longer.
 *
 * Only members of the record and of the objects that count as it are looked at;
 * bodies, authors and lists are kept whole. So is all behind a place that is
 * not plain JSON. Bytes that are no UTF-8 are not missed where they are left
 * out.
 *
 * Threads: a trim belongs to one thread. */
#ifndef LEDE_CORPUS_JSON_TRIM_H
#define LEDE_CORPUS_JSON_TRIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus/json_fields.h"
#include "corpus/json_scan.h"

enum {
    LEDE_JSON_TRIM_LEVELS = 3, /* the record, a wrapper, a prefix */
    LEDE_JSON_TRIM_KEY_BYTES = 128,
    LEDE_JSON_TRIM_PATH_BYTES = 128 /* as json_record.c has it */
};

/* Where it stands between one piece and the next. All-zero is before the
 * object's first byte, its {. */
typedef struct lede_json_trim {
    bool is_done;      /* the object's last byte has been passed */
    bool drops;        /* it is in the middle of a value that is left out */
    uint64_t newlines; /* left out */
    int state;         /* private from here on */
    lede_json_walk walk;
    unsigned depth;
    struct {
        bool is_wrapped;
        size_t path_len;
    } levels[LEDE_JSON_TRIM_LEVELS];
    uint8_t key[LEDE_JSON_TRIM_KEY_BYTES]; /* as written */
    size_t key_len;
    bool key_is_odd; /* too long, or with an escape: its value is kept */
    char path[LEDE_JSON_TRIM_PATH_BYTES];
} lede_json_trim;

/* Goes on over the next `len` bytes, or up to the object's end: *used. Writes
 * what is kept to `to`, which may be `bytes` or before it; returns how much.
 * With `only_drop` it stops behind the value that it is leaving out. */
size_t lede_json_trim_on(lede_json_trim *trim, const uint8_t *bytes, size_t len,
                         bool only_drop, uint8_t *to, size_t *used);

#endif
