/* person: by other spellings of a name: what is joined, and what is not. */
#include "indexer/indexer.h"
#include "names/corrections.h"
#include "query/engine.h"
#include "query/results.h"
#include "tests/indexer/dump.h"
#include "tests/support/check.h"

static lede_error err;

/* The number of a line is the day of its date and 1. */
static const char *const lines[] = {
    "The leader Muammar Gaddafi spoke in Tripoli. Mr Gaddafi said no.",
    "The leader Muammar Qaddafi spoke in Tripoli. Mr Qaddafi said yes.",
    "Colonel Moammar Kadhafi spoke in Rome. Mr Kadhafi said nothing.",
    "President Volodymyr Zelensky flew to London. Mr Zelensky was late.",
    "The adviser Yuriy Ushakov came to Riyadh. Mr Ushakov was early.",
    "The adviser Yuri Ushakov left Riyadh. Mr Ushakov was tired.",
    "Mr John Petersen met Mr Paul Peterson in Oslo. Mr Petersen sang.",
    "Mr Kevin Hoffman went home, said Ann Smith. Mr Hoffman was tired.",
    "Mr Peter Hofmann sang in Bonn. Mr Hofmann was loved.",
    "Mr Mark Thompson and Mr Jonathan Sheppard met Mr Jonathan Shepperd.",
    "Mr Jonathan Sheppard went to Leeds. Mr Sheppard was glad.",
    "The leader Muammar Gaddafi spoke in Tripoli. Mr Gaddafi said no.",
    "The leader Muammar Gaddafi spoke in Tripoli. Mr Gaddafi said so.",
};
enum { LINES = sizeof lines / sizeof lines[0] };

typedef struct fixture {
    char *folder;
    lede_naming naming;
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_engine *engine;
} fixture;

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    lede_index_report report;
    lede_index_options options = {.read = {.now = 2000000000}};
    lede_buf text = {0};
    const char *path;
    unsigned i;

    assert_non_null(f);
    f->folder = folder_new();
    for (i = 0; i < LINES; i++) {
        lede_buf_put_format(&text,
                            "{\"id\": \"urn:lede-test:%04u\", \"headline\": "
                            "\"News\", \"date\": \"2025-02-%02uT10:00:00Z\", "
                            "\"body\": \"%s\"}\n",
                            i, 1 + i, lines[i]);
    }
    path = in_folder(f->folder, "news.jsonl");
    write_file(path, lede_buf_text(&text));
    lede_buf_done(&text);
    assert_ok(lede_naming_open(LEDE_TEST_SHARE, NULL, NULL, &f->naming, &err));
    options.naming = &f->naming;
    f->archive = open_archive(in_folder(f->folder, "archive"));
    assert_ok(lede_index_paths(f->archive, &path, 1, &options, &report, &err));
    assert_int_equal(report.entries_added, LINES);
    assert_ok(lede_snapshot_open(f->archive, &f->snapshot, &err));
    assert_ok(lede_engine_of_snapshot(f->snapshot, &f->engine, &err));
    f->engine->gazetteer = f->naming.gazetteer;
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
    folder_remove(f->folder);
    free(f);
    return 0;
}

/* The days of the entries found, in their order: "1 2", with the first note
 * behind, if there is one: "1 2: also Gaddafi; ...". */
static const char *find(fixture *f, const char *query)
{
    static char found[512];
    lede_search_options options = {.no_recency = true};
    lede_results *results = NULL;
    uint32_t days = 0, i;

    found[0] = '\0';
    assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                 &results, &err));
    for (i = 0; i < lede_results_count(results); i++) {
        const lede_hit *hit = NULL;

        assert_ok(lede_results_get(results, i, &hit, &err));
        days |=
            1u << ((hit->entry->published.instant - 1738404000) / 86400 + 1);
    }
    for (i = 1; i <= LINES; i++) {
        size_t at = strlen(found);

        if ((days >> i & 1) != 0) {
            snprintf(found + at, sizeof found - at, "%s%u", at > 0 ? " " : "",
                     i);
        }
    }
    for (i = 0; i < lede_results_note_count(results) && i < 1; i++) {
        size_t at = strlen(found);

        snprintf(found + at, sizeof found - at, ": %s",
                 lede_results_note(results, i).text);
    }
    lede_results_free(results);
    return found;
}

static void test_spellings__of_a_last_name_are_found(void **state)
{
    fixture *f = *state;

    assert_string_equal(
        find(f, "person:gaddafi"),
        "1 2 3 12 13: also Kadhafi, Qaddafi; person:=gaddafi finds "
        "this spelling only");
    assert_string_equal(find(f, "person:Zelenskyy"),
                        "4: also Zelensky; person:=Zelenskyy finds this "
                        "spelling only");
    assert_string_equal(find(f, "person:=gaddafi"), "1 12 13");
    assert_string_equal(find(f, "person:zelensky"), "4");
    assert_string_equal(find(f, "gaddafi"), "1 12 13");
}

/* Three entries have Gaddafi and one Qaddafi: being rarer is no merit. */
static void test_spellings__stand_behind_what_was_typed(void **state)
{
    static const char *const queries[] = {"person:gaddafi",
                                          "person:\"muammar gaddafi\""};
    fixture *f = *state;
    lede_search_options options = {.no_recency = true};

    for (unsigned q = 0; q < 2; q++) {
        lede_results *results = NULL;

        assert_ok(lede_engine_search(f->engine, lede_span_text(queries[q]),
                                     &options, &results, &err));
        assert_int_equal(lede_results_total(results), 5);
        for (uint32_t i = 0; i < 5; i++) {
            const lede_hit *hit = NULL;

            assert_ok(lede_results_get(results, i, &hit, &err));
            assert_int_equal(hit->match_count, 1);
            assert_int_equal(
                lede_span_is(hit->matches[0].form, "Muammar Gaddafi"), i < 3);
        }
        lede_results_free(results);
    }
}

static void test_spellings__of_a_full_name_are_found(void **state)
{
    fixture *f = *state;

    assert_string_equal(find(f, "person:\"yuri ushakov\""),
                        "5 6: also Yuriy Ushakov; person:=\"yuri ushakov\" "
                        "finds this spelling only");
    assert_string_equal(find(f, "person:=\"yuri ushakov\""), "6");
    assert_string_equal(find(f, "person:\"moammar gadhafi\""),
                        "1 2 3 12 13: also Muammar Gaddafi, Moammar Kadhafi, "
                        "Muammar Qaddafi; person:=\"moammar gadhafi\" finds "
                        "this spelling only");
}

/* Two countries' names, short names, and two people whom one entry names or
 * whose forenames say so. */
static void test_spellings__of_somebody_else_are_not(void **state)
{
    fixture *f = *state;

    assert_string_equal(find(f, "person:petersen"), "7");
    assert_string_equal(find(f, "person:smyth"), "");
    assert_string_equal(find(f, "person:hoffman"), "8");
    assert_string_equal(find(f, "person:hofmann"), "9");
    assert_string_equal(find(f, "person:thomson"), "");
    assert_string_equal(find(f, "person:\"paul gaddafi\""), "");
    assert_string_equal(find(f, "person:sheppard"), "10 11");
    assert_string_equal(find(f, "person:shepperd"), "10");
    assert_string_equal(find(f, "person:\"jonathan shepperd\""), "10");
}

static void test_spellings__stand_behind_corrections(void **state)
{
    fixture *f = *state;
    lede_corrections *corrections = NULL;

    assert_ok(lede_corrections_parse(
        lede_span_text("hide person \"Qaddafi\"\n"
                       "merge person \"Yuriy Ushakov\" \"Y. Ushakov\"\n"),
        &corrections, &err));
    f->engine->corrections = corrections;
    assert_string_equal(find(f, "person:gaddafi"),
                        "1 3 12 13: also Kadhafi; person:=gaddafi finds this "
                        "spelling only");
    assert_string_equal(find(f, "person:\"yuri ushakov\""), "6");
    f->engine->corrections = NULL;
    lede_corrections_free(corrections);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_spellings__of_a_last_name_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_spellings__stand_behind_what_was_typed, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_spellings__of_a_full_name_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_spellings__of_somebody_else_are_not, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_spellings__stand_behind_corrections, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
