/* tree_json.h - a whole JSON document as a tree, for truth files.
 *
 * Small and strict enough for files that tests bring along; the project's own
 * reader is not used, so that tests of it stay independent. */
#ifndef LEDE_TESTS_SUPPORT_TREE_JSON_H
#define LEDE_TESTS_SUPPORT_TREE_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "tests/support/check.h"

typedef struct tree_json {
    char type; /* '{' '[' '"' or '0' for everything else */
    lede_span key;
    lede_span text;
    struct tree_json *child, *next;
} tree_json;

static inline void tree_skip(const uint8_t **p, const uint8_t *end)
{
    while (*p < end && strchr(" \t\r\n,:", **p) != NULL) {
        (*p)++;
    }
}

static inline uint32_t tree_hex(const uint8_t *p)
{
    char hex[5] = {(char)p[0], (char)p[1], (char)p[2], (char)p[3], '\0'};

    return (uint32_t)strtoul(hex, NULL, 16);
}

static inline lede_span tree_string(lede_arena *arena, const uint8_t **p,
                                    const uint8_t *end)
{
    lede_buf buf = {0};
    lede_span text;

    assert_true(*p < end && **p == '"');
    for ((*p)++; *p < end && **p != '"'; (*p)++) {
        if (**p != '\\') {
            lede_buf_put_byte(&buf, **p);
            continue;
        }
        (*p)++;
        if (**p == 'u') {
            uint32_t code = tree_hex(*p + 1);
            uint8_t bytes[4];

            *p += 4;
            if (code >= 0xD800 && code < 0xDC00) {
                code = 0x10000 + ((code - 0xD800) << 10) +
                       (tree_hex(*p + 3) - 0xDC00);
                *p += 6;
            }
            lede_buf_put(&buf, bytes, lede_utf8_encode(bytes, code));
        } else {
            const char *at = strchr("n\nt\tr\rb\bf\f", **p);

            lede_buf_put_byte(&buf, at == NULL ? **p : (uint8_t)at[1]);
        }
    }
    (*p)++;
    text = lede_arena_copy(arena, lede_buf_span(&buf));
    lede_buf_done(&buf);
    return text;
}

static inline tree_json *tree_value(lede_arena *arena, const uint8_t **p,
                                    const uint8_t *end)
{
    tree_json *value = lede_arena_get(arena, sizeof *value);
    tree_json **last = &value->child;

    tree_skip(p, end);
    assert_true(*p < end);
    value->type = (char)**p;
    if (**p == '"') {
        value->text = tree_string(arena, p, end);
    } else if (**p == '{' || **p == '[') {
        char close = **p == '{' ? '}' : ']';

        (*p)++;
        for (tree_skip(p, end); *p < end && **p != (uint8_t)close;
             tree_skip(p, end)) {
            lede_span key = {NULL, 0};

            if (close == '}') {
                key = tree_string(arena, p, end);
            }
            *last = tree_value(arena, p, end);
            (*last)->key = key;
            last = &(*last)->next;
        }
        (*p)++;
    } else {
        const uint8_t *begin = *p;

        while (*p < end && strchr(",]} \r\n\t", **p) == NULL) {
            (*p)++;
        }
        value->type = '0';
        value->text = lede_span_of(begin, (size_t)(*p - begin));
    }
    return value;
}

static inline tree_json *tree_parse(lede_arena *arena, lede_span json)
{
    const uint8_t *p = json.bytes;

    return tree_value(arena, &p, json.bytes + json.len);
}

static inline const tree_json *tree_get(const tree_json *value, const char *key)
{
    for (const tree_json *at = value->child; at != NULL; at = at->next) {
        if (lede_span_is(at->key, key)) {
            return at;
        }
    }
    return NULL;
}

/* The text of a member; empty for null or none. */
static inline lede_span tree_text(const tree_json *value, const char *key)
{
    const tree_json *member = tree_get(value, key);

    return member == NULL || member->type != '"' ? lede_span_of(NULL, 0)
                                                 : member->text;
}

static inline size_t tree_count(const tree_json *value)
{
    size_t count = 0;

    for (const tree_json *at = value->child; at != NULL; at = at->next) {
        count++;
    }
    return count;
}

#endif
