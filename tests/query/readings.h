/* readings.h - what queries are read as, for tests of the parser
 *
 * A group of such tests is run with set_up and tear_down. */
#ifndef LEDE_TESTS_QUERY_READINGS_H
#define LEDE_TESTS_QUERY_READINGS_H

#include "tests/support/check.h"

#include "query/plan.h"

typedef struct reading {
    const char *query;
    const char *form; /* lede_ast_format */
    int note;         /* column of the first note, or -1 */
} reading;

static lede_analyzer *analyzer;

/* A Wednesday, 2025-02-19T10:30:00Z. */
static const int64_t NOW = 1739961000;

static int set_up(void **state)
{
    (void)state;
    return lede_analyzer_new(&analyzer, NULL) == LEDE_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    lede_analyzer_free(analyzer);
    return 0;
}

static void check_reading(const reading *wanted)
{
    lede_error err = {0};
    lede_arena arena = {0};
    lede_notes notes = {0};
    lede_parse_options options = {.analyzer = analyzer, .now = NOW};
    lede_parsed parsed;
    lede_buf form = {0};

    assert_ok(lede_query_parse(lede_span_text(wanted->query), &options, &arena,
                               &notes, &parsed, &err));
    lede_ast_format(parsed.root, false, &form);
    if (!lede_span_is(lede_buf_span(&form), wanted->form)) {
        print_error("%s\n  is read as %s\n  and not    %s\n", wanted->query,
                    lede_buf_text(&form), wanted->form);
        fail();
    }
    if ((notes.count > 0 ? (int)notes.items[0].column : -1) != wanted->note) {
        print_error("%s\n  has the note '%s' at %d\n", wanted->query,
                    notes.count > 0 ? notes.items[0].text : "",
                    notes.count > 0 ? (int)notes.items[0].column : -1);
        fail();
    }
    lede_buf_done(&form);
    lede_arena_done(&arena);
}

#define CHECK_ALL(table)                                                       \
    do {                                                                       \
        for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++) {      \
            check_reading(&(table)[i]);                                        \
        }                                                                      \
    } while (0)

#endif
