/* xapian_terms.h - "how does an entry look to Xapian?"
 *
 * The one place that knows which terms, values and data a document of lede's
 * has; docs/FORMAT.md, "Xapian shards", is normative. indexer/ writes by it and
 * query/ asks by it.
 *
 * A word of an entry is in terms of several *spaces*: all default fields
 * together, and each field by itself. In each there are the word as written
 * (folded) and, behind a Z, its stem. Xapian's phrases want words that are one
 * position wide, so joined forms (cease-fire) have no place there; theirs are
 * in terms of their own, where they begin and where they end.
 *
 * Threads: pure functions. */
#ifndef LEDE_STORAGE_XAPIAN_TERMS_H
#define LEDE_STORAGE_XAPIAN_TERMS_H

#include "base/analyze.h"
#include "base/entry_terms.h"
#include "storage/name_words.h"
#include "storage/xapian_shim.h"

/* Spaces: a lede_field, or all default fields, or the words of names. There are
 * no terms of the body alone: see LEDE_XAPIAN_NOT_BODY. */
enum {
    LEDE_XAPIAN_ANY_FIELD = LEDE_FIELD_COUNT,
    LEDE_XAPIAN_PERSONS,
    LEDE_XAPIAN_PLACES,
    LEDE_XAPIAN_FROM,
    LEDE_XAPIAN_SPACES
};

typedef enum lede_xapian_part {
    LEDE_XAPIAN_WORD,      /* all occurrences; positions of one-wide ones */
    LEDE_XAPIAN_BEGIN,     /* joined forms, where they begin */
    LEDE_XAPIAN_TAIL,      /* joined forms, at their last position */
    LEDE_XAPIAN_NOT_BODY,  /* of default fields, but not of the body */
    LEDE_XAPIAN_CAPITAL,   /* written with a capital, or in capitals */
    LEDE_XAPIAN_ALL_UPPER, /* written in capitals */
    LEDE_XAPIAN_BY_AUTHOR, /* with a capital, but only among the authors */
} lede_xapian_part;

/* The position of joined forms in the term of all occurrences, next to nothing:
 * without one, Xapian takes the term to stand anywhere. */
enum { LEDE_XAPIAN_NOWHERE = 1 << 30 };

enum { LEDE_XAPIAN_TERM_BYTES = LEDE_WORD_MAX_BYTES + 45 }; /* Xapian's bound */

typedef struct lede_xapian_name {
    uint8_t bytes[LEDE_XAPIAN_TERM_BYTES];
    size_t len;
} lede_xapian_name;

/* The name of a word's (or a stem's) term. The last three parts are of all
 * default fields only. */
lede_span lede_xapian_name_word(lede_xapian_name *name, bool is_stem,
                                lede_xapian_part part, unsigned space,
                                lede_span word);
/* Of entries that have near-copies: a term that all of these have, and the one
 * of a group (storage/copies.h). */
#define LEDE_XAPIAN_HAS_COPIES "XGANY"
lede_span lede_xapian_name_group(lede_xapian_name *name, uint64_t group);
/* "Q" and the key; and back, false if it is none. */
lede_span lede_xapian_name_key(lede_xapian_name *name, uint64_t key);
bool lede_xapian_parse_key(lede_span term, uint64_t *out);

/* Of a term of base/entry_terms.h: its space, and the stem, or the word of a
 * name; false if it is an exact value. */
bool lede_xapian_split_term(lede_span term, unsigned *space, lede_span *stem);
/* Whether words of a space are looked for by their stems. */
bool lede_xapian_space_has_stems(unsigned space);
/* The space of words of names. */
unsigned lede_xapian_space_of_names(lede_name_space space);
/* The name of an exact value: such a term, or an id or a whole name. Empty if
 * it is too long to have one. */
lede_span lede_xapian_name_value(lede_xapian_name *name, lede_span term);
/* The name of any term, of words in all their forms. */
lede_span lede_xapian_name_term(lede_xapian_name *name, lede_span term);

/* --- Values --------------------------------------------------------------- */

enum {
    LEDE_XAPIAN_SLOT_PUBLISHED = 0, /* for Omega: seconds, u32 big-endian */
    LEDE_XAPIAN_SLOT_NEWEST = 10, /* in its order (the highest first) hits come
                                     newest first, then by key */
    LEDE_XAPIAN_SLOT_OLDEST = 11, /* ... oldest first */
    LEDE_XAPIAN_SLOT_DIGEST = 12, /* u64: XXH3 of record, trust and names */
    LEDE_XAPIAN_SLOT_NAMES = 13,  /* the list of names, by the first rules */
    /* For counting by value, all of them that a document has in one. */
    LEDE_XAPIAN_SLOT_SOURCE = 14,  /* as written */
    LEDE_XAPIAN_SLOT_AUTHORS = 15, /* blocks of bytes: base/entry_values.h */
    LEDE_XAPIAN_SLOT_LABELS = 16,
    LEDE_XAPIAN_SLOT_KIND = 17,   /* blocks: kind and language */
    LEDE_XAPIAN_SLOT_WHEN = 18,   /* lede_xapian_when */
    LEDE_XAPIAN_SLOT_NAMED = 19,  /* the list of names, and behind it the value
                                    of LEDE_XAPIAN_SLOT_NEWEST and its length: no
                                    two are the same */
    LEDE_XAPIAN_SLOT_UPDATED = 20 /* if known: lede_xapian_time_encode */
};

/* In the order of bytes the earlier comes first. */
enum { LEDE_XAPIAN_TIME_BYTES = 8 };
void lede_xapian_time_encode(int64_t time, uint8_t out[LEDE_XAPIAN_TIME_BYTES]);
/* False if it is none. */
bool lede_xapian_time_decode(lede_span value, int64_t *out);

enum { LEDE_XAPIAN_ORDER_BYTES = 25 }; /* at most */

typedef struct lede_xapian_order {
    int64_t time; /* LEDE_INSTANT_NONE: unknown, the last in both orders */
    uint64_t key;
    bool trusted;
    uint64_t group; /* of its near-copies; 0: it has none. Hits bring the value
                       with them, so that nothing more is to be asked */
} lede_xapian_order;

/* Lends from `out`. */
lede_span lede_xapian_order_encode(const lede_xapian_order *order,
                                   bool oldest_first,
                                   uint8_t out[LEDE_XAPIAN_ORDER_BYTES]);
/* False if it is none. */
bool lede_xapian_order_decode(lede_span value, bool oldest_first,
                              lede_xapian_order *out);

/* When an entry was published, as facets and timelines ask: to the quarter of
 * an hour, of which all time zones are made since 1972, and to the second
 * before; or the printed date if no more is known. Empty: nothing is. */
typedef struct lede_xapian_when {
    bool is_date;
    int64_t instant;
    lede_span date; /* lent */
} lede_xapian_when;

void lede_xapian_when_put(lede_buf *out, const lede_entry *entry);
/* False if it is none. */
bool lede_xapian_when_parse(lede_span value, lede_xapian_when *out);

/* Takes the next block of bytes off the front; false at the end, or if what is
 * left is none. */
bool lede_xapian_take_block(lede_span *value, lede_span *out);

/* The value of LEDE_XAPIAN_SLOT_NAMED, and its parts. */
void lede_xapian_named_put(lede_buf *out, lede_span names, lede_span newest);
bool lede_xapian_named_parse(lede_span value, lede_span *names,
                             lede_xapian_order *out);

/* --- Data ----------------------------------------------------------------- */

/* Appends what Omega shows (lines of name=value), then the record. */
void lede_xapian_data_put(lede_buf *out, const lede_entry *entry,
                          lede_span record);
/* The record in it; LEDE_CORRUPT if there is none. */
lede_status lede_xapian_data_record(lede_span data, lede_span *out,
                                    lede_error *err);

/* --- The shard's mark ----------------------------------------------------- */

#define LEDE_XAPIAN_MARK "lede"
/* Corrections of names (names/corrections.h), as the archive had them when it
 * was exported. */
#define LEDE_XAPIAN_CORRECTIONS "lede-names"
/* Of a database that is indexed into: a mark of the groups of near-copies that
 * its documents were told last. */
#define LEDE_XAPIAN_TOLD_COPIES "lede-copies"
enum { LEDE_XAPIAN_VERSION = 2 };

/* What a shard says of itself and of the archive that it is a part of. */
typedef struct lede_xapian_mark {
    bool complete; /* all of its entries have been put */
    uint32_t languages;
    uint64_t generation; /* of the archive, as all that follows */
    int64_t oldest, newest, newest_trusted;
    int64_t half_life_s;
    uint32_t rules;  /* by which all documents were made: the version then */
    bool has_names;  /* in each entry names were looked for */
    bool has_copies; /* each says of which group of near-copies it is */
} lede_xapian_mark;

void lede_xapian_mark_format(const lede_xapian_mark *mark, lede_buf *out);
/* LEDE_BAD_INPUT if there is none, LEDE_TOO_NEW for one of a newer lede,
 * LEDE_CORRUPT if it can't be read. */
lede_status lede_xapian_mark_parse(lede_span text, lede_xapian_mark *out,
                                   lede_error *err);

#endif
