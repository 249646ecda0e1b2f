/* The promises of query/snippet.h and query/marks.h: the passage shown. */
#include "tests/support/check.h"

#include "base/utf8.h"
#include "query/plan.h"
#include "query/snippet.h"

static lede_analyzer *analyzer;

typedef struct shown {
    lede_arena arena;
    lede_snippet snippet;
    lede_buf text; /* with marks in brackets */
} shown;

static void put_marked(const lede_snippet *snippet, lede_buf *out)
{
    uint32_t i;
    size_t at = 0;

    for (i = 0; i < snippet->mark_count; i++) {
        const lede_mark *mark = &snippet->marks[i];

        assert_true(mark->begin >= at && mark->begin < mark->end);
        assert_true(mark->end <= snippet->text.len);
        lede_buf_put(out, snippet->text.bytes + at, mark->begin - at);
        lede_buf_put_text(out, "[");
        lede_buf_put(out, snippet->text.bytes + mark->begin,
                     mark->end - mark->begin);
        lede_buf_put_text(out, "]");
        at = mark->end;
    }
    lede_buf_put_span(
        out, lede_span_part(snippet->text, at, snippet->text.len - at));
}

/* The passage of an entry with these paragraphs, a caption and a deck. */
static void show(const char *query, const char *const *paragraphs,
                 uint32_t count, const char *caption, const char *deck,
                 uint32_t about, shown *out)
{
    static const lede_plan_source source = {.languages =
                                                1u << LEDE_LANGUAGE_ENGLISH};
    lede_error err = {0};
    lede_notes notes = {0};
    lede_parse_options options = {.analyzer = analyzer};
    lede_parsed parsed;
    lede_plan plan;
    lede_spots spots = {0};
    lede_entry entry;
    lede_block blocks[8];
    lede_media media = {0};
    double weights[LEDE_TREE_MAX_LEAVES];
    lede_found *found;
    uint32_t found_count;
    uint32_t i;

    *out = (shown){0};
    lede_entry_init(&entry);
    for (i = 0; i < count; i++) {
        blocks[i] = (lede_block){LEDE_BLOCK_P, lede_span_text(paragraphs[i])};
    }
    for (i = 0; i < LEDE_TREE_MAX_LEAVES; i++) {
        weights[i] = 1;
    }
    entry.body = blocks;
    entry.block_count = count;
    media.caption = lede_span_text(caption);
    entry.media = &media;
    entry.media_count = 1;
    entry.deck = lede_span_text(deck);
    assert_ok(lede_query_parse(lede_span_text(query), &options, &out->arena,
                               &notes, &parsed, &err));
    assert_ok(lede_plan_make(&parsed, lede_span_text(query), &source, analyzer,
                             false, &out->arena, &notes, &plan, &err));
    assert_true(
        lede_spotter_find(lede_spotter_new(&plan.tree, analyzer, &out->arena),
                          &entry, LEDE_LANGUAGE_ENGLISH, true, &spots));
    assert_true(
        lede_marks_find(&plan.tree, &spots, &out->arena, &found, &found_count));
    assert_true(lede_snippet_make(&spots, found, found_count, weights,
                                  plan.tree.leaf_count, about, &out->arena,
                                  &out->snippet));
    put_marked(&out->snippet, &out->text);
    assert_int_equal(lede_utf8_valid_prefix(out->snippet.text),
                     out->snippet.text.len);
    lede_spots_done(&spots);
}

static void done(shown *s)
{
    lede_buf_done(&s->text);
    lede_arena_done(&s->arena);
}

static void check(const char *query, const char *paragraph, uint32_t about,
                  const char *wanted)
{
    shown s;

    show(query, &paragraph, 1, "", "", about, &s);
    assert_string_equal(lede_buf_text(&s.text), wanted);
    done(&s);
}

static void test_snippet__most_words_then_the_first(void **state)
{
    (void)state;
    check("red green",
          "Red apples here. Many other words stand between the two of them, "
          "and then red and green pears. And a green one.",
          60,
          "…two of them, and then [red] and [green] pears. And a [green] one.");
    check("apples", "Many apples here. Words without end. Apples again.", 30,
          "Many [apples] here. Words…");
}

static void test_snippet__phrases_only_where_they_stand(void **state)
{
    (void)state;
    check("\"old man\"", "A man, old. The old man. Old men.", 100,
          "A man, old. The [old man]. Old men.");
    check("\"o'brien said\" -man", "O’Brien said: a man. O Brien said.", 100,
          "[O’Brien said]: a man. [O Brien said].");
    check("cease-fire", "Cease fire! The cease-fire, a ceasefire, to cease.",
          100, "[Cease fire]! The [cease-fire], a [ceasefire], to cease.");
    check("=Old", "An old man. Old men.", 100, "An old man. [Old] men.");
}

static void test_snippet__other_fields_when_the_body_has_none(void **state)
{
    static const char *const body[] = {"Nothing here.", "Nor here."};
    shown s;

    (void)state;
    show("waves", body, 2, "High waves", "Deck of waves", 100, &s);
    assert_string_equal(lede_buf_text(&s.text), "High [waves]");
    done(&s);
    show("deck", body, 2, "High waves", "Deck of waves", 100, &s);
    assert_string_equal(lede_buf_text(&s.text), "[Deck] of waves");
    done(&s);
    show("absent", body, 2, "High waves", "Deck", 100, &s);
    assert_string_equal(lede_buf_text(&s.text), "Nothing here. Nor here.");
    done(&s);
    show("absent", body, 0, "", "", 100, &s);
    assert_string_equal(lede_buf_text(&s.text), "");
    done(&s);
}

static void test_snippet__paragraphs_become_one_text(void **state)
{
    static const char *const body[] = {"One red.", "Two\ngreen\tand\x1B[31m."};
    shown s;

    (void)state;
    show("red green", body, 2, "", "", 100, &s);
    assert_string_equal(lede_buf_text(&s.text),
                        "One [red]. Two [green] and [31m.");
    done(&s);
}

/* Whatever the length asked for: words stay whole, marks stay in place. */
static void test_snippet__any_length(void **state)
{
    static const char *const body[] = {
        "Überall standen Bäume. The mayor of Łódź said that red and green are "
        "colours; 東京で強い地震がありました。また来る。 And red again, "
        "averyveryveryveryveryveryveryveryverylongwordthatneverseemstoend "
        "red."};
    uint32_t about;

    (void)state;
    for (about = 1; about < 300; about++) {
        shown s;

        show("red 地震", body, 1, "", "", about, &s);
        assert_true(s.snippet.mark_count > 0);
        assert_true(s.snippet.text.len <= about + 6 + 16);
        done(&s);
    }
}

static void test_snippet__long_texts_are_cut_near_the_words(void **state)
{
    lede_buf body = {0};
    const char *paragraph;
    shown s;
    unsigned i;

    (void)state;
    for (i = 0; i < 5000; i++) {
        lede_buf_put_text(&body, i == 3000 ? "needle " : "hay straw ");
    }
    paragraph = lede_buf_text(&body);
    show("needle", &paragraph, 1, "", "", 60, &s);
    assert_true(s.snippet.text.len <= 66);
    assert_int_equal(s.snippet.mark_count, 1);
    assert_true(strstr(lede_buf_text(&s.text), " [needle] ") != NULL);
    assert_true(lede_span_starts(s.snippet.text, "…"));
    done(&s);
    lede_buf_done(&body);
}

static int set_up(void **state)
{
    (void)state;
    return lede_analyzer_new(&analyzer, NULL) == LEDE_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    lede_analyzer_free(analyzer);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snippet__most_words_then_the_first),
        cmocka_unit_test(test_snippet__phrases_only_where_they_stand),
        cmocka_unit_test(test_snippet__other_fields_when_the_body_has_none),
        cmocka_unit_test(test_snippet__paragraphs_become_one_text),
        cmocka_unit_test(test_snippet__any_length),
        cmocka_unit_test(test_snippet__long_texts_are_cut_near_the_words),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
