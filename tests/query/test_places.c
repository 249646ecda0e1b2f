/* test_places.c - places from the index are those of the entry itself, walked
 * word by word. */
#include "tests/support/check.h"
#include "tests/support/small_archive.h"

#include <stdlib.h>

#include "query/places.h"
#include "query/spots.h"

enum { ENTRIES = 120, PARAGRAPHS = 4, TEXT_BYTES = 400, LEAVES = 7 };

static const char *const words[] = {
    "storm",  "Storm",   "STORM",     "storms", "O'Brien",    "OBrien",
    "obrien", "Erdoğan", "Erdogan",   "sea",    "cease-fire", "ceasefire",
    "fire",   "U.S.",    "us",        "the",    "and",        "naïve",
    "naive",  "x-ray",   "vice-chef", "manger", "mangeons",   "Élysée"};
static const char *const leaf_words[LEAVES][2] = {
    {"storm", "storm"},  {"obrien", "obrien"}, {"ceasefir", "ceasefire"},
    {"us", "us"},        {"fire", "fire"},     {"erdogan", "erdogan"},
    {"mang", "mangeons"}};

static uint64_t random_state;

static uint32_t chance(uint32_t limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % limit);
}

typedef struct story {
    char texts[PARAGRAPHS + 2][TEXT_BYTES];
    lede_block body[PARAGRAPHS];
    lede_media media;
} story;

static lede_span make_text(char *out, uint32_t most)
{
    uint32_t count = chance(most + 1);
    size_t len = 0;

    out[0] = 0;
    while (count-- > 0 && len < TEXT_BYTES - 40) {
        len += (size_t)snprintf(out + len, TEXT_BYTES - len, "%s%s ",
                                words[chance(sizeof words / sizeof *words)],
                                chance(9) == 0 ? "," : "");
    }
    return lede_span_of((const uint8_t *)out, len);
}

static void make_entry(story *s, uint32_t number, lede_entry *out)
{
    lede_entry_init(out);
    out->key = number + 1;
    out->published.instant = (int64_t)chance(50) * 1000;
    out->published.precision = LEDE_PRECISION_MINUTE;
    out->published.year_source = LEDE_YEAR_EXPLICIT;
    out->lang = lede_span_text(chance(3) == 0 ? "fr" : "en");
    out->headline = make_text(s->texts[0], 5);
    out->body = s->body;
    out->block_count = chance(PARAGRAPHS + 1);
    for (uint32_t i = 0; i < out->block_count; i++) {
        s->body[i] = (lede_block){LEDE_BLOCK_P, make_text(s->texts[i + 1], 40)};
    }
    s->media = (lede_media){.type = LEDE_MEDIA_IMAGE};
    s->media.caption = make_text(s->texts[PARAGRAPHS + 1], 6);
    out->media = &s->media;
    out->media_count = chance(2);
}

typedef struct comparison {
    const lede_snapshot *snapshot;
    const lede_match_hit *hits;
    const lede_entry *entries;
    lede_spotter *spotter;
    uint32_t seen, places;
} comparison;

static int compare_spots(const void *left, const void *right)
{
    const lede_spot *a = left;
    const lede_spot *b = right;

    if (a->position != b->position) {
        return a->position < b->position ? -1 : 1;
    }
    if (a->width != b->width) {
        return a->width > b->width ? -1 : 1;
    }
    return (a->leaf > b->leaf) - (a->leaf < b->leaf);
}

static bool is_marked(const lede_spots *spots, const lede_spot *spot)
{
    const uint8_t *text = spots->sections[spot->section].text.bytes;

    for (size_t i = spot->begin; i < spot->end; i++) {
        bool letter = (text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z';

        if (!letter && !(text[i] >= '0' && text[i] <= '9')) {
            return true;
        }
    }
    return false;
}

static void compare(void *ctx, uint32_t hit, const lede_places *places)
{
    comparison *c = ctx;
    lede_column keys;
    const lede_entry *entry;
    lede_spots spots = {0};
    lede_error err = {0};
    uint32_t headline = 0;

    assert_ok(lede_segment_column(
        lede_snapshot_segment(c->snapshot, c->hits[hit].segment),
        LEDE_COLUMN_KEY, &keys, &err));
    entry = &c->entries[lede_column_get(&keys, c->hits[hit].entry) - 1];
    assert_true(lede_spotter_find(
        c->spotter, entry, lede_language_of(entry->lang, LEDE_LANGUAGE_ENGLISH),
        false, &spots));
    if (spots.count > 0) {
        qsort(spots.items, spots.count, sizeof *spots.items, compare_spots);
    }
    assert_int_equal(places->count, spots.count);
    for (uint32_t i = 0; i < spots.count; i++) {
        const lede_spot *spot = &spots.items[i];
        const lede_place *place = &places->items[i];

        assert_int_equal(place->leaf, spot->leaf);
        assert_int_equal(place->position, spot->position);
        assert_int_equal(place->width, spot->width);
        assert_int_equal(place->letter_case, spot->letter_case);
        assert_int_equal(place->is_exact, spot->is_exact);
        assert_int_equal(place->marks != 0, is_marked(&spots, spot));
        assert_int_equal(place->field, spots.sections[spot->section].field);
    }
    if (spots.section_count > 0 &&
        spots.sections[0].field == LEDE_FIELD_HEADLINE) {
        headline = spots.sections[0].end;
    }
    assert_int_equal(places->headline_positions, headline);
    c->seen++;
    c->places += places->count;
    lede_spots_done(&spots);
}

static void check_archive(uint32_t per_segment)
{
    static story stories[ENTRIES];
    static lede_entry entries[ENTRIES];
    static lede_match_hit hits[ENTRIES];
    static lede_leaf leaves[LEAVES];
    lede_span terms[LEAVES];
    lede_node root = {.type = LEDE_NODE_ALL};
    lede_tree tree = {.root = &root, .leaves = leaves, .leaf_count = LEAVES};
    bool wanted[LEAVES];
    comparison c = {.hits = hits, .entries = entries};
    lede_arena arena = {0};
    lede_analyzer *analyzer;
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_lookup *lookup;
    char directory[256];
    lede_error err = {0};
    uint32_t count = 0;

    for (uint32_t i = 0; i < ENTRIES; i++) {
        make_entry(&stories[i], i, &entries[i]);
    }
    for (uint32_t i = 0; i < LEAVES; i++) {
        terms[i] = lede_span_text(leaf_words[i][0]);
        leaves[i].word = leaves[i].typed = lede_span_text(leaf_words[i][1]);
        leaves[i].terms = &terms[i];
        leaves[i].term_count = 1;
        wanted[i] = true;
    }
    assert_ok(lede_analyzer_new(&analyzer, &err));
    assert_ok(small_archive_make(entries, ENTRIES, per_segment, 0, directory,
                                 &archive, &err));
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    for (uint32_t s = 0; s < lede_snapshot_segment_count(snapshot); s++) {
        uint32_t n = lede_segment_entries(lede_snapshot_segment(snapshot, s));

        for (uint32_t e = 0; e < n; e++) {
            hits[count++] = (lede_match_hit){.segment = s, .entry = e};
        }
    }
    assert_int_equal(count, ENTRIES);
    for (uint32_t i = count - 1; i > 0; i--) {
        uint32_t other = chance(i + 1);
        lede_match_hit swap = hits[i];

        hits[i] = hits[other];
        hits[other] = swap;
    }
    c.snapshot = snapshot;
    c.spotter = lede_spotter_new(&tree, analyzer, &arena);
    assert_non_null(c.spotter);
    assert_ok(lede_lookup_new(snapshot, &tree, &lookup, &err));
    assert_ok(lede_places_find(lookup, wanted, hits, count, compare, &c, &err));
    assert_int_equal(c.seen, ENTRIES);
    assert_true(c.places > 100);
    lede_lookup_free(lookup);
    lede_snapshot_close(snapshot);
    small_archive_remove(archive, directory);
    lede_analyzer_free(analyzer);
    lede_arena_done(&arena);
}

static void test_places__are_those_of_the_entry(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 6; i++) {
        random_state = i;
        check_archive(i % 3 == 0 ? 0 : i * 11);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places__are_those_of_the_entry),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
