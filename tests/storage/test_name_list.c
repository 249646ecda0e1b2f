#include "storage/name_list.h"

#include "tests/support/check.h"

static lede_error err;

static bool same_texts(const lede_span *a, const lede_span *b, uint32_t count)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        if (!lede_span_equal(a[i], b[i])) {
            return false;
        }
    }
    return true;
}

static void assert_same(const lede_named *a, const lede_named *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->trust, b->trust);
    assert_int_equal(a->in_headline, b->in_headline);
    assert_int_equal(a->mentions, b->mentions);
    assert_int_equal(a->sources, b->sources);
    assert_int_equal(a->section, b->section);
    assert_int_equal(a->offset, b->offset);
    assert_true(lede_span_equal(a->name, b->name));
    assert_true(lede_span_equal(a->title, b->title));
    assert_int_equal(a->id_count, b->id_count);
    assert_int_equal(a->parent_count, b->parent_count);
    assert_int_equal(a->form_count, b->form_count);
    assert_true(same_texts(a->ids, b->ids, a->id_count));
    assert_true(same_texts(a->parents, b->parents, a->parent_count));
    assert_true(same_texts(a->forms, b->forms, a->form_count));
}

static const lede_named starmer = {
    .kind = LEDE_NAMED_PERSON,
    .trust = 2,
    .in_headline = true,
    .mentions = 5,
    .section = 3,
    .offset = 1000,
    .name = {(const uint8_t *)"Keir Starmer", 12},
    .title = {(const uint8_t *)"Prime Minister", 14},
    .forms = {{(const uint8_t *)"Sir Keir", 8},
              {(const uint8_t *)"Starmer", 7}},
    .form_count = 2};

static const lede_named kyiv = {
    .kind = LEDE_NAMED_PLACE,
    .state = LEDE_NAMED_RESOLVED,
    .trust = 3,
    .sources = 1,
    .name = {(const uint8_t *)"Kyiv", 4},
    .ids = {{(const uint8_t *)"g703448", 7}},
    .id_count = 1,
    .parents = {{(const uint8_t *)"a:UA.12", 7}, {(const uint8_t *)"c:UA", 4}},
    .parent_count = 2};

static void test_name_list__reads_what_was_written(void **state)
{
    const lede_named all[] = {starmer, kyiv};
    lede_buf list = {0};
    lede_name_reader reader;
    lede_named got;

    (void)state;
    lede_name_list_encode(all, 2, &list);
    reader = lede_name_reader_of(lede_buf_span(&list));
    assert_true(lede_name_reader_next(&reader, &got));
    assert_same(&got, &starmer);
    assert_true(lede_name_reader_next(&reader, &got));
    assert_same(&got, &kyiv);
    assert_false(lede_name_reader_next(&reader, &got));
    assert_ok(lede_name_reader_end(&reader, &err));
    lede_buf_done(&list);
}

static void test_name_list__tells_nobody_from_not_looked_at(void **state)
{
    lede_buf list = {0};
    lede_name_reader reader;
    lede_named got;

    (void)state;
    lede_name_list_encode(NULL, 0, &list);
    assert_true(list.len > 0);
    reader = lede_name_reader_of(lede_buf_span(&list));
    assert_false(lede_name_reader_next(&reader, &got));
    assert_ok(lede_name_reader_end(&reader, &err));
    reader = lede_name_reader_of(lede_span_of(NULL, 0));
    assert_false(lede_name_reader_next(&reader, &got));
    assert_ok(lede_name_reader_end(&reader, &err));
    lede_buf_done(&list);
}

static void test_name_list__cuts_what_is_too_long(void **state)
{
    static lede_named many[LEDE_NAMED_MOST + 3];
    uint8_t text[300];
    lede_buf list = {0};
    lede_name_reader reader;
    lede_named got;
    uint32_t n = 0, i;

    (void)state;
    for (i = 0; i < 150; i++) { /* two bytes each: the cut falls within one */
        text[2 * i] = 0xC3;
        text[2 * i + 1] = 0xA9;
    }
    for (i = 0; i < LEDE_NAMED_MOST + 3; i++) {
        many[i] = starmer;
        many[i].name = lede_span_of(text, sizeof text);
    }
    lede_name_list_encode(many, LEDE_NAMED_MOST + 3, &list);
    reader = lede_name_reader_of(lede_buf_span(&list));
    while (lede_name_reader_next(&reader, &got)) {
        assert_int_equal(got.name.len, 254);
        n++;
    }
    assert_ok(lede_name_reader_end(&reader, &err));
    assert_int_equal(n, LEDE_NAMED_MOST);
    lede_buf_done(&list);
}

/* Whatever is cut off or changed: an end, never a wild read (the sanitizers
 * watch), and no list that is cut is taken for a whole one. */
static void test_name_list__survives_damage(void **state)
{
    const lede_named all[] = {starmer, kyiv};
    lede_buf list = {0};
    size_t len, at;

    (void)state;
    lede_name_list_encode(all, 2, &list);
    for (len = 1; len < list.len; len++) {
        uint8_t *exact = malloc(len);
        lede_name_reader reader;
        lede_named got;

        assert_non_null(exact);
        memcpy(exact, list.bytes, len);
        reader = lede_name_reader_of(lede_span_of(exact, len));
        while (lede_name_reader_next(&reader, &got)) {
        }
        assert_status(lede_name_reader_end(&reader, &err), LEDE_CORRUPT);
        free(exact);
    }
    for (at = 0; at < list.len; at++) {
        unsigned value;
        uint8_t was = list.bytes[at];

        for (value = 0; value < 256; value++) {
            lede_name_reader reader;
            lede_named got;
            uint32_t n = 0;

            list.bytes[at] = (uint8_t)value;
            reader = lede_name_reader_of(lede_buf_span(&list));
            while (lede_name_reader_next(&reader, &got)) {
                assert_true(got.name.len > 0 && got.state <= 2);
                n++;
            }
            assert_true(n <= LEDE_NAMED_MOST);
        }
        list.bytes[at] = was;
    }
    lede_buf_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_name_list__reads_what_was_written),
        cmocka_unit_test(test_name_list__tells_nobody_from_not_looked_at),
        cmocka_unit_test(test_name_list__cuts_what_is_too_long),
        cmocka_unit_test(test_name_list__survives_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
