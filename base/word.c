#include "base/analyze_private.h"

#include <string.h>

#include "base/utf8.h"

static void fill_memo(uint32_t code, lede_char_memo *out)
{
    uint32_t folded[LEDE_CHAR_FOLD_MAX];
    unsigned count = lede_char_fold(code, true, folded);
    unsigned i;

    *out = (lede_char_memo){0};
    out->is_known = true;
    out->class = (uint8_t)lede_char_class_of(code);
    out->letter_case = lede_char_case(code);
    out->composes = lede_char_composes(code);
    for (i = 0; i < count; i++) {
        out->composes = out->composes || lede_char_composes(folded[i]);
    }
    if (count > 2 || (count > 0 && folded[0] > 0xFFFF) ||
        (count > 1 && folded[1] > 0xFFFF)) {
        out->fold_count = LEDE_FOLD_LONG;
        return;
    }
    out->fold_count = (uint8_t)count;
    for (i = 0; i < count; i++) {
        out->fold[i] = (uint16_t)folded[i];
    }
}

static const lede_char_memo *memo_of(lede_analyzer *analyzer, uint32_t code,
                                     lede_char_memo *room)
{
    lede_char_memo *memo = room;

    if (code < LEDE_MEMO_CODES) {
        memo = &analyzer->memo[code];
        if (memo->is_known) {
            return memo;
        }
    }
    fill_memo(code, memo);
    return memo;
}

lede_char_class lede_analyzer_class(lede_analyzer *analyzer, uint32_t code)
{
    lede_char_memo room;

    if (code >= LEDE_MEMO_CODES) {
        return lede_char_class_of(code);
    }
    return (lede_char_class)memo_of(analyzer, code, &room)->class;
}

void lede_word_clear(lede_analyzer *analyzer)
{
    lede_word_builder *builder = &analyzer->builder;

    builder->count = 0;
    builder->composes = false;
    builder->has_comma = false;
    builder->has_stop = false;
    builder->is_over = false;
    builder->uppers = 0;
    builder->lowers = 0;
}

static void put_code(lede_word_builder *builder, uint32_t code)
{
    if (builder->count == LEDE_WORD_MAX_CODES) {
        builder->is_over = true;
        return;
    }
    builder->codes[builder->count++] = code;
}

static void put_fold(lede_word_builder *builder, uint32_t code,
                     const lede_char_memo *memo)
{
    uint32_t folded[LEDE_CHAR_FOLD_MAX];
    unsigned count = memo->fold_count;
    unsigned i;

    if (count == LEDE_FOLD_LONG) {
        count = lede_char_fold(code, true, folded);
        for (i = 0; i < count; i++) {
            put_code(builder, folded[i]);
        }
        return;
    }
    for (i = 0; i < count; i++) {
        put_code(builder, memo->fold[i]);
    }
}

void lede_word_put(lede_analyzer *analyzer, uint32_t code)
{
    lede_word_builder *builder = &analyzer->builder;
    lede_char_memo room;
    const lede_char_memo *memo = memo_of(analyzer, code, &room);

    if (memo->letter_case == 'U') {
        builder->uppers =
            builder->uppers < 2 ? (uint8_t)(builder->uppers + 1) : (uint8_t)2;
    } else if (memo->letter_case == 'L') {
        builder->lowers = 1;
    }
    builder->composes = builder->composes || memo->composes;
    put_fold(builder, code, memo);
    if (code == 0x0306 && builder->count > 0 &&
        builder->codes[builder->count - 1] == 0x0438) {
        builder->codes[builder->count - 1] = 0x0439; /* see chars.c */
    }
}

void lede_word_put_sign(lede_analyzer *analyzer, uint8_t sign)
{
    lede_word_builder *builder = &analyzer->builder;

    builder->has_comma = builder->has_comma || sign == ',';
    builder->has_stop = builder->has_stop || sign == '.';
    put_code(builder, sign);
}

static bool is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

/* Digits from `at` on. */
static unsigned digits_at(const lede_word_builder *builder, unsigned at)
{
    unsigned count = 0;

    while (at + count < builder->count &&
           is_digit(builder->codes[at + count])) {
        count++;
    }
    return count;
}

/* True if every comma separates thousands, as in 1,000 or 12,34,000.5. */
static bool has_thousands(const lede_word_builder *builder)
{
    unsigned at = 0;
    unsigned digits = digits_at(builder, at);

    if (digits == 0 || digits > 3) {
        return false;
    }
    for (at = digits; at < builder->count && builder->codes[at] == ',';
         at += 1 + digits) {
        bool is_last;

        digits = digits_at(builder, at + 1);
        is_last = at + 1 + digits >= builder->count ||
                  builder->codes[at + 1 + digits] != ',';
        if (digits != 3 && (digits != 2 || is_last)) {
            return false;
        }
    }
    for (; at < builder->count; at++) {
        if (builder->codes[at] == ',') {
            return false;
        }
    }
    return true;
}

static void drop_codes(lede_word_builder *builder, bool stops)
{
    unsigned kept = 0;
    unsigned i;

    for (i = 0; i < builder->count; i++) {
        uint32_t code = builder->codes[i];

        if (code != ',' && (code != '.' || !stops)) {
            builder->codes[kept++] = code;
        }
    }
    builder->count = kept;
}

/* A letter that folds to nothing leaves its marks behind. */
static void drop_leading_marks(lede_word_builder *builder)
{
    unsigned marks = 0;

    while (marks < builder->count &&
           lede_char_class_of(builder->codes[marks]) == LEDE_CHAR_MARK) {
        marks++;
    }
    builder->count -= marks;
    memmove(builder->codes, builder->codes + marks,
            builder->count * sizeof builder->codes[0]);
}

static size_t encode_codes(const lede_word_builder *builder, uint8_t *out)
{
    size_t len = 0;
    unsigned i;

    for (i = 0; i < builder->count; i++) {
        uint8_t bytes[4];
        size_t more = lede_utf8_encode(bytes, builder->codes[i]);

        if (len + more > LEDE_WORD_MAX_BYTES) {
            break;
        }
        memcpy(out + len, bytes, more);
        len += more;
    }
    return len;
}

static size_t encoded_bytes(const lede_word_builder *builder)
{
    size_t len = 0;
    unsigned i;

    for (i = 0; i < builder->count; i++) {
        uint8_t bytes[4];

        len += lede_utf8_encode(bytes, builder->codes[i]);
    }
    return len;
}

void lede_word_finish(lede_analyzer *analyzer, lede_word_part *out)
{
    lede_word_builder *builder = &analyzer->builder;

    if (builder->composes) {
        drop_leading_marks(builder);
        builder->count = lede_codes_compose(builder->codes, builder->count);
    }
    if (builder->has_comma && has_thousands(builder)) {
        drop_codes(builder, false);
    }
    /* A number that will be cut could end in a sign, or become another number:
     * it keeps its digits only. */
    if ((builder->has_comma || builder->has_stop) &&
        (builder->is_over || encoded_bytes(builder) > LEDE_WORD_MAX_BYTES)) {
        drop_codes(builder, true);
    }
    out->len = encode_codes(builder, out->bytes);
    out->uppers = builder->uppers;
    out->lowers = builder->lowers;
}

lede_case lede_case_of_counts(unsigned uppers, unsigned lowers)
{
    if (uppers == 0) {
        return LEDE_CASE_LOWER;
    }
    return lowers == 0 && uppers >= 2 ? LEDE_CASE_UPPER : LEDE_CASE_CAPITAL;
}
