/* parser.h - "where is the parser in the query, and what may its parts do?"
 *
 * The grammar of parse.h is read by recursive descent, in three parts:
 * operators and parentheses (parse.c), words and phrases (parse_text.c), fields
 * and their values (parse_field.c). What they share is here. Private to them.
 *
 * Each part leaves `at` behind what it read, and always moves on. NULL stands
 * for what asks for nothing.
 *
 * Threads: a parser belongs to one query. */
#ifndef LEDE_QUERY_PARSER_H
#define LEDE_QUERY_PARSER_H

#include "query/parse.h"

/* What stands in date:(...) and the like are values, not words. */
enum {
    LEDE_DATE_VALUES = -2,
    LEDE_KIND_VALUES = -3,
    LEDE_LANGUAGE_VALUES = -4,
    LEDE_COPIES_VALUES = -5,
    LEDE_UPDATED_VALUES = -6,
    LEDE_SIDE_VALUES = -7 /* less a lede_date_side */
};

typedef struct lede_parser {
    lede_span query;
    size_t at;
    const lede_parse_options *options;
    lede_arena *arena;
    lede_notes *notes;
    unsigned nesting;
    unsigned open;          /* parentheses */
    size_t ignored;         /* opening parentheses, too deep */
    size_t no_single_close; /* from here on there is none; SIZE_MAX: unknown */
    size_t nodes;
    size_t told; /* remarks so far, noted or not */
    bool has_time;
    lede_copies_wanted copies;
    bool no_memory;
    bool is_too_deep, is_cut; /* told already */
    bool is_shouted;          /* all in capitals: no word is an operator */
} lede_parser;

/* Adds a remark at a byte of the query. */
void lede_parser_tell(lede_parser *p, size_t column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The words that an operator at hand works on are none; `begin` to here is what
 * stands in their place. Silent if something was told of it. */
void lede_parser_tell_of_nothing(lede_parser *p, size_t begin, size_t told);

/* NULL (noted in the parser) when out of memory. */
lede_ast *lede_parser_node(lede_parser *p, lede_ast_type type, size_t column);
void lede_ast_add(lede_ast *parent, lede_ast *child); /* accepts NULL */

/* Blanks, and parentheses that close nothing. */
void lede_parser_skip_blanks(lede_parser *p);
/* The end of the query, or of the parentheses at hand. */
bool lede_parser_at_end(const lede_parser *p);
uint8_t lede_parser_byte(const lede_parser *p, size_t at); /* 0 past the end */
lede_span lede_parser_word(const lede_parser *p, size_t at);
/* The next quotation mark; the query's length if there is none. */
size_t lede_parser_find_quote(const lede_parser *p, size_t at);

/* A word, a phrase, or either behind =; or a value of the field. */
lede_ast *lede_parse_text(lede_parser *p, int field);
/* If a field's name and a value stand here: *out is what they ask. */
bool lede_parse_field(lede_parser *p, lede_ast **out);
/* How the field is written that a name is, or means; NULL: none. */
const char *lede_parser_field_called(lede_span name);
/* Reads `len` bytes of suffixes at hand ("~2^1.5"), and what they mean for the
 * node; NULL is what they mean nothing for. */
void lede_parse_suffixes(lede_parser *p, lede_ast *node, size_t len);
/* A date, a kind ... at `value_at`; the parser may stand at the name before. */
lede_ast *lede_parse_listed_value(lede_parser *p, int field, size_t value_at);
/* "(", and all up to its partner. */
lede_ast *lede_parse_group(lede_parser *p, int field);

#endif
