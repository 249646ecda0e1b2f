/* What becomes of a damaged archive: the check finds it, and nothing crashes.
 * LEDE_TEST_LONG=1 runs many more random cases. */
#include "tests/support/check.h"

#include <sys/wait.h>

#include "storage/archive_internal.h"
#include "tests/storage/damaged.h"

/* --- The check finds what is damaged ---------------------------------------
 */

static void ignore_found(void *ctx, const char *problem)
{
    (void)problem;
    ++*(unsigned *)ctx;
}

static unsigned count_found(const damaged *made)
{
    unsigned count = 0;
    const lede_check_callbacks callbacks = {.ctx = &count,
                                            .found = ignore_found};
    lede_archive *archive = NULL;
    lede_error err = {0};
    lede_status status = lede_archive_open(made->path, NULL, &archive, &err);

    if (status == LEDE_OK) {
        status = lede_archive_check(archive, &callbacks, &err);
        assert_true((status == LEDE_OK) == (count == 0));
    } else {
        count = 1;
    }
    lede_archive_close(archive);
    return count;
}

static void test_check__finds_any_bit_of_any_value(void **state)
{
    const damaged *made = *state;
    damaged_place places[LEDE_VALUE_KIND_COUNT];
    unsigned count, round, i;
    model_random random = {31};
    uint8_t *bytes = malloc(made->len);

    assert_non_null(bytes);
    damaged_write(made, made->bytes, made->len);
    count = damaged_places(made, places);
    assert_true(count >= 11);
    for (round = 0; round < damaged_rounds(1, 20); round++) {
        for (i = 0; i < count; i++) {
            size_t at = places[i].offset + model_next(&random) % places[i].len;

            memcpy(bytes, made->bytes, made->len);
            bytes[at] ^= (uint8_t)(1u << model_below(&random, 8));
            damaged_write(made, bytes, made->len);
            if (count_found(made) == 0) {
                fail_msg("a flipped bit of the %s went unnoticed (byte %zu)",
                         lede_value_kind_name((lede_value_kind)places[i].kind),
                         at - places[i].offset);
            }
        }
    }
    free(bytes);
}

static void expect_open(const damaged *made, lede_status wanted)
{
    lede_archive *archive = NULL;
    lede_error err = {0};

    assert_status(lede_archive_open(made->path, NULL, &archive, &err), wanted);
    assert_true(strlen(err.message) > 0);
}

static void test_archive__refuses_a_file_cut_off(void **state)
{
    const damaged *made = *state;

    damaged_write(made, made->bytes, made->len / 2);
    expect_open(made, LEDE_CORRUPT);
    damaged_write(made, made->bytes, made->len / 4 * 3);
    expect_open(made, LEDE_CORRUPT);
    damaged_write(made, made->bytes, 5000);
    expect_open(made, LEDE_CORRUPT);
    damaged_write(made, made->bytes, 1);
    expect_open(made, LEDE_CORRUPT);
    damaged_write(made, made->bytes, 0);
    expect_open(made, LEDE_NOT_FOUND);
}

static void test_archive__refuses_other_files(void **state)
{
    const damaged *made = *state;
    uint8_t *bytes = calloc(1, made->len);

    assert_non_null(bytes);
    damaged_write(made, bytes, made->len);
    expect_open(made, LEDE_CORRUPT);
    memset(bytes, 'x', made->len);
    damaged_write(made, bytes, made->len);
    expect_open(made, LEDE_CORRUPT);
    free(bytes);
}

/* --- Nothing crashes -------------------------------------------------------
 */

static void read_list(const lede_term *term)
{
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    lede_position_reader reader;
    uint32_t block, i, count;

    lede_position_reader_init(&reader, &term->postings);
    for (block = 0; block < term->postings.block_count; block++) {
        lede_postings_entries(&term->postings, block, entries);
        lede_postings_frequencies(&term->postings, block, entries);
        for (i = 0; i < lede_postings_block_size(&term->postings, block); i++) {
            lede_position_reader_get(&reader, block, i, &count, NULL);
        }
    }
    lede_position_reader_done(&reader);
}

static void read_segment(const lede_segment *segment)
{
    lede_term_cursor *cursor = NULL;
    lede_buf record = {0};
    lede_column column;
    lede_span source;
    lede_term term;
    uint32_t i, found;
    unsigned c;

    for (c = 0; c < LEDE_COLUMN_COUNT; c++) {
        if (lede_segment_column(segment, (lede_column_id)c, &column, NULL) !=
            LEDE_OK) {
            continue;
        }
        for (i = 0; i < lede_segment_entries(segment); i++) {
            int64_t value = lede_column_get(&column, i);

            lede_segment_source(segment, (uint32_t)value, &source, NULL);
            lede_segment_find_key(segment, (uint64_t)value, &found, NULL);
        }
    }
    for (i = 0; i < lede_segment_entries(segment); i += 7) {
        lede_segment_record(segment, i, &record, NULL);
    }
    if (lede_term_cursor_open(segment, &cursor, NULL) == LEDE_OK) {
        for (i = 0;
             i < 2000 && lede_term_cursor_next(cursor, &term, NULL) == LEDE_OK;
             i++) {
            read_list(&term);
            lede_segment_find_term(segment, term.bytes, &term, NULL);
        }
        lede_term_cursor_close(cursor);
    }
    lede_buf_done(&record);
}

static lede_status pass_file(void *ctx, const lede_file_record *file,
                             lede_error *err)
{
    (void)ctx;
    (void)err;
    return file->path.len > 0 ? LEDE_OK : LEDE_BUG;
}

static void use_for_reading(lede_archive *archive)
{
    lede_snapshot *snapshot = NULL;
    uint64_t keys[4], count;
    uint32_t i;

    if (lede_snapshot_open(archive, &snapshot, NULL) != LEDE_OK) {
        return;
    }
    for (i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        read_segment(lede_snapshot_segment(snapshot, i));
    }
    lede_snapshot_find_key_prefix(snapshot, 0, 1, keys, 4, &count, NULL);
    lede_snapshot_each_file(snapshot, pass_file, NULL, NULL);
    lede_snapshot_close(snapshot);
}

static void use_for_writing(lede_archive *archive)
{
    lede_writer *writer = NULL;
    model_segment *segment = model_segment_random(12345);
    lede_publish change = {.now = DAMAGED_NOW};
    lede_file_record file = {0};

    file.path = lede_span_text("/folder/1/file-70.txt");
    change.files = &file;
    change.file_count = 1;
    change.added = &segment->id;
    change.added_count = 1;
    change.forgotten = &file.path;
    if (lede_writer_open(archive, 0, &writer, NULL) == LEDE_OK) {
        uint32_t removed = 2;

        if (model_write(segment, writer, NULL) == LEDE_OK) {
            lede_writer_publish(writer, &change, NULL);
        }
        change = (lede_publish){.removed = &removed, .removed_count = 1};
        lede_writer_publish(writer, &change, NULL);
        lede_writer_close(writer);
    }
    model_segment_free(segment);
}

/* Opens, reads, checks, writes and copies, whatever comes back. */
static void use(const damaged *made)
{
    lede_archive *archive = NULL;
    char copy[320];

    alarm(120); /* going round in circles is a crash, too */
    if (lede_archive_open(made->path, NULL, &archive, NULL) == LEDE_OK) {
        snprintf(copy, sizeof copy, "%s/copy", made->folder);
        use_for_reading(archive);
        lede_archive_check(archive, NULL, NULL);
        if (lede_archive_backup(archive, copy, NULL, NULL) == LEDE_OK) {
            model_remove_folder(copy);
        }
        use_for_writing(archive);
        lede_archive_check(archive, NULL, NULL);
        lede_archive_close(archive);
    }
    _exit(0);
}

static void use_in_child(const damaged *made, uint64_t seed)
{
    int result = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        use(made);
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    if (!WIFEXITED(result) || WEXITSTATUS(result) != 0) {
        fail_msg("case %llu: ended with status %x", (unsigned long long)seed,
                 (unsigned)result);
    }
}

/* Pages that hold the trees rather than values: damage there is the worst. */
static bool is_tree_page(const uint8_t *page)
{
    uint16_t flags = lede_load_u16(page + 10);

    return flags != 0 && (flags & ~(1u | 2u | 8u)) == 0;
}

static void damage(uint8_t *bytes, size_t len, model_random *random)
{
    uint32_t pages = (uint32_t)(len / 4096);
    uint32_t page = model_below(random, pages);
    uint32_t other = model_below(random, pages);
    uint32_t i, tries;

    if (model_below(random, 2) == 0) {
        for (tries = 0;
             tries < 500 && !is_tree_page(bytes + (size_t)page * 4096);
             tries++) {
            page = model_below(random, pages);
        }
    }
    switch (model_below(random, 6)) {
    case 0: /* a page is lost */
        memset(bytes + (size_t)page * 4096, 0, 4096);
        break;
    case 1: /* a page is written to the wrong place */
        memcpy(bytes + (size_t)page * 4096, bytes + (size_t)other * 4096, 4096);
        break;
    case 2: /* a field of a page's head, or a node, gets any value */
        bytes[(size_t)page * 4096 + model_below(random, 64)] =
            (uint8_t)model_next(random);
        break;
    default: /* bits flip */
        for (i = 1 + model_below(random, 8); i > 0; i--) {
            bytes[(size_t)page * 4096 + model_below(random, 4096)] ^=
                (uint8_t)(1u << model_below(random, 8));
        }
        break;
    }
}

static void test_archive__survives_random_damage(void **state)
{
    const damaged *made = *state;
    uint8_t *bytes = malloc(made->len);
    unsigned round;

    assert_non_null(bytes);
    for (round = 0; round < damaged_rounds(30, 1500); round++) {
        model_random random = {1000 + round};

        memcpy(bytes, made->bytes, made->len);
        damage(bytes, made->len, &random);
        damaged_write(made, bytes, made->len);
        use_in_child(made, 1000 + round);
    }
    free(bytes);
}

enum { FOOTER_BYTES = 256, MANIFEST_HEAD_BYTES = 136, ROW_BYTES = 52 };

/* Signs the manifests that name a footer anew, with the footer's new hash. */
static void resign_manifests(uint8_t *bytes, size_t len, uint64_t old_hash,
                             uint64_t new_hash)
{
    size_t at, i;

    for (at = 8192; at + MANIFEST_HEAD_BYTES < len; at++) {
        uint8_t *manifest = bytes + at;
        size_t size;

        if (memcmp(manifest, "LMAN", 4) != 0) {
            continue;
        }
        size = MANIFEST_HEAD_BYTES +
               (size_t)lede_load_u32(manifest + MANIFEST_HEAD_BYTES - 4) *
                   ROW_BYTES;
        if (size > 4096 || at + size + 8 > len ||
            lede_hash64(lede_span_of(manifest, size)) !=
                lede_load_u64(manifest + size)) {
            continue;
        }
        for (i = MANIFEST_HEAD_BYTES; i < size; i += ROW_BYTES) {
            if (lede_load_u64(manifest + i + 12) == old_hash) {
                lede_store_u64(manifest + i + 12, new_hash);
            }
        }
        lede_store_u64(manifest + size,
                       lede_hash64(lede_span_of(manifest, size)));
    }
}

/* Wrong content with right checksums does not come by chance: footers are
 * changed and signed anew, and so are the manifests that name them. */
static void sign_nonsense(uint8_t *bytes, size_t len, model_random *random)
{
    size_t at;

    for (at = 8192; at + FOOTER_BYTES + 8 < len; at++) {
        lede_span footer = lede_span_of(bytes + at, FOOTER_BYTES);
        uint8_t whole[FOOTER_BYTES + 8];
        uint64_t old_hash;

        if (memcmp(bytes + at, "LSEG", 4) != 0 ||
            lede_hash64(footer) != lede_load_u64(bytes + at + FOOTER_BYTES) ||
            model_below(random, 4) != 0) {
            continue;
        }
        memcpy(whole, bytes + at, sizeof whole);
        old_hash = lede_hash64(lede_span_of(whole, sizeof whole));
        bytes[at + 20 + model_below(random, FOOTER_BYTES - 20)] =
            (uint8_t)model_next(random);
        lede_store_u64(bytes + at + FOOTER_BYTES, lede_hash64(footer));
        memcpy(whole, bytes + at, sizeof whole);
        resign_manifests(bytes, len, old_hash,
                         lede_hash64(lede_span_of(whole, sizeof whole)));
    }
}

static void test_archive__survives_signed_nonsense(void **state)
{
    const damaged *made = *state;
    uint8_t *bytes = malloc(made->len);
    unsigned round;

    assert_non_null(bytes);
    for (round = 0; round < damaged_rounds(10, 500); round++) {
        model_random random = {5000 + round};

        memcpy(bytes, made->bytes, made->len);
        sign_nonsense(bytes, made->len, &random);
        damaged_write(made, bytes, made->len);
        use_in_child(made, 5000 + round);
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check__finds_any_bit_of_any_value),
        cmocka_unit_test(test_archive__refuses_a_file_cut_off),
        cmocka_unit_test(test_archive__refuses_other_files),
        cmocka_unit_test(test_archive__survives_random_damage),
        cmocka_unit_test(test_archive__survives_signed_nonsense),
    };

    return cmocka_run_group_tests(tests, damaged_setup, damaged_teardown);
}
