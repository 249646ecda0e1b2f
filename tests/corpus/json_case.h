/* json_case.h - what records become, in a line each. */
#ifndef LEDE_TESTS_CORPUS_JSON_CASE_H
#define LEDE_TESTS_CORPUS_JSON_CASE_H

#include "tests/corpus/sink.h"

static inline void check_entries(const char *json, const char *wanted)
{
    test_sink sink = {0};
    lede_error err = {0};

    assert_ok(read_into(&sink, lede_span_text(json), "", &err));
    assert_span(lede_buf_span(&sink.entries), wanted);
    assert_false(sink.page_is_open);
    test_sink_done(&sink);
}

/* The entries and the notes. */
static inline void check_noted(const char *json, const char *wanted,
                               const char *notes)
{
    test_sink sink = {0};
    lede_error err = {0};

    assert_ok(read_into(&sink, lede_span_text(json), "", &err));
    assert_span(lede_buf_span(&sink.entries), wanted);
    assert_span(lede_buf_span(&sink.notes), notes);
    test_sink_done(&sink);
}

#endif
