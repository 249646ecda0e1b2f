#include "tests/support/check.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/entities.h"
#include "corpus/markup.h"
#include "tests/corpus/pack.h"

static void put_blocks(lede_span html, lede_buf *out)
{
    lede_arena arena = {0};
    lede_body list = {0};
    uint32_t i;

    lede_buf_clear(out);
    lede_markup_read(html, &arena, &list, NULL);
    assert_false(list.failed);
    for (i = 0; i < list.count; i++) {
        lede_buf_put_format(out, "%s(%.*s)",
                            lede_block_type_name(list.blocks[i].type),
                            (int)list.blocks[i].text.len,
                            (const char *)list.blocks[i].text.bytes);
    }
    lede_arena_done(&arena);
}

static void check_blocks(const char *html, const char *wanted)
{
    lede_buf got = {0};

    put_blocks(lede_span_text(html), &got);
    assert_span(lede_buf_span(&got), wanted);
    lede_buf_done(&got);
}

static void test_markup__blocks(void **state)
{
    (void)state;
    check_blocks("", "");
    check_blocks("plain  text\n here", "p(plain text here)");
    check_blocks("<p>One <b>two</b>.</p>\n<P class=\"a>b\">Three",
                 "p(One two.)p(Three)");
    check_blocks("<h2>Head</h2>Text<ul><li>a<li>b <i>c</i></ul>after",
                 "heading(Head)p(Text)li(a)li(b c)p(after)");
    check_blocks("<blockquote><p>Said.</p></blockquote><p>x</p>",
                 "quote(Said.)p(x)");
    check_blocks("a<br>b<br/><br />c", "p(a b)p(c)");
    check_blocks("<table><tr><th>a</th><td>b</td></tr><tr><td>c</table>d",
                 "table(a b)table(c)p(d)");
    check_blocks("x<script>if (a<b) {}</script>y<style>p{}</STYLE>z",
                 "p(x)p(y)p(z)");
    check_blocks("<h2>no end<p>text", "heading(no end)p(text)");
    check_blocks("</blockquote></li>x", "p(x)");
    check_blocks("a<!-- b <p> -->c<![CDATA[d]]>", "p(acd]]>)");
    check_blocks("5 < 6 and <3, a<b", "p(5 < 6 and <3, a<b)");
    check_blocks("cut <a href=\"x", "p(cut <a href=\"x)");
    check_blocks("<a href=\"x>y</a> z", "p(y z)");
    check_blocks("it<em>al</em>ic", "p(italic)");
    check_blocks("<script>never closed", "");
    check_blocks("<html><head><title>Head</title></head><body><h1>Head</h1>x",
                 "heading(Head)p(x)");
    check_blocks("a <title>never closed <b>b</b>", "p(a)p(never closed b)");
}

static void test_markup__entities(void **state)
{
    lede_buf got = {0};

    (void)state;
    check_blocks("AT&amp;T &lt;b&gt; &#8217;&#x2019;&rsquo; &#146; &hellip;",
                 "p(AT&T <b> ’’’ ’ …)");
    check_blocks("a&nbsp;b &unknown; &; &# &#x; R&D &amp",
                 "p(a\xC2\xA0"
                 "b &unknown; &; &# &#x; R&D &)");
    check_blocks("&#0;&#xD800;&#x110000;&#99999999;",
                 "p(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD)");
    check_blocks("a&#32;&#10;b", "p(a b)");
    assert_true(lede_entity_decode_all(lede_span_text("&quot;x&quot;"), &got));
    assert_span(lede_buf_span(&got), "\"x\"");
    lede_buf_clear(&got);
    assert_false(lede_entity_decode_all(lede_span_text("R&D & co"), &got));
    assert_span(lede_buf_span(&got), "R&D & co");
    lede_buf_done(&got);
}

static void test_markup__every_name_is_found(void **state)
{
    static const char *const names[] = {"AElig", "Aacute", "amp",   "zwnj",
                                        "zwj",   "euro",   "quot",  "thetasym",
                                        "Tab",   "eacute", "frac34"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        char text[20];
        uint32_t c = 0;

        snprintf(text, sizeof text, "&%s;", names[i]);
        assert_int_equal(lede_entity_decode(lede_span_text(text), &c),
                         strlen(text));
        assert_true(c > 0);
    }
}

static void test_markup__tells_html_from_text(void **state)
{
    (void)state;
    assert_true(lede_markup_is_likely(lede_span_text("\n <p>a")));
    assert_true(lede_markup_is_likely(lede_span_text("a <b>b</b> c")));
    assert_true(lede_markup_is_likely(lede_span_text("a<br/>b")));
    assert_false(lede_markup_is_likely(lede_span_text("")));
    assert_false(lede_markup_is_likely(lede_span_text("a < b > c")));
    assert_false(lede_markup_is_likely(lede_span_text("<3")));
    assert_false(lede_markup_is_likely(lede_span_text("mail <a@b.org> me")));
}

/* News writes shares and companies in angle brackets. */
static void test_markup__what_is_no_tag_is_text(void **state)
{
    static const char *const texts[] = {
        "TEMPLE-INLAND INC <TIN> 3RD QTR NET",
        "COMINCO <CLT.TO> UNION REJECTS CONTRACT",
        "SEARS <S> SALES UP",
        "<BP> RAISES BID",
        "it is to merge into <Rio Tinto-Zinc Corp PLC> for cash",
        "mail <a@b.org> me",
        "see <http://example.org/a> there",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        lede_arena arena = {0};
        bool failed = false;

        assert_span(lede_markup_line(lede_span_text(texts[i]), &arena, &failed),
                    texts[i]);
        assert_false(failed);
        assert_false(lede_markup_is_likely(lede_span_text(texts[i])));
        lede_arena_done(&arena);
    }
    check_blocks("<P>Shares of <B>Temple</B> <TIN> and <I>BP</I> <BP>",
                 "p(Shares of Temple <TIN> and BP <BP>)");
    check_blocks("<FONT COLOR=red>a</FONT><o:p>b</o:p><amp-img src=\"x\">c",
                 "p(abc)");
    check_blocks("<content>a</content> <Custom/>b", "p(a b)");
}

static void test_markup__lines(void **state)
{
    static const char *const cases[][2] = {
        {"plain", "plain"},
        {" two  blanks\n", "two blanks"},
        {"<i>Titanic</i> &amp; co", "Titanic & co"},
        {"&amp;quot;twice&amp;quot;", "\"twice\""},
        {"a<br>b", "a b"},
        {"", ""},
    };
    lede_arena arena = {0};
    bool failed = false;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_span(
            lede_markup_line(lede_span_text(cases[i][0]), &arena, &failed),
            cases[i][1]);
    }
    assert_false(failed);
    lede_arena_done(&arena);
}

/* Texts made to be slow or to run past the end. */
static void test_markup__hostile_text_is_linear(void **state)
{
    static const char *const pieces[] = {"<a", "<a b='",   "<!--", "&",
                                         "<",  "<script>", "</",   "<p><li>"};
    lede_buf text = {0};
    lede_buf got = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        lede_buf_clear(&text);
        while (text.len < 300000) {
            lede_buf_put_text(&text, pieces[i]);
        }
        put_blocks(lede_buf_span(&text), &got);
    }
    lede_buf_done(&text);
    lede_buf_done(&got);
}

static void test_markup__random_pieces(void **state)
{
    static const char *const pieces[] = {
        "<p>",  "</p>", "<", ">",   "&",       "&amp;", "<li>", "text ",
        "\"",   "'",    "=", "<!-", "-->",     "<h1",   "/>",   "é",
        "<br>", "#x41", ";", "<tr", "<script", "</",    "<td>", "</table>"};
    lede_buf text = {0};
    lede_buf got = {0};
    uint64_t seed = 4;
    int round;

    (void)state;
    for (round = 0; round < 20000; round++) {
        size_t count = pack_random(&seed) % 20;

        lede_buf_clear(&text);
        while (count-- > 0) {
            lede_buf_put_text(&text, pieces[pack_random(&seed) % 24]);
        }
        put_blocks(lede_buf_span(&text), &got);
        assert_int_equal(lede_utf8_valid_prefix(lede_buf_span(&got)), got.len);
    }
    lede_buf_done(&text);
    lede_buf_done(&got);
}

static void check_media(const char *html, const char *blocks,
                        const char *wanted)
{
    lede_arena arena = {0};
    lede_body list = {0};
    lede_media_list media = {0};
    lede_buf got = {0};
    uint32_t i;

    lede_markup_read(lede_span_text(html), &arena, &list, &media);
    for (i = 0; i < list.count; i++) {
        lede_buf_put_span(&got, list.blocks[i].text);
        lede_buf_put_byte(&got, '|');
    }
    assert_span(lede_buf_span(&got), blocks);
    lede_buf_clear(&got);
    for (i = 0; i < media.count; i++) {
        const lede_media *m = &media.items[i];

        lede_buf_put_format(&got, "%s ", lede_media_type_name(m->type));
        lede_buf_put_span(&got, m->url);
        lede_buf_put_byte(&got, ',');
        lede_buf_put_span(&got, m->alt);
        lede_buf_put_byte(&got, ',');
        lede_buf_put_span(&got, m->caption);
        lede_buf_put_byte(&got, ',');
        lede_buf_put_span(&got, m->credit);
        lede_buf_put_byte(&got, '|');
    }
    assert_span(lede_buf_span(&got), wanted);
    lede_buf_done(&got);
    lede_arena_done(&arena);
}

static void test_markup__media_and_their_captions(void **state)
{
    (void)state;
    check_media("<p>a <img src=x.jpg alt='A &amp;\n B'> b</p>", "a b|",
                "image x.jpg,A & B,,|");
    check_media("<figure><img data-src=\"x.jpg\" src=\"data:image/gif;base64,"
                "R0l\"/><figcaption>The <b>ferry</b></figcaption></figure>c",
                "c|", "image x.jpg,,The ferry,|");
    check_media("<figure><img src=x><figcaption><p>The ferry</p><p>Photo: Ann "
                "Lee</p></figcaption></figure>",
                "", "image x,,The ferry,Photo: Ann Lee|");
    check_media("<figure><img src=x><figcaption>The ferry. Photograph: Ann Lee"
                "</figcaption></figure>",
                "", "image x,,The ferry.,Photograph: Ann Lee|");
    check_media("<video poster=p><source src=v.mp4></video><audio><source "
                "src=s.mp3><source src=s.ogg></audio>",
                "", "video p,,,|");
    check_media("<img src=x width=1 height='1px'><img><img alt=''>", "", "");
    /* Where nothing is shown, a caption is text. */
    check_media("<figure><table><tr><td>1</table><figcaption>Ships"
                "</figcaption></figure>",
                "1|Ships|", "");
    check_media("<img src=x><figure><figcaption>Ships</figcaption></figure>",
                "Ships|", "image x,,,|");
    check_media("<img alt=\"never closed>text", "text|",
                "image ,never closed,,|");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_markup__blocks),
        cmocka_unit_test(test_markup__entities),
        cmocka_unit_test(test_markup__every_name_is_found),
        cmocka_unit_test(test_markup__tells_html_from_text),
        cmocka_unit_test(test_markup__what_is_no_tag_is_text),
        cmocka_unit_test(test_markup__lines),
        cmocka_unit_test(test_markup__hostile_text_is_linear),
        cmocka_unit_test(test_markup__random_pieces),
        cmocka_unit_test(test_markup__media_and_their_captions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
