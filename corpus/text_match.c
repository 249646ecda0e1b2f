#include "corpus/text_match.h"

#include "base/utf8.h"

static uint8_t lower_of(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + ('a' - 'A')) : byte;
}

static bool equal_at(lede_span text, size_t at, const char *lower, size_t len)
{
    if (at > text.len || text.len - at < len) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (lower_of(text.bytes[at + i]) != (uint8_t)lower[i]) {
            return false;
        }
    }
    return true;
}

bool lede_match_is(lede_span text, const char *lower)
{
    size_t len = strlen(lower);

    return text.len == len && equal_at(text, 0, lower, len);
}

bool lede_match_equal(lede_span a, lede_span b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (lower_of(a.bytes[i]) != lower_of(b.bytes[i])) {
            return false;
        }
    }
    return true;
}

bool lede_match_starts(lede_span text, const char *lower)
{
    return equal_at(text, 0, lower, strlen(lower));
}

bool lede_match_ends(lede_span text, const char *lower)
{
    size_t len = strlen(lower);

    return text.len >= len && equal_at(text, text.len - len, lower, len);
}

size_t lede_match_find(lede_span text, size_t at, const char *lower)
{
    size_t len = strlen(lower);
    uint8_t first = (uint8_t)lower[0];

    for (; at <= text.len && text.len - at >= len; at++) {
        if ((text.len == at || lower_of(text.bytes[at]) == first) &&
            equal_at(text, at, lower, len)) {
            return at;
        }
    }
    return LEDE_MATCH_NONE;
}

size_t lede_match_find_last(lede_span text, const char *lower)
{
    size_t len = strlen(lower);

    if (text.len < len) {
        return LEDE_MATCH_NONE;
    }
    for (size_t at = text.len - len + 1; at-- > 0;) {
        if ((len == 0 || lower_of(text.bytes[at]) == (uint8_t)lower[0]) &&
            equal_at(text, at, lower, len)) {
            return at;
        }
    }
    return LEDE_MATCH_NONE;
}

static bool is_lost(lede_span text, size_t at)
{
    return text.len - at >= 3 && text.bytes[at] == 0xEF &&
           text.bytes[at + 1] == 0xBF && text.bytes[at + 2] == 0xBD;
}

/* The end of the match at `at`, or 0. More than one lost byte in four would
 * match anything. */
static size_t match_damaged(lede_span text, size_t at, const char *lower)
{
    size_t lost = 0;
    size_t len = strlen(lower);

    for (size_t i = 0; i < len; i++) {
        if (at >= text.len) {
            return 0;
        }
        if (is_lost(text, at)) {
            at += 3;
            lost++;
        } else if (lower_of(text.bytes[at]) == (uint8_t)lower[i]) {
            at++;
        } else {
            return 0;
        }
    }
    return lost * 4 <= len ? at : 0;
}

size_t lede_match_find_damaged(lede_span text, const char *lower, size_t *end)
{
    for (size_t at = text.len; at-- > 0;) {
        size_t stop = match_damaged(text, at, lower);

        if (stop != 0) {
            *end = stop;
            return at;
        }
    }
    return LEDE_MATCH_NONE;
}

bool lede_match_is_damaged(lede_span text)
{
    for (size_t at = 0; at + 3 <= text.len; at++) {
        if (is_lost(text, at)) {
            return true;
        }
    }
    return false;
}

static bool is_wide_blank(uint32_t c)
{
    return c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x2060 || c == 0x3000 ||
           c == 0xFEFF;
}

size_t lede_match_blank(lede_span text, size_t at)
{
    uint32_t c;
    size_t len;

    if (at >= text.len) {
        return 0;
    }
    if (text.bytes[at] < 0x80) {
        c = text.bytes[at];
        return c == ' ' || (c >= '\t' && c <= '\r') ? 1 : 0;
    }
    len = lede_utf8_decode(text.bytes + at, text.bytes + text.len, &c);
    return is_wide_blank(c) ? len : 0;
}

static size_t char_before(lede_span text, size_t end)
{
    size_t at = end;

    while (at > 0) {
        at--;
        if ((text.bytes[at] & 0xC0) != 0x80) {
            break;
        }
    }
    return at;
}

lede_span lede_match_trim(lede_span text)
{
    size_t begin = 0;
    size_t end = text.len;
    size_t len;

    while ((len = lede_match_blank(text, begin)) != 0) {
        begin += len;
    }
    while (end > begin) {
        size_t at = char_before(text, end);

        if (at < begin || lede_match_blank(text, at) != end - at) {
            break;
        }
        end = at;
    }
    return lede_span_part(text, begin, end - begin);
}

void lede_match_plain(lede_span text, uint8_t *out)
{
    size_t at = 0;

    while (at < text.len) {
        size_t len = lede_match_blank(text, at);

        if (len != 0) {
            memset(out + at, ' ', len);
            at += len;
        } else {
            out[at] = text.bytes[at];
            at++;
        }
    }
}

lede_span lede_match_word(lede_span text, size_t *at)
{
    size_t begin;
    size_t len;

    while ((len = lede_match_blank(text, *at)) != 0) {
        *at += len;
    }
    begin = *at;
    while (*at < text.len && lede_match_blank(text, *at) == 0) {
        (*at)++;
    }
    return lede_span_part(text, begin, *at - begin);
}

size_t lede_match_word_count(lede_span text)
{
    size_t count = 0;
    size_t at = 0;

    while (lede_match_word(text, &at).len > 0) {
        count++;
    }
    return count;
}

bool lede_match_starts_upper(lede_span text)
{
    uint32_t c;

    if (text.len == 0) {
        return false;
    }
    lede_utf8_decode(text.bytes, text.bytes + text.len, &c);
    return lede_utf8_is_upper(c);
}

bool lede_match_starts_lower(lede_span text)
{
    uint32_t c;

    if (text.len == 0) {
        return false;
    }
    lede_utf8_decode(text.bytes, text.bytes + text.len, &c);
    return lede_utf8_is_lower(c);
}

bool lede_match_has_digit(lede_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.bytes[i] >= '0' && text.bytes[i] <= '9') {
            return true;
        }
    }
    return false;
}

bool lede_match_ends_in(lede_span text, const char *ends, bool quotes)
{
    uint32_t c;
    size_t at;

    if (text.len == 0) {
        return false;
    }
    at = char_before(text, text.len);
    lede_utf8_decode(text.bytes + at, text.bytes + text.len, &c);
    if (quotes && (c == 0x201D || c == 0x2019 || c == 0xBB)) {
        return true;
    }
    return c > 0 && c < 0x80 && strchr(ends, (int)c) != NULL;
}

/* "Mr.", "U.S.", "Feb.": a full stop that ends no sentence. */
static bool is_abbreviation(lede_span text, size_t dot)
{
    static const char *const words[] = {
        "mr",   "mrs", "ms",   "dr",  "st",  "sen", "rep", "gov", "gen", "col",
        "lt",   "sgt", "prof", "no",  "vs",  "jan", "feb", "mar", "apr", "aug",
        "sept", "sep", "oct",  "nov", "dec", "jr",  "sr",  "rev", "hon", "capt",
        "adm",  "gov", "inc",  "e.g", "i.e", "a.m", "p.m"};
    size_t begin = dot;
    lede_span word;

    while (begin > 0 && lede_match_blank(text, begin - 1) == 0 &&
           text.bytes[begin - 1] != '(' && text.bytes[begin - 1] != '"') {
        begin--;
    }
    word = lede_span_part(text, begin, dot - begin);
    if (word.len == 1 || (word.len >= 3 && word.bytes[word.len - 2] == '.')) {
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (lede_match_is(word, words[i])) {
            return true;
        }
    }
    return false;
}

/* Behind closing quotes and brackets that belong to the sentence. */
static size_t skip_closers(lede_span text, size_t at)
{
    while (at < text.len) {
        uint32_t c;
        size_t len =
            lede_utf8_decode(text.bytes + at, text.bytes + text.len, &c);

        if (c != '"' && c != '\'' && c != ')' && c != ']' && c != 0x2019 &&
            c != 0x201D && c != 0xBB) {
            break;
        }
        at += len;
    }
    return at;
}

static size_t sentence_end(lede_span text)
{
    for (size_t at = 0; at < text.len; at++) {
        uint8_t c = text.bytes[at];
        size_t end;
        size_t next;

        if (c != '.' && c != '!' && c != '?') {
            continue;
        }
        end = skip_closers(text, at + 1);
        next = end;
        while (lede_match_blank(text, next) != 0) {
            next += lede_match_blank(text, next);
        }
        if (next >= text.len) {
            return text.len;
        }
        if (next > end && !(c == '.' && is_abbreviation(text, at)) &&
            !lede_match_starts_lower(
                lede_span_part(text, next, text.len - next))) {
            return end;
        }
    }
    return text.len;
}

lede_span lede_match_first_sentence(lede_span text, size_t max_chars)
{
    size_t chars = 0;
    size_t cut = 0;
    size_t at = 0;

    text = lede_match_trim(text);
    text.len = sentence_end(lede_span_part(text, 0, max_chars * 8 + 8));
    while (at < text.len) {
        uint32_t c;

        if (chars == max_chars) {
            return lede_match_trim(
                lede_span_part(text, 0, cut != 0 ? cut : at));
        }
        if (lede_match_blank(text, at) != 0) {
            cut = at;
        }
        at += lede_utf8_decode(text.bytes + at, text.bytes + text.len, &c);
        chars++;
    }
    return text;
}

size_t lede_match_number(lede_span text, size_t max_digits, uint32_t *out)
{
    uint32_t value = 0;
    size_t len = 0;

    while (len < text.len && text.bytes[len] >= '0' && text.bytes[len] <= '9') {
        if (len == max_digits) {
            return 0;
        }
        value = value * 10 + (uint32_t)(text.bytes[len] - '0');
        len++;
    }
    if (len > 0) {
        *out = value;
    }
    return len;
}
