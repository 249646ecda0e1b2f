#include "query/lex.h"

#include "base/utf8.h"

static size_t code_at(lede_span query, size_t at, uint32_t *code)
{
    *code = 0;
    if (at >= query.len) {
        return 0;
    }
    return lede_utf8_decode(query.bytes + at, query.bytes + query.len, code);
}

size_t lede_lex_blank(lede_span query, size_t at)
{
    uint32_t code;
    size_t len = code_at(query, at, &code);

    switch (code) {
    case 0x20:
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000:
        return len;
    default:
        return (code >= 0x09 && code <= 0x0D) ||
                       (code >= 0x2000 && code <= 0x200A)
                   ? len
                   : 0;
    }
}

size_t lede_lex_quote(lede_span query, size_t at)
{
    uint32_t code;
    size_t len = code_at(query, at, &code);

    switch (code) {
    case '"':
    case 0xAB: /* guillemets */
    case 0xBB:
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0x2033:
    case 0x2039:
    case 0x203A:
    case 0x300C: /* corner brackets */
    case 0x300D:
    case 0x300E:
    case 0x300F:
    case 0xFF02:
        return len;
    default:
        return 0;
    }
}

size_t lede_lex_single_open(lede_span query, size_t at)
{
    uint32_t code;
    size_t len = code_at(query, at, &code);

    return code == 0x2018 ? len : 0;
}

size_t lede_lex_single_close(lede_span query, size_t at)
{
    uint32_t code;
    size_t len = code_at(query, at, &code);

    return code == 0x2019 ? len : 0;
}

static bool is_parenthesis(lede_span query, size_t at)
{
    return query.bytes[at] == '(' || query.bytes[at] == ')';
}

bool lede_lex_is_border(lede_span query, size_t at)
{
    return at >= query.len || is_parenthesis(query, at) ||
           lede_lex_blank(query, at) != 0;
}

bool lede_lex_is_behind_border(lede_span query, size_t at)
{
    size_t begin = at;

    if (at == 0 || is_parenthesis(query, at - 1)) {
        return true;
    }
    do {
        begin--;
    } while (begin > 0 && at - begin < 4 &&
             (query.bytes[begin] & 0xC0) == 0x80);
    return begin + lede_lex_blank(query, begin) == at;
}

/* Most of what is typed, and never a border. */
static bool is_letter_or_figure(uint8_t byte)
{
    return (uint8_t)((byte | 0x20) - 'a') < 26 || (uint8_t)(byte - '0') < 10;
}

size_t lede_lex_word_end(lede_span query, size_t at)
{
    for (;;) {
        uint32_t code;

        while (at < query.len && is_letter_or_figure(query.bytes[at])) {
            at++;
        }
        if (lede_lex_is_border(query, at) || lede_lex_quote(query, at) != 0) {
            return at;
        }
        at += code_at(query, at, &code);
    }
}

size_t lede_lex_field_name(lede_span word)
{
    size_t len = 0;

    while (
        len < word.len && len < 16 &&
        (((word.bytes[len] | 0x20) >= 'a' && (word.bytes[len] | 0x20) <= 'z') ||
         word.bytes[len] == '_')) {
        len++;
    }
    return len > 0 && len < word.len && word.bytes[len] == ':' ? len : 0;
}

bool lede_lex_is_lone_star(lede_span query, size_t at)
{
    return query.bytes[at] == '*' && lede_lex_is_behind_border(query, at) &&
           at + 1 < query.len && lede_lex_blank(query, at + 1) > 0;
}
