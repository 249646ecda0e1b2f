/* read_text.h - a text that stands in a test, read by one format.
 *
 * Each test begins with an empty context, set up by READ_TEST, and finds what
 * its last text became in `got`. */
#ifndef LEDE_TESTS_CORPUS_READ_TEXT_H
#define LEDE_TESTS_CORPUS_READ_TEXT_H

#include "corpus/member.h"
#include "tests/support/collect.h"

static const lede_read_options options = {.now = 1795000000};
static lede_read_context context;
static lede_unpacked unpacked;
static collected got;

static inline int read_setup(void **state)
{
    (void)state;
    unpacked = (lede_unpacked){.file_bytes = 1 << 20};
    context = (lede_read_context){
        .options = &options, .location = "", .path = "", .unpacked = &unpacked};
    context.published = lede_when_none();
    context.captured = lede_when_none();
    return 0;
}

static inline int read_teardown(void **state)
{
    (void)state;
    collect_done(&got);
    return 0;
}

#define READ_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, read_setup, read_teardown)

/* Reads a text that the format claims, as the file at `path`. */
static inline void read_as(const lede_format *format, const char *text,
                           const char *path)
{
    lede_error err = {0};

    collect_done(&got);
    assert_true(format->claims(lede_span_text(text), true, ""));
    assert_ok(collect_bytes(&got, format, lede_span_text(text), path, &context,
                            &err));
}

static inline const lede_entry *entry(size_t at)
{
    assert_true(at < got.count);
    return &got.entries[at];
}

static inline void assert_when(const lede_when *when, const char *wanted)
{
    lede_buf text = {0};

    lede_when_format(when, &text);
    assert_span(lede_buf_span(&text), wanted);
    lede_buf_done(&text);
}

/* Headline, date and first paragraph (NULL: it has none). */
static inline void assert_entry(size_t at, const char *headline,
                                const char *when, const char *first)
{
    const lede_entry *e = entry(at);

    assert_span(e->headline, headline);
    assert_when(&e->published, when);
    if (first == NULL) {
        assert_int_equal(e->block_count, 0);
    } else {
        assert_true(e->block_count > 0);
        assert_span(e->body[0].text, first);
    }
}

#endif
