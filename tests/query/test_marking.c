/* The marks of whole entries against the words that stand in them. */
#include "tests/support/check.h"

#include "query/marking.h"
#include "tests/support/newsroom.h"

enum { ENTRIES = 120 };

/* Whether the word at [begin, end) is one that the query marks. */
typedef bool is_wanted(lede_span text, size_t begin, size_t end);

static bool word_is(lede_span text, size_t begin, size_t end, const char *word)
{
    return lede_span_is(lede_span_part(text, begin, end - begin), word);
}

static bool stormy(lede_span text, size_t begin, size_t end)
{
    return word_is(text, begin, end, "storm") ||
           word_is(text, begin, end, "Storm") ||
           word_is(text, begin, end, "storms");
}

static bool exactly_storm(lede_span text, size_t begin, size_t end)
{
    return word_is(text, begin, end, "storm") ||
           word_is(text, begin, end, "Storm");
}

static bool stormy_or_quiet(lede_span text, size_t begin, size_t end)
{
    return stormy(text, begin, end) || word_is(text, begin, end, "quiet");
}

static bool talking(lede_span text, size_t begin, size_t end)
{
    return word_is(text, begin, end, "talk") ||
           word_is(text, begin, end, "talks");
}

static const struct {
    const char *query;
    is_wanted *wanted;
} cases[] = {
    {"storm", stormy},
    {"=storm", exactly_storm},
    {"storm quiet", stormy_or_quiet},
    {"quiet OR storm", stormy_or_quiet},
    {"storm -quiet", stormy},
    {"tal*", talking},
    {"talk~1", talking},
};

/* Marks that touch are one: they are taken apart at blanks. */
static void check_text(lede_span text, const lede_mark *marks, uint32_t count,
                       is_wanted *wanted)
{
    size_t at = 0;

    for (uint32_t i = 0; i < count; i++) {
        assert_true(marks[i].begin < marks[i].end && marks[i].end <= text.len);
        assert_true(i == 0 || marks[i - 1].end < marks[i].begin);
    }
    while (at < text.len) {
        size_t end = at;
        bool is_marked = false;

        while (end < text.len && text.bytes[end] != ' ') {
            end++;
        }
        for (uint32_t i = 0; i < count; i++) {
            is_marked =
                is_marked || (marks[i].begin == at && marks[i].end == end);
        }
        assert_int_equal(is_marked, wanted(text, at, end));
        at = end + 1;
    }
}

static void check_entry(lede_results *results, const lede_entry *entry,
                        is_wanted *wanted)
{
    lede_arena arena = {0};
    lede_marking marking;
    const lede_mark *marks;
    uint32_t count;
    lede_error err = {0};

    assert_ok(lede_results_mark(results, entry, &arena, &marking, &err));
    marks = lede_marking_of(&marking, entry->headline, &count);
    check_text(entry->headline, marks, count, wanted);
    for (uint32_t i = 0; i < entry->block_count; i++) {
        marks = lede_marking_of(&marking, entry->body[i].text, &count);
        check_text(entry->body[i].text, marks, count, wanted);
    }
    lede_marking_of(&marking, lede_span_text("elsewhere"), &count);
    assert_int_equal(count, 0);
    lede_arena_done(&arena);
}

static void test_marking__every_word_that_counts_and_no_other(void **state)
{
    newsroom *n = newsroom_open(51, ENTRIES);
    lede_error err = {0};

    (void)state;
    for (int e = 0; e < NEWSROOM_ENGINES; e++) {
        for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
            lede_search_options options = {.count_only = true};
            lede_results *results = NULL;

            assert_ok(lede_engine_search(n->engines[e],
                                         lede_span_text(cases[c].query),
                                         &options, &results, &err));
            for (uint32_t i = 0; i < n->count; i++) {
                check_entry(results, &n->entries[i], cases[c].wanted);
            }
            lede_results_free(results);
        }
    }
    newsroom_close(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marking__every_word_that_counts_and_no_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
