/* Pairs through merges: what they answer, who keeps them, who finds them wrong.
 */
#define _DEFAULT_SOURCE
#include "indexer/indexer.h"
#include "query/match.h"
#include "storage/archive.h"
#include "storage/record.h"
#include "tests/query/exhaustive.h"
#include "tests/query/random_tree.h"
#include "tests/support/check.h"

static lede_error err;

/* Whether all segments have pair words; *any: whether one has. */
static bool all_have_pairs(lede_archive *archive, bool *any)
{
    lede_snapshot *snapshot = NULL;
    bool all = true;
    uint32_t i;

    *any = false;
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    for (i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_pair_words *words = NULL;

        assert_ok(lede_segment_pair_words(lede_snapshot_segment(snapshot, i),
                                          &words, &err));
        *any = *any || words != NULL;
        all = all && words != NULL;
    }
    lede_snapshot_close(snapshot);
    return all;
}

static bool has_pair_terms(lede_archive *archive)
{
    lede_snapshot *snapshot = NULL;
    lede_term_cursor *cursor = NULL;
    lede_term term;
    bool found = false;

    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    assert_int_equal(lede_snapshot_segment_count(snapshot), 1);
    assert_ok(lede_term_cursor_open(lede_snapshot_segment(snapshot, 0), &cursor,
                                    &err));
    while (lede_term_cursor_next(cursor, &term, &err) == LEDE_OK) {
        found = found || lede_term_is_pair(term.bytes);
    }
    lede_term_cursor_close(cursor);
    lede_snapshot_close(snapshot);
    return found;
}

static void compare_phrases(lede_archive *archive,
                            const random_archive_options *options)
{
    uint64_t random = options->seed;
    lede_snapshot *snapshot = NULL;
    uint32_t i;

    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    for (i = 0; i < 60; i++) {
        lede_arena arena = {0};
        lede_tree tree = random_tree_phrase(options, &random, &arena);
        lede_match_options how = random_tree_options(options, &random);
        lede_match_result wanted = {0}, got = {0};
        lede_lookup *lookup;
        uint64_t k;

        how.totals = LEDE_TOTALS_EXACT;
        assert_ok(exhaustive_run(snapshot, &tree, &how, &wanted, &err));
        assert_ok(lede_lookup_new(snapshot, &tree, &lookup, &err));
        assert_ok(lede_match_run(lookup, &how, &got, &err));
        lede_lookup_free(lookup);
        assert_true(got.total == wanted.total);
        assert_true(got.hit_count == wanted.hit_count);
        for (k = 0; k < got.hit_count; k++) {
            assert_true(got.hits[k].entry == wanted.hits[k].entry);
            assert_true(got.hits[k].score == wanted.hits[k].score);
        }
        lede_match_result_done(&wanted);
        lede_match_result_done(&got);
        lede_arena_done(&arena);
    }
    lede_snapshot_close(snapshot);
}

/* What check finds wrong with terms; the records of these archives are not
 * what it expects. */
static void count_terms(void *ctx, const char *problem)
{
    unsigned *count = ctx;

    *count += strstr(problem, ": term '") != NULL;
}

static unsigned faults_of_terms(lede_archive *archive)
{
    unsigned count = 0;
    lede_check_callbacks callbacks = {.ctx = &count, .found = count_terms};

    (void)lede_archive_check(archive, &callbacks, &err);
    return count;
}

/* Segments with pairs of the same words become one with pairs; if one has none,
 * the merged has none. Either way phrases match what they should. */
static void test_pairs__outlive_merges_if_all_have_them(void **state)
{
    random_archive_options options = {.segments = 2,
                                      .entries = 500,
                                      .words = 9,
                                      .tokens = 14,
                                      .deleted = 7,
                                      .undated = 9,
                                      .times = 200,
                                      .pairs = 14};
    unsigned kept = 0, lost = 0;

    (void)state;
    for (options.seed = 900; options.seed < 906; options.seed++) {
        char directory[256];
        lede_archive *archive = NULL;
        bool any_before, any, all_before, all;

        assert_ok(random_archive_make(&options, directory, &archive, &err));
        all_before = all_have_pairs(archive, &any_before);
        assert_int_equal(faults_of_terms(archive), 0);
        assert_ok(lede_index_compact(archive, NULL, &err));
        assert_int_equal(faults_of_terms(archive), 0);
        all = all_have_pairs(archive, &any);
        assert_int_equal(all, all_before);
        assert_int_equal(has_pair_terms(archive), all);
        kept += all;
        lost += any_before && !all;
        compare_phrases(archive, &options);
        random_archive_remove(archive, directory);
    }
    assert_true(kept > 0 && lost > 0);
}

/* An archive of one entry with the pair "of the", and pairs of `texts`, if any,
 * said to be kept. */
static lede_archive *make_archive(const char *directory,
                                  const char *const *texts, uint32_t count)
{
    lede_archive_options how = {.create = true, .map_bytes = 1u << 24};
    lede_segment_row row = {.source = lede_span_text("test")};
    lede_posting posting = {.frequency = 1, .fields = 8};
    lede_segment_writer *segment = NULL;
    lede_archive *archive = NULL;
    lede_writer *writer = NULL;
    uint32_t id = 0, i;
    lede_publish change = {.added = &id, .added_count = 1};
    lede_span spans[4];
    lede_pair_words words;
    lede_buf bytes = {0};
    lede_entry entry;

    assert_ok(lede_archive_open(directory, &how, &archive, &err));
    assert_ok(lede_writer_open(archive, 0, &writer, &err));
    assert_ok(lede_segment_writer_new(writer, 1, &segment, &err));
    assert_ok(lede_segment_writer_put_row(segment, &row, &err));
    for (i = 0; i < count; i++) {
        spans[i] = lede_span_text(texts[i]);
    }
    if (count > 0) {
        lede_pair_words_encode(spans, count, &bytes);
        assert_ok(lede_pair_words_decode(lede_buf_span(&bytes), &words, &err));
        assert_ok(lede_segment_writer_put_pair_words(segment, &words, &err));
        assert_status(lede_segment_writer_put_pair_words(segment, &words, &err),
                      LEDE_BUG);
    }
    assert_ok(lede_segment_writer_begin_term(segment, lede_span_text("Pof the"),
                                             NULL, 0, &err));
    assert_ok(lede_segment_writer_put_posting(segment, &posting, &err));
    assert_ok(lede_segment_writer_end_term(segment, &err));
    lede_entry_init(&entry);
    lede_buf_clear(&bytes);
    lede_record_encode(&entry, &bytes);
    assert_ok(lede_segment_writer_put_record(segment, 0, lede_buf_span(&bytes),
                                             &err));
    assert_ok(lede_segment_writer_finish(segment, &id, &err));
    lede_segment_writer_free(segment);
    assert_ok(lede_writer_publish(writer, &change, &err));
    lede_writer_close(writer);
    lede_buf_done(&bytes);
    return archive;
}

static void test_pairs__of_words_not_named_are_found(void **state)
{
    static const char *const sets[][2] = {
        {"of", "the"}, {"of", "then"}, {"a", "of"}};
    unsigned i;

    (void)state;
    for (i = 0; i < 4; i++) {
        char directory[] = "/tmp/lede-pairs-XXXXXX";
        lede_archive *archive;

        assert_non_null(mkdtemp(directory));
        archive = i < 3 ? make_archive(directory, sets[i], 2)
                        : make_archive(directory, NULL, 0);
        assert_int_equal(faults_of_terms(archive), i > 0);
        random_archive_remove(archive, directory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs__of_words_not_named_are_found),
        cmocka_unit_test(test_pairs__outlive_merges_if_all_have_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
