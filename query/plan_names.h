/* plan_names.h - "who is person:x, and where is place:y?"
 *
 * A person or place asked for becomes a tree of its own: entries in which that
 * name was recognised (terms of names, base/entry_terms.h), or that merely have
 * the words, unless these were recognised there as something else. The words
 * alone score next to nothing, so what was recognised comes first.
 *
 *     person:x    NP x, or (of two words) NS x, or NW of a longer name that
 *                 begins and ends with these, as archives without NS have it,
 *                 or x in the text (Capitalised) but not NL x
 *     place:y     the ids that y means and all inside, or y in the text but not
 *                 the ids that y could mean besides, nor NP y, nor NL y of
 *                 another place
 *     place:=y    NL y, or y in the text but not NP y
 *     from:y      the same ids of where it was written, or NR y but not the
 *                 other ids
 *
 * What y means is asked of the table of places: the likeliest place of that
 * name, or of those the one inside z for "y, z". A note tells of others.
 * Corrections (names/corrections.h) hold: plan_corrected.h. =x is only ever x.
 *
 * Private to query/plan*.c.
 *
 * Threads: as the plan. */
#ifndef LEDE_QUERY_PLAN_NAMES_H
#define LEDE_QUERY_PLAN_NAMES_H

#include "query/plan_words.h"
#include "storage/name_list.h"

/* A score next to nothing: in the longest entry, what was recognised weighs
 * more. */
#define LEDE_WEAK_BOOST 0.02

enum { LEDE_PLAN_NAMES_MOST = 32, LEDE_PLAN_SPELLINGS_MOST = 16 };

/* A name of the query, to tell what of a hit answers it. */
struct lede_plan_named {
    int field;
    lede_span typed;
    uint32_t column;
    bool is_excluded; /* none of it answers the query */
    bool is_exact;    /* =x */
    bool is_near;     /* it is an operand of NEAR: only the text has it */
    lede_node *known; /* it was recognised as such; or NULL */
    lede_node *text;  /* the words stand there; or NULL */
    lede_span keys[LEDE_PLAN_SPELLINGS_MOST]; /* how it may be written, as names
                                                 are compared; typed first */
    uint32_t spelling_count;
    lede_span id;            /* of the place that is meant, or empty */
    lede_place_number meant; /* the same, or LEDE_PLACE_NONE */
    const lede_gazetteer *gazetteer;
    const lede_corrections *corrections; /* NULL for =x */
    const struct lede_added *added;
};

/* Whether a person or place of the list of the entry with a key is one that was
 * asked for, as corrections have it. False, too, when out of memory. */
bool lede_plan_named_is(const struct lede_plan_named *named,
                        const lede_named *other, uint64_t entry);
/* Whether the entry with this list of names speaks of it. */
bool lede_plan_named_speaks(const struct lede_plan_named *named, lede_span list,
                            uint64_t entry);

/* The words of a name in a space of names (base/entry_terms.h), or in the text
 * with `space` "": NULL if it has none. */
lede_node *lede_plan_name_words(lede_planner *planner, const lede_ast *ast,
                                lede_span name, const char *space, bool scores);

/* A GROUP of those of two nodes that are not NULL. */
lede_node *lede_plan_name_join(lede_planner *planner, lede_node *a,
                               lede_node *b, bool needs_both);
/* `node` but not `other`, which may be NULL. */
lede_node *lede_plan_name_without(lede_planner *planner, lede_node *node,
                                  lede_node *other);
/* Keeps a name, to tell hits by. If there are too many, it is made in `spare`
 * and hits are not told by it. */
struct lede_plan_named *lede_plan_keep_named(lede_planner *planner,
                                             const lede_ast *ast,
                                             struct lede_plan_named *spare);
/* How it may be written: as an entry's names are compared. */
void lede_plan_keep_key(lede_planner *planner, struct lede_plan_named *named,
                        lede_span spelling);
/* Lays corrections over what was recognised and what the texts have. */
lede_node *lede_plan_name_correct(lede_planner *planner,
                                  struct lede_plan_named *named,
                                  lede_node *known, lede_node *text);

/* All that a person is asked for by: without titles in *ast, other names in
 * *out behind that (query/plan_people.c). */
struct lede_corrected_names;
void lede_plan_person_names(lede_planner *planner, lede_ast *ast,
                            struct lede_corrected_names *out);
/* The node of person:x. */
lede_node *lede_plan_person(lede_planner *planner, const lede_ast *ast,
                            bool negated);

/* An operand of NEAR: the name as the text has it, which alone has places for
 * it; by its other names, too. */
lede_node *lede_plan_name_near(lede_planner *planner, const lede_ast *ast,
                               bool negated);

/* The node of a text with the field LEDE_AST_PERSON, LEDE_AST_PLACE or
 * LEDE_AST_FROM; NULL if it asks for nothing. */
lede_node *lede_plan_name(lede_planner *planner, const lede_ast *ast,
                          bool negated);

#endif
