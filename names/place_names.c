#include "names/place_names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "names/gazetteer_format.h"

enum {
    /* What is remembered from entry to entry. */
    CACHE_SLOTS = 1 << 15,
    CACHE_NAMES = CACHE_SLOTS / 2,
    FOR_KIND = 6 * 256, /* "Kharkiv region" */
    FOR_USUAL = 2 * 256
};

/* A degree of latitude is 111 km. */
static const double LAT_KM = 111;
static const double MOST_BY_LON_KM = 500;

bool lede_place_names_init(lede_place_names *self,
                           const lede_gazetteer *gazetteer)
{
    memset(self, 0, sizeof *self);
    self->gazetteer = gazetteer;
    self->cache_slots = CACHE_SLOTS;
    self->cache = calloc(CACHE_SLOTS, sizeof *self->cache);
    self->heads =
        gazetteer == NULL ? NULL : lede_gazetteer_heads_new(gazetteer);
    return self->cache != NULL && (self->heads != NULL || gazetteer == NULL);
}

void lede_place_names_done(lede_place_names *self)
{
    lede_buf_done(&self->key);
    free(self->cache);
    free(self->heads);
    free(self->candidates);
    memset(self, 0, sizeof *self);
}

lede_place_number lede_place_of_kind(const lede_gazetteer *gazetteer,
                                     lede_place_number place,
                                     lede_place_kind kind)
{
    int steps = 0;

    for (; place != LEDE_PLACE_NONE && steps <= LEDE_PLACE_MAX_PARENTS;
         steps++) {
        lede_gazetteer_record record =
            lede_gazetteer_record_of(gazetteer, place);

        if (record.kind == kind) {
            return place;
        }
        place = record.parent;
    }
    return LEDE_PLACE_NONE;
}

lede_place_candidate lede_place_candidate_of(const lede_gazetteer *gazetteer,
                                             lede_place_number place)
{
    lede_gazetteer_record record = lede_gazetteer_record_of(gazetteer, place);
    lede_place_candidate made;

    made.place = place;
    made.country = lede_place_of_kind(gazetteer, place, LEDE_PLACE_COUNTRY);
    made.region = lede_place_of_kind(gazetteer, place, LEDE_PLACE_REGION);
    made.lat = (float)lede_gazetteer_lat(&record);
    made.lon = (float)lede_gazetteer_lon(&record);
    made.weight = lede_gazetteer_weight(gazetteer, place);
    made.kind = (uint8_t)record.kind;
    made.usual = true;
    made.capital = record.is_capital;
    return made;
}

/* Whether the longitudes alone say that two places are further apart than km, a
 * short way: up to the 60th degree of latitude one of longitude is half as long
 * as at the equator, and the straight way, through higher latitudes, is little
 * shorter. Saves the sines. */
static bool is_far_by_lon(const lede_place_candidate *a,
                          const lede_place_candidate *b, double km)
{
    double lon = fabs((double)a->lon - b->lon);

    lon = lon > 180 ? 360 - lon : lon;
    return km <= MOST_BY_LON_KM && fabsf(a->lat) <= 60 && fabsf(b->lat) <= 60 &&
           lon * (LAT_KM / 2) > km * 1.1;
}

bool lede_place_is_near(const lede_place_candidate *a,
                        const lede_place_candidate *b, double km)
{
    double lat = a->lat - b->lat;

    return fabs(lat) * LAT_KM <= km && !is_far_by_lon(a, b, km) &&
           lede_place_distance_km(a->lat, a->lon, b->lat, b->lon) <= km;
}

bool lede_place_lies_in(const lede_gazetteer *gazetteer,
                        const lede_place_candidate *a,
                        const lede_place_candidate *b)
{
    lede_place_number parents[LEDE_PLACE_MAX_PARENTS];
    size_t count;
    size_t i;

    if (a->country == b->place || a->region == b->place) {
        return a->place != b->place;
    }
    if (b->kind != LEDE_PLACE_DISTRICT) {
        return false;
    }
    count = lede_gazetteer_parents(gazetteer, a->place, parents);
    for (i = 0; i < count && parents[i] != b->place; i++) {
    }
    return i < count;
}

bool lede_place_is_list(const lede_place_candidate *a,
                        const lede_place_candidate *b)
{
    return (a->kind == LEDE_PLACE_COUNTRY && b->kind == LEDE_PLACE_COUNTRY) ||
           (a->kind == LEDE_PLACE_REGION && b->kind == LEDE_PLACE_REGION &&
            a->country == b->country) ||
           (a->capital && b->capital && a->country != b->country);
}

void lede_place_names_tidy(lede_place_names *self)
{
    if (self->cached_count > CACHE_NAMES) {
        memset(self->cache, 0, self->cache_slots * sizeof *self->cache);
        memset(self->recent, 0, sizeof self->recent);
        self->cached_count = 0;
        self->candidate_count = 0;
    }
}

/* Words that can be left out at the front or the end of a name that the table
 * has not: "southern Lebanon", "Kharkiv region". */
static const struct affix {
    const char *word;
    bool in_front;
    uint8_t kind; /* what is preferred; LEDE_PLACE_KIND_COUNT: nothing */
} affixes[] = {
    {"north", true, LEDE_PLACE_KIND_COUNT},
    {"south", true, LEDE_PLACE_KIND_COUNT},
    {"east", true, LEDE_PLACE_KIND_COUNT},
    {"west", true, LEDE_PLACE_KIND_COUNT},
    {"northern", true, LEDE_PLACE_KIND_COUNT},
    {"southern", true, LEDE_PLACE_KIND_COUNT},
    {"eastern", true, LEDE_PLACE_KIND_COUNT},
    {"western", true, LEDE_PLACE_KIND_COUNT},
    {"northeast", true, LEDE_PLACE_KIND_COUNT},
    {"northwest", true, LEDE_PLACE_KIND_COUNT},
    {"southeast", true, LEDE_PLACE_KIND_COUNT},
    {"southwest", true, LEDE_PLACE_KIND_COUNT},
    {"central", true, LEDE_PLACE_KIND_COUNT},
    {"greater", true, LEDE_PLACE_KIND_COUNT},
    {"upper", true, LEDE_PLACE_KIND_COUNT},
    {"lower", true, LEDE_PLACE_KIND_COUNT},
    {"downtown", true, LEDE_PLACE_TOWN},
    {"mainland", true, LEDE_PLACE_KIND_COUNT},
    {"continental", true, LEDE_PLACE_KIND_COUNT},
    {"city of", true, LEDE_PLACE_TOWN},
    {"town of", true, LEDE_PLACE_TOWN},
    {"village of", true, LEDE_PLACE_TOWN},
    {"state of", true, LEDE_PLACE_REGION},
    {"province of", true, LEDE_PLACE_REGION},
    {"region of", true, LEDE_PLACE_REGION},
    {"county of", true, LEDE_PLACE_DISTRICT},
    {"county", true, LEDE_PLACE_DISTRICT},
    {"co", true, LEDE_PLACE_DISTRICT},
    {"republic of", true, LEDE_PLACE_COUNTRY},
    {"islamic republic of", true, LEDE_PLACE_COUNTRY},
    {"kingdom of", true, LEDE_PLACE_COUNTRY},
    {"isle of", true, LEDE_PLACE_KIND_COUNT},
    {"island of", true, LEDE_PLACE_KIND_COUNT},
    {"city", false, LEDE_PLACE_TOWN},
    {"town", false, LEDE_PLACE_TOWN},
    {"village", false, LEDE_PLACE_TOWN},
    {"province", false, LEDE_PLACE_REGION},
    {"region", false, LEDE_PLACE_REGION},
    {"state", false, LEDE_PLACE_REGION},
    {"oblast", false, LEDE_PLACE_REGION},
    {"governorate", false, LEDE_PLACE_REGION},
    {"prefecture", false, LEDE_PLACE_REGION},
    {"department", false, LEDE_PLACE_REGION},
    {"county", false, LEDE_PLACE_DISTRICT},
    {"district", false, LEDE_PLACE_KIND_COUNT},
    {"island", false, LEDE_PLACE_KIND_COUNT},
    {"islands", false, LEDE_PLACE_KIND_COUNT},
};

/* The key without one of them; the same key if there is none. */
static lede_span without_affix(lede_span key, uint8_t *kind)
{
    size_t i;

    for (i = 0; i < sizeof affixes / sizeof affixes[0]; i++) {
        const struct affix *affix = &affixes[i];
        size_t len = strlen(affix->word);
        bool fits;

        if (key.len < len + 3) {
            continue;
        }
        fits = affix->in_front
                   ? lede_span_starts(key, affix->word) && key.bytes[len] == ' '
                   : lede_span_is(lede_span_part(key, key.len - len, len),
                                  affix->word) &&
                         key.bytes[key.len - len - 1] == ' ';
        if (fits) {
            *kind = affix->kind;
            return affix->in_front ? lede_span_part(key, len + 1, SIZE_MAX)
                                   : lede_span_part(key, 0, key.len - len - 1);
        }
    }
    return key;
}

/* What goes by a key, weightiest first. A name that is not the usual one is
 * weaker evidence, one that had to be cut more so. */
static size_t look_up(lede_place_names *self, lede_span key,
                      lede_place_candidate out[LEDE_PLACE_MAX_CANDIDATES])
{
    lede_gazetteer_found found[LEDE_GAZETTEER_MAX_FOUND];
    uint8_t kind = LEDE_PLACE_KIND_COUNT;
    bool cut = false;
    size_t count;
    size_t i;

    if (self->gazetteer == NULL || key.len == 0) {
        return 0;
    }
    count = lede_gazetteer_find_all(self->gazetteer, self->heads, key, false,
                                    found);
    if (count == 0) {
        lede_span shorter = without_affix(key, &kind);

        cut = shorter.len < key.len;
        count = !cut ? 0
                     : lede_gazetteer_find_all(self->gazetteer, self->heads,
                                               shorter, false, found);
    }
    count =
        count > LEDE_PLACE_MAX_CANDIDATES ? LEDE_PLACE_MAX_CANDIDATES : count;
    for (i = 0; i < count; i++) {
        out[i] = lede_place_candidate_of(self->gazetteer, found[i].place);
        out[i].usual = found[i].usual && !cut;
        out[i].weight -= found[i].usual ? 0 : FOR_USUAL;
        out[i].weight -= cut ? FOR_USUAL : 0;
        out[i].weight += out[i].kind == kind ? FOR_KIND : 0;
    }
    return count;
}

static bool reserve_candidates(lede_place_names *self)
{
    size_t cap = self->candidate_cap == 0 ? 4096 : self->candidate_cap * 2;
    lede_place_candidate *made;

    if (self->candidate_count + LEDE_PLACE_MAX_CANDIDATES <=
        self->candidate_cap) {
        return true;
    }
    made = realloc(self->candidates, cap * sizeof *made);
    if (made == NULL) {
        return false;
    }
    self->candidates = made;
    self->candidate_cap = cap;
    return true;
}

/* "S. Korea", "N. Ireland": the first word of the key in full. */
static void put_key(lede_span name, lede_buf *out)
{
    static const char *const sides[] = {"north ", "south ", "east ", "west "};
    size_t i;

    lede_buf_clear(out);
    for (i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        if (name.len > 4 && (name.bytes[0] | 32) == sides[i][0] &&
            name.bytes[1] == '.' && name.bytes[2] == ' ') {
            lede_buf_put_text(out, sides[i]);
            name = lede_span_part(name, 3, SIZE_MAX);
            break;
        }
    }
    lede_place_key(name, out);
}

static bool fill_cached(lede_place_names *self, lede_place_name *slot,
                        lede_span name)
{
    put_key(name, &self->key);
    if (self->key.failed || !reserve_candidates(self)) {
        return false;
    }
    slot->key = lede_hash64(lede_buf_span(&self->key)) | 1;
    slot->begin = (uint32_t)self->candidate_count;
    slot->count = (uint32_t)look_up(self, lede_buf_span(&self->key),
                                    self->candidates + self->candidate_count);
    self->candidate_count += slot->count;
    return true;
}

static lede_place_name *slot_of(lede_place_name *cache, size_t slots,
                                uint64_t raw)
{
    size_t at = (size_t)(raw >> 20) & (slots - 1);

    while (cache[at].raw != 0 && cache[at].raw != raw) {
        at = (at + 1) & (slots - 1);
    }
    return &cache[at];
}

static bool grow_cache(lede_place_names *self)
{
    size_t slots = self->cache_slots * 2;
    lede_place_name *made = calloc(slots, sizeof *made);
    size_t i;

    if (made == NULL) {
        return false;
    }
    for (i = 0; i < self->cache_slots; i++) {
        if (self->cache[i].raw != 0) {
            *slot_of(made, slots, self->cache[i].raw) = self->cache[i];
        }
    }
    free(self->cache);
    self->cache = made;
    self->cache_slots = slots;
    return true;
}

bool lede_place_names_find(lede_place_names *self, lede_span name,
                           lede_place_name *out)
{
    uint64_t raw = lede_hash64(name) | 1;
    lede_place_name *recent =
        &self->recent[raw >> 8 & (LEDE_PLACE_RECENT_NAMES - 1)];
    lede_place_name *slot;

    if (recent->raw == raw) {
        *out = *recent;
        return true;
    }
    if (self->cached_count * 2 >= self->cache_slots && !grow_cache(self)) {
        return false;
    }
    slot = slot_of(self->cache, self->cache_slots, raw);
    if (slot->raw == 0) {
        if (!fill_cached(self, slot, name)) {
            return false;
        }
        slot->raw = raw;
        self->cached_count++;
    }
    *recent = *slot;
    *out = *slot;
    return true;
}
