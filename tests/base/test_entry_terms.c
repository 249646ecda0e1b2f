/* The promises of base/entry_terms.h: the order of sections, the gaps between
 * them, and a walk that equals tokenizing each section by itself. */
#include "tests/support/check.h"

#include "base/entry_terms.h"

static lede_author authors[] = {
    {{(const uint8_t *)"Ann O'Neill", 11},
     {(const uint8_t *)"Reporter", 8},
     {0}},
    {{(const uint8_t *)"Bo", 2}, {0}, {0}},
};
static lede_block blocks[] = {
    {LEDE_BLOCK_P, {(const uint8_t *)"First one.", 10}},
    {LEDE_BLOCK_ALT, {(const uint8_t *)"A seen thing", 12}},
    {LEDE_BLOCK_P, {(const uint8_t *)"***", 3}},
    {LEDE_BLOCK_QUOTE, {(const uint8_t *)"Last", 4}},
};
static lede_media media[] = {
    {LEDE_MEDIA_IMAGE,
     {(const uint8_t *)"alt here", 8},
     {(const uint8_t *)"The caption", 11},
     {(const uint8_t *)"Agency", 6},
     {0}},
    {LEDE_MEDIA_IMAGE, {0}, {0}, {(const uint8_t *)"Own", 3}, {0}},
};
static lede_span labels[] = {{(const uint8_t *)"Live", 4}};
static lede_span tags[] = {{(const uint8_t *)"storms", 6}};

static lede_entry full_entry(void)
{
    lede_entry entry;

    lede_entry_init(&entry);
    entry.headline = lede_span_text("Storm hits coast");
    entry.deck = lede_span_text("Rain to come");
    entry.authors = authors;
    entry.author_count = 2;
    entry.body = blocks;
    entry.block_count = 4;
    entry.media = media;
    entry.media_count = 2;
    entry.labels = labels;
    entry.label_count = 1;
    entry.tags = tags;
    entry.tag_count = 1;
    entry.section = lede_span_text("Weather");
    entry.source = lede_span_text("The Herald");
    entry.page_title = lede_span_text("Live: storm");
    entry.page_media = media;
    entry.page_media_count = 2;
    entry.url = lede_span_text("https://herald.example/storm");
    entry.page_url = lede_span_text("https://herald.example/live");
    return entry;
}

static void test_entry_terms__sections_stand_in_order(void **state)
{
    static const struct {
        lede_field field;
        const char *text;
    } wanted[] = {
        {LEDE_FIELD_HEADLINE, "Storm hits coast"},
        {LEDE_FIELD_DECK, "Rain to come"},
        {LEDE_FIELD_AUTHOR, "Ann O'Neill"},
        {LEDE_FIELD_AUTHOR, "Bo"},
        {LEDE_FIELD_BODY, "First one."},
        {LEDE_FIELD_BODY, "***"},
        {LEDE_FIELD_BODY, "Last"},
        {LEDE_FIELD_CAPTION, "A seen thing"},
        {LEDE_FIELD_CAPTION, "The caption"},
        {LEDE_FIELD_CAPTION, "alt here"},
        {LEDE_FIELD_ROLE, "Reporter"},
        {LEDE_FIELD_CREDIT, "Agency"},
        {LEDE_FIELD_CREDIT, "Own"},
        {LEDE_FIELD_LABEL, "Live"},
        {LEDE_FIELD_SOURCE, "The Herald"},
        {LEDE_FIELD_PAGE, "Live: storm"},
        {LEDE_FIELD_PAGE, "The caption"},
        {LEDE_FIELD_PAGE, "alt here"},
        {LEDE_FIELD_PAGE, "Agency"},
        {LEDE_FIELD_PAGE, "Own"},
        {LEDE_FIELD_TAG, "storms"},
        {LEDE_FIELD_TAG, "Weather"},
        {LEDE_FIELD_URL, "https://herald.example/storm"},
        {LEDE_FIELD_URL, "https://herald.example/live"},
    };
    lede_entry entry = full_entry();
    lede_section_walk walk = {.entry = &entry};
    lede_field field;
    lede_span text;
    uint32_t i;

    (void)state;
    for (i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        assert_true(lede_entry_section(&entry, i, &field, &text));
        assert_int_equal(field, wanted[i].field);
        assert_span(text, wanted[i].text);
    }
    assert_false(lede_entry_section(&entry, i, &field, &text));
    for (i = 0; lede_section_walk_next(&walk, &field, &text); i++) {
        assert_int_equal(walk.number, i + 1);
        assert_int_equal(field, wanted[i].field);
        assert_span(text, wanted[i].text);
    }
    assert_int_equal(i, sizeof wanted / sizeof wanted[0]);
}

/* The rule, written once more in the plainest way. */
static void check_walk(const lede_entry *entry)
{
    lede_error err = {0};
    lede_analyzer *walker = NULL;
    lede_analyzer *twin = NULL;
    lede_entry_walk walk;
    lede_occurrence got;
    lede_field field;
    lede_span text;
    uint32_t base = 0;
    uint32_t n;

    assert_ok(lede_analyzer_new(&walker, &err));
    assert_ok(lede_analyzer_new(&twin, &err));
    lede_entry_walk_init(&walk, walker, entry);
    for (n = 0; lede_entry_section(entry, n, &field, &text); n++) {
        lede_tokenizer tokenizer;
        lede_token token;
        uint32_t end = 0;

        lede_tokenizer_init(&tokenizer, twin, text);
        while (lede_tokenizer_next(&tokenizer, &token)) {
            assert_true(lede_entry_walk_next(&walk, &got));
            assert_true(lede_span_equal(got.token.word, token.word));
            assert_int_equal(got.token.position, base + token.position);
            assert_int_equal(got.token.width, token.width);
            assert_int_equal(got.token.begin, token.begin);
            assert_int_equal(got.field, field);
            assert_int_equal(got.section, n);
            assert_true(lede_span_equal(got.text, text));
            end = token.position + 1;
        }
        if (end > 0) {
            base += end + LEDE_SECTION_GAP;
        }
    }
    assert_false(lede_entry_walk_next(&walk, &got));
    lede_analyzer_free(walker);
    lede_analyzer_free(twin);
}

static void test_entry_terms__a_walk_is_its_sections(void **state)
{
    lede_entry entry = full_entry();

    (void)state;
    check_walk(&entry);
    entry.headline_derived = true;
    entry.media_count = 0;
    entry.page_url = entry.url;
    check_walk(&entry);
    lede_entry_init(&entry);
    check_walk(&entry);
}

static void test_entry_terms__a_derived_headline_is_left_out(void **state)
{
    lede_entry entry = full_entry();
    lede_field field;
    lede_span text;

    (void)state;
    entry.headline_derived = true;
    assert_true(lede_entry_section(&entry, 0, &field, &text));
    assert_int_equal(field, LEDE_FIELD_DECK);
}

static void test_entry_terms__fields_have_names_and_prefixes(void **state)
{
    unsigned field;
    unsigned other;

    (void)state;
    for (field = 0; field < LEDE_FIELD_COUNT; field++) {
        const char *prefix = lede_field_prefix((lede_field)field);

        assert_true(lede_field_name((lede_field)field)[0] != '\0');
        assert_true(lede_field_weight((lede_field)field) > 0);
        assert_int_equal(prefix[0] == '\0', field < LEDE_DEFAULT_FIELDS);
        for (other = LEDE_DEFAULT_FIELDS; other < field; other++) {
            assert_string_not_equal(prefix,
                                    lede_field_prefix((lede_field)other));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entry_terms__sections_stand_in_order),
        cmocka_unit_test(test_entry_terms__a_walk_is_its_sections),
        cmocka_unit_test(test_entry_terms__a_derived_headline_is_left_out),
        cmocka_unit_test(test_entry_terms__fields_have_names_and_prefixes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
