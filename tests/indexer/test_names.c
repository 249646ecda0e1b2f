/* Names of entries: what segments keep of them, whichever way they came about.
 */
#include "base/entry_terms.h"
#include "indexer/name_terms.h"
#include "indexer/namer.h"
#include "indexer/run.h"
#include "names/gazetteer.h"
#include "storage/record.h"
#include "tests/indexer/dump.h"
#include "tests/support/check.h"

static lede_error err;

/* A line of JSON Lines. The same few names are in many entries. */
static void put_line(lede_buf *out, unsigned i)
{
    static const char *const people[] = {"Keir Starmer", "Sergei Lavrov",
                                         "Volodymyr Zelensky", "Ann O'Brien",
                                         "Jean-Pierre Lacroix"};
    static const char *const places[] = {"Kyiv", "Paris", "Riyadh",
                                         "Springfield", "Ukraine"};
    const char *who = people[i % 5], *where = places[i / 5 % 5];
    const char *other = people[(i + 1) % 5];
    const char *last = strrchr(who, ' ') + 1;

    lede_buf_put_format(
        out,
        "{\"id\": \"urn:lede-test:%04u\", \"headline\": \"%s speaks in %s\", "
        "\"date\": \"2025-%02u-%02uT10:00:00Z\", \"author\": \"Bo Ek\", "
        "\"body\": \"The minister %s met Mr %s in %s on Tuesday. %s said that "
        "talks in %s would go on.\\n\\nIt was number %u.\"}\n",
        i, last, where, 1 + i / 28 % 12, 1 + i % 28, who, other, where, last,
        where, i);
}

typedef struct fixture {
    char *folder;
    const char *file;
    lede_naming naming;
} fixture;

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    lede_buf text = {0};
    unsigned i;

    assert_non_null(f);
    f->folder = folder_new();
    f->file = strdup(in_folder(f->folder, "news.jsonl"));
    for (i = 0; i < 300; i++) {
        put_line(&text, i);
    }
    write_file(f->file, lede_buf_text(&text));
    lede_buf_done(&text);
    assert_ok(lede_naming_open(LEDE_TEST_SHARE, NULL, NULL, &f->naming, &err));
    assert_non_null(f->naming.gazetteer);
    assert_true(f->naming.makers.model != 0 && f->naming.makers.table != 0);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;

    lede_naming_close(&f->naming);
    folder_remove(f->folder);
    free((void *)(uintptr_t)f->file);
    free(f);
    return 0;
}

static lede_archive *indexed(const fixture *f, const char *name,
                             const lede_naming *naming, uint32_t most)
{
    lede_archive *archive = open_archive(in_folder(f->folder, name));
    lede_index_options options = {.naming = naming,
                                  .read = {.now = 2000000000}};
    lede_index_report report;
    lede_budget budget = lede_budget_of(0);
    const char *path = f->file;

    if (most > 0) {
        budget.segment_entries = most;
    }
    assert_ok(
        lede_index_within(archive, &path, 1, &options, &budget, &report, &err));
    assert_int_equal(report.entries_added, 300);
    return archive;
}

static lede_snapshot *snapshot_of(lede_archive *archive)
{
    lede_snapshot *snapshot = NULL;

    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    return snapshot;
}

static uint64_t count_of(const lede_snapshot *snapshot, const char *term)
{
    uint64_t count = 0;
    uint32_t i;

    for (i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        lede_term found;

        if (lede_segment_find_term(lede_snapshot_segment(snapshot, i),
                                   lede_span_text(term), &found,
                                   &err) == LEDE_OK) {
            count += found.entry_count;
        }
    }
    return count;
}

static void test_names__are_found_by_their_terms(void **state)
{
    const fixture *f = *state;
    lede_archive *archive = indexed(f, "terms", &f->naming, 0);
    lede_snapshot *snapshot = snapshot_of(archive);

    /* Each is in the entries that are about them, and in those before. */
    assert_int_equal(count_of(snapshot, LEDE_TERM_PERSON "starmer"), 120);
    assert_int_equal(count_of(snapshot, LEDE_TERM_PERSON "keir"), 120);
    assert_int_equal(count_of(snapshot, LEDE_TERM_PERSON "obrien"), 120);
    assert_int_equal(count_of(snapshot, LEDE_TERM_PERSON "brien"), 120);
    assert_int_equal(count_of(snapshot, LEDE_TERM_PERSON_WHOLE "keir starmer"),
                     120);
    assert_int_equal(count_of(snapshot, LEDE_TERM_PLACE_ID "g703448"), 60);
    assert_int_equal(count_of(snapshot, LEDE_TERM_PLACE "kyiv"), 60);
    assert_int_equal(count_of(snapshot, LEDE_TERM_PLACE_ID "c:UA"), 60);
    assert_int_equal(count_of(snapshot, LEDE_TERM_PLACE_INSIDE "c:UA"), 60);
    assert_int_equal(count_of(snapshot, LEDE_TERM_PLACE_INSIDE "c:FR"), 60);
    /* The writer is not spoken of. */
    assert_int_equal(count_of(snapshot, LEDE_TERM_PERSON "ek"), 0);
    assert_int_equal(count_of(snapshot, "ek"), 300);
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
}

/* What every posting of a name's term should be, by another way: from the
 * records, with a namer that reads one entry after another. */
typedef struct twin {
    const char *term;
    size_t term_len;
    uint32_t times, first;
} twin;

typedef struct wanted {
    twin items[4096];
    uint32_t count;
    lede_arena arena;
} wanted;

static bool want(void *ctx, const lede_name_term *named)
{
    wanted *w = ctx;
    const char *prefix = lede_name_space_prefix(named->space);
    lede_buf term = {0};
    lede_span kept;
    uint32_t i;

    lede_buf_put_text(&term, prefix);
    lede_buf_put_span(&term, named->token.word);
    kept = lede_arena_copy(&w->arena, lede_buf_span(&term));
    lede_buf_done(&term);
    for (i = 0; i < w->count; i++) {
        if (w->items[i].term_len == kept.len &&
            memcmp(w->items[i].term, kept.bytes, kept.len) == 0) {
            break;
        }
    }
    assert_true(i < 4096);
    if (i == w->count) {
        w->items[w->count++] = (twin){(const char *)kept.bytes, kept.len, 0,
                                      named->token.position};
    }
    w->items[i].times += named->count;
    return true;
}

static void check_term(const lede_segment *segment, uint32_t entry,
                       const twin *w)
{
    uint32_t entries[LEDE_BLOCK_POSTINGS], frequencies[LEDE_BLOCK_POSTINGS];
    bool is_value = memcmp(w->term, LEDE_TERM_PERSON_WHOLE, 2) == 0 ||
                    memcmp(w->term, LEDE_TERM_PERSON_SHORT, 2) == 0 ||
                    memcmp(w->term, LEDE_TERM_PLACE_WHOLE, 2) == 0;
    lede_position_reader reader;
    lede_term term;
    uint32_t block, i, count;

    assert_ok(lede_segment_find_term(
        segment, lede_span_of((const uint8_t *)w->term, w->term_len), &term,
        &err));
    lede_position_reader_init(&reader, &term.postings);
    for (block = 0; block < term.postings.block_count; block++) {
        assert_true(lede_postings_entries(&term.postings, block, entries));
        assert_true(
            lede_postings_frequencies(&term.postings, block, frequencies));
        for (i = 0; i < lede_postings_block_size(&term.postings, block); i++) {
            if (entries[i] != entry) {
                continue;
            }
            assert_ok(
                lede_position_reader_get(&reader, block, i, &count, &err));
            assert_int_equal(count, is_value ? 0 : w->times);
            assert_int_equal(frequencies[i], is_value ? 1 : 2 * w->times);
            assert_true(is_value || reader.positions[0] == w->first);
            lede_position_reader_done(&reader);
            return;
        }
    }
    fail_msg("entry %u has no posting of '%.*s'", entry, (int)w->term_len,
             w->term);
}

static uint64_t postings_of_names(const lede_segment *segment)
{
    lede_term_cursor *cursor = NULL;
    lede_term term;
    uint64_t count = 0;

    assert_ok(lede_term_cursor_open(segment, &cursor, &err));
    while (lede_term_cursor_next(cursor, &term, &err) == LEDE_OK) {
        if (lede_span_starts(term.bytes, LEDE_TERM_NAMES)) {
            count += term.entry_count;
        }
    }
    lede_term_cursor_close(cursor);
    return count;
}

static void check_segment(const lede_segment *segment,
                          const lede_naming *naming)
{
    lede_namer *namer = NULL;
    lede_analyzer *analyzer = NULL;
    lede_buf record = {0};
    lede_arena arena = {0};
    wanted *w = calloc(1, sizeof *w);
    uint64_t postings = 0;
    uint32_t i, k;

    assert_non_null(w);
    assert_ok(lede_namer_new(naming, &namer, &err));
    assert_ok(lede_analyzer_new(&analyzer, &err));
    for (i = 0; i < lede_segment_entries(segment); i++) {
        lede_entry entry;
        lede_span stored, list;

        lede_arena_clear(&arena);
        assert_ok(lede_segment_record(segment, i, &record, &err));
        assert_ok(
            lede_record_decode(lede_buf_span(&record), &arena, &entry, &err));
        assert_ok(lede_namer_put(namer, &entry, &err));
        assert_ok(lede_namer_take(namer, true, &list, &err));
        assert_ok(lede_segment_names(segment, i, &stored, &err));
        assert_true(stored.len > 1 && lede_span_equal(stored, list));
        w->count = 0;
        lede_arena_clear(&w->arena);
        assert_true(lede_name_terms_each(stored, analyzer, want, w));
        for (k = 0; k < w->count; k++) {
            check_term(segment, i, &w->items[k]);
        }
        postings += w->count;
    }
    /* And no others. */
    assert_int_equal(postings_of_names(segment), postings);
    lede_arena_done(&w->arena);
    free(w);
    lede_arena_done(&arena);
    lede_buf_done(&record);
    lede_analyzer_free(analyzer);
    lede_namer_free(namer);
}

static void test_names__are_those_of_a_slower_way(void **state)
{
    const fixture *f = *state;
    lede_archive *archive = indexed(f, "twin", &f->naming, 0);
    lede_snapshot *snapshot = snapshot_of(archive);
    uint32_t i;

    assert_int_equal(lede_snapshot_segment_count(snapshot), 1);
    for (i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        check_segment(lede_snapshot_segment(snapshot, i), &f->naming);
    }
    lede_snapshot_close(snapshot);
    assert_ok(lede_archive_check(archive, NULL, &err));
    lede_archive_close(archive);
}

static void test_names__do_not_depend_on_segments(void **state)
{
    const fixture *f = *state;
    lede_archive *whole = indexed(f, "whole", &f->naming, 0);
    lede_archive *parts = indexed(f, "parts", &f->naming, 37);
    lede_index_options options = {.naming = &f->naming,
                                  .read = {.now = 2000000000}};

    assert_true(count_segments(parts) > 1);
    assert_same_archives(whole, parts);
    assert_ok(lede_index_compact(parts, &options, &err));
    assert_int_equal(count_segments(parts), 1);
    assert_same_archives(whole, parts);
    assert_ok(lede_archive_check(parts, NULL, &err));
    lede_archive_close(whole);
    lede_archive_close(parts);
}

static void test_names__come_with_an_upgrade(void **state)
{
    const fixture *f = *state;
    lede_archive *with = indexed(f, "with", &f->naming, 0);
    lede_archive *without = indexed(f, "without", NULL, 100);
    lede_index_options options = {.naming = &f->naming,
                                  .read = {.now = 2000000000}};
    lede_snapshot *snapshot = snapshot_of(without);
    const lede_segment *segment = lede_snapshot_segment(snapshot, 0);
    lede_name_makers makers;
    lede_span list;

    assert_false(lede_segment_has_names(segment));
    assert_ok(lede_segment_names(segment, 0, &list, &err));
    assert_int_equal(list.len, 0);
    assert_int_equal(postings_of_names(segment), 0);
    lede_snapshot_close(snapshot);
    assert_ok(lede_index_upgrade(without, &options, &err));
    snapshot = snapshot_of(without);
    assert_ok(lede_segment_name_makers(lede_snapshot_segment(snapshot, 0),
                                       &makers, &err));
    assert_true(makers.model == f->naming.makers.model &&
                makers.table == f->naming.makers.table);
    lede_snapshot_close(snapshot);
    assert_same_archives(with, without);
    lede_archive_close(with);
    lede_archive_close(without);
}

/* Who rewrites segments without looking for names keeps those there are. */
static void test_names__stay_where_nobody_looks(void **state)
{
    const fixture *f = *state;
    lede_archive *before = indexed(f, "before", &f->naming, 0);
    lede_archive *after = indexed(f, "after", &f->naming, 100);
    lede_index_options options = {.read = {.now = 2000000000}};
    lede_snapshot *snapshot;
    lede_name_makers makers;

    assert_ok(lede_index_upgrade(after, &options, &err));
    assert_same_archives(before, after);
    snapshot = snapshot_of(after);
    assert_ok(lede_segment_name_makers(lede_snapshot_segment(snapshot, 0),
                                       &makers, &err));
    assert_true(makers.model == f->naming.makers.model &&
                makers.table == f->naming.makers.table);
    lede_snapshot_close(snapshot);
    lede_archive_close(before);
    lede_archive_close(after);
}

/* Of a merged segment, some entries may not have been looked at. */
static void test_names__of_some_entries_stay_when_merged(void **state)
{
    const fixture *f = *state;
    lede_archive *archive = indexed(f, "mixed", NULL, 0);
    lede_index_options options = {.naming = &f->naming,
                                  .read = {.now = 2000000000}};
    lede_index_report report;
    const char *path = in_folder(f->folder, "more.jsonl");
    lede_buf text = {0};
    lede_snapshot *snapshot;
    const lede_segment *segment;
    uint32_t i, looked_at = 0;

    for (i = 1000; i < 1010; i++) {
        put_line(&text, i);
    }
    write_file(path, lede_buf_text(&text));
    lede_buf_done(&text);
    assert_ok(lede_index_paths(archive, &path, 1, &options, &report, &err));
    assert_ok(lede_index_compact(archive, &options, &err));
    snapshot = snapshot_of(archive);
    assert_int_equal(lede_snapshot_segment_count(snapshot), 1);
    segment = lede_snapshot_segment(snapshot, 0);
    for (i = 0; i < lede_segment_entries(segment); i++) {
        lede_span list;

        assert_ok(lede_segment_names(segment, i, &list, &err));
        looked_at += list.len > 0;
    }
    assert_int_equal(looked_at, 10);
    assert_ok(lede_archive_check(archive, NULL, &err));
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
}

/* --- The namer --------------------------------------------------------------
 */

static void make_entry(lede_entry *entry, lede_block *block, lede_span text)
{
    lede_entry_init(entry);
    block->type = LEDE_BLOCK_P;
    block->text = text;
    entry->body = block;
    entry->block_count = 1;
}

static uint32_t count_named(lede_span list)
{
    lede_name_reader reader = lede_name_reader_of(list);
    lede_named named;
    uint32_t count = 0;

    while (lede_name_reader_next(&reader, &named)) {
        count++;
    }
    assert_ok(lede_name_reader_end(&reader, &err));
    return count;
}

/* Lists come in order, be the entries large or small. */
static void test_namer__keeps_the_order(void **state)
{
    const fixture *f = *state;
    lede_namer *namer = NULL;
    lede_buf texts[40] = {0};
    lede_entry entry;
    lede_block block;
    lede_span list;
    uint32_t put = 0, taken = 0, i;

    for (i = 0; i < 40; i++) {
        lede_buf_put_format(&texts[i], "Then %s came to Paris. ",
                            i % 2 == 0 ? "Sergei Lavrov" : "he");
        while (i % 13 == 7 && texts[i].len < LEDE_NAMER_BYTES) {
            lede_buf_put_text(&texts[i], "It was a quiet day in the house. ");
        }
    }
    assert_ok(lede_namer_new(&f->naming, &namer, &err));
    while (taken < 40) {
        if (put < 40) {
            make_entry(&entry, &block, lede_buf_span(&texts[put]));
        }
        if (put < 40 && !lede_namer_is_full(namer, &entry)) {
            assert_ok(lede_namer_put(namer, &entry, &err));
            put++;
            continue;
        }
        assert_int_equal(lede_namer_waiting(namer), put - taken);
        assert_ok(lede_namer_take(namer, true, &list, &err));
        assert_int_equal(count_named(list), taken % 2 == 0 ? 2 : 1);
        taken++;
    }
    assert_status(lede_namer_take(namer, true, &list, &err), LEDE_NOT_FOUND);
    make_entry(&entry, &block, lede_buf_span(&texts[0]));
    assert_ok(lede_namer_put(namer, &entry, &err));
    lede_namer_clear(namer);
    assert_status(lede_namer_take(namer, true, &list, &err), LEDE_NOT_FOUND);
    for (i = 0; i < 40; i++) {
        lede_buf_done(&texts[i]);
    }
    lede_namer_free(namer);
}

static void test_namer__passes_over_german(void **state)
{
    const fixture *f = *state;
    lede_namer *namer = NULL;
    lede_entry entry;
    lede_block block;
    lede_span list;

    assert_ok(lede_namer_new(&f->naming, &namer, &err));
    make_entry(&entry, &block, lede_span_text("Angela Merkel war in Paris."));
    entry.lang = lede_span_text("de");
    assert_ok(lede_namer_put(namer, &entry, &err));
    assert_ok(lede_namer_take(namer, true, &list, &err));
    assert_int_equal(list.len, 0);
    lede_namer_free(namer);
}

static void note_one(void *ctx, const char *what)
{
    assert_non_null(strstr(what, "names.model") != NULL
                        ? what
                        : strstr(what, "places.table"));
    ++*(unsigned *)ctx;
}

/* Without model and table: two notes, and what rules alone find. */
static void test_naming__does_without_its_files(void **state)
{
    const fixture *f = *state;
    lede_naming naming;
    unsigned notes = 0;
    lede_archive *archive;
    lede_snapshot *snapshot;

    assert_ok(lede_naming_open(f->folder, note_one, &notes, &naming, &err));
    assert_int_equal(notes, 2);
    assert_null(naming.gazetteer);
    assert_true(naming.makers.model == 0 && naming.makers.table == 0);
    archive = indexed(f, "rules", &naming, 0);
    snapshot = snapshot_of(archive);
    assert_true(count_of(snapshot, LEDE_TERM_PERSON "lacroix") > 0);
    assert_int_equal(count_of(snapshot, LEDE_TERM_PLACE_ID "g703448"), 0);
    assert_true(count_of(snapshot, LEDE_TERM_PLACE_WHOLE "kyiv") > 0);
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    lede_naming_close(&naming);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names__are_found_by_their_terms),
        cmocka_unit_test(test_names__are_those_of_a_slower_way),
        cmocka_unit_test(test_names__do_not_depend_on_segments),
        cmocka_unit_test(test_names__come_with_an_upgrade),
        cmocka_unit_test(test_names__stay_where_nobody_looks),
        cmocka_unit_test(test_names__of_some_entries_stay_when_merged),
        cmocka_unit_test(test_namer__keeps_the_order),
        cmocka_unit_test(test_namer__passes_over_german),
        cmocka_unit_test(test_naming__does_without_its_files),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
