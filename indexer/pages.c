#include "indexer/pages.h"

#include <stdlib.h>
#include <string.h>

#include "indexer/posts.h"

enum { SHARED_KEYS = 3, SHARED_TENTHS = 3 };

/* One raw key of one document. */
typedef struct shown {
    uint64_t raw;
    uint32_t document;
    const lede_version *post;
} shown;

typedef struct matcher {
    const lede_live_document *documents;
    uint32_t count;
    uint32_t *parent; /* union-find over documents */
    shown *shown;     /* by raw key, then document; no doubles */
    size_t shown_count;
    uint32_t *keys; /* distinct raw keys, per document */
} matcher;

/* --- Claims against claims ---------------------------------------------- */

static int compare_i64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int lede_post_compare(const lede_claim *a, lede_span a_path,
                      const lede_claim *b, lede_span b_path)
{
    /* What a file showed once is older than anything that a file shows. */
    int order = compare_i64(b->is_kept, a->is_kept);

    order = order != 0 ? order : compare_i64(a->updated, b->updated);
    order = order != 0 ? order : compare_i64(a->captured, b->captured);
    order = order != 0 ? order : compare_i64(a->body_bytes, b->body_bytes);
    order = order != 0 ? order : lede_span_compare(a_path, b_path);
    if (order == 0 && a->digest != b->digest) {
        order = a->digest < b->digest ? -1 : 1;
    }
    return order;
}

bool lede_years_conflict(const lede_when *a, const lede_when *b)
{
    lede_civil x, y;

    if (!lede_when_is_trusted(a) || !lede_when_is_trusted(b) ||
        a->instant == LEDE_INSTANT_NONE || b->instant == LEDE_INSTANT_NONE) {
        return false;
    }
    lede_civil_from_instant(a->instant, 0, &x);
    lede_civil_from_instant(b->instant, 0, &y);
    return x.year != y.year;
}

bool lede_claims_alike(const lede_claim *a, const lede_claim *b)
{
    if (a->digest == b->digest || a->body_hash == b->body_hash) {
        return true;
    }
    if (a->is_post && b->is_post) {
        return lede_sketch_likeness(a->shingles, b->shingles) >= 0.5;
    }
    return a->headline_hash != 0 && a->headline_hash == b->headline_hash;
}

/* --- Which documents are one page ---------------------------------------- */

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
    if (a < b) {
        parent[b] = a;
    } else {
        parent[a] = b;
    }
}

static bool go_by_content(const lede_live_document *a,
                          const lede_live_document *b)
{
    return a->about.url_page_id == 0 && b->about.url_page_id == 0 &&
           a->about.form == b->about.form;
}

static bool go_by_name(const lede_live_document *a, const lede_live_document *b)
{
    if (a->about.url_page_id != 0 || b->about.url_page_id != 0) {
        return a->about.url_page_id == b->about.url_page_id;
    }
    return a->file == b->file && a->about.group != 0 &&
           a->about.group == b->about.group;
}

static bool is_enough(uint32_t shared, uint32_t a_keys, uint32_t b_keys)
{
    uint32_t smaller = a_keys < b_keys ? a_keys : b_keys;

    return shared >= SHARED_KEYS ||
           (shared > 0 &&
            10 * (uint64_t)shared >= SHARED_TENTHS * (uint64_t)smaller);
}

static int compare_shown(const void *left, const void *right)
{
    const shown *a = left, *b = right;

    if (a->raw != b->raw) {
        return a->raw < b->raw ? -1 : 1;
    }
    if (a->document != b->document) {
        return a->document < b->document ? -1 : 1;
    }
    return lede_post_compare(&a->post->claim, a->post->path, &b->post->claim,
                             b->post->path);
}

static bool gather_shown(matcher *m, lede_arena *arena)
{
    size_t all = 0, n = 0, i;
    uint32_t d, p;

    for (d = 0; d < m->count; d++) {
        all += m->documents[d].post_count;
    }
    m->shown = lede_arena_array(arena, all, sizeof m->shown[0]);
    m->keys = lede_arena_array(arena, m->count, sizeof m->keys[0]);
    m->parent = lede_arena_array(arena, m->count, sizeof m->parent[0]);
    if (m->shown == NULL || m->keys == NULL || m->parent == NULL) {
        return false;
    }
    for (d = 0; d < m->count; d++) {
        m->parent[d] = d;
        for (p = 0; p < m->documents[d].post_count; p++) {
            const lede_version *post = &m->documents[d].posts[p];

            m->shown[n++] = (shown){post->claim.raw, d, post};
        }
    }
    qsort(m->shown, n, sizeof m->shown[0], compare_shown);
    for (i = 0, all = n, n = 0; i < all; i++) {
        if (n == 0 || m->shown[i].raw != m->shown[n - 1].raw ||
            m->shown[i].document != m->shown[n - 1].document) {
            m->shown[n++] = m->shown[i];
            m->keys[m->shown[n - 1].document]++;
        }
    }
    m->shown_count = n;
    return true;
}

/* For one document: how many keys it shares with each one before it. */
static void tally(const matcher *m, uint32_t document, const size_t *own,
                  uint32_t own_count, uint32_t *shared)
{
    uint32_t i;

    for (i = 0; i < own_count; i++) {
        const shown *mine = &m->shown[own[i]];
        const shown *other;

        for (other = mine; other > m->shown && other[-1].raw == mine->raw;) {
            other--;
            if (go_by_content(&m->documents[document],
                              &m->documents[other->document]) &&
                !lede_years_conflict(&mine->post->claim.published,
                                     &other->post->claim.published)) {
                shared[other->document]++;
            }
        }
    }
}

static void unite_by_name(matcher *m)
{
    uint32_t i, j;

    for (i = 1; i < m->count; i++) {
        for (j = 0; j < i; j++) {
            if (go_by_name(&m->documents[i], &m->documents[j])) {
                unite(m->parent, i, j);
                break; /* the rest hang together already */
            }
        }
    }
}

static bool unite_by_content(matcher *m, lede_arena *arena)
{
    uint32_t *shared = lede_arena_array(arena, m->count, sizeof shared[0]);
    size_t *own = lede_arena_array(arena, m->shown_count, sizeof own[0]);
    size_t *starts = lede_arena_array(arena, m->count + 1, sizeof starts[0]);
    uint32_t i, j;
    size_t s;

    if (shared == NULL || own == NULL || starts == NULL) {
        return false;
    }
    for (i = 0; i < m->count; i++) {
        starts[i + 1] = starts[i] + m->keys[i];
    }
    for (s = m->shown_count; s-- > 0;) { /* fills each range from its end */
        uint32_t d = m->shown[s].document;

        own[starts[d] + --m->keys[d]] = s;
    }
    for (i = 0; i < m->count; i++) {
        m->keys[i] = (uint32_t)(starts[i + 1] - starts[i]);
        if (m->documents[i].about.url_page_id != 0) {
            continue;
        }
        memset(shared, 0, i * sizeof shared[0]);
        tally(m, i, own + starts[i], m->keys[i], shared);
        for (j = 0; j < i; j++) {
            if (is_enough(shared[j], m->keys[i], m->keys[j])) {
                unite(m->parent, i, j);
            }
        }
    }
    return true;
}

bool lede_pages_match(const lede_live_document *a, const lede_live_document *b)
{
    lede_arena arena = {0};
    lede_live_document both[2];
    matcher m = {.documents = both, .count = 2};
    bool matched;

    both[0] = *a;
    both[1] = *b;
    matched = gather_shown(&m, &arena) && unite_by_content(&m, &arena);
    if (matched) {
        unite_by_name(&m);
        matched = find_root(m.parent, 0) == find_root(m.parent, 1);
    }
    lede_arena_done(&arena);
    return matched;
}

/* Numbers the pages in order of their first documents. */
static bool number_pages(matcher *m, lede_arena *arena, lede_pages *out)
{
    uint32_t i;

    out->page_of = lede_arena_array(arena, m->count, sizeof out->page_of[0]);
    if (out->page_of == NULL) {
        return false;
    }
    for (i = 0; i < m->count; i++) {
        uint32_t root = find_root(m->parent, i);

        out->page_of[i] = root == i ? out->page_count++ : out->page_of[root];
    }
    return true;
}

/* --- All of it ------------------------------------------------------------ */

static int compare_classes(const void *left, const void *right)
{
    const lede_live_class *a = left, *b = right;

    if (a->page != b->page) {
        return a->page < b->page ? -1 : 1;
    }
    return a->key == b->key ? 0 : a->key < b->key ? -1 : 1;
}

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "pages: out of memory");
}

static lede_status settle_all(const matcher *m, lede_arena *arena,
                              lede_pages *out, lede_error *err)
{
    const lede_live_document **own =
        lede_arena_array(arena, m->count, sizeof own[0]);
    size_t posts = 0;
    uint32_t page, i;

    for (i = 0; i < m->count; i++) {
        posts += m->documents[i].post_count;
    }
    out->classes = lede_arena_array(arena, posts, sizeof out->classes[0]);
    out->members = lede_arena_array(arena, posts, sizeof out->members[0]);
    if (own == NULL || out->classes == NULL || out->members == NULL) {
        return no_memory(err);
    }
    for (page = 0; page < out->page_count; page++) {
        uint32_t n = 0;
        lede_status status;

        for (i = 0; i < m->count; i++) {
            if (out->page_of[i] == page) {
                own[n++] = &m->documents[i];
            }
        }
        status = lede_posts_settle(own, n, page, arena, out, err);
        if (status != LEDE_OK) {
            return status;
        }
    }
    if (out->class_count > 0) {
        qsort(out->classes, out->class_count, sizeof out->classes[0],
              compare_classes);
    }
    return LEDE_OK;
}

lede_status lede_pages_settle(const lede_live_document *documents,
                              uint32_t document_count, lede_arena *arena,
                              lede_pages *out, lede_error *err)
{
    matcher m = {.documents = documents, .count = document_count};
    lede_pages pages = {0};
    lede_status status;

    if (!gather_shown(&m, arena) || !unite_by_content(&m, arena)) {
        return no_memory(err);
    }
    unite_by_name(&m);
    if (!number_pages(&m, arena, &pages)) {
        return no_memory(err);
    }
    status = settle_all(&m, arena, &pages, err);
    if (status == LEDE_OK) {
        *out = pages;
    }
    return status;
}
