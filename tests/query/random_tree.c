/* random_tree.c - queries of chance; see random_tree.h. */
#include "tests/query/random_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "tests/query/random_period.h"

typedef struct making {
    const random_archive_options *archive;
    uint64_t *state;
    lede_arena *arena;
    lede_leaf leaves[LEDE_TREE_MAX_LEAVES];
    uint32_t leaf_count;
} making;

static uint32_t below(making *maker, uint32_t limit)
{
    return random_below(maker->state, limit);
}

static lede_span text(making *maker, const char *prefix, uint32_t word,
                      const char *ending)
{
    char buffer[32];
    int len = snprintf(buffer, sizeof buffer, "%s%03u%s", prefix, word, ending);

    return lede_arena_copy(maker->arena, lede_span_of(buffer, (size_t)len));
}

static int by_bytes(const void *left, const void *right)
{
    return lede_span_compare(*(const lede_span *)left,
                             *(const lede_span *)right);
}

/* --- Leaves ----------------------------------------------------------------
 */

static void make_terms(making *maker, lede_leaf *leaf, uint32_t word)
{
    lede_span terms[4];
    uint32_t count = 0;

    if (below(maker, 3) > 0) {
        terms[count++] = text(maker, "w", word, "");
    }
    if (count == 0 || below(maker, 2) == 0) {
        terms[count++] = text(maker, "v", word, "");
    }
    if (below(maker, 10) == 0) {
        terms[count++] =
            text(maker, "w", (word + 1) % maker->archive->words, "");
    }
    if (below(maker, 20) == 0) {
        terms[count++] = text(maker, "zzz", word, "");
    }
    if (below(maker, 25) == 0) {
        count = 0;
        terms[count++] = text(maker, "XRw", word, "");
    }
    qsort(terms, count, sizeof *terms, by_bytes);
    leaf->terms = lede_arena_array(maker->arena, count, sizeof *leaf->terms);
    memcpy(leaf->terms, terms, count * sizeof *terms);
    leaf->term_count = count;
}

/* A pattern: several words, and all or some of the terms that they have. */
static void make_forms(making *maker, lede_leaf *leaf, uint32_t word)
{
    static const char *const endings[] = {"", "s", "x"};
    uint32_t count = 1 + below(maker, below(maker, 12) == 0 ? 24 : 6);
    uint32_t kept = 0;

    leaf->forms = lede_arena_array(maker->arena, count, sizeof *leaf->forms);
    leaf->terms =
        lede_arena_array(maker->arena, 2 * count, sizeof *leaf->terms);
    leaf->term_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t other = (word + i / 2) % maker->archive->words;

        leaf->forms[i] = text(maker, "w", other, endings[below(maker, 3)]);
        if (below(maker, 4) > 0) {
            leaf->terms[leaf->term_count++] = text(maker, "v", other, "");
        }
        leaf->terms[leaf->term_count++] = text(maker, "w", other, "");
    }
    leaf->form_count = count;
    qsort(leaf->forms, count, sizeof *leaf->forms, by_bytes);
    qsort(leaf->terms, leaf->term_count, sizeof *leaf->terms, by_bytes);
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        if (kept == 0 ||
            !lede_span_equal(leaf->terms[kept - 1], leaf->terms[i])) {
            leaf->terms[kept++] = leaf->terms[i];
        }
    }
    leaf->term_count = kept;
}

static uint32_t add_leaf(making *maker)
{
    static const double boosts[] = {1.0, 1.0, 1.0, 0.5, 2.0, 0.0, 1000.0};
    static const char *const endings[] = {"", "s", "x", "q"};
    uint32_t index = maker->leaf_count;
    lede_leaf *leaf = &maker->leaves[index];
    uint32_t word = below(maker, below(maker, maker->archive->words) + 1);

    /* Sometimes a leaf that there is already. */
    if (index >= LEDE_TREE_MAX_LEAVES - 1 ||
        (index > 0 && below(maker, 8) == 0)) {
        return below(maker, index);
    }
    make_terms(maker, leaf, word);
    leaf->word = text(maker, "w", word,
                      endings[below(maker, 9) == 0 ? 3 : below(maker, 3)]);
    leaf->typed = leaf->word;
    leaf->scores = below(maker, 6) != 0;
    leaf->boost = boosts[below(maker, below(maker, 2) == 0 ? 3 : 7)];
    if (leaf->terms[0].bytes[0] != 'X' && below(maker, 6) == 0) {
        make_forms(maker, leaf, word);
    }
    maker->leaf_count++;
    return index;
}

static lede_constraint make_constraint(making *maker)
{
    lede_constraint constraint = {.fields = LEDE_ALL_FIELDS};

    if (below(maker, 3) > 0) {
        return constraint;
    }
    constraint.exact = below(maker, 2) == 0;
    if (below(maker, 3) == 0) {
        constraint.case_least = (lede_case)below(maker, 3);
    }
    if (below(maker, 2) == 0) {
        constraint.fields = (uint8_t)below(maker, LEDE_ALL_FIELDS + 1);
    }
    return constraint;
}

/* --- Nodes -----------------------------------------------------------------
 */

static lede_node *new_node(making *maker, lede_node_type type)
{
    lede_node *node = lede_arena_get(maker->arena, sizeof *node);

    node->type = type;
    node->constraint.fields = LEDE_ALL_FIELDS;
    return node;
}

static lede_node *make_word(making *maker, bool constrained)
{
    lede_node *node = new_node(maker, LEDE_NODE_WORD);

    node->leaf = add_leaf(maker);
    if (constrained) {
        node->constraint = make_constraint(maker);
    }
    return node;
}

/* Gives a leaf all the terms in which its word can stand. */
static void make_whole(making *maker, lede_leaf *leaf)
{
    const uint8_t *figures = leaf->word.bytes + 1;
    uint32_t word = (figures[0] - '0') * 100u + (figures[1] - '0') * 10u +
                    (figures[2] - '0');

    leaf->terms = lede_arena_array(maker->arena, 2, sizeof *leaf->terms);
    leaf->terms[0] = text(maker, "v", word, "");
    leaf->terms[1] = text(maker, "w", word, "");
    leaf->term_count = 2;
    leaf->forms = NULL;
    leaf->form_count = 0;
    leaf->is_whole = true;
}

static void make_exact(making *maker, lede_slot *slot)
{
    lede_leaf *leaf = &maker->leaves[slot->leaf];

    if (leaf->word.len > 1) { /* not an exact value */
        make_whole(maker, leaf);
    }
    slot->constraint.exact = true;
}

static lede_node *make_phrase(making *maker)
{
    lede_node *node = new_node(maker, LEDE_NODE_PHRASE);
    bool is_exact = below(maker, 3) > 0;

    node->slot_count = 1 + below(maker, 3);
    node->slots =
        lede_arena_array(maker->arena, node->slot_count, sizeof *node->slots);
    for (uint32_t i = 0; i < node->slot_count; i++) {
        node->slots[i].leaf = add_leaf(maker);
        node->slots[i].constraint.fields = LEDE_ALL_FIELDS;
        if (below(maker, 4) == 0) {
            node->slots[i].constraint = make_constraint(maker);
        }
        if (is_exact) {
            make_exact(maker, &node->slots[i]);
        }
    }
    return node;
}

/* An operand of NEAR: a word, a phrase, or one of two or three of these. */
static lede_node *make_operand(making *maker, uint32_t depth)
{
    lede_node *node;

    if (depth == 0 || below(maker, 4) > 0) {
        return below(maker, 4) == 0 ? make_phrase(maker)
                                    : make_word(maker, true);
    }
    node = new_node(maker, LEDE_NODE_GROUP);
    node->child_count = 2 + below(maker, 2);
    node->need = 1;
    node->children =
        lede_arena_array(maker->arena, node->child_count, sizeof(lede_node *));
    for (uint32_t i = 0; i < node->child_count; i++) {
        node->children[i] = make_operand(maker, depth - 1);
    }
    return node;
}

static lede_node *make_near(making *maker)
{
    static const uint32_t distances[] = {1, 2, 3, 5, 8, 9, 12, 40};
    lede_node *node = new_node(maker, LEDE_NODE_NEAR);

    node->near.how = (lede_near_how)below(maker, 5);
    node->near.gaps = below(maker, 3) | below(maker, 3) << 4 |
                      below(maker, 2) << 8 | below(maker, 2) << 12;
    node->near.distance = distances[below(maker, 8)];
    node->child_count = 2 + below(maker, below(maker, 2) + 2);
    node->children =
        lede_arena_array(maker->arena, node->child_count, sizeof(lede_node *));
    for (uint32_t i = 0; i < node->child_count; i++) {
        /* Words come again, in the same chain. */
        node->children[i] = i > 0 && below(maker, 3) == 0
                                ? node->children[below(maker, i)]
                                : make_operand(maker, 2);
    }
    return node;
}

static lede_node *make_term(making *maker)
{
    lede_node *node = new_node(maker, LEDE_NODE_TERM);
    uint32_t index = maker->leaf_count;
    lede_leaf *leaf = &maker->leaves[index];

    if (index >= LEDE_TREE_MAX_LEAVES - 1) {
        return make_word(maker, false);
    }
    leaf->terms = lede_arena_array(maker->arena, 1, sizeof *leaf->terms);
    leaf->terms[0] =
        lede_span_text(below(maker, 2) == 0 ? "XKarticle" : "XKmessage");
    leaf->term_count = 1;
    leaf->scores = below(maker, 6) == 0;
    leaf->boost = 1.0;
    maker->leaf_count++;
    node->leaf = index;
    return node;
}

static lede_node *make_time(making *maker)
{
    lede_node *node = new_node(maker, below(maker, 3) == 0 ? LEDE_NODE_UPDATED
                                                           : LEDE_NODE_TIME);
    node->period = random_period(maker->state, RANDOM_ARCHIVE_EPOCH,
                                 RANDOM_ARCHIVE_STEP, maker->archive->times);
    return node;
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Some entries, perhaps twice, and some that there are not. */
static lede_node *make_entries(making *maker)
{
    lede_node *node = new_node(maker, LEDE_NODE_ENTRIES);
    uint32_t count = below(maker, 40);
    uint64_t *keys = lede_arena_array(maker->arena, count + 1u, sizeof *keys);

    for (uint32_t i = 0; i < count; i++) {
        keys[i] = random_archive_key(below(maker, maker->archive->segments),
                                     below(maker, maker->archive->entries + 2));
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    node->keys = keys;
    node->key_count = count;
    return node;
}

static lede_node *make_node(making *maker, uint32_t depth);

static lede_node *make_group(making *maker, uint32_t depth, bool plain)
{
    lede_node *node = new_node(maker, LEDE_NODE_GROUP);
    uint32_t kind = below(maker, 5);

    node->child_count = 1 + below(maker, 4);
    node->children =
        lede_arena_array(maker->arena, node->child_count, sizeof(lede_node *));
    for (uint32_t i = 0; i < node->child_count; i++) {
        node->children[i] = plain && below(maker, 8) > 0
                                ? make_word(maker, false)
                                : make_node(maker, depth);
    }
    node->need = kind < 2   ? node->child_count
                 : kind < 4 ? 1
                            : 1 + below(maker, node->child_count);
    return node;
}

static lede_node *make_not(making *maker, uint32_t depth)
{
    lede_node *node = new_node(maker, LEDE_NODE_NOT);

    node->child_count = 1;
    node->children = lede_arena_array(maker->arena, 1, sizeof(lede_node *));
    node->children[0] = make_node(maker, depth);
    return node;
}

static lede_node *make_node(making *maker, uint32_t depth)
{
    switch (below(maker, depth == 0 ? 7 : 14)) {
    case 0:
        return make_near(maker);
    case 1:
    case 2:
        return make_word(maker, true);
    case 3:
    case 4:
        return make_phrase(maker);
    case 5:
        return below(maker, 2) == 0 ? make_term(maker) : make_entries(maker);
    case 6:
        return below(maker, 4) > 0
                   ? make_time(maker)
                   : new_node(maker, below(maker, 2) == 0 ? LEDE_NODE_ALL
                                                          : LEDE_NODE_NONE);
    case 7:
    case 8:
        return make_not(maker, depth - 1);
    default:
        return make_group(maker, depth - 1, below(maker, 2) == 0);
    }
}

/* The shapes that most queries have, a part of them with a filter beside. */
static lede_node *make_root(making *maker)
{
    lede_node *node;
    lede_node *all;

    switch (below(maker, 7)) {
    case 0:
        node = make_word(maker, false);
        break;
    case 6:
        node = make_near(maker);
        break;
    case 1:
    case 2:
        node = make_group(maker, 0, true);
        break;
    case 3:
        node = make_phrase(maker);
        break;
    default:
        return make_node(maker, 3);
    }
    if (below(maker, 3) > 0) {
        return node;
    }
    all = new_node(maker, LEDE_NODE_GROUP);
    all->child_count = all->need = 2;
    all->children = lede_arena_array(maker->arena, 2, sizeof(lede_node *));
    all->children[0] = node;
    all->children[1] = make_node(maker, 1);
    return all;
}

static lede_tree finish(making *maker, lede_node *root)
{
    lede_tree tree = {.root = root, .leaf_count = maker->leaf_count};

    tree.leaves = lede_arena_array(maker->arena, maker->leaf_count + 1u,
                                   sizeof *tree.leaves);
    memcpy(tree.leaves, maker->leaves, maker->leaf_count * sizeof *tree.leaves);
    return tree;
}

lede_tree random_tree_make(const random_archive_options *archive,
                           uint64_t *state, lede_arena *arena)
{
    making maker = {.archive = archive, .state = state, .arena = arena};

    return finish(&maker, make_root(&maker));
}

static lede_node *make_plain_group(making *maker, uint32_t depth)
{
    lede_node *node = new_node(maker, LEDE_NODE_GROUP);

    node->child_count = 2 + below(maker, 4);
    node->children =
        lede_arena_array(maker->arena, node->child_count, sizeof(lede_node *));
    for (uint32_t i = 0; i < node->child_count; i++) {
        node->children[i] = depth > 0 && below(maker, 6) == 0
                                ? make_plain_group(maker, depth - 1)
                                : make_word(maker, false);
    }
    node->need = below(maker, 3) == 0   ? node->child_count
                 : below(maker, 2) == 0 ? 1
                                        : 1 + below(maker, node->child_count);
    return node;
}

lede_tree random_tree_groups(const random_archive_options *archive,
                             uint64_t *state, lede_arena *arena)
{
    making maker = {.archive = archive, .state = state, .arena = arena};

    lede_node *root = make_plain_group(&maker, 1);

    if (random_below(state, 2) == 0) {
        lede_node *both = new_node(&maker, LEDE_NODE_GROUP);

        both->child_count = both->need = 2 + random_below(state, 3);
        both->children =
            lede_arena_array(arena, both->child_count, sizeof(lede_node *));
        both->children[0] = root;
        for (uint32_t i = 1; i < both->child_count; i++) {
            both->children[i] = random_below(state, 3) == 0
                                    ? make_plain_group(&maker, 0)
                                    : make_word(&maker, false);
        }
        root = both;
    }
    return finish(&maker, root);
}

static lede_node *make_not_plain(making *maker)
{
    lede_node *node = new_node(maker, LEDE_NODE_NOT);

    node->child_count = 1;
    node->children = lede_arena_array(maker->arena, 1, sizeof(lede_node *));
    node->children[0] = below(maker, 3) == 0 ? make_plain_group(maker, 0)
                        : below(maker, 6) == 0
                            ? make_term(maker)
                            : make_word(maker, below(maker, 8) == 0);
    return node;
}

lede_tree random_tree_without(const random_archive_options *archive,
                              uint64_t *state, lede_arena *arena)
{
    making maker = {.archive = archive, .state = state, .arena = arena};
    uint32_t words = 1 + below(&maker, below(&maker, 2) == 0 ? 1 : 3);
    uint32_t without = 1 + below(&maker, below(&maker, 2) == 0 ? 1 : 3);
    bool is_dated = below(&maker, 4) == 0;
    lede_node *root = new_node(&maker, LEDE_NODE_GROUP);

    if (below(&maker, 4) == 0) {
        return finish(&maker, make_word(&maker, true));
    }
    root->child_count = root->need = words + without + is_dated;
    root->children =
        lede_arena_array(arena, root->child_count, sizeof(lede_node *));
    for (uint32_t i = 0; i < words; i++) {
        root->children[i] = make_word(&maker, below(&maker, 10) == 0);
    }
    for (uint32_t i = words; i < words + without; i++) {
        root->children[i] = make_not_plain(&maker);
    }
    if (is_dated) {
        root->children[words + without] = make_time(&maker);
    }
    return finish(&maker, root);
}

static lede_node *make_exact_phrase(making *maker, uint32_t slots)
{
    lede_node *node = new_node(maker, LEDE_NODE_PHRASE);
    uint8_t fields = LEDE_ALL_FIELDS;

    if (below(maker, 3) == 0) {
        fields = (uint8_t)(1u << below(maker, LEDE_DEFAULT_FIELDS));
    }
    node->slot_count = slots;
    node->slots =
        lede_arena_array(maker->arena, node->slot_count, sizeof *node->slots);
    for (uint32_t i = 0; i < node->slot_count; i++) {
        node->slots[i].leaf = add_leaf(maker);
        node->slots[i].constraint.fields = fields;
        make_exact(maker, &node->slots[i]);
        if (below(maker, 10) == 0) {
            node->slots[i].constraint = make_constraint(maker);
        }
    }
    return node;
}

static lede_node *make_two(making *maker, lede_node *first, lede_node *second,
                           uint32_t need)
{
    lede_node *both = new_node(maker, LEDE_NODE_GROUP);

    both->child_count = 2;
    both->need = need;
    both->children = lede_arena_array(maker->arena, 2, sizeof(lede_node *));
    both->children[0] = first;
    both->children[1] = second;
    return both;
}

lede_tree random_tree_phrase(const random_archive_options *archive,
                             uint64_t *state, lede_arena *arena)
{
    making maker = {.archive = archive, .state = state, .arena = arena};
    lede_node *root = make_exact_phrase(&maker, 2 + below(&maker, 3));

    if (below(&maker, 4) == 0) {
        uint32_t need = 1 + below(&maker, 2);

        root = make_two(&maker, root, make_node(&maker, 1), need);
    }
    return finish(&maker, root);
}

lede_tree random_tree_phrase_and_group(const random_archive_options *archive,
                                       uint64_t *state, lede_arena *arena)
{
    making maker = {.archive = archive, .state = state, .arena = arena};
    lede_node *phrase = make_exact_phrase(&maker, 2 + below(&maker, 2));
    lede_node *group = make_plain_group(&maker, 0);

    if (group->need == group->child_count) {
        group->need = 1;
    }
    return finish(&maker, make_two(&maker, phrase, group, 2));
}

lede_match_options random_tree_options(const random_archive_options *archive,
                                       uint64_t *state)
{
    static const uint64_t ks[] = {1, 2, 3, 10, 10, 10, 70, 300, UINT64_MAX, 0};
    static const double recencies[] = {0.0, 0.0, 0.3, 0.3, 1.0, 0.05};
    uint32_t sort = random_below(state, 8);
    lede_match_options options = {
        .sort = sort == 0   ? LEDE_SORT_NEWEST
                : sort == 1 ? LEDE_SORT_OLDEST
                            : LEDE_SORT_RELEVANCE,
        .k = ks[random_below(state, 10)],
        .totals =
            random_below(state, 3) == 0 ? LEDE_TOTALS_NONE : LEDE_TOTALS_EXACT,
        .recency = recencies[random_below(state, 6)],
        .half_life_s =
            RANDOM_ARCHIVE_STEP * (1 + (int64_t)random_below(state, 40)),
        .origin =
            RANDOM_ARCHIVE_EPOCH + (int64_t)RANDOM_ARCHIVE_STEP *
                                       random_below(state, archive->times + 5),
        .has_as_of = random_below(state, 5) == 0,
        .as_of =
            RANDOM_ARCHIVE_EPOCH + (int64_t)RANDOM_ARCHIVE_STEP *
                                       random_below(state, archive->times + 5)};

    if (random_below(state, 10) == 0) {
        options.origin = LEDE_INSTANT_NONE;
    }
    return options;
}

/* --- Printing --------------------------------------------------------------
 */

static void print_leaf(const lede_tree *tree, uint32_t index,
                       const lede_constraint *constraint)
{
    const lede_leaf *leaf = &tree->leaves[index];

    fprintf(stderr, "%u{", index);
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        fprintf(stderr, "%s%.*s", i > 0 ? "|" : "", (int)leaf->terms[i].len,
                (const char *)leaf->terms[i].bytes);
    }
    fprintf(stderr, "}%s*%g", leaf->scores ? "" : "-", leaf->boost);
    if (constraint->exact && leaf->forms == NULL) {
        fprintf(stderr, "=%.*s", (int)leaf->word.len,
                (const char *)leaf->word.bytes);
    }
    for (uint32_t i = 0; constraint->exact && i < leaf->form_count; i++) {
        fprintf(stderr, "=%.*s", (int)leaf->forms[i].len,
                (const char *)leaf->forms[i].bytes);
    }
    if (constraint->case_least != LEDE_CASE_LOWER) {
        fprintf(stderr, "^%d", (int)constraint->case_least);
    }
    if (constraint->fields != LEDE_ALL_FIELDS) {
        fprintf(stderr, "@%02x", (unsigned)constraint->fields);
    }
}

static void print_children(const lede_tree *tree, const lede_node *node)
{
    for (uint32_t i = 0; i < node->child_count; i++) {
        fputs(i > 0 ? ", " : "(", stderr);
        random_tree_print(tree, node->children[i]);
    }
    fputc(')', stderr);
}

void random_tree_print(const lede_tree *tree, const lede_node *node)
{
    switch (node->type) {
    case LEDE_NODE_WORD:
    case LEDE_NODE_TERM:
        print_leaf(tree, node->leaf, &node->constraint);
        break;
    case LEDE_NODE_PHRASE:
        fputc('"', stderr);
        for (uint32_t i = 0; i < node->slot_count; i++) {
            fputs(i > 0 ? " " : "", stderr);
            print_leaf(tree, node->slots[i].leaf, &node->slots[i].constraint);
        }
        fputc('"', stderr);
        break;
    case LEDE_NODE_NEAR:
        fprintf(stderr, "near%d/%u", (int)node->near.how, node->near.distance);
        print_children(tree, node);
        break;
    case LEDE_NODE_GROUP:
        fprintf(stderr, "%u of ", node->need);
        print_children(tree, node);
        break;
    case LEDE_NODE_NOT:
        fputs("NOT", stderr);
        print_children(tree, node);
        break;
    case LEDE_NODE_TIME:
    case LEDE_NODE_UPDATED:
        fprintf(stderr, "%s[%lld,%lld; days %lld,%lld,%lld)",
                node->type == LEDE_NODE_TIME ? "time" : "updated",
                (long long)node->period.begin, (long long)node->period.end,
                (long long)node->period.days.begin,
                (long long)node->period.days.end,
                (long long)node->period.days.begun);
        break;
    case LEDE_NODE_ENTRIES:
        fprintf(stderr, "%u entries", node->key_count);
        break;
    case LEDE_NODE_ALL:
        fputs("ALL", stderr);
        break;
    case LEDE_NODE_NONE:
        fputs("NONE", stderr);
        break;
    }
}
