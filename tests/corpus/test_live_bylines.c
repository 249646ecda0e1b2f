/* Bylines below the heads of live pages, and what is none. */
#include "corpus/live_bylines.h"
#include "tests/corpus/live_page.h"

static size_t byline(const char *text, bool is_first, lede_authors *authors,
                     lede_arena *arena)
{
    lede_span lines[8];

    lede_text_block block = {lines, 0};

    *authors = (lede_authors){0};
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");

        lines[block.line_count++] = lede_span_of(text, len);
        text += len + (text[len] == '\n');
    }
    return lede_byline_take(&block, is_first, arena, authors) ? authors->count
                                                              : 0;
}
static void test_live_bylines__bylines_and_what_is_none(void **state)
{
    static const struct line {
        const char *text;
        size_t authors;
        const char *name, *role, *location;
    } lines[] = {
        {"Ada Finch\nBBC Verify", 1, "Ada Finch", "BBC Verify", ""},
        {"Ada de la Cruz\nHealth editor, in Bath", 1, "Ada de la Cruz",
         "Health editor, in Bath", "Bath"},
        {"Ada Finch\nReporting from Palm Beach, Florida", 1, "Ada Finch",
         "Reporting from Palm Beach, Florida", "Palm Beach, Florida"},
        {"Ada Finch and Tom Reed\nBBC News", 2, "Ada Finch", "BBC News", ""},
        {"Ada Finch\nBBC News\nTom Reed\nBBC Sport", 2, "Ada Finch", "BBC News",
         ""},
        {"By Ada FinchBBC News, Delhi", 1, "Ada Finch", "BBC News, Delhi",
         "Delhi"},
        {"By Ada Finch", 1, "Ada Finch", "", ""},
        {"By Ada Finch, Tom Reed and Bo Lind", 3, "Ada Finch", "", ""},
        {"By Ada Finch, Political correspondent", 1, "Ada Finch",
         "Political correspondent", ""},
        {"By Ada Finch in Paris", 1, "Ada Finch", "in Paris", "Paris"},
        {"By Ada FinchBy Tom ReedBBC News", 2, "Ada Finch", "", ""},
        {"BBC Verify", 1, "BBC Verify", "", ""},
        {"Ada Finch, BBC correspondent", 1, "Ada Finch", "BBC correspondent",
         ""},
        {"Ada Finch\nEditor in Chief", 1, "Ada Finch", "Editor in Chief", ""},
        {"By Monday, the town was empty", 0, NULL, NULL, NULL},
        {"By the end of the week they had gone", 0, NULL, NULL, NULL},
        {"From here it gets worse", 0, NULL, NULL, NULL},
        {"Meet our political editor", 0, NULL, NULL, NULL},
        {"Ada Finch", 0, NULL, NULL, NULL},
        {"Ada Finch said so.\nBBC News", 0, NULL, NULL, NULL},
        {"A map of the town\nA map of the river", 0, NULL, NULL, NULL},
    };
    lede_arena arena = {0};
    lede_authors authors;

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        size_t count = byline(lines[i].text, false, &authors, &arena);

        if (count != lines[i].authors) {
            print_error("\"%s\" has %zu authors\n", lines[i].text, count);
        }
        assert_int_equal(count, lines[i].authors);
        if (count > 0) {
            assert_span(authors.items[0].name, lines[i].name);
            assert_span(authors.items[0].role, lines[i].role);
            assert_span(authors.items[0].location, lines[i].location);
        }
    }
    /* Directly behind a head, two short lines will do. */
    assert_int_equal(byline("Ada Finch\nWeather", true, &authors, &arena), 1);
    assert_int_equal(byline("Ada Finch\nWeather", false, &authors, &arena), 0);
    lede_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_live_bylines__bylines_and_what_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
