/* The promises of corpus/source_settings.h. */
/* realpath and mkdtemp */
#define _XOPEN_SOURCE 700

#include "corpus/source_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check.h"

static char folder[512], file[600];
static lede_error err;
static lede_source_settings *settings;

static int make_folder(void **state)
{
    char name[] = "/tmp/lede-sources-XXXXXX";
    char *resolved;

    (void)state;
    if (mkdtemp(name) == NULL || (resolved = realpath(name, NULL)) == NULL) {
        return -1;
    }
    (void)snprintf(folder, sizeof folder, "%s", resolved);
    (void)snprintf(file, sizeof file, "%s/sources", resolved);
    free(resolved);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    lede_source_settings_close(settings);
    settings = NULL;
    (void)remove(file);
    return rmdir(folder);
}

static lede_status open_bytes(lede_span text)
{
    FILE *out = fopen(file, "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(text.bytes, 1, text.len, out), text.len);
    assert_int_equal(fclose(out), 0);
    lede_source_settings_close(settings);
    memset(&err, 0, sizeof err);
    return lede_source_settings_open(file, &settings, &err);
}

static lede_read_options options_of(const char *name)
{
    lede_read_options options = {.default_zone = "UTC", .year = 1999};
    char path[1200];

    (void)snprintf(path, sizeof path, "%s%s%s", name[0] == '/' ? "" : folder,
                   name[0] == '/' ? "" : "/", name);
    lede_source_settings_apply(settings, path, &options);
    return options;
}

static void test_settings__innermost_wins(void **state)
{
    lede_read_options o;

    (void)state;
    assert_ok(open_bytes(
        lede_span_text("\xEF\xBB\xBF# papers\n\n"
                       "[.]\nzone = Europe/London\nname=All papers\n"
                       "  [ north/cork ]  \r\n"
                       "zone= Europe/Dublin\r\nlanguage =ga\n"
                       "home = Cork, Ireland\n"
                       "[north]\nname = The [North] = # 1\nlanguage = en\n"
                       "[/elsewhere/]\nname = Other\n")));
    o = options_of("a.html");
    assert_string_equal(o.default_zone, "Europe/London");
    assert_string_equal(o.source_name, "All papers");
    assert_null(o.default_language);
    assert_int_equal(o.year, 1999);
    o = options_of("north/cork/deep/a.html");
    assert_string_equal(o.default_zone, "Europe/Dublin");
    assert_string_equal(o.source_name, "The [North] = # 1");
    assert_string_equal(o.default_language, "ga");
    assert_string_equal(o.source_home, "Cork, Ireland");
    o = options_of("north/corks/a.html");
    assert_null(o.source_home);
    assert_string_equal(o.default_zone, "Europe/London");
    assert_string_equal(o.default_language, "en");
    o = options_of("/elsewhere/b.txt");
    assert_string_equal(o.default_zone, "UTC");
    assert_string_equal(o.source_name, "Other");
    o = options_of("/elsewhere2/b.txt");
    assert_null(o.source_name);
    assert_true(lede_source_settings_are(settings, file));
    assert_false(lede_source_settings_are(settings, folder));
}

/* Folders that are not there are told, one by one. */
static void test_settings__folders_that_are_missing(void **state)
{
    unsigned line = 0;
    size_t at = 0;

    (void)state;
    assert_ok(open_bytes(lede_span_text("[.]\nname = A\n[/]\nname = B\n"
                                        "[nowhere/at all]\nname = C\n")));
    assert_non_null(strstr(
        lede_source_settings_next_missing(settings, &at, &line), "/at all"));
    assert_int_equal(line, 5);
    assert_null(lede_source_settings_next_missing(settings, &at, &line));
    at = 0;
    assert_null(lede_source_settings_next_missing(NULL, &at, &line));
}

static void test_settings__of_all_files(void **state)
{
    (void)state;
    assert_ok(open_bytes(lede_span_text("[/]\nname = World")));
    assert_string_equal(options_of("x").source_name, "World");
    assert_ok(open_bytes(lede_span_text("")));
    assert_null(options_of("x").source_name);
}

static void test_settings__errors_name_the_line(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"zone = UTC\n", ":1: a setting before any [folder]"},
        {"\n\n[a\n", ":3: the name of a folder must end with ]"},
        {"[a]\n[ ]\n", ":2: which folder?"},
        {"[a]\nzone\n", ":2: neither [folder] nor setting = value: 'zone'"},
        {"[a]\nzone =\n", ":2: a setting without a value"},
        {"[a]\nzone = Europe/Lundon\n", ":2: no time zone is called so"},
        {"[a]\nlanguage = e\n", ":2: no code of a language"},
        {"[a]\n# x\ncolour = red\n", ":3: no setting is called so"},
        {"[a]\nname = A\nname = B\n", ":3: set twice: 'name'"},
        {"[a]\nname = A\n[b]\n[a/]\n", ":4: this folder has settings above"},
        {"[a]\nname = \xFF\n", ":2: this is no text in UTF-8"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(open_bytes(lede_span_text(cases[i].text)),
                         LEDE_BAD_INPUT);
        assert_null(settings);
        assert_memory_equal(err.message, file, strlen(file));
        if (strstr(err.message, cases[i].says) == NULL) {
            fail_msg("%s: not %s", err.message, cases[i].says);
        }
    }
    assert_int_equal(open_bytes(lede_span_of("[a]\nname = \0b\n", 14)),
                     LEDE_BAD_INPUT);
}

static void test_settings__file_missing_or_none(void **state)
{
    (void)state;
    assert_int_equal(lede_source_settings_open(file, &settings, &err),
                     LEDE_NOT_FOUND);
    assert_int_equal(lede_source_settings_open(folder, &settings, &err),
                     LEDE_IO);
    assert_null(settings);
    assert_null(options_of("x").source_name);
    assert_false(lede_source_settings_are(settings, file));
}

static void test_settings__bounded(void **state)
{
    static char much[(1 << 20) + 64];

    (void)state;
    memset(much, '\n', sizeof much);
    assert_int_equal(open_bytes(lede_span_of(much, sizeof much)),
                     LEDE_BAD_INPUT);
}

int main(void)
{
#define IN_FOLDER(test)                                                        \
    cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_settings__innermost_wins),
        IN_FOLDER(test_settings__folders_that_are_missing),
        IN_FOLDER(test_settings__of_all_files),
        IN_FOLDER(test_settings__errors_name_the_line),
        IN_FOLDER(test_settings__file_missing_or_none),
        IN_FOLDER(test_settings__bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
