/* Plain articles: heads of all shapes, several in a file, block types. */
#include <stdlib.h>

#include "corpus/article_head.h"
#include "corpus/text_match.h"
#include "tests/corpus/read_text.h"

static void read_named(const char *text, const char *path)
{
    read_as(&lede_format_article, text, path);
    assert_int_equal(got.pages, 1);
    assert_int_equal(got.page_ends, 1);
    assert_false(got.page.is_live);
}

static void test_article_text__headline_byline_date_and_body(void **state)
{
    const lede_entry *e;

    (void)state;
    read_named("Market hall to get a new roof\n\n"
               "By Ada Finch and Tom Reed\n"
               "Published 17 February 2025 09:30 GMT\n"
               "Updated: 18 February 2025\n\n"
               "https://example.org/news/market-hall\n\n"
               "The council has agreed to pay for it.\n\n"
               "• It will cost 2m.\n• It will take a year.\n\n"
               "What happens next\n\n"
               "Builders will arrive in March, the council said in a long "
               "statement on Monday, and close the hall.\n\n"
               "> A quotation\n\n## A heading\n\nThe end.\n",
               "");
    assert_int_equal(got.count, 1);
    e = entry(0);
    assert_int_equal(e->kind, LEDE_KIND_ARTICLE);
    assert_span(e->headline, "Market hall to get a new roof");
    assert_false(e->headline_derived);
    assert_int_equal(e->author_count, 2);
    assert_span(e->authors[1].name, "Tom Reed");
    assert_when(&e->published, "2025-02-17T09:30:00Z");
    assert_when(&e->updated, "2025-02-18");
    assert_span(e->url, "https://example.org/news/market-hall");
    assert_int_equal(e->block_count, 8);
    assert_span(e->body[0].text, "The council has agreed to pay for it.");
    assert_int_equal(e->body[1].type, LEDE_BLOCK_LI);
    assert_span(e->body[1].text, "It will cost 2m.");
    assert_int_equal(e->body[3].type, LEDE_BLOCK_HEADING);
    assert_int_equal(e->body[5].type, LEDE_BLOCK_QUOTE);
    assert_span(e->body[5].text, "A quotation");
    assert_int_equal(e->body[6].type, LEDE_BLOCK_HEADING);
    assert_span(e->body[6].text, "A heading");
    assert_int_equal(e->flags & (LEDE_FLAG_TRUNCATED | LEDE_FLAG_STUB), 0);
}

static void test_article_text__one_line_of_everything(void **state)
{
    (void)state;
    read_named("Roof falls\n\n"
               "By Ada Finch | 17 February 2025 | Updated 18 February 2025\n\n"
               "It fell at night, and nobody was in the hall.\n",
               "");
    assert_span(entry(0)->authors[0].name, "Ada Finch");
    assert_when(&entry(0)->published, "2025-02-17");
    assert_when(&entry(0)->updated, "2025-02-18");
    assert_int_equal(entry(0)->block_count, 1);

    read_named("Roof falls\n\nAda Finch, The Morning Post\n\n"
               "It fell at night.\n",
               "");
    assert_span(entry(0)->authors[0].name, "Ada Finch");
    assert_span(entry(0)->authors[0].role, "The Morning Post");

    read_named("Roof falls\n\nAda Finch\nTransport correspondent, in Leeds\n\n"
               "It fell at night.\n",
               "");
    assert_span(entry(0)->authors[0].location, "Leeds");
    assert_int_equal(entry(0)->block_count, 1);
}

static void test_article_text__a_byline_may_name_the_outlet(void **state)
{
    (void)state;
    read_named("Whale comes home\n\nBy Zoë Brannigan, Skarholm Courier\n\n"
               "The whale is back.\n",
               "");
    assert_int_equal(entry(0)->author_count, 1);
    assert_span(entry(0)->authors[0].name, "Zoë Brannigan");
    assert_span(entry(0)->source, "Skarholm Courier");
    read_named("Whale comes home\n\nBy Ada Finch, Tom Reed\n\n"
               "The whale is back.\n",
               "");
    assert_int_equal(entry(0)->author_count, 2);
}

static void test_article_text__header_lines(void **state)
{
    const lede_entry *e;

    (void)state;
    read_named("Title: Storm over the bay\nSource: The Bay Times\n"
               "Author: Ada Finch\nDate: 3 March 2019\n"
               "URL: https://bay.example/storm\nTags: weather, sea; coast\n"
               "Section: Local\nLanguage: en-GB\n\n"
               "Waves broke over the pier.\n\nLocation: a place in the text "
               "is not a header.\n",
               "");
    e = entry(0);
    assert_span(e->headline, "Storm over the bay");
    assert_span(e->source, "The Bay Times");
    assert_span(e->authors[0].name, "Ada Finch");
    assert_when(&e->published, "2019-03-03");
    assert_span(e->url, "https://bay.example/storm");
    assert_int_equal(e->tag_count, 3);
    assert_span(e->lang, "en-GB");
    assert_true(e->block_count >= 1);
    assert_span(e->body[0].text, "Waves broke over the pier.");

    read_named("Location: a headline of its own\n\nText of the article.\n", "");
    assert_span(entry(0)->headline, "Location: a headline of its own");
}

static void test_article_text__datelines(void **state)
{
    static const struct line {
        const char *text, *location, *agency;
        unsigned month, day;
        const char *rest;
    } lines[] = {
        {"LONDON, Feb 26 (Reuters) - Ships turned back.", "LONDON", "Reuters",
         2, 26, "Ships turned back."},
        {"WASHINGTON (AP) \u2014 Ships.", "WASHINGTON", "AP", 0, 0, "Ships."},
        {"Kyiv, Ukraine (CNN) -- Ships.", "Kyiv, Ukraine", "CNN", 0, 0,
         "Ships."},
        {"(Reuters) - Ships.", "", "Reuters", 0, 0, "Ships."},
        {"PARIS \u2014 Ships.", "PARIS", "", 0, 0, "Ships."},
        {"NEW YORK, 3 March - Ships.", "NEW YORK", "", 3, 3, "Ships."},
        {"Paris (the capital) - a city.", NULL, NULL, 0, 0, NULL},
        {"The ship - a ferry - turned.", NULL, NULL, 0, 0, NULL},
        {"A ship (and a ferry) turned.", NULL, NULL, 0, 0, NULL},
        {"", NULL, NULL, 0, 0, NULL},
    };
    lede_date_hints hints = {.year_max = 2030};

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        lede_span text = lede_span_text(lines[i].text);
        lede_dateline out;
        bool is = lede_dateline_parse(text, &hints, &out);

        if (is != (lines[i].rest != NULL)) {
            print_error("\"%s\": %d\n", lines[i].text, is);
        }
        assert_int_equal(is, lines[i].rest != NULL);
        if (is) {
            assert_span(out.location, lines[i].location);
            assert_span(out.agency, lines[i].agency);
            assert_int_equal(out.day.local.month, lines[i].month);
            assert_int_equal(out.day.local.day, lines[i].day);
            assert_span(lede_span_part(text, out.end, text.len), lines[i].rest);
        }
    }
}

static void
test_article_text__a_dateline_gives_place_day_and_agency(void **state)
{
    (void)state;
    read_named("Ships turn back\n\nLONDON, Feb 26 (Reuters) - Ships turned "
               "back at noon.\n\nMore followed.\n",
               "wire/20240227.txt");
    assert_span(entry(0)->authors[0].name, "Reuters");
    assert_span(entry(0)->authors[0].location, "LONDON");
    assert_span(entry(0)->source, "Reuters");
    assert_when(&entry(0)->published, "2024-02-26");
    assert_int_equal(entry(0)->published.year_source, LEDE_YEAR_FILENAME);
    assert_int_equal(entry(0)->block_count, 2);

    read_named("LONDON (AP) - Ships turned back at noon, and stayed.\n\n"
               "More followed.\n",
               "");
    assert_true(entry(0)->headline_derived);
    assert_int_equal(entry(0)->block_count, 2);
}

static void test_article_text__derived_headlines_are_short(void **state)
{
    lede_span headline;

    (void)state;
    read_named(
        "The committee that was to decide whether the old market hall should "
        "be torn down or mended has put off its meeting for the third time "
        "since the spring, because two of its members were away, and a third "
        "had left it. Nobody knows when it will meet.\n",
        "");
    headline = entry(0)->headline;
    assert_true(entry(0)->headline_derived);
    assert_true(headline.len <= 120 && headline.len > 80);
    assert_true(lede_span_equal(
        headline, lede_span_part(entry(0)->body[0].text, 0, headline.len)));
    assert_int_equal(entry(0)->block_count, 1);

    read_named("It rained. Mr. Reed of the U.S. team left.\nMore.\n", "");
    assert_span(entry(0)->headline, "It rained.");
}

static void test_article_text__wrapped_text(void **state)
{
    (void)state;
    read_named("ROOF FALLS\n\n"
               "The roof of the old market hall fell in last night, and the\n"
               "council has closed the street in front of it until further\n"
               "notice.\n"
               "   Nobody was hurt, but three stalls were buried under beams\n"
               "and tiles, and the clock has stopped.\n",
               "");
    assert_span(entry(0)->headline, "ROOF FALLS");
    assert_int_equal(entry(0)->block_count, 2);
    assert_span(entry(0)->body[1].text,
                "Nobody was hurt, but three stalls were buried under beams and "
                "tiles, and the clock has stopped.");
}

static void test_article_text__several_in_a_file(void **state)
{
    (void)state;
    read_named("First title\n\nFirst text.\n\n=====\n\nSecond title\n\n"
               "Second text.\n\n========\n\nThird title\n\nThird text.\n",
               "");
    assert_int_equal(got.count, 3);
    assert_span(entry(1)->headline, "Second title");
    assert_span(entry(2)->body[0].text, "Third text.");

    read_named("Document 1 of 2\n\nFirst title\n\nFirst text.\n\n"
               "Document 2 of 2\n\nSecond title\n\nSecond text.\n\n"
               "----------\n\nA note.\n",
               "");
    assert_int_equal(got.count, 2);
    assert_true(entry(1)->block_count >= 2);

    read_named("First title\n\nFirst text.\n\nDocument "
               "ABCD000020250217el2h0001x\n\nSecond title\n\nSecond "
               "text.\n\nDocument ABCD000020250218el2h0001x\n",
               "");
    assert_int_equal(got.count, 2);
    assert_span(entry(1)->headline, "Second title");

    read_named("First title\n\nFirst text.\n\fSecond title\n\nSecond "
               "text.\n\fThird title\n\nThird text.\n",
               "");
    assert_int_equal(got.count, 3);
    assert_span(entry(1)->headline, "Second title");
}

static void test_article_text__single_separators_split_nothing(void **state)
{
    (void)state;
    read_named("A title\n=====\n\nText.\n\n-----------\n\nMore text.\n", "");
    assert_int_equal(got.count, 1);
    read_named("One page\nof a text that goes\n\fon over the break, and\n\f"
               "over another.\n",
               "");
    assert_int_equal(got.count, 1);
}

static void test_article_text__what_a_record_knows_counts(void **state)
{
    (void)state;
    context.title = lede_span_text("The record's title");
    context.url = lede_span_text("https://x.example/2020/01/02/a");
    context.location = "#line=7";
    context.published.instant = 1577923200; /* 2020-01-02 */
    context.published.precision = LEDE_PRECISION_DAY;
    context.published.year_source = LEDE_YEAR_METADATA;
    lede_civil_from_instant(1577923200, 0, &context.published.local);
    read_named("The record's title\n\nText of it\n\n=====\n\nstill "
               "text\n\n=====\n\nand more",
               "");
    assert_int_equal(got.count, 1);
    assert_span(entry(0)->headline, "The record's title");
    assert_when(&entry(0)->published, "2020-01-02");
    assert_span(entry(0)->url, "https://x.example/2020/01/02/a");
    assert_int_equal(entry(0)->flags & LEDE_FLAG_TRUNCATED, 0);
}

static void test_article_text__damage_is_flagged(void **state)
{
    (void)state;
    read_named("A title\n\nText with a bad \xFF byte.\n", "");
    assert_true(entry(0)->flags & LEDE_FLAG_BAD_BYTES);
    assert_int_equal(got.notes, 1);
    assert_string_equal(
        got.last_note,
        "not UTF-8 (or NUL) in 1 place: replaced there by U+FFFD");
    read_named("A title\n\nA long paragraph of text that was cut in the mid",
               "");
    assert_true(entry(0)->flags & LEDE_FLAG_TRUNCATED);
    read_named("A title\n\nThe beginning of a text\u2026 [+6534 chars]\n", "");
    assert_true(entry(0)->flags & LEDE_FLAG_STUB);
}

static void test_article_text__a_head_in_one_block(void **state)
{
    (void)state;
    read_named("Ruffs are back on the marsh\n"
               "Anna Bell, The Guardian\n"
               "https://www.guardian.example/birds/2021/jan/05/ruff\n"
               "Last updated: 6 January 2021\n\n"
               "They came in the night, and there are many of them.\n",
               "");
    assert_entry(0, "Ruffs are back on the marsh", "2021-01-05",
                 "They came in the night, and there are many of them.");
    assert_false(entry(0)->headline_derived);
    assert_int_equal(entry(0)->block_count, 1);
    assert_int_equal(entry(0)->author_count, 1);
    assert_span(entry(0)->authors[0].name, "Anna Bell");
    assert_span(entry(0)->url,
                "https://www.guardian.example/birds/2021/jan/05/ruff");
    assert_when(&entry(0)->updated, "2021-01-06");

    read_named("Ruffs are back on the marsh\nBy Anna Bell\n5 January 2021\n\n"
               "They came in the night.\n",
               "");
    assert_entry(0, "Ruffs are back on the marsh", "2021-01-05",
                 "They came in the night.");
    assert_false(entry(0)->headline_derived);
    assert_int_equal(entry(0)->block_count, 1);
    assert_span(entry(0)->authors[0].name, "Anna Bell");

    /* Lines of verse are no head. */
    read_named("The sea was grey\nAnd so was all\nThe sky above\n\n"
               "It rained.\n",
               "");
    assert_true(entry(0)->headline_derived);
    assert_int_equal(entry(0)->block_count, 4);
}

/* A headline, and a paragraph of one line that ends in a word of its own. */
static char *one_long_line(size_t words)
{
    static const char headline[] = "A headline\n\n";
    size_t len = strlen(headline) + words * 7 + 8;
    char *text = malloc(len);

    assert_non_null(text);
    memcpy(text, headline, strlen(headline));
    for (size_t i = 0; i < words; i++) {
        memcpy(text + strlen(headline) + i * 7, "wombat ", 7);
    }
    memcpy(text + len - 8, "quokka\n", 8);
    return text;
}

static void test_article_text__a_long_line_is_split_not_cut(void **state)
{
    char *text = one_long_line(3000000);
    const lede_entry *e;
    size_t bytes = 0;

    (void)state;
    read_named(text, "");
    assert_int_equal(got.count, 1);
    e = entry(0);
    assert_span(e->headline, "A headline");
    assert_true(e->block_count > 20);
    for (uint32_t i = 0; i < e->block_count; i++) {
        assert_true(e->body[i].text.len <= 1 << 20);
        assert_true(lede_span_starts(
            e->body[i].text, i + 1 < e->block_count ? "wombat w" : "wombat"));
        bytes += e->body[i].text.len + 1; /* a blank stood between */
    }
    assert_int_equal(bytes, 3000000 * (size_t)7 + strlen("quokka\n"));
    assert_true(lede_match_ends(e->body[e->block_count - 1].text, " quokka"));
    assert_int_equal(e->flags & LEDE_FLAG_TRUNCATED, 0);
    assert_int_equal(got.notes, 0);
    free(text);
}

static void test_article_text__what_a_limit_cuts_is_told(void **state)
{
    char *text = one_long_line(((size_t)70 << 20) / 7);
    const lede_entry *e;
    size_t bytes = 0;

    (void)state;
    read_named(text, "");
    assert_int_equal(got.count, 1);
    e = entry(0);
    for (uint32_t i = 0; i < e->block_count; i++) {
        bytes += e->body[i].text.len;
    }
    assert_true(bytes > 60 << 20 && bytes < 66 << 20);
    assert_true(e->flags & LEDE_FLAG_TRUNCATED);
    assert_int_equal(got.notes, 1);
    assert_string_equal(got.last_note,
                        "an article is too long: the rest of it was left out");
    free(text);
}

static void test_article_text__no_text_is_an_error_that_says_so(void **state)
{
    lede_error err = {0};

    (void)state;
    assert_false(
        lede_format_article.claims(lede_span_text(" \n\t\n"), true, ""));
    assert_status(collect_bytes(&got, &lede_format_article,
                                lede_span_text("\n=====\n\n-- * --\n"), "",
                                &context, &err),
                  LEDE_BAD_INPUT);
    assert_int_equal(got.pages, 0);
}

static void test_article_text__underlines_and_clocks_alone(void **state)
{
    (void)state;
    read_named("Ferry strike ends\n=================\n\n"
               "By ANN LEE and BO HART\n"
               "Published: Tuesday, March 4, 2025 at 4:15 p.m. EST | Updated "
               "5:02 p.m.\n\n"
               "The strike is over.\n\n-----\n\nFerries sail again.\n",
               "");
    assert_int_equal(got.count, 1);
    assert_span(entry(0)->headline, "Ferry strike ends");
    assert_false(entry(0)->headline_derived);
    assert_int_equal(entry(0)->author_count, 2);
    assert_when(&entry(0)->published, "2025-03-04T21:15:00Z");
    assert_when(&entry(0)->updated, "2025-03-04T22:02:00Z");
    assert_span(entry(0)->body[0].text, "The strike is over.");
    assert_span(entry(0)->body[entry(0)->block_count - 1].text,
                "Ferries sail again.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_article_text__headline_byline_date_and_body),
        READ_TEST(test_article_text__one_line_of_everything),
        READ_TEST(test_article_text__a_byline_may_name_the_outlet),
        READ_TEST(test_article_text__header_lines),
        READ_TEST(test_article_text__datelines),
        READ_TEST(test_article_text__a_dateline_gives_place_day_and_agency),
        READ_TEST(test_article_text__derived_headlines_are_short),
        READ_TEST(test_article_text__wrapped_text),
        READ_TEST(test_article_text__several_in_a_file),
        READ_TEST(test_article_text__single_separators_split_nothing),
        READ_TEST(test_article_text__what_a_record_knows_counts),
        READ_TEST(test_article_text__damage_is_flagged),
        READ_TEST(test_article_text__a_head_in_one_block),
        READ_TEST(test_article_text__a_long_line_is_split_not_cut),
        READ_TEST(test_article_text__what_a_limit_cuts_is_told),
        READ_TEST(test_article_text__no_text_is_an_error_that_says_so),
        READ_TEST(test_article_text__underlines_and_clocks_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
