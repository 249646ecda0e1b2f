#include "query/name_counts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "names/variants.h"
#include "query/added_names.h"
#include "query/plan_names.h"
#include "query/results.h"

enum { FIRST_SLOTS = 64, MOST_PARTS = 1 << 16 };

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "out of memory for counting names");
}

/* --- The table --------------------------------------------------------------
 */

/* The slot of a key, or the free one where it belongs. */
static uint32_t *find_slot(const lede_name_counts *counts, lede_span key)
{
    uint32_t mask = counts->slot_count - 1;
    uint32_t at = (uint32_t)lede_hash64(key) & mask;

    while (counts->slots[at] != 0 &&
           !lede_span_equal(counts->items[counts->slots[at] - 1].key, key)) {
        at = (at + 1) & mask;
    }
    return &counts->slots[at];
}

/* Twice the room, and the slots half empty at most. */
static bool grow(lede_name_counts *counts)
{
    uint32_t slot_count = counts->slot_count == 0 ? (uint32_t)FIRST_SLOTS
                                                  : counts->slot_count * 2;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    lede_name_count *items =
        slots == NULL ? NULL
                      : realloc(counts->items, slot_count / 2 * sizeof *items);

    if (items == NULL) {
        free(slots);
        return false;
    }
    free(counts->slots);
    counts->items = items;
    counts->cap = slot_count / 2;
    counts->slots = slots;
    counts->slot_count = slot_count;
    for (uint32_t i = 0; i < counts->count; i++) {
        *find_slot(counts, items[i].key) = i + 1;
    }
    return true;
}

/* Whether a word of the name begins so. */
static bool has_prefix(lede_span name, lede_span prefix)
{
    size_t at;

    for (at = 0; prefix.len > 0 && at + prefix.len <= name.len; at++) {
        if ((at == 0 || name.bytes[at - 1] == ' ') &&
            memcmp(name.bytes + at, prefix.bytes, prefix.len) == 0) {
            return true;
        }
    }
    return prefix.len == 0;
}

/* Makes the key that a name is counted under; false if it isn't wanted. */
static bool make_key(lede_name_counts *counts, lede_named_kind kind,
                     const lede_hit_name *name)
{
    lede_buf_clear(&counts->key);
    lede_buf_put_byte(&counts->key, kind == LEDE_NAMED_PERSON ? 'p' : 'l');
    lede_correction_key((lede_name_kind)kind, name->name, &counts->key);
    if (!has_prefix(lede_span_part(lede_buf_span(&counts->key), 1,
                                   lede_buf_span(&counts->key).len),
                    counts->prefix)) {
        return false;
    }
    if (name->id.len > 0) {
        lede_buf_clear(&counts->key);
        lede_buf_put_byte(&counts->key, 'g');
        lede_buf_put_span(&counts->key, name->id);
    }
    return true;
}

static bool copy(lede_name_counts *counts, lede_span text, lede_span *out)
{
    *out = text.len == 0 ? lede_span_of(NULL, 0)
                         : lede_arena_copy(&counts->arena, text);
    return text.len == 0 || out->bytes != NULL;
}

static bool fill(lede_name_counts *counts, lede_named_kind kind,
                 const lede_hit_name *name, lede_name_count *out)
{
    *out = (lede_name_count){.kind = kind,
                             .has_point = name->has_point,
                             .lat = name->lat,
                             .lon = name->lon,
                             .first = LEDE_INSTANT_NONE,
                             .last = LEDE_INSTANT_NONE};
    if (strlen(name->country) < sizeof out->country) {
        memcpy(out->country, name->country, strlen(name->country) + 1);
    }
    return copy(counts, lede_buf_span(&counts->key), &out->key) &&
           copy(counts, name->id, &out->id);
}

static uint32_t most_of(const lede_name_counts *counts)
{
    return counts->most > 0 ? counts->most : (uint32_t)LEDE_NAME_COUNTS_MOST;
}

static bool is_of_part(const lede_name_counts *counts)
{
    return counts->parts < 2 ||
           (lede_hash64(lede_buf_span(&counts->key)) >> 32) % counts->parts ==
               counts->part;
}

/* The item of the key at hand, made if it is not there; NULL if there is no
 * room for it, or if it is of another part. */
static lede_status get(lede_name_counts *counts, lede_named_kind kind,
                       const lede_hit_name *name, lede_name_count **out,
                       lede_error *err)
{
    uint32_t *slot;

    *out = NULL;
    if (counts->key.failed || (counts->count == counts->cap && !grow(counts))) {
        return no_memory(err);
    }
    if (!is_of_part(counts)) {
        return LEDE_OK;
    }
    slot = find_slot(counts, lede_buf_span(&counts->key));
    if (*slot == 0) {
        if (counts->count >= most_of(counts)) {
            counts->is_full = true;
            return LEDE_OK;
        }
        if (!fill(counts, kind, name, &counts->items[counts->count])) {
            return no_memory(err);
        }
        *slot = ++counts->count;
    }
    *out = &counts->items[*slot - 1];
    return LEDE_OK;
}

static bool add_variant(lede_name_counts *counts, lede_name_count *item,
                        lede_span form)
{
    lede_name_variant *variant = item->variants;

    while (variant != NULL && !lede_span_equal(variant->text, form)) {
        variant = variant->next;
    }
    if (variant == NULL) {
        if (item->variant_count == LEDE_NAME_VARIANTS_MOST) {
            return true;
        }
        variant = lede_arena_get(&counts->arena, sizeof *variant);
        if (variant == NULL || !copy(counts, form, &variant->text)) {
            return false;
        }
        variant->entries = 0;
        variant->next = item->variants;
        item->variants = variant;
        item->variant_count++;
    }
    variant->entries++;
    return true;
}

/* Of entries of one time the first by key, so that the order in which they come
 * makes no difference. */
static void add_time(lede_name_count *item, int64_t instant, uint64_t entry)
{
    bool is_new = item->first == LEDE_INSTANT_NONE;

    if (is_new || instant < item->first ||
        (instant == item->first && entry < item->first_key)) {
        item->first = instant;
        item->first_key = entry;
    }
    if (is_new || instant > item->last ||
        (instant == item->last && entry < item->last_key)) {
        item->last = instant;
        item->last_key = entry;
    }
}

static bool add_name(lede_name_counts *counts, lede_name_count *item,
                     const lede_hit_name *name, uint64_t entry, int64_t instant)
{
    item->mentions += name->mentions;
    if (!item->is_fixed && !lede_span_equal(name->name, name->form)) {
        item->is_fixed = true;
        if (!copy(counts, name->name, &item->name)) {
            return false;
        }
    }
    if (item->seen == counts->entries) {
        return true; /* two of its names are one in this table */
    }
    item->seen = counts->entries;
    item->entries++;
    if (instant != LEDE_INSTANT_NONE) {
        add_time(item, instant, entry);
    }
    return add_variant(counts, item, name->form);
}

static lede_status see(lede_name_counts *counts, const lede_name_view *view,
                       lede_span list, uint64_t entry, lede_hit_names *out,
                       lede_error *err)
{
    lede_arena_clear(&counts->scratch);
    return lede_hit_names_make(view, list, entry, &counts->scratch, out, err);
}

static const lede_hit_name *name_at(const lede_hit_names *names, uint32_t i,
                                    lede_named_kind *kind)
{
    *kind = i < names->person_count ? LEDE_NAMED_PERSON : LEDE_NAMED_PLACE;
    return i < names->person_count ? &names->people[i]
                                   : &names->places[i - names->person_count];
}

lede_status lede_name_counts_add(lede_name_counts *counts,
                                 const lede_name_view *view, lede_span list,
                                 uint64_t entry, int64_t instant,
                                 lede_error *err)
{
    bool has[2] = {false, false};
    lede_hit_names names;
    lede_status status = see(counts, view, list, entry, &names, err);

    if (status != LEDE_OK) {
        return status;
    }
    counts->entries++;
    for (uint32_t i = 0; i < names.person_count + names.place_count; i++) {
        lede_named_kind kind;
        const lede_hit_name *name = name_at(&names, i, &kind);
        lede_name_count *item = NULL;

        if ((counts->kinds >> kind & 1) == 0 || !make_key(counts, kind, name)) {
            continue;
        }
        has[kind] = true;
        status = get(counts, kind, name, &item, err);
        if (status == LEDE_OK && item != NULL &&
            !add_name(counts, item, name, entry, instant)) {
            status = no_memory(err);
        }
        if (status != LEDE_OK) {
            return status;
        }
    }
    counts->with[0] += has[0];
    counts->with[1] += has[1];
    return LEDE_OK;
}

lede_status lede_name_counts_add_archive(lede_name_counts *counts,
                                         const lede_name_view *view,
                                         lede_span list, uint64_t entry,
                                         lede_error *err)
{
    lede_hit_names names;
    lede_status status = see(counts, view, list, entry, &names, err);

    if (status != LEDE_OK) {
        return status;
    }
    counts->archive++;
    for (uint32_t i = 0;
         counts->count > 0 && i < names.person_count + names.place_count; i++) {
        lede_named_kind kind;
        const lede_hit_name *name = name_at(&names, i, &kind);
        uint64_t seen = counts->entries + counts->archive; /* none before */
        uint32_t slot;

        if (!make_key(counts, kind, name)) {
            continue;
        }
        if (counts->key.failed) {
            return no_memory(err);
        }
        slot = *find_slot(counts, lede_buf_span(&counts->key));
        if (slot != 0 && counts->items[slot - 1].seen != seen) {
            counts->items[slot - 1].seen = seen;
            counts->items[slot - 1].archive++;
        }
    }
    return LEDE_OK;
}

void lede_name_counts_done(lede_name_counts *counts)
{
    free(counts->items);
    free(counts->slots);
    lede_arena_done(&counts->arena);
    lede_arena_done(&counts->scratch);
    lede_buf_done(&counts->key);
    *counts = (lede_name_counts){0};
}

/* People before places; the most telling, else the most frequent, first. */
static int compare(const void *a, const void *b)
{
    const lede_name_count *x = a, *y = b;

    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    if (x->telling != y->telling) {
        return x->telling > y->telling ? -1 : 1;
    }
    if (x->entries != y->entries) {
        return x->entries > y->entries ? -1 : 1;
    }
    return lede_span_compare(x->name, y->name) != 0
               ? lede_span_compare(x->name, y->name)
               : lede_span_compare(x->key, y->key);
}

/* --- Parts ------------------------------------------------------------------
 */

static lede_name_counts part_of(const lede_name_counts *all, uint32_t part,
                                uint32_t parts)
{
    return (lede_name_counts){.kinds = all->kinds,
                              .prefix = all->prefix,
                              .most = all->most,
                              .part = part,
                              .parts = parts};
}

static bool copy_item(lede_name_counts *to, const lede_name_count *from,
                      lede_name_count *out)
{
    lede_name_variant **at = &out->variants;

    *out = *from;
    out->variants = NULL;
    if (!copy(to, from->key, &out->key) || !copy(to, from->name, &out->name) ||
        !copy(to, from->id, &out->id)) {
        return false;
    }
    for (const lede_name_variant *v = from->variants; v != NULL; v = v->next) {
        *at = lede_arena_get(&to->arena, sizeof **at);
        if (*at == NULL || !copy(to, v->text, &(*at)->text)) {
            return false;
        }
        (*at)->entries = v->entries;
        (*at)->next = NULL;
        at = &(*at)->next;
    }
    return true;
}

/* Merges two sorted tables into a new one; what there is no room for is left
 * out, of each kind as much as comes behind half of the room. */
static bool merge(lede_name_counts *kept, const lede_name_counts *more)
{
    lede_name_counts both = part_of(kept, 0, 0);
    uint32_t room = most_of(kept) / 2, of_kind[2] = {0, 0}, i = 0, j = 0;

    both.items =
        malloc(((size_t)kept->count + more->count + 1) * sizeof *both.items);
    both.entries = more->entries;
    both.archive = more->archive;
    memcpy(both.with, more->with, sizeof both.with);
    memcpy(both.left_out, kept->left_out, sizeof both.left_out);
    while (both.items != NULL && (i < kept->count || j < more->count)) {
        bool first =
            j == more->count ||
            (i < kept->count && compare(&kept->items[i], &more->items[j]) <= 0);
        const lede_name_count *item =
            first ? &kept->items[i++] : &more->items[j++];

        if (of_kind[item->kind] == room) {
            both.left_out[item->kind]++;
        } else if (copy_item(&both, item, &both.items[both.count])) {
            of_kind[item->kind]++;
            both.count++;
        } else {
            lede_name_counts_done(&both);
            return false;
        }
    }
    if (both.items == NULL) {
        return false;
    }
    lede_name_counts_done(kept);
    *kept = both;
    return true;
}

/* Each part by itself; *fits is false if one has too many names still. */
static lede_status run_parts(lede_name_counts *counts, uint32_t parts,
                             lede_status (*pass)(void *ctx,
                                                 lede_name_counts *counts,
                                                 lede_error *err),
                             void *ctx, bool *fits, lede_error *err)
{
    lede_status status = LEDE_OK;

    *fits = true;
    for (uint32_t part = 0; part < parts && status == LEDE_OK && *fits;
         part++) {
        lede_name_counts one = part_of(counts, part, parts);

        status = pass(ctx, &one, err);
        *fits = !one.is_full;
        if (status == LEDE_OK && *fits && !merge(counts, &one)) {
            status = no_memory(err);
        }
        lede_name_counts_done(&one);
    }
    return status;
}

lede_status lede_name_counts_run(lede_name_counts *counts,
                                 lede_status (*pass)(void *ctx,
                                                     lede_name_counts *counts,
                                                     lede_error *err),
                                 void *ctx, lede_error *err)
{
    lede_status status = pass(ctx, counts, err);
    bool fits = status != LEDE_OK || !counts->is_full;
    uint32_t parts = 4;

    for (; !fits && parts <= MOST_PARTS; parts *= 4) {
        lede_name_counts fresh = part_of(counts, 0, 0);

        lede_name_counts_done(counts);
        *counts = fresh;
        status = run_parts(counts, parts, pass, ctx, &fits, err);
        fits = fits || status != LEDE_OK;
    }
    return status;
}

/* --- Order ------------------------------------------------------------------
 */

static bool is_before(const lede_name_variant *a, const lede_name_variant *b)
{
    return a->entries != b->entries ? a->entries > b->entries
                                    : lede_span_compare(a->text, b->text) < 0;
}

static bool has_small_letters(lede_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((text.bytes[i] >= 'a' && text.bytes[i] <= 'z') ||
            text.bytes[i] >= 0x80) {
            return true;
        }
    }
    return false;
}

/* A headline in capitals does not say how a person is written: the most
 * frequent form that does, if there is one. */
static lede_span form_to_show(const lede_name_count *item)
{
    const lede_name_variant *v = item->variants;

    while (item->kind == LEDE_NAMED_PERSON && v != NULL &&
           !has_small_letters(v->text)) {
        v = v->next;
    }
    return v != NULL ? v->text : item->variants->text;
}

static void sort_variants(lede_name_count *item)
{
    lede_name_variant *sorted = NULL, *next;

    for (lede_name_variant *v = item->variants; v != NULL; v = next) {
        lede_name_variant **at = &sorted;

        next = v->next;
        while (*at != NULL && is_before(*at, v)) {
            at = &(*at)->next;
        }
        v->next = *at;
        *at = v;
    }
    item->variants = sorted;
    if (!item->is_fixed && sorted != NULL) {
        item->name = form_to_show(item);
    }
}

void lede_name_counts_sort(lede_name_counts *counts)
{
    for (uint32_t i = 0; i < counts->count; i++) {
        sort_variants(&counts->items[i]);
    }
    if (counts->count > 0) {
        qsort(counts->items, counts->count, sizeof *counts->items, compare);
    }
}

void lede_name_counts_sort_telling(lede_name_counts *counts)
{
    for (uint32_t i = 0; i < counts->count; i++) {
        lede_name_count *item = &counts->items[i];

        item->telling = lede_name_telling(item->entries, counts->entries,
                                          item->archive, counts->archive);
    }
    lede_name_counts_sort(counts);
}

static double cell(double observed, double row, double column, double all)
{
    return observed <= 0 ? 0 : observed * log(observed * all / (row * column));
}

double lede_name_telling(uint64_t in, uint64_t answer, uint64_t all,
                         uint64_t archive)
{
    double n = (double)archive, row = (double)answer, column = (double)all;
    double a = (double)in, b = row - a, c = column - a, d = n - row - c;
    double ratio =
        2 * (cell(a, row, column, n) + cell(b, row, n - column, n) +
             cell(c, n - row, column, n) + cell(d, n - row, n - column, n));

    ratio = ratio > 0 ? ratio : 0; /* but for rounding, it never is less */
    return a * n < row * column ? -ratio : ratio;
}

/* --- Of an answer -----------------------------------------------------------
 */

typedef struct gathering {
    lede_name_counts *counts;
    lede_name_view view;
    const lede_results *asked; /* only entries that speak of its names, or NULL
                                */
} gathering;

static bool speaks_of_asked(const lede_results *results, lede_span list,
                            uint64_t entry)
{
    for (uint32_t i = 0; i < results->plan.named_count; i++) {
        const struct lede_plan_named *named = &results->plan.named[i];

        if (!named->is_excluded && lede_plan_named_speaks(named, list, entry)) {
            return true;
        }
    }
    return false;
}

static lede_status put(void *ctx, lede_span list, uint64_t key, int64_t instant,
                       lede_error *err)
{
    gathering *g = ctx;

    if (g->asked != NULL && !speaks_of_asked(g->asked, list, key)) {
        return LEDE_OK;
    }
    return lede_name_counts_add(g->counts, &g->view, list, key, instant, err);
}

static lede_status put_archive(void *ctx, lede_span list, uint64_t key,
                               int64_t instant, lede_error *err)
{
    gathering *g = ctx;

    (void)instant;
    return lede_name_counts_add_archive(g->counts, &g->view, list, key, err);
}

/* All entries of an archive. */
typedef struct listing {
    lede_engine *engine;
    lede_engine_tree *tree;
    lede_name_view view;
} listing;

static lede_status list_names(void *ctx, lede_name_counts *counts,
                              lede_error *err)
{
    static const lede_match_options options = {.half_life_s = 1,
                                               .origin = LEDE_INSTANT_NONE};
    listing *l = ctx;
    gathering g = {.counts = counts, .view = l->view};
    lede_tally tally = {.ctx = &g, .put_names = put};
    uint64_t matches;
    lede_status status =
        lede_tally_matches(l->tree, &options, &tally, &matches, err);

    lede_name_counts_sort(counts);
    return status;
}

lede_status lede_engine_name_counts(lede_engine *engine, unsigned kinds,
                                    lede_span prefix, lede_name_counts *out,
                                    lede_error *err)
{
    lede_node everything = {.type = LEDE_NODE_ALL};
    lede_tree tree = {.root = &everything};
    listing l = {.engine = engine};
    lede_buf key = {0};
    lede_status status;

    lede_person_key(prefix, &key);
    *out = (lede_name_counts){.kinds = kinds, .prefix = lede_buf_span(&key)};
    status = key.failed ? no_memory(err)
                        : lede_engine_name_view(engine, &l.view, err);
    if (status == LEDE_OK) {
        status = engine->calls->open(engine, &tree, &l.tree, err);
    }
    if (status == LEDE_OK) {
        status = lede_name_counts_run(out, list_names, &l, err);
        engine->calls->close_tree(l.tree);
    }
    out->prefix = lede_span_of(NULL, 0);
    lede_buf_done(&key);
    return status;
}

static lede_status gather(lede_results *results, lede_node *root,
                          lede_status (*put_fn)(void *, lede_span, uint64_t,
                                                int64_t, lede_error *),
                          const lede_results *asked, lede_name_counts *counts,
                          lede_error *err)
{
    gathering g = {.counts = counts, .asked = asked};
    lede_tally tally = {.ctx = &g, .put_names = put_fn};
    lede_node *kept = results->plan.tree.root;
    uint64_t matches;
    lede_status status = lede_engine_name_view(results->engine, &g.view, err);

    if (status != LEDE_OK) {
        return status;
    }
    results->plan.tree.root = root;
    status = lede_tally_matches(results->tree, &results->match, &tally,
                                &matches, err);
    results->plan.tree.root = kept;
    return status;
}

/* An answer, and beside it the archive. */
typedef struct answering {
    lede_results *results;
    const lede_results *asked;
} answering;

static lede_status gather_both(void *ctx, lede_name_counts *counts,
                               lede_error *err)
{
    answering *a = ctx;
    lede_node everything = {.type = LEDE_NODE_ALL};
    lede_status status = gather(a->results, a->results->plan.tree.root, put,
                                a->asked, counts, err);

    if (status == LEDE_OK && counts->count > 0) {
        status =
            gather(a->results, &everything, put_archive, NULL, counts, err);
    }
    lede_name_counts_sort_telling(counts);
    return status;
}

lede_status lede_results_name_counts(lede_results *results, unsigned kinds,
                                     lede_name_counts *out, lede_error *err)
{
    answering a = {results, NULL};

    *out = (lede_name_counts){.kinds = kinds};
    return lede_name_counts_run(out, gather_both, &a, err);
}

/* --- Together ---------------------------------------------------------------
 */

/* Whether it is one of those asked for. */
static bool is_asked_for(const lede_results *results,
                         const lede_name_count *item)
{
    lede_named as = {.kind = (uint8_t)item->kind,
                     .mentions = 1,
                     .name = item->name,
                     .ids = {item->id},
                     .id_count = item->id.len > 0};

    as.state = item->id.len > 0 ? LEDE_NAMED_RESOLVED : LEDE_NAMED_UNRESOLVED;
    for (uint32_t i = 0; i < results->plan.named_count; i++) {
        if (lede_plan_named_is(&results->plan.named[i], &as, 0)) {
            return true;
        }
    }
    return false;
}

static void drop_asked_for(const lede_results *results,
                           lede_name_counts *counts)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < counts->count; i++) {
        if (!is_asked_for(results, &counts->items[i])) {
            counts->items[kept++] = counts->items[i];
        }
    }
    counts->count = kept;
}

lede_status lede_results_names_with(lede_results *results,
                                    lede_name_counts *out, lede_error *err)
{
    answering a = {results, results};
    lede_status status;

    *out = (lede_name_counts){.kinds = 1u << LEDE_NAMED_PERSON |
                                       1u << LEDE_NAMED_PLACE};
    status = lede_name_counts_run(out, gather_both, &a, err);
    drop_asked_for(results, out);
    return status;
}
