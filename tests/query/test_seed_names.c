/* Whom and what places a real live page names: all that a careful reader would
 * list of each update, and nobody else; and which updates speak of somebody.
 * What a reader may list or leave out has a "~" before it. */
#include "names/corrections.h"
#include "query/engine.h"
#include "query/results.h"
#include "tests/support/check.h"

#include "indexer/indexer.h"
#include "tests/indexer/dump.h"

static lede_error err;

#define PAGE TEST_DATA("seed/000_b9efb1aebfcbfe1b.txt")

enum { UPDATES = 20, MOST = 32 };

/* By the update's number on the page: people by their full names, places with
 * their country ("-": none, or no place that the table has). */
static const struct gold {
    const char *people, *places;
} gold[UPDATES] = {
    {"Donald Tusk", "Europe -|Russia RU|Paris FR|Ukraine UA|United Kingdom GB"},
    {"", "Élysée Palace FR|Europe -|Paris FR|Ukraine UA"},
    {"", "Ukraine UA|Russia RU"},
    {"Donald Trump|Vladimir Putin|Pete Hegseth",
     "Ukraine UA|Palm Beach US|Florida US|Daytona Beach US|Mar-a-Lago US|"
     "Saudi Arabia SA|Palm Beach International Airport -"},
    {"Keir Starmer|Marco Rubio|Volodymyr Zelensky|Yuriy Ushakov|"
     "Sergei Lavrov|Donald Trump",
     "United Kingdom GB|Russia RU|Paris FR|Ukraine UA|United States US|"
     "Saudi Arabia SA|Europe -|Germany DE|Italy IT|Poland PL|Spain ES|"
     "Denmark DK|Kyiv UA"},
    {"", "United Kingdom GB|United States US|Europe -|Poland PL|Estonia EE"},
    {"Malcolm Chalmers", "United Kingdom GB|Ukraine UA|Russia RU|Europe -"},
    {"José Manuel Albares|Keir Starmer|Christiane Hoffmann|Donald Tusk|"
     "Ursula von Der Leyen",
     "Ukraine UA|United Kingdom GB|Spain ES|Russia RU|Paris FR|France FR|"
     "Germany DE|Poland PL|Kyiv UA|Europe -"},
    {"Sergei Lavrov|Vladimir Putin|Yuriy Ushakov|Donald Trump",
     "United States US|Ukraine UA|Saudi Arabia SA|Moscow RU|Russia RU|"
     "Riyadh SA|Washington US"},
    {"Kalob Byers|Dmitry Peskov|Marc Fogel",
     "Russia RU|United States US|Moscow Vnukovo International Airport -|"
     "~Moscow RU"},
    {"Vladimir Putin|Donald Trump|Sergei Lavrov",
     "Ukraine UA|Europe -|Paris FR|Moscow RU|United States US|Russia RU"},
    {"Emmanuel Macron|Keir Starmer|Donald Trump|Vladimir Putin",
     "France FR|Ukraine UA|United States US|Paris FR|Russia RU|Germany DE|"
     "Italy IT|Poland PL|Spain ES|Denmark DK|Saudi Arabia SA|Europe -|"
     "Élysée Palace FR"},
    {"Keir Starmer|Vladimir Putin",
     "United Kingdom GB|Ukraine UA|Paris FR|France FR|Germany DE|Europe -|"
     "Russia RU"},
    {"Keir Starmer", "United Kingdom GB|Ukraine UA"},
    {"Volodymyr Zelensky",
     "Ukraine UA|Saudi Arabia SA|United States US|Russia RU|"
     "United Arab Emirates AE|Kyiv UA"},
    {"Donald Trump|Sergei Lavrov|Vladimir Putin|Dmitry Peskov|Yuriy Ushakov",
     "Russia RU|United States US|Europe -|Riyadh SA|Ukraine UA"},
    {"Andrzej Duda|Keith Kellogg|Wojciech Kolarski",
     "United States US|Ukraine UA|Poland PL|Saudi Arabia SA|Kyiv UA|"
     "Presidential Palace -|Paris FR"},
    {"Sergei Lavrov",
     "Europe -|Ukraine UA|Russia RU|United States US|Saudi Arabia SA|"
     "Moscow RU"},
    {"Volodymyr Zelensky|Mohamed bin Zayed Al Nahyan",
     "United Arab Emirates AE|Russia RU|Ukraine UA|Abu Dhabi AE"},
    {"Péter Szijjártó|Murat Nurtleu|Donald Trump|Vladimir Putin|Viktor Orban",
     "Paris FR|Ukraine UA|Hungary HU|Kazakhstan KZ|Astana KZ"},
};

/* The updates that are found, by their numbers. */
static const struct question {
    const char *query, *numbers;
} questions[] = {
    {"person:lavrov", "5 9 11 16 18"},
    {"person:\"sergei lavrov\"", "5 9 11 16 18"},
    {"person:ushakov", "5 9 16"},
    {"person:tusk", "1 8"},
    {"person:putin", "4 9 11 12 13 16 20"},
    {"person:starmer", "5 8 12 13 14"},
    {"person:zelenskyy", "5 15 19"},
    {"person:getty", ""},
    {"person:verify", ""},
    {"person:epa", ""},
    {"place:riyadh", "9 16"},
    {"place:daytona", "4"},
    {"place:astana", "20"},
    {"place:kiev", "5 8 15 17"},
    {"place:\"élysée palace\"", "2 12"},
    {"from:paris", "2 9 11"},
    {"from:moscow", "16"},
    {"from:\"palm beach\"", "4"},
};

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
    const char *path = PAGE;

    assert_non_null(f);
    *state = f;
    if (access(PAGE, R_OK) != 0) {
        return 0;
    }
    f->folder = folder_new();
    assert_ok(lede_naming_open(LEDE_TEST_SHARE, NULL, NULL, &f->naming, &err));
    options.naming = &f->naming;
    f->archive = open_archive(in_folder(f->folder, "archive"));
    assert_ok(lede_index_paths(f->archive, &path, 1, &options, &report, &err));
    assert_int_equal(report.entries_added, UPDATES);
    assert_ok(lede_snapshot_open(f->archive, &f->snapshot, &err));
    assert_ok(lede_engine_of_snapshot(f->snapshot, &f->engine, &err));
    f->engine->gazetteer = f->naming.gazetteer;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;

    if (f->folder != NULL) {
        lede_engine_close(f->engine);
        lede_snapshot_close(f->snapshot);
        lede_archive_close(f->archive);
        lede_naming_close(&f->naming);
        folder_remove(f->folder);
    }
    free(f);
    return 0;
}

typedef struct tally {
    unsigned wanted, found, invented;
} tally;

/* Cuts a list at its bars. */
static unsigned split(const char *list, lede_span out[MOST])
{
    unsigned count = 0;

    while (*list != '\0') {
        size_t len = strcspn(list, "|");

        assert_true(count < MOST);
        out[count++] = lede_span_of(list, len);
        list += len + (list[len] == '|');
    }
    return count;
}

static void compare(uint32_t number, const char *list, const lede_span *got,
                    uint32_t got_count, tally *all)
{
    lede_span wanted[MOST];
    bool seen[MOST] = {false};
    unsigned count = split(list, wanted);
    uint32_t i;
    unsigned k;

    for (i = 0; i < got_count; i++) {
        for (k = 0; k < count; k++) {
            bool maybe = wanted[k].bytes[0] == '~';

            if (lede_span_equal(got[i],
                                lede_span_part(wanted[k], maybe, SIZE_MAX))) {
                all->found += !maybe;
                seen[k] = true;
                break;
            }
        }
        if (k == count) {
            print_message("update %u: nobody would list %.*s\n", number,
                          (int)got[i].len, (const char *)got[i].bytes);
            all->invented++;
        }
    }
    for (k = 0; k < count; k++) {
        bool maybe = wanted[k].bytes[0] == '~';

        all->wanted += !maybe;
        if (!maybe && !seen[k]) {
            print_message("update %u: without %.*s\n", number,
                          (int)wanted[k].len, (const char *)wanted[k].bytes);
        }
    }
}

static void compare_people(const lede_hit *hit, tally *all)
{
    lede_span got[MOST] = {{0}};
    uint32_t i;

    assert_true(hit->person_count <= MOST);
    for (i = 0; i < hit->person_count; i++) {
        got[i] = hit->people[i].name;
    }
    compare(hit->entry->ordinal, gold[hit->entry->ordinal - 1].people, got, i,
            all);
}

static void compare_places(const lede_hit *hit, tally *all)
{
    lede_span got[MOST] = {{0}};
    lede_buf texts[MOST] = {{0}};
    uint32_t i;

    assert_true(hit->place_count <= MOST);
    for (i = 0; i < hit->place_count; i++) {
        const lede_hit_name *place = &hit->places[i];

        lede_buf_put_span(&texts[i], place->name);
        lede_buf_put_byte(&texts[i], ' ');
        lede_buf_put_text(&texts[i],
                          place->country[0] == '\0' ? "-" : place->country);
        got[i] = lede_buf_span(&texts[i]);
    }
    compare(hit->entry->ordinal, gold[hit->entry->ordinal - 1].places, got, i,
            all);
    while (i > 0) {
        lede_buf_done(&texts[--i]);
    }
}

static double percent(unsigned part, unsigned whole)
{
    return whole == 0 ? 100 : 100.0 * part / whole;
}

static void show(const char *what, const tally *all)
{
    print_message("%s: precision %.1f recall %.1f (%u of %u)\n", what,
                  percent(all->found, all->found + all->invented),
                  percent(all->found, all->wanted), all->found, all->wanted);
}

static lede_results *search(const fixture *f, const char *query)
{
    lede_search_options options = {
        .limit = 100, .no_relax = true, .unfolded = true};
    lede_results *results = NULL;

    assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                 &results, &err));
    return results;
}

static void test_seed_names__are_those_that_a_reader_lists(void **state)
{
    const fixture *f = *state;
    lede_results *results;
    tally people = {0}, places = {0};
    uint32_t i;

    skip_without_data(PAGE);
    results = search(f, "date:2025");
    assert_int_equal(lede_results_count(results), UPDATES);
    for (i = 0; i < UPDATES; i++) {
        const lede_hit *hit = NULL;

        assert_ok(lede_results_get(results, i, &hit, &err));
        compare_people(hit, &people);
        compare_places(hit, &places);
    }
    lede_results_free(results);
    show("people", &people);
    show("places", &places);
    assert_int_equal(people.found, people.wanted);
    assert_int_equal(people.invented, 0);
    assert_int_equal(places.found, places.wanted);
    assert_int_equal(places.invented, 0);
}

static void test_seed_names__find_what_speaks_of_them(void **state)
{
    const fixture *f = *state;
    size_t q;

    skip_without_data(PAGE);
    for (q = 0; q < sizeof questions / sizeof questions[0]; q++) {
        lede_results *results = search(f, questions[q].query);
        bool found[UPDATES + 1] = {false};
        char numbers[128] = "";
        uint32_t i;

        for (i = 0; i < lede_results_count(results); i++) {
            const lede_hit *hit = NULL;

            assert_ok(lede_results_get(results, i, &hit, &err));
            assert_true(hit->entry->ordinal <= UPDATES);
            found[hit->entry->ordinal] = true;
        }
        lede_results_free(results);
        for (i = 1; i <= UPDATES; i++) {
            size_t at = strlen(numbers);

            if (found[i]) {
                snprintf(numbers + at, sizeof numbers - at, "%s%u",
                         at > 0 ? " " : "", i);
            }
        }
        if (strcmp(numbers, questions[q].numbers) != 0) {
            print_error("%s finds %s\n", questions[q].query, numbers);
        }
        assert_string_equal(numbers, questions[q].numbers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seed_names__are_those_that_a_reader_lists),
        cmocka_unit_test(test_seed_names__find_what_speaks_of_them),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
