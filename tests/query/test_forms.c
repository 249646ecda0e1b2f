/* The form typed ranks first: of entries that are alike but for how one word is
 * written, with or without an accent, apostrophe, hyphen, full stop. */
#include "tests/support/check.h"

#include "base/time.h"
#include "query/search.h"
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

typedef struct texts {
    char of_form[MAX_FORMS][TEXT_BYTES];
    lede_entry entries[MAX_FORMS + FILLERS];
    lede_block blocks[MAX_FORMS + FILLERS];
    uint32_t forms;
} texts;

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
        const char *text =
            i < made->forms ? made->of_form[i] : "Nothing of the kind here.";
        lede_entry *entry = &made->entries[i];

        lede_entry_init(entry);
        entry->key = 1000 + i;
        entry->headline = lede_span_text(in_headline ? text : "News");
        made->blocks[i] = (lede_block){
            LEDE_BLOCK_P, lede_span_text(in_headline ? "Nothing more." : text)};
        entry->body = &made->blocks[i];
        entry->block_count = 1;
        entry->published.instant = 1700000000;
    }
    return i;
}

/* The number of the form that is first, asked for `form`. */
static uint64_t first_of(const lede_snapshot *snapshot, const char *format,
                         const char *form)
{
    lede_search_options options = {0};
    lede_results *results = NULL;
    const lede_hit *hit = NULL;
    lede_error err = {0};
    char query[TEXT_BYTES];
    uint64_t first;

    snprintf(query, sizeof query, format, form);
    assert_ok(
        lede_search(snapshot, lede_span_text(query), &options, &results, &err));
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
    lede_error err = {0};
    char directory[256];
    uint32_t i;

    assert_ok(small_archive_make(made.entries, count, 0, 1740000000, directory,
                                 &archive, &err));
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    for (i = 0; i < made.forms; i++) {
        uint64_t first =
            first_of(snapshot, settings[setting].query, sets[set][i]);

        if (first != i) {
            print_error("%s in the %s of '%s' for '%s': '%s' is first\n",
                        sets[set][i], in_headline ? "headline" : "body",
                        settings[setting].text, settings[setting].query,
                        first < made.forms ? sets[set][first] : "?");
            fail();
        }
    }
    lede_snapshot_close(snapshot);
    small_archive_remove(archive, directory);
}

static void check_all(bool in_headline)
{
    size_t set, setting;

    for (set = 0; set < sizeof sets / sizeof sets[0]; set++) {
        for (setting = 0; setting < sizeof settings / sizeof settings[0];
             setting++) {
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms__the_one_typed_is_first_in_headlines),
        cmocka_unit_test(test_forms__the_one_typed_is_first_in_bodies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
