/* match_node.h - "does this entry match, and which could be next?"
 *
 * The tree compiled for one segment: the general way to match, for whatever
 * the fast paths have no shape for, and the exact check of an entry that they
 * found. Two questions, both asked with entries that never go back:
 *
 *   advance  the first entry >= target that may match: cheap, by the lists
 *            alone (a phrase counts as its words, a constraint as its word, NOT
 *            as everything);
 *   matches  whether an entry really does.
 *
 * Threads: belongs to one run. */
#ifndef LEDE_QUERY_MATCH_NODE_H
#define LEDE_QUERY_MATCH_NODE_H

#include "query/match_list.h"

/* One list of a leaf, under a constraint. */
typedef struct lede_match_cursor {
    lede_match_list list;
    const bool *wanted;    /* which of its forms count; NULL: all */
    const uint8_t *widths; /* of its forms; NULL: all 1 */
    uint8_t fields;        /* which fields count; 0: all */
    uint32_t forms_block, fields_block; /* which blocks these are of */
    bool with_forms[LEDE_BLOCK_POSTINGS];
    uint8_t field_masks[LEDE_BLOCK_POSTINGS];
    lede_position_reader reader;
    bool reading;  /* the reader is open */
    uint8_t field; /* the list is of this field by name; 0: of default ones */
    struct lede_match_cursor *next_reading;
} lede_match_cursor;

/* A leaf under a constraint. */
typedef struct lede_match_word {
    lede_match_cursor *cursors;
    uint32_t cursor_count;
    bool implied; /* PHRASE: entries of its pairs have it */
} lede_match_word;

typedef struct lede_match_node lede_match_node;
struct lede_match_node {
    lede_node_type type;    /* TERM is compiled to WORD; and UPDATED, ENTRIES,
                               a WORD that is read to its end, and groups of
                               such, to what TERM stands for here: a set */
    lede_match_word *words; /* WORD: one; PHRASE: its slots */
    uint32_t word_count;
    lede_match_cursor *pairs; /* PHRASE: what the segment knows of its words,
                                 two by two */
    uint32_t pair_count;
    uint32_t *order; /* PHRASE whose words are all one position wide: its slots,
                        the rarest first; else NULL */
    lede_near near;  /* NEAR */
    lede_match_cursor *sections; /* where paragraphs begin, if it matters */
    lede_match_node **children;  /* GROUP: cheapest first; NEAR: as they are */
    uint32_t child_count, need;
    uint32_t *nearest;   /* GROUP: scratch for `need` entries */
    uint64_t *set;       /* TERM: a bit for each entry of the segment */
    uint32_t begin, end; /* TIME */
    uint64_t cost;       /* how many entries advance could stop at */
};

/* What the nodes of one segment share. All-zero, then compile; done frees what
 * the readers hold. */
typedef struct lede_match_nodes {
    lede_matching *matching;
    lede_match_cursor *reading;
    uint32_t *ends, *next_ends; /* phrase: where the next slot may stand */
    uint32_t cap;
    lede_stretches stretches, phrases, more; /* near */
    uint64_t checks; /* how many entries may be asked about, where all that
                        match are counted; 0: not known, and perhaps few */
} lede_match_nodes;

/* NULL (noted in the run) on failure. */
lede_match_node *lede_match_node_compile(lede_match_nodes *nodes,
                                         const lede_node *node);
void lede_match_nodes_done(lede_match_nodes *nodes);

uint32_t lede_match_node_advance(lede_match_node *node, uint32_t target);
bool lede_match_node_matches(lede_match_nodes *nodes, lede_match_node *node,
                             uint32_t entry);

/* Whether the postings of a term have field masks. Terms of by-field-only
 * fields and of exact values, which begin with a capital, have none. */
bool lede_match_has_fields(lede_span term);
/* Whether a constraint leaves anything out. */
bool lede_match_is_constrained(const lede_constraint *constraint);

/* --- match_node.c, for match_compile.c
 * ------------------------------------------ */

/* Whether what the cursor stands at counts: in a form and a field that do. */
bool lede_match_cursor_matches(lede_match_nodes *nodes,
                               lede_match_cursor *cursor);

/* --- match_phrase.c, for match_node.c
 * ----------------------------------------- */

/* The positions of the posting where the cursor stands, in its reader, and at
 * least those up to `limit`; false (noted) on failure. */
bool lede_match_cursor_read(lede_match_nodes *nodes, lede_match_cursor *cursor,
                            uint32_t limit, uint32_t *count);
/* Whether the field at a position of an entry is in the set. */
bool lede_match_position_in(lede_matching *matching, uint32_t entry,
                            uint32_t position, uint8_t fields);
/* Whether occurrence `i` of what the cursor's reader holds counts. */
bool lede_match_occurrence_counts(lede_matching *matching,
                                  const lede_match_cursor *cursor, uint32_t i);
/* All words of a phrase have cursors; some of each stand at `entry`. */
bool lede_match_phrase_at(lede_match_nodes *nodes, lede_match_node *node,
                          uint32_t entry);

/* --- match_near.c, for match_node.c
 * ------------------------------------------ */

/* Opens what NEAR needs besides its operands; false (noted) on failure. */
bool lede_match_near_open(lede_match_nodes *nodes, lede_match_node *node);
/* All operands may match `entry`, where their cursors stand. */
bool lede_match_near_at(lede_match_nodes *nodes, lede_match_node *node,
                        uint32_t entry);

#endif
