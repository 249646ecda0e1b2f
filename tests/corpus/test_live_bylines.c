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

/* People at several places: each has their own. */
static void test_live_bylines__several_places(void **state)
{
    static const struct line {
        const char *text;
        size_t authors;
        const char *who[4]; /* "name|role|place" */
    } lines[] = {
        {"From CNN's Ada Finch in Kyiv and Tom Reed in London",
         2,
         {"Ada Finch|CNN|Kyiv", "Tom Reed||London"}},
        {"From CNN\u2019s Ada Finch in Kyiv, Tom Reed in London and Bo Lind in "
         "Rome",
         3,
         {"Ada Finch|CNN|Kyiv", "Tom Reed||London", "Bo Lind||Rome"}},
        {"From CNN's Ada Finch and Tom Reed in Kyiv and CNN's Bo Lind at the "
         "Pentagon",
         3,
         {"Ada Finch|CNN|Kyiv", "Tom Reed|CNN|Kyiv",
          "Bo Lind|CNN|the Pentagon"}},
        {"From CNN's Ada Finch in Kyiv, Ukraine, and Tom Reed in London",
         2,
         {"Ada Finch|CNN|Kyiv, Ukraine", "Tom Reed||London"}},
        {"From CNN's Ada Finch in Seoul, South Korea and Tom Reed in Rome",
         2,
         {"Ada Finch|CNN|Seoul, South Korea", "Tom Reed||Rome"}},
        {"From CNN's Ada Finch in Freetown, Sierra Leone and Tom Reed in Rome",
         2,
         {"Ada Finch|CNN|Freetown, Sierra Leone", "Tom Reed||Rome"}},
        {"From CNN's Ada Finch in Moresby, Papua New Guinea and Tom Reed in "
         "Mexico City, Mexico",
         2,
         {"Ada Finch|CNN|Moresby, Papua New Guinea",
          "Tom Reed||Mexico City, Mexico"}},
        {"From CNN's Ada Finch in Kyiv, Tom Reed and Bo Lind in London",
         3,
         {"Ada Finch|CNN|Kyiv", "Tom Reed||London", "Bo Lind||London"}},
        {"By Ada Finch in Kyiv and Tom Reed in London",
         2,
         {"Ada Finch|in Kyiv|Kyiv", "Tom Reed|in London|London"}},
        {"By Ada Finch and Bo Lind in Kyiv and Tom Reed in London",
         3,
         {"Ada Finch|in Kyiv|Kyiv", "Bo Lind|in Kyiv|Kyiv",
          "Tom Reed|in London|London"}},
        {"By Ada Finch in Stratford and Newham",
         1,
         {"Ada Finch|in Stratford and Newham|Stratford and Newham"}},
        {"From CNN's Ada Finch in Washington, DC",
         1,
         {"Ada Finch|CNN|Washington, DC"}},
        {"From Kyiv in spring and London in autumn", 0, {NULL}},
        {"By dawn in Kyiv and Tom Reed in London", 0, {NULL}},
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
        for (size_t k = 0; k < count; k++) {
            const lede_author *who = &authors.items[k];
            lede_buf text = {0};

            lede_buf_put_span(&text, who->name);
            lede_buf_put_byte(&text, '|');
            lede_buf_put_span(&text, who->role);
            lede_buf_put_byte(&text, '|');
            lede_buf_put_span(&text, who->location);
            assert_span(lede_buf_span(&text), lines[i].who[k]);
            lede_buf_done(&text);
        }
    }
    lede_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_live_bylines__bylines_and_what_is_none),
        READ_TEST(test_live_bylines__several_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
