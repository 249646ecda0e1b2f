/* Counts of people and places: what facets, `people`, `who` and `with` say is
 * worked out anew from the names of each hit. */
#include <math.h>
#include <unistd.h>

#include "indexer/indexer.h"
#include "names/gazetteer.h"
#include "query/facets.h"
#include "query/name_counts.h"
#include "tests/indexer/dump.h"
#include "tests/support/check.h"

static lede_error err;

enum { ENTRIES = 240, SEGMENTS = 3, MOST = 400 };

typedef struct fixture {
    char *folder;
    lede_naming naming;
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_engine *engine;
    lede_corrections *corrections;
    uint64_t chance;
} fixture;

static unsigned pick(fixture *f, unsigned below)
{
    f->chance = f->chance * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(f->chance >> 33) % below;
}

static void put_sentence(fixture *f, lede_buf *out)
{
    static const char *const people[] = {"President Volodymyr Zelensky",
                                         "President Vladimir Zelenskiy",
                                         "Mr Keir Starmer",
                                         "Sir Keir Starmer",
                                         "Ann O'Brien",
                                         "Minister Sergei Lavrov",
                                         "Angela Merkel"};
    static const char *const places[] = {"Kyiv",  "Kiev",   "London",
                                         "Paris", "Riyadh", "Paris, Texas",
                                         "Odesa", "Dublin"};
    static const char *const ends[] = {"on Monday", "for talks", "by train",
                                       "in the rain"};

    lede_buf_put_format(out, "%s flew to %s %s. ", people[pick(f, 7)],
                        places[pick(f, 8)], ends[pick(f, 4)]);
}

static void put_entry(fixture *f, unsigned number, lede_buf *out)
{
    unsigned sentences = pick(f, 5);

    lede_buf_put_format(out,
                        "{\"id\": \"urn:lede-test:%04u\", \"headline\": "
                        "\"%s\", ",
                        number, pick(f, 3) == 0 ? "A lavrov walk" : "The day");
    if (pick(f, 8) > 0) {
        lede_buf_put_format(out, "\"date\": \"2025-%02u-%02uT10:00:00Z\", ",
                            1 + pick(f, 12), 1 + pick(f, 28));
    }
    lede_buf_put_text(out, "\"body\": \"The news was short. ");
    for (unsigned i = 0; i < sentences; i++) {
        put_sentence(f, out);
    }
    lede_buf_put_text(out, "\"}\n");
}

static void index_all(fixture *f)
{
    lede_index_options options = {.read = {.now = 2000000000},
                                  .naming = &f->naming};
    lede_index_report report;
    unsigned number = 0;

    for (unsigned segment = 0; segment < SEGMENTS; segment++) {
        lede_buf text = {0};
        char name[32];
        const char *path;

        snprintf(name, sizeof name, "news%u.jsonl", segment);
        path = in_folder(f->folder, name);

        for (unsigned i = 0; i < ENTRIES / SEGMENTS; i++) {
            put_entry(f, number++, &text);
        }
        write_file(path, lede_buf_text(&text));
        lede_buf_done(&text);
        assert_ok(
            lede_index_paths(f->archive, &path, 1, &options, &report, &err));
        assert_int_equal(report.entries_added, ENTRIES / SEGMENTS);
    }
}

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    f->chance = 7;
    f->folder = folder_new();
    assert_ok(lede_naming_open(LEDE_TEST_SHARE, NULL, NULL, &f->naming, &err));
    f->archive = open_archive(in_folder(f->folder, "archive"));
    index_all(f);
    assert_ok(lede_snapshot_open(f->archive, &f->snapshot, &err));
    assert_ok(lede_engine_of_snapshot(f->snapshot, &f->engine, &err));
    f->engine->gazetteer = f->naming.gazetteer;
    assert_ok(lede_corrections_parse(
        lede_span_text("merge person \"Volodymyr Zelensky\" \"Vladimir "
                       "Zelenskiy\"\nhide person \"Angela Merkel\"\n"),
        &f->corrections, &err));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;

    lede_engine_close(f->engine);
    lede_snapshot_close(f->snapshot);
    lede_archive_close(f->archive);
    lede_naming_close(&f->naming);
    lede_corrections_free(f->corrections);
    folder_remove(f->folder);
    free(f);
    return 0;
}

/* --- The twin ---------------------------------------------------------------
 */

typedef struct twin_name {
    char key[128]; /* as names are compared, or the id */
    unsigned kind;
    uint64_t entries, mentions;
    int64_t first, last;
} twin_name;

typedef struct twin {
    twin_name names[MOST];
    unsigned count;
    uint64_t entries, with[2];
} twin;

static void make_key(unsigned kind, lede_span id, lede_span name, char *out)
{
    lede_buf key = {0};

    if (id.len > 0) {
        lede_buf_put_span(&key, id);
    } else {
        lede_correction_key((lede_name_kind)kind, name, &key);
    }
    snprintf(out, 128, "%s", lede_buf_text(&key));
    lede_buf_done(&key);
}

static twin_name *twin_find(twin *t, unsigned kind, const char *key)
{
    for (unsigned i = 0; i < t->count; i++) {
        if (t->names[i].kind == kind && strcmp(t->names[i].key, key) == 0) {
            return &t->names[i];
        }
    }
    return NULL;
}

static void twin_add(twin *t, const lede_hit *hit, unsigned kind)
{
    const lede_hit_name *names = kind == 0 ? hit->people : hit->places;
    uint32_t count = kind == 0 ? hit->person_count : hit->place_count;
    int64_t at = hit->entry->published.instant;

    t->with[kind] += count > 0;
    for (uint32_t i = 0; i < count; i++) {
        char key[128], other[128];
        twin_name *found;
        bool again = false;

        make_key(kind, names[i].id, names[i].name, key);
        for (uint32_t j = 0; j < i; j++) {
            make_key(kind, names[j].id, names[j].name, other);
            again = again || strcmp(key, other) == 0;
        }
        found = twin_find(t, kind, key);
        if (found == NULL) {
            assert_true(t->count < MOST);
            found = &t->names[t->count++];
            *found = (twin_name){.kind = kind,
                                 .first = LEDE_INSTANT_NONE,
                                 .last = LEDE_INSTANT_NONE};
            memcpy(found->key, key, sizeof key);
        }
        found->mentions += names[i].mentions;
        found->entries += !again;
        if (at != LEDE_INSTANT_NONE) {
            bool none = found->first == LEDE_INSTANT_NONE;

            found->first = none || at < found->first ? at : found->first;
            found->last = none || at > found->last ? at : found->last;
        }
    }
}

/* The names of all hits; with `who`, of those that speak of somebody whose key
 * has this in it. */
static void twin_of(fixture *f, const char *query, const char *who, twin *t)
{
    lede_search_options options = {.limit = UINT32_MAX, .unfolded = true};
    lede_results *results = NULL;

    memset(t, 0, sizeof *t);
    assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                 &results, &err));
    for (uint32_t i = 0; i < lede_results_count(results); i++) {
        const lede_hit *hit = NULL;
        bool speaks = who == NULL;

        assert_ok(lede_results_get(results, i, &hit, &err));
        for (uint32_t p = 0; p < hit->person_count && !speaks; p++) {
            char key[128];

            make_key(0, hit->people[p].id, hit->people[p].name, key);
            speaks = strstr(key, who) != NULL;
        }
        if (speaks) {
            t->entries++;
            twin_add(t, hit, 0);
            twin_add(t, hit, 1);
        }
    }
    lede_results_free(results);
}

static const char *const everything = "news"; /* in each entry */

/* The ratio as the logarithm of likelihoods, from shares. */
static double likelihood(double k, double n, double p)
{
    return (k > 0 ? k * log(p) : 0) + (n - k > 0 ? (n - k) * log(1 - p) : 0);
}

static double twin_telling(double a, double n, double all, double archive)
{
    double c = all - a, m = archive - n, p = all / archive;
    double ratio = 2 * (likelihood(a, n, a / n) - likelihood(a, n, p));

    ratio += m > 0 ? 2 * (likelihood(c, m, c / m) - likelihood(c, m, p)) : 0;
    return a / n < p ? -ratio : ratio;
}

static void check_item(const lede_name_count *item, twin *t, twin *all)
{
    char key[128];
    const twin_name *same, *in_all;

    make_key(item->kind, item->id, item->name, key);
    same = twin_find(t, item->kind, key);
    assert_non_null(same);
    assert_int_equal(item->entries, same->entries);
    assert_int_equal(item->mentions, same->mentions);
    assert_true(item->first == same->first);
    assert_true(item->last == same->last);
    if (all != NULL) {
        in_all = twin_find(all, item->kind, key);
        assert_non_null(in_all);
        assert_int_equal(item->archive, in_all->entries);
        assert_true(fabs(item->telling -
                         twin_telling((double)item->entries, (double)t->entries,
                                      (double)in_all->entries,
                                      (double)all->entries)) < 1e-6);
    }
}

static void check_all(const lede_name_counts *counts, twin *t, twin *all)
{
    uint32_t i;

    assert_int_equal(counts->entries, t->entries);
    for (i = 0; i < counts->count; i++) {
        const lede_name_count *item = &counts->items[i];

        check_item(item, t, all);
        if (i > 0 && item[-1].kind == item->kind) {
            assert_true(item[-1].telling >= item->telling);
            assert_true(item[-1].telling > item->telling ||
                        item[-1].entries >= item->entries);
        }
    }
}

static lede_results *ask(fixture *f, const char *query)
{
    lede_search_options options = {.count_only = true, .unfolded = true};
    lede_results *results = NULL;

    assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                 &results, &err));
    return results;
}

/* A query, and what is left of it without its own filter for people, and for
 * places; NULL: all. */
typedef struct question {
    const char *query;
    const char *without[2];
} question;

static const question questions[] = {
    {"news", {NULL}},
    {"train", {NULL}},
    {"rain monday", {NULL}},
    {"person:lavrov", {"*", NULL}},
    {"train person:starmer", {"train", NULL}},
    {"place:kyiv", {NULL, "*"}},
    {"place:=ukraine news", {NULL, "news"}},
    {"news place:ukraine person:lavrov",
     {"news place:ukraine", "news person:lavrov"}},
    {"(rain person:starmer) place:london -place:dublin",
     {"rain place:london -place:dublin", "rain person:starmer"}},
    {"news -person:starmer", {"news", NULL}},
    {"news -person:(starmer OR lavrov)", {"news", NULL}},
    {"person:(zelensky OR merkel) person:=starmer", {"*", NULL}},
    {"news -(person:starmer place:london)", {NULL}},
    {"person:lavrov OR place:kyiv", {NULL}},
    {"from:riyadh OR news", {NULL}},
    {"lavrov -train", {NULL}},
    {"person:zelensky monday", {"monday", NULL}},
    {"place:\"paris, texas\" rain", {NULL, "rain"}},
    {"nosuchword", {NULL}},
    {"nosuchword person:starmer", {"nosuchword", NULL}},
};
enum { QUESTIONS = sizeof questions / sizeof questions[0] };

/* What the facets must be, worked out from names. */
static void check_facets(fixture *f, const question *q, lede_results *results)
{
    static twin found;
    static const lede_facet facets[] = {LEDE_FACET_PLACE, LEDE_FACET_PERSON};
    lede_facet_counts out[2];

    assert_ok(lede_results_facets(results, facets, 2, out, &err));
    for (unsigned at = 0; at < 2; at++) {
        unsigned kind = 1 - at;
        lede_name_counts counts;
        lede_results *others = NULL;
        const char *query =
            q->without[kind] == NULL ? q->query : q->without[kind];

        twin_of(f, query, NULL, &found);
        others = ask(f, query);
        assert_ok(lede_results_name_counts(others, 1u << kind, &counts, &err));
        for (uint32_t i = 0; i < counts.count; i++) {
            const lede_name_count *item = &counts.items[i];
            lede_counts *values = &out[at].values;
            uint32_t v = 0;

            while (v < values->count &&
                   !(values->items[v].count == item->entries &&
                     values->items[v].name.len >= item->name.len &&
                     memcmp(values->items[v].name.bytes, item->name.bytes,
                            item->name.len) == 0)) {
                v++;
            }
            assert_true(v < values->count);
        }
        assert_int_equal(out[at].values.count, counts.count);
        assert_int_equal(out[at].matches, found.entries);
        assert_int_equal(out[at].with, found.with[kind]);
        assert_int_equal(out[at].with + out[at].without, found.entries);
        lede_name_counts_done(&counts);
        lede_results_free(others);
    }
    lede_facet_counts_done(out, 2);
}

static void check_question(fixture *f, const question *q)
{
    static twin found, all;
    lede_name_counts counts;
    lede_results *results = ask(f, q->query);

    twin_of(f, q->query, NULL, &found);
    twin_of(f, everything, NULL, &all);
    assert_ok(lede_results_name_counts(results, 3, &counts, &err));
    assert_int_equal(counts.count, found.count);
    check_all(&counts, &found, &all);
    check_facets(f, q, results);
    lede_name_counts_done(&counts);
    lede_results_free(results);
}

static void test_answers__count_what_each_hit_names(void **state)
{
    fixture *f = *state;
    const lede_engine_calls *usual = f->engine->calls;
    lede_engine_calls reading = *usual;

    reading.tally = NULL; /* entry by entry */
    for (unsigned way = 0; way < 4; way++) {
        f->engine->calls = way % 2 == 0 ? usual : &reading;
        f->engine->corrections = way < 2 ? NULL : f->corrections;
        for (unsigned i = 0; i < QUESTIONS; i++) {
            check_question(f, &questions[i]);
        }
    }
    f->engine->calls = usual;
    f->engine->corrections = NULL;
}

static uint32_t count_kind(const twin *t, unsigned kind)
{
    uint32_t count = 0;

    for (unsigned i = 0; i < t->count; i++) {
        count += t->names[i].kind == kind;
    }
    return count;
}

static void test_names__of_an_archive_are_all_of_them(void **state)
{
    static twin all;
    fixture *f = *state;
    lede_name_counts counts;

    for (unsigned way = 0; way < 2; way++) {
        f->engine->corrections = way == 0 ? NULL : f->corrections;
        twin_of(f, everything, NULL, &all);
        assert_int_equal(all.entries, ENTRIES);
        for (unsigned kind = 0; kind < 2; kind++) {
            assert_ok(lede_engine_name_counts(
                f->engine, 1u << kind, lede_span_text(""), &counts, &err));
            assert_int_equal(counts.count, count_kind(&all, kind));
            assert_true(counts.count > 2);
            check_all(&counts, &all, NULL);
            lede_name_counts_done(&counts);
        }
        assert_ok(lede_engine_name_counts(f->engine, 1, lede_span_text("ZEL"),
                                          &counts, &err));
        assert_int_equal(counts.count, way == 0 ? 2 : 1);
        check_item(&counts.items[0], &all, NULL);
        if (way == 1) {
            assert_true(
                lede_span_is(counts.items[0].name, "Volodymyr Zelensky"));
            assert_int_equal(counts.items[0].variant_count, 2);
            assert_true(counts.items[0].variants->entries >=
                        counts.items[0].variants->next->entries);
        }
        lede_name_counts_done(&counts);
        assert_ok(lede_engine_name_counts(f->engine, 3, lede_span_text("ky"),
                                          &counts, &err));
        assert_int_equal(counts.count, 1);
        assert_int_equal(counts.items[0].variant_count, 2); /* Kiev */
        lede_name_counts_done(&counts);
    }
    f->engine->corrections = NULL;
}

static void test_together__are_those_of_entries_that_speak_of_it(void **state)
{
    static twin found, all;
    fixture *f = *state;
    lede_name_counts counts;

    for (unsigned way = 0; way < 2; way++) {
        static const char *const who[] = {"lavrov", "starmer", "zelensk"};
        static const char *const names[] = {"lavrov", "keir starmer",
                                            "zelensky"};

        f->engine->corrections = way == 0 ? NULL : f->corrections;
        twin_of(f, everything, NULL, &all);
        for (unsigned i = way == 0 ? 0 : 2; i < (way == 0 ? 2u : 3u); i++) {
            lede_buf query = {0};
            lede_results *results;
            uint32_t asked = 0;

            lede_buf_put_format(&query, "person:\"%s\" OR place:\"%s\"",
                                names[i], names[i]);
            results = ask(f, lede_buf_text(&query));
            twin_of(f, everything, who[i], &found);
            assert_ok(lede_results_names_with(results, &counts, &err));
            check_all(&counts, &found, &all);
            for (uint32_t n = 0; n < counts.count; n++) {
                char key[128];

                make_key(0, counts.items[n].id, counts.items[n].name, key);
                assert_null(strstr(key, who[i]));
            }
            for (unsigned n = 0; n < found.count; n++) {
                asked += strstr(found.names[n].key, who[i]) != NULL;
            }
            assert_true(asked > 0);
            assert_int_equal(counts.count, found.count - asked);
            lede_name_counts_done(&counts);
            lede_results_free(results);
            lede_buf_done(&query);
        }
    }
    f->engine->corrections = NULL;
}

static void test_telling__is_what_the_book_says(void **state)
{
    (void)state;
    /* Two coins: 110 of 1,000 and 10 of 10,000 beside it. */
    assert_true(fabs(lede_name_telling(110, 1000, 120, 11000) -
                     twin_telling(110, 1000, 120, 11000)) < 1e-9);
    assert_true(lede_name_telling(110, 1000, 120, 11000) > 300);
    assert_true(lede_name_telling(1, 1000, 120, 11000) < 0);
    assert_true(lede_name_telling(10, 100, 10, 100) == 0);
    assert_true(lede_name_telling(10, 100, 100, 1000) == 0);
}

/* Entries that speak of more people than a table has room for: person n in one
 * entry in n + 1. */
enum { CROWD = 3000, CROWD_ENTRIES = 60, CROWD_ROOM = 400 };

static lede_status count_crowd(void *ctx, lede_name_counts *counts,
                               lede_error *error)
{
    static char texts[LEDE_NAMED_MOST][32];
    static lede_named named[LEDE_NAMED_MOST];
    lede_name_view view = {.gazetteer = NULL};
    lede_status status = LEDE_OK;
    lede_buf list = {0};
    unsigned *passes = ctx;

    ++*passes;
    for (unsigned entry = 0; entry < CROWD_ENTRIES && status == LEDE_OK;
         entry++) {
        unsigned count = 0;

        for (unsigned i = 0; i < CROWD && count < LEDE_NAMED_MOST; i++) {
            if (i < 20 ? entry % (i + 1) == 0 : i % CROWD_ENTRIES == entry) {
                snprintf(texts[count], sizeof texts[count], "Ann B%u", i);
                named[count] = (lede_named){
                    .mentions = 2, .name = lede_span_text(texts[count])};
                count++;
            }
        }
        lede_buf_clear(&list);
        lede_name_list_encode(named, count, &list);
        status = lede_name_counts_add(counts, &view, lede_buf_span(&list),
                                      entry, entry, error);
    }
    lede_name_counts_sort(counts);
    lede_buf_done(&list);
    return status;
}

/* What is kept of many names is what a table with room for all says first. */
static void test_names__are_bounded_and_exact(void **state)
{
    lede_name_counts few = {.kinds = 1, .most = CROWD_ROOM};
    lede_name_counts all = {.kinds = 1};
    unsigned passes = 0;

    (void)state;
    assert_ok(lede_name_counts_run(&all, count_crowd, &passes, &err));
    assert_int_equal(passes, 1);
    assert_ok(lede_name_counts_run(&few, count_crowd, &passes, &err));
    assert_true(passes > 2);
    assert_int_equal(few.count, CROWD_ROOM / 2);
    assert_int_equal(few.left_out[0], all.count - few.count);
    assert_int_equal(few.entries, all.entries);
    assert_int_equal(few.with[0], all.with[0]);
    for (uint32_t i = 0; i < few.count; i++) {
        const lede_name_count *a = &few.items[i], *b = &all.items[i];

        assert_true(lede_span_equal(a->name, b->name));
        assert_int_equal(a->entries, b->entries);
        assert_int_equal(a->mentions, b->mentions);
        assert_int_equal(a->first, b->first);
        assert_int_equal(a->last_key, b->last_key);
        assert_int_equal(a->variant_count, b->variant_count);
        assert_true(lede_span_equal(a->variants->text, b->variants->text));
    }
    lede_name_counts_done(&few);
    lede_name_counts_done(&all);
}

/* Forms that are one as names are compared count an entry once. */
static void test_names__count_an_entry_once(void **state)
{
    const lede_named named[] = {
        {.mentions = 2, .name = lede_span_text("Ann Onym")},
        {.mentions = 3, .name = lede_span_text("ANN ONYM")},
        {.mentions = 0, .sources = 1, .name = lede_span_text("By Liner")}};
    lede_name_counts counts = {.kinds = 1};
    lede_name_view view = {.gazetteer = NULL};
    lede_buf list = {0};

    (void)state;
    lede_name_list_encode(named, 3, &list);
    for (uint64_t entry = 1; entry <= 2; entry++) {
        assert_ok(lede_name_counts_add(&counts, &view, lede_buf_span(&list),
                                       entry, LEDE_INSTANT_NONE, &err));
    }
    for (uint64_t entry = 1; entry <= 3; entry++) {
        assert_ok(lede_name_counts_add_archive(
            &counts, &view, lede_buf_span(&list), entry, &err));
    }
    assert_int_equal(counts.count, 1);
    assert_int_equal(counts.items[0].entries, 2);
    assert_int_equal(counts.items[0].mentions, 10);
    assert_int_equal(counts.items[0].archive, 3);
    assert_true(counts.items[0].first == LEDE_INSTANT_NONE);
    assert_int_equal(lede_name_counts_add(
                         &counts, &view,
                         lede_span_part(lede_buf_span(&list), 0, list.len - 1),
                         3, 0, &err),
                     LEDE_CORRUPT);
    lede_buf_done(&list);
    lede_name_counts_done(&counts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers__count_what_each_hit_names),
        cmocka_unit_test(test_names__of_an_archive_are_all_of_them),
        cmocka_unit_test(test_together__are_those_of_entries_that_speak_of_it),
        cmocka_unit_test(test_telling__is_what_the_book_says),
        cmocka_unit_test(test_names__are_bounded_and_exact),
        cmocka_unit_test(test_names__count_an_entry_once),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
