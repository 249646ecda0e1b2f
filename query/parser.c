/* parser.c - what all parts of the parser share; see parser.h. */
#include "query/parser.h"

#include <stdarg.h>
#include <stdio.h>

#include "query/lex.h"

void lede_parser_tell(lede_parser *p, size_t column, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    lede_notes_put_list(p->notes, p->arena, column, format, arguments);
    va_end(arguments);
    p->told++;
}

/* The words that an operator at hand works on are none; `begin` to here is what
 * stands in their place. Silent if something was told of it. */
void lede_parser_tell_of_nothing(lede_parser *p, size_t begin, size_t told)
{
    lede_span typed = lede_span_part(p->query, begin, p->at - begin);

    if (told == p->told && !p->is_cut) {
        typed = lede_notes_quotable(typed);
        lede_parser_tell(p, begin,
                         "there are no words in '%.*s': it is ignored",
                         (int)typed.len, (const char *)typed.bytes);
    }
}

/* --- Nodes ---------------------------------------------------------------- */

lede_ast *lede_parser_node(lede_parser *p, lede_ast_type type, size_t column)
{
    lede_ast *node = lede_arena_get(p->arena, sizeof *node);

    if (node == NULL) {
        p->no_memory = true;
        return NULL;
    }
    p->nodes++;
    node->type = type;
    node->column = (uint32_t)column;
    node->field = LEDE_AST_ANY_FIELD;
    node->boost = 1;
    return node;
}

void lede_ast_add(lede_ast *parent, lede_ast *child)
{
    if (child == NULL) {
        return;
    }
    child->next = NULL;
    if (parent->last == NULL) {
        parent->first = child;
    } else {
        parent->last->next = child;
    }
    parent->last = child;
    parent->child_count++;
}

void lede_parser_skip_blanks(lede_parser *p)
{
    for (;;) {
        size_t blank = lede_lex_blank(p->query, p->at);

        if (blank > 0) {
            p->at += blank;
        } else if (p->at >= p->query.len || p->query.bytes[p->at] != ')') {
            return;
        } else if (p->ignored > 0) {
            p->ignored--; /* the innermost are those that were ignored */
            p->at++;
        } else if (p->open == 0) {
            lede_parser_tell(p, p->at, "this parenthesis closes nothing");
            p->at++;
        } else {
            return;
        }
    }
}

bool lede_parser_at_end(const lede_parser *p)
{
    return p->at >= p->query.len || p->query.bytes[p->at] == ')';
}

uint8_t lede_parser_byte(const lede_parser *p, size_t at)
{
    return at < p->query.len ? p->query.bytes[at] : 0;
}

lede_span lede_parser_word(const lede_parser *p, size_t at)
{
    return lede_span_part(p->query, at, lede_lex_word_end(p->query, at) - at);
}

size_t lede_parser_find_quote(const lede_parser *p, size_t at)
{
    while (at < p->query.len && lede_lex_quote(p->query, at) == 0) {
        at++;
    }
    return at;
}
