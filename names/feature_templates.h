/* feature_templates.h - "what is feature number n of a word of a run?"
 *
 * The templates themselves, so that the trainer (features.c) and the recogniser
 * (scores.c) read the same lines.
 *
 * Private to names/.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_FEATURE_TEMPLATES_H
#define LEDE_NAMES_FEATURE_TEMPLATES_H

#include "names/features.h"

enum {
    LEDE_VIEW_PAD = 2,
    LEDE_VIEW_CAP = LEDE_RUN_MAX_WORDS + 2 * LEDE_VIEW_PAD
};

/* A run with two words on either side, laid out flat: beyond the line stand
 * zeros. Word i of the run is number i + LEDE_VIEW_PAD here. */
typedef struct lede_run_view {
    uint32_t low[LEDE_VIEW_CAP];
    uint32_t shape[LEDE_VIEW_CAP]; /* with flags: below 512 */
    uint32_t known[LEDE_VIEW_CAP]; /* 0 beside the run */
    uint32_t seen[LEDE_VIEW_CAP];
    uint32_t classes[LEDE_VIEW_CAP]; /* follow from low */
    size_t len;                      /* of the run */
} lede_run_view;

void lede_run_view_make(const lede_piece *piece, const lede_run *run,
                        lede_run_view *out);

/* A feature is the hash of its key and of its number. */
#define LEDE_FEATURE_STEP 0x9E3779B97F4A7C15u
#define LEDE_FEATURE_ODD 0xD6E8FEB86659FD93u

static inline uint32_t lede_feature_mix(uint32_t number, uint64_t key)
{
    uint64_t x = key + number * LEDE_FEATURE_STEP;

    x *= LEDE_FEATURE_ODD;
    x ^= x >> 32;
    x *= LEDE_FEATURE_ODD;
    return (uint32_t)(x >> 32);
}

static inline uint64_t lede_feature_pair(uint32_t a, uint32_t b)
{
    return (uint64_t)a << 32 | b;
}

/* What features see of the letters of a word: its first and last bytes as
 * numbers, in small letters of ASCII, and its outline. */
typedef struct lede_word_letters {
    uint32_t first3, first4, last2, last3, last4;
    uint32_t is_long; /* than four bytes */
    uint32_t outline;
} lede_word_letters;

/* Four bytes in small letters of ASCII. */
static inline uint32_t lede_small_letters(uint32_t bytes)
{
    const uint32_t ones = 0x01010101;
    const uint32_t high = 0x80808080;
    uint32_t low = bytes & ~high;
    uint32_t from_a = low + (0x80 - 'A') * ones;
    uint32_t behind_z = low + (0x7F - 'Z') * ones;

    return bytes | (from_a & ~behind_z & ~bytes & high) >> 2;
}

/* Classes of characters in a row: "Mc'Xx" and "XX-9" as one number. */
static inline uint32_t lede_word_outline(lede_span word)
{
    uint32_t hash = 0;
    uint32_t last = 99;
    size_t i;

    for (i = 0; i < word.len && i < 24; i++) {
        uint8_t byte = word.bytes[i];
        uint32_t class = byte >= 0x80                 ? 1
                         : byte >= 'a' && byte <= 'z' ? 2
                         : byte >= 'A' && byte <= 'Z' ? 3
                         : byte >= '0' && byte <= '9' ? 4
                                                      : byte;
        if (class != last) {
            hash = hash * 31 + class;
            last = class;
        }
    }
    return hash * 64 + (uint32_t)(word.len < 12 ? word.len : 12);
}

/* The same of what most words are: letters of ASCII, all of them small but for
 * the first one of those with a capital, which have two and more. */
static inline uint32_t lede_plain_outline(size_t len, bool capital)
{
    return (capital ? 3u * 31 + 2 : 2u) * 64 + (uint32_t)(len < 12 ? len : 12);
}

/* `bytes` are those of `word`, which has some. */
static inline lede_word_letters lede_word_letters_of(const lede_word *word,
                                                     lede_span bytes)
{
    const size_t len = bytes.len;
    const size_t n = len < 4 ? len : 4;
    uint8_t first[4] = {0};
    uint8_t last[4] = {0};
    lede_word_letters out;
    uint32_t spare = 8 * (uint32_t)(4 - n);
    size_t i;

    if (n == 4) {
        memcpy(first, bytes.bytes, 4);
        memcpy(last, bytes.bytes + len - 4, 4);
    } else {
        for (i = 0; i < n; i++) {
            first[i] = bytes.bytes[i];
            last[4 - n + i] = bytes.bytes[i];
        }
    }
    /* Behind fewer than four bytes stands nothing. */
    out.first4 =
        lede_small_letters((uint32_t)first[0] << 24 | (uint32_t)first[1] << 16 |
                           (uint32_t)first[2] << 8 | first[3]);
    out.last4 =
        lede_small_letters((uint32_t)last[3] << 24 | (uint32_t)last[2] << 16 |
                           (uint32_t)last[1] << 8 | last[0]);
    out.first4 >>= spare;
    out.last4 >>= spare;
    out.first3 = n == 4 ? out.first4 >> 8 : out.first4;
    out.last3 = n == 4 ? out.last4 >> 8 : out.last4;
    out.last2 = n > 2 ? out.last3 >> 8 : out.last3;
    out.is_long = len > 4;
    out.outline =
        (word->flags & LEDE_WORD_RECALLED) != 0
            ? lede_plain_outline(len, (word->flags & LEDE_WORD_CAPITAL) != 0)
            : lede_word_outline(bytes);
    return out;
}

static inline uint32_t lede_least(size_t value, uint32_t limit)
{
    return value < limit ? (uint32_t)value : limit;
}

/* The key of feature `number` of word i, whose letters `word` has. With a
 * constant number only one template is left of this. */
__attribute__((always_inline)) static inline uint64_t
lede_feature_key(const lede_run_view *v, size_t i,
                 const lede_word_letters *word, int number)
{
    const size_t first = LEDE_VIEW_PAD;
    const size_t last = LEDE_VIEW_PAD + v->len - 1;
    const size_t at = i + LEDE_VIEW_PAD;
    const uint32_t low = v->low[at];
    const uint32_t behind = (uint32_t)(v->len - 1 - i);
    const uint32_t edges = lede_least(i, 1) << 1 | lede_least(behind, 1);

    switch (number) {
    case 0:
        return lede_feature_pair(low, 0);
    case 1:
        return lede_feature_pair(v->low[at - 1], 0);
    case 2:
        return lede_feature_pair(v->low[at + 1], 0);
    case 3:
        return lede_feature_pair(v->low[at - 1], v->low[at - 2]);
    case 4:
        return lede_feature_pair(v->low[at + 1], v->low[at + 2]);
    case 5:
        return lede_feature_pair(low, v->low[at - 1]);
    case 6:
        return lede_feature_pair(low, v->low[at + 1]);
    case 7:
        return lede_feature_pair(v->low[at - 1], v->low[at + 1]);
    case 8:
        return lede_feature_pair(v->shape[at], 0);
    case 9:
        return lede_feature_pair(v->shape[at - 1] << 16 | v->shape[at],
                                 v->shape[at + 1]);
    case 10:
        return lede_feature_pair(v->shape[at],
                                 lede_least(i, 3) << 2 | lede_least(behind, 3));
    case 11:
        return lede_feature_pair(word->first3, 0);
    case 12:
        return lede_feature_pair(word->first4, word->is_long);
    case 13:
        return lede_feature_pair(word->last2, 0);
    case 14:
        return lede_feature_pair(word->last3, 0);
    case 15:
        return lede_feature_pair(word->last4, word->is_long);
    case 16:
        return lede_feature_pair(v->low[first - 1], lede_least(i, 3));
    case 17:
        return lede_feature_pair(v->low[last + 1], lede_least(behind, 3));
    case 18:
        return lede_feature_pair(v->low[first - 1] * 3 + v->low[first - 2],
                                 lede_least(i, 1) << 2 | lede_least(v->len, 3));
    case 19:
        return lede_feature_pair(v->low[last + 1] * 3 + v->low[last + 2],
                                 lede_least(behind, 1) << 2 |
                                     lede_least(v->len, 3));
    case 20:
        return lede_feature_pair(v->low[last], lede_least(behind, 4));
    case 21:
        return lede_feature_pair(v->low[first], lede_least(i, 4));
    case 22:
        return lede_feature_pair(v->known[at], 0);
    case 23:
        return lede_feature_pair(v->known[at], v->known[at + 1]);
    case 24:
        return lede_feature_pair(v->known[at], v->known[at - 1]);
    case 25:
        return lede_feature_pair(v->known[at] << 16 | v->shape[at], edges);
    case 26:
        return lede_feature_pair(v->seen[at], 0);
    case 27:
        return lede_feature_pair(v->seen[at], v->shape[at] << 2 | edges);
    case 28:
        return lede_feature_pair(v->seen[at] << 8 | v->known[at], edges);
    case 29:
        return lede_feature_pair(v->seen[at - 1] << 16 | v->seen[at],
                                 v->seen[at + 1]);
    case 30:
        return lede_feature_pair(v->known[at], v->low[first - 1] + edges);
    case 31:
        return lede_feature_pair(
            v->classes[first - 1] << 16 | v->classes[last + 1],
            v->shape[at] << 4 | lede_least(i, 1) << 3 |
                lede_least(behind, 1) << 2 | lede_least(v->len, 3));
    case 32:
        return lede_feature_pair(word->outline, 0);
    case 33:
        return lede_feature_pair(v->low[first - 1],
                                 v->low[last + 1] + lede_least(v->len, 3));
    case 34:
        return lede_feature_pair(v->low[last + 1], v->shape[last + 2] << 8 |
                                                       edges |
                                                       v->known[at] << 20);
    case 35:
        return lede_feature_pair(v->classes[at - 1] << 16 | v->classes[at],
                                 v->classes[at + 1]);
    case 36:
        return lede_feature_pair(
            v->classes[last], v->classes[first] << 4 | lede_least(i, 1) << 3 |
                                  lede_least(behind, 1) << 2 |
                                  lede_least(v->len, 3));
    case 37:
        return lede_feature_pair(word->last3, edges);
    case 38:
        return lede_feature_pair(v->known[at] << 16 | v->classes[at],
                                 v->known[first] << 8 | v->known[last]);
    default:
        return lede_feature_pair(v->classes[first - 1] << 16 |
                                     v->classes[first - 2],
                                 lede_least(i, 2));
    }
}

#endif
