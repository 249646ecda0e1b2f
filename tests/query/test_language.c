/* The promises of docs/QUERY.md to whoever types: which entries a query finds,
 * on archives of one segment and of several; among them the names that other
 * programs fall over. */
#include "tests/support/check.h"

#include "base/time.h"
#include "query/search.h"
#include "tests/support/small_archive.h"

enum { MOST_TEXTS = 64, FIRST_KEY = 1000 };

/* A headline, and a body of paragraphs between line ends. */
typedef struct text {
    const char *headline, *body;
} text;

/* Numbers of the texts that are found, in their order; of a query that is
 * relaxed, none. */
typedef struct found {
    const char *query;
    const char *texts;
} found;

typedef struct world {
    lede_archive *archive;
    lede_snapshot *snapshot;
    char directory[256];
} world;

static uint32_t cut_blocks(const char *body, lede_block *blocks)
{
    uint32_t count = 0;

    while (*body != 0) {
        size_t len = strcspn(body, "\n");

        blocks[count++] = (lede_block){LEDE_BLOCK_P, lede_span_of(body, len)};
        body += len + (body[len] == '\n');
    }
    return count;
}

static void open_world(world *w, const text *texts, uint32_t count,
                       uint32_t per_segment)
{
    static lede_entry entries[MOST_TEXTS];
    static lede_block blocks[MOST_TEXTS][8];
    lede_error err = {0};

    assert_true(count <= MOST_TEXTS);
    for (uint32_t i = 0; i < count; i++) {
        lede_entry *entry = &entries[i];

        lede_entry_init(entry);
        entry->key = FIRST_KEY + i;
        entry->headline = lede_span_text(texts[i].headline);
        entry->block_count = cut_blocks(texts[i].body, blocks[i]);
        entry->body = blocks[i];
        entry->published.instant = 1700000000 - (int64_t)i;
    }
    assert_ok(small_archive_make(entries, count, per_segment, 1800000000,
                                 w->directory, &w->archive, &err));
    assert_ok(lede_snapshot_open(w->archive, &w->snapshot, &err));
}

static void close_world(world *w)
{
    lede_snapshot_close(w->snapshot);
    small_archive_remove(w->archive, w->directory);
}

static lede_results *search(const world *w, const char *query)
{
    lede_search_options options = {.unlimited = true, .no_relax = true};
    lede_results *results = NULL;
    lede_error err = {0};

    assert_ok(lede_search(w->snapshot, lede_span_text(query), &options,
                          &results, &err));
    return results;
}

static void check_found(const world *w, const found *wanted)
{
    lede_results *results = search(w, wanted->query);
    bool is_there[MOST_TEXTS] = {false};
    lede_buf list = {0};

    for (uint32_t i = 0; i < lede_results_count(results); i++) {
        is_there[lede_results_place(results, i).key - FIRST_KEY] = true;
    }
    for (uint32_t i = 0; i < MOST_TEXTS; i++) {
        if (is_there[i]) {
            lede_buf_put_format(&list, "%s%u", list.len > 0 ? " " : "", i);
        }
    }
    if (!lede_span_is(lede_buf_span(&list), wanted->texts) ||
        lede_results_total(results) != lede_results_count(results)) {
        print_error("%s\n  finds %s\n  and not %s\n", wanted->query,
                    list.len > 0 ? lede_buf_text(&list) : "nothing",
                    wanted->texts);
        fail();
    }
    lede_buf_done(&list);
    lede_results_free(results);
}

static void check_all(const text *texts, size_t text_count, const found *table,
                      size_t count)
{
    for (uint32_t per_segment = 1; per_segment < 64; per_segment *= 4) {
        world w;

        open_world(&w, texts, (uint32_t)text_count, per_segment);
        for (size_t i = 0; i < count; i++) {
            check_found(&w, &table[i]);
        }
        close_world(&w);
    }
}

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void test_language__near(void **state)
{
    static const text texts[] = {
        {"0", "The storm hit the coast at noon."},
        {"1", "On the coast a storm rose."},
        {"2", "Storm after storm.\nThe coast slept."},
        {"3", "A storm, one two three four five six seven eight nine ten, "
              "coast"},
        {"4", "storm coast storm"},
        {"5", "cease-fire talks near the north sea coast"},
        {"storm", "coast"},
        {"7", "The storms hit many coasts."},
        {"8", "gale x storm x x coast x x x gale"},
    };
    static const found table[] = {
        {"storm NEAR/1 coast", "4"},
        {"storm NEAR/2 coast", "1 4"},
        {"storm NEAR/3 coast", "0 1 4 7 8"},
        {"storm ADJ/3 coast", "0 4 7 8"},
        {"coast ADJ/3 storm", "1 4"},
        {"storm NEAR/10 coast", "0 1 2 4 7 8"},
        {"storm NEAR coast", "0 1 2 4 7 8"},
        {"storm NEAR/11 coast", "0 1 2 3 4 7 8"},
        {"=storm NEAR/11 =coast", "0 1 2 3 4 8"},
        {"storm SAME coast", "0 1 3 4 7 8"},
        {"storm NEAR/1000 coast", "0 1 2 3 4 7 8"},
        {"storm NEAR/10 storm", "2 4"},
        {"storm NEAR/2 storm", "2 4"},
        {"storm NEAR/2 coast NEAR/2 storm", "4"},
        {"storm NEAR/9 coast NEAR/9 storm", "4"},
        {"storm NEAR/10 coast NEAR/10 storm", "2 4"},
        {"storm NEAR/9 storm NEAR/9 storm", ""},
        {"gale NEAR/4 storm NEAR/4 coast", "8"},
        {"gale NEAR/2 storm NEAR/2 coast", ""},
        {"coast NEAR/3 gale NEAR/3 storm", "8"},
        {"gale NEAR/4 coast NEAR/4 storm NEAR/4 gale", "8"},
        {"gale ADJ/4 storm ADJ/4 coast ADJ/4 gale", "8"},
        {"gale ADJ/3 storm ADJ/3 coast ADJ/3 gale", ""},
        {"storm SAME storm", "2 4"},
        {"storm SAME coast SAME storm", "4"},
        {"(gale OR hit) NEAR/2 storm", "0 7 8"},
        {"(gale OR \"storm hit\") NEAR/3 coast", "0"},
        {"\"north sea\" NEAR/1 coast", "5"},
        {"cease-fire NEAR/1 talks", "5"},
        {"ceasefire ADJ/1 talks", "5"},
        {"fire ADJ/1 talks", "5"},
        {"cease ADJ/1 talks", ""},
        {"cease-fire NEAR/3 \"north sea\"", ""},
        {"cease-fire NEAR/4 \"north sea\"", "5"},
        {"cease-fire ADJ/3 \"the north\"", "5"},
        {"fire NEAR/2 cease-fire", ""},
        {"headline:(storm NEAR/9 coast)", ""},
        {"body:(storm NEAR/3 coast)", "0 1 4 7 8"},
        {"headline:storm NEAR/9 coast", ""},
        {"storm -storm NEAR/3 coast", "2 3 6"},
        {"storm NEAR/3 coast OR talks", "0 1 4 5 7 8"},
        {"st*m NEAR/3 co?st", "0 1 4 8"},
        {"\"storm coast\"~0", "4"},
        {"\"storm coast\"~1", "4"},
        {"\"storm coast\"~2", "0 4 8"},
        {"\"gale storm coast\"~2", ""},
        {"\"gale storm coast\"~3", "8"},
        {"\"gale storm coast gale\"~6", "8"},
        {"\"gale storm coast gale\"~5", ""},
        {"\"storm storm\"~1", "2 4"},
        {"\"cease fire sea\"~3", ""},
        {"\"cease fire sea\"~4", "5"},
        {"\"cease-fire sea\"~4", "5"},
        {"\"st*m the co*t\"~1", "0"},
        {"\"storm coast\"~1000", "0 3 4 8"},
        {"\"storm the coast\"~9", "0"},
        {"\"coast a storm\"~1000", "1"},
        {"\"storm coast\"~8 OR \"storm slept\"~1000", "0 4 8"},
        {"\"after storm coast slept\"~1000", ""},
        {"storm ADJ/9 slept", ""},
        {"storm ADJ/11 slept", "2"},
    };

    (void)state;
    check_all(texts, COUNT(texts), table, COUNT(table));
}

static void test_language__patterns(void **state)
{
    static const text texts[] = {
        {"0", "Running runs ran"},
        {"1", "A runner"},
        {"2", "happily happy"},
        {"3", "O'Brien and O\u2019Brien"},
        {"4", "OBrien"},
        {"5", "Erdo\u011fan"},
        {"6", "ERDOGAN erodgan"},
        {"7", "cease-fire"},
        {"8", "\u6771\u4eac\u99c5"},
        {"9", "Zelensky"},
        {"10", "Zelenskyy"},
        {"11", "Zelenskiy"},
        {"12", "Selenski"},
        {"13", "grey"},
        {"14", "gray gravy"},
        {"15", "U.S. us"},
        {"16", "die Stra\u00dfe"},
        {"17", "dying lying"},
        {"18", "prime ministers"},
        {"19", "prime ministerial"},
        {"20", "\u0412\u043e\u0439\u043d\u0430 \u0432\u043e\u0439\u043d\u044b"},
        {"21", "the big bad storm"},
        {"22", "1,000 and 20.04"},
    };
    static const found table[] = {
        {"run*", "0 1"},
        {"running*", "0"},
        {"runn*", "0 1"},
        {"*unning", "0"},
        {"r*n", "0"},
        {"r?n", "0"},
        {"run?", "0"},
        {"r??s", "0"},
        {"happ*", "2"},
        {"happy*", "2"},
        {"happi*", "2"},
        {"*ily", "2"},
        {"dying*", "17"},
        {"dy*", "17"},
        {"*ying", "17"},
        {"o'br*", "3 4"},
        {"obr*", "3 4"},
        {"*br?en", "3 4"},
        {"O\u2019B*n", "3 4"},
        {"bri*", "3"},
        {"erdo\u011f*", "5 6"},
        {"ERD*", "5 6"},
        {"=ERD*", "6"},
        {"=Erd*", "5 6"},
        {"=erd*", "5 6"},
        {"cease-f*", "7"},
        {"ceasefi*", "7"},
        {"*-fire", "7"},
        {"\u6771*", "8"},
        {"*\u99c5", "8"},
        {"stras*", "16"},
        {"stra\u00df*", "16"},
        {"\u0432\u043e\u0439*", "20"},
        {"\u0412\u041e\u0419?\u0410", "20"},
        {"gr?y", "13 14"},
        {"gr*y", "13 14"},
        {"u.s*", "15"},
        {"100*", "22"},
        {"20.0*", "22"},
        {"\"prime minist*\"", "18 19"},
        {"\"prime *ers\"", "18"},
        {"\"minist* prime\"", ""},
        {"\"the b?g b* storm\"", "21"},
        {"zzz*", ""},
        {"headline:1*", "1 10 11 12 13 14 15 16 17 18 19"},
        {"body:1*", "22"},
        {"grey -gr?y", ""},
        {"run* OR gr*y", "0 1 13 14"},
        {"zelensky~1", "9 10 11"},
        {"Zelensky~", "9 10 11"},
        {"zelenskyy~1", "9 10 11"},
        {"zelenski~1", "9 11 12"},
        {"zelensky~2", "9 10 11 12"},
        {"=zelensky~2", "9 10 11 12"},
        {"erdogan~1", "5 6"},
        {"erodgan", "6"},
        {"erodgan~1", "5 6"},
        {"grey~1", "13 14"},
        {"greay~1", "13 14"},
        {"gry~1", "13 14"},
        {"gravy~1", "14"},
        {"O'Brian~1", "3 4"},
        {"runing~1", "0"},
        {"\u0432\u043e\u0439\u043d\u0443~1", "20"},
    };

    (void)state;
    check_all(texts, COUNT(texts), table, COUNT(table));
}

static void test_language__names(void **state)
{
    static const text texts[] = {
        {"0", "Eugene spoke"},
        {"1", "on eugenics and eugenic laws"},
        {"2", "Manly beach"},
        {"3", "Manning the barricades"},
        {"4", "a manly man"},
        {"5", "Perthes is a firm"},
        {"6", "Perth is a town"},
        {"7", "Will will willingly will it"},
        {"8", "The Who play"},
        {"9", "the people who play"},
        {"10", "O'Brien"},
        {"11", "O\u2019Brien"},
        {"12", "OBrien"},
        {"13", "O Brien"},
        {"14", "NATO"},
        {"15", "Nato"},
        {"16", "The US and they"},
        {"17", "they told us"},
        {"18", "T\u00fcrkiye"},
        {"19", "Turkey"},
        {"20", "\u0130stanbul"},
        {"21", "istanbul"},
        {"22", "to be or not to be"},
        {"23", "Bern"},
        {"24", "Berning"},
    };
    static const found table[] = {
        {"=Eugene", "0"},
        {"\"eugene\"", "0"},
        {"=manly", "2 4"},
        {"=Manly", "2"},
        {"\"manning\"", "3"},
        {"=Perthes", "5"},
        {"\"Perth\"", "6"},
        {"=Will", "7"},
        {"\"will will\"", "7"},
        {"\"The Who\"", "8"},
        {"\"to be or not to be\"", "22"},
        {"O'Brien", "10 11 12 13"},
        {"O\u2019Brien", "10 11 12 13"},
        {"OBrien", "10 11 12"},
        {"\"O Brien\"", "10 11 13"},
        {"nato", "14 15"},
        {"=NATO", "14"},
        {"=Nato", "14 15"},
        {"US", "16 17"},
        {"=US", "16"},
        {"=us", "16 17"},
        {"Turkiye", "18"},
        {"T\u00fcrkiye", "18"},
        {"t\u00fcrki*", "18"},
        {"Turk*", "18 19"},
        {"istanbul", "20 21"},
        {"\u0130STANBUL", "20 21"},
        {"\u0130stanb*", "20 21"},
        {"=Bern", "23"},
        {"\"berning\"", "24"},
    };

    (void)state;
    check_all(texts, COUNT(texts), table, COUNT(table));
}

/* A capital prefers its exact form, capitals prefer capitals. */
static void test_language__the_form_typed_comes_first(void **state)
{
    static const text texts[] = {
        {"Manning it", "x"}, {"Manly it", "x"},   {"manly it", "x"},
        {"Perth it", "x"},   {"Perthes it", "x"}, {"us it", "x"},
        {"US it", "x"},      {"Us it", "x"},      {"Nato it", "x"},
        {"NATO it", "x"},
    };
    static const struct {
        const char *query;
        uint64_t first;
    } table[] = {
        {"Manly", 1}, {"manly", 1}, {"Manning", 0}, {"Perthes", 4},
        {"US", 6},    {"Us", 6},    {"NATO", 9},    {"=Nato", 8},
        {"nato", 8},  {"manl*", 1}, {"NAT*", 9},    {"Nato~1", 8},
    };
    world w;

    (void)state;
    open_world(&w, texts, COUNT(texts), 3);
    for (size_t i = 0; i < COUNT(table); i++) {
        lede_results *results = search(&w, table[i].query);

        assert_true(lede_results_count(results) > 0);
        if (lede_results_place(results, 0).key - FIRST_KEY != table[i].first) {
            print_error("%s\n  finds first %d\n", table[i].query,
                        (int)(lede_results_place(results, 0).key - FIRST_KEY));
            fail();
        }
        lede_results_free(results);
    }
    close_world(&w);
}

static double score_of(const world *w, const char *query, uint64_t number)
{
    lede_search_options options = {.rank_plain = true, .no_recency = true};
    lede_results *results = NULL;
    lede_error err = {0};
    double score = -1;

    assert_ok(lede_search(w->snapshot, lede_span_text(query), &options,
                          &results, &err));
    for (uint32_t i = 0; i < lede_results_count(results); i++) {
        if (lede_results_place(results, i).key == FIRST_KEY + number) {
            score = lede_results_place(results, i).score;
        }
    }
    lede_results_free(results);
    return score;
}

static void assert_close(double got, double wanted)
{
    double off = got > wanted ? got - wanted : wanted - got;

    assert_true(off < 1e-4);
}

static void test_language__boosts_multiply(void **state)
{
    static const text texts[] = {
        {"0", "storm"}, {"1", "coast"}, {"2", "storm coast"}, {"3", "calm"},
        {"4", "calm"},  {"5", "calm"},  {"6", "calm"},
    };
    world w;
    double one;

    (void)state;
    open_world(&w, texts, COUNT(texts), 2);
    one = score_of(&w, "storm", 0);
    assert_true(one > 0);
    assert_true(score_of(&w, "storm^1", 0) == one);
    assert_close(score_of(&w, "storm^2", 0), 2 * one);
    assert_close(score_of(&w, "storm^0.5", 0), one / 2);
    assert_close(score_of(&w, "storm^20", 0), 20 * one);
    assert_close(score_of(&w, "(storm^2 OR coast)^3", 0), 6 * one);
    assert_close(score_of(&w, "(storm^20 OR coast)^3", 0), 20 * one);
    assert_close(score_of(&w, "(storm NEAR/2 coast)^3", 2),
                 3 * score_of(&w, "storm coast", 2));
    assert_close(score_of(&w, "storm storm^3", 0), 4 * one);
    assert_close(score_of(&w, "storm^0.5 storm", 0), 4 * one / 3);
    assert_true(score_of(&w, "storm^0", 0) == 0);
    assert_close(score_of(&w, "stor*^2", 0), 2 * one);
    close_world(&w);
}

/* More words than one may stand for, and what is told of them. */
static void test_language__expansions_have_an_end(void **state)
{
    enum { WORDS = 1500 };
    static text texts[2] = {{"0", NULL}, {"1", "wa0001 wa0003"}};
    lede_buf body = {0}, many = {0};
    lede_results *results;
    world w;

    (void)state;
    for (int i = 0; i < WORDS; i++) {
        lede_buf_put_format(&body, "wa%04d ", i);
    }
    texts[0].body = lede_buf_text(&body);
    open_world(&w, texts, 2, 1);
    results = search(&w, "x OR wa*");
    assert_int_equal(lede_results_total(results), 2);
    assert_int_equal(lede_results_note_count(results), 1);
    assert_int_equal(lede_results_note(results, 0).column, 5);
    assert_string_equal(lede_results_note(results, 0).text,
                        "'wa*' stands for 1500 words here: only the 1024 most "
                        "frequent count");
    lede_results_free(results);
    results = search(&w, "wa0*");
    assert_int_equal(lede_results_note_count(results), 0);
    lede_results_free(results);
    for (int i = 0; i < 33; i++) {
        lede_buf_put_format(&many, "%swa00%02d*", i > 0 ? " OR " : "", i);
    }
    results = search(&w, lede_buf_text(&many));
    assert_int_equal(lede_results_total(results), 2);
    assert_int_equal(lede_results_note_count(results), 1);
    assert_int_equal(lede_results_note(results, 0).column, 32 * 11);
    lede_results_free(results);
    lede_buf_done(&many);
    /* The most frequent first, then by bytes: 3 is in both, 1023 is the last
     * that counts, and 1024 is not. */
    check_found(&w, &(found){"wa* headline:0", "0"});
    check_found(&w, &(found){"\"wa* wa0003\"", "0 1"});
    check_found(&w, &(found){"\"wa* wa1024\"", "0"});
    check_found(&w, &(found){"\"wa* wa1025\"", ""});
    lede_buf_done(&body);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_language__near),
        cmocka_unit_test(test_language__patterns),
        cmocka_unit_test(test_language__names),
        cmocka_unit_test(test_language__the_form_typed_comes_first),
        cmocka_unit_test(test_language__boosts_multiply),
        cmocka_unit_test(test_language__expansions_have_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
