/* JSON as a tree: what metadata in pages gets wrong. */
#include "base/buf.h"
#include "corpus/json_tree.h"
#include "tests/support/check.h"

static lede_arena arena;

static int teardown(void **state)
{
    (void)state;
    lede_arena_done(&arena);
    return 0;
}

static const lede_json_value *tree(const char *text)
{
    const lede_json_value *list = NULL;
    lede_error err = {0};

    assert_ok(lede_json_tree_read(lede_span_text(text), &arena, &list, &err));
    assert_int_equal(list->type, LEDE_JSON_ARRAY);
    return list;
}

static void test_json_tree__members_are_found_by_key(void **state)
{
    const lede_json_value *value =
        tree("{\"a\": {\"b\": [1, \"two\"]}, \"name\": \" Ann \"}")->first;

    (void)state;
    assert_span(lede_json_member_text(lede_json_member(value, "a"), "b"), "1");
    assert_span(lede_json_member_text(value, "name"), "Ann");
    assert_span(lede_json_value_text(value), "Ann");
    assert_null(lede_json_member(value, "c"));
    assert_null(lede_json_member(lede_json_member(value, "name"), "a"));
    assert_null(lede_json_member(NULL, "a"));
    assert_int_equal(lede_json_value_text(NULL).len, 0);
}

static void test_json_tree__several_values_are_a_list(void **state)
{
    const lede_json_value *list = tree("{\"a\": 1};\n[{\"b\": 2}]");

    (void)state;
    assert_span(lede_json_member_text(list->first, "a"), "1");
    assert_int_equal(list->first->next->type, LEDE_JSON_ARRAY);
    assert_null(list->first->next->next);
    assert_null(tree("")->first);
    assert_null(tree("no JSON at all")->first);
}

/* What stands before the damage is kept. */
static void
test_json_tree__a_cut_or_broken_text_gives_its_beginning(void **state)
{
    static const char whole[] =
        "{\"headline\": \"Rain\", \"author\": [{\"name\": \"Ann Lee\"}, "
        "{\"name\": \"Bo Ray\"}], \"date\": \"2025-02-17\"}";
    size_t len;

    (void)state;
    for (len = 0; len < sizeof whole; len++) {
        char cut[sizeof whole];
        const lede_json_value *value;

        memcpy(cut, whole, len);
        cut[len] = 0;
        value = tree(cut)->first;
        if (len > 20) {
            assert_span(lede_json_member_text(value, "headline"), "Rain");
        }
        if (len > 70) {
            assert_span(
                lede_json_member_text(
                    lede_json_member(value, "author")->first->next, "name"),
                "Bo Ray");
        }
        lede_arena_clear(&arena);
    }
}

static void
test_json_tree__quotation_marks_are_told_by_what_follows(void **state)
{
    const lede_json_value *value =
        tree("{\"headline\": \"The \"old\" ferry, she said\", \"deck\": \"A "
             "\"\", \"section\": \"News\"}")
            ->first;

    (void)state;
    assert_span(lede_json_member_text(value, "headline"),
                "The \"old\" ferry, she said");
    assert_span(lede_json_member_text(value, "section"), "News");
}

static void
test_json_tree__more_values_than_anyone_writes_are_left_out(void **state)
{
    lede_buf text = {0};
    const lede_json_value *value;
    size_t count = 0;
    size_t i;

    (void)state;
    lede_buf_put_text(&text, "[0");
    for (i = 0; i < LEDE_JSON_TREE_MAX_VALUES + 100; i++) {
        lede_buf_put_text(&text, ",0");
    }
    lede_buf_put_text(&text, ",{\"a\":1}]");
    for (value = tree(lede_buf_text(&text))->first->first; value != NULL;
         value = value->next) {
        count++;
    }
    assert_int_equal(count, LEDE_JSON_TREE_MAX_VALUES - 1);
    lede_buf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_json_tree__members_are_found_by_key,
                                  teardown),
        cmocka_unit_test_teardown(test_json_tree__several_values_are_a_list,
                                  teardown),
        cmocka_unit_test_teardown(
            test_json_tree__a_cut_or_broken_text_gives_its_beginning, teardown),
        cmocka_unit_test_teardown(
            test_json_tree__quotation_marks_are_told_by_what_follows, teardown),
        cmocka_unit_test_teardown(
            test_json_tree__more_values_than_anyone_writes_are_left_out,
            teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
