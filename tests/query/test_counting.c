/* Facets and timelines against counts made from the entries themselves, on both
 * engines. */
#include "tests/support/check.h"

#include "base/entry_values.h"
#include "query/facets.h"
#include "query/own_filter.h"
#include "query/timeline.h"
#include "tests/support/newsroom.h"

enum { ENTRIES = 500 };

/* --- Queries, and what they say ------------------------------------------- */

static bool is_stormy(const lede_entry *entry)
{
    return newsroom_has(entry, "storm") || newsroom_has(entry, "storms");
}

static bool any(const lede_entry *entry)
{
    (void)entry;
    return true;
}

static bool is_source(const lede_entry *entry, const char *name)
{
    return lede_span_is(entry->source, name);
}

static bool of_argus(const lede_entry *entry)
{
    return is_source(entry, "Argus");
}

static bool of_argus_or_herald(const lede_entry *entry)
{
    return is_source(entry, "Argus") || is_source(entry, "Herald");
}

static bool not_of_argus(const lede_entry *entry)
{
    return !is_source(entry, "Argus");
}

static bool is_article(const lede_entry *entry)
{
    return entry->kind == LEDE_KIND_ARTICLE;
}

static bool by_ann(const lede_entry *entry)
{
    for (uint32_t i = 0; i < entry->author_count; i++) {
        if (lede_span_is(entry->authors[i].name, "Ann O'Neill")) {
            return true;
        }
    }
    return false;
}

static bool is_breaking(const lede_entry *entry)
{
    return entry->label_count > 0 && lede_span_is(entry->labels[0], "Breaking");
}

/* 2024-01-01T00:00:00Z to 2024-03-11. */
static bool early_2024(const lede_entry *entry)
{
    return entry->published.instant >= 1704067200 &&
           entry->published.instant < 1710115200;
}

static bool quiet_or_argus(const lede_entry *entry)
{
    return newsroom_has(entry, "quiet") || is_source(entry, "Argus");
}

typedef bool predicate(const lede_entry *entry);

/* `text` has to match always, each filter but for its own subject. */
static const struct {
    const char *query;
    predicate *text;
    predicate *filters[LEDE_SUBJECT_COUNT];
} asked[] = {
    {"storm", is_stormy, {NULL}},
    {"*", any, {NULL}},
    {"kind:article", any, {[LEDE_SUBJECT_KIND] = is_article}},
    {"storm source:argus", is_stormy, {[LEDE_SUBJECT_SOURCE] = of_argus}},
    {"storm source:(argus OR herald) kind:article",
     is_stormy,
     {[LEDE_SUBJECT_SOURCE] = of_argus_or_herald,
      [LEDE_SUBJECT_KIND] = is_article}},
    {"storm -source:argus", is_stormy, {[LEDE_SUBJECT_SOURCE] = not_of_argus}},
    {"(storm author:\"ann o'neill\") label:breaking",
     is_stormy,
     {[LEDE_SUBJECT_AUTHOR] = by_ann, [LEDE_SUBJECT_LABEL] = is_breaking}},
    {"storm date:2024-01..2024-03-10 kind:article",
     is_stormy,
     {[LEDE_SUBJECT_DATE] = early_2024, [LEDE_SUBJECT_KIND] = is_article}},
    {"quiet OR source:argus", quiet_or_argus, {NULL}},
    {"zeppelin", NULL, {NULL}},
};
enum { ASKED = sizeof asked / sizeof asked[0] };

static bool is_match(int q, const lede_entry *entry, int without)
{
    bool fits = asked[q].text != NULL && asked[q].text(entry);

    for (int i = 0; i < LEDE_SUBJECT_COUNT; i++) {
        if (i != without && asked[q].filters[i] != NULL) {
            fits = fits && asked[q].filters[i](entry);
        }
    }
    return fits;
}

/* --- Facets ----------------------------------------------------------------
 */

static int subject_of(lede_facet facet)
{
    return facet >= LEDE_FACET_YEAR ? (int)LEDE_SUBJECT_DATE : (int)facet;
}

/* A value of the facet that the entry has, number `n`; false past the last. */
static bool value_of(const lede_entry *entry, lede_facet facet, uint32_t n,
                     int32_t offset_s, char out[64])
{
    const lede_when *when = &entry->published;
    lede_civil civil;
    char date[40];

    switch (facet) {
    case LEDE_FACET_SOURCE:
        snprintf(out, 64, "%.*s", (int)entry->source.len,
                 (const char *)entry->source.bytes);
        return n == 0 && entry->source.len > 0;
    case LEDE_FACET_AUTHOR:
        if (n >= entry->author_count ||
            (n == 1 &&
             lede_span_equal(entry->authors[0].name, entry->authors[1].name))) {
            return false;
        }
        snprintf(out, 64, "%s", (const char *)entry->authors[n].name.bytes);
        return true;
    case LEDE_FACET_LABEL:
        if (n < entry->label_count) {
            snprintf(out, 64, "%s", (const char *)entry->labels[n].bytes);
        }
        return n < entry->label_count;
    case LEDE_FACET_KIND:
        snprintf(out, 64, "%s", lede_kind_name(entry->kind));
        return n == 0;
    case LEDE_FACET_LANGUAGE:
        snprintf(out, 64, "%s", lede_span_is(entry->lang, "fr") ? "fr" : "en");
        return n == 0;
    default:
        if (n > 0 || when->instant == LEDE_INSTANT_NONE) {
            return false;
        }
        lede_civil_from_instant(
            when->instant,
            when->precision >= LEDE_PRECISION_HOUR ? offset_s : 0, &civil);
        snprintf(date, sizeof date, "%04d-%02u-%02u", (int)civil.year,
                 civil.month, civil.day);
        snprintf(out, 64, "%.*s", (int)(facet - LEDE_FACET_YEAR) * 3 + 4, date);
        return when->precision - LEDE_PRECISION_YEAR >=
               (unsigned)(facet - LEDE_FACET_YEAR);
    }
}

static void check_facet(const newsroom *n, int q, int32_t offset_s,
                        const lede_facet_counts *got)
{
    lede_counts wanted = {0};
    uint64_t matches = 0, without = 0;
    char value[64];

    for (uint32_t i = 0; i < n->count; i++) {
        uint32_t v = 0;

        if (!is_match(q, &n->entries[i], subject_of(got->facet))) {
            continue;
        }
        matches++;
        for (; value_of(&n->entries[i], got->facet, v, offset_s, value); v++) {
            assert_true(lede_counts_add(&wanted, lede_span_text(value), 1));
        }
        without += v == 0;
    }
    lede_counts_sort(&wanted);
    if (got->matches != matches || got->without != without ||
        got->values.count != wanted.count) {
        fail_msg("%s, %s: %u values of %u, without %u; not %u of %u, %u",
                 asked[q].query, lede_facet_name(got->facet), got->values.count,
                 (unsigned)got->matches, (unsigned)got->without, wanted.count,
                 (unsigned)matches, (unsigned)without);
    }
    for (uint32_t i = 0; i < wanted.count; i++) {
        assert_true(
            lede_span_equal(got->values.items[i].name, wanted.items[i].name));
        assert_int_equal(got->values.items[i].count, wanted.items[i].count);
    }
    lede_counts_done(&wanted);
}

static void check_facets(const newsroom *n, lede_engine *engine, int q,
                         const char *zone, int32_t offset_s)
{
    static const lede_facet facets[] = {LEDE_FACET_LABEL,  LEDE_FACET_DAY,
                                        LEDE_FACET_SOURCE, LEDE_FACET_YEAR,
                                        LEDE_FACET_AUTHOR, LEDE_FACET_MONTH,
                                        LEDE_FACET_KIND,   LEDE_FACET_LANGUAGE};
    enum { FACETS = sizeof facets / sizeof facets[0] }; /* names: elsewhere */
    lede_search_options options = {.zone = zone, .no_relax = true};
    lede_facet_counts counts[FACETS];
    lede_results *results = NULL;
    lede_error err = {0};
    uint64_t total;

    assert_ok(lede_engine_search(engine, lede_span_text(asked[q].query),
                                 &options, &results, &err));
    total = lede_results_total(results);
    for (uint32_t first = 0; first < FACETS; first += 3) {
        uint32_t count = FACETS - first;

        assert_ok(
            lede_results_facets(results, facets + first, count, counts, &err));
        for (uint32_t i = 0; i < count; i++) {
            check_facet(n, q, offset_s, &counts[i]);
        }
        lede_facet_counts_done(counts, count);
    }
    assert_int_equal(lede_results_total(results), total);
    lede_results_free(results);
}

static void test_counting__facets_are_exact(void **state)
{
    newsroom *n = newsroom_open(21, ENTRIES);

    (void)state;
    for (int e = 0; e < NEWSROOM_ENGINES; e++) {
        for (int q = 0; q < ASKED; q++) {
            check_facets(n, n->engines[e], q, NULL, 0);
        }
        check_facets(n, n->engines[e], 0, "+05:30", 19800);
        check_facets(n, n->engines[e], 1, "-0800", -28800);
    }
    newsroom_close(n);
}

/* --- Timelines --------------------------------------------------------------
 */

/* The bucket of a date as timeline.h names it; false if it has none. */
static bool bucket_of(const lede_entry *entry, lede_step step, int32_t offset_s,
                      char out[64])
{
    const lede_when *when = &entry->published;
    lede_civil civil;
    int64_t days;

    switch (step) {
    case LEDE_STEP_YEAR:
        return value_of(entry, LEDE_FACET_YEAR, 0, offset_s, out);
    case LEDE_STEP_MONTH:
        return value_of(entry, LEDE_FACET_MONTH, 0, offset_s, out);
    case LEDE_STEP_DAY:
        return value_of(entry, LEDE_FACET_DAY, 0, offset_s, out);
    case LEDE_STEP_WEEK:
        if (!value_of(entry, LEDE_FACET_DAY, 0, offset_s, out)) {
            return false;
        }
        lede_civil_from_instant(
            when->instant,
            when->precision >= LEDE_PRECISION_HOUR ? offset_s : 0, &civil);
        days = lede_days_from_civil(civil.year, civil.month, civil.day);
        lede_civil_from_days(days - lede_weekday(days), &civil);
        snprintf(out, 64, "%04d-%02u-%02u", (int)civil.year, civil.month,
                 civil.day);
        return true;
    default:
        if (when->instant == LEDE_INSTANT_NONE ||
            when->precision < LEDE_PRECISION_HOUR) {
            return false;
        }
        lede_civil_from_instant(when->instant, offset_s, &civil);
        snprintf(out, 64, "%04d-%02u-%02uT%02u", (int)civil.year, civil.month,
                 civil.day, civil.hour);
        return true;
    }
}

static void check_timeline(const newsroom *n, int q, int32_t offset_s,
                           const lede_timeline *got)
{
    uint64_t matches = 0, unknown = 0, imprecise = 0, in = 0;
    char name[64];

    for (uint32_t i = 0; i < n->count; i++) {
        const lede_entry *entry = &n->entries[i];

        if (is_match(q, entry, -1)) {
            matches++;
            if (entry->published.instant == LEDE_INSTANT_NONE) {
                unknown++;
            } else if (!bucket_of(entry, got->step, offset_s, name)) {
                imprecise++;
            }
        }
    }
    assert_int_equal(got->matches, matches);
    assert_int_equal(got->unknown, unknown);
    assert_int_equal(got->imprecise, imprecise);
    for (uint32_t b = 0; b < got->count; b++) {
        uint64_t count = 0, volume = 0;

        assert_true(b == 0 ||
                    strcmp(got->buckets[b - 1].name, got->buckets[b].name) < 0);
        for (uint32_t i = 0; i < n->count; i++) {
            if (bucket_of(&n->entries[i], got->step, offset_s, name) &&
                strcmp(name, got->buckets[b].name) == 0) {
                volume++;
                count += is_match(q, &n->entries[i], -1);
            }
        }
        assert_int_equal(got->buckets[b].count, count);
        assert_int_equal(got->buckets[b].volume, volume);
        in += count;
    }
    assert_int_equal(in + unknown + imprecise, matches);
    if (got->count > 0) { /* from the first to the last that has something */
        assert_true(got->buckets[0].count > 0);
        assert_true(got->buckets[got->count - 1].count > 0);
    }
}

static void test_counting__timelines_are_exact(void **state)
{
    newsroom *n = newsroom_open(22, ENTRIES);
    lede_error err = {0};

    (void)state;
    for (int e = 0; e < NEWSROOM_ENGINES; e++) {
        for (int q = 0; q < ASKED; q++) {
            for (int step = 0; step < LEDE_STEP_COUNT; step++) {
                lede_search_options options = {.no_relax = true};
                lede_timeline got = {0};
                lede_results *results = NULL;

                /* (Dates in the query would be in that zone too.) */
                bool in_zone =
                    q % 2 == 1 && asked[q].filters[LEDE_SUBJECT_DATE] == NULL;

                options.zone = in_zone ? "+05:30" : NULL;
                options.count_only = true;
                assert_ok(lede_engine_search(n->engines[e],
                                             lede_span_text(asked[q].query),
                                             &options, &results, &err));
                assert_ok(lede_results_timeline(results, (lede_step)step, &got,
                                                &err));
                assert_true(step == LEDE_STEP_AUTO
                                ? got.step != LEDE_STEP_AUTO && got.count <= 100
                                : got.step == (lede_step)step);
                check_timeline(n, q, in_zone ? 19800 : 0, &got);
                lede_timeline_done(&got);
                lede_results_free(results);
            }
        }
    }
    newsroom_close(n);
}

/* --- Values -----------------------------------------------------------------
 */

static bool list_value(void *ctx, const char *prefix, lede_span value)
{
    lede_buf *out = ctx;

    lede_buf_put_format(out, "%s%.*s|", prefix, (int)value.len,
                        (const char *)value.bytes);
    return true;
}

static void test_counting__values_are_tidy(void **state)
{
    lede_author authors[LEDE_VALUES_MOST + 9] = {0};
    lede_span labels[1];
    lede_entry entry;
    lede_buf out = {0};
    char many[9 * 16][16], longest[400];

    (void)state;
    lede_entry_init(&entry);
    assert_true(lede_entry_values(&entry, list_value, &out));
    assert_int_equal(out.len, 0);
    entry.authors = authors;
    entry.author_count = 4;
    authors[0].name = lede_span_text("  Ann \t\n O'Neill ");
    authors[1].name = lede_span_text("Ann O'Neill");
    authors[2].name = lede_span_text(" \x1b ");
    memset(longest, 'x', sizeof longest);
    memcpy(longest + 159, "\u00e9\u00e9", 4); /* cut inside a character */
    authors[3].name = lede_span_of(longest, sizeof longest);
    labels[0] = lede_span_text("Breaking");
    entry.labels = labels;
    entry.label_count = 1;
    assert_true(lede_entry_values(&entry, list_value, &out));
    longest[159] = '\0';
    {
        char wanted[600];

        snprintf(wanted, sizeof wanted, "XAN:Ann O'Neill|XAN:%s|XLB:Breaking|",
                 longest);
        assert_string_equal(lede_buf_text(&out), wanted);
    }
    entry.author_count = LEDE_VALUES_MOST + 9;
    for (int i = 0; i < LEDE_VALUES_MOST + 9; i++) {
        snprintf(many[i], sizeof many[i], "A%d", i);
        authors[i].name = lede_span_text(many[i]);
    }
    lede_buf_clear(&out);
    assert_true(lede_entry_values(&entry, list_value, &out));
    assert_null(strstr(lede_buf_text(&out), "A64|"));
    assert_non_null(strstr(lede_buf_text(&out), "A63|"));
    lede_buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counting__facets_are_exact),
        cmocka_unit_test(test_counting__timelines_are_exact),
        cmocka_unit_test(test_counting__values_are_tidy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
