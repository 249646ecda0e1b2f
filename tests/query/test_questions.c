/* The questions of the sample archive get their answers:
 * corpus/sample/README.md says what each kind of question promises. */
#define _DEFAULT_SOURCE
#include "tests/support/check.h"

#include "indexer/indexer.h"
#include "query/search.h"

enum { MAX_FIELDS = 64 };

static char directory[] = "/tmp/lede-questions-XXXXXX";
static lede_archive *archive;
static lede_snapshot *snapshot;

static int open_sample(void **state)
{
    const char *paths[] = {LEDE_SOURCE_DIR "/corpus/sample/archive"};
    lede_archive_options create = {.create = true};
    lede_index_options options = {0};
    lede_index_report report = {0};
    lede_error err = {0};

    (void)state;
    if (mkdtemp(directory) == NULL ||
        lede_archive_open(directory, &create, &archive, &err) != LEDE_OK ||
        lede_index_paths(archive, paths, 1, &options, &report, &err) !=
            LEDE_OK ||
        lede_snapshot_open(archive, &snapshot, &err) != LEDE_OK) {
        print_error("%s\n", err.message);
        return -1;
    }
    return 0;
}

static int close_sample(void **state)
{
    char command[256];

    (void)state;
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    return system(command);
}

static int split(char *line, char *fields[MAX_FIELDS])
{
    int count = 0;

    line[strcspn(line, "\n")] = '\0';
    while (count < MAX_FIELDS) {
        fields[count++] = line;
        line = strchr(line, '\t');
        if (line == NULL) {
            break;
        }
        *line++ = '\0';
    }
    return count;
}

static bool is_among(lede_span headline, char **wanted, int count)
{
    int i;

    for (i = 0; i < count; i++) {
        if (lede_span_is(headline, wanted[i])) {
            return true;
        }
    }
    return false;
}

static bool hit_is_right(const char *kind, lede_span headline, uint32_t at,
                         char **wanted, int count)
{
    if (strcmp(kind, "set") == 0) {
        return is_among(headline, wanted, count);
    }
    if (strcmp(kind, "first") == 0 && at >= 1) {
        return true;
    }
    return at < (uint32_t)count && lede_span_is(headline, wanted[at]);
}

static bool answer_is_right(char **fields, int field_count)
{
    lede_search_options options = {
        .limit = 100, .no_relax = true, .unfolded = true};
    int wanted = field_count - 2;
    lede_results *results = NULL;
    lede_error err = {0};
    bool right = true;
    uint32_t i;

    if (strcmp(fields[1], "newest") == 0) {
        options.sort = LEDE_SORT_NEWEST;
    }
    assert_ok(lede_search(snapshot, lede_span_text(fields[0]), &options,
                          &results, &err));
    if (strcmp(fields[1], "first") != 0 &&
        lede_results_total(results) != (uint64_t)wanted) {
        print_error("%s: %u hits, wanted %d\n", fields[0],
                    (unsigned)lede_results_total(results), wanted);
        right = false;
    }
    for (i = 0; i < lede_results_count(results); i++) {
        const lede_hit *hit = NULL;

        assert_ok(lede_results_get(results, i, &hit, &err));
        if (!hit_is_right(fields[1], hit->entry->headline, i, fields + 2,
                          wanted)) {
            print_error("%s: hit %u is \"%.*s\"\n", fields[0], i + 1,
                        (int)hit->entry->headline.len,
                        (const char *)hit->entry->headline.bytes);
            right = false;
        }
    }
    lede_results_free(results);
    return right;
}

static void test_questions__each_gets_its_answer(void **state)
{
    FILE *file = fopen(LEDE_SOURCE_DIR "/corpus/sample/questions.tsv", "r");
    char *line = NULL;
    size_t cap = 0;
    int asked = 0;
    int wrong = 0;

    (void)state;
    assert_non_null(file);
    while (getline(&line, &cap, file) > 0) {
        char *fields[MAX_FIELDS];
        int count = split(line, fields);

        if (count >= 2 && line[0] != '#') {
            asked++;
            wrong += !answer_is_right(fields, count);
        }
    }
    free(line);
    fclose(file);
    assert_int_equal(wrong, 0);
    assert_true(asked >= 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_questions__each_gets_its_answer),
    };

    return cmocka_run_group_tests(tests, open_sample, close_sample);
}
