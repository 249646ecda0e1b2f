#include "indexer/posts.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/varint.h"
#include "indexer/grow.h"
#include "indexer/map.h"
#include "indexer/sort.h"
#include "indexer/years.h"

enum { EDIT_MINUTES = 10, NEIGHBOURS_MAX = 256, PAIRS_MAX = 64 };
enum { MINUTES_OF_YEAR = 366 * 24 * 60, NO_MINUTE = -1 };
static const double headlines_alike = 0.6;
static const double bodies_alike = 0.5;

typedef struct member {
    const lede_version *post;
    uint32_t document;
    uint32_t group; /* posts that are one entry by their raw keys */
    int32_t minute; /* of the year, in UTC */
} member;

/* Posts that are one entry. Groups of edited posts form a tree of parents. */
typedef struct group {
    uint32_t parent;
    uint32_t document_count, document_cap;
    uint32_t *documents; /* ascending; of the root: of all its groups */
    bool was_split;
    int32_t split_year;
} group;

/* Two groups that could be one entry, edited. */
typedef struct edit {
    double likeness;
    uint64_t low, high; /* raw keys */
    uint32_t a, b;      /* groups */
    size_t number;      /* as it was found */
} edit;

typedef struct settler {
    lede_arena *arena;
    member *members; /* by raw key; each key's by document, then version */
    uint32_t member_count;
    group *groups;
    uint32_t group_count;
    edit *edits;
    size_t edit_count, edit_cap;
} settler;

static const lede_claim *claim_of(const member *m)
{
    return &m->post->claim;
}

static int compare_posts(const lede_version *a, const lede_version *b)
{
    return lede_post_compare(&a->claim, a->path, &b->claim, b->path);
}

static int32_t minute_of(const lede_when *when)
{
    lede_civil parts;
    bool has_time;

    if (!lede_when_utc_parts(when, &parts, &has_time) || !has_time) {
        return NO_MINUTE;
    }
    return (int32_t)((lede_days_from_civil(2000, parts.month, parts.day) -
                      lede_days_from_civil(2000, 1, 1)) *
                         24 * 60 +
                     parts.hour * 60 + parts.minute);
}

/* --- Same raw key ----------------------------------------------------------
 */

static bool is_doubted(const member *m)
{
    return claim_of(m)->kind == LEDE_KEY_POST ||
           claim_of(m)->kind == LEDE_KEY_ARTICLE;
}

static int32_t year_of(const lede_claim *claim)
{
    lede_civil civil;

    if (!lede_when_is_trusted(&claim->published) ||
        claim->published.instant == LEDE_INSTANT_NONE) {
        return 0;
    }
    lede_civil_from_instant(claim->published.instant, 0, &civil);
    return civil.year;
}

/* Whether members [begin, end), all of one raw key, are of two known years. */
static bool has_two_years(const settler *s, uint32_t begin, uint32_t end)
{
    int32_t year = 0;
    uint32_t i;

    for (i = begin; i < end; i++) {
        int32_t other = year_of(claim_of(&s->members[i]));

        if (other != 0 && year != 0 && other != year) {
            return true;
        }
        year = other != 0 ? other : year;
    }
    return false;
}

/* Whether one document shows the key twice, for unlike posts. */
static bool has_unlike_doubles(const settler *s, uint32_t begin, uint32_t end)
{
    uint32_t i;

    for (i = begin + 1; i < end; i++) {
        const member *a = &s->members[i - 1], *b = &s->members[i];

        if (a->document == b->document &&
            !lede_claims_alike(claim_of(a), claim_of(b))) {
            return true;
        }
    }
    return false;
}

static uint32_t add_group(settler *s, bool was_split, int32_t split_year)
{
    group *g = &s->groups[s->group_count];

    g->parent = s->group_count;
    g->was_split = was_split;
    g->split_year = split_year;
    return s->group_count++;
}

/* A text of one raw key, and of a year where years tell. */
typedef struct text {
    int32_t year;
    uint32_t body_hash;
    uint64_t digest;
    uint32_t member;
} text;

static int compare_texts(const void *left, const void *right)
{
    const text *a = left, *b = right;

    if (a->year != b->year) {
        return a->year < b->year ? -1 : 1;
    }
    if (a->body_hash != b->body_hash) {
        return a->body_hash < b->body_hash ? -1 : 1;
    }
    if (a->digest != b->digest) {
        return a->digest < b->digest ? -1 : 1;
    }
    return a->member < b->member ? -1 : a->member > b->member;
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

/* Unites texts of the same body, and leaves one of each. */
static uint32_t unite_same(text *texts, uint32_t count, uint32_t *parent)
{
    uint32_t i, n = 0;

    for (i = 0; i < count; i++) {
        const text *last = n == 0 ? NULL : &texts[n - 1];
        bool is_same_body = last != NULL && last->year == texts[i].year &&
                            last->body_hash == texts[i].body_hash;

        if (is_same_body) {
            unite(parent, texts[i].member, last->member);
        }
        if (!is_same_body || last->digest != texts[i].digest) {
            texts[n++] = texts[i];
        }
    }
    return n;
}

/* --- Texts that are alike --------------------------------------------------
 */

/* One hash of a text's sketch. */
typedef struct shingle {
    int32_t year;
    uint32_t hash;
    uint32_t text;
    uint32_t holders; /* texts of the year that have it */
} shingle;

static int compare_shingles(const void *left, const void *right)
{
    const shingle *a = left, *b = right;

    if (a->year != b->year) {
        return a->year < b->year ? -1 : 1;
    }
    if (a->hash != b->hash) {
        return a->hash < b->hash ? -1 : 1;
    }
    return a->text < b->text ? -1 : a->text > b->text;
}

/* By text, the rarest first. */
static int compare_rarity(const void *left, const void *right)
{
    const shingle *a = left, *b = right;

    if (a->text != b->text) {
        return a->text < b->text ? -1 : 1;
    }
    if (a->holders != b->holders) {
        return a->holders < b->holders ? -1 : 1;
    }
    return a->hash < b->hash ? -1 : a->hash > b->hash;
}

static uint32_t run_of_hash(const shingle *all, uint32_t from, uint32_t count)
{
    uint32_t end = from + 1;

    while (end < count && all[end].year == all[from].year &&
           all[end].hash == all[from].hash) {
        end++;
    }
    return end;
}

static void count_holders(shingle *all, uint32_t count)
{
    uint32_t begin, end, i;

    lede_sort(all, count, sizeof all[0], compare_shingles);
    for (begin = 0; begin < count; begin = end) {
        end = run_of_hash(all, begin, count);
        for (i = begin; i < end; i++) {
            all[i].holders = end - begin;
        }
    }
}

/* Leaves of each text the rarer half of its sketch and one more. */
static uint32_t keep_rare(shingle *all, uint32_t count)
{
    uint32_t begin, end, i, n = 0;

    lede_sort(all, count, sizeof all[0], compare_rarity);
    for (begin = 0; begin < count; begin = end) {
        for (end = begin; end < count && all[end].text == all[begin].text;) {
            end++;
        }
        for (i = begin; i <= begin + (end - begin) / 2 && i < end; i++) {
            all[n++] = all[i];
        }
    }
    return n;
}

static void unite_if_alike(const member *own, const text *x, const text *y,
                           uint32_t *parent)
{
    if (find_root(parent, x->member) != find_root(parent, y->member) &&
        lede_claims_alike(claim_of(&own[x->member]),
                          claim_of(&own[y->member]))) {
        unite(parent, x->member, y->member);
    }
}

static bool list_shingles(settler *s, const member *own, const text *texts,
                          uint32_t count, shingle **out, uint32_t *out_count)
{
    uint32_t i, n = 0;
    size_t all = 0, at;
    shingle *list;

    for (i = 0; i < count; i++) {
        all += claim_of(&own[texts[i].member])->shingles.len / 4;
    }
    list = all > UINT32_MAX
               ? NULL
               : lede_arena_array(s->arena, all + 1, sizeof list[0]);
    for (i = 0; i < count && list != NULL; i++) {
        lede_span sketch = claim_of(&own[texts[i].member])->shingles;

        for (at = 0; at + 4 <= sketch.len; at += 4) {
            list[n++] = (shingle){texts[i].year,
                                  lede_load_u32(sketch.bytes + at), i, 0};
        }
    }
    *out = list;
    *out_count = n;
    return list != NULL;
}

/* Unites the texts that are alike, without looking at all pairs. Of two
 * sketches that are alike, each has at least half in the other. So the rarer
 * half of one and one more hash, and the same of the other, have one in common,
 * whatever all texts of the key share (Chaudhuri, Ganti and Kaushik, "A
 * primitive operator for similarity joins", 2006, call it the prefix filter).
 * Where more than anybody wrote have even a rare one, neighbours alone are
 * compared. */
static bool unite_alike(settler *s, const member *own, const text *texts,
                        uint32_t count, uint32_t *parent)
{
    uint32_t n, begin, end, i, j;
    shingle *rare;

    if (!list_shingles(s, own, texts, count, &rare, &n)) {
        return false;
    }
    count_holders(rare, n);
    n = keep_rare(rare, n);
    lede_sort(rare, n, sizeof rare[0], compare_shingles);
    for (begin = 0; begin < n; begin = end) {
        end = run_of_hash(rare, begin, n);
        for (i = begin; i < end; i++) {
            for (j = i + 1; j < end && j - i <= NEIGHBOURS_MAX; j++) {
                unite_if_alike(own, &texts[rare[i].text], &texts[rare[j].text],
                               parent);
            }
        }
    }
    return true;
}

static void unite_all_pairs(const member *own, const text *texts,
                            uint32_t count, uint32_t *parent)
{
    uint32_t i, j;

    for (i = 0; i < count; i++) {
        for (j = i + 1; j < count && texts[j].year == texts[i].year; j++) {
            unite_if_alike(own, &texts[i], &texts[j], parent);
        }
    }
}

/* Cuts one raw key into entries: by known year, then by likeness of bodies, a
 * chain of likenesses being one entry. Most of what many saves show is the same
 * text again, and most of the rest hangs together already. */
static bool split(settler *s, uint32_t begin, uint32_t end, bool by_year)
{
    uint32_t n = end - begin, texts_left, i;
    const member *own = &s->members[begin];
    text *texts = lede_arena_array(s->arena, n, sizeof texts[0]);
    uint32_t *parent = lede_arena_array(s->arena, n, sizeof parent[0]);

    if (texts == NULL || parent == NULL) {
        return false;
    }
    for (i = 0; i < n; i++) {
        const lede_claim *claim = claim_of(&own[i]);

        parent[i] = i;
        texts[i] = (text){by_year ? year_of(claim) : 0, claim->body_hash,
                          claim->digest, i};
    }
    lede_sort(texts, n, sizeof texts[0], compare_texts);
    texts_left = unite_same(texts, n, parent);
    if (texts_left <= PAIRS_MAX) {
        unite_all_pairs(own, texts, texts_left, parent);
    } else if (!unite_alike(s, own, texts, texts_left, parent)) {
        return false;
    }
    for (i = 0; i < n; i++) { /* roots come first */
        s->members[begin + i].group =
            parent[i] == i
                ? add_group(s, true, by_year ? year_of(claim_of(&own[i])) : 0)
                : own[find_root(parent, i)].group;
    }
    return true;
}

static bool group_by_raw(settler *s)
{
    uint32_t begin, end, i;

    for (begin = 0; begin < s->member_count; begin = end) {
        bool two_years, doubted = is_doubted(&s->members[begin]);

        for (end = begin + 1; end < s->member_count; end++) {
            if (claim_of(&s->members[end])->raw !=
                claim_of(&s->members[begin])->raw) {
                break;
            }
        }
        two_years = doubted && has_two_years(s, begin, end);
        if (two_years || (doubted && has_unlike_doubles(s, begin, end))) {
            if (!split(s, begin, end, two_years)) {
                return false;
            }
            continue;
        }
        add_group(s, false, 0);
        for (i = begin; i < end; i++) {
            s->members[i].group = s->group_count - 1;
        }
    }
    return true;
}

/* --- Edited posts -----------------------------------------------------------
 */

static uint32_t root_of(settler *s, uint32_t g)
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

        if (!is_doubted(m) || m->minute == NO_MINUTE) {
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
    group *a = &s->groups[root_of(s, x)], *b = &s->groups[root_of(s, y)];
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

static bool join_edits(settler *s)
{
    size_t i;

    lede_sort(s->edits, s->edit_count, sizeof s->edits[0], compare_edits);
    for (i = 0; i < s->edit_count; i++) {
        if (!join(s, s->edits[i].a, s->edits[i].b)) {
            return false;
        }
    }
    return true;
}

/* --- Classes
 * ------------------------------------------------------------------ */

static int compare_by_version(const void *left, const void *right)
{
    const member *a = left, *b = right;

    return compare_posts(a->post, b->post);
}

/* The members by the root of their groups: starts[root] is where those of one
 * begin. */
static member *list_by_root(settler *s, uint32_t **out_starts)
{
    member *listed =
        lede_arena_array(s->arena, s->member_count, sizeof listed[0]);
    uint32_t *at =
        lede_arena_array(s->arena, s->group_count + 2u, sizeof at[0]);
    uint32_t i;

    if (listed == NULL || at == NULL) {
        return NULL;
    }
    for (i = 0; i < s->member_count; i++) {
        at[root_of(s, s->members[i].group) + 2]++;
    }
    for (i = 2; i < s->group_count + 2; i++) {
        at[i] += at[i - 1];
    }
    for (i = 0; i < s->member_count; i++) {
        listed[at[root_of(s, s->members[i].group) + 1]++] = s->members[i];
    }
    *out_starts = at;
    return listed;
}

/* The oldest version decides the key, by its own group. */
static bool add_class(settler *s, uint32_t page, const member *members,
                      uint32_t count, lede_pages *out)
{
    lede_live_class *classes =
        lede_grown_in(s->arena, out->classes, out->class_count, &out->class_cap,
                      sizeof classes[0]);
    const group *g = &s->groups[members[0].group];
    const lede_claim *oldest = claim_of(&members[0]);
    lede_live_class *c;
    uint32_t i;

    if (classes == NULL) {
        return false;
    }
    out->classes = classes;
    c = &classes[out->class_count++];
    *c = (lede_live_class){.page = page,
                           .first = out->member_count,
                           .count = count,
                           .oldest = members[0].post,
                           .winner = members[count - 1].post,
                           .was_split = g->was_split,
                           .key = oldest->raw};
    if (g->was_split) {
        c->key =
            lede_identity_split(oldest->raw, oldest->body_hash, g->split_year);
    }
    for (i = 0; i < count; i++) {
        out->members[out->member_count++] = members[i].post;
    }
    return true;
}

static bool list_classes(settler *s, uint32_t page, lede_pages *out)
{
    uint32_t *starts, root;
    member *listed = list_by_root(s, &starts);

    if (listed == NULL) {
        return false;
    }
    for (root = 0; root < s->group_count; root++) {
        member *members = listed + starts[root];
        uint32_t count = starts[root + 1] - starts[root];

        if (count == 0) {
            continue;
        }
        lede_sort(members, count, sizeof members[0], compare_by_version);
        if (!add_class(s, page, members, count, out)) {
            return false;
        }
    }
    return true;
}

/* Older, by what is known of the time; then by key. */
static bool is_older(const lede_live_class *a, const lede_live_class *b)
{
    int64_t x = a->published.instant, y = b->published.instant;
    int32_t i = minute_of(&a->published), j = minute_of(&b->published);

    x = x == LEDE_INSTANT_NONE ? INT64_MAX : x;
    y = y == LEDE_INSTANT_NONE ? INT64_MAX : y;
    if (x != y) {
        return x < y;
    }
    return i != j ? i < j : a->key < b->key;
}

/* A page without url is named after its oldest entry. */
static uint64_t name_page(const lede_live_document *const *documents,
                          uint32_t document_count,
                          const lede_live_class *classes, uint32_t count)
{
    const lede_live_class *oldest = &classes[0];
    uint64_t id = 0;
    uint8_t bytes[8];
    uint32_t i;

    for (i = 0; i < document_count; i++) {
        uint64_t url = documents[i]->about.url_page_id;

        id = url != 0 && (id == 0 || url < id) ? url : id;
    }
    if (id != 0) {
        return id;
    }
    for (i = 1; i < count; i++) {
        oldest = is_older(&classes[i], oldest) ? &classes[i] : oldest;
    }
    lede_store_u64(bytes, oldest->key);
    id = lede_hash64_seeded(lede_span_of(bytes, sizeof bytes), 'p');
    return id == 0 ? 1 : id;
}

/* Where the members of each raw key begin, keys in order of appearance. */
static uint32_t *count_keys(settler *s,
                            const lede_live_document *const *documents,
                            uint32_t document_count, lede_map *number_of)
{
    uint32_t *starts = NULL, count = 0, cap = 0, d, p;

    for (d = 0; d < document_count; d++) {
        for (p = 0; p < documents[d]->post_count; p++) {
            uint64_t raw = documents[d]->posts[p].claim.raw;
            uint32_t number = lede_map_get(number_of, raw);

            if (number == LEDE_MAP_NONE) {
                number = count;
                starts = lede_grown_in(s->arena, starts, count, &cap,
                                       sizeof starts[0]);
                if (starts == NULL || !lede_map_put(number_of, raw, number)) {
                    return NULL;
                }
                starts[count++] = 0;
            }
            starts[number]++;
            s->member_count++;
        }
    }
    for (p = 0, d = 0; p < count; p++) {
        uint32_t own = starts[p];

        starts[p] = d;
        d += own;
    }
    return starts;
}

/* A document's members of one key stand together: the oldest version first. */
static void sort_doubles(settler *s)
{
    uint32_t begin, end;

    for (begin = 0; begin < s->member_count; begin = end) {
        for (end = begin + 1;
             end < s->member_count &&
             s->members[end].document == s->members[begin].document &&
             claim_of(&s->members[end])->raw ==
                 claim_of(&s->members[begin])->raw;) {
            end++;
        }
        lede_sort(s->members + begin, end - begin, sizeof s->members[0],
                  compare_by_version);
    }
}

static bool gather(settler *s, const lede_live_document *const *documents,
                   uint32_t document_count)
{
    lede_map number_of = {.arena = s->arena};
    uint32_t *places = count_keys(s, documents, document_count, &number_of);
    uint32_t d, p;

    s->members =
        lede_arena_array(s->arena, s->member_count, sizeof s->members[0]);
    s->groups =
        lede_arena_array(s->arena, s->member_count, sizeof s->groups[0]);
    if ((places == NULL && s->member_count > 0) || s->members == NULL ||
        s->groups == NULL) {
        return false;
    }
    for (d = 0; d < document_count; d++) {
        for (p = 0; p < documents[d]->post_count; p++) {
            const lede_version *post = &documents[d]->posts[p];
            uint32_t number = lede_map_get(&number_of, post->claim.raw);

            s->members[places[number]++] =
                (member){post, d, 0, minute_of(&post->claim.published)};
        }
    }
    sort_doubles(s);
    return true;
}

lede_status lede_posts_settle(const lede_live_document *const *documents,
                              uint32_t document_count, uint32_t page,
                              lede_arena *arena, lede_pages *out,
                              lede_error *err)
{
    settler s = {.arena = arena};
    uint32_t first = out->class_count, count, i;

    if (!gather(&s, documents, document_count)) {
        return lede_fail(err, LEDE_NO_MEMORY, "pages: out of memory");
    }
    if (!group_by_raw(&s) || !list_documents(&s) || !find_edits(&s) ||
        !join_edits(&s) || !list_classes(&s, page, out)) {
        return lede_fail(err, LEDE_NO_MEMORY, "pages: out of memory");
    }
    count = out->class_count - first;
    if (count == 0) {
        return LEDE_OK;
    }
    if (!lede_years_fill(out, first, count, arena)) {
        return lede_fail(err, LEDE_NO_MEMORY, "pages: out of memory");
    }
    for (i = 0; i < count; i++) {
        out->classes[first + i].page_id =
            i > 0 ? out->classes[first].page_id
                  : name_page(documents, document_count, &out->classes[first],
                              count);
    }
    return LEDE_OK;
}
