/* strict_json.h - whether a text is JSON, by the letter of RFC 8259
 *
 * What the program writes is for readers that forgive nothing, so tests look at
 * it with this and not with the reader of corpus/, which takes what pages get
 * wrong. */
#ifndef LEDE_TESTS_SUPPORT_STRICT_JSON_H
#define LEDE_TESTS_SUPPORT_STRICT_JSON_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct strict_json {
    const char *at, *end;
} strict_json;

static bool strict_json_value(strict_json *j, unsigned depth);

static bool strict_json_is(const strict_json *j, char c)
{
    return j->at < j->end && *j->at == c;
}

static bool strict_json_take(strict_json *j, const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(j->end - j->at) < len || memcmp(j->at, word, len) != 0) {
        return false;
    }
    j->at += len;
    return true;
}

static void strict_json_space(strict_json *j)
{
    while (j->at < j->end && strchr(" \t\r\n", *j->at) != NULL) {
        j->at++;
    }
}

static bool strict_json_digits(strict_json *j)
{
    const char *begin = j->at;

    while (j->at < j->end && isdigit((unsigned char)*j->at)) {
        j->at++;
    }
    return j->at > begin;
}

static bool strict_json_number(strict_json *j)
{
    strict_json_take(j, "-");
    if (!strict_json_take(j, "0") && !strict_json_digits(j)) {
        return false;
    }
    if (strict_json_take(j, ".") && !strict_json_digits(j)) {
        return false;
    }
    if (strict_json_take(j, "e") || strict_json_take(j, "E")) {
        if (!strict_json_take(j, "-")) {
            strict_json_take(j, "+");
        }
        return strict_json_digits(j);
    }
    return true;
}

static bool strict_json_string(strict_json *j)
{
    unsigned i;

    if (!strict_json_take(j, "\"")) {
        return false;
    }
    while (j->at < j->end && *j->at != '"') {
        if ((unsigned char)*j->at < 0x20) {
            return false;
        }
        if (*j->at++ != '\\') {
            continue;
        }
        if (strict_json_take(j, "u")) {
            for (i = 0; i < 4; i++, j->at++) {
                if (j->at == j->end || !isxdigit((unsigned char)*j->at)) {
                    return false;
                }
            }
        } else if (j->at == j->end || *j->at == '\0' ||
                   strchr("\"\\/bfnrt", *j->at++) == NULL) {
            return false;
        }
    }
    return strict_json_take(j, "\"");
}

/* The items between brackets; those of an object have names. */
static bool strict_json_items(strict_json *j, char close, unsigned depth)
{
    bool is_first = true;

    j->at++;
    strict_json_space(j);
    while (!strict_json_is(j, close)) {
        if (!is_first && !strict_json_take(j, ",")) {
            return false;
        }
        is_first = false;
        strict_json_space(j);
        if (close == '}') {
            if (!strict_json_string(j)) {
                return false;
            }
            strict_json_space(j);
            if (!strict_json_take(j, ":")) {
                return false;
            }
        }
        if (!strict_json_value(j, depth + 1)) {
            return false;
        }
    }
    j->at++;
    return true;
}

static bool strict_json_value(strict_json *j, unsigned depth)
{
    bool is_good;

    strict_json_space(j);
    if (depth > 100) {
        return false;
    }
    if (strict_json_is(j, '{')) {
        is_good = strict_json_items(j, '}', depth);
    } else if (strict_json_is(j, '[')) {
        is_good = strict_json_items(j, ']', depth);
    } else if (strict_json_is(j, '"')) {
        is_good = strict_json_string(j);
    } else {
        is_good = strict_json_take(j, "true") || strict_json_take(j, "false") ||
                  strict_json_take(j, "null") || strict_json_number(j);
    }
    strict_json_space(j);
    return is_good;
}

/* Whether the text is exactly one value. */
static bool strict_json_is_one(const char *text, size_t len)
{
    strict_json j = {text, text + len};

    return strict_json_value(&j, 0) && j.at == j.end;
}

/* Whether each line is exactly one value, the last one with its end. */
static bool strict_json_are_lines(const char *text, size_t len)
{
    const char *end = text + len;

    while (text < end) {
        const char *line = memchr(text, '\n', (size_t)(end - text));

        if (line == NULL || !strict_json_is_one(text, (size_t)(line - text))) {
            return false;
        }
        text = line + 1;
    }
    return true;
}

#endif
