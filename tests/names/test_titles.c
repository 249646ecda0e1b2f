/* What people are called beside their names. */
#include "tests/support/check.h"

#include <string.h>

#include "names/titles.h"

static void check_title(const char *text, const char *name, const char *wanted)
{
    const char *at = strstr(text, name);
    size_t begin = (size_t)(at - text);

    assert_non_null(at);
    assert_span(
        lede_title_beside(lede_span_text(text), begin, begin + strlen(name)),
        wanted);
}

static void test_titles__stand_before_a_name(void **state)
{
    (void)state;
    check_title("President Ann Lee spoke.", "Ann Lee", "President");
    check_title("Then foreign minister Ann Lee spoke.", "Ann Lee",
                "foreign minister");
    check_title("UK Prime Minister Ann Lee spoke.", "Ann Lee",
                "Prime Minister");
    check_title("Secretary of State Ann Lee spoke.", "Ann Lee",
                "Secretary of State");
    check_title("the Minister of Foreign Affairs Ann Lee", "Ann Lee",
                "Minister of Foreign Affairs");
    check_title("Vice-President Ann Lee spoke.", "Ann Lee", "Vice-President");
}

static void test_titles__stand_behind_a_name(void **state)
{
    (void)state;
    check_title("Ann Lee, the foreign minister, spoke.", "Ann Lee",
                "foreign minister");
    check_title("Ann Lee, Norway's prime minister, spoke.", "Ann Lee",
                "prime minister");
    check_title("Ann Lee, president of the club, spoke.", "Ann Lee",
                "president");
}

static void test_titles__are_not_invented(void **state)
{
    (void)state;
    check_title("Mr Ann Lee spoke.", "Ann Lee", "");
    check_title("So said the president. Ann Lee spoke.", "Ann Lee", "");
    check_title("Ann Lee, who met the president, spoke.", "Ann Lee", "");
    check_title("Ann Lee", "Ann Lee", "");
    check_title("Bank of Ann Lee", "Ann Lee", "");
    check_title("of Ann Lee, ", "Ann Lee", "");
    check_title(" Ann Lee,", "Ann Lee", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_titles__stand_before_a_name),
        cmocka_unit_test(test_titles__stand_behind_a_name),
        cmocka_unit_test(test_titles__are_not_invented),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
