#include "base/analyze_private.h"

#include <string.h>

#include "base/utf8.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#define HAS_SSE2 1
#else
#define HAS_SSE2 0
#endif

/* --- The fast path ------------------------------------------------------
 *
 * One table says what an ASCII byte is. A run of letters and digits that is
 * followed by a byte of no meaning is a word, and nothing else need be known.
 * All else goes the slow way, from the beginning of the word. */

enum {
    BYTE_LOWER = 1, /* letters and digits */
    BYTE_UPPER = 2,
    BYTE_WORD = BYTE_LOWER | BYTE_UPPER,
    BYTE_ASK = 4,     /* may join what follows: look at the next byte */
    BYTE_SIGN = 8,    /* + and #: may belong to a single letter */
    BYTE_FOREIGN = 16 /* not ASCII */
};

#define L BYTE_LOWER
#define U BYTE_UPPER
#define A BYTE_ASK
#define S BYTE_SIGN
#define F BYTE_FOREIGN
static const uint8_t byte_kinds[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 00 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 10 */
    0, 0, 0, S, 0, 0, A, A, 0, 0, 0, S, A, A, A, 0, /*  !"#$%&'()*+,-./ */
    L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, 0, 0, /* 0-9:;<=>? */
    0, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, /* @A-O */
    U, U, U, U, U, U, U, U, U, U, U, 0, 0, 0, 0, A, /* P-Z[\]^_ */
    A, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, /* `a-o */
    L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, 0, /* p-z{|}~ */
    F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* 80 */
    F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* 90 */
    F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* A0 */
    F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* B0 */
    F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* C0 */
    F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* D0 */
    F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* E0 */
    F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* F0 */
};
#undef L
#undef U
#undef A
#undef S
#undef F

static bool is_ascii_upper(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z';
}

/* True if the word that ends before `p` goes on there, or might. */
static bool needs_slow_path(const uint8_t *p, const uint8_t *end, size_t len)
{
    uint8_t kind;

    if (len > LEDE_WORD_MAX_BYTES) {
        return true;
    }
    if (p == end) {
        return false;
    }
    kind = byte_kinds[*p];
    if (kind == 0) {
        return false;
    }
    if (kind == BYTE_FOREIGN) {
        return true;
    }
    if (kind == BYTE_SIGN) {
        return len == 1;
    }
    return p + 1 < end && (byte_kinds[p[1]] & (BYTE_WORD | BYTE_FOREIGN)) != 0;
}

static void lower_ascii(const uint8_t *from, size_t len, lede_word_part *out)
{
    unsigned uppers = 0;
    unsigned lowers = 0;
    size_t i;

    for (i = 0; i < len; i++) {
        uint8_t byte = from[i];
        bool is_upper = is_ascii_upper(byte);

        uppers += is_upper;
        lowers += byte >= 'a';
        out->bytes[i] = (uint8_t)(byte | (is_upper ? 0x20 : 0));
    }
    out->len = len;
    out->uppers = uppers > 2 ? 2 : (uint8_t)uppers;
    out->lowers = lowers > 0;
}

static void give_ascii(lede_tokenizer *t, const uint8_t *word, size_t len,
                       lede_case letter_case, lede_token *out)
{
    out->word = lede_span_of(word, len);
    out->letter_case = letter_case;
    out->begin = t->at;
    out->end = t->at + len;
    out->position = t->position++;
    out->width = 1;
    out->marks = 0;
    out->parts = 1;
    t->at += len;
}

#if HAS_SSE2
/* Bytes that are at most `least` + `span`, and not below `least`. */
static __m128i in_range(__m128i bytes, char least, char span)
{
    __m128i above = _mm_sub_epi8(bytes, _mm_set1_epi8(least));

    return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(span)), above);
}

enum { VECTOR = 16 };

/* Does what next_ascii does for a word that ends within sixteen bytes, of which
 * as many can be read. False: look again, byte by byte. */
static bool next_short_ascii(lede_tokenizer *t, lede_token *out)
{
    const uint8_t *begin = t->text.bytes + t->at;
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)begin);
    __m128i blank = _mm_set1_epi8(0x20);
    __m128i letters = in_range(_mm_or_si128(bytes, blank), 'a', 25);
    __m128i upper = _mm_andnot_si128(
        _mm_cmpeq_epi8(_mm_and_si128(bytes, blank), blank), letters);
    unsigned in_word = (unsigned)_mm_movemask_epi8(
        _mm_or_si128(letters, in_range(bytes, '0', 9)));
    unsigned len = (unsigned)__builtin_ctz(~in_word);
    unsigned own = (1u << len) - 1;
    unsigned uppers = (unsigned)_mm_movemask_epi8(upper) & own;
    unsigned lowers = (unsigned)_mm_movemask_epi8(letters) & own & ~uppers;
    lede_word_part *part = &t->analyzer->parts[0];

    if (len == VECTOR ||
        needs_slow_path(begin + len, t->text.bytes + t->text.len, len)) {
        return false;
    }
    if (uppers == 0) {
        give_ascii(t, begin, len, LEDE_CASE_LOWER, out);
        return true;
    }
    _mm_storeu_si128((__m128i *)(void *)part->bytes,
                     _mm_or_si128(bytes, _mm_and_si128(upper, blank)));
    part->len = len;
    part->uppers = (uppers & (uppers - 1)) != 0 ? 2 : 1;
    part->lowers = lowers != 0;
    give_ascii(t, part->bytes, len,
               lede_case_of_counts(part->uppers, part->lowers), out);
    return true;
}
#endif

/* Reads one plain ASCII word at `at`; false if it is not so plain. */
static bool next_ascii(lede_tokenizer *t, lede_token *out)
{
    const uint8_t *begin = t->text.bytes + t->at;
    const uint8_t *end = t->text.bytes + t->text.len;
    const uint8_t *p = begin;
    unsigned kinds = 0;
    size_t len;

#if HAS_SSE2
    if (end - begin >= VECTOR && next_short_ascii(t, out)) {
        return true;
    }
#endif
    while (p < end && (byte_kinds[*p] & BYTE_WORD) != 0) {
        kinds |= byte_kinds[*p];
        p++;
    }
    len = (size_t)(p - begin);
    if (needs_slow_path(p, end, len)) {
        return false;
    }
    if ((kinds & BYTE_UPPER) == 0) { /* it is its own fold */
        give_ascii(t, begin, len, LEDE_CASE_LOWER, out);
    } else {
        lede_word_part *part = &t->analyzer->parts[0];

        lower_ascii(begin, len, part);
        give_ascii(t, part->bytes, len,
                   lede_case_of_counts(part->uppers, part->lowers), out);
    }
    return true;
}

/* --- The slow path ------------------------------------------------------ */

typedef struct place {
    uint32_t code;
    lede_char_class class;
    size_t begin, end;
} place;

/* The character at `at`; class OTHER with begin == end at the end of text. */
static void place_read(const lede_tokenizer *t, size_t at, place *out)
{
    const uint8_t *text = t->text.bytes;

    out->begin = at;
    out->end = at;
    out->class = LEDE_CHAR_OTHER;
    out->code = 0;
    if (at >= t->text.len) {
        return;
    }
    out->end = at + lede_utf8_decode(text + at, text + t->text.len, &out->code);
    out->class = lede_analyzer_class(t->analyzer, out->code);
}

/* The next character that is not to be ignored. */
static void place_next(const lede_tokenizer *t, size_t at, place *out)
{
    do {
        place_read(t, at, out);
        at = out->end;
    } while (out->class == LEDE_CHAR_IGNORED);
}

static bool is_word_class(lede_char_class class)
{
    return class == LEDE_CHAR_LETTER || class == LEDE_CHAR_DIGIT;
}

/* Hebrew writes acronyms with a quotation mark before the last letter. */
static bool is_hebrew(uint32_t code)
{
    return (code >= 0x05D0 && code <= 0x05F2) ||
           (code >= 0xFB1D && code <= 0xFB4F);
}

/* The end of the letter at `letter` with its marks. */
static size_t end_of_letter(const lede_tokenizer *t, const place *letter)
{
    size_t end = letter->end;
    place next;

    for (;;) {
        place_next(t, end, &next);
        if (next.class != LEDE_CHAR_MARK) {
            return end;
        }
        end = next.end;
    }
}

/* If a single letter stands at `at`, followed by neither letter nor digit:
 * its end. Else 0. */
static size_t single_letter(const lede_tokenizer *t, size_t at, place *letter)
{
    place next;
    size_t end;

    place_next(t, at, letter);
    if (letter->class != LEDE_CHAR_LETTER) {
        return 0;
    }
    end = end_of_letter(t, letter);
    place_next(t, end, &next);
    return is_word_class(next.class) || next.class == LEDE_CHAR_DROPPED ? 0
                                                                        : end;
}

/* Initials: two or more single letters with full stops between them. Fills
 * the builder and returns where they end (a last full stop included), or 0. */
static size_t read_initials(lede_tokenizer *t, size_t at)
{
    unsigned letters = 0;
    size_t end = 0;
    place letter;
    place stop;

    for (;;) {
        size_t letter_end = single_letter(t, at, &letter);

        if (letter_end == 0) {
            break;
        }
        if (letters == 0) {
            lede_word_clear(t->analyzer);
        }
        lede_word_put(t->analyzer, letter.code);
        letters++;
        end = letter_end;
        place_next(t, letter_end, &stop);
        if (stop.class != LEDE_CHAR_STOP) {
            break;
        }
        end = stop.end;
        at = stop.end;
    }
    return letters >= 2 ? end : 0;
}

/* One step inside a word: does the character at `next` continue it? `last` is
 * the letter or digit before. Signs between count if a fitting one follows. */
static bool continues(const lede_tokenizer *t, const place *last, place *next)
{
    place after;
    bool between_digits =
        next->class == LEDE_CHAR_STOP || next->class == LEDE_CHAR_COMMA;

    if (is_word_class(next->class)) {
        return true;
    }
    if (next->class != LEDE_CHAR_DROPPED && !between_digits &&
        next->code != '"') {
        return false;
    }
    place_next(t, next->end, &after);
    if (between_digits) {
        if (last->class != LEDE_CHAR_DIGIT || after.class != LEDE_CHAR_DIGIT) {
            return false;
        }
        lede_word_put_sign(t->analyzer,
                           next->class == LEDE_CHAR_STOP ? '.' : ',');
    } else if (last->class != LEDE_CHAR_LETTER ||
               after.class != LEDE_CHAR_LETTER ||
               (next->code == '"' &&
                (!is_hebrew(last->code) || !is_hebrew(after.code)))) {
        return false;
    }
    *next = after;
    return true;
}

/* Reads letters and digits (UAX #29 word, without the joiners) from `at`, which
 * has one, into the builder; returns the end. */
static size_t read_atom(lede_tokenizer *t, size_t at)
{
    size_t end;
    place last;
    place next;

    lede_word_clear(t->analyzer);
    place_next(t, at, &last);
    lede_word_put(t->analyzer, last.code);
    end = last.end;
    for (;;) {
        place_next(t, end, &next);
        if (next.class == LEDE_CHAR_MARK) {
            lede_word_put(t->analyzer, next.code);
            end = next.end;
            continue;
        }
        if (!continues(t, &last, &next)) {
            return end;
        }
        lede_word_put(t->analyzer, next.code);
        end = next.end;
        last = next;
    }
}

/* C++ and C#: a single ASCII letter and its signs. Returns their end, or 0. */
static size_t read_sign_word(lede_tokenizer *t, size_t at)
{
    const uint8_t *p = t->text.bytes + at;
    size_t left = t->text.len - at;
    size_t len;
    size_t i;

    if (left < 2 || (byte_kinds[p[0]] & BYTE_WORD) == 0 ||
        (p[0] >= '0' && p[0] <= '9')) {
        return 0;
    }
    len = p[1] == '#' ? 2 : left >= 3 && p[1] == '+' && p[2] == '+' ? 3 : 0;
    if (len == 0 || (left > len && (byte_kinds[p[len]] &
                                    (BYTE_WORD | BYTE_FOREIGN | BYTE_SIGN)))) {
        return 0;
    }
    lede_word_clear(t->analyzer);
    lede_word_put(t->analyzer, p[0]);
    for (i = 1; i < len; i++) {
        lede_word_put_sign(t->analyzer, p[i]);
    }
    return at + len;
}

/* Reads one part of a compound at `at` into `part`; returns its end. */
static size_t read_part(lede_tokenizer *t, size_t at, lede_word_part *part)
{
    size_t end = read_initials(t, at);

    if (end == 0) {
        end = read_atom(t, at);
    }
    lede_word_finish(t->analyzer, part);
    part->begin = at;
    part->end = end;
    return end;
}

/* If the text at `at` is an apostrophe and a single s: their end, else 0. */
static size_t possessive_end(const lede_tokenizer *t, size_t at)
{
    place sign;
    place letter;
    size_t end;

    place_next(t, at, &sign);
    if (sign.class != LEDE_CHAR_APOSTROPHE) {
        return 0;
    }
    end = single_letter(t, sign.end, &letter);
    if (end == 0 || (letter.code != 's' && letter.code != 'S')) {
        return 0;
    }
    return end;
}

/* If a joiner and then a letter or digit stand at `at`: where that one is. */
static size_t joined_at(const lede_tokenizer *t, size_t at)
{
    place sign;
    place next;

    place_next(t, at, &sign);
    if (sign.class != LEDE_CHAR_APOSTROPHE && sign.class != LEDE_CHAR_HYPHEN) {
        return 0;
    }
    place_next(t, sign.end, &next);
    return is_word_class(next.class) ? next.begin : 0;
}

/* One of 255 values, whatever the letter case and however accents are encoded;
 * characters that leave no trace leave none here. What folds to plain letters
 * alone, as the sharp s does, is a mark by what it folds to. */
static uint8_t marks_of(const lede_tokenizer *t, size_t begin, size_t end)
{
    uint32_t hash = 0;

    while (begin < end) {
        uint32_t codes[LEDE_CHAR_FOLD_MAX] = {0};
        unsigned count = 0;
        uint32_t before = hash;
        place at;

        place_read(t, begin, &at);
        begin = at.end;
        if (at.code > 0x7f) {
            count = lede_char_fold(at.code, false, codes);
        }
        if (count == 0 && at.class != LEDE_CHAR_IGNORED) {
            codes[count++] = at.code; /* a sign */
        }
        for (unsigned i = 0; i < count; i++) {
            if (codes[i] > 0x7f || (byte_kinds[codes[i]] & BYTE_WORD) == 0) {
                hash = (hash ^ codes[i]) * 0x9e3779b1u + 1;
            }
        }
        if (at.code > 0x7f && count > 0 && hash == before) {
            hash = (hash ^ codes[0] ^ 0x110000u) * 0x9e3779b1u + 1;
        }
    }
    return hash == 0 ? 0 : (uint8_t)(1 + (hash >> 8) % 255);
}

static void put_token(lede_tokenizer *t, const lede_word_part *part,
                      uint32_t position, uint32_t width, uint32_t parts)
{
    lede_token *token = &t->analyzer->queue[t->queue_len++];

    token->word = lede_span_of(part->bytes, part->len);
    token->position = position;
    token->width = (uint8_t)width;
    token->parts = (uint8_t)parts;
    token->letter_case = lede_case_of_counts(part->uppers, part->lowers);
    token->marks = marks_of(t, part->begin, part->end);
    token->begin = part->begin;
    token->end = part->end;
}

/* Appends a part's letters and digits while they fit. */
static bool join_part(lede_word_part *joined, const lede_word_part *part)
{
    const uint8_t *p = part->bytes;
    const uint8_t *end = p + part->len;

    while (p < end) {
        uint32_t code;
        size_t len = lede_utf8_decode(p, end, &code);

        if (joined->len + len > LEDE_WORD_MAX_BYTES) {
            return false;
        }
        if (code != '.' && code != ',') {
            memcpy(joined->bytes + joined->len, p, len);
            joined->len += len;
        }
        p += len;
    }
    return true;
}

static void join_parts(lede_analyzer *analyzer, unsigned count)
{
    lede_word_part *joined = &analyzer->joined;
    unsigned uppers = 0;
    bool fits = true;
    unsigned i;

    joined->len = 0;
    joined->lowers = 0;
    joined->begin = analyzer->parts[0].begin;
    joined->end = analyzer->parts[count - 1].end;
    for (i = 0; i < count; i++) {
        uppers += analyzer->parts[i].uppers;
        joined->lowers |= analyzer->parts[i].lowers;
        fits = fits && join_part(joined, &analyzer->parts[i]);
    }
    joined->uppers = uppers > 2 ? 2 : (uint8_t)uppers;
}

static void queue_compound(lede_tokenizer *t, unsigned count)
{
    lede_analyzer *analyzer = t->analyzer;
    unsigned i;

    t->queue_at = 0;
    t->queue_len = 0;
    if (count > 1) {
        join_parts(analyzer, count);
        put_token(t, &analyzer->joined, t->position, count, count);
    }
    for (i = 0; i < count; i++) {
        put_token(t, &analyzer->parts[i], t->position + i, 1, count);
    }
    t->position += count;
}

/* A word with all that is joined to it, from `at`, which has a letter or a
 * digit, into the queue. */
static void read_compound(lede_tokenizer *t, size_t at)
{
    lede_analyzer *analyzer = t->analyzer;
    unsigned count = 0;
    size_t end = read_sign_word(t, at);

    if (end != 0) {
        lede_word_finish(analyzer, &analyzer->parts[0]);
        analyzer->parts[0].begin = at;
        analyzer->parts[0].end = end;
        t->at = end;
        queue_compound(t, 1);
        return;
    }
    do {
        size_t cut;

        end = read_part(t, at, &analyzer->parts[count]);
        count += analyzer->parts[count].len > 0;
        cut = possessive_end(t, end);
        end = cut != 0 ? cut : end;
        at = count < LEDE_COMPOUND_MAX_PARTS ? joined_at(t, end) : 0;
    } while (at != 0);
    t->at = end;
    queue_compound(t, count);
}

/* --- Scripts without blanks ---------------------------------------------- */

/* One syllable: a letter with its marks and conjoining parts, added to the
 * builder. Returns its end. */
static size_t read_syllable(lede_tokenizer *t, const place *first)
{
    size_t end = first->end;
    place next;

    lede_word_put(t->analyzer, first->code);
    for (;;) {
        place_next(t, end, &next);
        if (next.class != LEDE_CHAR_MARK && next.class != LEDE_CHAR_JAMO) {
            return end;
        }
        lede_word_put(t->analyzer, next.code);
        end = next.end;
    }
}

static bool is_continuous(lede_char_class class)
{
    return class == LEDE_CHAR_CONTINUOUS || class == LEDE_CHAR_JAMO;
}

bool lede_word_is_lone_syllable(lede_span word)
{
    const uint8_t *p = word.bytes;
    const uint8_t *end = p + word.len;
    uint32_t code = 0;
    bool is_first = true;

    while (p < end) {
        lede_char_class class;

        p += lede_utf8_decode(p, end, &code);
        class = lede_char_class_of(code);
        if (is_first ? class != LEDE_CHAR_CONTINUOUS
                     : class != LEDE_CHAR_MARK && class != LEDE_CHAR_JAMO) {
            return false;
        }
        is_first = false;
    }
    return !is_first;
}

/* The pair of syllables at `first`; a lone one if it is the whole run. Nothing
 * for the last of a run, which the pair before has covered. */
static void read_pair(lede_tokenizer *t, const place *first)
{
    lede_analyzer *analyzer = t->analyzer;
    lede_word_part *part = &analyzer->parts[0];
    size_t middle;
    place second;

    lede_word_clear(analyzer);
    part->begin = first->begin;
    part->end = middle = read_syllable(t, first);
    place_next(t, middle, &second);
    t->at = middle;
    if (is_continuous(second.class)) {
        part->end = read_syllable(t, &second);
        t->at = second.begin;
        t->in_run = true;
    } else if (t->in_run) {
        t->in_run = false;
        return;
    }
    lede_word_finish(analyzer, part);
    if (part->len > 0) {
        queue_compound(t, 1);
    }
}

/* Fills the queue from the next word; false at the end of the text. */
static bool read_more(lede_tokenizer *t)
{
    place next;

    t->queue_at = 0;
    t->queue_len = 0;
    place_next(t, t->at, &next);
    if (is_word_class(next.class)) {
        t->in_run = false;
        read_compound(t, next.begin);
    } else if (is_continuous(next.class)) {
        read_pair(t, &next);
    } else {
        t->in_run = false;
        t->at = next.end;
    }
    return next.begin < next.end;
}

static bool pop_queue(lede_tokenizer *t, lede_token *out)
{
    if (t->queue_at >= t->queue_len) {
        return false;
    }
    *out = t->analyzer->queue[t->queue_at++];
    return true;
}

void lede_tokenizer_init(lede_tokenizer *tokenizer, lede_analyzer *analyzer,
                         lede_span text)
{
    *tokenizer = (lede_tokenizer){0};
    tokenizer->analyzer = analyzer;
    tokenizer->text = text;
}

bool lede_tokenizer_next(lede_tokenizer *t, lede_token *out)
{
    if (pop_queue(t, out)) {
        return true;
    }
    while (t->at < t->text.len) {
        uint8_t kind = byte_kinds[t->text.bytes[t->at]];

        if ((kind & (BYTE_WORD | BYTE_FOREIGN)) == 0) {
            t->in_run = false;
            t->at++;
            continue;
        }
        if ((kind & BYTE_WORD) != 0 && !t->analyzer->slow_only) {
            if (next_ascii(t, out)) {
                t->in_run = false;
                return true;
            }
        }
        if (!read_more(t)) {
            return false;
        }
        if (pop_queue(t, out)) {
            return true;
        }
    }
    return false;
}

uint32_t lede_tokenizer_end_position(const lede_tokenizer *tokenizer)
{
    return tokenizer->position;
}
