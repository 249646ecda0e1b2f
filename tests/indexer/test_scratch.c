#include "indexer/scratch.h"

#include <dirent.h>

#include "indexer/map.h"
#include "indexer/sort.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/world.h"
#include "tests/support/check.h"

static lede_error err;

/* Bytes of this process's mappings of temporary files of settling. */
static size_t mapped_bytes(void)
{
    FILE *file = fopen("/proc/self/maps", "r");
    char line[1024];
    size_t all = 0;

    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned long begin, end;

        if (strstr(line, "/settling-") != NULL &&
            sscanf(line, "%lx-%lx", &begin, &end) == 2) {
            all += end - begin;
        }
    }
    fclose(file);
    return all;
}

static uint32_t count_files(const char *folder)
{
    DIR *dir = opendir(folder);
    uint32_t n = 0;

    assert_non_null(dir);
    while (readdir(dir) != NULL) {
        n++;
    }
    closedir(dir);
    return n - 2; /* . and .. */
}

static void test_scratch__takes_a_file_for_what_is_too_much(void **state)
{
    enum { HEAP = 1 << 20, ALL = 40 << 20, EACH = 3000 };
    char *folder = folder_new();
    lede_scratch *scratch = NULL;
    lede_arena first = {0}, second = {0};
    uint8_t *pieces[ALL / EACH];
    uint32_t i, round;

    (void)state;
    assert_ok(lede_scratch_new(folder, HEAP, &scratch, &err));
    first.source = second.source = lede_scratch_source(scratch);
    for (round = 0; round < 2; round++) {
        size_t mapped;

        for (i = 0; i < ALL / EACH; i++) {
            pieces[i] = lede_arena_get(i % 2 == 0 ? &first : &second, EACH);
            assert_non_null(pieces[i]);
            assert_int_equal(pieces[i][0] | pieces[i][EACH - 1], 0);
            memset(pieces[i], (int)(i % 251 + 1), EACH);
        }
        for (i = 0; i < ALL / EACH; i++) {
            assert_int_equal(pieces[i][0], i % 251 + 1);
            assert_int_equal(pieces[i][EACH - 1], i % 251 + 1);
        }
        mapped = mapped_bytes();
        assert_true(mapped + HEAP >= first.held_bytes + second.held_bytes);
        assert_int_equal(count_files(folder), 0); /* it has no name */
        lede_arena_done(&first);
        lede_arena_done(&second);
        assert_ptr_equal(first.source, lede_scratch_source(scratch));
    }
    lede_scratch_free(scratch);
    assert_int_equal(mapped_bytes(), 0);
    folder_remove(folder);
}

static void test_scratch__is_heap_while_that_is_enough(void **state)
{
    lede_scratch *scratch = NULL;
    lede_arena arena = {0};

    (void)state;
    assert_ok(lede_scratch_new("/nowhere", 1 << 20, &scratch, &err));
    arena.source = lede_scratch_source(scratch);
    assert_non_null(lede_arena_get(&arena, 100000));
    assert_int_equal(mapped_bytes(), 0);
    assert_null(lede_arena_get(&arena, 2 << 20)); /* no folder for a file */
    lede_arena_done(&arena);
    lede_scratch_free(scratch);
}

static void test_scratch__holds_maps(void **state)
{
    char *folder = folder_new();
    lede_scratch *scratch = NULL;
    lede_arena arena = {0};
    lede_map map = {.arena = &arena};
    uint32_t i;

    (void)state;
    assert_ok(lede_scratch_new(folder, 0, &scratch, &err));
    arena.source = lede_scratch_source(scratch);
    for (i = 0; i < 100000; i++) {
        assert_true(lede_map_put(&map, i * UINT64_C(0x123456789), i));
    }
    for (i = 0; i < 100000; i++) {
        assert_int_equal(lede_map_get(&map, i * UINT64_C(0x123456789)), i);
    }
    lede_map_done(&map);
    lede_arena_done(&arena);
    lede_scratch_free(scratch);
    folder_remove(folder);
}

/* --- Sorting -------------------------------------------------------------- */

typedef struct wide {
    uint32_t key;
    uint8_t rest[97];
} wide;

static int compare_wide(const void *left, const void *right)
{
    const wide *a = left, *b = right;

    return (a->key > b->key) - (a->key < b->key);
}

static void test_sort__does_what_qsort_does(void **state)
{
    enum { MOST = 300 };
    static wide items[MOST], sorted[MOST];
    uint32_t count, i;

    (void)state;
    lede_sort(NULL, 0, sizeof items[0], compare_wide);
    for (count = 0; count < MOST; count++) {
        world_random random = {count};

        for (i = 0; i < count; i++) {
            items[i].key = world_below(&random, 1 + world_below(&random, 400));
            memset(items[i].rest, (int)(items[i].key % 255),
                   sizeof items[i].rest);
        }
        if (count > 0) {
            memcpy(sorted, items, count * sizeof items[0]);
            qsort(sorted, count, sizeof sorted[0], compare_wide);
        }
        lede_sort(items, count, sizeof items[0], compare_wide);
        assert_int_equal(memcmp(items, sorted, count * sizeof items[0]), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scratch__takes_a_file_for_what_is_too_much),
        cmocka_unit_test(test_scratch__is_heap_while_that_is_enough),
        cmocka_unit_test(test_scratch__holds_maps),
        cmocka_unit_test(test_sort__does_what_qsort_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
