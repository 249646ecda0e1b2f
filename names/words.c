#include "names/words.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"
#include "base/varint.h"
#include "names/word_memo.h"

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

/* What of ASCII may join letters on both sides. */
static const uint8_t may_join[256] = {
    ['-'] = 1, ['_'] = 1, ['&'] = 1, ['\''] = 1, ['.'] = 1};

typedef struct scan {
    const uint8_t *bytes;
    size_t len;
    bool line_start;
    bool sentence_start;
    lede_word_memo *memo; /* or NULL */
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

/* One of the list, in any letter case. */
static bool is_abbreviation(const uint8_t *bytes, size_t len)
{
    static const char list[] = LEDE_ABBREVIATIONS ",";
    const char *at = list;

    if (len < 2 || len > 6 || byte_class[bytes[0]] < LETTER ||
        byte_class[bytes[0]] > CAPITAL) {
        return false;
    }
    while (*at != '\0') {
        size_t k = 0;

        while (k < len && (bytes[k] | 32) == at[k]) {
            k++;
        }
        if (k == len && at[k] == ',') {
            return true;
        }
        at = strchr(at + k, ',') + 1;
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

/* The high bit of each of eight bytes that are small letters of ASCII. */
static uint64_t small_letters(uint64_t bytes)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t low = bytes & 0x7F * ones;
    uint64_t from_a = low + (0x80 - 'a') * ones;
    uint64_t behind_z = low + (0x7F - 'z') * ones;

    return from_a & ~behind_z & ~bytes & 0x80 * ones;
}

static size_t skip_small_letters(const scan *in, size_t at)
{
    while (in->len - at >= 8) {
        uint64_t others =
            ~small_letters(lede_load_u64(in->bytes + at)) & 0x8080808080808080u;

        if (others != 0) {
            return at + (size_t)__builtin_ctzll(others) / 8;
        }
        at += 8;
    }
    while (at < in->len && byte_class[in->bytes[at]] == LETTER) {
        at++;
    }
    return at;
}

static uint32_t hash_plain(const uint8_t *bytes, size_t len)
{
    uint32_t hash = (2166136261u ^ (bytes[0] | 32)) * 16777619u;
    size_t i;

    for (i = 1; i < len; i++) {
        hash = (hash ^ bytes[i]) * 16777619u;
    }
    return hash ^ hash >> 15;
}

/* The bytes of a plain word as two numbers. */
static void load_word(const scan *in, size_t begin, size_t len, uint64_t out[2])
{
    uint8_t last[LEDE_WORD_MEMO_BYTES] = {0};
    const uint8_t *bytes = in->bytes + begin;

    if (in->len - begin < sizeof last) {
        memcpy(last, bytes, len);
        bytes = last;
    }
    out[0] = lede_load_u64(bytes);
    out[1] = 0;
    if (len < 8) {
        out[0] &= ((uint64_t)1 << 8 * len) - 1;
    } else if (len > 8) {
        out[1] = lede_load_u64(bytes + 8) &
                 ~(uint64_t)0 >> 8 * (LEDE_WORD_MEMO_BYTES - len);
    }
}

/* What follows from a word's hash. */
static void learn(const lede_word_memo *memo, uint32_t low, bool capital,
                  lede_word_memo_slot *slot)
{
    const lede_name_model *model = memo->model;
    lede_word word = {.low = low};

    lede_lists_mark(&model->lists, &word, 1);
    slot->low = word.low;
    slot->classes = word.classes;
    slot->hints = word.hints;
    slot->filtered = 0;
    if (capital && model->filter != NULL) {
        slot->filtered = (uint8_t)lede_filter_get(
            model->filter, model->line_mask, lede_phrase_hash(0, word.low));
    }
}

static inline void copy_slot(const lede_word_memo_slot *slot, lede_word *out)
{
    out->low = slot->low;
    out->classes = slot->classes;
    out->hints = slot->hints;
    out->filtered = slot->filtered;
}

/* A plain word, and the same bytes as load_word has them. */
static inline void recall(const scan *in, size_t begin, size_t len,
                          const uint64_t word[2], lede_word *out)
{
    lede_word_memo_slot *slot =
        lede_word_memo_slot_of(in->memo, word[0], word[1]);

    if (slot->bytes[0] != word[0] || slot->bytes[1] != word[1]) {
        slot->bytes[0] = word[0];
        slot->bytes[1] = word[1];
        learn(in->memo, hash_plain(in->bytes + begin, len),
              byte_class[in->bytes[begin]] == CAPITAL, slot);
    }
    copy_slot(slot, out);
    out->flags |= LEDE_WORD_RECALLED;
}

/* Hash and classes. Whether a full stop behind it would be its own. */
static bool look_up_plain(const scan *in, size_t begin, size_t len,
                          bool full_stop, lede_word *out)
{
    uint64_t word[2];

    if (in->memo == NULL || len > LEDE_WORD_MEMO_BYTES) {
        out->low = hash_plain(in->bytes + begin, len);
        return full_stop && is_abbreviation(in->bytes + begin, len);
    }
    load_word(in, begin, len, word);
    recall(in, begin, len, word, out);
    return full_stop && (out->hints & LEDE_HINT_ABBREVIATION) != 0;
}

/* Whether an apostrophe of ASCII joins nothing: "the pilots' boat's". */
static bool is_owner(const scan *in, size_t at)
{
    uint32_t code;

    return is_plain_s(in, at + 1) || letter_at(in, at + 1, &code) == 0;
}

/* What most words are: letters of ASCII, all of them small but for the first,
 * and behind them something that joins nothing. Returns the end, or `begin` for
 * any other word, of which nothing is known then. */
static size_t take_plain_word(const scan *in, size_t begin, lede_word *out)
{
    const uint8_t *bytes = in->bytes;
    bool capital = byte_class[bytes[begin]] == CAPITAL;
    bool full_stop = false;
    size_t end;

    if (!capital && byte_class[bytes[begin]] != LETTER) {
        return begin;
    }
    end = skip_small_letters(in, begin + 1);
    if (capital && end - begin < 2) {
        return begin;
    }
    if (end < in->len) {
        uint8_t class = byte_class[bytes[end]];

        full_stop = bytes[end] == '.';
        if (full_stop) {
            if (end + 1 < in->len && byte_class[bytes[end + 1]] != SPACE &&
                byte_class[bytes[end + 1]] != LINE) {
                return begin;
            }
        } else if (class >= LETTER || bytes[end] >= 0x80 ||
                   (may_join[bytes[end]] != 0 &&
                    !(bytes[end] == '\'' && is_owner(in, end)))) {
            return begin;
        }
    }
    if (look_up_plain(in, begin, end - begin, full_stop, out)) {
        out->flags = 0;
        return begin;
    }
    out->shape = capital ? LEDE_SHAPE_CAPITAL : LEDE_SHAPE_LOWER;
    out->flags |= capital ? LEDE_WORD_CAPITAL : 0;
    return end;
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

static size_t take_punct(const scan *in, size_t begin, lede_word *out)
{
    uint8_t byte = in->bytes[begin];
    size_t at = begin + 1;
    uint32_t code;

    out->shape = LEDE_SHAPE_PUNCT;
    if (byte < 0x80 && may_join[byte] == 0 && byte != '*') {
        out->low = lede_byte_hash(byte);
        return at;
    }
    if (apostrophe_at(in, begin) > 0) {
        at = begin + apostrophe_at(in, begin);
        byte = '\'';
        if (is_plain_s(in, at)) {
            out->shape = LEDE_SHAPE_LOWER;
            out->low = lede_literal_hash("'s");
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

/* What words of each shape count as in a line: three numbers in one. */
enum { COUNT_BITS = 20 };
#define COUNT_OF(letters, capitals, uppers)                                    \
    ((uint64_t)(letters) | (uint64_t)(capitals) << COUNT_BITS |                \
     (uint64_t)(uppers) << 2 * COUNT_BITS)
static const uint64_t shape_counts[LEDE_SHAPE_COUNT] = {
    [LEDE_SHAPE_LOWER] = COUNT_OF(1, 0, 0),
    [LEDE_SHAPE_CAPITAL] = COUNT_OF(1, 1, 0),
    [LEDE_SHAPE_UPPER] = COUNT_OF(1, 1, 1),
    [LEDE_SHAPE_LETTER] = COUNT_OF(1, 1, 1),
    [LEDE_SHAPE_INITIAL] = COUNT_OF(1, 1, 1),
    [LEDE_SHAPE_DOTTED] = COUNT_OF(1, 1, 1),
    [LEDE_SHAPE_MIXED] = COUNT_OF(1, 1, 0),
    [LEDE_SHAPE_HYPHEN] = COUNT_OF(1, 1, 0),
    [LEDE_SHAPE_TAILED] = COUNT_OF(1, 1, 0),
    [LEDE_SHAPE_INNER] = COUNT_OF(1, 1, 0)};

/* The bytes of letters that begin at `bytes`, of which 16 are there: how many;
 * 16 if there are more. All of them are small but for the first one of a word
 * with a capital. */
static inline size_t load_letters(const uint8_t *bytes, bool capital,
                                  uint64_t out[2])
{
    const uint64_t high = 0x8080808080808080u;
    const uint64_t flip = capital ? 'a' ^ 'A' : 0;
    uint64_t others;
    unsigned bits;

    out[0] = lede_load_u64(bytes);
    out[1] = 0;
    others = ~small_letters(out[0] ^ flip) & high;
    if (others != 0) {
        bits = (unsigned)__builtin_ctzll(others) - 7;
        out[0] &= ((uint64_t)1 << bits) - 1;
        return bits / 8;
    }
    out[1] = lede_load_u64(bytes + 8);
    others = ~small_letters(out[1]) & high;
    if (others != 0) {
        bits = (unsigned)__builtin_ctzll(others) - 7;
        out[1] &= ((uint64_t)1 << bits) - 1;
        return 8 + bits / 8;
    }
    return 16;
}

static inline void put_comma(uint32_t begin, uint32_t number, lede_word *out)
{
    *out = (lede_word){.begin = begin,
                       .end = begin + 1,
                       .text = number,
                       .low = lede_byte_hash(','),
                       .shape = LEDE_SHAPE_PUNCT};
}

enum { PLAIN_TOGETHER = 32 };

/* Plain words whose bounds are known and nothing else. */
typedef struct plain_words {
    uint64_t bytes[PLAIN_TOGETHER][2]; /* as load_word has them */
    uint32_t slots[PLAIN_TOGETHER];
    uint8_t at[PLAIN_TOGETHER]; /* which words they are, commas counted */
    size_t count;
} plain_words;

/* The hash of a word that the memory has not; what else is to be known of it is
 * asked for. */
static uint32_t hash_missed(const scan *in, const lede_word *word)
{
    const lede_name_model *model = in->memo->model;
    uint32_t low = hash_plain(in->bytes + word->begin, word->end - word->begin);

    if (word->shape == LEDE_SHAPE_CAPITAL && model->filter != NULL) {
        lede_filter_ask(model->filter, model->line_mask,
                        lede_phrase_hash(0, low));
    }
    return low;
}

/* Takes all words from the memory first, right or not, and then looks again at
 * those that it had not: nothing foretells which. */
static void recall_all(const scan *in, const plain_words *plain, lede_word *out)
{
    lede_word_memo_slot *slots = in->memo->slots;
    uint32_t lows[PLAIN_TOGETHER];
    uint8_t missed[PLAIN_TOGETHER];
    size_t missed_count = 0;
    size_t i;

    for (i = 0; i < plain->count; i++) {
        const lede_word_memo_slot *slot = &slots[plain->slots[i]];

        copy_slot(slot, &out[plain->at[i]]);
        missed[missed_count] = (uint8_t)i;
        missed_count += ((slot->bytes[0] ^ plain->bytes[i][0]) |
                         (slot->bytes[1] ^ plain->bytes[i][1])) != 0;
    }
    for (i = 0; i < missed_count; i++) {
        lows[i] = hash_missed(in, &out[plain->at[missed[i]]]);
    }
    for (i = 0; i < missed_count; i++) {
        lede_word *word = &out[plain->at[missed[i]]];
        lede_word_memo_slot *slot = &slots[plain->slots[missed[i]]];

        memcpy(slot->bytes, plain->bytes[missed[i]], sizeof slot->bytes);
        learn(in->memo, lows[i], word->shape == LEDE_SHAPE_CAPITAL, slot);
        copy_slot(slot, word);
    }
}

/* Plain words with a blank or a comma and a blank behind each, as long as they
 * go on: neither a line nor a sentence begins with them. Adds what they count
 * as in a line. */
static size_t take_plain_words(const scan *in, size_t *at, uint32_t number,
                               lede_word *out, size_t max, uint64_t *counts)
{
    const scan text = *in; /* nothing that is written changes it */
    plain_words plain;
    size_t begin = *at;
    size_t count = 0;
    size_t capitals = 0;

    plain.count = 0;
    while (plain.count < PLAIN_TOGETHER && count < max &&
           text.len - begin > LEDE_WORD_MEMO_BYTES) {
        bool capital = byte_class[text.bytes[begin]] == CAPITAL;
        lede_word *word = &out[count];
        uint64_t *bytes = plain.bytes[plain.count];
        size_t len = load_letters(text.bytes + begin, capital, bytes);
        uint8_t behind;

        if (len < 1u + capital || len == LEDE_WORD_MEMO_BYTES) {
            break;
        }
        behind = text.bytes[begin + len];
        if (behind != ' ' && (behind != ',' || count + 1 == max ||
                              text.bytes[begin + len + 1] != ' ')) {
            break;
        }
        word->begin = (uint32_t)begin;
        word->end = (uint32_t)(begin + len);
        word->text = number;
        word->shape = capital ? LEDE_SHAPE_CAPITAL : LEDE_SHAPE_LOWER;
        word->flags = LEDE_WORD_RECALLED | (capital ? LEDE_WORD_CAPITAL : 0);
        plain.slots[plain.count] = lede_word_memo_number(bytes[0], bytes[1]);
        __builtin_prefetch(&text.memo->slots[plain.slots[plain.count]]);
        plain.at[plain.count++] = (uint8_t)count++;
        capitals += capital;
        begin += len + 1;
        if (behind == ',') {
            put_comma((uint32_t)begin - 1, number, &out[count++]);
            begin++;
        }
    }
    recall_all(&text, &plain, out);
    *at = begin;
    *counts += COUNT_OF(plain.count, capitals, 0);
    return count;
}

static size_t take_word(const scan *in, size_t begin, lede_word *out)
{
    size_t end = take_plain_word(in, begin, out);
    uint32_t code;

    if (end > begin) {
        return end;
    }
    return letter_at(in, begin, &code) > 0 ? take_any_word(in, begin, out)
                                           : take_punct(in, begin, out);
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

/* Counts are of no more words than COUNT_BITS hold: a piece has fewer. */
static void mark_line(lede_word *words, size_t count, uint64_t counts)
{
    const uint64_t mask = ((uint64_t)1 << COUNT_BITS) - 1;
    uint64_t letters_begin = counts & mask;
    uint64_t capital = counts >> COUNT_BITS & mask;
    uint64_t upper = counts >> 2 * COUNT_BITS;
    uint8_t mark = 0;
    size_t i;

    if (letters_begin >= 3 && upper * 10 >= letters_begin * 8) {
        mark = LEDE_WORD_SHOUTED;
    } else if (letters_begin >= 4 && capital * 10 >= letters_begin * 7) {
        mark = LEDE_WORD_TITLED;
    }
    for (i = 0; mark != 0 && i < count; i++) {
        words[i].flags |= mark;
    }
}

/* Of punctuation only & is in lists, and no number is. */
static bool may_be_listed(const lede_word *word)
{
    return word->shape == LEDE_SHAPE_PUNCT ? word->low == lede_byte_hash('&')
                                           : word->shape != LEDE_SHAPE_DIGIT;
}

size_t lede_words_recall(lede_span text, uint32_t number, size_t *at,
                         lede_word_memo *memo, lede_word *out, size_t max)
{
    scan in = {text.bytes, text.len, true, true, memo};
    uint64_t counts = 0; /* of the line */
    size_t line = 0;
    size_t count = 0;

    while (count < max) {
        lede_word *word = &out[count];
        size_t taken;

        skip_blanks(&in, at);
        if (*at >= in.len) {
            break;
        }
        *word = (lede_word){0};
        word->text = number;
        word->begin = (uint32_t)*at;
        *at = take_word(&in, *at, word);
        word->end = (uint32_t)*at;
        if (in.line_start) {
            word->flags |= LEDE_WORD_LINE_START | LEDE_WORD_SENTENCE_START;
            if (memo != NULL) {
                mark_line(out + line, count - line, counts);
            }
            line = count;
            counts = 0;
        } else if (in.sentence_start) {
            word->flags |= LEDE_WORD_SENTENCE_START;
        }
        counts += shape_counts[word->shape];
        /* A quotation mark hands the beginning on to the word behind it. */
        in.sentence_start =
            ends_sentence(&in, word) ||
            ((in.sentence_start || in.line_start) && is_closing(&in, word));
        in.line_start = false;
        count++;
        if (memo == NULL) {
            continue;
        }
        if (may_be_listed(word)) {
            lede_lists_mark(&memo->model->lists, word, 1);
        }
        if (!in.sentence_start && *at < in.len && in.bytes[*at] == ' ') {
            *at += 1;
            do {
                taken = take_plain_words(&in, at, number, out + count,
                                         max - count, &counts);
                count += taken;
            } while (taken >= PLAIN_TOGETHER);
        }
    }
    if (memo != NULL) {
        mark_line(out + line, count - line, counts);
    }
    return count;
}

size_t lede_words_read(lede_span text, uint32_t number, size_t *at,
                       lede_word *out, size_t max)
{
    return lede_words_recall(text, number, at, NULL, out, max);
}

void lede_words_mark_lines(lede_word *words, size_t count)
{
    uint64_t counts = 0;
    size_t begin = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        if ((words[i].flags & LEDE_WORD_LINE_START) != 0 && i > 0) {
            mark_line(words + begin, i - begin, counts);
            begin = i;
            counts = 0;
        }
        counts += shape_counts[words[i].shape];
    }
    mark_line(words + begin, count - begin, counts);
}
