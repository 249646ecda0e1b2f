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

size_t lede_sign_suffix(lede_span query, size_t at)
{
    size_t end = at + 1;

    if (at >= query.len || (query.bytes[at] != '~' && query.bytes[at] != '^')) {
        return 0;
    }
    while (end < query.len &&
           (is_digit(query.bytes[end]) || query.bytes[end] == '.')) {
        end++;
    }
    if (!lede_lex_is_border(query, end) ||
        (end - at == 1 && end < query.len && query.bytes[end] == '(')) {
        return 0;
    }
    return end - at;
}

/* Where a suffix begins; the word's length if it has none. */
size_t lede_sign_free_len(lede_span word)
{
    size_t at = word.len;

    while (at > 0 &&
           (is_digit(word.bytes[at - 1]) || word.bytes[at - 1] == '.')) {
        at--;
    }
    if (at < 2 || lede_sign_suffix(word, at - 1) == 0 ||
        word.bytes[at - 2] == '/') { /* example.org/~1 */
        return word.len;
    }
    return at - 1;
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
static bool find_first(lede_span query, size_t begin, lede_span word,
                       lede_sign *sign)
{
    uint8_t first = word.bytes[0];
    bool goes_on = has_operand(query, begin + 1);

    if (lede_span_starts(word, "NEAR/") || lede_span_starts(word, "ADJ/")) {
        sign->next = word.len;
        return found(sign, 0, word.len,
                     "'%.*s' is no operator here: it is read as words");
    }
    if (first == '-' && has_operand(query, behind_all(query, begin, '-'))) {
        return found(sign, 0, 1,
                     "this '%.*s' excludes nothing here: it is ignored");
    }
    if (lede_span_is(word, "-") || lede_span_is(word, "=")) {
        return found(sign, 0, 1,
                     "nothing stands behind this '%.*s': it is ignored");
    }
    if (first == '!' && goes_on) {
        return found(sign, 0, 1,
                     "'%.*s' excludes nothing here ('-' does): it is ignored");
    }
    if ((first == '+' || first == '~') && goes_on &&
        !is_digit(query.bytes[begin + 1])) {
        return found(sign, 0, 1, LEDE_SIGN_IGNORED);
    }
    return false;
}

/* A wildcard at `at`: * anywhere, ? between letters but not in an address. */
static bool is_wildcard(lede_span word, size_t at)
{
    if (word.bytes[at] != '?') {
        return word.bytes[at] == '*';
    }
    return at > 0 && at + 1 < word.len && is_letter(word.bytes[at - 1]) &&
           is_letter(word.bytes[at + 1]) && memchr(word.bytes, '/', at) == NULL;
}

/* A sign at `at`, wherever in the word that is. */
static bool find_inside(lede_span word, size_t at, lede_sign *sign)
{
    uint8_t byte = word.bytes[at];
    uint8_t next = at + 1 < word.len ? word.bytes[at + 1] : 0;
    size_t len = 1u + (byte == next);

    if (byte == '|' || (byte == '&' && next == '&')) {
        sign->next = at + len;
        return found(
            sign, at, len,
            byte == '|' ? "'%.*s' is no operator here (OR is): it is ignored"
                        : "'%.*s' is no operator here (AND is): it is ignored");
    }
    if (is_wildcard(word, at)) {
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
    size_t free_len = lede_sign_free_len(word);
    size_t at = sign->next;

    if (word.len == 0) {
        return false;
    }
    if (at == 0 && find_first(query, begin, word, sign)) {
        sign->next += sign->next == 0;
        return true;
    }
    for (; at < free_len; at++) {
        sign->next = at + 1;
        if (find_inside(lede_span_part(word, 0, free_len), at, sign)) {
            return true;
        }
    }
    sign->next = word.len;
    return at == free_len && free_len < word.len &&
           found(sign, free_len, word.len - free_len, LEDE_SIGN_IGNORED);
}
