/* xapian_trees.c - see xapian_trees.h. */
#include "tests/support/check.h"

#include "tests/query/xapian_trees.h"

#include "base/entry_values.h"
#include "tests/query/random_period.h"

typedef struct making {
    world *w;
    lede_arena *arena;
    lede_leaf *leaves; /* TREE_LEAVES */
    uint32_t leaf_count;
} making;

static int by_bytes(const void *a, const void *b)
{
    return lede_span_compare(*(const lede_span *)a, *(const lede_span *)b);
}

static uint32_t unite(lede_span *spans, uint32_t count)
{
    uint32_t kept = 0, i;

    qsort(spans, count, sizeof *spans, by_bytes);
    for (i = 0; i < count; i++) {
        if (kept == 0 || !lede_span_equal(spans[kept - 1], spans[i])) {
            spans[kept++] = spans[i];
        }
    }
    return kept;
}

/* A pattern that fits the words of two leaves (one of which may be of a field,
 * or a pattern by itself). */
static void join_forms(making *m, lede_leaf *leaf, const lede_leaf *other)
{
    lede_span *terms = lede_arena_array(
        m->arena, leaf->term_count + other->term_count, sizeof *terms);
    lede_span *forms =
        lede_arena_array(m->arena, other->form_count + 2u, sizeof *forms);

    if (other->word.len == 0 || other->terms[0].len == 0 ||
        (other->terms[0].bytes[0] >= 'A' && other->terms[0].bytes[0] <= 'Z') !=
            (leaf->terms[0].bytes[0] >= 'A' &&
             leaf->terms[0].bytes[0] <= 'Z') ||
        other->terms[0].bytes[0] <= 'Z') {
        return; /* not of one field, or exact values */
    }
    memcpy(terms, leaf->terms, leaf->term_count * sizeof *terms);
    memcpy(terms + leaf->term_count, other->terms,
           other->term_count * sizeof *terms);
    leaf->terms = terms;
    leaf->term_count = unite(terms, leaf->term_count + other->term_count);
    forms[0] = leaf->word;
    forms[1] = other->word;
    leaf->form_count = 2;
    if (other->forms != NULL) {
        memcpy(forms + 1, other->forms, other->form_count * sizeof *forms);
        leaf->form_count = other->form_count + 1;
    }
    leaf->forms = forms;
    leaf->form_count = unite(forms, leaf->form_count);
}

/* A word in some form of the archive's, as the planner would ask for it. */
static uint32_t make_leaf(making *m, lede_case *letter_case)
{
    world *w = m->w;
    lede_leaf *leaf = &m->leaves[m->leaf_count];
    static const double boosts[] = {0, 0.05, 0.5, 2.5, 20};
    const char *typed = world_words[below(w, WORDS)];
    const char *prefix =
        below(w, 8) > 0 ? ""
                        : lede_field_prefix(
                              (lede_field)(LEDE_DEFAULT_FIELDS +
                                           below(w, LEDE_FIELD_COUNT -
                                                        LEDE_DEFAULT_FIELDS)));
    lede_tokenizer tokenizer;
    lede_token token;
    uint32_t skip = below(w, 3);
    unsigned language;

    if (m->leaf_count == 60) {
        return 0;
    }
    *leaf = (lede_leaf){.scores = below(w, 8) > 0, .boost = 1};
    if (below(w, 6) == 0) {
        leaf->boost = boosts[below(w, 5)];
    }
    lede_tokenizer_init(&tokenizer, w->analyzer, lede_span_text(typed));
    while (lede_tokenizer_next(&tokenizer, &token)) {
        leaf->word = lede_arena_copy(m->arena, token.word);
        *letter_case = token.letter_case;
        if (skip-- == 0) {
            break;
        }
    }
    leaf->typed = leaf->word;
    leaf->terms =
        lede_arena_array(m->arena, LEDE_LANGUAGE_COUNT, sizeof *leaf->terms);
    for (language = 0; language < LEDE_LANGUAGE_COUNT; language++) {
        lede_buf term = {0};
        uint32_t i;

        if ((w->languages >> language & 1) == 0) {
            continue;
        }
        lede_buf_put_text(&term, prefix);
        lede_buf_put_span(&term, lede_analyzer_stem(w->analyzer,
                                                    (lede_language)language,
                                                    leaf->word));
        for (i = 0; i < leaf->term_count &&
                    !lede_span_equal(leaf->terms[i], lede_buf_span(&term));
             i++) {
        }
        if (i == leaf->term_count) {
            leaf->terms[leaf->term_count++] =
                lede_arena_copy(m->arena, lede_buf_span(&term));
        }
        lede_buf_done(&term);
    }
    qsort(leaf->terms, leaf->term_count, sizeof *leaf->terms, by_bytes);
    if (m->leaf_count > 0 && below(w, 6) == 0) {
        join_forms(m, leaf, &m->leaves[below(w, m->leaf_count)]);
    }
    return m->leaf_count++;
}

/* A word of a name, as the planner would ask for it. */
static uint32_t make_name_leaf(making *m, const char *prefix,
                               lede_case *letter_case)
{
    world *w = m->w;
    lede_leaf *leaf = &m->leaves[m->leaf_count];
    lede_tokenizer tokenizer;
    lede_token token;
    uint32_t skip = below(w, 3);
    lede_buf term = {0};

    if (m->leaf_count == 60) {
        return 0;
    }
    *leaf = (lede_leaf){.scores = below(w, 4) > 0, .boost = 1};
    lede_tokenizer_init(&tokenizer, w->analyzer,
                        lede_span_text(world_words[below(w, WORDS)]));
    while (lede_tokenizer_next(&tokenizer, &token)) {
        leaf->word = lede_arena_copy(m->arena, token.word);
        *letter_case = token.letter_case;
        if (skip-- == 0) {
            break;
        }
    }
    lede_buf_put_text(&term, prefix);
    lede_buf_put_span(&term, leaf->word);
    leaf->terms = lede_arena_array(m->arena, 1, sizeof *leaf->terms);
    leaf->terms[0] = lede_arena_copy(m->arena, lede_buf_span(&term));
    leaf->term_count = 1;
    lede_buf_done(&term);
    return m->leaf_count++;
}

static const char *a_space_of_names(making *m)
{
    static const char *const prefixes[] = {LEDE_TERM_PERSON, LEDE_TERM_PLACE,
                                           LEDE_TERM_FROM};

    return prefixes[below(m->w, 3)];
}

/* Ids, some of them of what is around. */
static uint32_t make_id_leaf(making *m)
{
    static const char *const prefixes[] = {
        LEDE_TERM_PLACE_ID, LEDE_TERM_PLACE_INSIDE, LEDE_TERM_FROM_ID};
    world *w = m->w;
    lede_leaf *leaf = &m->leaves[m->leaf_count];
    uint32_t i;

    if (m->leaf_count == 60) {
        return 0;
    }
    *leaf = (lede_leaf){.scores = below(w, 2) == 0, .boost = 1};
    leaf->term_count = 1 + below(w, 3);
    leaf->terms =
        lede_arena_array(m->arena, leaf->term_count, sizeof *leaf->terms);
    for (i = 0; i < leaf->term_count; i++) {
        char term[16];

        snprintf(term, sizeof term, "%s%s", prefixes[below(w, 3)],
                 world_ids[below(w, IDS)]);
        leaf->terms[i] = lede_arena_copy(m->arena, lede_span_text(term));
    }
    leaf->term_count = unite(leaf->terms, leaf->term_count);
    leaf->word = leaf->terms[0];
    return m->leaf_count++;
}

static lede_constraint make_constraint(making *m, lede_case letter_case)
{
    world *w = m->w;
    lede_constraint c = {.fields = LEDE_ALL_FIELDS};

    if (below(w, 3) == 0) {
        c.exact = true;
        if (below(w, 2) == 0) {
            c.case_least = letter_case;
        }
    } else if (below(w, 10) == 0) {
        c.case_least = letter_case;
    }
    if (below(w, 4) == 0) {
        c.fields =
            (uint8_t)(below(w, 3) > 0 ? 1u << below(w, LEDE_DEFAULT_FIELDS)
                                      : below(w, LEDE_ALL_FIELDS + 1u));
        if (below(w, 3) == 0) { /* as what stands in for a name */
            c.fields = LEDE_ALL_FIELDS & ~(1u << LEDE_FIELD_AUTHOR);
            c.exact = true;
            c.case_least = LEDE_CASE_CAPITAL;
        }
    }
    return c;
}

static lede_node *new_node(making *m, lede_node_type type)
{
    lede_node *node = lede_arena_get(m->arena, sizeof *node);

    node->type = type;
    node->constraint.fields = LEDE_ALL_FIELDS;
    return node;
}

static lede_node *make_word(making *m, bool plain)
{
    lede_node *node = new_node(m, LEDE_NODE_WORD);
    lede_case letter_case = LEDE_CASE_LOWER;

    node->leaf = make_leaf(m, &letter_case);
    if (!plain) {
        node->constraint = make_constraint(m, letter_case);
    }
    return node;
}

/* The one of a name: a word, some words, or ids. */
static lede_node *make_name(making *m)
{
    world *w = m->w;
    lede_node *node = new_node(m, LEDE_NODE_WORD);
    const char *space = a_space_of_names(m);
    lede_case letter_case = LEDE_CASE_LOWER;
    uint32_t i;

    if (below(w, 4) == 0) {
        node->leaf = make_id_leaf(m);
        return node;
    }
    if (below(w, 2) == 0) {
        node->leaf = make_name_leaf(m, space, &letter_case);
        node->constraint.case_least =
            below(w, 4) == 0 ? letter_case : LEDE_CASE_LOWER;
        return node;
    }
    node->type = LEDE_NODE_PHRASE;
    node->slot_count = 1 + below(w, 3);
    node->slots =
        lede_arena_array(m->arena, node->slot_count, sizeof *node->slots);
    for (i = 0; i < node->slot_count; i++) {
        node->slots[i].leaf = make_name_leaf(m, space, &letter_case);
        node->slots[i].constraint = (lede_constraint){
            .fields = LEDE_ALL_FIELDS,
            .case_least = below(w, 8) == 0 ? letter_case : LEDE_CASE_LOWER};
    }
    return node;
}

static lede_node *make_phrase(making *m)
{
    world *w = m->w;
    lede_node *node = new_node(m, LEDE_NODE_PHRASE);
    bool exact = below(w, 2) == 0;
    uint8_t fields = LEDE_ALL_FIELDS;
    uint32_t i;

    if (below(w, 3) == 0) {
        fields = (uint8_t)(1u << below(w, LEDE_DEFAULT_FIELDS));
    }
    node->slot_count = 1 + below(w, 4);
    node->slots =
        lede_arena_array(m->arena, node->slot_count, sizeof *node->slots);
    for (i = 0; i < node->slot_count; i++) {
        lede_case letter_case = LEDE_CASE_LOWER;

        node->slots[i].leaf = make_leaf(m, &letter_case);
        node->slots[i].constraint =
            below(w, 10) == 0
                ? make_constraint(m, letter_case)
                : (lede_constraint){.exact = exact, .fields = fields};
    }
    return node;
}

/* An exact value of some entry: a kind, day, language, page, author, label,
 * printed date, whole name or id. */
static lede_span make_value(making *m)
{
    static const char *const fixed[] = {"XKarticle",
                                        "XKmessage",
                                        "XMD1114",
                                        "XMD1201",
                                        "XMD1231",
                                        "Len",
                                        "Lfr",
                                        "Lzh",
                                        "Lxx",
                                        "XPG0000000000000001",
                                        "XPG0000000000000003",
                                        "XPG0000000000000009",
                                        "XDP:2023-11",
                                        "XDP:2023-11-20",
                                        "XDP:1999",
                                        "NG1",
                                        "NB22",
                                        "NF333"};
    static const char *const prefixes[] = {
        LEDE_TERM_AUTHOR, LEDE_TERM_LABEL, LEDE_TERM_PERSON_WHOLE,
        LEDE_TERM_PERSON_SHORT, LEDE_TERM_PLACE_WHOLE};
    world *w = m->w;
    const lede_entry *entry = &w->entries[below(w, ENTRIES)];
    const char *prefix =
        prefixes[below(w, sizeof prefixes / sizeof prefixes[0])];
    lede_span value = {0}, kept;
    lede_buf term = {0};

    if (below(w, 2) == 0) {
        return lede_span_text(fixed[below(w, sizeof fixed / sizeof fixed[0])]);
    }
    if (strcmp(prefix, LEDE_TERM_LABEL) == 0) {
        value = entry->label_count > 0 ? entry->labels[0] : value;
    } else if (strcmp(prefix, LEDE_TERM_AUTHOR) == 0) {
        value = entry->author_count > 0 ? entry->authors[0].name : value;
    } else {
        return world_whole_name(w, prefix, m->arena);
    }
    lede_buf_put_text(&term, prefix);
    lede_buf_put_span(&term, value);
    kept = lede_arena_copy(m->arena, lede_buf_span(&term));
    lede_buf_done(&term);
    return kept;
}

static lede_node *make_term(making *m)
{
    lede_node *node = new_node(m, LEDE_NODE_TERM);
    lede_leaf *leaf = &m->leaves[m->leaf_count];
    uint32_t i;

    if (m->leaf_count == 60) {
        return new_node(m, LEDE_NODE_ALL);
    }
    *leaf = (lede_leaf){.boost = 1, .term_count = 1 + below(m->w, 3)};
    leaf->terms =
        lede_arena_array(m->arena, leaf->term_count, sizeof *leaf->terms);
    for (i = 0; i < leaf->term_count; i++) {
        leaf->terms[i] = make_value(m);
    }
    leaf->term_count = unite(leaf->terms, leaf->term_count);
    leaf->word = leaf->terms[0];
    node->leaf = m->leaf_count++;
    return node;
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Some entries, perhaps one twice, and one that there is not. */
static lede_node *make_entries(making *m)
{
    world *w = m->w;
    lede_node *node = new_node(m, LEDE_NODE_ENTRIES);
    uint32_t count = below(w, below(w, 4) == 0 ? 100 : 12), i;
    uint64_t *keys = lede_arena_array(m->arena, count + 1u, sizeof *keys);

    for (i = 0; i < count; i++) {
        keys[i] = below(w, 8) == 0 ? random_next(&w->state)
                                   : w->entries[below(w, ENTRIES)].key;
    }
    if (count > 1) {
        qsort(keys, count, sizeof *keys, compare_keys);
    }
    node->keys = keys;
    node->key_count = count;
    return node;
}

static lede_node *make_time(making *m)
{
    world *w = m->w;
    lede_node *node =
        new_node(m, below(w, 3) == 0 ? LEDE_NODE_UPDATED : LEDE_NODE_TIME);

    node->period = random_period(&w->state, EPOCH, 86400 / 4, 170);
    return node;
}

/* An operand of NEAR; sometimes one of two. */
static lede_node *make_operand(making *m, bool may_choose)
{
    lede_node *node;
    uint32_t i;

    if (!may_choose || below(m->w, 4) > 0) {
        return below(m->w, 4) == 0 ? make_phrase(m) : make_word(m, false);
    }
    node = new_node(m, LEDE_NODE_GROUP);
    node->child_count = 2;
    node->need = 1;
    node->children = lede_arena_array(m->arena, 2, sizeof *node->children);
    for (i = 0; i < 2; i++) {
        node->children[i] = make_operand(m, false);
    }
    return node;
}

static lede_node *make_near(making *m)
{
    static const uint32_t distances[] = {1, 3, 8, 9, 30};
    lede_node *node = new_node(m, LEDE_NODE_NEAR);
    uint32_t i;

    node->near.how = (lede_near_how)below(m->w, 5);
    node->near.gaps = below(m->w, 3) | below(m->w, 3) << 4 |
                      below(m->w, 2) << 8 | below(m->w, 2) << 12;
    node->near.distance = distances[below(m->w, 5)];
    node->child_count = 2 + below(m->w, 3);
    node->children =
        lede_arena_array(m->arena, node->child_count, sizeof *node->children);
    for (i = 0; i < node->child_count; i++) {
        node->children[i] = i > 0 && below(m->w, 4) == 0
                                ? node->children[below(m->w, i)]
                                : make_operand(m, true);
    }
    return node;
}

static lede_node *make_node(making *m, uint32_t depth);

static lede_node *make_group(making *m, uint32_t depth)
{
    world *w = m->w;
    lede_node *node = new_node(m, LEDE_NODE_GROUP);
    uint32_t kind = below(w, 6);
    bool plain = below(w, 2) == 0;
    uint32_t i;

    node->child_count =
        kind == 5 && below(w, 4) == 0 ? 8 + below(w, 12) : 1 + below(w, 4);
    node->children =
        lede_arena_array(m->arena, node->child_count, sizeof *node->children);
    for (i = 0; i < node->child_count; i++) {
        node->children[i] = plain ? make_word(m, true) : make_node(m, depth);
    }
    node->need = kind < 2   ? node->child_count
                 : kind < 4 ? 1
                            : 1 + below(w, node->child_count);
    return node;
}

static lede_node *make_node(making *m, uint32_t depth)
{
    lede_node *node;

    switch (below(m->w, depth == 0 ? 8 : 16)) {
    case 14:
    case 15:
        return make_name(m);
    case 0:
        return below(m->w, 2) == 0 ? make_near(m) : make_name(m);
    case 1:
    case 2:
        return make_word(m, false);
    case 3:
    case 4:
    case 5:
        return make_phrase(m);
    case 6:
        return below(m->w, 3) > 0 ? make_term(m) : make_entries(m);
    case 7:
        return below(m->w, 3) > 0
                   ? make_time(m)
                   : new_node(m, below(m->w, 2) == 0 ? LEDE_NODE_ALL
                                                     : LEDE_NODE_NONE);
    case 8:
    case 9:
        node = new_node(m, LEDE_NODE_NOT);
        node->child_count = 1;
        node->children = lede_arena_array(m->arena, 1, sizeof *node->children);
        node->children[0] = make_node(m, depth - 1);
        return node;
    default:
        return make_group(m, depth - 1);
    }
}

/* At least so many of very many words, as long questions are relaxed to; by
 * themselves, or with something else that is wanted. */
static lede_node *make_long(making *m)
{
    world *w = m->w;
    lede_node *node = new_node(m, LEDE_NODE_GROUP), *both;
    uint32_t count = 12 + below(w, 20), i;

    node->child_count = count;
    node->need = 2 + below(w, count - 2);
    node->children = lede_arena_array(m->arena, count, sizeof *node->children);
    for (i = 0; i < count; i++) {
        node->children[i] = i > 0 && below(w, 8) == 0
                                ? node->children[below(w, i)]
                            : below(w, 12) == 0 ? make_phrase(m)
                                                : make_word(m, true);
    }
    if (below(w, 2) == 0) {
        return node;
    }
    both = new_node(m, LEDE_NODE_GROUP);
    both->child_count = both->need = 2;
    both->children = lede_arena_array(m->arena, 2, sizeof *both->children);
    both->children[below(w, 2)] = node;
    both->children[both->children[0] == node] = make_node(m, 1);
    return both;
}

lede_tree random_xapian_tree(world *w, lede_arena *arena)
{
    making m = {.w = w, .arena = arena};
    uint32_t kind = below(w, 12);
    lede_tree tree = {0};

    m.leaves = lede_arena_array(arena, TREE_LEAVES, sizeof *m.leaves);
    tree.root = kind < 4    ? make_group(&m, 0)
                : kind == 4 ? make_long(&m)
                            : make_node(&m, 3);
    tree.leaves = m.leaves;
    tree.leaf_count = m.leaf_count;
    return tree;
}

/* --- Printing ------------------------------------------------------------- */

static void print_slot(const lede_tree *tree, uint32_t leaf,
                       const lede_constraint *c)
{
    const lede_leaf *l = &tree->leaves[leaf];

    fprintf(stderr, "%.*s:%.*s%s^%d@%02x ", (int)l->terms[0].len,
            (const char *)l->terms[0].bytes, (int)l->word.len,
            (const char *)l->word.bytes, c->exact ? "=" : "",
            (int)c->case_least, (unsigned)c->fields);
}

static void print_node(const lede_tree *tree, const lede_node *node)
{
    uint32_t i;

    fprintf(stderr, "%d(", (int)node->type);
    if (node->type == LEDE_NODE_WORD || node->type == LEDE_NODE_TERM) {
        print_slot(tree, node->leaf, &node->constraint);
    }
    if (node->type == LEDE_NODE_GROUP) {
        fprintf(stderr, "%u of ", node->need);
    }
    for (i = 0; i < node->slot_count; i++) {
        print_slot(tree, node->slots[i].leaf, &node->slots[i].constraint);
    }
    for (i = 0; i < node->child_count; i++) {
        print_node(tree, node->children[i]);
    }
    fputc(')', stderr);
}

void differ(world *w, const lede_tree *tree, int engine, const char *what)
{
    const lede_engine_calls *calls = w->engines[engine % ENGINES]->calls;

    for (uint32_t i = 0; calls->missing != NULL &&
                         i < calls->missing(w->engines[engine % ENGINES]);
         i++) {
        const char *name, *why;

        calls->missing_part(w->engines[engine % ENGINES], i, &name, &why);
        fprintf(stderr, "missing: %s: %s\n", name, why);
    }
    print_node(tree, tree->root);
    fputc('\n', stderr);
    fail_msg("engine %d: %s (LEDE_TEST_TREE=%s)", engine, what, w->at);
}
