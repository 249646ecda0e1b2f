/* People and places of whole texts, as they are linked. */
#include "tests/support/check.h"

#include "tests/names/tell.h"

static void check_told(void **state, const char *text, const char *wanted)
{
    lede_name_text one = {lede_span_text(text), LEDE_NAME_TEXT_BODY};
    lede_buf told = {0};

    tell_texts(*state, &one, 1, NULL, &told);
    assert_span(lede_buf_span(&told), wanted);
    lede_buf_done(&told);
}

static void test_link__one_person_has_one_name(void **state)
{
    check_told(state,
               "Prime Minister Keir Starmer spoke on Monday. Starmer said that "
               "he would go. Sir Keir has gone, Mr Starmer's office said.",
               "Keir Starmer x4");
}

static void test_link__a_place_is_found_by_its_other_names(void **state)
{
    check_told(state, "He flew from Kiev to Peking and back to Kyiv.",
               "Kiev x2 = g703448; Peking x1 = g1816670");
}

static void test_link__a_comma_says_which_paris(void **state)
{
    check_told(state, "She was born in Paris, Texas, and lives in Dallas.",
               "Paris x1 = g4717560; Texas x1 = a:US.TX; Dallas x1 = g4684888");
}

static void test_link__without_a_table_nothing_is_resolved(void **state)
{
    lede_name_text one = {lede_span_text("He lives in Paris."),
                          LEDE_NAME_TEXT_BODY};
    told_by by = *(told_by *)*state;
    lede_buf told = {0};

    by.linker = lede_linker_new(NULL);
    assert_non_null(by.linker);
    tell_texts(&by, &one, 1, NULL, &told);
    assert_span(lede_buf_span(&told), "Paris x1 nowhere");
    lede_linker_free(by.linker);
    lede_buf_done(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_link__one_person_has_one_name),
        cmocka_unit_test(test_link__a_place_is_found_by_its_other_names),
        cmocka_unit_test(test_link__a_comma_says_which_paris),
        cmocka_unit_test(test_link__without_a_table_nothing_is_resolved),
    };

    return cmocka_run_group_tests(tests, tell_setup, tell_teardown);
}
