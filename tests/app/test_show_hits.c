/* The promises of app/show_hits.h about hits that cannot be read: JSON is whole
 * whatever happens, damage to one hit does not hide the others. The results are
 * made up here, hit by hit. */
#include "tests/support/check.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "app/show_hits.h"
#include "query/added_names.h"
#include "query/engine.h"
#include "query/marking.h"
#include "tests/support/strict_json.h"

/* --- Results that are made up ---------------------------------------------
 */

enum { HITS_MOST = 8 };

struct lede_results {
    lede_status hits[HITS_MOST];
    uint32_t count;
    bool has_more;
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
static const lede_engine whole_engine = {.calls = &engine_calls};

/* Nobody has added names to entries. */
uint32_t lede_added_find(const lede_added *added, uint64_t key)
{
    (void)added;
    (void)key;
    return 0;
}

bool lede_added_is(const lede_added *added, uint32_t at, uint64_t key)
{
    (void)added;
    (void)at;
    (void)key;
    return false;
}

lede_status lede_engine_name_view(lede_engine *engine, lede_name_view *out,
                                  lede_error *err)
{
    (void)engine;
    (void)err;
    *out = (lede_name_view){0};
    return LEDE_OK;
}

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

bool lede_results_stories(const lede_results *results, uint64_t *out)
{
    (void)results;
    (void)out;
    return false;
}

uint64_t lede_results_total(const lede_results *results)
{
    return results->count;
}

uint32_t lede_results_count(const lede_results *results)
{
    return results->count;
}

lede_status lede_results_reach_place(lede_results *results, uint32_t index,
                                     lede_hit_place *out, lede_error *err)
{
    (void)err;
    *out = lede_results_place(results, index);
    return LEDE_OK;
}

bool lede_results_has_more(const lede_results *results)
{
    return results->has_more;
}

void lede_results_cursor(const lede_results *results, uint32_t index,
                         lede_buf *out)
{
    assert_int_equal(index, results->count - 1);
    lede_buf_put_text(out, "Cursor");
}

lede_status lede_results_ledger(lede_results *results,
                                uint64_t counts[LEDE_MATCHED_COUNT],
                                lede_error *err)
{
    (void)err;
    memset(counts, 0, LEDE_MATCHED_COUNT * sizeof *counts);
    counts[LEDE_MATCHED_ANY] = counts[LEDE_MATCHED_EXACT] = results->count;
    return LEDE_OK;
}

lede_status lede_results_recognized(lede_results *results, bool *has,
                                    uint64_t *out, lede_error *err)
{
    (void)results;
    (void)err;
    *has = false;
    *out = 0;
    return LEDE_OK;
}

const char *lede_matched_name(lede_matched matched)
{
    return matched == LEDE_MATCHED_EXACT ? "exact" : "?";
}

const lede_mark *lede_marking_of(const lede_marking *marking, lede_span text,
                                 uint32_t *count)
{
    (void)marking;
    (void)text;
    *count = 0;
    return NULL;
}

lede_status lede_results_nothing(lede_results *results, lede_nothing *out,
                                 lede_error *err)
{
    (void)err;
    *out = (lede_nothing){.entries = results->count,
                          .archive_oldest = LEDE_INSTANT_NONE,
                          .archive_newest = LEDE_INSTANT_NONE};
    return LEDE_OK;
}

const char *lede_facet_name(lede_facet facet)
{
    return facet == LEDE_FACET_SOURCE ? "source" : "?";
}

bool lede_facet_parse(lede_span name, lede_facet *out)
{
    *out = LEDE_FACET_SOURCE;
    return lede_span_is(name, "source");
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
    char out[16384], err[2048];
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

/* --- Formats ---------------------------------------------------------------
 */

/* Everything that an archive could try: controls of a terminal (C0, C1), marks
 * that reorder a line, markup, quotes, a formula, no characters at all. */
#define HOSTILE                                                                \
    "=1+1,\"q\" <b>&amp; \x1b[31m\x07\x9b \xC2\x9b"                            \
    "2J \xE2\x80\xAE"                                                          \
    "x \xE2\x81\xA6 \r\n\t\xEF\xBF\xBF]]> end"

static lede_author hostile_author = {
    {(const uint8_t *)HOSTILE, sizeof HOSTILE - 1}, {NULL, 0}, {NULL, 0}};
static lede_span hostile_text;

static void make_hostile(void)
{
    static const lede_mark marks[] = {{0, 1}, {6, 9}};

    hostile_text = hostile_author.name;
    lede_entry_init(&entry);
    entry.headline = entry.source = entry.url = hostile_text;
    entry.authors = &hostile_author;
    entry.author_count = 1;
    entry.labels = entry.paths = &hostile_text;
    entry.label_count = entry.path_count = 1;
    entry.updated.instant = 1739803800;
    hit.snippet = hostile_text;
    hit.marks = hit.headline_marks = marks;
    hit.mark_count = hit.headline_mark_count = 2;
}

/* Whether a terminal, or who reads a line from right to left, would obey. */
static bool is_harmless(const char *text)
{
    const uint8_t *p = (const uint8_t *)text;

    for (; *p != 0; p++) {
        if ((*p < 0x20 && *p != '\n' && *p != '\r') || *p == 0x7F ||
            (*p == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0) ||
            (*p == 0xE2 && p[1] == 0x80 && p[2] >= 0xAA && p[2] <= 0xAE) ||
            (*p == 0xE2 && p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9)) {
            return false;
        }
    }
    return true;
}

static void test_show_hits__nothing_reaches_a_terminal(void **state)
{
    static const lede_format_wanted formats[] = {
        LEDE_OUTPUT_TEXT, LEDE_OUTPUT_JSON, LEDE_OUTPUT_NDJSON, LEDE_OUTPUT_CSV,
        LEDE_OUTPUT_ATOM};
    lede_results results = {.hits = {LEDE_OK, LEDE_CORRUPT}, .count = 2};
    printed got;
    unsigned i;

    (void)state;
    make_hostile();
    for (i = 0; i < 5; i++) {
        print(&results, formats[i], &got);
        assert_true(strlen(got.out) > 200);
        assert_true(is_harmless(got.out));
        assert_true(is_harmless(got.err));
    }
}

/* Reads a cell as RFC 4180 has it; false at the end of a line. */
static bool read_cell(const char **p, char *cell)
{
    bool quoted = **p == '"';

    *p += quoted;
    while (quoted ? !(**p == '"' && (*p)[1] != '"')
                  : **p != ',' && **p != '\r' && **p != '\0') {
        assert_true(**p != '\0');
        assert_true(quoted || **p != '"');
        *p += quoted && **p == '"';
        *cell++ = *(*p)++;
    }
    *cell = '\0';
    *p += quoted;
    if (**p == ',') {
        (*p)++;
        return true;
    }
    assert_true((*p)[0] == '\r' && (*p)[1] == '\n');
    *p += 2;
    return false;
}

static void test_show_hits__csv_has_the_same_cells_in_every_line(void **state)
{
    lede_results results = {.hits = {LEDE_OK, LEDE_CORRUPT, LEDE_OK},
                            .count = 3};
    printed got;
    const char *p = got.out;
    char names[32][64], cell[1024];
    unsigned columns = 1, line, i;

    (void)state;
    make_hostile();
    print(&results, LEDE_OUTPUT_CSV, &got);
    for (; read_cell(&p, names[columns - 1]); columns++) {
    }
    assert_string_equal(names[0], "rank");
    for (line = 1; line <= 3; line++) {
        for (i = 0; i < columns; i++) {
            assert_int_equal(read_cell(&p, cell), i + 1 < columns);
            assert_null(strchr("=+-@", cell[0] == '\0' ? 'x' : cell[0]));
            if (strcmp(names[i], "headline") == 0) {
                assert_string_equal(cell, line == 2
                                              ? ""
                                              : "'=1+1,\"q\" <b>&amp; "
                                                "\uFFFD[31m\uFFFD\uFFFD "
                                                "\uFFFD2J \uFFFDx \uFFFD    "
                                                "\uFFFF]]> end");
            } else if (strcmp(names[i], "error") == 0) {
                assert_string_equal(cell,
                                    line == 2 ? "hit \"1\" is not well" : "");
            }
        }
    }
    assert_int_equal(*p, '\0');
    assert_int_equal(got.status, LEDE_EXIT_ERROR);
}

static unsigned elements(xmlNode *node, const char *name)
{
    unsigned n = 0;

    for (node = node->children; node != NULL; node = node->next) {
        n += node->type == XML_ELEMENT_NODE &&
             strcmp((const char *)node->name, name) == 0;
    }
    return n;
}

static void check_element(xmlNode *node, bool is_feed)
{
    static const char *const once[] = {"id", "title", "updated"};

    assert_string_equal((const char *)node->ns->href,
                        "http://www.w3.org/2005/Atom");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(elements(node, once[i]), 1);
    }
    assert_true(elements(node, "summary") == !is_feed);
    assert_int_equal(elements(node, "author"), 1);
    assert_int_equal(elements(node, "link"), 0); /* it is no address */
}

static void test_show_hits__atom_has_what_a_feed_must_have(void **state)
{
    lede_results results = {.hits = {LEDE_OK, LEDE_CORRUPT, LEDE_OK},
                            .count = 3};
    printed got, again;
    xmlDoc *doc;
    xmlNode *feed, *node;
    unsigned entries = 0;

    (void)state;
    make_hostile();
    print(&results, LEDE_OUTPUT_ATOM, &got);
    doc = xmlReadMemory(got.out, (int)strlen(got.out), "feed", NULL, 0);
    assert_non_null(doc);
    feed = xmlDocGetRootElement(doc);
    assert_string_equal((const char *)feed->name, "feed");
    check_element(feed, true);
    for (node = feed->children; node != NULL; node = node->next) {
        if (node->type == XML_ELEMENT_NODE &&
            strcmp((const char *)node->name, "entry") == 0) {
            check_element(node, false);
            entries++;
        }
    }
    assert_int_equal(entries, 2);
    xmlFreeDoc(doc);
    print(&results, LEDE_OUTPUT_ATOM, &again);
    assert_string_equal(again.out, got.out);
}

static void test_show_hits__tells_where_to_go_on(void **state)
{
    lede_results results = {.count = 2, .has_more = true};
    printed got;

    (void)state;
    print(&results, LEDE_OUTPUT_JSON, &got);
    assert_non_null(strstr(got.out, "\"next\": \"Cursor\""));
    results.has_more = false;
    print(&results, LEDE_OUTPUT_NDJSON, &got);
    assert_non_null(strstr(got.out, "\"next\": null"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_show_hits__names_a_damaged_hit_and_goes_on),
        cmocka_unit_test(test_show_hits__closes_what_another_failure_ends),
        cmocka_unit_test(test_show_hits__says_that_the_order_may_suffer),
        cmocka_unit_test(test_show_hits__is_quiet_when_all_is_well),
        cmocka_unit_test(test_show_hits__tells_where_to_go_on),
        cmocka_unit_test(test_show_hits__nothing_reaches_a_terminal),
        cmocka_unit_test(test_show_hits__csv_has_the_same_cells_in_every_line),
        cmocka_unit_test(test_show_hits__atom_has_what_a_feed_must_have),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
