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

static void test_link__words_beside_a_name_say_which(void **state)
{
    check_told(state,
               "There was fighting in Tripoli in northern Lebanon on Monday.",
               "Tripoli x1 = g266826; Lebanon x1 = c:LB");
    check_told(state,
               "They fled to the northern Lebanese port city of Tripoli.",
               "Tripoli x1 = g266826");
    check_told(state, "They left the Libyan capital Tripoli.",
               "Tripoli x1 = g2210247");
    check_told(state, "The governor of Georgia signed the bill on Monday.",
               "Georgia x1 = a:US.GA");
    check_told(state, "Russia and Georgia signed it; Georgian troops left.",
               "Russia x1 = c:RU; Georgia x1 = c:GE");
    check_told(state, "The trial in The Hague was put off. The Hague is wet.",
               "The Hague x2 = g2747373");
}

/* What nothing is said of is left open where several are likely. */
static void test_link__what_is_open_stays_open(void **state)
{
    check_told(state, "Georgia voted on Tuesday, and the turnout was high.",
               "Georgia x1 ? c:GE");
    check_told(state, "The fire in Windsor was put out by noon.",
               "Windsor x1 ? g6182962");
    check_told(state, "The fire in Baden-Baden was put out by noon.",
               "Baden-Baden x1 = g2953504");
    check_told(state, "Kenyan police closed the road to Kisumu on Monday.",
               "Kisumu x1 = g191245");
}

static void test_link__two_of_one_name_stay_two(void **state)
{
    check_told(state,
               "Mrs Clinton and Mr Clinton arrived. Bill Clinton spoke first, "
               "then Hillary Clinton. Mr Clinton left, but Mrs Clinton stayed.",
               "Hillary Clinton x3; Bill Clinton x3");
}

static void test_link__initials_and_spellings_are_one_person(void **state)
{
    check_told(state,
               "The writer Joanne Rowling lives in Edinburgh. J. Rowling wrote "
               "the book. Sergei Lavrov met Sergey Lavrov's aide in Moscow.",
               "Joanne Rowling x2; Edinburgh x1 = g2650225; Sergei Lavrov x2; "
               "Moscow x1 = g524901");
}

static void test_link__names_of_many_forms_are_found(void **state)
{
    check_told(state,
               "Senator Conan O\xE2\x80\x99"
               "Brien met Robin van der Berg and Bashar al-Assad in Damascus. "
               "O\xE2\x80\x99"
               "Brien said that Mr van der Berg and Assad had agreed, and "
               "Jean-Pierre Raffarin had told Mr Raffarin's party.",
               "Conan O\xE2\x80\x99"
               "Brien x2; Robin van der Berg x2; Bashar al-Assad x2; "
               "Damascus x1 = g170654; Jean-Pierre Raffarin x2");
}

static void test_link__headlines_in_capitals_are_read(void **state)
{
    lede_name_text texts[2] = {
        {lede_span_text("PRESIDENT ZELENSKY ARRIVES IN RIYADH"),
         LEDE_NAME_TEXT_HEADLINE},
        {lede_span_text("President Volodymyr Zelensky has arrived in Riyadh, "
                        "his office said on Tuesday."),
         LEDE_NAME_TEXT_BODY}};
    lede_buf told = {0};

    tell_texts(*state, texts, 2, NULL, &told);
    assert_span(lede_buf_span(&told),
                "Volodymyr Zelensky x2; Riyadh x2 = g108410");
    lede_buf_done(&told);
}

static void test_link__writers_are_no_subjects(void **state)
{
    lede_name_text texts[3] = {
        {lede_span_text("By Ann Smith"), LEDE_NAME_TEXT_BYLINE},
        {lede_span_text("RIYADH"), LEDE_NAME_TEXT_DATELINE},
        {lede_span_text("Mr Smith said that John Smith of Leeds was ill."),
         LEDE_NAME_TEXT_BODY}};
    lede_buf told = {0};

    tell_texts(*state, texts, 3, NULL, &told);
    assert_span(lede_buf_span(&told),
                "Ann Smith x0 by; RIYADH x0 by = g108410; John Smith x2; "
                "Leeds x1 = g2644688");
    lede_buf_done(&told);
}

static void test_link__a_page_lends_full_names(void **state)
{
    lede_name_text one = {lede_span_text("Mr Starmer said no. Brown, the "
                                         "minister, said yes, Mr Brown said."),
                          LEDE_NAME_TEXT_BODY};
    lede_span people[] = {lede_span_text("Keir Starmer"),
                          lede_span_text("Gordon Brown"),
                          lede_span_text("James Brown")};
    lede_link_context context = {.people = people, .people_count = 3};
    lede_buf told = {0};

    tell_texts(*state, &one, 1, &context, &told);
    assert_span(lede_buf_span(&told), "Keir Starmer x1; Brown x2");
    lede_buf_done(&told);
}

static void test_link__home_and_neighbours_say_which_town(void **state)
{
    lede_name_text one = {lede_span_text("Police in Paris closed the road."),
                          LEDE_NAME_TEXT_BODY};
    lede_link_context context = {.home = lede_span_text("g4684888")};
    lede_buf told = {0};

    tell_texts(*state, &one, 1, NULL, &told);
    assert_span(lede_buf_span(&told), "Paris x1 = g2988507");
    tell_texts(*state, &one, 1, &context, &told);
    assert_span(lede_buf_span(&told), "Paris x1 ? g4717560");
    lede_buf_done(&told);
    check_told(state,
               "The Texas towns of Paris and Greenville, near Dallas, were "
               "flooded.",
               "Texas x1 = a:US.TX; Paris x1 ? g4717560; Greenville x1 = "
               "g4695066; Dallas x1 = g4684888");
}

static void test_link__lists_are_of_one_rank(void **state)
{
    check_told(state, "Talks between Moscow and Washington went on.",
               "Moscow x1 = g524901; Washington x1 = g4140963");
    check_told(state, "It rained in Oregon, Washington and Idaho.",
               "Oregon x1 = a:US.OR; Washington x1 = a:US.WA; Idaho x1 = "
               "a:US.ID");
    check_told(state, "He visited Armenia, Georgia and Azerbaijan.",
               "Armenia x1 = c:AM; Georgia x1 = c:GE; Azerbaijan x1 = c:AZ");
}

static void test_link__countries_joined_are_two(void **state)
{
    check_told(state,
               "It is still too early in Ukraine-Russia negotiations, he said "
               "in Istanbul.",
               "Ukraine x1 = c:UA; Russia x1 = c:RU; Istanbul x1 = g745044");
}

static void test_link__countries_joined_are_two_within_a_name(void **state)
{
    check_told(state,
               "They want a Ukraine-Russia ceasefire deal soon. The US-Russia "
               "talks go on, and US-Russia ties are better.",
               "Ukraine x1 = c:UA; Russia x3 = c:RU; US x2 = c:US");
}

static void test_link__a_country_and_a_people_joined_are_one_place(void **state)
{
    check_told(state,
               "The U.S.-Soviet talks went on. A Soviet-U.S. pact was signed, "
               "and a Franco-German one.",
               "U.S. x2 = c:US");
}

static void test_link__sides_of_countries_may_be_short(void **state)
{
    check_told(state, "The ship went to S. Korea from W. Germany.",
               "S. Korea x1 = c:KR; W. Germany x1 = c:DE");
}

/* Nothing speaks for Ghana. */
static void test_link__a_place_abroad_is_not_sure(void **state)
{
    check_told(state,
               "Oil from Dome, in Alberta, went to Canada. Dome said that it "
               "would sell more.",
               "Dome x2 ? g2301639; Alberta x1 = a:CA.01; Canada x1 = c:CA");
}

/* Us is a village near Paris. */
static void test_link__what_a_page_is_about_hides_no_country(void **state)
{
    lede_name_text one = {
        lede_span_text("French President Emmanuel Macron called the meeting in "
                       "France. They met in Paris, and French ministers came; "
                       "the US was absent."),
        LEDE_NAME_TEXT_BODY};
    lede_span places[] = {lede_span_text("c:FR"), lede_span_text("g2988507"),
                          lede_span_text("c:US")};
    lede_link_context context = {.places = places, .place_count = 3};
    lede_buf told = {0};

    tell_texts(*state, &one, 1, &context, &told);
    assert_span(lede_buf_span(&told),
                "Emmanuel Macron x1; France x1 = c:FR; Paris x1 = g2988507; "
                "US x1 = c:US");
    lede_buf_done(&told);
}

static void test_link__invents_nobody(void **state)
{
    lede_name_text texts[2] = {
        {lede_span_text("BBC Visual Journalism Team"), LEDE_NAME_TEXT_BYLINE},
        {lede_span_text("Image source, EPA\nImage source, Getty Images\nBBC "
                        "Verify has seen the newspaper Moskovsky Komsomolets."),
         LEDE_NAME_TEXT_BODY}};
    lede_buf told = {0};

    tell_texts(*state, texts, 2, NULL, &told);
    assert_span(lede_buf_span(&told), "");
    lede_buf_done(&told);
}

/* Thousands of people of one name: neither slow nor wrong. */
static void test_link__many_of_one_name_take_no_time_squared(void **state)
{
    lede_buf text = {0};
    lede_name_text one = {{NULL, 0}, LEDE_NAME_TEXT_BODY};
    lede_buf told = {0};
    int i;

    for (i = 0; i < 20000; i++) {
        lede_buf_put_format(&text, "Mr %c%c%c Smith said so in Paris. ",
                            'A' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676);
    }
    one.text = lede_buf_span(&text);
    tell_texts(*state, &one, 1, NULL, &told);
    assert_true(told.len > 0);
    lede_buf_done(&text);
    lede_buf_done(&told);
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
        cmocka_unit_test(test_link__words_beside_a_name_say_which),
        cmocka_unit_test(test_link__what_is_open_stays_open),
        cmocka_unit_test(test_link__two_of_one_name_stay_two),
        cmocka_unit_test(test_link__initials_and_spellings_are_one_person),
        cmocka_unit_test(test_link__names_of_many_forms_are_found),
        cmocka_unit_test(test_link__headlines_in_capitals_are_read),
        cmocka_unit_test(test_link__writers_are_no_subjects),
        cmocka_unit_test(test_link__a_page_lends_full_names),
        cmocka_unit_test(test_link__home_and_neighbours_say_which_town),
        cmocka_unit_test(test_link__lists_are_of_one_rank),
        cmocka_unit_test(test_link__countries_joined_are_two),
        cmocka_unit_test(test_link__countries_joined_are_two_within_a_name),
        cmocka_unit_test(
            test_link__a_country_and_a_people_joined_are_one_place),
        cmocka_unit_test(test_link__sides_of_countries_may_be_short),
        cmocka_unit_test(test_link__a_place_abroad_is_not_sure),
        cmocka_unit_test(test_link__what_a_page_is_about_hides_no_country),
        cmocka_unit_test(test_link__invents_nobody),
        cmocka_unit_test(test_link__many_of_one_name_take_no_time_squared),
        cmocka_unit_test(test_link__without_a_table_nothing_is_resolved),
    };

    return cmocka_run_group_tests(tests, tell_setup, tell_teardown);
}
