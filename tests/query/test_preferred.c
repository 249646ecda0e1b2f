/* Words as typed before other forms of their stem, however rare they are among
 * these: against an order worked out from the plain one and the entries; page
 * by page, cursor by cursor, on both engines. */
#include "tests/support/check.h"

#include "base/arena.h"
#include "indexer/export.h"
#include "query/results.h"
#include "query/xapian_engine.h"
#include "tests/support/folder.h"
#include "tests/support/random_archive.h"
#include "tests/support/small_archive.h"

enum { ENTRIES = 400, ENGINES = 2, DEPTH = 64, DAY = 86400 };

typedef struct town {
    char folder[256], directory[256];
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_arena arena;
    lede_entry entries[ENTRIES];
    lede_engine *engines[ENGINES]; /* embedded; shards */
    uint64_t state;
} town;

static town t;

/* --- Entries ---------------------------------------------------------------
 */

static void put_words(lede_buf *text, const char *word, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        lede_buf_put_text(text, word);
        lede_buf_put_text(text, " ");
    }
}

/* Words of chance, so that no entry is a copy of another. */
static void put_others(lede_buf *text, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        lede_buf_put_format(text, "w%u ", random_below(&t.state, 5000));
    }
}

/* Nearly all have forms of "man", often; few have a form of "Manly", once. */
static void make_entry(lede_entry *entry, uint32_t index)
{
    static const char *const often[] = {"man", "manning", "Man", "MAN"};
    static const char *const seldom[] = {"Manly", "manly", "MANLY"};
    static const lede_block none = {LEDE_BLOCK_P, {0}};
    lede_buf text = {0};

    put_words(&text, often[random_below(&t.state, 4)],
              random_below(&t.state, 7));
    put_others(&text, random_below(&t.state, 30));
    put_words(&text, "ferry", random_below(&t.state, 3));
    for (int i = 0; i < 3; i++) {
        put_words(&text, seldom[i], random_below(&t.state, 25) == 0);
    }
    put_others(&text, 8 + random_below(&t.state, 30));
    lede_entry_init(entry);
    entry->key = random_next(&t.state) | 1;
    entry->headline = lede_span_text("News");
    entry->body = lede_arena_get(&t.arena, sizeof entry->body[0]);
    entry->body[0] = none;
    entry->body[0].text = lede_arena_copy(&t.arena, lede_buf_span(&text));
    entry->block_count = 1;
    entry->published.instant = 1700000000 + (int64_t)(index % 90) * DAY;
    entry->published.precision = LEDE_PRECISION_DAY;
    entry->published.year_source = LEDE_YEAR_EXPLICIT;
    lede_civil_from_instant(entry->published.instant, 0,
                            &entry->published.local);
    lede_buf_done(&text);
}

static int set_up(void **state)
{
    lede_export_options options = {.shards = 1};
    lede_export_report report;
    lede_shards *shards = NULL;
    lede_error err = {0};
    char path[300];

    (void)state;
    t.state = 11;
    for (uint32_t i = 0; i < ENTRIES; i++) {
        make_entry(&t.entries[i], i);
    }
    folder_make(t.folder);
    snprintf(path, sizeof path, "%s/shard", t.folder);
    assert_ok(small_archive_make(t.entries, ENTRIES, 1 + ENTRIES / 3,
                                 1710400000, t.directory, &t.archive, &err));
    assert_ok(lede_snapshot_open(t.archive, &t.snapshot, &err));
    assert_ok(lede_export(t.snapshot, path, &options, &report, &err));
    assert_ok(lede_engine_of_snapshot(t.snapshot, &t.engines[0], &err));
    assert_ok(lede_shards_open(path, 20000, &shards, &err));
    assert_ok(lede_engine_of_shards(shards, &t.engines[1], &err));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < ENGINES; i++) {
        lede_engine_close(t.engines[i]);
    }
    lede_snapshot_close(t.snapshot);
    small_archive_remove(t.archive, t.directory);
    folder_remove(t.folder);
    lede_arena_done(&t.arena);
    return 0;
}

static bool has_word(uint64_t key, const char *word)
{
    size_t len = strlen(word);

    for (uint32_t i = 0; i < ENTRIES; i++) {
        lede_span text = t.entries[i].body[0].text;

        for (size_t at = 0; t.entries[i].key == key && at + len <= text.len;
             at++) {
            if (memcmp(text.bytes + at, word, len) == 0 &&
                (at == 0 || text.bytes[at - 1] == ' ') &&
                text.bytes[at + len] == ' ') {
                return true;
            }
        }
    }
    return false;
}

/* --- Questions --------------------------------------------------------------
 */

typedef struct question {
    const char *text;
    const char *forms[3]; /* any of which is the word as typed */
} question;

static const question questions[] = {
    {"Manly", {"Manly", "MANLY"}},
    {"MANLY", {"MANLY"}},
    {"manly", {"manly", "Manly", "MANLY"}},
    {"Manly ferry", {"Manly", "MANLY"}},
    {"ferry MANLY", {"MANLY"}},
    {"Manly -ferry", {"Manly", "MANLY"}},
};
enum { QUESTIONS = sizeof questions / sizeof questions[0] };

static bool is_typed(const question *q, uint64_t key)
{
    for (int i = 0; i < 3 && q->forms[i] != NULL; i++) {
        if (has_word(key, q->forms[i])) {
            return true;
        }
    }
    return false;
}

typedef struct listed {
    uint64_t key;
    int64_t time;
    double score, fit;
    double plain; /* without the fit; of the first ones */
} listed;

typedef struct listing {
    listed items[ENTRIES];
    uint32_t count;
    bool has_more;
    char cursor[128]; /* behind the last */
} listing;

static int64_t time_of(uint64_t key)
{
    for (uint32_t i = 0; i < ENTRIES; i++) {
        if (t.entries[i].key == key) {
            return t.entries[i].published.instant;
        }
    }
    fail();
    return 0;
}

static void list(lede_engine *engine, const char *query,
                 const lede_search_options *options, listing *out)
{
    lede_results *results = NULL;
    lede_search_options own = *options;
    lede_buf cursor = {0};
    lede_error err = {0};

    own.explain = options->limit == ENTRIES && !options->rank_plain;
    assert_ok(lede_engine_search(engine, lede_span_text(query), &own, &results,
                                 &err));
    out->count = 0;
    out->has_more = lede_results_has_more(results);
    for (uint32_t i = 0; i < lede_results_count(results); i++) {
        const lede_hit *hit;
        lede_hit_place place;
        double fit = 0, score = 0;

        assert_ok(lede_results_reach_place(results, i, &place, &err));
        if (own.explain && i < 2 * DEPTH) {
            assert_ok(lede_results_get(results, i, &hit, &err));
            fit = hit->explain->fit;
            score = hit->explain->text * hit->explain->recency;
        }
        out->items[out->count++] = (listed){.key = place.key,
                                            .time = time_of(place.key),
                                            .score = place.score,
                                            .fit = fit,
                                            .plain = score};
        lede_buf_clear(&cursor);
        lede_results_cursor(results, i, &cursor);
    }
    snprintf(out->cursor, sizeof out->cursor, "%s",
             cursor.len == 0 ? "" : lede_buf_text(&cursor));
    lede_buf_done(&cursor);
    lede_results_free(results);
}

static void check_same(const listing *got, const listing *all, uint32_t from,
                       uint32_t count)
{
    assert_int_equal(got->count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(got->items[i].key, all->items[from + i].key);
        assert_true(got->items[i].score == all->items[from + i].score);
    }
}

/* --- Tests ------------------------------------------------------------------
 */

static const lede_search_options orders[] = {
    {.limit = ENTRIES}, {.limit = ENTRIES, .no_recency = true}};

static void each_answer(void (*check)(lede_engine *engine, const question *q,
                                      const lede_search_options *options))
{
    for (int e = 0; e < ENGINES; e++) {
        for (int q = 0; q < QUESTIONS; q++) {
            for (int o = 0; o < 2; o++) {
                check(t.engines[e], &questions[q], &orders[o]);
            }
        }
    }
}

/* With a capital, those as typed come before all others, though text has them
 * far behind. */
static void typed_first(lede_engine *engine, const question *q,
                        const lede_search_options *options)
{
    lede_search_options plain_options = *options;
    static listing got, plain;
    uint32_t typed = 0, late = 0;

    if (strchr(q->text, ' ') != NULL || q->text[0] == 'm') {
        return;
    }
    plain_options.rank_plain = true;
    list(engine, q->text, &plain_options, &plain);
    list(engine, q->text, options, &got);
    assert_int_equal(got.count, plain.count);
    assert_true(plain.count > 3 * DEPTH);
    for (uint32_t i = 0; i < plain.count; i++) {
        typed += is_typed(q, plain.items[i].key);
        late += i >= DEPTH && is_typed(q, plain.items[i].key);
    }
    assert_true(typed > 5 && late > 5);
    for (uint32_t i = 0; i < got.count; i++) {
        assert_int_equal(is_typed(q, got.items[i].key), i < typed);
    }
}

static void test_preferred__capitals_come_first(void **state)
{
    (void)state;
    each_answer(typed_first);
}

static int compare_listed(const void *a, const void *b)
{
    const listed *x = a, *y = b;

    if (x->score != y->score) {
        return x->score > y->score ? -1 : 1;
    }
    if (x->time != y->time) {
        return x->time > y->time ? -1 : 1;
    }
    return (x->key > y->key) - (x->key < y->key);
}

static const listed *in_fit(const listing *in, uint64_t key)
{
    for (uint32_t i = 0; i < in->count; i++) {
        if (in->items[i].key == key) {
            return &in->items[i];
        }
    }
    fail();
    return NULL;
}

/* The first by text, and if most of these are not as typed, the first of those
 * that are, by score and fit; then the others by text. */
static void by_hand(lede_engine *engine, const question *q,
                    const lede_search_options *options)
{
    lede_search_options plain_options = *options;
    static listing got, plain, wanted, rest;
    uint32_t typed = 0;

    plain_options.rank_plain = true;
    list(engine, q->text, &plain_options, &plain);
    list(engine, q->text, options, &got);
    assert_true(plain.count > DEPTH);
    for (uint32_t i = 0; i < DEPTH; i++) {
        typed += is_typed(q, plain.items[i].key);
    }
    wanted.count = rest.count = 0;
    for (uint32_t i = 0, taken = 0; i < plain.count; i++) {
        listed item = plain.items[i];
        bool is_taken =
            is_typed(q, item.key) && typed < DEPTH / 2 && taken < DEPTH;

        taken += is_typed(q, item.key);
        if (i < DEPTH || is_taken) {
            const listed *fitted = in_fit(&got, item.key);

            /* Shards of Xapian's weigh by lengths of their own; in the fit text
             * is by those of lede. */
            assert_true(engine != t.engines[0] || item.score == fitted->plain);
            item.score = fitted->plain * (1 + fitted->fit);
            wanted.items[wanted.count++] = item;
        } else {
            rest.items[rest.count++] = item;
        }
    }
    qsort(wanted.items, wanted.count, sizeof wanted.items[0], compare_listed);
    for (uint32_t i = 0; i < rest.count; i++) {
        wanted.items[wanted.count++] = rest.items[i];
    }
    check_same(&got, &wanted, 0, wanted.count);
}

static void test_preferred__in_the_order_worked_out_by_hand(void **state)
{
    (void)state;
    each_answer(by_hand);
}

static void in_pieces(lede_engine *engine, const question *q,
                      const lede_search_options *options)
{
    static const uint32_t limits[] = {60, 129};
    static listing all, got;

    if (options->no_recency) {
        return;
    }
    list(engine, q->text, options, &all);
    for (size_t l = 0; l < sizeof limits / sizeof limits[0]; l++) {
        lede_search_options paged = *options;
        char cursor[128] = "";
        uint32_t at = 0;

        paged.limit = limits[l];
        paged.page_hits = 130;
        do {
            uint32_t left = all.count - at;
            uint32_t count = left < paged.limit ? left : (uint32_t)paged.limit;

            paged.after = NULL;
            paged.offset = at;
            list(engine, q->text, &paged, &got);
            check_same(&got, &all, at, count);
            paged.offset = 0;
            paged.after = cursor[0] == '\0' ? NULL : cursor;
            list(engine, q->text, &paged, &got);
            check_same(&got, &all, at, count);
            assert_int_equal(got.has_more, at + count < all.count);
            snprintf(cursor, sizeof cursor, "%s", got.cursor);
            at += count;
        } while (at < all.count);
    }
    for (uint32_t offset = 0; offset < all.count; offset += 137) {
        lede_search_options paged = *options;

        paged.limit = 0;
        paged.unlimited = true;
        paged.page_hits = 130;
        paged.offset = offset;
        list(engine, q->text, &paged, &got);
        check_same(&got, &all, offset, all.count - offset);
    }
}

static void test_preferred__pages_are_pieces_of_one_order(void **state)
{
    (void)state;
    each_answer(in_pieces);
}

static void test_preferred__not_in_other_orders(void **state)
{
    static const lede_search_options by_date = {.sort = LEDE_SORT_NEWEST,
                                                .limit = ENTRIES};
    static listing got;

    (void)state;
    list(t.engines[0], "Manly", &by_date, &got);
    assert_true(got.count > DEPTH);
    for (uint32_t i = 1; i < got.count; i++) {
        assert_true(got.items[i].time <= got.items[i - 1].time);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_preferred__capitals_come_first),
        cmocka_unit_test(test_preferred__in_the_order_worked_out_by_hand),
        cmocka_unit_test(test_preferred__pages_are_pieces_of_one_order),
        cmocka_unit_test(test_preferred__not_in_other_orders),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
