/* Pages of real publishers against what is known of them; damaged and hostile
 * ones. */
#include <time.h>

#include "corpus/dates.h"
#include "corpus/html_overlap.h"
#include "corpus/json_tree.h"
#include "corpus/publishers.h"
#include "corpus/text_match.h"
#include "tests/support/collect.h"

/* The library's table of publishers, behind a switch: what pages of others can
 * expect is measured without it. */
static bool has_publishers = true;

#define lede_publisher_headline look_up_publisher
lede_headline_place lede_publisher_headline(lede_span url);
#include "corpus/publishers.c"
#undef lede_publisher_headline

lede_headline_place lede_publisher_headline(lede_span url)
{
    return has_publishers ? look_up_publisher(url) : LEDE_HEADLINE_ANY;
}

#define FUNDUS TEST_DATA("fundus/fundus-news-pages.tar.zst")
#define EXPRESS TEST_DATA("live-html/Express_2024_07_18.html.gz")
#define CORK TEST_DATA("live-html/corkbeo.ie.level.html")

static const lede_read_options options = {.now = 1795000000};

static lede_error err;

static lede_status read_bytes(collected *got, lede_span bytes)
{
    lede_read_context context = {.options = &options, .location = ""};

    context.published = lede_when_none();
    context.captured = lede_when_none();
    return collect_bytes(got, &lede_format_html, bytes, "", &context, &err);
}

/* Archives of pages. ------------------------------------------------------- */

typedef struct tar_file {
    char name[101];
    lede_span bytes;
} tar_file;

typedef struct tar {
    lede_buf all;
    tar_file *files;
    size_t count;
} tar;

/* All of an input, decompressed. */
static void read_all(lede_input *input, lede_buf *out)
{
    lede_status status = LEDE_OK;

    while (status == LEDE_OK) {
        size_t got = 0;

        assert_true(lede_buf_reserve(out, 1 << 16));
        status =
            lede_input_read(input, out->bytes + out->len, 1 << 16, &got, &err);
        out->len += status == LEDE_OK ? got : 0;
    }
    assert_int_equal(status, LEDE_END);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const tar_file *)a)->name, ((const tar_file *)b)->name);
}

static void tar_open(tar *t, const char *path)
{
    lede_input *input = NULL;
    size_t at = 0;

    *t = (tar){0};
    assert_ok(lede_input_open_file(path, &input, &err));
    read_all(input, &t->all);
    lede_input_close(input);
    t->files = calloc(4096, sizeof *t->files);
    assert_non_null(t->files);
    while (at + 512 <= t->all.len && t->all.bytes[at] != 0) {
        const char *header = (const char *)t->all.bytes + at;
        size_t len = strtoul(header + 124, NULL, 8);

        at += 512;
        assert_true(len <= t->all.len - at && t->count < 4096);
        if (len > 0 && header[156] == '0') {
            tar_file *file = &t->files[t->count++];

            snprintf(file->name, sizeof file->name, "%.100s", header);
            file->bytes = lede_span_of(t->all.bytes + at, len);
        }
        at += (len + 511) / 512 * 512;
    }
    qsort(t->files, t->count, sizeof *t->files, by_name);
}

static void tar_done(tar *t)
{
    lede_buf_done(&t->all);
    free(t->files);
}

/* Judging. ---------------------------------------------------------------- */

typedef struct tally {
    size_t pages, headlines, dates, authors;
    double precision, recall;
} tally;

static bool is_same_line(lede_span a, lede_span b)
{
    size_t i = 0;
    size_t j = 0;

    for (;;) {
        lede_span x = lede_match_word(a, &i);
        lede_span y = lede_match_word(b, &j);

        if (!lede_span_equal(x, y)) {
            return false;
        }
        if (x.len == 0) {
            return true;
        }
    }
}

/* "2024-05-03 15:47:42.389000+00:00", to the minute; a day where the page says
 * no more. Without a zone it is what the page prints. */
static bool is_same_date(lede_span wanted, const lede_when *got)
{
    lede_date_hints hints = {0};
    lede_when when;

    if (!lede_date_parse(wanted, &hints, &when)) {
        return false;
    }
    if (when.zone_text.len == 0) {
        return when.local.year == got->local.year &&
               when.local.month == got->local.month &&
               when.local.day == got->local.day &&
               when.local.hour == got->local.hour &&
               when.local.minute == got->local.minute;
    }
    if (got->precision == LEDE_PRECISION_DAY) {
        return when.local.hour == 0 && when.local.minute == 0 &&
               when.local.day == got->local.day;
    }
    return got->instant != LEDE_INSTANT_NONE &&
           got->instant / 60 == when.instant / 60;
}

static bool are_same_authors(const lede_json_value *wanted,
                             const lede_entry *entry)
{
    uint32_t count = 0;

    for (wanted = wanted == NULL ? NULL : wanted->first; wanted != NULL;
         wanted = wanted->next) {
        bool found = false;
        uint32_t i;

        for (i = 0; i < entry->author_count; i++) {
            found |= is_same_line(wanted->text, entry->authors[i].name);
        }
        if (!found) {
            return false;
        }
        count++;
    }
    return count == entry->author_count;
}

static void put_strings(const lede_json_value *list, lede_arena *arena,
                        lede_body *out)
{
    for (list = list == NULL ? NULL : list->first; list != NULL;
         list = list->next) {
        lede_body_add(out, arena, LEDE_BLOCK_P, list->text);
    }
}

/* Runs of words that both texts have, as shares of either. Of a live page the
 * first entry is judged, as of the others: BR_2024_08_27, a ticker, has its
 * text in the seven updates behind it, and counts here as one whose text is not
 * found; main_text.py judges all entries of a page. */
static void judge_text(const lede_json_value *body, const lede_entry *entry,
                       tally *sum)
{
    lede_arena arena = {0};
    lede_overlap set;
    lede_body wanted = {0};
    const lede_json_value *part = lede_json_member(body, "sections");
    size_t shared = 0;
    size_t all = 0;
    uint32_t i;

    put_strings(lede_json_member(body, "summary"), &arena, &wanted);
    for (part = part->first; part != NULL; part = part->next) {
        put_strings(lede_json_member(part, "headline"), &arena, &wanted);
        put_strings(lede_json_member(part, "paragraphs"), &arena, &wanted);
    }
    assert_ok(lede_overlap_read(&wanted, &arena, &set, &err));
    for (i = 0; i < entry->block_count; i++) {
        int share = lede_overlap_share(&set, entry->body[i].text);

        if (share >= 0) {
            all += entry->body[i].text.len;
            shared += entry->body[i].text.len * (size_t)share / 100;
        }
    }
    lede_overlap_share(&set, entry->deck);
    sum->precision += all == 0 ? 0 : (double)shared / (double)all;
    sum->recall += set.count == 0 ? 1 : (double)set.met / (double)set.count;
    lede_arena_done(&arena);
}

static void tell_miss(const tar_file *page, const lede_json_value *truth,
                      const lede_entry *entry, const char *what)
{
    lede_buf got = {0};
    const lede_json_value *author = lede_json_member(truth, "authors");
    uint32_t i;

    if (getenv("LEDE_TEST_VERBOSE") == NULL) {
        return;
    }
    for (author = author == NULL ? NULL : author->first; author != NULL;
         author = author->next) {
        lede_buf_put_text(&got, " [");
        lede_buf_put_span(&got, author->text);
        lede_buf_put_text(&got, "]");
    }
    lede_buf_put_text(&got, " ->");
    for (i = 0; i < entry->author_count; i++) {
        lede_buf_put_text(&got, " [");
        lede_buf_put_span(&got, entry->authors[i].name);
        lede_buf_put_text(&got, "]");
    }
    print_message(
        "%s: %s\n  %.*s ->\n  %.*s\n  %.*s ->", page->name, what,
        (int)lede_json_member_text(truth, "title").len,
        (const char *)lede_json_member_text(truth, "title").bytes,
        (int)entry->headline.len, (const char *)entry->headline.bytes,
        (int)lede_json_member_text(truth, "publishing_date").len,
        (const char *)lede_json_member_text(truth, "publishing_date").bytes);
    print_message(" %.*s\n ", (int)entry->published.text.len,
                  (const char *)entry->published.text.bytes);
    print_message("%.*s\n", (int)got.len, (const char *)got.bytes);
    lede_buf_done(&got);
}

static void judge_page(const tar_file *page, const lede_json_value *truth,
                       tally *sum)
{
    collected got = {0};
    const lede_entry *entry;
    const lede_read_options read = options;
    lede_sink sink = collect_sink(&got);
    bool is_headline, is_date, is_authors;

    sum->pages++;
    /* As a file is: what it is taken for counts, too. */
    if (lede_corpus_read_bytes(page->bytes, "", &read, &sink, &err) !=
            LEDE_OK ||
        strncmp(got.page.format, "html", 4) != 0) {
        print_message("%s: not read\n", page->name);
        collect_done(&got);
        return;
    }
    entry = &got.entries[0];
    is_headline =
        is_same_line(lede_json_member_text(truth, "title"), entry->headline);
    is_date = is_same_date(lede_json_member_text(truth, "publishing_date"),
                           &entry->published);
    is_authors = are_same_authors(lede_json_member(truth, "authors"), entry);
    sum->headlines += is_headline;
    sum->dates += is_date;
    sum->authors += is_authors;
    if (!is_headline || !is_date || !is_authors) {
        tell_miss(page, truth, entry,
                  !is_headline ? "headline"
                  : !is_date   ? "date"
                               : "authors");
    }
    judge_text(lede_json_member(truth, "body"), entry, sum);
    collect_done(&got);
}

/* The pages of a truth file are those that begin with its name, in order. */
static void judge_publisher(const tar *t, const tar_file *file, tally *sum)
{
    lede_arena arena = {0};
    const lede_json_value *truth = NULL;
    const lede_json_value *version;
    size_t stem = strlen(file->name) - 5;
    size_t i = 0;

    assert_ok(lede_json_tree_read(file->bytes, &arena, &truth, &err));
    version = truth->first->first;
    for (; i < t->count && version != NULL; i++) {
        const char *name = t->files[i].name;

        if (strncmp(name, file->name, stem) == 0 && name[stem] == '_' &&
            name[stem + 1] >= '0' && name[stem + 1] <= '9' &&
            strstr(name, ".html.gz") != NULL) {
            judge_page(&t->files[i], version, sum);
            version = version->next;
        }
    }
    lede_arena_done(&arena);
}

static tally judge_all(const tar *t)
{
    tally sum = {0};
    double pages;
    size_t i;

    for (i = 0; i < t->count; i++) {
        if (strstr(t->files[i].name, ".json") != NULL) {
            judge_publisher(t, &t->files[i], &sum);
        }
    }
    pages = (double)sum.pages;
    print_message("%zu pages, %s the table of publishers: headline %.1f %%, "
                  "date %.1f %%, authors %.1f %%, "
                  "text %.3f of what is given and %.3f of what is there\n",
                  sum.pages, has_publishers ? "with" : "without",
                  100 * (double)sum.headlines / pages,
                  100 * (double)sum.dates / pages,
                  100 * (double)sum.authors / pages, sum.precision / pages,
                  sum.recall / pages);
    assert_int_equal(sum.pages, 258);
    return sum;
}

static void test_html_pages__publishers_of_thirty_countries(void **state)
{
    tar t;
    tally sum;
    double pages;

    (void)state;
    skip_without_data(FUNDUS);
    tar_open(&t, FUNDUS);
    has_publishers = false;
    sum = judge_all(&t);
    has_publishers = true;
    pages = (double)sum.pages;
    /* Letter by letter. */
    assert_true((double)sum.headlines >= 0.89 * pages);
    assert_true((double)sum.dates >= 0.95 * pages);
    assert_true((double)sum.authors >= 0.85 * pages);
    assert_true(sum.precision >= 0.93 * pages);
    assert_true(sum.recall >= 0.94 * pages);
    sum = judge_all(&t);
    assert_true((double)sum.headlines >= 0.95 * pages);
    tar_done(&t);
}

/* Live pages. ------------------------------------------------------------- */

static void expect_updates(const char *path, size_t wanted, const char *newest)
{
    collected got = {0};
    lede_span bytes = collect_file(path);
    lede_buf when = {0};
    size_t count = 0;
    size_t i;

    assert_ok(read_bytes(&got, bytes));
    for (i = 0; i < got.count; i++) {
        const lede_entry *entry = &got.entries[i];

        if (entry->kind == LEDE_KIND_LIVE_UPDATE) {
            if (count++ == 0) {
                lede_when_format(&entry->published, &when);
            }
            assert_int_equal(entry->published.precision, LEDE_PRECISION_SECOND);
            assert_true(entry->headline.len > 0);
            assert_true(entry->native_id.len > 0);
        }
    }
    assert_int_equal(count, wanted);
    assert_span(lede_buf_span(&when), newest);
    assert_true(got.page.is_live);
    lede_buf_done(&when);
    collect_done(&got);
    free((void *)bytes.bytes);
}

static void test_html_pages__live_pages_give_their_updates(void **state)
{
    (void)state;
    skip_without_data(EXPRESS);
    expect_updates(EXPRESS, 9, "2024-07-18T10:48:00Z");
    expect_updates(CORK, 26, "2020-10-06T20:22:53Z");
}

/* Damage. ----------------------------------------------------------------- */

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Whatever is done to a page, the reader ends; an exact copy on the heap shows
 * what is read past the end. */
static void read_damaged(const uint8_t *bytes, size_t len)
{
    collected got = {0};
    uint8_t *copy = malloc(len + 1);
    lede_status status;

    assert_non_null(copy);
    memcpy(copy, bytes, len);
    status = read_bytes(&got, lede_span_of(copy, len));
    assert_true(status == LEDE_OK || status == LEDE_BAD_INPUT ||
                status == LEDE_CORRUPT);
    assert_int_equal(got.pages, got.page_ends);
    collect_done(&got);
    free(copy);
}

static void damage(lede_span page, unsigned flips)
{
    uint8_t *bytes = (uint8_t *)(uintptr_t)page.bytes;
    uint32_t seed = 7;
    unsigned i;

    for (i = 0; i < 20; i++) {
        read_damaged(bytes, next_random(&seed) % page.len);
    }
    for (i = 0; i < flips; i++) {
        uint8_t *at = bytes + next_random(&seed) % page.len;
        uint8_t before = *at;

        *at ^= (uint8_t)(1u << next_random(&seed) % 8);
        read_damaged(bytes, page.len);
        *at = before;
    }
}

static void test_html_pages__damaged_pages_end_well(void **state)
{
    bool is_long = getenv("LEDE_TEST_LONG") != NULL;
    lede_span page;

    (void)state;
    skip_without_data(CORK);
    page = collect_file(CORK);
    damage(page, is_long ? 2000 : 200);
    free((void *)page.bytes);
    page = collect_file(EXPRESS);
    damage(page, is_long ? 2000 : 40); /* of the compressed bytes */
    free((void *)page.bytes);
}

/* Hostile pages. ---------------------------------------------------------- */

typedef struct hostile {
    const char *name, *before, *repeated, *after;
    size_t bytes;
} hostile;

static void test_html_pages__hostile_pages_end_soon(void **state)
{
    static const hostile pages[] = {
        {"divs", "<body>", "<div>", "text", 1 << 20},
        {"spans", "<body>", "<span>", "text", 1 << 20},
        {"ends", "<body><b>", "</i></b><b>", "", 1 << 20},
        {"lists", "<body>", "<ul><li>", "text", 1 << 20},
        {"tables", "<body>", "<table><tr><td>", "text", 1 << 20},
        {"quotes", "<body>", "<blockquote>", "text", 1 << 20},
        {"spans and ends", "<body><span><span><span><span>", "<span></b>",
         "text", 1 << 20},
        {"entities", "<body><p>", "&amp;&#x41;&lt;", "", 1 << 20},
        {"unknown entities", "<body><p>", "&abcdefgh;&", "", 1 << 20},
        {"attributes", "<body><p ", "a=\"b\" ", ">text", 1 << 20},
        {"one attribute", "<body><p class=\"", "related teaser ", "\">text",
         1 << 20},
        {"comments", "<body>", "<!-- saved from url=(1)a -->", "text", 1 << 20},
        {"open comments", "<body>", "<!--", "text", 1 << 20},
        {"open tags", "<body>", "<p<", "text", 1 << 20},
        {"scripts", "<body>", "<script type=ld+json>[", "", 1 << 20},
        {"json", "<body><script type=application/ld+json>", "[{\"@graph\":", "",
         1 << 20},
        {"json strings", "<body><script type=application/ld+json>[", "\"\"a",
         "", 1 << 20},
        {"articles", "<body>", "<article><h1>a</h1><time datetime=x>", "",
         1 << 20},
        {"posts", "<title>live:</title><body>",
         "<article id=block-1 class=block><time>10:10</time>a</article>", "",
         1 << 20},
        {"figures", "<body>", "<figure class=image><figcaption class=credit>",
         "text", 1 << 20},
        {"pictures", "<body>", "<div class=image><img src=a>a", "", 1 << 20},
        {"assets", "<body>", "<div><h3 id=asset:1>a</h3>", "", 1 << 20},
        {"bylines", "<body><h1>a</h1>", "<a class=byline>", "By Ann Lee",
         1 << 20},
        {"a paragraph", "<body><p>", "The ferry to the islands. ", "</p>",
         30 << 20},
        {"a word", "<body><p>", "aaaaaaaaaaaaaaaa", "</p>", 30 << 20},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        collected got = {0};
        lede_buf page = {0};
        struct timespec begin;
        struct timespec end;
        double seconds;
        lede_status status;

        lede_buf_put_text(&page, pages[i].before);
        while (page.len < pages[i].bytes) {
            lede_buf_put_text(&page, pages[i].repeated);
        }
        lede_buf_put_text(&page, pages[i].after);
        assert_false(page.failed);
        clock_gettime(CLOCK_MONOTONIC, &begin);
        status = read_bytes(&got, lede_buf_span(&page));
        clock_gettime(CLOCK_MONOTONIC, &end);
        seconds = (double)(end.tv_sec - begin.tv_sec) +
                  (double)(end.tv_nsec - begin.tv_nsec) * 1e-9;
        print_message("%-18s %2zu MB %6.2f s %s\n", pages[i].name,
                      pages[i].bytes >> 20, seconds,
                      status == LEDE_OK ? "" : "refused");
        assert_true(status == LEDE_OK || status == LEDE_BAD_INPUT);
        /* With sanitizers, and beside other tests. */
        assert_true(seconds < 20 * (double)(pages[i].bytes >> 20));
        if (status == LEDE_OK && pages[i].bytes > (16 << 20)) {
            assert_true(got.entries[0].flags & LEDE_FLAG_TRUNCATED);
        }
        lede_buf_done(&page);
        collect_done(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html_pages__publishers_of_thirty_countries),
        cmocka_unit_test(test_html_pages__live_pages_give_their_updates),
        cmocka_unit_test(test_html_pages__damaged_pages_end_well),
        cmocka_unit_test(test_html_pages__hostile_pages_end_soon),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
