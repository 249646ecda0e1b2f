/* The form typed ranks first: of entries that are alike but for how one word is
 * written, with or without an accent, apostrophe, hyphen, full stop; on every
 * engine. */
#include "tests/support/check.h"

#include "base/time.h"
#include "indexer/export.h"
#include "query/xapian_engine.h"
#include "tests/support/folder.h"
#include "tests/support/small_archive.h"

enum { MAX_FORMS = 4, FILLERS = 4, TEXT_BYTES = 128 };

static const char *const sets[][MAX_FORMS] = {
    {"O'Brien", "O\u2019Brien", "OBrien"},
    {"Erdogan", "Erdo\u011fan"},
    {"co-operate", "cooperate", "co\u00f6perate"},
    {"U.S.", "US"},
    {"cease-fire", "ceasefire"},
    {"\u00c9lys\u00e9e", "Elysee"},
    {"rock'n'roll", "rocknroll"},
    {"AT&T", "ATT"},
    {"COVID-19", "COVID19"},
    {"J.K.", "JK"},
    {"na\u00efve", "naive"},
    {"vice-president-elect", "vicepresidentelect", "vice-presidentelect"},
    {"\u0141\u00f3d\u017a", "Lodz"},
};
enum { SETS = sizeof sets / sizeof sets[0] };

/* Where the word stands in an entry, and what else is asked for with it. */
static const struct {
    const char *text, *query;
} settings[] = {
    {"%s", "%s"},
    {"%s speaks", "%s"},
    {"%s speaks", "%s speaks"},
    {"Speaks %s", "%s speaks"},
    {"Yesterday %s spoke", "%s yesterday"},
    {"Yesterday %s spoke", "Yesterday %s spoke"},
    {"Mayor of Paris meets %s at the sea", "%s mayor"},
    {"Mayor of Paris meets %s at the sea", "Paris sea %s"},
    {"%s and %s at sea", "%s"},
    {"%s and %s at sea", "sea %s"},
    {"Storm and %s", "%s OR storm"},
};
enum { SETTINGS = sizeof settings / sizeof settings[0] };

typedef struct texts {
    char of_form[MAX_FORMS][TEXT_BYTES];
    lede_entry entries[MAX_FORMS + FILLERS];
    lede_block blocks[MAX_FORMS + FILLERS];
    uint32_t forms;
} texts;

static void write_entry(lede_entry *entry, lede_block *block, uint64_t key,
                        const char *text, bool in_headline)
{
    lede_entry_init(entry);
    entry->key = key;
    entry->headline = lede_span_text(in_headline ? text : "News");
    *block = (lede_block){LEDE_BLOCK_P,
                          lede_span_text(in_headline ? "Nothing more." : text)};
    entry->body = block;
    entry->block_count = 1;
    entry->published.instant = 1700000000;
}

/* One entry for each form, the same but for it; and some without the word. */
static uint32_t write_entries(texts *made, size_t set, const char *format,
                              bool in_headline)
{
    uint32_t i;

    for (i = 0; i < MAX_FORMS && sets[set][i] != NULL; i++) {
        const char *form = sets[set][i];

        snprintf(made->of_form[i], TEXT_BYTES, format, form, form);
    }
    made->forms = i;
    for (i = 0; i < made->forms + FILLERS; i++) {
        write_entry(&made->entries[i], &made->blocks[i], 1000 + i,
                    i < made->forms ? made->of_form[i]
                                    : "Nothing of the kind here.",
                    in_headline);
    }
    return i;
}

/* The number of the form that is first, asked for `form`. */
static uint64_t first_of(lede_engine *engine, const char *format,
                         const char *form)
{
    lede_search_options options = {0};
    lede_results *results = NULL;
    const lede_hit *hit = NULL;
    lede_error err = {0};
    char query[TEXT_BYTES];
    uint64_t first;

    snprintf(query, sizeof query, format, form);
    assert_ok(lede_engine_search(engine, lede_span_text(query), &options,
                                 &results, &err));
    assert_true(lede_results_count(results) > 0);
    assert_ok(lede_results_get(results, 0, &hit, &err));
    first = hit->entry->key - 1000;
    lede_results_free(results);
    return first;
}

static void check_setting(size_t set, size_t setting, bool in_headline)
{
    static texts made;
    uint32_t count =
        write_entries(&made, set, settings[setting].text, in_headline);
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_engine *engine = NULL;
    lede_error err = {0};
    char directory[256];
    uint32_t i;

    assert_ok(small_archive_make(made.entries, count, 0, 1740000000, directory,
                                 &archive, &err));
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    assert_ok(lede_engine_of_snapshot(snapshot, &engine, &err));
    for (i = 0; i < made.forms; i++) {
        uint64_t first =
            first_of(engine, settings[setting].query, sets[set][i]);

        if (first != i) {
            print_error("%s in the %s of '%s' for '%s': '%s' is first\n",
                        sets[set][i], in_headline ? "headline" : "body",
                        settings[setting].text, settings[setting].query,
                        first < made.forms ? sets[set][first] : "?");
            fail();
        }
    }
    lede_engine_close(engine);
    lede_snapshot_close(snapshot);
    small_archive_remove(archive, directory);
}

static void check_all(bool in_headline)
{
    size_t set, setting;

    for (set = 0; set < SETS; set++) {
        for (setting = 0; setting < SETTINGS; setting++) {
            check_setting(set, setting, in_headline);
        }
    }
}

static void test_forms__the_one_typed_is_first_in_headlines(void **state)
{
    (void)state;
    check_all(true);
}

static void test_forms__the_one_typed_is_first_in_bodies(void **state)
{
    (void)state;
    check_all(false);
}

/* --- All sets in one archive, and in shards ---------------------------------
 */

enum { MOST_ENTRIES = SETS * MAX_FORMS + FILLERS, ENGINES = 3 };

typedef struct world {
    char texts[MOST_ENTRIES][TEXT_BYTES], folder[256], directory[256];
    lede_entry entries[MOST_ENTRIES];
    lede_block blocks[MOST_ENTRIES];
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_engine *engines[ENGINES];
} world;

static uint32_t write_all(world *w, const char *format, bool in_headline)
{
    uint32_t count = 0;

    for (size_t set = 0; set < SETS; set++) {
        for (size_t i = 0; i < MAX_FORMS && sets[set][i] != NULL; i++) {
            snprintf(w->texts[count], TEXT_BYTES, format, sets[set][i],
                     sets[set][i]);
            write_entry(&w->entries[count], &w->blocks[count],
                        1000 + set * MAX_FORMS + i, w->texts[count],
                        in_headline);
            count++;
        }
    }
    for (uint32_t i = 0; i < FILLERS; i++) {
        write_entry(&w->entries[count], &w->blocks[count], 2000 + i,
                    "Nothing of the kind here.", in_headline);
        count++;
    }
    return count;
}

static void open_shards(world *w, uint32_t shards, lede_engine **out)
{
    lede_export_options options = {.shards = shards};
    lede_export_report report;
    lede_shards *opened = NULL;
    lede_error err = {0};
    char path[300];

    snprintf(path, sizeof path, "%s/%u", w->folder, shards);
    assert_ok(lede_export(w->snapshot, path, &options, &report, &err));
    assert_ok(lede_shards_open(path, 600000, &opened, &err));
    assert_ok(lede_engine_of_shards(opened, out, &err));
}

static void open_world(world *w, uint32_t count)
{
    lede_error err = {0};

    folder_make(w->folder);
    assert_ok(small_archive_make(w->entries, count, 0, 1740000000, w->directory,
                                 &w->archive, &err));
    assert_ok(lede_snapshot_open(w->archive, &w->snapshot, &err));
    assert_ok(lede_engine_of_snapshot(w->snapshot, &w->engines[0], &err));
    open_shards(w, 1, &w->engines[1]);
    open_shards(w, 3, &w->engines[2]);
}

static void close_world(world *w)
{
    for (int engine = 0; engine < ENGINES; engine++) {
        lede_engine_close(w->engines[engine]);
    }
    lede_snapshot_close(w->snapshot);
    small_archive_remove(w->archive, w->directory);
    folder_remove(w->folder);
}

static void check_engines(size_t setting, bool in_headline)
{
    static world w;
    uint32_t count = write_all(&w, settings[setting].text, in_headline);

    open_world(&w, count);
    for (size_t form = 0; form < SETS * MAX_FORMS; form++) {
        const char *typed = sets[form / MAX_FORMS][form % MAX_FORMS];

        for (int engine = 0; typed != NULL && engine < ENGINES; engine++) {
            uint64_t first =
                first_of(w.engines[engine], settings[setting].query, typed);

            if (first != form) {
                fail_msg("engine %d, %s in the %s of '%s' for '%s': not first",
                         engine, typed, in_headline ? "headline" : "body",
                         settings[setting].text, settings[setting].query);
            }
        }
    }
    close_world(&w);
}

static void test_forms__the_one_typed_is_first_on_every_engine(void **state)
{
    (void)state;
    for (size_t setting = 0; setting < SETTINGS; setting++) {
        check_engines(setting, false);
        check_engines(setting, true);
    }
}

/* --- Compounds that the archive writes in more than one way ------------------
 */

enum { OFTEN = 9 };

/* Entries with a compound, most in form `often`, and one in each other; and
 * more with another word. */
static uint32_t write_forms(world *w, uint32_t often)
{
    static const char *const forms[] = {"cease-fire", "ceasefire",
                                        "cease fire"};

    for (uint32_t i = 0; i < MOST_ENTRIES; i++) {
        uint32_t form = i < 3 ? i : often;
        bool has_it = i < 3 + OFTEN;

        snprintf(w->texts[i], TEXT_BYTES, "The %s of today",
                 has_it ? forms[form] : "harvest");
        write_entry(&w->entries[i], &w->blocks[i], (has_it ? 1000 : 2000) + i,
                    w->texts[i], false);
    }
    return MOST_ENTRIES;
}

/* All have a score, and come before those that have but a frequent word. */
static void check_scores(lede_engine *engine, const char *query)
{
    lede_search_options options = {
        .unlimited = true, .unfolded = true, .no_relax = true};
    lede_results *results = NULL;
    lede_error err = {0};
    bool is_behind = false;

    assert_ok(lede_engine_search(engine, lede_span_text(query), &options,
                                 &results, &err));
    assert_true(lede_results_count(results) >= OFTEN);
    for (uint32_t i = 0; i < lede_results_count(results); i++) {
        lede_hit_place place = lede_results_place(results, i);

        is_behind = is_behind || place.key >= 2000;
        if (place.score <= 0 || (is_behind && place.key < 2000)) {
            fail_msg("'%s': entry %d is number %u and has %g", query,
                     (int)place.key, i + 1, place.score);
        }
    }
    lede_results_free(results);
}

static void test_forms__each_form_of_a_compound_scores(void **state)
{
    static world w;

    (void)state;
    for (uint32_t often = 0; often < 3; often++) {
        open_world(&w, write_forms(&w, often));
        for (int engine = 0; engine < ENGINES; engine++) {
            check_scores(w.engines[engine], "cease-fire");
            check_scores(w.engines[engine], "cease-fire OR harvest");
            check_scores(w.engines[engine], "cease-fire OR today");
        }
        close_world(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms__the_one_typed_is_first_in_headlines),
        cmocka_unit_test(test_forms__the_one_typed_is_first_in_bodies),
        cmocka_unit_test(test_forms__the_one_typed_is_first_on_every_engine),
        cmocka_unit_test(test_forms__each_form_of_a_compound_scores),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
