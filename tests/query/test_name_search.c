/* person:, place: and from: on an archive that names were looked for in: the
 * entries that they should find are computed anew, from the lists of names and
 * the words of the entries. */
#include <unistd.h>

#include "base/entry_terms.h"
#include "names/corrections.h"
#include "names/gazetteer.h"
#include "names/variants.h"
#include "query/engine.h"
#include "query/mentions.h"
#include "query/proposals.h"
#include "query/results.h"
#include "storage/record.h"
#include "tests/support/check.h"

#include "indexer/indexer.h"
#include "tests/indexer/dump.h"

static lede_error err;

static const char *const lines[] = {
    "Talks in Kyiv|The minister Sergei Lavrov met Mr Keir Starmer in Kyiv.",
    "A walk|Mr Starmer went to Paris. Starmer said he liked it in Paris.",
    "Floods|The river rose in Kyiv and in Odesa, Ukraine, on Monday.",
    "Texas|The fire in Paris, Texas, was put out, said Ann O'Brien.",
    "A star|The starmer was a boat, and nobody knew the word lavrov.",
    "Visit|President Volodymyr Zelensky flew to Washington.",
    "Visit|Vladimir Zelenskiy flew to London on Tuesday.",
    "Art|Mr Paris Jackson came to see Mr Washington in London.",
    "Letters|He wrote to Dublin, and to the people of Riyadh.",
    "Nothing|It was a quiet day in the house.",
    "Fair|The fair opened in Birmingham, Alabama, on Friday.",
    "Vote|The vote in Victoria, Australia, was close.",
    "Texan|President George W. Bush rode. Mr Bush was glad, George W. said.",
    "Aide|Mr Yuri Viktorovich Ushakov sat down in New York. Yuri Ushakov rose.",
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
        const char *bar = strchr(lines[i], '|');

        lede_buf_put_format(
            &text,
            "{\"id\": \"urn:lede-test:%04u\", \"headline\": \"%.*s\", "
            "\"date\": \"2025-02-%02uT10:00:00Z\", \"author\": \"Sergei "
            "Byliner\", \"body\": \"%s\"}\n",
            i, (int)(bar - lines[i]), lines[i], 1 + i, bar + 1);
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

/* Numbers of the lines found, best first: "0 1". */
static const char *find(fixture *f, const char *query)
{
    static char found[256];
    lede_search_options options = {.no_recency = true};
    lede_results *results = NULL;
    uint32_t i;

    found[0] = '\0';
    assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                 &results, &err));
    for (i = 0; i < lede_results_count(results); i++) {
        const lede_hit *hit = NULL;
        size_t at = strlen(found);

        assert_ok(lede_results_get(results, i, &hit, &err));
        /* the day of the date is the line's number and 1 */
        snprintf(found + at, sizeof found - at, "%s%d", at > 0 ? " " : "",
                 (int)((hit->entry->published.instant - 1738404000) / 86400));
    }
    assert_int_equal(lede_results_total(results), lede_results_count(results));
    lede_results_free(results);
    return found;
}

static bool has_note(fixture *f, const char *query, const char *note)
{
    lede_search_options options = {0};
    lede_results *results = NULL;
    bool has = false;
    uint32_t i;

    assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                 &results, &err));
    for (i = 0; i < lede_results_note_count(results); i++) {
        has = has || strstr(lede_results_note(results, i).text, note) != NULL;
    }
    lede_results_free(results);
    return has;
}

/* How many hits the ledger has of a class. */
static uint64_t class_of(fixture *f, const char *query, lede_matched matched)
{
    uint64_t counts[LEDE_MATCHED_COUNT];
    lede_search_options options = {0};
    lede_results *results = NULL;

    assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                 &results, &err));
    assert_ok(lede_results_ledger(results, counts, &err));
    assert_int_equal(counts[LEDE_MATCHED_ANY], lede_results_total(results));
    assert_int_equal(counts[LEDE_MATCHED_EXACT] + counts[LEDE_MATCHED_STEM] +
                         counts[LEDE_MATCHED_ALIAS] +
                         counts[LEDE_MATCHED_FUZZY],
                     counts[LEDE_MATCHED_ANY]);
    lede_results_free(results);
    return counts[matched];
}

static void test_person__finds_who_is_spoken_of(void **state)
{
    fixture *f = *state;

    assert_string_equal(find(f, "person:lavrov"), "0");
    assert_string_equal(find(f, "person:starmer"), "1 0");
    assert_string_equal(find(f, "person:\"keir starmer\""), "0");
    assert_string_equal(find(f, "person:o'brien"), "3");
    assert_string_equal(find(f, "person:OBrien"), "3");
    assert_string_equal(find(f, "person:byliner"), "");
    assert_string_equal(find(f, "person:\"Mr Starmer\""), "1 0");
    assert_string_equal(find(f, "person:\"prime minister Keir Starmer\""), "0");
    assert_string_equal(find(f, "person:\"Mr. Lavrov\""), "0");
    assert_string_equal(find(f, "person:=\"Mr Lavrov\""), "");
    assert_true(has_note(f, "person:\"Mr Starmer\"", "'Mr' is a title"));
    assert_false(has_note(f, "person:\"Keir Starmer\"", "is a title"));
    assert_string_equal(find(f, "person:washington"), "7");
    assert_string_equal(find(f, "-person:starmer kyiv"), "2");
    assert_string_equal(find(f, "person:(starmer OR =zelensky)"), "5 1 0");
    assert_string_equal(find(f, "person:zelensky"), "5 6"); /* spelled so too */
    assert_string_equal(find(f, "person:=zelensky"), "5");
}

static void test_place__finds_it_by_any_name_and_what_is_inside(void **state)
{
    fixture *f = *state;

    assert_string_equal(find(f, "place:kiev"), find(f, "place:kyiv"));
    assert_string_equal(find(f, "place:=kiev"), "");
    assert_string_equal(find(f, "place:paris"), "1");
    assert_string_equal(find(f, "place:\"paris, texas\""), "3");
    assert_string_equal(find(f, "place:texas"), "3");
    assert_string_equal(find(f, "place:ireland"), "8");
    assert_string_equal(find(f, "place:=ireland"), "");
    assert_string_equal(find(f, "place:washington"), "5");
    assert_true(has_note(f, "place:paris", "Paris, France (or Paris, Texas?)"));
    assert_false(has_note(f, "place:\"paris, texas\"", "or"));
}

/* The largest Birmingham is in England, and the weightiest that goes by
 * Victoria is Hong Kong. */
static void test_place__is_one_that_the_archive_has(void **state)
{
    fixture *f = *state;

    assert_string_equal(find(f, "place:birmingham"), "10");
    assert_true(has_note(f, "place:birmingham",
                         "Birmingham, Alabama (or Birmingham, United "
                         "Kingdom?)"));
    assert_string_equal(find(f, "place:\"birmingham, england\""), "");
    assert_string_equal(find(f, "place:victoria"), "11");
    /* The archive has neither. */
    assert_true(has_note(f, "place:manchester", "Manchester, United Kingdom"));
    assert_true(has_note(f, "place:valencia", "Valencia, Spain"));
}

/* What the words alone find stands behind, and says so. */
/* By its id, too, it is no person who is called so, nor another place. */
static void test_place__is_the_same_by_id(void **state)
{
    fixture *f = *state;

    assert_string_equal(find(f, "place:g703448"), find(f, "place:kyiv"));
    assert_string_equal(find(f, "place:g2988507"), "1");
    assert_string_equal(find(f, "place:g2988507"), find(f, "place:paris"));
    assert_string_equal(find(f, "place:g4717560"),
                        find(f, "place:\"paris, texas\""));
}

static void test_names__tell_what_was_recognised(void **state)
{
    fixture *f = *state;
    lede_search_options options = {.no_recency = true};
    lede_results *results = NULL;
    const lede_hit *hit = NULL;

    assert_ok(lede_engine_search(f->engine, lede_span_text("person:starmer"),
                                 &options, &results, &err));
    assert_ok(lede_results_get(results, 1, &hit, &err));
    assert_int_equal(hit->match_count, 1);
    assert_string_equal(hit->matches[0].field, "person");
    assert_true(hit->matches[0].is_recognized);
    assert_true(lede_span_is(hit->matches[0].form, "Keir Starmer"));
    assert_int_equal(hit->person_count, 2);
    assert_int_equal(hit->place_count, 1);
    assert_true(lede_span_is(hit->places[0].name, "Kyiv"));
    assert_true(lede_span_is(hit->places[0].id, "g703448"));
    assert_string_equal(hit->places[0].country, "UA");
    assert_true(hit->places[0].lat > 50.3 && hit->places[0].lat < 50.6);
    lede_results_free(results);
    assert_ok(lede_engine_search(f->engine, lede_span_text("person:monday"),
                                 &options, &results, &err));
    assert_int_equal(lede_results_total(results), 1);
    assert_ok(lede_results_get(results, 0, &hit, &err));
    assert_false(hit->matches[0].is_recognized);
    assert_true(lede_span_is(hit->matches[0].form, "Monday"));
    lede_results_free(results);
}

/* The names of the query that the line's hit answers: "Lavrov:Sergei Lavrov",
 * those that are in the text alone with a "?". */
static const char *answers(fixture *f, const char *query, unsigned line)
{
    static char text[256];
    lede_search_options options = {.unlimited = true};
    lede_results *results = NULL;

    text[0] = '\0';
    assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                 &results, &err));
    for (uint32_t i = 0; i < lede_results_count(results); i++) {
        const lede_hit *hit = NULL;

        assert_ok(lede_results_get(results, i, &hit, &err));
        if ((hit->entry->published.instant - 1738404000) / 86400 != line) {
            continue;
        }
        for (uint32_t k = 0; k < hit->match_count; k++) {
            const lede_hit_match *m = &hit->matches[k];
            size_t at = strlen(text);

            snprintf(text + at, sizeof text - at, "%s%.*s:%.*s%s",
                     at > 0 ? "; " : "", (int)m->typed.len,
                     (const char *)m->typed.bytes, (int)m->form.len,
                     (const char *)m->form.bytes, m->is_recognized ? "" : "?");
        }
    }
    lede_results_free(results);
    return text;
}

static void test_names__tell_only_what_an_entry_has(void **state)
{
    fixture *f = *state;

    assert_string_equal(answers(f, "person:lavrov OR kyiv", 0),
                        "lavrov:Sergei Lavrov");
    assert_string_equal(answers(f, "person:lavrov OR kyiv", 2), "");
    assert_string_equal(answers(f, "kyiv -person:monday", 0), "");
    assert_string_equal(answers(f, "kyiv -person:starmer", 2), "");
    /* The boat is none, nor is Monday half of a Blue Monday. */
    assert_string_equal(answers(f, "boat OR person:starmer", 4), "");
    assert_string_equal(answers(f, "person:\"on monday\"", 2),
                        "on monday:on Monday?");
    assert_string_equal(
        answers(f, "river OR person:\"blue monday\" OR person:monday", 2),
        "monday:Monday?");
}

static void check_recognized(fixture *f, const char *query, bool wanted,
                             uint64_t count)
{
    lede_search_options options = {0};
    lede_results *results = NULL;
    uint64_t got = 0;
    bool has = false;

    assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                 &results, &err));
    assert_ok(lede_results_recognized(results, &has, &got, &err));
    assert_int_equal(has, wanted);
    assert_int_equal(got, count);
    lede_results_free(results);
}

static void test_names__are_counted_as_recognised(void **state)
{
    fixture *f = *state;

    check_recognized(f, "person:starmer", true, 2);
    check_recognized(f, "person:monday", true, 0);
    check_recognized(f, "person:(monday OR starmer)", true, 2);
    check_recognized(f, "person:monday OR kyiv", true, 2);
    check_recognized(f, "kyiv -person:monday", false, 1);
    check_recognized(f, "kyiv", false, 2);
}

static void test_person__may_have_a_middle_name(void **state)
{
    fixture *f = *state;

    assert_string_equal(find(f, "person:\"george bush\""), "12");
    assert_string_equal(find(f, "person:=\"george bush\""), "");
    assert_string_equal(find(f, "person:\"george w bush\""), "12");
    assert_string_equal(find(f, "person:\"bush george\""), "");
    assert_string_equal(find(f, "person:\"President George Bush\""), "12");
    assert_string_equal(find(f, "glad -person:\"george bush\""), "");
    assert_string_equal(answers(f, "person:\"george bush\"", 12),
                        "george bush:George W. Bush");
    assert_int_equal(class_of(f, "person:\"george bush\"", LEDE_MATCHED_ALIAS),
                     1);
    /* As the entry has it besides its longest form. */
    assert_string_equal(find(f, "person:=\"yuri ushakov\""), "13");
    assert_string_equal(answers(f, "person:=\"yuri ushakov\"", 13),
                        "yuri ushakov:Yuri Viktorovich Ushakov");
    assert_int_equal(class_of(f, "person:\"yuri ushakov\"", LEDE_MATCHED_EXACT),
                     1);
    assert_string_equal(find(f, "place:york"), "");
    assert_true(has_note(f, "place:LA", "read as Los Angeles, California"));
    assert_false(has_note(f, "place:UK", "read as"));
    assert_true(has_note(f, "place:europe", "not by the countries in it"));
    assert_false(has_note(f, "place:=europe", "countries in it"));
    assert_false(has_note(f, "place:\"black sea\"", "countries in it"));
}

static void test_names__stand_near_by_any_name(void **state)
{
    fixture *f = *state;

    assert_string_equal(find(f, "place:kiev NEAR/5 met"), "0");
    assert_string_equal(answers(f, "place:kiev NEAR/5 met", 0), "kiev:Kyiv");
    assert_string_equal(find(f, "place:=kiev NEAR/5 met"), "");
    assert_string_equal(find(f, "person:\"Mr Starmer\" NEAR/5 met"), "0");
    assert_string_equal(answers(f, "person:lavrov NEAR/5 person:starmer", 0),
                        "lavrov:Lavrov; starmer:Starmer");
    assert_int_equal(strlen(find(f, "person:zelensky NEAR/3 flew")), 3);
    assert_string_equal(answers(f, "person:zelensky NEAR/3 flew", 6),
                        "zelensky:Zelenskiy");
    assert_string_equal(find(f, "person:=zelensky NEAR/3 flew"), "5");
    assert_int_equal(
        class_of(f, "person:zelensky NEAR/3 flew", LEDE_MATCHED_ALIAS), 1);
    assert_int_equal(class_of(f, "place:kiev NEAR/5 met", LEDE_MATCHED_ALIAS),
                     1);
    /* The boat is nobody. */
    assert_string_equal(find(f, "person:starmer NEAR/5 boat"), "");
    assert_string_equal(find(f, "met -(place:kiev NEAR/5 met)"), "");
}

static void test_names__are_corrected_by_a_file(void **state)
{
    fixture *f = *state;
    lede_corrections *corrections = NULL;

    assert_ok(lede_corrections_parse(
        lede_span_text("merge person \"Volodymyr Zelensky\" \"Vladimir "
                       "Zelenskiy\"\n"
                       "hide person \"Lavrov\"\n"),
        &corrections, &err));
    f->engine->corrections = corrections;
    assert_string_equal(find(f, "person:zelensky"), "5 6");
    assert_int_equal(strlen(find(f, "person:zelenskiy")), 3); /* both */
    assert_string_equal(find(f, "person:=zelensky"), "5");
    f->engine->corrections = NULL;
    lede_corrections_free(corrections);
}

/* --- The twin ---------------------------------------------------------------
 */

static bool has_key_word(lede_span key, const char *word)
{
    size_t len = strlen(word), at;

    for (at = 0; at + len <= key.len; at++) {
        if (memcmp(key.bytes + at, word, len) == 0 &&
            (at == 0 || key.bytes[at - 1] == ' ') &&
            (at + len == key.len || key.bytes[at + len] == ' ')) {
            return true;
        }
    }
    return false;
}

/* Whether the list has a person (or place) with the word in its name. */
static bool list_has(lede_span list, uint8_t kind, const char *word)
{
    lede_name_reader reader = lede_name_reader_of(list);
    lede_named named;
    bool has = false;

    while (lede_name_reader_next(&reader, &named)) {
        uint32_t i;

        for (i = 0; i <= named.form_count; i++) {
            lede_buf key = {0};

            lede_fold_text(i == 0 ? named.name : named.forms[i - 1], true,
                           &key);
            has = has || (named.kind == kind && named.mentions > 0 &&
                          has_key_word(lede_buf_span(&key), word));
            lede_buf_done(&key);
        }
    }
    return has;
}

static bool text_has(lede_analyzer *analyzer, const lede_entry *entry,
                     const char *word)
{
    lede_entry_walk walk;
    lede_occurrence o;
    bool has = false;

    lede_entry_walk_init(&walk, analyzer, entry);
    while (lede_entry_walk_next(&walk, &o)) {
        has = has ||
              (o.field < LEDE_DEFAULT_FIELDS && o.field != LEDE_FIELD_AUTHOR &&
               lede_span_is(o.token.word, word) &&
               o.token.letter_case != LEDE_CASE_LOWER);
    }
    return has;
}

/* Another spelling that the texts have, or the same. */
static const char *other_spelling(const char *word)
{
    return strcmp(word, "zelensky") == 0 ? "zelenskiy" : word;
}

/* person:w and place:=w for every word of the texts. */
static void check_word(fixture *f, lede_analyzer *analyzer, const char *word)
{
    const char *other = other_spelling(word);
    const lede_segment *segment = lede_snapshot_segment(f->snapshot, 0);
    lede_buf record = {0};
    lede_arena arena = {0};
    char query[64];
    unsigned kind, i;

    for (kind = 0; kind < 2; kind++) {
        unsigned wanted = 0, got = 0;
        lede_search_options options = {.unlimited = true};
        lede_results *results = NULL;

        for (i = 0; i < lede_segment_entries(segment); i++) {
            lede_entry entry;
            lede_span list;
            bool person, place, own;

            lede_arena_clear(&arena);
            assert_ok(lede_segment_record(segment, i, &record, &err));
            assert_ok(lede_record_decode(lede_buf_span(&record), &arena, &entry,
                                         &err));
            assert_ok(lede_segment_names(segment, i, &list, &err));
            person = list_has(list, LEDE_NAMED_PERSON, word) ||
                     list_has(list, LEDE_NAMED_PERSON, other);
            place = list_has(list, LEDE_NAMED_PLACE, word);
            own = kind == 0 ? person : place;
            wanted += own || (text_has(analyzer, &entry, word) &&
                              !(kind == 0 ? place : person));
        }
        snprintf(query, sizeof query, "%s%s",
                 kind == 0 ? "person:" : "place:=", word);
        assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                     &results, &err));
        got = (unsigned)lede_results_total(results);
        lede_results_free(results);
        if (got != wanted) {
            fail_msg("'%s' finds %u entries, not %u", query, got, wanted);
        }
    }
    lede_arena_done(&arena);
    lede_buf_done(&record);
}

static void test_names__find_what_a_slower_way_finds(void **state)
{
    static const char *const words[] = {
        "lavrov", "starmer",  "keir",      "kyiv",  "paris",  "texas",
        "odesa",  "ukraine",  "monday",    "ann",   "fire",   "washington",
        "london", "zelensky", "volodymyr", "river", "riyadh", "dublin",
        "talks",  "art",      "jackson",   "the",   "sergei", "president"};
    fixture *f = *state;
    lede_analyzer *analyzer = NULL;
    unsigned i;

    assert_int_equal(lede_snapshot_segment_count(f->snapshot), 1);
    assert_ok(lede_analyzer_new(&analyzer, &err));
    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        check_word(f, analyzer, words[i]);
    }
    lede_analyzer_free(analyzer);
}

/* A live page of an evening: each entry that speaks of Sergei Lavrov, all of
 * them recognised, and no other. */
static void test_person__finds_each_entry_of_a_page(void **state)
{
    static const char *const seed = LEDE_TEST_DATA_DIR "/seed";
    fixture *f = *state;
    lede_index_options options = {.read = {.now = 2000000000},
                                  .naming = &f->naming};
    lede_search_options all = {.unlimited = true};
    lede_index_report report;
    lede_archive *archive;
    lede_snapshot *snapshot = NULL;
    lede_engine *engine = NULL;
    lede_results *results = NULL;
    uint64_t words;
    uint32_t i;

    if (access(seed, R_OK) != 0) {
        print_message("skipped: no %s\n", seed);
        skip();
    }
    archive = open_archive(in_folder(f->folder, "seed"));
    assert_ok(lede_index_paths(archive, &seed, 1, &options, &report, &err));
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    assert_ok(lede_engine_of_snapshot(snapshot, &engine, &err));
    engine->gazetteer = f->naming.gazetteer;
    assert_ok(lede_engine_search(engine, lede_span_text("=Lavrov"), &all,
                                 &results, &err));
    words = lede_results_total(results);
    lede_results_free(results);
    assert_true(words > 0);
    assert_ok(lede_engine_search(engine, lede_span_text("person:lavrov"), &all,
                                 &results, &err));
    assert_int_equal(lede_results_total(results), words);
    for (i = 0; i < lede_results_count(results); i++) {
        const lede_hit *hit = NULL;

        assert_ok(lede_results_get(results, i, &hit, &err));
        assert_true(hit->matches[0].is_recognized);
    }
    lede_results_free(results);
    lede_engine_close(engine);
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
}

/* --- Corrections ------------------------------------------------------------
 */

static lede_corrections *correct(fixture *f, const char *text)
{
    lede_corrections *corrections = NULL;

    assert_ok(lede_corrections_parse(lede_span_text(text), &corrections, &err));
    assert_null(lede_corrections_error(corrections, 0));
    f->engine->corrections = corrections;
    return corrections;
}

static void uncorrect(fixture *f, lede_corrections *corrections)
{
    f->engine->corrections = NULL;
    lede_corrections_free(corrections);
}

static uint64_t key_of(fixture *f, unsigned line)
{
    lede_search_options options = {0};
    lede_results *results = NULL;
    const lede_hit *hit = NULL;
    char query[32];
    uint64_t key;

    snprintf(query, sizeof query, "date:2025-02-%02u", line + 1);
    assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                 &results, &err));
    assert_int_equal(lede_results_total(results), 1);
    assert_ok(lede_results_get(results, 0, &hit, &err));
    key = hit->entry->key;
    lede_results_free(results);
    return key;
}

/* The people (or places) that a line's hit shows: "A; B". */
static const char *shown(fixture *f, unsigned line, bool places)
{
    static char text[256];
    lede_search_options options = {0};
    lede_results *results = NULL;
    const lede_hit *hit = NULL;
    char query[32];

    snprintf(query, sizeof query, "date:2025-02-%02u", line + 1);
    assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                 &results, &err));
    assert_ok(lede_results_get(results, 0, &hit, &err));
    text[0] = '\0';
    for (uint32_t i = 0; i < (places ? hit->place_count : hit->person_count);
         i++) {
        const lede_hit_name *name = places ? &hit->places[i] : &hit->people[i];
        size_t at = strlen(text);

        snprintf(text + at, sizeof text - at, "%s%.*s", at > 0 ? "; " : "",
                 (int)name->name.len, (const char *)name->name.bytes);
    }
    lede_results_free(results);
    return text;
}

static double best_score(fixture *f, const char *query)
{
    lede_search_options options = {.no_recency = true};
    lede_results *results = NULL;
    const lede_hit *hit = NULL;
    double score;

    assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                 &results, &err));
    assert_ok(lede_results_get(results, 0, &hit, &err));
    score = hit->score;
    lede_results_free(results);
    return score;
}

static void test_split__moves_the_entries_that_it_names(void **state)
{
    fixture *f = *state;
    lede_corrections *corrections;
    char text[256];

    assert_string_equal(find(f, "person:starmer"), "1 0");
    snprintf(text, sizeof text,
             "split person \"Starmer\" \"Rodney Boatman\" %016llx\n",
             (unsigned long long)key_of(f, 1));
    corrections = correct(f, text);
    assert_string_equal(shown(f, 1, false), "Rodney Boatman");
    assert_string_equal(find(f, "person:starmer"), "0");
    assert_string_equal(find(f, "person:boatman"), "1");
    assert_string_equal(find(f, "person:\"rodney boatman\""), "1");
    assert_true(best_score(f, "person:boatman") > 0.5);
    assert_string_equal(find(f, "-person:boatman paris"), "7 3");
    assert_string_equal(find(f, "person:=starmer"), "1 0");
    uncorrect(f, corrections);
    /* Who is split off under a longer name is not the shorter one. */
    snprintf(text, sizeof text,
             "split person \"Keir Starmer\" \"Keir Starmer (boatman)\" "
             "%016llx\n",
             (unsigned long long)key_of(f, 0));
    corrections = correct(f, text);
    assert_string_equal(find(f, "person:\"keir starmer\""), "");
    assert_string_equal(find(f, "person:\"keir starmer boatman\""), "0");
    assert_string_equal(find(f, "person:starmer"), "1 0");
    uncorrect(f, corrections);
    assert_string_equal(find(f, "person:boatman"), "");
}

static void test_hide__makes_it_no_name(void **state)
{
    fixture *f = *state;
    lede_corrections *corrections =
        correct(f, "hide person \"Starmer\"\nhide place \"Riyadh\"\n"
                   "hide place g703448\n");

    assert_string_equal(shown(f, 1, false), "");
    assert_string_equal(find(f, "person:starmer"), "0"); /* Keir Starmer */
    assert_string_equal(find(f, "person:\"keir starmer\""), "0");
    assert_string_equal(shown(f, 0, true), "");
    assert_string_equal(find(f, "place:kyiv"), "");
    assert_string_equal(find(f, "place:ukraine"), "2"); /* for Odesa */
    uncorrect(f, corrections);
    assert_string_equal(find(f, "place:kyiv"), "0 2");
}

static void test_rename__is_asked_for_under_both_names(void **state)
{
    fixture *f = *state;
    lede_corrections *corrections =
        correct(f, "rename person \"Sergei Lavrov\" \"Sergey Lavroff\"\n"
                   "merge person \"S. V. Lavrov\" \"Sergey Lavroff\"\n");

    assert_string_equal(find(f, "person:lavrov"), "0");
    assert_string_equal(find(f, "person:lavroff"), "0");
    assert_string_equal(find(f, "person:\"s. v. lavrov\""), "0");
    uncorrect(f, corrections);
    assert_string_equal(find(f, "person:lavroff"), "");
}

static void test_places__are_corrected_in_queries(void **state)
{
    fixture *f = *state;
    lede_corrections *corrections;

    /* Paris, France is taken for Paris, Texas in all entries. */
    assert_string_equal(find(f, "place:france"), "1");
    corrections = correct(f, "rename place g2988507 g4717560\n");
    assert_string_equal(find(f, "place:\"paris, texas\""), "3 1");
    assert_string_equal(find(f, "place:texas"), "3 1");
    assert_string_equal(find(f, "place:france"), "");
    uncorrect(f, corrections);
    corrections = correct(f, "rename place g703448 \"The Capital\"\n");
    assert_string_equal(shown(f, 0, true), "The Capital");
    assert_string_equal(find(f, "place:kyiv"), "0 2");
    assert_string_equal(find(f, "place:\"the capital\""), "0 2");
    assert_string_equal(find(f, "place:ukraine"), "2 0");
    uncorrect(f, corrections);
    /* A name that nothing else has, and one that another name stands for. */
    corrections = correct(f, "rename place g703448 \"Kyjiw-Stadt\"\n");
    assert_string_equal(find(f, "place:kyiv"), "0 2");
    assert_string_equal(find(f, "place:\"kyjiw stadt\""), "0 2");
    uncorrect(f, corrections);
    corrections = correct(f, "rename place \"Quillebertville\" g703448\n");
    assert_string_equal(find(f, "place:quillebertville"), "0 2");
    uncorrect(f, corrections);
    corrections = correct(f, "rename place g703448 \"Kyjiw-Stadt\"\n"
                             "merge place \"Kyjiw-Stadt\" \"Quillebert\"\n");
    assert_string_equal(find(f, "place:quillebert"), "0 2");
    uncorrect(f, corrections);
    corrections = correct(f, "merge place g703448 g698740\n"); /* Odesa */
    assert_string_equal(shown(f, 2, true), "Kyiv; Ukraine");
    assert_string_equal(find(f, "place:odesa"), find(f, "place:kyiv"));
    uncorrect(f, corrections);
}

static void test_add__makes_names_of_words(void **state)
{
    fixture *f = *state;
    lede_corrections *corrections =
        correct(f, "add person \"Monday\"\nadd person \"starmer\"\n"
                   "rename person \"Monday\" \"Mo N. Day\"\n");
    lede_search_options options = {0};
    lede_results *results = NULL;
    const lede_hit *hit = NULL;

    assert_string_equal(shown(f, 2, false), "Mo N. Day");
    assert_string_equal(shown(f, 1, false), "Starmer");
    assert_string_equal(shown(f, 4, false), ""); /* the boat */
    assert_ok(lede_engine_search(f->engine, lede_span_text("person:monday"),
                                 &options, &results, &err));
    assert_int_equal(lede_results_total(results), 1);
    assert_ok(lede_results_get(results, 0, &hit, &err));
    assert_true(hit->matches[0].is_recognized);
    lede_results_free(results);
    assert_string_equal(find(f, "person:\"mo n. day\""), "2");
    uncorrect(f, corrections);
    assert_string_equal(shown(f, 2, false), "");
}

/* Whatever hits show is found by asking for it, as recognised; and what is
 * found as recognised shows somebody with the words. */
static void test_corrections__show_what_they_find(void **state)
{
    static const char *const files[] = {
        "",
        "hide person \"Starmer\"\n",
        "hide person \"Keir Starmer\"\nhide person \"Ann O'Brien\"\n",
        "merge person \"Bob Able\" \"Starmer\" \"Sergei Lavrov\"\n",
        "merge person \"Bob Able\" \"Starmer\" \"Sergei Lavrov\"\n"
        "hide person \"Bob Able\"\n",
        "rename person \"Ann O'Brien\" \"Anna Bryan\"\n"
        "merge person \"Ann B\" \"Anna Bryan\"\nadd person \"Fire\"\n",
        "split person \"Starmer\" \"Bob Able\" %016llx\n",
        "merge person \"Starmer\" \"Keir Starmer\"\n"
        "split person \"Starmer\" \"Bob Able\" %016llx\n",
        "rename person \"Starmer\" \"Bob Able\"\n"
        "split person \"Bob Able\" \"Cy Cat\" %016llx\n"
        "hide person \"Bob Able\"\n",
    };
    fixture *f = *state;
    unsigned long long moved = key_of(f, 1);

    for (unsigned i = 0; i < sizeof files / sizeof files[0]; i++) {
        lede_corrections *corrections;
        lede_search_options all = {.unlimited = true, .unfolded = true};
        lede_results *results = NULL;
        char text[512];

        snprintf(text, sizeof text, files[i], moved);
        corrections = correct(f, text);
        assert_ok(lede_engine_search(f->engine, lede_span_text("date:2025"),
                                     &all, &results, &err));
        assert_int_equal(lede_results_total(results), LINES);
        for (uint32_t j = 0; j < lede_results_count(results); j++) {
            const lede_hit *hit = NULL;

            assert_ok(lede_results_get(results, j, &hit, &err));
            for (uint32_t k = 0; k < hit->person_count; k++) {
                lede_results *asked = NULL;
                bool found = false;
                char query[256];

                snprintf(query, sizeof query, "person:\"%.*s\"",
                         (int)hit->people[k].name.len,
                         (const char *)hit->people[k].name.bytes);
                assert_ok(lede_engine_search(f->engine, lede_span_text(query),
                                             &all, &asked, &err));
                for (uint32_t n = 0; n < lede_results_count(asked); n++) {
                    const lede_hit *other = NULL;

                    assert_ok(lede_results_get(asked, n, &other, &err));
                    if (other->entry->key == hit->entry->key) {
                        found = other->matches[0].is_recognized;
                    }
                    assert_true(!other->matches[0].is_recognized ||
                                other->person_count > 0);
                }
                if (!found) {
                    fail_msg("%s: %s does not find it", text, query);
                }
                lede_results_free(asked);
            }
        }
        lede_results_free(results);
        uncorrect(f, corrections);
    }
}

static void test_proposals__are_of_one_person_and_go_once_accepted(void **state)
{
    fixture *f = *state;
    lede_corrections *corrections;
    lede_proposals proposals;

    assert_ok(lede_engine_proposals(f->engine, lede_span_of(NULL, 0), 10,
                                    &proposals, &err));
    assert_int_equal(proposals.count, 1);
    assert_true(
        lede_span_is(proposals.items[0].names[0], "Vladimir Zelenskiy"));
    assert_true(
        lede_span_is(proposals.items[0].names[1], "Volodymyr Zelensky"));
    assert_string_equal(proposals.items[0].reason, "spelling");
    assert_int_equal(proposals.items[0].together, 0);
    lede_proposals_done(&proposals);
    assert_ok(lede_engine_proposals(f->engine, lede_span_text("lavrov"), 10,
                                    &proposals, &err));
    assert_int_equal(proposals.count, 0);
    lede_proposals_done(&proposals);
    corrections = correct(f, "merge person \"Volodymyr Zelensky\" \"Vladimir "
                             "Zelenskiy\"\n");
    assert_ok(lede_engine_proposals(f->engine, lede_span_of(NULL, 0), 10,
                                    &proposals, &err));
    assert_int_equal(proposals.count, 0);
    lede_proposals_done(&proposals);
    uncorrect(f, corrections);
}

static void test_names__under_another_name_are_aliases(void **state)
{
    fixture *f = *state;
    lede_corrections *corrections;

    assert_int_equal(class_of(f, "place:kyiv", LEDE_MATCHED_EXACT), 2);
    assert_int_equal(class_of(f, "place:kiev", LEDE_MATCHED_ALIAS), 2);
    assert_int_equal(class_of(f, "place:g703448", LEDE_MATCHED_EXACT), 2);
    assert_int_equal(class_of(f, "place:ukraine", LEDE_MATCHED_EXACT), 1);
    assert_int_equal(class_of(f, "place:ukraine", LEDE_MATCHED_ALIAS), 1);
    assert_int_equal(class_of(f, "person:starmer", LEDE_MATCHED_EXACT), 2);
    corrections = correct(f, "merge person \"Volodymyr Zelensky\" \"Vladimir "
                             "Zelenskiy\"\nadd person \"Monday\"\n");
    assert_int_equal(class_of(f, "person:zelensky", LEDE_MATCHED_EXACT), 1);
    assert_int_equal(class_of(f, "person:zelensky", LEDE_MATCHED_ALIAS), 1);
    assert_int_equal(class_of(f, "person:monday", LEDE_MATCHED_EXACT), 1);
    uncorrect(f, corrections);
}

/* --- Plain words ------------------------------------------------------------
 */

static void test_plain_words__prefer_who_is_so_called(void **state)
{
    fixture *f = *state;

    assert_string_equal(find(f, "starmer"), "1 0 4");
    assert_string_equal(find(f, "lavrov"), "0 4");
}

/* Terms of names and lists of names count the same. */
static void test_mentions__are_counted_the_same_way_twice(void **state)
{
    static const char *const texts[] = {"starmer", "kyiv",   "obrien", "brien",
                                        "paris",   "lavrov", "the",    "",
                                        "london",  "texas",  "jackson"};
    enum { WORDS = sizeof texts / sizeof texts[0] };
    fixture *f = *state;
    lede_search_options all = {.unlimited = true, .unfolded = true};
    lede_results *results = NULL;
    lede_span words[WORDS];
    uint32_t terms[LINES * WORDS], lists[LINES * WORDS], sum = 0;

    for (unsigned i = 0; i < WORDS; i++) {
        words[i] = lede_span_text(texts[i]);
    }
    assert_ok(lede_engine_search(f->engine, lede_span_text("date:2025"), &all,
                                 &results, &err));
    assert_int_equal(results->found.hit_count, LINES);
    assert_ok(lede_mentions_of_terms(f->snapshot, words, WORDS,
                                     results->found.hits, LINES, terms, &err));
    assert_ok(lede_mentions_of_lists(f->engine, results->analyzer, words, WORDS,
                                     results->found.hits, LINES, lists, &err));
    for (unsigned i = 0; i < LINES * WORDS; i++) {
        assert_int_equal(terms[i], lists[i]);
        sum += terms[i];
    }
    assert_true(sum > 10);
    lede_results_free(results);
}

/* --- Marks ------------------------------------------------------------------
 */

/* What is marked in the snippet of the first hit: "Kyiv|Odesa". */
static const char *marked(fixture *f, const char *query)
{
    static char text[256];
    lede_search_options options = {.no_recency = true};
    lede_results *results = NULL;
    const lede_hit *hit = NULL;

    assert_ok(lede_engine_search(f->engine, lede_span_text(query), &options,
                                 &results, &err));
    assert_ok(lede_results_get(results, 0, &hit, &err));
    text[0] = '\0';
    for (uint32_t i = 0; i < hit->mark_count; i++) {
        size_t at = strlen(text);

        snprintf(text + at, sizeof text - at, "%s%.*s", at > 0 ? "|" : "",
                 (int)(hit->marks[i].end - hit->marks[i].begin),
                 (const char *)hit->snippet.bytes + hit->marks[i].begin);
    }
    lede_results_free(results);
    return text;
}

static void test_names__are_marked_however_they_are_written(void **state)
{
    fixture *f = *state;
    lede_corrections *corrections;

    assert_string_equal(marked(f, "place:ukraine odesa"), "Kyiv|Odesa|Ukraine");
    assert_string_equal(marked(f, "place:ireland"), "Dublin");
    assert_string_equal(marked(f, "person:obrien"), "Ann O'Brien");
    corrections =
        correct(f, "rename person \"Vladimir Zelenskiy\" \"Wolodja Z.\"\n");
    assert_string_equal(marked(f, "person:wolodja"), "Vladimir Zelenskiy");
    uncorrect(f, corrections);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_person__finds_who_is_spoken_of),
        cmocka_unit_test(test_place__finds_it_by_any_name_and_what_is_inside),
        cmocka_unit_test(test_place__is_one_that_the_archive_has),
        cmocka_unit_test(test_place__is_the_same_by_id),
        cmocka_unit_test(test_names__tell_what_was_recognised),
        cmocka_unit_test(test_names__tell_only_what_an_entry_has),
        cmocka_unit_test(test_names__are_counted_as_recognised),
        cmocka_unit_test(test_person__may_have_a_middle_name),
        cmocka_unit_test(test_names__stand_near_by_any_name),
        cmocka_unit_test(test_names__are_corrected_by_a_file),
        cmocka_unit_test(test_names__find_what_a_slower_way_finds),
        cmocka_unit_test(test_person__finds_each_entry_of_a_page),
        cmocka_unit_test(test_split__moves_the_entries_that_it_names),
        cmocka_unit_test(test_hide__makes_it_no_name),
        cmocka_unit_test(test_rename__is_asked_for_under_both_names),
        cmocka_unit_test(test_places__are_corrected_in_queries),
        cmocka_unit_test(test_add__makes_names_of_words),
        cmocka_unit_test(test_corrections__show_what_they_find),
        cmocka_unit_test(
            test_proposals__are_of_one_person_and_go_once_accepted),
        cmocka_unit_test(test_names__under_another_name_are_aliases),
        cmocka_unit_test(test_plain_words__prefer_who_is_so_called),
        cmocka_unit_test(test_mentions__are_counted_the_same_way_twice),
        cmocka_unit_test(test_names__are_marked_however_they_are_written),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
