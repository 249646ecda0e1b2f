#include "indexer/page_finder.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/varint.h"
#include "indexer/grow.h"
#include "indexer/sort.h"

enum { SHARED_KEYS = 3, SHARED_TENTHS = 3 };
/* How many documents of a page are tried before all of them are counted. */
enum { TRIES = 16, TRIES_PER_KEY = 2 };

struct lede_found_document {
    lede_live_document live;
    lede_shown_key *keys; /* ascending; no doubles */
    uint32_t key_count;
    uint32_t parent; /* union-find */
    uint32_t mark;   /* the last search that met it ... */
    uint32_t shared; /* ... and how many keys it shared */

    /* Of the page that it stands for. */
    uint32_t least_keys; /* of one of its documents */
    uint32_t page_mark, page_shared;
    uint32_t key_met, key_counted; /* the last ones of that search */
    uint32_t first_holder;         /* of key_met */
    bool is_possible;
};

/* A document that shows a key. */
struct lede_key_holder {
    uint32_t document, next;
    int32_t year; /* 0: unknown */
};

/* Of a raw key: all documents that show it, the latest first; and at least one
 * of each page, form and year. */
struct lede_key_heads {
    uint32_t all, pages;
};

void lede_page_finder_init(lede_page_finder *finder, lede_arena *arena)
{
    *finder = (lede_page_finder){.arena = arena};
    finder->raw_at.arena = arena;
    finder->by_url.arena = arena;
    finder->by_group.arena = arena;
}

/* --- Two documents ------------------------------------------------------- */

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

bool lede_shown_keys_suffice(uint32_t shared, uint32_t a_keys, uint32_t b_keys)
{
    uint32_t smaller = a_keys < b_keys ? a_keys : b_keys;

    return shared >= SHARED_KEYS ||
           (shared > 0 &&
            10 * (uint64_t)shared >= SHARED_TENTHS * (uint64_t)smaller);
}

static int compare_shown(const void *left, const void *right)
{
    const lede_shown_key *a = left, *b = right;

    if (a->raw != b->raw) {
        return a->raw < b->raw ? -1 : 1;
    }
    return lede_post_compare(&a->post->claim, a->post->path, &b->post->claim,
                             b->post->path);
}

lede_shown_key *lede_shown_keys_list(const lede_live_document *document,
                                     lede_arena *arena, uint32_t *count)
{
    lede_shown_key *keys =
        lede_arena_array(arena, document->post_count, sizeof keys[0]);
    uint32_t i, n = 0;

    if (keys == NULL) {
        return NULL;
    }
    for (i = 0; i < document->post_count; i++) {
        const lede_version *post = &document->posts[i];

        keys[i] = (lede_shown_key){post->claim.raw, post};
    }
    lede_sort(keys, document->post_count, sizeof keys[0], compare_shown);
    for (i = 0; i < document->post_count; i++) {
        if (n == 0 || keys[i].raw != keys[n - 1].raw) {
            keys[n++] = keys[i];
        }
    }
    *count = n;
    return keys;
}

uint32_t lede_shown_keys_shared(const lede_shown_key *a, uint32_t a_count,
                                const lede_shown_key *b, uint32_t b_count)
{
    uint32_t i = 0, j = 0, shared = 0;

    while (i < a_count && j < b_count) {
        if (a[i].raw != b[j].raw) {
            a[i].raw < b[j].raw ? i++ : j++;
            continue;
        }
        shared += !lede_years_conflict(&a[i].post->claim.published,
                                       &b[j].post->claim.published);
        i++;
        j++;
    }
    return shared;
}

bool lede_pages_match(const lede_live_document *a, const lede_live_document *b)
{
    lede_arena arena = {0};
    uint32_t a_count, b_count;
    lede_shown_key *x, *y;
    bool matched = go_by_name(a, b);

    if (!matched && go_by_content(a, b)) {
        x = lede_shown_keys_list(a, &arena, &a_count);
        y = lede_shown_keys_list(b, &arena, &b_count);
        matched = x != NULL && y != NULL &&
                  lede_shown_keys_suffice(
                      lede_shown_keys_shared(x, a_count, y, b_count), a_count,
                      b_count);
    }
    lede_arena_done(&arena);
    return matched;
}

/* --- Pages --------------------------------------------------------------- */

uint32_t lede_page_finder_page(lede_page_finder *f, uint32_t document)
{
    lede_found_document *d = f->documents;

    while (d[document].parent != document) {
        d[document].parent = d[d[document].parent].parent;
        document = d[document].parent;
    }
    return document;
}

/* The earlier document stands for the page. */
static void unite(lede_page_finder *f, uint32_t a, uint32_t b)
{
    uint32_t x = lede_page_finder_page(f, a), y = lede_page_finder_page(f, b);
    uint32_t root = x < y ? x : y, gone = x < y ? y : x;
    lede_found_document *d = f->documents;

    d[gone].parent = root;
    if (d[gone].least_keys < d[root].least_keys) {
        d[root].least_keys = d[gone].least_keys;
    }
}

/* Unites the document with the first one of the same name. */
static bool unite_by(lede_page_finder *f, lede_map *names, uint64_t name,
                     uint32_t document)
{
    uint32_t other = lede_map_get(names, name);

    if (other == LEDE_MAP_NONE) {
        return lede_map_put(names, name, document);
    }
    if (go_by_name(&f->documents[other].live, &f->documents[document].live)) {
        unite(f, other, document);
    }
    return true;
}

static bool unite_by_name(lede_page_finder *f, uint32_t document)
{
    const lede_live_document *live = &f->documents[document].live;
    uint8_t bytes[12];

    if (live->about.url_page_id != 0) {
        return unite_by(f, &f->by_url, live->about.url_page_id, document);
    }
    if (live->about.group == 0) {
        return true;
    }
    lede_store_u64(bytes, live->file);
    lede_store_u32(bytes + 8, live->about.group);
    return unite_by(f, &f->by_group,
                    lede_hash64(lede_span_of(bytes, sizeof bytes)), document);
}

/* --- Which keys are shown where ------------------------------------------ */

static int32_t year_of(const lede_version *post)
{
    const lede_when *when = &post->claim.published;
    lede_civil civil;

    if (!lede_when_is_trusted(when) || when->instant == LEDE_INSTANT_NONE) {
        return 0;
    }
    lede_civil_from_instant(when->instant, 0, &civil);
    return civil.year;
}

static bool is_other_year(int32_t a, int32_t b)
{
    return a != 0 && b != 0 && a != b;
}

static struct lede_key_heads *heads_of(lede_page_finder *f, uint64_t raw)
{
    uint32_t at = lede_map_get(&f->raw_at, raw);
    struct lede_key_heads *heads;

    if (at != LEDE_MAP_NONE) {
        return &f->heads[at];
    }
    heads = lede_grown_in(f->arena, f->heads, f->head_count, &f->head_cap,
                          sizeof heads[0]);
    if (heads == NULL || !lede_map_put(&f->raw_at, raw, f->head_count)) {
        return NULL;
    }
    f->heads = heads;
    heads[f->head_count] =
        (struct lede_key_heads){LEDE_MAP_NONE, LEDE_MAP_NONE};
    return &heads[f->head_count++];
}

static bool add_holder(lede_page_finder *f, uint32_t *head, uint32_t document,
                       int32_t year)
{
    lede_key_holder *holders =
        lede_grown_in(f->arena, f->holders, f->holder_count, &f->holder_cap,
                      sizeof holders[0]);

    if (holders == NULL) {
        return false;
    }
    f->holders = holders;
    holders[f->holder_count] = (lede_key_holder){document, *head, year};
    *head = f->holder_count++;
    return true;
}

/* Whether a holder says nothing new beside another one of its page. */
static bool is_same_holder(const lede_page_finder *f, const lede_key_holder *a,
                           const lede_key_holder *b)
{
    const lede_live_document *x = &f->documents[a->document].live;
    const lede_live_document *y = &f->documents[b->document].live;

    return a->year == b->year && x->about.form == y->about.form &&
           (x->about.url_page_id != 0) == (y->about.url_page_id != 0);
}

/* Enters the document's keys: among the holders for pages only where its page
 * has none like it at the head of the list, which most saves do. */
static bool enter_keys(lede_page_finder *f, uint32_t document)
{
    uint32_t page = lede_page_finder_page(f, document), i;

    for (i = 0; i < f->documents[document].key_count; i++) {
        const lede_shown_key *key = &f->documents[document].keys[i];
        lede_key_holder holder = {document, LEDE_MAP_NONE, year_of(key->post)};
        struct lede_key_heads *heads = heads_of(f, key->raw);
        uint32_t at;

        if (heads == NULL ||
            !add_holder(f, &heads->all, document, holder.year)) {
            return false;
        }
        at = heads->pages;
        if (at != LEDE_MAP_NONE &&
            lede_page_finder_page(f, f->holders[at].document) == page &&
            is_same_holder(f, &f->holders[at], &holder)) {
            continue;
        }
        if (!add_holder(f, &heads->pages, document, holder.year)) {
            return false;
        }
    }
    return true;
}

/* --- Finding a document's page ------------------------------------------- */

static bool touch(lede_page_finder *f, uint32_t page, uint32_t *count)
{
    uint32_t *touched = lede_grown_in(f->arena, f->touched, *count,
                                      &f->touched_cap, sizeof touched[0]);

    if (touched == NULL) {
        return false;
    }
    f->touched = touched;
    touched[(*count)++] = page;
    return true;
}

static bool meet_page(lede_page_finder *f, uint32_t page, uint32_t *count)
{
    lede_found_document *p = &f->documents[page];

    if (p->page_mark == f->mark) {
        return true;
    }
    p->page_mark = f->mark;
    p->page_shared = 0;
    p->key_met = p->key_counted = UINT32_MAX;
    p->is_possible = false;
    return touch(f, page, count);
}

/* Counts for each page how many of the document's keys it shows: no document of
 * it can share more. Drops holders that say nothing new. */
static bool count_pages(lede_page_finder *f, uint32_t document, uint32_t *count)
{
    lede_found_document *own = &f->documents[document];
    uint32_t i;

    *count = 0;
    f->mark++;
    for (i = 0; i < own->key_count; i++) {
        int32_t year = year_of(own->keys[i].post);
        uint32_t at = lede_map_get(&f->raw_at, own->keys[i].raw), *link;

        if (at == LEDE_MAP_NONE) {
            continue;
        }
        for (link = &f->heads[at].pages; *link != LEDE_MAP_NONE;) {
            lede_key_holder *h = &f->holders[*link];
            uint32_t page = lede_page_finder_page(f, h->document);
            lede_found_document *p = &f->documents[page];

            if (!meet_page(f, page, count)) {
                return false;
            }
            if (p->key_met == i &&
                is_same_holder(f, &f->holders[p->first_holder], h)) {
                *link = h->next;
                continue;
            }
            if (p->key_met != i) {
                p->key_met = i;
                p->first_holder = *link;
            }
            link = &h->next;
            if (p->key_counted != i &&
                go_by_content(&own->live, &f->documents[h->document].live) &&
                !is_other_year(year, h->year)) {
                p->key_counted = i;
                p->page_shared++;
            }
        }
    }
    return true;
}

/* Tries the latest documents of the possible pages that show a key of it. */
static void try_latest(lede_page_finder *f, uint32_t document)
{
    lede_found_document *own = &f->documents[document];
    uint32_t i, tries = 0;

    for (i = 0; i < own->key_count && tries < TRIES; i++) {
        /* From the middle: most of a save's posts are those of its neighbour.
         */
        uint32_t k = (own->key_count / 2 + i) % own->key_count;
        uint32_t head = lede_map_get(&f->raw_at, own->keys[k].raw);
        uint32_t at = head == LEDE_MAP_NONE ? head : f->heads[head].all;
        uint32_t steps;

        for (steps = 0;
             at != LEDE_MAP_NONE && steps < TRIES_PER_KEY && tries < TRIES;
             at = f->holders[at].next, steps++) {
            uint32_t other = f->holders[at].document;
            lede_found_document *d = &f->documents[other];
            lede_found_document *p =
                &f->documents[lede_page_finder_page(f, other)];

            if (p->page_mark != f->mark || !p->is_possible ||
                !go_by_content(&own->live, &d->live)) {
                continue;
            }
            tries++;
            if (lede_shown_keys_suffice(
                    lede_shown_keys_shared(own->keys, own->key_count, d->keys,
                                           d->key_count),
                    own->key_count, d->key_count)) {
                p->is_possible = false; /* it is known now */
                unite(f, document, other);
            }
        }
    }
}

/* Counts the shared keys of every document of the pages that are possible. */
static void try_all(lede_page_finder *f, uint32_t document)
{
    lede_found_document *own = &f->documents[document];
    uint32_t i, at;

    f->mark++;
    for (i = 0; i < own->key_count; i++) {
        uint32_t head = lede_map_get(&f->raw_at, own->keys[i].raw);
        int32_t year = year_of(own->keys[i].post);

        for (at = head == LEDE_MAP_NONE ? head : f->heads[head].all;
             at != LEDE_MAP_NONE; at = f->holders[at].next) {
            uint32_t other = f->holders[at].document;
            lede_found_document *d = &f->documents[other];
            lede_found_document *p =
                &f->documents[lede_page_finder_page(f, other)];

            if (p->page_mark + 1 != f->mark || !p->is_possible ||
                !go_by_content(&own->live, &d->live) ||
                is_other_year(year, f->holders[at].year)) {
                continue;
            }
            d->shared = d->mark == f->mark ? d->shared + 1 : 1;
            d->mark = f->mark;
            if (lede_shown_keys_suffice(d->shared, own->key_count,
                                        d->key_count)) {
                p->is_possible = false;
                unite(f, document, other);
            }
        }
    }
}

static bool unite_by_content(lede_page_finder *f, uint32_t document)
{
    const lede_found_document *own = &f->documents[document];
    uint32_t page = lede_page_finder_page(f, document), count, i;
    bool is_left = false;

    if (!count_pages(f, document, &count)) {
        return false;
    }
    for (i = 0; i < count; i++) {
        lede_found_document *p = &f->documents[f->touched[i]];

        p->is_possible = f->touched[i] != page &&
                         lede_shown_keys_suffice(p->page_shared, own->key_count,
                                                 p->least_keys);
        is_left = is_left || p->is_possible;
    }
    if (is_left) {
        try_latest(f, document);
    }
    is_left = false;
    for (i = 0; i < count; i++) {
        is_left = is_left || f->documents[f->touched[i]].is_possible;
    }
    if (is_left) {
        try_all(f, document);
    }
    return true;
}

bool lede_page_finder_add(lede_page_finder *f,
                          const lede_live_document *document)
{
    lede_found_document *documents = lede_grown_in(
        f->arena, f->documents, f->count, &f->cap, sizeof documents[0]);
    lede_found_document *own;
    uint32_t number = f->count;

    if (documents == NULL) {
        return false;
    }
    f->documents = documents;
    own = &documents[number];
    *own = (lede_found_document){.live = *document, .parent = number};
    own->keys = lede_shown_keys_list(document, f->arena, &own->key_count);
    if (own->keys == NULL) {
        return false;
    }
    own->least_keys = own->key_count;
    f->count++;
    return unite_by_name(f, number) &&
           (document->about.url_page_id != 0 || unite_by_content(f, number)) &&
           enter_keys(f, number);
}

void lede_page_finder_each(lede_page_finder *f, uint64_t raw,
                           void (*fn)(void *ctx, uint32_t page), void *ctx)
{
    uint32_t head = lede_map_get(&f->raw_at, raw), at;

    for (at = head == LEDE_MAP_NONE ? head : f->heads[head].pages;
         at != LEDE_MAP_NONE; at = f->holders[at].next) {
        fn(ctx, lede_page_finder_page(f, f->holders[at].document));
    }
}
