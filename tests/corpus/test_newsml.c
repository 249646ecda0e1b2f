#include <unistd.h>

#include "corpus/walk.h"
#include "tests/corpus/read_text.h"

#define NEWSROOM TEST_DATA("newsroom")

static const char g2[] =
    "<?xml version=\"1.0\"?><newsMessage><itemSet><newsItem guid=\"urn:"
    "newsml:n.example:20250217:1\" version=\"3\" xml:lang=\"en-GB\"><it"
    "emMeta><provider><name>The Wire</name></provider><versionCreated>2"
    "025-02-17T15:30:00Z</versionCreated><pubStatus qcode=\"stat:usable"
    "\"/></itemMeta><contentMeta><contentCreated>2025-02-17T14:50:00Z</"
    "contentCreated><located><name>Dover</name></located><creator><name"
    ">Ann Lee</name></creator><language tag=\"en\"/><subject><name>harb"
    "ours</name></subject><headline>Harbour closed</headline></contentM"
    "eta><contentSet><inlineXML contenttype=\"application/nitf+xml\"><n"
    "itf><body><body.head><hedline><hl1>Harbour closed by storm</hl1><h"
    "l2>For days</hl2></hedline><byline>By Bo Ray, <byttl>Port Editor</"
    "byttl></byline><dateline><location>Dover</location></dateline></bo"
    "dy.head><body.content><p>The harbour was closed.</p><hl2>Ships</hl"
    "2><table><tr><td>Ann</td><td>3</td></tr></table><media media-type="
    "\"image\"><media-reference source=\"a.jpg\"/><media-caption>The pi"
    "er</media-caption><media-producer>Cy Dow</media-producer></media><"
    "p>It is open again.</p></body.content></body></nitf></inlineXML></"
    "contentSet></newsItem><newsItem guid=\"urn:newsml:n.example:2\"><i"
    "temMeta><versionCreated>2025-02-17T16:00:00Z</versionCreated><pubS"
    "tatus qcode=\"stat:canceled\"/></itemMeta><contentMeta><by>Eve Fox, The "
    "Wire, Inc."
    "</by><headline>A picture</headline><description>A ship</descriptio"
    "n></contentMeta><contentSet><remoteContent contenttype=\"image/jpe"
    "g\" href=\"ship.jpg\"/></contentSet></newsItem></itemSet></newsMes"
    "sage>";

static const char nitf[] =
    "<nitf><head><title>Title</title><docdata><doc-id id-string=\"n1:7"
    "\"/><date.issue norm=\"20250217T145000Z\"/><identified-content><lo"
    "cation>Dover</location><classifier value=\"ports\"/></identified-c"
    "ontent><key-list><keyword key=\"storm\"/></key-list></docdata><pub"
    "data name=\"The Paper\"/></head><body><body.head><hedline><hl1>Rai"
    "n</hl1></hedline><byline><person>Ann Lee</person><byttl>Editor</by"
    "ttl></byline></body.head><body.content><block><p>It rained.</p><ul"
    "><li>A lot</li></ul></block></body.content></body></nitf>";

static const char newsml_1[] =
    "<NewsML Version=\"1.2\"><NewsItem><Identification><NewsIdentifier>"
    "<ProviderId>b.example</ProviderId><DateId>20130515</DateId><Public"
    "Identifier>urn:newsml:b.example:20130515:9:1</PublicIdentifier></N"
    "ewsIdentifier></Identification><NewsManagement><FirstCreated>20130"
    "516T040100+0000</FirstCreated><ThisRevisionCreated>20130516T050000"
    "+0000</ThisRevisionCreated></NewsManagement><NewsComponent><NewsLi"
    "nes><HeadLine>New ship</HeadLine><ByLine>By Ann Lee</ByLine><DateL"
    "ine>DOVER</DateLine></NewsLines><AdministrativeMetadata><Provider>"
    "<Party FormalName=\"The Wire\"/></Provider></AdministrativeMetadat"
    "a><DescriptiveMetadata><Language FormalName=\"en\"/></DescriptiveM"
    "etadata><ContentItem><MimeType FormalName=\"text/css\"/><DataConte"
    "nt>.a {margin: 10px} .b {margin: 20px} .c {margin: 30px} .d {margi"
    "n: 40px} .e {margin: 50px} .f {margin: 60px}</DataContent></Conten"
    "tItem><ContentItem><DataContent><html><head><title/></head><body><"
    "p>The ship is <b>new</b>.</p><h2>Old</h2></body></html></DataConte"
    "nt></ContentItem></NewsComponent></NewsItem></NewsML>";

static const char rcv1[] =
    "<newsitem itemid=\"2286\" id=\"root\" date=\"1996-08-20\" xml:lang"
    "=\"en\"><title>MEXICO: Excitement.</title><headline>Excitement gro"
    "ws.</headline><byline>Henry Tricks</byline><dateline>MEXICO CITY 1"
    "996-08-20</dateline><text><p>Stocks rose.</p><p>Bonds fell.</p></t"
    "ext><metadata><codes class=\"bip:topics:1.0\"><code code=\"M11\"/>"
    "</codes></metadata></newsitem>";

static void test_newsml__g2(void **state)
{
    const lede_entry *e;

    (void)state;
    read_as(&lede_format_newsml, g2, "");
    assert_int_equal(got.count, 2);
    assert_entry(0, "Harbour closed by storm", "2025-02-17T14:50:00Z",
                 "The harbour was closed.");
    e = entry(0);
    assert_when(&e->updated, "2025-02-17T15:30:00Z");
    assert_span(e->native_id, "urn:newsml:n.example:20250217:1");
    assert_span(e->source, "The Wire");
    assert_span(e->lang, "en");
    assert_span(e->deck, "For days");
    assert_int_equal(e->author_count, 1);
    assert_span(e->authors[0].name, "Ann Lee");
    assert_span(e->authors[0].location, "Dover");
    assert_span(e->tags[0], "harbours");
    assert_int_equal(e->block_count, 4);
    assert_int_equal(e->body[1].type, LEDE_BLOCK_HEADING);
    assert_int_equal(e->body[2].type, LEDE_BLOCK_TABLE);
    assert_span(e->body[2].text, "Ann | 3");
    assert_span(e->media[0].caption, "The pier");
    assert_span(e->media[0].credit, "Cy Dow");
    assert_entry(1, "A picture", "2025-02-17T16:00:00Z", NULL);
    assert_int_equal(entry(1)->author_count, 2);
    assert_span(entry(1)->authors[0].name, "Eve Fox");
    assert_span(entry(1)->authors[1].name, "The Wire, Inc.");
    assert_span(entry(1)->labels[0], "Withdrawn");
    assert_span(entry(1)->media[0].caption, "A ship");
}

static void test_newsml__nitf(void **state)
{
    const lede_entry *e;

    (void)state;
    read_as(&lede_format_newsml, nitf, "");
    assert_int_equal(got.count, 1);
    assert_entry(0, "Rain", "2025-02-17T14:50:00Z", "It rained.");
    e = entry(0);
    assert_span(e->authors[0].name, "Ann Lee");
    assert_span(e->authors[0].role, "Editor");
    assert_span(e->native_id, "n1:7");
    assert_span(e->source, "The Paper");
    assert_int_equal(e->tag_count, 3);
    assert_int_equal(e->body[1].type, LEDE_BLOCK_LI);
}

/* A clock of that day says more than the day; another day's does not. */
static void test_newsml__nitf_dates(void **state)
{
    static const char *const heads[][2] = {
        {"<date.issue norm=\"20080219T101500+0100\"/>", "2008-02-19T09:15:00Z"},
        {"<date.issue norm=\"20080219\"/>"
         "<date.release norm=\"20080219T101500+0100\"/>",
         "2008-02-19T09:15:00Z"},
        {"<date.issue norm=\"20080226T101500+0100\"/>", "2008-02-19"},
    };
    char text[1024];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        snprintf(text, sizeof text,
                 "<nitf><head><docdata>%s</docdata></head><body><body.head>"
                 "<hedline><hl1>Rain</hl1></hedline><dateline><location>Dover"
                 "</location><story.date norm=\"20080219\"/></dateline>"
                 "</body.head><body.content><p>It rained.</p></body.content>"
                 "</body></nitf>",
                 heads[i][0]);
        read_as(&lede_format_newsml, text, "");
        assert_int_equal(got.count, 1);
        assert_entry(0, "Rain", heads[i][1], "It rained.");
    }
    /* Where the element around it has another name. */
    read_as(&lede_format_newsml,
            "<nitf><body><body.head><headline><hl1>Rain</hl1></headline>"
            "</body.head><body.content><p>It rained.</p></body.content></body>"
            "</nitf>",
            "");
    assert_entry(0, "Rain", "", "It rained.");
}

static void test_newsml__newsml_1(void **state)
{
    const lede_entry *e;

    (void)state;
    read_as(&lede_format_newsml, newsml_1, "");
    assert_int_equal(got.count, 1);
    assert_entry(0, "New ship", "2013-05-16T04:01:00Z", "The ship is new.");
    e = entry(0);
    assert_when(&e->updated, "2013-05-16T05:00:00Z");
    assert_span(e->authors[0].name, "Ann Lee");
    assert_span(e->authors[0].location, "DOVER");
    assert_span(e->source, "The Wire");
    assert_int_equal(e->block_count, 2);
}

static void test_newsml__rcv1(void **state)
{
    const lede_entry *e;

    (void)state;
    read_as(&lede_format_newsml, rcv1, "");
    assert_int_equal(got.count, 1);
    assert_entry(0, "Excitement grows.", "1996-08-20", "Stocks rose.");
    e = entry(0);
    assert_int_equal(e->kind, LEDE_KIND_NEWSWIRE);
    assert_span(e->authors[0].name, "Henry Tricks");
    assert_span(e->authors[0].location, "MEXICO CITY");
    assert_span(e->tags[0], "M11");
}

typedef struct tally {
    size_t files, read, entries, headlines, times, bodies, authors;
} tally;

static lede_status judge(void *ctx, const lede_walk_file *file, lede_error *err)
{
    tally *sum = ctx;
    lede_sink sink = collect_sink(&got);
    lede_status status;
    size_t i;

    collect_done(&got);
    sum->files++;
    status = lede_corpus_read_file(file->path, &options, &sink, err);
    assert_true(status == LEDE_OK || status == LEDE_BAD_INPUT);
    if (status == LEDE_BAD_INPUT) {
        if (getenv("LEDE_TEST_VERBOSE") != NULL) {
            print_message("%s: %s\n", file->path, err->message);
        }
        return LEDE_OK;
    }
    sum->read++;
    for (i = 0; i < got.count; i++) {
        const lede_entry *e = entry(i);

        sum->entries++;
        sum->headlines += e->headline.len > 0 && !e->headline_derived;
        sum->times += e->published.precision >= LEDE_PRECISION_MINUTE;
        sum->bodies += e->block_count > 0;
        sum->authors += e->author_count > 0;
        if (getenv("LEDE_TEST_VERBOSE") != NULL) {
            lede_buf when = {0};

            lede_when_format(&e->published, &when);
            lede_buf_put_byte(&when, 0);
            print_message(
                "%s: %.*s | %s | %.*s | %u blocks, %u media, %u tags\n",
                strrchr(file->path, '/'), (int)e->headline.len,
                (const char *)e->headline.bytes, when.bytes,
                e->author_count > 0 ? (int)e->authors[0].name.len : 0,
                e->author_count > 0 ? (const char *)e->authors[0].name.bytes
                                    : "",
                e->block_count, e->media_count, e->tag_count);
            lede_buf_done(&when);
        }
    }
    return LEDE_OK;
}

static void test_newsml__samples_of_iptc(void **state)
{
    tally sum = {0};
    lede_walk_callbacks callbacks = {.ctx = &sum, .file = judge};
    lede_error err = {0};

    (void)state;
    if (access(NEWSROOM, R_OK) != 0) {
        print_message("%s is missing\n", NEWSROOM);
        skip();
    }
    assert_ok(lede_walk(NEWSROOM, &callbacks, &err));
    print_message("%zu files, %zu read, %zu entries: %zu headlines, %zu times, "
                  "%zu bodies, %zu with authors\n",
                  sum.files, sum.read, sum.entries, sum.headlines, sum.times,
                  sum.bodies, sum.authors);
    assert_true(sum.headlines >= 71);
    assert_true(sum.bodies >= 36);
    assert_true(sum.authors >= 32);
}

/* ninjs 1 names what belongs to an item, ninjs 2 and 3 list it. */
static void test_newsml__ninjs_shows_what_belongs_to_it(void **state)
{
    static const char one[] =
        "{\"uri\":\"urn:n:1\",\"headline\":\"The ferry\",\"body_text\":"
        "\"She sails.\",\"associations\":{\"main\":{\"type\":\"picture\","
        "\"headline\":\"Ferry\",\"byline\":\"Bo Ray\",\"description_text\":"
        "\"The ferry in the port\",\"renditions\":{\"small\":{\"href\":"
        "\"https://n.example/s.jpg\",\"width\":100},\"big\":{\"href\":"
        "\"https://n.example/b.jpg\",\"width\":900}}},\"more\":{\"type\":"
        "\"text\",\"headline\":\"Another article\"}}}";
    static const char three[] =
        "{\"uri\":\"urn:n:1\",\"headlines\":[{\"value\":\"The ferry\"}],"
        "\"bodies\":[{\"value\":\"She sails.\"}],\"associations\":[{"
        "\"name\":\"a\",\"type\":\"video\",\"by\":\"Bo Ray\","
        "\"descriptions\":[{\"role\":\"credit\",\"value\":\"No\"},{\"role\":"
        "\"caption\",\"value\":\"The ferry in the port\"}],\"renditions\":[{"
        "\"href\":\"https://n.example/b.jpg\",\"width\":9}]},{\"type\":"
        "\"audio\",\"uri\":\"https://n.example/c.mp3\"},7]}";

    (void)state;
    read_as(&lede_format_json, one, "");
    assert_int_equal(got.count, 1);
    assert_int_equal(entry(0)->media_count, 1);
    assert_span(entry(0)->media[0].caption, "The ferry in the port");
    assert_span(entry(0)->media[0].credit, "Bo Ray");
    assert_span(entry(0)->media[0].url, "https://n.example/b.jpg");
    assert_int_equal(entry(0)->media[0].type, LEDE_MEDIA_IMAGE);
    read_as(&lede_format_json, three, "");
    assert_int_equal(entry(0)->media_count, 2);
    assert_int_equal(entry(0)->media[0].type, LEDE_MEDIA_VIDEO);
    assert_span(entry(0)->media[0].caption, "The ferry in the port");
    assert_span(entry(0)->media[0].credit, "Bo Ray");
    assert_int_equal(entry(0)->media[1].type, LEDE_MEDIA_AUDIO);
    assert_span(entry(0)->media[1].url, "https://n.example/c.mp3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_newsml__g2),
        READ_TEST(test_newsml__nitf),
        READ_TEST(test_newsml__nitf_dates),
        READ_TEST(test_newsml__newsml_1),
        READ_TEST(test_newsml__rcv1),
        READ_TEST(test_newsml__samples_of_iptc),
        READ_TEST(test_newsml__ninjs_shows_what_belongs_to_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
