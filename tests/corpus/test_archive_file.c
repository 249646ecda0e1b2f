#include "tests/corpus/pack.h"
#include "tests/corpus/pack_files.h"
#include "tests/corpus/sink.h"

#define ARTICLE(title)                                                         \
    "{\"title\": \"" title "\", \"body\": \"The harbour was closed.\"}"
#define PAGE                                                                   \
    "<html><head><title>Storm</title></head><body><article><h1>Storm over "    \
    "the "                                                                     \
    "harbour</h1><p>The harbour was closed for two days, the office "          \
    "said.</p></article></body></html>"

static test_sink got;
static lede_error err;

static lede_span text(const char *bytes)
{
    return lede_span_text(bytes);
}

static bool has_line(const lede_buf *lines, const char *wanted)
{
    lede_buf copy = {0};
    bool found;

    lede_buf_put_span(&copy, lede_buf_span(lines));
    found = lede_buf_text(&copy) != NULL &&
            strstr((char *)copy.bytes, wanted) != NULL;
    lede_buf_done(&copy);
    return found;
}

static int setup(void **state)
{
    (void)state;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_sink_done(&got);
    err = (lede_error){0};
    return 0;
}

static const pack_file three[] = {
    {"news/2020/a.json",
     {(const uint8_t *)ARTICLE("One"), sizeof ARTICLE("One") - 1}},
    {"news/page.html", {(const uint8_t *)PAGE, sizeof PAGE - 1}},
    {"news/page_files/more.html", {(const uint8_t *)PAGE, sizeof PAGE - 1}},
    {".hidden.json",
     {(const uint8_t *)ARTICLE("No"), sizeof ARTICLE("No") - 1}},
    {"list.jsonl",
     {(const uint8_t *)ARTICLE("Two") "\n" ARTICLE("Three") "\n",
      sizeof ARTICLE("Two") + sizeof ARTICLE("Three")}},
    {"picture.png", {(const uint8_t *)"\x89PNG\r\n\x1a\n\0\0\0\0\0\0", 14}},
    {NULL, {NULL, 0}}};

static void check_three(void)
{
    assert_int_equal(got.entry_count, 4);
    assert_true(
        has_line(&got.entries, "!news/2020/a.json article headline=One"));
    assert_true(has_line(&got.entries,
                         "!news/page.html article headline=Storm over the "
                         "harbour"));
    assert_true(
        has_line(&got.entries, "!list.jsonl#line=1 article headline=Two"));
    assert_true(
        has_line(&got.entries, "!list.jsonl#line=2 article headline=Three"));
    assert_true(has_line(&got.notes, "1 of its files hold no articles"));
    /* Where nothing else says it, the folder is the source: of the member. */
    assert_true(has_line(&got.entries, "source=2020"));
    assert_true(has_line(&got.entries, "source=shelf"));
}

static void test_archive__members_are_documents(void **state)
{
    lede_buf bytes = {0};
    int zip;

    (void)state;
    for (zip = 0; zip < 2; zip++) {
        lede_buf_clear(&bytes);
        pack_files(&bytes, zip == 1, three);
        assert_false(bytes.failed);
        assert_ok(
            read_into(&got, lede_buf_span(&bytes), "/x/shelf/all.pack", &err));
        check_three();
    }
    lede_buf_done(&bytes);
}

/* Tests run in the locale "C", which has no letters but ASCII. Names that climb
 * are names like others: nothing is ever written. */
static void test_archive__names_of_all_letters(void **state)
{
    static const pack_file files[] = {
        {"Z\xC3\xBCrich/\xD0\x9A\xD0\xB8\xD1\x97\xD0\xB2.json",
         {(const uint8_t *)ARTICLE("One"), sizeof ARTICLE("One") - 1}},
        {"../../up.json",
         {(const uint8_t *)ARTICLE("Two"), sizeof ARTICLE("Two") - 1}},
        {NULL, {NULL, 0}}};
    lede_buf bytes = {0};
    int zip;

    (void)state;
    for (zip = 0; zip < 2; zip++) {
        lede_buf_clear(&bytes);
        pack_files(&bytes, zip == 1, files);
        assert_false(bytes.failed);
        if (zip == 1) {
            assert_int_equal(bytes.bytes[7], 8); /* the flag of UTF-8 */
        }
        assert_ok(read_into(&got, lede_buf_span(&bytes), "all.pack", &err));
        assert_true(has_line(&got.entries,
                             "!Z\xC3\xBCrich/"
                             "\xD0\x9A\xD0\xB8\xD1\x97\xD0\xB2.json article "
                             "headline=One"));
        assert_true(
            has_line(&got.entries, "!../../up.json article headline=Two"));
    }
    lede_buf_done(&bytes);
}

static void test_archive__compressed_in_all_ways(void **state)
{
    static void (*const packs[])(lede_buf *, lede_span) = {
        pack_gzip, pack_bzip2, pack_xz, pack_zstd};
    lede_buf tar = {0};
    lede_buf bytes = {0};
    size_t i;

    (void)state;
    pack_files(&tar, false, three);
    for (i = 0; i < 4; i++) {
        lede_buf_clear(&bytes);
        packs[i](&bytes, lede_buf_span(&tar));
        assert_false(bytes.failed);
        assert_ok(
            read_into(&got, lede_buf_span(&bytes), "/x/shelf/all.pack", &err));
        check_three();
    }
    lede_buf_done(&tar);
    lede_buf_done(&bytes);
}

/* Folders of pages that come before their pages, or without them. */
static void test_archive__folders_of_pages_in_any_order(void **state)
{
    static const pack_file files[] = {
        {"one.json",
         {(const uint8_t *)ARTICLE("One"), sizeof ARTICLE("One") - 1}},
        {"late_files/frame.html", {(const uint8_t *)PAGE, sizeof PAGE - 1}},
        {"alone_files/kept.json",
         {(const uint8_t *)ARTICLE("Kept"), sizeof ARTICLE("Kept") - 1}},
        {"late.htm", {(const uint8_t *)PAGE, sizeof PAGE - 1}},
        {"late_files/again.html", {(const uint8_t *)PAGE, sizeof PAGE - 1}},
        {"late-Dateien/frame.html", {(const uint8_t *)PAGE, sizeof PAGE - 1}},
        {NULL, {NULL, 0}}};
    static void (*const packs[])(lede_buf *, lede_span) = {
        pack_gzip, pack_bzip2, pack_xz, pack_zstd, NULL};
    lede_buf tar = {0};
    lede_buf bytes = {0};
    size_t i;

    (void)state;
    pack_files(&tar, false, files);
    for (i = 0; i < 5; i++) {
        lede_buf_clear(&bytes);
        if (packs[i] != NULL) {
            packs[i](&bytes, lede_buf_span(&tar));
        } else {
            lede_buf_put_span(&bytes, lede_buf_span(&tar));
        }
        assert_ok(read_into(&got, lede_buf_span(&bytes), "/x/all.pack", &err));
        assert_int_equal(got.entry_count, 3);
        assert_true(has_line(&got.entries, "!one.json article headline=One"));
        assert_true(
            has_line(&got.entries, "!alone_files/kept.json article headline="));
        assert_true(has_line(&got.entries, "!late.htm article headline=Storm"));
        assert_false(has_line(&got.entries, "frame.html"));
        assert_int_equal(got.note_count, 0);
    }
    lede_buf_done(&tar);
    lede_buf_done(&bytes);
}

/* Of a page that ArchiveBox saved in many ways one is read. */
static void test_archive__snapshots_are_read_once(void **state)
{
    static const char index[] =
        "{\"url\": \"https://p.example/storm\", \"timestamp\": "
        "\"1739803800.0\", \"title\": \"A storm\", \"tags\": \"sea,the "
        "coast\", \"history\": {}}";
    static const char web_archive[] =
        "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: "
        "https://p.example/rain\r\nWARC-Date: 2025-02-17T14:50:00Z\r\n"
        "Content-Type: text/html\r\nContent-Length: 62\r\n\r\n"
        "<html><h1>Rain over the harbour</h1><p>It rained for two days.";
    const pack_file files[] = {
        {"archive/1739803800/output.html", text(PAGE)},
        {"archive/1739803800/index.json", text(index)},
        {"archive/1739803800/readability/content.html", text(PAGE)},
        {"archive/1739803800/singlefile.html", text(PAGE)},
        {"archive/1739803801/index.json", text(index)},
        {"archive/1739803801/warc/2.warc", text(web_archive)},
        {"archive/1739803801/warc/1.warc", text(web_archive)},
        {"archive/1739803801/readability/content.txt", text("It rained.\n")},
        {"archive/1739803802/kept.json", text(ARTICLE("Kept"))},
        {NULL, {NULL, 0}}};
    lede_buf bytes = {0};
    lede_buf packed = {0};
    int how;

    (void)state;
    for (how = 0; how < 3; how++) {
        lede_buf_clear(&bytes);
        lede_buf_clear(&packed);
        pack_files(&bytes, how == 0, files);
        if (how == 2) {
            pack_gzip(&packed, lede_buf_span(&bytes));
        }
        assert_ok(read_into(&got, lede_buf_span(how == 2 ? &packed : &bytes),
                            "/x/all.pack", &err));
        assert_int_equal(got.entry_count, 3);
        assert_true(has_line(&got.entries,
                             "!archive/1739803800/singlefile.html article"));
        assert_true(has_line(&got.entries, "url=https://p.example/storm"));
        assert_true(has_line(&got.entries, "tag=sea tag=the coast"));
        assert_true(has_line(&got.entries, "captured=2025-02-17T14:50:00Z"));
        assert_true(
            has_line(&got.entries, "!archive/1739803801/warc/1.warc#record=1"));
        assert_true(has_line(&got.entries, "!archive/1739803802/kept.json"));
        assert_int_equal(got.note_count, 0);
    }
    lede_buf_done(&bytes);
    lede_buf_done(&packed);
}

/* bzip2 and xz as files are: whole, in several members, cut off, damaged. */
static void test_archive__bzip2_and_xz(void **state)
{
    static void (*const packs[])(lede_buf *, lede_span) = {pack_bzip2, pack_xz};
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        lede_buf bytes = {0};
        lede_buf lines = {0};
        size_t cut;
        int line;

        for (line = 0; line < 3000; line++) {
            lede_buf_put_format(
                &lines, "{\"title\": \"Headline %d\", \"body\": \"Text %d\"}\n",
                line, line * 7919);
        }
        packs[i](&bytes, lede_buf_span(&lines));
        packs[i](&bytes, text(ARTICLE("Last")));
        assert_ok(read_into(&got, lede_buf_span(&bytes), "", &err));
        assert_int_equal(got.entry_count, 3001);
        assert_int_equal(got.note_count, 0);
        for (cut = 8; cut < bytes.len - 60; cut += bytes.len / 7) {
            lede_status status =
                read_into(&got, lede_span_of(bytes.bytes, cut), "", &err);

            assert_true(status == LEDE_OK || status == LEDE_BAD_INPUT);
            assert_true(got.entry_count < 3001);
            assert_true(got.entry_count == 0 || got.note_count > 0);
        }
        lede_buf_put_text(&bytes, "something else");
        assert_ok(read_into(&got, lede_buf_span(&bytes), "", &err));
        assert_int_equal(got.entry_count, 3001);
        assert_true(got.note_count > 0);
        lede_buf_done(&bytes);
        lede_buf_done(&lines);
    }
}

/* Archives in archives, with locations that say so, three deep and no more. */
static void test_archive__nests_three_deep(void **state)
{
    lede_buf bytes = {0};
    int depth;

    (void)state;
    lede_buf_put_text(&bytes, ARTICLE("Deep"));
    for (depth = 1; depth <= 4; depth++) {
        pack_file files[] = {
            {depth == 1 ? "a.json" : "inner.zip", lede_buf_span(&bytes)},
            {NULL, {NULL, 0}}};
        lede_buf outer = {0};
        lede_status status;

        pack_files(&outer, depth % 2 == 0, files);
        lede_buf_done(&bytes);
        bytes = outer;
        status = read_into(&got, lede_buf_span(&bytes), "", &err);
        assert_int_equal(status, depth <= 3 ? LEDE_OK : LEDE_BAD_INPUT);
        assert_int_equal(got.entry_count, depth <= 3);
        if (depth == 3) {
            assert_true(
                has_line(&got.entries, "!inner.zip!inner.zip!a.json article"));
        } else if (depth == 4) {
            assert_true(has_line(&got.notes, "more than 3 deep"));
        }
    }
    lede_buf_done(&bytes);
}

static void put_base64(lede_buf *out, lede_span bytes)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
                                  "stuvwxyz0123456789+/";

    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t bits = (uint32_t)bytes.bytes[i] << 16;

        bits |= left > 1 ? (uint32_t)bytes.bytes[i + 1] << 8 : 0;
        bits |= left > 2 ? bytes.bytes[i + 2] : 0;
        for (size_t k = 0; k < 4; k++) {
            lede_buf_put_byte(
                out,
                k > left ? '=' : (uint8_t)letters[bits >> (18 - 6 * k) & 63]);
        }
        if (i % 57 == 54) {
            lede_buf_put_byte(out, '\n');
        }
    }
}

/* A message is a container like others: what is attached is one deeper, its own
 * text is not. */
static void test_archive__messages_count_as_containers(void **state)
{
    static const char head[] =
        "From: Ann Lee <ann@n.example>\nSubject: Letter\nMessage-ID: <1@n>\n"
        "Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\nThe letter "
        "itself.\n--bb\nContent-Type: application/zip; name=in.zip\n"
        "Content-Transfer-Encoding: base64\n"
        "Content-Disposition: attachment; filename=in.zip\n\n";
    lede_buf bytes = {0};
    lede_buf mail = {0};
    lede_buf zip = {0};
    int depth;

    (void)state;
    pack_files(&zip, true,
               (const pack_file[]){{"a.json", text(ARTICLE("Inside"))},
                                   {NULL, {NULL, 0}}});
    lede_buf_put_text(&mail, head);
    put_base64(&mail, lede_buf_span(&zip));
    lede_buf_put_text(&mail, "\n--bb--\n");
    lede_buf_put_span(&bytes, lede_buf_span(&mail));
    for (depth = 0; depth <= 3; depth++) {
        assert_ok(read_into(&got, lede_buf_span(&bytes), "", &err));
        assert_true(has_line(&got.entries, "message headline=Letter"));
        assert_int_equal(has_line(&got.entries, "headline=Inside"), depth <= 1);
        assert_int_equal(has_line(&got.notes, "more than 3 deep"), depth > 1);
        if (depth == 1) {
            assert_true(has_line(&got.entries, "!a.eml!in.zip!a.json article"));
        }

        lede_buf outer = {0};
        pack_file files[] = {
            {depth == 0 ? "a.eml" : "inner.zip", lede_buf_span(&bytes)},
            {NULL, {NULL, 0}}};

        pack_files(&outer, true, files);
        lede_buf_done(&bytes);
        bytes = outer;
    }
    lede_buf_done(&bytes);
    lede_buf_done(&mail);
    lede_buf_done(&zip);
}

/* 64 MiB of blanks, zipped, in a zip: refused before they are unpacked. */
static void test_archive__bombs_are_refused(void **state)
{
    uint8_t *blanks = malloc(64 << 20);
    pack_file files[] = {{"a.json", text(ARTICLE("First"))},
                         {"bomb.txt", {blanks, 64 << 20}},
                         {NULL, {NULL, 0}}};
    lede_buf zip = {0};
    lede_buf outer = {0};

    (void)state;
    assert_non_null(blanks);
    memset(blanks, ' ', 64 << 20);
    pack_files(&zip, true, files);
    assert_ok(read_into(&got, lede_buf_span(&zip), "", &err));
    assert_int_equal(got.entry_count, 1);
    assert_true(has_line(&got.notes, "expands to more than 200 times"));
    files[1] = (pack_file){"bomb.zip", lede_buf_span(&zip)};
    pack_files(&outer, true, files);
    assert_ok(read_into(&got, lede_buf_span(&outer), "", &err));
    assert_true(has_line(&got.notes, "expands to more than 200 times"));
    lede_buf_done(&zip);
    lede_buf_done(&outer);
    free(blanks);
}

/* Members that are compressed, each of which may unpack to a MiB: all of them
 * together may not. */
static void test_archive__many_small_bombs_are_one(void **state)
{
    enum { BOMBS = 400 };
    pack_file files[BOMBS + 1] = {{NULL, {NULL, 0}}};
    char names[BOMBS][16];
    lede_buf text_of_one = {0};
    lede_buf bomb = {0};
    lede_buf zip = {0};
    size_t i;

    (void)state;
    lede_buf_put_text(&text_of_one, ARTICLE("One"));
    assert_non_null(lede_buf_extend(&text_of_one, 1000000));
    memset(text_of_one.bytes + text_of_one.len - 1000000, ' ', 1000000);
    pack_gzip(&bomb, lede_buf_span(&text_of_one));
    for (i = 0; i < BOMBS; i++) {
        snprintf(names[i], sizeof names[i], "%zu.json.gz", i);
        files[i] = (pack_file){names[i], lede_buf_span(&bomb)};
    }
    pack_files(&zip, true, files);
    assert_ok(read_into(&got, lede_buf_span(&zip), "", &err));
    assert_true(has_line(&got.notes, "expands to more than 200 times"));
    assert_in_range(got.entry_count, 1, zip.len / 5000 + 2);
    lede_buf_done(&text_of_one);
    lede_buf_done(&bomb);
    lede_buf_done(&zip);
}

/* What stands before the cut is read, and the file is known to be damaged. */
/* The library ends what it says of a wrong size in a line end. */
static void test_archive__damage_is_told_in_a_line(void **state)
{
    lede_buf bytes = {0};
    size_t at = 0;

    (void)state;
    pack_files(&bytes, true, three);
    while (memcmp(bytes.bytes + at, "PK\1\2", 4) != 0) {
        at++;
    }
    bytes.bytes[at + 24]++; /* in the directory */
    bytes.bytes[22]++;      /* of the member */
    assert_ok(read_into(&got, lede_buf_span(&bytes), "/a/b.zip", &err));
    assert_true(has_line(&got.notes, "wrong size"));
    lede_buf_done(&bytes);
}

static void test_archive__cut_off(void **state)
{
    lede_buf bytes = {0};
    bool damaged = false;
    lede_sink sink;
    lede_read_options options = {.now = 1771200000};
    size_t entries = 0;
    size_t cut;

    (void)state;
    pack_files(&bytes, false, three);
    for (cut = 600; cut < bytes.len; cut += 317) {
        lede_status status;

        test_sink_done(&got);
        sink = test_sink_of(&got);
        sink.is_damaged = &damaged;
        damaged = false;
        status = lede_corpus_read_bytes(lede_span_of(bytes.bytes, cut), "",
                                        &options, &sink, &err);
        assert_true(status == LEDE_OK || status == LEDE_BAD_INPUT);
        assert_true(got.entry_count >= entries);
        entries = got.entry_count;
    }
    assert_int_equal(entries, 4);
    lede_buf_done(&bytes);
}

static void test_archive__a_wacz_is_its_web_archives(void **state)
{
    const pack_file files[] = {
        {"pages/pages.jsonl",
         text("{\"format\":\"json-pages-1.0\",\"title\":\"All\"}\n"
              "{\"url\":\"https://p.example/1\",\"title\":\"Listed\","
              "\"text\":\"Twice.\",\"ts\":\"2025-02-17T14:50:00Z\"}\n"
              "{\"url\":\"https://p.example/2\",\"title\":\"Alone\","
              "\"text\":\"Once.\",\"ts\":\"2025-02-17T14:50:00Z\"}\n")},
        {"archive/data.jsonl", text("{\"title\":\"Kept\",\"text\":\"Text.\","
                                    "\"url\":\"https://p.example/1#a\"}")},
        {"pages/readme.txt", text(ARTICLE("Not kept"))},
        {"datapackage.json", text(ARTICLE("Not kept either"))},
        {NULL, {NULL, 0}}};
    lede_buf bytes = {0};

    (void)state;
    pack_files(&bytes, true, files);
    assert_ok(read_into(&got, lede_buf_span(&bytes), "", &err));
    assert_int_equal(got.entry_count, 2);
    assert_int_equal(got.note_count, 0);
    assert_true(has_line(&got.entries, "headline=Kept"));
    assert_true(
        has_line(&got.entries, "headline=Alone captured=2025-02-17T14:50:00Z"));
    lede_buf_done(&bytes);
}

/* A member larger than what waits in memory is the same through a file. */
static void test_archive__large_members(void **state)
{
    lede_buf lines = {0};
    lede_buf bytes = {0};
    pack_file files[] = {{"l.jsonl", {NULL, 0}}, {NULL, {NULL, 0}}};
    uint32_t seed = 1;
    int i;

    (void)state;
    for (i = 0; lines.len < 9u << 20; i++) {
        int word;

        lede_buf_put_format(&lines, "{\"title\": \"Headline %d\", \"body\": \"",
                            i);
        for (word = 0; word < 100; word++) {
            seed = seed * 1664525 + 1013904223;
            lede_buf_put_format(&lines, "%x ", seed);
        }
        lede_buf_put_text(&lines, "\"}\n");
    }
    files[0].bytes = lede_buf_span(&lines);
    pack_files(&bytes, true, files);
    assert_ok(read_into(&got, lede_buf_span(&bytes), "", &err));
    assert_int_equal(got.entry_count, i);
    lede_buf_done(&lines);
    lede_buf_done(&bytes);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_archive__members_are_documents),
        CASE(test_archive__names_of_all_letters),
        CASE(test_archive__compressed_in_all_ways),
        CASE(test_archive__folders_of_pages_in_any_order),
        CASE(test_archive__snapshots_are_read_once),
        CASE(test_archive__bzip2_and_xz),
        CASE(test_archive__nests_three_deep),
        CASE(test_archive__messages_count_as_containers),
        CASE(test_archive__bombs_are_refused),
        CASE(test_archive__many_small_bombs_are_one),
        CASE(test_archive__damage_is_told_in_a_line),
        CASE(test_archive__cut_off),
        CASE(test_archive__a_wacz_is_its_web_archives),
        CASE(test_archive__large_members),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
