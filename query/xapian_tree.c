#include "query/xapian_tree.h"

#include "query/xapian_at_least.h"
#include "query/xapian_time.h"
#include "storage/xapian_terms.h"

typedef struct translating {
    lede_xapian_builder b;
    const lede_tree *tree;
    bool is_of_today;
    bool may_count;
    bool has_phrases;
    const lede_node *counted; /* the group whose votes are counted */
    lede_xapian_query votes;
} translating;

static lede_xapian_bounds exactly(lede_xapian_query query)
{
    return (lede_xapian_bounds){query, query, true, 0};
}

/* It may match, and only the entry says whether it does. */
static lede_xapian_bounds only_maybe(lede_xapian_query most)
{
    return (lede_xapian_bounds){most, 0, false, most};
}

/* --- Words ---------------------------------------------------------------- */

/* One way in which a leaf, under a constraint, can stand in an entry. */
typedef struct way {
    unsigned space; /* LEDE_XAPIAN_SPACES: as an exact value */
    bool is_stem;
    lede_span word;
} way;

static lede_xapian_query name_of(translating *t, const way *w,
                                 lede_xapian_part part, unsigned space)
{
    lede_xapian_name name;
    lede_span value;

    if (w->space == LEDE_XAPIAN_SPACES) {
        value = lede_xapian_name_value(&name, w->word);
        return value.len == 0 ? 0 : lede_xapian_query_term(t->b.queries, value);
    }
    return lede_xapian_query_term(
        t->b.queries,
        lede_xapian_name_word(&name, w->is_stem, part, space, w->word));
}

/* The ways of a leaf: its stems; or, exactly, the word, in their spaces; of
 * names, their words. Returns their number. */
static uint32_t ways_of(translating *t, const lede_leaf *leaf, bool exact,
                        way **out)
{
    uint32_t count = 0;
    uint32_t forms = exact && leaf->forms != NULL ? leaf->form_count : 1;
    size_t room = exact ? (size_t)forms * LEDE_XAPIAN_SPACES : leaf->term_count;
    way *ways = lede_arena_array(t->b.arena, room + leaf->term_count + 1u,
                                 sizeof *ways);
    bool seen[LEDE_XAPIAN_SPACES] = {false};

    *out = ways;
    if (ways == NULL) {
        t->b.no_memory = true;
        return 0;
    }
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        way w = {.space = LEDE_XAPIAN_SPACES, .word = leaf->terms[i]};

        if (lede_xapian_split_term(leaf->terms[i], &w.space, &w.word)) {
            w.is_stem = !exact && lede_xapian_space_has_stems(w.space);
        }
        if (!exact && w.word.len > 0) {
            ways[count++] = w;
        }
        if (!exact || w.space == LEDE_XAPIAN_SPACES || seen[w.space]) {
            continue;
        }
        seen[w.space] = true;
        for (uint32_t j = 0; j < forms; j++) {
            w.word = leaf->forms != NULL ? leaf->forms[j] : leaf->word;
            if (w.word.len > 0) {
                ways[count++] = w;
            }
        }
    }
    return count;
}

static bool has_all_fields(uint8_t fields)
{
    return (fields & LEDE_ALL_FIELDS) == LEDE_ALL_FIELDS;
}

/* Entries that have the word so in one of the fields. */
static void add_way(translating *t, lede_xapian_list *l, const way *w,
                    uint8_t fields)
{
    unsigned field;

    if (w->space != LEDE_XAPIAN_ANY_FIELD || has_all_fields(fields)) {
        lede_xapian_list_add(&t->b, l,
                             name_of(t, w, LEDE_XAPIAN_WORD, w->space));
        return;
    }
    for (field = 0; field < LEDE_DEFAULT_FIELDS; field++) {
        if ((fields >> field & 1) == 0) {
            continue;
        }
        if (field != LEDE_FIELD_BODY) {
            lede_xapian_list_add(&t->b, l,
                                 name_of(t, w, LEDE_XAPIAN_WORD, field));
            continue;
        }
        lede_xapian_list_add(
            &t->b, l,
            lede_xapian_join_two(
                &t->b, LEDE_XAPIAN_AND_NOT,
                name_of(t, w, LEDE_XAPIAN_WORD, LEDE_XAPIAN_ANY_FIELD),
                name_of(t, w, LEDE_XAPIAN_NOT_BODY, LEDE_XAPIAN_ANY_FIELD)));
    }
}

/* Entries that write one of the words with capitals somewhere; `by_author`
 * aside: not only among their authors. */
static lede_xapian_query capitals(translating *t, const way *ways,
                                  uint32_t count, lede_case least,
                                  bool by_author)
{
    lede_xapian_list found = {0};

    for (uint32_t i = 0; i < count; i++) {
        lede_xapian_query query =
            name_of(t, &ways[i],
                    least == LEDE_CASE_UPPER ? LEDE_XAPIAN_ALL_UPPER
                                             : LEDE_XAPIAN_CAPITAL,
                    LEDE_XAPIAN_ANY_FIELD);

        if (!by_author) {
            query =
                lede_xapian_join_two(&t->b, LEDE_XAPIAN_AND_NOT, query,
                                     name_of(t, &ways[i], LEDE_XAPIAN_BY_AUTHOR,
                                             LEDE_XAPIAN_ANY_FIELD));
        }
        lede_xapian_list_add(&t->b, &found, query);
    }
    return lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, &found);
}

/* What stands in for a name in the text is asked for like this, and often. */
static bool has_all_but_authors(uint8_t fields)
{
    return (fields & LEDE_ALL_FIELDS) ==
           (LEDE_ALL_FIELDS & ~(1u << LEDE_FIELD_AUTHOR));
}

static lede_xapian_bounds translate_word(translating *t, const lede_leaf *leaf,
                                         const lede_constraint *constraint)
{
    lede_xapian_bounds bounds;
    lede_xapian_list found = {0};
    way *ways;
    uint32_t count = ways_of(t, leaf, constraint->exact, &ways);
    bool in_any = true;
    lede_xapian_query cased;

    for (uint32_t i = 0; i < count; i++) {
        add_way(t, &found, &ways[i], constraint->fields);
        in_any = in_any && ways[i].space == LEDE_XAPIAN_ANY_FIELD;
    }
    bounds = exactly(lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, &found));
    if (constraint->case_least == LEDE_CASE_LOWER || count == 0) {
        return bounds;
    }
    if (!constraint->exact || !in_any) {
        return only_maybe(bounds.most);
    }
    if (t->is_of_today && constraint->case_least == LEDE_CASE_CAPITAL &&
        has_all_but_authors(constraint->fields)) {
        return exactly(capitals(t, ways, count, LEDE_CASE_CAPITAL, false));
    }
    cased = capitals(t, ways, count, constraint->case_least, true);
    if (has_all_fields(constraint->fields)) {
        return exactly(cased);
    }
    bounds.most =
        lede_xapian_join_two(&t->b, LEDE_XAPIAN_AND, bounds.most, cased);
    return only_maybe(bounds.most);
}

/* Exact values, and whatever else a leaf's terms are: any of them. */
static lede_xapian_query translate_terms(translating *t, const lede_leaf *leaf)
{
    lede_xapian_list found = {0};

    for (uint32_t i = 0; i < leaf->term_count; i++) {
        lede_xapian_name name;
        lede_span term = lede_xapian_name_term(&name, leaf->terms[i]);

        if (term.len > 0) {
            lede_xapian_list_add(&t->b, &found,
                                 lede_xapian_query_term(t->b.queries, term));
        }
    }
    return lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, &found);
}

/* --- Phrases -------------------------------------------------------------- */

/* The ways of a slot that are in a space, with these parts of their names; 0
 * if there are none. */
static lede_xapian_query slot_in(translating *t, const lede_slot *slot,
                                 unsigned space, unsigned named,
                                 const lede_xapian_part *parts,
                                 uint32_t part_count)
{
    lede_xapian_list found = {0};
    way *ways;
    uint32_t count =
        ways_of(t, &t->tree->leaves[slot->leaf], slot->constraint.exact, &ways);

    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < part_count && ways[i].space == space; j++) {
            lede_xapian_list_add(&t->b, &found,
                                 name_of(t, &ways[i], parts[j], named));
        }
    }
    return lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, &found);
}

/* Any of some, of which `doubt` has those of what is not exact. */
static lede_xapian_bounds any_of(translating *t, const lede_xapian_list *most,
                                 const lede_xapian_list *least,
                                 const lede_xapian_list *doubt, bool is_exact)
{
    lede_xapian_query all = lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, most);

    return is_exact
               ? exactly(all)
               : (lede_xapian_bounds){
                     all, lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, least),
                     false,
                     lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, doubt)};
}

/* The phrase in one space, whose terms are `named` by it or, of default fields,
 * by one field. Xapian's phrase is one word a position. That of the first slot
 * may be the tail of a joined form, and that of the last one its beginning.
 * Where one between is joined, positions say nothing to Xapian. */
static lede_xapian_bounds phrase_in(translating *t, const lede_node *node,
                                    unsigned space, unsigned named)
{
    static const lede_xapian_part first[] = {LEDE_XAPIAN_WORD,
                                             LEDE_XAPIAN_TAIL};
    static const lede_xapian_part last[] = {LEDE_XAPIAN_WORD,
                                            LEDE_XAPIAN_BEGIN};
    static const lede_xapian_part begin[] = {LEDE_XAPIAN_BEGIN};
    lede_xapian_list slots = {0}, all = {0}, joined = {0};
    lede_xapian_bounds bounds;

    for (uint32_t i = 0; i < node->slot_count; i++) {
        const lede_slot *slot = &node->slots[i];
        bool inside = i > 0 && i + 1 < node->slot_count;
        lede_xapian_query query = slot_in(
            t, slot, space, named, i == 0 ? first : last, inside ? 1 : 2);

        if (query == 0) {
            return exactly(0);
        }
        lede_xapian_list_add(&t->b, &slots, query);
        lede_xapian_list_add(&t->b, &all,
                             slot_in(t, slot, space, named, last, 1));
        if (inside) {
            lede_xapian_list_add(&t->b, &joined,
                                 slot_in(t, slot, space, named, begin, 1));
        }
    }
    bounds = exactly(lede_xapian_list_join(&t->b, LEDE_XAPIAN_PHRASE, &slots));
    if (joined.count > 0) {
        lede_xapian_list_add(
            &t->b, &all, lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, &joined));
        bounds.doubt = lede_xapian_list_join(&t->b, LEDE_XAPIAN_AND, &all);
        bounds.most = lede_xapian_join_two(&t->b, LEDE_XAPIAN_OR, bounds.least,
                                           bounds.doubt);
        bounds.is_exact = false;
    }
    return bounds;
}

/* In some default fields. The body has no terms of its own: a phrase that
 * stands somewhere, and in none of the unwanted fields, is in a wanted one. */
static lede_xapian_bounds
phrase_in_fields(translating *t, const lede_node *node, uint8_t fields)
{
    lede_xapian_bounds any =
        phrase_in(t, node, LEDE_XAPIAN_ANY_FIELD, LEDE_XAPIAN_ANY_FIELD);
    lede_xapian_list most = {0}, least = {0}, unwanted = {0}, doubt = {0};
    bool is_exact = true;
    bool has_body = (fields >> LEDE_FIELD_BODY & 1) != 0;

    if (has_all_fields(fields)) {
        return any;
    }
    for (unsigned field = 0; field < LEDE_DEFAULT_FIELDS; field++) {
        lede_xapian_bounds one;

        if (field == LEDE_FIELD_BODY) {
            continue;
        }
        one = phrase_in(t, node, LEDE_XAPIAN_ANY_FIELD, field);
        if ((fields >> field & 1) != 0) {
            lede_xapian_list_add(&t->b, &most, one.most);
            lede_xapian_list_add(&t->b, &least, one.least);
            lede_xapian_list_add(&t->b, &doubt, one.doubt);
            is_exact = is_exact && one.is_exact;
        } else {
            lede_xapian_list_add(&t->b, &unwanted, one.most);
        }
    }
    if (!has_body) {
        return any_of(t, &most, &least, &doubt, is_exact);
    }
    lede_xapian_list_add(
        &t->b, &least,
        lede_xapian_join_two(
            &t->b, LEDE_XAPIAN_AND_NOT, any.least,
            lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, &unwanted)));
    any.least = lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, &least);
    any.doubt = any.most;
    any.is_exact = false;
    return any;
}

/* A phrase stands in one section, hence in one space. */
static lede_xapian_bounds translate_phrase(translating *t,
                                           const lede_node *node)
{
    lede_xapian_list most = {0}, least = {0}, doubt = {0};
    uint8_t fields = LEDE_ALL_FIELDS;
    bool is_exact = true, has_case = false;
    lede_xapian_bounds bounds;

    for (uint32_t i = 0; i < node->slot_count; i++) {
        const lede_constraint *c = &node->slots[i].constraint;

        fields &= c->fields;
        has_case = has_case || c->case_least != LEDE_CASE_LOWER;
    }
    for (unsigned space = LEDE_DEFAULT_FIELDS; space < LEDE_XAPIAN_SPACES;
         space++) {
        bounds = space == LEDE_XAPIAN_ANY_FIELD
                     ? phrase_in_fields(t, node, fields)
                     : phrase_in(t, node, space, space);
        if (bounds.most != 0) {
            lede_xapian_list_add(&t->b, &most, bounds.most);
            lede_xapian_list_add(&t->b, &least, bounds.least);
            lede_xapian_list_add(&t->b, &doubt, bounds.doubt);
            is_exact = is_exact && bounds.is_exact;
        }
    }
    bounds = any_of(t, &most, &least, &doubt, is_exact);
    /* Which occurrence has the capitals, only the entry says. */
    return has_case ? only_maybe(bounds.most) : bounds;
}

/* --- Groups --------------------------------------------------------------- */

static lede_xapian_bounds translate(translating *t, const lede_node *node);

static lede_xapian_query all_but(translating *t, lede_xapian_query query)
{
    return lede_xapian_join_two(&t->b, LEDE_XAPIAN_AND_NOT,
                                lede_xapian_query_all(t->b.queries), query);
}

/* All of the children, the negated ones taken away from the others. */
static lede_xapian_bounds translate_all(translating *t, const lede_node *node)
{
    lede_xapian_list most = {0}, least = {0}, not_least = {0}, not_most = {0};
    lede_xapian_list doubt = {0};
    lede_xapian_bounds out = {0};
    bool is_exact = true, is_known = true; /* where doubt is */

    for (uint32_t i = 0; i < node->child_count; i++) {
        const lede_node *child = node->children[i];
        bool is_not = child->type == LEDE_NODE_NOT;
        lede_xapian_bounds one =
            translate(t, is_not ? child->children[0] : child);

        is_exact = is_exact && one.is_exact;
        is_known = is_known && (is_not || one.doubt != one.most);
        lede_xapian_list_add(&t->b, &doubt, one.doubt);
        lede_xapian_list_add(&t->b, is_not ? &not_least : &most,
                             is_not ? one.least : one.most);
        lede_xapian_list_add(&t->b, is_not ? &not_most : &least,
                             is_not ? one.most : one.least);
    }
    if (most.count == 0) {
        lede_xapian_list_add(&t->b, &most, lede_xapian_query_all(t->b.queries));
        lede_xapian_list_add(&t->b, &least, most.count > 0 ? most.items[0] : 0);
    }
    out.most = lede_xapian_list_join(&t->b, LEDE_XAPIAN_AND, &most);
    if (not_least.count > 0) {
        out.most = lede_xapian_join_two(
            &t->b, LEDE_XAPIAN_AND_NOT, out.most,
            lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, &not_least));
    }
    if (is_exact) {
        return exactly(out.most);
    }
    out.least = lede_xapian_list_join(&t->b, LEDE_XAPIAN_AND, &least);
    if (not_most.count > 0) {
        out.least = lede_xapian_join_two(
            &t->b, LEDE_XAPIAN_AND_NOT, out.least,
            lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, &not_most));
    }
    out.doubt = is_known ? lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, &doubt)
                         : out.most;
    return out;
}

/* Whether what a group matches can be counted for the root. */
static bool is_countable(const translating *t, const lede_node *node)
{
    const lede_node *root = t->tree->root;
    bool is_there = node == root;

    for (uint32_t i = 0; i < node->child_count; i++) {
        lede_node_type type = node->children[i]->type;

        if (type != LEDE_NODE_WORD && type != LEDE_NODE_TERM &&
            type != LEDE_NODE_PHRASE && type != LEDE_NODE_GROUP) {
            return false;
        }
    }
    for (uint32_t i = 0;
         root->type == LEDE_NODE_GROUP && root->need == root->child_count &&
         i < root->child_count && !is_there;
         i++) {
        is_there = root->children[i] == node;
    }
    return is_there && t->may_count && t->counted == NULL;
}

static lede_xapian_bounds translate_group(translating *t, const lede_node *node)
{
    lede_xapian_list most = {0}, least = {0}, doubt = {0};
    bool is_exact = true;
    lede_xapian_bounds out = {0};

    if (node->need > node->child_count) {
        return exactly(0);
    }
    if (node->need == 0) {
        return exactly(lede_xapian_query_all(t->b.queries));
    }
    if (node->need == node->child_count) {
        return translate_all(t, node);
    }
    for (uint32_t i = 0; i < node->child_count; i++) {
        lede_xapian_bounds one = translate(t, node->children[i]);

        lede_xapian_list_add(&t->b, &most, one.most);
        lede_xapian_list_add(&t->b, &least, one.least);
        lede_xapian_list_add(&t->b, &doubt, one.doubt);
        is_exact = is_exact && one.is_exact;
    }
    if (t->b.no_memory) {
        return exactly(0);
    }
    if (!lede_xapian_can_spell_out(&t->b, &most, node->need)) {
        out =
            only_maybe(lede_xapian_at_least_roughly(&t->b, &most, node->need));
        if (is_exact && is_countable(t, node)) {
            t->counted = node;
            t->votes = lede_xapian_votes(&t->b, &most);
            out.is_exact = true; /* to whoever asks for the rest */
        }
        return out;
    }
    out.most = lede_xapian_at_least(&t->b, &most, node->need);
    if (is_exact) {
        return exactly(out.most);
    }
    if (lede_xapian_can_spell_out(&t->b, &least, node->need)) {
        out.least = lede_xapian_at_least(&t->b, &least, node->need);
        out.doubt = lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, &doubt);
    } else {
        out.doubt = out.most;
    }
    return out;
}

/* Where the operands stand, the entry says. */
static lede_xapian_bounds translate_near(translating *t, const lede_node *node)
{
    lede_xapian_list most = {0};

    for (uint32_t i = 0; i < node->child_count; i++) {
        lede_xapian_list_add(&t->b, &most,
                             translate(t, node->children[i]).most);
    }
    return only_maybe(lede_xapian_list_join(&t->b, LEDE_XAPIAN_AND, &most));
}

/* --- Times ---------------------------------------------------------------- */

static lede_xapian_query translate_keys(translating *t, const lede_node *node)
{
    lede_xapian_list found = {0};

    for (uint32_t i = 0; i < node->key_count; i++) {
        lede_xapian_name name;

        lede_xapian_list_add(
            &t->b, &found,
            lede_xapian_query_term(t->b.queries,
                                   lede_xapian_name_key(&name, node->keys[i])));
    }
    return lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, &found);
}

static lede_xapian_query translate_updated(translating *t,
                                           const lede_node *node)
{
    uint8_t low[LEDE_XAPIAN_TIME_BYTES], high[LEDE_XAPIAN_TIME_BYTES];
    int64_t last =
        node->period.end == INT64_MAX ? INT64_MAX : node->period.end - 1;

    if (node->period.end == INT64_MIN || node->period.begin > last) {
        return 0;
    }
    lede_xapian_time_encode(node->period.begin, low);
    lede_xapian_time_encode(last, high);
    return lede_xapian_query_range(t->b.queries, LEDE_XAPIAN_SLOT_UPDATED,
                                   lede_span_of(low, sizeof low),
                                   lede_span_of(high, sizeof high));
}

static lede_xapian_bounds translate(translating *t, const lede_node *node)
{
    lede_xapian_bounds child;

    if (t->b.no_memory) {
        return exactly(0);
    }
    switch (node->type) {
    case LEDE_NODE_WORD:
        return translate_word(t, &t->tree->leaves[node->leaf],
                              &node->constraint);
    case LEDE_NODE_TERM:
        return exactly(translate_terms(t, &t->tree->leaves[node->leaf]));
    case LEDE_NODE_PHRASE:
        if (node->slot_count == 0) {
            return exactly(0);
        }
        t->has_phrases = t->has_phrases || node->slot_count > 1;
        return node->slot_count == 1
                   ? translate_word(t, &t->tree->leaves[node->slots[0].leaf],
                                    &node->slots[0].constraint)
                   : translate_phrase(t, node);
    case LEDE_NODE_NEAR:
        return translate_near(t, node);
    case LEDE_NODE_GROUP:
        return translate_group(t, node);
    case LEDE_NODE_NOT:
        child = translate(t, node->children[0]);
        return child.is_exact ? exactly(all_but(t, child.most))
                              : (lede_xapian_bounds){all_but(t, child.least),
                                                     all_but(t, child.most),
                                                     false, child.doubt};
    case LEDE_NODE_TIME:
        return exactly(lede_xapian_time_in(t->b.queries, &node->period));
    case LEDE_NODE_ENTRIES:
        return exactly(translate_keys(t, node));
    case LEDE_NODE_UPDATED:
        return exactly(translate_updated(t, node));
    case LEDE_NODE_ALL:
        return exactly(lede_xapian_query_all(t->b.queries));
    case LEDE_NODE_NONE:
        break;
    }
    return exactly(0);
}

/* --- Weights -------------------------------------------------------------- */

static bool is_plain(const lede_node *node)
{
    return node->type == LEDE_NODE_WORD && !node->constraint.exact &&
           node->constraint.case_least == LEDE_CASE_LOWER &&
           has_all_fields(node->constraint.fields);
}

/* A leaf with its weight; 0 if it has none. */
static lede_xapian_query weigh(translating *t, uint32_t index)
{
    const lede_leaf *leaf = &t->tree->leaves[index];
    lede_xapian_list stems = {0};
    way *ways;
    uint32_t count;
    lede_xapian_query query;

    if (!leaf->scores || leaf->boost <= 0) {
        return 0;
    }
    count = ways_of(t, leaf, false, &ways);
    for (uint32_t i = 0; i < count; i++) {
        lede_xapian_list_add(
            &t->b, &stems,
            name_of(t, &ways[i], LEDE_XAPIAN_WORD, ways[i].space));
    }
    query = lede_xapian_list_join(&t->b, LEDE_XAPIAN_SYNONYM, &stems);
    return query == 0 || (leaf->boost >= 1 && leaf->boost <= 1)
               ? query
               : lede_xapian_query_scale(t->b.queries, query, leaf->boost);
}

/* How the root's plain words can give their weight where they stand, so that
 * they are not looked up twice. */
typedef struct weighing {
    bool *placed; /* leaves that do */
    lede_xapian_operator how;
    bool is_all; /* what they match is what the root does */
} weighing;

static bool is_weighed(const lede_tree *tree, const lede_node *node)
{
    const lede_leaf *leaf = &tree->leaves[node->leaf];

    return is_plain(node) && leaf->scores && leaf->boost > 0 &&
           leaf->term_count > 0;
}

static void place_weights(translating *t, const lede_node *root, weighing *out)
{
    bool is_group = root->type == LEDE_NODE_GROUP;
    uint32_t count = is_group ? root->child_count : 1;
    uint32_t plain = 0;

    for (uint32_t i = 0; i < count; i++) {
        plain += is_weighed(t->tree, is_group ? root->children[i] : root);
    }
    if (is_group && root->need != count && (root->need != 1 || plain < count)) {
        return;
    }
    out->how =
        is_group && root->need != count ? LEDE_XAPIAN_OR : LEDE_XAPIAN_AND;
    out->is_all = plain == count;
    for (uint32_t i = 0; i < count; i++) {
        const lede_node *child = is_group ? root->children[i] : root;

        if (is_weighed(t->tree, child)) {
            out->placed[child->leaf] = true;
        }
    }
}

/* Weights that are not placed come in by AND_MAYBE. */
static lede_xapian_query weigh_all(translating *t, const lede_node *root,
                                   lede_xapian_query match, bool *scores)
{
    weighing w = {.placed = lede_arena_array(
                      t->b.arena, t->tree->leaf_count + 1u, sizeof *w.placed)};
    lede_xapian_list placed = {0}, others = {0};
    lede_xapian_query run;

    if (w.placed == NULL) {
        t->b.no_memory = true;
        return 0;
    }
    place_weights(t, root, &w);
    for (uint32_t i = 0; i < t->tree->leaf_count; i++) {
        lede_xapian_query weighed = weigh(t, i);

        if (weighed != 0) {
            lede_xapian_list_add(&t->b, w.placed[i] ? &placed : &others,
                                 weighed);
        }
    }
    *scores = placed.count + others.count > 0;
    if (!*scores) {
        return match;
    }
    if (placed.count == 0) {
        run = lede_xapian_query_scale(t->b.queries, match, 0);
    } else {
        run = lede_xapian_list_join(&t->b, w.how, &placed);
        if (!w.is_all) {
            run = lede_xapian_join_two(&t->b, LEDE_XAPIAN_FILTER, run, match);
        }
    }
    return others.count == 0
               ? run
               : lede_xapian_join_two(
                     &t->b, LEDE_XAPIAN_AND_MAYBE, run,
                     lede_xapian_list_join(&t->b, LEDE_XAPIAN_OR, &others));
}

/* Hides what is later. */
static lede_xapian_query as_of(translating *t, lede_xapian_query query,
                               const lede_match_options *options)
{
    return !options->has_as_of || options->as_of == INT64_MAX
               ? query
               : lede_xapian_join_two(
                     &t->b, LEDE_XAPIAN_AND_NOT, query,
                     lede_xapian_time_between(t->b.queries, options->as_of + 1,
                                              INT64_MAX));
}

lede_status lede_xapian_plan_make(lede_xapian_queries *queries,
                                  const lede_tree *tree,
                                  const lede_match_options *options,
                                  bool is_of_today, lede_arena *arena,
                                  lede_xapian_plan *out, lede_error *err)
{
    translating t = {.b = {.queries = queries, .arena = arena},
                     .tree = tree,
                     .is_of_today = is_of_today,
                     .may_count = true};
    lede_xapian_plan plan = {0};
    lede_status status;
    bool doubts_all;

    plan.match = translate(&t, tree->root);
    if (t.counted != NULL && !plan.match.is_exact) { /* nor is something else */
        t.may_count = false;
        t.counted = NULL;
        plan.match = translate(&t, tree->root);
    }
    if (t.counted != NULL) {
        plan.match.is_exact = false;
        plan.match.least = 0;
        plan.match.doubt = plan.match.most;
        plan.votes = t.votes;
        plan.need = t.counted->need;
    }
    plan.has_phrases = t.has_phrases;
    plan.run = plan.match.most;
    if (options->sort == LEDE_SORT_RELEVANCE) {
        plan.run = weigh_all(&t, tree->root, plan.match.most, &plan.scores);
    }
    plan.run = as_of(&t, plan.run, options);
    doubts_all = plan.match.doubt == plan.match.most;
    plan.match.most = as_of(&t, plan.match.most, options);
    if (doubts_all) {
        plan.match.doubt = plan.match.most;
    }
    plan.match.least = plan.match.is_exact
                           ? plan.match.most
                           : as_of(&t, plan.match.least, options);
    status = t.b.no_memory ? lede_fail(err, LEDE_NO_MEMORY,
                                       "no memory to translate the query")
                           : lede_xapian_queries_status(queries, err);
    if (status == LEDE_OK) {
        *out = plan;
    }
    return status;
}
