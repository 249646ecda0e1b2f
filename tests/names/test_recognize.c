/* Who and where is named: by the rules alone, and by the model that comes with
 * the project. */
#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>

#include "names/model.h"
#include "names/recognize.h"

#define MODEL_PATH LEDE_SOURCE_DIR "/names/model/names.model"

static lede_name_model *rules;
static lede_name_model *learnt;

static int open_models(void **state)
{
    lede_error err = {0};

    (void)state;
    if (lede_name_model_new(lede_span_of(NULL, 0), &rules, &err) != LEDE_OK ||
        lede_name_model_open(MODEL_PATH, &learnt, &err) != LEDE_OK) {
        print_error("%s: %s\n", MODEL_PATH, err.message);
        return -1;
    }
    return 0;
}

static int close_models(void **state)
{
    (void)state;
    lede_name_model_free(rules);
    lede_name_model_free(learnt);
    return 0;
}

/* "P:Ann Lee L:Oslo": what is found in these texts; sources with a star. */
static const char *read_all(const lede_name_model *model,
                            const lede_name_text *texts, size_t text_count)
{
    static char out[4096];
    lede_recognizer *recognizer = lede_recognizer_new(model);
    lede_error err = {0};
    const lede_mention *mentions;
    size_t count;
    size_t len = 0;
    size_t i;

    assert_non_null(recognizer);
    assert_ok(lede_recognizer_read(recognizer, texts, text_count, &mentions,
                                   &count, &err));
    out[0] = '\0';
    for (i = 0; i < count; i++) {
        const lede_mention *m = &mentions[i];
        int written =
            snprintf(out + len, sizeof out - len, "%s%c%s:%.*s",
                     i == 0 ? "" : " ", m->kind == LEDE_NAME_PERSON ? 'P' : 'L',
                     m->is_source ? "*" : "", (int)(m->end - m->begin),
                     (const char *)texts[m->text].text.bytes + m->begin);

        assert_true(written > 0 && (size_t)written < sizeof out - len);
        len += (size_t)written;
    }
    lede_recognizer_free(recognizer);
    return out;
}

static const char *read_as(const lede_name_model *model, const char *text,
                           lede_name_text_role role)
{
    lede_name_text one = {lede_span_text(text), role};

    return read_all(model, &one, 1);
}

static const char *by_rules(const char *text)
{
    return read_as(rules, text, LEDE_NAME_TEXT_BODY);
}

static const char *by_model(const char *text)
{
    return read_as(learnt, text, LEDE_NAME_TEXT_BODY);
}

static void
test_recognize__rules_find_forenames_titles_and_countries(void **state)
{
    (void)state;
    assert_string_equal(
        by_rules("The pilots met Helen Ostrander in Norway on Friday."),
        "P:Helen Ostrander L:Norway");
    assert_string_equal(by_rules("Nobody in Skarholm asked Mr Quillfeather."),
                        "P:Quillfeather");
    assert_string_equal(by_rules("They sailed from New Zealand to Costa Rica."),
                        "L:New Zealand L:Costa Rica");
    assert_string_equal(by_rules("The bridge is closed. Nobody minds."), "");
    assert_string_equal(by_rules("He works for the Bank of England Museum."),
                        "");
}

static void test_recognize__a_last_name_is_who_was_named_in_full(void **state)
{
    (void)state;
    assert_string_equal(
        by_rules("Helen Ostrander spoke first. Then Ostrander left."),
        "P:Helen Ostrander P:Ostrander");
    assert_string_equal(by_model("Helen Ostrander spoke first. Nobody had "
                                 "asked Ostrander to."),
                        "P:Helen Ostrander P:Ostrander");
}

static void test_recognize__a_place_may_be_called_like_somebody(void **state)
{
    (void)state;
    assert_string_equal(
        by_model("Washington state is rainy. George Washington was a "
                 "president. The actor Denzel Washington met Mr Miller."),
        "L:Washington P:George Washington P:Denzel Washington P:Miller");
    assert_string_equal(
        by_model("Michael Jordan took the ball. It was given to Jordan."),
        "P:Michael Jordan P:Jordan");
    assert_string_equal(
        by_model("King Hussein of Jordan has left. Jordan was calm, and so was "
                 "President Joseph Kabila of Congo."),
        "P:Hussein L:Jordan L:Jordan P:Joseph Kabila L:Congo");
    assert_string_equal(by_model("They read of Francis of Assisi again."),
                        "P:Francis of Assisi");
}

static void test_recognize__strangers_are_nobody(void **state)
{
    (void)state;
    assert_string_equal(
        by_model("The channel Al Jazeera said so, and Haaretz did not. Mossad "
                 "kept silent. Lisbeth Hamas is a painter, Hamas said."),
        "P:Lisbeth Hamas P:Hamas");
    assert_string_equal(by_model("The Queen left. Then Reuters reported that "
                                 "Covid had gone."),
                        "");
    assert_string_equal(
        by_model("A bus stood on Albert Quay, and David Baird Drive was wet."),
        "L:Albert Quay L:David Baird Drive");
    assert_string_equal(by_model("The Queen met Queen Beatrix of the "
                                 "Netherlands in Utrecht."),
                        "P:Beatrix L:Netherlands L:Utrecht");
}

static void test_recognize__firms_are_nobody(void **state)
{
    (void)state;
    assert_string_equal(by_model("Goldman, Sachs and Co gave no comment. "
                                 "Goldman said the indices are fine."),
                        "");
    assert_string_equal(by_model("Texaco Inc said no. The agreement, Texaco "
                                 "said, is good. Drivers inside Texaco's "
                                 "plant left."),
                        "");
    assert_string_equal(by_model("Moody's Investors Service Inc raised the "
                                 "rating. Moody's cited strong results."),
                        "");
    assert_string_equal(by_model("Sotheby's said the painting sold well. "
                                 "Buyers came to Sotheby's."),
                        "");
    assert_string_equal(by_model("Credit Lyonnais said it signed the loan."),
                        "");
    assert_string_equal(by_model("The bank Credit Ostrand and brokers Phillips "
                                 "and Drew agreed."),
                        "");
    assert_string_equal(by_model("Starmer's said to be tired. Nobody asked "
                                 "Starmer, Keir Starmer's office said."),
                        "P:Starmer P:Starmer P:Keir Starmer");
}

static void test_recognize__nobody_has_an_article(void **state)
{
    (void)state;
    assert_string_equal(by_model("The Skarholmbank sees no reason for haste. "
                                 "Economists at the Skarholmbank said so. "
                                 "Skarholmbank cut its rate."),
                        "");
    assert_string_equal(by_model("The Bundesbank sees no reason for haste. "
                                 "Bundesbank moved today."),
                        "");
}

static void test_recognize__people_are_of_houses(void **state)
{
    (void)state;
    assert_string_equal(by_model("Analyst Tim Harris of Phillips and Drew said "
                                 "profits rose."),
                        "P:Tim Harris");
    assert_string_equal(by_model("Ann Merrick, economist at Drew, said so. "
                                 "Drew expects more."),
                        "P:Ann Merrick");
    assert_string_equal(by_model("They speak of Francis of Assisi."),
                        "P:Francis of Assisi");
}

static void test_recognize__states_stand_behind_their_towns(void **state)
{
    (void)state;
    assert_string_equal(by_model("The company opened a center in Johnson City, "
                                 "Tenn., and one in Hartford, Conn."),
                        "L:Johnson City L:Tenn L:Hartford L:Conn");
}

static void test_recognize__somebody_is_from_a_place(void **state)
{
    (void)state;
    assert_string_equal(by_model("A man from Windsor was arrested."),
                        "L:Windsor");
    assert_string_equal(by_model("Ann Merrick, 62, of Windsor, was charged."),
                        "P:Ann Merrick L:Windsor");
    assert_string_equal(by_model("He took over from Johnson."), "P:Johnson");
}

static void test_recognize__a_capital_may_be_no_name(void **state)
{
    (void)state;
    assert_string_equal(by_model("Barley futures closed higher. More barley "
                                 "was sold. Barley showed gains."),
                        "");
    assert_string_equal(by_model("LAC <LAC> FILES TO ISSUE SHARES"), "");
    assert_string_equal(by_model("Bonn has agreed to the tax."), "L:Bonn");
    assert_string_equal(by_model("Sir Nigel Gresley Square was closed."),
                        "L:Nigel Gresley Square");
}

static void test_recognize__of_is_no_part_of_a_name(void **state)
{
    (void)state;
    assert_string_equal(by_model("El presidente del Gobierno, Pedro Sánchez, "
                                 "dijo que no."),
                        "P:Pedro Sánchez");
    assert_string_equal(by_model("Le retour de Donald Trump inquiète."),
                        "P:Donald Trump");
    assert_string_equal(by_model("Nobody had asked de Gaulle. Charles de "
                                 "Gaulle spoke at last."),
                        "P:de Gaulle P:Charles de Gaulle");
}

static void test_recognize__teams_are_no_places(void **state)
{
    (void)state;
    assert_string_equal(
        by_model("The San Jose Earthquakes lost in South Wales. Rain fell on "
                 "the Santa Cruz Mountains."),
        "L:South Wales L:Santa Cruz Mountains");
}

static void test_recognize__states_have_long_names(void **state)
{
    (void)state;
    assert_string_equal(
        by_model("He left the People\u2019s Republic of China for the "
                 "Democratic People's Republic of Korea and the Islamic "
                 "Republic of Iran."),
        "L:People\u2019s Republic of China L:Democratic People's Republic of "
        "Korea L:Islamic Republic of Iran");
}

/* A dash within brackets is no dateline's. */
static void test_recognize__dates_of_a_life_are_no_dateline(void **state)
{
    (void)state;
    assert_string_equal(
        read_as(learnt,
                "Helen Mary Ostrander (8 October 1926 \u2013 18 June 2008) was "
                "a teacher.",
                LEDE_NAME_TEXT_OPENING),
        "P:Helen Mary Ostrander");
    assert_string_equal(read_as(learnt, "THE HAGUE (AP) - The court met.",
                                LEDE_NAME_TEXT_OPENING),
                        "L*:THE HAGUE");
}

static void test_recognize__a_hyphen_may_join_two(void **state)
{
    (void)state;
    assert_string_equal(
        by_model("Helle Thorning-Schmidt met Barack Obama and Angela Merkel. "
                 "After the Obama-Merkel talks Thorning-Schmidt left, and so "
                 "did Jean-Luc Dumont, Jean Valjean and Luc Moreau. Jean-Luc "
                 "spoke."),
        "P:Helle Thorning-Schmidt P:Barack Obama P:Angela Merkel P:Obama "
        "P:Merkel P:Thorning-Schmidt P:Jean-Luc Dumont P:Jean Valjean P:Luc "
        "Moreau P:Jean-Luc");
}

static void test_recognize__titles_and_possessives_are_no_part(void **state)
{
    (void)state;
    assert_string_equal(by_model("They asked Mr Quillfeather's sister."),
                        "P:Quillfeather");
    assert_string_equal(
        by_model("The letter was read to Dr. Miriam Stanhope\u2019s council."),
        "P:Miriam Stanhope");
}

static void test_recognize__names_of_many_forms(void **state)
{
    (void)state;
    assert_string_equal(by_model("The mayor, Siobhan O'Farrell, said nothing."),
                        "P:Siobhan O'Farrell");
    assert_string_equal(
        by_model("The mayor, Siobhan O\u2019Farrell, said nothing."),
        "P:Siobhan O\u2019Farrell");
    assert_string_equal(
        by_model("It was painted by Pieter van der Molen in Utrecht."),
        "P:Pieter van der Molen L:Utrecht");
    assert_string_equal(by_model("J. R. Whitcombe told reporters in Cairo."),
                        "P:J. R. Whitcombe L:Cairo");
    assert_string_equal(
        by_model("The minister, Khalid al-Rashidi, flew to Riyadh."),
        "P:Khalid al-Rashidi L:Riyadh");
    assert_string_equal(
        by_model("Marie-Claire Duval-Roche was born in Guinea-Bissau."),
        "P:Marie-Claire Duval-Roche L:Guinea-Bissau");
    assert_string_equal(by_model("Zo\u00eb Brannigan moved to Krak\u00f3w."),
                        "P:Zo\u00eb Brannigan L:Krak\u00f3w");
}

static void test_recognize__credits_are_nobody(void **state)
{
    (void)state;
    assert_string_equal(by_model("Image source, EPA"), "");
    assert_string_equal(by_model("Getty Images"), "");
}

static void test_recognize__a_byline_is_sure(void **state)
{
    (void)state;
    assert_string_equal(read_as(rules,
                                "By Anneke Thorsby and Bo Ekelund, Skarholm "
                                "Courier",
                                LEDE_NAME_TEXT_BYLINE),
                        "P*:Anneke Thorsby P*:Bo Ekelund");
    assert_string_equal(read_as(rules, "Reuters", LEDE_NAME_TEXT_BYLINE), "");
}

static void test_recognize__a_dateline_is_where_it_was_written(void **state)
{
    (void)state;
    assert_string_equal(read_as(rules,
                                "PORT ELLERY (Wire) - The whale is back.",
                                LEDE_NAME_TEXT_OPENING),
                        "L*:PORT ELLERY");
    assert_string_equal(read_as(learnt, "RIYADH, March 3 \u2014 Talks went on.",
                                LEDE_NAME_TEXT_OPENING),
                        "L*:RIYADH");
    assert_string_equal(read_as(rules, "Tarn Bay", LEDE_NAME_TEXT_DATELINE),
                        "L*:Tarn Bay");
    assert_string_equal(read_as(rules,
                                "PORT ELLERY (Wire) - The whale is back.",
                                LEDE_NAME_TEXT_BODY),
                        "");
}

/* Texts keep their numbers, and agree with each other. */
static void test_recognize__texts_of_one_entry_are_read_together(void **state)
{
    lede_name_text texts[] = {
        {lede_span_text("Ostrander leaves the council"),
         LEDE_NAME_TEXT_HEADLINE},
        {lede_span_text(""), LEDE_NAME_TEXT_BODY},
        {lede_span_text("Helen Ostrander has left."), LEDE_NAME_TEXT_OPENING},
    };

    (void)state;
    assert_string_equal(read_all(learnt, texts, 3),
                        "P:Ostrander P:Helen Ostrander");
}

static void test_recognize__a_long_text_is_read_in_pieces(void **state)
{
    static const char sentence[] = "Then Helen Ostrander went to Norway. ";
    size_t times = 40000;
    size_t len = sizeof sentence - 1;
    char *text = malloc(times * len);
    lede_name_text one;
    lede_recognizer *recognizer = lede_recognizer_new(rules);
    lede_error err = {0};
    const lede_mention *mentions;
    size_t count;
    size_t whole = 0;
    size_t i;

    (void)state;
    assert_non_null(text);
    assert_non_null(recognizer);
    for (i = 0; i < times; i++) {
        memcpy(text + i * len, sentence, len);
    }
    one.text = lede_span_of(text, times * len);
    one.role = LEDE_NAME_TEXT_BODY;
    assert_ok(
        lede_recognizer_read(recognizer, &one, 1, &mentions, &count, &err));
    for (i = 0; i < count; i++) {
        whole += mentions[i].end - mentions[i].begin ==
                 (mentions[i].kind == LEDE_NAME_PERSON ? 15 : 6);
        assert_true(i == 0 || mentions[i].begin >= mentions[i - 1].end);
    }
    /* A cut between two pieces may part a name. */
    assert_true(whole + 8 >= 2 * times);
    lede_recognizer_free(recognizer);
    free(text);
}

static void test_recognize__the_same_again(void **state)
{
    static const char text[] =
        "PORT ELLERY, June 3 - Captain Miriam Stanhope of the Skarholm Pilots "
        "said Tarn Bay was safe. Stanhope spoke to Helen Ostrander's deputy.";
    char first[512];

    (void)state;
    snprintf(first, sizeof first, "%s", by_model(text));
    assert_string_equal(by_model(text), first);
}

static void test_model__damage_is_an_error(void **state)
{
    lede_error err = {0};
    lede_name_model *model = NULL;
    FILE *file = fopen(MODEL_PATH, "rb");
    uint8_t *bytes = malloc(LEDE_MODEL_MAX_BYTES);
    size_t len;
    size_t at;

    (void)state;
    assert_non_null(file);
    assert_non_null(bytes);
    len = fread(bytes, 1, LEDE_MODEL_MAX_BYTES, file);
    fclose(file);
    assert_true(len > 1000 && len <= 2 << 20);
    for (at = 0; at < len; at += at < 300 ? 1 : 100003) {
        bytes[at] ^= 0x40;
        err = (lede_error){0};
        assert_int_not_equal(
            lede_name_model_new(lede_span_of(bytes, len), &model, &err),
            LEDE_OK);
        assert_int_not_equal(err.status, LEDE_OK);
        bytes[at] ^= 0x40;
    }
    assert_status(
        lede_name_model_new(lede_span_of(bytes, len - 1), &model, &err),
        LEDE_CORRUPT);
    assert_status(lede_name_model_new(lede_span_of(bytes, 7), &model, &err),
                  LEDE_CORRUPT);
    bytes[8] = LEDE_MODEL_VERSION + 1;
    assert_status(lede_name_model_new(lede_span_of(bytes, len), &model, &err),
                  LEDE_TOO_NEW);
    assert_null(model);
    assert_status(lede_name_model_open(MODEL_PATH ".none", &model, &err),
                  LEDE_NOT_FOUND);
    free(bytes);
}

static void test_model__the_filter_has_what_was_put(void **state)
{
    static uint8_t filter[16 * LEDE_FILTER_LINE_BYTES];
    uint32_t i;
    size_t false_hits = 0;

    (void)state;
    for (i = 1; i <= 300; i++) {
        lede_filter_put(filter, 15, i * 2654435761u, LEDE_KNOWN_SURNAME);
    }
    for (i = 1; i <= 300; i++) {
        unsigned known = lede_filter_get(filter, 15, i * 2654435761u);

        assert_true((known & 1u << LEDE_KNOWN_SURNAME) != 0);
        false_hits += (known & 1u << LEDE_KNOWN_PLACE) != 0;
    }
    assert_true(false_hits < 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_recognize__rules_find_forenames_titles_and_countries),
        cmocka_unit_test(test_recognize__a_last_name_is_who_was_named_in_full),
        cmocka_unit_test(test_recognize__a_place_may_be_called_like_somebody),
        cmocka_unit_test(test_recognize__strangers_are_nobody),
        cmocka_unit_test(test_recognize__firms_are_nobody),
        cmocka_unit_test(test_recognize__nobody_has_an_article),
        cmocka_unit_test(test_recognize__people_are_of_houses),
        cmocka_unit_test(test_recognize__states_stand_behind_their_towns),
        cmocka_unit_test(test_recognize__somebody_is_from_a_place),
        cmocka_unit_test(test_recognize__a_capital_may_be_no_name),
        cmocka_unit_test(test_recognize__of_is_no_part_of_a_name),
        cmocka_unit_test(test_recognize__teams_are_no_places),
        cmocka_unit_test(test_recognize__states_have_long_names),
        cmocka_unit_test(test_recognize__dates_of_a_life_are_no_dateline),
        cmocka_unit_test(test_recognize__a_hyphen_may_join_two),
        cmocka_unit_test(test_recognize__titles_and_possessives_are_no_part),
        cmocka_unit_test(test_recognize__names_of_many_forms),
        cmocka_unit_test(test_recognize__credits_are_nobody),
        cmocka_unit_test(test_recognize__a_byline_is_sure),
        cmocka_unit_test(test_recognize__a_dateline_is_where_it_was_written),
        cmocka_unit_test(test_recognize__texts_of_one_entry_are_read_together),
        cmocka_unit_test(test_recognize__a_long_text_is_read_in_pieces),
        cmocka_unit_test(test_recognize__the_same_again),
        cmocka_unit_test(test_model__damage_is_an_error),
        cmocka_unit_test(test_model__the_filter_has_what_was_put),
    };

    return cmocka_run_group_tests(tests, open_models, close_models);
}
