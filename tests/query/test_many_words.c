/* Which words a pattern stands for, and which ones are proposed, where texts
 * are in several languages or in one, and where some entries are deleted, in
 * segments that still have them: against the entries themselves, in an archive,
 * in one database of Xapian's and in three. */
#include "tests/support/check.h"

#include <fnmatch.h>

#include "indexer/export.h"
#include "query/expand.h"
#include "query/nothing.h"
#include "query/xapian_engine.h"
#include "tests/support/folder.h"
#include "tests/support/random_archive.h"
#include "tests/support/small_archive.h"

enum { ENTRIES = 400, EACH = 14, BASES = 500, ENGINES = 3, LONGEST = 24 };

static const char *const languages[] = {"en", "de", "fr"};
enum { LANGUAGES = sizeof languages / sizeof languages[0] };

/* Endings that one language's stemmer takes off and another's does not. */
static const char *const endings[] = {"",     "s",  "en",    "ing",
                                      "ions", "es", "ement", "heit"};
enum { ENDINGS = sizeof endings / sizeof endings[0] };

/* A word of an entry, its term, and the entry's number. */
typedef struct occurrence {
    char word[LONGEST], term[LONGEST];
    uint32_t entry;
} occurrence;

/* A word once, and in how many entries its most frequent stem is. */
typedef struct known {
    const char *word;
    uint64_t entries;
} known;

typedef struct world {
    char folder[256], directory[256];
    lede_arena arena;
    lede_entry entries[ENTRIES];
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_analyzer *analyzer;
    lede_engine *engines[ENGINES];
    uint32_t language_count;
    bool is_deleted[ENTRIES];
    occurrence occurrences[ENTRIES * EACH];
    known words[ENTRIES * EACH];
    uint32_t word_count;
    uint64_t state;
} world;

static world *w;

static void make_word(char *out)
{
    uint32_t base = random_below(&w->state, BASES);

    if (random_below(&w->state, 3) == 0) { /* some are frequent */
        base %= 40;
    }
    snprintf(out, LONGEST, "wa%c%c%c%s", 'a' + base / 100, 'a' + base / 10 % 10,
             'a' + base % 10, endings[random_below(&w->state, ENDINGS)]);
}

static void stem(const char *word, const char *language, char *out)
{
    lede_span term = lede_analyzer_stem(
        w->analyzer, lede_language_of(lede_span_text(language), 0),
        lede_span_text(word));

    snprintf(out, LONGEST, "%.*s", (int)term.len, (const char *)term.bytes);
}

static void make_entry(uint32_t number)
{
    lede_entry *entry = &w->entries[number];
    const char *language =
        languages[random_below(&w->state, w->language_count)];
    lede_buf text = {0};

    lede_entry_init(entry);
    entry->key = number + 1;
    entry->lang = lede_span_text(language);
    entry->headline = lede_span_text("xylophone");
    entry->published.instant = 1700000000 - (int64_t)number;
    for (uint32_t i = 0; i < EACH; i++) {
        occurrence *o = &w->occurrences[number * EACH + i];

        make_word(o->word);
        stem(o->word, language, o->term);
        o->entry = number;
        lede_buf_put_format(&text, "%s ", o->word);
    }
    entry->body = lede_arena_array(&w->arena, 1, sizeof *entry->body);
    entry->body[0].type = LEDE_BLOCK_P;
    entry->body[0].text = lede_arena_copy(&w->arena, lede_buf_span(&text));
    entry->block_count = 1;
    lede_buf_done(&text);
}

static uint64_t entries_with(const char *term)
{
    uint32_t last = UINT32_MAX;
    uint64_t count = 0;

    for (uint32_t i = 0; i < ENTRIES * EACH; i++) {
        if (!w->is_deleted[w->occurrences[i].entry] &&
            w->occurrences[i].entry != last &&
            strcmp(w->occurrences[i].term, term) == 0) {
            last = w->occurrences[i].entry;
            count++;
        }
    }
    return count;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const known *)a)->word, ((const known *)b)->word);
}

static int by_frequency(const void *a, const void *b)
{
    const known *x = a, *y = b;

    return x->entries != y->entries ? (x->entries < y->entries ? 1 : -1)
                                    : by_text(a, b);
}

static void list_words(void)
{
    uint32_t kept = 0, count = 0;

    for (uint32_t i = 0; i < ENTRIES * EACH; i++) {
        if (!w->is_deleted[w->occurrences[i].entry]) {
            w->words[count++].word = w->occurrences[i].word;
        }
    }
    qsort(w->words, count, sizeof *w->words, by_text);
    for (uint32_t i = 0; i < count; i++) {
        if (kept == 0 || by_text(&w->words[kept - 1], &w->words[i]) != 0) {
            w->words[kept++] = w->words[i];
        }
    }
    w->word_count = kept;
    for (uint32_t i = 0; i < kept; i++) {
        for (uint32_t j = 0; j < w->language_count; j++) {
            char term[LONGEST];
            uint64_t entries;

            stem(w->words[i].word, languages[j], term);
            entries = entries_with(term);
            if (entries > w->words[i].entries) {
                w->words[i].entries = entries;
            }
        }
    }
    qsort(w->words, kept, sizeof *w->words, by_frequency);
}

static void open_shards(uint32_t shards, lede_engine **out)
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

/* One in three. */
static void delete_some(void)
{
    lede_deletion deletions[ENTRIES];
    lede_publish change = {.deletions = deletions, .now = 1800000000};
    lede_snapshot *before = NULL;
    lede_writer *writer = NULL;
    lede_error err = {0};

    assert_ok(lede_snapshot_open(w->archive, &before, &err));
    for (uint32_t i = 0; i < ENTRIES; i++) {
        const lede_segment *segment = NULL;
        uint32_t entry = 0;

        w->is_deleted[i] = random_below(&w->state, 3) == 0;
        if (w->is_deleted[i]) {
            assert_ok(
                lede_snapshot_find_key(before, i + 1, &segment, &entry, &err));
            deletions[change.deletion_count++] =
                (lede_deletion){lede_segment_id(segment), entry};
        }
    }
    lede_snapshot_close(before);
    assert_ok(lede_writer_open(w->archive, 1000, &writer, &err));
    assert_ok(lede_writer_publish(writer, &change, &err));
    lede_writer_close(writer);
}

static void make_world(uint32_t language_count, bool deletes)
{
    lede_error err = {0};

    w = calloc(1, sizeof *w);
    w->state = 7;
    w->language_count = language_count;
    folder_make(w->folder);
    assert_ok(lede_analyzer_new(&w->analyzer, &err));
    for (uint32_t i = 0; i < ENTRIES; i++) {
        make_entry(i);
    }
    assert_ok(small_archive_make(w->entries, ENTRIES, 100, 1800000000,
                                 w->directory, &w->archive, &err));
    if (deletes) {
        delete_some();
    }
    list_words();
    assert_ok(lede_snapshot_open(w->archive, &w->snapshot, &err));
    assert_ok(lede_engine_of_snapshot(w->snapshot, &w->engines[0], &err));
    open_shards(1, &w->engines[1]);
    open_shards(3, &w->engines[2]);
}

static int set_up(void **state)
{
    (void)state;
    make_world(LANGUAGES, false);
    return 0;
}

static int set_up_deleted(void **state)
{
    (void)state;
    make_world(LANGUAGES, true);
    return 0;
}

static int set_up_deleted_of_one_language(void **state)
{
    (void)state;
    make_world(1, true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < ENGINES; i++) {
        lede_engine_close(w->engines[i]);
    }
    lede_analyzer_free(w->analyzer);
    lede_snapshot_close(w->snapshot);
    small_archive_remove(w->archive, w->directory);
    folder_remove(w->folder);
    lede_arena_done(&w->arena);
    free(w);
    return 0;
}

/* Marks the entries that have one of the `most` words that count; how many fit.
 */
static uint32_t find(const char *pattern, uint32_t most, bool *has)
{
    uint32_t fitting = 0;

    memset(has, 0, ENTRIES * sizeof *has);
    for (uint32_t i = 0; i < w->word_count; i++) {
        if (fnmatch(pattern, w->words[i].word, 0) != 0 || fitting++ >= most) {
            continue;
        }
        for (uint32_t j = 0; j < ENTRIES * EACH; j++) {
            if (!w->is_deleted[w->occurrences[j].entry] &&
                strcmp(w->occurrences[j].word, w->words[i].word) == 0) {
                has[w->occurrences[j].entry] = true;
            }
        }
    }
    return fitting;
}

static void check_found(int engine, const char *pattern, const bool *has,
                        const char *note)
{
    lede_search_options options = {
        .unlimited = true, .unfolded = true, .sort = LEDE_SORT_NEWEST};
    lede_results *results = NULL;
    lede_error err = {0};
    uint64_t total = 0;

    assert_ok(lede_engine_search(w->engines[engine], lede_span_text(pattern),
                                 &options, &results, &err));
    for (uint32_t i = 0; i < ENTRIES; i++) {
        total += has[i];
    }
    if (lede_results_total(results) != total) {
        fail_msg("engine %d, %s: %llu entries, not %llu", engine, pattern,
                 (unsigned long long)lede_results_total(results),
                 (unsigned long long)total);
    }
    for (uint32_t i = 0; i < lede_results_count(results); i++) {
        assert_true(has[lede_results_place(results, i).key - 1]);
    }
    assert_int_equal(lede_results_note_count(results), note[0] != 0);
    if (note[0] != 0) {
        assert_string_equal(lede_results_note(results, 0).text, note);
    }
    lede_results_free(results);
}

static void test_many_words__the_most_frequent_count(void **state)
{
    static const char *const patterns[] = {"wa*",    "w*s", "wa*en", "wab*",
                                           "wa???*", "*s",  "wa*ing"};
    static const uint32_t mosts[] = {0, 40, 3, 1};
    uint32_t capped = 0;

    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        for (size_t j = 0; j < sizeof mosts / sizeof mosts[0]; j++) {
            uint32_t most = mosts[j] > 0 ? mosts[j] : LEDE_EXPAND_MOST;
            bool has[ENTRIES];
            uint32_t fitting = find(patterns[i], most, has);
            char note[128] = "";

            if (fitting > most) {
                snprintf(note, sizeof note,
                         "'%s' stands for %u words here: only the %u most "
                         "frequent count",
                         patterns[i], fitting, most);
                capped += j == 0;
            }
            for (int engine = 0; engine < ENGINES; engine++) {
                w->engines[engine]->words_most = mosts[j];
                check_found(engine, patterns[i], has, note);
                w->engines[engine]->words_most = 0;
            }
        }
    }
    assert_true(capped > 1); /* without a lower limit, too */
}

static bool is_nobodys(const char *word)
{
    uint64_t entries = 0;

    for (uint32_t i = 0; i < w->language_count; i++) {
        char term[LONGEST];

        stem(word, languages[i], term);
        entries += entries_with(term);
    }
    return entries == 0;
}

/* A word that only deleted entries have is nobody's. */
static void test_many_words__deleted_words_are_unknown(void **state)
{
    lede_search_options options = {.no_relax = true};
    uint32_t asked = 0;

    (void)state;
    for (uint32_t i = 0; i < ENTRIES * EACH && asked < 20; i++) {
        const occurrence *o = &w->occurrences[i];

        if (!w->is_deleted[o->entry] || !is_nobodys(o->word)) {
            continue;
        }
        for (int j = 0; j < ENGINES; j++) {
            lede_results *results = NULL;
            lede_nothing said;
            lede_error err = {0};

            assert_ok(lede_engine_search(w->engines[j], lede_span_text(o->word),
                                         &options, &results, &err));
            assert_ok(lede_results_nothing(results, &said, &err));
            assert_int_equal(lede_results_total(results), 0);
            assert_int_equal(said.unknown_count, 1);
            lede_results_free(results);
        }
        asked++;
    }
    assert_true(asked > 0);
}

/* --- Words that could be meant -------------------------------------------- */

static uint64_t frequency_of(lede_span word)
{
    for (uint32_t i = 0; i < w->word_count; i++) {
        if (lede_span_is(word, w->words[i].word)) {
            return w->words[i].entries;
        }
    }
    fail_msg("nobody has %.*s", (int)word.len, (const char *)word.bytes);
    return 0;
}

static void check_proposals(const char *typed)
{
    lede_search_options options = {.no_relax = true};
    lede_results *results[ENGINES];
    lede_nothing said[ENGINES];
    lede_error err = {0};

    for (int i = 0; i < ENGINES; i++) {
        assert_ok(lede_engine_search(w->engines[i], lede_span_text(typed),
                                     &options, &results[i], &err));
        assert_ok(lede_results_nothing(results[i], &said[i], &err));
        assert_int_equal(said[i].unknown_count, 1);
        assert_true(said[i].unknown[0].count > 0);
        assert_int_equal(said[i].unknown[0].count, said[0].unknown[0].count);
        for (uint32_t j = 0; j < said[i].unknown[0].count; j++) {
            const lede_suggestion *s = &said[i].unknown[0].suggestions[j];

            assert_true(lede_span_equal(
                s->word, said[0].unknown[0].suggestions[j].word));
            assert_int_equal(s->entries, frequency_of(s->word));
        }
    }
    for (int i = 0; i < ENGINES; i++) {
        lede_results_free(results[i]);
    }
}

static void test_many_words__proposals_are_the_same(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 200; i++) {
        char typed[LONGEST];

        snprintf(typed, sizeof typed, "%s",
                 w->words[random_below(&w->state, w->word_count)].word);
        typed[2 + random_below(&w->state, (uint32_t)strlen(typed) - 2)] = 'q';
        check_proposals(typed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_words__the_most_frequent_count),
        cmocka_unit_test(test_many_words__proposals_are_the_same),
    };
    const struct CMUnitTest deleted[] = {
        cmocka_unit_test(test_many_words__the_most_frequent_count),
        cmocka_unit_test(test_many_words__proposals_are_the_same),
        cmocka_unit_test(test_many_words__deleted_words_are_unknown),
    };
    int failed = cmocka_run_group_tests(tests, set_up, tear_down);

    failed += cmocka_run_group_tests_name("some deleted", deleted,
                                          set_up_deleted, tear_down);
    failed +=
        cmocka_run_group_tests_name("some deleted, one language", deleted,
                                    set_up_deleted_of_one_language, tear_down);
    return failed;
}
