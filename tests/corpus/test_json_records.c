#include "tests/corpus/sink.h"

#include "corpus/format.h"
#include "corpus/json_fields.h"
#include "corpus/json_split.h"
#include "tests/corpus/pack.h"

static void check_entries(const char *json, const char *wanted)
{
    test_sink sink = {0};
    lede_error err = {0};

    assert_ok(read_into(&sink, lede_span_text(json), "", &err));
    assert_span(lede_buf_span(&sink.entries), wanted);
    assert_false(sink.page_is_open);
    test_sink_done(&sink);
}

/* The entries and the notes. */
static void check_noted(const char *json, const char *wanted, const char *notes)
{
    test_sink sink = {0};
    lede_error err = {0};

    assert_ok(read_into(&sink, lede_span_text(json), "", &err));
    assert_span(lede_buf_span(&sink.entries), wanted);
    assert_span(lede_buf_span(&sink.notes), notes);
    test_sink_done(&sink);
}

static void test_records__where_the_list_stands(void **state)
{
    static const char one[] = "#record=1 article headline=A p(x)\n";
    static const char *const wraps[] = {
        "[%s]",
        "{\"data\":[%s]}",
        "{\"status\":\"ok\",\"articles\":[%s],\"n\":1}",
        "{\"results\":[%s]}",
        "{\"docs\":[%s]}",
        "{\"copyright\":\"x\",\"response\":{\"docs\":[%s]}}",
        "{\"response\":{\"status\":\"ok\",\"results\":[%s]}}",
        "{\"items\":[%s]}",
        "{\"posts\":[%s]}",
        "{\"News\":[%s]}",
        "{\"value\":[%s]}",
        "{\"entries\":[%s]}",
        "{\"live_text_stream\":{\"content\":{\"data\":{\"results\":[%s]}}}}",
        "{\"hits\":{\"total\":1,\"hits\":[{\"_id\":null,\"_source\":%s}]}}",
        "{\"version\":\"1\",\"title\":\"A feed\",\"items\":[%s]}",
        "[{\"articles\":[]},%s]",
    };
    size_t i;

    (void)state;
    check_entries("{\"title\":\"A\",\"body\":\"x\"}",
                  " article headline=A p(x)\n");
    for (i = 0; i < sizeof wraps / sizeof wraps[0]; i++) {
        lede_buf text = {0};
        const char *at = strstr(wraps[i], "%s");
        size_t before = (size_t)(at - wraps[i]);

        lede_buf_put(&text, wraps[i], before);
        lede_buf_put_text(&text, "{\"title\":\"A\",\"body\":\"x\"}");
        lede_buf_put_text(&text, at + 2);
        check_entries(
            lede_buf_text(&text),
            wraps[i][1] != '{' ? one : "#record=2 article headline=A p(x)\n");
        lede_buf_done(&text);
    }
}

/* From 1, whatever they are wrapped in; what only wraps has no number. */
static void test_records__numbers(void **state)
{
    (void)state;
    check_entries("{\"articles\":[{\"title\":\"A\",\"text\":\"x\"},"
                  "{\"title\":\"B\",\"text\":\"y\"}]}",
                  "#record=1 article headline=A p(x)\n"
                  "#record=2 article headline=B p(y)\n");
    check_entries("[{\"title\":\"A\",\"text\":\"x\"},"
                  "{\"items\":[{\"title\":\"B\",\"text\":\"y\"},"
                  "{\"title\":\"C\",\"text\":\"z\"}]},"
                  "{\"items\":[]},"
                  "{\"title\":\"D\",\"text\":\"u\"}]",
                  "#record=1 article headline=A p(x)\n"
                  "#record=2 article headline=B p(y)\n"
                  "#record=3 article headline=C p(z)\n"
                  "#record=5 article headline=D p(u)\n");
    check_entries("{\"data\":{\"articles\":[{\"title\":\"A\","
                  "\"text\":\"x\"}]},\n \"n\": 1}\n"
                  "{\"title\":\"B\",\"text\":\"y\"}",
                  "#record=1 article headline=A p(x)\n"
                  "#record=2 article headline=B p(y)\n");
}

static void test_records__lines_and_values_in_a_row(void **state)
{
    (void)state;
    check_entries("{\"title\":\"A\",\"text\":\"x\"}\n"
                  "\n"
                  "{\"title\":\"B\",\"text\":\"y\"}\r\n"
                  "{\"title\":\"C\",\"text\":\"z\"}",
                  "#line=1 article headline=A p(x)\n"
                  "#line=3 article headline=B p(y)\n"
                  "#line=4 article headline=C p(z)\n");
    check_entries("{\"title\":\"A\",\"text\":\"x\"}{\"title\":\"B\","
                  "\"text\":\"y\"}",
                  " article headline=A p(x)\n"
                  "#record=2 article headline=B p(y)\n");
    check_entries("{\"title\":\"A\",\"text\":\"x\"}{\"title\":\"B\","
                  "\"text\":\"y\"}\n{\"title\":\"C\",\"text\":\"z\"}\n",
                  "#line=1 article headline=A p(x)\n"
                  "#line=1 article headline=B p(y)\n"
                  "#line=2 article headline=C p(z)\n");
    check_entries("{\n  \"title\": \"A\",\n  \"text\": \"x\"\n}\n"
                  "{\n  \"title\": \"B\",\n  \"text\": \"y\"\n}\n",
                  " article headline=A p(x)\n"
                  "#record=2 article headline=B p(y)\n");
    check_entries("{\"articles\":[{\"title\":\"A\",\"text\":\"x\"}]}\n"
                  "{\"articles\":[{\"title\":\"B\",\"text\":\"y\"}]}\n",
                  "#line=1 article headline=A p(x)\n"
                  "#line=2 article headline=B p(y)\n");
}

static void test_records__names_of_keys(void **state)
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

static void test_records__every_key_of_the_table_is_found(void **state)
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

static void test_records__dates(void **state)
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

static void test_records__authors(void **state)
{
    static const char *const pairs[][2] = {
        {"\"Ann Lee\"", "author=Ann Lee"},
        {"\"By Ann Lee and Bo Ray\"", "author=Ann Lee author=Bo Ray"},
        {"\"Ann Lee, Bo Ray and Cy Poe\"",
         "author=Ann Lee author=Bo Ray author=Cy Poe"},
        {"\"Howard, John\"", "author=Howard, John"},
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

static void test_records__bodies(void **state)
{
    static const char *const pairs[][2] = {
        {"\"one\\ntwo\\n\\nthree\"", "p(one)p(two)p(three)"},
        {"\"  one \\r\\n\\r\\n two\"", "p(one)p(two)"},
        {"\"Like this:\\n\\u2022 a\\n\\u2022 b\"", "p(Like this:)li(a)li(b)"},
        {"[\"one\",\"two\\nthree\",\"\"]", "p(one)p(two)p(three)"},
        {"[{\"type\":\"paragraph\",\"text\":\"one\"},{\"text\":\"T\",\"type\":"
         "\"heading\"},{\"type\":\"list\",\"items\":[\"a\",{\"text\":\"b\","
         "\"type\":\"li\"}]},{\"type\":\"blockquote\",\"content\":\"q\"}]",
         "p(one)heading(T)p(a)li(b)quote(q)"},
        {"\"<p>one</p><ul><li>two</ul>\"", "p(one)li(two)"},
        {"\"one<br><br>two &amp; three\"", "p(one)p(two & three)"},
        {"\"R&amp;D &quot;x&quot;\"", "p(R&D \"x\")"},
        {"\"&lt;p&gt;one&lt;/p&gt;\"", "p(one)"},
        {"\"2 < 3 & 4 > 1\"", "p(2 < 3 & 4 > 1)"},
        {"{\"html\":\"<p>one\",\"other\":1}", "p(one)"},
        {"[{\"type\":\"p\",\"blocks\":[{\"model\":{\"text\":\"deep\"}}]}]",
         "p(deep)"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        lede_buf json = {0};
        lede_buf wanted = {0};

        lede_buf_put_format(&json, "{\"title\":\"A\",\"body\":%s}",
                            pairs[i][0]);
        lede_buf_put_format(&wanted, " article headline=A %s\n", pairs[i][1]);
        check_entries(lede_buf_text(&json), lede_buf_text(&wanted));
        lede_buf_done(&json);
        lede_buf_done(&wanted);
    }
    /* A list of renditions is one body; a list of paragraphs is all of it. */
    check_entries("{\"headlines\":[{\"value\":\"A\"}],\"bodies\":[{\"role\":"
                  "\"text\",\"value\":\"one\"},{\"value\":\"<p>one\"}]}",
                  " article headline=A p(one)\n");
    check_entries("{\"title\":\"A\",\"contents\":[{\"type\":\"title\","
                  "\"content\":\"A\"},{\"type\":\"date\",\"content\":1},"
                  "{\"content\":\"<b>one</b>\",\"type\":\"sanitized_html\"},"
                  "{\"type\":\"image\",\"fullcaption\":\"c\"}]}",
                  " article headline=A p(one)\n");
    /* Hard-wrapped text is joined. */
    check_entries(
        "{\"title\":\"A\",\"text\":\"this is a line that goes to the very edge "
        "of what\\nthe width of the page would have allowed, and so is\\nthis"
        "\\n\\nnext\"}",
        " article headline=A p(this is a line that goes to the very edge of "
        "what the width of the page would have allowed, and so is "
        "this)p(next)\n");
}

static void test_records__wrapped_unevenly(void **state)
{
    (void)state;
    /* By an old database: not each line is as full as it could be. A blank or
     * an indented line begins a paragraph. */
    check_entries(
        "{\"title\":\"A\",\"text\":\"THE FERRY COMPANY SAID LAST WEEK "
        "THAT ALL ITS\\nSHIPS ON THE NORTHERN LINE\\nWOULD STAY IN "
        "PORT UNTIL THE GALE IS OVER.\\n  CAPTAINS HAD ASKED FOR IT, "
        "SAID AN\\nOFFICER OF THE UNION OF SEAFARERS WHO\\nWAS IN THE "
        "MEETING.\\n\\nNO DATE IS GIVEN.\"}",
        " article headline=A p(THE FERRY COMPANY SAID LAST WEEK THAT "
        "ALL ITS SHIPS ON THE NORTHERN LINE WOULD STAY IN PORT UNTIL "
        "THE GALE IS OVER.)p(CAPTAINS HAD ASKED FOR IT, SAID AN "
        "OFFICER OF THE UNION OF SEAFARERS WHO WAS IN THE "
        "MEETING.)p(NO DATE IS GIVEN.)\n");
    /* Sentences, a line each. */
    check_entries("{\"title\":\"A\",\"text\":\"The ferry company said that its "
                  "ships would stay.\\nCaptains had asked for it at a meeting "
                  "in March.\\nNo date is given for when they may leave "
                  "again.\"}",
                  " article headline=A p(The ferry company said that its ships "
                  "would stay.)p(Captains had asked for it at a meeting in "
                  "March.)p(No date is given for when they may leave "
                  "again.)\n");
    /* A list of headlines: no full stops, but each begins anew. */
    check_entries("{\"title\":\"A\",\"text\":\"Ferries stay in port as the "
                  "gale goes on\\nCaptains want shelters\\nGrain prices rise "
                  "again in the northern ports of the coast\"}",
                  " article headline=A p(Ferries stay in port as the gale goes "
                  "on)p(Captains want shelters)p(Grain prices rise again in "
                  "the northern ports of the coast)\n");
    /* Verse is narrow; a long line is a paragraph. */
    check_entries("{\"title\":\"A\",\"text\":\"the sea was grey\\nand so was "
                  "all\\nthe sky above\\nthe harbour wall\"}",
                  " article headline=A p(the sea was grey)p(and so was all)"
                  "p(the sky above)p(the harbour wall)\n");
}

static void test_records__stubs_and_bookmarks(void **state)
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

static void test_records__bad_lines_are_told_and_passed_over(void **state)
{
    (void)state;
    check_noted("{\"title\":\"A\",\"text\":\"x\"}\n"
                "{\"title\":\"B\" \"text\":\"y\"}\n"
                "nonsense\n"
                "{\"title\":\"C\",\"text\":\"cut o\n"
                "{\"n\":1}\n"
                "{\"title\":\"D\",\"text\":\"z\"}\n",
                "#line=1 article headline=A p(x)\n"
                "#line=4 article headline=C truncated p(cut o)\n"
                "#line=6 article headline=D p(z)\n",
                "#line=2 line 2: bad JSON at byte 14: no comma or end behind a "
                "value\n"
                "#line=3 line 3: bad JSON at byte 1: no value\n"
                "#line=4 line 4: cut off; what is there is kept\n"
                " records without text that are no headline with an address or "
                "summary: 1\n");
}

static void test_records__what_is_no_json_is_told(void **state)
{
    lede_buf text = {0};
    test_sink sink = {0};
    lede_error err = {0};

    (void)state;
    check_noted("{\"title\":\"A\",\"text\":\"x\"}\n"
                "some words, and more\n"
                "{\"title\":\"B\",\"text\":\"y\"},\n"
                "\"and a string\" 12\n\n"
                "\xEF\xBB\xBF{\"title\":\"C\",\"text\":\"z\"}\n",
                " article headline=A p(x)\n"
                "#record=2 article headline=B p(y)\n"
                "#line=6 article headline=C p(z)\n",
                " line 2: what is no JSON is passed over\n"
                " line 4: what is no JSON is passed over\n");
    check_noted("{\"title\":\"A\",\"text\":\"x\"}\n"
                "{\"title\":\"D\",\"text\":\"u\"}\n"
                "{\"title\":\"B\",\"text\":\"y\"} some words, and more\n"
                "{\"title\":\"C\",\"text\":\"z\"},\n"
                "{\"title\":\"only a headline\"}\n",
                "#line=1 article headline=A p(x)\n"
                "#line=2 article headline=D p(u)\n"
                "#line=3 article headline=B p(y)\n"
                "#line=4 article headline=C p(z)\n",
                " line 3: what is no JSON is passed over\n"
                " records without text that are no headline with an address or "
                "summary: 1\n");
    for (int i = 0; i < 30; i++) {
        lede_buf_put_text(&text, "{\"title\":\"A\",\"text\":\"x\"}\njunk\n");
    }
    assert_ok(read_into(&sink, lede_buf_span(&text), "", &err));
    assert_int_equal(sink.entry_count, 30);
    assert_int_equal(sink.note_count, 11);
    lede_buf_put_byte(&sink.notes, 0);
    assert_non_null(
        strstr((const char *)sink.notes.bytes, "notes that are not shown: 20"));
    lede_buf_done(&text);
    lede_buf_done(&sink.entries);
    lede_buf_done(&sink.notes);
}

static void test_records__bad_bytes_are_told_once(void **state)
{
    (void)state;
    check_noted("{\"title\":\"A\",\"text\":\"caf\xE9\"}\n"
                "{\"title\":\"B\",\"text\":\"\xE9t\xE9\"}\n",
                "#line=1 article headline=A bad_bytes p(caf\uFFFD)\n"
                "#line=2 article headline=B bad_bytes p(\uFFFDt\uFFFD)\n",
                " not UTF-8 (or NUL) in 3 places: replaced there by U+FFFD\n");
}

static void test_records__a_lead_paragraph_is_not_lost(void **state)
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
}

static void test_records__broken_first_line(void **state)
{
    (void)state;
    check_entries("{\"title\":\"A\",\"text\":\"no end\n"
                  "{\"title\":\"B\",\"text\":\"y\"}\n"
                  "{\"title\":\"C\",\"text\":\"z\"}\n",
                  "#line=1 article headline=A truncated p(no end)\n"
                  "#line=2 article headline=B p(y)\n"
                  "#line=3 article headline=C p(z)\n");
}

static void test_records__broken_record_in_an_array(void **state)
{
    (void)state;
    check_noted(
        "[\n"
        "  {\"title\":\"A\",\"text\":\"x\"},\n"
        "  {\"title\":\"B\",\"text\":no},\n"
        "  {\n    \"title\":\"C\",\n    \"text\":\"quote missing,\n  },\n"
        "  {\"title\":\"D\",\"text\":\"z\"}\n"
        "]\n",
        "#record=1 article headline=A p(x)\n"
        "#record=4 article headline=D p(z)\n",
        "#record=2 line 3: bad JSON at byte 21: no value\n"
        "#record=3 line 4: bad JSON in its line 5 at byte 5: no comma "
        "or end behind a value\n");
}

static void test_records__nothing_in_it(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "{\"a\":1}",
        "{\"name\":\"x\",\"version\":1}",
        "[[[]]]",
        "{\"title\":\"A\"}",
        "{\"data\":[{\"a\":1}]}",
    };
    test_sink sink = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        lede_error err = {0};

        assert_status(read_into(&sink, lede_span_text(texts[i]), "", &err),
                      LEDE_BAD_INPUT);
        assert_non_null(strstr(err.message, "no records"));
        assert_int_equal(sink.entry_count, 0);
        assert_int_equal(sink.page_count, 0);
    }
    test_sink_done(&sink);
}

static void test_records__bad_bytes_are_flagged(void **state)
{
    (void)state;
    check_entries("{\"title\":\"A\xFF\",\"text\":\"x\\ud800\"}\n"
                  "{\"title\":\"B\",\"text\":\"y\"}\n",
                  "#line=1 article headline=A\xEF\xBF\xBD bad_bytes "
                  "p(x\xEF\xBF\xBD)\n"
                  "#line=2 article headline=B p(y)\n");
}

static void test_records__live_page_in_a_record(void **state)
{
    test_sink sink = {0};
    lede_error err = {0};

    (void)state;
    assert_ok(read_into(
        &sink,
        lede_span_text(
            "{\"title\":\"Before\",\"text\":\"x\"}\n"
            "{\"title\":\"Storm live\",\"url\":\"https://n.example/storm\","
            "\"date\":\"2025-02-17T16:00:00Z\",\"text\":\""
            "2. Roads closedpublished at 14:50 Greenwich Mean Time 17 February"
            "\\n\\nThe coast road is shut.\\n\\n"
            "1. Winds risepublished at 13:05 Greenwich Mean Time 17 February"
            "\\n\\nGusts reach the hills.\\n\"}\n"
            "{\"title\":\"After 10:30 and 11:45\",\"text\":\"At 10:30 and "
            "11:45.\"}\n"),
        "", &err));
    assert_int_equal(sink.entry_count, 4);
    assert_int_equal(sink.page_count, 3);
    assert_int_equal(sink.live_pages, 1);
    assert_non_null(strstr(lede_buf_text(&sink.entries),
                           "live_update headline=Roads closed "
                           "published=2025-02-17T14:50:00Z"));
    assert_non_null(
        strstr(lede_buf_text(&sink.entries), "#line=3 article headline=After"));
    test_sink_done(&sink);
}

static void test_records__sink_failures_and_stops(void **state)
{
    lede_buf text = {0};
    test_sink sink = {.fail_at = 3};
    lede_error err = {0};
    int i;

    (void)state;
    for (i = 0; i < 10; i++) {
        lede_buf_put_text(&text, "{\"title\":\"A\",\"text\":\"x\"}\n");
    }
    assert_status(read_into(&sink, lede_buf_span(&text), "", &err), LEDE_IO);
    assert_string_equal(err.message, "the disk is full");
    assert_int_equal(sink.entry_count, 3);
    sink.fail_at = 0;
    sink.stop_at = 5;
    assert_status(read_into(&sink, lede_buf_span(&text), "", &err),
                  LEDE_INTERRUPTED);
    assert_int_equal(sink.entry_count, 5);
    test_sink_done(&sink);
    lede_buf_done(&text);
}

/* Records of many sizes, so that they fall on every border of the window. */
static void put_archive(lede_buf *out, int shape, size_t count, uint64_t seed)
{
    size_t i;

    lede_buf_put_text(out, shape == 1   ? "["
                           : shape == 2 ? "{\"status\": \"ok\", \"data\": [\n"
                                        : "");
    for (i = 0; i < count; i++) {
        size_t len = pack_random(&seed) % (i % 17 == 0 ? 60000 : 900);

        lede_buf_put_format(out, "%s{\"id\":%zu,\"title\":\"T%zu\",\"x\":[{}],",
                            i > 0 && shape > 0 ? "," : "", i, i);
        lede_buf_put_text(out, "\"text\":\"b\\\"{[");
        while (len-- > 0) {
            lede_buf_put_byte(out, (uint8_t)('a' + pack_random(&seed) % 26));
        }
        lede_buf_put_text(out, shape == 0 ? "\"}\n" : "\"}");
    }
    lede_buf_put_text(out, shape == 1 ? "]" : shape == 2 ? "]}" : "");
}

static void test_records__all_shapes_give_the_same(void **state)
{
    lede_buf text = {0};
    lede_buf packed = {0};
    test_sink sink = {0};
    int shape;
    int pack;

    (void)state;
    for (shape = 0; shape < 3; shape++) {
        for (pack = 0; pack < 3; pack++) {
            lede_error err = {0};
            size_t at = 0;
            size_t i;

            lede_buf_clear(&text);
            put_archive(&text, shape, 700, 3);
            lede_buf_clear(&packed);
            if (pack == 0) {
                lede_buf_put_span(&packed, lede_buf_span(&text));
            } else if (pack == 1) {
                pack_gzip(&packed, lede_buf_span(&text));
            } else {
                pack_zstd(&packed, lede_buf_span(&text));
            }
            assert_ok(read_into(&sink, lede_buf_span(&packed), "", &err));
            assert_int_equal(sink.entry_count, 700);
            assert_int_equal(sink.note_count, 0);
            assert_int_equal(sink.progress, packed.len);
            for (i = 0; i < 700; i++) {
                char mark[40];
                const char *found;

                snprintf(mark, sizeof mark, " headline=T%zu id=%zu ", i, i);
                found = strstr(lede_buf_text(&sink.entries) + at, mark);
                assert_non_null(found);
                at = (size_t)(found - (const char *)sink.entries.bytes);
            }
        }
    }
    test_sink_done(&sink);
    lede_buf_done(&text);
    lede_buf_done(&packed);
}

static size_t count_pieces(lede_span text, size_t max_bytes, size_t *too_large)
{
    lede_input *input = lede_input_of_bytes(text, "");
    lede_json_split *split = NULL;
    lede_json_piece piece;
    lede_error err = {0};
    lede_status status;
    size_t count = 0;

    *too_large = 0;
    assert_non_null(input);
    assert_ok(lede_json_split_new(input, max_bytes, &split, &err));
    while ((status = lede_json_split_next(split, &piece, &err)) == LEDE_OK) {
        assert_true(piece.text.len <= max_bytes);
        *too_large += piece.is_too_large;
        count += !piece.is_too_large;
    }
    assert_int_equal(status, LEDE_END);
    lede_json_split_free(split);
    lede_input_close(input);
    return count;
}

/* With a bound of 20000 bytes, a fraction of the records is too large, and the
 * object around the list is entered instead of held. */
static void test_records__too_large_ones_are_passed_over(void **state)
{
    lede_buf text = {0};
    size_t wanted = 0;
    int shape;

    (void)state;
    for (shape = 0; shape < 3; shape++) {
        size_t too_large;
        size_t count;

        lede_buf_clear(&text);
        put_archive(&text, shape, 700, 3);
        count = count_pieces(lede_buf_span(&text), 20000, &too_large);
        assert_int_equal(count + too_large, 700);
        assert_true(too_large > 10);
        assert_true(shape == 0 || count == wanted);
        wanted = count;
    }
    lede_buf_done(&text);
}

/* By the bound that holds outside of tests: a text that is too large, told in
 * one line, and a picture as large, which is not held. */
static void test_records__64_mib_of_text_are_too_much(void **state)
{
    enum { MUCH = (64 << 20) + 1000 };
    lede_buf text = {0};
    test_sink sink = {0};
    lede_sink out = test_sink_of(&sink);
    bool is_damaged = false;
    lede_error err = {0};
    uint8_t *noise;

    (void)state;
    lede_buf_put_text(&text, "{\"title\":\"A\",\"text\":\"");
    noise = lede_buf_extend(&text, MUCH);
    assert_non_null(noise);
    memset(noise, 'a', MUCH);
    lede_buf_put_text(&text, "\"}\n{\"title\":\"B\",\"picture\":\"");
    noise = lede_buf_extend(&text, MUCH);
    assert_non_null(noise);
    memset(noise, 'b', MUCH);
    lede_buf_put_text(&text, "\",\"text\":\"b\"}\n"
                             "{\"title\":\"C\",\"text\":\"c\"}\n");
    assert_false(text.failed);
    out.is_damaged = &is_damaged;
    assert_ok(
        lede_corpus_read_bytes(lede_buf_span(&text), "", NULL, &out, &err));
    assert_string_equal(lede_buf_text(&sink.entries),
                        "#line=2 article headline=B p(b)\n"
                        "#line=3 article headline=C p(c)\n");
    assert_string_equal(lede_buf_text(&sink.notes),
                        "#record=1 line 1: a record of more than 64 MiB is "
                        "passed over\n");
    assert_true(is_damaged);
    test_sink_done(&sink);
    lede_buf_done(&text);
}

static void test_records__broken_records_cost_no_more_than_linear(void **state)
{
    lede_buf text = {0};
    test_sink sink = {0};
    lede_error err = {0};
    int i;

    (void)state;
    lede_buf_put_text(&text, "[\n");
    for (i = 0; i < 20000; i++) {
        lede_buf_put_text(&text, "{\"title\":\"A\",\"text\":\"\n");
    }
    (void)read_into(&sink, lede_buf_span(&text), "", &err);
    test_sink_done(&sink);
    lede_buf_done(&text);
}

static void test_records__damaged_gzip_keeps_what_came_before(void **state)
{
    lede_buf text = {0};
    lede_buf packed = {0};
    test_sink sink = {0};
    lede_error err = {0};

    (void)state;
    put_archive(&text, 0, 300, 9);
    pack_gzip(&packed, lede_buf_span(&text));
    assert_ok(read_into(&sink, lede_span_of(packed.bytes, packed.len * 3 / 4),
                        "", &err));
    assert_in_range(sink.entry_count, 100, 299);
    assert_non_null(strstr(lede_buf_text(&sink.notes), "cut off"));
    assert_false(sink.page_is_open);
    test_sink_done(&sink);
    lede_buf_done(&text);
    lede_buf_done(&packed);
}

/* Real archives; figures counted with another program. */
static void test_records__real_collections(void **state)
{
    static const struct {
        const char *path;
        size_t entries;
    } files[] = {
        {TEST_DATA("time1963/time1963.jsonl"), 423},
        {TEST_DATA("exports/omnivore.json"), 20},
        {TEST_DATA("exports/wallabag-v2-read.json"), 2},
        {TEST_DATA("exports/wallabag-v2.json"), 6},
        {TEST_DATA("exports/readability.json"), 3},
        {TEST_DATA("exports/elcurator.json"), 1},
        {TEST_DATA("newsroom/ninjs/1.4/ninjsExSimpleText1.json"), 1},
    };
    size_t i;

    (void)state;
    skip_without_data(files[0].path);
    for (i = 0; i < sizeof files / sizeof files[0]; i++) {
        test_sink sink = {0};
        lede_sink out = test_sink_of(&sink);
        lede_error err = {0};

        assert_ok(lede_corpus_read_file(files[i].path, NULL, &out, &err));
        if (sink.entry_count != files[i].entries) {
            fail_msg("%s has %zu", files[i].path, sink.entry_count);
        }
        test_sink_done(&sink);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records__where_the_list_stands),
        cmocka_unit_test(test_records__numbers),
        cmocka_unit_test(test_records__lines_and_values_in_a_row),
        cmocka_unit_test(test_records__names_of_keys),
        cmocka_unit_test(test_records__every_key_of_the_table_is_found),
        cmocka_unit_test(test_records__dates),
        cmocka_unit_test(test_records__authors),
        cmocka_unit_test(test_records__bodies),
        cmocka_unit_test(test_records__wrapped_unevenly),
        cmocka_unit_test(test_records__stubs_and_bookmarks),
        cmocka_unit_test(test_records__bad_lines_are_told_and_passed_over),
        cmocka_unit_test(test_records__broken_first_line),
        cmocka_unit_test(test_records__what_is_no_json_is_told),
        cmocka_unit_test(test_records__bad_bytes_are_told_once),
        cmocka_unit_test(test_records__a_lead_paragraph_is_not_lost),
        cmocka_unit_test(test_records__broken_record_in_an_array),
        cmocka_unit_test(test_records__nothing_in_it),
        cmocka_unit_test(test_records__bad_bytes_are_flagged),
        cmocka_unit_test(test_records__live_page_in_a_record),
        cmocka_unit_test(test_records__sink_failures_and_stops),
        cmocka_unit_test(test_records__all_shapes_give_the_same),
        cmocka_unit_test(test_records__too_large_ones_are_passed_over),
        cmocka_unit_test(test_records__64_mib_of_text_are_too_much),
        cmocka_unit_test(test_records__broken_records_cost_no_more_than_linear),
        cmocka_unit_test(test_records__damaged_gzip_keeps_what_came_before),
        cmocka_unit_test(test_records__real_collections),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
