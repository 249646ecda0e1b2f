#include "query/nothing.h"

#include <stdlib.h>

#include "base/zone.h"
#include "query/counts.h"
#include "query/own_filter.h"
#include "query/pattern.h"
#include "query/results.h"

enum {
    ONE_EDIT_FROM = 3, /* characters: shorter words are like too many */
    TWO_EDITS_FROM = 5,
    READ_MOST = 20000, /* entries, where they have to be read */
    GAP_DAYS = 2,      /* at least, ... */
    GAP_SHARE = 20,    /* ... and such a part of the whole */
    DAY_S = 86400
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory to explain an answer");
}

/* --- Words that no entry has -----------------------------------------------
 */

/* The prefix of a leaf's terms; NULL: they are no words. */
static const char *prefix_of(const lede_leaf *leaf)
{
    lede_span term = leaf->terms[0];

    if (term.len == 0 || term.bytes[0] < 'A' || term.bytes[0] > 'Z') {
        return "";
    }
    for (int i = LEDE_DEFAULT_FIELDS; i < LEDE_FIELD_COUNT; i++) {
        const char *prefix = lede_field_prefix((lede_field)i);
        size_t len = strlen(prefix);

        if (lede_span_starts(term, prefix) && term.len > len &&
            !(term.bytes[len] >= 'A' && term.bytes[len] <= 'Z')) {
            return prefix;
        }
    }
    return NULL;
}

typedef struct collecting {
    const lede_results *results;
    lede_nothing *out;
    const lede_leaf *leaves[LEDE_UNKNOWN_MOST];
} collecting;

/* Statistics count deleted entries. */
static bool is_unknown(const lede_results *results, uint32_t number)
{
    const lede_leaf *leaf = &results->plan.tree.leaves[number];
    lede_engine *engine = results->engine;
    uint64_t count = engine->calls->leaf(results->tree, number)->entry_count;

    if (count > 0 && engine->calls->totals(engine)->deleted > 0) {
        count = 0;
        for (uint32_t i = 0; i < leaf->term_count && count == 0; i++) {
            count = engine->calls->count(engine, leaf->terms[i]);
        }
    }
    return count == 0;
}

/* Whether words that nobody has keep the node from matching. */
static bool is_dead(const lede_results *results, const lede_node *node)
{
    uint32_t dead = 0;

    switch (node->type) {
    case LEDE_NODE_WORD:
    case LEDE_NODE_TERM:
        return is_unknown(results, node->leaf);
    case LEDE_NODE_PHRASE:
        for (uint32_t i = 0; i < node->slot_count; i++) {
            if (is_unknown(results, node->slots[i].leaf)) {
                return true;
            }
        }
        return false;
    case LEDE_NODE_NEAR:
    case LEDE_NODE_GROUP:
        for (uint32_t i = 0; i < node->child_count; i++) {
            dead += is_dead(results, node->children[i]);
        }
        return node->type == LEDE_NODE_NEAR
                   ? dead > 0
                   : dead > node->child_count - node->need;
    default:
        return false;
    }
}

static void collect_leaf(collecting *c, uint32_t number)
{
    const lede_leaf *leaf = &c->results->plan.tree.leaves[number];
    lede_nothing *out = c->out;

    if (!is_unknown(c->results, number) || leaf->forms != NULL ||
        leaf->word.len == 0 || leaf->term_count == 0 ||
        out->unknown_count == LEDE_UNKNOWN_MOST || prefix_of(leaf) == NULL) {
        return;
    }
    for (uint32_t i = 0; i < out->unknown_count; i++) {
        if (lede_span_equal(c->leaves[i]->word, leaf->word)) {
            return;
        }
    }
    c->leaves[out->unknown_count] = leaf;
    out->unknown[out->unknown_count++] =
        (lede_unknown){.typed = leaf->typed, .column = leaf->column};
}

static void collect(collecting *c, const lede_node *node)
{
    if (!is_dead(c->results, node)) {
        return;
    }
    switch (node->type) {
    case LEDE_NODE_WORD:
        collect_leaf(c, node->leaf);
        break;
    case LEDE_NODE_PHRASE:
        for (uint32_t i = 0; i < node->slot_count; i++) {
            collect_leaf(c, node->slots[i].leaf);
        }
        break;
    default:
        for (uint32_t i = 0; i < node->child_count; i++) {
            collect(c, node->children[i]);
        }
    }
}

/* --- Words that could be meant ----------------------------------------------
 */

/* An unknown word, and what it is compared by. */
typedef struct target {
    lede_unknown *unknown;
    const char *prefix;
    lede_pattern *patterns[2]; /* with one wrong character, and two; or NULL */
    size_t len;
    uint64_t letters; /* of an ASCII word; 0: of another */
} target;

typedef struct suggesting {
    target targets[LEDE_UNKNOWN_MOST];
    uint32_t count;
    const char *prefix; /* of the walk at hand */
    lede_results *results;
    lede_arena *arena;
    bool failed;
} suggesting;

/* Which characters an ASCII word has, as a set; 0 if it is another word. Each
 * wrong character changes it in two places at most. */
static uint64_t letters_of(lede_span word)
{
    uint64_t set = 0;
    uint8_t all = 0;

    for (size_t i = 0; i < word.len; i++) {
        set |= 1ull << (word.bytes[i] & 63);
        all |= word.bytes[i];
    }
    return all < 0x80 ? set : 0;
}

static bool is_near(const target *t, lede_span word, uint64_t letters,
                    unsigned wrong)
{
    if (t->patterns[wrong - 1] == NULL) {
        return false;
    }
    if (t->letters != 0 && letters != 0 &&
        (word.len > t->len + wrong || t->len > word.len + wrong ||
         (unsigned)__builtin_popcountll(t->letters ^ letters) > 2 * wrong)) {
        return false;
    }
    return lede_pattern_fits(t->patterns[wrong - 1], word);
}

static bool is_better(const lede_suggestion *a, const lede_suggestion *b)
{
    if (a->wrong != b->wrong) {
        return a->wrong < b->wrong;
    }
    if (a->entries != b->entries) {
        return a->entries > b->entries;
    }
    return lede_span_compare(a->word, b->word) < 0;
}

/* A word may come several times, with each of its stems. */
static uint32_t place_of(const lede_unknown *unknown,
                         const lede_suggestion *made)
{
    for (uint32_t i = 0; i < unknown->count; i++) {
        if (lede_span_equal(unknown->suggestions[i].word, made->word)) {
            return UINT32_MAX;
        }
    }
    if (unknown->count < LEDE_SUGGESTIONS_MOST) {
        return unknown->count;
    }
    return is_better(made, &unknown->suggestions[LEDE_SUGGESTIONS_MOST - 1])
               ? LEDE_SUGGESTIONS_MOST - 1
               : UINT32_MAX;
}

static void put_suggestion(suggesting *s, lede_unknown *unknown,
                           lede_suggestion made)
{
    uint32_t at = place_of(unknown, &made);

    if (at == UINT32_MAX) {
        return;
    }
    unknown->count += at == unknown->count;
    made.word = lede_arena_copy(s->arena, made.word);
    s->failed = s->failed || made.word.bytes == NULL;
    for (; at > 0 && is_better(&made, &unknown->suggestions[at - 1]); at--) {
        unknown->suggestions[at] = unknown->suggestions[at - 1];
    }
    unknown->suggestions[at] = made;
}

static uint64_t count_term(void *ctx, lede_span term)
{
    lede_engine *engine = ctx;

    return engine->calls->count(engine, term);
}

static uint64_t count_entries(const suggesting *s, lede_span word)
{
    lede_engine *engine = s->results->engine;

    return lede_vocabulary_count(s->results->analyzer,
                                 engine->calls->totals(engine)->languages,
                                 s->prefix, word, count_term, engine);
}

/* 1 or 2 characters are wrong in it; 3: more. */
static unsigned count_wrong(const suggesting *s, const target *t,
                            lede_span word, uint64_t letters)
{
    unsigned wrong = 1;

    if (t->prefix != s->prefix) {
        return 3;
    }
    while (wrong <= 2 && !is_near(t, word, letters, wrong)) {
        wrong++;
    }
    return wrong;
}

static bool could_be_meant(void *ctx, lede_span word)
{
    const suggesting *s = ctx;
    uint64_t letters = letters_of(word);
    bool is_meant = false;

    for (uint32_t i = 0; i < s->count && !is_meant; i++) {
        is_meant = count_wrong(s, &s->targets[i], word, letters) <= 2;
    }
    return is_meant;
}

static void look_at(void *ctx, lede_span word, lede_span term,
                    uint64_t entry_count)
{
    suggesting *s = ctx;
    uint64_t letters = letters_of(word), entries = 0;

    (void)term;
    (void)entry_count;
    for (uint32_t i = 0; i < s->count && !s->failed; i++) {
        const target *t = &s->targets[i];
        unsigned wrong = count_wrong(s, t, word, letters);

        if (wrong <= 2) {
            entries = entries > 0 ? entries : count_entries(s, word);
            put_suggestion(s, t->unknown,
                           (lede_suggestion){word, entries, wrong});
        }
    }
}

static lede_status make_target(const lede_results *results,
                               const lede_leaf *leaf, lede_unknown *unknown,
                               suggesting *s, lede_error *err)
{
    target *t = &s->targets[s->count++];
    bool is_long = false;

    *t = (target){.unknown = unknown,
                  .prefix = prefix_of(leaf),
                  .len = leaf->word.len,
                  .letters = letters_of(leaf->word)};
    if (!lede_pattern_make(leaf->word, 1, results->analyzer, s->arena,
                           &t->patterns[0])) {
        return no_memory(err);
    }
    if (t->patterns[0] != NULL && t->patterns[0]->count < ONE_EDIT_FROM) {
        t->patterns[0] = NULL;
    }
    is_long = t->patterns[0] != NULL && t->patterns[0]->count >= TWO_EDITS_FROM;
    return !is_long || lede_pattern_make(leaf->word, 2, results->analyzer,
                                         s->arena, &t->patterns[1])
               ? LEDE_OK
               : no_memory(err);
}

static lede_status suggest(lede_results *results,
                           const lede_leaf *const *leaves, lede_nothing *out,
                           lede_error *err)
{
    suggesting s = {.results = results, .arena = &results->arena};
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < out->unknown_count && status == LEDE_OK; i++) {
        status = make_target(results, leaves[i], &out->unknown[i], &s, err);
    }
    for (uint32_t i = 0; i < s.count && status == LEDE_OK; i++) {
        bool is_first = true;

        for (uint32_t j = 0; j < i; j++) {
            is_first = is_first && s.targets[j].prefix != s.targets[i].prefix;
        }
        s.prefix = s.targets[i].prefix;
        if (is_first) {
            status = results->engine->calls->words(
                results->engine, s.prefix, lede_span_of(NULL, 0),
                could_be_meant, look_at, &s, err);
        }
    }
    if (status == LEDE_OK && s.failed) {
        status = no_memory(err);
    }
    return status;
}

/* --- What was searched ------------------------------------------------------
 */

typedef struct surveying {
    lede_counts sources;
    int64_t *days; /* that have an entry, in the order they came */
    size_t count, cap;
    const lede_zone *zone;
    int32_t offset_s;
} surveying;

static bool put_source(void *ctx, lede_tally_kind kind, lede_span value,
                       uint64_t count)
{
    surveying *s = ctx;

    (void)kind;
    return lede_counts_add(&s->sources, value, count);
}

static bool put_any(void *ctx, lede_tally_kind kind, uint64_t count)
{
    (void)ctx;
    (void)kind;
    (void)count;
    return true;
}

static bool put_day(surveying *s, int64_t day)
{
    if (s->count > 0 && s->days[s->count - 1] == day) {
        return true;
    }
    if (s->count == s->cap) {
        size_t cap = s->cap * 2 + 1024;
        int64_t *days = realloc(s->days, cap * sizeof *days);

        if (days == NULL) {
            return false;
        }
        s->days = days;
        s->cap = cap;
    }
    s->days[s->count++] = day;
    return true;
}

static int64_t day_of(int64_t instant)
{
    return instant >= 0 ? instant / DAY_S : -((DAY_S - 1 - instant) / DAY_S);
}

static bool put_time(void *ctx, int64_t instant)
{
    surveying *s = ctx;
    int32_t offset = s->offset_s;

    if (instant == LEDE_INSTANT_NONE) {
        return true;
    }
    if (s->zone != NULL) {
        offset = lede_zone_offset_at(s->zone, instant);
    }
    return put_day(s, day_of(instant + offset));
}

/* Of months and years it is not known which of their days have an entry. */
static bool put_date(void *ctx, lede_span date, uint64_t count)
{
    int64_t begin, end;

    (void)count;
    return date.len != strlen("2025-02-17") ||
           !lede_period_parse(date, 0, &begin, &end) ||
           put_day(ctx, day_of(begin));
}

static int compare_days(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static int by_time(const void *a, const void *b)
{
    return compare_days(&((const lede_gap *)a)->first,
                        &((const lede_gap *)b)->first);
}

static void put_gap(lede_nothing *out, lede_gap gap)
{
    uint32_t least = 0;

    if (out->gap_count < LEDE_GAPS_MOST) {
        out->gaps[out->gap_count++] = gap;
        return;
    }
    for (uint32_t i = 1; i < LEDE_GAPS_MOST; i++) {
        if (out->gaps[i].last - out->gaps[i].first <
            out->gaps[least].last - out->gaps[least].first) {
            least = i;
        }
    }
    if (gap.last - gap.first > out->gaps[least].last - out->gaps[least].first) {
        out->gaps[least] = gap;
    }
}

static void find_gaps(surveying *s, lede_nothing *out)
{
    int64_t whole;

    if (s->count == 0) {
        return;
    }
    qsort(s->days, s->count, sizeof *s->days, compare_days);
    out->oldest = s->days[0];
    out->newest = s->days[s->count - 1];
    whole = out->newest - out->oldest + 1;
    for (size_t i = 1; i < s->count; i++) {
        int64_t days = s->days[i] - s->days[i - 1] - 1;

        if (days >= GAP_DAYS && days * GAP_SHARE >= whole) {
            put_gap(out, (lede_gap){s->days[i - 1] + 1, s->days[i] - 1});
        }
    }
    if (out->gap_count > 1) {
        qsort(out->gaps, out->gap_count, sizeof out->gaps[0], by_time);
    }
}

static lede_status survey(lede_results *results, lede_node *root,
                          lede_nothing *out, lede_error *err)
{
    surveying s = {.offset_s = results->options.zone_offset_s};
    lede_tally tally = {.ctx = &s,
                        .wanted = 1u << LEDE_TALLY_SOURCE,
                        .wants_times = true,
                        .put_value = put_source,
                        .put_any = put_any,
                        .put_time = put_time,
                        .put_date = put_date};
    lede_node *kept = results->plan.tree.root;
    lede_zone *zone = NULL;
    lede_status status = LEDE_OK;

    if (results->options.zone != NULL) {
        status = lede_zone_open(results->options.zone, &zone, err);
        s.zone = zone;
    }
    if (status == LEDE_OK) {
        results->plan.tree.root = root;
        status = lede_tally_matches(results->tree, &results->match, &tally,
                                    &out->within, err);
        results->plan.tree.root = kept;
    }
    if (status == LEDE_OK) {
        find_gaps(&s, out);
        out->has_sources = true;
        out->sources = s.sources.count;
    }
    lede_zone_close(zone);
    lede_counts_done(&s.sources);
    free(s.days);
    return status;
}

static lede_status count_within(lede_results *results, lede_node *root,
                                lede_nothing *out, lede_error *err)
{
    lede_match_options options = results->match;
    lede_node *kept = results->plan.tree.root;
    lede_match_result found = {0};
    lede_status status;

    options.k = 0;
    options.sort = LEDE_SORT_NEWEST;
    options.totals = LEDE_TOTALS_EXACT;
    options.has_after = false;
    results->plan.tree.root = root;
    status = results->engine->calls->run(results->tree, &options, &found, err);
    results->plan.tree.root = kept;
    if (status == LEDE_OK) {
        out->within = found.total;
        lede_match_result_done(&found);
    }
    return status;
}

static int64_t day_if_known(int64_t instant)
{
    return instant == LEDE_INSTANT_NONE ? instant : day_of(instant);
}

lede_status lede_results_nothing(lede_results *results, lede_nothing *out,
                                 lede_error *err)
{
    const lede_totals *totals = results->engine->calls->totals(results->engine);
    lede_node *root = lede_tree_filters(&results->plan.tree, &results->arena);
    lede_nothing made = {.entries = totals->entries,
                         .archive_oldest = day_if_known(totals->oldest),
                         .archive_newest = day_if_known(totals->newest),
                         .oldest = LEDE_INSTANT_NONE,
                         .newest = LEDE_INSTANT_NONE};
    collecting c = {.results = results, .out = &made};
    lede_status status;

    if (root == NULL) {
        return no_memory(err);
    }
    made.has_filters = root->type != LEDE_NODE_ALL;
    for (uint32_t i = 0; i < results->plan.plain_count; i++) {
        collect(&c, results->plan.plain[i].node);
    }
    for (uint32_t i = 0; i < results->plan.rest_count; i++) {
        collect(&c, results->plan.rest[i]);
    }
    status = suggest(results, c.leaves, &made, err);
    if (status == LEDE_OK && results->found.total == 0) {
        status = results->engine->calls->tally != NULL ||
                         totals->entries <= READ_MOST
                     ? survey(results, root, &made, err)
                     : count_within(results, root, &made, err);
    }
    if (status == LEDE_OK) {
        *out = made;
    }
    return status;
}
