/* The promises of query/search.h, from a query string to the hits shown, over
 * a small archive made of entries written here. */
#include "tests/support/check.h"

#include <math.h>

#include "query/search.h"
#include "tests/support/small_archive.h"

/* --- The archive ------------------------------------------------------------
 */

typedef struct story {
    const char *headline, *body, *caption, *author, *date, *lang;
} story;

static const story stories[] = {
    /* 0 */ {"Storm hits the coast",
             "A storm hit the eastern coast on Monday. Roofs were torn off.",
             "Waves near Lowestoft", "Ann O'Neill", "2025-02-17", "en"},
    /* 1 */
    {"Ministers agree cease-fire terms",
     "The cease-fire begins at dawn, Prime Minister Starmer's office "
     "said. NATO welcomed it.",
     "", "Bo Lindqvist", "2025-02-16", "en"},
    /* 2 */
    {"A ceasefire at last",
     "Both sides spoke of a ceasefire after the storm of criticism.", "", "",
     "2025-02-10", "en"},
    /* 3 */
    {"Coastal towns count the cost",
     "After the storms, towns on the coast count the cost. The big "
     "storm hits business.",
     "", "", "2025-01-05", "en"},
    /* 4 */
    {"Erdoğan visits Łódź",
     "President Erdoğan met the mayor. He told us that trade matters.", "", "",
     "2024-11-03", "en"},
    /* 5 */
    {"US trade figures",
     "The US said that manning levels fell in Manly, a suburb.", "", "",
     "2024-06-01", "en"},
    /* 6 */
    {"O'Brien resigns", "Kate O’Brien resigns over a leaked letter.", "", "",
     "2023-12-31", "en"},
    /* 7 */
    {"", "OBrien said nothing. The Prime Minister was away.", "", "", "02-17",
     "en"},
    /* 8 */
    {"東京で地震", "東京で強い地震がありました。", "", "", "2022-03-16", "ja"},
    /* 9 */
    {"Eine Überschrift", "Die Häuser an der Küste stehen leer.", "", "",
     "2021-05-05", "de"},
};

enum { STORIES = sizeof stories / sizeof stories[0] };

typedef struct fixture {
    lede_archive *archive;
    lede_snapshot *snapshot;
    char directory[256];
    lede_results *results;
} fixture;

static fixture f;

static void set_date(lede_entry *entry, const char *date)
{
    int64_t end;

    unsigned month;
    unsigned day;

    if (date[0] == '\0') {
        return;
    }
    if (strlen(date) == 5) { /* a day whose year is unknown */
        assert_int_equal(sscanf(date, "%u-%u", &month, &day), 2);
        entry->published.local.month = (uint8_t)month;
        entry->published.local.day = (uint8_t)day;
        entry->published.precision = LEDE_PRECISION_DAY;
        return;
    }
    assert_true(lede_period_parse(lede_span_text(date), 0,
                                  &entry->published.instant, &end));
    entry->published.precision = LEDE_PRECISION_DAY;
    entry->published.year_source = LEDE_YEAR_EXPLICIT;
    assert_true(lede_period_parse(lede_span_text(date), 0, &end, &end));
}

static int open_archive(uint32_t per_segment)
{
    static lede_entry entries[STORIES];
    static lede_block blocks[STORIES];
    static lede_author authors[STORIES];
    static lede_media media[STORIES];
    lede_error err = {0};
    uint32_t i;

    for (i = 0; i < STORIES; i++) {
        lede_entry_init(&entries[i]);
        entries[i].key = 1000 + i;
        entries[i].kind = i == 2 ? LEDE_KIND_MESSAGE : LEDE_KIND_ARTICLE;
        entries[i].headline = lede_span_text(stories[i].headline);
        entries[i].source = lede_span_text(i % 2 ? "Herald" : "Argus");
        entries[i].lang = lede_span_text(stories[i].lang);
        blocks[i] = (lede_block){LEDE_BLOCK_P, lede_span_text(stories[i].body)};
        entries[i].body = &blocks[i];
        entries[i].block_count = 1;
        authors[i] = (lede_author){0};
        authors[i].name = lede_span_text(stories[i].author);
        authors[i].role = lede_span_text("Correspondent");
        entries[i].authors = &authors[i];
        entries[i].author_count = stories[i].author[0] != '\0';
        media[i] = (lede_media){0};
        media[i].caption = lede_span_text(stories[i].caption);
        media[i].credit = lede_span_text("Reuters");
        entries[i].media = &media[i];
        entries[i].media_count = stories[i].caption[0] != '\0';
        set_date(&entries[i], stories[i].date);
    }
    assert_ok(small_archive_make(entries, STORIES, per_segment, 1740000000,
                                 f.directory, &f.archive, &err));
    assert_ok(lede_snapshot_open(f.archive, &f.snapshot, &err));
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    return open_archive(0);
}

static int set_up_segments(void **state)
{
    (void)state;
    return open_archive(3);
}

static int tear_down(void **state)
{
    (void)state;
    lede_results_free(f.results);
    lede_snapshot_close(f.snapshot);
    small_archive_remove(f.archive, f.directory);
    f = (fixture){0};
    return 0;
}

/* --- Helpers
 * ------------------------------------------------------------------ */

static lede_results *search(const char *query,
                            const lede_search_options *options)
{
    static const lede_search_options none = {0};
    lede_error err = {0};

    lede_results_free(f.results);
    f.results = NULL;
    assert_ok(lede_search(f.snapshot, lede_span_text(query),
                          options == NULL ? &none : options, &f.results, &err));
    return f.results;
}

static const lede_hit *hit(uint32_t index)
{
    const lede_hit *out = NULL;
    lede_error err = {0};

    assert_ok(lede_results_get(f.results, index, &out, &err));
    return out;
}

/* The numbers of the stories found, in order: "0 3". */
static const char *found(const char *query, const lede_search_options *options)
{
    static char text[256];
    size_t len = 0;
    uint32_t i;

    search(query, options);
    text[0] = '\0';
    for (i = 0; i < lede_results_count(f.results); i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%u",
                                i > 0 ? " " : "",
                                (unsigned)(hit(i)->entry->key - 1000));
    }
    return text;
}

static int compare_chars(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

/* The same, sorted, without blanks (there are at most ten). */
static const char *set_of(const char *query)
{
    static char text[32];
    const char *in_order = found(query, NULL);
    size_t len = 0;

    for (; *in_order != '\0'; in_order++) {
        if (*in_order != ' ') {
            text[len++] = *in_order;
        }
    }
    text[len] = '\0';
    qsort(text, len, 1, compare_chars);
    return text;
}

/* A text with its marks in brackets. */
static const char *marked(lede_span text, const lede_mark *marks,
                          uint32_t count)
{
    static char out[2048];
    size_t len = 0;
    size_t i;
    uint32_t at = 0;

    for (i = 0; i <= text.len; i++) {
        if (at < count && marks[at].end == i) {
            out[len++] = ']';
            at++;
        }
        if (at < count && marks[at].begin == i) {
            out[len++] = '[';
        }
        if (i < text.len) {
            out[len++] = (char)text.bytes[i];
        }
    }
    out[len] = '\0';
    return out;
}

/* --- What matches
 * ---------------------------------------------------------------- */

static void test_search__finds_what_the_language_says(void **state)
{
    static const char *const table[][2] = {
        {"storm", "023"},
        {"STORM", "023"},
        {"storms", "023"},
        {"=storms", "3"},
        {"\"storms\"", "3"},
        {"storm coast", "03"},
        {"\"the storm\"", "2"},
        {"“the storm”", "2"},
        {"storm -coast", "2"},
        {"storm NOT (coast OR criticism)", ""},
        {"storm OR nato", "0123"},
        {"nato storm OR letter", "6"},
        {"cease-fire", "12"},
        {"ceasefire", "12"},
        {"\"cease fire\"", "1"},
        {"\"cease-fire\"", "12"},
        {"erdogan", "4"},
        {"Erdoğan lodz", "4"},
        {"o'brien", "67"},
        {"OBrien", "67"},
        {"O’Brien", "67"},
        {"\"o brien\"", "6"},
        {"=US", "5"},
        {"=us", "45"},
        {"us", "45"},
        {"=NATO", "1"},
        {"=Nato", "1"},
        {"starmer", "1"},
        {"\"prime minister\"", "17"},
        {"headline:storm", "0"},
        {"headline:(storm coast)", "0"},
        {"body:storm", "023"},
        {"caption:waves", "0"},
        {"waves", "0"},
        {"author:oneill", "0"},
        {"role:correspondent", "01"},
        {"correspondent", ""},
        {"reuters", ""},
        {"credit:reuters", "0"},
        {"credit:\"reuters\"", "0"},
        {"source:herald", "13579"},
        {"kind:message", "2"},
        {"storm kind:article", "03"},
        {"\"storm hit * eastern\"", "0"},
        {"\"storm * eastern\"", ""},
        {"\"storm * * eastern * on\"", "0"},
        {"\"both * spoke of * ceasefire\"", "2"},
        {"\"cease-fire * at dawn\"", "1"},
        {"\"coast * on monday\"", ""},
        {"date:2025-02", "012"},
        {"date:2025-02-17", "0"},
        {"storm date:..2025-01", "3"},
        {"storm date:2025-02-10..", "02"},
        {"date:2022..2023", "68"},
        {"-date:2025", "456789"},
        {"date:02-17", "07"},
        {"obrien date:02-17", "7"},
        {"date:02-17 date:2025", "0"},
        {"date:02-16..02-18", "017"},
        {"date:12-31..01-05", "36"},
        {"date:01-05..12-30", "012345789"},
        {"date:01-01..12-31", "0123456789"},
        {"-date:02-17..02-16", ""},
        {"date:02-18", ""},
        {"地震", "8"},
        {"東京で", "8"},
        {"京で", "8"},
        {"häuser", "9"},
        {"haus", "9"},
        {"kuste", "9"},
        {"*", "0123456789"},
        {"", "0123456789"},
        {"-storm", "1456789"},
        {"?!", ""},
        {"nosuchword", ""},
        {"\"nosuch word\" storm", ""},
        {"=\"Prime Minister\"", "17"},
        {"=\"prime Minister\"", "17"},
        {"=\"PRIME minister\"", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *got = set_of(table[i][0]);

        if (strcmp(got, table[i][1]) != 0) {
            print_error("%s finds %s and not %s\n", table[i][0], got,
                        table[i][1]);
            fail();
        }
        assert_int_equal(lede_results_total(f.results), strlen(got));
    }
}

static void test_search__relaxes_to_the_most_words(void **state)
{
    lede_search_options options = {0};
    uint32_t required = 0;
    uint32_t of = 0;

    (void)state;
    assert_string_equal(found("storm coast eastern zebra", NULL), "0");
    assert_true(lede_results_relaxed(f.results, &required, &of));
    assert_int_equal(required, 3);
    assert_int_equal(of, 4);
    assert_int_equal(lede_results_total(f.results), 1);
    assert_int_equal(hit(0)->missing_count, 1);
    assert_string_equal(hit(0)->missing[0], "zebra");

    /* Phrases, fields and exclusions stay. */
    assert_string_equal(set_of("\"the storm\" coast zebra"), "");
    assert_string_equal(set_of("storm zebra -coast"), "2");
    assert_string_equal(set_of("storm zebra headline:coast"), "0");
    assert_string_equal(hit(0)->missing[0], "zebra");
    assert_string_equal(set_of("zebra quagga"), "");
    assert_false(lede_results_relaxed(f.results, &required, &of));

    options.no_relax = true;
    assert_string_equal(found("storm zebra", &options), "");
    options.no_relax = false;
    options.match_any = true;
    assert_int_equal(strlen(found("letter zebra waves", &options)), 3);
    assert_false(lede_results_relaxed(f.results, &required, &of));
    assert_string_equal(found("storm", NULL)[0] != '\0' ? "some" : "", "some");
    assert_false(lede_results_relaxed(f.results, &required, &of));
    assert_int_equal(hit(0)->missing_count, 0);
}

/* --- In which order
 * ----------------------------------------------------------------- */

static void test_search__what_was_typed_comes_first(void **state)
{
    (void)state;
    /* The exact headline, then the phrase, then the words. */
    assert_int_equal(found("storm hits the coast", NULL)[0], '0');
    assert_int_equal(found("storm hits", NULL)[0], '0');
    /* Capitals ask for capitals, accents for accents, but no more. */
    assert_string_equal(found("US", NULL), "5 4");
    assert_int_equal(found("O'Brien", NULL)[0], '6');
    assert_int_equal(found("ceasefire", NULL)[0], '2');
    assert_int_equal(found("cease-fire", NULL)[0], '1');
}

static void test_search__sorts_by_date_strictly(void **state)
{
    lede_search_options options = {0};

    (void)state;
    options.sort = LEDE_SORT_NEWEST;
    assert_string_equal(found("*", &options), "0 1 2 3 4 5 6 8 9 7");
    assert_false(hit(0)->has_score);
    options.sort = LEDE_SORT_OLDEST;
    assert_string_equal(found("*", &options), "9 8 6 5 4 3 2 1 0 7");
}

static void test_search__pages_are_pieces_of_one_order(void **state)
{
    lede_search_options options = {0};
    char all[256];
    uint32_t i;

    (void)state;
    options.unlimited = true;
    snprintf(all, sizeof all, "%s", found("the OR storm OR us", &options));
    options.unlimited = false;
    options.limit = 1;
    for (i = 0; all[i * 2] != '\0'; i++) {
        options.offset = i;
        assert_int_equal(found("the OR storm OR us", &options)[0], all[i * 2]);
        assert_int_equal(hit(0)->rank, i + 1);
        if (all[i * 2 + 1] == '\0') {
            break;
        }
    }
    options.offset = 100;
    assert_string_equal(found("storm", &options), "");
    assert_int_equal(lede_results_total(f.results), 3);
}

static double score_of(const char *query, const lede_search_options *options,
                       unsigned number)
{
    uint32_t i;

    search(query, options);
    for (i = 0; i < lede_results_count(f.results); i++) {
        if (hit(i)->entry->key == 1000 + number) {
            return hit(i)->score;
        }
    }
    fail();
    return 0;
}

static void test_search__recency_is_bounded_and_can_be_off(void **state)
{
    lede_search_options on = {0};
    lede_search_options off = {0};
    double newest;
    double oldest;

    (void)state;
    on.rank_plain = true;
    on.unlimited = true;
    off = on;
    off.no_recency = true;
    newest = score_of("eastern", &on, 0) / score_of("eastern", &off, 0);
    oldest = score_of("leaked", &on, 6) / score_of("leaked", &off, 6);
    assert_true(newest == 1);
    assert_true(oldest >= 0.7 && oldest < 1);
    /* Unknown dates get the floor. */
    assert_true(score_of("nothing", &on, 7) / score_of("nothing", &off, 7) <
                0.7 + 1e-9);
    /* A date filter switches it off, unless it was asked for. */
    assert_true(score_of("leaked date:2023", &on, 6) ==
                score_of("leaked date:2023", &off, 6));
    on.recency_given = true;
    on.recency = 0.3;
    assert_true(score_of("leaked date:2023", &on, 6) <
                score_of("leaked date:2023", &off, 6));
    /* As of another day: what came later is hidden. */
    on.as_of_given = true;
    on.as_of = 1736035200 + 3600; /* 2025-01-05 */
    assert_string_equal(found("storm", &on), "3");
}

static void test_search__options_out_of_range_are_refused(void **state)
{
    lede_search_options options = {0};
    lede_error err = {0};
    lede_results *results = NULL;

    (void)state;
    options.recency_given = true;
    options.recency = 1.5;
    assert_status(
        lede_search(f.snapshot, lede_span_text("x"), &options, &results, &err),
        LEDE_BAD_INPUT);
    options.recency = 0;
    options.half_life_s = -1;
    assert_status(
        lede_search(f.snapshot, lede_span_text("x"), &options, &results, &err),
        LEDE_BAD_INPUT);
    options.half_life_s = 0;
    options.zone = "Mars/Olympus";
    assert_status(
        lede_search(f.snapshot, lede_span_text("x"), &options, &results, &err),
        LEDE_BAD_INPUT);
    assert_null(results);
}

/* --- What is shown
 * ---------------------------------------------------------------------- */

static void check_snippet(const char *query, const char *headline,
                          const char *snippet)
{
    const lede_hit *first;

    search(query, NULL);
    assert_true(lede_results_count(f.results) > 0);
    first = hit(0);
    assert_string_equal(marked(first->entry->headline, first->headline_marks,
                               first->headline_mark_count),
                        headline);
    assert_string_equal(marked(first->snippet, first->marks, first->mark_count),
                        snippet);
}

static void test_search__marks_what_matched(void **state)
{
    (void)state;
    check_snippet("storms eastern", "[Storm] hits the coast",
                  "A [storm] hit the [eastern] coast on Monday. Roofs were "
                  "torn off.");
    /* A phrase only where it stands, and as one. */
    check_snippet("\"the eastern coast\"", "Storm hits the coast",
                  "A storm hit [the eastern coast] on Monday. Roofs were torn "
                  "off.");
    check_snippet("headline:storm", "[Storm] hits the coast",
                  "A storm hit the eastern coast on Monday. Roofs were torn "
                  "off.");
    check_snippet("storm -letter date:2025-02-17", "[Storm] hits the coast",
                  "A [storm] hit the eastern coast on Monday. Roofs were torn "
                  "off.");
    check_snippet("waves", "Storm hits the coast", "[Waves] near Lowestoft");
    check_snippet("o'brien letter", "[O'Brien] resigns",
                  "Kate [O’Brien] resigns over a leaked [letter].");
    check_snippet("starmer cease-fire", "Ministers agree [cease-fire] terms",
                  "The [cease-fire] begins at dawn, Prime Minister "
                  "[Starmer]'s office said. NATO welcomed it.");
    check_snippet("date:2025-02-10", "A ceasefire at last",
                  "Both sides spoke of a ceasefire after the storm of "
                  "criticism.");
}

/* The parts of the first hit of a query, and their fields. */
static void check_parts(const char *query, const char *wanted)
{
    lede_buf parts = {0};

    found(query, NULL);
    for (uint32_t i = 0; i < hit(0)->part_count; i++) {
        const lede_hit_part *part = &hit(0)->parts[i];

        lede_buf_put_format(&parts, "%s%s: %s", i > 0 ? "; " : "", part->field,
                            marked(part->text, part->marks, part->mark_count));
    }
    assert_string_equal(parts.len > 0 ? lede_buf_text(&parts) : "", wanted);
    lede_buf_done(&parts);
}

static void test_search__marks_fields_that_no_passage_shows(void **state)
{
    (void)state;
    check_parts("author:oneill", "author: Ann [O'Neill]");
    check_parts("oneill storm", "author: Ann [O'Neill]");
    check_parts("source:argus credit:reuters role:correspondents",
                "role: [Correspondent]; credit: [Reuters]; source: [Argus]");
    check_parts("storm -author:lindqvist", "");
    check_parts("headline:storm caption:waves", "");
}

static void test_search__marks_words_with_gaps_between(void **state)
{
    (void)state;
    check_snippet("\"storm hit * eastern\"", "Storm hits the coast",
                  "A [storm hit] the [eastern] coast on Monday. Roofs were "
                  "torn off.");
}

static void test_search__snippets_are_cut_at_words(void **state)
{
    lede_search_options options = {0};
    const lede_hit *first;

    (void)state;
    options.snippet_bytes = 40;
    search("dawn", &options);
    first = hit(0);
    assert_true(first->snippet.len <= 40 + 6);
    assert_string_equal(marked(first->snippet, first->marks, first->mark_count),
                        "…begins at [dawn], Prime Minister Starmer's…");
}

static void test_search__explains_a_score(void **state)
{
    lede_search_options options = {0};
    const lede_explain *explain;
    double text = 0;
    uint32_t i;

    (void)state;
    options.explain = true;
    search("Storm coasts", &options);
    assert_true(lede_results_count(f.results) == 2);
    for (i = 0; i < 2; i++) {
        const lede_hit *h = hit(i);
        double product;
        uint32_t t;

        explain = h->explain;
        assert_non_null(explain);
        product = explain->text * explain->recency * (1 + explain->fit);
        assert_true(h->score > product - 1e-9 && h->score < product + 1e-9);
        assert_true(explain->fit >= 0 && explain->fit <= 1);
        product = (1 + explain->fit_parts.order + explain->fit_parts.near +
                   explain->fit_parts.exact + explain->fit_parts.headline +
                   explain->fit_parts.name) *
                  (1 + explain->fit_parts.typed);
        assert_true(fabs(product - 1 - explain->fit) < 1e-9);
        assert_true(explain->fit_parts.exact > 0);
        assert_true(explain->fit_parts.near > 0);
        for (t = 0, text = 0; t < explain->term_count; t++) {
            text += explain->terms[t].part;
        }
        assert_true(text > explain->text - 1e-9 && text < explain->text + 1e-9);
    }
    explain = hit(0)->explain;
    assert_int_equal(explain->term_count, 2);
    assert_string_equal(explain->terms[0].term, "storm");
    assert_string_equal(explain->terms[0].word, "Storm");
    assert_string_equal(explain->terms[0].fields, "headline, body");
    assert_string_equal(explain->terms[0].forms, "Storm, storm");
    assert_int_equal(explain->terms[0].frequency, 8);
    assert_int_equal(explain->terms[0].entry_count, 3);
    assert_string_equal(explain->terms[1].forms, "coast");
    assert_string_equal(explain->date_used, "published");
    assert_int_equal(explain->age_s, 0);
    assert_true(explain->recency == 1);
    assert_true(explain->length > 20 && explain->average_length > 10);
    search("obrien nothing", &options);
    assert_string_equal(hit(0)->explain->date_used, "none: no date is known");
    assert_int_equal(hit(0)->explain->age_s, -1);
}

static void test_search__notes_point_at_the_query(void **state)
{
    (void)state;
    search("storm colour:red", NULL);
    assert_int_equal(lede_results_note_count(f.results), 1);
    assert_int_equal(lede_results_note(f.results, 0).column, 6);
    search("storm", NULL);
    assert_int_equal(lede_results_note_count(f.results), 0);
}

/* A day is a date filter: recency no longer orders what it finds. */
static void test_search__a_day_of_any_year_turns_recency_off(void **state)
{
    lede_search_options options = {0};

    (void)state;
    options.explain = true;
    search("storm date:02-10..02-17", &options);
    assert_int_equal(lede_results_count(f.results), 2);
    assert_true(hit(0)->explain->recency >= 1);
    assert_true(hit(1)->explain->recency >= 1);
}

static void test_search__segments_make_no_difference(void **state)
{
    static const char *const queries[] = {"storm", "the", "storm coast",
                                          "cease-fire OR o'brien", "*"};
    char in_one[5][256];
    size_t i;

    (void)state;
    for (i = 0; i < 5; i++) {
        snprintf(in_one[i], sizeof in_one[i], "%s", found(queries[i], NULL));
    }
    tear_down(NULL);
    set_up_segments(NULL);
    for (i = 0; i < 5; i++) {
        assert_string_equal(found(queries[i], NULL), in_one[i]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_search__finds_what_the_language_says),
        TEST(test_search__relaxes_to_the_most_words),
        TEST(test_search__what_was_typed_comes_first),
        TEST(test_search__sorts_by_date_strictly),
        TEST(test_search__pages_are_pieces_of_one_order),
        TEST(test_search__recency_is_bounded_and_can_be_off),
        TEST(test_search__options_out_of_range_are_refused),
        TEST(test_search__marks_what_matched),
        TEST(test_search__marks_fields_that_no_passage_shows),
        TEST(test_search__marks_words_with_gaps_between),
        TEST(test_search__snippets_are_cut_at_words),
        TEST(test_search__explains_a_score),
        TEST(test_search__notes_point_at_the_query),
        TEST(test_search__a_day_of_any_year_turns_recency_off),
        TEST(test_search__segments_make_no_difference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
