#include "query/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "query/signs.h"

/* No code points. */
enum { ANY = 0x110000, ONE = 0x110001 };

typedef struct maker {
    lede_analyzer *analyzer;
    lede_arena *arena;
    lede_pattern *pattern;
    uint32_t cap;
    bool has_letters;
    bool is_long;
    bool no_memory;
} maker;

static void put_code(maker *m, uint32_t code)
{
    lede_pattern *pattern = m->pattern;

    if (code == ANY && pattern->count > 0 &&
        pattern->codes[pattern->count - 1] == ANY) {
        return;
    }
    if (pattern->count == m->cap) { /* as long as no word can be */
        m->is_long = true;
        return;
    }
    pattern->codes[pattern->count++] = code;
    pattern->has_any = pattern->has_any || code == ANY;
    pattern->least += code != ANY;
}

static void put_word(maker *m, lede_span word)
{
    const uint8_t *at = word.bytes;
    const uint8_t *end = word.bytes + word.len;

    while (at < end) {
        uint32_t code;

        at += lede_utf8_decode(at, end, &code);
        put_code(m, code);
    }
}

/* What stands between wildcards: no word, or one (joined, if it is a compound);
 * false if there are more. */
static bool put_literal(maker *m, lede_span text)
{
    lede_tokenizer tokenizer;
    lede_token token;
    uint32_t width;

    if (text.len == 0) {
        return true;
    }
    lede_tokenizer_init(&tokenizer, m->analyzer, text);
    if (!lede_tokenizer_next(&tokenizer, &token)) {
        m->no_memory = m->no_memory || lede_analyzer_failed(m->analyzer);
        return true;
    }
    if (!m->has_letters) {
        m->pattern->letter_case = token.letter_case;
    }
    m->has_letters = true;
    width = token.width;
    put_word(m, token.word);
    while (lede_tokenizer_next(&tokenizer, &token)) {
        if (token.position >= width) {
            return false;
        }
    }
    m->no_memory = m->no_memory || lede_analyzer_failed(m->analyzer);
    return true;
}

static bool put_pieces(maker *m, lede_span text)
{
    size_t begin = 0;
    size_t at;

    for (at = 0; at < text.len; at++) {
        if (!lede_sign_is_wildcard(text, at)) {
            continue;
        }
        if (!put_literal(m, lede_span_part(text, begin, at - begin))) {
            return false;
        }
        put_code(m, text.bytes[at] == '*' ? ANY : ONE);
        begin = at + 1;
    }
    return put_literal(m, lede_span_part(text, begin, text.len - begin));
}

static lede_span keep_codes(maker *m, uint32_t from, uint32_t to)
{
    uint8_t *bytes = lede_arena_get(m->arena, (to - from) * 4u + 4);
    size_t len = 0;
    uint32_t i;

    if (bytes == NULL) {
        m->no_memory = true;
        return lede_span_of(NULL, 0);
    }
    for (i = from; i < to; i++) {
        uint32_t code = m->pattern->codes[i];

        if (code >= ANY) {
            bytes[len++] = code == ANY ? '*' : '?';
        } else {
            len += lede_utf8_encode(bytes + len, code);
        }
    }
    if (from == 0 && to == m->pattern->count && m->pattern->edits > 0) {
        bytes[len++] = '~';
        bytes[len++] = (uint8_t)('0' + m->pattern->edits);
    }
    return lede_span_of(bytes, len);
}

static void keep_ends(maker *m)
{
    lede_pattern *pattern = m->pattern;
    uint32_t first = 0, last = pattern->count;

    pattern->name = keep_codes(m, 0, pattern->count);
    if (pattern->edits > 0) {
        return;
    }
    while (first < pattern->count && pattern->codes[first] < ANY) {
        first++;
    }
    while (last > first && pattern->codes[last - 1] < ANY) {
        last--;
    }
    pattern->begin = keep_codes(m, 0, first);
    pattern->end = keep_codes(m, last, pattern->count);
}

bool lede_pattern_make(lede_span text, unsigned edits, lede_analyzer *analyzer,
                       lede_arena *arena, lede_pattern **out)
{
    maker m = {.analyzer = analyzer, .arena = arena};
    bool is_one;

    *out = NULL;
    if (text.len > 4 * LEDE_WORD_MAX_BYTES) {
        return true; /* no word is so long */
    }
    m.pattern = lede_arena_get(arena, sizeof *m.pattern);
    if (m.pattern == NULL) {
        return false;
    }
    m.pattern->edits = edits;
    m.cap = 2 * LEDE_WORD_MAX_BYTES;
    m.pattern->codes = lede_arena_array(arena, m.cap, sizeof *m.pattern->codes);
    if (m.pattern->codes == NULL) {
        return false;
    }
    is_one = edits > 0 ? put_literal(&m, text) : put_pieces(&m, text);
    if (is_one && m.has_letters && !m.is_long && !m.no_memory) {
        keep_ends(&m);
        *out = m.pattern;
    }
    return !m.no_memory;
}

/* --- Fitting ----------------------------------------------------------------
 */

/* The characters of a word; more than there can be are left out. */
static uint32_t read_codes(lede_span word, uint32_t codes[LEDE_WORD_MAX_BYTES])
{
    const uint8_t *at = word.bytes;
    const uint8_t *end = word.bytes + word.len;
    uint32_t count = 0;

    while (at < end && count < LEDE_WORD_MAX_BYTES) {
        if (*at < 0x80) {
            codes[count++] = *at++;
        } else {
            at += lede_utf8_decode(at, end, &codes[count++]);
        }
    }
    return count;
}

/* Each * takes as little as it can, and the latest one more where the rest does
 * not fit: what one before took need not be taken back. */
static bool fits_wildcards(const lede_pattern *pattern, const uint32_t *word,
                           uint32_t count)
{
    uint32_t at = 0, here = 0;
    uint32_t any = UINT32_MAX, taken = 0; /* the latest *, and up to where */

    while (here < count) {
        if (at < pattern->count && pattern->codes[at] == ANY) {
            any = at++;
            taken = here;
        } else if (at < pattern->count && (pattern->codes[at] == ONE ||
                                           pattern->codes[at] == word[here])) {
            at++;
            here++;
        } else if (any != UINT32_MAX) {
            at = any + 1;
            here = ++taken;
        } else {
            return false;
        }
    }
    while (at < pattern->count && pattern->codes[at] == ANY) {
        at++;
    }
    return at == pattern->count;
}

static unsigned least_of(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Row by row of the table of distances between beginnings, as far from its
 * diagonal as the distance may be. */
static bool fits_edits(const lede_pattern *pattern, const uint32_t *word,
                       uint32_t count)
{
    enum { ROWS = 3, FAR = 1 << 16 };
    unsigned rows[ROWS][LEDE_WORD_MAX_BYTES + 2];
    const uint32_t *typed = pattern->codes;
    uint32_t most = pattern->edits;
    uint32_t i, j;

    for (j = 0; j <= count; j++) {
        rows[0][j] = j <= most ? j : FAR;
    }
    for (i = 1; i <= pattern->count; i++) {
        unsigned *row = rows[i % ROWS];
        const unsigned *above = rows[(i - 1) % ROWS];
        const unsigned *before = rows[(i + 1) % ROWS]; /* i - 2 */
        uint32_t from = i > most ? i - most : 0;
        uint32_t to = i + most < count ? i + most : count;
        unsigned best = FAR;

        if (from > 0) {
            row[from - 1] = FAR;
        }
        for (j = from; j <= to; j++) {
            unsigned cost = j == 0 ? i : FAR;

            if (j > 0) {
                cost = least_of(row[j - 1] + 1,
                                above[j - 1] + (typed[i - 1] != word[j - 1]));
            }
            if (j < i + most) {
                cost = least_of(cost, above[j] + 1);
            }
            if (i > 1 && j > 1 && typed[i - 1] == word[j - 2] &&
                typed[i - 2] == word[j - 1]) {
                cost = least_of(cost, before[j - 2] + 1);
            }
            row[j] = cost;
            best = least_of(best, cost);
        }
        if (best > most) {
            return false;
        }
    }
    return rows[pattern->count % ROWS][count] <= most;
}

static bool ends_with(lede_span word, lede_span end)
{
    return word.len >= end.len &&
           (end.len == 0 ||
            memcmp(word.bytes + (word.len - end.len), end.bytes, end.len) == 0);
}

bool lede_pattern_fits(const lede_pattern *pattern, lede_span word)
{
    uint32_t codes[LEDE_WORD_MAX_BYTES];
    uint32_t count;

    if (word.len < pattern->begin.len + pattern->end.len ||
        (pattern->begin.len > 0 &&
         memcmp(word.bytes, pattern->begin.bytes, pattern->begin.len) != 0) ||
        !ends_with(word, pattern->end)) {
        return false;
    }
    count = read_codes(word, codes);
    if (pattern->edits > 0) {
        return count + pattern->edits >= pattern->count &&
               count <= pattern->count + pattern->edits &&
               fits_edits(pattern, codes, count);
    }
    return count >= pattern->least &&
           (pattern->has_any || count == pattern->least) &&
           fits_wildcards(pattern, codes, count);
}
