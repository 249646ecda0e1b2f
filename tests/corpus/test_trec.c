/* Collections of old newspapers, as evaluations of search share them. */
#include "tests/corpus/read_text.h"

static void test_trec__papers_name_things_their_own_way(void **state)
{
    const lede_entry *e;

    (void)state;
    read_as(&lede_format_trec,
            "<DOC>\n<DOCNO> AP880212-0001 </DOCNO>\n"
            "<FILEID>AP-NR-02-12-88 2344EST</FILEID>\n"
            "<HEAD>Ferry &amp; Crew Return</HEAD>\n"
            "<DATELINE>BANGKOK, Thailand (AP) </DATELINE>\n<TEXT>\n"
            "   The ferry came back to the harbour in the night,\n"
            "the port said.\n   Nobody was hurt.\n</TEXT>\n</DOC>\n"
            "<DOC>\n<DOCNO>FT911-3</DOCNO>\n<DATE>910514\n</DATE>\n"
            "<HEADLINE>\nFT  14 MAY 91 / Ferry sold\n</HEADLINE>\n"
            "<BYLINE>\n   By ANN LEE\n</BYLINE>\n<TEXT>\nThe ferry was sold.\n"
            "</TEXT>\n<PUB>The Financial Times\n</PUB>\n</DOC>\n"
            "<DOC>\n<DOCNO> LA010189-0001 </DOCNO>\n<DOCID> 1 </DOCID>\n"
            "<DATE>\n<P>\nJanuary 1, 1989, Sunday, Home Edition \n</P>\n"
            "</DATE>\n<HEADLINE>\n<P>\nFERRY AGROUND\n</P>\n</HEADLINE>\n"
            "<BYLINE>\n<P>\nBy BO RAY, Times Staff Writer\n</P>\n</BYLINE>\n"
            "<TEXT>\n<P>\nThe ferry ran\naground.\n</P>\n<P>\nIt was dark.\n"
            "</P>\n</TEXT>\n</DOC>\n",
            "");
    assert_int_equal(got.count, 3);
    e = entry(0);
    assert_entry(0, "Ferry & Crew Return", "1988-02-12",
                 "The ferry came back to the harbour in the night, the port "
                 "said.");
    assert_int_equal(e->block_count, 2);
    assert_int_equal(e->kind, LEDE_KIND_NEWSWIRE);
    assert_span(e->native_id, "trec:AP880212-0001");
    assert_span(e->source, "Associated Press");
    assert_span(e->authors[0].location, "BANGKOK, Thailand");
    assert_entry(1, "FT 14 MAY 91 / Ferry sold", "1991-05-14",
                 "The ferry was sold.");
    assert_span(entry(1)->source, "The Financial Times");
    assert_span(entry(1)->authors[0].name, "ANN LEE");
    assert_entry(2, "FERRY AGROUND", "1989-01-01", "The ferry ran aground.");
    assert_int_equal(entry(2)->block_count, 2);
    assert_span(entry(2)->authors[0].name, "BO RAY");
    assert_span(entry(2)->authors[0].role, "Times Staff Writer");
    assert_span(got.page.format == NULL ? lede_span_text("")
                                        : lede_span_text(got.page.format),
                "TREC documents");
}

static void test_trec__other_collections(void **state)
{
    (void)state;
    read_as(&lede_format_trec,
            "<DOC id=\"NYT_ENG_19940701.0001\" type=\"story\" >\n<HEADLINE>\n"
            "FERRY SAILS\n</HEADLINE>\n<DATELINE>\nNEW YORK _\n</DATELINE>\n"
            "<TEXT>\n<P>\nThe ferry\nsailed.\n</P>\n</TEXT>\n</DOC>\n"
            "<DOC>\n<DOCNO> WSJ870324-0001 </DOCNO>\n<HL> Owner Is Near\n"
            "  Accord</HL>\n<DD> 03/24/87</DD>\n<TEXT>\n   The owner is near.\n"
            "</TEXT></DOC>\n<DOC>\n<DOCNO> NYT19980601.0001 </DOCNO>\n"
            "<DOCTYPE> NEWS STORY </DOCTYPE>\n<DATE_TIME> 1998-06-01 00:01 "
            "</DATE_TIME>\n<BODY>\n<HEADLINE> Ferry </HEADLINE>\n<TEXT>\n<P>\n"
            "It sailed.\n</TEXT>\n</BODY>\n</DOC>\n"
            "<doc id=\"12\" url=\"https://encyclopedia.example/12\" "
            "title=\"Ferry\">\nFerry\n\nA ferry is a ship.\n</doc>",
            "");
    assert_int_equal(got.count, 4);
    assert_entry(0, "FERRY SAILS", "1994-07-01", "The ferry sailed.");
    assert_span(entry(0)->source, "New York Times");
    assert_span(entry(0)->authors[0].location, "NEW YORK");
    assert_entry(1, "Owner Is Near Accord", "1987-03-24", "The owner is near.");
    assert_int_equal(entry(2)->published.precision, LEDE_PRECISION_MINUTE);
    assert_span(entry(2)->body[0].text, "It sailed.");
    assert_span(entry(3)->headline, "Ferry");
    assert_span(entry(3)->url, "https://encyclopedia.example/12");
}

/* An end that was lost costs no other document, and numbers that are no dates
 * are none. */
static void test_trec__damage(void **state)
{
    (void)state;
    read_as(&lede_format_trec,
            "<DOC><DOCNO> X999999-1 </DOCNO><TEXT>One is here.\n"
            "<DOC><DOCNO> 20200231 </DOCNO><TEXT>Two is here.</TEXT></DOC>\n"
            "<DOC><DOCNO>3</DOCNO><TE",
            "");
    assert_int_equal(got.count, 2);
    assert_int_equal(entry(0)->published.precision, LEDE_PRECISION_NONE);
    assert_int_equal(entry(1)->published.precision, LEDE_PRECISION_NONE);
    assert_span(entry(1)->body[0].text, "Two is here.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_trec__papers_name_things_their_own_way),
        READ_TEST(test_trec__other_collections),
        READ_TEST(test_trec__damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
