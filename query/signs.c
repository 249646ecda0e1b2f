#include "query/signs.h"

#include <string.h>

#include "query/lex.h"

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(uint8_t byte)
{
    return byte >= 0x80 || is_digit(byte) ||
           ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

static bool is_suffix_byte(uint8_t byte)
{
    return is_digit(byte) || byte == '.' || byte == '~' || byte == '^';
}

/* The byte at `at` belongs to a suffix; a - does behind its sign: ~-1. */
static bool is_of_suffix(lede_span text, size_t at)
{
    return is_suffix_byte(text.bytes[at]) ||
           (text.bytes[at] == '-' && at > 0 &&
            (text.bytes[at - 1] == '~' || text.bytes[at - 1] == '^') &&
            at + 1 < text.len && is_digit(text.bytes[at + 1]));
}

/* Behind a border nothing is a suffix, and "/~1" is part of an address. */
size_t lede_sign_free_len(lede_span word)
{
    size_t begin = word.len;
    size_t at;

    for (at = word.len; at > 1 && is_of_suffix(word, at - 1); at--) {
        if ((word.bytes[at - 1] == '~' || word.bytes[at - 1] == '^') &&
            word.bytes[at - 2] != '/') {
            begin = at - 1;
        }
    }
    return begin;
}

size_t lede_sign_suffixes(lede_span query, size_t at)
{
    size_t end = at;

    if (at >= query.len || (query.bytes[at] != '~' && query.bytes[at] != '^')) {
        return 0;
    }
    while (end < query.len && is_of_suffix(query, end)) {
        end++;
    }
    if (!lede_lex_is_border(query, end) ||
        (end - at == 1 && end < query.len && query.bytes[end] == '(')) {
        return 0;
    }
    return end - at;
}

static bool found(lede_sign *sign, size_t at, size_t len, const char *note)
{
    sign->at = at;
    sign->len = len;
    sign->note = note;
    return true;
}

/* What stands behind a sign at the beginning of a word is something to search
 * for. */
static bool has_operand(lede_span query, size_t at)
{
    return at < query.len &&
           (is_letter(query.bytes[at]) || query.bytes[at] == '(' ||
            query.bytes[at] == '=' || lede_lex_quote(query, at) > 0) &&
           lede_lex_blank(query, at) == 0;
}

static size_t behind_all(lede_span query, size_t at, uint8_t byte)
{
    while (at < query.len && query.bytes[at] == byte) {
        at++;
    }
    return at;
}

/* Signs that are a word, or begin one. */
/* Nothing but a blank is behind the byte at `at`. */
static bool is_alone(lede_span query, size_t at)
{
    return at + 1 == query.len || lede_lex_blank(query, at + 1) > 0;
}

static bool find_first(lede_span query, size_t begin, lede_span word,
                       lede_sign *sign)
{
    uint8_t first = word.bytes[0];
    bool goes_on = has_operand(query, begin + 1);

    if (first == '-' && has_operand(query, behind_all(query, begin, '-'))) {
        return found(sign, 0, 1,
                     "this '%.*s' excludes nothing here: it is ignored");
    }
    if (lede_span_is(word, "-") || lede_span_is(word, "=") ||
        (word.len == 1 && strchr("~+^", first) != NULL &&
         is_alone(query, begin))) {
        return found(sign, 0, 1,
                     "nothing stands behind this '%.*s': it is ignored");
    }
    if (first == '!' && goes_on) {
        return found(sign, 0, 1,
                     "'%.*s' excludes nothing here ('-' does): it is ignored");
    }
    if ((first == '+' || first == '~' || first == '^') && goes_on &&
        !is_digit(query.bytes[begin + 1])) {
        return found(sign, 0, 1, LEDE_SIGN_IGNORED);
    }
    return false;
}

static bool is_part(uint8_t byte)
{
    return is_letter(byte) || byte == '*' || byte == '?';
}

bool lede_sign_is_wildcard(lede_span word, size_t at)
{
    if (word.bytes[at] != '?') {
        return word.bytes[at] == '*';
    }
    return at > 0 && at + 1 < word.len && is_part(word.bytes[at - 1]) &&
           is_part(word.bytes[at + 1]) && memchr(word.bytes, '/', at) == NULL;
}

enum { LONGEST_TRUNCATED = 64 };

static bool is_small(uint8_t byte)
{
    return byte >= 'a' && byte <= 'z';
}

static bool has_capital(lede_span word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (word.bytes[i] >= 'A' && word.bytes[i] <= 'Z') {
            return true;
        }
    }
    return false;
}

/* What elsewhere stands for letters: terroris!, terror$ and terror% for any
 * end, wom#n for one letter. (Yahoo! is a name.) */
static const char *find_truncation(lede_span word, size_t at)
{
    uint8_t byte = word.bytes[at];
    bool is_end = at + 1 == word.len;

    if (at == 0 || !is_small(word.bytes[at - 1])) {
        return NULL;
    }
    if (is_end && (byte == '!' || byte == '$' || byte == '%') &&
        !has_capital(word)) {
        return "'%.*s' has no meaning here ('*' stands for any letters): it is "
               "ignored";
    }
    return byte == '#' && !is_end && is_small(word.bytes[at + 1]) &&
                   word.len < LONGEST_TRUNCATED && !has_capital(word)
               ? "'%.*s' has no meaning here ('?' stands for a letter): it is "
                 "ignored"
               : NULL;
}

/* A sign at `at`, wherever in the word that is. */
static bool find_inside(lede_span word, size_t at, lede_sign *sign)
{
    uint8_t byte = word.bytes[at];
    uint8_t next = at + 1 < word.len ? word.bytes[at + 1] : 0;
    size_t len = 1u + (byte == next);
    const char *truncation = find_truncation(word, at);

    if (truncation != NULL) {
        return found(sign, at, 1, truncation);
    }
    if ((byte == '+' || byte == '~' || byte == '^') && at > 0 &&
        is_letter(next) && is_letter(word.bytes[at - 1]) &&
        !(is_digit(next) && (byte != '+' || is_digit(word.bytes[at - 1])))) {
        return found(sign, at, 1,
                     "'%.*s' is no operator here: it is read as a mark between "
                     "two words, side by side");
    }

    if (byte == '|' || (byte == '&' && next == '&')) {
        sign->next = at + len;
        return found(
            sign, at, len,
            byte == '|' ? "'%.*s' is no operator here (OR is): it is ignored"
                        : "'%.*s' is no operator here (AND is): it is ignored");
    }
    if (!sign->is_pattern && lede_sign_is_wildcard(word, at)) {
        sign->next = word.len; /* one is as good as all */
        return found(sign, at, 1, LEDE_SIGN_IGNORED);
    }
    return (byte == '~' || byte == '^') && is_digit(next) &&
           found(sign, at, 1, LEDE_SIGN_IGNORED);
}

bool lede_sign_next(lede_span query, size_t begin, size_t word_len,
                    lede_sign *sign)
{
    lede_span word = lede_span_part(query, begin, word_len);
    size_t at = sign->next;

    if (word.len == 0) {
        return false;
    }
    if (at == 0 && find_first(query, begin, word, sign)) {
        sign->next += sign->next == 0;
        return true;
    }
    for (; at < word.len; at++) {
        sign->next = at + 1;
        if (find_inside(word, at, sign)) {
            return true;
        }
    }
    sign->next = word.len;
    return false;
}
