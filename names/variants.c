#include "names/variants.h"

#include <string.h>

#include "names/person.h"

void lede_person_key(lede_span name, lede_buf *out)
{
    lede_person_put_words(name, out);
}

typedef struct skeleton {
    uint8_t bytes[64];
    size_t len;
} skeleton;

static bool is_vowel(uint8_t byte)
{
    return byte == 'a' || byte == 'e' || byte == 'i' || byte == 'o' ||
           byte == 'u' || byte == 'y';
}

/* How letters that stand for the same sound are written: the first that fits.
 * Longer ones come first. */
static const char *const sounds[][2] = {
    {"tsch", "c"}, {"shch", "s"}, {"sch", "s"}, {"tch", "c"}, {"dzh", "j"},
    {"khr", "kr"}, {"ough", "o"}, {"kh", "k"},  {"gh", "k"},  {"qu", "k"},
    {"ck", "k"},   {"ch", "c"},   {"cz", "c"},  {"sh", "s"},  {"sz", "s"},
    {"zh", "j"},   {"dj", "j"},   {"dh", "d"},  {"th", "t"},  {"ph", "f"},
    {"ts", "c"},   {"tz", "c"},   {"wh", "v"},  {"ks", "x"},  {"ou", "u"},
    {"oo", "u"},   {"q", "k"},    {"g", "k"},   {"w", "v"},   {"x", "x"},
    {"z", "s"},
};

static void put_sound(skeleton *out, uint8_t byte)
{
    if (out->len < sizeof out->bytes &&
        (out->len == 0 || out->bytes[out->len - 1] != byte)) {
        out->bytes[out->len++] = byte;
    }
}

/* Consonants by sound, doubled ones once; vowels only as "there is one", and
 * none but at the beginning: spellings differ in little else. */
static void skeleton_of(lede_span word, skeleton *out)
{
    size_t at = 0;

    out->len = 0;
    while (at < word.len) {
        size_t i;
        size_t len = 0;

        for (i = 0; i < sizeof sounds / sizeof sounds[0] && len == 0; i++) {
            if (lede_span_starts(lede_span_part(word, at, SIZE_MAX),
                                 sounds[i][0])) {
                len = strlen(sounds[i][0]);
                put_sound(out, (uint8_t)sounds[i][1][0]);
            }
        }
        if (len == 0) {
            uint8_t byte = word.bytes[at];

            if (is_vowel(byte)) {
                if (at == 0) {
                    put_sound(out, byte == 'o' || byte == 'u'   ? 'u'
                                   : byte == 'a' || byte == 'e' ? 'a'
                                                                : 'i');
                }
            } else if (byte != 'h' && byte != 'j') {
                put_sound(out, byte);
            } else if (at == 0) {
                put_sound(out, byte);
            }
            len = 1;
        }
        at += len;
    }
    /* An a at the end is kept: Paula is not Paul. */
    if (word.len > 2 && (word.bytes[word.len - 1] == 'a' ||
                         (word.bytes[word.len - 1] == 'h' &&
                          word.bytes[word.len - 2] == 'a'))) {
        put_sound(out, 'a');
    }
}

/* The words of a person's key, one after the other. */
static lede_span next_word(lede_span key, size_t *at)
{
    size_t begin = *at;
    size_t end = begin;

    while (end < key.len && key.bytes[end] != ' ') {
        end++;
    }
    *at = end + (end < key.len);
    return lede_span_part(key, begin, end - begin);
}

static void put_skeletons(lede_span key, lede_buf *out)
{
    size_t begin = out->len;
    size_t at = 0;

    while (at < key.len) {
        lede_span word = next_word(key, &at);
        skeleton bones;

        if (word.len < 2) {
            continue;
        }
        skeleton_of(word, &bones);
        if (out->len > begin && bones.len > 0) {
            lede_buf_put_byte(out, ' ');
        }
        lede_buf_put(out, bones.bytes, bones.len);
    }
}

void lede_person_spelling_key(lede_span name, lede_buf *out)
{
    lede_buf key = {0};

    lede_person_key(name, &key);
    put_skeletons(lede_buf_span(&key), out);
    out->failed |= key.failed;
    lede_buf_done(&key);
}

/* Whether two keys have the same words in another order. */
static bool is_reordered(const lede_person *a, const lede_person *b)
{
    bool used[LEDE_PERSON_MAX_WORDS] = {false};
    size_t i;
    size_t k;

    if (a->count != b->count || a->count < 2) {
        return false;
    }
    for (i = 0; i < a->count; i++) {
        for (k = 0; k < b->count; k++) {
            if (!used[k] && a->hashes[i] == b->hashes[k]) {
                used[k] = true;
                break;
            }
        }
        if (k == b->count) {
            return false;
        }
    }
    return true;
}

static bool has_initial(const lede_person *a)
{
    size_t i;

    for (i = 0; i < a->count && a->lengths[i] > 1; i++) {
    }
    return i < a->count;
}

static lede_variant_reason compare(lede_span a, lede_span b, lede_buf *scratch)
{
    lede_person x;
    lede_person y;
    size_t middle;

    if (!lede_person_read(a, scratch, &x) ||
        !lede_person_read(b, scratch, &y)) {
        return LEDE_VARIANT_NONE;
    }
    if (x.count == y.count &&
        memcmp(x.hashes, y.hashes, sizeof x.hashes) == 0) {
        return LEDE_VARIANT_NONE;
    }
    if (is_reordered(&x, &y)) {
        return LEDE_VARIANT_ORDER;
    }
    if (lede_person_agrees(&x, &y)) {
        return has_initial(&x) != has_initial(&y) ? LEDE_VARIANT_INITIAL
                                                  : LEDE_VARIANT_PART;
    }
    lede_buf_clear(scratch);
    lede_person_spelling_key(a, scratch);
    middle = scratch->len;
    lede_person_spelling_key(b, scratch);
    return !scratch->failed && x.count == y.count && middle > 0 &&
                   lede_span_equal(
                       lede_span_of(scratch->bytes, middle),
                       lede_span_part(lede_buf_span(scratch), middle, SIZE_MAX))
               ? LEDE_VARIANT_SPELLING
               : LEDE_VARIANT_NONE;
}

lede_variant_reason lede_person_variant(lede_span a, lede_span b)
{
    lede_buf scratch = {0};
    lede_variant_reason reason = compare(a, b, &scratch);

    lede_buf_done(&scratch);
    return reason;
}

const char *lede_variant_reason_name(lede_variant_reason reason)
{
    static const char *const names[LEDE_VARIANT_COUNT] = {
        "none", "spelling", "initial", "part", "order"};

    return names[reason];
}
