/* The promises of storage/record.h. */
#include "tests/storage/lists.h"

#include "storage/record.h"

static lede_span text(const char *s)
{
    return lede_span_text(s);
}

static void assert_same(lede_span a, lede_span b)
{
    assert_true(lede_span_equal(a, b));
}

static void assert_same_when(const lede_when *a, const lede_when *b)
{
    assert_true(a->instant == b->instant);
    assert_int_equal(a->precision, b->precision);
    assert_int_equal(a->year_source, b->year_source);
    assert_int_equal(a->local.year, b->local.year);
    assert_int_equal(a->local.month, b->local.month);
    assert_int_equal(a->local.day, b->local.day);
    assert_int_equal(a->local.hour, b->local.hour);
    assert_int_equal(a->local.minute, b->local.minute);
    assert_int_equal(a->local.second, b->local.second);
    assert_int_equal(a->offset_min, b->offset_min);
    assert_int_equal(a->zone_guessed, b->zone_guessed);
    assert_same(a->zone_text, b->zone_text);
    assert_same(a->text, b->text);
}

static void assert_same_media(const lede_media *a, uint32_t a_count,
                              const lede_media *b, uint32_t b_count)
{
    uint32_t i;

    assert_int_equal(a_count, b_count);
    for (i = 0; i < a_count; i++) {
        assert_int_equal(a[i].type, b[i].type);
        assert_same(a[i].alt, b[i].alt);
        assert_same(a[i].caption, b[i].caption);
        assert_same(a[i].credit, b[i].credit);
        assert_same(a[i].url, b[i].url);
    }
}

static void assert_same_lists(const lede_entry *a, const lede_entry *b)
{
    uint32_t i;

    assert_int_equal(a->author_count, b->author_count);
    for (i = 0; i < a->author_count; i++) {
        assert_same(a->authors[i].name, b->authors[i].name);
        assert_same(a->authors[i].role, b->authors[i].role);
        assert_same(a->authors[i].location, b->authors[i].location);
    }
    assert_int_equal(a->label_count, b->label_count);
    for (i = 0; i < a->label_count; i++) {
        assert_same(a->labels[i], b->labels[i]);
    }
    assert_same_media(a->media, a->media_count, b->media, b->media_count);
    assert_same_media(a->page_media, a->page_media_count, b->page_media,
                      b->page_media_count);
    assert_int_equal(a->block_count, b->block_count);
    for (i = 0; i < a->block_count; i++) {
        assert_int_equal(a->body[i].type, b->body[i].type);
        assert_same(a->body[i].text, b->body[i].text);
    }
    assert_int_equal(a->tag_count, b->tag_count);
    for (i = 0; i < a->tag_count; i++) {
        assert_same(a->tags[i], b->tags[i]);
    }
    assert_int_equal(a->path_count, b->path_count);
    for (i = 0; i < a->path_count; i++) {
        assert_same(a->paths[i], b->paths[i]);
    }
}

static void assert_same_entry(const lede_entry *a, const lede_entry *b)
{
    assert_true(a->key == b->key);
    assert_true(a->page_id == b->page_id);
    assert_same(a->native_id, b->native_id);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->ordinal, b->ordinal);
    assert_int_equal(a->rank_from_bottom, b->rank_from_bottom);
    assert_int_equal(a->flags, b->flags);
    assert_same(a->headline, b->headline);
    assert_int_equal(a->headline_derived, b->headline_derived);
    assert_same(a->deck, b->deck);
    assert_same_when(&a->published, &b->published);
    assert_same_when(&a->updated, &b->updated);
    assert_same_when(&a->captured, &b->captured);
    assert_same(a->lang, b->lang);
    assert_same(a->url, b->url);
    assert_same(a->page_url, b->page_url);
    assert_same(a->page_title, b->page_title);
    assert_same(a->source, b->source);
    assert_same(a->section, b->section);
    assert_same_lists(a, b);
}

/* Encodes; the bytes are a heap block of their own size, to be freed. */
static lede_span encode(const lede_entry *entry)
{
    lede_buf bytes = {0};
    uint8_t *tight;
    size_t len;

    lede_record_encode(entry, &bytes);
    assert_false(bytes.failed);
    len = bytes.len;
    tight = check_alloc(len, 1);
    memcpy(tight, bytes.bytes, len);
    lede_buf_done(&bytes);
    return lede_span_of(tight, len);
}

static size_t check_entry(const lede_entry *entry)
{
    lede_span record = encode(entry);
    lede_arena arena = {0};
    lede_entry back;
    lede_error err = {0};
    size_t len = record.len;

    assert_ok(lede_record_decode(record, &arena, &back, &err));
    assert_same_entry(entry, &back);
    lede_arena_done(&arena);
    free((void *)(uintptr_t)record.bytes);
    return len;
}

/* An entry that has everything. */
static lede_author authors[2];
static lede_span labels[2], tags[1], paths[2];
static lede_media media[2];
static lede_block body[3];

static lede_entry full_entry(void)
{
    lede_entry e;

    lede_entry_init(&e);
    e.key = UINT64_C(0xFEDCBA9876543210);
    e.page_id = 17;
    e.native_id = text("block-65f0");
    e.kind = LEDE_KIND_LIVE_UPDATE;
    e.ordinal = 13;
    e.rank_from_bottom = 300;
    e.flags = LEDE_FLAG_TRUNCATED | LEDE_FLAG_DAY_GUESSED;
    e.headline = text("Ferry sails again after storm");
    e.headline_derived = true;
    e.deck = text("Caf\xC3\xA9s on the quay reopen");
    e.published = (lede_when){.instant = 1739793660,
                              .precision = LEDE_PRECISION_MINUTE,
                              .year_source = LEDE_YEAR_PAGE,
                              .offset_min = 60,
                              .zone_guessed = true,
                              .zone_text = text("CET"),
                              .text = text("17 February, 1:01pm")};
    lede_civil_from_instant(1739793660, 3600, &e.published.local);
    e.updated = e.published;
    e.updated.local.hour = 25;
    e.updated.offset_min = -721;
    e.captured = lede_when_none();
    e.captured.instant = INT64_MAX;
    e.lang = text("en");
    e.url = text("https://example.org/a");
    e.page_url = text("https://example.org/");
    e.page_title = text("Storm, live");
    e.source = text("Harbour Post");
    e.section = text("Weather");
    authors[0] =
        (lede_author){text("Ada Quill"), text("reporter"), text("Oban")};
    authors[1].name = text("Ben Inkwell");
    e.authors = authors;
    e.author_count = 2;
    labels[0] = text("Breaking");
    labels[1] = text("");
    e.labels = labels;
    e.label_count = 2;
    media[0] = (lede_media){LEDE_MEDIA_VIDEO, text("waves"), text("Waves"),
                            text("A. Lens"), text("https://example.org/v")};
    media[1].caption = text("The quay");
    e.media = media;
    e.media_count = 2;
    e.page_media = media;
    e.page_media_count = 1;
    body[0] = (lede_block){LEDE_BLOCK_P, text("The ferry left at noon.")};
    body[1] = (lede_block){LEDE_BLOCK_QUOTE, text("")};
    body[2] = (lede_block){LEDE_BLOCK_EMBED, text("poll")};
    e.body = body;
    e.block_count = 3;
    tags[0] = text("storms");
    e.tags = tags;
    e.tag_count = 1;
    paths[0] = text("/archive/a.txt#line=7");
    paths[1] = text("/archive/\xFF.txt"); /* a name that is not UTF-8 */
    e.paths = paths;
    e.path_count = 2;
    return e;
}

static void test_record__everything_comes_back(void **state)
{
    lede_entry e = full_entry();

    (void)state;
    (void)check_entry(&e);
}

static void test_record__an_empty_entry_is_small(void **state)
{
    lede_entry e;

    (void)state;
    lede_entry_init(&e);
    assert_true(check_entry(&e) <= 16);
}

static void test_record__odd_dates_come_back(void **state)
{
    static const int64_t instants[] = {
        INT64_MIN + 1,         INT64_MAX, -1, 0, INT64_C(400000000000),
        INT64_C(-400000000001)};
    lede_entry e = full_entry();
    size_t i;

    (void)state;
    for (i = 0; i < sizeof instants / sizeof *instants; i++) {
        e.published.instant = instants[i];
        e.published.offset_min = INT16_MIN;
        (void)check_entry(&e);
        e.published.local = (lede_civil){.year = INT32_MIN, .month = 255};
        (void)check_entry(&e);
        e.published.local = (lede_civil){0};
        (void)check_entry(&e);
    }
}

static void test_record__a_newer_version_is_named_so(void **state)
{
    lede_entry e = full_entry();
    lede_span record = encode(&e);
    lede_arena arena = {0};
    lede_error err = {0};
    uint8_t *version = (uint8_t *)(uintptr_t)record.bytes;

    (void)state;
    *version = 3;
    assert_status(lede_record_decode(record, &arena, &e, &err), LEDE_TOO_NEW);
    *version = 0;
    assert_status(lede_record_decode(record, &arena, &e, &err), LEDE_CORRUPT);
    assert_status(lede_record_decode(lede_span_text(NULL), &arena, &e, &err),
                  LEDE_CORRUPT);
    free((void *)(uintptr_t)record.bytes);
    lede_arena_done(&arena);
}

/* What an older program can read, it is given. */
static void test_record__only_page_media_need_version_2(void **state)
{
    lede_entry e = full_entry();
    lede_span record = encode(&e);
    lede_arena arena = {0};
    lede_error err = {0};
    uint8_t *version = (uint8_t *)(uintptr_t)record.bytes;

    (void)state;
    assert_int_equal(*version, 2);
    *version = 1;
    assert_status(lede_record_decode(record, &arena, &e, &err), LEDE_CORRUPT);
    free(version);
    e = full_entry();
    e.page_media_count = 0;
    record = encode(&e);
    assert_int_equal(record.bytes[0], 1);
    free((void *)(uintptr_t)record.bytes);
    lede_arena_done(&arena);
}

static void test_record__damage_is_found_or_harmless(void **state)
{
    lede_entry e = full_entry();
    lede_span record = encode(&e);
    uint8_t *bytes = (uint8_t *)(uintptr_t)record.bytes;
    lede_arena arena = {0};
    lede_entry back;
    size_t i;

    (void)state;
    for (i = 0; i < record.len * 8; i++) {
        bytes[i / 8] ^= (uint8_t)(1u << i % 8);
        if (lede_record_decode(record, &arena, &back, NULL) == LEDE_OK) {
            lede_buf again = {0};

            lede_record_encode(&back, &again);
            assert_true(again.len <= record.len + 8);
            lede_buf_done(&again);
        }
        lede_arena_clear(&arena);
        bytes[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    for (i = 0; i < record.len; i++) {
        assert_int_not_equal(
            lede_record_decode(lede_span_of(bytes, i), &arena, &back, NULL),
            LEDE_OK);
        lede_arena_clear(&arena);
    }
    lede_arena_done(&arena);
    free(bytes);
}

/* A bare record given key, page and paths is the record of the whole entry,
 * whichever of these it has; what is not bare is refused. */
static void assert_completed(const lede_entry *whole)
{
    lede_entry bare = *whole;
    lede_span wanted = encode(whole), record;
    lede_buf got = {0};
    bool has_any =
        whole->key != 0 || whole->page_id != 0 || whole->path_count > 0;

    bare.key = bare.page_id = 0;
    bare.path_count = 0;
    record = encode(&bare);
    assert_true(lede_record_complete(record, whole, &got));
    assert_same(lede_buf_span(&got), wanted);
    lede_buf_clear(&got);
    assert_int_equal(lede_record_complete(wanted, whole, &got), !has_any);
    assert_int_equal(got.len == 0, has_any);
    lede_buf_done(&got);
    free((void *)(uintptr_t)record.bytes);
    free((void *)(uintptr_t)wanted.bytes);
}

static void test_record__completed_is_as_encoded(void **state)
{
    lede_entry e;
    lede_buf none = {0};
    unsigned i;

    (void)state;
    for (i = 0; i < 16; i++) {
        e = full_entry();
        if ((i & 8) != 0) {
            lede_entry_init(&e);
            e.paths = paths;
            e.path_count = 2;
        }
        e.key = (i & 1) != 0 ? UINT64_C(0xFEDCBA9876543210) : 0;
        e.page_id = (i & 2) != 0 ? 17 : 0;
        e.path_count = (i & 4) != 0 ? e.path_count : 0;
        assert_completed(&e);
    }
    assert_false(lede_record_complete(lede_span_text(""), &e, &none));
    assert_false(lede_record_complete(lede_span_text("\1\1\1"), &e, &none));
    lede_buf_done(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record__everything_comes_back),
        cmocka_unit_test(test_record__an_empty_entry_is_small),
        cmocka_unit_test(test_record__odd_dates_come_back),
        cmocka_unit_test(test_record__a_newer_version_is_named_so),
        cmocka_unit_test(test_record__only_page_media_need_version_2),
        cmocka_unit_test(test_record__damage_is_found_or_harmless),
        cmocka_unit_test(test_record__completed_is_as_encoded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
