#include "query/plan_names.h"

#include <string.h>

#include "names/variants.h"
#include "query/plan_corrected.h"
#include "query/plan_spellings.h"

enum {
    MOST_PLACES = 64 /* of one name */
};

/* Another place is told of if it is not more than some 3,000 times less likely
 * (lede_gazetteer_weight): Paris, Texas is, a village is not. */
enum { TOLD_WEIGHT = 3000 };

enum {
    ASKED_PLACES = 8, /* of a name: whether the archive has them */
    /* What a place that goes by the name besides is less likely. */
    FOR_USUAL = 5 * 256,
    FOR_DOUBLE = 256 /* twice as many entries count as twice as likely */
};

/* --- Places -----------------------------------------------------------------
 */

typedef enum typed_as { TYPED_NAME, TYPED_WHERE, TYPED_ID } typed_as;

typedef struct places {
    lede_place_number all[MOST_PLACES]; /* of the name, likeliest first */
    size_t count;
    lede_place_number meant; /* LEDE_PLACE_NONE: none is known */
    lede_span head; /* "paris" of "paris, texas"; the usual name of an id */
    typed_as typed;
} places;

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
        if (lede_place_is_inside(gazetteer, out->all[i], around, count)) {
            out->meant = out->all[i];
            out->typed = TYPED_WHERE;
            return true;
        }
    }
    return false;
}

/* What corrections say that a place means, or a name that the table has not:
 * itself, if nothing else. */
static lede_place_number usual_place(const lede_planner *planner,
                                     lede_place_number place, lede_span typed)
{
    const lede_gazetteer *gazetteer = planner->source->gazetteer;
    lede_place_facts facts;
    lede_place_number other;
    lede_span usual;

    if (planner->source->corrections == NULL || gazetteer == NULL) {
        return place;
    }
    if (place != LEDE_PLACE_NONE) {
        lede_gazetteer_get(gazetteer, place, &facts);
        typed = lede_span_text(facts.id);
    }
    lede_corrections_usual(planner->source->corrections, LEDE_NAME_PLACE, typed,
                           &usual);
    other = lede_place_by_id(gazetteer, usual);
    return other == LEDE_PLACE_NONE ? place : other;
}

/* The usual name of a place, and what else is called so. */
static void find_by_id(lede_planner *planner, places *out)
{
    const lede_gazetteer *gazetteer = planner->source->gazetteer;
    lede_place_facts facts;

    lede_gazetteer_get(gazetteer, out->meant, &facts);
    out->typed = TYPED_ID;
    out->head = lede_arena_copy(planner->arena, lede_span_text(facts.name));
    planner->no_memory = planner->no_memory || out->head.bytes == NULL;
    out->count =
        lede_gazetteer_find(gazetteer, out->head, out->all, MOST_PLACES);
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

/* In how many entries the archive has a place, or (`with_inside`) what is
 * inside it. */
static uint64_t entries_with(lede_planner *planner, lede_place_number place,
                             bool is_from, bool with_inside)
{
    const lede_plan_source *source = planner->source;
    const char *const spaces[] = {is_from ? LEDE_TERM_FROM_ID
                                          : LEDE_TERM_PLACE_ID,
                                  LEDE_TERM_PLACE_INSIDE};
    lede_place_facts facts;
    uint64_t most = 0;

    lede_gazetteer_get(source->gazetteer, place, &facts);
    for (int i = 0; i < (with_inside ? 2 : 1); i++) {
        lede_span term =
            lede_plan_join_term(planner, spaces[i], lede_span_text(facts.id));
        uint64_t count =
            term.bytes == NULL ? 0 : source->entry_count(source->ctx, term);

        most = count > most ? count : most;
    }
    return most;
}

/* A place that a name may mean. */
typedef struct meaning {
    lede_place_number place;
    bool is_called; /* it is its usual name */
    uint64_t entries;
    int32_t weight;
} meaning;

/* Whether it has another meaning inside: all entries with New York, the city,
 * have what is inside the state, and say nothing for the state. */
static bool has_inside(const lede_gazetteer *gazetteer, const meaning *m,
                       const meaning *all, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (all[i].place != m->place &&
            lede_place_is_inside(gazetteer, all[i].place, &m->place, 1)) {
            return true;
        }
    }
    return false;
}

/* Entries with a place of another name say nothing of this one. */
static void weigh_by_entries(lede_planner *planner, meaning *m, bool is_from,
                             bool with_inside)
{
    m->entries = entries_with(planner, m->place, is_from, with_inside);
    if (m->is_called && m->entries > 0) {
        m->weight += FOR_DOUBLE * (63 - __builtin_clzll(m->entries));
    }
}

static bool is_likelier(const meaning *a, const meaning *b)
{
    return (a->entries > 0) != (b->entries > 0) ? a->entries > 0
                                                : a->weight > b->weight;
}

/* Which of the places of a name is meant: one that the archive has, before all
 * that it has not; of these the likeliest, by what it is, how usual the name is
 * for it, and how often the archive has it. Those far less likely are not asked
 * about. */
static lede_place_number likeliest(lede_planner *planner, const lede_ast *ast,
                                   const places *of)
{
    const lede_gazetteer *gazetteer = planner->source->gazetteer;
    int32_t top = lede_gazetteer_weight(gazetteer, of->all[0]);
    bool is_from = ast->field == LEDE_AST_FROM;
    meaning all[ASKED_PLACES];
    uint32_t count = 0, best = 0;

    for (size_t i = 0; i < of->count && count < ASKED_PLACES; i++) {
        meaning *m = &all[count];

        *m = (meaning){.place = of->all[i],
                       .is_called = is_called(gazetteer, of->all[i], of->head),
                       .weight = lede_gazetteer_weight(gazetteer, of->all[i])};
        if (m->weight + TOLD_WEIGHT < top) {
            break; /* weightiest first */
        }
        m->weight -= m->is_called ? 0 : FOR_USUAL;
        count++;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (count > 1 && planner->source->entry_count != NULL) {
            weigh_by_entries(planner, &all[i], is_from,
                             !is_from &&
                                 !has_inside(gazetteer, &all[i], all, count));
        }
        best = is_likelier(&all[i], &all[best]) ? i : best;
    }
    return all[best].place;
}

static places places_of(lede_planner *planner, const lede_ast *ast)
{
    const lede_gazetteer *gazetteer = planner->source->gazetteer;
    places out = {.meant = LEDE_PLACE_NONE, .head = ast->text};

    if (gazetteer == NULL || find_qualified(gazetteer, ast->text, &out)) {
        return out;
    }
    out.head = ast->text;
    out.meant = lede_place_by_id(gazetteer, ast->text);
    if (out.meant != LEDE_PLACE_NONE) {
        find_by_id(planner, &out);
        return out;
    }
    out.count = lede_gazetteer_find(gazetteer, ast->text, out.all, MOST_PLACES);
    if (out.count > 0) {
        out.meant = likeliest(planner, ast, &out);
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

/* Says what a few letters are read as: LA, but no country, which all know. */
static void tell_of_letters(lede_planner *planner, const lede_ast *ast,
                            const places *of)
{
    enum { FEW = 3 };
    const lede_gazetteer *gazetteer = planner->source->gazetteer;
    lede_place_facts facts;
    lede_buf key = {0}, text = {0};

    lede_gazetteer_get(gazetteer, of->meant, &facts);
    lede_place_key(of->head, &key);
    if (key.len <= FEW && facts.kind != LEDE_PLACE_COUNTRY &&
        !is_called(gazetteer, of->meant, of->head)) {
        put_place(gazetteer, of->meant, &text);
        lede_notes_put(planner->notes, planner->arena, ast->column,
                       "read as %s; place:=%.*s asks for these letters",
                       text.failed ? "" : lede_buf_text(&text),
                       (int)of->head.len, (const char *)of->head.bytes);
    }
    planner->no_memory = planner->no_memory || key.failed || text.failed;
    lede_buf_done(&key);
    lede_buf_done(&text);
}

/* Of areas of several countries the table does not say which are in it. */
static void tell_of_area(lede_planner *planner, const lede_ast *ast,
                         const places *of)
{
    enum { MANY_PEOPLE = 40 * 1000 * 1000 }; /* no sea counts as so many */
    lede_place_facts facts;

    lede_gazetteer_get(planner->source->gazetteer, of->meant, &facts);
    if (facts.kind == LEDE_PLACE_AREA && facts.country[0] == '\0' &&
        facts.population >= MANY_PEOPLE) {
        lede_notes_put(planner->notes, planner->arena, ast->column,
                       "%s is found where it is named, not by the countries "
                       "in it: ask for these, too (OR place:...)",
                       facts.name);
    }
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

    if (of->typed != TYPED_NAME) { /* it was said which */
        return;
    }
    tell_of_letters(planner, ast, of);
    tell_of_area(planner, ast, of);
    for (i = 0; i < of->count; i++) {
        lede_place_number other = of->all[i];

        if (other == of->meant ||
            usual_place(planner, other, of->head) == of->meant ||
            is_its_land(gazetteer, of->meant, other) ||
            !is_called(gazetteer, other, of->head) ||
            lede_gazetteer_weight(gazetteer, other) + TOLD_WEIGHT < weight ||
            lede_place_is_inside(gazetteer, other, &of->meant, 1) ||
            lede_place_is_inside(gazetteer, of->meant, &other, 1)) {
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

static bool is_id(const lede_planner *planner, lede_span name)
{
    return lede_place_by_id(planner->source->gazetteer, name) !=
           LEDE_PLACE_NONE;
}

/* The term of a place that means the one asked for. Where entries were written
 * has no term of a whole name: besides_of. */
static void add_besides(lede_planner *planner, const lede_ast *ast,
                        uint32_t leaf, lede_span name)
{
    bool is_from = ast->field == LEDE_AST_FROM;
    lede_buf key = {0};

    if (is_from && !is_id(planner, name)) {
        return;
    }
    lede_correction_key(LEDE_NAME_PLACE, name, &key);
    if (lede_buf_text(&key) == NULL) {
        planner->no_memory = true;
    } else {
        lede_plan_add_value(planner, leaf,
                            is_from                ? LEDE_TERM_FROM_ID
                            : is_id(planner, name) ? LEDE_TERM_PLACE_ID
                                                   : LEDE_TERM_PLACE_WHOLE,
                            lede_buf_text(&key));
    }
    lede_buf_done(&key);
}

/* A node for entries that have one of these ids in one of the spaces (the
 * second may be NULL), or a place that means them besides (or NULL); `scores`
 * as words do. */
static lede_node *ids(lede_planner *planner, const lede_ast *ast,
                      const lede_place_number *of, size_t count,
                      const char *space, const char *second,
                      const lede_corrected_names *besides, bool scores)
{
    lede_place_facts facts;
    lede_node *node;
    uint32_t leaf;
    size_t i, room = 2 * count + (besides == NULL ? 0 : besides->count);

    if (count == 0 || planner->leaf_count >= LEDE_TREE_MAX_LEAVES) {
        return NULL;
    }
    node = lede_plan_node(planner, LEDE_NODE_WORD);
    leaf = lede_plan_exact_leaf(planner, (uint32_t)room, ast->column);
    for (i = 0; i < count && !planner->no_memory; i++) {
        lede_gazetteer_get(planner->source->gazetteer, of[i], &facts);
        lede_plan_add_value(planner, leaf, space, facts.id);
        if (second != NULL) {
            lede_plan_add_value(planner, leaf, second, facts.id);
        }
    }
    for (i = 1; besides != NULL && i < besides->count; i++) {
        add_besides(planner, ast, leaf, besides->items[i]);
    }
    if (node == NULL || planner->no_memory) {
        return NULL;
    }
    planner->leaves[leaf].typed = ast->text;
    planner->leaves[leaf].is_alias =
        lede_place_by_id(planner->source->gazetteer, ast->text) ==
        LEDE_PLACE_NONE;
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
            !lede_place_is_inside(gazetteer, of->all[i], &of->meant, 1) &&
            !lede_place_is_inside(gazetteer, of->meant, &of->all[i], 1)) {
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
    lede_node *node = lede_plan_name_words(planner, ast, head, "", !negated),
              *other;
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
    planner->is_alias = true;
    other = lede_plan_name_words(planner, ast, usual, "", !negated);
    planner->is_alias = false;
    return lede_plan_name_join(planner, node, other, false);
}

/* A place that the table does not know may be shown under another name. */
static void keep_usual(lede_planner *planner, struct lede_plan_named *named)
{
    lede_span usual;

    lede_corrections_usual(named->corrections, LEDE_NAME_PLACE, named->typed,
                           &usual);
    if (usual.len > 0 && !lede_span_equal(usual, named->typed)) {
        lede_plan_keep_key(planner, named, usual);
    }
}

/* Keeps a place, to tell hits by. */
static struct lede_plan_named *keep_place(lede_planner *planner,
                                          const lede_ast *ast, const places *of,
                                          struct lede_plan_named *spare)
{
    struct lede_plan_named *named = lede_plan_keep_named(planner, ast, spare);
    lede_place_facts facts;

    if (of->meant != LEDE_PLACE_NONE) {
        lede_gazetteer_get(planner->source->gazetteer, of->meant, &facts);
        named->id = lede_arena_copy(planner->arena, lede_span_text(facts.id));
        named->meant = of->meant;
        planner->no_memory = planner->no_memory || named->id.bytes == NULL;
    } else if (named->corrections != NULL) {
        keep_usual(planner, named);
    }
    return named;
}

/* Names that mean the place asked for, in the space of names or (ids) in its
 * space of ids. */
static lede_node *besides_of(lede_planner *planner, const lede_ast *ast,
                             const lede_corrected_names *besides,
                             const char *space, const char *id_space,
                             bool negated)
{
    lede_node *node = NULL;
    uint32_t i;

    planner->is_alias = true;
    for (i = 1; i < besides->count && !planner->no_memory; i++) {
        lede_place_number place =
            lede_place_by_id(planner->source->gazetteer, besides->items[i]);
        lede_node *one =
            place == LEDE_PLACE_NONE
                ? lede_plan_name_words(planner, ast, besides->items[i], space,
                                       !negated)
            : id_space != NULL
                ? ids(planner, ast, &place, 1, id_space, NULL, NULL, !negated)
                : NULL;

        node = lede_plan_name_join(planner, node, one, false);
    }
    planner->is_alias = false;
    return node;
}

/* A place that the table does not know, or as it is written. */
static lede_node *unknown_place(lede_planner *planner, const lede_ast *ast,
                                struct lede_plan_named *named, bool negated)
{
    lede_corrected_names besides = {.items = {ast->text}, .count = 1};
    lede_node *known, *text, *not_place;

    if (!ast->is_exact) {
        lede_plan_places(planner, named, &besides);
    }
    known = lede_plan_name_words(planner, ast, ast->text, LEDE_TERM_PLACE,
                                 !negated);
    known =
        lede_plan_name_join(planner, known,
                            besides_of(planner, ast, &besides, LEDE_TERM_PLACE,
                                       LEDE_TERM_PLACE_ID, negated),
                            false);
    text = lede_plan_name_words(planner, ast, ast->text, "", !negated);
    not_place =
        lede_plan_name_words(planner, ast, ast->text, LEDE_TERM_PERSON, false);
    return lede_plan_name_correct(
        planner, named, known,
        lede_plan_name_without(planner, text, not_place));
}

static lede_node *place(lede_planner *planner, const lede_ast *ast,
                        bool negated)
{
    places of = {.meant = LEDE_PLACE_NONE, .head = ast->text};
    lede_place_number others[MOST_PLACES];
    lede_corrected_names besides;
    struct lede_plan_named spare, *named;
    lede_node *known, *text, *not_place, *other_word;

    if (!ast->is_exact) {
        of = places_of(planner, ast);
        of.meant = usual_place(planner, of.meant, ast->text);
    }
    named = keep_place(planner, ast, &of, &spare);
    if (of.meant == LEDE_PLACE_NONE) {
        return unknown_place(planner, ast, named, negated);
    }
    tell_of_others(planner, ast, &of);
    lede_plan_places(planner, named, &besides);
    if (of.typed == TYPED_NAME && besides.count < LEDE_PLAN_SPELLINGS_MOST) {
        /* A place that is called so, whichever it is. */
        besides.items[besides.count++] = of.head;
    }
    known = ids(planner, ast, &of.meant, 1, LEDE_TERM_PLACE_ID,
                LEDE_TERM_PLACE_INSIDE, &besides, !negated);
    /* "paris, texas": only so, for Paris alone is another one. */
    text = of.typed != TYPED_WHERE
               ? place_text(planner, ast, of.head, of.meant, negated)
               : lede_plan_name_words(planner, ast, ast->text, "", !negated);
    not_place =
        lede_plan_name_words(planner, ast, of.head, LEDE_TERM_PERSON, false);
    /* New York is no York: the word is that of another place. */
    other_word = lede_plan_name_without(
        planner,
        lede_plan_name_words(planner, ast, of.head, LEDE_TERM_PLACE, false),
        ids(planner, ast, &of.meant, 1, LEDE_TERM_PLACE_ID,
            LEDE_TERM_PLACE_INSIDE, &besides, false));
    not_place = lede_plan_name_join(planner, not_place, other_word, false);
    not_place = lede_plan_name_join(planner, not_place,
                                    ids(planner, ast, others,
                                        others_of(planner, &of, others),
                                        LEDE_TERM_PLACE_ID, NULL, NULL, false),
                                    false);
    return lede_plan_name_correct(
        planner, named, known,
        lede_plan_name_without(planner, text, not_place));
}

static lede_node *from(lede_planner *planner, const lede_ast *ast, bool negated)
{
    places of = {.meant = LEDE_PLACE_NONE, .head = ast->text};
    lede_corrected_names besides = {.items = {ast->text}, .count = 1};
    lede_place_number others[MOST_PLACES];
    struct lede_plan_named spare, *named;
    lede_node *known, *text;

    if (!ast->is_exact) {
        of = places_of(planner, ast);
        of.meant = usual_place(planner, of.meant, ast->text);
    }
    named = keep_place(planner, ast, &of, &spare);
    if (!ast->is_exact) {
        lede_plan_places(planner, named, &besides);
    }
    text =
        lede_plan_name_words(planner, ast, of.head, LEDE_TERM_FROM, !negated);
    known = besides_of(planner, ast, &besides, LEDE_TERM_FROM,
                       of.meant == LEDE_PLACE_NONE ? LEDE_TERM_FROM_ID : NULL,
                       negated);
    if (of.meant == LEDE_PLACE_NONE) {
        return lede_plan_name_correct(
            planner, named, lede_plan_name_join(planner, text, known, false),
            NULL);
    }
    tell_of_others(planner, ast, &of);
    known =
        lede_plan_name_join(planner,
                            ids(planner, ast, &of.meant, 1, LEDE_TERM_FROM_ID,
                                NULL, &besides, !negated),
                            known, false);
    text = of.typed == TYPED_WHERE
               ? NULL
               : lede_plan_name_without(
                     planner, text,
                     ids(planner, ast, others, others_of(planner, &of, others),
                         LEDE_TERM_FROM_ID, NULL, NULL, false));
    return lede_plan_name_correct(planner, named, known, text);
}

/* A choice of the names in the text. */
static lede_node *near_choice(lede_planner *planner, const lede_ast *ast,
                              const lede_corrected_names *who,
                              struct lede_plan_named *named, bool negated)
{
    lede_node *group = lede_plan_node(planner, LEDE_NODE_GROUP);
    double boost = planner->boost;

    if (group == NULL) {
        return NULL;
    }
    group->children =
        lede_plan_array(planner, who->count, sizeof group->children[0]);
    planner->is_only_text = true;
    for (uint32_t i = 0; i < who->count && group->children != NULL; i++) {
        lede_node *words;

        planner->is_alias = i > 0;
        if (i > 0) {
            planner->boost = boost * LEDE_OTHER_NAME_WORTH;
            lede_plan_keep_key(planner, named, who->items[i]);
        }
        words = lede_plan_name_words(planner, ast, who->items[i], "", !negated);
        if (words != NULL) {
            group->children[group->child_count++] = words;
        }
    }
    planner->boost = boost;
    planner->is_alias = planner->is_only_text = false;
    group->need = 1;
    if (group->child_count > 1) {
        return group;
    }
    planner->size--;
    return group->child_count == 1 ? group->children[0] : NULL;
}

/* A place by the name typed and its usual one. */
static void near_place(lede_planner *planner, const lede_ast *ast,
                       const places *of, lede_corrected_names *out)
{
    lede_place_facts facts;

    *out = (lede_corrected_names){
        .items = {of->typed == TYPED_WHERE ? ast->text : of->head}, .count = 1};
    if (of->meant == LEDE_PLACE_NONE || of->typed == TYPED_WHERE) {
        return;
    }
    lede_gazetteer_get(planner->source->gazetteer, of->meant, &facts);
    if (!is_called(planner->source->gazetteer, of->meant, of->head)) {
        out->items[out->count] =
            lede_arena_copy(planner->arena, lede_span_text(facts.name));
        planner->no_memory = planner->no_memory || out->items[1].bytes == NULL;
        out->count += !planner->no_memory;
    }
}

lede_node *lede_plan_name_near(lede_planner *planner, const lede_ast *ast,
                               bool negated)
{
    places of = {.meant = LEDE_PLACE_NONE, .head = ast->text};
    lede_corrected_names who = {.items = {ast->text}, .count = 1};
    struct lede_plan_named spare, *named;
    lede_ast as = *ast;

    if (ast->field == LEDE_AST_PERSON) {
        lede_plan_person_names(planner, &as, &who);
        named = lede_plan_keep_named(planner, &as, &spare);
    } else {
        if (!ast->is_exact) {
            of = places_of(planner, ast);
            of.meant = usual_place(planner, of.meant, ast->text);
        }
        near_place(planner, ast, &of, &who);
        named = keep_place(planner, ast, &of, &spare);
    }
    named->is_near = true;
    named->is_excluded = negated;
    named->text = near_choice(planner, &as, &who, named, negated);
    return named->text;
}

lede_node *lede_plan_name(lede_planner *planner, const lede_ast *ast,
                          bool negated)
{
    uint32_t before = planner->named_count;
    lede_node *node =
        ast->field == LEDE_AST_PERSON  ? lede_plan_person(planner, ast, negated)
        : ast->field == LEDE_AST_PLACE ? place(planner, ast, negated)
                                       : from(planner, ast, negated);

    for (; before < planner->named_count; before++) {
        planner->named[before].is_excluded = negated;
    }
    if (node != NULL && ast->field != LEDE_AST_FROM) {
        node->name =
            ast->field == LEDE_AST_PERSON ? LEDE_NODE_PERSON : LEDE_NODE_PLACE;
    }
    return node;
}
