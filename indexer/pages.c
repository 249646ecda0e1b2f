#include "indexer/pages.h"

#include <stdlib.h>
#include <string.h>

#include "indexer/page_finder.h"
#include "indexer/posts.h"
#include "indexer/sort.h"

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
    if (order == 0 && a->when_hash != b->when_hash) {
        order = a->when_hash < b->when_hash ? -1 : 1;
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

/* --- Settling -------------------------------------------------------------
 */

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "pages: out of memory");
}

/* Numbers the pages in order of their first documents. */
static bool number_pages(const lede_live_document *documents, uint32_t count,
                         lede_arena *arena, lede_pages *out)
{
    lede_page_finder finder;
    uint32_t i;

    lede_page_finder_init(&finder, arena);
    out->page_of = lede_arena_array(arena, count, sizeof out->page_of[0]);
    if (out->page_of == NULL) {
        return false;
    }
    for (i = 0; i < count; i++) {
        if (!lede_page_finder_add(&finder, &documents[i])) {
            return false;
        }
    }
    for (i = 0; i < count; i++) { /* a page's number is its first document's */
        uint32_t root = lede_page_finder_page(&finder, i);

        out->page_of[i] = root == i ? out->page_count++ : out->page_of[root];
    }
    return true;
}

static int compare_classes(const void *left, const void *right)
{
    const lede_live_class *a = left, *b = right;

    if (a->page != b->page) {
        return a->page < b->page ? -1 : 1;
    }
    return a->key == b->key ? 0 : a->key < b->key ? -1 : 1;
}

/* Lists the documents by page: starts[page] is where those of a page begin. */
static bool list_by_page(const lede_live_document *documents, uint32_t count,
                         const lede_pages *pages, lede_arena *arena,
                         const lede_live_document ***out, uint32_t **starts)
{
    const lede_live_document **listed =
        lede_arena_array(arena, count, sizeof listed[0]);
    uint32_t *at =
        lede_arena_array(arena, pages->page_count + 2u, sizeof at[0]);
    uint32_t i;

    if (listed == NULL || at == NULL) {
        return false;
    }
    for (i = 0; i < count; i++) {
        at[pages->page_of[i] + 2]++;
    }
    for (i = 2; i < pages->page_count + 2; i++) {
        at[i] += at[i - 1];
    }
    for (i = 0; i < count; i++) {
        listed[at[pages->page_of[i] + 1]++] = &documents[i];
    }
    *out = listed;
    *starts = at;
    return true;
}

static lede_status settle_all(const lede_live_document *documents,
                              uint32_t count, lede_arena *arena,
                              lede_pages *out, lede_error *err)
{
    const lede_live_document **listed;
    lede_status status = LEDE_OK;
    uint32_t *starts, page, i;
    size_t posts = 0;

    for (i = 0; i < count; i++) {
        posts += documents[i].post_count;
    }
    out->members = lede_arena_array(arena, posts, sizeof out->members[0]);
    if (out->members == NULL ||
        !list_by_page(documents, count, out, arena, &listed, &starts)) {
        return no_memory(err);
    }
    for (page = 0; page < out->page_count && status == LEDE_OK; page++) {
        status = lede_posts_settle(listed + starts[page],
                                   starts[page + 1] - starts[page], page, arena,
                                   out, err);
    }
    if (status == LEDE_OK) {
        lede_sort(out->classes, out->class_count, sizeof out->classes[0],
                  compare_classes);
    }
    return status;
}

lede_status lede_pages_settle(const lede_live_document *documents,
                              uint32_t document_count, lede_arena *arena,
                              lede_pages *out, lede_error *err)
{
    lede_pages pages = {0};
    lede_status status;

    if (!number_pages(documents, document_count, arena, &pages)) {
        return no_memory(err);
    }
    status = settle_all(documents, document_count, arena, &pages, err);
    if (status == LEDE_OK) {
        *out = pages;
    }
    return status;
}
