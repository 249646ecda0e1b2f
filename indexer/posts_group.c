/* posts_group.c - posts by raw key, and keys that stand for several posts; see
 * posts_private.h. */
#include "indexer/posts_private.h"

#include "base/varint.h"
#include "indexer/sort.h"

enum { NEIGHBOURS_MAX = 256, PAIRS_MAX = 64 };

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

bool lede_settler_group(settler *s)
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
