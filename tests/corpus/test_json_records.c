/* How lists of records are found, numbered and handed on. */
#include "tests/corpus/json_case.h"

#include "tests/corpus/json_archive.h"
#include "tests/corpus/pack.h"

static void test_records__where_the_list_stands(void **state)
{
    static const char one[] = "#record=1 article headline=A p(x)\n";
    static const char *const wraps[] = {
        "[%s]",
        "{\"data\":[%s]}",
        "{\"status\":\"ok\",\"articles\":[%s],\"n\":1}",
        "{\"results\":[%s]}",
        "{\"docs\":[%s]}",
        "{\"copyright\":\"x\",\"response\":{\"docs\":[%s]}}",
        "{\"response\":{\"status\":\"ok\",\"results\":[%s]}}",
        "{\"items\":[%s]}",
        "{\"posts\":[%s]}",
        "{\"News\":[%s]}",
        "{\"value\":[%s]}",
        "{\"entries\":[%s]}",
        "{\"live_text_stream\":{\"content\":{\"data\":{\"results\":[%s]}}}}",
        "{\"hits\":{\"total\":1,\"hits\":[{\"_id\":null,\"_source\":%s}]}}",
        "{\"version\":\"1\",\"title\":\"A feed\",\"items\":[%s]}",
        "[{\"articles\":[]},%s]",
    };
    size_t i;

    (void)state;
    check_entries("{\"title\":\"A\",\"body\":\"x\"}",
                  " article headline=A p(x)\n");
    for (i = 0; i < sizeof wraps / sizeof wraps[0]; i++) {
        lede_buf text = {0};
        const char *at = strstr(wraps[i], "%s");
        size_t before = (size_t)(at - wraps[i]);

        lede_buf_put(&text, wraps[i], before);
        lede_buf_put_text(&text, "{\"title\":\"A\",\"body\":\"x\"}");
        lede_buf_put_text(&text, at + 2);
        check_entries(
            lede_buf_text(&text),
            wraps[i][1] != '{' ? one : "#record=2 article headline=A p(x)\n");
        lede_buf_done(&text);
    }
}

/* From 1, whatever they are wrapped in; what only wraps has no number. */
static void test_records__numbers(void **state)
{
    (void)state;
    check_entries("{\"articles\":[{\"title\":\"A\",\"text\":\"x\"},"
                  "{\"title\":\"B\",\"text\":\"y\"}]}",
                  "#record=1 article headline=A p(x)\n"
                  "#record=2 article headline=B p(y)\n");
    check_entries("[{\"title\":\"A\",\"text\":\"x\"},"
                  "{\"items\":[{\"title\":\"B\",\"text\":\"y\"},"
                  "{\"title\":\"C\",\"text\":\"z\"}]},"
                  "{\"items\":[]},"
                  "{\"title\":\"D\",\"text\":\"u\"}]",
                  "#record=1 article headline=A p(x)\n"
                  "#record=2 article headline=B p(y)\n"
                  "#record=3 article headline=C p(z)\n"
                  "#record=5 article headline=D p(u)\n");
    check_entries("{\"data\":{\"articles\":[{\"title\":\"A\","
                  "\"text\":\"x\"}]},\n \"n\": 1}\n"
                  "{\"title\":\"B\",\"text\":\"y\"}",
                  "#record=1 article headline=A p(x)\n"
                  "#record=2 article headline=B p(y)\n");
}

static void test_records__lines_and_values_in_a_row(void **state)
{
    (void)state;
    check_entries("{\"title\":\"A\",\"text\":\"x\"}\n"
                  "\n"
                  "{\"title\":\"B\",\"text\":\"y\"}\r\n"
                  "{\"title\":\"C\",\"text\":\"z\"}",
                  "#line=1 article headline=A p(x)\n"
                  "#line=3 article headline=B p(y)\n"
                  "#line=4 article headline=C p(z)\n");
    check_entries("{\"title\":\"A\",\"text\":\"x\"}{\"title\":\"B\","
                  "\"text\":\"y\"}",
                  " article headline=A p(x)\n"
                  "#record=2 article headline=B p(y)\n");
    check_entries("{\"title\":\"A\",\"text\":\"x\"}{\"title\":\"B\","
                  "\"text\":\"y\"}\n{\"title\":\"C\",\"text\":\"z\"}\n",
                  "#line=1 article headline=A p(x)\n"
                  "#line=1 article headline=B p(y)\n"
                  "#line=2 article headline=C p(z)\n");
    check_entries("{\n  \"title\": \"A\",\n  \"text\": \"x\"\n}\n"
                  "{\n  \"title\": \"B\",\n  \"text\": \"y\"\n}\n",
                  " article headline=A p(x)\n"
                  "#record=2 article headline=B p(y)\n");
    check_entries("{\"articles\":[{\"title\":\"A\",\"text\":\"x\"}]}\n"
                  "{\"articles\":[{\"title\":\"B\",\"text\":\"y\"}]}\n",
                  "#line=1 article headline=A p(x)\n"
                  "#line=2 article headline=B p(y)\n");
}

static void test_records__nothing_in_it(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "{\"a\":1}",
        "{\"name\":\"x\",\"version\":1}",
        "[[[]]]",
        "{\"title\":\"A\"}",
        "{\"data\":[{\"a\":1}]}",
    };
    test_sink sink = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        lede_error err = {0};

        assert_status(read_into(&sink, lede_span_text(texts[i]), "", &err),
                      LEDE_BAD_INPUT);
        assert_non_null(strstr(err.message, "no records"));
        assert_int_equal(sink.entry_count, 0);
        assert_int_equal(sink.page_count, 0);
    }
    test_sink_done(&sink);
}

static void test_records__live_page_in_a_record(void **state)
{
    test_sink sink = {0};
    lede_error err = {0};

    (void)state;
    assert_ok(read_into(
        &sink,
        lede_span_text(
            "{\"title\":\"Before\",\"text\":\"x\"}\n"
            "{\"title\":\"Storm live\",\"url\":\"https://n.example/storm\","
            "\"date\":\"2025-02-17T16:00:00Z\",\"text\":\""
            "2. Roads closedpublished at 14:50 Greenwich Mean Time 17 February"
            "\\n\\nThe coast road is shut.\\n\\n"
            "1. Winds risepublished at 13:05 Greenwich Mean Time 17 February"
            "\\n\\nGusts reach the hills.\\n\"}\n"
            "{\"title\":\"After 10:30 and 11:45\",\"text\":\"At 10:30 and "
            "11:45.\"}\n"),
        "", &err));
    assert_int_equal(sink.entry_count, 4);
    assert_int_equal(sink.page_count, 3);
    assert_int_equal(sink.live_pages, 1);
    assert_non_null(strstr(lede_buf_text(&sink.entries),
                           "live_update headline=Roads closed "
                           "published=2025-02-17T14:50:00Z"));
    assert_non_null(
        strstr(lede_buf_text(&sink.entries), "#line=3 article headline=After"));
    test_sink_done(&sink);
}

static void test_records__sink_failures_and_stops(void **state)
{
    lede_buf text = {0};
    test_sink sink = {.fail_at = 3};
    lede_error err = {0};
    int i;

    (void)state;
    for (i = 0; i < 10; i++) {
        lede_buf_put_text(&text, "{\"title\":\"A\",\"text\":\"x\"}\n");
    }
    assert_status(read_into(&sink, lede_buf_span(&text), "", &err), LEDE_IO);
    assert_string_equal(err.message, "the disk is full");
    assert_int_equal(sink.entry_count, 3);
    sink.fail_at = 0;
    sink.stop_at = 5;
    assert_status(read_into(&sink, lede_buf_span(&text), "", &err),
                  LEDE_INTERRUPTED);
    assert_int_equal(sink.entry_count, 5);
    test_sink_done(&sink);
    lede_buf_done(&text);
}

static void test_records__all_shapes_give_the_same(void **state)
{
    lede_buf text = {0};
    lede_buf packed = {0};
    test_sink sink = {0};
    int shape;
    int pack;

    (void)state;
    for (shape = 0; shape < 3; shape++) {
        for (pack = 0; pack < 3; pack++) {
            lede_error err = {0};
            size_t at = 0;
            size_t i;

            lede_buf_clear(&text);
            put_archive(&text, shape, 700, 3);
            lede_buf_clear(&packed);
            if (pack == 0) {
                lede_buf_put_span(&packed, lede_buf_span(&text));
            } else if (pack == 1) {
                pack_gzip(&packed, lede_buf_span(&text));
            } else {
                pack_zstd(&packed, lede_buf_span(&text));
            }
            assert_ok(read_into(&sink, lede_buf_span(&packed), "", &err));
            assert_int_equal(sink.entry_count, 700);
            assert_int_equal(sink.note_count, 0);
            assert_int_equal(sink.progress, packed.len);
            for (i = 0; i < 700; i++) {
                char mark[40];
                const char *found;

                snprintf(mark, sizeof mark, " headline=T%zu id=%zu ", i, i);
                found = strstr(lede_buf_text(&sink.entries) + at, mark);
                assert_non_null(found);
                at = (size_t)(found - (const char *)sink.entries.bytes);
            }
        }
    }
    test_sink_done(&sink);
    lede_buf_done(&text);
    lede_buf_done(&packed);
}

/* Real archives; figures counted with another program. */
static void test_records__real_collections(void **state)
{
    static const struct {
        const char *path;
        size_t entries;
    } files[] = {
        {TEST_DATA("time1963/time1963.jsonl"), 423},
        {TEST_DATA("exports/omnivore.json"), 20},
        {TEST_DATA("exports/wallabag-v2-read.json"), 2},
        {TEST_DATA("exports/wallabag-v2.json"), 6},
        {TEST_DATA("exports/readability.json"), 3},
        {TEST_DATA("exports/elcurator.json"), 1},
        {TEST_DATA("newsroom/ninjs/1.4/ninjsExSimpleText1.json"), 1},
    };
    size_t i;

    (void)state;
    skip_without_data(files[0].path);
    for (i = 0; i < sizeof files / sizeof files[0]; i++) {
        test_sink sink = {0};
        lede_sink out = test_sink_of(&sink);
        lede_error err = {0};

        assert_ok(lede_corpus_read_file(files[i].path, NULL, &out, &err));
        if (sink.entry_count != files[i].entries) {
            fail_msg("%s has %zu", files[i].path, sink.entry_count);
        }
        test_sink_done(&sink);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records__where_the_list_stands),
        cmocka_unit_test(test_records__numbers),
        cmocka_unit_test(test_records__lines_and_values_in_a_row),
        cmocka_unit_test(test_records__nothing_in_it),
        cmocka_unit_test(test_records__live_page_in_a_record),
        cmocka_unit_test(test_records__sink_failures_and_stops),
        cmocka_unit_test(test_records__all_shapes_give_the_same),
        cmocka_unit_test(test_records__real_collections),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
