#include "query/expand.h"

#include <inttypes.h>
#include <stdlib.h>

#include "query/counts.h"

/* A word that fits, with one of its terms. */
typedef struct fitting {
    lede_span word, term; /* term: empty if it is not known */
    uint64_t entries;
} fitting;

typedef struct expansion {
    lede_planner *planner;
    const lede_pattern *pattern;
    const char *prefix;
    uint32_t most;
    fitting *items; /* a heap: the one that would go first, first */
    uint32_t count;
    uint64_t found;
    bool gathers;      /* words have a stem in each of several languages */
    bool has_terms;    /* which come with the words */
    lede_counts words; /* gathered */
    lede_counts terms; /* in how many entries they are */
} expansion;

/* Whether `a` counts less than `b`. */
static bool is_less(const fitting *a, const fitting *b)
{
    int order;

    if (a->entries != b->entries) {
        return a->entries < b->entries;
    }
    order = lede_span_compare(b->word, a->word);
    return order != 0 ? order < 0 : lede_span_compare(b->term, a->term) < 0;
}

static void swap(fitting *a, fitting *b)
{
    fitting kept = *a;

    *a = *b;
    *b = kept;
}

static void sink(expansion *x)
{
    uint32_t at = 0;

    for (;;) {
        uint32_t least = at, child = 2 * at + 1;

        if (child < x->count && is_less(&x->items[child], &x->items[least])) {
            least = child;
        }
        child++;
        if (child < x->count && is_less(&x->items[child], &x->items[least])) {
            least = child;
        }
        if (least == at) {
            return;
        }
        swap(&x->items[at], &x->items[least]);
        at = least;
    }
}

static void rise(expansion *x, uint32_t at)
{
    while (at > 0 && is_less(&x->items[at], &x->items[(at - 1) / 2])) {
        swap(&x->items[at], &x->items[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static lede_span keep(lede_planner *planner, lede_span bytes)
{
    lede_span copy = lede_arena_copy(planner->arena, bytes);

    if (copy.bytes == NULL) {
        planner->no_memory = true;
    }
    return copy;
}

static void offer(expansion *x, fitting one)
{
    if (x->count == x->most && !is_less(&x->items[0], &one)) {
        return;
    }
    one.word = keep(x->planner, one.word);
    one.term = keep(x->planner, one.term);
    if (x->count == x->most) {
        x->items[0] = one;
        sink(x);
    } else {
        x->items[x->count] = one;
        rise(x, x->count++);
    }
}

static void take(void *ctx, lede_span word, lede_span term,
                 uint64_t entry_count)
{
    expansion *x = ctx;

    if (x->planner->no_memory || !lede_pattern_fits(x->pattern, word)) {
        return;
    }
    if (x->gathers || entry_count == UINT64_MAX) {
        x->planner->no_memory = !lede_counts_add(&x->words, word, 0);
        x->has_terms = x->has_terms || term.len > 0;
        return;
    }
    x->found++;
    offer(x, (fitting){word, term, entry_count});
}

static bool fits(void *ctx, lede_span word)
{
    const expansion *x = ctx;

    return lede_pattern_fits(x->pattern, word);
}

static uint64_t count_found(const expansion *x)
{
    return x->gathers || x->words.count > 0 ? x->words.count : x->found;
}

/* Words that fit, and, if they are too many, once more those that some entry
 * has that is not deleted: for these it matters which are most frequent. */
static void take_all(expansion *x)
{
    lede_planner *planner = x->planner;
    const lede_plan_source *source = planner->source;

    planner->status = source->words(source->ctx, x->prefix, x->pattern->begin,
                                    NULL, take, x, planner->err);
    if (planner->status != LEDE_OK || count_found(x) <= x->most ||
        !source->has_deleted) {
        return;
    }
    x->count = 0;
    x->found = 0;
    lede_counts_done(&x->words);
    x->words = (lede_counts){0};
    planner->status = source->words(source->ctx, x->prefix, x->pattern->begin,
                                    fits, take, x, planner->err);
}

/* --- Words of which it takes more to know how frequent they are ------------
 */

static void take_term(void *ctx, lede_span word, lede_span term,
                      uint64_t entry_count)
{
    expansion *x = ctx;
    const lede_counts *terms = &x->terms;

    (void)word;
    if (!x->planner->no_memory && term.len > 0 &&
        (terms->count == 0 ||
         !lede_span_equal(terms->items[terms->count - 1].name, term))) {
        x->planner->no_memory = !lede_counts_add(&x->terms, term, entry_count);
    }
}

static bool any(void *ctx, lede_span word)
{
    (void)ctx;
    (void)word;
    return true;
}

static uint64_t count_term(void *ctx, lede_span term)
{
    const expansion *x = ctx;
    const lede_plan_source *source = x->planner->source;
    uint64_t count = 0;

    if (lede_counts_get(&x->terms, term, &count) ||
        source->entry_count == NULL ||
        (x->has_terms &&
         lede_vocabulary_has_visited(x->prefix, x->pattern->begin, term))) {
        return count;
    }
    return source->entry_count(source->ctx, term);
}

static void offer_gathered(expansion *x)
{
    lede_planner *planner = x->planner;
    const lede_plan_source *source = planner->source;
    bool counts = x->words.count > x->most;

    if (counts && x->has_terms && planner->status == LEDE_OK) {
        planner->status =
            source->words(source->ctx, x->prefix, x->pattern->begin, any,
                          take_term, x, planner->err);
    }
    for (uint32_t i = 0; i < x->words.count && !planner->no_memory &&
                         planner->status == LEDE_OK;
         i++) {
        fitting one = {.word = x->words.items[i].name};

        if (counts) {
            one.entries =
                lede_vocabulary_count(planner->analyzer, source->languages,
                                      x->prefix, one.word, count_term, x);
        }
        offer(x, one);
    }
    x->found += x->words.count;
}

static int compare_spans(const void *left, const void *right)
{
    return lede_span_compare(*(const lede_span *)left,
                             *(const lede_span *)right);
}

/* Sorts, and drops what is there twice. */
static uint32_t unite(lede_span *spans, uint32_t count)
{
    uint32_t kept = 0;
    uint32_t i;

    if (count > 0) {
        qsort(spans, count, sizeof *spans, compare_spans);
    }
    for (i = 0; i < count; i++) {
        if (kept == 0 || !lede_span_equal(spans[kept - 1], spans[i])) {
            spans[kept++] = spans[i];
        }
    }
    return kept;
}

/* All terms that a word can have. */
static void put_stems(lede_planner *planner, lede_leaf *leaf, lede_span word,
                      const char *prefix)
{
    unsigned language;

    if (!lede_vocabulary_has_stems(prefix)) {
        leaf->terms[leaf->term_count++] =
            lede_plan_join_term(planner, prefix, word);
        return;
    }
    for (language = 0; language < LEDE_LANGUAGE_COUNT; language++) {
        if ((planner->source->languages >> language & 1) != 0) {
            leaf->terms[leaf->term_count++] = lede_plan_join_term(
                planner, prefix,
                lede_analyzer_stem(planner->analyzer, (lede_language)language,
                                   word));
        }
    }
}

static void fill(expansion *x, lede_leaf *leaf, const char *prefix)
{
    lede_planner *planner = x->planner;
    uint32_t i;

    leaf->forms = lede_plan_array(planner, x->count + 1u, sizeof *leaf->forms);
    leaf->terms =
        lede_plan_array(planner, (size_t)x->count * LEDE_LANGUAGE_COUNT + 1u,
                        sizeof *leaf->terms);
    for (i = 0; i < x->count && !planner->no_memory; i++) {
        leaf->forms[leaf->form_count++] = x->items[i].word;
        if (x->items[i].term.len > 0) {
            leaf->terms[leaf->term_count++] = x->items[i].term;
        } else {
            put_stems(planner, leaf, x->items[i].word, prefix);
        }
    }
    if (planner->no_memory) {
        return;
    }
    leaf->form_count = unite(leaf->forms, leaf->form_count);
    leaf->term_count = unite(leaf->terms, leaf->term_count);
    if (leaf->term_count == 0) {
        leaf->terms[leaf->term_count++] =
            lede_plan_join_term(planner, prefix, x->pattern->name);
    }
}

static bool has_several(uint32_t languages)
{
    return (languages & (languages - 1)) != 0;
}

void lede_expand(lede_planner *planner, lede_leaf *leaf,
                 const lede_pattern *pattern, const char *prefix)
{
    const lede_plan_source *source = planner->source;
    expansion x = {.planner = planner,
                   .pattern = pattern,
                   .prefix = prefix,
                   .most = source->words_most > 0 ? source->words_most
                                                  : LEDE_EXPAND_MOST,
                   .gathers = has_several(source->languages) &&
                              lede_vocabulary_has_stems(prefix)};

    x.items = lede_plan_array(planner, x.most, sizeof *x.items);
    if (x.items == NULL) {
        return;
    }
    if (planner->patterns++ == LEDE_EXPAND_PATTERNS) {
        lede_notes_put(planner->notes, planner->arena, leaf->column,
                       "more than %d words with wildcards or letters wrong: "
                       "from here on they find nothing",
                       LEDE_EXPAND_PATTERNS);
    }
    if (source->words != NULL && planner->status == LEDE_OK &&
        planner->patterns <= LEDE_EXPAND_PATTERNS) {
        take_all(&x);
        offer_gathered(&x);
    }
    if (x.found > x.most) {
        lede_span typed = lede_notes_quotable(leaf->typed);

        lede_notes_put(planner->notes, planner->arena, leaf->column,
                       "'%.*s' stands for %" PRIu64
                       " words here: only the %" PRIu32 " most frequent count",
                       (int)typed.len, (const char *)typed.bytes, x.found,
                       x.most);
    }
    fill(&x, leaf, prefix);
    lede_counts_done(&x.words);
    lede_counts_done(&x.terms);
}
