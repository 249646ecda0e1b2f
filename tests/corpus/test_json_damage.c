/* Broken, cut off and too large records: told, and passed over. */
#include "tests/corpus/json_case.h"

#include "corpus/format.h"
#include "corpus/json_split.h"
#include "tests/corpus/json_archive.h"
#include "tests/corpus/pack.h"

static void test_damage__bad_lines_are_told_and_passed_over(void **state)
{
    (void)state;
    check_noted("{\"title\":\"A\",\"text\":\"x\"}\n"
                "{\"title\":\"B\" \"text\":\"y\"}\n"
                "nonsense\n"
                "{\"title\":\"C\",\"text\":\"cut o\n"
                "{\"n\":1}\n"
                "{\"title\":\"D\",\"text\":\"z\"}\n",
                "#line=1 article headline=A p(x)\n"
                "#line=4 article headline=C truncated p(cut o)\n"
                "#line=6 article headline=D p(z)\n",
                "#line=2 line 2: bad JSON at byte 14: no comma or end behind a "
                "value\n"
                "#line=3 line 3: bad JSON at byte 1: no value\n"
                "#line=4 line 4: cut off; what is there is kept\n"
                " records without text that are no headline with an address, "
                "summary, date, author or outlet: 1\n");
}

/* A broken line between the only two that are whole. */
static void test_damage__broken_line_of_three(void **state)
{
    (void)state;
    check_noted("{\"title\":\"A\",\"text\":\"x\"}\n"
                "broken{\n"
                "{\"title\":\"B\",\"text\":\"y\"}\n",
                "#line=1 article headline=A p(x)\n"
                "#line=3 article headline=B p(y)\n",
                "#line=2 line 2: bad JSON at byte 1: no value\n");
    check_noted("{\"title\":\"A\",\"text\":\"x\"}\n"
                "{\"title\":\"C\",\"text\":\"cut o\n"
                "{\"title\":\"B\",\"text\":\"y\"}\n",
                "#line=1 article headline=A p(x)\n"
                "#line=2 article headline=C truncated p(cut o)\n"
                "#line=3 article headline=B p(y)\n",
                "#line=2 line 2: cut off; what is there is kept\n");
}

/* Half a date or address would be a wrong one. */
static void test_damage__what_was_cut_within_a_fact(void **state)
{
    (void)state;
    check_noted("{\"title\":\"A\",\"text\":\"x\",\"date\":\"2020-05-1",
                " article headline=A truncated p(x)\n",
                " line 1: cut off; what is there is kept\n");
    check_noted("{\"title\":\"A\",\"text\":\"x\",\"url\":\"https://a.example/b",
                " article headline=A truncated p(x)\n",
                " line 1: cut off; what is there is kept\n");
}

static void test_damage__what_is_no_json_is_told(void **state)
{
    lede_buf text = {0};
    test_sink sink = {0};
    lede_error err = {0};

    (void)state;
    check_noted("{\"title\":\"A\",\"text\":\"x\"}\n"
                "some words, and more\n"
                "{\"title\":\"B\",\"text\":\"y\"},\n"
                "\"and a string\" 12\n\n"
                "\xEF\xBB\xBF{\"title\":\"C\",\"text\":\"z\"}\n",
                " article headline=A p(x)\n"
                "#record=2 article headline=B p(y)\n"
                "#line=6 article headline=C p(z)\n",
                " line 2: what is no JSON is passed over\n"
                " line 4: what is no JSON is passed over\n");
    check_noted("{\"title\":\"A\",\"text\":\"x\"}\n"
                "{\"title\":\"D\",\"text\":\"u\"}\n"
                "{\"title\":\"B\",\"text\":\"y\"} some words, and more\n"
                "{\"title\":\"C\",\"text\":\"z\"},\n"
                "{\"title\":\"only a headline\"}\n",
                "#line=1 article headline=A p(x)\n"
                "#line=2 article headline=D p(u)\n"
                "#line=3 article headline=B p(y)\n"
                "#line=4 article headline=C p(z)\n",
                " line 3: what is no JSON is passed over\n"
                " records without text that are no headline with an address, "
                "summary, date, author or outlet: 1\n");
    for (int i = 0; i < 30; i++) {
        lede_buf_put_text(&text, "{\"title\":\"A\",\"text\":\"x\"}\njunk\n");
    }
    assert_ok(read_into(&sink, lede_buf_span(&text), "", &err));
    assert_int_equal(sink.entry_count, 30);
    assert_int_equal(sink.note_count, 11);
    lede_buf_put_byte(&sink.notes, 0);
    assert_non_null(
        strstr((const char *)sink.notes.bytes, "notes that are not shown: 20"));
    lede_buf_done(&text);
    lede_buf_done(&sink.entries);
    lede_buf_done(&sink.notes);
}

static void test_damage__bad_bytes_are_told_once(void **state)
{
    (void)state;
    check_noted("{\"title\":\"A\",\"text\":\"caf\xE9\"}\n"
                "{\"title\":\"B\",\"text\":\"\xE9t\xE9\"}\n",
                "#line=1 article headline=A bad_bytes p(caf\uFFFD)\n"
                "#line=2 article headline=B bad_bytes p(\uFFFDt\uFFFD)\n",
                " not UTF-8 (or NUL) in 3 places: replaced there by U+FFFD\n");
}

static void test_damage__broken_first_line(void **state)
{
    (void)state;
    check_entries("{\"title\":\"A\",\"text\":\"no end\n"
                  "{\"title\":\"B\",\"text\":\"y\"}\n"
                  "{\"title\":\"C\",\"text\":\"z\"}\n",
                  "#line=1 article headline=A truncated p(no end)\n"
                  "#line=2 article headline=B p(y)\n"
                  "#line=3 article headline=C p(z)\n");
}

static void test_damage__broken_record_in_an_array(void **state)
{
    (void)state;
    check_noted(
        "[\n"
        "  {\"title\":\"A\",\"text\":\"x\"},\n"
        "  {\"title\":\"B\",\"text\":no},\n"
        "  {\n    \"title\":\"C\",\n    \"text\":\"quote missing,\n  },\n"
        "  {\"title\":\"D\",\"text\":\"z\"}\n"
        "]\n",
        "#record=1 article headline=A p(x)\n"
        "#record=4 article headline=D p(z)\n",
        "#record=2 line 3: bad JSON at byte 21: no value\n"
        "#record=3 line 4: bad JSON in its line 5 at byte 5: no comma "
        "or end behind a value\n");
}

static void test_damage__bad_bytes_are_flagged(void **state)
{
    (void)state;
    check_entries("{\"title\":\"A\xFF\",\"text\":\"x\\ud800\"}\n"
                  "{\"title\":\"B\",\"text\":\"y\"}\n",
                  "#line=1 article headline=A\xEF\xBF\xBD bad_bytes "
                  "p(x\xEF\xBF\xBD)\n"
                  "#line=2 article headline=B p(y)\n");
}

static size_t count_pieces(lede_span text, size_t max_bytes, size_t *too_large)
{
    lede_input *input = lede_input_of_bytes(text, "");
    lede_json_split *split = NULL;
    lede_json_piece piece;
    lede_error err = {0};
    lede_status status;
    size_t count = 0;

    *too_large = 0;
    assert_non_null(input);
    assert_ok(lede_json_split_new(input, max_bytes, &split, &err));
    while ((status = lede_json_split_next(split, &piece, &err)) == LEDE_OK) {
        assert_true(piece.text.len <= max_bytes);
        *too_large += piece.is_too_large;
        count += !piece.is_too_large;
    }
    assert_int_equal(status, LEDE_END);
    lede_json_split_free(split);
    lede_input_close(input);
    return count;
}

/* With a bound of 20000 bytes, a fraction of the records is too large, and the
 * object around the list is entered instead of held. */
static void test_damage__too_large_ones_are_passed_over(void **state)
{
    lede_buf text = {0};
    size_t wanted = 0;
    int shape;

    (void)state;
    for (shape = 0; shape < 3; shape++) {
        size_t too_large;
        size_t count;

        lede_buf_clear(&text);
        put_archive(&text, shape, 700, 3);
        count = count_pieces(lede_buf_span(&text), 20000, &too_large);
        assert_int_equal(count + too_large, 700);
        assert_true(too_large > 10);
        assert_true(shape == 0 || count == wanted);
        wanted = count;
    }
    lede_buf_done(&text);
}

/* By the bound that holds outside of tests: a text that is too large, told in
 * one line, and a picture as large, which is not held. */
static void test_damage__64_mib_of_text_are_too_much(void **state)
{
    enum { MUCH = (64 << 20) + 1000 };
    lede_buf text = {0};
    test_sink sink = {0};
    lede_sink out = test_sink_of(&sink);
    bool is_damaged = false;
    lede_error err = {0};
    uint8_t *noise;

    (void)state;
    lede_buf_put_text(&text, "{\"title\":\"A\",\"text\":\"");
    noise = lede_buf_extend(&text, MUCH);
    assert_non_null(noise);
    memset(noise, 'a', MUCH);
    lede_buf_put_text(&text, "\"}\n{\"title\":\"B\",\"picture\":\"");
    noise = lede_buf_extend(&text, MUCH);
    assert_non_null(noise);
    memset(noise, 'b', MUCH);
    lede_buf_put_text(&text, "\",\"text\":\"b\"}\n"
                             "{\"title\":\"C\",\"text\":\"c\"}\n");
    assert_false(text.failed);
    out.is_damaged = &is_damaged;
    assert_ok(
        lede_corpus_read_bytes(lede_buf_span(&text), "", NULL, &out, &err));
    assert_string_equal(lede_buf_text(&sink.entries),
                        "#line=2 article headline=B p(b)\n"
                        "#line=3 article headline=C p(c)\n");
    assert_string_equal(lede_buf_text(&sink.notes),
                        "#record=1 line 1: a record of more than 64 MiB is "
                        "passed over\n");
    assert_true(is_damaged);
    test_sink_done(&sink);
    lede_buf_done(&text);
}

static void test_damage__broken_records_cost_no_more_than_linear(void **state)
{
    lede_buf text = {0};
    test_sink sink = {0};
    lede_error err = {0};
    int i;

    (void)state;
    lede_buf_put_text(&text, "[\n");
    for (i = 0; i < 20000; i++) {
        lede_buf_put_text(&text, "{\"title\":\"A\",\"text\":\"\n");
    }
    (void)read_into(&sink, lede_buf_span(&text), "", &err);
    test_sink_done(&sink);
    lede_buf_done(&text);
}

static void test_damage__damaged_gzip_keeps_what_came_before(void **state)
{
    lede_buf text = {0};
    lede_buf packed = {0};
    test_sink sink = {0};
    lede_error err = {0};

    (void)state;
    put_archive(&text, 0, 300, 9);
    pack_gzip(&packed, lede_buf_span(&text));
    assert_ok(read_into(&sink, lede_span_of(packed.bytes, packed.len * 3 / 4),
                        "", &err));
    assert_in_range(sink.entry_count, 100, 299);
    assert_non_null(strstr(lede_buf_text(&sink.notes), "cut off"));
    assert_false(sink.page_is_open);
    test_sink_done(&sink);
    lede_buf_done(&text);
    lede_buf_done(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damage__bad_lines_are_told_and_passed_over),
        cmocka_unit_test(test_damage__what_is_no_json_is_told),
        cmocka_unit_test(test_damage__bad_bytes_are_told_once),
        cmocka_unit_test(test_damage__broken_first_line),
        cmocka_unit_test(test_damage__what_was_cut_within_a_fact),
        cmocka_unit_test(test_damage__broken_line_of_three),
        cmocka_unit_test(test_damage__broken_record_in_an_array),
        cmocka_unit_test(test_damage__bad_bytes_are_flagged),
        cmocka_unit_test(test_damage__too_large_ones_are_passed_over),
        cmocka_unit_test(test_damage__64_mib_of_text_are_too_much),
        cmocka_unit_test(test_damage__broken_records_cost_no_more_than_linear),
        cmocka_unit_test(test_damage__damaged_gzip_keeps_what_came_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
