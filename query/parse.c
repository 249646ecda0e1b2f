#include "query/parse.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "query/lex.h"

enum { MAX_SHOUTED = 6 };

typedef struct parser {
    lede_span query;
    size_t at;
    const lede_parse_options *options;
    lede_arena *arena;
    lede_notes *notes;
    unsigned nesting;
    unsigned open;          /* parentheses */
    size_t no_single_close; /* from here on there is none; SIZE_MAX: unknown */
    bool has_time;
    bool no_memory;
    bool is_shouted; /* all in capitals: no word is an operator */
} parser;

static lede_ast *parse_or(parser *p, int field);
static lede_ast *parse_item(parser *p, int field);

void lede_notes_put(lede_notes *notes, lede_arena *arena, size_t column,
                    const char *format, ...)
{
    char text[256];
    va_list arguments;
    lede_span copy;
    uint32_t i;

    for (i = 0; i < notes->count; i++) {
        if (notes->items[i].column == column) {
            return;
        }
    }
    if (notes->count == LEDE_NOTES_MAX) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    copy = lede_arena_copy(arena, lede_span_text(text));
    if (copy.bytes != NULL) {
        notes->items[notes->count].column = (uint32_t)column;
        notes->items[notes->count].text = (const char *)copy.bytes;
        notes->count++;
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
        } else if (p->open == 0 && p->at < p->query.len &&
                   p->query.bytes[p->at] == ')') {
            lede_notes_put(p->notes, p->arena, p->at,
                           "this parenthesis closes nothing");
            p->at++;
        } else {
            return;
        }
    }
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

/* Signs that other search languages give a meaning and lede not (yet). */
static void note_signs(parser *p, lede_span word, size_t column)
{
    size_t i;

    if (lede_span_starts(word, "NEAR/") || lede_span_starts(word, "ADJ/")) {
        lede_notes_put(p->notes, p->arena, column,
                       "this is no operator here: it is read as words");
        return;
    }
    for (i = 0; i < word.len; i++) {
        uint8_t byte = word.bytes[i];
        bool is_last = i + 1 == word.len;
        bool before_digit = !is_last && word.bytes[i + 1] >= '0' &&
                            word.bytes[i + 1] <= '9';

        if (byte == '*' || ((byte == '~' || byte == '^') && before_digit) ||
            (byte == '~' && is_last && i > 0)) {
            lede_notes_put(p->notes, p->arena, column + i,
                           "'%c' has no meaning here: it is ignored", byte);
            return;
        }
    }
}

static bool has_words(const parser *p, lede_span text)
{
    lede_tokenizer tokenizer;
    lede_token token;

    lede_tokenizer_init(&tokenizer, p->options->analyzer, text);
    return lede_tokenizer_next(&tokenizer, &token);
}

static lede_ast *parse_word(parser *p, int field)
{
    size_t begin = p->at;
    lede_span word = word_at(p, begin);

    p->at += word.len;
    if (lede_span_is(word, "*")) {
        return new_node(p, LEDE_AST_ALL, begin);
    }
    note_signs(p, word, begin);
    if (!has_words(p, word)) {
        return NULL;
    }
    return new_text(p, LEDE_AST_WORD, begin, p->at, field);
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
            lede_notes_put(p->notes, p->arena, begin,
                           "this quotation mark has no partner: what follows "
                           "is read as words");
            p->at += mark;
        }
        return NULL;
    }
    *found = true;
    p->at = end + (is_single ? lede_lex_single_close(p->query, end)
                             : lede_lex_quote(p->query, end));
    if (!has_words(
            p, lede_span_part(p->query, begin + mark, end - begin - mark))) {
        lede_notes_put(p->notes, p->arena, begin,
                       "there are no words between these quotation marks");
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
        lede_notes_put(p->notes, p->arena, value_at,
                       "this is no date (2025, 2025-02, 2025-02-17, 02-17, or "
                       "a range such as 2024..2025-02): it is read as words");
        return parse_word(p, LEDE_AST_ANY_FIELD);
    }
    if (swapped) {
        lede_notes_put(p->notes, p->arena, value_at,
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
        lede_notes_put(p->notes, p->arena, value_at,
                       "there is no such kind (article, live_update, "
                       "live_summary, feed_item ...): it is read as words");
        return parse_word(p, LEDE_AST_ANY_FIELD);
    }
    node = new_node(p, LEDE_AST_KIND, p->at);
    if (node != NULL) {
        node->kind = kind;
    }
    p->at = end;
    return node;
}

static lede_ast *parse_group(parser *p, int field)
{
    size_t begin = p->at;
    lede_ast *node;

    p->at++;
    p->open++;
    p->nesting++;
    node = parse_or(p, field);
    p->nesting--;
    p->open--;
    if (byte_at(p, p->at) == ')' && p->at < p->query.len) {
        p->at++;
    } else {
        lede_notes_put(p->notes, p->arena, begin,
                       "this parenthesis is never closed");
    }
    return node;
}

/* A word, a phrase, or either behind =. */
static lede_ast *parse_text(parser *p, int field)
{
    bool is_exact = false;
    bool found;
    lede_ast *node;

    if (byte_at(p, p->at) == '=' && !lede_lex_is_border(p->query, p->at + 1)) {
        is_exact = true;
        p->at++;
    }
    node = parse_phrase(p, field, &found);
    if (!found && !lede_lex_is_border(p->query, p->at)) {
        node = parse_word(p, field);
    }
    if (node != NULL) {
        node->is_exact = is_exact;
    }
    return node;
}

/* If a field's name and a value stand here: *out is what they ask. */
static bool parse_field(parser *p, lede_ast **out)
{
    lede_span word = word_at(p, p->at);
    size_t name_len = lede_lex_field_name(word);
    lede_span name = lede_span_part(word, 0, name_len);
    size_t value_at = p->at + name_len + 1;
    bool is_date = same_name(name, "date");
    bool is_kind = same_name(name, "kind");
    int field = LEDE_AST_ANY_FIELD;

    if (name_len == 0) {
        return false;
    }
    if (!is_date && !is_kind && !find_field(name, &field)) {
        if (value_at < p->at + word.len && byte_at(p, value_at) != '/') {
            lede_notes_put(p->notes, p->arena, p->at,
                           "there is no field '%.*s': it is read as a word",
                           (int)name.len, (const char *)name.bytes);
        }
        return false;
    }
    if (byte_at(p, value_at) == '(' && !is_date && !is_kind &&
        p->nesting < LEDE_QUERY_MAX_NESTING) {
        p->at = value_at;
        *out = parse_group(p, field);
        return true;
    }
    if (lede_lex_is_border(p->query, value_at)) {
        lede_notes_put(p->notes, p->arena, p->at,
                       "nothing stands behind '%.*s:': it is read as a word",
                       (int)name.len, (const char *)name.bytes);
        return false;
    }
    if (is_date || is_kind) {
        *out = is_date ? parse_date(p, value_at) : parse_kind(p, value_at);
        return true;
    }
    p->at = value_at;
    *out = parse_text(p, field);
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
    lede_notes_put(p->notes, p->arena, begin,
                   "%s has nothing to work on here: it is read as a word",
                   keyword);
    return false;
}

/* True if '-' here negates what follows. */
static bool is_minus(const parser *p)
{
    uint8_t next = byte_at(p, p->at + 1);

    if (byte_at(p, p->at) != '-' || next == '-') {
        return false;
    }
    if (p->at > 0 && !lede_lex_is_border(p->query, p->at - 1) &&
        (p->query.bytes[p->at - 1] & 0x80) == 0) {
        return false;
    }
    return next == '(' || !lede_lex_is_border(p->query, p->at + 1);
}

static lede_ast *parse_negated(parser *p, int field, size_t column)
{
    lede_ast *child;

    p->nesting++;
    child = parse_item(p, field);
    p->nesting--;
    return negate(p, child, column);
}

/* One item; NULL if what stands here asks for nothing. Always moves on. */
static lede_ast *parse_item(parser *p, int field)
{
    size_t begin = p->at;
    bool may_nest = p->nesting < LEDE_QUERY_MAX_NESTING;
    lede_ast *node;

    if (byte_at(p, begin) == '(') {
        if (may_nest) {
            return parse_group(p, field);
        }
        lede_notes_put(p->notes, p->arena, begin,
                       "parentheses go too deep here: this one is ignored");
        p->at++;
        return NULL;
    }
    if (is_minus(p)) {
        p->at++;
        return may_nest ? parse_negated(p, field, begin) : NULL;
    }
    if (may_nest && takes_keyword(p, "NOT", true)) {
        return parse_negated(p, field, begin);
    }
    if (!starts_phrase(p, begin) && parse_field(p, &node)) {
        return node;
    }
    return parse_text(p, field);
}

static lede_ast *parse_and(parser *p, int field)
{
    lede_ast *node = new_node(p, LEDE_AST_AND, p->at);
    bool has_left = false;

    if (node == NULL) {
        return NULL;
    }
    for (skip_blanks(p); !at_end(p) && !p->no_memory; skip_blanks(p)) {
        size_t begin = p->at;

        if (!p->is_shouted && has_left &&
            lede_span_is(word_at(p, begin), "OR")) {
            if (takes_keyword(p, "OR", true)) {
                p->at = begin;
                break;
            }
            add_child(node, parse_word(p, field));
            continue;
        }
        if (!p->is_shouted && lede_span_is(word_at(p, begin), "OR")) {
            takes_keyword(p, "OR", false);
            add_child(node, parse_word(p, field));
        } else if (!takes_keyword(p, "AND", has_left)) {
            add_operand(node, parse_item(p, field));
        }
        has_left = true;
    }
    return unwrap(node);
}

static lede_ast *parse_or(parser *p, int field)
{
    lede_ast *node = new_node(p, LEDE_AST_OR, p->at);

    if (node == NULL) {
        return NULL;
    }
    for (;;) {
        add_operand(node, parse_and(p, field));
        skip_blanks(p);
        if (p->no_memory || p->is_shouted ||
            !lede_span_is(word_at(p, p->at), "OR")) {
            break;
        }
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
    lede_notes_put(p->notes, p->arena, keyword,
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

    p.query = query;
    p.options = options;
    p.arena = arena;
    p.notes = notes;
    p.no_single_close = SIZE_MAX;
    p.is_shouted = is_shouted(&p);
    skip_blanks(&p);
    if (p.at == query.len && notes->count == 0) {
        root = new_node(&p, LEDE_AST_ALL, 0);
    } else {
        root = parse_or(&p, LEDE_AST_ANY_FIELD);
    }
    if (p.no_memory) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to read the query");
    }
    assert(p.at == query.len);
    out->root = root;
    out->has_time = p.has_time;
    return LEDE_OK;
}
