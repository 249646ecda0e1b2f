#include "indexer/clusters.h"

#include <stdlib.h>
#include <string.h>

enum { POSTS_COMPARED_MAX = 64 };

int lede_voice_compare(const lede_voice *a, const lede_voice *b)
{
    return lede_post_compare(&a->version->claim, a->version->path,
                             &b->version->claim, b->version->path);
}

lede_span lede_version_file(const lede_version *version)
{
    size_t len = version->path.len;

    if (version->claim.line != 0) {
        while (len > 0 && version->path.bytes[len - 1] != '#') {
            len--;
        }
        len -= len > 0;
    } else {
        len -= version->claim.location.len;
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
        qsort(items, n, sizeof items[0], compare_hashed);
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

/* Posts of several pages: alike by the sketches of their bodies, and not of
 * two known years. More than a few are compared by their whole bodies only. */
static void unite_posts(const lede_voice *voices, uint32_t count,
                        uint32_t *parent)
{
    uint32_t i, j, span = count > POSTS_COMPARED_MAX ? 8 : count;

    for (i = 0; i < count; i++) {
        for (j = i + 1; j < count && j - i <= span; j++) {
            if (!years_conflict(&voices[i], &voices[j]) &&
                lede_claims_alike(&voices[i].version->claim,
                                  &voices[j].version->claim)) {
                unite(parent, i, j);
            }
        }
    }
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
        unite_posts(voices, count, parent);
        return true;
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
    qsort(sorted, count, sizeof sorted[0], compare_readings);
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
    uint32_t i;

    for (i = 0; i < count; i++) {
        const lede_when *when = &voices[i].version->claim.published;
        lede_civil civil;

        if (lede_when_is_trusted(when) && when->instant != LEDE_INSTANT_NONE) {
            lede_civil_from_instant(when->instant, 0, &civil);
            return civil.year;
        }
    }
    return 0;
}

/* Voices come sorted by cluster, the oldest version of each first. The same
 * post of two years has the year in its key. */
static void list_clusters(uint64_t key, const lede_voice *voices,
                          uint32_t count, lede_cluster *out,
                          uint32_t *out_count)
{
    uint32_t n = 0, i, j;

    for (i = 0; i < count; i++) {
        if (i == 0 || voices[i].cluster != voices[i - 1].cluster) {
            out[n++] = (lede_cluster){.first = i};
        }
        out[n - 1].count++;
    }
    for (i = 0; i < n; i++) {
        uint32_t body = body_of(&voices[out[i].first].version->claim);
        bool is_twin = false;

        for (j = 0; j < n && is_post(&voices[0]); j++) {
            is_twin = is_twin ||
                      (j != i &&
                       body_of(&voices[out[j].first].version->claim) == body);
        }
        out[i].key = lede_identity_split(
            key, body,
            is_twin ? known_year(&voices[out[i].first], out[i].count) : 0);
    }
    *out_count = n;
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
        qsort(voices, voice_count, sizeof voices[0], compare_clusters);
        list_clusters(key, voices, voice_count, clusters, out_count);
    }
    return failed ? lede_fail(err, LEDE_NO_MEMORY, "settling: out of memory")
                  : LEDE_OK;
}
