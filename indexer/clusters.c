#include "indexer/clusters.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/place.h"
#include "indexer/sort.h"

enum { BODIES_COMPARED_MAX = 256 };

/* One file can show a post on two pages: then what these say of it decides. */
static int compare_pages(const lede_live_class *a, const lede_live_class *b)
{
    if (a == NULL || b == NULL) {
        return (a != NULL) - (b != NULL);
    }
    if (a->page_id != b->page_id) {
        return a->page_id < b->page_id ? -1 : 1;
    }
    if (a->published.instant != b->published.instant) {
        return a->published.instant < b->published.instant ? -1 : 1;
    }
    return (a->published.year_source > b->published.year_source) -
           (a->published.year_source < b->published.year_source);
}

int lede_voice_compare(const lede_voice *a, const lede_voice *b)
{
    int order = lede_post_compare(&a->version->claim, a->version->path,
                                  &b->version->claim, b->version->path);

    return order != 0 ? order : compare_pages(a->live, b->live);
}

lede_span lede_version_file(const lede_version *version)
{
    size_t len = version->path.len;

    if (version->claim.line != 0) {
        while (len > 0 && version->path.bytes[len - 1] != '#') {
            len--;
        }
        len -= len > 0;
    } else if (version->claim.location.len > 0) {
        len -= version->claim.location.len;
    } else {
        return lede_place_parse(version->path).file;
    }
    return lede_span_of(version->path.bytes, len);
}

static uint32_t find_root(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static void unite(uint32_t *parent, uint32_t a, uint32_t b)
{
    a = find_root(parent, a);
    b = find_root(parent, b);
    parent[a < b ? b : a] = a < b ? a : b;
}

static uint32_t body_of(const lede_claim *claim)
{
    return claim->body_hash;
}

static uint32_t headline_of(const lede_claim *claim)
{
    return claim->headline_hash;
}

typedef struct hashed {
    uint32_t hash, voice;
} hashed;

static int compare_hashed(const void *left, const void *right)
{
    const hashed *a = left, *b = right;

    if (a->hash != b->hash) {
        return a->hash < b->hash ? -1 : 1;
    }
    return a->voice < b->voice ? -1 : 1;
}

/* Unites the voices that have the same nonzero hash. */
static bool unite_by(const lede_voice *voices, uint32_t count, uint32_t *parent,
                     lede_arena *arena,
                     uint32_t (*hash_of)(const lede_claim *claim))
{
    hashed *items = lede_arena_array(arena, count, sizeof items[0]);
    uint32_t i, n = 0;

    if (items == NULL) {
        return false;
    }
    for (i = 0; i < count; i++) {
        uint32_t hash = hash_of(&voices[i].version->claim);

        if (hash != 0) {
            items[n++] = (hashed){hash, i};
        }
    }
    if (n > 0) {
        lede_sort(items, n, sizeof items[0], compare_hashed);
    }
    for (i = 1; i < n; i++) {
        if (items[i].hash == items[i - 1].hash) {
            unite(parent, items[i].voice, items[i - 1].voice);
        }
    }
    return true;
}

static bool is_post(const lede_voice *voice)
{
    return voice->version->claim.kind == LEDE_KEY_POST;
}

static bool years_conflict(const lede_voice *a, const lede_voice *b)
{
    return lede_years_conflict(&a->version->claim.published,
                               &b->version->claim.published);
}

static int32_t year_of(const lede_voice *voice)
{
    const lede_when *when = &voice->version->claim.published;
    lede_civil civil;

    if (!lede_when_is_trusted(when) || when->instant == LEDE_INSTANT_NONE) {
        return 0;
    }
    lede_civil_from_instant(when->instant, 0, &civil);
    return civil.year;
}

/* A body of a year: all voices that have it speak as one. */
typedef struct speaker {
    uint32_t body;
    int32_t year; /* 0: unknown */
    uint32_t voice;
} speaker;

static int compare_speakers(const void *left, const void *right)
{
    const speaker *a = left, *b = right;

    if (a->body != b->body) {
        return a->body < b->body ? -1 : 1;
    }
    if (a->year != b->year) {
        return a->year < b->year ? -1 : 1;
    }
    return a->voice < b->voice ? -1 : a->voice > b->voice;
}

/* Unites the voices of the same body, unless they are of two known years, and
 * leaves one speaker for each body and year, sorted. */
static uint32_t unite_same(speaker *speakers, uint32_t count,
                           const lede_voice *voices, uint32_t *parent)
{
    uint32_t n = 0, i, unknown = 0;

    for (i = 0; i < count; i++) {
        speaker s = speakers[i];

        if (n > 0 && speakers[n - 1].body == s.body &&
            speakers[n - 1].year == s.year) {
            unite(parent, s.voice, speakers[n - 1].voice);
            continue;
        }
        unknown = n > 0 && speakers[n - 1].body == s.body ? unknown : n;
        if (unknown < n && !years_conflict(&voices[speakers[unknown].voice],
                                           &voices[s.voice])) {
            unite(parent, s.voice, speakers[unknown].voice);
        }
        speakers[n++] = s;
    }
    return n;
}

/* Posts of several pages: alike by the sketches of their bodies, and not of
 * two known years. Where there are more than anybody wrote, only neighbours by
 * hash are compared, besides the same bodies. */
static bool unite_posts(const lede_voice *voices, uint32_t count,
                        uint32_t *parent, lede_arena *arena)
{
    speaker *speakers = lede_arena_array(arena, count, sizeof speakers[0]);
    uint32_t i, j, span;

    if (speakers == NULL) {
        return false;
    }
    for (i = 0; i < count; i++) {
        speakers[i] = (speaker){body_of(&voices[i].version->claim),
                                year_of(&voices[i]), i};
    }
    lede_sort(speakers, count, sizeof speakers[0], compare_speakers);
    count = unite_same(speakers, count, voices, parent);
    span = count > BODIES_COMPARED_MAX ? 8 : count;
    for (i = 0; i < count; i++) {
        for (j = i + 1; j < count && j - i <= span; j++) {
            const lede_voice *a = &voices[speakers[i].voice];
            const lede_voice *b = &voices[speakers[j].voice];

            if (!years_conflict(a, b) &&
                lede_claims_alike(&a->version->claim, &b->version->claim)) {
                unite(parent, speakers[i].voice, speakers[j].voice);
            }
        }
    }
    return true;
}

static bool group_alike(const lede_voice *voices, uint32_t count,
                        uint32_t *parent, lede_arena *arena)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        parent[i] = i;
        if (i > 0 && voices[i].part == voices[i - 1].part) {
            unite(parent, i, i - 1);
        }
    }
    if (is_post(&voices[0])) {
        return unite_posts(voices, count, parent, arena);
    }
    return unite_by(voices, count, parent, arena, body_of) &&
           unite_by(voices, count, parent, arena, headline_of);
}

static int compare_spans_by_file(const lede_voice *a, const lede_voice *b)
{
    return lede_span_compare(lede_version_file(a->version),
                             lede_version_file(b->version));
}

/* By file and dates, so that unlike versions of one reading stand together. */
static int compare_readings(const void *left, const void *right)
{
    const lede_voice *a = *(const lede_voice *const *)left;
    const lede_voice *b = *(const lede_voice *const *)right;
    const lede_claim *x = &a->version->claim, *y = &b->version->claim;
    int order = compare_spans_by_file(a, b);

    if (order == 0 && x->updated != y->updated) {
        order = x->updated < y->updated ? -1 : 1;
    }
    if (order == 0 && x->captured != y->captured) {
        order = x->captured < y->captured ? -1 : 1;
    }
    if (order == 0 && a->cluster != b->cluster) {
        order = a->cluster < b->cluster ? -1 : 1;
    }
    return order;
}

/* Whether one file has the key twice, for unlike texts that no date makes
 * versions of one. */
static bool has_unlike_doubles(const lede_voice *voices, uint32_t count,
                               lede_arena *arena, bool *failed)
{
    const lede_voice **sorted =
        lede_arena_array(arena, count, sizeof sorted[0]);
    uint32_t i;

    if (sorted == NULL) {
        *failed = true;
        return false;
    }
    for (i = 0; i < count; i++) {
        sorted[i] = &voices[i];
    }
    lede_sort(sorted, count, sizeof sorted[0], compare_readings);
    for (i = 1; i < count; i++) {
        const lede_claim *x = &sorted[i - 1]->version->claim;
        const lede_claim *y = &sorted[i]->version->claim;

        if (compare_spans_by_file(sorted[i - 1], sorted[i]) == 0 &&
            x->updated == y->updated && x->captured == y->captured &&
            sorted[i - 1]->cluster != sorted[i]->cluster) {
            return true;
        }
    }
    return false;
}

static bool has_to_split(const lede_voice *voices, uint32_t count,
                         lede_arena *arena, bool *failed)
{
    uint32_t i;

    switch (voices[0].version->claim.kind) {
    case LEDE_KEY_NATIVE:
        return false;
    case LEDE_KEY_NATIVE_WEAK:
    case LEDE_KEY_POST:
        for (i = 1; i < count; i++) {
            if (voices[i].cluster != voices[0].cluster) {
                return true;
            }
        }
        return false;
    case LEDE_KEY_URL:
    case LEDE_KEY_ARTICLE:
        break;
    }
    return has_unlike_doubles(voices, count, arena, failed);
}

static int compare_clusters(const void *left, const void *right)
{
    const lede_voice *a = left, *b = right;

    if (a->cluster != b->cluster) {
        return a->cluster < b->cluster ? -1 : 1;
    }
    return lede_voice_compare(a, b);
}

static int32_t known_year(const lede_voice *voices, uint32_t count)
{
    int32_t year = 0;
    uint32_t i;

    for (i = 0; i < count && year == 0; i++) {
        year = year_of(&voices[i]);
    }
    return year;
}

static int compare_keys(const void *left, const void *right)
{
    const lede_cluster *a = *(lede_cluster *const *)left;
    const lede_cluster *b = *(lede_cluster *const *)right;

    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    return a->first < b->first ? -1 : a->first > b->first;
}

/* What tells clusters apart, each after the ones before did not: the body, the
 * year, all of the text and the date, the place, and being another one. */
enum { BY_BODY, BY_YEAR, BY_DIGEST, BY_PLACE, BY_NUMBER, RANKS };

static uint64_t split_key(uint64_t key, const lede_voice *voices,
                          const lede_cluster *cluster, unsigned rank,
                          uint32_t number)
{
    const lede_version *first = voices[cluster->first].version;
    const lede_claim *claim = &first->claim;
    uint64_t hash;

    switch (rank) {
    case BY_BODY:
        return lede_identity_split(key, body_of(claim), 0);
    case BY_YEAR:
        return lede_identity_split(
            key, body_of(claim),
            is_post(&voices[0])
                ? known_year(&voices[cluster->first], cluster->count)
                : 0);
    case BY_DIGEST:
        return lede_identity_split(cluster->key ^ claim->digest,
                                   claim->when_hash, 0);
    case BY_PLACE:
        hash = lede_hash64(first->path);
        return lede_identity_split(cluster->key ^ hash, claim->when_hash, 0);
    default:
        return lede_identity_split(cluster->key, number, 0);
    }
}

/* Gives keys of the next rank to clusters that have the same one. */
static bool part_twins(uint64_t key, const lede_voice *voices,
                       lede_cluster **sorted, uint32_t count, unsigned rank)
{
    bool has_twins = false;
    uint32_t begin, end, i;

    lede_sort(sorted, count, sizeof sorted[0], compare_keys);
    for (begin = 0; begin < count; begin = end) {
        for (end = begin + 1; end < count; end++) {
            if (sorted[end]->key != sorted[begin]->key) {
                break;
            }
        }
        if (end - begin == 1) {
            continue;
        }
        has_twins = true;
        for (i = end; i-- > begin;) { /* the first one's was compared with */
            sorted[i]->key = split_key(key, voices, sorted[i], rank, i - begin);
        }
    }
    return has_twins;
}

/* Voices come sorted by cluster, the oldest version of each first. */
static bool list_clusters(uint64_t key, const lede_voice *voices,
                          uint32_t count, lede_arena *arena, lede_cluster *out,
                          uint32_t *out_count)
{
    lede_cluster **sorted = lede_arena_array(arena, count, sizeof sorted[0]);
    unsigned rank;
    uint32_t n = 0, i;

    if (sorted == NULL) {
        return false;
    }
    for (i = 0; i < count; i++) {
        if (i == 0 || voices[i].cluster != voices[i - 1].cluster) {
            out[n++] = (lede_cluster){.first = i};
        }
        out[n - 1].count++;
    }
    for (i = 0; i < n; i++) {
        out[i].key = split_key(key, voices, &out[i], BY_BODY, 0);
        sorted[i] = &out[i];
    }
    for (rank = BY_YEAR; rank < RANKS; rank++) {
        if (!part_twins(key, voices, sorted, n, rank)) {
            break;
        }
    }
    *out_count = n;
    return true;
}

static bool has_one_part(const lede_voice *voices, uint32_t count)
{
    uint32_t i;

    for (i = 1; i < count; i++) {
        if (voices[i].part != voices[0].part) {
            return false;
        }
    }
    return true;
}

lede_status lede_voices_cluster(uint64_t key, lede_voice *voices,
                                uint32_t voice_count, lede_arena *arena,
                                lede_cluster **out, uint32_t *out_count,
                                lede_error *err)
{
    lede_cluster *clusters =
        lede_arena_array(arena, voice_count, sizeof clusters[0]);
    uint32_t *parent;
    bool failed = false;
    uint32_t i;

    *out = clusters;
    *out_count = 1;
    if (clusters == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "settling: out of memory");
    }
    clusters[0] = (lede_cluster){key, 0, voice_count};
    if (has_one_part(voices, voice_count)) {
        return LEDE_OK;
    }
    parent = lede_arena_array(arena, voice_count, sizeof parent[0]);
    if (parent == NULL || !group_alike(voices, voice_count, parent, arena)) {
        return lede_fail(err, LEDE_NO_MEMORY, "settling: out of memory");
    }
    for (i = 0; i < voice_count; i++) {
        voices[i].cluster = find_root(parent, i);
    }
    if (has_to_split(voices, voice_count, arena, &failed)) {
        lede_sort(voices, voice_count, sizeof voices[0], compare_clusters);
        failed = !list_clusters(key, voices, voice_count, arena, clusters,
                                out_count) ||
                 failed;
    }
    return failed ? lede_fail(err, LEDE_NO_MEMORY, "settling: out of memory")
                  : LEDE_OK;
}
