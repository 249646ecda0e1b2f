/* entry_terms.h - "where in an entry does each word stand?"
 *
 * The walk over an entry's fields, in one canonical order, that gives every
 * token its field and its position in the entry. The indexer posts what it
 * yields, snippets and phrase checks walk the stored entry again and find the
 * same positions.
 *
 * All fields share one position space. Each section (a headline, a paragraph, a
 * caption, one author's name ...) begins LEDE_SECTION_GAP behind the end of the
 * one before, so no phrase crosses a border; a section without words takes up
 * no positions. Order: headline, deck, authors, body, captions and alts; then
 * the fields that only field searches see, in the order of lede_field. A block
 * of type ALT in the body is an alt text. Empty texts are no sections.
 *
 * Threads: a walk belongs to one thread. */
#ifndef LEDE_BASE_ENTRY_TERMS_H
#define LEDE_BASE_ENTRY_TERMS_H

#include "base/analyze.h"
#include "base/entry.h"

enum { LEDE_SECTION_GAP = 8 };

/* Stored on disk (the first five as bits of a posting's field mask). */
typedef enum lede_field {
    LEDE_FIELD_HEADLINE = 0, /* the default fields: searched by plain words */
    LEDE_FIELD_DECK = 1,
    LEDE_FIELD_AUTHOR = 2, /* names only */
    LEDE_FIELD_BODY = 3,
    LEDE_FIELD_CAPTION = 4, /* captions and alt texts */
    LEDE_DEFAULT_FIELDS = 5,
    LEDE_FIELD_ROLE = 5, /* by field only */
    LEDE_FIELD_CREDIT = 6,
    LEDE_FIELD_LABEL = 7,
    LEDE_FIELD_SOURCE = 8,
    LEDE_FIELD_PAGE = 9, /* the page's title, and captions, alt texts and
                            credits of its media */
    LEDE_FIELD_TAG = 10, /* tags and section */
    LEDE_FIELD_URL = 11,
    LEDE_FIELD_COUNT = 12
} lede_field;

/* "headline", "caption", ...: as typed before a colon. */
const char *lede_field_name(lede_field field);

/* What an occurrence in a default field adds to the term's weighted frequency,
 * doubled so that it is whole: headline 6, deck 4, author 2, body 2, caption 1
 (and 2 in the fields by name, whose terms have lists of their own). */
unsigned lede_field_weight(lede_field field);

/* Terms of the dictionary (docs/FORMAT.md): a plain word's term is its stem; a
 * by-field-only field has an upper-case prefix ("XR" for role ...) before it,
 * which no folded word can begin with. "" for the default fields. */
const char *lede_field_prefix(lede_field field);

/* Exact-value terms: prefix and value, no positions. */
#define LEDE_TERM_KIND "XK"       /* lede_kind_name */
#define LEDE_TERM_LANGUAGE "L"    /* primary tag, lower case */
#define LEDE_TERM_MONTH_DAY "XMD" /* lede_when_month_day: 0217 */
#define LEDE_TERM_PAGE "XPG"      /* page id, 16 hex digits */
#define LEDE_TERM_ALL "XALL"      /* reserved */
/* Not a value, but where each section of the entry that has words begins. */
#define LEDE_TERM_SECTIONS "XPAR"

/* Terms of people and places, each a prefix and what stands behind it. Words of
 * names are folded, not stemmed; they stand at positions of their own, a name
 * LEDE_NAME_STEP behind the one before. */
#define LEDE_TERM_PERSON "NP"       /* a word of a person's name */
#define LEDE_TERM_PERSON_WHOLE "NW" /* all of it: names/variants.h */
#define LEDE_TERM_PERSON_SHORT "NS" /* first and last word of a longer one */
#define LEDE_TERM_PLACE "NL"        /* a word of a place's name as written */
#define LEDE_TERM_PLACE_WHOLE "NU"  /* all of it, of a place not known */
#define LEDE_TERM_PLACE_ID "NG"     /* the id of a place that is named */
#define LEDE_TERM_PLACE_INSIDE "NB" /* of one that has such a place inside */
#define LEDE_TERM_FROM "NR"         /* a word of where it was written */
#define LEDE_TERM_FROM_ID "NF"      /* its id, and of what has it inside */
#define LEDE_TERM_NAMES "N"         /* all of these begin so */
enum { LEDE_NAME_STEP = 16 };

typedef struct lede_occurrence {
    lede_token token; /* position counts in the entry */
    lede_field field;
    uint32_t section; /* counts from 0 over the entry */
    lede_span text;   /* the section's text, which token.begin/end index */
} lede_occurrence;

typedef struct lede_entry_walk {
    const lede_entry *entry;
    lede_tokenizer tokenizer;
    lede_analyzer *analyzer;
    lede_field field; /* private from here on */
    lede_field next_field;
    uint32_t item, part, section, base;
    lede_span text;
    bool in_section;
} lede_entry_walk;

void lede_entry_walk_init(lede_entry_walk *walk, lede_analyzer *analyzer,
                          const lede_entry *entry);
/* False at the end (or out of memory: lede_analyzer_failed). A derived
 * headline is not walked: the body has its words. */
bool lede_entry_walk_next(lede_entry_walk *walk, lede_occurrence *out);

/* The sections alone, one after another: number `walk->number` - 1 after each
 * call that is true. All-zero but for the entry begins it. */
typedef struct lede_section_walk {
    const lede_entry *entry;
    uint32_t number;
    lede_field field; /* private from here on */
    uint32_t item, part;
} lede_section_walk;
bool lede_section_walk_next(lede_section_walk *walk, lede_field *field,
                            lede_span *text);

/* Section `n` of the same order without tokenizing: false past the last. */
bool lede_entry_section(const lede_entry *entry, uint32_t n, lede_field *field,
                        lede_span *text);

#endif
