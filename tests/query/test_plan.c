/* The promises of query/plan.h: which leaves and which tree a query becomes. */
#include "tests/support/check.h"

#include "query/plan.h"

typedef struct fixture {
    lede_analyzer *analyzer;
    lede_arena arena;
    lede_notes notes;
    lede_plan plan;
} fixture;

static fixture f;

/* An archive that writes cease fire apart, and O'Brien as one. */
static uint64_t count_entries(void *ctx, lede_span term)
{
    (void)ctx;
    return lede_span_is(term, "ceasefir") ? 2 : 5;
}

static const lede_plan_source english = {.languages = 1u
                                                      << LEDE_LANGUAGE_ENGLISH};

static const lede_tree *plan(const char *query, const lede_plan_source *source,
                             bool match_any)
{
    lede_error err = {0};
    lede_parse_options options = {.analyzer = f.analyzer};
    lede_parsed parsed;

    lede_arena_clear(&f.arena);
    f.notes.count = 0;
    assert_ok(lede_query_parse(lede_span_text(query), &options, &f.arena,
                               &f.notes, &parsed, &err));
    assert_ok(lede_plan_make(&parsed, lede_span_text(query), source, f.analyzer,
                             match_any, &f.arena, &f.notes, &f.plan, &err));
    return &f.plan.tree;
}

static void put_constraint(const lede_constraint *constraint, lede_buf *out)
{
    static const char *const cases[] = {"", "^", "^^"};

    lede_buf_put_text(out, constraint->exact ? "=" : "");
    lede_buf_put_text(out, cases[constraint->case_least]);
    if (constraint->fields != LEDE_ALL_FIELDS) {
        lede_buf_put_format(out, "%u:", constraint->fields);
    }
}

static void put_leaf(const lede_tree *tree, uint32_t leaf, lede_buf *out)
{
    uint32_t i;

    for (i = 0; i < tree->leaves[leaf].term_count; i++) {
        lede_buf_put_text(out, i > 0 ? "|" : "");
        lede_buf_put_span(out, tree->leaves[leaf].terms[i]);
    }
    lede_buf_put_text(out, !tree->leaves[leaf].scores    ? "~"
                           : tree->leaves[leaf].is_aside ? "'"
                                                         : "");
}

/* The tree in one line: &2(...) a group that needs two, [a b] a phrase, =a an
 * exact form, ~ behind a leaf that does not score, ' behind the other spelling
 * of a compound, which scores less. */
static void put_node(const lede_tree *tree, const lede_node *node,
                     lede_buf *out)
{
    uint32_t i;

    switch (node->type) {
    case LEDE_NODE_WORD:
        put_constraint(&node->constraint, out);
        put_leaf(tree, node->leaf, out);
        break;
    case LEDE_NODE_PHRASE:
        lede_buf_put_text(out, "[");
        for (i = 0; i < node->slot_count; i++) {
            lede_buf_put_text(out, i > 0 ? " " : "");
            put_constraint(&node->slots[i].constraint, out);
            put_leaf(tree, node->slots[i].leaf, out);
        }
        lede_buf_put_text(out, "]");
        break;
    case LEDE_NODE_NEAR:
        lede_buf_put_format(out, "%s/%u(",
                            (const char *const[]){"near", "adj", "slop", "same",
                                                  "gap"}[node->near.how],
                            node->near.distance + node->near.gaps);
        for (i = 0; i < node->child_count; i++) {
            lede_buf_put_text(out, i > 0 ? " " : "");
            put_node(tree, node->children[i], out);
        }
        lede_buf_put_text(out, ")");
        break;
    case LEDE_NODE_GROUP:
        lede_buf_put_format(out, "&%u(", node->need);
        for (i = 0; i < node->child_count; i++) {
            lede_buf_put_text(out, i > 0 ? " " : "");
            put_node(tree, node->children[i], out);
        }
        lede_buf_put_text(out, ")");
        break;
    case LEDE_NODE_NOT:
        lede_buf_put_text(out, "-");
        put_node(tree, node->children[0], out);
        break;
    case LEDE_NODE_TIME:
        lede_buf_put_text(out, "time");
        break;
    case LEDE_NODE_UPDATED:
        lede_buf_put_text(out, "updated");
        break;
    case LEDE_NODE_TERM:
        put_leaf(tree, node->leaf, out);
        break;
    case LEDE_NODE_ENTRIES:
        lede_buf_put_format(out, "entries%u", node->key_count);
        break;
    case LEDE_NODE_ALL:
        lede_buf_put_text(out, "all");
        break;
    case LEDE_NODE_NONE:
        lede_buf_put_text(out, "none");
        break;
    }
}

static void check_tree(const lede_tree *tree, const char *query,
                       const char *wanted)
{
    lede_buf out = {0};

    put_node(tree, tree->root, &out);
    if (!lede_span_is(lede_buf_span(&out), wanted)) {
        print_error("%s\n  is planned %s\n  and not    %s\n", query,
                    lede_buf_text(&out), wanted);
        fail();
    }
    lede_buf_done(&out);
}

static void test_plan__trees(void **state)
{
    static const char *const table[][2] = {
        {"", "all"},
        {"*", "all"},
        {"?!", "none"},
        {"storms", "storm"},
        {"storms flooding", "&2(storm flood)"},
        {"a OR b", "&1(a b)"},
        {"\"the storms\"", "[=the =storm]"},
        {"=storms", "=storm"},
        {"=US", "=^^us"},
        {"=\"Prime Minister\"", "[=^prime =^minist]"},
        {"Starmer's", "starmer"},
        {"-storms", "&2(-storm~ all)"},
        {"a -b", "&2(a -b~)"},
        {"-(a b)", "&2(-&2(a~ b~) all)"},
        {"headline:storm", "1:storm"},
        {"caption:\"big storms\"", "[=16:big =16:storm]"},
        {"role:editors", "XReditor"},
        {"kind:article", "XKarticle~"},
        {"storm date:2025", "&2(storm time)"},
        {"storm date:02-17", "&2(storm XMD0217~)"},
        {"* -a", "&2(all -a~)"},
        {"cease-fire", "&1(ceasefir [ceas' fire'])"},
        {"O'Brien", "&1(obrien [o' brien'])"},
        {"AC/DC", "[ac dc]"},
        {"Paris,London", "&2(pari london)"},
        {"日本語", "[日本 本語]"},
        {"\"the cease-fire talks\"",
         "&1([=the =ceasefir =talk] [=the =ceas' =fire' =talk])"},
        {"storm storm", "storm"},
        {"1,000", "1000"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_tree(plan(table[i][0], &english, false), table[i][0],
                   table[i][1]);
    }
}

static void test_plan__days_are_one_leaf_of_sorted_terms(void **state)
{
    const lede_leaf *leaf;
    uint32_t i;

    (void)state;
    check_tree(plan("date:12-31..01-01", &english, false), "over New Year",
               "XMD0101|XMD1231~");
    check_tree(plan("date:02-28..03-01", &english, false), "a leap day",
               "XMD0228|XMD0229|XMD0301~");
    leaf = &plan("date:02-17..02-16", &english, false)->leaves[0];
    assert_int_equal(leaf->term_count, 366);
    for (i = 1; i < leaf->term_count; i++) {
        assert_true(lede_span_compare(leaf->terms[i - 1], leaf->terms[i]) < 0);
    }
    assert_true(f.plan.tree.has_time);
}

static void test_plan__a_star_in_a_phrase_is_a_word(void **state)
{
    static const char *const table[][2] = {
        {"\"war * peace\"", "gap/1(=war =peac)"},
        {"\"on the * of * * war\"", "gap/33([=on =the] =of =war)"},
        {"\"cease-fire * now\"", "gap/1(&1(=ceasefir [=ceas' =fire']) =now)"},
        {"\"* war peace *\"", "[=war =peac]"},
        {"\"war * peace\"~2", "slop/2(=war =peac)"},
        {"label:\"war * peace\"", "gap/1(=XLwar =XLpeac)"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_tree(plan(table[i][0], &english, false), table[i][0],
                   table[i][1]);
    }
}

static void test_plan__a_language_is_all_its_codes(void **state)
{
    static const char *const table[][2] = {
        {"lang:en", "Len|Leng~"},
        {"lang:ger", "Lde|Ldeu|Lger~"},
        {"lang:DE-at", "Lde|Ldeu|Lger~"},
        {"lang:no", "Lnb|Lnn|Lnno|Lno|Lnob|Lnor~"},
        {"lang:nb", "Lnb|Lnob~"},
        {"lang:nno", "Lnn|Lnno~"},
        {"lang:pl", "Lpl~"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_tree(plan(table[i][0], &english, false), table[i][0],
                   table[i][1]);
    }
}

/* A hundred entries in French, of which most have "par", few in others. */
static uint64_t count_french(void *ctx, lede_span term)
{
    (void)ctx;
    return lede_span_is(term, "par")   ? 90
           : lede_span_is(term, "Lfr") ? 100
           : lede_span_is(term, "Lpt") ? 3
                                       : 1;
}

static void test_plan__other_words_of_other_languages_stay_out(void **state)
{
    static const char *const table[][2] = {
        {"paris", "&1(pari|paris &2(par Lpor|Lpt~))"},
        {"paris rues", "&2(&1(pari|paris &2(par Lpor|Lpt~)) ru|rue|rues)"},
        {"=Paris", "&1(=^pari|paris &2(=^par Lpor|Lpt~))"},
        {"headline:paris -paris",
         "&2(&1(1:pari|paris &2(1:par Lpor|Lpt~)) -&1(pari|paris &2(par "
         "Lpor|Lpt~)))"},
        {"paris \"paris rue\"",
         "&2(&1(pari|paris &2(par Lpor|Lpt~)) [=par|pari|paris =ru|rue])"},
        {"paris NEAR rue", "near/10(par|pari|paris ru|rue)"},
        {"par", "par"},
    };
    lede_plan_source source = english;
    size_t i;

    (void)state;
    source.entry_count = count_french;
    source.languages |= 1u << 9 | 1u << 20; /* French, Portuguese */
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_tree(plan(table[i][0], &source, false), table[i][0], table[i][1]);
    }
}

static void test_plan__compounds_score_as_the_archive_writes_them(void **state)
{
    lede_plan_source source = english;

    (void)state;
    source.entry_count = count_entries;
    check_tree(plan("cease-fire O'Brien", &source, false), "cease-fire",
               "&2(&1(ceasefir' [ceas fire]) &1(obrien [o' brien']))");
}

static void test_plan__a_word_is_its_stems_in_all_languages(void **state)
{
    lede_plan_source source = english;

    (void)state;
    source.languages |= 1u << LEDE_LANGUAGE_NONE | 1u << 10; /* German */
    check_tree(plan("storms", &source, false), "storms", "storm|storms");
    check_tree(plan("role:storms", &source, false), "role:storms",
               "XRstorm|XRstorms");
    source.languages = 0;
    check_tree(plan("storms", &source, false), "storms", "storms");
}

static void test_plan__relaxing_drops_plain_words_only(void **state)
{
    lede_error err = {0};

    (void)state;
    plan("a \"b c\" d -e headline:f g", &english, false);
    assert_int_equal(f.plan.plain_count, 3);
    assert_span(f.plan.plain[1].typed, "d");
    assert_int_equal(f.plan.plain[1].column, 8);
    check_tree(&f.plan.tree, "all", "&6(a d g [=b =c] -e~ 1:f)");
    assert_ok(lede_plan_require(&f.plan, 2, &f.arena, &err));
    check_tree(&f.plan.tree, "two", "&4(&2(a d g) [=b =c] -e~ 1:f)");
    check_tree(plan("a \"b c\" d", &english, true), "any",
               "&2(&1(a d) [=b =c])");
    check_tree(plan("a b", &english, true), "any", "&1(a b)");
    plan("a b OR c", &english, false);
    assert_int_equal(f.plan.plain_count, 0);
}

static void test_plan__a_word_typed_twice_weighs_more(void **state)
{
    const lede_tree *tree = plan("storm Storms coast", &english, false);

    (void)state;
    assert_int_equal(f.plan.plain_count, 3); /* other words, one term */
    tree = plan("storm coast storm", &english, false);
    assert_int_equal(f.plan.plain_count, 2);
    assert_true(tree->leaves[0].boost > 1.33 && tree->leaves[0].boost < 1.34);
    assert_true(tree->leaves[1].boost == 1);
}

static void test_plan__leaves_know_where_they_were_typed(void **state)
{
    const lede_tree *tree = plan("big headline:Storms", &english, false);

    (void)state;
    assert_int_equal(tree->leaf_count, 2);
    assert_span(tree->leaves[1].typed, "Storms");
    assert_int_equal(tree->leaves[1].column, 13);
    assert_span(tree->leaves[1].word, "storms");
}

static uint32_t depth_of(const lede_node *node)
{
    uint32_t deepest = 0;
    uint32_t i;

    for (i = 0; i < node->child_count; i++) {
        uint32_t depth = depth_of(node->children[i]);

        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

static void test_plan__keeps_the_trees_bounds(void **state)
{
    lede_buf query = {0};
    unsigned i;

    (void)state;
    for (i = 0; i < 1000; i++) {
        lede_buf_put_format(&query, "w%u-x%u ", i, i);
    }
    plan(lede_buf_text(&query), &english, false);
    assert_true(f.plan.tree.leaf_count <= LEDE_TREE_MAX_LEAVES);
    assert_true(f.notes.count > 0);
    lede_buf_clear(&query);
    for (i = 0; i < 1000; i++) {
        lede_buf_put_text(&query, "(a OR (b -(");
    }
    lede_buf_put_text(&query, "x-y");
    plan(lede_buf_text(&query), &english, false);
    assert_true(depth_of(f.plan.tree.root) <= LEDE_TREE_MAX_DEPTH);
    lede_buf_clear(&query);
    lede_buf_put_text(&query, "\"");
    for (i = 0; i < 300; i++) {
        lede_buf_put_format(&query, "w%u ", i);
    }
    lede_buf_put_text(&query, "\"");
    plan(lede_buf_text(&query), &english, false);
    assert_int_equal(f.plan.tree.root->slot_count, LEDE_TREE_MAX_LEAVES);
    lede_buf_done(&query);
}

/* Side by side the same is asked once; the ranking knows how often a plain word
 * was typed. */
static void test_plan__what_is_asked_twice_costs_nothing(void **state)
{
    static const char *const table[][2] = {
        {"a OR b OR a", "&1(a b)"},
        {"a OR =a OR a OR headline:a", "&1(a =a 1:a)"},
        {"-a b -a", "&2(b -a~)"},
        {"\"a b\" c \"a b\"", "&2(c [=a =b])"},
        {"(a b) OR c OR (a b)", "&1(&2(a b) c)"},
        {"(a b) OR (b a)", "&1(&2(a b) &2(b a))"},
        {"(cease-fire OR a) OR cease-fire", "&1(&1(ceasefir [ceas' fire']) a)"},
        {"kind:article OR kind:article", "XKarticle~"},
        {"kind:article -kind:article", "&2(XKarticle~ -XKarticle~)"},
        {"date:02-17 OR date:02-18 OR date:02-17", "&1(XMD0217~ XMD0218~)"},
        {"date:2024 OR date:2025 OR date:2024", "&1(time time)"},
        {"(a OR a) b", "&2(b a)"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_tree(plan(table[i][0], &english, false), table[i][0],
                   table[i][1]);
    }
}

/* Long queries of the same few words are no larger than short ones, and what is
 * too much is told in one note. */
static void test_plan__long_queries_have_small_trees(void **state)
{
    static const struct {
        const char *unit, *tree;
    } table[] = {
        {"a OR ", "&1(a b)"},
        {"kind:article OR ", "&1(XKarticle~ b)"},
        {"date:02-17..03-01 OR ", NULL},
        {"(a b c) OR ", "&1(&3(a b c) b)"},
        {"cease-fire OR ", "&1(&1(ceasefir [ceas' fire']) b)"},
        {"-a -\"x y\" ", "&3(b -a~ -[=x~ =y~])"},
    };
    lede_buf query = {0};
    unsigned i;
    unsigned n;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        lede_buf_clear(&query);
        for (n = 0; n < 3000; n++) {
            lede_buf_put_text(&query, table[i].unit);
        }
        lede_buf_put_text(&query, "b");
        plan(lede_buf_text(&query), &english, false);
        assert_int_equal(f.notes.count, 0);
        if (table[i].tree != NULL) {
            check_tree(&f.plan.tree, table[i].unit, table[i].tree);
        }
    }
    lede_buf_clear(&query);
    for (n = 0; n < 6000; n++) { /* all different, of a few words */
        lede_buf_put_format(&query, "\"%c %c %c %c %c\" OR ", 'a' + n % 10,
                            'a' + n / 10 % 10, 'a' + n / 100 % 10,
                            'a' + n / 1000, 'x');
    }
    lede_buf_put_text(&query, "b");
    plan(lede_buf_text(&query), &english, false);
    assert_int_equal(f.notes.count, 1);
    assert_true(f.plan.tree.root->child_count > 500);
    assert_true(f.plan.tree.root->child_count <
                (uint32_t)LEDE_TREE_MAX_SIZE / 5);
    lede_buf_done(&query);
}

static int set_up(void **state)
{
    (void)state;
    return lede_analyzer_new(&f.analyzer, NULL) == LEDE_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    lede_analyzer_free(f.analyzer);
    lede_arena_done(&f.arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan__trees),
        cmocka_unit_test(test_plan__days_are_one_leaf_of_sorted_terms),
        cmocka_unit_test(test_plan__compounds_score_as_the_archive_writes_them),
        cmocka_unit_test(test_plan__a_star_in_a_phrase_is_a_word),
        cmocka_unit_test(test_plan__a_language_is_all_its_codes),
        cmocka_unit_test(test_plan__other_words_of_other_languages_stay_out),
        cmocka_unit_test(test_plan__a_word_is_its_stems_in_all_languages),
        cmocka_unit_test(test_plan__relaxing_drops_plain_words_only),
        cmocka_unit_test(test_plan__a_word_typed_twice_weighs_more),
        cmocka_unit_test(test_plan__leaves_know_where_they_were_typed),
        cmocka_unit_test(test_plan__keeps_the_trees_bounds),
        cmocka_unit_test(test_plan__what_is_asked_twice_costs_nothing),
        cmocka_unit_test(test_plan__long_queries_have_small_trees),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
