#include "indexer/page_lookup.h"

#include "indexer/page_finder.h"
#include "indexer/sort.h"

/* Documents by how many keys they have: what they must share differs. */
enum { FEW_KEYS = 3, SOME_KEYS = 6, CLASSES = 3 };

struct lede_looked_up {
    lede_shown_key *keys; /* of those that go by content */
    uint32_t key_count;
    uint32_t mark; /* the last search that looked at it */
};

/* A document that shows a key. */
typedef struct lede_key_shower {
    uint64_t key; /* the raw key and the form */
    uint32_t class;
    uint32_t document;
} shower;

/* Documents of one class that show a key of the one that is looked for. */
typedef struct run {
    uint32_t begin, end;
} run;

static uint32_t class_of(uint32_t keys)
{
    return keys <= FEW_KEYS ? 0 : keys <= SOME_KEYS ? 1 : 2;
}

/* The fewest keys that a document of the class shares with one of `keys`. */
static uint32_t least_shared(uint32_t keys, uint32_t class)
{
    static const uint32_t least[CLASSES] = {1, FEW_KEYS + 1, SOME_KEYS + 1};
    uint32_t shared = 1;

    while (!lede_shown_keys_suffice(shared, keys, least[class])) {
        shared++;
    }
    return shared;
}

static uint64_t key_of(const lede_live_document *document, uint64_t raw)
{
    return raw + document->about.form * UINT64_C(0x9e3779b97f4a7c15);
}

static int compare_showers(const void *left, const void *right)
{
    const shower *a = left, *b = right;

    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    if (a->class != b->class) {
        return a->class < b->class ? -1 : 1;
    }
    return a->document < b->document ? -1 : a->document > b->document;
}

static bool is_candidate(const lede_live_document *document)
{
    return document->about.is_live && document->post_count > 0;
}

/* --- Making ----------------------------------------------------------------
 */

/* Keys of the documents without url; `*all` is how many there are. */
static bool list_keys(lede_page_lookup *lookup, size_t *all)
{
    uint32_t i;

    *all = 0;
    for (i = 0; i < lookup->count; i++) {
        const lede_live_document *document = &lookup->documents[i];
        struct lede_looked_up *own = &lookup->looked_up[i];

        *own = (struct lede_looked_up){0};
        if (!is_candidate(document) || document->about.url_page_id != 0) {
            continue;
        }
        own->keys =
            lede_shown_keys_list(document, lookup->arena, &own->key_count);
        if (own->keys == NULL) {
            return false;
        }
        *all += own->key_count;
    }
    return *all <= UINT32_MAX;
}

static bool list_showers(lede_page_lookup *lookup)
{
    uint32_t i, j, n = 0;
    size_t all;

    if (!list_keys(lookup, &all)) {
        return false;
    }
    lookup->showers =
        lede_arena_array(lookup->arena, all + 1, sizeof lookup->showers[0]);
    for (i = 0; lookup->showers != NULL && i < lookup->count; i++) {
        const struct lede_looked_up *own = &lookup->looked_up[i];

        for (j = 0; j < own->key_count; j++) {
            lookup->showers[n++] =
                (shower){key_of(&lookup->documents[i], own->keys[j].raw),
                         class_of(own->key_count), i};
        }
    }
    lookup->shower_count = n;
    if (lookup->showers != NULL) {
        lede_sort(lookup->showers, n, sizeof lookup->showers[0],
                  compare_showers);
    }
    return lookup->showers != NULL;
}

bool lede_page_lookup_init(lede_page_lookup *lookup,
                           const lede_live_document *documents, uint32_t count,
                           lede_arena *arena)
{
    uint32_t i;

    *lookup = (lede_page_lookup){.documents = documents,
                                 .count = count,
                                 .by_url.arena = arena,
                                 .arena = arena};
    for (i = 0; i < count; i++) {
        uint64_t url = documents[i].about.url_page_id;

        if (!is_candidate(&documents[i])) {
            continue;
        }
        lookup->has_any = true;
        lookup->has_nameless |= url == 0;
        if (url != 0 && lede_map_get(&lookup->by_url, url) == LEDE_MAP_NONE &&
            !lede_map_put(&lookup->by_url, url, i)) {
            return false;
        }
    }
    lookup->looked_up =
        lede_arena_array(arena, count + 1u, sizeof lookup->looked_up[0]);
    return lookup->looked_up != NULL && list_showers(lookup);
}

/* --- Searching --------------------------------------------------------------
 */

static uint32_t first_shower(const lede_page_lookup *lookup, uint64_t key,
                             uint32_t class)
{
    shower wanted = {key, class, 0};
    uint32_t low = 0, high = lookup->shower_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (compare_showers(&lookup->showers[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static int compare_runs(const void *left, const void *right)
{
    const run *a = left, *b = right;
    uint32_t x = a->end - a->begin, y = b->end - b->begin;

    if (x != y) {
        return x < y ? -1 : 1;
    }
    return a->begin < b->begin ? -1 : a->begin > b->begin;
}

static bool matches(const lede_page_lookup *lookup, uint32_t document,
                    const lede_live_document *old, const lede_shown_key *keys,
                    uint32_t key_count)
{
    const struct lede_looked_up *now = &lookup->looked_up[document];
    return lookup->documents[document].about.form == old->about.form &&
           lede_shown_keys_suffice(lede_shown_keys_shared(keys, key_count,
                                                          now->keys,
                                                          now->key_count),
                                   key_count, now->key_count);
}

/* Looks through the documents of one class, for one before *best. */
static void search_class(lede_page_lookup *lookup, uint32_t class,
                         const lede_live_document *old,
                         const lede_shown_key *keys, uint32_t key_count,
                         run *runs, uint32_t *best)
{
    uint32_t left_out = least_shared(key_count, class) - 1, i, at;

    for (i = 0; i < key_count; i++) {
        uint64_t key = key_of(old, keys[i].raw);

        runs[i] = (run){first_shower(lookup, key, class),
                        first_shower(lookup, key, class + 1)};
    }
    lede_sort(runs, key_count, sizeof runs[0], compare_runs);
    for (i = 0; i + left_out < key_count; i++) {
        for (at = runs[i].begin;
             at < runs[i].end && lookup->showers[at].document < *best; at++) {
            uint32_t document = lookup->showers[at].document;

            if (lookup->looked_up[document].mark == lookup->mark) {
                continue;
            }
            lookup->looked_up[document].mark = lookup->mark;
            if (matches(lookup, document, old, keys, key_count)) {
                *best = document;
            }
        }
    }
}

bool lede_page_lookup_first(lede_page_lookup *lookup,
                            const lede_live_document *old, uint32_t *out)
{
    uint32_t key_count, class;
    lede_shown_key *keys;
    lede_arena arena = {0};
    bool ok = true;
    run *runs;

    *out = LEDE_MAP_NONE;
    if (old->about.url_page_id != 0) {
        *out = lede_map_get(&lookup->by_url, old->about.url_page_id);
        return true;
    }
    keys = lede_shown_keys_list(old, &arena, &key_count);
    runs = lede_arena_array(&arena, old->post_count + 1u, sizeof runs[0]);
    if (keys == NULL || runs == NULL) {
        ok = false;
    } else if (key_count > 0) {
        lookup->mark++;
        for (class = 0; class < CLASSES; class ++) {
            search_class(lookup, class, old, keys, key_count, runs, out);
        }
    }
    lede_arena_done(&arena);
    return ok;
}

bool lede_page_lookup_may_have(const lede_page_lookup *lookup,
                               const lede_claim_document *old)
{
    return lookup->has_any &&
           (old->url_page_id == 0 || lookup->has_nameless ||
            lede_map_get(&lookup->by_url, old->url_page_id) != LEDE_MAP_NONE);
}
