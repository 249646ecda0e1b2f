/* PDF documents: what corpus/pdf.c makes of a program that does well, badly, or
 * is not there; and of pdftotext itself, where it is installed. */
/* mkdtemp */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/corpus/read_text.h"

static char folder[64], program[96], info[96];
static char *usual_path;
static lede_error err;

static int setup(void **state)
{
    char path[4096];
    const char *now = getenv("PATH");

    usual_path = strdup(now == NULL ? "" : now);
    (void)snprintf(folder, sizeof folder, "/tmp/lede-pdf-XXXXXX");
    if (usual_path == NULL || mkdtemp(folder) == NULL) {
        return -1;
    }
    (void)snprintf(program, sizeof program, "%s/pdftotext", folder);
    (void)snprintf(info, sizeof info, "%s/pdfinfo", folder);
    (void)snprintf(path, sizeof path, "%s:%s", folder, usual_path);
    return setenv("PATH", path, 1) == 0 ? read_setup(state) : -1;
}

static int teardown(void **state)
{
    (void)remove(program);
    (void)remove(info);
    (void)rmdir(folder);
    (void)setenv("PATH", usual_path, 1);
    free(usual_path);
    return read_teardown(state);
}

/* A program that does this in the place of another. */
static void pretend_to_be(const char *path, const char *script)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    assert_true(fprintf(out, "#!/bin/sh\n%s\n", script) > 0);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(path, 0700), 0);
}

/* One in the place of pdftotext; pdfinfo says nothing. */
static void pretend(const char *script)
{
    pretend_to_be(program, script);
    pretend_to_be(info, "exit 1");
}

static lede_status read_pdf(const char *text)
{
    memset(&err, 0, sizeof err);
    collect_done(&got);
    assert_true(lede_format_pdf.claims(lede_span_text(text), true, ""));
    return collect_bytes(&got, &lede_format_pdf, lede_span_text(text),
                         "/a/paper.pdf", &context, &err);
}

/* No process is left behind. */
static void assert_reaped(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void test_pdf__text_is_an_article(void **state)
{
    (void)state;
    /* The document comes as a file that can be read from its beginning. */
    pretend("[ \"$(head -c 5 /dev/stdin)\" = %PDF- ] || exit 3\n"
            "printf 'Ferry runs aground\\n\\nPublished: 3 June 2024\\n\\n'\n"
            "printf 'The ferry ran aground in the night.\\n'\n");
    assert_ok(read_pdf("%PDF-1.4 ..."));
    assert_int_equal(got.count, 1);
    assert_int_equal(got.notes, 0);
    assert_entry(0, "Ferry runs aground", "2024-06-03",
                 "The ferry ran aground in the night.");
    assert_reaped();
}

static void test_pdf__what_it_says_of_itself(void **state)
{
    (void)state;
    pretend("printf 'The ferry ran aground in the night.\\n'");
    pretend_to_be(info, "printf 'Title:          Ferry runs aground\\n'\n"
                        "printf 'Author:         Ann Lee and Bo Ray\\n'\n"
                        "printf 'CreationDate:   2024-06-03T10:20:30+02\\n'");
    assert_ok(read_pdf("%PDF-1.4"));
    assert_int_equal(got.count, 1);
    assert_span(lede_span_text(got.page.format), "PDF");
    assert_span(entry(0)->headline, "Ferry runs aground");
    assert_int_equal(entry(0)->author_count, 2);
    assert_span(entry(0)->authors[1].name, "Bo Ray");
    assert_when(&entry(0)->captured, "2024-06-03T08:20:30Z");
    assert_int_equal(entry(0)->published.precision, LEDE_PRECISION_NONE);
    /* Names of files are no titles, nor are those of programs people. */
    pretend_to_be(info, "printf 'Title:  Microsoft Word - ferry 2.doc\\n'\n"
                        "printf 'Author: scanner\\nCreationDate: x\\n'");
    assert_ok(read_pdf("%PDF-1.4"));
    assert_true(entry(0)->headline_derived);
    assert_int_equal(entry(0)->author_count, 0);
    assert_int_equal(entry(0)->captured.precision, LEDE_PRECISION_NONE);
    assert_reaped();
}

static void test_pdf__a_failure_is_told(void **state)
{
    (void)state;
    pretend("exit 1");
    assert_int_equal(read_pdf("%PDF-1.4"), LEDE_BAD_INPUT);
    assert_non_null(strstr(err.message, "pdftotext cannot read"));
    pretend("exit 0");
    assert_int_equal(read_pdf("%PDF-1.4"), LEDE_BAD_INPUT);
    assert_non_null(strstr(err.message, "no text"));
    /* What came before it is kept. */
    pretend("printf 'Ferry\\n\\nIt ran aground.\\n'; kill -9 $$");
    assert_ok(read_pdf("%PDF-1.4"));
    assert_int_equal(got.count, 1);
    assert_int_equal(got.notes, 1);
    assert_non_null(strstr(got.last_note, "cannot read it to its end"));
    assert_reaped();
}

static void test_pdf__output_is_bounded(void **state)
{
    (void)state;
    pretend("exec yes 'The ferry ran aground in the night of the storm.'");
    assert_ok(read_pdf("%PDF-1.4"));
    assert_true(got.count >= 1);
    assert_non_null(strstr(got.last_note, "16 MiB"));
    assert_reaped();
}

static void test_pdf__stops_when_asked(void **state)
{
    static const volatile int stop = 1;
    lede_read_options stopped = options;

    (void)state;
    stopped.stop = &stop;
    context.options = &stopped;
    pretend("exec sleep 1000");
    assert_int_equal(read_pdf("%PDF-1.4"), LEDE_INTERRUPTED);
    assert_reaped();
}

static void test_pdf__missing_program_is_named(void **state)
{
    (void)state;
    assert_int_equal(setenv("PATH", folder, 1), 0);
    assert_int_equal(read_pdf("%PDF-1.4"), LEDE_BAD_INPUT);
    assert_non_null(strstr(err.message, "not installed"));
    assert_reaped();
}

static const char document[] =
    "%PDF-1.4\n"
    "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 300]/Contents 4 0 R"
    "/Resources<</Font<</F 5 0 R>>>>>>\nendobj\n"
    "4 0 obj\n<</Length 119>>\nstream\n"
    "BT /F 20 Tf 50 250 Td (Ferry runs aground) Tj "
    "/F 10 Tf 0 -60 Td (The ferry ran aground in the night of the storm.) Tj "
    "ET \nendstream\nendobj\n"
    "5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n"
    "trailer\n<</Root 1 0 R>>\n";

static void test_pdf__real_program(void **state)
{
    (void)state;
    if (system("pdftotext -v >/dev/null 2>&1") != 0) {
        print_message("skipped: pdftotext is not installed\n");
        skip();
    }
    assert_ok(read_pdf(document));
    assert_int_equal(got.count, 1);
    assert_span(entry(0)->headline, "Ferry runs aground");
    assert_span(entry(0)->body[0].text,
                "The ferry ran aground in the night of the storm.");
}

static void put_object(lede_buf *out, int number, const char *head,
                       const char *content)
{
    lede_buf_put_format(out,
                        "%d 0 obj\n<<%s/Length %zu>>\nstream\n%s\nendstream\n"
                        "endobj\n",
                        number, head, strlen(content), content);
}

/* A form that shows another ten times, which shows another ten times... */
static void put_laughs(lede_buf *out, int deep)
{
    char content[256];
    char head[256];
    int i, k;

    lede_buf_put_text(out,
                      "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\n"
                      "endobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\n"
                      "endobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 "
                      "500 300]/Contents 4 0 R/Resources<</XObject<</L 10 0 R>>"
                      ">>>>\nendobj\n"
                      "5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
                      "\nendobj\n");
    put_object(out, 4, "", "/L Do");
    for (i = 0; i < deep; i++) {
        content[0] = '\0';
        for (k = 0; k < 10; k++) {
            (void)strcat(content, "1 0 0 1 1 1 cm /L Do ");
        }
        (void)snprintf(head, sizeof head,
                       "/Type/XObject/Subtype/Form/BBox[0 0 500 300]/Resources"
                       "<</XObject<</L %d 0 R>>>>",
                       11 + i);
        put_object(out, 10 + i, head, content);
    }
    put_object(out, 10 + deep,
               "/Type/XObject/Subtype/Form/BBox[0 0 500 300]/Resources<</Font<<"
               "/F 5 0 R>>>>",
               "BT /F 9 Tf 10 10 Td (The ferry ran aground.) Tj ET");
    lede_buf_put_text(out, "trailer\n<</Root 1 0 R>>\n");
}

/* Documents that the real program would be busy with for days. */
static void test_pdf__bombs_end(void **state)
{
    static const char *const loops[] = {
        "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n"
        "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2000000000>>\nendobj\n"
        "trailer\n<</Root 1 0 R>>\n",
        "%PDF-1.4\n1 0 obj\n1 0 R\nendobj\ntrailer\n<</Root 1 0 R/Prev 9>>\n",
        "%PDF-1.4\nxref\n0 99999999999\ntrailer\n<</Size 99999999999/Root 1 0 "
        "R>>\nstartxref\n9\n%%EOF\n"};
    lede_buf laughs = {0};
    time_t began = time(NULL);
    size_t i;

    (void)state;
    if (system("pdftotext -v >/dev/null 2>&1") != 0) {
        print_message("skipped: pdftotext is not installed\n");
        skip();
    }
    for (i = 0; i < sizeof loops / sizeof loops[0]; i++) {
        assert_int_equal(read_pdf(loops[i]), LEDE_BAD_INPUT);
        assert_reaped();
    }
    if (getenv("LEDE_TEST_LONG") == NULL) {
        print_message("one takes a minute: LEDE_TEST_LONG=1 runs it\n");
        return;
    }
    put_laughs(&laughs, 12);
    assert_int_equal(read_pdf(lede_buf_text(&laughs)), LEDE_BAD_INPUT);
    print_message("%ld seconds: %s\n", (long)(time(NULL) - began), err.message);
    assert_true(time(NULL) - began < 90);
    assert_reaped();
    lede_buf_done(&laughs);
}

int main(void)
{
#define PDF_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        PDF_TEST(test_pdf__text_is_an_article),
        PDF_TEST(test_pdf__what_it_says_of_itself),
        PDF_TEST(test_pdf__a_failure_is_told),
        PDF_TEST(test_pdf__output_is_bounded),
        PDF_TEST(test_pdf__stops_when_asked),
        PDF_TEST(test_pdf__missing_program_is_named),
        PDF_TEST(test_pdf__real_program),
        PDF_TEST(test_pdf__bombs_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
