#include "names/place_peoples.h"

#include <stdlib.h>
#include <string.h>

#include "base/varint.h"
#include "names/gazetteer_format.h"
#include "names/place_names.h"
#include "names/words.h"

enum { PEOPLE_SLOTS = 4096, LEAST_BYTES = 4, MOST_BYTES = 16 };

/* Of a word of at most MOST_BYTES in ASCII, whatever its case: never 0. */
static uint32_t hash_of(lede_span word)
{
    uint8_t low[MOST_BYTES];
    size_t i;

    for (i = 0; i < word.len; i++) {
        low[i] = word.bytes[i] | 32;
    }
    return lede_word_hash(lede_span_of(low, word.len)) | 1;
}

bool lede_place_peoples_read(lede_place_peoples *self,
                             const lede_gazetteer *gazetteer)
{
    lede_gazetteer_names names;

    if (self->is_read) {
        return true;
    }
    self->words = calloc(PEOPLE_SLOTS, sizeof *self->words);
    self->countries = calloc(PEOPLE_SLOTS, sizeof *self->countries);
    if (self->words == NULL || self->countries == NULL) {
        return false;
    }
    self->is_read = true;
    lede_gazetteer_names_init(&names, gazetteer, 0);
    while (lede_gazetteer_names_next(&names)) {
        lede_place_number place;
        bool people;

        while (names.has_people &&
               lede_gazetteer_names_place(&names, &place, &people)) {
            uint32_t hash;
            size_t at;
            int probes = 0;

            if (!people || names.name_len < LEAST_BYTES ||
                names.name_len > MOST_BYTES ||
                lede_place_of_kind(gazetteer, place, LEDE_PLACE_COUNTRY) !=
                    place) {
                continue;
            }
            hash = hash_of(lede_span_of(names.name, names.name_len));
            for (at = hash % PEOPLE_SLOTS;
                 self->words[at] != 0 && self->words[at] != hash && probes < 64;
                 at = (at + 1) % PEOPLE_SLOTS) {
                probes++;
            }
            if (self->words[at] == 0) {
                self->words[at] = hash;
                self->countries[at] = place;
                self->begins[names.name[0] & 31] |= 1u << (names.name[1] & 31);
            }
        }
    }
    return true;
}

void lede_place_peoples_done(lede_place_peoples *self)
{
    free(self->words);
    free(self->countries);
    memset(self, 0, sizeof *self);
}

static lede_place_number country_of_word(const lede_place_peoples *self,
                                         lede_span word)
{
    uint8_t low[MOST_BYTES]; /* keys of names are in small letters */
    uint32_t hash;
    size_t at;
    size_t i;
    int probes = 0;

    for (i = 0; i < word.len; i++) {
        low[i] = word.bytes[i] | 32;
    }
    hash = lede_word_hash(lede_span_of(low, word.len)) | 1;
    for (at = hash % PEOPLE_SLOTS; self->words[at] != 0 && probes < 64;
         probes++, at = (at + 1) % PEOPLE_SLOTS) {
        if (self->words[at] == hash) {
            return self->countries[at];
        }
    }
    return LEDE_PLACE_NONE;
}

static bool is_ascii_letter(uint8_t byte)
{
    return ((byte | 32) - 'a' + 0u) < 26u;
}

#if defined(__SSE2__)
#include <emmintrin.h>

enum { STEP = 16 };

/* A bit for each of sixteen bytes that is a capital of ASCII. */
static inline uint32_t capitals(const uint8_t *bytes)
{
    __m128i all = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    __m128i from_a = _mm_sub_epi8(all, _mm_set1_epi8('A'));

    return (uint32_t)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_min_epu8(from_a, _mm_set1_epi8(25)), from_a));
}

static inline size_t first_of(uint64_t found)
{
    return (size_t)__builtin_ctzll(found);
}
#else
enum { STEP = 8 };

/* The high bit of each of eight bytes that is a capital of ASCII. */
static inline uint64_t capitals(const uint8_t *bytes)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t all = lede_load_u64(bytes);
    uint64_t low = all & 0x7F * ones;
    uint64_t from_a = low + (0x80 - 'A') * ones;
    uint64_t behind_z = low + (0x7F - 'Z') * ones;

    return from_a & ~behind_z & ~all & 0x80 * ones;
}

static inline size_t first_of(uint64_t found)
{
    return (size_t)__builtin_ctzll(found) / 8;
}
#endif

/* The next capital of ASCII from `at` on, or the end. */
static inline size_t next_capital(lede_span text, size_t at)
{
    for (; text.len - at >= STEP; at += STEP) {
        uint64_t found = capitals(text.bytes + at);

        if (found != 0) {
            return at + first_of(found);
        }
    }
    while (at < text.len && (text.bytes[at] < 'A' || text.bytes[at] > 'Z')) {
        at++;
    }
    return at;
}

lede_place_number lede_place_peoples_next(const lede_place_peoples *self,
                                          lede_span text, size_t *at)
{
    while ((*at = next_capital(text, *at)) < text.len) {
        size_t begin = *at;
        lede_place_number country = LEDE_PLACE_NONE;

        *at += 1;
        /* Of most words the first two letters say enough. */
        if (*at == text.len ||
            (self->begins[text.bytes[begin] & 31] >> (text.bytes[*at] & 31) &
             1) == 0 ||
            (begin > 0 && is_ascii_letter(text.bytes[begin - 1]))) {
            continue;
        }
        while (*at < text.len && is_ascii_letter(text.bytes[*at])) {
            *at += 1;
        }
        if (*at - begin >= LEAST_BYTES && *at - begin <= MOST_BYTES) {
            country = country_of_word(
                self, lede_span_of(text.bytes + begin, *at - begin));
        }
        if (country != LEDE_PLACE_NONE) {
            return country;
        }
    }
    return LEDE_PLACE_NONE;
}
