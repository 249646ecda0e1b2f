/* parse_text.c - words, phrases, and what stands behind them; see parser.h. */
#include "query/parser.h"

#include "query/lex.h"
#include "query/pattern.h"
#include "query/signs.h"

enum { LONGEST_NAME = 16 /* bytes of a field's */ };

static lede_ast *new_text(lede_parser *p, lede_ast_type type, size_t begin,
                          size_t end, int field)
{
    lede_ast *node = lede_parser_node(p, type, begin);

    if (node != NULL) {
        node->text = lede_span_part(p->query, begin, end - begin);
        node->field = field;
    }
    return node;
}

/* Whether a piece of the query has words. Tells of one that will find less than
 * was meant. */
static bool has_words(lede_parser *p, lede_span text)
{
    size_t begin = (size_t)(text.bytes - p->query.bytes);
    lede_tokenizer tokenizer;
    lede_token token;
    bool any = false;

    lede_tokenizer_init(&tokenizer, p->options->analyzer, text);
    while (lede_tokenizer_next(&tokenizer, &token)) {
        any = true;
        if (lede_word_is_lone_syllable(token.word)) {
            lede_parser_tell(
                p, begin + token.begin,
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
static lede_ast *parse_star(lede_parser *p, size_t begin, int field)
{
    if (field == LEDE_AST_PERSON || field == LEDE_AST_PLACE) {
        lede_parser_tell(p, begin,
                         "'*' finds everything, also what names %s: --facet "
                         "%s counts that as 'without'",
                         field == LEDE_AST_PERSON ? "nobody" : "no place",
                         field == LEDE_AST_PERSON ? "person" : "place");
    } else if (field != LEDE_AST_ANY_FIELD) {
        lede_parser_tell(p, begin, "'*' finds everything, whatever the field");
    }
    return lede_parser_node(p, LEDE_AST_ALL, begin);
}

/* headline : storm, headline :storm. */
static void tell_of_lone_colon(lede_parser *p, size_t begin)
{
    lede_span name = {0};
    size_t end = begin;
    const char *field;

    while (end > 0 && p->query.bytes[end - 1] == ' ') {
        end--;
    }
    for (size_t at = end; at > 0 && end - at <= LONGEST_NAME &&
                          !lede_lex_is_border(p->query, at - 1);
         at--) {
        name = lede_span_part(p->query, at - 1, end - at + 1);
    }
    field = end < begin ? lede_parser_field_called(name) : NULL;
    if (field != NULL) {
        lede_parser_tell(p, begin,
                         "this ':' has a blank before it (%s:word is a field): "
                         "it is ignored",
                         field);
    }
}

static bool has_wildcards(lede_span word)
{
    size_t at;

    for (at = 0; at < word.len; at++) {
        if (lede_sign_is_wildcard(word, at)) {
            return true;
        }
    }
    return false;
}

/* Whether the word can stand for many: with wildcards, or letters wrong. */
static bool is_pattern(lede_parser *p, lede_span word, unsigned edits)
{
    lede_pattern *pattern = NULL;

    if (!lede_pattern_make(word, edits, p->options->analyzer, p->arena,
                           &pattern)) {
        p->no_memory = true;
    }
    return pattern != NULL;
}

static lede_ast *parse_word(lede_parser *p, int field)
{
    size_t begin = p->at;
    lede_span word = lede_parser_word(p, begin);
    size_t all = word.len;
    lede_sign sign = {0};
    lede_ast *node;

    if (is_stars(word)) {
        p->at += word.len;
        return parse_star(p, begin, field);
    }
    if (word.bytes[0] == ':') {
        tell_of_lone_colon(p, begin);
    }
    word.len = lede_sign_free_len(word);
    sign.is_pattern = has_wildcards(word) && is_pattern(p, word, 0);
    while (lede_sign_next(p->query, begin, word.len, &sign)) {
        lede_parser_tell(p, begin + sign.at, sign.note, (int)sign.len,
                         (const char *)word.bytes + sign.at);
    }
    p->at += word.len;
    if (!sign.is_pattern && !has_words(p, word)) {
        p->at = begin + all;
        return NULL;
    }
    node = new_text(p, LEDE_AST_WORD, begin, begin + word.len, field);
    if (node != NULL) {
        node->is_pattern = sign.is_pattern;
    }
    lede_parse_suffixes(p, node, all - word.len);
    return node;
}

/* --- Suffixes ---------------------------------------------------------------
 */

static void ignore_suffix(lede_parser *p, lede_span suffix)
{
    lede_parser_tell(p, (size_t)(suffix.bytes - p->query.bytes),
                     LEDE_SIGN_IGNORED, (int)suffix.len,
                     (const char *)suffix.bytes);
}

/* The number behind the sign, in hundredths, at most a million; false if there
 * is none, or it is none. */
static bool read_number(lede_span suffix, uint32_t *out)
{
    uint32_t scale = 0; /* behind the point: what a figure counts */
    uint32_t value = 0;
    bool any = false;
    size_t i;

    for (i = 1; i < suffix.len; i++) {
        uint8_t byte = suffix.bytes[i];

        if (byte == '.') {
            if (scale > 0 || !any) {
                return false;
            }
            scale = 100;
            continue;
        }
        if (byte == '-') {
            return false;
        }
        any = true;
        if (scale == 0) {
            value = value < 1000 ? value * 10 + (byte - 48u) * 100 : 1000000;
        } else {
            scale /= 10;
            value += scale * (byte - 48u);
            scale = scale == 0 ? 1 : scale;
        }
    }
    *out = value;
    return any;
}

/* Boosts one behind the other, or behind parentheses, multiply. */
static void boost(lede_parser *p, lede_ast *node, lede_span suffix)
{
    uint32_t hundredths;

    if (!read_number(suffix, &hundredths)) {
        ignore_suffix(p, suffix);
        return;
    }
    node->boost = node->boost * hundredths / 100.0;
    if (node->boost > LEDE_BOOST_MOST) {
        lede_parser_tell(p, (size_t)(suffix.bytes - p->query.bytes),
                         "'%.*s' is more than can be: it is read as ^%d",
                         (int)suffix.len, (const char *)suffix.bytes,
                         LEDE_BOOST_MOST);
        node->boost = LEDE_BOOST_MOST;
    }
}

/* ~ behind a word: letters that may be wrong. */
static void blur(lede_parser *p, lede_ast *node, lede_span suffix)
{
    uint32_t hundredths = 100;

    if (node->is_pattern ||
        (suffix.len > 1 && (!read_number(suffix, &hundredths) ||
                            hundredths % 100 != 0 || hundredths == 0)) ||
        !is_pattern(p, node->text, 1)) {
        ignore_suffix(p, suffix);
        return;
    }
    if (hundredths > LEDE_EDITS_MOST * 100) {
        lede_parser_tell(p, (size_t)(suffix.bytes - p->query.bytes),
                         "'%.*s' is more than can be: it is read as ~%d",
                         (int)suffix.len, (const char *)suffix.bytes,
                         LEDE_EDITS_MOST);
        hundredths = LEDE_EDITS_MOST * 100;
    }
    node->edits = (uint8_t)(hundredths / 100);
}

/* ~ behind a phrase: words that may stand between its own. */
static void loosen(lede_parser *p, lede_ast *node, lede_span suffix)
{
    uint32_t hundredths = 0;

    if (!read_number(suffix, &hundredths) || hundredths % 100 != 0) {
        ignore_suffix(p, suffix);
        return;
    }
    if (hundredths > LEDE_NEAR_MOST * 100) {
        lede_parser_tell(p, (size_t)(suffix.bytes - p->query.bytes),
                         "'%.*s' is more than can be: it is read as ~%d",
                         (int)suffix.len, (const char *)suffix.bytes,
                         LEDE_NEAR_MOST);
        hundredths = LEDE_NEAR_MOST * 100;
    }
    node->distance = (uint16_t)(hundredths / 100);
}

static void apply(lede_parser *p, lede_ast *node, lede_span suffix)
{
    if (node == NULL || node->type == LEDE_AST_ALL) {
        ignore_suffix(p, suffix);
    } else if (suffix.bytes[0] == '^') {
        boost(p, node, suffix);
    } else if (node->type == LEDE_AST_WORD && !node->is_closed) {
        blur(p, node, suffix);
    } else if (node->type == LEDE_AST_PHRASE && !node->is_closed) {
        loosen(p, node, suffix);
    } else {
        ignore_suffix(p, suffix);
    }
}

void lede_parse_suffixes(lede_parser *p, lede_ast *node, size_t len)
{
    size_t end = p->at + len;
    bool has_tilde = false;

    while (p->at < end) {
        bool is_tilde = p->query.bytes[p->at] == '~';
        size_t begin = p->at++;
        lede_span suffix;

        while (p->at < end && p->query.bytes[p->at] != '~' &&
               p->query.bytes[p->at] != '^') {
            p->at++;
        }
        suffix = lede_span_part(p->query, begin, p->at - begin);
        if (is_tilde && has_tilde) {
            ignore_suffix(p, suffix);
        } else {
            apply(p, node, suffix);
        }
        has_tilde = has_tilde || is_tilde;
    }
}

/* --- Phrases ----------------------------------------------------------------
 */

/* The U+2019 that ends a quotation: one with a border behind it. What was found
 * not to be there is not looked for again: the search stays linear. */
static size_t find_single_close(lede_parser *p, size_t begin)
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

/* Tells of a sign between the words of a phrase that stands for no letters. */
static void tell_of_lone_sign(lede_parser *p, lede_span text, size_t at)
{
    lede_parser_tell(p, (size_t)(text.bytes - p->query.bytes) + at,
                     "'%c' stands for no word here (\"...\"~1 leaves room for "
                     "one): it is ignored",
                     text.bytes[at]);
}

/* A * between the words of a phrase stands for a word, if nothing else makes
 * room between them and it is not a name that is asked for. */
static void take_gaps(lede_parser *p, lede_ast *node)
{
    lede_span text = node->text;
    unsigned gaps = 0;

    for (size_t at = 1; at + 1 < text.len; at++) {
        gaps += lede_lex_is_lone_star(text, at);
    }
    if (gaps <= LEDE_NEAR_GAP_MOST && node->distance == 0 &&
        node->field < LEDE_AST_PERSON) {
        node->gaps = (uint8_t)gaps;
    }
    for (size_t at = 1; at + 1 < text.len; at++) {
        bool is_question = text.bytes[at] == '?' &&
                           lede_lex_is_behind_border(text, at) &&
                           lede_lex_blank(text, at + 1) > 0;

        if (is_question ||
            (node->gaps == 0 && lede_lex_is_lone_star(text, at))) {
            tell_of_lone_sign(p, text, at);
        }
    }
}

/* A phrase, if quotation marks stand here; *found is false if not, or if the
 * mark has no partner and was passed over. */
static lede_ast *parse_phrase(lede_parser *p, int field, bool *found)
{
    size_t begin = p->at;
    size_t mark = lede_lex_quote(p->query, begin);
    bool is_single = mark == 0;
    size_t end, suffixes;
    lede_ast *node;

    *found = false;
    if (is_single) {
        mark = lede_lex_single_open(p->query, begin);
    }
    if (mark == 0) {
        return NULL;
    }
    end = is_single ? find_single_close(p, begin + mark)
                    : lede_parser_find_quote(p, begin + mark);
    if (end >= p->query.len) {
        if (!is_single) {
            lede_parser_tell(p, begin,
                             "this quotation mark has no partner: what follows "
                             "is read as words");
            p->at += mark;
        }
        return NULL;
    }
    *found = true;
    p->at = end + (is_single ? lede_lex_single_close(p->query, end)
                             : lede_lex_quote(p->query, end));
    suffixes = lede_sign_suffixes(p->query, p->at);
    if (!has_words(
            p, lede_span_part(p->query, begin + mark, end - begin - mark))) {
        lede_parser_tell(p, begin,
                         "there are no words between these quotation marks");
        p->at += suffixes;
        return NULL;
    }
    node = new_text(p, LEDE_AST_PHRASE, begin + mark, end, field);
    lede_parse_suffixes(p, node, suffixes);
    if (node != NULL) {
        take_gaps(p, node);
    }
    return node;
}

/* A word, a phrase, or either behind =. */
lede_ast *lede_parse_text(lede_parser *p, int field)
{
    size_t begin = p->at;
    size_t told = p->told;
    bool is_exact = false;
    bool found;
    lede_ast *node;

    if (field <= LEDE_DATE_VALUES) {
        return lede_parse_listed_value(p, field, begin);
    }
    while (lede_parser_byte(p, p->at) == '=' &&
           !lede_lex_is_border(p->query, p->at + 1)) {
        if (p->at == begin + 1) {
            lede_parser_tell(p, p->at,
                             "one '=' is enough: this one is ignored");
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
        lede_parser_tell_of_nothing(p, begin, told);
    }
    return node;
}
