/* feature_templates.h - "what is feature number n of a word of a run?"
 *
 * The templates themselves, so that who wants all of them (features.c) and who
 * wants some (scores.c) read the same lines.
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

static inline uint32_t lede_feature_mix(uint32_t number, uint32_t a, uint32_t b)
{
    uint64_t x = ((uint64_t)a << 32 | b) + number * 0x9E3779B97F4A7C15u;

    x *= 0xD6E8FEB86659FD93u;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    return (uint32_t)(x >> 32);
}

/* The first or last `count` bytes as one number, in small letters of ASCII. */
static inline uint32_t lede_word_end_bytes(lede_span word, size_t count,
                                           bool last)
{
    uint32_t hash = 0;
    size_t i;

    if (count > word.len) {
        count = word.len;
    }
    for (i = 0; i < count; i++) {
        uint8_t byte = word.bytes[last ? word.len - 1 - i : i];

        byte |= byte >= 'A' && byte <= 'Z' ? 32 : 0;
        hash = hash << 8 | byte;
    }
    return hash;
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

static inline uint32_t lede_least(size_t value, uint32_t limit)
{
    return value < limit ? (uint32_t)value : limit;
}

/* `word` are the bytes of word i. With a constant number only one template is
 * left of this. */
__attribute__((always_inline)) static inline uint32_t
lede_feature_of(const lede_run_view *v, size_t i, lede_span word, int number)
{
    const size_t first = LEDE_VIEW_PAD;
    const size_t last = LEDE_VIEW_PAD + v->len - 1;
    const size_t at = i + LEDE_VIEW_PAD;
    const uint32_t low = v->low[at];
    const uint32_t behind = (uint32_t)(v->len - 1 - i);
    const uint32_t edges = lede_least(i, 1) << 1 | lede_least(behind, 1);

    switch (number) {
    case 0:
        return lede_feature_mix(0, low, 0);
    case 1:
        return lede_feature_mix(1, v->low[at - 1], 0);
    case 2:
        return lede_feature_mix(2, v->low[at + 1], 0);
    case 3:
        return lede_feature_mix(3, v->low[at - 1], v->low[at - 2]);
    case 4:
        return lede_feature_mix(4, v->low[at + 1], v->low[at + 2]);
    case 5:
        return lede_feature_mix(5, low, v->low[at - 1]);
    case 6:
        return lede_feature_mix(6, low, v->low[at + 1]);
    case 7:
        return lede_feature_mix(7, v->low[at - 1], v->low[at + 1]);
    case 8:
        return lede_feature_mix(8, v->shape[at], 0);
    case 9:
        return lede_feature_mix(9, v->shape[at - 1] << 16 | v->shape[at],
                                v->shape[at + 1]);
    case 10:
        return lede_feature_mix(10, v->shape[at],
                                lede_least(i, 3) << 2 | lede_least(behind, 3));
    case 11:
        return lede_feature_mix(11, lede_word_end_bytes(word, 3, false), 0);
    case 12:
        return lede_feature_mix(12, lede_word_end_bytes(word, 4, false),
                                word.len > 4);
    case 13:
        return lede_feature_mix(13, lede_word_end_bytes(word, 2, true), 0);
    case 14:
        return lede_feature_mix(14, lede_word_end_bytes(word, 3, true), 0);
    case 15:
        return lede_feature_mix(15, lede_word_end_bytes(word, 4, true),
                                word.len > 4);
    case 16:
        return lede_feature_mix(16, v->low[first - 1], lede_least(i, 3));
    case 17:
        return lede_feature_mix(17, v->low[last + 1], lede_least(behind, 3));
    case 18:
        return lede_feature_mix(18, v->low[first - 1] * 3 + v->low[first - 2],
                                lede_least(i, 1) << 2 | lede_least(v->len, 3));
    case 19:
        return lede_feature_mix(19, v->low[last + 1] * 3 + v->low[last + 2],
                                lede_least(behind, 1) << 2 |
                                    lede_least(v->len, 3));
    case 20:
        return lede_feature_mix(20, v->low[last], lede_least(behind, 4));
    case 21:
        return lede_feature_mix(21, v->low[first], lede_least(i, 4));
    case 22:
        return lede_feature_mix(22, v->known[at], 0);
    case 23:
        return lede_feature_mix(23, v->known[at], v->known[at + 1]);
    case 24:
        return lede_feature_mix(24, v->known[at], v->known[at - 1]);
    case 25:
        return lede_feature_mix(25, v->known[at] << 16 | v->shape[at], edges);
    case 26:
        return lede_feature_mix(26, v->seen[at], 0);
    case 27:
        return lede_feature_mix(27, v->seen[at], v->shape[at] << 2 | edges);
    case 28:
        return lede_feature_mix(28, v->seen[at] << 8 | v->known[at], edges);
    case 29:
        return lede_feature_mix(29, v->seen[at - 1] << 16 | v->seen[at],
                                v->seen[at + 1]);
    case 30:
        return lede_feature_mix(30, v->known[at], v->low[first - 1] + edges);
    case 31:
        return lede_feature_mix(
            31, v->classes[first - 1] << 16 | v->classes[last + 1],
            v->shape[at] << 4 | lede_least(i, 1) << 3 |
                lede_least(behind, 1) << 2 | lede_least(v->len, 3));
    case 32:
        return lede_feature_mix(32, lede_word_outline(word), 0);
    case 33:
        return lede_feature_mix(33, v->low[first - 1],
                                v->low[last + 1] + lede_least(v->len, 3));
    case 34:
        return lede_feature_mix(34, v->low[last + 1],
                                v->shape[last + 2] << 8 | edges |
                                    v->known[at] << 20);
    case 35:
        return lede_feature_mix(35, v->classes[at - 1] << 16 | v->classes[at],
                                v->classes[at + 1]);
    case 36:
        return lede_feature_mix(36, v->classes[last],
                                v->classes[first] << 4 | lede_least(i, 1) << 3 |
                                    lede_least(behind, 1) << 2 |
                                    lede_least(v->len, 3));
    case 37:
        return lede_feature_mix(37, lede_word_end_bytes(word, 3, true), edges);
    case 38:
        return lede_feature_mix(38, v->known[at] << 16 | v->classes[at],
                                v->known[first] << 8 | v->known[last]);
    default:
        return lede_feature_mix(
            39, v->classes[first - 1] << 16 | v->classes[first - 2],
            lede_least(i, 2));
    }
}

#endif
