#include <unistd.h>

#include "corpus/text_match.h"
#include "tests/corpus/read_text.h"

#define REUTERS TEST_DATA("reuters21578/reuters21578-sgml.tar.zst")

static void test_reuters__a_story(void **state)
{
    const lede_entry *e;

    (void)state;
    read_as(
        &lede_format_reuters,
        "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n"
        "<REUTERS TOPICS=\"YES\" OLDID=\"9\" NEWID=\"7\">\n"
        "<DATE> 2-MAR-1987 15:01:01.79&#5;&#5;&#5;RM</DATE>\n"
        "<TOPICS><D>ship</D><D>trade</D></TOPICS>\n"
        "<PLACES><D>uk</D></PLACES>\n<PEOPLE><D>thatcher</D></PEOPLE>\n"
        "<UNKNOWN>\n&#5;&#5;C T\n&#22;f0704&#31;reute</UNKNOWN>\n"
        "<TEXT>&#2;\n<TITLE>HARBOUR &lt;HBR> CLOSED</TITLE>\n"
        "<AUTHOR>    By Ann Lee, Reuters</AUTHOR>\n"
        "<DATELINE>    LONDON, March 2 - </DATELINE><BODY>The harbour of the "
        "town\nwas closed for the third day, the office of the port\nsaid, "
        "and no ship of any size left it on Monday.\n    It is expected to be "
        "opened again when the storm\nhas gone and the channel was measured "
        "anew.\n REUTER\n&#3;</BODY></TEXT>\n</REUTERS>\n"
        "<REUTERS NEWID=\"8\"><DATE>nonsense</DATE><TEXT "
        "TYPE=\"UNPROC\">&#2;\nBARE LINES\n  of text\n&#3;</TEXT></REUTERS>",
        "");
    assert_int_equal(got.count, 2);
    assert_entry(0, "HARBOUR <HBR> CLOSED", "1987-03-02T15:01:01Z",
                 "The harbour of the town was closed for the third day, the "
                 "office of the port said, and no ship of any size left it on "
                 "Monday.");
    e = entry(0);
    assert_int_equal(e->kind, LEDE_KIND_NEWSWIRE);
    assert_int_equal(e->block_count, 2);
    assert_int_equal(e->author_count, 1);
    assert_span(e->authors[0].name, "Ann Lee");
    assert_span(e->authors[0].location, "LONDON");
    assert_int_equal(e->tag_count, 4);
    assert_span(e->tags[3], "thatcher");
    assert_span(e->native_id, "reuters21578:7");
    assert_true(entry(1)->headline_derived);
    assert_int_equal(entry(1)->published.precision, LEDE_PRECISION_NONE);
}

/* An end that was lost costs no other story. */
static void test_reuters__without_an_end(void **state)
{
    (void)state;
    read_as(&lede_format_reuters,
            "<REUTERS NEWID=\"1\"><TEXT><TITLE>ONE</TITLE>\n"
            "<REUTERS NEWID=\"2\"><TEXT><TITLE>TWO</TITLE></TEXT></REUTERS>\n"
            "<REUTERS NEWID=\"3\"><TEXT><TITLE>THREE</TI",
            "");
    assert_int_equal(got.count, 3);
    assert_span(entry(1)->headline, "TWO");
}

typedef struct count {
    size_t entries, dated, tagged, placed, empty;
} count;

static lede_status on_page(void *ctx, const lede_page *page, lede_error *err)
{
    (void)ctx;
    (void)page;
    (void)err;
    return LEDE_OK;
}

static lede_status on_end(void *ctx, lede_error *err)
{
    (void)ctx;
    (void)err;
    return LEDE_OK;
}

static lede_status on_entry(void *ctx, lede_entry *e, const char *location,
                            lede_error *err)
{
    count *c = ctx;
    uint32_t i;

    (void)err;
    assert_true(strncmp(location, "!reuters21578/", 14) == 0);
    if (strstr(location, ".sgm") == NULL) {
        return LEDE_OK; /* lists that are beside the stories */
    }
    if (e->published.precision < LEDE_PRECISION_DAY) {
        print_message("%.*s: no date\n", (int)e->native_id.len,
                      (const char *)e->native_id.bytes);
    }
    c->entries++;
    c->dated += e->published.precision >= LEDE_PRECISION_DAY;
    c->tagged += e->tag_count > 0;
    c->placed += e->author_count > 0 && e->authors[0].location.len > 0;
    c->empty += e->block_count == 0;
    for (i = 0; i < e->block_count; i++) {
        assert_true(lede_match_find(e->body[i].text, 0, "\x03") ==
                    LEDE_MATCH_NONE);
    }
    return LEDE_OK;
}

/* The whole collection, out of its archive. */
static void test_reuters__all_stories(void **state)
{
    count c = {0};
    lede_sink sink = {.ctx = &c,
                      .page_begin = on_page,
                      .entry = on_entry,
                      .page_end = on_end};
    lede_error err = {0};

    (void)state;
    if (access(REUTERS, R_OK) != 0) {
        print_message("%s is missing\n", REUTERS);
        skip();
    }
    assert_ok(lede_corpus_read_file(REUTERS, &options, &sink, &err));
    print_message("%zu entries, %zu dated, %zu with tags, %zu with a place, "
                  "%zu without a text\n",
                  c.entries, c.dated, c.tagged, c.placed, c.empty);
    assert_int_equal(c.entries, 21578);
    assert_int_equal(c.dated, 21578);
    assert_true(c.tagged > 19000);
    assert_true(c.placed > 18000);
    assert_true(c.empty < 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_reuters__a_story),
        READ_TEST(test_reuters__without_an_end),
        READ_TEST(test_reuters__all_stories),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
