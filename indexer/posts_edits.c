/* posts_edits.c - posts that were edited; see posts_private.h. */
#include "indexer/posts_private.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/varint.h"
#include "indexer/grow.h"
#include "indexer/map.h"
#include "indexer/sort.h"

enum { EDIT_MINUTES = 10, NEIGHBOURS_MAX = 256 };
enum { MINUTES_OF_YEAR = 366 * 24 * 60 };
static const double headlines_alike = 0.6;
static const double bodies_alike = 0.5;

uint32_t lede_settler_root(settler *s, uint32_t g)
{
    while (s->groups[g].parent != g) {
        s->groups[g].parent = s->groups[s->groups[g].parent].parent;
        g = s->groups[g].parent;
    }
    return g;
}

/* Each group's documents, ascending: in the order of a key's members. */
static bool list_documents(settler *s)
{
    uint32_t i;

    for (i = 0; i < s->member_count; i++) {
        s->groups[s->members[i].group].document_count++;
    }
    for (i = 0; i < s->group_count; i++) {
        group *g = &s->groups[i];

        g->documents = lede_arena_array(s->arena, g->document_count + 1u,
                                        sizeof g->documents[0]);
        if (g->documents == NULL) {
            return false;
        }
        g->document_cap = g->document_count;
        g->document_count = 0;
    }
    for (i = 0; i < s->member_count; i++) {
        group *g = &s->groups[s->members[i].group];

        g->documents[g->document_count++] = s->members[i].document;
    }
    return true;
}

/* By minute; equal ones in an order that their content decides. */
static int compare_by_minute(const void *left, const void *right)
{
    const member *a = left, *b = right;

    if (a->minute != b->minute) {
        return a->minute < b->minute ? -1 : 1;
    }
    if (claim_of(a)->raw != claim_of(b)->raw) {
        return claim_of(a)->raw < claim_of(b)->raw ? -1 : 1;
    }
    return compare_posts(a->post, b->post);
}

static int32_t minutes_between(int32_t a, int32_t b)
{
    int32_t between = a < b ? b - a : a - b;

    return between > MINUTES_OF_YEAR / 2 ? MINUTES_OF_YEAR - between : between;
}

/* How alike two posts are that could be versions of one; < 0 if they are not.
 */
static double edit_likeness(const member *a, const member *b)
{
    const lede_claim *x = claim_of(a), *y = claim_of(b);
    double headlines, bodies;

    if (minutes_between(a->minute, b->minute) > EDIT_MINUTES ||
        lede_years_conflict(&x->published, &y->published)) {
        return -1;
    }
    headlines = lede_sketch_likeness(x->headline, y->headline);
    if (a->minute != b->minute && headlines < headlines_alike) {
        return -1;
    }
    if (x->shingles.len == 0 && y->shingles.len == 0) {
        return headlines >= headlines_alike ? headlines : -1;
    }
    bodies = lede_sketch_likeness(x->shingles, y->shingles);
    return bodies >= bodies_alike ? bodies + headlines : -1;
}

static bool add_edit(settler *s, const member *a, const member *b,
                     double likeness)
{
    uint64_t x = claim_of(a)->raw, y = claim_of(b)->raw;

    if (s->edit_count == s->edit_cap) {
        size_t cap = s->edit_cap * 2 + 64;
        edit *grown = lede_arena_array(s->arena, cap, sizeof grown[0]);

        if (grown == NULL) {
            return false;
        }
        if (s->edit_count > 0) {
            memcpy(grown, s->edits, s->edit_count * sizeof grown[0]);
        }
        s->edits = grown;
        s->edit_cap = cap;
    }
    s->edits[s->edit_count] = (edit){likeness, x < y ? x : y, x < y ? y : x,
                                     a->group, b->group,      s->edit_count};
    s->edit_count++;
    return true;
}

static uint64_t hash_version(const member *m)
{
    const lede_claim *claim = claim_of(m);
    uint8_t bytes[16];

    lede_store_u64(bytes, claim->digest);
    lede_store_u32(bytes + 8, claim->when_hash);
    lede_store_u32(bytes + 12, m->group);
    return lede_hash64(lede_span_of(bytes, sizeof bytes));
}

/* One of each version of the posts that may be compared, by minute: the oldest
 * claim of it. */
static bool list_versions(const settler *s, member **out, uint32_t *out_count)
{
    lede_map known = {.arena = s->arena};
    member *versions = NULL;
    uint32_t i, n = 0, cap = 0;

    for (i = 0; i < s->member_count; i++) {
        const member *m = &s->members[i];
        uint64_t hash = hash_version(m);
        uint32_t at;

        if (!is_doubted(m) || m->minute == LEDE_NO_MINUTE) {
            continue;
        }
        at = lede_map_get(&known, hash);
        if (at != LEDE_MAP_NONE) {
            if (compare_posts(m->post, versions[at].post) < 0) {
                versions[at] = *m;
            }
            continue;
        }
        versions =
            lede_grown_in(s->arena, versions, n, &cap, sizeof versions[0]);
        if (versions == NULL || !lede_map_put(&known, hash, n)) {
            return false;
        }
        versions[n++] = *m;
    }
    lede_sort(versions, n, sizeof versions[0], compare_by_minute);
    *out = versions;
    *out_count = n;
    return true;
}

static bool find_edits(settler *s)
{
    member *versions;
    uint32_t n, i, step;

    if (!list_versions(s, &versions, &n)) {
        return false;
    }
    for (i = 0; i < n; i++) {
        for (step = 1; step < n && step <= NEIGHBOURS_MAX; step++) {
            const member *a = &versions[i];
            const member *b = &versions[(i + step) % n]; /* round New Year */
            double likeness;

            if (minutes_between(a->minute, b->minute) > EDIT_MINUTES) {
                break;
            }
            likeness = a->group == b->group ? -1 : edit_likeness(a, b);
            if (likeness >= 0 && !add_edit(s, a, b, likeness)) {
                return false;
            }
        }
    }
    return true;
}

static int compare_edits(const void *left, const void *right)
{
    const edit *a = left, *b = right;

    if (a->likeness > b->likeness || a->likeness < b->likeness) {
        return a->likeness > b->likeness ? -1 : 1;
    }
    if (a->low != b->low) {
        return a->low < b->low ? -1 : 1;
    }
    if (a->high != b->high) {
        return a->high < b->high ? -1 : 1;
    }
    return (a->number > b->number) - (a->number < b->number);
}

static bool share_document(const group *a, const group *b)
{
    uint32_t i = 0, j = 0;

    while (i < a->document_count && j < b->document_count) {
        if (a->documents[i] == b->documents[j]) {
            return true;
        }
        if (a->documents[i] < b->documents[j]) {
            i++;
        } else {
            j++;
        }
    }
    return false;
}

/* Room for `count` documents, and for as many again if it has to move, since
 * edited posts are often edited again. */
static bool reserve_documents(settler *s, group *g, uint32_t count)
{
    uint32_t *grown;

    if (count <= g->document_cap) {
        return true;
    }
    grown = lede_arena_array(s->arena, 2 * (size_t)count, sizeof grown[0]);
    if (grown == NULL) {
        return false;
    }
    memcpy(grown, g->documents, g->document_count * sizeof grown[0]);
    g->documents = grown;
    g->document_cap = 2 * count;
    return true;
}

/* Makes two groups one, unless a document shows both. */
static bool join(settler *s, uint32_t x, uint32_t y)
{
    group *a = &s->groups[lede_settler_root(s, x)],
          *b = &s->groups[lede_settler_root(s, y)];
    uint32_t i = a->document_count, j = b->document_count, k = i + j;

    if (a == b || share_document(a, b)) {
        return true;
    }
    if (!reserve_documents(s, a, k)) {
        return false;
    }
    a->document_count = k;
    while (j > 0) { /* from behind, so that nothing is overwritten */
        bool is_a = i > 0 && a->documents[i - 1] > b->documents[j - 1];

        a->documents[--k] = is_a ? a->documents[--i] : b->documents[--j];
    }
    b->parent = a->parent;
    return true;
}

bool lede_settler_join_edits(settler *s)
{
    size_t i;

    if (!list_documents(s) || !find_edits(s)) {
        return false;
    }
    lede_sort(s->edits, s->edit_count, sizeof s->edits[0], compare_edits);
    for (i = 0; i < s->edit_count; i++) {
        if (!join(s, s->edits[i].a, s->edits[i].b)) {
            return false;
        }
    }
    return true;
}
