/* The promises of indexer/export.h, xapian_entry.h and storage/shards.h. */
#include "tests/support/check.h"

#include <sys/stat.h>

#include "indexer/export.h"
#include "indexer/xapian_entry.h"
#include "storage/record.h"
#include "storage/shards.h"
#include "storage/shards_check.h"
#include "tests/support/folder.h"
#include "tests/support/small_archive.h"
#include "tests/support/tcpsrv.h"

enum { ENTRIES = 40, EPOCH = 1700000000 };

typedef struct world {
    char folder[256], to[300];
    char directory[256];
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_entry entries[ENTRIES];
    lede_block bodies[ENTRIES];
    char texts[ENTRIES][128];
} world;

static int setup(void **state)
{
    world *w = calloc(1, sizeof *w);
    int i;

    folder_make(w->folder);
    snprintf(w->to, sizeof w->to, "%s/out/shards", w->folder);
    for (i = 0; i < ENTRIES; i++) {
        lede_entry *entry = &w->entries[i];

        lede_entry_init(entry);
        snprintf(w->texts[i], sizeof w->texts[i],
                 "Storm %d hits the X-ray ward%s", i,
                 i % 2 == 0 ? "; NATO and Manly" : "");
        entry->key = (uint64_t)(i + 1) * 0x9E3779B97F4A7C15u;
        entry->headline = lede_span_text("Cease-fire talks");
        w->bodies[i].text = lede_span_text(w->texts[i]);
        entry->body = &w->bodies[i];
        entry->block_count = 1;
        if (i % 7 != 0) {
            entry->published.instant = EPOCH + 3600 * i;
            entry->published.precision = LEDE_PRECISION_SECOND;
            entry->published.year_source = LEDE_YEAR_EXPLICIT;
        }
    }
    *state = w;
    return 0;
}

/* The archive of the first `count` entries. */
static void archive_of(world *w, uint32_t count)
{
    lede_error err = {0};

    assert_ok(small_archive_make(w->entries, count, 16, EPOCH + 3600 * ENTRIES,
                                 w->directory, &w->archive, &err));
    assert_ok(lede_snapshot_open(w->archive, &w->snapshot, &err));
}

static void drop_archive(world *w)
{
    if (w->archive != NULL) {
        lede_snapshot_close(w->snapshot);
        small_archive_remove(w->archive, w->directory);
        w->archive = NULL;
    }
}

static int teardown(void **state)
{
    world *w = *state;

    drop_archive(w);
    folder_remove(w->folder);
    free(w);
    return 0;
}

static lede_export_report export(world *w, uint32_t shards, bool by_time)
{
    lede_export_options options = {.shards = shards, .by_time = by_time};
    lede_export_report report;
    lede_error err = {0};

    assert_ok(lede_export(w->snapshot, w->to, &options, &report, &err));
    return report;
}

/* Each of the first `count` entries is there, once, as it was. */
static void expect_entries(world *w, uint32_t count)
{
    lede_shards *shards = NULL;
    lede_error err = {0};
    uint32_t i;

    assert_ok(lede_shards_open(w->to, 1000, &shards, &err));
    assert_int_equal(lede_shards_totals(shards)->entries, count);
    assert_int_equal(lede_shards_totals(shards)->newest_trusted,
                     lede_snapshot_totals(w->snapshot)->newest_trusted);
    assert_int_equal(lede_shards_totals(shards)->half_life_s,
                     lede_snapshot_totals(w->snapshot)->half_life_s);
    for (i = 0; i < count; i++) {
        lede_xapian *db = lede_shards_all(shards);
        lede_xapian_name name;
        lede_span term = lede_xapian_name_key(&name, w->entries[i].key);
        lede_buf wanted = {0};
        lede_span data, record;
        uint32_t document = 0, shard, local;

        assert_ok(lede_xapian_find(db, term, 0, &document, &err));
        lede_shards_locate(shards, document, &shard, &local);
        assert_ok(lede_xapian_data(lede_shards_get(shards, shard)->db, local,
                                   &data, &err));
        assert_ok(lede_xapian_data_record(data, &record, &err));
        lede_record_encode(&w->entries[i], &wanted);
        assert_true(lede_span_equal(record, lede_buf_span(&wanted)));
        lede_buf_done(&wanted);
        assert_status(lede_xapian_find(db, term, document, &document, &err),
                      LEDE_NOT_FOUND);
    }
    lede_shards_close(shards);
}

static uint32_t entries_with(world *w, const char *term)
{
    lede_shards *shards = NULL;
    lede_error err = {0};
    uint32_t count = 0;

    assert_ok(lede_shards_open(w->to, 1000, &shards, &err));
    assert_ok(lede_xapian_term_count(lede_shards_all(shards),
                                     lede_span_text(term), &count, &err));
    lede_shards_close(shards);
    return count;
}

static void test_export__every_entry_is_there_once(void **state)
{
    world *w = *state;
    lede_export_report report;

    archive_of(w, ENTRIES);
    report = export(w, 1, false);
    assert_int_equal(report.put, ENTRIES);
    assert_int_equal(report.shards, 1);
    expect_entries(w, ENTRIES);
    folder_remove(w->to);
    report = export(w, 3, false);
    assert_int_equal(report.shards, 3);
    expect_entries(w, ENTRIES);
    folder_remove(w->to);
    export(w, 3, true);
    expect_entries(w, ENTRIES);
}

static void test_export__terms_are_those_of_the_format(void **state)
{
    static const struct {
        const char *term;
        uint32_t count;
    } expected[] = {
        {"storm", ENTRIES},
        {"Zstorm", ENTRIES},
        {"Zhit", ENTRIES},
        {"hits", ENTRIES},
        {"hit", 0},
        {"ceasefire", ENTRIES},
        {"XWceasefire", ENTRIES},
        {"XEceasefire", ENTRIES},
        {"XWSceasefire", ENTRIES},
        {"ZXESceasefir", ENTRIES},
        {"Sceasefire", ENTRIES},
        {"Scease", ENTRIES},
        {"ZStalk", ENTRIES},
        {"Sstorm", 0},
        {"XNtalks", ENTRIES},
        {"ZXNtalk", ENTRIES},
        {"XNstorm", 0},
        {"XHCnato", ENTRIES / 2},
        {"XHUnato", ENTRIES / 2},
        {"XHCmanly", ENTRIES / 2},
        {"XHUmanly", 0},
        {"XHCstorm", ENTRIES},
        {"XHCward", 0},
        {"XKarticle", ENTRIES},
        {"Len", ENTRIES},
        {"Y2023", ENTRIES - 6},
        {"XP", 0},
    };
    world *w = *state;
    size_t i;

    archive_of(w, ENTRIES);
    export(w, 2, false);
    for (i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        uint32_t got = entries_with(w, expected[i].term);

        if (got != expected[i].count) {
            fail_msg("%s: %u, not %u", expected[i].term, got,
                     expected[i].count);
        }
    }
}

static void test_export__by_time_each_shard_is_a_stretch(void **state)
{
    world *w = *state;
    lede_shards *shards = NULL;
    lede_error err = {0};
    int64_t before = INT64_MAX;
    uint32_t i;

    archive_of(w, ENTRIES);
    export(w, 4, true);
    assert_ok(lede_shards_open(w->to, 1000, &shards, &err));
    assert_int_equal(lede_shards_count(shards), 4);
    for (i = 0; i < 4; i++) {
        const lede_shard *shard = lede_shards_get(shards, i);
        int64_t least = INT64_MAX;
        uint32_t document = 0;

        assert_in_range(shard->statistics.documents, 5, 15);
        while (lede_xapian_find(shard->db, lede_span_of(NULL, 0), document,
                                &document, &err) == LEDE_OK) {
            lede_xapian_order order = {0}, other = {0};
            lede_span value;

            assert_ok(lede_xapian_value(shard->db, document,
                                        LEDE_XAPIAN_SLOT_NEWEST, &value, &err));
            assert_true(lede_xapian_order_decode(value, false, &order));
            assert_ok(lede_xapian_value(shard->db, document,
                                        LEDE_XAPIAN_SLOT_OLDEST, &value, &err));
            assert_true(lede_xapian_order_decode(value, true, &other));
            assert_memory_equal(&order.time, &other.time, sizeof order.time);
            assert_true(order.key == other.key);
            assert_int_equal(order.trusted, order.time != LEDE_INSTANT_NONE);
            assert_true(order.time < before);
            least = order.time < least ? order.time : least;
        }
        before = least;
    }
    lede_shards_close(shards);
}

static void test_export__a_second_run_brings_shards_up_to_date(void **state)
{
    world *w = *state;
    lede_export_report report;

    archive_of(w, ENTRIES - 10);
    export(w, 3, false);
    report = export(w, 0, false);
    assert_int_equal(report.unchanged, ENTRIES - 10);
    assert_int_equal(report.put + report.deleted, 0);
    drop_archive(w);
    w->entries[3].headline = lede_span_text("Talks have ended");
    archive_of(w, ENTRIES);
    report = export(w, 3, false);
    assert_int_equal(report.put, 11);
    assert_int_equal(report.deleted, 0);
    expect_entries(w, ENTRIES);
    assert_int_equal(entries_with(w, "Sended"), 1);
    drop_archive(w);
    archive_of(w, 25);
    report = export(w, 3, false);
    assert_int_equal(report.deleted, ENTRIES - 25);
    expect_entries(w, 25);
}

/* --- Checking ------------------------------------------------------------- */

static void note_problem(void *ctx, const char *problem)
{
    lede_buf_put_text(ctx, problem);
    lede_buf_put_text(ctx, "\n");
}

/* What a check finds; "" is nothing. */
static const char *check(const char *name, lede_buf *problems)
{
    lede_check_callbacks callbacks = {.ctx = problems, .found = note_problem};
    lede_shards *shards = NULL;
    lede_error err = {0};
    lede_status status;

    lede_buf_clear(problems);
    assert_ok(lede_shards_open(name, 20000, &shards, &err));
    status = lede_shards_check(shards, &callbacks, &err);
    assert_int_equal(status, problems->len > 0 ? LEDE_CORRUPT : LEDE_OK);
    lede_shards_close(shards);
    return problems->len > 0 ? lede_buf_text(problems) : "";
}

/* Puts the first document of the second shard into the first shard too, with
 * this key. */
static void put_twin(world *w, lede_span key)
{
    static const uint32_t slots[] = {LEDE_XAPIAN_SLOT_NEWEST,
                                     LEDE_XAPIAN_SLOT_OLDEST};
    char path[400];
    lede_xapian_document *document = NULL;
    lede_xapian_writer *writer = NULL;
    lede_xapian *db = NULL;
    lede_error err = {0};
    lede_span data, values[2];

    snprintf(path, sizeof path, "%s/shard-001", w->to);
    assert_ok(lede_xapian_open(path, &db, &err));
    assert_ok(lede_xapian_stored(db, 1, slots, 2, &data, values, &err));
    assert_ok(lede_xapian_document_new(&document, &err));
    lede_xapian_document_data(document, data);
    lede_xapian_document_value(document, slots[0], values[0]);
    lede_xapian_document_value(document, slots[1], values[1]);
    lede_xapian_document_term(document, key, 0);
    snprintf(path, sizeof path, "%s/shard-000", w->to);
    assert_ok(lede_xapian_writer_open(path, false, &writer, &err));
    assert_ok(
        lede_xapian_writer_put(writer, lede_span_of(NULL, 0), document, &err));
    assert_ok(lede_xapian_writer_commit(writer, &err));
    lede_xapian_writer_close(writer);
    lede_xapian_document_free(document);
    lede_xapian_close(db);
}

/* On servers, too, and where numbers have gaps. */
static void test_check__sound_shards_are_well(void **state)
{
    world *w = *state;
    tcpsrv servers[2];
    lede_buf problems = {0};
    char name[128], path[400];

    archive_of(w, ENTRIES);
    export(w, 2, false);
    drop_archive(w);
    archive_of(w, 25);
    export(w, 0, false);
    assert_string_equal(check(w->to, &problems), "");
    if (tcpsrv_is_there()) {
        for (int i = 0; i < 2; i++) {
            snprintf(path, sizeof path, "%s/shard-00%d", w->to, i);
            tcpsrv_start(&servers[i], path);
        }
        snprintf(name, sizeof name, "tcp:127.0.0.1:%u,127.0.0.1:%u",
                 (unsigned)servers[0].port, (unsigned)servers[1].port);
        assert_string_equal(check(name, &problems), "");
        tcpsrv_kill(&servers[0]);
        tcpsrv_kill(&servers[1]);
    }
    lede_buf_done(&problems);
}

static void test_check__a_key_leads_to_one_document(void **state)
{
    world *w = *state;
    lede_buf problems = {0};
    lede_xapian_name name;
    lede_xapian_order order = {0};
    lede_xapian *db = NULL;
    lede_error err = {0};
    lede_span value;
    char path[400];

    archive_of(w, ENTRIES);
    export(w, 2, false);
    snprintf(path, sizeof path, "%s/shard-001", w->to);
    assert_ok(lede_xapian_open(path, &db, &err));
    assert_ok(lede_xapian_value(db, 1, LEDE_XAPIAN_SLOT_NEWEST, &value, &err));
    assert_true(lede_xapian_order_decode(value, false, &order));
    lede_xapian_close(db);
    put_twin(w, lede_xapian_name_key(&name, order.key));
    assert_non_null(strstr(check(w->to, &problems),
                           "shard-001: document 1: its key is there more than "
                           "once"));
    put_twin(w, lede_xapian_name_key(&name, order.key)); /* in one shard */
    assert_non_null(strstr(check(w->to, &problems), "more than once"));
    folder_remove(w->to);
    export(w, 2, false);
    put_twin(w, lede_span_text("Q12"));
    assert_non_null(strstr(check(w->to, &problems), "its key leads elsewhere"));
    assert_null(strstr(lede_buf_text(&problems), "document 1:"));
    lede_buf_done(&problems);
}

/* --- Stopping ------------------------------------------------------------- */

static volatile int stop;

static void stop_soon(void *ctx, uint64_t done, uint64_t all)
{
    (void)ctx;
    (void)done;
    (void)all;
    stop = 1;
}

static void test_export__a_stopped_run_is_finished_by_the_next(void **state)
{
    world *w = *state;
    lede_watch watch = {.step = stop_soon, .stop = &stop};
    lede_export_options options = {
        .shards = 2, .batch_bytes = 1, .watch = &watch};
    lede_export_report report;
    lede_shards *shards = NULL;
    lede_error err = {0};

    archive_of(w, ENTRIES);
    stop = 1; /* after the first entry */
    assert_status(lede_export(w->snapshot, w->to, &options, &report, &err),
                  LEDE_INTERRUPTED);
    assert_int_equal(report.put, 1);
    assert_status(lede_shards_open(w->to, 1000, &shards, &err), LEDE_BAD_INPUT);
    assert_non_null(strstr(err.message, "not finished"));
    stop = 0;
    report = export(w, 2, false);
    assert_int_equal(report.unchanged, 1);
    assert_int_equal(report.put, ENTRIES - 1);
    expect_entries(w, ENTRIES);
}

static void touch(const char *folder, const char *name, const char *text)
{
    char path[600];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Killed before its list had its name. */
static void test_export__a_list_begun_is_written_anew(void **state)
{
    world *w = *state;

    archive_of(w, 10);
    export(w, 2, false); /* makes the folders above it */
    folder_remove(w->to);
    assert_int_equal(mkdir(w->to, 0777), 0);
    touch(w->to, "XAPIANDB.new", "# shards of");
    export(w, 2, false);
    expect_entries(w, 10);
}

static void test_export__what_is_there_is_not_overwritten(void **state)
{
    world *w = *state;
    lede_export_options options = {.shards = 2};
    lede_export_report report;
    lede_xapian_writer *writer = NULL;
    lede_xapian_document *document = NULL;
    lede_error err = {0};

    archive_of(w, 10);
    touch(w->folder, "letter", "dear");
    assert_status(lede_export(w->snapshot, w->folder, &options, &report, &err),
                  LEDE_BAD_INPUT);
    export(w, 3, true);
    assert_status(lede_export(w->snapshot, w->to, &options, &report, &err),
                  LEDE_BAD_INPUT);
    assert_non_null(strstr(err.message, "3 by time"));
    folder_remove(w->to);
    /* A database of somebody else. */
    assert_int_equal(mkdir(w->to, 0777), 0);
    assert_ok(lede_xapian_writer_open(w->to, false, &writer, &err));
    assert_ok(lede_xapian_document_new(&document, &err));
    assert_ok(
        lede_xapian_writer_put(writer, lede_span_of(NULL, 0), document, &err));
    assert_ok(lede_xapian_writer_commit(writer, &err));
    lede_xapian_writer_close(writer);
    lede_xapian_document_free(document);
    options.shards = 1;
    assert_status(lede_export(w->snapshot, w->to, &options, &report, &err),
                  LEDE_BAD_INPUT);
    assert_non_null(strstr(err.message, "none that lede made"));
}

/* --- Naming shards -------------------------------------------------------- */

static void test_shards__names_that_make_no_sense_are_told(void **state)
{
    static const char *const names[] = {"",
                                        "tcp:",
                                        "tcp:host",
                                        "tcp:host:",
                                        "tcp::1",
                                        "tcp:h:0",
                                        "tcp:h:1,",
                                        "tcp:h:1x",
                                        "tcp:h:65536",
                                        "tcp:::1",
                                        "tcp:::1:80",
                                        "tcp:[::1]",
                                        "tcp:[::1]:80",
                                        "tcp:[::1]80",
                                        "tcp:[]:80",
                                        "tcp:[::1:80",
                                        "tcp:::1]:80",
                                        "tcp:h:99999999999999999999"};
    world *w = *state;
    lede_shards *shards = NULL;
    lede_error err = {0};
    char path[300];
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        err.message[0] = '\0';
        assert_status(lede_shards_open(names[i], 100, &shards, &err),
                      LEDE_BAD_INPUT);
        assert_true(strlen(err.message) > 0);
    }
    assert_status(lede_shards_open("tcp:fe80::1:80", 100, &shards, &err),
                  LEDE_BAD_INPUT);
    assert_non_null(strstr(err.message, "IPv4"));
    snprintf(path, sizeof path, "%s/none", w->folder);
    assert_status(lede_shards_open(path, 100, &shards, &err), LEDE_NOT_FOUND);
    touch(w->folder, "list", "auto x\nrubbish here\n");
    snprintf(path, sizeof path, "%s/list", w->folder);
    assert_status(lede_shards_open(path, 100, &shards, &err), LEDE_BAD_INPUT);
    assert_non_null(strstr(err.message, "rubbish"));
    touch(w->folder, "list", "# nothing\n\n");
    assert_status(lede_shards_open(path, 100, &shards, &err), LEDE_BAD_INPUT);
}

static void test_shards__a_missing_shard_is_named(void **state)
{
    world *w = *state;
    lede_shards *shards = NULL;
    lede_error err = {0};
    char path[600];

    archive_of(w, ENTRIES);
    export(w, 3, false);
    snprintf(path, sizeof path, "%s/shard-001", w->to);
    folder_remove(path);
    assert_ok(lede_shards_open(w->to, 1000, &shards, &err));
    assert_int_equal(lede_shards_count(shards), 3);
    assert_non_null(lede_shards_get(shards, 0)->db);
    assert_null(lede_shards_get(shards, 1)->db);
    assert_true(strlen(lede_shards_get(shards, 1)->failure.message) > 0);
    assert_non_null(strstr(lede_shards_get(shards, 1)->name, "shard-001"));
    assert_in_range(lede_shards_totals(shards)->entries, 1, ENTRIES - 1);
    lede_shards_close(shards);
}

/* Of an archive without a date, too. */
static void test_shards__without_a_date_have_no_ages(void **state)
{
    world *w = *state;
    lede_shards *shards = NULL;
    lede_error err = {0};

    archive_of(w, 1);
    export(w, 2, false);
    assert_ok(lede_shards_open(w->to, 1000, &shards, &err));
    assert_int_equal(lede_shards_totals(shards)->entries, 1);
    assert_true(lede_shards_totals(shards)->newest_trusted ==
                LEDE_INSTANT_NONE);
    lede_shards_close(shards);
}

static void test_mark__is_read_as_written(void **state)
{
    lede_xapian_mark mark = {.complete = true,
                             .languages = UINT32_MAX,
                             .generation = UINT64_MAX,
                             .oldest = INT64_MIN,
                             .newest = INT64_MAX,
                             .newest_trusted = -5,
                             .half_life_s = 3600,
                             .rules = 2,
                             .has_names = true,
                             .has_copies = true};
    lede_xapian_mark got = {0};
    lede_buf text = {0};
    lede_error err = {0};
    size_t i;

    (void)state;
    lede_xapian_mark_format(&mark, &text);
    assert_ok(lede_xapian_mark_parse(lede_buf_span(&text), &got, &err));
    assert_true(got.complete && got.languages == mark.languages &&
                got.generation == mark.generation &&
                got.oldest == mark.oldest && got.newest == mark.newest &&
                got.newest_trusted == mark.newest_trusted &&
                got.half_life_s == mark.half_life_s && got.rules == 2 &&
                got.has_names && got.has_copies);
    for (i = 0; i < text.len; i++) { /* cut anywhere */
        assert_true(lede_xapian_mark_parse(lede_span_of(text.bytes, i), &got,
                                           &err) != LEDE_OK);
    }
    mark.newest_trusted = INT64_MAX; /* no differences can be made of it */
    lede_buf_clear(&text);
    lede_xapian_mark_format(&mark, &text);
    assert_status(lede_xapian_mark_parse(lede_buf_span(&text), &got, &err),
                  LEDE_CORRUPT);
    mark.newest_trusted = LEDE_INSTANT_NONE;
    mark.half_life_s = INT64_MAX;
    lede_buf_clear(&text);
    lede_xapian_mark_format(&mark, &text);
    assert_status(lede_xapian_mark_parse(lede_buf_span(&text), &got, &err),
                  LEDE_CORRUPT);
    lede_buf_done(&text);
    assert_status(
        lede_xapian_mark_parse(lede_span_text("lede 3\n"), &got, &err),
        LEDE_TOO_NEW);
    assert_ok(lede_xapian_mark_parse(
        lede_span_text("lede 1\ncomplete 1\nlanguages 2\ngeneration 3\n"
                       "oldest 4\nnewest 5\nnewest_trusted 5\nhalf_life 6\n"),
        &got, &err));
    assert_true(got.complete && got.rules == 1 && !got.has_names &&
                !got.has_copies);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_export__every_entry_is_there_once),
        TEST(test_export__terms_are_those_of_the_format),
        TEST(test_export__by_time_each_shard_is_a_stretch),
        TEST(test_export__a_second_run_brings_shards_up_to_date),
        TEST(test_check__sound_shards_are_well),
        TEST(test_check__a_key_leads_to_one_document),
        TEST(test_export__a_stopped_run_is_finished_by_the_next),
        TEST(test_export__a_list_begun_is_written_anew),
        TEST(test_export__what_is_there_is_not_overwritten),
        TEST(test_shards__names_that_make_no_sense_are_told),
        TEST(test_shards__a_missing_shard_is_named),
        TEST(test_shards__without_a_date_have_no_ages),
        TEST(test_mark__is_read_as_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
