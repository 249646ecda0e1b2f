#include "names/features.h"

#include <assert.h>
#include <string.h>

enum { PAD = 2, CAP = LEDE_RUN_MAX_WORDS + 2 * PAD };

/* A run with two words on either side, laid out flat: beyond the line stand
 * zeros. Word i of the run is number i + PAD here. */
typedef struct view {
    uint32_t low[CAP];
    uint32_t shape[CAP]; /* with flags */
    uint32_t known[CAP];
    uint32_t seen[CAP];
    uint32_t classes[CAP];
    size_t len; /* of the run */
} view;

static const uint8_t kinds[LEDE_FEATURE_COUNT] = {
    LEDE_FEATURE_WORD,   LEDE_FEATURE_AROUND, LEDE_FEATURE_AROUND,
    LEDE_FEATURE_AROUND, LEDE_FEATURE_AROUND, LEDE_FEATURE_WORD,
    LEDE_FEATURE_WORD,   LEDE_FEATURE_AROUND, LEDE_FEATURE_SHAPE,
    LEDE_FEATURE_SHAPE,  LEDE_FEATURE_SHAPE,  LEDE_FEATURE_WORD,
    LEDE_FEATURE_WORD,   LEDE_FEATURE_WORD,   LEDE_FEATURE_WORD,
    LEDE_FEATURE_WORD,   LEDE_FEATURE_AROUND, LEDE_FEATURE_AROUND,
    LEDE_FEATURE_AROUND, LEDE_FEATURE_AROUND, LEDE_FEATURE_AROUND,
    LEDE_FEATURE_AROUND, LEDE_FEATURE_KNOWN,  LEDE_FEATURE_KNOWN,
    LEDE_FEATURE_KNOWN,  LEDE_FEATURE_KNOWN,  LEDE_FEATURE_SEEN,
    LEDE_FEATURE_SEEN,   LEDE_FEATURE_SEEN,   LEDE_FEATURE_SEEN,
    LEDE_FEATURE_KNOWN,  LEDE_FEATURE_AROUND, LEDE_FEATURE_SHAPE,
    LEDE_FEATURE_AROUND, LEDE_FEATURE_KNOWN,  LEDE_FEATURE_AROUND,
    LEDE_FEATURE_AROUND, LEDE_FEATURE_WORD,   LEDE_FEATURE_KNOWN,
    LEDE_FEATURE_AROUND};

lede_feature_kind lede_feature_kind_of(int number)
{
    return (lede_feature_kind)kinds[number];
}

static uint32_t mix(uint32_t number, uint32_t a, uint32_t b)
{
    uint64_t x = ((uint64_t)a << 32 | b) + number * 0x9E3779B97F4A7C15u;

    x *= 0xD6E8FEB86659FD93u;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    return (uint32_t)(x >> 32);
}

static void look(const lede_piece *piece, size_t i, view *out, size_t at)
{
    const lede_word *word = &piece->words[i];

    out->low[at] = word->low;
    out->shape[at] =
        (uint32_t)word->shape + 1 +
        ((uint32_t)(word->flags & (LEDE_WORD_SENTENCE_START |
                                   LEDE_WORD_SHOUTED | LEDE_WORD_TITLED))
         << 4);
    out->classes[at] = word->classes;
    out->seen[at] = lede_piece_seen(piece, word->low);
}

static void make_view(const lede_piece *piece, const lede_run *run, view *out)
{
    size_t i;

    out->len = run->end - run->begin;
    for (i = 0; i < PAD; i++) {
        size_t right = out->len + PAD + i;

        out->low[i] = out->shape[i] = out->known[i] = out->seen[i] =
            out->classes[i] = 0;
        out->low[right] = out->shape[right] = out->known[right] =
            out->seen[right] = out->classes[right] = 0;
    }
    for (i = 0; i < out->len; i++) {
        look(piece, run->begin + i, out, i + PAD);
        out->known[i + PAD] = piece->known[run->begin + i];
    }
    for (i = 0; i < PAD && lede_piece_joined(piece, run->begin - i); i++) {
        look(piece, run->begin - i - 1, out, PAD - 1 - i);
    }
    for (i = 0; i < PAD && lede_piece_joined(piece, run->end + i); i++) {
        look(piece, run->end + i, out, out->len + PAD + i);
    }
}

/* The first or last `count` bytes as one number, in small letters of ASCII. */
static uint32_t end_of_word(lede_span word, size_t count, bool last)
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
static uint32_t outline_of(lede_span word)
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

static uint32_t least(size_t value, uint32_t limit)
{
    return value < limit ? (uint32_t)value : limit;
}

static void word_features(const view *v, size_t i, lede_span word,
                          uint32_t *out)
{
    size_t at = i + PAD;
    uint32_t low = v->low[at];
    uint32_t behind = (uint32_t)(v->len - 1 - i);

    out[0] = mix(0, low, 0);
    out[1] = mix(1, v->low[at - 1], 0);
    out[2] = mix(2, v->low[at + 1], 0);
    out[3] = mix(3, v->low[at - 1], v->low[at - 2]);
    out[4] = mix(4, v->low[at + 1], v->low[at + 2]);
    out[5] = mix(5, low, v->low[at - 1]);
    out[6] = mix(6, low, v->low[at + 1]);
    out[7] = mix(7, v->low[at - 1], v->low[at + 1]);
    out[8] = mix(8, v->shape[at], 0);
    out[9] = mix(9, v->shape[at - 1] << 16 | v->shape[at], v->shape[at + 1]);
    out[10] = mix(10, v->shape[at], least(i, 3) << 2 | least(behind, 3));
    out[11] = mix(11, end_of_word(word, 3, false), 0);
    out[12] = mix(12, end_of_word(word, 4, false), word.len > 4);
    out[13] = mix(13, end_of_word(word, 2, true), 0);
    out[14] = mix(14, end_of_word(word, 3, true), 0);
    out[15] = mix(15, end_of_word(word, 4, true), word.len > 4);
    out[32] = mix(32, outline_of(word), 0);
    out[37] = mix(37, end_of_word(word, 3, true),
                  least(i, 1) << 1 | least(behind, 1));
}

static void run_features(const view *v, size_t i, uint32_t *out)
{
    size_t first = PAD;
    size_t last = PAD + v->len - 1;
    size_t at = i + PAD;
    uint32_t behind = (uint32_t)(v->len - 1 - i);

    out[16] = mix(16, v->low[first - 1], least(i, 3));
    out[17] = mix(17, v->low[last + 1], least(behind, 3));
    out[18] = mix(18, v->low[first - 1] * 3 + v->low[first - 2],
                  least(i, 1) << 2 | least(v->len, 3));
    out[19] = mix(19, v->low[last + 1] * 3 + v->low[last + 2],
                  least(behind, 1) << 2 | least(v->len, 3));
    out[20] = mix(20, v->low[last], least(behind, 4));
    out[21] = mix(21, v->low[first], least(i, 4));
    out[31] = mix(31, v->classes[first - 1] << 16 | v->classes[last + 1],
                  v->shape[at] << 4 | least(i, 1) << 3 | least(behind, 1) << 2 |
                      least(v->len, 3));
    out[33] = mix(33, v->low[first - 1], v->low[last + 1] + least(v->len, 3));
    out[35] =
        mix(35, v->classes[at - 1] << 16 | v->classes[at], v->classes[at + 1]);
    out[36] = mix(36, v->classes[last],
                  v->classes[first] << 4 | least(i, 1) << 3 |
                      least(behind, 1) << 2 | least(v->len, 3));
    out[39] = mix(39, v->classes[first - 1] << 16 | v->classes[first - 2],
                  least(i, 2));
}

static void known_features(const view *v, size_t i, uint32_t *out)
{
    size_t first = PAD;
    size_t last = PAD + v->len - 1;
    size_t at = i + PAD;
    uint32_t edges = least(i, 1) << 1 | least(v->len - 1 - i, 1);

    out[22] = mix(22, v->known[at], 0);
    out[23] = mix(23, v->known[at], v->known[at + 1]);
    out[24] = mix(24, v->known[at], v->known[at - 1]);
    out[25] = mix(25, v->known[at] << 16 | v->shape[at], edges);
    out[26] = mix(26, v->seen[at], 0);
    out[27] = mix(27, v->seen[at], v->shape[at] << 2 | edges);
    out[28] = mix(28, v->seen[at] << 8 | v->known[at], edges);
    out[29] = mix(29, v->seen[at - 1] << 16 | v->seen[at], v->seen[at + 1]);
    out[30] = mix(30, v->known[at], v->low[first - 1] + edges);
    out[34] = mix(34, v->low[last + 1],
                  v->shape[last + 2] << 8 | edges | v->known[at] << 20);
    out[38] = mix(38, v->known[at] << 16 | v->classes[at],
                  v->known[first] << 8 | v->known[last]);
}

void lede_features_of_run(const lede_piece *piece, lede_span const *texts,
                          const lede_run *run,
                          uint32_t out[][LEDE_FEATURE_COUNT])
{
    view v;
    size_t i;

    assert(run->end > run->begin &&
           run->end - run->begin <= LEDE_RUN_MAX_WORDS);
    make_view(piece, run, &v);
    for (i = 0; i < v.len; i++) {
        const lede_word *word = &piece->words[run->begin + i];

        word_features(&v, i,
                      lede_span_part(texts[word->text], word->begin,
                                     word->end - word->begin),
                      out[i]);
        run_features(&v, i, out[i]);
        known_features(&v, i, out[i]);
    }
}
