#include "corpus/transfer.h"
#include "tests/corpus/read_text.h"

static lede_error err;

static void read_bytes(const char *text)
{
    lede_sink sink = collect_sink(&got);

    collect_done(&got);
    err = (lede_error){0};
    assert_ok(lede_corpus_read_bytes(lede_span_text(text), "/x/a.eml", &options,
                                     &sink, &err));
}

static void assert_decoded(void (*decode)(lede_span, lede_buf *),
                           const char *text, const char *wanted)
{
    lede_buf out = {0};

    decode(lede_span_text(text), &out);
    assert_span(lede_buf_span(&out), wanted);
    lede_buf_done(&out);
}

static void quoted(lede_span text, lede_buf *out)
{
    lede_quoted_decode(text, false, out);
}

static void quoted_word(lede_span text, lede_buf *out)
{
    lede_quoted_decode(text, true, out);
}

static void test_mail__transfer_encodings(void **state)
{
    (void)state;
    assert_decoded(lede_base64_decode, "SGFy\r\nYm91cg==", "Harbour");
    assert_decoded(lede_base64_decode, "SGFyYm91cg", "Harbour");
    assert_decoded(lede_base64_decode, "SGE=SGE=", "HaHa");
    assert_decoded(lede_base64_decode, "", "");
    assert_decoded(quoted, "caf=C3=A9 =3D a=\r\nb=  \nc", "caf\xC3\xA9 = abc");
    assert_decoded(quoted, "50=% =4", "50=% =4");
    assert_decoded(quoted, "a_b=", "a_b");
    assert_decoded(quoted_word, "a_b", "a b");
}

static void test_mail__newsletter(void **state)
{
    const lede_entry *e;

    (void)state;
    read_bytes(
        "Return-Path: <bounce@n.example>\r\n"
        "From: \"The Morning\" <news@n.example>\r\n"
        "Subject: =?utf-8?Q?Caf=C3=A9?= =?iso-8859-1?B?IGNsb3NlZA==?=\r\n"
        " for good\r\n"
        "Date: Mon, 17 Feb 2025 06:30:00 -0500\r\n"
        "Message-ID: <1.2@n.example>\r\n"
        "List-Id: The Morning <morning.n.example>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative; boundary=\"=_b\"\r\n\r\n"
        "preamble\r\n--=_b\r\nContent-Type: text/plain\r\n\r\nPlain.\r\n"
        "--=_b\r\nContent-Type: text/html; charset=iso-8859-1\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        "<html><head><style>p {}</style></head><body><p>View in browser</p>"
        "<p>The caf=E9 was cl=\r\nosed.</p><p>It had been open since "
        "1900.</p><p>You are receiving this. Unsubscribe</p></body></html>\r\n"
        "--=_b--\r\n");
    assert_int_equal(got.count, 1);
    assert_entry(0, "Caf\xC3\xA9 closed for good", "2025-02-17T11:30:00Z",
                 "The caf\xC3\xA9 was closed.");
    e = entry(0);
    assert_int_equal(e->kind, LEDE_KIND_MESSAGE);
    assert_int_equal(e->block_count, 2);
    assert_span(e->source, "The Morning");
    assert_span(e->authors[0].name, "The Morning");
    assert_span(e->native_id, "1.2@n.example");
}

#define LETTER                                                                 \
    "From: Ann <a@n.example>\r\nSubject: Bridge\r\n"                           \
    "Date: Mon, 17 Feb 2025 14:50:00 +0000\r\nMessage-ID: <1@n>\r\n"

/* Lines that go on, and what they were before they were quoted. */
static void test_mail__flowed_text(void **state)
{
    (void)state;
    read_bytes(LETTER
               "Content-Type: text/plain; charset=utf-8; format=flowed\r\n\r\n"
               "The ministry said that the \r\nbridge would \r\nopen.\r\n"
               "A line by itself.\r\n From here on it is stuffed.\r\n\r\n"
               ">> So it \r\n>> was.\r\n> No.\r\n"
               "-- \r\nAnn\r\nRoom 5\r\n");
    assert_int_equal(got.count, 1);
    assert_int_equal(entry(0)->block_count, 5);
    assert_span(entry(0)->body[0].text,
                "The ministry said that the bridge would open.");
    assert_span(entry(0)->body[1].text, "A line by itself.");
    assert_span(entry(0)->body[2].text, "From here on it is stuffed.");
    assert_span(entry(0)->body[3].text, "So it was.");
    assert_int_equal(entry(0)->body[3].type, LEDE_BLOCK_QUOTE);
    assert_span(entry(0)->body[4].text, "No.");
    /* The blank was only put there to say so. */
    read_bytes(LETTER "Content-Type: text/plain; format=flowed; delsp=yes\r\n"
                      "\r\nThe new bridge would op \r\nen  \r\ntoday.\r\n");
    assert_span(entry(0)->body[0].text, "The new bridge would open today.");
    /* Lines that are cut, without a word about it. */
    read_bytes(
        LETTER
        "Content-Type: text/plain; format=flowed\r\n\r\n"
        "The ministry said on Monday that the new bridge across the Lee would "
        "open\r\nto traffic before Christmas.\r\n\r\nBye.\r\n");
    assert_int_equal(entry(0)->block_count, 2);
    assert_span(entry(0)->body[0].text,
                "The ministry said on Monday that the new bridge across the "
                "Lee would open to traffic before Christmas.");
    /* Lines that are none of a paragraph. */
    read_bytes(
        LETTER
        "\r\n"
        "The ministry said on Monday that the new bridge across the Lee opens"
        "\r\nIt is late.\r\nIt is dear.\r\n");
    assert_int_equal(entry(0)->block_count, 3);
}

/* Letters whose encoding nobody says, or that are split between two words. */
static void test_mail__letters_of_no_charset(void **state)
{
    (void)state;
    read_bytes("From: Ann <a@n.example>\nSubject: Br\xFC\x63ke\nDate: Mon, 17 "
               "Feb 2025 14:50:00 +0000\nMIME-Version: 1.0\n"
               "Content-Type: text/plain; charset=unknown-8bit\n\n"
               "Die Br\xFC\x63ke ist zu.\n");
    assert_entry(0, "Brücke", "2025-02-17T14:50:00Z", "Die Brücke ist zu.");
    assert_int_equal(entry(0)->flags & LEDE_FLAG_BAD_BYTES, 0);
    read_bytes("From: Ann <a@n.example>\n"
               "Subject: =?utf-8?B?QnLD?=\n =?UTF-8?Q?=BCcke?= =?iso-8859-1?q?"
               "_f=FCr?= all\nDate: Mon, 17 Feb 2025 14:50:00 +0000\n"
               "MIME-Version: 1.0\n\nText.\n");
    assert_entry(0, "Brücke für all", "2025-02-17T14:50:00Z", "Text.");
}

static void test_mail__folder(void **state)
{
    (void)state;
    read_bytes("From ann@n.example Mon Feb 17 14:50:00 2025\n"
               "From: Ann Lee <ann@n.example>\nSubject: One\n"
               "Date: Mon, 17 Feb 2025 14:50:00 +0000\n\n"
               "First text.\n\n>From here on it is quoted.\n"
               "From the harbour nothing is new.\n\n"
               "From bo@n.example Tue Feb 18 14:50:00 2025\n"
               "From: bo@n.example (Bo Ray)\nSubject: Two\n\n"
               "Second text.\n");
    assert_int_equal(got.count, 2);
    assert_entry(0, "One", "2025-02-17T14:50:00Z", "First text.");
    assert_int_equal(entry(0)->block_count, 3);
    assert_span(entry(0)->body[1].text, "From here on it is quoted.");
    assert_string_equal(got.locations[0], "#record=1");
    assert_span(entry(1)->headline, "Two");
    assert_span(entry(1)->authors[0].name, "Bo Ray");
    assert_int_equal(got.pages, 1);
}

/* Any sender, or none; and "From " in a text is no border without a date and a
 * header behind it. */
/* One mark fewer than in the folder. */
static void test_mail__marks_of_folders(void **state)
{
    (void)state;
    read_bytes("From a@n.example Mon Feb 17 14:50:00 2025\n" LETTER
               "\n>From here on.\n>>From there.\n> From nowhere.\n");
    assert_int_equal(got.count, 1);
    assert_span(entry(0)->body[0].text, "From here on.");
    assert_span(entry(0)->body[1].text, ">From there.");
    assert_span(entry(0)->body[2].text, "> From nowhere.");
}

static void test_mail__borders_of_folders(void **state)
{
    static const char *const borders[] = {
        "From ann at n.example  Thu Feb 20 09:08:07 2025",
        "From ann Thu Feb 20 09:08:07 2025",
        "From  Thu Feb  6 9:08:07 2025",
        "From - Thu, 20 Feb 2025 09:08:07 +0100",
        "From MAILER-DAEMON Thu Feb 20 09:08 CET 2025",
    };
    static const char *const texts[] = {
        "From jo@p.example I hear this: the road is shut.",
        "From Monday on, 12:30 is the hour, as in Feb 2024.",
        "From ann Thu Feb 20 09:08:07 2025 I have heard nothing.",
    };
    char folder[1024];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof borders / sizeof borders[0]; i++) {
        snprintf(folder, sizeof folder,
                 "%s\nFrom: ann@n.example\nSubject: One\n\nFirst text.\n\n"
                 "%s\nFrom: bo@n.example\nSubject: Two\n\nSecond text.\n",
                 borders[i], borders[i]);
        read_bytes(folder);
        assert_int_equal(got.count, 2);
        assert_span(entry(1)->headline, "Two");
    }
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        snprintf(folder, sizeof folder,
                 "%s\nFrom: ann@n.example\nSubject: One\n\nFirst text.\n\n"
                 "%s\nMore of it.\n",
                 borders[1], texts[i]);
        read_bytes(folder);
        assert_int_equal(got.count, 1);
        assert_span(entry(0)->body[1].text, texts[i]);
    }
}

static void test_mail__saved_page(void **state)
{
    (void)state;
    read_bytes(
        "From: <Saved by Blink>\r\n"
        "Snapshot-Content-Location: https://p.example/storm\r\n"
        "Subject: Storm\r\nDate: Tue, 18 Feb 2025 10:00:00 -0000\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/related; type=\"text/html\";\r\n"
        "\tboundary=\"----Multi\"\r\n\r\n"
        "------Multi\r\nContent-Type: text/html\r\n"
        "Content-Location: https://p.example/frame\r\n\r\n"
        "<html><body><p>A frame that shows something else.</p></body></html>"
        "\r\n------Multi\r\nContent-Type: text/html\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        "Content-Location: https://p.example/storm\r\n\r\n"
        "PGh0bWw+PGhlYWQ+PHRpdGxlPlN0b3JtPC90aXRsZT48L2hlYWQ+PGJvZHk+PGFydGlj"
        "bGU+\r\nPGgxPlN0b3JtIG92ZXIgdGhlIGhhcmJvdXI8L2gxPjxwPlRoZSBoYXJib3Vy"
        "IHdhcyBj\r\nbG9zZWQgZm9yIHR3byBkYXlzLCB0aGUgb2ZmaWNlIHNhaWQuPC9wPjwv"
        "YXJ0aWNsZT48\r\nL2JvZHk+PC9odG1sPg==\r\n"
        "------Multi\r\nContent-Type: "
        "image/png\r\n\r\nxyz\r\n------Multi--\r\n");
    assert_int_equal(got.count, 1);
    assert_span(entry(0)->headline, "Storm over the harbour");
    assert_span(entry(0)->url, "https://p.example/storm");
    assert_when(&entry(0)->captured, "2025-02-18T10:00:00Z");
    assert_string_equal(got.locations[0], "");
}

/* Documents that came along, each where it stands; what is for programs or is
 * no text is passed over. */
static void test_mail__attachments(void **state)
{
    static const char head[] =
        "From: Ann Lee <ann@n.example>\nSubject: For you\n"
        "Date: Mon, 17 Feb 2025 14:50:00 +0000\nMessage-ID: <1@n.example>\n"
        "Content-Type: multipart/mixed; boundary=bb\n\n"
        "--bb\nContent-Type: text/plain\n\nSee the page.\n"
        "--bb\nContent-Type: text/html; name=\"storm.html\"\n"
        "Content-Transfer-Encoding: base64\n"
        "Content-Disposition: attachment; "
        "filename=\"C:\\saved\\storm.html\"\n\n"
        "PGh0bWw+PGhlYWQ+PHRpdGxlPlN0b3JtPC90aXRsZT48L2hlYWQ+PGJvZHk+PGFydGlj"
        "bGU+\nPGgxPlN0b3JtIG92ZXIgdGhlIGhhcmJvdXI8L2gxPjxwPlRoZSBoYXJib3Vy"
        "IHdhcyBj\nbG9zZWQgZm9yIHR3byBkYXlzLCB0aGUgb2ZmaWNlIHNhaWQuPC9wPjwv"
        "YXJ0aWNsZT48\nL2JvZHk+PC9odG1sPg==\n"
        "--bb\nContent-Type: image/png; name=a.png\n\n\x89PNG\n"
        "--bb\nContent-Type: text/calendar; name=a.ics\n\nBEGIN:VCALENDAR\n"
        "--bb\nContent-Type: message/rfc822\n\n"
        "From: Bo Ray <bo@n.example>\nSubject: The first letter\n"
        "Message-ID: <0@n.example>\n\nIt was sent before.\n"
        "--bb--\n\n";
    lede_buf folder = {0};

    (void)state;
    read_bytes(head);
    assert_int_equal(got.count, 3);
    assert_entry(0, "For you", "2025-02-17T14:50:00Z", "See the page.");
    assert_string_equal(got.locations[0], "");
    assert_span(entry(1)->headline, "Storm over the harbour");
    assert_string_equal(got.locations[1], "!storm.html");
    assert_when(&entry(1)->captured, "2025-02-17T14:50:00Z");
    assert_span(entry(2)->headline, "The first letter");
    assert_span(entry(2)->native_id, "0@n.example");
    assert_string_equal(got.locations[2], "!attachment 2");
    assert_int_equal(got.notes, 0);
    /* In a folder, and with nothing else in it. */
    lede_buf_put_text(&folder, "From ann Mon Feb 17 14:50:00 2025\n");
    lede_buf_put_text(&folder, head);
    lede_buf_put_text(&folder, "From bo Mon Feb 17 15:50:00 2025\n"
                               "From: Bo Ray <bo@n.example>\n"
                               "Subject: Last\n\nLast text.\n");
    read_bytes(lede_buf_text(&folder));
    assert_int_equal(got.count, 4);
    assert_string_equal(got.locations[1], "#record=1!storm.html");
    assert_span(entry(3)->headline, "Last");
    assert_string_equal(got.locations[3], "#record=2");
    lede_buf_done(&folder);
    read_bytes("From: Ann Lee <ann@n.example>\nMessage-ID: <1@n.example>\n"
               "MIME-Version: 1.0\n"
               "Content-Type: text/html; name=a.html\n"
               "Content-Disposition: attachment\n\n"
               "<html><body><h1>Storm</h1><p>The harbour was "
               "closed.</p></body></html>\n");
    assert_int_equal(got.count, 1);
    assert_span(entry(0)->headline, "Storm");
    assert_string_equal(got.locations[0], "!a.html");
}

/* Parts in parts in parts, of which none ends. */
static void test_mail__hostile(void **state)
{
    lede_buf text = {0};
    int i;

    (void)state;
    lede_buf_put_text(&text, "From: a@b.example\nSubject: Deep\nMIME-Version: "
                             "1.0\n");
    for (i = 0; i < 2000; i++) {
        lede_buf_put_format(&text,
                            "Content-Type: multipart/mixed; boundary=b%d\n\n"
                            "--b%d\n",
                            i, i);
    }
    lede_buf_put_text(&text, "\ntext");
    read_bytes(lede_buf_text(&text));
    assert_span(entry(0)->headline, "Deep");
    lede_buf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_mail__transfer_encodings),
        READ_TEST(test_mail__newsletter),
        READ_TEST(test_mail__flowed_text),
        READ_TEST(test_mail__letters_of_no_charset),
        READ_TEST(test_mail__folder),
        READ_TEST(test_mail__marks_of_folders),
        READ_TEST(test_mail__borders_of_folders),
        READ_TEST(test_mail__saved_page),
        READ_TEST(test_mail__attachments),
        READ_TEST(test_mail__hostile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
