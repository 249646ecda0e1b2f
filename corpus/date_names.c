/* date_names.c - characters and words of dates, folded so that Février, FEVRIER
 * and fevrier are one. */
#include "corpus/date_scan.h"

#include "base/utf8.h"

/* U+00C0 to U+017F without accent and case. */
static const char latin_bases[] =
    "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiii"
    "dnooooo ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggg"
    "gggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooo"
    "oooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static bool is_blank(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 ||
           c == 0x1680 || (c >= 0x2000 && c <= 0x200F) || c == 0x2028 ||
           c == 0x2029 || (c >= 0x202A && c <= 0x202F) || c == 0x205F ||
           (c >= 0x2060 && c <= 0x2069) || c == 0x3000 || c == 0xFEFF;
}

static bool is_letter(uint32_t c)
{
    if (c < 0x80) {
        return lede_scan_is_alpha((uint8_t)c);
    }
    return c >= 0xC0 && c != 0xD7 && c != 0xF7 && !is_blank(c) &&
           !(c >= 0x2000 && c <= 0x2BFF) && !(c >= 0x3000 && c <= 0x303F) &&
           c < 0xFE00;
}

static size_t decode(lede_span text, size_t at, uint32_t *out)
{
    if (at >= text.len) {
        *out = 0;
        return 0;
    }
    return lede_utf8_decode(text.bytes + at, text.bytes + text.len, out);
}

bool lede_scan_is_letter(lede_span text, size_t at)
{
    uint32_t c;

    return decode(text, at, &c) > 0 && is_letter(c);
}

size_t lede_scan_blanks(lede_span text, size_t at)
{
    size_t begin = at;
    uint32_t c;
    size_t len;

    while ((len = decode(text, at, &c)) > 0 && is_blank(c)) {
        at += len;
    }
    return at - begin;
}

size_t lede_scan_digits(lede_span text, size_t at, uint32_t *value)
{
    uint32_t number = 0;
    size_t count = 0;

    while (lede_scan_is_digit(lede_scan_at(text, at + count))) {
        if (count < 9) {
            number = number * 10 + (uint32_t)(text.bytes[at + count] - '0');
        }
        count++;
    }
    *value = number;
    return count;
}

size_t lede_scan_word(lede_span text, size_t at, const char *word)
{
    size_t i;

    for (i = 0; word[i] != '\0'; i++) {
        uint8_t c = lede_scan_at(text, at + i);

        if (c >= 'A' && c <= 'Z') {
            c = (uint8_t)(c + ('a' - 'A'));
        }
        if (c != (uint8_t)word[i]) {
            return 0;
        }
    }
    return i;
}

static uint32_t fold_greek(uint32_t c)
{
    static const uint16_t accented[][2] = {
        {0x386, 0x3B1}, {0x388, 0x3B5}, {0x389, 0x3B7}, {0x38A, 0x3B9},
        {0x38C, 0x3BF}, {0x38E, 0x3C5}, {0x38F, 0x3C9}, {0x390, 0x3B9},
        {0x3AC, 0x3B1}, {0x3AD, 0x3B5}, {0x3AE, 0x3B7}, {0x3AF, 0x3B9},
        {0x3B0, 0x3C5}, {0x3C2, 0x3C3}, {0x3CA, 0x3B9}, {0x3CB, 0x3C5},
        {0x3CC, 0x3BF}, {0x3CD, 0x3C5}, {0x3CE, 0x3C9}};
    size_t i;

    for (i = 0; i < sizeof accented / sizeof accented[0]; i++) {
        if (accented[i][0] == c) {
            return accented[i][1];
        }
    }
    return c >= 0x391 && c <= 0x3A9 ? c + 0x20 : c;
}

static uint32_t fold_cyrillic(uint32_t c)
{
    if (c >= 0x410 && c <= 0x42F) {
        c += 0x20;
    } else if (c >= 0x400 && c <= 0x40F) {
        c += 0x50;
    }
    if (c == 0x451) {
        return 0x435;
    }
    return c == 0x439 ? 0x438 : c;
}

/* 0 for a combining accent, which vanishes. */
static uint32_t fold_letter(uint32_t c)
{
    if (c >= 'A' && c <= 'Z') {
        return c + ('a' - 'A');
    }
    if (c >= 0xC0 && c < 0x180) {
        return (uint8_t)latin_bases[c - 0xC0];
    }
    if (c >= 0x218 && c <= 0x21B) {
        return c < 0x21A ? 's' : 't';
    }
    if (c >= 0x300 && c <= 0x36F) {
        return 0;
    }
    if (c >= 0x386 && c <= 0x3CE) {
        return fold_greek(c);
    }
    return c >= 0x400 && c <= 0x45F ? fold_cyrillic(c) : c;
}

size_t lede_scan_fold(lede_span text, size_t at, char out[LEDE_SCAN_WORD_BYTES])
{
    size_t begin = at;
    size_t used = 0;
    uint32_t c;
    size_t len;

    while ((len = decode(text, at, &c)) > 0 && is_letter(c)) {
        uint32_t folded = fold_letter(c);
        uint8_t bytes[4];
        size_t width = folded == 0 ? 0 : lede_utf8_encode(bytes, folded);

        if (used + width >= LEDE_SCAN_WORD_BYTES) {
            return 0;
        }
        memcpy(out + used, bytes, width);
        used += width;
        at += len;
    }
    out[used] = '\0';
    return used == 0 ? 0 : at - begin; /* accents alone are no word */
}

bool lede_scan_is_listed(const char *list, const char *end, const char *word,
                         size_t len)
{
    const char *p = list;

    while (p < end) {
        const char *begin = p;

        while (p < end && *p != ' ') {
            p++;
        }
        if (*begin == word[0] && (size_t)(p - begin) == len &&
            memcmp(begin, word, len) == 0) {
            return true;
        }
        p++;
    }
    return false;
}

bool lede_month_name_get(const char *folded, lede_month_name *out)
{
    size_t low = 0;
    size_t high = lede_month_word_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(lede_month_words[middle].word, folded);

        if (order == 0) {
            *out = lede_month_words[middle].month;
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

bool lede_weekday_name_get(const char *folded)
{
    size_t low = 0;
    size_t high = lede_weekday_word_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(lede_weekday_words[middle], folded);

        if (order == 0) {
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}
