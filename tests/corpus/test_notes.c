/* What people keep themselves: notes, tables, bookmarks, exports. */
#include <unistd.h>

#include "corpus/walk.h"
#include "tests/corpus/read_text.h"

#define EXPORTS TEST_DATA("exports")

static lede_error err;

static void test_notes__markdown_with_front_matter(void **state)
{
    const lede_entry *e;

    (void)state;
    read_as(&lede_format_markdown,
            "---\n"
            "title: \"Storm: the harbour\"\n"
            "source: https://p.example/storm\n"
            "author:\n  - \"[[Ann Lee]]\"\n  - Bo Ray\n"
            "published: 2025-02-17\ncreated: 2025-03-01T10:00:00Z\n"
            "description: >\n  Two days\n  without ships\n"
            "tags: [weather, 'the coast']\nlang: en\n"
            "---\n\n"
            "# The *harbour* was closed\n\n"
            "The [office](https://o.example) said it was **closed**\n"
            "for 2 * 3 days, by ==order== of [[Port|the port]].\n\n"
            "![The pier](pier.jpg)\n\n"
            "- One `lane`\n- Two lanes\n\n"
            "> Nobody goes out,\n> he said.\n\n"
            "| Ship | Days |\n|------|------|\n| Ann | 3 |\n\n"
            "```\ncode_here\n```\n\n<p>Some <b>HTML</b>.</p>\n",
            "");
    assert_int_equal(got.count, 1);
    assert_entry(0, "Storm: the harbour", "2025-02-17",
                 "The harbour was closed");
    e = entry(0);
    assert_span(e->url, "https://p.example/storm");
    assert_when(&e->captured, "2025-03-01T10:00:00Z");
    assert_int_equal(e->author_count, 2);
    assert_span(e->authors[0].name, "Ann Lee");
    assert_span(e->deck, "Two days without ships");
    assert_int_equal(e->tag_count, 2);
    assert_span(e->tags[1], "the coast");
    assert_int_equal(e->block_count, 9);
    assert_int_equal(e->body[0].type, LEDE_BLOCK_HEADING);
    assert_span(e->body[1].text,
                "The office said it was closed for 2 * 3 days, by order of "
                "the port.");
    assert_int_equal(e->body[2].type, LEDE_BLOCK_LI);
    assert_span(e->body[2].text, "One lane");
    assert_int_equal(e->body[4].type, LEDE_BLOCK_QUOTE);
    assert_span(e->body[4].text, "Nobody goes out, he said.");
    assert_span(e->body[6].text, "Ann | 3");
    assert_span(e->body[7].text, "code_here");
    assert_span(e->body[8].text, "Some HTML.");
    assert_span(e->media[0].alt, "The pier");
    /* The title once more. */
    read_as(&lede_format_markdown,
            "---\ntitle: Storm\n---\n# Storm\n\nNo ships.\n", "");
    assert_int_equal(entry(0)->block_count, 1);
    assert_span(entry(0)->body[0].text, "No ships.");
}

static void test_notes__markdown_bare_and_toml(void **state)
{
    (void)state;
    read_as(
        &lede_format_markdown,
        "+++\ntitle = \"A note\"\ndate = 2024-05-06T07:08:09Z\n+++\nText.\n",
        "");
    assert_entry(0, "A note", "2024-05-06T07:08:09Z", "Text.");
    collect_done(&got);
    assert_ok(collect_bytes(&got, &lede_format_markdown,
                            lede_span_text("# Headline\n\nText of it.\n"),
                            "a.md", &context, &err));
    assert_span(entry(0)->headline, "Headline");
    /* A line of dashes alone begins no front matter. */
    assert_false(lede_format_markdown.claims(
        lede_span_text("---\nWords\n---\nmore\n"), true, ""));
}

/* Ways to write a value, and what it is. */
static void test_notes__values_in_front(void **state)
{
    static const struct {
        const char *front;
        const char *headline, *when, *author, *tags;
    } cases[] = {
        {"title: \"The \\\"Bridge\\\": a \\u00FCber\\x41 tale\"\n",
         "The \"Bridge\": a überA tale", "", "", ""},
        {"title: 'It''s # open: now'\n", "It's # open: now", "", "", ""},
        {"title: Plain text # said so\n", "Plain text", "", "", ""},
        {"title: \"Storm\" hits the coast\n", "\"Storm\" hits the coast", "",
         "", ""},
        {"title: \"Over\n  two lines\"\n", "Over two lines", "", "", ""},
        {"title: Plain over\n  two lines\ndate: 2024-03-05\n",
         "Plain over two lines", "2024-03-05", "", ""},
        {"title: |-\n  In a\n\n  block\ndate: 2024-03-05\n", "In a block",
         "2024-03-05", "", ""},
        {"title: >2+ # folded\n  In a\n  block: so\nauthor: Ann Lee\n",
         "In a block: so", "", "Ann Lee", ""},
        {"\"title\": !!str A\n'author': &me Ann Lee\neditor: *me\n", "A", "",
         "Ann Lee", ""},
        {"title: A\nauthor: {name: Ann Lee, email: a@n.example}\n", "A", "",
         "Ann Lee", ""},
        {"title: A\nauthor:\n  email: a@n.example\n  name: Ann Lee\n", "A", "",
         "Ann Lee", ""},
        {"title: A\nauthors:\n- name: Ann Lee\n  url: https://n.example\n- "
         "name: Bo Ray\n",
         "A", "", "Ann Lee|Bo Ray", ""},
        {"title: A\nauthor:\n  - \"[[Ann Lee]]\"\n  - \"[[people/ray|Bo "
         "Ray]]\"\n",
         "A", "", "Ann Lee|Bo Ray", ""},
        {"title: A\nauthor: [Ann Lee, \"Bo Ray\"]\n", "A", "", "Ann Lee|Bo Ray",
         ""},
        {"title: A\ntags: [one, \"two, three\", 'four']\n", "A", "", "",
         "one|two, three|four"},
        {"title: A\ntags: [\n  one, # first\n  two\n  ]\nauthor: Ann Lee\n",
         "A", "", "Ann Lee", "one|two"},
        {"title: A\ntags:\n  # all of them\n  - one\n\n  - \"#two\"\n  - 3\n",
         "A", "", "", "one|two|3"},
        {"title: A\ntags: one, two\n", "A", "", "", "one|two"},
        {"title: A\ntags:\nauthor: ~\ndate: null\n", "A", "", "", ""},
        {"title: A\ndate: 2024-03-05 10:00:00 +0100\n", "A",
         "2024-03-05T09:00:00Z", "", ""},
        {"title: A\ndate: \"2024-03-05T10:00:00+01:00\"\n", "A",
         "2024-03-05T09:00:00Z", "", ""},
        {"title: A\ndate: March 5, 2024\ncreated: 2024-04-01\n", "A",
         "2024-03-05", "", ""},
        {"title: A\ncreated: 2024-04-01\ndate created: 2024-04-02\n", "A", "",
         "", ""},
        {"title: A\nurl: /posts/a/\npublishDate: 2024-03-05\n", "A",
         "2024-03-05", "", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lede_buf names = {0};
        lede_buf tags = {0};
        char text[600];
        uint32_t n;

        snprintf(text, sizeof text, "---\n%s---\nText.\n", cases[i].front);
        read_as(&lede_format_markdown, text, "");
        assert_int_equal(got.count, 1);
        assert_entry(0, cases[i].headline, cases[i].when, "Text.");
        for (n = 0; n < entry(0)->author_count; n++) {
            lede_buf_put_text(&names, n > 0 ? "|" : "");
            lede_buf_put_span(&names, entry(0)->authors[n].name);
        }
        for (n = 0; n < entry(0)->tag_count; n++) {
            lede_buf_put_text(&tags, n > 0 ? "|" : "");
            lede_buf_put_span(&tags, entry(0)->tags[n]);
        }
        assert_span(lede_buf_span(&names), cases[i].author);
        assert_span(lede_buf_span(&tags), cases[i].tags);
        assert_span(entry(0)->url, "");
        lede_buf_done(&names);
        lede_buf_done(&tags);
    }
}

static void test_notes__values_in_front_of_toml(void **state)
{
    (void)state;
    read_as(&lede_format_markdown,
            "+++\ntitle = 'A \"note\"' # so\n"
            "date = 2024-03-05T10:00:00+01:00\nlastmod = 2024-03-06\n"
            "tags = [\n  \"one\", # first\n  'two',\n]\n"
            "description = \"\"\"\nOver\nlines\"\"\"\n"
            "[extra]\ntitle = \"other\"\nsubtitle = \"no\"\n"
            "[[authors]]\nname = \"Ann Lee\"\n[[authors]]\nname = \"Bo "
            "Ray\"\n[cover]\nimage = \"a.jpg\"\n+++\nText.\n",
            "");
    assert_entry(0, "A \"note\"", "2024-03-05T09:00:00Z", "Text.");
    assert_when(&entry(0)->updated, "2024-03-06");
    assert_int_equal(entry(0)->tag_count, 2);
    assert_span(entry(0)->tags[0], "one");
    assert_span(entry(0)->tags[1], "two");
    assert_span(entry(0)->deck, "Over lines");
    assert_int_equal(entry(0)->author_count, 2);
    assert_span(entry(0)->authors[1].name, "Bo Ray");
}

/* Headings that are underlined, and the address that Omnivore links to. */
static void test_notes__markdown_of_other_kinds(void **state)
{
    (void)state;
    assert_ok(collect_bytes(
        &got, &lede_format_markdown,
        lede_span_text("Headline\n========\n\nText of "
                       "it.\n\nPart\n----\n\nMore.\n\n---\n\nEnd.\n"),
        "a.md", &context, &err));
    assert_entry(0, "Headline", "", "Text of it.");
    assert_int_equal(entry(0)->block_count, 4);
    assert_int_equal(entry(0)->body[1].type, LEDE_BLOCK_HEADING);
    assert_span(entry(0)->body[1].text, "Part");
    read_as(&lede_format_markdown,
            "---\nid: abc\ntitle: Omni\ndate_saved: 2024-03-07 10:00:00\n"
            "date_published: 2024-03-05 00:00:00\n---\n\n# Omni\n#Omnivore\n\n"
            "[Read on Omnivore](https://omnivore.app/x)\n"
            "[Read Original](https://n.example/omni)\n\n## Highlights\n\n"
            "> hl\n",
            "");
    assert_span(entry(0)->url, "https://n.example/omni");
    assert_when(&entry(0)->published, "2024-03-05");
    assert_when(&entry(0)->captured, "2024-03-07T10:00:00Z");
}

/* Without front matter the lines below the headline say who and when. */
static void test_notes__markdown_with_a_byline(void **state)
{
    static const char *const bylines[] = {
        "By Ann Lee\n\n17 February 2025",
        "*By Ann Lee*\n\n*17 February 2025*",
        "**By Ann Lee**\n\nPublished: 17 February 2025",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bylines / sizeof bylines[0]; i++) {
        char text[500];

        snprintf(text, sizeof text,
                 "# Storm over the harbour\n\n%s\n\nThe harbour was closed for "
                 "two days, the office said.\n\nBy Monday it was open.\n",
                 bylines[i]);
        collect_done(&got);
        assert_ok(collect_bytes(&got, &lede_format_markdown,
                                lede_span_text(text), "a.md", &context, &err));
        assert_int_equal(got.count, 1);
        assert_entry(0, "Storm over the harbour", "2025-02-17",
                     "The harbour was closed for two days, the office said.");
        assert_int_equal(entry(0)->block_count, 2);
        assert_int_equal(entry(0)->author_count, 1);
        assert_span(entry(0)->authors[0].name, "Ann Lee");
    }
    /* What stands in front counts more; the text is all there. */
    read_as(&lede_format_markdown,
            "---\ntitle: Storm\nauthor: Bo Ray\ndate: 2025-02-16\n---\nRain "
            "fell.\n\nIt fell for two days.\n",
            "");
    assert_entry(0, "Storm", "2025-02-16", "Rain fell.");
    assert_span(entry(0)->authors[0].name, "Bo Ray");
    assert_int_equal(entry(0)->block_count, 2);
}

/* Marks that open and never close, a lot of them. */
static void test_notes__hostile_markdown(void **state)
{
    static const char *const marks[] = {"[", "[[", "![", "*", "> ", "`", "#"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        lede_buf text = {0};
        int n;

        lede_buf_put_text(&text, "---\ntitle: A\n---\nword ");
        for (n = 0; n < 200000; n++) {
            lede_buf_put_text(&text, marks[i]);
        }
        collect_done(&got);
        assert_ok(collect_bytes(&got, &lede_format_markdown,
                                lede_buf_span(&text), "", &context, &err));
        assert_int_equal(got.count, 1);
        lede_buf_done(&text);
    }
}

static void test_notes__tables(void **state)
{
    (void)state;
    read_as(&lede_format_table,
            "\xEF\xBB\xBFtitle,url,time_added,tags,status\r\n"
            "\"Storm, \"\"the\"\" harbour\",https://p.example/1,1739803800,"
            "weather|coast,unread\r\n"
            "\r\n"
            "\"Two\nlines\",https://p.example/2,,,\r\n"
            ",,,,\r\n"
            "Last,https://p.example/3,1739803800,,read",
            "");
    assert_int_equal(got.count, 3);
    assert_entry(0, "Storm, \"the\" harbour", "", NULL);
    assert_when(&entry(0)->captured, "2025-02-17T14:50:00Z");
    assert_int_equal(entry(0)->tag_count, 2);
    assert_string_equal(got.locations[0], "#record=1");
    assert_span(entry(1)->headline, "Two lines");
    assert_span(entry(2)->url, "https://p.example/3");
    read_as(&lede_format_table,
            "id;title;publication;author;date;content\n"
            "1;One;The Paper;Ann Lee;2016-12-31;\"First text.\nSecond.\"\n",
            "");
    assert_entry(0, "One", "2016-12-31", "First text.");
    assert_span(entry(0)->source, "The Paper");
    assert_span(entry(0)->authors[0].name, "Ann Lee");
}

/* The ways in which programs write tables. */
static void test_notes__tables_of_all_forms(void **state)
{
    static const char *const texts[] = {
        "title|content|date\nBridge|It is open|2024-03-05\n",
        "title\tcontent\tdate\nBridge\tIt is open\t2024-03-05\n",
        "sep=;\r\ntitle;content;date\r\nBridge;It is open;2024-03-05\r\n",
        "\"sep=#\"\ntitle#content#date\nBridge#It is open#2024-03-05\n",
        "title,content,date\rBridge,It is open,2024-03-05\r",
        "Überschrift;Text;Veröffentlicht am\nBridge;It is open;05.03.2024\n",
        "Titre;Contenu;Date de publication\nBridge;It is open;2024-03-05\n",
        "T\xEDtulo;Contenido;Fecha\nBridge;It is open;2024-03-05\n",
        "TITOLO,TESTO,DATA\nBridge,It is open,2024-03-05\n",
        "Заголовок;Текст;Дата\nBridge;It is open;2024-03-05\n",
        "Kop;Inhoud;Publicatiedatum\nBridge;It is open;2024-03-05\n",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        read_as(&lede_format_table, texts[i], "");
        assert_int_equal(got.count, 1);
        assert_entry(0, "Bridge", "2024-03-05", "It is open");
        assert_int_equal(got.notes, 0);
    }
    /* Two lines of such a file, and a cell with a line end of its own. */
    read_as(&lede_format_table, "title,content\rA,\"first\nsecond\"\rB,third\r",
            "");
    assert_int_equal(got.count, 2);
    assert_entry(0, "A", "", "first");
    assert_entry(1, "B", "", "third");
}

/* A mark that opens a cell and is never closed takes no other rows with it. */
static void test_notes__tables_with_open_quotation_marks(void **state)
{
    (void)state;
    read_as(&lede_format_table,
            "title,content,date\n"
            "A,\"first,2024-01-01\nB,second,2024-01-02\nC,third,2024-01-03\n",
            "");
    assert_int_equal(got.count, 3);
    assert_entry(0, "A", "2024-01-01", "\"first");
    assert_entry(2, "C", "2024-01-03", "third");
    assert_int_equal(got.notes, 1);
    assert_non_null(strstr(got.last_note, "quotation mark"));
    /* The next line opens one, too. */
    read_as(&lede_format_table,
            "title,content,date\n"
            "A,\"first,2024-01-01\nB,\"second,\nof two\",2024-01-02\n"
            "\"C \"\"c\"\"\" ,\"\",2024-01-03\n",
            "");
    assert_int_equal(got.count, 3);
    assert_entry(0, "A", "2024-01-01", "\"first");
    assert_entry(1, "B", "2024-01-02", "second,");
    assert_entry(2, "C \"c\"", "2024-01-03", NULL);
    assert_int_equal(got.notes, 1);
    /* Marks inside of a cell that nobody doubled. */
    read_as(&lede_format_table,
            "title,content,date\n"
            "A,\"She said \"no\" to\nhim, \"twice\".\",2024-01-01\n",
            "");
    assert_int_equal(got.count, 1);
    assert_int_equal(got.notes, 0);
    assert_entry(0, "A", "2024-01-01", "She said \"no\" to");
    assert_span(entry(0)->body[1].text, "him, \"twice\".");
}

/* Each line has one: all are looked at, however many there are. */
static void test_notes__tables_of_open_quotation_marks_alone(void **state)
{
    static const char *const rows[] = {"x, \"y\n", "x,\"\"y\n", "x,\"y\n"};
    size_t i;
    size_t n;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        lede_buf text = {0};

        lede_buf_put_text(&text, "title,content\n");
        for (n = 0; n < 15000; n++) {
            lede_buf_put_text(&text, rows[i]);
        }
        read_as(&lede_format_table, lede_buf_text(&text), "");
        assert_int_equal(got.count, 15000);
        assert_entry(14999, "x", "", i == 1 ? "\"\"y" : "\"y");
        lede_buf_done(&text);
    }
}

/* What rows are left out is told. */
static void test_notes__tables_tell_what_they_drop(void **state)
{
    (void)state;
    read_as(&lede_format_table,
            "id,title,content\n1,A,first\n2,,\n3,,\n,,\n\n4,B,x,y,z\n5,C,x,,\n",
            "");
    assert_int_equal(got.count, 3);
    assert_int_equal(got.notes, 2);
    assert_non_null(strstr(got.last_note, "more cells than columns"));
    assert_non_null(strstr(got.last_note, ": 1"));
}

/* The file's other dates say what is day and what month. */
static void test_notes__tables_with_dates_of_one_order(void **state)
{
    static const struct {
        const char *rows, *when;
        bool is_guessed;
    } cases[] = {
        {"A,3/4/2024,x\n", "2024-04-03", true},
        {"A,3/4/2024,x\nB,3/14/2024,y\n", "2024-03-04", false},
        {"A,3/4/2024,x\nB,14/3/2024,y\n", "2024-04-03", false},
        {"A,3-4-2024,x\nB,3-14-2024,y\n", "2024-03-04", false},
        {"A,3/4/2024,x\nB,14/3/2024,y\nC,3/14/2024,z\n", "2024-04-03", true},
        {"A,3/3/2024,x\n", "2024-03-03", false},
        {"A,3.4.2024,x\n", "2024-04-03", false},
    };
    char text[256];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, "title,date,content\n%s", cases[i].rows);
        read_as(&lede_format_table, text, "");
        assert_entry(0, "A", cases[i].when, "x");
        assert_int_equal((entry(0)->flags & LEDE_FLAG_DAY_GUESSED) != 0,
                         cases[i].is_guessed);
    }
    /* Without others the language does. */
    read_as(&lede_format_table,
            "title,date,content,lang\nA,3/4/2024,x,en-US\nB,3/4/2024,y,fr\n",
            "");
    assert_entry(0, "A", "2024-03-04", "x");
    assert_entry(1, "B", "2024-04-03", "y");
    assert_int_equal(
        (entry(0)->flags | entry(1)->flags) & LEDE_FLAG_DAY_GUESSED, 0);
}

/* Lists as programs write their own; the time is that of saving. */
static void test_notes__tables_of_instapaper(void **state)
{
    (void)state;
    read_as(&lede_format_table,
            "URL,Title,Selection,Folder,Timestamp,Tags\n"
            "https://p.example/1,One,,Unread,1739803800,"
            "\"[\"\"rain\"\",\"\"the coast\"\"]\"\n"
            "https://p.example/2,Two,,Archive,1739803801,[]\n"
            "https://p.example/3,Three,A quote.,Archive,1739803802,"
            "\"['rain', wind]\"\n",
            "");
    assert_int_equal(got.count, 3);
    assert_int_equal(entry(0)->tag_count, 2);
    assert_span(entry(0)->tags[0], "rain");
    assert_span(entry(0)->tags[1], "the coast");
    assert_when(&entry(0)->captured, "2025-02-17T14:50:00Z");
    assert_when(&entry(0)->published, "");
    assert_int_equal(entry(1)->tag_count, 0);
    assert_int_equal(entry(2)->tag_count, 2);
    assert_span(entry(2)->tags[0], "rain");
    assert_span(entry(2)->tags[1], "wind");
}

/* A page whose first line has commas and words that columns have. */
static void test_notes__what_is_no_table(void **state)
{
    static const char *const texts[] = {
        "<!doctype html><html data-x='{\"a\": [\"url\", \"title\", "
        "\"date\"]}'>\n<body><p>Text</p></body></html>\n",
        "let title, url, date = load(x);\nmore();\n",
        "The title, the url and the date, he said, were wrong.\n",
        "| title | url | date |\n|---|---|---|\n| a | b | c |\n",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_false(
            lede_format_table.claims(lede_span_text(texts[i]), true, ""));
    }
}

static void test_notes__bookmarks(void **state)
{
    (void)state;
    read_as(&lede_format_bookmarks,
            "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n"
            "<DL><p>\n<DT><H3>Folder</H3>\n<DL><p>\n"
            "<DT><A HREF=\"https://p.example/1\" ADD_DATE=\"1739803800\" "
            "TAGS=\"a,b c\">Rain &amp; wind</A>\n<DD>It rained.\n"
            "<DT><A HREF=\"javascript:x\">No</A>\n"
            "<DT><A HREF=\"https://p.example/2024/05/06/two\">Two</A>\n"
            "</DL><p></DL>\n",
            "");
    assert_int_equal(got.count, 2);
    assert_entry(0, "Rain & wind", "", NULL);
    assert_int_equal(entry(0)->kind, LEDE_KIND_BOOKMARK);
    assert_entry(1, "Two", "2024-05-06", NULL);
    assert_span(entry(0)->deck, "It rained.");
    assert_int_equal(entry(0)->tag_count, 2);
    assert_when(&entry(0)->captured, "2025-02-17T14:50:00Z");
    assert_span(entry(0)->source, "p.example");
    read_as(&lede_format_bookmarks,
            "{\"roots\": {\"bookmark_bar\": {\"children\": [{\"date_added\": "
            "\"13384277400000000\", \"name\": \"One\", \"type\": \"url\", "
            "\"url\": \"https://www.p.example/1\"}]}}}",
            "");
    assert_entry(0, "One", "", NULL);
    assert_when(&entry(0)->captured, "2025-02-17T14:50:00Z");
    assert_span(entry(0)->source, "p.example");
}

/* What comes of the exports of services and browsers. */
static const struct {
    const char *name;
    size_t entries;
    const char *first; /* date */
    bool is_captured;  /* it is that of saving */
} exports[] = {
    {"chrome-bookmarks", 1, "2016-09-20T13:15:29Z", true},
    {"firefox-bookmarks.json", 2, "2013-12-27T17:41:31Z", true},
    {"instapaper-export.csv", 4, "2025-12-22", false},
    {"omnivore.json", 20, "2024-10-29T16:30:11Z", false},
    {"pocket.csv", 7, "2020-09-17T06:06:28Z", true},
    {"ril_export.html", 2, "2023-07-06T07:31:35Z", true},
    {"shaarli-bookmarks.html", 2, "2023-06-15T07:18:38Z", true},
    {"wallabag-v1.json", 2, "2014-02-05", false},
    {"wallabag-v2.json", 6, "2016-09-08T09:55:58Z", true},
};

static void test_notes__exports(void **state)
{
    size_t i;

    (void)state;
    if (access(EXPORTS, R_OK) != 0) {
        print_message("%s is missing\n", EXPORTS);
        skip();
    }
    for (i = 0; i < sizeof exports / sizeof exports[0]; i++) {
        lede_sink sink = collect_sink(&got);
        char path[1024];

        collect_done(&got);
        snprintf(path, sizeof path, "%s/%s", EXPORTS, exports[i].name);
        assert_ok(lede_corpus_read_file(path, &options, &sink, &err));
        assert_int_equal(got.count, exports[i].entries);
        assert_true(entry(0)->headline.len > 0);
        assert_true(entry(0)->url.len > 0);
        assert_when(exports[i].is_captured ? &entry(0)->captured
                                           : &entry(0)->published,
                    exports[i].first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_notes__markdown_with_front_matter),
        READ_TEST(test_notes__markdown_bare_and_toml),
        READ_TEST(test_notes__values_in_front),
        READ_TEST(test_notes__values_in_front_of_toml),
        READ_TEST(test_notes__markdown_of_other_kinds),
        READ_TEST(test_notes__markdown_with_a_byline),
        READ_TEST(test_notes__hostile_markdown),
        READ_TEST(test_notes__tables),
        READ_TEST(test_notes__tables_of_all_forms),
        READ_TEST(test_notes__tables_with_open_quotation_marks),
        READ_TEST(test_notes__tables_of_open_quotation_marks_alone),
        READ_TEST(test_notes__tables_tell_what_they_drop),
        READ_TEST(test_notes__tables_with_dates_of_one_order),
        READ_TEST(test_notes__tables_of_instapaper),
        READ_TEST(test_notes__what_is_no_table),
        READ_TEST(test_notes__bookmarks),
        READ_TEST(test_notes__exports),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
