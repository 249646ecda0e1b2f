/* The file of corrections: how it is read, what it does, how it is kept. */
#include "tests/support/check.h"

#include <string.h>

#include "names/corrections.h"
#include "tests/support/folder.h"

static lede_corrections *parse(const char *text)
{
    lede_corrections *made = NULL;
    lede_error err = {0};

    assert_ok(lede_corrections_parse(lede_span_text(text), &made, &err));
    return made;
}

static void check_apply(const lede_corrections *c, lede_name_kind kind,
                        const char *name, uint64_t entry, const char *wanted)
{
    lede_span out;

    lede_corrections_apply(c, kind, lede_span_text(name), entry, &out);
    assert_span(out, wanted);
}

static void test_corrections__each_verb_does_what_it_says(void **state)
{
    lede_corrections *c =
        parse("# by hand\n"
              "merge person \"Volodymyr Zelensky\" \"Vladimir Zelenskiy\"\n"
              "rename person \"Bob Dudley\" \"Robert Dudley\"\n"
              "\n"
              "split person \"John Smith\" \"John Smith (golfer)\" "
              "00000000000000ff 000000000000000a # two of them\n"
              "hide person \"Verify\"\n"
              "add person \"Ai Weiwei\"\n"
              "rename place \"Paris\" g4717560\n");

    (void)state;
    assert_int_equal(lede_corrections_count(c), 6);
    check_apply(c, LEDE_NAME_PERSON, "Vladimir Zelenskiy", 1,
                "Volodymyr Zelensky");
    check_apply(c, LEDE_NAME_PERSON, "VLADIMIR  ZELENSKIY", 1,
                "Volodymyr Zelensky");
    check_apply(c, LEDE_NAME_PERSON, "Mr Bob Dudley", 1, "Robert Dudley");
    check_apply(c, LEDE_NAME_PERSON, "John Smith", 1, "John Smith");
    check_apply(c, LEDE_NAME_PERSON, "John Smith", 255, "John Smith (golfer)");
    check_apply(c, LEDE_NAME_PERSON, "John Smith", 10, "John Smith (golfer)");
    check_apply(c, LEDE_NAME_PERSON, "Verify", 1, "");
    check_apply(c, LEDE_NAME_PERSON, "Paris", 1, "Paris");
    check_apply(c, LEDE_NAME_PLACE, "Paris", 1, "g4717560");
    check_apply(c, LEDE_NAME_PLACE, "Verify", 1, "Verify");
    lede_corrections_free(c);
}

static void test_corrections__later_lines_see_earlier_names(void **state)
{
    lede_corrections *c = parse("rename person \"A B\" \"C D\"\n"
                                "rename person \"C D\" \"E F\"\n"
                                "rename person \"A B\" \"X Y\"\n"
                                "hide person \"E F\"\n");

    (void)state;
    check_apply(c, LEDE_NAME_PERSON, "A B", 1, "");
    check_apply(c, LEDE_NAME_PERSON, "C D", 1, "");
    check_apply(c, LEDE_NAME_PERSON, "X Y", 1, "X Y");
    lede_corrections_free(c);
}

static void check_refused(const char *text, const char *wanted)
{
    lede_corrections *c = parse(text);
    const char *told = lede_corrections_error(c, 0);

    assert_int_equal(lede_corrections_count(c), 0);
    assert_non_null(told);
    assert_null(lede_corrections_error(c, 1));
    if (strstr(told, wanted) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", told, wanted);
    }
    lede_corrections_free(c);
}

/* Others hold, and the line stays where it was. */
static void test_corrections__keep_lines_that_cannot_be_read(void **state)
{
    static const char text[] = "rename person \"A B\" \"C D\"\n"
                               "marry person \"A B\" \"C D\"\n"
                               "hide person \"E F\"\n"
                               "split person \"A\" \"B\"\n";
    lede_corrections *c = parse(text);
    lede_error err = {0};
    lede_buf out = {0};

    (void)state;
    check_apply(c, LEDE_NAME_PERSON, "A B", 1, "C D");
    check_apply(c, LEDE_NAME_PERSON, "E F", 1, "");
    assert_int_equal(lede_corrections_count(c), 2);
    assert_memory_equal(lede_corrections_error(c, 0), "line 2: ", 8);
    assert_memory_equal(lede_corrections_error(c, 1), "line 4: ", 8);
    assert_null(lede_corrections_error(c, 2));
    lede_corrections_format(c, &out);
    assert_string_equal(lede_buf_text(&out), text);
    assert_ok(lede_corrections_undo(c, &err));
    check_apply(c, LEDE_NAME_PERSON, "E F", 1, "E F");
    assert_non_null(lede_corrections_error(c, 1));
    lede_buf_done(&out);
    lede_corrections_free(c);
}

static void test_corrections__says_which_line_is_wrong(void **state)
{
    (void)state;
    check_refused("# fine\n\nmege person \"A\" \"B\"\n", "line 3: ");
    check_refused("merge \"A\" \"B\"\n", "person or place");
    check_refused("merge person \"A\"\n", "two names");
    check_refused("hide person \"A\n", "quotation mark");
    check_refused("hide person \"\"\n", "empty");
    check_refused("hide person A\n", "quotation marks");
    check_refused("hide person \"A\" \"B\"\n", "too many");
    check_refused("split person \"A\" \"B\"\n", "entries");
    check_refused("split person \"A\" \"B\" 12\n", "16 digits");
    check_refused("split person \"A B\" \"A B Jr.\" 00000000000000ff\n",
                  "another word");
    check_refused("split person \"A B\" \"Sir A. B\" 00000000000000ff\n",
                  "another word");
    check_refused("rename person \"A\" \"B\" 00000000000000ff\n",
                  "split alone");
    check_refused("rename person \"A\\n\" \"B\"\n", "neither");
}

static void test_corrections__keeps_what_it_does_not_change(void **state)
{
    const char *text = "# a comment\n"
                       "\thide   person \"A \\\"B\\\" C\"   # why\n"
                       "\n"
                       "# the end\n";
    lede_corrections *c = parse(text);
    lede_span names[2] = {lede_span_text("D \\ E"), lede_span_text("F \"G\"")};
    lede_correction added = {.verb = LEDE_CORRECTION_RENAME,
                             .kind = LEDE_NAME_PERSON,
                             .names = names,
                             .name_count = 2};
    lede_correction got;
    lede_buf out = {0};
    lede_error err = {0};

    (void)state;
    lede_corrections_format(c, &out);
    assert_span(lede_buf_span(&out), text);
    assert_ok(lede_corrections_put(c, &added, &err));
    lede_corrections_get(c, 1, &got);
    assert_int_equal(got.line, 5);
    assert_span(got.names[0], "D \\ E");
    assert_span(got.names[1], "F \"G\"");
    lede_buf_clear(&out);
    lede_corrections_format(c, &out);
    assert_true(lede_span_starts(lede_buf_span(&out), text));

    assert_ok(lede_corrections_undo(c, &err));
    lede_buf_clear(&out);
    lede_corrections_format(c, &out);
    assert_span(lede_buf_span(&out), text);
    assert_ok(lede_corrections_undo(c, &err));
    assert_status(lede_corrections_undo(c, &err), LEDE_NOT_FOUND);
    lede_buf_clear(&out);
    lede_corrections_format(c, &out);
    assert_span(lede_buf_span(&out), "# a comment\n\n# the end\n");
    lede_corrections_free(c);
    lede_buf_done(&out);
}

static void test_corrections__refuses_what_it_could_not_read(void **state)
{
    lede_corrections *c = parse("# only this\n");
    lede_span names[2] = {lede_span_text("A\nhide person \"B\""),
                          lede_span_text(" ")};
    lede_correction bad = {.verb = LEDE_CORRECTION_HIDE,
                           .kind = LEDE_NAME_PERSON,
                           .names = names,
                           .name_count = 1};
    lede_buf out = {0};
    lede_error err = {0};

    (void)state;
    assert_status(lede_corrections_put(c, &bad, &err), LEDE_BAD_INPUT);
    bad.names = names + 1;
    assert_status(lede_corrections_put(c, &bad, &err), LEDE_BAD_INPUT);
    bad.name_count = 0;
    assert_status(lede_corrections_put(c, &bad, &err), LEDE_BAD_INPUT);
    assert_int_equal(lede_corrections_count(c), 0);
    lede_corrections_format(c, &out);
    assert_span(lede_buf_span(&out), "# only this\n");
    lede_corrections_free(c);
    lede_buf_done(&out);
}

static void test_corrections__refuses_what_changes_nothing(void **state)
{
    lede_corrections *c;

    (void)state;
    check_refused("rename person \"A B\" \"A B\"\n", "the same one");
    check_refused("merge person \"A B\" \"A B\"\n", "the same one");
    check_refused("merge place g703448 g703448 g703448\n", "the same one");
    check_refused("rename person \"A B\" \"President\"\n", "is a title");
    check_refused("merge person \"Mr\" \"A B\"\n", "is a title");
    check_refused("split person \"A B\" \"Sir\" 00000000000000ff\n",
                  "is a title");
    c = parse("rename person \"BORIS JOHNSON\" \"Boris Johnson\"\n"
              "merge person \"A B\" \"C D\" \"C D\"\n"
              "merge person \"A B\" \"President\"\n"
              "hide person \"President\"\n"
              "rename place \"Mayor\" \"General\"\n");
    assert_int_equal(lede_corrections_count(c), 5);
    lede_corrections_free(c);
}

/* Each source as "name", "name only 1 2" or "name but 1 2". */
static lede_status tell_source(void *ctx, const lede_correction_source *source,
                               lede_error *err)
{
    lede_buf *out = ctx;
    size_t i;

    (void)err;
    lede_buf_put_text(out, out->len > 0 ? "; " : "");
    lede_buf_put_span(out, source->name);
    lede_buf_put_text(out, source->only              ? " only"
                           : source->entry_count > 0 ? " but"
                                                     : "");
    for (i = 0; i < source->entry_count; i++) {
        lede_buf_put_format(out, " %u", (unsigned)source->entries[i]);
    }
    return LEDE_OK;
}

static void check_sources(const lede_corrections *c, const char *name,
                          const char *wanted)
{
    lede_buf out = {0};
    lede_error err = {0};

    assert_ok(lede_corrections_sources(
        c, LEDE_NAME_PERSON, lede_span_text(name), tell_source, &out, &err));
    assert_span(lede_buf_span(&out), wanted);
    lede_buf_done(&out);
}

static void test_corrections__tells_what_to_ask_for(void **state)
{
    lede_corrections *c =
        parse("split person \"Smith\" \"Ann Smith\" 0000000000000001 "
              "0000000000000003\n"
              "merge person \"Ann Smith\" \"A Smith\"\n"
              "rename person \"Bob\" \"Robert\"\n"
              "hide person \"Verify\"\n");

    (void)state;
    check_sources(c, "Ann Smith", "Ann Smith; A Smith; Smith only 1 3");
    check_sources(c, "Smith", "Smith but 1 3");
    check_sources(c, "Bob", "");
    check_sources(c, "Robert", "Robert; Bob");
    check_sources(c, "Verify", "");
    check_sources(c, "Somebody Else", "Somebody Else");
    lede_corrections_free(c);
}

typedef struct check_of {
    const lede_corrections *c;
    lede_buf shown; /* key of the name asked for */
    bool found[64][8];
    const char *const *names;
} check_of;

static lede_status mark_source(void *ctx, const lede_correction_source *source,
                               lede_error *err)
{
    check_of *of = ctx;
    int n;

    (void)err;
    for (n = 0; n < 8; n++) {
        uint64_t e;

        if (!lede_span_is(source->name, of->names[n])) {
            continue;
        }
        for (e = 0; e < 64; e++) {
            bool named = false;
            size_t i;

            for (i = 0; i < source->entry_count; i++) {
                named |= source->entries[i] == e;
            }
            of->found[e][n] = named == source->only;
        }
    }
    return LEDE_OK;
}

/* Sources are the inverse of apply: held against each other on random files. */
static void test_corrections__sources_are_the_inverse_of_apply(void **state)
{
    static const char *const names[8] = {"Aa", "Bb", "Cc", "Dd",
                                         "Ee", "Ff", "Gg", "Hh"};
    uint64_t seed = 88172645463325252u;
    int round;

    (void)state;
    for (round = 0; round < 60; round++) {
        lede_buf text = {0};
        lede_corrections *c;
        int lines;
        int asked;

        for (lines = 0; lines < 8; lines++) {
            unsigned pick[6];
            int k;

            for (k = 0; k < 6; k++) {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                pick[k] = (unsigned)(seed >> 20) & 63;
            }
            switch (pick[0] & 3) {
            case 0:
                lede_buf_put_format(
                    &text, "merge person \"%s\" \"%s\" \"%s\"\n",
                    names[pick[1] & 7], names[pick[2] & 7], names[pick[3] & 7]);
                break;
            case 1:
                lede_buf_put_format(&text, "rename person \"%s\" \"%s\"\n",
                                    names[pick[1] & 7], names[pick[2] & 7]);
                break;
            case 2:
                lede_buf_put_format(
                    &text, "split person \"%s\" \"%s\" %016x %016x\n",
                    names[pick[1] & 7], names[pick[2] & 7], pick[3], pick[4]);
                break;
            default:
                if ((pick[5] & 3) == 0) {
                    lede_buf_put_format(&text, "hide person \"%s\"\n",
                                        names[pick[1] & 7]);
                }
            }
        }
        c = parse(lede_buf_text(&text));
        for (asked = 0; asked < 8; asked++) {
            check_of of = {.c = c, .names = names};
            lede_error err = {0};
            uint64_t e;
            int n;

            assert_ok(lede_corrections_sources(c, LEDE_NAME_PERSON,
                                               lede_span_text(names[asked]),
                                               mark_source, &of, &err));
            for (e = 0; e < 64; e++) {
                for (n = 0; n < 8; n++) {
                    lede_span shown;

                    lede_corrections_apply(c, LEDE_NAME_PERSON,
                                           lede_span_text(names[n]), e, &shown);
                    assert_int_equal(of.found[e][n],
                                     lede_span_is(shown, names[asked]));
                }
            }
        }
        lede_corrections_free(c);
        lede_buf_done(&text);
    }
}

static void test_corrections__a_file_comes_back(void **state)
{
    char folder[256];
    char path[300];
    lede_corrections *c = parse("hide place g703448\n");
    lede_corrections *again = NULL;
    lede_correction got;
    lede_error err = {0};

    (void)state;
    folder_make(folder);
    snprintf(path, sizeof path, "%s/names", folder);
    assert_ok(lede_corrections_open(path, &again, &err));
    assert_int_equal(lede_corrections_count(again), 0);
    lede_corrections_free(again);
    assert_ok(lede_corrections_save(c, path, &err));
    assert_ok(lede_corrections_open(path, &again, &err));
    assert_int_equal(lede_corrections_count(again), 1);
    lede_corrections_get(again, 0, &got);
    assert_int_equal(got.verb, LEDE_CORRECTION_HIDE);
    assert_int_equal(got.kind, LEDE_NAME_PLACE);
    assert_span(got.names[0], "g703448");
    lede_corrections_free(again);
    lede_corrections_free(c);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corrections__each_verb_does_what_it_says),
        cmocka_unit_test(test_corrections__later_lines_see_earlier_names),
        cmocka_unit_test(test_corrections__says_which_line_is_wrong),
        cmocka_unit_test(test_corrections__keep_lines_that_cannot_be_read),
        cmocka_unit_test(test_corrections__keeps_what_it_does_not_change),
        cmocka_unit_test(test_corrections__refuses_what_it_could_not_read),
        cmocka_unit_test(test_corrections__refuses_what_changes_nothing),
        cmocka_unit_test(test_corrections__tells_what_to_ask_for),
        cmocka_unit_test(test_corrections__sources_are_the_inverse_of_apply),
        cmocka_unit_test(test_corrections__a_file_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
