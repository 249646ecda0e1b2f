#include "query/plan_names.h"

#include <string.h>

#include "names/variants.h"

enum {
    MOST_NAMES = LEDE_PLAN_SPELLINGS_MOST, /* of one person, by corrections */
    MOST_PLACES = 64,                      /* of one name */
    MOST_IDS = 128                         /* in a leaf */
};

/* What another name of the same person weighs beside the one typed. */
static const double other_name_worth = 0.9;

/* Another place is told of if it is not more than some 3,000 times less likely
 * (lede_gazetteer_weight): Paris, Texas is, a village is not. */
enum { TOLD_WEIGHT = 3000 };

/* --- Nodes ------------------------------------------------------------------
 */

/* A GROUP of those of two nodes that are not NULL. */
static lede_node *join(lede_planner *planner, lede_node *a, lede_node *b,
                       bool needs_both)
{
    lede_node *group;

    if (a == NULL || b == NULL) {
        return needs_both ? NULL : a == NULL ? b : a;
    }
    group = lede_plan_node(planner, LEDE_NODE_GROUP);
    if (group == NULL) {
        return NULL;
    }
    group->children = lede_plan_array(planner, 2, sizeof group->children[0]);
    if (group->children == NULL) {
        return NULL;
    }
    group->children[0] = a;
    group->children[1] = b;
    group->child_count = 2;
    group->need = needs_both ? 2 : 1;
    return group;
}

/* `node` but not `other`, which may be NULL. */
static lede_node *without(lede_planner *planner, lede_node *node,
                          lede_node *other)
{
    lede_node * not ;

    if (node == NULL || other == NULL) {
        return node;
    }
    not = lede_plan_node(planner, LEDE_NODE_NOT);
    if (not == NULL) {
        return NULL;
    }
    not ->children = lede_plan_array(planner, 1, sizeof not ->children[0]);
    if (not ->children == NULL) {
        return NULL;
    }
    not ->children[0] = other;
    not ->child_count = 1;
    return join(planner, node, not, true);
}

/* The words of a name in a space of names, or in the text with `space` "". */
static lede_node *words(lede_planner *planner, const lede_ast *ast,
                        lede_span name, const char *space, bool scores)
{
    lede_ast as = *ast;
    lede_plan_runs runs;
    lede_node *node = NULL;
    uint32_t i;

    as.type = LEDE_AST_PHRASE;
    as.text = name;
    as.field = LEDE_AST_ANY_FIELD;
    as.edits = 0;
    as.distance = 0;
    planner->name_space = space;
    planner->name_column = ast->column;
    runs = lede_plan_text(planner, &as, !scores);
    planner->name_space = NULL;
    for (i = 0; i < runs.count; i++) { /* a phrase is one run */
        node = node == NULL ? runs.items[i].node
                            : join(planner, node, runs.items[i].node, true);
    }
    return node;
}

/* Keeps a name, to tell hits by; NULL if there are too many, or no memory. */
static struct lede_plan_named *keep_named(lede_planner *planner,
                                          const lede_ast *ast)
{
    struct lede_plan_named *named;

    if (planner->named == NULL) {
        planner->named = lede_plan_array(planner, LEDE_PLAN_NAMES_MOST,
                                         sizeof planner->named[0]);
    }
    if (planner->named == NULL ||
        planner->named_count == LEDE_PLAN_NAMES_MOST) {
        return NULL;
    }
    named = &planner->named[planner->named_count++];
    named->field = ast->field;
    named->typed = ast->text;
    named->column = ast->column;
    named->spellings[0] = ast->text;
    named->spelling_count = 1;
    return named;
}

/* --- People -----------------------------------------------------------------
 */

typedef struct names {
    lede_span items[MOST_NAMES]; /* the first is what was typed */
    uint32_t count;
    bool is_hidden;
} names;

static void add_name(names *out, lede_span name)
{
    uint32_t i;

    for (i = 0; i < out->count; i++) {
        if (lede_span_equal(out->items[i], name)) {
            return;
        }
    }
    if (out->count < MOST_NAMES) {
        out->items[out->count++] = name;
    }
}

/* Whether the words of `key` stand in those of `whole`, side by side. */
static bool has_words(lede_span whole, lede_span key)
{
    size_t at;

    for (at = 0; key.len > 0 && at + key.len <= whole.len; at++) {
        bool begins = at == 0 || whole.bytes[at - 1] == ' ';
        bool ends =
            at + key.len == whole.len || whole.bytes[at + key.len] == ' ';

        if (begins && ends &&
            memcmp(whole.bytes + at, key.bytes, key.len) == 0) {
            return true;
        }
    }
    return false;
}

/* The names of one correction, if one of them is the one asked for. */
static void add_corrected(lede_planner *planner, const lede_correction *c,
                          lede_span key, names *out)
{
    lede_buf own = {0};
    bool is_meant = false, is_whole = false;
    size_t i;

    for (i = 0; i < c->name_count; i++) {
        lede_buf_clear(&own);
        lede_person_key(c->names[i], &own);
        is_meant = is_meant || has_words(lede_buf_span(&own), key);
        is_whole = is_whole || lede_span_equal(lede_buf_span(&own), key);
    }
    planner->no_memory = planner->no_memory || own.failed;
    lede_buf_done(&own);
    if (c->verb == LEDE_CORRECTION_HIDE) {
        out->is_hidden = out->is_hidden || is_whole;
    } else if (is_meant && (c->verb == LEDE_CORRECTION_MERGE ||
                            c->verb == LEDE_CORRECTION_RENAME)) {
        for (i = 0; i < c->name_count; i++) {
            add_name(out, c->names[i]);
        }
    }
}

static names names_of(lede_planner *planner, const lede_ast *ast)
{
    const lede_corrections *corrections = planner->source->corrections;
    names out = {.count = 1};
    lede_buf key = {0};
    size_t i;

    out.items[0] = ast->text;
    if (corrections == NULL || ast->is_exact) {
        return out;
    }
    lede_person_key(ast->text, &key);
    for (i = 0; i < lede_corrections_count(corrections); i++) {
        lede_correction c;

        lede_corrections_get(corrections, i, &c);
        if (c.kind == LEDE_NAME_PERSON) {
            add_corrected(planner, &c, lede_buf_span(&key), &out);
        }
    }
    planner->no_memory = planner->no_memory || key.failed;
    lede_buf_done(&key);
    return out;
}

static lede_node *person(lede_planner *planner, const lede_ast *ast,
                         bool negated)
{
    names who = names_of(planner, ast);
    struct lede_plan_named *named = keep_named(planner, ast);
    lede_node *all = NULL, *all_known = NULL;
    double boost = planner->boost;
    uint32_t i;

    for (i = 0; i < who.count && !planner->no_memory; i++) {
        lede_node *known = NULL, *text, *place;

        /* What was typed comes first. */
        planner->boost = i == 0 ? boost : boost * other_name_worth;
        if (!who.is_hidden) {
            known =
                words(planner, ast, who.items[i], LEDE_TERM_PERSON, !negated);
        }
        text = words(planner, ast, who.items[i], "", !negated);
        place = words(planner, ast, who.items[i], LEDE_TERM_PLACE, false);

        text = without(planner, text, place);
        all = join(planner, all, join(planner, known, text, false), false);
        all_known = join(planner, all_known, known, false);
    }
    planner->boost = boost;
    if (named != NULL) {
        named->known = all_known;
        memcpy(named->spellings, who.items, sizeof who.items);
        named->spelling_count = who.count;
    }
    return all;
}

/* --- Places -----------------------------------------------------------------
 */

typedef struct places {
    lede_place_number all[MOST_PLACES]; /* of the name, likeliest first */
    size_t count;
    lede_place_number meant; /* LEDE_PLACE_NONE: none is known */
    lede_span head;          /* "paris" of "paris, texas" */
} places;

static bool is_inside(const lede_gazetteer *gazetteer, lede_place_number place,
                      const lede_place_number *around, size_t count)
{
    lede_place_number parents[LEDE_PLACE_MAX_PARENTS];
    size_t n = lede_gazetteer_parents(gazetteer, place, parents), i, j;

    for (i = 0; i < n; i++) {
        for (j = 0; j < count; j++) {
            if (parents[i] == around[j]) {
                return true;
            }
        }
    }
    return false;
}

/* "paris, texas": the places called paris that have a texas around them. Of
 * places inside each other that share a name (a town and its district), the
 * first is likeliest. */
static bool find_qualified(const lede_gazetteer *gazetteer, lede_span name,
                           places *out)
{
    lede_place_number around[MOST_PLACES];
    size_t comma = 0, count, i;

    while (comma < name.len && name.bytes[comma] != ',') {
        comma++;
    }
    if (comma == name.len) {
        return false;
    }
    count = lede_gazetteer_find(
        gazetteer,
        lede_span_trim(lede_span_part(name, comma + 1, name.len - comma - 1)),
        around, MOST_PLACES);
    out->head = lede_span_trim(lede_span_part(name, 0, comma));
    out->count =
        lede_gazetteer_find(gazetteer, out->head, out->all, MOST_PLACES);
    for (i = 0; i < out->count; i++) {
        if (is_inside(gazetteer, out->all[i], around, count)) {
            out->meant = out->all[i];
            return true;
        }
    }
    return false;
}

static lede_place_number by_id(const lede_gazetteer *gazetteer, lede_span name)
{
    return name.len > 1 && (name.bytes[1] == ':' || name.bytes[0] == 'g')
               ? lede_gazetteer_by_id(gazetteer, name)
               : LEDE_PLACE_NONE;
}

static places places_of(const lede_planner *planner, const lede_ast *ast)
{
    const lede_gazetteer *gazetteer = planner->source->gazetteer;
    places out = {.meant = LEDE_PLACE_NONE, .head = ast->text};

    if (gazetteer == NULL || find_qualified(gazetteer, ast->text, &out)) {
        return out;
    }
    out.head = ast->text;
    out.meant = by_id(gazetteer, ast->text);
    if (out.meant != LEDE_PLACE_NONE) {
        return out;
    }
    out.count = lede_gazetteer_find(gazetteer, ast->text, out.all, MOST_PLACES);
    if (out.count > 0) {
        out.meant = out.all[0];
    }
    return out;
}

/* "Paris, France". */
static void put_place(const lede_gazetteer *gazetteer, lede_place_number place,
                      lede_buf *out)
{
    lede_place_facts facts, around;
    lede_place_number in;

    lede_gazetteer_get(gazetteer, place, &facts);
    lede_buf_put_text(out, facts.name);
    in = facts.country_place;
    if (in != LEDE_PLACE_NONE && facts.region_place != LEDE_PLACE_NONE &&
        (strcmp(facts.country, "US") == 0 ||
         strcmp(facts.country, "CA") == 0)) {
        in = facts.region_place; /* as people there say it */
    }
    if (in != LEDE_PLACE_NONE && in != place) {
        lede_gazetteer_get(gazetteer, in, &around);
        lede_buf_put_text(out, ", ");
        lede_buf_put_text(out, around.name);
    }
}

/* A region or district that is called like a town of its country: who asks for
 * Kyiv is not asked about Kyiv Oblast. */
static bool is_its_land(const lede_gazetteer *gazetteer,
                        lede_place_number place, lede_place_number other)
{
    lede_place_facts a, b;

    lede_gazetteer_get(gazetteer, place, &a);
    lede_gazetteer_get(gazetteer, other, &b);
    return a.kind == LEDE_PLACE_TOWN &&
           (b.kind == LEDE_PLACE_REGION || b.kind == LEDE_PLACE_DISTRICT) &&
           strcmp(a.country, b.country) == 0;
}

/* Whether its usual name is this one: Parys is a Paris, too, but hardly meant.
 */
static bool is_called(const lede_gazetteer *gazetteer, lede_place_number place,
                      lede_span name)
{
    lede_place_facts facts;
    lede_buf a = {0}, b = {0};
    bool same;

    lede_gazetteer_get(gazetteer, place, &facts);
    lede_place_key(lede_span_text(facts.name), &a);
    lede_place_key(name, &b);
    same = lede_span_equal(lede_buf_span(&a), lede_buf_span(&b));
    lede_buf_done(&a);
    lede_buf_done(&b);
    return same;
}

/* Says which place is meant if others are about as likely; not of places that
 * are inside it or around it. */
static void tell_of_others(lede_planner *planner, const lede_ast *ast,
                           const places *of)
{
    const lede_gazetteer *gazetteer = planner->source->gazetteer;
    int32_t weight = lede_gazetteer_weight(gazetteer, of->meant);
    lede_buf text = {0};
    size_t i;

    if (of->head.len < ast->text.len) { /* it was said which */
        return;
    }
    for (i = 0; i < of->count; i++) {
        lede_place_number other = of->all[i];

        if (other == of->meant || is_its_land(gazetteer, of->meant, other) ||
            !is_called(gazetteer, other, of->head) ||
            lede_gazetteer_weight(gazetteer, other) + TOLD_WEIGHT < weight ||
            is_inside(gazetteer, other, &of->meant, 1) ||
            is_inside(gazetteer, of->meant, &other, 1)) {
            continue;
        }
        put_place(gazetteer, of->meant, &text);
        lede_buf_put_text(&text, " (or ");
        put_place(gazetteer, other, &text);
        lede_buf_put_text(&text, "?)");
        lede_notes_put(planner->notes, planner->arena, ast->column, "%s",
                       lede_buf_text(&text));
        break;
    }
    planner->no_memory = planner->no_memory || text.failed;
    lede_buf_done(&text);
}

/* A node for entries that have one of these ids in one of the spaces (the
 * second may be NULL); `scores` as words do. */
static lede_node *ids(lede_planner *planner, const lede_ast *ast,
                      const lede_place_number *of, size_t count,
                      const char *space, const char *second, bool scores)
{
    lede_place_facts facts;
    lede_node *node;
    uint32_t leaf;
    size_t i;

    if (count == 0 || planner->leaf_count >= LEDE_TREE_MAX_LEAVES) {
        return NULL;
    }
    node = lede_plan_node(planner, LEDE_NODE_WORD);
    leaf = lede_plan_exact_leaf(planner, (uint32_t)(2 * count), ast->column);
    for (i = 0; i < count && !planner->no_memory; i++) {
        lede_gazetteer_get(planner->source->gazetteer, of[i], &facts);
        lede_plan_add_value(planner, leaf, space, facts.id);
        if (second != NULL) {
            lede_plan_add_value(planner, leaf, second, facts.id);
        }
    }
    if (node == NULL || planner->no_memory) {
        return NULL;
    }
    planner->leaves[leaf].typed = ast->text;
    leaf = lede_plan_settle_leaf(planner);
    planner->leaves[leaf].scores = planner->leaves[leaf].scores || scores;
    node->leaf = leaf;
    return node;
}

/* Those of the name that are not meant, nor inside or around what is meant. */
static size_t others_of(const lede_planner *planner, const places *of,
                        lede_place_number *out)
{
    const lede_gazetteer *gazetteer = planner->source->gazetteer;
    size_t count = 0, i;

    for (i = 0; i < of->count; i++) {
        if (of->all[i] != of->meant &&
            !is_inside(gazetteer, of->all[i], &of->meant, 1) &&
            !is_inside(gazetteer, of->meant, &of->all[i], 1)) {
            out[count++] = of->all[i];
        }
    }
    return count;
}

/* The place in the text by its name as typed, and by its usual one. */
static lede_node *place_text(lede_planner *planner, const lede_ast *ast,
                             lede_span head, lede_place_number meant,
                             bool negated)
{
    lede_node *node = words(planner, ast, head, "", !negated);
    lede_place_facts facts;
    lede_span usual;

    if (meant == LEDE_PLACE_NONE || ast->is_exact) {
        return node;
    }
    lede_gazetteer_get(planner->source->gazetteer, meant, &facts);
    usual = lede_arena_copy(planner->arena, lede_span_text(facts.name));
    if (usual.bytes == NULL) {
        planner->no_memory = true;
        return NULL;
    }
    return join(planner, node, words(planner, ast, usual, "", !negated), false);
}

/* Keeps a place, to tell hits by. */
static void keep_place(lede_planner *planner, const lede_ast *ast,
                       lede_place_number meant, lede_node *known)
{
    struct lede_plan_named *named = keep_named(planner, ast);
    lede_place_facts facts;

    if (named == NULL) {
        return;
    }
    named->known = known;
    if (meant != LEDE_PLACE_NONE) {
        lede_gazetteer_get(planner->source->gazetteer, meant, &facts);
        named->id = lede_arena_copy(planner->arena, lede_span_text(facts.id));
        planner->no_memory = planner->no_memory || named->id.bytes == NULL;
    }
}

static lede_node *place(lede_planner *planner, const lede_ast *ast,
                        bool negated)
{
    places of = {.meant = LEDE_PLACE_NONE, .head = ast->text};
    lede_place_number others[MOST_PLACES];
    lede_node *known, *text, *besides;

    if (!ast->is_exact) {
        of = places_of(planner, ast);
    }
    if (of.meant == LEDE_PLACE_NONE) {
        known = words(planner, ast, ast->text, LEDE_TERM_PLACE, !negated);
        text = words(planner, ast, ast->text, "", !negated);
        besides = words(planner, ast, ast->text, LEDE_TERM_PERSON, false);
        keep_place(planner, ast, of.meant, known);
        return join(planner, known, without(planner, text, besides), false);
    }
    tell_of_others(planner, ast, &of);
    known = ids(planner, ast, &of.meant, 1, LEDE_TERM_PLACE_ID,
                LEDE_TERM_PLACE_INSIDE, !negated);
    keep_place(planner, ast, of.meant, known);
    /* "paris, texas": only so, for Paris alone is another one. */
    text = of.head.len == ast->text.len
               ? place_text(planner, ast, of.head, of.meant, negated)
               : words(planner, ast, ast->text, "", !negated);
    besides = words(planner, ast, of.head, LEDE_TERM_PERSON, false);
    besides = join(planner, besides,
                   ids(planner, ast, others, others_of(planner, &of, others),
                       LEDE_TERM_PLACE_ID, NULL, false),
                   false);
    return join(planner, known, without(planner, text, besides), false);
}

static lede_node *from(lede_planner *planner, const lede_ast *ast, bool negated)
{
    places of = {.meant = LEDE_PLACE_NONE, .head = ast->text};
    lede_place_number others[MOST_PLACES];
    lede_node *known, *named;

    if (!ast->is_exact) {
        of = places_of(planner, ast);
    }
    named = words(planner, ast, of.head, LEDE_TERM_FROM, !negated);
    if (of.meant == LEDE_PLACE_NONE) {
        keep_place(planner, ast, of.meant, named);
        return named;
    }
    tell_of_others(planner, ast, &of);
    known = ids(planner, ast, &of.meant, 1, LEDE_TERM_FROM_ID, NULL, !negated);
    keep_place(planner, ast, of.meant, known);
    if (of.head.len < ast->text.len) {
        return known;
    }
    named = without(planner, named,
                    ids(planner, ast, others, others_of(planner, &of, others),
                        LEDE_TERM_FROM_ID, NULL, false));
    return join(planner, known, named, false);
}

static bool has_id(const lede_span *ids, uint32_t count, lede_span id)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        if (lede_span_equal(ids[i], id)) {
            return true;
        }
    }
    return false;
}

/* A place by its id or by what is around it; else by one of its names. */
static bool is_place(const struct lede_plan_named *named,
                     const lede_named *other)
{
    lede_buf key = {0}, own = {0};
    uint32_t i;
    bool same = false;

    if (named->id.len > 0) {
        return (other->state == LEDE_NAMED_RESOLVED &&
                has_id(other->ids, 1, named->id)) ||
               has_id(other->parents, other->parent_count, named->id);
    }
    lede_place_key(named->typed, &key);
    for (i = 0; i <= other->form_count && !same; i++) {
        lede_buf_clear(&own);
        lede_place_key(i == 0 ? other->name : other->forms[i - 1], &own);
        same = has_words(lede_buf_span(&own), lede_buf_span(&key));
    }
    lede_buf_done(&key);
    lede_buf_done(&own);
    return same;
}

static bool is_person(const struct lede_plan_named *named,
                      const lede_named *other)
{
    lede_buf key = {0}, own = {0};
    uint32_t i;
    bool same = false;

    lede_person_key(other->name, &own);
    for (i = 0; i < named->spelling_count && !same; i++) {
        lede_buf_clear(&key);
        lede_person_key(named->spellings[i], &key);
        same = has_words(lede_buf_span(&own), lede_buf_span(&key));
    }
    lede_buf_done(&key);
    lede_buf_done(&own);
    return same;
}

bool lede_plan_named_is(const struct lede_plan_named *named,
                        const lede_named *other)
{
    if (named->field == LEDE_AST_PERSON) {
        return other->kind == LEDE_NAMED_PERSON && other->mentions > 0 &&
               is_person(named, other);
    }
    return other->kind == LEDE_NAMED_PLACE &&
           (named->field == LEDE_AST_FROM ? other->sources : other->mentions) >
               0 &&
           is_place(named, other);
}

lede_node *lede_plan_name(lede_planner *planner, const lede_ast *ast,
                          bool negated)
{
    switch (ast->field) {
    case LEDE_AST_PERSON:
        return person(planner, ast, negated);
    case LEDE_AST_PLACE:
        return place(planner, ast, negated);
    default:
        return from(planner, ast, negated);
    }
}
