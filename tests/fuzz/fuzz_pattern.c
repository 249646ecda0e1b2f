/* Any bytes as a word with wildcards or wrong characters, and a word to
 * compare: what fits is what a plain recursion says. The first byte is how many
 * characters may be wrong; up to the first blank goes the pattern, then the
 * words. */
#include <string.h>

#include "base/utf8.h"
#include "query/pattern.h"
#include "tests/fuzz/demand.h"

/* As pattern.c writes them. */
enum { ANY = 0x110000, ONE = 0x110001, SHORT = 10 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static bool fits_plainly(const uint32_t *codes, size_t code_count,
                         const uint32_t *word, size_t count)
{
    if (code_count == 0) {
        return count == 0;
    }
    if (codes[0] == ANY) {
        return fits_plainly(codes + 1, code_count - 1, word, count) ||
               (count > 0 &&
                fits_plainly(codes, code_count, word + 1, count - 1));
    }
    return count > 0 && (codes[0] == ONE || codes[0] == word[0]) &&
           fits_plainly(codes + 1, code_count - 1, word + 1, count - 1);
}

/* The optimal string alignment distance, from its definition. */
static unsigned distance(const uint32_t *a, size_t a_count, const uint32_t *b,
                         size_t b_count)
{
    unsigned best, other;

    if (a_count == 0 || b_count == 0) {
        return (unsigned)(a_count + b_count);
    }
    best = distance(a, a_count - 1, b, b_count - 1) +
           (a[a_count - 1] != b[b_count - 1]);
    other = distance(a, a_count - 1, b, b_count) + 1;
    best = other < best ? other : best;
    other = distance(a, a_count, b, b_count - 1) + 1;
    best = other < best ? other : best;
    if (a_count > 1 && b_count > 1 && a[a_count - 1] == b[b_count - 2] &&
        a[a_count - 2] == b[b_count - 1]) {
        other = distance(a, a_count - 2, b, b_count - 2) + 1;
        best = other < best ? other : best;
    }
    return best;
}

static void check_word(const lede_pattern *pattern, lede_span word)
{
    uint32_t codes[SHORT];
    const uint8_t *at = word.bytes;
    const uint8_t *end = word.bytes + word.len;
    size_t count = 0;
    bool fits = lede_pattern_fits(pattern, word);
    size_t most = pattern->edits > 0 ? 6 : SHORT;

    while (at < end && count < most) {
        at += lede_utf8_decode(at, end, &codes[count++]);
    }
    if (at < end || pattern->count > most) {
        return; /* too long for what is plain */
    }
    DEMAND(fits ==
           (pattern->edits > 0
                ? distance(pattern->codes, pattern->count, codes, count) <=
                      pattern->edits
                : fits_plainly(pattern->codes, pattern->count, codes, count)));
    DEMAND(!fits || pattern->edits > 0 ||
           (word.len >= pattern->begin.len + pattern->end.len &&
            memcmp(word.bytes, pattern->begin.bytes, pattern->begin.len) == 0 &&
            memcmp(end - pattern->end.len, pattern->end.bytes,
                   pattern->end.len) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static lede_analyzer *analyzer;
    lede_span left = lede_span_of(bytes, len);
    lede_arena arena = {0};
    lede_pattern *pattern = NULL;
    lede_tokenizer tokenizer;
    lede_token token;
    const uint8_t *blank;
    size_t typed;

    if (analyzer == NULL) {
        DEMAND(lede_analyzer_new(&analyzer, NULL) == LEDE_OK);
    }
    if (len < 2) {
        return 0;
    }
    left = lede_span_part(left, 1, len);
    blank = memchr(left.bytes, ' ', left.len);
    typed = blank == NULL ? left.len : (size_t)(blank - left.bytes);
    DEMAND(lede_pattern_make(lede_span_part(left, 0, typed), bytes[0] % 3,
                             analyzer, &arena, &pattern));
    if (pattern != NULL) {
        DEMAND(lede_utf8_valid_prefix(pattern->name) == pattern->name.len);
        lede_tokenizer_init(&tokenizer, analyzer,
                            lede_span_part(left, typed, left.len));
        while (lede_tokenizer_next(&tokenizer, &token)) {
            check_word(pattern, token.word);
        }
    }
    lede_arena_done(&arena);
    lede_analyzer_clear_stems(analyzer);
    return 0;
}
