#include "indexer/identity.h"

#include <inttypes.h>

#include "base/hash.h"
#include "tests/support/check.h"

static lede_identifier identifier;

static int teardown(void **state)
{
    (void)state;
    lede_identifier_done(&identifier);
    return 0;
}

/* An entry with one paragraph. */
typedef struct simple {
    lede_entry entry;
    lede_block block;
    lede_page page;
} simple;

static simple make(lede_kind kind, const char *headline, const char *body)
{
    simple s = {0};

    lede_entry_init(&s.entry);
    s.entry.kind = kind;
    s.entry.headline = lede_span_text(headline);
    s.block = (lede_block){LEDE_BLOCK_P, lede_span_text(body)};
    s.page.format = "test";
    s.page.is_live = kind == LEDE_KIND_LIVE_UPDATE;
    s.page.captured = s.page.updated = lede_when_none();
    return s;
}

static lede_when at(int32_t year, unsigned month, unsigned day, unsigned hour,
                    unsigned minute, int offset_min)
{
    lede_when when = lede_when_none();

    when.precision = LEDE_PRECISION_MINUTE;
    when.local = (lede_civil){year,          (uint8_t)month,  (uint8_t)day,
                              (uint8_t)hour, (uint8_t)minute, 0};
    when.offset_min = (int16_t)offset_min;
    if (year != 0) {
        when.instant = lede_instant_from_civil(&when.local, offset_min * 60);
        when.year_source = LEDE_YEAR_EXPLICIT;
    }
    return when;
}

static lede_identity identify(simple *s)
{
    lede_identity identity;
    lede_error err = {0};

    s->entry.body = &s->block;
    s->entry.block_count = s->block.text.len > 0;
    assert_ok(
        lede_identity_of(&identifier, &s->page, &s->entry, &identity, &err));
    return identity;
}

static uint64_t key_of(simple *s)
{
    return identify(s).raw;
}

static void test_identity__makes_urls_canonical(void **state)
{
    static const char *const cases[][2] = {
        {"https://www.bbc.co.uk/news/live/world-1",
         "bbc.co.uk/news/live/world-1"},
        {"http://bbc.co.uk/news/live/world-1/", "bbc.co.uk/news/live/world-1"},
        {"HTTPS://WWW.BBC.CO.UK/News", "bbc.co.uk/News"},
        {"//m.example.org/a/index.html", "example.org/a"},
        {"https://amp.www.example.org/a/index.htm", "example.org/a"},
        {"https://www.m.example.org", "example.org"},
        {"https://www.example.org/", "example.org"},
        {"http://example.org:80/a", "example.org/a"},
        {"https://example.org:443/a", "example.org/a"},
        {"https://example.org:8080/a", "example.org:8080/a"},
        {"https://user:secret@example.org/a", "example.org/a"},
        {"https://example.org/a#part", "example.org/a"},
        {"https://example.org/a?utm_source=x&utm_medium=y", "example.org/a"},
        {"https://example.org/a?id=7&fbclid=Q", "example.org/a?id=7"},
        {"https://example.org/a?fbclid=Q&id=7&x=1", "example.org/a?id=7&x=1"},
        {"https://example.org/a?page=2", "example.org/a"},
        {"https://example.org/a?page=with:block-5", "example.org/a"},
        {"https://example.org/a?at_medium=RSS&at_campaign=K", "example.org/a"},
        {"https://example.org/a?ns_mchannel=x&ocid=1&CMP=share&ref=t&amp=1",
         "example.org/a"},
        {"https://example.org/a?b=1&amp;c=2", "example.org/a?b=1&c=2"},
        {"https://example.org/a?gclid=", "example.org/a"},
        {"https://m.com/a", "m.com/a"},
        {"www.example.org/a", "example.org/a"},
        {"  https://example.org/a \n", "example.org/a"},
        {"https://example.org./a", "example.org/a"},
        {"urn:asset:1234", "urn:asset:1234"},
        {"no url at all", "no url at all"},
        {"", ""},
        {"https://", ""},
        {"https://?page=2", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lede_buf out = {0}, again = {0};

        lede_url_canonical(lede_span_text(cases[i][0]), &out);
        assert_span(lede_buf_span(&out), cases[i][1]);
        lede_url_canonical(lede_buf_span(&out), &again);
        assert_span(lede_buf_span(&again), cases[i][1]);
        lede_buf_done(&out);
        lede_buf_done(&again);
    }
}

static void test_identity__takes_the_first_key_that_applies(void **state)
{
    simple s = make(LEDE_KIND_ARTICLE, "A headline", "A body.");

    (void)state;
    assert_int_equal(identify(&s).kind, LEDE_KEY_ARTICLE);
    s.entry.url = lede_span_text("https://example.org/");
    assert_int_equal(identify(&s).kind, LEDE_KEY_ARTICLE); /* only a host */
    s.entry.url = lede_span_text("https://example.org/a");
    assert_int_equal(identify(&s).kind, LEDE_KEY_URL);
    s.entry.native_id = lede_span_text("urn:newsml:example.org:2025:1");
    assert_int_equal(identify(&s).kind, LEDE_KEY_NATIVE);
    s.entry.native_id = lede_span_text("17");
    assert_int_equal(identify(&s).kind, LEDE_KEY_NATIVE_WEAK);
    s = make(LEDE_KIND_LIVE_UPDATE, "A headline", "A body.");
    assert_int_equal(identify(&s).kind, LEDE_KEY_POST);
}

static void test_identity__does_not_see_typography(void **state)
{
    simple a =
        make(LEDE_KIND_LIVE_UPDATE, "Trump's \"deal\" - what we know", "");
    simple b = make(LEDE_KIND_LIVE_UPDATE,
                    "Trump\xe2\x80\x99s \xe2\x80\x9c"
                    "deal\xe2\x80\x9d \xe2\x80\x93 what  we know",
                    "");
    simple c = make(LEDE_KIND_LIVE_UPDATE,
                    "BREAKING: Trump's \"deal\" - what we know", "");
    simple d = make(LEDE_KIND_LIVE_UPDATE, "Another deal - what we know", "");

    (void)state;
    a.entry.published = b.entry.published = c.entry.published =
        d.entry.published = at(2025, 2, 17, 14, 50, 0);
    assert_int_equal(key_of(&a), key_of(&b));
    assert_int_equal(key_of(&a), key_of(&c));
    assert_int_not_equal(key_of(&a), key_of(&d));
}

static void test_identity__of_posts_is_the_minute_in_utc(void **state)
{
    simple a = make(LEDE_KIND_LIVE_UPDATE, "Talks begin", "One.");
    simple b = make(LEDE_KIND_LIVE_UPDATE, "Talks begin", "Quite another.");

    (void)state;
    a.entry.published = at(2025, 2, 17, 14, 50, 0);
    b.entry.published = at(2025, 2, 17, 9, 50, -300);
    b.entry.ordinal = 7;
    assert_int_equal(key_of(&a), key_of(&b));
    b.entry.published = at(0, 2, 17, 20, 20, 330); /* the year is not known */
    assert_int_equal(key_of(&a), key_of(&b));
    b.entry.published = at(2024, 2, 17, 14, 50, 0); /* nor does it count */
    assert_int_equal(key_of(&a), key_of(&b));
    b.entry.published = at(2025, 2, 17, 14, 51, 0);
    assert_int_not_equal(key_of(&a), key_of(&b));
    b.entry.published = at(0, 2, 18, 0, 20, 570); /* the day before, in UTC */
    assert_int_equal(key_of(&a), key_of(&b));
}

static void
test_identity__of_posts_without_headline_is_the_opening(void **state)
{
    simple a = make(LEDE_KIND_LIVE_UPDATE, "", "");
    simple b = a, c = a;
    char one[400], two[400];

    (void)state;
    memset(one, 'x', sizeof one);
    one[119] = one[240] = '\0';
    one[60] = ' ';
    memcpy(two, one, sizeof two);
    one[119] = 'a';
    two[119] = 'a';
    two[130] = 'z'; /* beyond the 120th letter */
    a.block.text = lede_span_text(one);
    b.block.text = lede_span_text(two);
    assert_int_equal(key_of(&a), key_of(&b));
    two[100] = 'z';
    c.block.text = lede_span_text(two);
    assert_int_not_equal(key_of(&a), key_of(&c));
    /* A derived headline is no headline. */
    b = a;
    b.entry.headline = lede_span_text("xxxxx");
    b.entry.headline_derived = true;
    assert_int_equal(key_of(&a), key_of(&b));
}

static void test_identity__has_the_page_where_it_is_known(void **state)
{
    simple a = make(LEDE_KIND_LIVE_UPDATE, "Talks begin", "");
    simple b = a;
    lede_identity x, y;

    (void)state;
    a.page.url = lede_span_text("https://www.bbc.co.uk/news/live/1?page=2");
    b.page.url = lede_span_text("http://bbc.co.uk/news/live/1");
    x = identify(&a);
    y = identify(&b);
    assert_int_equal(x.raw, y.raw);
    assert_int_not_equal(x.page_id, 0);
    assert_int_equal(x.page_id, y.page_id);
    b.page.url = lede_span_text("http://bbc.co.uk/news/live/2");
    assert_int_not_equal(x.raw, key_of(&b));
    b.page.url = lede_span_of(NULL, 0);
    assert_int_equal(identify(&b).page_id, 0);
    a.page.url = lede_span_of(NULL, 0);
    a.page.site = lede_span_text("bbc.co.uk");
    assert_int_not_equal(key_of(&a), key_of(&b));
}

static void test_identity__scopes_native_ids(void **state)
{
    simple a = make(LEDE_KIND_LIVE_UPDATE, "", "x");
    simple b = a;

    (void)state;
    /* "#post1" means something on its page only. */
    a.entry.native_id = b.entry.native_id = lede_span_text("#post1");
    a.page.url = lede_span_text("https://example.org/live/1");
    b.page.url = lede_span_text("https://example.org/live/2");
    assert_int_not_equal(key_of(&a), key_of(&b));
    assert_int_equal(identify(&a).kind, LEDE_KEY_NATIVE);
    b.page.url = a.page.url;
    b.entry.native_id = lede_span_text("post1");
    assert_int_equal(key_of(&a), key_of(&b));
    /* A urn is the same wherever it is seen on a site. */
    a.entry.native_id = b.entry.native_id =
        lede_span_text("urn:asset:11111111-2222-3333-4444-555555555555");
    b.page.url = lede_span_text("https://www.example.org/live/2");
    assert_int_equal(key_of(&a), key_of(&b));
    /* A url that is an id loses what varies, but for its fragment. */
    a.entry.native_id = lede_span_text("https://www.example.org/l?utm_x=1#7");
    b.entry.native_id = lede_span_text("http://example.org/l#7");
    assert_int_equal(key_of(&a), key_of(&b));
    b.entry.native_id = lede_span_text("http://example.org/l#8");
    assert_int_not_equal(key_of(&a), key_of(&b));
}

static void test_identity__of_articles_is_headline_day_and_body(void **state)
{
    simple a = make(LEDE_KIND_ARTICLE, "A headline",
                    "It was a long day for all of them, and it rained.");
    simple b = make(LEDE_KIND_ARTICLE, "A headline!",
                    "it was a LONG day, for all of them and it rained");
    simple c = make(LEDE_KIND_ARTICLE, "A headline",
                    "Nothing of the kind happened at all on that day.");

    (void)state;
    a.entry.published = at(2025, 2, 17, 14, 50, 0);
    b.entry.published = at(2025, 2, 17, 18, 5, 0);
    c.entry.published = a.entry.published;
    assert_int_equal(key_of(&a), key_of(&b));
    assert_int_not_equal(key_of(&a), key_of(&c));
    b.entry.published = at(2025, 2, 18, 14, 50, 0);
    assert_int_not_equal(key_of(&a), key_of(&b));
}

/* The naive simhash. */
static uint64_t plain_simhash(const char *const *words, unsigned count)
{
    int sums[64] = {0};
    uint64_t before = 0, result = 0;
    unsigned i, bit;

    for (i = 0; i < count; i++) {
        uint64_t hash = lede_hash64(lede_span_text(words[i]));
        uint64_t pair = (before << 1 | before >> 63) ^ hash;

        for (bit = 0; bit < 64; bit++) {
            sums[bit] += (pair >> bit & 1) != 0 ? 1 : -1;
        }
        before = hash;
    }
    for (bit = 0; bit < 64; bit++) {
        result |= sums[bit] > 0 ? UINT64_C(1) << bit : 0;
    }
    return result;
}

static void test_identity__computes_simhashes(void **state)
{
    static const char *const words[] = {"one", "two", "3", "f\xc3\xbcnf"};
    simple s = make(LEDE_KIND_ARTICLE, "", "One, two -- 3! f\xc3\xbcnf");
    lede_buf text = {0};
    const char *many[700];
    unsigned i;

    (void)state;
    (void)identify(&s);
    assert_int_equal(lede_simhash_of_body(&s.entry), plain_simhash(words, 4));
    for (i = 0; i < 700; i++) { /* more than the narrow counters hold */
        many[i] = words[i * 7 % 3];
        lede_buf_put_text(&text, many[i]);
        lede_buf_put_byte(&text, ' ');
    }
    s.block.text = lede_buf_span(&text);
    assert_int_equal(lede_simhash_of_body(&s.entry), plain_simhash(many, 700));
    lede_buf_done(&text);
}

static void test_identity__digest_is_of_what_is_said(void **state)
{
    simple a = make(LEDE_KIND_ARTICLE, "A headline", "A body.");
    simple b = a;
    lede_span path = lede_span_text("/a/b");

    (void)state;
    b.entry.key = 5;
    b.entry.page_id = 6;
    b.entry.paths = &path;
    b.entry.path_count = 1;
    b.entry.published = at(2025, 2, 17, 14, 50, 0);
    b.entry.flags = LEDE_FLAG_YEAR_GUESSED;
    assert_int_equal(identify(&a).digest, identify(&b).digest);
    assert_int_not_equal(identify(&a).when_hash, identify(&b).when_hash);
    b.entry.section = lede_span_text("World");
    assert_int_not_equal(identify(&a).digest, identify(&b).digest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identity__makes_urls_canonical),
        cmocka_unit_test(test_identity__takes_the_first_key_that_applies),
        cmocka_unit_test(test_identity__does_not_see_typography),
        cmocka_unit_test(test_identity__of_posts_is_the_minute_in_utc),
        cmocka_unit_test(
            test_identity__of_posts_without_headline_is_the_opening),
        cmocka_unit_test(test_identity__has_the_page_where_it_is_known),
        cmocka_unit_test(test_identity__scopes_native_ids),
        cmocka_unit_test(test_identity__of_articles_is_headline_day_and_body),
        cmocka_unit_test(test_identity__computes_simhashes),
        cmocka_unit_test(test_identity__digest_is_of_what_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
