#include "tests/support/check.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/format.h"
#include "tests/corpus/pack.h"

/* All lines of `text` as "[one][two]"; "|" for "]" where none ended it. */
static void read_lines(lede_span text, lede_buf *out, uint32_t *repaired)
{
    lede_error err = {0};
    lede_input *input = lede_input_of_bytes(text, "");
    lede_line_reader *reader = NULL;
    lede_status status;

    *repaired = 0;
    lede_buf_clear(out);
    assert_non_null(input);
    assert_ok(lede_line_reader_new(input, &reader, &err));
    for (;;) {
        lede_span line;
        uint32_t count;

        status = lede_line_reader_next(reader, &line, &count, &err);
        if (status != LEDE_OK) {
            break;
        }
        assert_int_equal(lede_utf8_valid_prefix(line), line.len);
        lede_buf_put_byte(out, '[');
        lede_buf_put_span(out, line);
        lede_buf_put_byte(out, lede_line_reader_was_ended(reader) ? ']' : '|');
        *repaired += count;
    }
    assert_int_equal(status, LEDE_END);
    assert_int_equal(
        lede_line_reader_next(reader, &(lede_span){0}, &(uint32_t){0}, &err),
        LEDE_END);
    lede_line_reader_free(reader);
    lede_input_close(input);
}

static void check_lines(const char *text, size_t len, const char *wanted,
                        uint32_t repairs)
{
    lede_buf got = {0};
    uint32_t repaired;

    read_lines(lede_span_of(text, len), &got, &repaired);
    assert_span(lede_buf_span(&got), wanted);
    assert_int_equal(repaired, repairs);
    lede_buf_done(&got);
}

#define CHECK_LINES(text, wanted, repairs)                                     \
    check_lines(text, sizeof(text) - 1, wanted, repairs)

static void test_lines__every_line_end(void **state)
{
    (void)state;
    CHECK_LINES("", "", 0);
    CHECK_LINES("a", "[a|", 0);
    CHECK_LINES("a\n", "[a]", 0);
    CHECK_LINES("\n\n", "[][]", 0);
    CHECK_LINES("a\r\nb\rc\n\rd", "[a][b][c][][d|", 0);
    CHECK_LINES("a\r\n\r\nb", "[a][][b|", 0);
    CHECK_LINES("a\vb\fc", "[a][b][c|", 0);
    CHECK_LINES("a\xC2\x85"
                "b\xE2\x80\xA8"
                "c\xE2\x80\xA9"
                "d",
                "[a][b][c][d|", 0);
    CHECK_LINES("\xC2\x86\xE2\x80\xA7", "[\xC2\x86\xE2\x80\xA7|", 0);
    CHECK_LINES("\xEF\xBB\xBFtext\n", "[text]", 0);
}

static void test_lines__bad_bytes_are_replaced_and_counted(void **state)
{
    (void)state;
    CHECK_LINES("a\xFF"
                "b\nc\n",
                "[a\xEF\xBF\xBD"
                "b][c]",
                1);
    CHECK_LINES("\xE2\x80\nx", "[\xEF\xBF\xBD][x|", 1);
    CHECK_LINES("\xE2\x80", "[\xEF\xBF\xBD|", 1);
    CHECK_LINES("a\0b\0\0\n\0", "[ab][|", 4);
    CHECK_LINES("\0\xFF\0x", "[\xEF\xBF\xBDx|", 3);
}

static void test_lines__long_lines_are_cut_at_blanks(void **state)
{
    lede_error err = {0};
    lede_buf text = {0};
    lede_buf joined = {0};
    lede_input *input;
    lede_line_reader *reader = NULL;
    lede_span line;
    uint32_t repaired;
    int unended = 0;
    size_t i;

    (void)state;
    for (i = 0; i < 50000; i++) {
        lede_buf_put_text(&text, "five5 ");
    }
    lede_buf_put_text(&text, "\n");
    for (i = 0; i < 60000; i++) {
        lede_buf_put_text(&text, "\xE2\x82\xAC");
    }
    input = lede_input_of_bytes(lede_buf_span(&text), "");
    assert_non_null(input);
    assert_ok(lede_line_reader_new(input, &reader, &err));
    while (lede_line_reader_next(reader, &line, &repaired, &err) == LEDE_OK) {
        assert_true(line.len > 0 && line.len <= LEDE_LINE_MAX_BYTES);
        assert_int_equal(repaired, 0);
        if (line.bytes[0] == 'f') {
            assert_int_equal(line.bytes[line.len - 1], ' ');
        }
        lede_buf_put_span(&joined, line);
        if (lede_line_reader_was_ended(reader)) {
            lede_buf_put_byte(&joined, '\n');
        } else {
            unended++;
        }
    }
    assert_true(lede_span_equal(lede_buf_span(&joined), lede_buf_span(&text)));
    assert_int_equal(unended, 4 + 3);
    lede_line_reader_free(reader);
    lede_input_close(input);
    lede_buf_done(&text);
    lede_buf_done(&joined);
}

/* The naive twin: the same rules over the whole text at once, one byte after
 * the other. Lines here are short, so nothing is cut. */
static void naive_lines(lede_span text, lede_buf *out, uint32_t *repaired)
{
    lede_buf line = {0};
    size_t at = 0;
    bool open = false;

    *repaired = 0;
    lede_buf_clear(out);
    while (at <= text.len) {
        lede_span rest = lede_span_part(text, at, text.len);
        size_t end = lede_span_starts(rest, "\r\n")           ? 2
                     : lede_span_starts(rest, "\n")           ? 1
                     : lede_span_starts(rest, "\r")           ? 1
                     : lede_span_starts(rest, "\v")           ? 1
                     : lede_span_starts(rest, "\f")           ? 1
                     : lede_span_starts(rest, "\xC2\x85")     ? 2
                     : lede_span_starts(rest, "\xE2\x80\xA8") ? 3
                     : lede_span_starts(rest, "\xE2\x80\xA9") ? 3
                                                              : 0;

        if (end == 0 && rest.len > 0) {
            open = true;
            if (*rest.bytes == 0) {
                *repaired += 1;
                /* A NUL parts what stands at its sides. */
                *repaired +=
                    (uint32_t)lede_utf8_repair(lede_buf_span(&line), out);
                lede_buf_clear(&line);
            } else {
                lede_buf_put_byte(&line, *rest.bytes);
            }
            at++;
            continue;
        }
        if (end > 0 || open) {
            *repaired += (uint32_t)lede_utf8_repair(lede_buf_span(&line), out);
            lede_buf_put_byte(out, end > 0 ? ']' : '|');
        }
        lede_buf_clear(&line);
        open = false;
        if (rest.len == 0) {
            break;
        }
        at += end;
    }
    lede_buf_done(&line);
}

static void test_lines__equals_the_naive_reader(void **state)
{
    static const char *const pieces[] = {
        "\n", "\r",     "\r\n", "\xC2",         "\x85",         "\xE2",
        "a",  "\x80",   "\xA8", "\xE2\x80\xA9", "\xC3\xA9",     "\xFF",
        "\v", "long s", "\xF0", "\xE2\x80\xA8", "\xE2\x82\xAC", " "};
    lede_buf text = {0};
    lede_buf got = {0};
    lede_buf plain = {0};
    lede_buf wanted = {0};
    uint64_t seed = 12;
    int round;

    (void)state;
    for (round = 0; round < 400; round++) {
        size_t count = round < 390 ? pack_random(&seed) % 60 : 90000;
        uint32_t repaired;
        uint32_t wanted_repaired;
        size_t i;

        lede_buf_clear(&text);
        for (i = 0; i < count; i++) {
            uint32_t n = pack_random(&seed) % 19;

            if (n == 18) {
                lede_buf_put_byte(&text, 0);
            } else {
                lede_buf_put_text(&text, pieces[n]);
            }
        }
        read_lines(lede_buf_span(&text), &got, &repaired);
        lede_buf_clear(&plain);
        for (i = 0; i < got.len; i++) {
            if (got.bytes[i] != '[') {
                lede_buf_put_byte(&plain, got.bytes[i]);
            }
        }
        naive_lines(lede_buf_span(&text), &wanted, &wanted_repaired);
        assert_true(
            lede_span_equal(lede_buf_span(&plain), lede_buf_span(&wanted)));
        assert_int_equal(repaired, wanted_repaired);
    }
    lede_buf_done(&text);
    lede_buf_done(&got);
    lede_buf_done(&plain);
    lede_buf_done(&wanted);
}

static void test_lines__damage_comes_behind_the_last_line(void **state)
{
    lede_error err = {0};
    lede_buf data = {0};
    lede_buf packed = {0};
    lede_input *input = NULL;
    lede_line_reader *reader = NULL;
    lede_span line;
    uint32_t repaired;
    lede_status status;
    size_t total = 0;

    (void)state;
    pack_words(&data, 200000, 8);
    pack_gzip(&packed, lede_buf_span(&data));
    assert_ok(lede_input_open_bytes(
        lede_span_of(packed.bytes, packed.len - packed.len / 4), "", &input,
        &err));
    assert_ok(lede_line_reader_new(input, &reader, &err));
    do {
        status = lede_line_reader_next(reader, &line, &repaired, &err);
        total += status == LEDE_OK ? line.len : 0;
    } while (status == LEDE_OK);
    assert_int_equal(status, LEDE_CORRUPT);
    assert_non_null(strstr(err.message, "cut off"));
    assert_false(lede_line_reader_was_ended(reader));
    assert_true(total > 100000);
    lede_line_reader_free(reader);
    lede_input_close(input);
    lede_buf_done(&data);
    lede_buf_done(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines__every_line_end),
        cmocka_unit_test(test_lines__bad_bytes_are_replaced_and_counted),
        cmocka_unit_test(test_lines__long_lines_are_cut_at_blanks),
        cmocka_unit_test(test_lines__equals_the_naive_reader),
        cmocka_unit_test(test_lines__damage_comes_behind_the_last_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
