/* Live pages of real publishers against their truth, field by field. */
#include "corpus/text_match.h"
#include "tests/support/collect.h"
#include "tests/support/tree_json.h"

#include <dirent.h>

#define LIVE_TEXT TEST_DATA("live-text")
#define SEED TEST_DATA("seed/000_b9efb1aebfcbfe1b.txt")
#define SEED_TRUTH TEST_DATA("seed/seed.truth.json")

static const lede_read_options options = {.now = 1795000000};

typedef struct page {
    collected got;
    lede_span bytes;
    lede_span json;
    lede_arena arena;
    const tree_json *truth;
    const char *name;
} page;

static lede_read_context plain_context(void)
{
    lede_read_context context = {.options = &options, .location = ""};

    context.published = lede_when_none();
    context.captured = lede_when_none();
    return context;
}

static void page_read(page *p, const char *text, const char *truth)
{
    lede_read_context context = plain_context();
    lede_error err = {0};

    *p = (page){.name = strrchr(text, '/') + 1};
    p->bytes = collect_file(text);
    p->json = collect_file(truth);
    p->truth = tree_parse(&p->arena, p->json);
    assert_true(lede_format_live_text.claims(p->bytes, true, text));
    assert_ok(collect_bytes(&p->got, &lede_format_live_text, p->bytes, "",
                            &context, &err));
    assert_int_equal(p->got.pages, 1);
    assert_int_equal(p->got.page_ends, 1);
    assert_true(p->got.page.is_live);
}

static void page_done(page *p)
{
    collect_done(&p->got);
    lede_arena_done(&p->arena);
    free((void *)p->bytes.bytes);
    free((void *)p->json.bytes);
}

/* Says which entry it is about and fails. */
static void expect_text(const page *p, size_t entry, const char *what,
                        lede_span got, lede_span wanted)
{
    if (!lede_span_equal(got, wanted)) {
        print_error("%s, entry %zu, %s\n  is  \"%.*s\"\n  not \"%.*s\"\n",
                    p->name, entry + 1, what, (int)got.len,
                    (const char *)got.bytes, (int)wanted.len,
                    (const char *)wanted.bytes);
        fail();
    }
}

static void expect_count(const page *p, size_t entry, const char *what,
                         size_t got, size_t wanted)
{
    if (got != wanted) {
        print_error("%s, entry %zu: %zu %s, not %zu\n", p->name, entry + 1, got,
                    what, wanted);
        fail();
    }
}

/* The minute in UTC; without a year (or a day) the parts that are known. */
static void expect_minute(const page *p, size_t at, lede_span wanted)
{
    const lede_when *when = &p->got.entries[at].published;
    lede_buf got = {0};
    lede_civil local = when->local;

    assert_true(when->precision >= LEDE_PRECISION_MINUTE);
    if (when->instant != LEDE_INSTANT_NONE) {
        lede_when_format(when, &got);
        expect_text(p, at, "published", lede_buf_span(&got), wanted);
    } else {
        bool has_day = local.month != 0;
        size_t from = has_day ? 5 : 11;

        local.year = 2023;
        local.month = has_day ? local.month : 6;
        local.day = has_day ? local.day : 15;
        lede_instant_format(
            lede_instant_from_civil(&local, when->offset_min * 60), &got);
        expect_text(p, at, "published without year",
                    lede_span_part(lede_buf_span(&got), from, 99),
                    lede_span_part(wanted, from, 99));
    }
    lede_buf_done(&got);
}

/* Truth has no headline where none was printed: it may be derived then. */
static void expect_headline(const page *p, size_t at, const tree_json *wanted)
{
    const lede_entry *entry = &p->got.entries[at];
    lede_span headline = tree_text(wanted, "headline");

    if (headline.len == 0) {
        expect_count(p, at, "own headlines",
                     entry->headline.len > 0 && !entry->headline_derived, 0);
    } else {
        expect_text(p, at, "headline", entry->headline, headline);
    }
}

/* Bullets are told by the type of the block, not by its text. */
static void expect_body(const page *p, size_t at, const tree_json *wanted)
{
    const lede_entry *entry = &p->got.entries[at];
    const tree_json *body = tree_get(wanted, "body");
    const tree_json *line = body->child;

    for (uint32_t i = 0; i < entry->block_count && line != NULL;
         i++, line = line->next) {
        lede_span text = line->text;

        if (lede_span_starts(text, "\u2022 ")) {
            text = lede_span_part(text, 4, text.len);
            expect_count(p, at, "bullets", entry->body[i].type == LEDE_BLOCK_LI,
                         1);
        }
        expect_text(p, at, "paragraph", entry->body[i].text, text);
    }
    expect_count(p, at, "paragraphs", entry->block_count, tree_count(body));
}

static void expect_authors(const page *p, size_t at, const tree_json *wanted)
{
    const lede_entry *entry = &p->got.entries[at];
    const tree_json *authors = tree_get(wanted, "authors");
    uint32_t i = 0;

    expect_count(p, at, "authors", entry->author_count, tree_count(authors));
    for (const tree_json *a = authors->child; a != NULL; a = a->next, i++) {
        expect_text(p, at, "author", entry->authors[i].name, a->text);
    }
}

/* Which of the truth's fields this kind of file can still give. */
typedef struct expectations {
    bool authors, minutes, bodies, headlines, all;
} expectations;

static expectations expectations_of(const char *name, const tree_json *truth)
{
    expectations e = {true, true, true, true, true};

    /* These two forms print no names of their own. */
    e.authors = lede_span_is(tree_text(truth, "form"), "bbc");
    if (strstr(name, ".oneline.") != NULL) {
        e.bodies = e.authors = false;
    } else if (strstr(name, ".badutf8.") != NULL) {
        e.bodies = e.authors = e.headlines = e.minutes = false;
    } else if (strstr(name, ".truncated.") != NULL) {
        e.all = false;
    }
    return e;
}

static void check_page(const char *name)
{
    char text[512];
    char truth[600];
    page p;
    expectations e;
    const tree_json *wanted;
    size_t at = 0;
    size_t same = 0;

    snprintf(text, sizeof text, "%s/%s", LIVE_TEXT, name);
    snprintf(truth, sizeof truth, "%s.truth.json", text);
    page_read(&p, text, truth);
    e = expectations_of(name, p.truth);
    wanted = tree_get(p.truth, "entries")->child;
    for (; wanted != NULL && at < p.got.count; wanted = wanted->next, at++) {
        bool is_cut = !e.all && at + 1 == p.got.count;

        same += tree_text(wanted, "headline").len == 0
                    ? p.got.entries[at].headline_derived ||
                          p.got.entries[at].headline.len == 0
                    : lede_span_equal(p.got.entries[at].headline,
                                      tree_text(wanted, "headline"));
        if (e.headlines) {
            expect_headline(&p, at, wanted);
        }
        if (e.minutes && !is_cut) {
            expect_minute(&p, at, tree_text(wanted, "published"));
        }
        if (e.bodies && !is_cut) {
            expect_body(&p, at, wanted);
        }
        if (e.authors && !is_cut) {
            expect_authors(&p, at, wanted);
        }
    }
    if (e.all) {
        expect_count(&p, at, "entries", p.got.count,
                     tree_count(tree_get(p.truth, "entries")));
    } else {
        assert_true(p.got.entries[p.got.count - 1].flags & LEDE_FLAG_TRUNCATED);
    }
    print_message("%-42s %3zu entries, %3zu headlines\n", name, p.got.count,
                  same);
    page_done(&p);
}

static void test_live_truth__every_page_equals_its_truth(void **state)
{
    DIR *dir;
    struct dirent *item;
    size_t count = 0;

    (void)state;
    skip_without_data(LIVE_TEXT);
    dir = opendir(LIVE_TEXT);
    assert_non_null(dir);
    while ((item = readdir(dir)) != NULL) {
        size_t len = strlen(item->d_name);

        if (len > 4 && strcmp(item->d_name + len - 4, ".txt") == 0) {
            check_page(item->d_name);
            count++;
        }
    }
    closedir(dir);
    assert_true(count >= 33);
}

/* The seed. --------------------------------------------------------------- */

/* The hidden ", external" of links is in the truth, and not in the reading. */
static lede_span without_marks(lede_span text, lede_arena *arena)
{
    lede_buf buf = {0};
    size_t at = 0;

    while (at < text.len) {
        lede_span rest = lede_span_part(text, at, text.len);

        if (lede_span_starts(rest, ", external")) {
            at += strlen(", external");
        } else {
            lede_buf_put_byte(&buf, text.bytes[at++]);
        }
    }
    text = lede_arena_copy(arena, lede_buf_span(&buf));
    lede_buf_done(&buf);
    return text;
}

static void check_seed_lists(page *p, size_t at, const tree_json *wanted)
{
    const lede_entry *entry = &p->got.entries[at];
    const tree_json *item = tree_get(wanted, "labels")->child;
    uint32_t media = 0;

    for (uint32_t i = 0; i < entry->label_count; i++, item = item->next) {
        assert_non_null(item);
        expect_text(p, at, "label", entry->labels[i], item->text);
    }
    assert_null(item);
    item = tree_get(wanted, "authors")->child;
    for (uint32_t i = 0; i < entry->author_count; i++, item = item->next) {
        assert_non_null(item);
        expect_text(p, at, "name", entry->authors[i].name,
                    tree_text(item, "name"));
        expect_text(p, at, "role", entry->authors[i].role,
                    tree_text(item, "role"));
        expect_text(p, at, "location", entry->authors[i].location,
                    tree_text(item, "location"));
    }
    assert_null(item);
    for (item = tree_get(wanted, "credits")->child; item != NULL;
         item = item->next, media++) {
        expect_text(p, at, "credit", entry->media[media].credit, item->text);
    }
    expect_count(p, at, "media", entry->media_count, media);
    media = 0;
    for (item = tree_get(wanted, "alts")->child; item != NULL;
         item = item->next, media++) {
        expect_text(p, at, "alt", entry->media[media].alt, item->text);
    }
    item = tree_get(wanted, "captions")->child;
    if (item != NULL) {
        expect_text(p, at, "caption", entry->media[0].caption, item->text);
    } else if (entry->media_count > 0) {
        expect_text(p, at, "caption", entry->media[0].caption,
                    lede_span_of(NULL, 0));
    }
}

static void check_seed_body(page *p, size_t at, const tree_json *wanted)
{
    const lede_entry *entry = &p->got.entries[at];
    const tree_json *item = tree_get(wanted, "body")->child;

    for (uint32_t i = 0; i < entry->block_count; i++, item = item->next) {
        assert_non_null(item);
        expect_text(p, at, "type",
                    lede_span_text(lede_block_type_name(entry->body[i].type)),
                    tree_text(item, "type"));
        expect_text(p, at, "text", entry->body[i].text,
                    without_marks(tree_text(item, "text"), &p->arena));
    }
    assert_null(item);
}

/* What stands above the first update is the page's, and so every entry's. */
static void check_seed_preamble(page *p)
{
    const tree_json *wanted = tree_get(p->truth, "preamble");
    lede_span caption = tree_text(wanted, "media_caption");

    assert_true(caption.len > 0);
    assert_int_equal(p->got.page.media_count, 1);
    for (size_t i = 0; i < p->got.count; i++) {
        const lede_entry *entry = &p->got.entries[i];

        expect_count(p, i, "media of the page", entry->page_media_count, 1);
        expect_text(p, i, "caption of the page", entry->page_media[0].caption,
                    caption);
    }
    expect_text(p, 0, "caption of the page", p->got.page.media[0].caption,
                caption);
    assert_int_equal(p->got.page.media[0].type, LEDE_MEDIA_VIDEO);
}

static void test_live_truth__the_seed_is_read_exactly(void **state)
{
    page p;
    const tree_json *wanted;
    size_t at = 0;

    (void)state;
    skip_without_data(SEED);
    page_read(&p, SEED, SEED_TRUTH);
    wanted = tree_get(p.truth, "entries")->child;
    for (; wanted != NULL; wanted = wanted->next, at++) {
        const lede_entry *entry = &p.got.entries[at];

        assert_true(at < p.got.count);
        assert_int_equal(entry->kind, LEDE_KIND_LIVE_UPDATE);
        assert_int_equal(entry->ordinal, at + 1);
        assert_int_equal(entry->rank_from_bottom, 20 - at);
        assert_int_equal(entry->flags, 0);
        assert_int_equal(entry->published.year_source, LEDE_YEAR_PAGE);
        expect_headline(&p, at, wanted);
        expect_minute(&p, at, tree_text(wanted, "published"));
        expect_text(&p, at, "zone", entry->published.zone_text,
                    tree_text(wanted, "zone_text"));
        check_seed_lists(&p, at, wanted);
        check_seed_body(&p, at, wanted);
    }
    check_seed_preamble(&p);
    assert_int_equal(p.got.count, 20);
    assert_int_equal(p.got.notes, 0);
    page_done(&p);
}

/* Damage. ----------------------------------------------------------------- */

/* The entries of `whole` that `cut` must still have are there, in order. */
static void expect_prefix(const collected *whole, const collected *cut,
                          size_t must)
{
    assert_true(cut->count >= must);
    for (size_t i = 0; i < must; i++) {
        const lede_entry *a = &whole->entries[i];
        const lede_entry *b = &cut->entries[i];

        assert_true(lede_span_equal(a->headline, b->headline));
        assert_int_equal(a->block_count, b->block_count);
        for (uint32_t j = 0; j < a->block_count; j++) {
            assert_true(lede_span_equal(a->body[j].text, b->body[j].text));
        }
    }
}

static size_t count_heads_before(lede_span bytes)
{
    size_t count = 0;
    size_t at = 0;

    while ((at = lede_match_find(bytes, at, "published at")) !=
           LEDE_MATCH_NONE) {
        count++;
        at++;
    }
    return count;
}

static void test_live_truth__cut_pages_keep_what_precedes_the_cut(void **state)
{
    page p;
    lede_read_context context = plain_context();
    uint32_t seed = 7;

    (void)state;
    skip_without_data(SEED);
    page_read(&p, SEED, SEED_TRUTH);
    for (int i = 0; i < 20; i++) {
        collected got = {0};
        lede_error err = {0};
        size_t len;
        size_t heads;
        lede_status status;

        seed = seed * 1664525u + 1013904223u;
        len = 1 + seed % (uint32_t)p.bytes.len;
        heads = count_heads_before(lede_span_part(p.bytes, 0, len));
        status =
            collect_bytes(&got, &lede_format_live_text,
                          lede_span_part(p.bytes, 0, len), "", &context, &err);
        assert_true(status == LEDE_OK ||
                    (status == LEDE_BAD_INPUT && heads <= 1));
        if (heads > 0 && status == LEDE_OK) {
            /* The last head may itself be cut. */
            expect_prefix(&p.got, &got, heads >= 2 ? heads - 2 : 0);
            assert_true(got.count >= heads - 1);
        }
        collect_done(&got);
    }
    page_done(&p);
}

static void test_live_truth__a_changed_byte_loses_no_update(void **state)
{
    page p;
    lede_read_context context = plain_context();
    uint32_t seed = 11;

    (void)state;
    skip_without_data(SEED);
    page_read(&p, SEED, SEED_TRUTH);
    for (int i = 0; i < 200; i++) {
        collected got = {0};
        lede_error err = {0};
        uint8_t *byte;
        uint8_t before;

        seed = seed * 1664525u + 1013904223u;
        byte = (uint8_t *)p.bytes.bytes + seed % p.bytes.len;
        before = *byte;
        *byte = (uint8_t)(seed >> 24);
        assert_ok(collect_bytes(&got, &lede_format_live_text, p.bytes, "",
                                &context, &err));
        if (got.count != 20) {
            print_error("byte %zu (%.20s): %zu entries\n",
                        (size_t)(byte - p.bytes.bytes), byte, got.count);
        }
        assert_int_equal(got.count, 20);
        *byte = before;
        collect_done(&got);
    }
    page_done(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_live_truth__the_seed_is_read_exactly),
        cmocka_unit_test(test_live_truth__every_page_equals_its_truth),
        cmocka_unit_test(test_live_truth__cut_pages_keep_what_precedes_the_cut),
        cmocka_unit_test(test_live_truth__a_changed_byte_loses_no_update),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
