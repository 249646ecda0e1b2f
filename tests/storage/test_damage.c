/* What becomes of a damaged archive: the check finds it, and nothing crashes.
 * LEDE_TEST_LONG=1 runs many more random cases. */
#include "tests/support/check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "storage/archive_internal.h"
#include "tests/storage/model.h"

typedef struct fixture {
    char folder[256];
    char path[300];
    char file[320];
    uint8_t *bytes; /* the sound file */
    size_t len;
    model_world world;
} fixture;

enum { NOW = 1720000000 };

static unsigned rounds(unsigned plain, unsigned in_the_long_form)
{
    const char *text = getenv("LEDE_TEST_LONG");

    return text != NULL && text[0] == '1' ? in_the_long_form : plain;
}

static void read_file(fixture *made)
{
    FILE *file = fopen(made->file, "rb");
    struct stat info;

    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &info), 0);
    made->len = (size_t)info.st_size;
    made->bytes = malloc(made->len);
    assert_non_null(made->bytes);
    assert_int_equal(fread(made->bytes, 1, made->len, file), made->len);
    fclose(file);
}

static void write_file(const fixture *made, const uint8_t *bytes, size_t len)
{
    FILE *file = fopen(made->file, "wb");
    char lock[320];

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    snprintf(lock, sizeof lock, "%s/lock.mdb", made->path);
    unlink(lock);
}

static void put_files(lede_writer *writer)
{
    lede_file_record files[200] = {{.size = 0}};
    char names[200][40];
    lede_publish change = {.files = files, .file_count = 200, .now = NOW};
    lede_error err = {0};
    int i;

    for (i = 0; i < 200; i++) {
        snprintf(names[i], sizeof names[i], "/folder/%d/file-%d.txt", i / 50,
                 i);
        files[i].path = lede_span_text(names[i]);
        files[i].size = (uint64_t)i;
        files[i].payload = files[i].path;
    }
    assert_ok(lede_writer_publish(writer, &change, &err));
}

static int setup(void **state)
{
    static fixture made;
    const lede_archive_options options = {.create = true};
    const model_options large = {1500, 200, NOW, 5000};
    lede_error err = {0};
    lede_archive *archive = NULL;
    lede_writer *writer = NULL;
    lede_publish change = {.now = NOW};
    model_segment *segment = model_segment_new(5, &large);
    uint64_t i;

    made = (fixture){0};
    model_make_folder(made.folder);
    snprintf(made.path, sizeof made.path, "%s/a", made.folder);
    snprintf(made.file, sizeof made.file, "%s/data.mdb", made.path);
    assert_ok(lede_archive_open(made.path, &options, &archive, &err));
    assert_ok(lede_writer_open(archive, 0, &writer, &err));
    for (i = 0; i < 6; i++) {
        assert_ok(model_world_change(&made.world, 90 + i, writer, NOW, &err));
    }
    assert_ok(model_write(segment, writer, &err));
    change.added = &segment->id;
    change.added_count = 1;
    assert_ok(lede_writer_publish(writer, &change, &err));
    made.world.segments[made.world.count++] = segment;
    put_files(writer);
    lede_writer_close(writer);
    assert_int_equal(model_check(archive), 0);
    lede_archive_close(archive);
    read_file(&made);
    *state = &made;
    return 0;
}

static int teardown(void **state)
{
    fixture *made = *state;

    free(made->bytes);
    model_world_free(&made->world);
    model_remove_folder(made->folder);
    return 0;
}

/* --- The check finds what is damaged ---------------------------------------
 */

static void ignore_found(void *ctx, const char *problem)
{
    (void)problem;
    ++*(unsigned *)ctx;
}

static unsigned count_found(const fixture *made)
{
    unsigned count = 0;
    const lede_check_callbacks callbacks = {&count, ignore_found, NULL, NULL};
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

/* Where a value of an open archive lies in its file, which is mapped whole. */
static size_t find_value(const fixture *made, lede_span value)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[1024];
    size_t found = SIZE_MAX;

    assert_non_null(maps);
    while (fgets(line, sizeof line, maps) != NULL) {
        char *rest = NULL;
        uintptr_t begin = (uintptr_t)strtoull(line, &rest, 16);
        uintptr_t end = (uintptr_t)strtoull(rest + 1, NULL, 16);

        if (strstr(line, "data.mdb") != NULL &&
            (uintptr_t)value.bytes >= begin && (uintptr_t)value.bytes < end) {
            found = (size_t)((uintptr_t)value.bytes - begin);
        }
    }
    fclose(maps);
    assert_true(found < made->len);
    assert_memory_equal(made->bytes + found, value.bytes, value.len);
    return found;
}

struct place {
    size_t offset, len;
    unsigned kind;
};

/* One value of each kind (the largest segment's), as places in the file. */
static unsigned find_places(const fixture *made, struct place *places)
{
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    const lede_segment *largest;
    lede_error err = {0};
    unsigned kind, count = 0;
    uint32_t i;

    assert_ok(lede_archive_open(made->path, NULL, &archive, &err));
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    largest = lede_snapshot_segment(snapshot, 0);
    for (i = 1; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);

        if (segment->footer.entries > largest->footer.entries) {
            largest = segment;
        }
    }
    for (kind = 0; kind < LEDE_VALUE_KIND_COUNT; kind++) {
        lede_span value;

        if (largest->footer.counts[kind] == 0 || kind == LEDE_VALUE_FOOTER) {
            continue;
        }
        assert_ok(lede_segment_value(largest, (lede_value_kind)kind, 0, &value,
                                     &err));
        places[count++] =
            (struct place){find_value(made, value), value.len, kind};
    }
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    return count;
}

static void test_check__finds_any_bit_of_any_value(void **state)
{
    const fixture *made = *state;
    struct place places[LEDE_VALUE_KIND_COUNT];
    unsigned count, round, i;
    model_random random = {31};
    uint8_t *bytes = malloc(made->len);

    assert_non_null(bytes);
    write_file(made, made->bytes, made->len);
    count = find_places(made, places);
    assert_true(count >= 11);
    for (round = 0; round < rounds(1, 20); round++) {
        for (i = 0; i < count; i++) {
            size_t at = places[i].offset + model_next(&random) % places[i].len;

            memcpy(bytes, made->bytes, made->len);
            bytes[at] ^= (uint8_t)(1u << model_below(&random, 8));
            write_file(made, bytes, made->len);
            if (count_found(made) == 0) {
                fail_msg("a flipped bit of the %s went unnoticed (byte %zu)",
                         lede_value_kind_name((lede_value_kind)places[i].kind),
                         at - places[i].offset);
            }
        }
    }
    free(bytes);
}

static void expect_open(const fixture *made, lede_status wanted)
{
    lede_archive *archive = NULL;
    lede_error err = {0};

    assert_status(lede_archive_open(made->path, NULL, &archive, &err), wanted);
    assert_true(strlen(err.message) > 0);
}

static void test_archive__refuses_a_file_cut_off(void **state)
{
    const fixture *made = *state;

    write_file(made, made->bytes, made->len / 2);
    expect_open(made, LEDE_CORRUPT);
    write_file(made, made->bytes, made->len / 4 * 3);
    expect_open(made, LEDE_CORRUPT);
    write_file(made, made->bytes, 5000);
    expect_open(made, LEDE_CORRUPT);
    write_file(made, made->bytes, 1);
    expect_open(made, LEDE_CORRUPT);
    write_file(made, made->bytes, 0);
    expect_open(made, LEDE_NOT_FOUND);
}

static void test_archive__refuses_other_files(void **state)
{
    const fixture *made = *state;
    uint8_t *bytes = calloc(1, made->len);

    assert_non_null(bytes);
    write_file(made, bytes, made->len);
    expect_open(made, LEDE_CORRUPT);
    memset(bytes, 'x', made->len);
    write_file(made, bytes, made->len);
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
    lede_term term;
    uint32_t i, found;
    unsigned c;

    for (c = 0; c < LEDE_COLUMN_COUNT; c++) {
        if (lede_segment_column(segment, (lede_column_id)c, &column, NULL) !=
            LEDE_OK) {
            continue;
        }
        for (i = 0; i < lede_segment_entries(segment); i++) {
            lede_segment_source(segment, (uint32_t)lede_column_get(&column, i));
            lede_segment_find_key(
                segment, (uint64_t)lede_column_get(&column, i), &found);
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
    uint64_t keys[4];
    uint32_t i;

    if (lede_snapshot_open(archive, &snapshot, NULL) != LEDE_OK) {
        return;
    }
    for (i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        read_segment(lede_snapshot_segment(snapshot, i));
    }
    lede_snapshot_find_key_prefix(snapshot, 0, 1, keys, 4);
    lede_snapshot_each_file(snapshot, pass_file, NULL, NULL);
    lede_snapshot_close(snapshot);
}

static void use_for_writing(lede_archive *archive)
{
    lede_writer *writer = NULL;
    model_segment *segment = model_segment_random(12345);
    lede_publish change = {.now = NOW};
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
static void use(const fixture *made)
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

static void use_in_child(const fixture *made, uint64_t seed)
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
    const fixture *made = *state;
    uint8_t *bytes = malloc(made->len);
    unsigned round;

    assert_non_null(bytes);
    for (round = 0; round < rounds(30, 1500); round++) {
        model_random random = {1000 + round};

        memcpy(bytes, made->bytes, made->len);
        damage(bytes, made->len, &random);
        write_file(made, bytes, made->len);
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
    const fixture *made = *state;
    uint8_t *bytes = malloc(made->len);
    unsigned round;

    assert_non_null(bytes);
    for (round = 0; round < rounds(10, 500); round++) {
        model_random random = {5000 + round};

        memcpy(bytes, made->bytes, made->len);
        sign_nonsense(bytes, made->len, &random);
        write_file(made, bytes, made->len);
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

    return cmocka_run_group_tests(tests, setup, teardown);
}
