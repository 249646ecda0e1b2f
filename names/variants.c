#include "names/variants.h"

#include <string.h>

#include "base/analyze.h"
#include "names/person.h"
#include "names/words.h"

void lede_person_key(lede_span name, lede_buf *out)
{
    lede_person_put_words(name, out);
}

/* Whether two words stand side by side among those of a folded text. */
static bool are_beside(lede_span folded, lede_span both)
{
    for (size_t at = 0; at + both.len <= folded.len; at++) {
        size_t end = at + both.len;

        if ((at == 0 || folded.bytes[at - 1] == ' ') &&
            (end == folded.len || folded.bytes[end] == ' ') &&
            memcmp(folded.bytes + at, both.bytes, both.len) == 0) {
            return true;
        }
    }
    return false;
}

void lede_person_short_key(lede_span name, lede_buf *out)
{
    lede_buf key = {0}, folded = {0};
    size_t before = out->len, first = 0, last;

    lede_person_put_words(name, &key);
    while (first < key.len && key.bytes[first] != ' ') {
        first++;
    }
    last = key.len;
    while (last > first && key.bytes[last - 1] != ' ') {
        last--;
    }
    if (first < key.len) {
        lede_buf_put(out, key.bytes, first + 1);
        lede_buf_put(out, key.bytes + last, key.len - last);
        lede_fold_text(name, true, &folded);
        if (are_beside(lede_buf_span(&folded),
                       lede_span_part(lede_buf_span(out), before,
                                      out->len - before))) {
            out->len = before;
        }
    }
    out->failed |= key.failed || folded.failed;
    lede_buf_done(&key);
    lede_buf_done(&folded);
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

/* The letters at `at` that stand for one sound: how many, and how it is
 * written. 0 for any other letter. */
static size_t sound_at(lede_span word, size_t at, uint8_t *sound)
{
    static const char begins[] = "cdgkopqstwxz"; /* one of them */
    lede_span rest = lede_span_part(word, at, SIZE_MAX);
    size_t i;

    if (memchr(begins, rest.bytes[0], sizeof begins - 1) == NULL) {
        return 0;
    }
    for (i = 0; i < sizeof sounds / sizeof sounds[0]; i++) {
        if (sounds[i][0][0] == (char)rest.bytes[0] &&
            lede_span_starts(rest, sounds[i][0])) {
            *sound = (uint8_t)sounds[i][1][0];
            return strlen(sounds[i][0]);
        }
    }
    return 0;
}

/* Whether it goes the way of another one, as far as it was made. */
static bool is_like(const skeleton *made, const skeleton *other)
{
    return made->len == 0 ||
           (made->len <= other->len &&
            made->bytes[made->len - 1] == other->bytes[made->len - 1]);
}

/* Consonants by sound, doubled ones once; vowels only as "there is one", and
 * none but at the beginning: spellings differ in little else. One that is not
 * going to be `wanted`, unless that is NULL, is not made to its end. */
static void skeleton_of(lede_span word, const skeleton *wanted, skeleton *out)
{
    size_t at = 0;

    out->len = 0;
    while (at < word.len && (wanted == NULL || is_like(out, wanted))) {
        uint8_t sound = 0;
        size_t len = sound_at(word, at, &sound);

        if (len > 0) {
            put_sound(out, sound);
        } else {
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

/* The same with its vowels: Khadafy and Gaddafi are "kadafy" and "kadafi". */
static void sounds_of(lede_span word, skeleton *out)
{
    size_t at = 0;

    out->len = 0;
    while (at < word.len) {
        uint8_t sound = word.bytes[at];
        size_t len = sound_at(word, at, &sound);

        if (len > 0 || sound != 'h' || at == 0) {
            put_sound(out, sound);
        }
        at += len == 0 ? 1 : len;
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
        skeleton_of(word, NULL, &bones);
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

static bool has_same_bones(lede_span a, lede_span b, size_t least)
{
    skeleton x, y;

    skeleton_of(a, NULL, &x);
    skeleton_of(b, &x, &y);
    return x.len >= least && x.len == y.len &&
           memcmp(x.bytes, y.bytes, x.len) == 0;
}

/* What it costs to write one letter for another. Of vowels only those that
 * sound alike: Muhammad is Mohammed, but Mahler is no Miller. */
static size_t exchange_cost(uint8_t a, uint8_t b)
{
    static const char *const alike[] = {"ae", "ei", "ey", "iy", "ou"};
    enum { UNLIKE = 3 };

    if (a == b) {
        return 0;
    }
    for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++) {
        if ((a == alike[i][0] && b == alike[i][1]) ||
            (a == alike[i][1] && b == alike[i][0])) {
            return 1;
        }
    }
    return is_vowel(a) && is_vowel(b) ? UNLIKE : 1;
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* What it costs to leave a letter out. */
static size_t letter_cost(uint8_t letter)
{
    return is_vowel(letter) && letter != 'i' && letter != 'y' ? 2 : 1;
}

/* What it costs to put letters in, leave them out and exchange them. */
static size_t distance(lede_span a, lede_span b)
{
    size_t row[LEDE_SPELLING_MAX_BYTES + 1];

    row[0] = 0;
    for (size_t k = 0; k < b.len; k++) {
        row[k + 1] = row[k] + letter_cost(b.bytes[k]);
    }
    for (size_t i = 0; i < a.len; i++) {
        size_t corner = row[0];

        row[0] += letter_cost(a.bytes[i]);
        for (size_t k = 0; k < b.len; k++) {
            size_t best = corner + exchange_cost(a.bytes[i], b.bytes[k]);

            corner = row[k + 1];
            best = least_of(best, row[k] + letter_cost(b.bytes[k]));
            row[k + 1] = least_of(best, corner + letter_cost(a.bytes[i]));
        }
    }
    return row[b.len];
}

static bool ends_in(lede_span word, const char *end)
{
    size_t len = strlen(end);

    return word.len > len && memcmp(word.bytes + word.len - len, end, len) == 0;
}

/* The same of how they sound: what letters a sound is written with costs one
 * at the most. */
static size_t distance_in_sound(lede_span a, lede_span b)
{
    skeleton x, y;

    sounds_of(a, &x);
    sounds_of(b, &y);
    return 1 +
           distance(lede_span_of(x.bytes, x.len), lede_span_of(y.bytes, y.len));
}

/* Of short words of the same length the letter that differs: in long ones a
 * vowel is a matter of spelling, but Jean is not Joan. */
static bool is_i_for_y(lede_span a, lede_span b)
{
    size_t at = 0;

    if (a.len != b.len) {
        return true;
    }
    while (at < a.len && a.bytes[at] == b.bytes[at]) {
        at++;
    }
    return at < a.len && (a.bytes[at] == 'i' || a.bytes[at] == 'y') &&
           (b.bytes[at] == 'i' || b.bytes[at] == 'y');
}

bool lede_person_words_alike(lede_span a, lede_span b)
{
    enum { LONG = 6, LONGER = 8 }; /* letters */
    size_t least = a.len < b.len ? a.len : b.len;
    size_t most = a.len < b.len ? b.len : a.len;
    size_t far;

    if (least == 0 || most > LEDE_SPELLING_MAX_BYTES || lede_span_equal(a, b) ||
        !has_same_bones(a, b, 2) || (ends_in(a, "sen") && ends_in(b, "son")) ||
        (ends_in(a, "son") && ends_in(b, "sen"))) {
        return false;
    }
    far = distance(a, b);
    if (least < LONG) {
        return far == 1 && is_i_for_y(a, b);
    }
    return least_of(far, distance_in_sound(a, b)) <= (most < LONGER ? 2 : 3);
}

bool lede_person_forenames_agree(lede_span a, lede_span b)
{
    enum { LEAST_FORENAME = 5 }; /* letters */

    if (a.len == 0 || b.len == 0) {
        return false;
    }
    if (a.len == 1 || b.len == 1) {
        return a.bytes[0] == b.bytes[0];
    }
    return lede_span_equal(a, b) ||
           lede_person_is_short_form(
               (lede_person_word){lede_word_hash(a), a.bytes[0]},
               (lede_person_word){lede_word_hash(b), b.bytes[0]}) ||
           lede_person_words_alike(a, b) || has_same_bones(a, b, 3) ||
           (has_same_bones(a, b, 2) && a.len >= LEAST_FORENAME &&
            b.len >= LEAST_FORENAME && a.len <= LEDE_SPELLING_MAX_BYTES &&
            b.len <= LEDE_SPELLING_MAX_BYTES && distance_in_sound(a, b) <= 3);
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
