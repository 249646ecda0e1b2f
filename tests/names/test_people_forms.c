/* People as the world writes them: what one text makes of its mentions. */
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

static void test_forms__titles_and_roles(void **state)
{
    check_told(state,
               "The UK Prime Minister, Keir Starmer, spoke first. Starmer said "
               "no. Sir Keir then left, and Prime Minister Starmer's aide too.",
               "UK x1 = c:GB; Keir Starmer x4");
    check_told(state,
               "President Emmanuel Macron spoke to Chancellor Friedrich Merz. "
               "President Macron said that Chancellor Merz had agreed.",
               "Emmanuel Macron x2; Friedrich Merz x2");
}

static void test_forms__initials(void **state)
{
    check_told(state,
               "The novelist J.K. Rowling spoke. J. K. Rowling was tired, and "
               "Rowling said so.",
               "J. K. Rowling x3");
    check_told(state,
               "George W. Bush met George H. W. Bush in Texas on Monday.",
               "George W. Bush x1; George H. W. Bush x1; Texas x1 = a:US.TX");
}

static void test_forms__a_family_stays_apart(void **state)
{
    check_told(state,
               "Michelle Obama and Barack Obama arrived. Mrs Obama wore blue. "
               "Mr Obama said that Michelle had chosen it.",
               "Michelle Obama x3; Barack Obama x2");
}

static void test_forms__a_married_name(void **state)
{
    check_told(state,
               "Hillary Rodham Clinton spoke in Boston. Hillary Clinton said "
               "that she was glad. Mrs Clinton left.",
               "Hillary Rodham Clinton x3; Boston x1 = g4930956");
}

static void test_forms__spanish_double_surnames(void **state)
{
    check_told(state,
               "Gabriel Garc\u00eda M\u00e1rquez was born in Colombia. "
               "Garc\u00eda M\u00e1rquez wrote in Mexico, and Garc\u00eda "
               "said so.",
               "Gabriel Garc\u00eda M\u00e1rquez x3; Colombia x1 = c:CO; "
               "Mexico x1 = c:MX");
}

static void test_forms__the_family_name_in_front(void **state)
{
    check_told(state,
               "President Xi Jinping met Kim Jong Un in Beijing. Xi said that "
               "Kim had agreed.",
               "Xi Jinping x2; Kim Jong Un x2; Beijing x1 = g1816670");
    check_told(state,
               "The premier, Orb\u00e1n Viktor, spoke. Viktor Orb\u00e1n said "
               "no, and Orb\u00e1n left.",
               "Orb\u00e1n Viktor x3");
}

static void test_forms__arabic_articles(void **state)
{
    check_told(state,
               "Crown Prince Mohammed bin Salman met President Bashar al-Assad "
               "in Riyadh. Prince Mohammed said that Mr Assad was welcome.",
               "Mohammed bin Salman x2; Bashar al-Assad x2; Riyadh x1 = "
               "g108410");
}

static void test_forms__dutch_particles(void **state)
{
    check_told(state,
               "Prime Minister Dick van der Linden resigned. Mr Van der Linden "
               "said that he was tired. Van der Linden left.",
               "Dick van der Linden x3");
}

static void test_forms__icelandic_and_burmese_names(void **state)
{
    check_told(state,
               "Prime Minister Katr\u00edn Jakobsd\u00f3ttir spoke in "
               "Reykjavik. Katr\u00edn said that she was glad.",
               "Katr\u00edn Jakobsd\u00f3ttir x2; Reykjavik x1 = g3413829");
    check_told(state,
               "General Ne Win spoke in Rangoon. Ne Win said that he was glad.",
               "Ne Win x2; Rangoon x1 = g1298824");
}

static void test_forms__apostrophes_and_hyphens(void **state)
{
    check_told(state,
               "Siobhan O'Brien and the singer Sin\u00e9ad O\u2019Connor came. "
               "O\u2019Brien said that O'Connor had sung.",
               "Siobhan O'Brien x2; Sin\u00e9ad O\u2019Connor x2");
    check_told(state,
               "Jean-Luc M\u00e9lenchon and Camilla Parker-Bowles met. Mr "
               "M\u00e9lenchon said that Parker-Bowles was late.",
               "Jean-Luc M\u00e9lenchon x2; Camilla Parker-Bowles x2");
}

static void test_forms__capitals(void **state)
{
    lede_name_text texts[] = {
        {lede_span_text("STARMER MEETS MACRON IN PARIS"),
         LEDE_NAME_TEXT_HEADLINE},
        {lede_span_text("By JOHN O'SULLIVAN"), LEDE_NAME_TEXT_BYLINE},
        {lede_span_text("Keir Starmer met Emmanuel Macron in Paris on Monday. "
                        "Mr Starmer said that it had gone well."),
         LEDE_NAME_TEXT_BODY},
    };
    lede_buf told = {0};

    tell_texts(*state, texts, 3, NULL, &told);
    assert_span(lede_buf_span(&told),
                "Keir Starmer x3; Emmanuel Macron x2; Paris x2 = g2988507; "
                "JOHN O'SULLIVAN x0 by");
    lede_buf_done(&told);
}

static void check_headline(void **state, const char *headline, const char *text,
                           const char *told)
{
    lede_name_text texts[] = {
        {lede_span_text(headline), LEDE_NAME_TEXT_HEADLINE},
        {lede_span_text(text), LEDE_NAME_TEXT_BODY},
    };
    lede_buf got = {0};

    tell_texts(*state, texts, 2, NULL, &got);
    assert_span(lede_buf_span(&got), told);
    lede_buf_done(&got);
}

/* At the head of a sentence a particle has a capital, too. */
static void test_forms__particles_begin_sentences(void **state)
{
    check_told(state,
               "De Gaulle said no. Charles de Gaulle went to Paris on Monday, "
               "and De Gaulle spoke there.",
               "Charles de Gaulle x3; Paris x1 = g2988507");
    check_told(state,
               "Ben Johnson ran. Van Morrison sang to Ann Johnson and to Jim "
               "Morrison.",
               "Ben Johnson x1; Van Morrison x1; Ann Johnson x1; Jim Morrison "
               "x1");
}

/* The text below says which of the words is a name. */
static void test_forms__capitals_are_read_by_the_text_below(void **state)
{
    check_headline(state, "SENATOR SELLS SHARES IN MILL",
                   "Senator Ann Whitfield sold her shares in a mill in Lyon "
                   "last week, her office in Paris said on Monday. Whitfield "
                   "said that John Baker had bought them.",
                   "Ann Whitfield x2; Lyon x1 = g2996944; Paris x1 = "
                   "g2988507; John Baker x1");
    check_headline(state, "AGENCY TO REVIEW HARPER PLAN",
                   "The agency in Ottawa said on Tuesday that it would look "
                   "at the plan of Stephen Harper again. Harper had called "
                   "for that in March, and so had farmers.",
                   "Stephen Harper x3; Ottawa x1 = g6094817");
}

static void test_forms__firms_are_nobody(void **state)
{
    check_told(state,
               "Philip Morris Cos rose. Traders said that Philip Morris was "
               "cheap, and that Morris would earn more.",
               "");
    check_told(state, "Net profit was 24,000 dollars in the year.\nReuter", "");
    check_told(state,
               "The stake of <Banque Hervet> went to James Capel and Co. A "
               "spokesman for James Capel said no.",
               "");
    check_told(state, "The grain was sold to Cargill, Inc. Cargill said so.",
               "");
    check_told(state,
               "The bonds are rated by Moody's and others. Moody's is looking "
               "at them again.",
               "");
    check_told(state,
               "Smith Barney analyst Ann Merrick said so. Smith Barney sees "
               "less growth.",
               "Ann Merrick x1");
}

static void test_forms__other_letters(void **state)
{
    check_told(state,
               "Volodymyr Zelensky (\u0412\u043e\u043b\u043e\u0434\u0438"
               "\u043c\u0438\u0440 \u0417\u0435\u043b\u0435\u043d"
               "\u0441\u044c\u043a\u0438\u0439) met President Tayyip "
               "Erdo\u011fan in Ankara. Mr Erdo\u011fan told Mr Zelensky so.",
               "Volodymyr Zelensky x2; Tayyip Erdo\u011fan x2; Ankara x1 = "
               "g323786");
    /* Two scripts that have no capitals: nobody, and nothing breaks. */
    check_told(state, "\u7fd2\u8fd1\u5e73 \u0645\u062d\u0645\u062f", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms__titles_and_roles),
        cmocka_unit_test(test_forms__initials),
        cmocka_unit_test(test_forms__a_family_stays_apart),
        cmocka_unit_test(test_forms__a_married_name),
        cmocka_unit_test(test_forms__spanish_double_surnames),
        cmocka_unit_test(test_forms__the_family_name_in_front),
        cmocka_unit_test(test_forms__arabic_articles),
        cmocka_unit_test(test_forms__dutch_particles),
        cmocka_unit_test(test_forms__icelandic_and_burmese_names),
        cmocka_unit_test(test_forms__apostrophes_and_hyphens),
        cmocka_unit_test(test_forms__capitals),
        cmocka_unit_test(test_forms__particles_begin_sentences),
        cmocka_unit_test(test_forms__capitals_are_read_by_the_text_below),
        cmocka_unit_test(test_forms__firms_are_nobody),
        cmocka_unit_test(test_forms__other_letters),
    };

    return cmocka_run_group_tests(tests, tell_setup, tell_teardown);
}
