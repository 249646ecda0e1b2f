#include "query/foreign.h"

#include <stdio.h>
#include <string.h>

#include "query/lex.h"
#include "query/parse.h"

enum { MOST_FIGURES = 4, MOST_NAME = 16, MOST_LOOKED_AT = 32 };

static const char *const nears[] = {"w", "n", "near", "within", "around", ""};
static const char *const ordered[] = {"pre", "p", "onear", "adj"};
static const char *const units[] = {"s", "p", "sent", "para", "seg"};
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Whether the word is a name, in any letters. */
static bool is_name(lede_span word, const char *name)
{
    if (word.len != strlen(name)) {
        return false;
    }
    for (size_t i = 0; i < word.len; i++) {
        uint8_t byte = word.bytes[i];

        if ((byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte) != name[i]) {
            return false;
        }
    }
    return true;
}

static bool is_among(lede_span word, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_name(word, names[i])) {
            return true;
        }
    }
    return false;
}

/* The figures at `at`; their number, or 0 if it is none for NEAR. */
static size_t figures(lede_span text, size_t at, unsigned *number)
{
    size_t end = at;

    *number = 0;
    while (end < text.len && text.bytes[end] >= '0' && text.bytes[end] <= '9') {
        *number = end - at < MOST_FIGURES
                      ? *number * 10 + (text.bytes[end] - 48u)
                      : LEDE_NEAR_MOST + 1u;
        end++;
    }
    *number = *number > LEDE_NEAR_MOST ? 0 : *number;
    return end - at;
}

static bool found(lede_foreign *out, size_t len, const char *instead,
                  unsigned number)
{
    out->len = len;
    if (number > 0) {
        snprintf(out->instead, sizeof out->instead, "%s/%u", instead, number);
    } else {
        snprintf(out->instead, sizeof out->instead, "%s", instead);
    }
    return true;
}

/* w/5, pre/3, /s. */
static bool find_slash(lede_span word, lede_foreign *out)
{
    const uint8_t *slash = memchr(word.bytes, '/', word.len);
    lede_span name, rest;
    unsigned number;

    if (slash == NULL) {
        return false;
    }
    name = lede_span_part(word, 0, (size_t)(slash - word.bytes));
    rest = lede_span_part(word, name.len + 1, word.len);
    if (rest.len > 0 && figures(rest, 0, &number) == rest.len) {
        if (is_among(name, nears, COUNT(nears))) {
            return found(out, word.len, "NEAR", number);
        }
        return is_among(name, ordered, COUNT(ordered)) &&
               found(out, word.len, "ADJ", number);
    }
    return (name.len == 0 || is_name(name, "w")) &&
           is_among(rest, units, COUNT(units)) &&
           found(out, word.len, "SAME", 0);
}

/* adj3, NEAR:3. */
static bool find_figures(lede_span word, lede_foreign *out)
{
    static const char *const names[] = {"near", "adj"};

    for (size_t i = 0; i < COUNT(names); i++) {
        size_t len = strlen(names[i]);
        unsigned number;

        if (word.len <= len ||
            !is_name(lede_span_part(word, 0, len), names[i])) {
            continue;
        }
        len += word.bytes[len] == ':';
        if (len < word.len && figures(word, len, &number) == word.len - len) {
            return found(out, word.len, i == 0 ? "NEAR" : "ADJ", number);
        }
    }
    return false;
}

bool lede_foreign_number(lede_span query, size_t at)
{
    unsigned number;
    size_t len;

    if (at >= query.len || query.bytes[at] != '(') {
        return false;
    }
    len = figures(query, at + 1, &number);
    return len > 0 && at + 1 + len < query.len &&
           query.bytes[at + 1 + len] == ')';
}

/* AROUND(5), NEAR(5); ATLEAST5(...). */
static bool find_call(lede_span query, size_t at, lede_span word,
                      lede_foreign *out)
{
    static const char *const names[] = {"AROUND", "NEAR", "WITHIN", "ADJ",
                                        "ONEAR"};
    size_t end = at + word.len, len;
    unsigned number;

    if (lede_foreign_number(query, end)) {
        for (size_t i = 0; i < COUNT(names); i++) {
            if (lede_span_is(word, names[i])) {
                len = figures(query, end + 1, &number);
                return found(out, word.len + len + 2, i < 3 ? "NEAR" : "ADJ",
                             number);
            }
        }
    }
    return end < query.len && query.bytes[end] == '(' && word.len > 7 &&
           is_name(lede_span_part(word, 0, 7), "atleast") &&
           figures(word, 7, &number) == word.len - 7 &&
           found(out, word.len, "", 0);
}

static bool find_keyword(lede_span word, lede_foreign *out)
{
    if (lede_span_is(word, "ANDNOT") || lede_span_is(word, "BUTNOT")) {
        return found(out, word.len, "NOT", 0);
    }
    return lede_span_is(word, "XOR") && found(out, word.len, "", 0);
}

static bool is_blank(lede_span query, size_t begin, size_t end)
{
    while (begin < end) {
        size_t blank = lede_lex_blank(query, begin);

        if (blank == 0) {
            return false;
        }
        begin += blank;
    }
    return true;
}

/* Something stands before and behind it that it would work on. */
static bool is_between(lede_span query, size_t at, size_t end)
{
    size_t before = at;

    if (!lede_lex_is_behind_border(query, at) || is_blank(query, 0, at)) {
        return false;
    }
    while (before > 0 && query.bytes[before - 1] <= ' ') {
        before--;
    }
    if (before == 0 || query.bytes[before - 1] == '(') {
        return false;
    }
    while (end < query.len && lede_lex_blank(query, end) > 0) {
        end += lede_lex_blank(query, end);
    }
    return end < query.len && query.bytes[end] != ')';
}

/* The word at `at`, of which no more than some is looked at: a query may be one
 * long word that is asked about at each of its parts. */
static lede_span word_at(lede_span query, size_t at)
{
    lede_span near = query;

    if (query.len - at > MOST_LOOKED_AT) {
        near.len = at + MOST_LOOKED_AT;
    }
    return lede_span_part(query, at, lede_lex_word_end(near, at) - at);
}

bool lede_foreign_at(lede_span query, size_t at, lede_foreign *out)
{
    lede_span word = word_at(query, at);
    bool is_call;

    if (word.len == 0 || word.len > MOST_NAME) {
        return false;
    }
    is_call = find_call(query, at, word, out);
    if (is_call && out->instead[0] == '\0') {
        return true; /* ATLEAST stands before its operand */
    }
    return (is_call || find_slash(word, out) || find_figures(word, out) ||
            find_keyword(word, out)) &&
           !lede_span_starts(word, "NEAR/") &&
           !lede_span_starts(word, "ADJ/") &&
           is_between(query, at, at + out->len);
}

size_t lede_foreign_equals(lede_span query, size_t at, lede_span *name,
                           lede_span *sign)
{
    lede_span word = word_at(query, at);
    size_t len = 0, end;

    while (len < word.len && len < MOST_NAME &&
           (word.bytes[len] | 0x20) >= 'a' && (word.bytes[len] | 0x20) <= 'z') {
        len++;
    }
    end = len;
    while (end < word.len && end < len + 2 &&
           (word.bytes[end] == '=' || word.bytes[end] == '<' ||
            word.bytes[end] == '>')) {
        end++;
    }
    if (len == 0 || end == len ||
        (end == word.len && lede_lex_quote(query, at + end) == 0)) {
        return 0;
    }
    *name = lede_span_part(word, 0, len);
    *sign = lede_span_part(word, len, end - len);
    return end;
}
