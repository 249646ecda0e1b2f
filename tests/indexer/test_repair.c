/* The promises of indexer/repair.h: whatever value of an archive is damaged, a
 * run with `reread` over its sources makes it what a fresh archive is; what has
 * no source is kept if its record can be read, and named if not. */
#include "tests/support/check.h"

#include <inttypes.h>

#include "indexer/indexer.h"
#include "indexer/run.h"
#include "storage/archive_internal.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/fake_corpus.h"
#include "tests/indexer/world.h"

enum { FILES = 14 };

static lede_error err;

/* --- Archives --------------------------------------------------------------
 */

static void write_source(const char *folder, uint32_t i, uint32_t version)
{
    world_random random = {100 * version + i};
    lede_buf text = {0};
    char name[16];

    if (i % 3 == 0) {
        world_live(i / 3, i + version, &text);
    } else {
        world_articles(&random, 40, &text);
    }
    snprintf(name, sizeof name, "%02u", i);
    write_file(in_folder(folder, name), lede_buf_text(&text));
    set_time(in_folder(folder, name), 1000 + (long)version);
    lede_buf_done(&text);
}

typedef struct told {
    char keys[4096][17];
    unsigned count;
} told;

static void on_note(void *ctx, const char *path, const char *what)
{
    told *t = ctx;

    if (strstr(what, "lost") != NULL || strstr(what, "left out") != NULL) {
        assert_true(t->count < 4096);
        snprintf(t->keys[t->count++], sizeof t->keys[0], "%s", path);
    }
}

static void index_folder(lede_archive *archive, const char *folder, bool reread,
                         told *t)
{
    static told unused;
    lede_index_options options = {.read.now = 1800000000,
                                  .reread = reread,
                                  .ctx = t == NULL ? &unused : t,
                                  .note = on_note};
    lede_budget small = lede_budget_of(0);

    small.spill_bytes = 12000;
    small.merge_bytes = reread ? small.merge_bytes : 0; /* many segments */
    unused.count = 0;
    assert_ok(
        lede_index_within(archive, &folder, 1, &options, &small, NULL, &err));
}

/* Several segments, with entries that were replaced and deleted. */
static void make_archive(const char *folder, const char *path)
{
    lede_archive *archive = open_archive(path);
    uint32_t i;

    for (i = 0; i < FILES; i++) {
        write_source(folder, i, 1);
    }
    index_folder(archive, folder, false, NULL);
    /* Not of live pages: what these no longer show is kept, and in no file. */
    for (i = 0; i < FILES; i++) {
        if (i % 3 == 1) {
            write_source(folder, i, 2);
        }
    }
    index_folder(archive, folder, false, NULL);
    assert_true(count_segments(archive) > 3);
    lede_archive_close(archive);
}

/* --- Damage ----------------------------------------------------------------
 */

static uint8_t *read_data(const char *path, size_t *len)
{
    FILE *file = fopen(in_folder(path, "data.mdb"), "rb");
    uint8_t *bytes;
    long end;

    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    end = ftell(file);
    rewind(file);
    bytes = malloc((size_t)end);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)end, file), (size_t)end);
    fclose(file);
    *len = (size_t)end;
    return bytes;
}

static void write_data(const char *path, const uint8_t *bytes, size_t len)
{
    FILE *file = fopen(in_folder(path, "data.mdb"), "r+b");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static bool is_zeros(lede_span bytes)
{
    size_t i;

    for (i = 0; i < bytes.len && bytes.bytes[i] == 0; i++) {
    }
    return i == bytes.len;
}

/* Changes a bit of a value wherever its bytes stand in the file. False if there
 * is no such value, or it is empty, or only zeros, which stand in other values
 * too. */
static bool flip(const char *path, uint32_t which, unsigned kind,
                 world_random *random)
{
    lede_archive *archive = open_archive(path);
    lede_snapshot *snapshot = NULL;
    const lede_segment *segment;
    lede_span value = {0};
    uint8_t *bytes, *copy;
    size_t len, at, place;
    uint32_t count;

    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    segment = lede_snapshot_segment(
        snapshot, which % lede_snapshot_segment_count(snapshot));
    count = segment->footer.counts[kind];
    if (kind == LEDE_VALUE_DELETED) {
        value = lede_segment_deleted(segment);
    } else if (count > 0) {
        assert_ok(lede_segment_value(segment, (lede_value_kind)kind,
                                     world_below(random, count), &value, &err));
    }
    copy = malloc(value.len + 1);
    assert_non_null(copy);
    if (value.len > 0) {
        memcpy(copy, value.bytes, value.len);
    }
    len = is_zeros(value) ? 0 : value.len;
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    if (len > 0) {
        size_t all;
        unsigned found = 0;

        place = world_below(random, (uint32_t)len);
        bytes = read_data(path, &all);
        for (at = 0; at + len <= all; at++) {
            if (bytes[at] == copy[0] && memcmp(bytes + at, copy, len) == 0) {
                bytes[at + place] ^= (uint8_t)(1u << world_below(random, 8));
                found++;
            }
        }
        assert_true(found > 0);
        write_data(path, bytes, all);
        free(bytes);
    }
    free(copy);
    return len > 0;
}

/* --- Tests -----------------------------------------------------------------
 */

static void print_found(void *ctx, const char *problem)
{
    print_error("after damage to %s: %s\n", (const char *)ctx, problem);
}

static void check_whole(lede_archive *archive, lede_archive *fresh,
                        unsigned kind)
{
    const char *name = lede_value_kind_name((lede_value_kind)kind);
    lede_check_callbacks callbacks = {.ctx = (void *)(uintptr_t)name,
                                      .found = print_found};

    assert_ok(lede_archive_check(archive, &callbacks, &err));
    assert_same_archives(archive, fresh);
}

static void test_repair__makes_any_archive_whole_from_its_sources(void **state)
{
    char *folder = folder_new(), *path = folder_new(), *sound = folder_new();
    lede_archive *fresh = open_archive(sound), *archive;
    uint8_t *bytes;
    size_t len;
    unsigned kind, round, damaged = 0;

    (void)state;
    make_archive(folder, path);
    bytes = read_data(path, &len);
    index_folder(fresh, folder, false, NULL);
    for (kind = 0; kind < LEDE_VALUE_KIND_COUNT; kind++) {
        for (round = 0; round < 3; round++) {
            world_random random = {kind * 10 + round};
            bool is_damaged = flip(path, round, kind, &random);
            told t = {.count = 0};

            archive = open_archive(path);
            if (is_damaged) {
                assert_status(lede_archive_check(archive, NULL, &err),
                              LEDE_CORRUPT);
            }
            index_folder(archive, folder, true, &t);
            check_whole(archive, fresh, kind);
            /* Then nobody knows which were deleted. */
            assert_true(t.count == 0 || kind == LEDE_VALUE_DELETED);
            lede_archive_close(archive);
            write_data(path, bytes, len);
            damaged += is_damaged;
        }
    }
    assert_true(damaged > 3 * 10);
    free(bytes);
    lede_archive_close(fresh);
    folder_remove(folder);
    folder_remove(path);
    folder_remove(sound);
}

static void key_text(uint64_t key, char text[17])
{
    snprintf(text, 17, "%016" PRIx64, key);
}

/* The live keys of an archive, ascending; the caller frees them. */
static uint64_t *list_keys(const char *path, uint32_t *count)
{
    lede_archive *archive = open_archive(path);
    lede_snapshot *snapshot = NULL;
    uint64_t *keys, all;

    keys = malloc(100000 * sizeof keys[0]);
    assert_non_null(keys);
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    *count = 0;
    for (uint64_t digit = 0; digit < 16; digit++) {
        assert_ok(lede_snapshot_find_key_prefix(
            snapshot, digit << 60, 1, keys + *count, 50000, &all, &err));
        *count += (uint32_t)all;
    }
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    return keys;
}

/* Sources are gone: each entry is there as before, or it was named. */
static void test_repair__keeps_or_names_what_has_no_source(void **state)
{
    char *folder = folder_new(), *path = folder_new(), *empty = folder_new();
    uint8_t *bytes;
    size_t len;
    uint32_t count, i, kept = 0, lost = 0;
    uint64_t *keys;
    unsigned kind, round;

    (void)state;
    make_archive(folder, path);
    keys = list_keys(path, &count);
    folder_remove(folder);
    bytes = read_data(path, &len);
    for (kind = 0; kind < LEDE_VALUE_KIND_COUNT; kind++) {
        for (round = 0; round < 3; round++) {
            world_random random = {kind * 10 + round};
            lede_snapshot *snapshot = NULL;
            lede_archive *archive;
            uint32_t missing = 0;
            static told t;

            if (!flip(path, round, kind, &random)) {
                continue;
            }
            t.count = 0;
            archive = open_archive(path);
            index_folder(archive, empty, true, &t);
            assert_ok(lede_archive_check(archive, NULL, &err));
            assert_ok(lede_snapshot_open(archive, &snapshot, &err));
            for (i = 0; i < count; i++) {
                const lede_segment *segment;
                uint32_t entry, j;
                char text[17];

                if (lede_snapshot_find_key(snapshot, keys[i], &segment, &entry,
                                           &err) == LEDE_OK) {
                    continue;
                }
                missing++;
                key_text(keys[i], text);
                for (j = 0; j < t.count && strcmp(t.keys[j], text) != 0;) {
                    j++;
                }
                assert_true(j < t.count);
            }
            assert_true(missing == 0 || kind == LEDE_VALUE_RECORDS ||
                        kind == LEDE_VALUE_DELETED);
            assert_true(lede_snapshot_totals(snapshot)->entries <= count);
            kept += count - missing;
            lost += missing;
            lede_snapshot_close(snapshot);
            lede_archive_close(archive);
            write_data(path, bytes, len);
        }
    }
    assert_true(kept > 0 && lost > 0);
    free(bytes);
    free(keys);
    folder_remove(path);
    folder_remove(empty);
}

/* What a repair could not find is wanted of its files: any later run that meets
 * them has it back. */
static void test_repair__has_lost_entries_back_when_files_are_met(void **state)
{
    char *folder = folder_new(), *path = folder_new(), *sound = folder_new();
    char *empty = folder_new();
    lede_archive *fresh = open_archive(sound), *archive;
    world_random random = {5};
    static told t;

    (void)state;
    make_archive(folder, path);
    index_folder(fresh, folder, false, NULL);
    assert_true(flip(path, 1, LEDE_VALUE_RECORDS, &random));
    archive = open_archive(path);
    t.count = 0;
    index_folder(archive, empty, true, &t);
    assert_true(t.count > 0);
    assert_true(count_live(archive) < count_live(fresh));
    assert_ok(lede_archive_check(archive, NULL, &err));
    index_folder(archive, folder, false, NULL);
    check_whole(archive, fresh, LEDE_VALUE_RECORDS);
    lede_archive_close(archive);
    lede_archive_close(fresh);
    folder_remove(folder);
    folder_remove(path);
    folder_remove(sound);
    folder_remove(empty);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repair__makes_any_archive_whole_from_its_sources),
        cmocka_unit_test(test_repair__keeps_or_names_what_has_no_source),
        cmocka_unit_test(test_repair__has_lost_entries_back_when_files_are_met),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
