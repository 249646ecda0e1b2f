/* xapian_counts.c - near-copies, and counts by value; see xapian_comparing.h.
 */
#include "tests/support/check.h"

#include "query/copies.h"
#include "query/tally.h"
#include "storage/name_list.h"
#include "tests/query/xapian_comparing.h"

/* --- Copies --------------------------------------------------------------- */

/* The first of each group, and who has none: of all that match, in order. */
static void fold_naively(world *w, int engine, lede_match_result *all)
{
    uint64_t seen[ENTRIES], kept = 0, count = 0, i, j;

    for (i = 0; i < all->hit_count; i++) {
        uint64_t name = 0;
        uint32_t members = 0;
        lede_error err = {0};

        assert_ok(w->engines[engine]->calls->group(
            w->engines[engine], &all->hits[i], &name, &members, &err));
        for (j = 0; j < count && members > 0 && seen[j] != name; j++) {
        }
        if (members > 0 && j < count) {
            continue;
        }
        if (members > 0) {
            seen[count++] = name;
        }
        all->hits[kept++] = all->hits[i];
    }
    all->hit_count = kept;
}

void compare_folds(world *w, const lede_tree *tree,
                   lede_engine_tree *const *trees, lede_match_options options)
{
    static const lede_chosen any = {.segment_count = 0};
    uint64_t folded[ENGINES];
    lede_error err = {0};
    int engine;

    options.sort = (lede_sort)below(w, 3);
    options.totals = LEDE_TOTALS_NONE;
    for (engine = 0; engine < ENGINES; engine++) {
        const lede_engine_calls *calls = w->engines[engine]->calls;
        lede_match_result all = {0}, page = {0};
        uint64_t done = 0, matching, i;

        options.has_after = false;
        options.k = UINT64_MAX;
        assert_ok(calls->run(trees[engine], &options, &all, &err));
        matching = all.hit_count;
        fold_naively(w, engine, &all);
        assert_ok(
            calls->folded(trees[engine], &options, &folded[engine], &err));
        if (folded[engine] != matching - all.hit_count ||
            folded[engine] != folded[0]) {
            differ(w, tree, engine, "stories");
        }
        options.k = 1 + below(w, 30);
        do {
            bool is_full;

            lede_match_result_done(&page);
            page = (lede_match_result){0};
            assert_ok(calls->run(trees[engine], &options, &page, &err));
            is_full = page.hit_count == options.k;
            options.has_after = page.hit_count > 0;
            if (page.hit_count > 0) {
                options.after = page.hits[page.hit_count - 1];
            }
            assert_ok(calls->fold(trees[engine], &options, &page, &err));
            for (i = 0; i < page.hit_count; i++, done++) {
                if (done >= all.hit_count ||
                    (page.hits[i].key != all.hits[done].key &&
                     !has_twin(&all, done))) {
                    differ(w, tree, engine, "a fold");
                }
            }
            if (!is_full) {
                break;
            }
        } while (true);
        if (done != all.hit_count) {
            differ(w, tree, engine, "folds");
        }
        lede_match_result_done(&page);
        lede_match_result_done(&all);
    }
    options.has_after = false;
    options.k = UINT64_MAX;
    options.sort = LEDE_SORT_NEWEST;
    for (engine = 0; engine < ENGINES; engine++) { /* dup:only */
        const lede_engine_calls *calls = w->engines[engine]->calls;
        lede_match_result found = {0};
        lede_chosen chosen = any;
        uint64_t with = 0;

        assert_ok(calls->with_copies(w->engines[engine], &with, &err));
        assert_ok(calls->all_copies(w->engines[engine], &chosen, &err));
        options.chosen = &chosen;
        assert_ok(calls->run(trees[engine], &options, &found, &err));
        folded[engine] = found.hit_count << 32 | with;
        if (folded[engine] != folded[0]) {
            differ(w, tree, engine, "only what has copies");
        }
        lede_match_result_done(&found);
        lede_chosen_done(&chosen);
    }
}

/* --- Counting by value ---------------------------------------------------- */

/* A line for each thing that a tally is told, as often as it counts. */
typedef struct told {
    lede_buf lines;
    uint32_t count;
} told;

static void tell(told *t, const char *what, int kind, lede_span value,
                 int64_t number, uint64_t count)
{
    for (; count > 0; count--, t->count++) {
        lede_buf_put_format(&t->lines, "%s %d %lld %.*s%c", what, kind,
                            (long long)number, (int)value.len,
                            value.len > 0 ? (const char *)value.bytes : "",
                            '\n');
    }
}

static bool tell_value(void *ctx, lede_tally_kind kind, lede_span value,
                       uint64_t count)
{
    tell(ctx, "value", (int)kind, value, 0, count);
    return true;
}

static bool tell_any(void *ctx, lede_tally_kind kind, uint64_t count)
{
    tell(ctx, "any", (int)kind, lede_span_of(NULL, 0), 0, count);
    return true;
}

static bool tell_time(void *ctx, int64_t instant)
{
    tell(ctx, "time", 0, lede_span_of(NULL, 0),
         instant == LEDE_INSTANT_NONE ? 0 : instant / 3600, 1);
    return true;
}

static bool tell_date(void *ctx, lede_span date, uint64_t count)
{
    tell(ctx, "date", 0, date, 0, count);
    return true;
}

static lede_status tell_names(void *ctx, lede_span list, uint64_t key,
                              int64_t instant, lede_error *err)
{
    lede_name_reader reader = lede_name_reader_of(list);
    lede_named named;

    (void)err;
    tell(ctx, "entry", 0, lede_span_of(NULL, 0),
         (int64_t)(key % 1000000) + instant % 1000, 1);
    while (lede_name_reader_next(&reader, &named)) {
        tell(ctx, "name", named.kind, named.name, (int64_t)named.mentions, 1);
    }
    return LEDE_OK;
}

static int by_line(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted lines, as one text. */
static void sort_told(told *t)
{
    char **lines = malloc((t->count + 1u) * sizeof *lines);
    char *text = strdup(lede_buf_text(&t->lines)), *rest = NULL;
    uint32_t count = 0, i;

    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        lines[count++] = line;
    }
    assert_int_equal(count, t->count);
    qsort(lines, count, sizeof *lines, by_line);
    lede_buf_clear(&t->lines);
    for (i = 0; i < count; i++) {
        lede_buf_put_format(&t->lines, "%s%c", lines[i], '\n');
    }
    free(lines);
    free(text);
}

void compare_tallies(world *w, const lede_tree *tree,
                     lede_engine_tree *const *trees,
                     const lede_match_options *options)
{
    told all[ENGINES + 1] = {{.count = 0}};
    lede_tally tally = {.wanted = below(w, 1u << LEDE_TALLY_KINDS),
                        .wants_times = below(w, 2) == 0,
                        .put_value = tell_value,
                        .put_any = tell_any,
                        .put_time = tell_time,
                        .put_date = tell_date,
                        .put_names = below(w, 2) == 0 ? tell_names : NULL};
    lede_error err = {0};
    int i;

    for (i = 0; i <= ENGINES; i++) {
        uint64_t matches = 0;

        tally.ctx = &all[i];
        lede_buf_put_text(&all[i].lines, "");
        if (i == ENGINES) { /* one after another */
            assert_ok(
                lede_tally_read(trees[1], options, &tally, &matches, &err));
        } else {
            assert_ok(
                lede_tally_matches(trees[i], options, &tally, &matches, &err));
        }
        tell(&all[i], "matches", 0, lede_span_of(NULL, 0), (int64_t)matches, 1);
        sort_told(&all[i]);
        if (!lede_span_equal(lede_buf_span(&all[i].lines),
                             lede_buf_span(&all[0].lines))) {
            fprintf(stderr, "%s\nnot\n%s\n", lede_buf_text(&all[i].lines),
                    lede_buf_text(&all[0].lines));
            differ(w, tree, i, "counts by value");
        }
    }
    for (i = 0; i <= ENGINES; i++) {
        lede_buf_done(&all[i].lines);
    }
}
