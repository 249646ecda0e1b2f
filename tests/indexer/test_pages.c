#include "indexer/page_lookup.h"

#include <inttypes.h>

#include "base/hash.h"
#include "indexer/years.h"
#include "tests/indexer/world.h"
#include "tests/support/check.h"

enum { DOCUMENTS_MAX = 12, POSTS_MAX = 24 };

static lede_error err;
static lede_arena arena;
static lede_identifier identifier;

static int teardown(void **state)
{
    (void)state;
    lede_arena_done(&arena);
    lede_identifier_done(&identifier);
    return 0;
}

typedef struct doc {
    lede_live_document live;
    lede_version posts[POSTS_MAX];
} doc;

static void begin(doc *d, const char *url, uint64_t file)
{
    *d = (doc){0};
    d->live.about = (lede_claim_document){.form = 1, .is_live = true};
    if (url != NULL) {
        d->live.about.url_page_id = lede_hash64(lede_span_text(url));
    }
    d->live.file = file;
    d->live.posts = d->posts;
}

/* `minute` counts from 17 February, 12:00 UTC; `year` 0 = unknown. */
static void add(doc *d, const char *headline, int minute, int32_t year,
                const char *body)
{
    lede_page page = {.format = "A", .is_live = true};
    lede_block block = {LEDE_BLOCK_P, lede_span_text(body)};
    lede_version *version = &d->posts[d->live.post_count++];
    lede_identity identity;
    lede_entry entry;
    char path[32];

    page.captured = page.updated = lede_when_none();
    lede_entry_init(&entry);
    entry.kind = LEDE_KIND_LIVE_UPDATE;
    entry.headline = lede_span_text(headline);
    entry.published.precision = LEDE_PRECISION_MINUTE;
    entry.published.local = (lede_civil){
        year, 2, 17, (uint8_t)(12 + minute / 60), (uint8_t)(minute % 60), 0};
    if (year != 0) {
        entry.published.year_source = LEDE_YEAR_PAGE;
        entry.published.instant =
            lede_instant_from_civil(&entry.published.local, 0);
    }
    entry.body = &block;
    entry.block_count = body[0] != '\0';
    assert_ok(lede_identity_of(&identifier, &page, &entry, &identity, &err));
    assert_ok(lede_claim_of(&identifier, &identity, &page, &entry, "", true,
                            &arena, &version->claim, &err));
    snprintf(path, sizeof path, "/saves/%u", (unsigned)d->live.file);
    version->path = lede_arena_copy(&arena, lede_span_text(path));
}

/* Documents in the order of `order`; one line per class, sorted by key. */
static void settle(const doc *docs, uint32_t count, const uint32_t *order,
                   lede_buf *out)
{
    lede_live_document live[DOCUMENTS_MAX];
    lede_arena own = {0};
    lede_pages pages;
    uint64_t last = 0;
    uint32_t i, best, printed;

    for (i = 0; i < count; i++) {
        live[i] = docs[order == NULL ? i : order[i]].live;
    }
    assert_ok(lede_pages_settle(live, count, &own, &pages, &err));
    for (printed = 0; printed < pages.class_count; printed++) {
        best = UINT32_MAX;
        for (i = 0; i < pages.class_count; i++) {
            const lede_live_class *c = &pages.classes[i];

            if (c->key + c->page_id > last &&
                (best == UINT32_MAX ||
                 c->key + c->page_id <
                     pages.classes[best].key + pages.classes[best].page_id)) {
                best = i;
            }
        }
        if (best == UINT32_MAX) {
            break;
        }
        last = pages.classes[best].key + pages.classes[best].page_id;
        lede_buf_put_format(
            out,
            "%016" PRIx64 " %016" PRIx64 " %u %016" PRIx64 " %" PRId64 "\n",
            pages.classes[best].key, pages.classes[best].page_id,
            pages.classes[best].count, pages.classes[best].winner->claim.digest,
            pages.classes[best].published.instant);
    }
    lede_arena_done(&own);
}

/* Settles in many orders, which must not matter; returns how many entries. */
static lede_pages settle_any(const doc *docs, uint32_t count)
{
    lede_live_document live[DOCUMENTS_MAX];
    world_random random = {count};
    lede_buf first = {0}, again = {0};
    uint32_t order[DOCUMENTS_MAX], i, round;
    lede_pages pages;

    settle(docs, count, NULL, &first);
    for (i = 0; i < count; i++) {
        order[i] = i;
        live[i] = docs[i].live;
    }
    for (round = 0; round < 30; round++) {
        for (i = count; i > 1; i--) {
            uint32_t j = world_below(&random, i), swap = order[i - 1];

            order[i - 1] = order[j];
            order[j] = swap;
        }
        lede_buf_clear(&again);
        settle(docs, count, order, &again);
        assert_string_equal(lede_buf_text(&again), lede_buf_text(&first));
    }
    lede_buf_done(&first);
    lede_buf_done(&again);
    assert_ok(lede_pages_settle(live, count, &arena, &pages, &err));
    return pages;
}

static const char long_text[] =
    "The harbour master said that the ferry would not sail before the wind "
    "had dropped, and that passengers were being taken to the town hall.";
static const char long_text_edited[] =
    "The harbour master said that the ferry would not sail before the wind "
    "had dropped, and that passengers were being taken to the old town hall.";
static const char other_text[] =
    "Nothing is known so far of what the council intends to do about the "
    "bridge, which has been shut to lorries since the beginning of March.";

static void test_pages__are_told_by_shared_keys(void **state)
{
    static doc d[3];
    uint32_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        begin(&d[i], NULL, i);
    }
    for (i = 0; i < 12; i++) { /* 12 posts each; three are shared */
        char a[32], b[32];

        snprintf(a, sizeof a, "Post %u", i);
        snprintf(b, sizeof b, "Post %u", i + 9);
        add(&d[0], a, (int)i, 0, "");
        add(&d[1], b, (int)i + 9, 0, "");
    }
    assert_true(lede_pages_match(&d[0].live, &d[1].live));
    d[1].live.posts++; /* now two of twelve and eleven are */
    d[1].live.post_count--;
    assert_false(lede_pages_match(&d[0].live, &d[1].live));
    d[1].live.post_count = 6; /* two of six: a third of the smaller */
    assert_true(lede_pages_match(&d[0].live, &d[1].live));
    d[1].live.about.form = 2;
    assert_false(lede_pages_match(&d[0].live, &d[1].live));
    /* Urls decide, where there are any. */
    begin(&d[0], "x", 1);
    begin(&d[1], "x", 2);
    begin(&d[2], "y", 3);
    add(&d[0], "One", 1, 0, "");
    add(&d[1], "Two", 2, 0, "");
    add(&d[2], "One", 1, 0, "");
    assert_true(lede_pages_match(&d[0].live, &d[1].live));
    assert_false(lede_pages_match(&d[0].live, &d[2].live));
}

static void test_pages__of_two_years_never_match(void **state)
{
    static doc d[2];

    (void)state;
    begin(&d[0], NULL, 1);
    begin(&d[1], NULL, 2);
    add(&d[0], "Good morning", 1, 2024, "");
    add(&d[1], "Good morning", 1, 2025, "");
    assert_false(lede_pages_match(&d[0].live, &d[1].live));
    begin(&d[1], NULL, 2);
    add(&d[1], "Good morning", 1, 0, "");
    assert_true(lede_pages_match(&d[0].live, &d[1].live));
}

static void test_pages__hang_together(void **state)
{
    static doc d[4];
    lede_pages pages;
    uint32_t i, j;

    (void)state;
    for (i = 0; i < 4; i++) { /* each shares half with the next */
        begin(&d[i], NULL, i);
        for (j = 0; j < 6; j++) {
            char headline[32];

            snprintf(headline, sizeof headline, "Post %u", i * 3 + j);
            add(&d[i], headline, (int)(i * 3 + j), 0, "");
        }
    }
    pages = settle_any(d, 4);
    assert_int_equal(pages.page_count, 1);
    assert_int_equal(pages.class_count, 15);
    for (i = 0; i < pages.class_count; i++) {
        assert_int_equal(pages.classes[i].page_id, pages.classes[0].page_id);
    }
}

static void test_pages__know_edited_posts(void **state)
{
    static doc d[2];
    lede_pages pages;

    (void)state;
    begin(&d[0], NULL, 1);
    begin(&d[1], NULL, 2);
    add(&d[0], "Opening", 0, 0, "We begin.");
    add(&d[1], "Opening", 0, 0, "We begin.");
    add(&d[0], "Ferry stays in port", 10, 0, long_text);
    add(&d[1], "No ferry tonight", 10, 0, long_text_edited); /* same minute */
    add(&d[0], "Council meets about the bridge today", 30, 0, other_text);
    add(&d[1], "Council meets about the bridge", 38, 0, other_text);
    pages = settle_any(d, 2);
    assert_int_equal(pages.class_count, 3);
}

static void test_pages__do_not_join_what_is_not_alike(void **state)
{
    static doc d[2];
    lede_pages pages;

    (void)state;
    begin(&d[0], NULL, 1);
    begin(&d[1], NULL, 2);
    add(&d[0], "Opening", 0, 0, "We begin.");
    add(&d[1], "Opening", 0, 0, "We begin.");
    add(&d[0], "Going on", 5, 0, "We go on.");
    add(&d[1], "Going on", 5, 0, "We go on.");
    add(&d[0], "Ferry stays in port", 10, 0, long_text);
    add(&d[1], "Ferry", 10, 0, other_text); /* another body */
    add(&d[0], "A certain headline of some words", 30, 0, other_text);
    add(&d[1], "A certain headline of some words", 41, 0,
        other_text); /* late */
    add(&d[0], "Quite this", 60, 0, long_text_edited);
    add(&d[1], "Quite that", 65, 0, long_text_edited); /* not the minute */
    pages = settle_any(d, 2);
    assert_int_equal(pages.class_count, 8);
}

static void test_pages__keep_apart_what_one_save_shows(void **state)
{
    static doc d[2];
    lede_pages pages;

    (void)state;
    begin(&d[0], NULL, 1);
    begin(&d[1], NULL, 2);
    add(&d[0], "Ferry stays in port", 10, 0, long_text);
    add(&d[0], "No ferry tonight", 10, 0, long_text_edited);
    add(&d[1], "Ferry stays in port", 10, 0, long_text);
    pages = settle_any(d, 2);
    assert_int_equal(pages.page_count, 1);
    assert_int_equal(pages.class_count, 2);
}

static void test_pages__tell_a_key_apart_by_the_body(void **state)
{
    static doc d[2];
    lede_pages pages, first;

    (void)state;
    begin(&d[0], NULL, 1);
    begin(&d[1], NULL, 2);
    add(&d[0], "Post update", 10, 0, long_text);
    add(&d[0], "Post update", 10, 0, other_text);
    first = settle_any(d, 1);
    assert_int_equal(first.class_count, 2);
    assert_int_not_equal(first.classes[0].key, first.classes[1].key);
    /* A save with one of them only, and edited. */
    add(&d[1], "Post update", 10, 0, long_text_edited);
    pages = settle_any(d, 2);
    assert_int_equal(pages.class_count, 2);
    assert_int_equal(pages.classes[0].key, first.classes[0].key);
    assert_int_equal(pages.classes[1].key, first.classes[1].key);
    /* Without the double a key is a key, whatever the body. */
    begin(&d[0], NULL, 1);
    add(&d[0], "Post update", 10, 0, other_text);
    pages = settle_any(d, 2);
    assert_int_equal(pages.class_count, 1);
    assert_int_equal(pages.classes[0].key, d[0].posts[0].claim.raw);
}

static void test_pages__choose_the_winner(void **state)
{
    static doc d[3];
    lede_pages pages;

    (void)state;
    begin(&d[0], NULL, 1);
    begin(&d[1], NULL, 2);
    begin(&d[2], NULL, 3);
    add(&d[0], "Post", 10, 0, "Short.");
    add(&d[1], "Post", 10, 0, "A good deal longer.");
    add(&d[2], "Post", 10, 0, "Other.");
    pages = settle_any(d, 3);
    assert_int_equal(pages.class_count, 1);
    assert_span(pages.classes[0].winner->path, "/saves/2");
    d[2].posts[0].claim.captured = 5;
    assert_span(settle_any(d, 3).classes[0].winner->path, "/saves/3");
    d[0].posts[0].claim.updated = 1;
    assert_span(settle_any(d, 3).classes[0].winner->path, "/saves/1");
    d[0].posts[0].claim.is_kept = true; /* it was overwritten */
    assert_span(settle_any(d, 3).classes[0].winner->path, "/saves/3");
    /* All equal: the later path. */
    begin(&d[0], NULL, 7);
    begin(&d[1], NULL, 9);
    begin(&d[2], NULL, 8);
    add(&d[0], "Post", 10, 0, "Same 1");
    add(&d[1], "Post", 10, 0, "Same 2");
    add(&d[2], "Post", 10, 0, "Same 3");
    assert_span(settle_any(d, 3).classes[0].winner->path, "/saves/9");
}

static void test_pages__fill_in_years(void **state)
{
    static doc d[2];
    lede_pages pages;
    uint32_t i;

    (void)state;
    begin(&d[0], NULL, 1);
    begin(&d[1], NULL, 2);
    add(&d[0], "One", 10, 0, "");
    add(&d[0], "Two", 20, 0, "");
    add(&d[1], "Two", 20, 2025, "");
    add(&d[1], "Three", 30, 2025, "");
    pages = settle_any(d, 2);
    assert_int_equal(pages.class_count, 3);
    for (i = 0; i < 3; i++) {
        lede_civil civil;

        assert_int_not_equal(pages.classes[i].published.instant,
                             LEDE_INSTANT_NONE);
        lede_civil_from_instant(pages.classes[i].published.instant, 0, &civil);
        assert_int_equal(civil.year, 2025);
        assert_int_equal(pages.classes[i].published.year_source,
                         LEDE_YEAR_PAGE);
    }
}

static void test_pages__move_years_round_new_year(void **state)
{
    lede_civil anchor = {2025, 1, 2, 0, 10, 0}, got;
    lede_when when = lede_when_none();

    (void)state;
    when.precision = LEDE_PRECISION_MINUTE;
    when.local = (lede_civil){0, 12, 31, 23, 50, 0};
    when = lede_years_move(&when, lede_instant_from_civil(&anchor, 0),
                           LEDE_YEAR_PAGE);
    lede_civil_from_instant(when.instant, 0, &got);
    assert_int_equal(got.year, 2024);
    /* There was no such day in the years around. */
    when = lede_when_none();
    when.precision = LEDE_PRECISION_MINUTE;
    when.local = (lede_civil){0, 2, 29, 1, 0, 0};
    anchor.year = 2022;
    when = lede_years_move(&when, lede_instant_from_civil(&anchor, 0),
                           LEDE_YEAR_PAGE);
    assert_int_equal(when.instant, LEDE_INSTANT_NONE);
}

/* Random saves of random pages, in any order. */
static void test_pages__do_not_depend_on_order(void **state)
{
    static doc d[DOCUMENTS_MAX];
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 40; seed++) {
        world_random random = {seed};
        uint32_t i, j;

        for (i = 0; i < DOCUMENTS_MAX; i++) {
            uint32_t page = world_below(&random, 3);
            uint32_t from = world_below(&random, 6);

            begin(&d[i], page == 2 ? "url" : NULL, i + 1);
            for (j = from; j < from + 8; j++) {
                char headline[48], body[300];
                bool is_edited = world_below(&random, 4) == 0;

                snprintf(headline, sizeof headline, "Page %u post %u%s",
                         page * (world_below(&random, 6) > 0), j,
                         is_edited ? " edited" : "");
                snprintf(body, sizeof body, "%s %u",
                         j % 2 == 0 ? long_text : other_text, j / 3);
                add(&d[i], headline, (int)(page * 100 + j * 4),
                    world_below(&random, 3) == 0 ? 2025 : 0, body);
            }
        }
        (void)settle_any(d, DOCUMENTS_MAX);
    }
}

/* --- Naive twins ---------------------------------------------------------- */

enum { MANY = 70, FEW = 6 };

static doc many[MANY];

static uint32_t naive_page(const uint32_t *page, uint32_t i)
{
    while (page[i] != i) {
        i = page[i];
    }
    return i;
}

/* Every document against every other one. */
static void find_naive_pages(uint32_t count, uint32_t *page)
{
    uint32_t i, j;

    for (i = 0; i < count; i++) {
        page[i] = i;
        for (j = 0; j < i; j++) {
            if (lede_pages_match(&many[i].live, &many[j].live)) {
                uint32_t a = naive_page(page, i), b = naive_page(page, j);

                page[a > b ? a : b] = a > b ? b : a;
            }
        }
    }
}

static void make_many(world_random *random, uint32_t count)
{
    uint32_t keys = 6 + world_below(random, 60), i, j;

    for (i = 0; i < count; i++) {
        uint32_t posts = 1 + world_below(random, i % 3 == 0 ? 4 : 14);
        uint32_t from = world_below(random, keys);
        uint32_t style = world_below(random, 8);

        begin(&many[i], style == 0 ? "one" : style == 1 ? "two" : NULL, i / 3);
        many[i].live.about.group = world_below(random, 12) == 0 ? 1 : 0;
        many[i].live.about.form = 1 + (style == 2);
        for (j = 0; j < posts; j++) {
            uint32_t key = world_below(random, 5) == 0
                               ? world_below(random, 4) * 1000
                               : (from + j) % keys;
            char headline[32];

            snprintf(headline, sizeof headline, "Post %u", key);
            add(&many[i], headline, (int)(key % 300),
                style < 4 ? 0 : 2022 + (int32_t)world_below(random, 2), "");
        }
    }
}

static void test_pages__are_those_of_all_pairs(void **state)
{
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 150; seed++) {
        world_random random = {seed};
        uint32_t count = 2 + world_below(&random, MANY - 2), i, j;
        lede_live_document live[MANY];
        uint32_t page[MANY];
        lede_pages pages;

        lede_arena_clear(&arena);
        make_many(&random, count);
        find_naive_pages(count, page);
        for (i = 0; i < count; i++) {
            live[i] = many[i].live;
        }
        assert_ok(lede_pages_settle(live, count, &arena, &pages, &err));
        for (i = 0; i < count; i++) {
            for (j = 0; j < i; j++) {
                assert_int_equal(pages.page_of[i] == pages.page_of[j],
                                 naive_page(page, i) == naive_page(page, j));
            }
        }
    }
}

/* What a file showed before is looked for among what it shows now as if each
 * two were compared, in order. */
static void test_pages__are_looked_up_as_each_is_compared(void **state)
{
    uint32_t met = 0, missed = 0;
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 300; seed++) {
        world_random random = {seed};
        uint32_t count = 4 + world_below(&random, MANY - 4), now, i, j, found;
        lede_live_document live[MANY];
        lede_page_lookup lookup;

        lede_arena_clear(&arena);
        make_many(&random, count);
        now = count / 2;
        for (i = 0; i < count; i++) {
            live[i] = many[i].live;
            live[i].about.is_live = world_below(&random, 9) != 0;
            live[i].post_count *= world_below(&random, 9) != 0;
        }
        assert_true(lede_page_lookup_init(&lookup, live, now, &arena));
        for (i = 0; i < count; i++) {
            lede_live_document old = many[i].live;
            uint32_t first = LEDE_MAP_NONE;
            bool may_have = false;

            old.about.group = 0;
            for (j = now; j-- > 0;) {
                uint64_t url = live[j].about.url_page_id;
                bool counts = live[j].about.is_live && live[j].post_count > 0;

                first = counts && lede_pages_match(&old, &live[j]) ? j : first;
                may_have |= counts && (url == 0 || old.about.url_page_id == 0 ||
                                       url == old.about.url_page_id);
            }
            assert_true(lede_page_lookup_first(&lookup, &old, &found));
            assert_int_equal(found, first);
            assert_int_equal(lede_page_lookup_may_have(&lookup, &old.about),
                             may_have);
            met += first != LEDE_MAP_NONE;
            missed += first == LEDE_MAP_NONE;
        }
    }
    assert_true(met > 1000 && missed > 1000);
}

/* Saves with unlike doubles of one key: which posts are one entry is decided by
 * the likeness of every two of them. */
static void test_pages__split_a_key_as_all_pairs_say(void **state)
{
    static const char *const bodies[] = {
        long_text,
        long_text_edited,
        other_text,
        "Nothing is known so far of what the council intends to do about the "
        "bridge, which has been shut to cars since the end of March.",
        "Wholly other words here, of a wholly other thing.",
    };
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 60; seed++) {
        world_random random = {seed};
        uint32_t count = 2 + world_below(&random, FEW), all = 0, c, i, j;
        const lede_version *posts[FEW * 8];
        uint32_t group[FEW * 8];
        lede_live_document live[MANY];
        lede_pages pages;

        lede_arena_clear(&arena);
        for (i = 0; i < count; i++) {
            begin(&many[i], "url", i);
            for (j = 0; j < 4; j++) {
                add(&many[i], "The same", 10,
                    world_below(&random, 3) == 0
                        ? 2022 + (int32_t)world_below(&random, 2)
                        : 0,
                    j == 0 && i == 0 ? bodies[4]
                                     : bodies[world_below(&random, 5)]);
            }
            add(&many[0], "The same", 10, 0, bodies[0]);
            live[i] = many[i].live;
        }
        live[0] = many[0].live;
        assert_ok(lede_pages_settle(live, count, &arena, &pages, &err));
        for (c = 0; c < pages.class_count; c++) {
            for (i = 0; i < pages.classes[c].count; i++) {
                posts[all] = pages.members[pages.classes[c].first + i];
                group[all++] = c;
            }
        }
        for (i = 0; i < all; i++) { /* unlike in chains: naive closure */
            for (j = 0; j < i; j++) {
                if (lede_claims_alike(&posts[i]->claim, &posts[j]->claim) &&
                    posts[i]->claim.published.local.year ==
                        posts[j]->claim.published.local.year) {
                    assert_int_equal(group[i], group[j]);
                }
            }
        }
        for (c = 0; c < pages.class_count; c++) { /* and nothing else */
            uint32_t reached[FEW * 8] = {0}, more = 1, k;
            const lede_live_class *own = &pages.classes[c];

            reached[0] = 1;
            while (more != 0) {
                more = 0;
                for (i = 0; i < own->count; i++) {
                    const lede_claim *a = &pages.members[own->first + i]->claim;

                    for (k = 0; reached[i] != 0 && k < own->count; k++) {
                        const lede_claim *b =
                            &pages.members[own->first + k]->claim;

                        if (reached[k] == 0 && lede_claims_alike(a, b)) {
                            reached[k] = more = 1;
                        }
                    }
                }
            }
            for (i = 0; i < own->count; i++) {
                assert_int_equal(reached[i], 1);
            }
        }
    }
}

/* --- Very many texts of one key -------------------------------------------
 */

enum { TEXTS = 700, WORDS = 90 };

/* Words of a text: those of an earlier one with some changed, so that chains
 * come to be, or new ones; behind what all texts begin and end with. */
static void write_words(world_random *random, unsigned words[TEXTS][WORDS],
                        uint32_t number, uint32_t common)
{
    unsigned *own = words[number], i;
    bool is_edit = number > 0 && world_below(random, 3) == 0;
    uint32_t model = number == 0 ? 0 : world_below(random, number);
    uint32_t changes = 1 + world_below(random, 12);

    for (i = 0; i < WORDS; i++) {
        own[i] = i < common ? i
                 : is_edit  ? words[model][i]
                            : 1000 + world_below(random, 100000);
    }
    while (is_edit && changes-- > 0) {
        own[common + world_below(random, WORDS - common)] =
            1000 + world_below(random, 100000);
    }
}

static uint32_t root_of(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i) {
        i = parent[i] = parent[parent[i]];
    }
    return i;
}

/* The entries are the chains of likenesses between all pairs: short texts and
 * such as have only half a sketch, and texts that share most of it. */
static void test_pages__split_very_many_texts_as_all_pairs_say(void **state)
{
    static const uint32_t commons[] = {0, 12, 30, 38};
    static unsigned words[TEXTS][WORDS];
    static lede_version posts[TEXTS];
    static doc one;
    uint32_t round, i, j;

    (void)state;
    for (round = 0; round < 8; round++) {
        world_random random = {round + 1};
        uint32_t length = round % 3 == 0 ? WORDS : 65 + world_below(&random, 9);
        uint32_t parent[TEXTS], classes = 0;
        lede_live_document live;
        lede_pages pages;

        lede_arena_clear(&arena);
        for (i = 0; i < TEXTS; i++) {
            lede_buf body = {0};

            write_words(&random, words, i, commons[round % 4]);
            for (j = 0; j < (i % 7 == 0 ? length / 2 : length); j++) {
                lede_buf_put_format(&body, "w%u ", words[i][j]);
            }
            begin(&one, "url", 0);
            add(&one, "The same", 10,
                world_below(&random, 4) == 0 ? 2022 : 2023,
                lede_buf_text(&body));
            posts[i] = one.posts[0];
            parent[i] = i;
            lede_buf_done(&body);
        }
        for (i = 0; i < TEXTS; i++) {
            for (j = 0; j < i; j++) {
                if (posts[i].claim.published.local.year ==
                        posts[j].claim.published.local.year &&
                    lede_claims_alike(&posts[i].claim, &posts[j].claim)) {
                    parent[root_of(parent, i)] = root_of(parent, j);
                }
            }
        }
        live = one.live;
        live.posts = posts;
        live.post_count = TEXTS;
        assert_ok(lede_pages_settle(&live, 1, &arena, &pages, &err));
        for (i = 0; i < TEXTS; i++) {
            classes += root_of(parent, i) == i;
        }
        assert_int_equal(pages.class_count, classes);
        assert_in_range(classes, 10, TEXTS - 10);
        for (i = 0; i < pages.class_count; i++) {
            const lede_live_class *c = &pages.classes[i];
            uint32_t first = (uint32_t)(pages.members[c->first] - posts);

            for (j = 1; j < c->count; j++) {
                uint32_t at = (uint32_t)(pages.members[c->first + j] - posts);

                assert_int_equal(root_of(parent, at), root_of(parent, first));
            }
        }
    }
}

/* The nearest dated entry, looked for among all. */
static lede_when naive_year(const lede_version *posts, uint32_t count,
                            const lede_when *when)
{
    int64_t best_distance = LEDE_YEAR_REACH_DAYS * INT64_C(86400);
    const lede_when *best = NULL;
    uint32_t i;

    for (i = 0; i < count; i++) {
        const lede_when *anchor = &posts[i].claim.published;
        lede_when moved;
        int64_t d;

        if (anchor->instant == LEDE_INSTANT_NONE ||
            !lede_when_is_trusted(anchor)) {
            continue;
        }
        moved = lede_years_move(when, anchor->instant, anchor->year_source);
        if (moved.instant == LEDE_INSTANT_NONE) {
            continue;
        }
        d = moved.instant < anchor->instant ? anchor->instant - moved.instant
                                            : moved.instant - anchor->instant;
        if (d < best_distance || (d == best_distance && best != NULL &&
                                  anchor->instant < best->instant)) {
            best = anchor;
            best_distance = d;
        }
    }
    return best == NULL
               ? *when
               : lede_years_move(when, best->instant, best->year_source);
}

static void test_pages__take_the_year_of_the_nearest_post(void **state)
{
    enum { POSTS = 60 };
    static lede_version posts[POSTS];
    static const lede_version *members[POSTS];
    static lede_live_class classes[POSTS];
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 400; seed++) {
        world_random random = {seed};
        uint32_t years = 1 + world_below(&random, 12), i;
        lede_pages pages = {.classes = classes,
                            .class_count = POSTS,
                            .members = members,
                            .member_count = POSTS};

        lede_arena_clear(&arena);
        for (i = 0; i < POSTS; i++) {
            lede_when *when = &posts[i].claim.published;

            *when = lede_when_none();
            when->precision = world_below(&random, 9) == 0
                                  ? LEDE_PRECISION_MONTH
                                  : LEDE_PRECISION_MINUTE;
            when->offset_min = (int16_t)(60 * world_below(&random, 3));
            when->local =
                (lede_civil){2000 + (int32_t)world_below(&random, years),
                             (uint8_t)(1 + world_below(&random, 12)),
                             (uint8_t)(1 + world_below(&random, 28)),
                             (uint8_t)world_below(&random, 24),
                             0,
                             0};
            if (world_below(&random, 10) == 0) {
                when->local.month = 2;
                when->local.day = 29;
            }
            if (world_below(&random, 3) == 0) {
                when->instant = lede_instant_from_civil(&when->local, 0);
                when->year_source = world_below(&random, 4) == 0
                                        ? LEDE_YEAR_WEEKDAY
                                        : LEDE_YEAR_PAGE;
            }
            members[i] = &posts[i];
            classes[i] =
                (lede_live_class){.first = i, .count = 1, .winner = &posts[i]};
        }
        assert_true(lede_years_fill(&pages, 0, POSTS, &arena));
        for (i = 0; i < POSTS; i++) {
            const lede_when *when = &posts[i].claim.published;
            lede_when wanted =
                lede_when_is_trusted(when) && when->instant != LEDE_INSTANT_NONE
                    ? *when
                    : naive_year(posts, POSTS, when);

            assert_true(classes[i].published.instant == wanted.instant);
            assert_int_equal(classes[i].published.year_source,
                             wanted.year_source);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages__are_told_by_shared_keys),
        cmocka_unit_test(test_pages__of_two_years_never_match),
        cmocka_unit_test(test_pages__hang_together),
        cmocka_unit_test(test_pages__know_edited_posts),
        cmocka_unit_test(test_pages__do_not_join_what_is_not_alike),
        cmocka_unit_test(test_pages__keep_apart_what_one_save_shows),
        cmocka_unit_test(test_pages__tell_a_key_apart_by_the_body),
        cmocka_unit_test(test_pages__choose_the_winner),
        cmocka_unit_test(test_pages__fill_in_years),
        cmocka_unit_test(test_pages__move_years_round_new_year),
        cmocka_unit_test(test_pages__do_not_depend_on_order),
        cmocka_unit_test(test_pages__are_those_of_all_pairs),
        cmocka_unit_test(test_pages__are_looked_up_as_each_is_compared),
        cmocka_unit_test(test_pages__split_a_key_as_all_pairs_say),
        cmocka_unit_test(test_pages__split_very_many_texts_as_all_pairs_say),
        cmocka_unit_test(test_pages__take_the_year_of_the_nearest_post),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
