#include "tests/support/check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <zdict.h>

#include "base/buf.h"
#include "corpus/format.h"
#include "corpus/source.h"
#include "tests/corpus/pack.h"

/* Reads all in pieces of varying size; returns the final status. */
static lede_status drain(lede_input *input, lede_buf *out, lede_error *err)
{
    static const size_t sizes[] = {1, 7, 4096, 100000, 65536, 3};
    lede_status status = LEDE_OK;
    size_t round = 0;

    lede_buf_clear(out);
    while (status == LEDE_OK) {
        size_t len = sizes[round++ % 6];
        size_t got = 0;
        uint8_t *at = lede_buf_extend(out, len);

        assert_non_null(at);
        status = lede_input_read(input, at, len, &got, err);
        if (status == LEDE_OK) {
            assert_true(got > 0 && got <= len);
        }
        out->len -= len - got;
    }
    return status;
}

static lede_input *open_bytes(lede_span bytes)
{
    lede_error err = {0};
    lede_input *input = NULL;

    assert_ok(lede_input_open_bytes(bytes, "", &input, &err));
    return input;
}

/* All of `packed` reads as `wanted`, also after a rewind half way. */
static void check_reads(const lede_buf *packed, lede_span wanted)
{
    lede_error err = {0};
    lede_input *input = open_bytes(lede_buf_span(packed));
    lede_buf got = {0};
    size_t head =
        wanted.len < LEDE_INPUT_HEAD_BYTES ? wanted.len : LEDE_INPUT_HEAD_BYTES;
    int round;

    assert_false(packed->failed);
    for (round = 0; round < 3; round++) {
        uint8_t some[1000];
        size_t len;

        assert_true(lede_span_equal(lede_input_head(input),
                                    lede_span_part(wanted, 0, head)));
        assert_int_equal(drain(input, &got, &err), LEDE_END);
        assert_true(lede_span_equal(lede_buf_span(&got), wanted));
        assert_ok(lede_input_rewind(input, &err));
        if (wanted.len > 0) {
            assert_ok(lede_input_read(input, some, sizeof some, &len, &err));
            assert_ok(lede_input_rewind(input, &err));
        }
    }
    lede_input_close(input);
    lede_buf_done(&got);
}

/* `packed` gives the beginning of `wanted`, then LEDE_CORRUPT with a message
 * that has `message`. Returns how much it gave. */
static size_t check_corrupt(lede_span packed, lede_span wanted,
                            const char *message)
{
    lede_error err = {0};
    lede_input *input = open_bytes(packed);
    lede_buf got = {0};
    size_t len;

    assert_status(drain(input, &got, &err), LEDE_CORRUPT);
    if (strstr(err.message, message) == NULL) {
        fail_msg("message is: %s", err.message);
    }
    len = got.len;
    assert_true(len <= wanted.len);
    assert_true(
        lede_span_equal(lede_buf_span(&got), lede_span_part(wanted, 0, len)));
    /* It stays so, and again after a rewind. */
    assert_int_equal(drain(input, &got, &err), LEDE_CORRUPT);
    assert_int_equal(got.len, 0);
    assert_ok(lede_input_rewind(input, &err));
    assert_int_equal(drain(input, &got, &err), LEDE_CORRUPT);
    assert_int_equal(got.len, len);
    lede_input_close(input);
    lede_buf_done(&got);
    return len;
}

static void test_input__plain_bytes(void **state)
{
    static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 500000};
    lede_buf data = {0};
    size_t i;

    (void)state;
    for (i = 0; i < 6; i++) {
        lede_buf_clear(&data);
        pack_words(&data, sizes[i], i);
        check_reads(&data, lede_buf_span(&data));
    }
    lede_buf_done(&data);
}

static void test_input__gzip_and_zstd_members(void **state)
{
    static const size_t sizes[] = {0, 1, 1000, 65536, 300000};
    lede_buf data = {0};
    lede_buf gzip = {0};
    lede_buf zstd = {0};
    size_t i;
    int members;

    (void)state;
    for (i = 0; i < 5; i++) {
        for (members = 1; members <= 3; members++) {
            int n;

            lede_buf_clear(&data);
            lede_buf_clear(&gzip);
            lede_buf_clear(&zstd);
            for (n = 0; n < members; n++) {
                size_t begin = data.len;
                lede_span part;

                pack_words(&data, sizes[i], i + (size_t)n);
                part = lede_span_part(lede_buf_span(&data), begin, data.len);
                pack_gzip(&gzip, part);
                pack_zstd(&zstd, part);
            }
            check_reads(&gzip, lede_buf_span(&data));
            check_reads(&zstd, lede_buf_span(&data));
            lede_buf_put(&gzip, "\0\0\0\0\0", 5);
            check_reads(&gzip, lede_buf_span(&data));
        }
    }
    lede_buf_done(&data);
    lede_buf_done(&gzip);
    lede_buf_done(&zstd);
}

/* Web archives in zstd: a first frame, to be skipped by others, holds the
 * dictionary of all that follow, which may be compressed itself. */
static void check_dictionary(lede_span dictionary, bool is_packed,
                             lede_span text)
{
    lede_buf packed = {0};
    lede_buf all = {0};
    ZSTD_CCtx *zstd = ZSTD_createCCtx();
    uint8_t head[8] = {0x5D, 0x2A, 0x4D, 0x18};
    uint8_t *at;
    size_t len = 0;

    if (is_packed) {
        pack_zstd(&packed, dictionary);
    } else {
        lede_buf_put_span(&packed, dictionary);
    }
    head[4] = (uint8_t)packed.len;
    head[5] = (uint8_t)(packed.len >> 8);
    lede_buf_put(&all, head, sizeof head);
    lede_buf_put_span(&all, lede_buf_span(&packed));
    at = lede_buf_extend(&all, ZSTD_compressBound(text.len));
    assert_non_null(at);
    assert_non_null(zstd);
    len = ZSTD_compress_usingDict(zstd, at, ZSTD_compressBound(text.len),
                                  text.bytes, text.len, dictionary.bytes,
                                  dictionary.len, 3);
    assert_false(ZSTD_isError(len));
    all.len -= ZSTD_compressBound(text.len) - len;
    check_reads(&all, text);
    ZSTD_freeCCtx(zstd);
    lede_buf_done(&packed);
    lede_buf_done(&all);
}

static void test_input__zstd_dictionary_in_front(void **state)
{
    lede_buf samples = {0};
    size_t sizes[200];
    uint8_t dictionary[4096];
    lede_span text;
    size_t len;
    size_t i;

    (void)state;
    for (i = 0; i < 200; i++) {
        size_t before = samples.len;

        lede_buf_put_format(&samples,
                            "WARC/1.0 response %zu: the ferry number %zu sails "
                            "from harbour %zu at %zu o'clock, said the port.\n",
                            i * 37, i % 11, i % 7, i % 24);
        sizes[i] = samples.len - before;
    }
    len = ZDICT_trainFromBuffer(dictionary, sizeof dictionary, samples.bytes,
                                sizes, 200);
    assert_false(ZDICT_isError(len));
    text = lede_span_part(lede_buf_span(&samples), 1000, 180);
    check_dictionary(lede_span_of(dictionary, len), false, text);
    check_dictionary(lede_span_of(dictionary, len), true, text);
    /* Something else in that frame is passed over. */
    check_dictionary(lede_span_text("no dictionary"), false,
                     lede_span_text("plain text"));
    lede_buf_done(&samples);
}

static void test_input__skippable_zstd_frames(void **state)
{
    static const uint8_t skippable[] = {0x5A, 0x2A, 0x4D, 0x18, 3,  0,
                                        0,    0,    'a',  'b',  'c'};
    lede_buf packed = {0};

    (void)state;
    lede_buf_put(&packed, skippable, sizeof skippable);
    pack_zstd(&packed, lede_span_text("one "));
    lede_buf_put(&packed, skippable, sizeof skippable);
    pack_zstd(&packed, lede_span_text("two"));
    check_reads(&packed, lede_span_text("one two"));
    lede_buf_done(&packed);
}

static void test_input__nests_three_deep(void **state)
{
    lede_buf data = {0};
    lede_buf a = {0};
    lede_buf b = {0};
    lede_buf c = {0};
    lede_buf d = {0};

    (void)state;
    pack_words(&data, 200000, 5);
    pack_gzip(&a, lede_buf_span(&data));
    pack_zstd(&b, lede_buf_span(&a));
    pack_gzip(&c, lede_buf_span(&b));
    pack_gzip(&d, lede_buf_span(&c));
    check_reads(&b, lede_buf_span(&data));
    check_reads(&c, lede_buf_span(&data));
    check_reads(&d, lede_buf_span(&a)); /* the fourth stays */
    lede_buf_done(&data);
    lede_buf_done(&a);
    lede_buf_done(&b);
    lede_buf_done(&c);
    lede_buf_done(&d);
}

static void test_input__cut_off_gives_what_came_before(void **state)
{
    lede_buf data = {0};
    lede_buf gzip = {0};
    lede_buf zstd = {0};
    size_t cut;

    (void)state;
    pack_words(&data, 400000, 9);
    pack_gzip(&gzip, lede_buf_span(&data));
    pack_zstd(&zstd, lede_buf_span(&data));
    for (cut = 2; cut < gzip.len; cut += gzip.len / 23) {
        size_t got = check_corrupt(lede_span_of(gzip.bytes, cut),
                                   lede_buf_span(&data), "cut off");

        if (cut > gzip.len / 2) {
            assert_true(got > data.len / 3);
        }
    }
    for (cut = 4; cut < zstd.len; cut += zstd.len / 23) {
        size_t got = check_corrupt(lede_span_of(zstd.bytes, cut),
                                   lede_buf_span(&data), "cut off");

        if (cut > zstd.len * 3 / 4) {
            assert_true(got > data.len / 4);
        }
    }
    assert_int_equal(check_corrupt(lede_span_of(gzip.bytes, gzip.len - 1),
                                   lede_buf_span(&data), "cut off"),
                     data.len);
    lede_buf_done(&data);
    lede_buf_done(&gzip);
    lede_buf_done(&zstd);
}

static void test_input__garbage_behind_the_end_is_told(void **state)
{
    lede_span data = lede_span_text("all of it");
    lede_buf packed = {0};

    (void)state;
    pack_gzip(&packed, data);
    lede_buf_put_text(&packed, "garbage behind");
    assert_int_equal(check_corrupt(lede_buf_span(&packed), data, "follows"),
                     data.len);
    lede_buf_clear(&packed);
    pack_zstd(&packed, data);
    lede_buf_put_text(&packed, "garbage behind");
    assert_int_equal(check_corrupt(lede_buf_span(&packed), data, "follows"),
                     data.len);
    lede_buf_done(&packed);
}

static void test_input__false_magic_is_damage(void **state)
{
    (void)state;
    check_corrupt(lede_span_text("\x1F\x8Bno gzip at all"), lede_span_text(""),
                  "damaged gzip");
    check_corrupt(lede_span_text("\x28\xB5\x2F\xFDno zstd at all, really"),
                  lede_span_text(""), "zstd");
}

static void test_input__flipped_bits_never_crash(void **state)
{
    lede_buf data = {0};
    lede_buf packed = {0};
    lede_buf got = {0};
    uint64_t seed = 77;
    int round;

    (void)state;
    pack_words(&data, 100000, 3);
    for (round = 0; round < 400; round++) {
        lede_error err = {0};
        lede_input *input;
        lede_status status;

        lede_buf_clear(&packed);
        if (round % 2 == 0) {
            pack_gzip(&packed, lede_buf_span(&data));
        } else {
            pack_zstd(&packed, lede_buf_span(&data));
        }
        packed.bytes[pack_random(&seed) % packed.len] ^=
            (uint8_t)(1u << pack_random(&seed) % 8);
        input = open_bytes(lede_buf_span(&packed));
        status = drain(input, &got, &err);
        assert_true(status == LEDE_END || status == LEDE_CORRUPT);
        assert_true(got.len <= 64 * data.len);
        lede_input_close(input);
    }
    lede_buf_done(&data);
    lede_buf_done(&packed);
    lede_buf_done(&got);
}

static void test_input__bombs_are_refused(void **state)
{
    lede_buf zeros = {0};
    lede_buf packed = {0};
    size_t got;

    (void)state;
    assert_non_null(lede_buf_extend(&zeros, 32u << 20));
    memset(zeros.bytes, ' ', zeros.len);
    pack_gzip(&packed, lede_buf_span(&zeros));
    got = check_corrupt(lede_buf_span(&packed), lede_buf_span(&zeros),
                        "more than 200 times");
    assert_true(got >= 1u << 20 && got <= 4u << 20);
    lede_buf_clear(&packed);
    pack_zstd(&packed, lede_buf_span(&zeros));
    got = check_corrupt(lede_buf_span(&packed), lede_buf_span(&zeros),
                        "more than 200 times");
    assert_true(got >= 1u << 20 && got <= 4u << 20);
    /* The first MiB is free. */
    zeros.len = 1u << 20;
    lede_buf_clear(&packed);
    pack_gzip(&packed, lede_buf_span(&zeros));
    check_reads(&packed, lede_buf_span(&zeros));
    lede_buf_done(&zeros);
    lede_buf_done(&packed);
}

/* Each of two wrappings stays within the ratio, together they do not. */
static void test_input__bombs_in_bombs_are_refused(void **state)
{
    const lede_unwrap_limits limits = {1000, 1100, UINT64_C(1) << 30};
    lede_error err = {0};
    lede_buf blanks = {0};
    lede_buf once = {0};
    lede_buf twice = {0};
    lede_source *source = NULL;
    lede_status status = LEDE_OK;
    size_t total = 0;

    (void)state;
    assert_non_null(lede_buf_extend(&blanks, 8u << 20));
    memset(blanks.bytes, ' ', blanks.len);
    pack_gzip(&once, lede_buf_span(&blanks));
    pack_gzip(&twice, lede_buf_span(&once));
    assert_true(blanks.len / once.len < 1100 && once.len / twice.len < 1100);
    assert_ok(lede_source_unwrap(lede_source_of_bytes(lede_buf_span(&twice)),
                                 LEDE_WRAPPING_GZIP, &limits, &source, &err));
    assert_ok(
        lede_source_unwrap(source, LEDE_WRAPPING_GZIP, &limits, &source, &err));
    while (status == LEDE_OK) {
        uint8_t bytes[1000];
        size_t got = 0;

        status = lede_source_read(source, bytes, sizeof bytes, &got, &err);
        total += status == LEDE_OK ? got : 0;
    }
    assert_int_equal(status, LEDE_CORRUPT);
    assert_non_null(strstr(err.message, "refused"));
    assert_true(total <= (twice.len + 1) * 1100 + 1000);
    lede_source_close(source);
    lede_buf_done(&blanks);
    lede_buf_done(&once);
    lede_buf_done(&twice);
}

static void test_input__total_size_is_bounded(void **state)
{
    const lede_unwrap_limits limits = {100, 1000, 50000};
    lede_error err = {0};
    lede_buf data = {0};
    lede_buf packed = {0};
    lede_source *source = NULL;
    lede_status status = LEDE_OK;
    size_t total = 0;

    (void)state;
    pack_words(&data, 90000, 1);
    pack_gzip(&packed, lede_buf_span(&data));
    assert_ok(lede_source_unwrap(lede_source_of_bytes(lede_buf_span(&packed)),
                                 LEDE_WRAPPING_GZIP, &limits, &source, &err));
    while (status == LEDE_OK) {
        uint8_t bytes[1000];
        size_t got = 0;

        status = lede_source_read(source, bytes, sizeof bytes, &got, &err);
        total += got;
    }
    assert_int_equal(status, LEDE_CORRUPT);
    assert_non_null(strstr(err.message, "refused"));
    assert_in_range(total, 50000, 51000);
    lede_source_close(source);
    lede_buf_done(&data);
    lede_buf_done(&packed);
}

static void test_input__zstd_windows_up_to_a_bound(void **state)
{
    lede_buf data = {0};
    lede_buf packed = {0};

    (void)state;
    pack_words(&data, 100000, 1);
    pack_zstd_window(&packed, lede_buf_span(&data), LEDE_ZSTD_WINDOW_LOG_MAX);
    check_reads(&packed, lede_buf_span(&data));
    lede_buf_clear(&packed);
    pack_zstd_window(&packed, lede_buf_span(&data),
                     LEDE_ZSTD_WINDOW_LOG_MAX + 1);
    assert_false(packed.failed);
    check_corrupt(lede_buf_span(&packed), lede_span_text(""), "window");
    lede_buf_done(&data);
    lede_buf_done(&packed);
}

static void put_utf16(lede_buf *out, uint32_t unit, bool big_endian)
{
    lede_buf_put_byte(out, (uint8_t)(big_endian ? unit >> 8 : unit));
    lede_buf_put_byte(out, (uint8_t)(big_endian ? unit : unit >> 8));
}

static void put_wide(lede_buf *out, uint32_t unit, int bytes, bool is_big)
{
    int i;

    for (i = 0; i < bytes; i++) {
        int shift = 8 * (is_big ? bytes - 1 - i : i);

        lede_buf_put_byte(out, (uint8_t)(unit >> shift));
    }
}

static void test_input__utf16_becomes_utf8(void **state)
{
    static const uint16_t units[] = {0xFEFF, 'a',    0xE9,   0x20AC,
                                     0xD83D, 0xDE00, 0xDC00, 'b',
                                     0xD800, 'c',    0xFEFF, 0xD801};
    static const char wanted[] = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"
                                 "\xEF\xBF\xBD"
                                 "b\xEF\xBF\xBD"
                                 "c\xEF\xBB\xBF\xEF\xBF\xBD";
    lede_buf data = {0};
    lede_buf packed = {0};
    lede_buf longer = {0};
    int big_endian;
    size_t i;

    (void)state;
    for (big_endian = 0; big_endian < 2; big_endian++) {
        lede_buf_clear(&data);
        for (i = 0; i < sizeof units / sizeof units[0]; i++) {
            put_utf16(&data, units[i], big_endian == 1);
        }
        check_reads(&data, lede_span_text(wanted));
        lede_buf_clear(&packed);
        pack_gzip(&packed, lede_buf_span(&data));
        check_reads(&packed, lede_span_text(wanted));
        lede_buf_clear(&longer);
        lede_buf_clear(&data);
        put_utf16(&data, 0xFEFF, big_endian == 1);
        for (i = 0; i < 60000; i++) {
            put_utf16(&data, 0x20AC, big_endian == 1);
            put_utf16(&data, 0xD83D, big_endian == 1);
            put_utf16(&data, 0xDE00, big_endian == 1);
            lede_buf_put_text(&longer, "\xE2\x82\xAC\xF0\x9F\x98\x80");
        }
        check_reads(&data, lede_buf_span(&longer));
        lede_buf_put_byte(&data, 'x'); /* half a unit */
        lede_buf_put_text(&longer, "\xEF\xBF\xBD");
        check_reads(&data, lede_buf_span(&longer));
    }
    lede_buf_done(&data);
    lede_buf_done(&packed);
    lede_buf_done(&longer);
}

/* Without a mark the letters of ASCII at the beginning tell; what only looks a
 * little like it stays as it is. */
static void test_input__wide_text_without_a_mark(void **state)
{
    static const char text[] = "<?xml version='1.0'?><a>\xE2\x82\xAC</a>";
    static const char before[] = "<?xml version='1.0'?><a>";
    lede_buf data = {0};
    int bytes, is_big, has_mark;
    size_t i;

    (void)state;
    for (bytes = 2; bytes <= 4; bytes += 2) {
        for (is_big = 0; is_big < 2; is_big++) {
            for (has_mark = 0; has_mark < 2; has_mark++) {
                lede_buf_clear(&data);
                if (has_mark == 1) {
                    put_wide(&data, 0xFEFF, bytes, is_big == 1);
                }
                for (i = 0; before[i] != '\0'; i++) {
                    put_wide(&data, (uint8_t)before[i], bytes, is_big == 1);
                }
                put_wide(&data, 0x20AC, bytes, is_big == 1);
                for (i = 0; i < 4; i++) {
                    put_wide(&data, (uint8_t) "</a>"[i], bytes, is_big == 1);
                }
                check_reads(&data, lede_span_text(text));
            }
        }
    }
    lede_buf_clear(&data);
    put_wide(&data, 0xFEFF, 4, true);
    put_wide(&data, 0x110000, 4, true);
    put_wide(&data, 0xD800, 4, true);
    put_wide(&data, 0x1F600, 4, true);
    check_reads(&data, lede_span_text("\xEF\xBF\xBD\xEF\xBF\xBD"
                                      "\xF0\x9F\x98\x80"));
    lede_buf_clear(&data);
    lede_buf_put(&data, "a\0b\0c\0d\0e\0f\0g\0\1\0", 16);
    check_reads(&data, lede_span_of("a\0b\0c\0d\0e\0f\0g\0\1\0", 16));
    lede_buf_done(&data);
}

static void test_input__utf8_mark_is_dropped(void **state)
{
    lede_buf data = {0};

    (void)state;
    lede_buf_put_text(&data, "\xEF\xBB\xBFtext \xEF\xBB\xBF");
    check_reads(&data, lede_span_text("text \xEF\xBB\xBF"));
    lede_buf_done(&data);
}

static void test_input__bytes_in_memory_stay_as_they_are(void **state)
{
    lede_error err = {0};
    lede_buf packed = {0};
    lede_buf got = {0};
    lede_input *input;

    (void)state;
    pack_gzip(&packed, lede_span_text("text"));
    input = lede_input_of_bytes(lede_buf_span(&packed), "name.txt");
    assert_non_null(input);
    assert_string_equal(lede_input_path(input), "name.txt");
    assert_true(lede_input_is_whole(input));
    assert_int_equal(drain(input, &got, &err), LEDE_END);
    assert_true(lede_span_equal(lede_buf_span(&got), lede_buf_span(&packed)));
    lede_input_close(input);
    input = lede_input_of_bytes(lede_span_text(NULL), NULL);
    assert_non_null(input);
    assert_string_equal(lede_input_path(input), "");
    assert_int_equal(drain(input, &got, &err), LEDE_END);
    lede_input_close(input);
    lede_buf_done(&packed);
    lede_buf_done(&got);
}

static void test_input__files_and_what_is_none(void **state)
{
    char folder[] = "/tmp/lede-test-input-XXXXXX";
    char path[100];
    lede_error err = {0};
    lede_input *input = NULL;
    lede_buf data = {0};
    lede_buf packed = {0};
    lede_buf got = {0};
    FILE *file;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/words.gz", folder);
    pack_words(&data, 300000, 4);
    pack_gzip(&packed, lede_buf_span(&data));
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(packed.bytes, 1, packed.len, file), packed.len);
    assert_int_equal(fclose(file), 0);

    assert_ok(lede_input_open_file(path, &input, &err));
    assert_string_equal(lede_input_path(input), path);
    assert_int_equal(drain(input, &got, &err), LEDE_END);
    assert_true(lede_span_equal(lede_buf_span(&got), lede_buf_span(&data)));
    assert_int_equal(lede_input_consumed(input), packed.len);
    assert_ok(lede_input_rewind(input, &err));
    assert_int_equal(drain(input, &got, &err), LEDE_END);
    assert_true(lede_span_equal(lede_buf_span(&got), lede_buf_span(&data)));
    lede_input_close(input);
    unlink(path);

    assert_status(lede_input_open_file(path, &input, &err), LEDE_IO);
    assert_status(lede_input_open_file(folder, &input, &err), LEDE_BAD_INPUT);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_status(lede_input_open_file(path, &input, &err), LEDE_BAD_INPUT);
    unlink(path);
    rmdir(folder);
    lede_buf_done(&data);
    lede_buf_done(&packed);
    lede_buf_done(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_input__plain_bytes),
        cmocka_unit_test(test_input__gzip_and_zstd_members),
        cmocka_unit_test(test_input__skippable_zstd_frames),
        cmocka_unit_test(test_input__zstd_dictionary_in_front),
        cmocka_unit_test(test_input__nests_three_deep),
        cmocka_unit_test(test_input__cut_off_gives_what_came_before),
        cmocka_unit_test(test_input__garbage_behind_the_end_is_told),
        cmocka_unit_test(test_input__false_magic_is_damage),
        cmocka_unit_test(test_input__flipped_bits_never_crash),
        cmocka_unit_test(test_input__bombs_are_refused),
        cmocka_unit_test(test_input__bombs_in_bombs_are_refused),
        cmocka_unit_test(test_input__total_size_is_bounded),
        cmocka_unit_test(test_input__zstd_windows_up_to_a_bound),
        cmocka_unit_test(test_input__utf16_becomes_utf8),
        cmocka_unit_test(test_input__wide_text_without_a_mark),
        cmocka_unit_test(test_input__utf8_mark_is_dropped),
        cmocka_unit_test(test_input__bytes_in_memory_stay_as_they_are),
        cmocka_unit_test(test_input__files_and_what_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
