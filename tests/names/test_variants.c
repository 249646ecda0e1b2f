/* Names of people in several spellings. */
#include "tests/support/check.h"

#include "names/variants.h"

static void check_key(const char *name, const char *wanted)
{
    lede_buf key = {0};

    lede_person_key(lede_span_text(name), &key);
    assert_span(lede_buf_span(&key), wanted);
    lede_buf_done(&key);
}

static void test_variants__a_key_is_the_name_alone(void **state)
{
    (void)state;
    check_key("Keir Starmer", "keir starmer");
    check_key("Sir KEIR  Starmer", "keir starmer");
    check_key("Bernd Debusmann Jr.", "bernd debusmann");
    check_key("Conan O\xE2\x80\x99"
              "Brien",
              "conan obrien");
    check_key("Conan O'Brien", "conan obrien");
    check_key("Bashar al-Assad", "bashar assad");
    check_key("Bashar Al-Assad", "bashar assad");
    check_key("Ursula von der Leyen", "ursula leyen");
    check_key("Jean-Claude Juncker", "jean claude juncker");
    check_key("Jos\xC3\xA9 Mar\xC3\xAD"
              "a Aznar",
              "jose maria aznar");
    check_key("J. K. Rowling", "j k rowling");
    check_key("Pope", "pope");
    check_key("", "");
}

static void check_same_key(const char *a, const char *b)
{
    lede_buf x = {0};
    lede_buf y = {0};

    lede_person_spelling_key(lede_span_text(a), &x);
    lede_person_spelling_key(lede_span_text(b), &y);
    if (!lede_span_equal(lede_buf_span(&x), lede_buf_span(&y))) {
        fail_msg("%s is %s, %s is %s", a, lede_buf_text(&x), b,
                 lede_buf_text(&y));
    }
    lede_buf_done(&x);
    lede_buf_done(&y);
}

static void test_variants__spellings_share_a_key(void **state)
{
    static const char *const pairs[][2] = {
        {"Zelensky", "Zelenskyy"},
        {"Zelensky", "Zelenskiy"},
        {"Gaddafi", "Qaddafi"},
        {"Gaddafi", "Kadhafi"},
        {"Mohammed", "Muhammad"},
        {"Mohamed", "Mohammad"},
        {"Tchaikovsky", "Chaikovskii"},
        {"Khrushchev", "Khrushchyov"},
        {"Dmitry", "Dmitri"},
        {"Sergei", "Sergey"},
        {"Yuri", "Yuriy"},
        {"Hussein", "Husayn"},
        {"Osama", "Usama"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        check_same_key(pairs[i][0], pairs[i][1]);
    }
}

static void check_variant(const char *a, const char *b,
                          lede_variant_reason wanted)
{
    lede_variant_reason one =
        lede_person_variant(lede_span_text(a), lede_span_text(b));
    lede_variant_reason other =
        lede_person_variant(lede_span_text(b), lede_span_text(a));

    if (one != wanted || other != wanted) {
        fail_msg("%s, %s: %s and %s, not %s", a, b,
                 lede_variant_reason_name(one), lede_variant_reason_name(other),
                 lede_variant_reason_name(wanted));
    }
}

static void test_variants__says_why_names_may_be_one(void **state)
{
    (void)state;
    check_variant("Volodymyr Zelensky", "Volodymyr Zelenskyy",
                  LEDE_VARIANT_PART);
    check_variant("Muammar Gaddafi", "Moammar Qadhafi", LEDE_VARIANT_SPELLING);
    check_variant("J. Smith", "John Smith", LEDE_VARIANT_INITIAL);
    check_variant("George W. Bush", "George Bush", LEDE_VARIANT_INITIAL);
    check_variant("Lula da Silva", "Luiz Inacio Lula da Silva",
                  LEDE_VARIANT_PART);
    check_variant("Viktor Orban", "Orban Viktor", LEDE_VARIANT_ORDER);
    check_variant("George W. Bush", "George H. W. Bush", LEDE_VARIANT_NONE);
    check_variant("Keir Starmer", "Sir Keir Starmer", LEDE_VARIANT_NONE);
    check_variant("Paul Smith", "Paula Smith", LEDE_VARIANT_NONE);
    check_variant("John Smith", "Mary Jones", LEDE_VARIANT_NONE);
    check_variant("", "John Smith", LEDE_VARIANT_NONE);
}

static bool alike(const char *a, const char *b)
{
    bool one = lede_person_words_alike(lede_span_text(a), lede_span_text(b));

    assert_int_equal(
        one, lede_person_words_alike(lede_span_text(b), lede_span_text(a)));
    return one;
}

static void
test_variants__words_alike_share_a_key_and_most_letters(void **state)
{
    static const char *const pairs[][2] = {
        {"zelensky", "zelenskyy"},
        {"zelensky", "zelenskiy"},
        {"gaddafi", "qaddafi"},
        {"gaddafi", "kadhafi"},
        {"gaddafi", "khadafy"},
        {"qaddafi", "khadafy"},
        {"gadhafi", "qaddafi"},
        {"mohammed", "muhammad"},
        {"mohamed", "muhammad"},
        {"tchaikovsky", "chaikovskii"},
        {"sergei", "sergey"},
        {"yuri", "yuriy"},
        {"assad", "asad"},
        {"andrei", "andrey"},
        {"yanukovych", "yanukovich"},
    };
    static const char *const others[][2] = {
        {"hansen", "hanson"},
        {"petersen", "peterson"},
        {"jean", "joan"},
        {"bell", "bill"},
        {"reid", "reed"},
        {"paul", "paula"},
        {"marx", "marcos"},
        {"brown", "brian"},
        {"putin", "putin"},
        {"mohammed", "moody"},
        {"li", "lee"},
        {"", "x"},
        {"zelensky", "zelenska"},
        {"clark", "kelly"},
        {"mary", "maria"},
        {"marie", "mary"},
        {"miller", "mahler"},
        {"barton", "burton"},
        {"martin", "morton"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (!alike(pairs[i][0], pairs[i][1])) {
            fail_msg("%s is not like %s", pairs[i][0], pairs[i][1]);
        }
    }
    for (i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (alike(others[i][0], others[i][1])) {
            fail_msg("%s is like %s", others[i][0], others[i][1]);
        }
    }
}

static void test_variants__forenames_agree(void **state)
{
    static const struct {
        const char *a, *b;
        bool agree;
    } pairs[] = {
        {"volodymyr", "vladimir", true},
        {"bill", "william", true},
        {"j", "john", true},
        {"muammar", "moammar", true},
        {"muammar", "moamer", true},
        {"mohamed", "mahmoud", false},
        {"maria", "mario", false},
        {"john", "jane", false},
        {"john", "james", false},
        {"", "john", false},
        {"keir", "paul", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        assert_int_equal(
            lede_person_forenames_agree(lede_span_text(pairs[i].a),
                                        lede_span_text(pairs[i].b)),
            pairs[i].agree);
        assert_int_equal(
            lede_person_forenames_agree(lede_span_text(pairs[i].b),
                                        lede_span_text(pairs[i].a)),
            pairs[i].agree);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_variants__a_key_is_the_name_alone),
        cmocka_unit_test(test_variants__spellings_share_a_key),
        cmocka_unit_test(test_variants__says_why_names_may_be_one),
        cmocka_unit_test(
            test_variants__words_alike_share_a_key_and_most_letters),
        cmocka_unit_test(test_variants__forenames_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
