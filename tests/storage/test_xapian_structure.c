#include "storage/xapian_structure.h"

#include <sys/stat.h>

#include "tests/storage/shim_world.h"
#include "tests/support/check.h"
#include "tests/support/folder.h"

/* That of Xapian 1.4's check, which is not ours to mend. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "new_delete_type_mismatch=0";
}

enum { DOCUMENTS = 300, STRIDE = 509 /* meets all parts of a block */ };

typedef struct told {
    unsigned problems;
    bool has_heading, has_praise;
    volatile int stop;
} told;

static void note(void *ctx, const char *problem)
{
    told *t = ctx;

    t->problems++;
    t->has_heading |= problem[strlen(problem) - 1] == ':';
    t->has_praise |= strstr(problem, "OK") != NULL;
}

static lede_status check(const char *path, told *t, lede_error *err)
{
    const lede_xapian_structure how = {
        .ctx = t, .found = note, .stop = &t->stop};
    bool looked = false;
    lede_status status = lede_xapian_structure_check(path, &how, &looked, err);

    assert_true(looked);
    return status;
}

static void test_xapian_structure__what_is_sound_says_nothing(void **state)
{
    shim_world *w = *state;
    told t = {0};
    lede_error err = {0};

    shim_make(w->path[0], 1, DOCUMENTS);
    assert_ok(check(w->path[0], &t, &err));
    assert_int_equal(t.problems, 0);
    assert_status(check(w->path[1], &t, &err), LEDE_IO);
    t.stop = 1;
    assert_status(check(w->path[0], &t, &err), LEDE_INTERRUPTED);
}

/* Flips 24 bytes of a file, and flips them back when it is called again. */
static bool flip(const char *path, const char *table, long at)
{
    unsigned char bytes[24];
    char name[400];
    FILE *file;
    size_t count;

    snprintf(name, sizeof name, "%s/%s.glass", path, table);
    file = fopen(name, "r+b");
    assert_non_null(file);
    fseek(file, at, SEEK_SET);
    count = fread(bytes, 1, sizeof bytes, file);
    for (size_t i = 0; i < count; i++) {
        bytes[i] ^= 0x41;
    }
    fseek(file, at, SEEK_SET);
    fwrite(bytes, 1, count, file);
    fclose(file);
    return count > 0;
}

/* Xapian 1.4.22 crashes on some of these. */
static void test_xapian_structure__no_damage_ends_it(void **state)
{
    static const char *const tables[] = {"termlist", "postlist", "docdata",
                                         "position"};
    shim_world *w = *state;
    unsigned damaged = 0;

    shim_make(w->path[0], 1, DOCUMENTS);
    for (int i = 0; i < 4; i++) {
        for (long at = 0; flip(w->path[0], tables[i], at); at += STRIDE) {
            told t = {0};
            lede_error err = {0};
            lede_status status = check(w->path[0], &t, &err);

            if (status != LEDE_OK) {
                assert_true(status == LEDE_CORRUPT || status == LEDE_IO ||
                            status == LEDE_NO_MEMORY);
                assert_true(strlen(err.message) > 0);
                damaged++;
            }
            assert_false(t.has_heading || t.has_praise);
            assert_true(t.problems <= 21);
            flip(w->path[0], tables[i], at);
        }
    }
    assert_true(damaged > 10);
}

static void test_xapian_structure__what_may_only_be_read_is_told(void **state)
{
    shim_world *w = *state;
    const lede_xapian_structure how = {.found = NULL};
    char name[400];
    lede_error err = {0};
    bool looked = true;

    if (geteuid() == 0) {
        print_message("skipped: root may write whatever it may read\n");
        skip();
    }
    shim_make(w->path[0], 1, DOCUMENTS);
    snprintf(name, sizeof name, "%s/docdata.glass", w->path[0]);
    assert_int_equal(chmod(name, 0444), 0);
    assert_ok(lede_xapian_structure_check(w->path[0], &how, &looked, &err));
    assert_false(looked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_xapian_structure__what_is_sound_says_nothing, shim_setup,
            shim_teardown),
        cmocka_unit_test_setup_teardown(
            test_xapian_structure__no_damage_ends_it, shim_setup,
            shim_teardown),
        cmocka_unit_test_setup_teardown(
            test_xapian_structure__what_may_only_be_read_is_told, shim_setup,
            shim_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
