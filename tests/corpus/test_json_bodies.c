/* Bodies of records: lists, blocks, markup, wrapped lines. */
#include "tests/corpus/json_case.h"

static void test_bodies__bodies(void **state)
{
    static const char *const pairs[][2] = {
        {"\"one\\ntwo\\n\\nthree\"", "p(one)p(two)p(three)"},
        {"\"  one \\r\\n\\r\\n two\"", "p(one)p(two)"},
        {"\"Like this:\\n\\u2022 a\\n\\u2022 b\"", "p(Like this:)li(a)li(b)"},
        {"[\"one\",\"two\\nthree\",\"\"]", "p(one)p(two)p(three)"},
        {"[{\"type\":\"paragraph\",\"text\":\"one\"},{\"text\":\"T\",\"type\":"
         "\"heading\"},{\"type\":\"list\",\"items\":[\"a\",{\"text\":\"b\","
         "\"type\":\"li\"}]},{\"type\":\"blockquote\",\"content\":\"q\"}]",
         "p(one)heading(T)p(a)li(b)quote(q)"},
        {"\"<p>one</p><ul><li>two</ul>\"", "p(one)li(two)"},
        {"\"one<br><br>two &amp; three\"", "p(one)p(two & three)"},
        {"\"R&amp;D &quot;x&quot;\"", "p(R&D \"x\")"},
        {"\"&lt;p&gt;one&lt;/p&gt;\"", "p(one)"},
        {"\"2 < 3 & 4 > 1\"", "p(2 < 3 & 4 > 1)"},
        {"{\"html\":\"<p>one\",\"other\":1}", "p(one)"},
        {"\"<h1>A</h1><p>one</p>\"", "p(one)"}, /* the headline again */
        {"\"A\"", "p(A)"},
        {"[{\"type\":\"p\",\"blocks\":[{\"model\":{\"text\":\"deep\"}}]}]",
         "p(deep)"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        lede_buf json = {0};
        lede_buf wanted = {0};

        lede_buf_put_format(&json, "{\"title\":\"A\",\"body\":%s}",
                            pairs[i][0]);
        lede_buf_put_format(&wanted, " article headline=A %s\n", pairs[i][1]);
        check_entries(lede_buf_text(&json), lede_buf_text(&wanted));
        lede_buf_done(&json);
        lede_buf_done(&wanted);
    }
    /* A list of renditions is one body; a list of paragraphs is all of it. */
    check_entries("{\"headlines\":[{\"value\":\"A\"}],\"bodies\":[{\"role\":"
                  "\"text\",\"value\":\"one\"},{\"value\":\"<p>one\"}]}",
                  " article headline=A p(one)\n");
    check_entries("{\"title\":\"A\",\"contents\":[{\"type\":\"title\","
                  "\"content\":\"A\"},{\"type\":\"date\",\"content\":1},"
                  "{\"content\":\"<b>one</b>\",\"type\":\"sanitized_html\"},"
                  "{\"type\":\"image\",\"fullcaption\":\"c\"}]}",
                  " article headline=A p(one)\n");
    /* Hard-wrapped text is joined. */
    check_entries(
        "{\"title\":\"A\",\"text\":\"this is a line that goes to the very edge "
        "of what\\nthe width of the page would have allowed, and so is\\nthis"
        "\\n\\nnext\"}",
        " article headline=A p(this is a line that goes to the very edge of "
        "what the width of the page would have allowed, and so is "
        "this)p(next)\n");
}

static void test_bodies__wrapped_unevenly(void **state)
{
    (void)state;
    /* By an old database: not each line is as full as it could be. A blank or
     * an indented line begins a paragraph. */
    check_entries(
        "{\"title\":\"A\",\"text\":\"THE FERRY COMPANY SAID LAST WEEK "
        "THAT ALL ITS\\nSHIPS ON THE NORTHERN LINE\\nWOULD STAY IN "
        "PORT UNTIL THE GALE IS OVER.\\n  CAPTAINS HAD ASKED FOR IT, "
        "SAID AN\\nOFFICER OF THE UNION OF SEAFARERS WHO\\nWAS IN THE "
        "MEETING.\\n\\nNO DATE IS GIVEN.\"}",
        " article headline=A p(THE FERRY COMPANY SAID LAST WEEK THAT "
        "ALL ITS SHIPS ON THE NORTHERN LINE WOULD STAY IN PORT UNTIL "
        "THE GALE IS OVER.)p(CAPTAINS HAD ASKED FOR IT, SAID AN "
        "OFFICER OF THE UNION OF SEAFARERS WHO WAS IN THE "
        "MEETING.)p(NO DATE IS GIVEN.)\n");
    /* Sentences, a line each. */
    check_entries("{\"title\":\"A\",\"text\":\"The ferry company said that its "
                  "ships would stay.\\nCaptains had asked for it at a meeting "
                  "in March.\\nNo date is given for when they may leave "
                  "again.\"}",
                  " article headline=A p(The ferry company said that its ships "
                  "would stay.)p(Captains had asked for it at a meeting in "
                  "March.)p(No date is given for when they may leave "
                  "again.)\n");
    /* A list of headlines: no full stops, but each begins anew. */
    check_entries("{\"title\":\"A\",\"text\":\"Ferries stay in port as the "
                  "gale goes on\\nCaptains want shelters\\nGrain prices rise "
                  "again in the northern ports of the coast\"}",
                  " article headline=A p(Ferries stay in port as the gale goes "
                  "on)p(Captains want shelters)p(Grain prices rise again in "
                  "the northern ports of the coast)\n");
    /* Verse is narrow; a long line is a paragraph. */
    check_entries("{\"title\":\"A\",\"text\":\"the sea was grey\\nand so was "
                  "all\\nthe sky above\\nthe harbour wall\"}",
                  " article headline=A p(the sea was grey)p(and so was all)"
                  "p(the sky above)p(the harbour wall)\n");
}

/* A teaser gives way to the whole text, under whichever key that stands. */
static void test_bodies__a_teaser_is_not_the_text(void **state)
{
    static const char *const records[] = {
        "{\"title\":\"A\",\"text\":\"It began...\","
        "\"full_text\":\"It began. It ended.\"}",
        "{\"title\":\"A\",\"full_text\":\"It began. It ended.\","
        "\"text\":\"It began\\u2026\"}",
        "{\"title\":\"A\",\"content\":\"It beg [+12 chars]\","
        "\"story\":\"It began. It ended.\"}",
        "{\"story\":{\"title\":\"A\",\"text\":\"It began. It ended.\"}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        check_entries(records[i],
                      " article headline=A p(It began. It ended.)\n");
    }
    check_entries("{\"title\":\"A\",\"text\":\"One...\","
                  "\"full_text\":\"Two...\"}",
                  " article headline=A p(One...)\n");
}

/* The text of a page as it was shown, and what its owner took back. */
static void test_bodies__pasted_pages(void **state)
{
    (void)state;
    check_entries(
        "{\"source\":{\"name\":\"BBC News\"},\"title\":\"A\",\"content\":\"By "
        "Vikas PandeyBBC News, Delhi\\r\\nImage source, Getty "
        "Images\\r\\nImage "
        "caption, India shares\\r\\nIt began\\u2026 [+6534 chars]\"}",
        " article headline=A author=Vikas Pandey role=BBC News, Delhi "
        "place=Delhi source=BBC News stub p(It began\u2026)\n");
    check_entries("{\"source\":\"Post\",\"title\":\"A\",\"content\":\"By "
                  "itself\\nImage source, x\"}",
                  " article headline=A source=Post p(By itself)p(Image "
                  "source, x)\n");
    check_entries("[{\"title\":\"[Removed]\",\"url\":\"https://removed.com\","
                  "\"content\":\"[Removed]\",\"description\":\"[Removed]\"},"
                  "{\"title\":\"A\",\"content\":\"x\"}]",
                  "#record=2 article headline=A p(x)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies__a_teaser_is_not_the_text),
        cmocka_unit_test(test_bodies__bodies),
        cmocka_unit_test(test_bodies__pasted_pages),
        cmocka_unit_test(test_bodies__wrapped_unevenly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
