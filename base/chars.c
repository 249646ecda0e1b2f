#include "base/chars.h"

#include <string.h>

#include <unictype.h>
#include <uniwbrk.h>
#include <utf8proc.h>

typedef struct code_range {
    uint32_t first, last;
} code_range;

static bool in_ranges(const code_range *ranges, size_t count, uint32_t code)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (code > ranges[middle].last) {
            low = middle + 1;
        } else if (code < ranges[middle].first) {
            high = middle;
        } else {
            return true;
        }
    }
    return false;
}

#define IN_RANGES(ranges, code)                                                \
    in_ranges((ranges), sizeof(ranges) / sizeof((ranges)[0]), (code))

/* Accents and points that readers leave out when they type. Vowel signs of
 * Indic scripts, Thai tone marks and the like are marks too, but words change
 * without them: they stay. */
bool lede_char_is_accent(uint32_t code)
{
    static const code_range accents[] = {
        {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF},
        {0x05C1, 0x05C2}, {0x05C4, 0x05C5}, {0x05C7, 0x05C7}, {0x0610, 0x061A},
        {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x06DF, 0x06E4},
        {0x06E7, 0x06E8}, {0x06EA, 0x06ED}, {0x0711, 0x0711}, {0x0730, 0x074A},
        {0x08CA, 0x08FF}, {0x1AB0, 0x1ACE}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20F0},
        {0xFE20, 0xFE2F},
    };

    return code >= 0x0300 && IN_RANGES(accents, code);
}

static bool is_ignored(uint32_t code)
{
    static const code_range ignored[] = {
        {0x00AD, 0x00AD},   /* soft hyphen */
        {0x034F, 0x034F},   /* combining grapheme joiner */
        {0x061C, 0x061C},   /* Arabic letter mark */
        {0x0640, 0x0640},   /* Arabic tatweel, only stretches a word */
        {0x115F, 0x1160},   /* Hangul fillers */
        {0x17B4, 0x17B5},   /* Khmer inherent vowels, never seen */
        {0x180B, 0x180F},   /* Mongolian variation selectors */
        {0x200B, 0x200F},   /* zero-width space and joiners, bidi marks */
        {0x202A, 0x202E},   /* bidi embeddings */
        {0x2060, 0x206F},   /* word joiner, invisible operators, isolates */
        {0x3164, 0x3164},   /* Hangul filler */
        {0xFE00, 0xFE0F},   /* variation selectors */
        {0xFEFF, 0xFEFF},   /* byte order mark */
        {0xFFA0, 0xFFA0},   /* halfwidth Hangul filler */
        {0x1BCA0, 0x1BCA3}, /* shorthand format controls */
        {0x1D173, 0x1D17A}, /* musical format controls */
        {0xE0000, 0xE0FFF}, /* tags, variation selectors */
    };

    return IN_RANGES(ignored, code);
}

static bool is_hangul(uint32_t code)
{
    static const code_range hangul[] = {
        {0x1100, 0x115E}, {0x3131, 0x318E}, {0xA960, 0xA97C},
        {0xAC00, 0xD7A3}, {0xFFA1, 0xFFDC},
    };

    return IN_RANGES(hangul, code);
}

static bool is_jamo_tail(uint32_t code)
{
    return (code >= 0x1161 && code <= 0x11FF) ||
           (code >= 0xD7B0 && code <= 0xD7FB);
}

/* Where lede decides otherwise than Word_Break, character by character. */
static bool decided_class(uint32_t code, lede_char_class *out)
{
    switch (code) {
    case '\'':
    case '`':
    case 0x00B4: /* acute accent, typed for an apostrophe */
    case 0x02B9: /* modifier letters of transliteration */
    case 0x02BB:
    case 0x02BC:
    case 0x02BD:
    case 0x02BE:
    case 0x02BF:
    case 0x02C8:
    case 0x2018:
    case 0x2019:
    case 0x201B:
    case 0x2032:
    case 0x055A:
    case 0xA78B:
    case 0xA78C:
    case 0xFF07:
        *out = LEDE_CHAR_APOSTROPHE;
        return true;
    case '-':
    case '&':
    case '_':
    case 0x058A: /* Armenian hyphen */
    case 0x05BE: /* Hebrew maqaf */
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013: /* en dash: New York-London is printed so */
    case 0x2212: /* minus */
    case 0x30A0: /* katakana double hyphen */
    case 0xFE60: /* small ampersand */
    case 0xFE63:
    case 0xFF06:
    case 0xFF0D:
    case 0xFF3F:
        *out = LEDE_CHAR_HYPHEN;
        return true;
    case '.':
    case 0x066B: /* Arabic decimal separator */
    case 0x2024:
    case 0xFE52:
    case 0xFF0E:
        *out = LEDE_CHAR_STOP;
        return true;
    case ',':
    case 0x060C:
    case 0x066C: /* Arabic thousands separator */
    case 0xFE10:
    case 0xFE50:
    case 0xFF0C:
        *out = LEDE_CHAR_COMMA;
        return true;
    case 0x00B7: /* Catalan col·lecció */
    case 0x0387:
    case 0x2027:
    case 0x05F3: /* Hebrew geresh and gershayim */
    case 0x05F4:
        *out = LEDE_CHAR_DROPPED;
        return true;
    default:
        return false;
    }
}

static bool is_letter_category(utf8proc_category_t category)
{
    return (category >= UTF8PROC_CATEGORY_LU &&
            category <= UTF8PROC_CATEGORY_LO) ||
           category == UTF8PROC_CATEGORY_NL;
}

static lede_char_class class_by_category(uint32_t code)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);

    if (category == UTF8PROC_CATEGORY_ND) {
        return LEDE_CHAR_DIGIT;
    }
    /* Letters that have no Word_Break class of their own are those of scripts
     * without blanks: ideographs, Hiragana, Thai, Lao, Khmer, Burmese ... */
    return is_letter_category(category) ? LEDE_CHAR_CONTINUOUS
                                        : LEDE_CHAR_OTHER;
}

static lede_char_class class_by_word_break(uint32_t code)
{
    switch (uc_wordbreak_property(code)) {
    case WBP_ALETTER:
    case WBP_HL:
        return LEDE_CHAR_LETTER;
    case WBP_NUMERIC:
        return LEDE_CHAR_DIGIT;
    case WBP_KATAKANA:
        return LEDE_CHAR_CONTINUOUS;
    case WBP_EXTEND:
        return LEDE_CHAR_MARK;
    case WBP_FORMAT:
    case WBP_ZWJ:
        return LEDE_CHAR_IGNORED;
    case WBP_OTHER:
        return class_by_category(code);
    default:
        return LEDE_CHAR_OTHER;
    }
}

lede_char_class lede_char_class_of(uint32_t code)
{
    lede_char_class decided;

    if (code >= 0x4E00 && code <= 0x9FFF) {
        return LEDE_CHAR_CONTINUOUS;
    }
    if (decided_class(code, &decided)) {
        return decided;
    }
    if (code < 0xAD) {
        return class_by_word_break(code);
    }
    if (is_ignored(code)) {
        return LEDE_CHAR_IGNORED;
    }
    if (is_jamo_tail(code)) {
        return LEDE_CHAR_JAMO;
    }
    if (is_hangul(code)) {
        return LEDE_CHAR_CONTINUOUS;
    }
    if ((code >= 0x3300 && code <= 0x33FF) || code == 0x309B ||
        code == 0x309C) {
        return LEDE_CHAR_OTHER; /* squared words, free voicing marks */
    }
    if (code >= 0x2080 && code <= 0x2089) {
        return LEDE_CHAR_DIGIT; /* the 2 of CO2 */
    }
    return class_by_word_break(code);
}

char lede_char_case(uint32_t code)
{
    /* Cherokee folds to its capitals: counting them would unfold words. */
    if ((code >= 0x13A0 && code <= 0x13FD) ||
        (code >= 0xAB70 && code <= 0xABBF)) {
        return 0;
    }
    switch (utf8proc_category((utf8proc_int32_t)code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
        return 'U';
    case UTF8PROC_CATEGORY_LL:
        return 'L';
    default:
        return 0;
    }
}

typedef struct plain_letter {
    uint16_t code;
    char plain[3];
} plain_letter;

/* Letters that have no decomposition and that readers type plain. */
static const char *plain_of(uint32_t code)
{
    static const plain_letter plains[] = {
        {0x00DF, "ss"}, {0x00E6, "ae"}, {0x00F0, "d"}, {0x00F8, "o"},
        {0x00FE, "th"}, {0x0111, "d"},  {0x0127, "h"}, {0x0131, "i"},
        {0x0138, "k"},  {0x0142, "l"},  {0x014B, "n"}, {0x0153, "oe"},
        {0x0167, "t"},  {0x0180, "b"},  {0x0199, "k"}, {0x019A, "l"},
        {0x01B4, "y"},  {0x01B6, "z"},  {0x01E5, "g"}, {0x0237, "j"},
        {0x0247, "e"},  {0x0249, "j"},  {0x024D, "r"}, {0x024F, "y"},
        {0x0253, "b"},  {0x0257, "d"},  {0x0268, "i"}, {0x0289, "u"},
        {0x1D7D, "p"},  {0xA7B5, "b"},
    };
    size_t i;

    if (code < 0xDF) {
        return NULL;
    }
    for (i = 0; i < sizeof plains / sizeof plains[0]; i++) {
        if (plains[i].code == code) {
            return plains[i].plain;
        }
    }
    return NULL;
}

typedef struct fold_sink {
    uint32_t *out;
    unsigned count;
    bool strip;
} fold_sink;

static void put_code(fold_sink *sink, uint32_t code)
{
    if (sink->count < LEDE_CHAR_FOLD_MAX) {
        sink->out[sink->count++] = code;
    }
}

static void put_folded(fold_sink *sink, uint32_t code)
{
    const char *plain = sink->strip ? plain_of(code) : NULL;
    utf8proc_category_t category;

    if (plain != NULL) {
        for (; *plain != '\0'; plain++) {
            put_code(sink, (uint8_t)*plain);
        }
        return;
    }
    category = utf8proc_category((utf8proc_int32_t)code);
    if (category == UTF8PROC_CATEGORY_ND) {
        int value = uc_decimal_value(code);

        put_code(sink, value < 0 ? code : (uint32_t)('0' + value));
    } else if (is_letter_category(category) ||
               (category >= UTF8PROC_CATEGORY_MN &&
                category <= UTF8PROC_CATEGORY_ME)) {
        lede_char_class class = lede_char_class_of(code);

        if (class != LEDE_CHAR_IGNORED && class != LEDE_CHAR_APOSTROPHE) {
            put_code(sink, code);
        }
    }
}

/* Russian and its neighbours tell short i from i, and their stems need it. */
static bool is_short_i(const fold_sink *sink, uint32_t mark)
{
    return mark == 0x0306 && sink->count > 0 &&
           (sink->out[sink->count - 1] == 0x0438);
}

static void fold_decomposed(fold_sink *sink, uint32_t code)
{
    utf8proc_int32_t folded[LEDE_CHAR_FOLD_MAX];
    utf8proc_ssize_t count;
    utf8proc_ssize_t i;
    int last_class = 0;

    count = utf8proc_decompose_char(
        (utf8proc_int32_t)code, folded, LEDE_CHAR_FOLD_MAX,
        UTF8PROC_CASEFOLD | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE, &last_class);
    for (i = 0; i < count && i < LEDE_CHAR_FOLD_MAX; i++) {
        uint32_t c = (uint32_t)folded[i];

        if (!sink->strip || !lede_char_is_accent(c)) {
            put_folded(sink, c);
        }
    }
}

/* True if the codes are one letter with its marks. Thai and Lao AM, say, would
 * fall apart into a mark, which goes to the syllable before, and a letter. */
static bool is_syllable(const utf8proc_int32_t *codes, utf8proc_ssize_t count)
{
    utf8proc_ssize_t i;

    for (i = 0; i < count && i < LEDE_CHAR_FOLD_MAX; i++) {
        bool is_mark = lede_char_class_of((uint32_t)codes[i]) == LEDE_CHAR_MARK;

        if (is_mark == (i == 0)) {
            return false;
        }
    }
    return true;
}

unsigned lede_char_fold(uint32_t code, bool strip,
                        uint32_t out[LEDE_CHAR_FOLD_MAX])
{
    utf8proc_int32_t parts[LEDE_CHAR_FOLD_MAX];
    utf8proc_ssize_t count;
    utf8proc_ssize_t i;
    int last_class = 0;
    fold_sink sink = {out, 0, strip};

    if ((code >= 0x4E00 && code <= 0x9FFF) ||
        (code >= 0xAC00 && code <= 0xD7A3)) {
        out[0] = code; /* most of CJK folds to itself */
        return 1;
    }
    count = utf8proc_decompose_char(
        (utf8proc_int32_t)code, parts, LEDE_CHAR_FOLD_MAX,
        UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE, &last_class);
    if (count > 1 && lede_char_class_of(code) == LEDE_CHAR_CONTINUOUS &&
        !is_syllable(parts, count)) {
        out[0] = code;
        return 1;
    }
    for (i = 0; i < count && i < LEDE_CHAR_FOLD_MAX; i++) {
        uint32_t c = (uint32_t)parts[i];

        if (strip && lede_char_is_accent(c)) {
            if (is_short_i(&sink, c)) {
                out[sink.count - 1] = 0x0439;
            }
            continue;
        }
        fold_decomposed(&sink, c);
    }
    return sink.count;
}

bool lede_char_composes(uint32_t code)
{
    if (code < 0x0300) {
        return false;
    }
    return is_jamo_tail(code) || (code >= 0x1100 && code <= 0x115E) ||
           lede_char_class_of(code) == LEDE_CHAR_MARK;
}

/* Marks in canonical order: a stable sort of each run of non-starters. */
static void order_marks(uint32_t *codes, unsigned count)
{
    unsigned i;

    for (i = 1; i < count; i++) {
        uint32_t code = codes[i];
        int class =
            utf8proc_get_property((utf8proc_int32_t)code)->combining_class;
        unsigned at = i;

        while (class != 0 && at > 0 &&
               utf8proc_get_property((utf8proc_int32_t)codes[at - 1])
                       ->combining_class > class) {
            codes[at] = codes[at - 1];
            at--;
        }
        codes[at] = code;
    }
}

unsigned lede_codes_compose(uint32_t *codes, unsigned count)
{
    utf8proc_ssize_t composed;

    order_marks(codes, count);
    composed = utf8proc_normalize_utf32((utf8proc_int32_t *)codes,
                                        (utf8proc_ssize_t)count,
                                        UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    return composed < 0 ? count : (unsigned)composed;
}
