/* The table of places that comes with the project, and damaged ones. */
#include "tests/support/check.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "base/analyze.h"
#include "names/gazetteer.h"
#include "names/gazetteer_format.h"
#include "names/place_names.h"

#define TABLE_PATH LEDE_SOURCE_DIR "/names/gazetteer/places.table"

static lede_gazetteer *table;

static int open_table(void **state)
{
    lede_error err = {0};

    (void)state;
    assert_ok(lede_gazetteer_open(TABLE_PATH, &table, &err));
    return 0;
}

static int close_table(void **state)
{
    (void)state;
    lede_gazetteer_close(table);
    return 0;
}

static lede_place_facts first_of(const char *name)
{
    lede_place_number found[4];
    lede_place_facts facts;

    if (lede_gazetteer_find(table, lede_span_text(name), found, 4) == 0) {
        fail_msg("no place is called %s", name);
    }
    lede_gazetteer_get(table, found[0], &facts);
    return facts;
}

static void check_first(const char *name, const char *id)
{
    assert_string_equal(first_of(name).id, id);
}

static void test_gazetteer__finds_any_name_in_any_spelling(void **state)
{
    (void)state;
    check_first("Kyiv", "g703448");
    check_first("Kiev", "g703448");
    check_first("KIEV", "g703448");
    check_first("Peking", "g1816670");
    check_first("Bombay", "g1275339");
    check_first("Rangoon", "g1298824");
    check_first("Bogot\xC3\xA1", "g3688689");
    check_first("Bogota", "g3688689");
    check_first("Sao Paulo", "g3448439");
    check_first("Port-au-Prince", "g3718426");
    check_first("Port au Prince", "g3718426");
    check_first("N'Djamena", "g2427123");
    check_first("U.S.", "c:US");
    check_first("the US", "c:US");
    check_first("Trinidad & Tobago", "c:TT");
    check_first("St. Petersburg", "g498817");
    check_first("Saint Petersburg", "g498817");
    check_first("Washington, D.C.", "g4140963");
    check_first("\xC3\x89lys\xC3\xA9"
                "e Palace",
                "s:elysee-palace");
    check_first("elysee palace", "s:elysee-palace");
    check_first("Donbass", "r:donbas");
    check_first("\xD0\x9A\xD0\xB8\xD1\x97\xD0\xB2", "g703448");
    check_first("T\xC3\xBCrkiye", "c:TR");
}

static void test_gazetteer__the_weightiest_comes_first(void **state)
{
    (void)state;
    check_first("Paris", "g2988507");
    check_first("London", "g2643743");
    check_first("Georgia", "c:GE");
    check_first("Mexico", "c:MX");
    check_first("Washington", "g4140963");
}

static void test_gazetteer__a_town_lies_in_region_and_country(void **state)
{
    lede_place_number parents[LEDE_PLACE_MAX_PARENTS];
    lede_place_number paris =
        lede_gazetteer_by_id(table, lede_span_text("g4717560"));
    lede_place_facts facts;
    size_t count;

    (void)state;
    assert_int_not_equal(paris, LEDE_PLACE_NONE);
    lede_gazetteer_get(table, paris, &facts);
    assert_string_equal(facts.name, "Paris");
    assert_string_equal(facts.country, "US");
    assert_true(fabs(facts.lat - 33.66) < 0.02);
    assert_true(fabs(facts.lon + 95.56) < 0.02);
    assert_true(facts.population > 20000 && facts.population < 30000);
    count = lede_gazetteer_parents(table, paris, parents);
    assert_int_equal(count, 3);
    lede_gazetteer_get(table, parents[0], &facts);
    assert_int_equal(facts.kind, LEDE_PLACE_DISTRICT);
    lede_gazetteer_get(table, parents[1], &facts);
    assert_string_equal(facts.id, "a:US.TX");
    lede_gazetteer_get(table, parents[2], &facts);
    assert_string_equal(facts.id, "c:US");
    assert_int_equal(lede_gazetteer_parents(table, parents[2], parents), 0);
}

static void test_gazetteer__knows_capitals_and_their_people(void **state)
{
    static const char *const words[][2] = {
        {"Kenyan", "c:KE"},    {"Kenyans", "c:KE"}, {"Dutch", "c:NL"},
        {"the Swiss", "c:CH"}, {"Saudi", "c:SA"},   {"British", "c:GB"},
    };
    lede_place_facts facts = first_of("Riyadh");
    size_t i;

    (void)state;
    assert_true(facts.is_capital);
    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        lede_place_number country =
            lede_gazetteer_of_people(table, lede_span_text(words[i][0]));

        assert_int_not_equal(country, LEDE_PLACE_NONE);
        lede_gazetteer_get(table, country, &facts);
        assert_string_equal(facts.id, words[i][1]);
    }
    assert_int_equal(
        lede_gazetteer_of_people(table, lede_span_text("Lutheran")),
        LEDE_PLACE_NONE);
}

static void test_gazetteer__ids_that_are_none_are_none(void **state)
{
    static const char *const ids[] = {
        "",   "g",  "g0",   "g1",      "g0703448",    "c:ZZ",
        "c:", "gx", "x:UA", "G703448", "g99999999999"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        assert_int_equal(lede_gazetteer_by_id(table, lede_span_text(ids[i])),
                         LEDE_PLACE_NONE);
    }
}

/* What the maker put in comes out: all names in their order, each found again,
 * each place by its id. */
static void test_gazetteer__is_whole_and_in_order(void **state)
{
    lede_gazetteer_names names;
    lede_buf before = {0};
    lede_buf key = {0};
    size_t count = 0;
    lede_gazetteer_heads *heads = lede_gazetteer_heads_new(table);
    lede_place_number place;
    lede_place_number i;

    (void)state;
    assert_non_null(heads);
    assert_true(lede_gazetteer_is_whole(table));
    lede_gazetteer_names_init(&names, table, 0);
    while (lede_gazetteer_names_next(&names)) {
        lede_span name = lede_span_of(names.name, names.name_len);
        bool people;

        lede_buf_clear(&key);
        lede_place_key(name, &key);
        assert_true(lede_span_compare(lede_buf_span(&before),
                                      lede_buf_span(&key)) <= 0);
        lede_buf_clear(&before);
        lede_buf_put_span(&before, lede_buf_span(&key));
        while (count % 512 == 0 &&
               lede_gazetteer_names_place(&names, &place, &people)) {
            lede_gazetteer_found found[LEDE_GAZETTEER_MAX_FOUND];
            lede_gazetteer_found again[LEDE_GAZETTEER_MAX_FOUND];
            size_t n =
                lede_gazetteer_find_all(table, heads, name, people, found);
            size_t k;

            assert_int_equal(
                lede_gazetteer_find_all(table, NULL, name, people, again), n);
            for (k = 0; k < n; k++) {
                assert_int_equal(found[k].place, again[k].place);
            }

            for (k = 0; k < n && found[k].place != place; k++) {
            }
            assert_true(k < n || n == LEDE_GAZETTEER_MAX_FOUND);
        }
        count++;
    }
    assert_true(count > 250000);
    for (i = 0; i < lede_gazetteer_count(table); i++) {
        lede_place_facts facts;

        lede_gazetteer_get(table, i, &facts);
        assert_true(facts.name[0] != '\0');
        assert_int_equal(lede_gazetteer_by_id(table, lede_span_text(facts.id)),
                         i);
    }
    free(heads);
    lede_buf_done(&before);
    lede_buf_done(&key);
}

static void test_gazetteer__walks_the_names_of_a_prefix(void **state)
{
    lede_gazetteer_walk walk;
    lede_span name;
    lede_place_number place;
    size_t count = 0;
    bool riyadh = false;

    (void)state;
    lede_gazetteer_walk_init(&walk, table, lede_span_text("riya"));
    while (lede_gazetteer_walk_next(&walk, &name, &place)) {
        lede_place_facts facts;

        lede_gazetteer_get(table, place, &facts);
        riyadh |= strcmp(facts.id, "g108410") == 0;
        count++;
    }
    lede_gazetteer_walk_done(&walk);
    assert_true(riyadh);
    assert_true(count >= 1 && count < 100);
    lede_gazetteer_walk_init(&walk, table, lede_span_text("qqqqq"));
    assert_false(lede_gazetteer_walk_next(&walk, &name, &place));
    lede_gazetteer_walk_done(&walk);
}

/* Names in ASCII go a short way to their key: to the same one. */
static void test_gazetteer__both_ways_to_a_key_agree(void **state)
{
    static const char letters[] = "aZ'-. ,&0(s\"t";
    uint64_t seed = 88172645463325252u;
    int round;

    (void)state;
    for (round = 0; round < 20000; round++) {
        char text[16];
        lede_buf folded = {0};
        lede_buf quick = {0};
        lede_buf slow = {0};
        size_t i;

        for (i = 0; i < sizeof text; i++) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            text[i] = letters[(seed >> 20) % (sizeof letters - 1)];
        }
        lede_fold_text(lede_span_of(text, sizeof text), true, &folded);
        lede_place_key(lede_span_of(text, sizeof text), &quick);
        lede_place_key(lede_buf_span(&folded), &slow);
        assert_true(
            lede_span_equal(lede_buf_span(&quick), lede_buf_span(&slow)));
        lede_buf_done(&folded);
        lede_buf_done(&quick);
        lede_buf_done(&slow);
    }
}

static void test_gazetteer__refuses_what_is_no_table(void **state)
{
    uint8_t head[32] = "ledegazt";
    lede_gazetteer *made = NULL;
    lede_error err = {0};

    (void)state;
    assert_status(
        lede_gazetteer_open(LEDE_SOURCE_DIR "/no such file", &made, &err),
        LEDE_NOT_FOUND);
    assert_status(
        lede_gazetteer_open(LEDE_SOURCE_DIR "/README.md", &made, &err),
        LEDE_CORRUPT);
    assert_status(lede_gazetteer_new(lede_span_of(head, 8), &made, &err),
                  LEDE_CORRUPT);
    head[8] = LEDE_GAZETTEER_VERSION + 1;
    assert_status(lede_gazetteer_new(lede_span_of(head, 32), &made, &err),
                  LEDE_TOO_NEW);
    head[8] = LEDE_GAZETTEER_VERSION;
    assert_status(lede_gazetteer_new(lede_span_of(head, 32), &made, &err),
                  LEDE_CORRUPT);
    assert_null(made);
}

static uint32_t seed = 1;

static float between(double low, double high)
{
    seed = seed * 1664525u + 1013904223u;
    return (float)(low + (high - low) * (seed >> 8) / (1 << 24));
}

/* With and without the sines, at any latitude and across the date line. */
static void test_places__are_near_if_their_distance_says_so(void **state)
{
    int near = 0;
    int round;

    (void)state;
    for (round = 0; round < 100000; round++) {
        double km = round % 2 == 0 ? 160 : between(1, 600);
        lede_place_candidate a = {.lat = between(-90, 90),
                                  .lon = between(-180, 180)};
        lede_place_candidate b = {.lat = a.lat + between(-2, 2),
                                  .lon = a.lon + between(-12, 12)};
        bool is_near;

        b.lon += b.lon > 180 ? -360 : b.lon < -180 ? 360 : 0;
        is_near = fabs((double)a.lat - b.lat) * 111 <= km &&
                  lede_place_distance_km(a.lat, a.lon, b.lat, b.lon) <= km;
        assert_int_equal(lede_place_is_near(&a, &b, km), is_near);
        near += is_near;
    }
    assert_true(near > 1000);
}

static void test_gazetteer__is_small(void **state)
{
    struct stat info;

    (void)state;
    assert_int_equal(stat(TABLE_PATH, &info), 0);
    assert_true(info.st_size < 6000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gazetteer__finds_any_name_in_any_spelling),
        cmocka_unit_test(test_gazetteer__the_weightiest_comes_first),
        cmocka_unit_test(test_gazetteer__a_town_lies_in_region_and_country),
        cmocka_unit_test(test_gazetteer__knows_capitals_and_their_people),
        cmocka_unit_test(test_gazetteer__ids_that_are_none_are_none),
        cmocka_unit_test(test_gazetteer__is_whole_and_in_order),
        cmocka_unit_test(test_gazetteer__walks_the_names_of_a_prefix),
        cmocka_unit_test(test_gazetteer__both_ways_to_a_key_agree),
        cmocka_unit_test(test_gazetteer__refuses_what_is_no_table),
        cmocka_unit_test(test_places__are_near_if_their_distance_says_so),
        cmocka_unit_test(test_gazetteer__is_small),
    };

    return cmocka_run_group_tests(tests, open_table, close_table);
}
