#include "indexer/claims.h"

#include "base/varint.h"
#include "tests/indexer/world.h"
#include "tests/support/check.h"

enum { CLAIMS = 300, DOCUMENTS = 3 };

static lede_error err;

static lede_span hashes(lede_arena *arena, world_random *random, uint32_t count)
{
    uint8_t *bytes = lede_arena_get(arena, count * 4 + 1);
    uint32_t i, value = 0;

    for (i = 0; i < count; i++) {
        value += 1 + world_below(random, 1000);
        lede_store_u32(bytes + 4 * i, value);
    }
    return lede_span_of(bytes, count * 4);
}

static lede_claim random_claim(lede_arena *arena, world_random *random)
{
    lede_claim c = {.raw = world_below(random, 200) + 1,
                    .digest = world_next(random),
                    .when_hash = (uint32_t)world_next(random),
                    .body_hash = (uint32_t)world_next(random),
                    .headline_hash = (uint32_t)world_next(random),
                    .body_bytes = world_below(random, 10000),
                    .kind = (lede_key_kind)world_below(random, 5),
                    .document = world_below(random, DOCUMENTS),
                    .line = world_below(random, 3),
                    .updated = LEDE_INSTANT_NONE,
                    .captured = LEDE_INSTANT_NONE,
                    .published = lede_when_none()};

    if (c.line == 0 && world_below(random, 2) == 0) {
        c.location = lede_span_text("#member/a.txt");
    }
    c.updated = world_below(random, 2) == 0 ? -5 : c.updated;
    c.captured = world_below(random, 2) == 0 ? 1700000000 : c.captured;
    c.is_kept = c.document == 2;
    c.is_post = c.document > 0;
    if (c.is_post) {
        c.published.instant = 1739795400;
        c.published.precision = LEDE_PRECISION_MINUTE;
        c.published.year_source = LEDE_YEAR_PAGE;
        c.published.local = (lede_civil){2025, 2, 17, 12, 30, 0};
        c.published.offset_min = -300;
        c.published.zone_guessed = world_below(random, 2) == 0;
        c.year_was_guessed = world_below(random, 2) == 0;
        c.headline = hashes(arena, random, world_below(random, 9));
        c.shingles = hashes(arena, random, world_below(random, 64));
    }
    return c;
}

static void assert_same_claim(const lede_claim *a, const lede_claim *b)
{
    assert_true(lede_claim_equal(a, b));
    assert_int_equal(a->body_hash, b->body_hash);
    assert_int_equal(a->headline_hash, b->headline_hash);
    assert_int_equal(a->body_bytes, b->body_bytes);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->document, b->document);
    assert_int_equal(a->is_post, b->is_post);
    assert_int_equal(a->is_kept, b->is_kept);
    assert_int_equal(a->year_was_guessed, b->year_was_guessed);
    assert_true(lede_span_equal(a->headline, b->headline));
    assert_true(lede_span_equal(a->shingles, b->shingles));
    assert_int_equal(a->published.instant, b->published.instant);
    assert_int_equal(a->published.offset_min, b->published.offset_min);
    assert_int_equal(a->published.local.year, b->published.local.year);
    assert_int_equal(a->published.zone_guessed, b->published.zone_guessed);
}

static void test_claims__come_back_as_they_were(void **state)
{
    lede_claim_document documents[DOCUMENTS] = {
        {.form = 1},
        {.form = 2, .is_live = true, .url_page_id = 77, .group = 5},
        {.form = 2, .is_live = true, .is_kept = true, .group = 5}};
    world_random random = {1};
    lede_claim *claims = calloc(CLAIMS, sizeof claims[0]), got;
    lede_claim_document document;
    lede_arena arena = {0};
    lede_buf block = {0};
    lede_claims view;
    uint64_t raw;
    uint32_t i;

    (void)state;
    for (i = 0; i < CLAIMS; i++) {
        claims[i] = random_claim(&arena, &random);
    }
    lede_claims_encode(documents, DOCUMENTS, claims, CLAIMS, &block);
    assert_ok(lede_claims_open(lede_buf_span(&block), &view, &err));
    assert_int_equal(view.claim_count, CLAIMS);
    for (i = 0; i < CLAIMS; i++) { /* encode has sorted them */
        assert_ok(lede_claims_get(&view, i, &got, &err));
        assert_same_claim(&got, &claims[i]);
        assert_true(i == 0 || claims[i].raw >= claims[i - 1].raw);
    }
    for (raw = 0; raw < 203; raw++) {
        i = lede_claims_find(&view, raw);
        assert_true(i == CLAIMS || lede_claims_raw(&view, i) >= raw);
        assert_true(i == 0 || lede_claims_raw(&view, i - 1) < raw);
    }
    assert_ok(lede_claims_document(&view, 1, &document, &err));
    assert_int_equal(document.url_page_id, 77);
    assert_true(document.is_live && !document.is_kept);
    assert_ok(lede_claims_document(&view, 2, &document, &err));
    assert_true(document.is_kept);
    assert_status(lede_claims_document(&view, 3, &document, &err),
                  LEDE_CORRUPT);
    assert_status(lede_claims_get(&view, CLAIMS, &got, &err), LEDE_CORRUPT);
    lede_buf_done(&block);
    lede_arena_done(&arena);
    free(claims);
}

/* A block whose bytes are whole, but whose dates nobody could have written. */
static void test_claims__have_dates_that_can_be(void **state)
{
    static const int64_t instants[] = {INT64_MAX, INT64_MIN + 1,
                                       LEDE_CLAIM_INSTANT_MAX + 1,
                                       LEDE_CLAIM_INSTANT_MAX};
    lede_claim_document documents[1] = {{.form = 1, .is_live = true}};
    size_t i, which;

    (void)state;
    for (i = 0; i < 4; i++) {
        for (which = 0; which < 3; which++) {
            lede_claim claim = {.raw = 1,
                                .kind = LEDE_KEY_POST,
                                .updated = LEDE_INSTANT_NONE,
                                .captured = LEDE_INSTANT_NONE,
                                .is_post = true,
                                .published = lede_when_none()};
            lede_claim got;
            lede_buf block = {0};
            lede_claims view;

            claim.updated = which == 0 ? instants[i] : claim.updated;
            claim.captured = which == 1 ? instants[i] : claim.captured;
            if (which == 2) {
                claim.published.instant = instants[i];
            }
            lede_claims_encode(documents, 1, &claim, 1, &block);
            assert_ok(lede_claims_open(lede_buf_span(&block), &view, &err));
            assert_status(lede_claims_get(&view, 0, &got, &err),
                          i < 3 ? LEDE_CORRUPT : LEDE_OK);
            lede_buf_done(&block);
        }
    }
}

static void test_claims__survive_damage(void **state)
{
    lede_claim_document documents[DOCUMENTS] = {{.form = 1}};
    world_random random = {2};
    lede_claim claims[20], got;
    lede_arena arena = {0};
    lede_buf block = {0};
    lede_claims view;
    unsigned round, i;

    (void)state;
    for (i = 0; i < 20; i++) {
        claims[i] = random_claim(&arena, &random);
    }
    lede_claims_encode(documents, DOCUMENTS, claims, 20, &block);
    for (round = 0; round < 20000; round++) {
        size_t len = block.len, at = world_below(&random, (uint32_t)block.len);
        uint8_t *copy;

        if (round % 3 == 0) {
            len = world_below(&random, (uint32_t)block.len);
        }
        copy = malloc(len + 1);
        assert_non_null(copy);
        memcpy(copy, block.bytes, len);
        if (at < len) {
            copy[at] = (uint8_t)world_next(&random);
        }
        if (lede_claims_open(lede_span_of(copy, len), &view, &err) == LEDE_OK) {
            for (i = 0; i < view.claim_count; i++) {
                (void)lede_claims_get(&view, i, &got, &err);
            }
            (void)lede_claims_find(&view, 100);
        }
        free(copy);
    }
    lede_buf_done(&block);
    lede_arena_done(&arena);
}

static double plain_likeness(lede_span a, lede_span b)
{
    size_t i, j, both = 0;

    for (i = 0; i < a.len / 4; i++) {
        for (j = 0; j < b.len / 4; j++) {
            both += lede_load_u32(a.bytes + 4 * i) ==
                    lede_load_u32(b.bytes + 4 * j);
        }
    }
    return a.len + b.len == 0
               ? 0
               : (double)both / (double)(a.len / 4 + b.len / 4 - both);
}

static void test_claims__compare_whole_sketches_exactly(void **state)
{
    world_random random = {3};
    lede_arena arena = {0};
    unsigned round;

    (void)state;
    for (round = 0; round < 2000; round++) {
        lede_span a = hashes(&arena, &random, world_below(&random, 63));
        lede_span b = hashes(&arena, &random, world_below(&random, 63));
        double got = lede_sketch_likeness(a, b);
        double wanted = plain_likeness(a, b);

        assert_true(got - wanted < 1e-12 && wanted - got < 1e-12);
    }
    lede_arena_done(&arena);
}

/* Two texts of 400 words of which so many are the same. */
static void test_claims__estimate_long_texts(void **state)
{
    lede_identifier identifier = {0};
    lede_arena arena = {0};
    lede_page page = {.format = "test", .is_live = true};
    unsigned same;

    (void)state;
    page.captured = page.updated = lede_when_none();
    for (same = 0; same <= 400; same += 100) {
        lede_buf texts[2] = {{0}, {0}};
        lede_claim claims[2];
        unsigned t, i;
        double likeness, wanted = same / (800.0 - same);

        for (t = 0; t < 2; t++) {
            lede_entry entry;
            lede_block block = {LEDE_BLOCK_P, {NULL, 0}};
            lede_identity identity;

            for (i = 0; i < 400; i++) {
                lede_buf_put_format(&texts[t], "w%ux%u ", i,
                                    i < same ? 0 : t + 1);
            }
            block.text = lede_buf_span(&texts[t]);
            lede_entry_init(&entry);
            entry.kind = LEDE_KIND_LIVE_UPDATE;
            entry.body = &block;
            entry.block_count = 1;
            assert_ok(
                lede_identity_of(&identifier, &page, &entry, &identity, &err));
            assert_ok(lede_claim_of(&identifier, &identity, &page, &entry, "",
                                    true, &arena, &claims[t], &err));
        }
        likeness = lede_sketch_likeness(claims[0].shingles, claims[1].shingles);
        assert_true(likeness > wanted - 0.2 && likeness < wanted + 0.2);
        assert_true(same != 400 || likeness == 1);
        assert_true(same != 0 || likeness == 0);
        lede_buf_done(&texts[0]);
        lede_buf_done(&texts[1]);
    }
    lede_identifier_done(&identifier);
    lede_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_claims__come_back_as_they_were),
        cmocka_unit_test(test_claims__have_dates_that_can_be),
        cmocka_unit_test(test_claims__survive_damage),
        cmocka_unit_test(test_claims__compare_whole_sketches_exactly),
        cmocka_unit_test(test_claims__estimate_long_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
