/* The sample archive: its entries are those of entries.tsv, and its questions
 * name entries that there are. */
#include "corpus/reader.h"
#include "corpus/walk.h"

#include "base/buf.h"
#include "tests/support/check.h"

#define SAMPLE LEDE_SOURCE_DIR "/corpus/sample"

static lede_error err;

typedef struct reading {
    lede_buf table, headlines; /* headlines: each between newlines */
    const char *file;          /* relative to the archive */
    size_t notes;
} reading;

static lede_status on_page(void *ctx, const lede_page *page, lede_error *error)
{
    (void)ctx;
    (void)page;
    (void)error;
    return LEDE_OK;
}

static lede_status on_page_end(void *ctx, lede_error *error)
{
    (void)ctx;
    (void)error;
    return LEDE_OK;
}

static lede_status on_entry(void *ctx, lede_entry *entry, const char *location,
                            lede_error *error)
{
    reading *r = ctx;

    (void)location;
    (void)error;
    lede_buf_put_format(&r->table, "%s\t%s\t", r->file,
                        lede_kind_name(entry->kind));
    lede_when_format(&entry->published, &r->table);
    lede_buf_put_byte(&r->table, '\t');
    lede_buf_put_span(&r->table, entry->headline);
    lede_buf_put_byte(&r->table, '\n');
    lede_buf_put_byte(&r->headlines, '\n');
    lede_buf_put_span(&r->headlines, entry->headline);
    lede_buf_put_byte(&r->headlines, '\n');
    return LEDE_OK;
}

static void on_note(void *ctx, const char *location, const char *what)
{
    reading *r = ctx;

    (void)location;
    (void)what;
    r->notes++;
    assert_string_equal(r->file, "damaged.jsonl");
}

static lede_status on_file(void *ctx, const lede_walk_file *file,
                           lede_error *error)
{
    reading *r = ctx;
    lede_read_options options = {0};
    lede_sink sink = {r, on_page, on_entry, on_page_end, on_note, NULL, NULL};
    const char *inside = strstr(file->path, "/sample/archive/");

    assert_non_null(inside);
    r->file = inside + strlen("/sample/archive/");
    return lede_corpus_read_file(file->path, &options, &sink, error);
}

static void read_sample(reading *r)
{
    lede_walk_callbacks callbacks = {r, on_file, NULL, NULL};

    lede_buf_put_text(&r->headlines, "\n");
    assert_ok(lede_walk(SAMPLE "/archive", &callbacks, &err));
}

static void reading_done(reading *r)
{
    lede_buf_done(&r->table);
    lede_buf_done(&r->headlines);
}

static void test_sample__has_the_entries_it_says(void **state)
{
    FILE *truth = fopen(SAMPLE "/entries.tsv", "r");
    reading r = {0};
    char line[512];
    const char *at;
    size_t count = 0;

    (void)state;
    assert_non_null(truth);
    read_sample(&r);
    at = lede_buf_text(&r.table);
    assert_non_null(at);
    while (fgets(line, sizeof line, truth) != NULL) {
        size_t len = strlen(line);

        if (strncmp(at, line, len) != 0) {
            print_error("entry %zu\n  is  %.*s\n  not %s", count,
                        (int)strcspn(at, "\n"), at, line);
            fail();
        }
        at += len;
        count++;
    }
    fclose(truth);
    assert_string_equal(at, "");
    assert_true(count > 50);
    assert_int_equal(r.notes, 2); /* what is cut off, and a bad byte */
    reading_done(&r);
}

static void check_question(char *line, const char *headlines)
{
    char *field = strchr(line, '\t');
    size_t answers = 0;
    size_t word;

    assert_non_null(field);
    word = strcspn(++field, "\t");
    assert_true(strncmp(field, "set", word) == 0 ||
                strncmp(field, "newest", word) == 0 ||
                strncmp(field, "first", word) == 0 ||
                strncmp(field, "none", word) == 0);
    for (field += word; *field == '\t'; answers++) {
        size_t len = strcspn(++field, "\t");
        char wanted[512];

        (void)snprintf(wanted, sizeof wanted, "\n%.*s\n", (int)len, field);
        if (strstr(headlines, wanted) == NULL) {
            print_error("no such headline: %s", wanted);
            fail();
        }
        field += len;
    }
    assert_true((answers == 0) == (strstr(line, "\tnone") != NULL));
}

static void test_sample__answers_its_questions_with_entries(void **state)
{
    FILE *questions = fopen(SAMPLE "/questions.tsv", "r");
    reading r = {0};
    char line[4096];
    size_t count = 0;

    (void)state;
    assert_non_null(questions);
    read_sample(&r);
    while (fgets(line, sizeof line, questions) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        check_question(line, lede_buf_text(&r.headlines));
        count++;
    }
    fclose(questions);
    assert_true(count > 30);
    reading_done(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sample__has_the_entries_it_says),
        cmocka_unit_test(test_sample__answers_its_questions_with_entries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
