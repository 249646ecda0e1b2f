#include "tests/support/check.h"

#include "corpus/address.h"

static void check(const char *base, const char *link, const char *wanted)
{
    lede_arena arena = {0};
    bool failed = false;

    assert_span(lede_address_join(lede_span_text(base), lede_span_text(link),
                                  &arena, &failed),
                wanted);
    assert_false(failed);
    lede_arena_done(&arena);
}

/* RFC 3986, 5.4: the examples, but for those of schemes. */
static void test_address__examples_of_the_rfc(void **state)
{
    static const char base[] = "http://a/b/c/d;p?q";
    static const struct {
        const char *link, *wanted;
    } cases[] = {
        {"g:h", "g:h"},
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q#s"},
        {"g#s", "http://a/b/c/g#s"},
        {"g?y#s", "http://a/b/c/g?y#s"},
        {";x", "http://a/b/c/;x"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"../../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/../h", "http://a/b/c/h"},
        {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
        {"g#s/../x", "http://a/b/c/g#s/../x"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check(base, cases[i].link, cases[i].wanted);
    }
}

static void test_address__bases_that_are_short_or_none(void **state)
{
    (void)state;
    check("https://p.example", "news/1", "https://p.example/news/1");
    check("https://p.example?a", "/news/1", "https://p.example/news/1");
    check("https://p.example", "", "");
    check("", "/news/1", "/news/1");
    check("news/feed", "/news/1", "/news/1");
    check("http:///x", "/news/1", "/news/1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address__examples_of_the_rfc),
        cmocka_unit_test(test_address__bases_that_are_short_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
