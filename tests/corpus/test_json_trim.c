/* Large records without what means nothing: they read the same, take less room,
 * and do not disturb their neighbours. The naive twin of trimming is not to. */
#include "tests/support/check.h"

#include "base/buf.h"
#include "corpus/json_record.h"
#include "corpus/json_split.h"
#include "corpus/json_trim.h"
#include "tests/corpus/pack.h"

/* Trims `text` in place, in pieces of `step` bytes (0: at random). What stands
 * behind the object is left out. */
static lede_span trim_in_steps(uint8_t *bytes, size_t len, size_t step,
                               uint64_t *seed)
{
    lede_json_trim trim = {0};
    size_t kept = 0, read = 0;

    while (read < len && !trim.is_done) {
        size_t piece = step > 0 ? step : 1 + pack_random(seed) % 40;
        size_t used;

        piece = piece < len - read ? piece : len - read;
        kept += lede_json_trim_on(&trim, bytes + read, piece, false,
                                  bytes + kept, &used);
        assert_true(used == piece || trim.is_done);
        read += used;
        assert_true(kept <= read);
    }
    return lede_span_of(bytes, kept);
}

static void check_trimmed(const char *text, const char *wanted)
{
    static const size_t steps[] = {1, 2, 5, 1000};
    size_t i;

    for (i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        char copy[512];
        size_t len = strlen(text);

        assert_true(len < sizeof copy);
        memcpy(copy, text, len + 1);
        assert_span(trim_in_steps((uint8_t *)copy, len, steps[i], NULL),
                    wanted);
    }
}

static void test_trim__what_means_nothing_goes(void **state)
{
    (void)state;
    check_trimmed("{}", "{}");
    check_trimmed("{\"title\": \"a\", \"image\": \"AAAA\", \"n\": 12}",
                  "{\"title\": \"a\", \"image\": \"\", \"n\": 12}");
    check_trimmed("{\"raw\": {\"a\": [1, \"}\"]}, \"v\": [1, [2]], \"text\": "
                  "{\"x\": \"y\"}} behind",
                  "{\"raw\": {}, \"v\": [], \"text\": {\"x\": \"y\"}}");
    /* What counts as the record is looked into, once. */
    check_trimmed("{\"_source\": {\"body\": \"b\", \"x\": \"y\", \"fields\": "
                  "{\"a\": 1}}}",
                  "{\"_source\": {\"body\": \"b\", \"x\": \"\", \"fields\": "
                  "{}}}");
    check_trimmed("{\"metadata\": {\"warc_date\": \"d\", \"x\": \"y\"}}",
                  "{\"metadata\": {\"warc_date\": \"d\", \"x\": \"\"}}");
    /* Lists of records are kept. */
    check_trimmed("{\"response\": {\"docs\": [{\"x\": \"y\"}]}, \"y\": [0]}",
                  "{\"response\": {\"docs\": [{\"x\": \"y\"}]}, \"y\": []}");
    check_trimmed("{\"a\": 1; \"x\": \"b\"}", "{\"a\": 1; \"x\": \"\"}");
    check_trimmed("{\"x\": \"a\\\"b\\\\\", \"y\": {\"a\\\"}\": \"{\"}}",
                  "{\"x\": \"\", \"y\": {}}");
}

static void test_trim__odd_things_are_kept(void **state)
{
    static const char *const texts[] = {
        "{\"tit\\u006ce\": \"a\"}",  "{\"x\": /* a */ \"b\"}",
        "{<!-- a --> \"x\": \"b\"}", "{\"x\" \"y\", \"z\": \"a\"}",
        "{\"x\": , \"z\": \"a\"}",

        "{\"a\": b\"}\"}",           "{\"title\": {\"x\": \"cut off",
        "{\"a\": 1, \"cut",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        check_trimmed(texts[i], texts[i]);
    }
}

/* --- Beside the twin -------------------------------------------------------
 */

static void put_value(lede_buf *out, uint64_t *seed, int depth);

static void put_members(lede_buf *out, uint64_t *seed, int depth)
{
    static const char *const names[] = {
        "title",    "text",   "x",         "image_data", "_source", "fields",
        "metadata", "thread", "warc_date", "site",       "author",  "tags",
        "response", "docs",   "data",      "Published",  "id",      "content",
        "raw",      "a\\nb",  "",          "headline",   "main",    "items"};
    size_t count = pack_random(seed) % 6;

    lede_buf_put_byte(out, '{');
    while (count-- > 0) {
        lede_buf_put_format(
            out, "%s\"%s\"%s:", pack_random(seed) % 4 == 0 ? "\n " : "",
            names[pack_random(seed) % (sizeof names / sizeof names[0])],
            pack_random(seed) % 5 == 0 ? " " : "");
        put_value(out, seed, depth + 1);
        lede_buf_put_text(out, count > 0 ? "," : "");
    }
    lede_buf_put_byte(out, '}');
}

static void put_value(lede_buf *out, uint64_t *seed, int depth)
{
    static const char *const scalars[] = {
        "1",          "true",   "null",       "\"\"",           "\"word\"",
        "\"a\\\"}\"", "-2.5e3", "\"[{\\\\\"", "\"2024-01-02\"", "{}",
        "[]"};
    size_t count;

    switch (depth > 4 ? 3 : pack_random(seed) % 6) {
    case 0:
        put_members(out, seed, depth);
        break;
    case 1:
        lede_buf_put_byte(out, '[');
        for (count = pack_random(seed) % 4; count > 0; count--) {
            put_value(out, seed, depth + 1);
            lede_buf_put_text(out, count > 1 ? "," : "");
        }
        lede_buf_put_byte(out, ']');
        break;
    default:
        lede_buf_put_text(
            out,
            scalars[pack_random(seed) % (sizeof scalars / sizeof scalars[0])]);
    }
}

static void put_dates(lede_buf *out, const lede_json_dates *dates)
{
    uint32_t i;

    for (i = 0; i < dates->count; i++) {
        lede_buf_put_block(out, dates->texts[i]);
        lede_buf_put_byte(out, dates->ranks[i]);
    }
    lede_buf_put_byte(out, ';');
}

/* All that a record says, as bytes. */
static void put_reading(lede_span text, lede_buf *out)
{
    lede_json *json = lede_json_new();
    lede_arena arena = {0};
    lede_json_record r;
    lede_error err = {0};
    lede_status status = lede_json_record_read(json, text, &arena, &r, &err);
    uint32_t i;

    lede_buf_clear(out);
    lede_buf_put_format(out, "%d ", (int)status);
    if (status == LEDE_OK) {
        lede_buf_put_block(out, r.headline);
        for (i = 0; i < r.decks.count; i++) {
            lede_buf_put_block(out, r.decks.texts[i]);
        }
        lede_buf_put_block(out, r.url);
        lede_buf_put_block(out, r.site);
        lede_buf_put_block(out, r.language);
        lede_buf_put_block(out, r.section);
        lede_buf_put_block(out, r.id);
        put_dates(out, &r.published);
        put_dates(out, &r.updated);
        put_dates(out, &r.captured);
        for (i = 0; i < r.part_count; i++) {
            lede_buf_put_byte(out, (uint8_t)r.parts[i].type);
            lede_buf_put_block(out, r.parts[i].text);
        }
        for (i = 0; i < r.author_count; i++) {
            lede_buf_put_block(out, r.authors[i].name);
        }
        for (i = 0; i < r.tag_count; i++) {
            lede_buf_put_block(out, r.tags[i]);
        }
        lede_buf_put_format(out, "%d%d%u", r.has_list, r.is_cut, r.repaired);
    }
    lede_json_free(json);
    lede_arena_done(&arena);
}

static void check_twin(lede_span text, uint64_t *seed)
{
    lede_buf wanted = {0}, got = {0}, copy = {0};

    lede_buf_put_span(&copy, text);
    put_reading(text, &wanted);
    put_reading(trim_in_steps(copy.bytes, copy.len, 0, seed), &got);
    if (!lede_span_equal(lede_buf_span(&wanted), lede_buf_span(&got))) {
        fail_msg("trimmed it reads otherwise: %.*s", (int)text.len,
                 (const char *)text.bytes);
    }
    lede_buf_done(&wanted);
    lede_buf_done(&got);
    lede_buf_done(&copy);
}

static void test_trim__a_record_reads_the_same(void **state)
{
    lede_buf text = {0};
    uint64_t seed = 5;
    int i;

    (void)state;
    for (i = 0; i < 20000; i++) {
        lede_buf_clear(&text);
        put_members(&text, &seed, 0);
        check_twin(lede_buf_span(&text), &seed);
        /* Cut off, the end of it is a matter of taste; to here it is not. */
        if (text.len > 8) {
            check_twin(lede_span_part(lede_buf_span(&text), 0,
                                      pack_random(&seed) % text.len),
                       &seed);
        }
    }
    lede_buf_done(&text);
}

/* --- Out of a stream -------------------------------------------------------
 */

enum { BOUND = 20000, RECORDS = 40, LARGE = 300000 };

static void put_noise(lede_buf *out, size_t len)
{
    while (len-- > 0) {
        lede_buf_put_byte(out, len % 1000 == 0 ? '\n' : 'A');
    }
}

/* Every fourth record has a picture far larger than the bound, every tenth a
 * text. Shapes: lines, an array, an object around one. */
static void put_archive(lede_buf *out, int shape)
{
    int i;

    lede_buf_put_text(out, shape == 1   ? "[\n"
                           : shape == 2 ? "{\"raw\": \""
                                        : "");
    if (shape == 2) {
        put_noise(out, LARGE);
        lede_buf_put_text(out, "\", \"data\": [\n");
    }
    for (i = 0; i < RECORDS; i++) {
        lede_buf_put_format(out, "%s{\"id\":%d,", i > 0 && shape > 0 ? "," : "",
                            i);
        if (i % 4 == 0) {
            size_t before = out->len;

            lede_buf_put_text(out, "\"picture\":\"");
            put_noise(out, LARGE);
            lede_buf_put_text(out, "\",\"v\":[");
            put_noise(out, LARGE);
            lede_buf_put_text(out, "],");
            for (; shape == 0 && before < out->len; before++) {
                if (out->bytes[before] == '\n') {
                    out->bytes[before] = ' ';
                }
            }
        }
        lede_buf_put_format(out, "\"title\":\"T%d\",\"text\":\"", i);
        if (i % 10 == 9) {
            size_t k;

            for (k = 0; k < LARGE; k++) {
                lede_buf_put_byte(out, 'b');
            }
        }
        lede_buf_put_text(out, "b\"}\n");
    }
    lede_buf_put_text(out, shape == 1 ? "]" : shape == 2 ? "]}" : "");
}

/* The line in which a record begins. */
static uint64_t line_of(lede_span text, int id)
{
    char mark[32];
    uint64_t line = 1;
    size_t i, len;

    len = (size_t)snprintf(mark, sizeof mark, "{\"id\":%d,", id);
    for (i = 0; memcmp(text.bytes + i, mark, len) != 0; i++) {
        line += text.bytes[i] == '\n';
    }
    return line;
}

static void check_stream(int shape)
{
    lede_buf text = {0};
    lede_input *input;
    lede_json_split *split = NULL;
    lede_json_piece piece;
    lede_error err = {0};
    lede_status status;
    char mark[64];
    int id = 0;

    put_archive(&text, shape);
    input = lede_input_of_bytes(lede_buf_span(&text), "");
    assert_non_null(input);
    assert_ok(lede_json_split_new(input, BOUND, &split, &err));
    while ((status = lede_json_split_next(split, &piece, &err)) == LEDE_OK) {
        assert_true(piece.text.len <= BOUND);
        assert_int_equal(piece.line, line_of(lede_buf_span(&text), id));
        assert_int_equal(piece.is_too_large, id % 10 == 9);
        if (!piece.is_too_large) {
            lede_buf got = {0}, wanted = {0};

            snprintf(mark, sizeof mark,
                     "{\"id\":%d,\"title\":\"T%d\",\"text\":\"b\"}", id, id);
            put_reading(piece.text, &got);
            put_reading(lede_span_text(mark), &wanted);
            assert_true(
                lede_span_equal(lede_buf_span(&got), lede_buf_span(&wanted)));
            lede_buf_done(&got);
            lede_buf_done(&wanted);
        }
        id++;
    }
    assert_int_equal(status, LEDE_END);
    assert_int_equal(id, RECORDS);
    lede_json_split_free(split);
    lede_input_close(input);
    lede_buf_done(&text);
}

static void test_split__pictures_do_not_make_a_record_too_large(void **state)
{
    int shape;

    (void)state;
    for (shape = 0; shape < 3; shape++) {
        check_stream(shape);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trim__what_means_nothing_goes),
        cmocka_unit_test(test_trim__odd_things_are_kept),
        cmocka_unit_test(test_trim__a_record_reads_the_same),
        cmocka_unit_test(test_split__pictures_do_not_make_a_record_too_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
