/* Who wrote a page, by lines and elements that name people. */
#include "tests/corpus/read_text.h"

/* An outlet or a place behind a name is none of it. */
static void test_html_bylines__names_with_tails(void **state)
{
    (void)state;
    read_as(&lede_format_html,
            "<html><body><article><h1>The ferry is back</h1><div "
            "class=\"author-name\">Ann Lee and Bob Ray for The Paper</div><p>"
            "The ferry to the northern islands sails again after three weeks, "
            "and the first crossing was full.</p></article>",
            "");
    assert_int_equal(entry(0)->author_count, 2);
    assert_span(entry(0)->authors[0].name, "Ann Lee");
    assert_span(entry(0)->authors[1].name, "Bob Ray");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_html_bylines__names_with_tails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
