#include "names/words.h"

#include <stdbool.h>

#include "base/utf8.h"

enum { OTHER = 0, SPACE, LINE, LETTER, CAPITAL, DIGIT, HIGH };

/* One class per first byte: the inner loop of everything. */
static const uint8_t byte_class[256] = {
    [' '] = SPACE,  ['\t'] = SPACE, ['\r'] = SPACE, ['\f'] = SPACE,
    ['\v'] = SPACE, ['\n'] = LINE,  ['0'] = DIGIT,  ['1'] = DIGIT,
    ['2'] = DIGIT,  ['3'] = DIGIT,  ['4'] = DIGIT,  ['5'] = DIGIT,
    ['6'] = DIGIT,  ['7'] = DIGIT,  ['8'] = DIGIT,  ['9'] = DIGIT,
#define LETTERS(c) [c] = LETTER, [(c)-32] = CAPITAL
    LETTERS('a'),   LETTERS('b'),   LETTERS('c'),   LETTERS('d'),
    LETTERS('e'),   LETTERS('f'),   LETTERS('g'),   LETTERS('h'),
    LETTERS('i'),   LETTERS('j'),   LETTERS('k'),   LETTERS('l'),
    LETTERS('m'),   LETTERS('n'),   LETTERS('o'),   LETTERS('p'),
    LETTERS('q'),   LETTERS('r'),   LETTERS('s'),   LETTERS('t'),
    LETTERS('u'),   LETTERS('v'),   LETTERS('w'),   LETTERS('x'),
    LETTERS('y'),   LETTERS('z'),
#undef LETTERS
};

/* Titles and their like, whose full stop ends no sentence. */
static const char *const abbreviations[] = {
    "adm", "ald", "atty", "capt", "cmdr", "col", "cpl",  "dr",   "fr",
    "ft",  "gen", "gov",  "hon",  "insp", "jr",  "lt",   "maj",  "messrs",
    "mme", "mr",  "mrs",  "ms",   "mt",   "no",  "pres", "prof", "rep",
    "rev", "sen", "sens", "reps", "sgt",  "sr",  "st",   "ste",  "supt",
    "vs",  "jan", "feb",  "aug",  "sept", "oct", "nov",  "dec",  "mlle"};

typedef struct scan {
    const uint8_t *bytes;
    size_t len;
    bool line_start;
    bool sentence_start;
} scan;

typedef struct letters {
    unsigned capitals, lowers, dots;
    bool inner_capital; /* one that is not the first letter */
    bool hyphen;
    bool behind_capital; /* a capital right behind an inner hyphen or ' */
    bool digit_first;
    bool capital_first;
} letters;

uint32_t lede_word_hash(lede_span word)
{
    uint32_t hash = 2166136261u;
    size_t i;

    for (i = 0; i < word.len; i++) {
        hash = (hash ^ word.bytes[i]) * 16777619u;
    }
    return hash ^ hash >> 15;
}

static bool is_abbreviation(const uint8_t *bytes, size_t len)
{
    size_t i;

    if (len < 2 || len > 6) {
        return false;
    }
    for (i = 0; i < sizeof abbreviations / sizeof abbreviations[0]; i++) {
        size_t k = 0;

        while (k < len && (bytes[k] | 32) == abbreviations[i][k]) {
            k++;
        }
        if (k == len && abbreviations[i][k] == '\0') {
            return true;
        }
    }
    return false;
}

/* Punctuation and blanks beyond ASCII. */
static bool is_high_blank(uint32_t code)
{
    return code == 0xA0 || (code >= 0x2000 && code <= 0x200B) ||
           code == 0x2028 || code == 0x2029 || code == 0x202F ||
           code == 0x3000 || code == 0xFEFF;
}

static bool is_high_punct(uint32_t code)
{
    return (code >= 0xA1 && code <= 0xBF && code != 0xAA && code != 0xB5 &&
            code != 0xBA) ||
           code == 0xD7 || code == 0xF7 || (code >= 0x200C && code <= 0x2BFF) ||
           (code >= 0x3001 && code <= 0x303F) || code == 0xFFFD;
}

/* An apostrophe at `at`, straight or curly: its length, else 0. */
static size_t apostrophe_at(const scan *in, size_t at)
{
    if (at < in->len && in->bytes[at] == '\'') {
        return 1;
    }
    if (in->len - at >= 3 && in->bytes[at] == 0xE2 &&
        in->bytes[at + 1] == 0x80 && in->bytes[at + 2] == 0x99) {
        return 3;
    }
    return 0;
}

/* The length of a letter or digit at `at`, else 0. */
static size_t letter_at(const scan *in, size_t at, uint32_t *code)
{
    size_t len;

    if (at >= in->len) {
        return 0;
    }
    *code = in->bytes[at];
    if (*code < 0x80) {
        return byte_class[*code] >= LETTER;
    }
    len = lede_utf8_decode(in->bytes + at, in->bytes + in->len, code);
    return is_high_blank(*code) || is_high_punct(*code) ? 0 : len;
}

static bool is_plain_s(const scan *in, size_t at)
{
    uint32_t code;

    return at < in->len && (in->bytes[at] | 32) == 's' &&
           letter_at(in, at + 1, &code) == 0;
}

static bool is_upper_code(uint32_t code)
{
    return code < 0x80 ? byte_class[code] == CAPITAL : lede_utf8_is_upper(code);
}

static void count_letter(letters *seen, uint32_t code, bool first)
{
    if (is_upper_code(code)) {
        seen->capitals++;
        seen->capital_first |= first;
        seen->inner_capital |= !first;
    } else if (code >= 0x80 || byte_class[code] == LETTER) {
        seen->lowers++;
    } else {
        seen->digit_first |= first;
    }
}

static uint8_t shape_of(const letters *seen, bool full_stop)
{
    if (seen->digit_first) {
        return LEDE_SHAPE_DIGIT;
    }
    if (!seen->capital_first) {
        return seen->behind_capital ? LEDE_SHAPE_INNER : LEDE_SHAPE_LOWER;
    }
    if (seen->dots > 0) {
        return LEDE_SHAPE_DOTTED;
    }
    if (seen->lowers == 0 && seen->capitals == 1) {
        return full_stop ? LEDE_SHAPE_INITIAL : LEDE_SHAPE_LETTER;
    }
    if (seen->lowers == 0) {
        return LEDE_SHAPE_UPPER;
    }
    if (seen->hyphen) {
        return seen->behind_capital ? LEDE_SHAPE_HYPHEN : LEDE_SHAPE_TAILED;
    }
    return seen->inner_capital ? LEDE_SHAPE_MIXED : LEDE_SHAPE_CAPITAL;
}

/* How many bytes at `at` join the letters on both sides, 0 if none do. */
static size_t joint_at(const scan *in, size_t at, const letters *seen,
                       size_t letter_count)
{
    uint32_t code;
    size_t len = apostrophe_at(in, at);

    if (len > 0) {
        return is_plain_s(in, at + len) || letter_at(in, at + len, &code) == 0
                   ? 0
                   : len;
    }
    if (at >= in->len || letter_at(in, at + 1, &code) == 0) {
        return 0;
    }
    switch (in->bytes[at]) {
    case '-':
    case '_':
        return 1;
    case '&':
        return seen->lowers == 0 && is_upper_code(code) ? 1 : 0;
    case '.':
        /* U.S., 1.5, bbc.com; but "end.Next" is a space forgotten */
        return letter_count == 1 || !is_upper_code(code) ? 1 : 0;
    case ',':
        return in->bytes[at - 1] < 0x80 && code < 0x80 &&
                       byte_class[in->bytes[at - 1]] == DIGIT &&
                       byte_class[code] == DIGIT
                   ? 1
                   : 0;
    default:
        return 0;
    }
}

static uint32_t hash_low(uint32_t hash, const uint8_t *bytes, size_t len)
{
    size_t i;

    if (len == 1) {
        uint8_t byte = bytes[0];
        byte |= byte_class[byte] == CAPITAL ? 32 : 0;
        return (hash ^ byte) * 16777619u;
    }
    for (i = 0; i < len; i++) {
        uint8_t byte = bytes[i];
        /* Latin-1 capitals; other scripts are compared as they are written */
        if (i == 1 && bytes[0] == 0xC3 && byte >= 0x80 && byte <= 0x9E) {
            byte |= 0x20;
        }
        hash = (hash ^ byte) * 16777619u;
    }
    return hash;
}

/* What most words are: letters of ASCII, all of them small but for the first,
 * and behind them something that joins nothing. Returns the end, or `begin` for
 * any other word. */
static size_t take_plain_word(const scan *in, size_t begin, lede_word *out)
{
    const uint8_t *bytes = in->bytes;
    bool capital = byte_class[bytes[begin]] == CAPITAL;
    uint32_t hash = (2166136261u ^ (bytes[begin] | 32)) * 16777619u;
    size_t at = begin + 1;
    bool full_stop;

    if (!capital && byte_class[bytes[begin]] != LETTER) {
        return begin;
    }
    for (; at < in->len && byte_class[bytes[at]] == LETTER; at++) {
        hash = (hash ^ bytes[at]) * 16777619u;
    }
    full_stop = at < in->len && bytes[at] == '.';
    if ((capital && at - begin < 2) ||
        (at < in->len && byte_class[bytes[at]] != SPACE &&
         byte_class[bytes[at]] != LINE && bytes[at] != ';' &&
         !(bytes[at] == ',' || full_stop)) ||
        (full_stop &&
         ((at + 1 < in->len && byte_class[bytes[at + 1]] != SPACE &&
           byte_class[bytes[at + 1]] != LINE) ||
          is_abbreviation(bytes + begin, at - begin)))) {
        return begin;
    }
    out->low = hash ^ hash >> 15;
    out->shape = capital ? LEDE_SHAPE_CAPITAL : LEDE_SHAPE_LOWER;
    out->flags |= capital ? LEDE_WORD_CAPITAL : 0;
    return at;
}

/* A word that begins with a letter or digit; returns its end. */
static size_t take_any_word(const scan *in, size_t begin, lede_word *out)
{
    letters seen = {0};
    uint32_t hash = 2166136261u;
    size_t at = begin;
    size_t since_joint = 0;
    bool behind_joint = false;
    bool full_stop = false;
    uint32_t code = 0;
    size_t len;

    while ((len = letter_at(in, at, &code)) > 0) {
        count_letter(&seen, code, at == begin);
        if (behind_joint && is_upper_code(code)) {
            seen.behind_capital = true;
        }
        hash = hash_low(hash, in->bytes + at, len);
        at += len;
        since_joint++;
        behind_joint = false;
        if (at < in->len &&
            (in->bytes[at] >= 0x80 || byte_class[in->bytes[at]] == OTHER)) {
            len = joint_at(in, at, &seen, since_joint);
            if (len > 0) {
                uint8_t joint = len == 3 ? '\'' : in->bytes[at];
                hash = (hash ^ joint) * 16777619u;
                seen.hyphen |= joint == '-';
                seen.dots += joint == '.';
                behind_joint = joint == '-' || joint == '\'';
                since_joint = 0;
                at += len;
            }
        }
    }
    if (at < in->len && in->bytes[at] == '.' &&
        !(at + 1 < in->len && in->bytes[at + 1] == '.')) {
        bool title = is_abbreviation(in->bytes + begin, at - begin);

        full_stop =
            title || (seen.dots > 0 ? since_joint == 1 && seen.capital_first
                                    : seen.capitals == 1 && seen.lowers == 0);
        /* "Mr." here is "Mr" there. */
        hash = full_stop && !title ? (hash ^ '.') * 16777619u : hash;
        at += full_stop;
    }
    out->low = hash ^ hash >> 15;
    out->shape = shape_of(&seen, full_stop);
    if (out->shape >= LEDE_SHAPE_CAPITAL) {
        out->flags |= LEDE_WORD_CAPITAL;
    }
    if (full_stop) {
        out->flags |= LEDE_WORD_ABBREVIATED;
    }
    return at;
}

static size_t take_word(const scan *in, size_t begin, lede_word *out)
{
    size_t end = take_plain_word(in, begin, out);

    return end > begin ? end : take_any_word(in, begin, out);
}

static size_t take_punct(const scan *in, size_t begin, lede_word *out)
{
    uint8_t byte = in->bytes[begin];
    size_t at = begin + 1;
    uint32_t code;

    out->shape = LEDE_SHAPE_PUNCT;
    if (apostrophe_at(in, begin) > 0) {
        at = begin + apostrophe_at(in, begin);
        byte = '\'';
        if (is_plain_s(in, at)) {
            out->shape = LEDE_SHAPE_LOWER;
            out->low = lede_word_hash(lede_span_text("'s"));
            return at + 1;
        }
    } else if (byte >= 0x80) {
        at = begin +
             lede_utf8_decode(in->bytes + begin, in->bytes + in->len, &code);
        byte =
            code == 0x2013 || code == 0x2014 || code == 0x2015 ? '-'
            : code == 0x201C || code == 0x201D || code == 0xAB || code == 0xBB
                ? '"'
            : code == 0x2018 ? '\''
            : code == 0x2026 ? '.'
                             : '*';
    }
    while (at < in->len && (byte == '-' || byte == '.' || byte == '*') &&
           in->bytes[at] == byte) {
        at++;
    }
    out->low = lede_word_hash(lede_span_of(&byte, 1));
    return at;
}

static bool ends_sentence(const scan *in, const lede_word *word)
{
    uint8_t byte = in->bytes[word->begin];

    return word->shape == LEDE_SHAPE_PUNCT &&
           (byte == '.' || byte == '!' || byte == '?');
}

static bool is_closing(const scan *in, const lede_word *word)
{
    uint8_t byte = in->bytes[word->begin];

    return word->shape == LEDE_SHAPE_PUNCT && byte != ',' && byte != ';' &&
           byte != ':' && byte != '-';
}

static void skip_blanks(scan *in, size_t *at)
{
    while (*at < in->len) {
        uint8_t class = byte_class[in->bytes[*at]];
        uint32_t code;
        size_t len;

        if (in->bytes[*at] >= 0x80) {
            len = lede_utf8_decode(in->bytes + *at, in->bytes + in->len, &code);
            if (!is_high_blank(code)) {
                return;
            }
            *at += len;
        } else if (class == SPACE || class == LINE) {
            in->line_start |= class == LINE;
            *at += 1;
        } else {
            return;
        }
    }
}

size_t lede_words_read(lede_span text, uint32_t number, size_t *at,
                       lede_word *out, size_t max)
{
    scan in = {text.bytes, text.len, true, true};
    size_t count = 0;

    while (count < max) {
        lede_word *word = &out[count];
        uint32_t code;

        skip_blanks(&in, at);
        if (*at >= in.len) {
            break;
        }
        *word = (lede_word){0};
        word->text = number;
        word->begin = (uint32_t)*at;
        *at = letter_at(&in, *at, &code) > 0 ? take_word(&in, *at, word)
                                             : take_punct(&in, *at, word);
        word->end = (uint32_t)*at;
        if (in.line_start) {
            word->flags |= LEDE_WORD_LINE_START | LEDE_WORD_SENTENCE_START;
        } else if (in.sentence_start) {
            word->flags |= LEDE_WORD_SENTENCE_START;
        }
        /* A quotation mark hands the beginning on to the word behind it. */
        in.sentence_start =
            ends_sentence(&in, word) ||
            ((in.sentence_start || in.line_start) && is_closing(&in, word));
        in.line_start = false;
        count++;
    }
    return count;
}

static void mark_line(lede_word *words, size_t count)
{
    size_t letters_begin = 0;
    size_t capital = 0;
    size_t upper = 0;
    size_t i;
    uint8_t mark = 0;

    for (i = 0; i < count; i++) {
        uint8_t shape = words[i].shape;

        letters_begin += shape != LEDE_SHAPE_PUNCT && shape != LEDE_SHAPE_DIGIT;
        capital += shape >= LEDE_SHAPE_CAPITAL;
        upper += shape >= LEDE_SHAPE_UPPER && shape <= LEDE_SHAPE_DOTTED;
    }
    if (letters_begin >= 3 && upper * 10 >= letters_begin * 8) {
        mark = LEDE_WORD_SHOUTED;
    } else if (letters_begin >= 4 && capital * 10 >= letters_begin * 7) {
        mark = LEDE_WORD_TITLED;
    }
    for (i = 0; mark != 0 && i < count; i++) {
        words[i].flags |= mark;
    }
}

void lede_words_mark_lines(lede_word *words, size_t count)
{
    size_t begin = 0;
    size_t i;

    for (i = 1; i <= count; i++) {
        if (i == count || (words[i].flags & LEDE_WORD_LINE_START) != 0) {
            mark_line(words + begin, i - begin);
            begin = i;
        }
    }
}
