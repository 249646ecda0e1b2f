/* posts.c - from the posts of a page to classes; see posts.h. */
#include "indexer/posts_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/varint.h"
#include "indexer/grow.h"
#include "indexer/map.h"
#include "indexer/sort.h"
#include "indexer/years.h"

static int32_t minute_of(const lede_when *when)
{
    lede_civil parts;
    bool has_time;

    if (!lede_when_utc_parts(when, &parts, &has_time) || !has_time) {
        return LEDE_NO_MINUTE;
    }
    return (int32_t)((lede_days_from_civil(2000, parts.month, parts.day) -
                      lede_days_from_civil(2000, 1, 1)) *
                         24 * 60 +
                     parts.hour * 60 + parts.minute);
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
        at[lede_settler_root(s, s->members[i].group) + 2]++;
    }
    for (i = 2; i < s->group_count + 2; i++) {
        at[i] += at[i - 1];
    }
    for (i = 0; i < s->member_count; i++) {
        listed[at[lede_settler_root(s, s->members[i].group) + 1]++] =
            s->members[i];
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
    if (!lede_settler_group(&s) || !lede_settler_join_edits(&s) ||
        !list_classes(&s, page, out)) {
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
