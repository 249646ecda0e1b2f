/* json_record.h - "what does this record say?"
 *
 * Reads one JSON object into the fields of an article, whatever its archive
 * calls them (corpus/json_fields.h) and whichever shape their values have: a
 * text may be an object or a list around it, authors a string, an object or a
 * list of either, a body a string, a list of paragraphs or a list of typed
 * blocks. Nothing is interpreted beyond that: dates are words, bodies may be
 * HTML.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_JSON_RECORD_H
#define LEDE_CORPUS_JSON_RECORD_H

#include "base/arena.h"
#include "base/entry.h"
#include "corpus/date_order.h"
#include "corpus/json.h"
#include "corpus/json_fields.h"

enum { LEDE_JSON_DATES_MAX = 4, LEDE_JSON_DECKS_MAX = 8 };

/* The values of one date field, best first: the first that is a date counts. */
typedef struct lede_json_dates {
    lede_span texts[LEDE_JSON_DATES_MAX];
    uint8_t ranks[LEDE_JSON_DATES_MAX];
    uint32_t count;
} lede_json_dates;

/* The texts that tell of the article (summary, abstract, standfirst ...), best
 * first. */
typedef struct lede_json_decks {
    lede_span texts[LEDE_JSON_DECKS_MAX];
    uint8_t ranks[LEDE_JSON_DECKS_MAX];
    uint32_t count;
} lede_json_decks;

/* A part of the body: all of it, or one of a list's blocks. */
typedef struct lede_json_part {
    lede_block_type type;
    lede_span text;
} lede_json_part;

typedef struct lede_json_record {
    lede_span headline, url, site, language, section, id, status; /* or empty */
    lede_span lead; /* the text's first paragraph apart from it, or empty */
    lede_json_decks decks;
    lede_span media; /* JSON of what is shown (json_media.h), or empty */
    lede_json_dates published, updated, captured;
    lede_json_part *parts;
    uint32_t part_count;
    lede_author *authors;
    uint32_t author_count;
    lede_span *tags;
    uint32_t tag_count;
    /* Of the key that gave each field, where that has one text or list. */
    uint8_t ranks[LEDE_JSON_FIELD_COUNT];
    bool is_name;   /* the headline may be the name of anything */
    bool has_list;  /* a list of records may stand in it */
    bool is_saved;  /* a list of things to read has it: dates are of saving */
    bool is_schema; /* it says what records look like */
    bool is_cut;    /* the text ended inside */
    uint32_t repaired;     /* bad sequences replaced */
    lede_date_order order; /* of the file's dates; the caller's to set */
    size_t len;            /* bytes of the text that the object takes */
} lede_json_record;

/* Reads the object at the beginning of `text`; what stands behind it is left
 * (out->len). Its spans live until the next text of `json`
 * and the next clearing of the arena. LEDE_BAD_INPUT if it is no JSON,
 * LEDE_NOT_FOUND if it is no object. */
lede_status lede_json_record_read(lede_json *json, lede_span text,
                                  lede_arena *arena, lede_json_record *out,
                                  lede_error *err);

#endif
