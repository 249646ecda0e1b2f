#include "tests/support/check.h"

#include "base/hash.h"
#include "base/time.h"
#include "base/varint.h"
#include "storage/footer.h"
#include "storage/local_disk.h"
#include "storage/manifest.h"

static void sign(lede_buf *buf)
{
    lede_buf_put_u64(buf, lede_hash64(lede_buf_span(buf)));
}

static void put_format(lede_buf *out, uint32_t version, uint8_t need,
                       const char *feature)
{
    lede_buf_clear(out);
    lede_buf_put_text(out, "ledearch");
    lede_buf_put_u32(out, version);
    lede_buf_put_varint(out, feature == NULL ? 0 : 1);
    if (feature != NULL) {
        lede_buf_put_byte(out, need);
        lede_buf_put_block(out, lede_span_text(feature));
    }
    sign(out);
}

static void test_format__of_today_is_read_and_written(void **state)
{
    lede_buf format = {0};
    lede_error err = {0};

    (void)state;
    lede_format_encode(false, &format);
    assert_ok(lede_format_check(lede_buf_span(&format), false, &err));
    assert_ok(lede_format_check(lede_buf_span(&format), true, &err));
    lede_buf_done(&format);
}

static void test_format__of_tomorrow_is_refused_by_name(void **state)
{
    lede_buf format = {0};
    lede_error err = {0};

    (void)state;
    put_format(&format, LEDE_FORMAT_VERSION + 1, 0, NULL);
    assert_status(lede_format_check(lede_buf_span(&format), false, &err),
                  LEDE_TOO_NEW);
    put_format(&format, LEDE_FORMAT_VERSION, LEDE_FEATURE_TO_READ, "pairs");
    assert_status(lede_format_check(lede_buf_span(&format), false, &err),
                  LEDE_TOO_NEW);
    assert_non_null(strstr(err.message, "pairs"));
    put_format(&format, LEDE_FORMAT_VERSION, LEDE_FEATURE_TO_WRITE, "names");
    assert_ok(lede_format_check(lede_buf_span(&format), false, &err));
    assert_status(lede_format_check(lede_buf_span(&format), true, &err),
                  LEDE_TOO_NEW);
    put_format(&format, LEDE_FORMAT_VERSION, 0, "hints");
    assert_ok(lede_format_check(lede_buf_span(&format), true, &err));
    lede_buf_done(&format);
}

static void test_format__damaged_is_corrupt(void **state)
{
    lede_buf format = {0};
    lede_error err = {0};
    size_t i;

    (void)state;
    lede_format_encode(false, &format);
    for (i = 0; i < format.len; i++) {
        assert_status(
            lede_format_check(lede_span_of(format.bytes, i), false, &err),
            LEDE_CORRUPT);
        format.bytes[i] ^= 4;
        assert_status(lede_format_check(lede_buf_span(&format), false, &err),
                      LEDE_CORRUPT);
        format.bytes[i] ^= 4;
    }
    lede_buf_done(&format);
}

static void make_manifest(lede_manifest *manifest,
                          lede_manifest_segment *segments)
{
    lede_manifest_init(manifest);
    segments[0] = (lede_manifest_segment){3, 10, 4, 77, 78, 500, 200, 400};
    segments[1] = (lede_manifest_segment){2, 5, 0, 79, 0, 500, 300, 500};
    segments[2] = (lede_manifest_segment){9,
                                          1,
                                          1,
                                          80,
                                          81,
                                          LEDE_INSTANT_NONE,
                                          LEDE_INSTANT_NONE,
                                          LEDE_INSTANT_NONE};
    manifest->generation = 12;
    manifest->last_segment = 9;
    manifest->now = 1000;
    manifest->entries = 11;
    manifest->deleted = 5;
    manifest->half_life_s = 4000;
    manifest->bytes_keys = UINT64_MAX;
    manifest->segments = segments;
    manifest->segment_count = 3;
}

static void test_manifest__comes_back_as_it_was(void **state)
{
    lede_manifest_segment segments[3];
    lede_manifest manifest, got;
    lede_buf bytes = {0};
    lede_buf again = {0};
    lede_error err = {0};

    (void)state;
    make_manifest(&manifest, segments);
    lede_manifest_encode(&manifest, &bytes);
    assert_ok(lede_manifest_decode(lede_buf_span(&bytes), &got, &err));
    lede_manifest_encode(&got, &again);
    assert_true(lede_span_equal(lede_buf_span(&bytes), lede_buf_span(&again)));
    assert_true(got.generation == 12 && got.last_segment == 9 &&
                got.now == 1000 && got.entries == 11 && got.deleted == 5 &&
                got.half_life_s == 4000 && got.bytes_keys == UINT64_MAX &&
                got.oldest == LEDE_INSTANT_NONE && got.segment_count == 3);
    assert_int_equal(got.segments[0].id, 3);
    assert_true(got.segments[1].live_newest == 500);
    lede_manifest_done(&got);
    lede_buf_done(&again);
    lede_buf_done(&bytes);
}

/* Each makes the manifest wrong in a way that its hash does not show. */
static void make_wrong(unsigned how, lede_manifest *manifest)
{
    switch (how) {
    case 0:
        manifest->entries++;
        break;
    case 1:
        manifest->deleted++;
        break;
    case 2:
        manifest->half_life_s = 3599;
        break;
    case 3:
        manifest->last_segment = 8;
        break;
    case 4:
        manifest->segments[1].id = 3;
        break;
    case 5:
        manifest->segments[1].newest = 501;
        break;
    default:
        manifest->segments[2].deleted = 2;
        break;
    }
}

static void test_manifest__that_contradicts_itself_is_corrupt(void **state)
{
    unsigned how;

    (void)state;
    for (how = 0; how < 7; how++) {
        lede_manifest_segment segments[3];
        lede_manifest manifest, got;
        lede_buf bytes = {0};
        lede_error err = {0};

        make_manifest(&manifest, segments);
        make_wrong(how, &manifest);
        lede_manifest_encode(&manifest, &bytes);
        assert_status(lede_manifest_decode(lede_buf_span(&bytes), &got, &err),
                      LEDE_CORRUPT);
        lede_buf_done(&bytes);
    }
}

static void test_manifest__damaged_is_corrupt(void **state)
{
    lede_manifest_segment segments[3];
    lede_manifest manifest, got;
    lede_buf bytes = {0};
    lede_error err = {0};
    size_t i;

    (void)state;
    make_manifest(&manifest, segments);
    lede_manifest_encode(&manifest, &bytes);
    for (i = 0; i < bytes.len; i++) {
        assert_status(
            lede_manifest_decode(lede_span_of(bytes.bytes, i), &got, &err),
            LEDE_CORRUPT);
        bytes.bytes[i] ^= 1;
        assert_status(lede_manifest_decode(lede_buf_span(&bytes), &got, &err),
                      LEDE_CORRUPT);
        bytes.bytes[i] ^= 1;
    }
    /* As many segments as a number can say, signed. */
    lede_store_u32(bytes.bytes + 132, UINT32_MAX);
    bytes.len -= 8;
    sign(&bytes);
    assert_status(lede_manifest_decode(lede_buf_span(&bytes), &got, &err),
                  LEDE_CORRUPT);
    lede_buf_done(&bytes);
}

static void test_network__file_systems_are_known(void **state)
{
    lede_error err = {0};

    (void)state;
    assert_string_equal(lede_local_disk_network_name(0x6969, "nfs4"), "NFS");
    assert_string_equal(lede_local_disk_network_name(0xFF534D42, "cifs"),
                        "CIFS");
    assert_string_equal(lede_local_disk_network_name(0x65735546, "fuse.sshfs"),
                        "fuse.sshfs");
    assert_null(lede_local_disk_network_name(0x65735546, "fuseblk"));
    assert_null(lede_local_disk_network_name(0xEF53, "ext4"));
    assert_ok(lede_local_disk_require("/", &err));
    assert_status(lede_local_disk_require("/no such folder", &err), LEDE_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_format__of_today_is_read_and_written),
        cmocka_unit_test(test_format__of_tomorrow_is_refused_by_name),
        cmocka_unit_test(test_format__damaged_is_corrupt),
        cmocka_unit_test(test_manifest__comes_back_as_it_was),
        cmocka_unit_test(test_manifest__that_contradicts_itself_is_corrupt),
        cmocka_unit_test(test_manifest__damaged_is_corrupt),
        cmocka_unit_test(test_network__file_systems_are_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
