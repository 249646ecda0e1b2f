/* parse.c - operators and parentheses; see parse.h. */
#include "query/parse.h"

#include <assert.h>

#include "query/foreign.h"
#include "query/lex.h"
#include "query/parser.h"
#include "query/signs.h"

enum { MAX_SHOUTED = 6 };

static lede_ast *parse_or(lede_parser *p, int field);
static lede_ast *parse_item(lede_parser *p, int field);

/* Whether more can be read: nobody means so much, and a tree has to be walked
 * and shown. */
static bool is_full(lede_parser *p)
{
    if (p->nodes >= LEDE_QUERY_MAX_NODES && p->at < p->query.len) {
        if (!p->is_cut) {
            lede_parser_tell(
                p, p->at, "the query is too long: from here on it is left out");
        }
        p->is_cut = true;
        p->at = p->query.len;
    }
    return p->is_cut;
}

/* Parentheses inside an AND that hold another change nothing: their words are
 * words of the outer one. */
static void add_operand(lede_ast *parent, lede_ast *child)
{
    lede_ast *next;

    if (child == NULL || child->type != parent->type ||
        !lede_is_one(child->boost)) {
        lede_ast_add(parent, child);
        return;
    }
    for (child = child->first; child != NULL; child = next) {
        next = child->next;
        lede_ast_add(parent, child);
    }
}

/* A node of one child is its child; of none, nothing. */
static lede_ast *unwrap(lede_ast *node)
{
    return node == NULL || node->child_count > 1 ? node : node->first;
}

static lede_ast *negate(lede_parser *p, lede_ast *child, size_t column)
{
    lede_ast *node;

    if (child == NULL) {
        return NULL;
    }
    if (child->type == LEDE_AST_NOT) {
        return child->first;
    }
    node = lede_parser_node(p, LEDE_AST_NOT, column);
    if (node != NULL) {
        lede_ast_add(node, child);
    }
    return node;
}

/* Whether the nesting ends here, which is told once. */
static bool is_too_deep(lede_parser *p, size_t column)
{
    if (p->nesting < LEDE_QUERY_MAX_NESTING) {
        return false;
    }
    if (!p->is_too_deep) {
        lede_parser_tell(
            p, column,
            "parentheses and exclusions go too deep here: this one and those "
            "inside are ignored");
    }
    p->is_too_deep = true;
    return true;
}

lede_ast *lede_parse_group(lede_parser *p, int field)
{
    size_t begin = p->at;
    size_t told = p->told;
    lede_ast *node;

    p->at++;
    if (is_too_deep(p, begin)) {
        p->ignored++;
        return NULL;
    }
    p->open++;
    p->nesting++;
    node = parse_or(p, field);
    p->nesting--;
    p->open--;
    if (p->at < p->query.len) {
        p->at++;
        if (node != NULL) {
            node->is_closed = true;
        }
        lede_parse_suffixes(p, node, lede_sign_suffixes(p->query, p->at));
    } else if (!p->is_cut) {
        lede_parser_tell(p, begin, "this parenthesis is never closed");
    }
    if (node == NULL && told == p->told) {
        lede_parser_tell(p, begin,
                         "there are no words between these parentheses");
    }
    return node;
}

/* --- Operators --------------------------------------------------------------
 */

/* The keyword at hand, with something behind it that it can work on. */
static bool takes_keyword(lede_parser *p, const char *keyword, bool has_left)
{
    size_t begin = p->at;
    size_t len = strlen(keyword);

    if (p->is_shouted || !lede_span_is(lede_parser_word(p, begin), keyword)) {
        return false;
    }
    p->at = begin + len;
    lede_parser_skip_blanks(p);
    if (has_left && !lede_parser_at_end(p)) {
        return true;
    }
    p->at = begin;
    lede_parser_tell(p, begin,
                     "%s has nothing to work on here: it is read as a word",
                     keyword);
    return false;
}

/* True if '-' here negates what follows. */
static bool is_minus(const lede_parser *p)
{
    uint8_t next = lede_parser_byte(p, p->at + 1);

    if (lede_parser_byte(p, p->at) != '-' || next == '-' ||
        !lede_lex_is_behind_border(p->query, p->at)) {
        return false;
    }
    return next == '(' || !lede_lex_is_border(p->query, p->at + 1);
}

static lede_ast *parse_negated(lede_parser *p, int field, size_t column)
{
    size_t begin = p->at;
    size_t told = p->told;
    lede_copies_wanted copies = p->copies;
    lede_ast *child;

    p->nesting++;
    child = parse_item(p, field);
    p->nesting--;
    if (child != NULL && child->type == LEDE_AST_COPIES) {
        lede_parser_tell(p, begin,
                         "dup: says what is shown and cannot be excluded: it "
                         "is ignored");
        p->copies = copies;
        child = NULL;
    }
    if (child == NULL) {
        lede_parser_tell_of_nothing(p, begin, told);
    }
    return negate(p, child, column);
}

static bool is_keyword(lede_span word)
{
    return lede_span_is(word, "AND") || lede_span_is(word, "OR") ||
           lede_span_is(word, "NOT");
}

/* --- NEAR -------------------------------------------------------------------
 */

typedef struct near_sign {
    size_t column;
    lede_near_how how;
    uint16_t distance; /* 0: not a number from 1 to LEDE_NEAR_MOST */
} near_sign;

/* SAME/3 */
static bool is_numbered_same(lede_span word)
{
    size_t at = 5;

    while (at < word.len && word.bytes[at] >= '0' && word.bytes[at] <= '9') {
        at++;
    }
    return at > 5 && at == word.len && lede_span_starts(word, "SAME/");
}

/* Whether the word is NEAR, ADJ or SAME, with a number or something else behind
 * a slash. */
static bool is_near(lede_span word, near_sign *out)
{
    static const char *const names[] = {
        [LEDE_NEAR_NEAR] = "NEAR", [LEDE_NEAR_ADJ] = "ADJ"};
    unsigned number = 0;
    size_t at, i;

    if (lede_span_is(word, "SAME") || is_numbered_same(word)) {
        *out = (near_sign){0, LEDE_NEAR_SAME, LEDE_NEAR_USUAL};
        return true;
    }
    for (i = LEDE_NEAR_NEAR; i <= LEDE_NEAR_ADJ; i++) {
        if (!lede_span_starts(word, names[i])) {
            continue;
        }
        at = strlen(names[i]);
        if (at == word.len) {
            *out = (near_sign){0, (lede_near_how)i, LEDE_NEAR_USUAL};
            return true;
        }
        for (at++; at < word.len && number <= LEDE_NEAR_MOST; at++) {
            unsigned digit = word.bytes[at] - 48u;

            number = digit <= 9 ? number * 10 + digit : LEDE_NEAR_MOST + 1u;
        }
        number = number > LEDE_NEAR_MOST ? 0 : number;
        *out = (near_sign){0, (lede_near_how)i, (uint16_t)number};
        return word.bytes[strlen(names[i])] == '/';
    }
    return false;
}

static void tell_of_foreign(lede_parser *p, const lede_foreign *foreign)
{
    const char *typed = (const char *)p->query.bytes + p->at;

    if (foreign->instead[0] != '\0') {
        lede_parser_tell(
            p, p->at, "'%.*s' is no operator here (%s is): it is read as words",
            (int)foreign->len, typed, foreign->instead);
    } else {
        lede_parser_tell(p, p->at,
                         "'%.*s' is no operator here: it is read as words",
                         (int)foreign->len, typed);
    }
}

/* Tells of an operator at a place where only an operand can stand. */
static void tell_of_keyword(lede_parser *p)
{
    lede_span word = lede_parser_word(p, p->at);
    lede_foreign foreign;
    near_sign near;

    if (p->is_shouted) {
        return;
    }
    if (lede_foreign_at(p->query, p->at, &foreign)) {
        tell_of_foreign(p, &foreign);
    } else if (is_near(word, &near) && near.distance == 0) {
        word = lede_notes_quotable(word);
        lede_parser_tell(p, p->at,
                         "'%.*s' wants a number from 1 to %d behind the slash: "
                         "it is read as words",
                         (int)word.len, (const char *)word.bytes,
                         LEDE_NEAR_MOST);
    } else if (lede_span_is(word, "AND") || lede_span_is(word, "OR") ||
               is_near(word, &near)) {
        lede_parser_tell(
            p, p->at, "%.*s has nothing to work on here: it is read as a word",
            (int)word.len, (const char *)word.bytes);
    }
}

/* Tells of SAME/3, and of NEAR 3 with the operand at hand. */
static void tell_of_number(lede_parser *p, lede_span sign)
{
    lede_span next = lede_parser_word(p, p->at);
    size_t end = p->at + next.len;
    bool is_number = next.len > 0 && next.len <= 4 && sign.len <= 4 &&
                     !lede_span_is(sign, "SAME");

    for (size_t i = 0; i < next.len; i++) {
        is_number = is_number && next.bytes[i] >= '0' && next.bytes[i] <= '9';
    }
    if (is_numbered_same(sign)) {
        lede_parser_tell(p, (size_t)(sign.bytes - p->query.bytes) + 4,
                         "SAME takes no number: this one is ignored");
    } else if (is_number && lede_lex_blank(p->query, end) > 0) {
        lede_parser_tell(p, p->at,
                         "a distance is typed %.*s/%.*s, without a blank: here "
                         "'%.*s' is a word",
                         (int)sign.len, (const char *)sign.bytes, (int)next.len,
                         (const char *)next.bytes, (int)next.len,
                         (const char *)next.bytes);
    }
}

/* A NEAR, ADJ or SAME at hand that has something behind it to work on. */
static bool takes_near(lede_parser *p, near_sign *out)
{
    size_t begin = p->at;
    lede_span word;
    near_sign next;

    lede_parser_skip_blanks(p);
    word = lede_parser_word(p, p->at);
    if (!p->is_shouted && is_near(word, out) && out->distance > 0 &&
        !lede_foreign_number(p->query, p->at + word.len)) {
        lede_span sign = word;

        out->column = p->at;
        p->at += word.len;
        lede_parser_skip_blanks(p);
        word = lede_parser_word(p, p->at);
        if (!lede_parser_at_end(p) && !is_keyword(word) &&
            !is_near(word, &next)) {
            tell_of_number(p, sign);
            return true;
        }
    }
    p->at = begin;
    return false;
}

/* Whether it stands in places that can be told: a word, a phrase, or one of
 * several. */
static bool has_places(const lede_ast *ast)
{
    const lede_ast *child;

    if (ast->type == LEDE_AST_WORD || ast->type == LEDE_AST_PHRASE) {
        return ast->distance == 0 && ast->gaps == 0;
    }
    for (child = ast->first; child != NULL; child = child->next) {
        if (!has_places(child)) {
            return false;
        }
    }
    return ast->type == LEDE_AST_OR;
}

/* Operands and what stands between the last two of them. */
typedef struct chain {
    lede_ast *all;  /* AND of the chains that are done; NULL: none is */
    lede_ast *node; /* the chain at hand; NULL: of one operand */
    lede_ast *last; /* operand */
    size_t column;  /* of the operator that began the chain */
    bool is_and;    /* it began behind an operand that has no places */
} chain;

static bool is_loose(const lede_ast *ast)
{
    return ast->type == LEDE_AST_PHRASE && (ast->distance > 0 || ast->gaps > 0);
}

/* The one field that all of it is asked for in; ANY_FIELD: several, or any. */
static int field_of(const lede_ast *ast)
{
    const lede_ast *child = ast->first;
    int field = child == NULL ? ast->field : field_of(child);

    for (; child != NULL; child = child->next) {
        field = field_of(child) == field ? field : LEDE_AST_ANY_FIELD;
    }
    return field;
}

/* Nothing reaches from one field into another. */
static void tell_of_fields(lede_parser *p, const chain *c)
{
    lede_span word = lede_parser_word(p, c->column);
    int first = LEDE_AST_ANY_FIELD;

    for (const lede_ast *child = c->node->first; child != NULL;
         child = child->next) {
        int field = field_of(child);

        if (field == LEDE_AST_ANY_FIELD || field == first) {
            continue;
        }
        if (first != LEDE_AST_ANY_FIELD) {
            lede_parser_tell(p, c->column,
                             "%.*s reaches from no field into another: %s: and "
                             "%s: are never near each other",
                             (int)word.len, (const char *)word.bytes,
                             lede_ast_field_name(first),
                             lede_ast_field_name(field));
            return;
        }
        first = field;
    }
}

/* The chain, or an AND of its operands if these have no places. */
static lede_ast *settle(lede_parser *p, chain *c)
{
    lede_span word = lede_parser_word(p, c->column);
    lede_ast *child, *next, *all;

    for (child = c->node->first; child != NULL && has_places(child);
         child = child->next) {
    }
    if (child == NULL && !c->is_and) {
        tell_of_fields(p, c);
        return c->node;
    }
    lede_parser_tell(
        p, c->column,
        child != NULL && is_loose(child)
            ? "%.*s works on no phrase that leaves room with ~: it is read as "
              "AND"
            : "%.*s works on words, phrases, and these joined by OR: it is "
              "read as AND",
        (int)word.len, (const char *)word.bytes);
    all = lede_parser_node(p, LEDE_AST_AND, c->node->column);
    for (child = c->node->first; all != NULL && child != NULL; child = next) {
        next = child->next;
        add_operand(all, child);
    }
    return all;
}

static void end_chain(lede_parser *p, chain *c)
{
    if (c->node != NULL) {
        c->node = settle(p, c);
    }
    if (c->all != NULL) {
        add_operand(c->all, c->node);
    }
}

/* Another operator: the operand before it is one of its own, too. */
static void begin_chain(lede_parser *p, chain *c, near_sign sign)
{
    lede_ast *copy = lede_parser_node(p, LEDE_AST_NEAR, c->last->column);
    lede_ast *node = lede_parser_node(p, LEDE_AST_NEAR, c->last->column);

    if (copy == NULL || node == NULL) {
        return;
    }
    if (c->node != NULL && c->all == NULL) {
        c->all = lede_parser_node(p, LEDE_AST_AND, c->node->column);
        if (c->all == NULL) {
            return;
        }
    }
    end_chain(p, c);
    node->how = sign.how;
    node->distance = sign.distance;
    c->is_and = !has_places(c->last); /* it is asked for already */
    *copy = *c->last;
    lede_ast_add(node, c->is_and && c->all != NULL ? NULL : copy);
    c->node = node;
    c->column = sign.column;
}

static bool goes_on(const chain *c, near_sign sign)
{
    return c->node != NULL && c->node->how == sign.how &&
           c->node->distance == sign.distance &&
           c->node->child_count < lede_near_most(sign.how);
}

static lede_ast *parse_primary(lede_parser *p, int field)
{
    lede_ast *node;

    if (lede_parser_byte(p, p->at) == '(') {
        return lede_parse_group(p, field);
    }
    tell_of_keyword(p);
    if (lede_lex_quote(p->query, p->at) == 0 && lede_parse_field(p, &node)) {
        return node;
    }
    return lede_parse_text(p, field);
}

/* A primary, and all that NEAR, ADJ and SAME tie to it. */
static lede_ast *parse_near(lede_parser *p, int field)
{
    chain c = {.last = parse_primary(p, field)};
    near_sign sign;

    if (c.last == NULL) {
        return NULL;
    }
    for (;;) {
        size_t column, told;
        lede_ast *next;

        if (is_full(p) || p->no_memory || !takes_near(p, &sign)) {
            break;
        }
        told = p->told;
        column = p->at;
        next = parse_primary(p, field);
        if (next == NULL) {
            lede_parser_tell_of_nothing(p, column, told);
            continue;
        }
        if (!goes_on(&c, sign)) {
            begin_chain(p, &c, sign);
            if (c.node == NULL) {
                return NULL;
            }
        }
        lede_ast_add(c.node, next);
        c.last = next;
    }
    end_chain(p, &c);
    return c.all != NULL ? c.all : c.node != NULL ? c.node : c.last;
}

/* One item; NULL if what stands here asks for nothing. Always moves on. */
static lede_ast *parse_item(lede_parser *p, int field)
{
    size_t begin = p->at;

    if (is_minus(p)) {
        p->at++;
        return is_too_deep(p, begin) ? NULL : parse_negated(p, field, begin);
    }
    if (takes_keyword(p, "NOT", true)) {
        if (!is_too_deep(p, begin)) {
            return parse_negated(p, field, begin);
        }
        p->at = begin;
    }
    return parse_near(p, field);
}

/* The operand just read: whether it was nothing, and nothing told of it. */
typedef struct operand {
    size_t begin, end;
    size_t told;
    bool is_silent;
} operand;

/* An operator works on it: that it is nothing has to be told after all. */
static void demand(lede_parser *p, operand *last)
{
    size_t at = p->at;

    if (last->is_silent) {
        p->at = last->end;
        lede_parser_tell_of_nothing(p, last->begin, p->told);
        p->at = at;
        last->is_silent = false;
    }
}

static operand begin_operand(const lede_parser *p)
{
    return (operand){p->at, p->at, p->told, false};
}

static void end_operand(const lede_parser *p, operand *last,
                        const lede_ast *node)
{
    last->end = p->at;
    last->is_silent = node == NULL && last->told == p->told;
}

static lede_ast *parse_and(lede_parser *p, int field)
{
    lede_ast *node = lede_parser_node(p, LEDE_AST_AND, p->at);
    operand last = {0};
    bool has_left = false; /* what AND or OR could work on */
    bool has_and = false;  /* just before */

    if (node == NULL) {
        return NULL;
    }
    for (lede_parser_skip_blanks(p);
         !lede_parser_at_end(p) && !p->no_memory && !is_full(p);
         lede_parser_skip_blanks(p)) {
        size_t begin = p->at;
        lede_ast *item;

        if (takes_keyword(p, "OR", has_left)) {
            p->at = begin;
            break;
        }
        if (takes_keyword(p, "AND", has_left)) {
            demand(p, &last);
            has_left = false;
            has_and = true;
            continue;
        }
        last = begin_operand(p);
        item = parse_item(p, field);
        end_operand(p, &last, item);
        if (has_and) {
            demand(p, &last);
        }
        add_operand(node, item);
        has_left = true;
        has_and = false;
    }
    return unwrap(node);
}

/* dup: by itself is no operand of OR; what it says of the answer holds, so it
 * goes to `copies`, to stand beside what is found. */
static lede_ast *take_copies_out(lede_parser *p, lede_ast *side,
                                 lede_ast **copies)
{
    if (side == NULL || side->type != LEDE_AST_COPIES) {
        return side;
    }
    lede_parser_tell(p, side->column,
                     "dup: says what is shown of all that is found: the OR "
                     "beside it is ignored");
    *copies = side;
    return NULL;
}

static lede_ast *beside(lede_parser *p, lede_ast *found, lede_ast *copies)
{
    lede_ast *both;

    if (found == NULL || copies == NULL) {
        return found == NULL ? copies : found;
    }
    both = lede_parser_node(p, LEDE_AST_AND, found->column);
    if (both != NULL) {
        add_operand(both, found);
        add_operand(both, copies);
    }
    return both;
}

static lede_ast *parse_or(lede_parser *p, int field)
{
    lede_ast *node = lede_parser_node(p, LEDE_AST_OR, p->at);
    lede_ast *copies = NULL;
    bool has_or = false;

    if (node == NULL) {
        return NULL;
    }
    for (;;) {
        operand last;
        lede_ast *side;
        bool is_last;

        lede_parser_skip_blanks(p);
        last = begin_operand(p);
        side = parse_and(p, field);
        end_operand(p, &last, side);
        is_last = p->no_memory || p->is_shouted ||
                  !lede_span_is(lede_parser_word(p, p->at), "OR");
        if (has_or || !is_last) {
            demand(p, &last);
            side = take_copies_out(p, side, &copies);
        }
        add_operand(node, side);
        if (is_last) {
            break;
        }
        has_or = true;
        p->at += 2;
    }
    return beside(p, unwrap(node), copies);
}

/* A sentence in capitals (an old headline, a telex) has words and no
 * operators: more than MAX_SHOUTED words, no small letter, no other sign of the
 * language. Notes the first keyword, if there is one. */
static bool is_shouted(lede_parser *p)
{
    size_t keyword = SIZE_MAX;
    unsigned words = 0;
    near_sign near;
    size_t at = 0;
    size_t i;

    for (i = 0; i < p->query.len; i++) {
        uint8_t byte = p->query.bytes[i];

        if ((byte >= 'a' && byte <= 'z') || byte >= 0x80 ||
            strchr("()\":=*", byte) != NULL) {
            return false;
        }
    }
    while (at < p->query.len) {
        size_t blank = lede_lex_blank(p->query, at);
        lede_span word = lede_parser_word(p, at);

        if (blank > 0) {
            at += blank;
            continue;
        }
        if (is_near(word, &near) && word.len > 4) {
            return false; /* NEAR/3 */
        }
        if (!is_keyword(word) && !is_near(word, &near)) {
            words++;
        } else if (keyword == SIZE_MAX) {
            keyword = at;
        }
        at += word.len;
    }
    if (keyword == SIZE_MAX || words <= MAX_SHOUTED) {
        return false;
    }
    lede_parser_tell(
        p, keyword,
        "the whole query is in capitals: AND, OR, NOT and the like are "
        "read as words");
    return true;
}

lede_status lede_query_parse(lede_span query, const lede_parse_options *options,
                             lede_arena *arena, lede_notes *notes,
                             lede_parsed *out, lede_error *err)
{
    lede_parser p = {0};
    lede_ast *root;
    size_t begin = 0;

    p.query = query;
    p.options = options;
    p.arena = arena;
    p.notes = notes;
    p.no_single_close = SIZE_MAX;
    p.is_shouted = is_shouted(&p);
    while (lede_lex_blank(query, begin) > 0) {
        begin += lede_lex_blank(query, begin);
    }
    p.at = begin;
    if (begin == query.len) {
        root = lede_parser_node(&p, LEDE_AST_ALL, 0);
    } else {
        root = parse_or(&p, LEDE_AST_ANY_FIELD);
    }
    if (root == NULL && !p.no_memory) {
        query = lede_notes_quotable(lede_span_part(query, begin, query.len));
        lede_parser_tell(&p, begin, "there is nothing to search for in '%.*s'",
                         (int)query.len, (const char *)query.bytes);
    }
    if (p.no_memory) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to read the query");
    }
    assert(p.at == p.query.len);
    out->root = root;
    out->has_time = p.has_time;
    out->copies = p.copies;
    return LEDE_OK;
}
