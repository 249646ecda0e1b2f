/* What the members of a record mean. */
#include "tests/corpus/json_case.h"

#include "corpus/json_entry.h"
#include "corpus/json_fields.h"

static void test_fields__names_of_keys(void **state)
{
    static const char *const pairs[][2] = {
        {"{\"headline\":\"A\",\"maintext\":\"x\"}", "headline=A p(x)"},
        {"{\"webTitle\":\"A\",\"fields\":{\"bodyText\":\"x\"}}",
         "headline=A p(x)"},
        {"{\"headline\":{\"main\":\"A\",\"kicker\":\"K\"},\"text\":\"x\"}",
         "headline=A p(x)"},
        {"{\"headline.main\":\"A\",\"Full_Text\":\"x\"}", "headline=A p(x)"},
        {"{\"title\":{\"rendered\":\"A\"},\"content\":{\"rendered\":\"<p>x\","
         "\"protected\":false}}",
         "headline=A p(x)"},
        {"{\"article_title\":\"A\",\"article-text\":\"x\"}", "headline=A p(x)"},
        {"{\"Title\":\"A\",\"articleBody\":\"x\",\"summary\":\"s\"}",
         "headline=A deck=s p(x)"},
        {"{\"name\":\"worse\",\"title\":\"A\",\"content\":\"y\",\"text\":"
         "\"x\"}",
         "headline=A p(x)"},
        {"{\"text\":\"x\",\"content\":\"y\",\"title\":\"A\",\"name\":\"w\"}",
         "headline=A p(x)"},
        {"{\"title\":null,\"name\":\"A\",\"text\":\"\",\"content\":\"x\"}",
         "headline=A p(x)"},
        {"{\"title\":\"A\",\"text\":\"x\",\"lang\":\"EN_us\"}",
         "headline=A lang=en-us p(x)"},
        {"{\"title\":\"A\",\"text\":\"x\",\"language\":\"English\"}",
         "headline=A lang=en p(x)"},
        {"{\"title\":\"A\",\"text\":\"x\",\"source\":{\"id\":null,\"name\":"
         "\"The Post\"},\"url\":\"https://www.post.example/a\"}",
         "headline=A url=https://www.post.example/a source=The Post p(x)"},
        {"{\"title\":\"A\",\"text\":\"x\",\"url\":\"https://WWW.Post.example:80"
         "/a\",\"id\":7}",
         "headline=A url=https://WWW.Post.example:80/a source=post.example "
         "p(x)"},
        {"{\"title\":\"A\",\"text\":\"x\",\"thread\":{\"site\":\"n.example\"}}",
         "headline=A source=n.example p(x)"},
        {"{\"title\":\"A\",\"text\":\"x\",\"id\":\"n-7\"}",
         "headline=A id=n-7 p(x)"},
        {"{\"title\":\"A\",\"text\":\"x\",\"id\":7}", "headline=A id=7 p(x)"},
        {"{\"title\":\"A\",\"text\":\"x\",\"id\":[7]}", "headline=A p(x)"},
        {"{\"title\":\"A\",\"text\":\"x\",\"uri\":\"urn:n:1\",\"id\":8}",
         "headline=A id=urn:n:1 p(x)"},
        {"{\"title\":\"A\",\"text\":\"x\",\"section\":\"World\",\"tags\":"
         "[\"a\",{\"label\":\"b\"},{\"name\":\"c &amp; d\"},\"\"]}",
         "headline=A section=World tag=a tag=b tag=c & d p(x)"},
        {"{\"title\":\"A\",\"text\":\"x\",\"keywords\":\"a, b;c\"}",
         "headline=A tag=a tag=b tag=c p(x)"},
        {"{\"title\":\"<i>A</i> &amp; B\\n\",\"text\":\"x\"}",
         "headline=A & B p(x)"},
        {"{\"article\":{\"title\":\"A\",\"text\":\"x\"}}", "headline=A p(x)"},
        {"{\"unknown\":[{\"title\":1},[[]]],\"title\":\"A\",\"text\":\"x\"}",
         "headline=A p(x)"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        lede_buf wanted = {0};

        lede_buf_put_format(&wanted, " article %s\n", pairs[i][1]);
        check_entries(pairs[i][0], lede_buf_text(&wanted));
        lede_buf_done(&wanted);
    }
}

static void test_fields__every_key_of_the_table_is_found(void **state)
{
    const char *before = "";
    const char *key;
    size_t i;

    (void)state;
    for (i = 0; (key = lede_json_key_at(i)) != NULL; i++) {
        char folded[LEDE_JSON_KEY_MAX_BYTES];

        assert_true(strcmp(before, key) < 0);
        assert_int_equal(lede_json_key_fold(lede_span_text(key), folded),
                         strlen(key));
        assert_string_equal(folded, key);
        assert_true(lede_json_key_find(lede_span_text(key)).field !=
                    LEDE_JSON_FIELD_NONE);
        before = key;
    }
    assert_true(i > 100);
    assert_int_equal(lede_json_key_find(lede_span_text("")).field,
                     LEDE_JSON_FIELD_NONE);
    assert_int_equal(lede_json_key_find(lede_span_text("titl")).field,
                     LEDE_JSON_FIELD_NONE);
    assert_int_equal(lede_json_key_find(lede_span_text("titles")).field,
                     LEDE_JSON_FIELD_NONE);
    check_entries("{\"title\\u0000x\":\"B\",\"_Ti-TLE\":\"A\",\"text\":\"x\"}",
                  " article headline=A p(x)\n");
}

static void test_fields__dates(void **state)
{
    static const char *const pairs[][2] = {
        {"\"published\":\"2025-02-17T14:50:00Z\"",
         "published=2025-02-17T14:50:00Z"},
        {"\"datePublished\":\"2025-02-17\"", "published=2025-02-17"},
        {"\"pub_date\":1739803800", "published=2025-02-17T14:50:00Z"},
        {"\"published_date\":1739803800000", "published=2025-02-17T14:50:00Z"},
        {"\"timestamp\":\"1739803800\"", "published=2025-02-17T14:50:00Z"},
        {"\"timestamp\":1739803800.25", "published=2025-02-17T14:50:00Z"},
        {"\"date\":1739803800000000000", "published=2025-02-17T14:50:00Z"},
        {"\"date\":{\"$date\":\"2025-02-17T14:50:00Z\"}",
         "published=2025-02-17T14:50:00Z"},
        {"\"published\":\"\",\"date\":\"2025-02-17\"", "published=2025-02-17"},
        {"\"published\":\"2099-01-01\",\"date\":\"2025-02-17\"",
         "published=2025-02-17"},
        {"\"published\":0,\"date\":\"2025-02-17\"", "published=2025-02-17"},
        {"\"date\":\"2024-01-01\",\"published\":\"2025-02-17\"",
         "published=2025-02-17"},
        {"\"published\":\"2025-02-17\",\"modified\":\"2025-02-18\"",
         "published=2025-02-17 updated=2025-02-18"},
        {"\"published\":\"2025-02-17\",\"modified\":\"2024-02-18\"",
         "published=2025-02-17"},
        {"\"published\":\"2025-02-17\",\"crawled\":\"2025-03-01T10:00:00Z\"",
         "published=2025-02-17 captured=2025-03-01T10:00:00Z"},
        {"\"firstcreated\":\"2025-02-17T14:50:00Z\",\"versioncreated\":"
         "\"2025-02-17T15:00:00Z\"",
         "published=2025-02-17T14:50:00Z updated=2025-02-17T15:00:00Z"},
        {"\"versioncreated\":\"2025-02-17T14:50:00Z\",\"firstcreated\":"
         "\"2025-02-17T14:50:00Z\"",
         "published=2025-02-17T14:50:00Z"},
        {"\"versioncreated\":\"2025-02-17T14:50:00Z\"",
         "published=2025-02-17T14:50:00Z"},
        {"\"time_added\":1739803800", "captured=2025-02-17T14:50:00Z"},
        {"\"date_added\":1739803800,\"url\":"
         "\"https://n.example/2015/10/26/a\"",
         "published=2015-10-26 captured=2025-02-17T14:50:00Z "
         "url=https://n.example/2015/10/26/a source=n.example"},
        {"\"created_at\":\"2025-02-17T14:50:00Z\"",
         "published=2025-02-17T14:50:00Z"},
        {"\"created_at\":\"2025-02-17T14:50:00Z\",\"updated_at\":"
         "\"2025-02-18T14:50:00Z\",\"is_archived\":0",
         "captured=2025-02-17T14:50:00Z"},
        {"\"is_archived\":1,\"published_at\":\"2025-02-16\","
         "\"created_at\":\"2025-02-17T14:50:00Z\"",
         "published=2025-02-16 captured=2025-02-17T14:50:00Z"},
        {"\"url\":\"https://n.example/2025/02/17/a\"",
         "published=2025-02-17 url=https://n.example/2025/02/17/a "
         "source=n.example"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        lede_buf json = {0};
        lede_buf wanted = {0};

        lede_buf_put_format(&json, "{\"title\":\"A\",\"text\":\"x\",%s}",
                            pairs[i][0]);
        lede_buf_put_format(&wanted, " article headline=A %s p(x)\n",
                            pairs[i][1]);
        check_entries(lede_buf_text(&json), lede_buf_text(&wanted));
        lede_buf_done(&json);
        lede_buf_done(&wanted);
    }
}

static void test_fields__authors(void **state)
{
    static const char *const pairs[][2] = {
        {"\"Ann Lee\"", "author=Ann Lee"},
        {"\"By Ann Lee and Bo Ray\"", "author=Ann Lee author=Bo Ray"},
        {"\"Ann Lee, Bo Ray and Cy Poe\"",
         "author=Ann Lee author=Bo Ray author=Cy Poe"},
        {"\"Howard, John\"", "author=Howard, John"},
        {"\"By Jane Doe, Reuters\"", "author=Jane Doe author=Reuters"},
        {"\"Jane Doe and Bo Ray, AP\"",
         "author=Jane Doe author=Bo Ray author=AP"},
        {"\"Karl Poe/TT\"", "author=Karl Poe author=TT"},
        {"\"Von Christian Poe und Ann Lee, dpa\"",
         "author=Christian Poe author=Ann Lee author=dpa"},
        {"\"Von der Leyen, Ursula\"", "author=Von der Leyen, Ursula"},
        {"\"Von Trier, Lars\"", "author=Von Trier, Lars"},
        {"\"Ann Lee; Bo Ray\"", "author=Ann Lee author=Bo Ray"},
        {"[\"Ann Lee\",\"Bo Ray\",\"Ann Lee\"]",
         "author=Ann Lee author=Bo Ray"},
        {"{\"@type\":\"Person\",\"name\":\"Ann Lee\",\"jobTitle\":\"Editor\"}",
         "author=Ann Lee role=Editor"},
        {"[{\"name\":\"Ann Lee\",\"location\":\"Paris\"},{\"name\":[\"Bo Ray\","
         "\"Cy Poe\"]}]",
         "author=Ann Lee place=Paris author=Bo Ray author=Cy Poe"},
        {"[{\"firstname\":\"Ann\",\"lastname\":\"LEE\",\"role\":\"reported\"}]",
         "author=Ann LEE role=reported"},
        {"{\"original\":\"By Ann Lee\",\"person\":[]}", "author=Ann Lee"},
        {"\"https://n.example/ann\"", ""},
        {"\"Ann Lee in Paris and Bo Hart\"",
         "author=Ann Lee place=Paris author=Bo Hart"},
        {"\"Ann Lee in the office\"", "author=Ann Lee in the office"},
        {"[null,1,\"\",[[\"Ann Lee\"]]]", "author=Ann Lee"},
        {"\"J&#246;rg Hu\"", "author=J\xC3\xB6rg Hu"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        lede_buf json = {0};
        lede_buf wanted = {0};

        lede_buf_put_format(&json,
                            "{\"title\":\"A\",\"text\":\"x\",\"author\":%s}",
                            pairs[i][0]);
        lede_buf_put_format(&wanted, " article headline=A%s%s p(x)\n",
                            *pairs[i][1] == 0 ? "" : " ", pairs[i][1]);
        check_entries(lede_buf_text(&json), lede_buf_text(&wanted));
        lede_buf_done(&json);
        lede_buf_done(&wanted);
    }
}

static void test_fields__descriptions_by_their_role(void **state)
{
    (void)state;
    check_entries("{\"headline\":\"A\",\"body_text\":\"x\",\"descriptions\":["
                  "{\"role\":\"creditline\",\"value\":\"THE PRESS\"},"
                  "{\"role\":\"text\",\"value\":\"t\"},"
                  "{\"role\":\"caption\",\"value\":\"A dam.\"}]}",
                  " article headline=A deck=A dam. p(x)\n");
    check_entries("{\"headline\":\"A\",\"body_text\":\"x\",\"descriptions\":["
                  "{\"value\":\"Ann\",\"role\":\"writer\"},"
                  "{\"value\":\"t\",\"role\":\"text\"}]}",
                  " article headline=A deck=t p(x)\n");
    check_entries("{\"headline\":\"A\",\"body_text\":\"x\",\"descriptions\":["
                  "{\"value\":\"Ann\",\"role\":\"writer\"}]}",
                  " article headline=A p(x)\n");
}

/* NITF inside JSON is the last resort; HTML has paragraphs. */
static void test_fields__the_best_of_renditions(void **state)
{
    (void)state;
    check_entries("{\"headline\":\"A\",\"bodies\":["
                  "{\"contenttype\":\"text/xml\",\"value\":\"<?xml "
                  "version='1.0'?><nitf><body><p>n</p></body></nitf>\"},"
                  "{\"contenttype\":\"text/plain\",\"value\":\"x y\"}]}",
                  " article headline=A p(x y)\n");
    check_entries("{\"headline\":\"A\",\"bodies\":["
                  "{\"value\":\"x y\"},{\"value\":\"<p>x</p><p>y</p>\"},"
                  "{\"value\":\"<p>other</p>\"}]}",
                  " article headline=A p(x)p(y)\n");
}

static void test_fields__a_schema_is_no_article(void **state)
{
    test_sink sink = {0};
    lede_error err = {0};

    (void)state;
    assert_int_equal(
        read_into(&sink,
                  lede_span_text("{\"$schema\":\"http://s.example/\",\"title\":"
                                 "\"Items\",\"description\":\"d\","
                                 "\"properties\":{\"title\":{}}}"),
                  "", &err),
        LEDE_BAD_INPUT);
    test_sink_done(&sink);
    check_entries("{\"$schema\":\"http://s.example/\",\"title\":\"A\","
                  "\"text\":\"x\"}",
                  " article headline=A p(x)\n");
}

static void test_fields__withdrawn(void **state)
{
    static const char *const texts[] = {
        "{\"title\":\"A\",\"text\":\"x\",\"pubstatus\":\"canceled\"}",
        "{\"title\":\"A\",\"text\":\"x\",\"pubstatus\":\"withheld\"}",
        "{\"title\":\"A\",\"text\":\"x\",\"pubstatus\":\"usable\"}",
    };
    const lede_read_options options = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        lede_json *json = lede_json_new();
        lede_arena arena = {0};
        lede_json_record record;
        lede_entry made;
        lede_error err = {0};

        assert_ok(lede_json_record_read(json, lede_span_text(texts[i]), &arena,
                                        &record, &err));
        assert_ok(lede_json_entry_make(&record, &options, &arena, &made, &err));
        assert_int_equal(made.label_count, i < 2);
        if (i < 2) {
            assert_span(made.labels[0], "Withdrawn");
        }
        lede_arena_done(&arena);
        lede_json_free(json);
    }
}

/* Of several headlines the main one; what lists of things to read call the time
 * of saving. */
static void test_fields__headlines_with_roles(void **state)
{
    (void)state;
    check_entries(
        "{\"headlines\":[{\"role\":\"sub\",\"value\":\"B\"},{\"role\":"
        "\"main\",\"value\":\"A\"}],\"text\":\"x\"}",
        " article headline=A p(x)\n");
    check_entries("{\"headlines\":[{\"role\":\"short\",\"value\":\"B\"},"
                  "{\"value\":\"A\"}],\"text\":\"x\"}",
                  " article headline=A p(x)\n");
    check_entries("{\"headlines\":[{\"role\":\"print\",\"value\":\"A\"}],"
                  "\"text\":\"x\"}",
                  " article headline=A p(x)\n");
    check_entries(
        "{\"title\":\"A\",\"url\":\"https://n.example/a\",\"created\":"
        "\"2025-02-17T14:50:00Z\",\"favorite\":\"false\"}",
        " bookmark headline=A captured=2025-02-17T14:50:00Z "
        "url=https://n.example/a source=n.example \n");
    check_entries("{\"Title\":\"A\",\"URL\":\"https://n.example/a\","
                  "\"Saved date\":\"2025-02-17 14:50:00+00:00\"}",
                  " bookmark headline=A captured=2025-02-17T14:50:00Z "
                  "url=https://n.example/a source=n.example \n");
}

static void test_fields__stubs_and_bookmarks(void **state)
{
    (void)state;
    check_entries("{\"title\":\"A\",\"content\":\"It begins\\u2026 [+6534 "
                  "chars]\",\"url\":\"https://n.example/a\"}",
                  " article headline=A url=https://n.example/a "
                  "source=n.example stub p(It begins…)\n");
    check_entries("{\"title\":\"A\",\"text\":\"about [+ chars]\"}",
                  " article headline=A p(about [+ chars])\n");
    check_entries("{\"title\":\"A\",\"url\":\"https://n.example/a\"}",
                  " bookmark headline=A url=https://n.example/a "
                  "source=n.example \n");
    check_entries("{\"title\":\"A\",\"url\":\"https://n.example/a\","
                  "\"abstract\":\"s\"}",
                  " article headline=A deck=s url=https://n.example/a "
                  "source=n.example stub \n");
    check_entries("{\"title\":null,\"body\":\"One sentence. And another.\"}",
                  " article derived=One sentence. p(One sentence. And "
                  "another.)\n");
}

static void test_fields__a_lead_paragraph_is_not_lost(void **state)
{
    (void)state;
    check_entries("{\"headline\":{\"main\":\"A\"},\"abstract\":\"s\","
                  "\"lead_paragraph\":\"It began.\"}",
                  " article headline=A deck=s stub p(It began.)\n");
    check_entries("{\"lead_paragraph\":\"It began.\",\"title\":\"A\","
                  "\"abstract\":\"It began.\"}",
                  " article headline=A deck=It began. stub \n");
    check_entries("{\"title\":\"A\",\"lead_paragraph\":\"It began.\"}",
                  " article headline=A deck=It began. stub \n");
    check_entries("{\"title\":\"A\",\"lead_paragraph\":\"It began.\","
                  "\"body\":\"It began. It ended.\"}",
                  " article headline=A deck=It began. p(It began. It "
                  "ended.)\n");
    check_entries("{\"title\":\"A\",\"abstract\":\"s\","
                  "\"lead_paragraph\":\"It began.\",\"deck\":\"t\","
                  "\"body\":\"It ended.\"}",
                  " article headline=A deck=s\nt p(It began.)p(It ended.)\n");
    check_entries("{\"title\":\"A\",\"abstract\":\"s\","
                  "\"lead_paragraph\":\"<p>It began\u2026</p>\","
                  "\"body\":\"\u201CIt\u201D began, then\\n\\nit ended.\"}",
                  " article headline=A deck=s p(\u201CIt\u201D began, then)"
                  "p(it ended.)\n");
}

/* The same, cut or not, is said once, and what the body says not at all. */
static void test_fields__no_deck_is_lost(void **state)
{
    (void)state;
    check_entries("{\"title\":\"A\",\"description\":\"The wall held...\","
                  "\"summary\":\"The wall held all night.\","
                  "\"excerpt\":\"the wall HELD\","
                  "\"snippet\":\"Nobody slept.\","
                  "\"standfirst\":\"Divers go down today.\","
                  "\"text\":\"It was cold. Nobody slept. All went home.\"}",
                  " article headline=A deck=The wall held all night.\n"
                  "Divers go down today. p(It was cold. Nobody slept. All went "
                  "home.)\n");
    check_entries("{\"title\":\"A\",\"url\":\"https://n.example/a\","
                  "\"summary\":\"s\",\"description\":\"d\"}",
                  " article headline=A deck=d\ns url=https://n.example/a "
                  "source=n.example stub \n");
    check_entries("{\"title\":\"A\",\"description\":\"\","
                  "\"summary\":\"s\",\"text\":\"s\"}",
                  " article headline=A deck=s p(s)\n");
}

/* News without text: something beside the headline says that it is news. */
static void test_fields__a_headline_alone(void **state)
{
    (void)state;
    check_entries("{\"headline\":\"A\",\"versioncreated\":\"2025-02-17\"}",
                  " bookmark headline=A published=2025-02-17 \n");
    check_entries("{\"title\":\"A\",\"source\":\"The Herald\"}",
                  " bookmark headline=A source=The Herald \n");
    check_entries("{\"title\":\"A\",\"author\":\"Ann Lee\"}",
                  " bookmark headline=A author=Ann Lee \n");
    check_noted("{\"title\":\"A\",\"text\":\"x\"}\n"
                "{\"title\":\"B\"}\n"
                "{\"name\":\"C\",\"created_at\":\"2025-02-17\","
                "\"author\":\"Ann Lee\"}\n",
                "#line=1 article headline=A p(x)\n",
                " records without text that are no headline with an address, "
                "summary, date, author or outlet: 2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields__names_of_keys),
        cmocka_unit_test(test_fields__every_key_of_the_table_is_found),
        cmocka_unit_test(test_fields__dates),
        cmocka_unit_test(test_fields__authors),
        cmocka_unit_test(test_fields__headlines_with_roles),
        cmocka_unit_test(test_fields__stubs_and_bookmarks),
        cmocka_unit_test(test_fields__descriptions_by_their_role),
        cmocka_unit_test(test_fields__the_best_of_renditions),
        cmocka_unit_test(test_fields__a_schema_is_no_article),
        cmocka_unit_test(test_fields__withdrawn),
        cmocka_unit_test(test_fields__a_lead_paragraph_is_not_lost),
        cmocka_unit_test(test_fields__no_deck_is_lost),
        cmocka_unit_test(test_fields__a_headline_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
