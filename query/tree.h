/* tree.h - "what does the query ask, once it is understood?"
 *
 * The query after parsing and analysis: independent of any segment, the one
 * thing that an engine gets ("run this tree, give me hits and totals"). It has
 * two halves. The tree of nodes says which entries match. The leaves say what
 * text adds to the score: score(d) sums BM25 over all scoring leaves that occur
 * in d, in the order typed, whatever branch of the tree made d match.
 *
 * A leaf is one typed word: the synonym group of its stems in the archive's
 * languages (frequencies added; document frequency: the largest of the group).
 * A node that needs a word names its leaf and may add constraints: the forms
 * that count (exact words, letter case) and the default fields.
 *
 * Threads: read-only once built; lives in an arena. */
#ifndef LEDE_QUERY_TREE_H
#define LEDE_QUERY_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/entry_terms.h"
#include "base/span.h"
#include "query/dates.h"
#include "query/near.h"

enum {
    LEDE_TREE_MAX_LEAVES = 256,
    LEDE_TREE_MAX_SIZE = 4096, /* nodes and slots, about */
    LEDE_TREE_MAX_DEPTH = 64,
    LEDE_ALL_FIELDS = (1 << LEDE_DEFAULT_FIELDS) - 1
};

typedef struct lede_leaf {
    lede_span typed;  /* as typed, for messages */
    uint32_t column;  /* where in the query, in bytes */
    lede_span word;   /* folded; for an exact leaf the form that must stand */
    lede_span *terms; /* dictionary terms, with prefix; distinct, sorted */
    uint32_t term_count;
    lede_span *forms; /* the folded words that fit, sorted, where many do (a
                         pattern); else NULL, and `word` is the only one */
    uint32_t form_count;
    bool is_whole;  /* it is no pattern, and no other term of the archive has
                       `word` as a form; of  default fields */
    bool scores;    /* adds to the text score (false: filters, -word) */
    bool is_weak;   /* only stands in for a name: plan_names.h */
    bool is_aside;  /* the other spelling of a compound, as a closed form or in
                       parts, which scores less: no word by itself */
    bool is_alias;  /* another name of what was typed, or an id for it; ... */
    double worth;   /* ... what each point of its rarity is worth beside that
                       of what was typed; 0: as much */
    bool is_part;   /* some of the word's stems only: plan_languages.h; ... */
    uint32_t languages; /* ... of which these are only looked for in entries of
                           these languages (a bit set); else 0 */
    bool is_learnt; /* not typed, but shared by the best hits (feedback.h) */
    double boost;   /* factor on its part of the score; 1 unless asked */
} lede_leaf;

typedef enum lede_node_type {
    LEDE_NODE_WORD,   /* leaf `leaf` occurs, in a form and field that count */
    LEDE_NODE_PHRASE, /* its slots stand one behind the other */
    LEDE_NODE_NEAR,   /* its children stand as `near` says: words, phrases and
                         groups that need one of these */
    LEDE_NODE_GROUP,  /* at least `need` of the children: AND needs all, OR 1 */
    LEDE_NODE_NOT,    /* entries that the one child does not match */
    LEDE_NODE_TIME,   /* published in `period` (unknown dates never) */
    LEDE_NODE_ENTRIES, /* is one of these: `keys` */
    LEDE_NODE_UPDATED, /* last changed in `period`, by its instants (never: not
                          known) */
    LEDE_NODE_TERM,    /* has an exact value of `leaf` (kind, month and day) */
    LEDE_NODE_ALL,
    LEDE_NODE_NONE
} lede_node_type;

/* Whether a node, with all below it, is what became of a name asked for. */
typedef enum lede_node_name {
    LEDE_NODE_NO_NAME = 0,
    LEDE_NODE_PERSON,
    LEDE_NODE_PLACE
} lede_node_name;

/* Which occurrences of a leaf count. */
typedef struct lede_constraint {
    bool exact;           /* the form's word must be one of the leaf's */
    lede_case case_least; /* LOWER: any; CAPITAL: capital or upper; UPPER */
    uint8_t fields; /* set of default fields; LEDE_ALL_FIELDS = any; ignored
                       for terms of by-field-only fields */
} lede_constraint;

typedef struct lede_slot {
    uint32_t leaf;
    lede_constraint constraint;
} lede_slot;

typedef struct lede_node lede_node;
struct lede_node {
    lede_node_type type;
    lede_node_name name;
    bool plain;    /* a plain word of the top level: relaxation may drop it */
    uint32_t leaf; /* WORD, TERM */
    lede_constraint constraint; /* WORD */
    lede_slot *slots;           /* PHRASE: slot i + 1 stands at the position of
                                   slot i + the width of the form there */
    uint32_t slot_count;
    lede_node **children; /* GROUP, NOT */
    uint32_t child_count;
    uint32_t need;        /* GROUP: 1 .. child_count */
    lede_near near;       /* NEAR */
    lede_period period;   /* TIME, UPDATED */
    const uint64_t *keys; /* ENTRIES: ascending */
    uint32_t key_count;
};

typedef struct lede_tree {
    lede_node *root; /* never NULL */
    lede_leaf *leaves;
    uint32_t leaf_count;
    bool has_time; /* a date filter was typed: recency is off by default */
} lede_tree;

/* Whether a folded word is one that an exact occurrence of the leaf has. */
static inline bool lede_leaf_has_form(const lede_leaf *leaf, lede_span word)
{
    uint32_t low = 0;
    uint32_t high = leaf->form_count;

    if (leaf->forms == NULL) {
        return lede_span_equal(leaf->word, word);
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (lede_span_compare(leaf->forms[middle], word) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < leaf->form_count && lede_span_equal(leaf->forms[low], word);
}

#endif
