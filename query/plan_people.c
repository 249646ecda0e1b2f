#include <string.h>

#include "names/variants.h"
#include "query/plan_corrected.h"
#include "query/plan_spellings.h"
#include "query/rank.h"

/* The name without the titles in front, which entries' names have not either:
 * without a title's words a name is compared as with them. */
static lede_span untitled(lede_planner *planner, lede_span name)
{
    lede_buf whole = {0}, key = {0};
    lede_span rest = lede_span_trim(name);
    bool is_same = true;

    lede_person_key(rest, &whole);
    while (is_same) {
        size_t end = 0;
        lede_span less;

        while (end < rest.len && rest.bytes[end] != ' ') {
            end++;
        }
        less = lede_span_trim(lede_span_part(rest, end, rest.len - end));
        lede_buf_clear(&key);
        lede_person_key(less, &key);
        is_same = less.len > 0 &&
                  lede_span_equal(lede_buf_span(&key), lede_buf_span(&whole));
        rest = is_same ? less : rest;
    }
    planner->no_memory = planner->no_memory || whole.failed || key.failed;
    lede_buf_done(&whole);
    lede_buf_done(&key);
    return rest;
}

static void tell_of_title(lede_planner *planner, const lede_ast *ast,
                          lede_span name)
{
    lede_span title = lede_span_trim(
        lede_span_part(ast->text, 0, (size_t)(name.bytes - ast->text.bytes)));

    lede_notes_put(planner->notes, planner->arena, ast->column,
                   "'%.*s' is a title, which any name may have or lack: it is "
                   "left out (person:=... asks for it, too)",
                   (int)title.len, (const char *)title.bytes);
}

enum {
    MOST_WORDS = 16,  /* of a name, that are weighed */
    MOST_LONGER = 256 /* longer names of a name */
};

/* The words of a name, as terms of people. */
typedef struct words {
    lede_span items[MOST_WORDS];
    uint32_t count;
} words;

static words words_of(lede_planner *planner, lede_span name)
{
    lede_tokenizer tokenizer;
    lede_token token;
    words out = {.count = 0};

    lede_tokenizer_init(&tokenizer, planner->analyzer, name);
    while (out.count < MOST_WORDS && lede_tokenizer_next(&tokenizer, &token)) {
        lede_span term =
            lede_plan_join_term(planner, LEDE_TERM_PERSON, token.word);

        if (token.parts <= 1 && term.bytes != NULL) {
            out.items[out.count++] = term;
        }
    }
    return out;
}

/* How rare the words of a name are among those of people, but for those that
 * the other has, too. */
static double rarity(lede_planner *planner, const words *name,
                     const words *other)
{
    const lede_plan_source *source = planner->source;
    double sum = 0;

    for (uint32_t i = 0; i < name->count; i++) {
        bool is_shared = false;

        for (uint32_t j = 0; j < other->count && !is_shared; j++) {
            is_shared = lede_span_equal(name->items[i], other->items[j]);
        }
        if (!is_shared) {
            sum +=
                lede_rank_idf(source->entries,
                              source->entry_count(source->ctx, name->items[i]));
        }
    }
    return sum;
}

/* What another name is worth beside the one typed: being rarer is no merit.
 * Words of both count in full, so the worth is that of the others. */
static double worth_of(lede_planner *planner, lede_span typed, lede_span other)
{
    words of_typed, of_other;
    double own, its;

    if (planner->source->entries == 0 || planner->source->entry_count == NULL) {
        return LEDE_OTHER_NAME_WORTH;
    }
    of_typed = words_of(planner, typed);
    of_other = words_of(planner, other);
    own = rarity(planner, &of_typed, &of_other);
    its = rarity(planner, &of_other, &of_typed);
    if (own <= 0) { /* it has all words of what was typed, and more */
        const words none = {.count = 0};

        own = rarity(planner, &of_typed, &none);
        its = rarity(planner, &of_other, &none);
    }
    return its > own ? LEDE_OTHER_NAME_WORTH * own / its
                     : LEDE_OTHER_NAME_WORTH;
}

void lede_plan_person_names(lede_planner *planner, lede_ast *ast,
                            lede_corrected_names *out)
{
    lede_span typed = ast->text;

    *out = (lede_corrected_names){.items = {typed}, .count = 1};
    if (ast->is_exact) {
        return;
    }
    ast->text = untitled(planner, typed);
    if (ast->text.len < lede_span_trim(typed).len) {
        const lede_ast whole = {.text = typed, .column = ast->column};

        tell_of_title(planner, &whole, ast->text);
    }
    lede_plan_people(planner, ast->text, out);
    lede_plan_spellings(planner, ast->text, ast->column, out);
}

/* Whoever was split off is asked for entry by entry; how often the entry speaks
 * of it says the name that it has there. */
static void score_split_off(lede_planner *planner, const lede_ast *ast,
                            const struct lede_plan_named *named)
{
    uint32_t size = planner->size;
    lede_buf key = {0}, before = {0};
    lede_correction c;
    size_t line = 0;

    while (named->corrections != NULL &&
           lede_corrections_next(named->corrections, &line, &c)) {
        if (c.verb != LEDE_CORRECTION_SPLIT || c.kind != LEDE_NAME_PERSON) {
            continue;
        }
        lede_buf_clear(&key);
        lede_buf_clear(&before);
        lede_correction_key(c.kind, c.names[1], &key);
        lede_correction_key(c.kind, c.names[0], &before);
        if (lede_name_has_words(lede_buf_span(&key), named->keys[0]) &&
            !lede_name_has_words(lede_buf_span(&before), named->keys[0])) {
            lede_plan_name_words(planner, ast, c.names[0], LEDE_TERM_PERSON,
                                 true);
        }
    }
    planner->size = size; /* leaves alone count */
    planner->no_memory = planner->no_memory || key.failed || before.failed;
    lede_buf_done(&key);
    lede_buf_done(&before);
}

/* The whole names of the archive that begin and end with two words, and have
 * others between them. */
typedef struct longer_names {
    lede_planner *planner;
    lede_span begin, end; /* "george ", " bush" */
    const char *items[MOST_LONGER];
    uint32_t count;
} longer_names;

static void take_longer(void *ctx, lede_span name, lede_span term,
                        uint64_t entries)
{
    longer_names *l = ctx;
    lede_span copy;

    (void)term;
    (void)entries;
    if (l->count == MOST_LONGER || l->planner->no_memory ||
        name.len <= l->begin.len + l->end.len ||
        memcmp(name.bytes, l->begin.bytes, l->begin.len) != 0 ||
        memcmp(name.bytes + name.len - l->end.len, l->end.bytes, l->end.len) !=
            0) {
        return;
    }
    copy = lede_arena_copy(l->planner->arena, name);
    if (copy.bytes == NULL) {
        l->planner->no_memory = true;
        return;
    }
    l->items[l->count++] = (const char *)copy.bytes;
}

/* Archives of older versions know them by their whole names alone. */
static void find_longer(lede_planner *planner, lede_span key, size_t blank,
                        longer_names *out)
{
    const lede_plan_source *source = planner->source;

    *out = (longer_names){.planner = planner,
                          .begin = lede_span_part(key, 0, blank + 1),
                          .end = lede_span_part(key, blank, key.len)};
    if (source->words != NULL && planner->status == LEDE_OK) {
        planner->status =
            source->words(source->ctx, LEDE_TERM_PERSON_WHOLE, out->begin, NULL,
                          take_longer, out, planner->err);
    }
}

/* Entries with the name as the first and the last word of a longer one. They
 * score by these words, as others do. */
static lede_node *longer_node(lede_planner *planner, const lede_ast *ast,
                              const char *key, const longer_names *longer)
{
    lede_node *node = lede_plan_node(planner, LEDE_NODE_WORD);
    uint32_t leaf =
        lede_plan_exact_leaf(planner, longer->count + 1, ast->column);

    lede_plan_add_value(planner, leaf, LEDE_TERM_PERSON_SHORT, key);
    for (uint32_t i = 0; i < longer->count; i++) {
        lede_plan_add_value(planner, leaf, LEDE_TERM_PERSON_WHOLE,
                            longer->items[i]);
    }
    if (node != NULL && !planner->no_memory) {
        planner->leaves[leaf].typed = ast->text;
        planner->leaves[leaf].is_alias = true;
        node->leaf = lede_plan_settle_leaf(planner);
    }
    return node;
}

/* Who has a middle name, too, if the name has two words. */
static lede_node *longer_name(lede_planner *planner, const lede_ast *ast,
                              lede_span name)
{
    lede_node *node = NULL;
    lede_buf key = {0};
    longer_names longer;
    uint32_t blanks = 0;
    size_t blank = 0;

    lede_person_key(name, &key);
    for (size_t i = 0; i < key.len; i++) {
        if (key.bytes[i] == ' ') {
            blanks++;
            blank = i;
        }
    }
    if (lede_buf_text(&key) == NULL) {
        planner->no_memory = true;
    } else if (blanks == 1 && planner->leaf_count < LEDE_TREE_MAX_LEAVES) {
        find_longer(planner, lede_buf_span(&key), blank, &longer);
        node = longer_node(planner, ast, lede_buf_text(&key), &longer);
    }
    lede_buf_done(&key);
    return node;
}

/* What was typed comes first. */
lede_node *lede_plan_person(lede_planner *planner, const lede_ast *typed,
                            bool negated)
{
    lede_ast as = *typed;
    const lede_ast *ast = &as;
    lede_corrected_names who;
    struct lede_plan_named spare;
    struct lede_plan_named *named;
    lede_node *all_known = NULL, *all_text = NULL;
    double boost = planner->boost;
    uint32_t i;

    lede_plan_person_names(planner, &as, &who);
    named = lede_plan_keep_named(planner, ast, &spare);
    for (i = 0; i < who.count && !planner->no_memory; i++) {
        lede_node *known, *text, *place;

        planner->is_alias = i > 0;
        if (i > 0) {
            planner->worth = worth_of(planner, who.items[0], who.items[i]);
            planner->boost = boost * planner->worth;
            lede_plan_keep_key(planner, named, who.items[i]);
        }
        known = lede_plan_name_words(planner, ast, who.items[i],
                                     LEDE_TERM_PERSON, !negated);
        all_known = lede_plan_name_join(planner, all_known, known, false);
        if (!ast->is_exact) {
            known = longer_name(planner, ast, who.items[i]);
            all_known = lede_plan_name_join(planner, all_known, known, false);
        }
        if (who.is_hidden) { /* a person said that it is no name */
            continue;
        }
        text = lede_plan_name_words(planner, ast, who.items[i], "", !negated);
        place = lede_plan_name_words(planner, ast, who.items[i],
                                     LEDE_TERM_PLACE, false);
        all_text = lede_plan_name_join(
            planner, all_text, lede_plan_name_without(planner, text, place),
            false);
    }
    if (!negated) {
        planner->is_alias = true;
        planner->worth = LEDE_OTHER_NAME_WORTH;
        planner->boost = boost * planner->worth;
        score_split_off(planner, ast, named);
    }
    planner->boost = boost;
    planner->worth = 0;
    planner->is_alias = false;
    return lede_plan_name_correct(planner, named, all_known, all_text);
}
