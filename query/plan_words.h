/* plan_words.h - "which words are these, and what may stand for them?"
 *
 * The part of the plan that knows words: typed text to tokens, tokens to
 * leaves, leaves to nodes. Private to query/plan*.c.
 *
 * Threads: as the plan. */
#ifndef LEDE_QUERY_PLAN_WORDS_H
#define LEDE_QUERY_PLAN_WORDS_H

#include "query/plan.h"

/* Of a leaf, while it is planned. */
typedef struct lede_planned_leaf {
    uint64_t entry_count; /* + 1; 0: not looked up */
    double boost;         /* the largest typed for it */
} lede_planned_leaf;

typedef struct lede_planner {
    lede_span query;
    const lede_plan_source *source;
    lede_analyzer *analyzer;
    lede_arena *arena;
    lede_notes *notes;
    lede_leaf *leaves;
    lede_planned_leaf *planned; /* of each */
    uint32_t leaf_count, leaf_cap;
    uint32_t size; /* nodes and slots in use */
    bool is_full;  /* which was told */
    bool no_memory;
    double boost;       /* of what is being planned */
    uint32_t patterns;  /* looked up in the archive's words */
    uint32_t spelled;   /* words of people looked up in other spellings */
    lede_status status; /* of reading the archive's words */
    lede_error *err;
    bool is_near; /* what is planned is an operand of NEAR or its kin */
    uint64_t language_entries[LEDE_LANGUAGE_COUNT]; /* + 1; 0: not looked up */
    const char *name_space; /* of the words at hand: a prefix of names, "" for
                               a name in the text, or NULL */
    uint32_t name_column;
    bool is_alias;     /* they are another name of what was typed, ... */
    double worth;      /* ... worth so much (lede_leaf) */
    bool is_aside;     /* they are the other spelling of a compound */
    bool is_only_text; /* they stand for a name that is only in the text */
    struct lede_plan_named *named;
    uint32_t named_count;
} lede_planner;

/* Weights inside of each other multiply, up to the largest that can be typed;
 * the caller puts the one of before back. */
static inline void lede_plan_boost(lede_planner *planner, double boost)
{
    planner->boost *= boost;
    if (planner->boost > LEDE_BOOST_MOST) {
        planner->boost = LEDE_BOOST_MOST;
    }
}

/* The words of one run: what stands for them, and what to call them. */
typedef struct lede_plan_run {
    lede_node *node;
    lede_span typed;
    lede_span key;
} lede_plan_run;

typedef struct lede_plan_runs {
    lede_plan_run *items;
    uint32_t count;
} lede_plan_runs;

/* The runs of a WORD or PHRASE: text that a comma or the like does not divide.
 * Leaves score unless `negated`. */
lede_plan_runs lede_plan_text(lede_planner *planner, const lede_ast *ast,
                              bool negated);

lede_node *lede_plan_node(lede_planner *planner, lede_node_type type);
void *lede_plan_array(lede_planner *planner, size_t count, size_t bytes);
/* Tells, once, that nothing from `column` on fits into the tree. */
void lede_plan_tell_full(lede_planner *planner, size_t column);
/* The like of NEAR, with room for `cap` operands. */
lede_node *lede_plan_near(lede_planner *planner, lede_near_how how,
                          uint32_t distance, uint32_t cap);
/* Gives back the size of a node that is not used after all. */
void lede_plan_drop(lede_planner *planner, const lede_node *node);

/* A term of the dictionary; empty bytes when out of memory (noted). */
lede_span lede_plan_join_term(lede_planner *planner, const char *prefix,
                              lede_span word);

/* A copy of the leaf, as one of the query's; its boost is the one typed. */
uint32_t lede_plan_put_leaf(lede_planner *planner, const lede_leaf *leaf);
/* Drops the leaves from `first` on, which no node may have. */
void lede_plan_forget_leaves(lede_planner *planner, uint32_t first);

/* A leaf of exact values, which does not score, with room for `cap` of them;
 * they are put in ascending order, at least one. */
uint32_t lede_plan_exact_leaf(lede_planner *planner, uint32_t cap,
                              uint32_t column);
void lede_plan_put_value(lede_planner *planner, uint32_t leaf,
                         const char *prefix, const char *value);
/* The same in any order, and what is there already is not put again. */
void lede_plan_add_value(lede_planner *planner, uint32_t leaf,
                         const char *prefix, const char *value);
/* The leaf with the values of the newest one: that, or an older one, and the
 * newest is gone. */
uint32_t lede_plan_settle_leaf(lede_planner *planner);

#endif
