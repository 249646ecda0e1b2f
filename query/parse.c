#include "query/parse.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "query/lex.h"
#include "query/signs.h"

enum { MAX_SHOUTED = 6 };

/* What stands in date:(...) and kind:(...) are values, not words. */
enum { DATE_VALUES = -2, KIND_VALUES = -3 };

typedef struct parser {
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
    bool no_memory;
    bool is_too_deep, is_cut; /* told already */
    bool is_shouted;          /* all in capitals: no word is an operator */
} parser;

static lede_ast *parse_or(parser *p, int field);
static lede_ast *parse_item(parser *p, int field);
static lede_ast *parse_text(parser *p, int field);

/* Adds a remark at a byte of the query. */
static void tell(parser *p, size_t column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void tell(parser *p, size_t column, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    lede_notes_put_list(p->notes, p->arena, column, format, arguments);
    va_end(arguments);
    p->told++;
}

/* The words that an operator at hand works on are none; `begin` to here is what
 * stands in their place. Silent if something was told of it. */
static void tell_of_nothing(parser *p, size_t begin, size_t told)
{
    lede_span typed = lede_span_part(p->query, begin, p->at - begin);

    if (told == p->told && !p->is_cut) {
        typed = lede_notes_quotable(typed);
        tell(p, begin, "there are no words in '%.*s': it is ignored",
             (int)typed.len, (const char *)typed.bytes);
    }
}

/* --- Nodes ---------------------------------------------------------------- */

static lede_ast *new_node(parser *p, lede_ast_type type, size_t column)
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
    return node;
}

static void add_child(lede_ast *parent, lede_ast *child)
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

/* Parentheses inside an AND that hold another change nothing: their words are
 * words of the outer one. */
static void add_operand(lede_ast *parent, lede_ast *child)
{
    lede_ast *next;

    if (child == NULL || child->type != parent->type) {
        add_child(parent, child);
        return;
    }
    for (child = child->first; child != NULL; child = next) {
        next = child->next;
        add_child(parent, child);
    }
}

/* A node of one child is its child; of none, nothing. */
static lede_ast *unwrap(lede_ast *node)
{
    return node == NULL || node->child_count > 1 ? node : node->first;
}

static lede_ast *negate(parser *p, lede_ast *child, size_t column)
{
    lede_ast *node;

    if (child == NULL) {
        return NULL;
    }
    if (child->type == LEDE_AST_NOT) {
        return child->first;
    }
    node = new_node(p, LEDE_AST_NOT, column);
    if (node != NULL) {
        add_child(node, child);
    }
    return node;
}

static lede_ast *new_text(parser *p, lede_ast_type type, size_t begin,
                          size_t end, int field)
{
    lede_ast *node = new_node(p, type, begin);

    if (node != NULL) {
        node->text = lede_span_part(p->query, begin, end - begin);
        node->field = field;
    }
    return node;
}

/* --- Words ------------------------------------------------------------------
 */

static void skip_blanks(parser *p)
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
            tell(p, p->at, "this parenthesis closes nothing");
            p->at++;
        } else {
            return;
        }
    }
}

/* Whether more can be read: nobody means so much, and a tree has to be walked
 * and shown. */
static bool is_full(parser *p)
{
    if (p->nodes >= LEDE_QUERY_MAX_NODES && p->at < p->query.len) {
        if (!p->is_cut) {
            tell(p, p->at,
                 "the query is too long: from here on it is left out");
        }
        p->is_cut = true;
        p->at = p->query.len;
    }
    return p->is_cut;
}

static bool at_end(const parser *p)
{
    return p->at >= p->query.len || p->query.bytes[p->at] == ')';
}

static uint8_t byte_at(const parser *p, size_t at)
{
    return at < p->query.len ? p->query.bytes[at] : 0;
}

static lede_span word_at(const parser *p, size_t at)
{
    return lede_span_part(p->query, at, lede_lex_word_end(p->query, at) - at);
}

/* Whether a piece of the query has words. Tells of one that will find less than
 * was meant. */
static bool has_words(parser *p, lede_span text)
{
    size_t begin = (size_t)(text.bytes - p->query.bytes);
    lede_tokenizer tokenizer;
    lede_token token;
    bool any = false;

    lede_tokenizer_init(&tokenizer, p->options->analyzer, text);
    while (lede_tokenizer_next(&tokenizer, &token)) {
        any = true;
        if (lede_word_is_lone_syllable(token.word)) {
            tell(p, begin + token.begin,
                 "a single character of this script is found only where it "
                 "stands alone");
            break;
        }
    }
    return any;
}

static bool is_stars(lede_span word)
{
    size_t at = 0;

    while (at < word.len && word.bytes[at] == '*') {
        at++;
    }
    return at > 0 && at == word.len;
}

/* "*" alone. */
static lede_ast *parse_star(parser *p, size_t begin, int field)
{
    if (field != LEDE_AST_ANY_FIELD) {
        tell(p, begin, "'*' finds everything, whatever the field");
    }
    return new_node(p, LEDE_AST_ALL, begin);
}

static lede_ast *parse_word(parser *p, int field)
{
    size_t begin = p->at;
    lede_span word = word_at(p, begin);
    lede_sign sign = {0};

    p->at += word.len;
    if (is_stars(word)) {
        return parse_star(p, begin, field);
    }
    while (lede_sign_next(p->query, begin, word.len, &sign)) {
        tell(p, begin + sign.at, sign.note, (int)sign.len,
             (const char *)word.bytes + sign.at);
    }
    word.len = lede_sign_free_len(word);
    if (!has_words(p, word)) {
        return NULL;
    }
    return new_text(p, LEDE_AST_WORD, begin, begin + word.len, field);
}

/* "~2" or "^1.5" behind a phrase or a parenthesis. */
static void skip_suffix(parser *p)
{
    size_t len = lede_sign_suffix(p->query, p->at);

    if (len > 0) {
        tell(p, p->at, LEDE_SIGN_IGNORED, (int)len,
             (const char *)p->query.bytes + p->at);
        p->at += len;
    }
}

/* --- Phrases ----------------------------------------------------------------
 */

static size_t find_quote(const parser *p, size_t at)
{
    while (at < p->query.len && lede_lex_quote(p->query, at) == 0) {
        at++;
    }
    return at;
}

/* The U+2019 that ends a quotation: one with a border behind it. What was found
 * not to be there is not looked for again: the search stays linear. */
static size_t find_single_close(parser *p, size_t begin)
{
    size_t at;

    if (begin >= p->no_single_close) {
        return p->query.len;
    }
    for (at = begin; at < p->query.len; at++) {
        size_t len = lede_lex_single_close(p->query, at);

        if (len > 0 && lede_lex_is_border(p->query, at + len)) {
            return at;
        }
    }
    p->no_single_close = begin;
    return at;
}

/* A phrase, if quotation marks stand here; *found is false if not, or if the
 * mark has no partner and was passed over. */
static lede_ast *parse_phrase(parser *p, int field, bool *found)
{
    size_t begin = p->at;
    size_t mark = lede_lex_quote(p->query, begin);
    bool is_single = mark == 0;
    size_t end;

    *found = false;
    if (is_single) {
        mark = lede_lex_single_open(p->query, begin);
    }
    if (mark == 0) {
        return NULL;
    }
    end = is_single ? find_single_close(p, begin + mark)
                    : find_quote(p, begin + mark);
    if (end >= p->query.len) {
        if (!is_single) {
            tell(p, begin,
                 "this quotation mark has no partner: what follows "
                 "is read as words");
            p->at += mark;
        }
        return NULL;
    }
    *found = true;
    p->at = end + (is_single ? lede_lex_single_close(p->query, end)
                             : lede_lex_quote(p->query, end));
    skip_suffix(p);
    if (!has_words(
            p, lede_span_part(p->query, begin + mark, end - begin - mark))) {
        tell(p, begin, "there are no words between these quotation marks");
        return NULL;
    }
    return new_text(p, LEDE_AST_PHRASE, begin + mark, end, field);
}

static bool starts_phrase(const parser *p, size_t at)
{
    return lede_lex_quote(p->query, at) > 0;
}

/* --- Fields -----------------------------------------------------------------
 */

static bool same_name(lede_span name, const char *known)
{
    size_t i;

    if (name.len != strlen(known)) {
        return false;
    }
    for (i = 0; i < name.len; i++) {
        if ((name.bytes[i] | 0x20) != known[i]) {
            return false;
        }
    }
    return true;
}

static bool find_field(lede_span name, int *out)
{
    int field;

    for (field = 0; field < LEDE_FIELD_COUNT; field++) {
        if (same_name(name, lede_field_name((lede_field)field))) {
            *out = field;
            return true;
        }
    }
    return false;
}

/* The value of date: or kind:, quoted or bare, with *end behind it. */
static lede_span plain_value(const parser *p, size_t at, size_t *end)
{
    size_t mark = lede_lex_quote(p->query, at);

    if (mark > 0) {
        size_t close = find_quote(p, at + mark);

        if (close < p->query.len) {
            *end = close + lede_lex_quote(p->query, close);
            return lede_span_trim(
                lede_span_part(p->query, at + mark, close - at - mark));
        }
    }
    *end = lede_lex_word_end(p->query, at);
    return lede_span_part(p->query, at, *end - at);
}

static lede_ast *take_month_days(parser *p, lede_month_days days, size_t end)
{
    lede_ast *node = new_node(p, LEDE_AST_MONTH_DAYS, p->at);

    if (node != NULL) {
        node->days = days;
    }
    p->has_time = true;
    p->at = end;
    return node;
}

static lede_ast *parse_date(parser *p, size_t value_at)
{
    size_t end;
    lede_span value = plain_value(p, value_at, &end);
    lede_month_days days;
    int64_t from;
    int64_t to;
    bool swapped;
    lede_ast *node;

    if (lede_query_parse_month_days(value, &days)) {
        return take_month_days(p, days, end);
    }
    if (!lede_query_parse_period(value, p->options, &from, &to, &swapped)) {
        tell(p, value_at,
             "this is no date (2025, 2025-02, 2025-02-17, 02-17, or "
             "a range such as 2024..2025-02): it is read as words");
        return parse_text(p, LEDE_AST_ANY_FIELD);
    }
    if (swapped) {
        tell(p, value_at,
             "this range ends before it begins: it is read the "
             "other way round");
    }
    node = new_node(p, LEDE_AST_TIME, p->at);
    if (node != NULL) {
        node->begin = from;
        node->end = to;
    }
    p->has_time = true;
    p->at = end;
    return node;
}

static bool parse_kind_name(lede_span value, lede_kind *out)
{
    uint8_t name[24];
    size_t i;

    if (value.len > sizeof name) {
        return false;
    }
    for (i = 0; i < value.len; i++) {
        uint8_t byte = value.bytes[i];

        name[i] = byte == '-' || byte == ' ' ? '_' : (uint8_t)(byte | 0x20);
        name[i] = byte == '_' ? '_' : name[i];
    }
    return lede_kind_parse(lede_span_of(name, value.len), out);
}

static lede_ast *parse_kind(parser *p, size_t value_at)
{
    size_t end;
    lede_span value = plain_value(p, value_at, &end);
    lede_kind kind;
    lede_ast *node;

    if (!parse_kind_name(value, &kind)) {
        tell(p, value_at,
             "there is no such kind (article, live_update, "
             "live_summary, feed_item ...): it is read as words");
        return parse_text(p, LEDE_AST_ANY_FIELD);
    }
    node = new_node(p, LEDE_AST_KIND, p->at);
    if (node != NULL) {
        node->kind = kind;
    }
    p->at = end;
    return node;
}

/* Whether the nesting ends here, which is told once. */
static bool is_too_deep(parser *p, size_t column)
{
    if (p->nesting < LEDE_QUERY_MAX_NESTING) {
        return false;
    }
    if (!p->is_too_deep) {
        tell(p, column,
             "parentheses and exclusions go too deep here: this one and those "
             "inside are ignored");
    }
    p->is_too_deep = true;
    return true;
}

static lede_ast *parse_group(parser *p, int field)
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
        skip_suffix(p);
    } else if (!p->is_cut) {
        tell(p, begin, "this parenthesis is never closed");
    }
    if (node == NULL && told == p->told) {
        tell(p, begin, "there are no words between these parentheses");
    }
    return node;
}

/* A word, a phrase, or either behind =. */
static lede_ast *parse_text(parser *p, int field)
{
    size_t begin = p->at;
    size_t told = p->told;
    bool is_exact = false;
    bool found;
    lede_ast *node;

    if (field == DATE_VALUES || field == KIND_VALUES) {
        return field == DATE_VALUES ? parse_date(p, begin)
                                    : parse_kind(p, begin);
    }
    while (byte_at(p, p->at) == '=' &&
           !lede_lex_is_border(p->query, p->at + 1)) {
        if (p->at == begin + 1) {
            tell(p, p->at, "one '=' is enough: this one is ignored");
        }
        is_exact = true;
        p->at++;
    }
    node = parse_phrase(p, field, &found);
    if (!found && !lede_lex_is_border(p->query, p->at)) {
        node = parse_word(p, field);
    }
    if (node != NULL) {
        node->is_exact = is_exact && node->type != LEDE_AST_ALL;
    } else if (is_exact) {
        tell_of_nothing(p, begin, told);
    }
    return node;
}

/* The field of a name, or one whose values are no words. */
static bool find_any_field(lede_span name, int *out)
{
    if (same_name(name, "date")) {
        *out = DATE_VALUES;
        return true;
    }
    if (same_name(name, "kind")) {
        *out = KIND_VALUES;
        return true;
    }
    return find_field(name, out);
}

/* What stands behind "name:". */
static lede_ast *parse_value(parser *p, int field, size_t value_at)
{
    size_t told = p->told;
    lede_ast *node;

    if (field == DATE_VALUES) {
        return parse_date(p, value_at);
    }
    if (field == KIND_VALUES) {
        return parse_kind(p, value_at);
    }
    p->at = value_at;
    node = parse_text(p, field);
    if (node == NULL) {
        tell_of_nothing(p, value_at, told);
    }
    return node;
}

/* What other programs call the fields. */
static const char *field_meant(lede_span name)
{
    static const char *const others[][2] = {
        {"title", "headline"},   {"heading", "headline"},
        {"subject", "headline"}, {"text", "body"},
        {"content", "body"},     {"summary", "deck"},
        {"standfirst", "deck"},  {"byline", "author"},
        {"by", "author"},        {"from", "author"},
        {"site", "source"},      {"outlet", "source"},
        {"publisher", "source"}, {"section", "tag"},
        {"link", "url"},         {"type", "kind"},
        {"year", "date"},        {"published", "date"},
        {"before", "date"},      {"after", "date"},
        {"since", "date"},       {"until", "date"},
    };
    size_t i;

    for (i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (same_name(name, others[i][0])) {
            return others[i][1];
        }
    }
    return NULL;
}

static void tell_of_field(parser *p, lede_span name)
{
    const char *meant = field_meant(name);

    if (meant != NULL) {
        tell(p, p->at,
             "there is no field '%.*s' (%s: is): it is read as a word",
             (int)name.len, (const char *)name.bytes, meant);
    } else {
        tell(p, p->at, "there is no field '%.*s': it is read as a word",
             (int)name.len, (const char *)name.bytes);
    }
}

/* If a field's name and a value stand here: *out is what they ask. */
static bool parse_field(parser *p, lede_ast **out)
{
    lede_span word = word_at(p, p->at);
    size_t name_len = lede_lex_field_name(word);
    lede_span name = lede_span_part(word, 0, name_len);
    size_t value_at = p->at + name_len + 1;
    int field;

    if (name_len == 0) {
        return false;
    }
    if (!find_any_field(name, &field)) {
        if (byte_at(p, value_at) == '(' ||
            (!lede_lex_is_border(p->query, value_at) &&
             byte_at(p, value_at) != '/')) {
            tell_of_field(p, name);
        }
        return false;
    }
    if (byte_at(p, value_at) == '(') {
        p->at = value_at;
        *out = parse_group(p, field);
        return true;
    }
    if (lede_lex_is_border(p->query, value_at)) {
        tell(p, p->at, "nothing stands behind '%.*s:': it is read as a word",
             (int)name.len, (const char *)name.bytes);
        return false;
    }
    *out = parse_value(p, field, value_at);
    return true;
}

/* --- Operators --------------------------------------------------------------
 */

/* The keyword at hand, with something behind it that it can work on. */
static bool takes_keyword(parser *p, const char *keyword, bool has_left)
{
    size_t begin = p->at;
    size_t len = strlen(keyword);

    if (p->is_shouted || !lede_span_is(word_at(p, begin), keyword)) {
        return false;
    }
    p->at = begin + len;
    skip_blanks(p);
    if (has_left && !at_end(p)) {
        return true;
    }
    p->at = begin;
    tell(p, begin, "%s has nothing to work on here: it is read as a word",
         keyword);
    return false;
}

/* True if '-' here negates what follows. */
static bool is_minus(const parser *p)
{
    uint8_t next = byte_at(p, p->at + 1);

    if (byte_at(p, p->at) != '-' || next == '-' ||
        !lede_lex_is_behind_border(p->query, p->at)) {
        return false;
    }
    return next == '(' || !lede_lex_is_border(p->query, p->at + 1);
}

static lede_ast *parse_negated(parser *p, int field, size_t column)
{
    size_t begin = p->at;
    size_t told = p->told;
    lede_ast *child;

    p->nesting++;
    child = parse_item(p, field);
    p->nesting--;
    if (child == NULL) {
        tell_of_nothing(p, begin, told);
    }
    return negate(p, child, column);
}

/* Tells of an AND or OR at a place where only an operand can stand. */
static void tell_of_keyword(parser *p)
{
    lede_span word = word_at(p, p->at);

    if (!p->is_shouted &&
        (lede_span_is(word, "AND") || lede_span_is(word, "OR"))) {
        tell(p, p->at, "%.*s has nothing to work on here: it is read as a word",
             (int)word.len, (const char *)word.bytes);
    }
}

/* One item; NULL if what stands here asks for nothing. Always moves on. */
static lede_ast *parse_item(parser *p, int field)
{
    size_t begin = p->at;
    lede_ast *node;

    if (byte_at(p, begin) == '(') {
        return parse_group(p, field);
    }
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
    tell_of_keyword(p);
    if (!starts_phrase(p, begin) && parse_field(p, &node)) {
        return node;
    }
    return parse_text(p, field);
}

/* The operand just read: whether it was nothing, and nothing told of it. */
typedef struct operand {
    size_t begin, end;
    size_t told;
    bool is_silent;
} operand;

/* An operator works on it: that it is nothing has to be told after all. */
static void demand(parser *p, operand *last)
{
    size_t at = p->at;

    if (last->is_silent) {
        p->at = last->end;
        tell_of_nothing(p, last->begin, p->told);
        p->at = at;
        last->is_silent = false;
    }
}

static operand begin_operand(const parser *p)
{
    return (operand){p->at, p->at, p->told, false};
}

static void end_operand(const parser *p, operand *last, const lede_ast *node)
{
    last->end = p->at;
    last->is_silent = node == NULL && last->told == p->told;
}

static lede_ast *parse_and(parser *p, int field)
{
    lede_ast *node = new_node(p, LEDE_AST_AND, p->at);
    operand last = {0};
    bool has_left = false; /* what AND or OR could work on */
    bool has_and = false;  /* just before */

    if (node == NULL) {
        return NULL;
    }
    for (skip_blanks(p); !at_end(p) && !p->no_memory && !is_full(p);
         skip_blanks(p)) {
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

static lede_ast *parse_or(parser *p, int field)
{
    lede_ast *node = new_node(p, LEDE_AST_OR, p->at);
    bool has_or = false;

    if (node == NULL) {
        return NULL;
    }
    for (;;) {
        operand last;
        lede_ast *side;
        bool is_last;

        skip_blanks(p);
        last = begin_operand(p);
        side = parse_and(p, field);
        end_operand(p, &last, side);
        add_operand(node, side);
        is_last = p->no_memory || p->is_shouted ||
                  !lede_span_is(word_at(p, p->at), "OR");
        if (has_or || !is_last) {
            demand(p, &last);
        }
        if (is_last) {
            break;
        }
        has_or = true;
        p->at += 2;
    }
    return unwrap(node);
}

static bool is_keyword(lede_span word)
{
    return lede_span_is(word, "AND") || lede_span_is(word, "OR") ||
           lede_span_is(word, "NOT");
}

/* A sentence in capitals (an old headline, a telex) has words and no
 * operators: more than MAX_SHOUTED words, no small letter, no other sign of the
 * language. Notes the first keyword, if there is one. */
static bool is_shouted(parser *p)
{
    size_t keyword = SIZE_MAX;
    unsigned words = 0;
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
        lede_span word = word_at(p, at);

        if (blank > 0) {
            at += blank;
            continue;
        }
        if (!is_keyword(word)) {
            words++;
        } else if (keyword == SIZE_MAX) {
            keyword = at;
        }
        at += word.len;
    }
    if (keyword == SIZE_MAX || words <= MAX_SHOUTED) {
        return false;
    }
    tell(p, keyword,
         "the whole query is in capitals: AND, OR and NOT are read "
         "as words");
    return true;
}

lede_status lede_query_parse(lede_span query, const lede_parse_options *options,
                             lede_arena *arena, lede_notes *notes,
                             lede_parsed *out, lede_error *err)
{
    parser p = {0};
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
        root = new_node(&p, LEDE_AST_ALL, 0);
    } else {
        root = parse_or(&p, LEDE_AST_ANY_FIELD);
    }
    if (root == NULL && !p.no_memory) {
        query = lede_notes_quotable(lede_span_part(query, begin, query.len));
        tell(&p, begin, "there is nothing to search for in '%.*s'",
             (int)query.len, (const char *)query.bytes);
    }
    if (p.no_memory) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to read the query");
    }
    assert(p.at == p.query.len);
    out->root = root;
    out->has_time = p.has_time;
    return LEDE_OK;
}
