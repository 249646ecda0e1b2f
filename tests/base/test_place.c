/* The promise of base/place.h: file and place come back from a path, whatever
 * the file is called. */
#include "tests/support/check.h"

#include "base/place.h"

static void check_place(const char *file, const char *location, uint64_t line,
                        uint64_t record)
{
    lede_buf path = {0};
    lede_place place;

    lede_place_put(lede_span_text(file), lede_span_text(location), &path);
    assert_false(path.failed);
    place = lede_place_parse(lede_buf_span(&path));
    assert_span(place.file, file);
    assert_true(place.line == line);
    assert_true(place.record == record);
    lede_buf_done(&path);
}

static void test_place__file_and_place_come_back(void **state)
{
    static const char *const files[] = {"/a/b.jsonl",
                                        "/a/b#line=3",
                                        "/a/b#record=3",
                                        "/a/b#line=3#",
                                        "/a/b#line=3##",
                                        "/a/#",
                                        "/a/b##",
                                        "/a/b#line=",
                                        "/a/b#line=0",
                                        "/a/b#line=3.txt",
                                        "/a/b#line3",
                                        "#line=1",
                                        "/a/b#record=07",
                                        "7",
                                        "",
                                        "/a/b#line=99999999999999999999999"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof files / sizeof *files; i++) {
        check_place(files[i], "", 0, 0);
        check_place(files[i], "#line=7", 7, 0);
        check_place(files[i], "#record=9223372036854775807", 0, INT64_MAX);
    }
}

static void test_place__only_doubtful_names_are_marked(void **state)
{
    lede_buf path = {0};

    (void)state;
    lede_place_put(lede_span_text("/a/b#7.txt"), lede_span_text(""), &path);
    assert_span(lede_buf_span(&path), "/a/b#7.txt");
    lede_buf_clear(&path);
    lede_place_put(lede_span_text("/a/b#line=7"), lede_span_text(""), &path);
    assert_span(lede_buf_span(&path), "/a/b#line=7#");
    lede_buf_done(&path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_place__file_and_place_come_back),
        cmocka_unit_test(test_place__only_doubtful_names_are_marked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
