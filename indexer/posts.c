#include "indexer/posts.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/varint.h"
#include "indexer/years.h"

enum { EDIT_MINUTES = 10, NEIGHBOURS_MAX = 256 };
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
    uint32_t document_count;
    uint32_t *documents; /* ascending; of the root: of all its groups */
    bool was_split;
    int32_t split_year;
} group;

/* Two groups that could be one entry, edited. */
typedef struct edit {
    double likeness;
    uint64_t low, high; /* raw keys */
    uint32_t a, b;      /* groups */
} edit;

typedef struct settler {
    lede_arena *arena;
    member *members;
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

/* By raw key, document, then version: doubles within a document stand together.
 */
static int compare_members(const void *left, const void *right)
{
    const member *a = left, *b = right;

    if (claim_of(a)->raw != claim_of(b)->raw) {
        return claim_of(a)->raw < claim_of(b)->raw ? -1 : 1;
    }
    if (a->document != b->document) {
        return a->document < b->document ? -1 : 1;
    }
    return compare_posts(a->post, b->post);
}

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

/* Cuts one raw key into entries: by known year, then by likeness of bodies, a
 * chain of likenesses being one entry. */
static void split(settler *s, uint32_t begin, uint32_t end, bool by_year)
{
    uint32_t i, j;

    for (i = begin; i < end; i++) {
        s->members[i].group = UINT32_MAX;
    }
    for (i = begin; i < end; i++) {
        member *m = &s->members[i];
        int32_t year = by_year ? year_of(claim_of(m)) : 0;

        for (j = begin; j < i; j++) {
            member *other = &s->members[j];

            if ((by_year && year_of(claim_of(other)) != year) ||
                !lede_claims_alike(claim_of(m), claim_of(other)) ||
                m->group == other->group) {
                continue;
            }
            if (m->group == UINT32_MAX) {
                m->group = other->group;
            } else { /* this one links two groups */
                uint32_t gone = other->group, k;

                for (k = begin; k < i; k++) {
                    if (s->members[k].group == gone) {
                        s->members[k].group = m->group;
                    }
                }
            }
        }
        if (m->group == UINT32_MAX) {
            m->group = add_group(s, true, year);
        }
    }
}

static void group_by_raw(settler *s)
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
            split(s, begin, end, two_years);
            continue;
        }
        add_group(s, false, 0);
        for (i = begin; i < end; i++) {
            s->members[i].group = s->group_count - 1;
        }
    }
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

static int compare_u32(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

/* Each group's documents, ascending. */
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
        g->document_count = 0;
    }
    for (i = 0; i < s->member_count; i++) {
        group *g = &s->groups[s->members[i].group];

        g->documents[g->document_count++] = s->members[i].document;
    }
    for (i = 0; i < s->group_count; i++) {
        group *g = &s->groups[i];

        if (g->document_count > 0) {
            qsort(g->documents, g->document_count, sizeof g->documents[0],
                  compare_u32);
        }
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
    s->edits[s->edit_count++] =
        (edit){likeness, x < y ? x : y, x < y ? y : x, a->group, b->group};
    return true;
}

/* One of each version of the posts that may be compared, by minute. */
static uint32_t list_versions(const settler *s, member *versions)
{
    uint32_t i, n = 0, kept = 0;

    for (i = 0; i < s->member_count; i++) {
        if (is_doubted(&s->members[i]) && s->members[i].minute != NO_MINUTE) {
            versions[n++] = s->members[i];
        }
    }
    if (n > 0) {
        qsort(versions, n, sizeof versions[0], compare_by_minute);
    }
    for (i = 0; i < n; i++) {
        const lede_claim *x = claim_of(&versions[i]);
        const lede_claim *y = kept > 0 ? claim_of(&versions[kept - 1]) : NULL;

        if (y == NULL || x->raw != y->raw || x->digest != y->digest ||
            x->when_hash != y->when_hash ||
            versions[i].group != versions[kept - 1].group) {
            versions[kept++] = versions[i];
        }
    }
    return kept;
}

static bool find_edits(settler *s)
{
    member *versions =
        lede_arena_array(s->arena, s->member_count, sizeof versions[0]);
    uint32_t n, i, step;

    if (versions == NULL) {
        return false;
    }
    n = list_versions(s, versions);
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
    return 0;
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

/* Makes two groups one, unless a document shows both. */
static bool join(settler *s, uint32_t x, uint32_t y)
{
    group *a = &s->groups[root_of(s, x)], *b = &s->groups[root_of(s, y)];
    uint32_t *both, n = a->document_count + b->document_count;

    if (a == b || share_document(a, b)) {
        return true;
    }
    both = lede_arena_array(s->arena, n + 1u, sizeof both[0]);
    if (both == NULL) {
        return false;
    }
    memcpy(both, a->documents, a->document_count * sizeof both[0]);
    memcpy(both + a->document_count, b->documents,
           b->document_count * sizeof both[0]);
    qsort(both, n, sizeof both[0], compare_u32);
    a->documents = both;
    a->document_count = n;
    b->parent = a->parent;
    return true;
}

static bool join_edits(settler *s)
{
    size_t i;

    if (s->edit_count > 0) {
        qsort(s->edits, s->edit_count, sizeof s->edits[0], compare_edits);
    }
    for (i = 0; i < s->edit_count; i++) {
        if (!join(s, s->edits[i].a, s->edits[i].b)) {
            return false;
        }
    }
    return true;
}

/* --- Classes
 * ------------------------------------------------------------------ */

static int compare_by_group(const void *left, const void *right)
{
    const member *a = left, *b = right;

    if (a->group != b->group) {
        return a->group < b->group ? -1 : 1;
    }
    return compare_posts(a->post, b->post);
}

static bool list_classes(settler *s, uint32_t page, lede_pages *out)
{
    uint32_t i;
    uint32_t *own = lede_arena_array(s->arena, s->member_count, sizeof own[0]);

    if (own == NULL) {
        return false;
    }
    /* The oldest version decides the key, so its own group is looked up before
     * the groups become one. */
    for (i = 0; i < s->member_count; i++) {
        s->members[i].document = s->members[i].group;
        s->members[i].group = root_of(s, s->members[i].group);
    }
    if (s->member_count > 0) {
        qsort(s->members, s->member_count, sizeof s->members[0],
              compare_by_group);
    }
    for (i = 0; i < s->member_count; i++) {
        const member *m = &s->members[i];
        const group *g = &s->groups[m->document];
        lede_live_class *c;

        if (i == 0 || m->group != s->members[i - 1].group) {
            c = &out->classes[out->class_count++];
            *c = (lede_live_class){.page = page,
                                   .first = out->member_count,
                                   .oldest = m->post,
                                   .was_split = g->was_split,
                                   .key = claim_of(m)->raw};
            if (g->was_split) {
                c->key = lede_identity_split(
                    claim_of(m)->raw, claim_of(m)->body_hash, g->split_year);
            }
        }
        c = &out->classes[out->class_count - 1];
        c->count++;
        c->winner = m->post;
        out->members[out->member_count++] = m->post;
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

static bool gather(settler *s, const lede_live_document *const *documents,
                   uint32_t document_count)
{
    size_t all = 0;
    uint32_t d, p;

    for (d = 0; d < document_count; d++) {
        all += documents[d]->post_count;
    }
    s->members = lede_arena_array(s->arena, all, sizeof s->members[0]);
    s->groups = lede_arena_array(s->arena, all, sizeof s->groups[0]);
    if (s->members == NULL || s->groups == NULL) {
        return false;
    }
    for (d = 0; d < document_count; d++) {
        for (p = 0; p < documents[d]->post_count; p++) {
            const lede_version *post = &documents[d]->posts[p];

            s->members[s->member_count++] =
                (member){post, d, 0, minute_of(&post->claim.published)};
        }
    }
    if (all > 0) {
        qsort(s->members, all, sizeof s->members[0], compare_members);
    }
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
    group_by_raw(&s);
    if (!list_documents(&s) || !find_edits(&s) || !join_edits(&s) ||
        !list_classes(&s, page, out)) {
        return lede_fail(err, LEDE_NO_MEMORY, "pages: out of memory");
    }
    count = out->class_count - first;
    if (count == 0) {
        return LEDE_OK;
    }
    lede_years_fill(out, first, count);
    for (i = 0; i < count; i++) {
        out->classes[first + i].page_id =
            i > 0 ? out->classes[first].page_id
                  : name_page(documents, document_count, &out->classes[first],
                              count);
    }
    return LEDE_OK;
}
