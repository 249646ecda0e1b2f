/* The updates of a page explain each other: who is named in full in one is that
 * person in the others. */
#include <stdlib.h>
#include <sys/stat.h>

#include "indexer/namer.h"
#include "indexer/run.h"
#include "storage/name_list.h"
#include "tests/indexer/dump.h"
#include "tests/support/check.h"

static lede_error err;

static const char third[] =
    "  %d. Minister to speakpublished at 12:05 Greenwich Mean Time 17 February "
    "2025\n\n"
    "    The minister, Helen Ostrander, is to speak in Bergen at two o'clock. "
    "Miriam Quillfeather of the pilots' union is there too.\n\n";
static const char second[] =
    "  %d. Pilots walk outpublished at 13:20 Greenwich Mean Time 17 February "
    "2025\n\n"
    "    The pilots have left the harbour of Bergen. \"We had no choice,\" "
    "Quillfeather said.\n\n";
static const char first[] =
    "  %d. Ferries will sail againpublished at 14:50 Greenwich Mean Time 17 "
    "February 2025\n\n"
    "    Ostrander told reporters in Bergen that the ferries would sail on "
    "Monday.\n\n    The decision by Ostrander was welcomed in Oslo.\n\n";

typedef struct fixture {
    char *folder;
    lede_naming naming;
} fixture;

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    f->folder = folder_new();
    assert_ok(lede_naming_open(LEDE_TEST_SHARE, NULL, NULL, &f->naming, &err));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;

    lede_naming_close(&f->naming);
    folder_remove(f->folder);
    free(f);
    return 0;
}

/* Saves the page with these posts, the newest one first. */
static void save(const fixture *f, const char *name, const char *const *posts,
                 int count)
{
    lede_buf text = {0};
    int i;

    lede_buf_put_text(&text, "Summary\n\n");
    for (i = 0; i < count; i++) {
        char post[512];

        snprintf(post, sizeof post, posts[i], i + 1);
        lede_buf_put_text(&text, post);
    }
    write_file(in_folder(f->folder, name), lede_buf_text(&text));
    lede_buf_done(&text);
}

static void index_folder(const fixture *f, lede_archive *archive,
                         uint32_t segment_entries)
{
    lede_index_options options = {.naming = &f->naming,
                                  .read = {.now = 2000000000}};
    lede_index_report report;
    lede_budget budget = lede_budget_of(0);
    const char *path = in_folder(f->folder, "saves");

    if (segment_entries > 0) {
        budget.segment_entries = segment_entries;
    }
    assert_ok(
        lede_index_within(archive, &path, 1, &options, &budget, &report, &err));
}

/* The likeliest id of the place that some entry calls so. */
static const char *place_called(lede_archive *archive, const char *name)
{
    static char id[64];
    lede_snapshot *snapshot = NULL;
    uint32_t s, i;

    id[0] = '\0';
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    for (s = 0; s < lede_snapshot_segment_count(snapshot); s++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, s);

        for (i = 0; i < lede_segment_entries(segment); i++) {
            lede_name_reader reader;
            lede_named named;
            lede_span list;

            assert_ok(lede_segment_names(segment, i, &list, &err));
            reader = lede_name_reader_of(list);
            while (lede_name_reader_next(&reader, &named)) {
                if (named.kind == LEDE_NAMED_PLACE && named.id_count > 0 &&
                    lede_span_is(named.name, name)) {
                    snprintf(id, sizeof id, "%.*s", (int)named.ids[0].len,
                             (const char *)named.ids[0].bytes);
                }
            }
        }
    }
    lede_snapshot_close(snapshot);
    return id;
}

/* How many entries speak of a person of that whole name. */
static uint32_t count_of(lede_archive *archive, const char *name)
{
    lede_snapshot *snapshot = NULL;
    uint32_t count = 0;
    uint32_t s, i;

    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    for (s = 0; s < lede_snapshot_segment_count(snapshot); s++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, s);

        for (i = 0; i < lede_segment_entries(segment); i++) {
            lede_name_reader reader;
            lede_named named;
            lede_span list;

            assert_ok(lede_segment_names(segment, i, &list, &err));
            reader = lede_name_reader_of(list);
            while (lede_name_reader_next(&reader, &named)) {
                count += named.kind == LEDE_NAMED_PERSON &&
                         named.mentions > 0 && lede_span_is(named.name, name);
            }
        }
    }
    lede_snapshot_close(snapshot);
    return count;
}

static void check_full_names(lede_archive *archive)
{
    assert_int_equal(count_of(archive, "Helen Ostrander"), 2);
    assert_int_equal(count_of(archive, "Miriam Quillfeather"), 2);
    assert_int_equal(count_of(archive, "Ostrander"), 0);
    assert_int_equal(count_of(archive, "Quillfeather"), 0);
}

static void test_page_people__are_known_in_all_its_updates(void **state)
{
    static const char *const posts[] = {first, second, third};
    const fixture *f = *state;
    lede_archive *archive = open_archive(in_folder(f->folder, "archive"));
    lede_archive *cut = open_archive(in_folder(f->folder, "cut"));

    assert_int_equal(mkdir(in_folder(f->folder, "saves"), 0777), 0);
    save(f, "saves/page.txt", posts, 3);
    index_folder(f, archive, 0);
    check_full_names(archive);
    index_folder(f, cut, 1); /* a segment each */
    check_full_names(cut);
    lede_archive_close(cut);
    lede_archive_close(archive);
}

static void test_page_people__are_known_from_earlier_saves(void **state)
{
    static const char *const posts[] = {first, second, third};
    const fixture *f = *state;
    lede_archive *archive = open_archive(in_folder(f->folder, "archive"));

    assert_int_equal(mkdir(in_folder(f->folder, "saves"), 0777), 0);
    save(f, "saves/page.txt", posts + 1, 2);
    index_folder(f, archive, 0);
    save(f, "saves/page.txt", posts, 3);
    index_folder(f, archive, 0);
    check_full_names(archive);
    lede_archive_close(archive);
}

/* Of two that are called so nobody knows which is meant. */
static void test_page_people__of_one_name_are_not_lent(void **state)
{
    static const char other[] =
        "  %d. Brother of the ministerpublished at 11:05 Greenwich Mean Time "
        "17 February 2025\n\n    Her brother, Gunnar Ostrander, has spoken in "
        "Bergen, too.\n\n";
    static const char *const posts[] = {first, second, third, other};
    const fixture *f = *state;
    lede_archive *archive = open_archive(in_folder(f->folder, "archive"));

    assert_int_equal(mkdir(in_folder(f->folder, "saves"), 0777), 0);
    save(f, "saves/page.txt", posts, 4);
    index_folder(f, archive, 0);
    assert_int_equal(count_of(archive, "Helen Ostrander"), 1);
    assert_int_equal(count_of(archive, "Gunnar Ostrander"), 1);
    assert_int_equal(count_of(archive, "Ostrander"), 1);
    lede_archive_close(archive);
}

/* Tripoli alone is Libya's; on a page about Lebanon it is the other one. */
static void test_page_places__say_which_is_likelier(void **state)
{
    static const char fire[] =
        "  %d. Fire in the portpublished at 13:05 Greenwich Mean Time 17 "
        "February 2025\n\n    A fire broke out in the port of Tripoli.\n\n";
    static const char beirut[] =
        "  %d. Ministers meetpublished at 12:05 Greenwich Mean Time 17 "
        "February 2025\n\n    Ministers of Lebanon met in Beirut and in "
        "Sidon.\n\n";
    static const char *const alone[] = {fire, first};
    static const char *const posts[] = {fire, beirut};
    const fixture *f = *state;
    lede_archive *archive = open_archive(in_folder(f->folder, "archive"));
    lede_archive *other = open_archive(in_folder(f->folder, "other"));

    assert_int_equal(mkdir(in_folder(f->folder, "saves"), 0777), 0);
    save(f, "saves/page.txt", alone, 2);
    index_folder(f, archive, 0);
    assert_string_equal(place_called(archive, "Tripoli"), "g2210247");
    save(f, "saves/page.txt", posts, 2);
    index_folder(f, other, 0);
    assert_string_equal(place_called(other, "Tripoli"), "g266826");
    lede_archive_close(other);
    lede_archive_close(archive);
}

static const char *names_with_home(const fixture *f, lede_span home,
                                   lede_buf *out)
{
    lede_block block = {
        .type = LEDE_BLOCK_P,
        .text = lede_span_text("Police in Paris closed the road on Monday.")};
    lede_entry entry;
    lede_surroundings around = {.home = home};
    lede_namer *namer = NULL;
    lede_name_reader reader;
    lede_named named;
    lede_span list;

    lede_entry_init(&entry);
    entry.body = &block;
    entry.block_count = 1;
    assert_ok(lede_namer_new(&f->naming, &namer, &err));
    lede_namer_know(namer, &around);
    assert_ok(lede_namer_put(namer, &entry, &err));
    assert_ok(lede_namer_take(namer, true, &list, &err));
    reader = lede_name_reader_of(list);
    lede_buf_clear(out);
    assert_true(lede_name_reader_next(&reader, &named));
    assert_true(named.id_count > 0);
    lede_buf_put_span(out, named.ids[0]);
    lede_namer_free(namer);
    return lede_buf_text(out);
}

static void test_namer__a_home_says_which_town(void **state)
{
    const fixture *f = *state;
    lede_buf id = {0};

    assert_string_equal(names_with_home(f, lede_span_of(NULL, 0), &id),
                        "g2988507");
    assert_string_equal(
        names_with_home(f, lede_span_text("Dallas, Texas"), &id), "g4717560");
    assert_string_equal(names_with_home(f, lede_span_text("Nowhereham"), &id),
                        "g2988507");
    lede_buf_done(&id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_page_people__are_known_in_all_its_updates, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_page_people__are_known_from_earlier_saves, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_page_people__of_one_name_are_not_lent, setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_places__say_which_is_likelier,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_namer__a_home_says_which_town,
                                        setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
