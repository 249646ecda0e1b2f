#include "names/places.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "names/gazetteer_format.h"
#include "names/keys.h"
#include "names/words.h"

enum {
    NONE = -1,
    MAX_CANDIDATES = 32, /* of a name: the weightiest ones */
    /* What is remembered from entry to entry. */
    CACHE_SLOTS = 1 << 15,
    CACHE_NAMES = CACHE_SLOTS / 2,
    /* Groups that others are compared with: in a text with more the rest adds
     * nothing but time. */
    MAX_VOTERS = 256,
    MAX_SIBLINGS = 4,
    MAX_PEOPLE_VOTES = 64,
    PEOPLE_SLOTS = 4096,
    ROUNDS = 2
};

/* What an entry's evidence is worth, in 256ths of a doubling of people. */
enum {
    FOR_CONTAINER = 16 * 256,
    FOR_COUNTRY = 3 * 256, /* another place of the same country, */
    FOR_MORE = 256,        /* each doubling of their number, */
    MOST_FOR_COUNTRY = 6 * 256,
    FOR_REGION = 3 * 256, /* of the same region as well, */
    MOST_FOR_REGION = 5 * 256,
    FOR_NEAR = 3 * 256,    /* within NEAR_KM */
    FOR_SIBLING = 5 * 256, /* "Oregon, Washington and Idaho" */
    FOR_HOME = 4 * 256,    /* country, region and nearness, each */
    FOR_KIND = 6 * 256,    /* "Kharkiv region" */
    FOR_USUAL = 2 * 256,
    /* A name that no town of so many people has may be that of a thing that is
     * not in the table: then nothing is sure. */
    SURE_WEIGHT = 16 * 256,
    SURE_LEAD = 3 * 256
};

static const double NEAR_KM = 160;
static const double SAME_KM = 160;

typedef struct candidate {
    lede_place_number place, country, region;
    float lat, lon;
    int32_t weight;
    uint8_t kind;
    bool usual; /* called by its usual name */
    bool capital;
} candidate;

typedef struct cached {
    uint64_t raw; /* hash of the mention's bytes; 0 = free */
    uint64_t key; /* of its key */
    uint32_t begin, count;
} cached;

typedef struct group {
    uint64_t key, container_key;
    uint32_t begin, count; /* candidates, in the cache */
    int32_t container;     /* group, or NONE */
    uint32_t mentions, sources;
    uint32_t siblings[MAX_SIBLINGS]; /* groups that stand in a list with it */
    uint8_t sibling_count;
    uint32_t same_as; /* number of the group that it is told as */
    int32_t best, second;
    int32_t best_score, second_score;
} group;

/* A country or region with the number of those that speak for it. */
typedef struct vote {
    lede_place_number place;
    uint32_t weight;
} vote;

struct lede_places {
    const lede_gazetteer *gazetteer;
    lede_buf key, folded;
    cached *cache; /* a hash table */
    size_t cache_slots, cached_count;
    candidate *candidates;
    size_t candidate_count, candidate_cap;
    group *groups;
    size_t group_count, group_cap;
    int32_t *group_slots; /* of keys */
    size_t slot_count, slot_cap;
    vote *votes;
    size_t vote_count, vote_cap;
    vote people_votes[MAX_PEOPLE_VOTES]; /* of the words for people */
    size_t people_vote_count;
    lede_place_answer *answers;
    size_t answer_cap;
    uint32_t *people_words; /* hashes, and countries beside them */
    lede_place_number *people_countries;
    bool people_read;
};

void lede_places_free(lede_places *self)
{
    if (self != NULL) {
        lede_buf_done(&self->key);
        lede_buf_done(&self->folded);
        free(self->cache);
        free(self->candidates);
        free(self->groups);
        free(self->group_slots);
        free(self->votes);
        free(self->answers);
        free(self->people_words);
        free(self->people_countries);
        free(self);
    }
}

lede_places *lede_places_new(const lede_gazetteer *gazetteer)
{
    lede_places *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->gazetteer = gazetteer;
    self->cache_slots = CACHE_SLOTS;
    self->cache = calloc(CACHE_SLOTS, sizeof *self->cache);
    if (self->cache == NULL) {
        lede_places_free(self);
        return NULL;
    }
    return self;
}

/* ----- what the table has of a name ----- */

static lede_place_number parent_of_kind(const lede_gazetteer *gazetteer,
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

static candidate make_candidate(const lede_gazetteer *gazetteer,
                                lede_place_number place)
{
    lede_gazetteer_record record = lede_gazetteer_record_of(gazetteer, place);
    candidate made;

    made.place = place;
    made.country = parent_of_kind(gazetteer, place, LEDE_PLACE_COUNTRY);
    made.region = parent_of_kind(gazetteer, place, LEDE_PLACE_REGION);
    made.lat = (float)lede_gazetteer_lat(&record);
    made.lon = (float)lede_gazetteer_lon(&record);
    made.weight = lede_gazetteer_weight(gazetteer, place);
    made.kind = (uint8_t)record.kind;
    made.usual = true;
    made.capital = record.is_capital;
    return made;
}

static void forget_cache(lede_places *self)
{
    memset(self->cache, 0, self->cache_slots * sizeof *self->cache);
    self->cached_count = 0;
    self->candidate_count = 0;
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
static size_t look_up(lede_places *self, lede_span key,
                      candidate out[MAX_CANDIDATES])
{
    lede_gazetteer_found found[LEDE_GAZETTEER_MAX_FOUND];
    uint8_t kind = LEDE_PLACE_KIND_COUNT;
    bool cut = false;
    size_t count;
    size_t i;

    if (self->gazetteer == NULL || key.len == 0) {
        return 0;
    }
    count = lede_gazetteer_find_all(self->gazetteer, key, false, found);
    if (count == 0) {
        lede_span shorter = without_affix(key, &kind);

        cut = shorter.len < key.len;
        count = !cut ? 0
                     : lede_gazetteer_find_all(self->gazetteer, shorter, false,
                                               found);
    }
    count = count > MAX_CANDIDATES ? MAX_CANDIDATES : count;
    for (i = 0; i < count; i++) {
        out[i] = make_candidate(self->gazetteer, found[i].place);
        out[i].usual = found[i].usual && !cut;
        out[i].weight -= found[i].usual ? 0 : FOR_USUAL;
        out[i].weight -= cut ? FOR_USUAL : 0;
        out[i].weight += out[i].kind == kind ? FOR_KIND : 0;
    }
    return count;
}

static bool reserve_candidates(lede_places *self)
{
    size_t cap = self->candidate_cap == 0 ? 4096 : self->candidate_cap * 2;
    candidate *made;

    if (self->candidate_count + MAX_CANDIDATES <= self->candidate_cap) {
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

static bool fill_cached(lede_places *self, cached *slot, lede_span name)
{
    lede_buf_clear(&self->key);
    lede_place_key(name, &self->key);
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

static cached *slot_of(cached *cache, size_t slots, uint64_t raw)
{
    size_t at = (size_t)(raw >> 20) & (slots - 1);

    while (cache[at].raw != 0 && cache[at].raw != raw) {
        at = (at + 1) & (slots - 1);
    }
    return &cache[at];
}

static bool grow_cache(lede_places *self)
{
    size_t slots = self->cache_slots * 2;
    cached *made = calloc(slots, sizeof *made);
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

static bool cached_of(lede_places *self, lede_span name, cached *out)
{
    uint64_t raw = lede_hash64(name) | 1;
    cached *slot;

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
    *out = *slot;
    return true;
}

/* ----- groups ----- */

static bool clear_groups(lede_places *self, size_t mentions)
{
    size_t size = 64;
    size_t i;

    while (size < mentions * 2) {
        size *= 2;
    }
    if (size > self->slot_cap) {
        int32_t *slots = realloc(self->group_slots, size * sizeof *slots);

        if (slots == NULL) {
            return false;
        }
        self->group_slots = slots;
        self->slot_cap = size;
    }
    self->slot_count = size;
    for (i = 0; i < self->slot_count; i++) {
        self->group_slots[i] = NONE;
    }
    self->group_count = 0;
    return true;
}

/* The slot of a group, which holds its number or NONE. */
static int32_t *group_slot(const lede_places *self, uint64_t key,
                           uint64_t container_key)
{
    size_t at =
        (size_t)((key ^ container_key * 31) >> 24) & (self->slot_count - 1);

    while (self->group_slots[at] != NONE) {
        const group *g = &self->groups[self->group_slots[at]];

        if (g->key == key && g->container_key == container_key) {
            break;
        }
        at = (at + 1) & (self->slot_count - 1);
    }
    return &self->group_slots[at];
}

static bool group_of_name(lede_places *self, const cached *name,
                          uint64_t container_key, uint32_t *out)
{
    int32_t *slot = group_slot(self, name->key, container_key);
    group *made;

    if (*slot != NONE) {
        *out = (uint32_t)*slot;
        return true;
    }
    if (self->group_count == self->group_cap) {
        size_t cap = self->group_cap == 0 ? 64 : self->group_cap * 2;

        made = realloc(self->groups, cap * sizeof *made);
        if (made == NULL) {
            return false;
        }
        self->groups = made;
        self->group_cap = cap;
    }
    made = &self->groups[self->group_count];
    memset(made, 0, sizeof *made);
    made->key = name->key;
    made->container_key = container_key;
    made->begin = name->begin;
    made->count = name->count;
    made->container = NONE;
    made->best = NONE;
    made->second = NONE;
    *out = (uint32_t)self->group_count;
    made->same_as = *out;
    *slot = (int32_t)self->group_count++;
    return true;
}

static lede_span name_of(const lede_name_text *texts, const lede_mention *m)
{
    return lede_span_part(texts[m->text].text, m->begin, m->end - m->begin);
}

/* Whether place a lies in place b. */
static bool lies_in(const lede_gazetteer *gazetteer, const candidate *a,
                    const candidate *b)
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

/* "Texas, Oklahoma" and "Moscow and Washington" are lists: both can be of one
 * rank, states of one country or capitals of two. */
static bool is_list(const candidate *a, const candidate *b)
{
    return (a->kind == LEDE_PLACE_COUNTRY && b->kind == LEDE_PLACE_COUNTRY) ||
           (a->kind == LEDE_PLACE_REGION && b->kind == LEDE_PLACE_REGION &&
            a->country == b->country) ||
           (a->capital && b->capital && a->country != b->country);
}

static bool may_lie_in(const lede_places *self, const cached *inner,
                       const cached *outer)
{
    bool may = false;
    uint32_t i;
    uint32_t k;

    for (i = 0; i < inner->count; i++) {
        for (k = 0; k < outer->count; k++) {
            const candidate *a = &self->candidates[inner->begin + i];
            const candidate *b = &self->candidates[outer->begin + k];

            if (is_list(a, b)) {
                return false;
            }
            may = may || lies_in(self->gazetteer, a, b);
        }
    }
    return may;
}

/* Whether nothing but a comma (or a bracket) stands between two mentions. */
static bool is_comma_between(const lede_name_text *texts, const lede_mention *a,
                             const lede_mention *b)
{
    lede_span between;
    size_t i;

    if (a->text != b->text || b->begin < a->end || b->begin - a->end > 3) {
        return false;
    }
    between = lede_span_part(texts[a->text].text, a->end, b->begin - a->end);
    for (i = 0; i < between.len; i++) {
        if (between.bytes[i] != ' ' && between.bytes[i] != ',' &&
            between.bytes[i] != '(') {
            return false;
        }
    }
    return between.len > 0;
}

/* The container that the next mention is of this one, if it is. */
static bool find_container(lede_places *self, const lede_name_text *texts,
                           const lede_mention *mention,
                           const lede_mention *next, const cached *name,
                           cached *out)
{
    out->key = 0;
    if (next == NULL || next->kind != LEDE_NAME_PLACE ||
        !is_comma_between(texts, mention, next)) {
        return true;
    }
    if (!cached_of(self, name_of(texts, next), out)) {
        return false;
    }
    if (out->key == name->key || !may_lie_in(self, name, out)) {
        out->key = 0;
    }
    return true;
}

/* Makes groups; a name with a container is a group of its own. */
static bool make_groups(lede_places *self, const lede_name_text *texts,
                        const lede_mention *mentions, size_t count,
                        uint32_t *group_of)
{
    size_t i;

    for (i = 0; i < count; i++) {
        cached name;
        cached outer;
        group *made;

        if (mentions[i].kind != LEDE_NAME_PLACE) {
            continue;
        }
        if (!cached_of(self, name_of(texts, &mentions[i]), &name) ||
            !find_container(self, texts, &mentions[i],
                            i + 1 < count ? &mentions[i + 1] : NULL, &name,
                            &outer) ||
            !group_of_name(self, &name, outer.key, &group_of[i])) {
            return false;
        }
        if (outer.key != 0) {
            uint32_t container;

            if (!group_of_name(self, &outer, 0, &container)) {
                return false;
            }
            self->groups[group_of[i]].container = (int32_t)container;
        }
        made = &self->groups[group_of[i]];
        made->mentions += !mentions[i].is_source;
        made->sources += mentions[i].is_source;
    }
    return true;
}

/* Whether two mentions stand in a list: nothing but a comma, "and" or "or"
 * between them. */
static bool is_listed(const lede_name_text *texts, const lede_mention *a,
                      const lede_mention *b)
{
    lede_span between;
    size_t begin = 0;

    if (a->text != b->text || b->begin < a->end || b->begin - a->end > 7) {
        return false;
    }
    between = lede_span_part(texts[a->text].text, a->end, b->begin - a->end);
    while (begin < between.len &&
           (between.bytes[begin] == ' ' || between.bytes[begin] == ',')) {
        begin++;
    }
    between = lede_span_trim(lede_span_part(between, begin, SIZE_MAX));
    return between.len == 0
               ? begin > 0
               : lede_span_is(between, "and") || lede_span_is(between, "or");
}

static void add_sibling(group *g, uint32_t other)
{
    if (g->sibling_count < MAX_SIBLINGS) {
        g->siblings[g->sibling_count++] = other;
    }
}

static void note_lists(lede_places *self, const lede_name_text *texts,
                       const lede_mention *mentions, size_t count,
                       const uint32_t *group_of)
{
    size_t i;

    for (i = 1; i < count; i++) {
        uint32_t a = group_of[i - 1];
        uint32_t b = group_of[i];

        if (mentions[i - 1].kind == LEDE_NAME_PLACE &&
            mentions[i].kind == LEDE_NAME_PLACE && a != b &&
            self->groups[a].container == NONE &&
            is_listed(texts, &mentions[i - 1], &mentions[i])) {
            add_sibling(&self->groups[a], b);
            add_sibling(&self->groups[b], a);
        }
    }
}

/* "Paris" in a text that also says "Paris, Texas" is that one: of several, the
 * one most spoken of. */
static void adopt_bare_names(lede_places *self)
{
    size_t i;

    for (i = 0; i < self->group_count; i++) {
        const group *with = &self->groups[i];
        group *bare;
        int32_t slot;

        if (with->container == NONE) {
            continue;
        }
        slot = *group_slot(self, with->key, 0);
        if (slot == NONE) {
            continue;
        }
        bare = &self->groups[slot];
        if (bare->same_as == (uint32_t)slot ||
            self->groups[bare->same_as].mentions < with->mentions) {
            bare->same_as = (uint32_t)i;
        }
    }
    for (i = 0; i < self->group_count; i++) {
        group *bare = &self->groups[i];

        if (bare->same_as != i) {
            self->groups[bare->same_as].mentions += bare->mentions;
            self->groups[bare->same_as].sources += bare->sources;
            bare->count = 0;
        }
    }
}

/* ----- votes ----- */

static vote *vote_of(lede_places *self, lede_place_number place, bool make)
{
    size_t i;
    vote *votes;

    for (i = 0; i < self->vote_count; i++) {
        if (self->votes[i].place == place) {
            return &self->votes[i];
        }
    }
    if (!make || self->vote_count >= MAX_VOTERS * 4) {
        return NULL;
    }
    if (self->vote_count == self->vote_cap) {
        size_t cap = self->vote_cap == 0 ? 64 : self->vote_cap * 2;

        votes = realloc(self->votes, cap * sizeof *votes);
        if (votes == NULL) {
            return NULL;
        }
        self->votes = votes;
        self->vote_cap = cap;
    }
    self->votes[self->vote_count] = (vote){place, 0};
    return &self->votes[self->vote_count++];
}

static void add_vote(lede_places *self, lede_place_number place,
                     uint32_t weight)
{
    vote *v = place == LEDE_PLACE_NONE ? NULL : vote_of(self, place, true);

    if (v != NULL) {
        v->weight += weight;
    }
}

static uint32_t votes_for(lede_places *self, lede_place_number place)
{
    vote *v = place == LEDE_PLACE_NONE ? NULL : vote_of(self, place, false);

    return v == NULL ? 0 : v->weight;
}

static uint32_t weight_of(const group *g)
{
    uint32_t mentions = g->mentions + 2 * g->sources;

    return mentions > 4 ? 4 : mentions;
}

/* Reads the words for people once: which country they speak for. */
static bool read_people(lede_places *self)
{
    lede_gazetteer_names names;

    if (self->people_read) {
        return true;
    }
    self->people_words = calloc(PEOPLE_SLOTS, sizeof *self->people_words);
    self->people_countries =
        calloc(PEOPLE_SLOTS, sizeof *self->people_countries);
    if (self->people_words == NULL || self->people_countries == NULL) {
        return false;
    }
    self->people_read = true;
    lede_gazetteer_names_init(&names, self->gazetteer, 0);
    while (lede_gazetteer_names_next(&names)) {
        lede_place_number place;
        bool people;

        while (lede_gazetteer_names_place(&names, &place, &people)) {
            uint32_t hash;
            size_t at;
            int probes = 0;

            if (!people || parent_of_kind(self->gazetteer, place,
                                          LEDE_PLACE_COUNTRY) != place) {
                continue;
            }
            hash = lede_word_hash(lede_span_of(names.name, names.name_len)) | 1;
            for (at = hash % PEOPLE_SLOTS;
                 self->people_words[at] != 0 &&
                 self->people_words[at] != hash && probes < 64;
                 at = (at + 1) % PEOPLE_SLOTS) {
                probes++;
            }
            if (self->people_words[at] == 0) {
                self->people_words[at] = hash;
                self->people_countries[at] = place;
            }
        }
    }
    return true;
}

static lede_place_number country_of_word(const lede_places *self,
                                         lede_span word)
{
    uint32_t hash = lede_word_hash(word) | 1;
    size_t at = hash % PEOPLE_SLOTS;
    int probes = 0;

    for (; self->people_words[at] != 0 && probes < 64; probes++) {
        if (self->people_words[at] == hash) {
            return self->people_countries[at];
        }
        at = (at + 1) % PEOPLE_SLOTS;
    }
    return LEDE_PLACE_NONE;
}

/* "Kenyan police": a vote for Kenya. */
static void vote_by_people(lede_places *self, lede_span text)
{
    size_t at = 0;
    size_t begin;

    text = lede_span_part(text, 0, 1 << 16);
    while (at < text.len) {
        uint8_t byte = text.bytes[at];

        if (byte < 'A' || byte > 'Z' ||
            (at > 0 && ((text.bytes[at - 1] | 32) - 'a' + 0u) < 26u)) {
            at++;
            continue;
        }
        for (begin = at++;
             at < text.len && ((text.bytes[at] | 32) - 'a' + 0u) < 26u; at++) {
        }
        if (at - begin >= 4 && at - begin <= 16) {
            add_vote(self,
                     country_of_word(
                         self, lede_span_of(text.bytes + begin, at - begin)),
                     1);
        }
    }
}

static void keep_people_votes(lede_places *self)
{
    self->people_vote_count = self->vote_count < MAX_PEOPLE_VOTES
                                  ? self->vote_count
                                  : MAX_PEOPLE_VOTES;
    if (self->people_vote_count > 0) {
        memcpy(self->people_votes, self->votes,
               self->people_vote_count * sizeof *self->votes);
    }
}

/* ----- scores ----- */

static bool is_near(const candidate *a, const candidate *b, double km)
{
    double lat = a->lat - b->lat;

    /* A degree of latitude is 111 km. */
    return fabs(lat) * 111 <= km &&
           lede_place_distance_km(a->lat, a->lon, b->lat, b->lon) <= km;
}

static const candidate *best_of(const lede_places *self, const group *g)
{
    return g->best == NONE ? NULL
                           : &self->candidates[g->begin + (uint32_t)g->best];
}

static int32_t for_votes(uint32_t votes, int32_t first, int32_t most)
{
    int32_t score = first;

    if (votes == 0) {
        return 0;
    }
    while (votes > 1 && score < most) {
        votes /= 2;
        score += FOR_MORE;
    }
    return score;
}

static bool has_neighbour(const lede_places *self, const group *g,
                          const candidate *c)
{
    size_t i;

    for (i = 0; i < self->group_count && i < MAX_VOTERS; i++) {
        const group *other = &self->groups[i];
        const candidate *best = best_of(self, other);

        if (other != g && best != NULL && other->key != g->key &&
            best->kind != LEDE_PLACE_COUNTRY && best->kind != LEDE_PLACE_AREA &&
            best->kind != LEDE_PLACE_REGION && is_near(best, c, NEAR_KM)) {
            return true;
        }
    }
    return false;
}

typedef struct surroundings {
    const candidate *given; /* places that the caller named */
    size_t given_count;
} surroundings;

static int32_t for_given(const surroundings *around, const candidate *c)
{
    int32_t score = 0;
    size_t i;

    for (i = 0; i < around->given_count; i++) {
        const candidate *g = &around->given[i];
        int32_t here = 0;

        if (c->country != LEDE_PLACE_NONE && c->country == g->country) {
            here += FOR_HOME;
            if (c->region != LEDE_PLACE_NONE && c->region == g->region) {
                here += FOR_HOME;
            }
            if (g->kind == LEDE_PLACE_TOWN && is_near(c, g, NEAR_KM)) {
                here += FOR_HOME;
            }
        }
        score = here > score ? here : score;
    }
    return score;
}

static int32_t for_siblings(const lede_places *self, const group *g,
                            const candidate *c)
{
    size_t i;

    for (i = 0; i < g->sibling_count; i++) {
        const candidate *other = best_of(self, &self->groups[g->siblings[i]]);

        if (other != NULL && is_list(c, other)) {
            return FOR_SIBLING;
        }
    }
    return 0;
}

static int32_t score_of(lede_places *self, const group *g, const candidate *c,
                        const surroundings *around)
{
    int32_t score = c->weight;
    uint32_t own = weight_of(g);
    const candidate *best = best_of(self, g);
    uint32_t votes;

    if (g->container != NONE) {
        const group *outer = &self->groups[g->container];
        uint32_t k;

        for (k = 0; k < outer->count; k++) {
            if (lies_in(self->gazetteer, c,
                        &self->candidates[outer->begin + k])) {
                score += FOR_CONTAINER;
                break;
            }
        }
    }
    votes = votes_for(self, c->country);
    votes -=
        best != NULL && best->country == c->country && votes >= own ? own : 0;
    score += for_votes(votes, FOR_COUNTRY, MOST_FOR_COUNTRY);
    if (c->kind != LEDE_PLACE_COUNTRY) {
        votes = votes_for(self, c->region);
        votes -=
            best != NULL && best->region == c->region && votes >= own ? own : 0;
        score += for_votes(votes, FOR_REGION, MOST_FOR_REGION);
        score += has_neighbour(self, g, c) ? FOR_NEAR : 0;
    }
    return score + for_siblings(self, g, c) + for_given(around, c);
}

/* Whether it makes no difference to a reader which of the two is meant. */
static bool is_same_place(const lede_places *self, const candidate *a,
                          const candidate *b)
{
    return is_near(a, b, SAME_KM) || lies_in(self->gazetteer, a, b) ||
           lies_in(self->gazetteer, b, a);
}

static void choose(lede_places *self, group *g, const surroundings *around)
{
    int32_t scores[MAX_CANDIDATES];
    int32_t best = NONE;
    int32_t second = NONE;
    int32_t i;

    for (i = 0; i < (int32_t)g->count; i++) {
        scores[i] = score_of(self, g, &self->candidates[g->begin + (uint32_t)i],
                             around);
        if (best == NONE || scores[i] > scores[best]) {
            best = i;
        }
    }
    for (i = 0; i < (int32_t)g->count; i++) {
        if (i != best && (second == NONE || scores[i] > scores[second]) &&
            !is_same_place(self, &self->candidates[g->begin + (uint32_t)best],
                           &self->candidates[g->begin + (uint32_t)i])) {
            second = i;
        }
    }
    g->best = best;
    g->second = second;
    g->best_score = best == NONE ? 0 : scores[best];
    g->second_score = second == NONE ? 0 : scores[second];
}

static bool is_sure(const group *g)
{
    return g->best != NONE && g->best_score >= SURE_WEIGHT &&
           (g->second == NONE || g->best_score - g->second_score >= SURE_LEAD);
}

static void vote_all(lede_places *self)
{
    size_t i;

    self->vote_count = 0;
    for (i = 0; i < self->group_count && i < MAX_VOTERS; i++) {
        const group *g = &self->groups[i];
        const candidate *best = best_of(self, g);

        if (best != NULL) {
            add_vote(self, best->country, weight_of(g));
            add_vote(self, best->region, weight_of(g));
        }
    }
    for (i = 0; i < self->people_vote_count; i++) {
        add_vote(self, self->people_votes[i].place,
                 self->people_votes[i].weight);
    }
}

static bool is_open(const lede_places *self)
{
    size_t i;

    for (i = 0; i < self->group_count && self->groups[i].count < 2; i++) {
    }
    return i < self->group_count;
}

static bool resolve(lede_places *self, const lede_name_text *texts,
                    size_t text_count, const surroundings *around)
{
    static const surroundings nothing = {0};
    size_t i;
    int round;

    self->vote_count = 0;
    for (i = 0; i < self->group_count; i++) {
        choose(self, &self->groups[i], &nothing);
    }
    if (is_open(self)) {
        if (!read_people(self)) {
            return false;
        }
        for (i = 0; i < text_count; i++) {
            vote_by_people(self, texts[i].text);
        }
        keep_people_votes(self);
        for (round = 0; round < ROUNDS; round++) {
            vote_all(self);
            for (i = 0; i < self->group_count; i++) {
                choose(self, &self->groups[i], around);
            }
        }
    }
    return true;
}

/* ----- answers ----- */

static void answer(const lede_places *self, const group *g,
                   lede_place_answer *out)
{
    const candidate *best = best_of(self, g);
    uint32_t i;

    memset(out, 0, sizeof *out);
    if (best == NULL) {
        return;
    }
    out->state = is_sure(g) ? LEDE_PLACE_RESOLVED : LEDE_PLACE_AMBIGUOUS;
    out->candidates[out->count++] = best->place;
    if (g->second != NONE) {
        out->candidates[out->count++] =
            self->candidates[g->begin + (uint32_t)g->second].place;
    }
    for (i = 0; i < g->count && out->count < LEDE_ENTITY_MAX_CANDIDATES; i++) {
        lede_place_number place = self->candidates[g->begin + i].place;
        uint32_t k;

        for (k = 0; k < out->count && out->candidates[k] != place; k++) {
        }
        if (k == out->count) {
            out->candidates[out->count++] = place;
        }
    }
}

/* Groups that were found to be the same place, "Kiev" and "Kyiv", become the
 * first of them. */
static void unite(lede_places *self)
{
    size_t i;

    for (i = 0; i < self->group_count; i++) {
        const candidate *best = best_of(self, &self->groups[i]);
        size_t k;

        for (k = 0; best != NULL && k < i && k < MAX_VOTERS; k++) {
            const candidate *other = best_of(self, &self->groups[k]);

            if (other != NULL && other->place == best->place &&
                self->groups[k].same_as == k) {
                self->groups[i].same_as = (uint32_t)k;
                if (self->answers[i].state > self->answers[k].state) {
                    self->answers[k] = self->answers[i];
                }
                break;
            }
        }
    }
    for (i = 0; i < self->group_count; i++) {
        self->groups[i].same_as = self->groups[self->groups[i].same_as].same_as;
    }
}

static bool put_answers(lede_places *self)
{
    size_t i;

    if (self->group_count > self->answer_cap) {
        lede_place_answer *made =
            realloc(self->answers, (self->group_count + 64) * sizeof *made);

        if (made == NULL) {
            return false;
        }
        self->answers = made;
        self->answer_cap = self->group_count + 64;
    }
    for (i = 0; i < self->group_count; i++) {
        answer(self, &self->groups[i], &self->answers[i]);
    }
    return true;
}

/* The places of the context, as candidates; home is the first one. */
static size_t read_given(const lede_places *self,
                         const lede_link_context *context, candidate *out,
                         size_t max)
{
    size_t count = 0;
    size_t i;

    for (i = 0;
         self->gazetteer != NULL && i <= context->place_count && count < max;
         i++) {
        lede_span id = i == 0 ? context->home : context->places[i - 1];
        lede_place_number place =
            id.len == 0 ? LEDE_PLACE_NONE
                        : lede_gazetteer_by_id(self->gazetteer, id);

        if (place != LEDE_PLACE_NONE) {
            out[count++] = make_candidate(self->gazetteer, place);
        }
    }
    return count;
}

bool lede_places_link(lede_places *self, const lede_name_text *texts,
                      size_t text_count, const lede_mention *mentions,
                      size_t mention_count, const lede_link_context *context,
                      uint32_t *group_of, const lede_place_answer **answers,
                      uint32_t *count)
{
    candidate given[32];
    surroundings around = {given, 0};
    size_t i;

    around.given_count =
        read_given(self, context, given, sizeof given / sizeof given[0]);
    if (self->cached_count > CACHE_NAMES) {
        forget_cache(self);
    }
    if (!clear_groups(self, mention_count) ||
        !make_groups(self, texts, mentions, mention_count, group_of)) {
        return false;
    }
    note_lists(self, texts, mentions, mention_count, group_of);
    adopt_bare_names(self);
    if (!resolve(self, texts, text_count, &around) || !put_answers(self)) {
        return false;
    }
    unite(self);
    for (i = 0; i < mention_count; i++) {
        if (mentions[i].kind == LEDE_NAME_PLACE) {
            group_of[i] = self->groups[group_of[i]].same_as;
        }
    }
    *answers = self->answers;
    *count = (uint32_t)self->group_count;
    return true;
}
