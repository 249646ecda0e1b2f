/* The promises of app/show_hits.h about hits that cannot be read: JSON is whole
 * whatever happens, damage to one hit does not hide the others. The results are
 * made up here, hit by hit. */
#include "tests/support/check.h"

#include "app/show_hits.h"
#include "tests/support/strict_json.h"

/* --- Results that are made up ---------------------------------------------
 */

enum { HITS_MOST = 8 };

struct lede_results {
    lede_status hits[HITS_MOST];
    uint32_t count;
    lede_error damage;
};

static lede_entry entry;
static lede_hit hit = {.entry = &entry, .has_score = true};

static uint32_t none_missing(const lede_engine *engine)
{
    (void)engine;
    return 0;
}

static const lede_engine_calls engine_calls = {.missing = none_missing};
static const lede_engine whole_engine = {&engine_calls};

lede_status lede_results_get(lede_results *results, uint32_t index,
                             const lede_hit **out, lede_error *err)
{
    lede_status status = results->hits[index];

    if (status != LEDE_OK) {
        return lede_fail(err, status, "hit \"%u\" is not well", index);
    }
    hit.rank = index + 1;
    entry.key = index;
    *out = &hit;
    return LEDE_OK;
}

lede_hit_place lede_results_place(const lede_results *results, uint32_t index)
{
    assert_true(index < results->count);
    return (lede_hit_place){
        .rank = index + 1, .score = 0.5, .has_score = true, .key = index};
}

const lede_error *lede_results_damage(const lede_results *results)
{
    return results->damage.status == LEDE_OK ? NULL : &results->damage;
}

uint64_t lede_results_total(const lede_results *results)
{
    return results->count;
}

uint32_t lede_results_count(const lede_results *results)
{
    return results->count;
}

bool lede_results_relaxed(const lede_results *results, uint32_t *required,
                          uint32_t *of)
{
    (void)results;
    (void)required;
    (void)of;
    return false;
}

uint32_t lede_results_note_count(const lede_results *results)
{
    (void)results;
    return 0;
}

lede_query_note lede_results_note(const lede_results *results, uint32_t index)
{
    (void)results;
    (void)index;
    return (lede_query_note){0, ""};
}

/* --- What is printed -------------------------------------------------------
 */

typedef struct printed {
    char out[8192], err[2048];
    int status;
} printed;

static void read_back(int fd, char *text, size_t bytes)
{
    ssize_t len = pread(fd, text, bytes - 1, 0);

    assert_true(len >= 0);
    text[len] = '\0';
}

/* Sends a stream to a file of no name; gives the descriptor it had. */
static int divert(FILE *stream, FILE *to)
{
    int own;

    fflush(stream);
    own = dup(fileno(stream));
    assert_true(own >= 0 && dup2(fileno(to), fileno(stream)) >= 0);
    return own;
}

static void restore(FILE *stream, int own)
{
    fflush(stream);
    assert_true(dup2(own, fileno(stream)) >= 0);
    close(own);
}

static void print(lede_results *results, lede_format_wanted format,
                  printed *got)
{
    lede_app app = {.format = format};
    lede_totals totals = {.generation = 3};
    lede_search_options options = {0};
    lede_hits_page page = {.app = &app,
                           .engine = &whole_engine,
                           .results = results,
                           .totals = &totals,
                           .query = lede_span_text("ferry"),
                           .options = &options};
    FILE *out = tmpfile(), *err = tmpfile();
    int own_out, own_err;

    assert_non_null(out);
    assert_non_null(err);
    own_out = divert(stdout, out);
    own_err = divert(stderr, err);
    got->status = lede_print_hits(&page);
    restore(stdout, own_out);
    restore(stderr, own_err);
    read_back(fileno(out), got->out, sizeof got->out);
    read_back(fileno(err), got->err, sizeof got->err);
    fclose(out);
    fclose(err);
}

static unsigned count(const char *text, const char *word)
{
    unsigned n = 0;

    for (text = strstr(text, word); text != NULL; text = strstr(text, word)) {
        n++;
        text += strlen(word);
    }
    return n;
}

static bool is_whole(const printed *got, lede_format_wanted format)
{
    size_t len = strlen(got->out);

    return format == LEDE_OUTPUT_JSON ? strict_json_is_one(got->out, len)
                                      : strict_json_are_lines(got->out, len);
}

static const lede_format_wanted both[] = {LEDE_OUTPUT_JSON, LEDE_OUTPUT_NDJSON};

/* --- Tests -----------------------------------------------------------------
 */

static void test_show_hits__names_a_damaged_hit_and_goes_on(void **state)
{
    lede_results results = {
        .hits = {LEDE_OK, LEDE_CORRUPT, LEDE_CORRUPT, LEDE_OK}, .count = 4};
    printed got;
    unsigned i;

    (void)state;
    for (i = 0; i < 2; i++) {
        print(&results, both[i], &got);
        assert_true(is_whole(&got, both[i]));
        assert_int_equal(count(got.out, "\"rank\""), 4);
        assert_int_equal(count(got.out, "\"headline\""), 2);
        assert_non_null(strstr(
            got.out, "{\"rank\": 2, \"score\": 0.5, \"key\": "
                     "\"0000000000000001\", \"error\": \"hit \\\"1\\\" is not "
                     "well\"}"));
        assert_string_equal(got.err,
                            "lede: 2 of the hits cannot be read: hit \"1\" is "
                            "not well; run 'lede check'\n");
        assert_int_equal(got.status, LEDE_EXIT_ERROR);
    }
    print(&results, LEDE_OUTPUT_TEXT, &got);
    assert_int_equal(count(got.out, "\n 2. 0000000000000001 cannot be read: "
                                    "hit \"1\" is not well\n"),
                     1);
    assert_int_equal(count(got.out, "\n 4. "), 1);
    assert_int_equal(count(got.err, "\n"), 1);
    assert_int_equal(got.status, LEDE_EXIT_ERROR);
}

static void test_show_hits__closes_what_another_failure_ends(void **state)
{
    lede_results results = {.hits = {LEDE_OK, LEDE_NO_MEMORY, LEDE_OK},
                            .count = 3};
    printed got;
    unsigned i;

    (void)state;
    for (i = 0; i < 2; i++) {
        print(&results, both[i], &got);
        assert_true(is_whole(&got, both[i]));
        assert_int_equal(count(got.out, "\"rank\""), 1);
        assert_int_equal(
            count(got.out, "\"error\": \"hit \\\"1\\\" is not well\"}"), 1);
        assert_string_equal(got.err, "lede: hit \"1\" is not well\n");
        assert_int_equal(got.status, LEDE_EXIT_ERROR);
    }
}

static void test_show_hits__says_that_the_order_may_suffer(void **state)
{
    lede_results results = {.count = 1};
    lede_error *err = &results.damage;
    printed got;

    (void)state;
    lede_fail(err, LEDE_CORRUPT, "a block is damaged");
    print(&results, LEDE_OUTPUT_JSON, &got);
    assert_true(is_whole(&got, LEDE_OUTPUT_JSON));
    assert_int_equal(count(got.out, "\"error\""), 0);
    assert_int_equal(count(got.err, "a block is damaged; run 'lede check'\n"),
                     1);
    assert_int_equal(got.status, LEDE_EXIT_ERROR);
}

static void test_show_hits__is_quiet_when_all_is_well(void **state)
{
    lede_results results = {.count = 2}, none = {.count = 0};
    printed got;
    unsigned i;

    (void)state;
    for (i = 0; i < 2; i++) {
        print(&results, both[i], &got);
        assert_true(is_whole(&got, both[i]));
        assert_int_equal(count(got.out, "\"error\""), 0);
        assert_string_equal(got.err, "");
        assert_int_equal(got.status, LEDE_EXIT_DONE);
        print(&none, both[i], &got);
        assert_true(is_whole(&got, both[i]));
        assert_int_equal(got.status, LEDE_EXIT_NOTHING);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_show_hits__names_a_damaged_hit_and_goes_on),
        cmocka_unit_test(test_show_hits__closes_what_another_failure_ends),
        cmocka_unit_test(test_show_hits__says_that_the_order_may_suffer),
        cmocka_unit_test(test_show_hits__is_quiet_when_all_is_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
