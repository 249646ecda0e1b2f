/* parse.h - "what did the user type?"
 *
 * A query string becomes an abstract tree of what was typed: words, phrases,
 * AND, OR, NOT, fields, dates. Any string is a valid query: an operator that
 * makes no sense where it stands is read as words, with a note that points at
 * it. docs/QUERY.md is the user's account of the language. Nothing here knows
 * an archive: stems and terms are the plan's business (query/plan.h).
 *
 *     query  = or
 *     or     = and { "OR" and }
 *     and    = { [ "AND" ] item }
 *     item   = ( "-" | "NOT" ) item | near
 *     near   = primary { ( "NEAR" | "ADJ" ) [ "/" number ] primary
 *            | "SAME" primary }
 *     primary = "(" or ")" [ boost ] | field ":" value | text | "*"
 *     value  = "(" or ")" [ boost ] | text
 *     text   = [ "=" ] ( word [ "~" [ "1" | "2" ] ] | phrase [ "~" number ] )
 *              [ boost ]
 *     boost  = "^" number
 *
 * A word may have the wildcards * and ?. In date:(...), since:(...), kind:(...)
 * and the like words and phrases are dates and kinds.
 *
 * Threads: pure functions; a tree lives in its arena. */
#ifndef LEDE_QUERY_PARSE_H
#define LEDE_QUERY_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/entry.h"
#include "base/entry_terms.h"
#include "base/status.h"
#include "base/zone.h"
#include "query/dates.h"
#include "query/near.h"
#include "query/notes.h"
#include "query/search.h"

typedef enum lede_ast_type {
    LEDE_AST_WORD, /* `text`, without blanks; may hold several words (AC/DC) */
    LEDE_AST_PHRASE, /* `text`, between quotation marks */
    LEDE_AST_AND,
    LEDE_AST_OR,
    LEDE_AST_NOT,        /* one child */
    LEDE_AST_NEAR,       /* two children or more: words, phrases, ORs of them */
    LEDE_AST_TIME,       /* published in `period` */
    LEDE_AST_UPDATED,    /* last changed in `period` */
    LEDE_AST_MONTH_DAYS, /* `days`, in any year */
    LEDE_AST_KIND,
    LEDE_AST_LANGUAGE, /* `text`: a tag */
    LEDE_AST_COPIES,   /* says how the answer shows copies; matches all */
    LEDE_AST_ALL
} lede_ast_type;

enum { LEDE_AST_ANY_FIELD = -1 };

/* Fields whose values are names of people and places: query/plan_names.h. */
enum {
    LEDE_AST_PERSON = LEDE_FIELD_COUNT,
    LEDE_AST_PLACE,
    LEDE_AST_FROM,
    LEDE_AST_FIELD_END
};

/* Days of any year, both ends included: 217 is February 17. From a later to an
 * earlier one the range goes over New Year. */
typedef struct lede_month_days {
    uint16_t first, last;
} lede_month_days;

typedef struct lede_ast lede_ast;
struct lede_ast {
    lede_ast_type type;
    uint32_t column;   /* where it begins in the query, in bytes */
    lede_span text;    /* in the query; WORD and PHRASE */
    bool is_exact;     /* = stood before it */
    bool is_pattern;   /* WORD: it has wildcards */
    uint8_t edits;     /* WORD: letters that may be wrong */
    uint16_t distance; /* PHRASE: words that may stand between its own;
                          NEAR, ADJ: how far apart */
    lede_near_how how; /* NEAR */
    uint8_t gaps;      /* PHRASE: * by themselves in it, one word each */
    bool is_closed;    /* parentheses stand around it */
    double boost;      /* 1 unless one was typed */
    int field; /* a lede_field, LEDE_AST_PERSON and so on, or ANY_FIELD */
    lede_ast *first, *last; /* children */
    lede_ast *next;         /* sibling */
    uint32_t child_count;
    lede_period period;   /* TIME, UPDATED */
    lede_month_days days; /* MONTH_DAYS */
    lede_kind kind;
    lede_copies_wanted copies;
};

const char *lede_copies_wanted_name(lede_copies_wanted wanted);

/* What is read of a query: no deeper, no more. */
enum { LEDE_QUERY_MAX_NESTING = 24, LEDE_QUERY_MAX_NODES = 1 << 15 };

enum {
    LEDE_NEAR_USUAL = 10,  /* NEAR and ADJ without a number */
    LEDE_NEAR_MOST = 1000, /* and "..."~1000 */
    LEDE_BOOST_MOST = 20,
    LEDE_EDITS_MOST = 2
};

/* Whose days are meant in date:...: a rule zone, or a fixed offset if NULL. */
typedef struct lede_parse_options {
    lede_analyzer *analyzer; /* tells what has words and what has none */
    const lede_zone *zone;
    int32_t zone_offset_s;
    int64_t now; /* of relative dates; LEDE_INSTANT_NONE: these are words */
} lede_parse_options;

typedef struct lede_parsed {
    lede_ast *root; /* NULL: nothing to search for (only punctuation ...), of
                       which there is a note */
    bool has_time;  /* a date filter was typed */
    lede_copies_wanted copies; /* dup:..., the last that was typed */
} lede_parsed;

/* LEDE_OK or LEDE_NO_MEMORY. The tree lives in `arena` and points into `query`.
 * No deeper than LEDE_QUERY_MAX_NESTING parentheses and negations. Takes time
 * linear in the query's length. */
lede_status lede_query_parse(lede_span query, const lede_parse_options *options,
                             lede_arena *arena, lede_notes *notes,
                             lede_parsed *out, lede_error *err);

/* since:, after:, until:, before: and a date. */
typedef enum lede_date_side {
    LEDE_DATE_SINCE, /* from its beginning on */
    LEDE_DATE_AFTER, /* from its end on */
    LEDE_DATE_UNTIL, /* up to its end */
    LEDE_DATE_BEFORE /* up to its beginning */
} lede_date_side;
bool lede_query_parse_side(lede_span text, const lede_parse_options *options,
                           lede_date_side side, lede_period *out);

/* The period that "2025", "2025-02..2025-04", "..2024", "yesterday",
 * "last-month", "2w", "4w..2w" name; false if none.
 * *swapped: the ends were given the wrong way round. */
bool lede_query_parse_period(lede_span text, const lede_parse_options *options,
                             lede_period *out, bool *swapped);

/* From the beginning of the one date to the end of the other; an empty one is
 * open. */
bool lede_query_parse_range(lede_span first, lede_span second,
                            const lede_parse_options *options, lede_period *out,
                            bool *swapped);

/* The days that "02-17" or "12-30..01-02" name; false if none. */
bool lede_query_parse_month_days(lede_span text, lede_month_days *out);

static inline bool lede_is_one(double boost)
{
    return !(boost < 1 || boost > 1);
}

/* A word of the top level that may be missing when a search is relaxed: without
 * field, quotation marks, = or -. */
bool lede_ast_is_plain(const lede_ast *ast);

/* "headline", "person", ...: what was typed before the colon. */
const char *lede_ast_field_name(int field);

/* Appends the tree for people to read, every AND, OR and parenthesis written
 * out. With `match_any` plain words are joined by OR. NULL gives nothing. */
void lede_ast_format(const lede_ast *ast, bool match_any, lede_buf *out);

#endif
