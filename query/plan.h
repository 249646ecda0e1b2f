/* plan.h - "what does the query ask of this archive?"
 *
 * Typed words become leaves (the synonym group of their stems in the archive's
 * languages), and the tree of what was typed becomes the tree that an engine
 * runs (query/tree.h). A typed compound (cease-fire) asks for its joined form
 * or the phrase of its parts; a typed run of words without blanks (AC/DC, CJK)
 * asks for them one behind the other; a phrase asks for exact forms.
 *
 * A plain word typed n times is one leaf with the boost 2n / (1 + n), BM25's
 * query frequency with k3 = 1 (Robertson et al., TREC-3), times the largest
 * boost that was typed for it.
 *
 * A word with wildcards, or with letters that may be wrong, is one leaf whose
 * forms are those words of the archive that fit (query/expand.h).
 *
 * Plain words of the top level are kept apart from the rest, so that a search
 * can be relaxed: lede_plan_require rebuilds the root.
 *
 * Threads: a plan lives in its arena. */
#ifndef LEDE_QUERY_PLAN_H
#define LEDE_QUERY_PLAN_H

#include "base/analyze.h"
#include "names/corrections.h"
#include "names/gazetteer.h"
#include "query/parse.h"
#include "query/tree.h"
#include "query/vocabulary.h"

/* What the plan must know of the archive. */
typedef struct lede_plan_source {
    uint32_t languages; /* bit set of lede_language */
    void *ctx;
    /* In how many entries a term is that are not deleted; NULL: not known. It
     * decides whether a
     * compound scores by its joined form or by its parts (docs/RANKING.md). */
    uint64_t (*entry_count)(void *ctx, lede_span term);
    /* The archive's vocabulary (query/engine.h); NULL: a pattern is no word. */
    lede_vocabulary_walk *words;
    bool has_deleted; /* some entries are, not yet merged away */
    uint32_t words_most; /* that one stands for; 0: LEDE_EXPAND_MOST */
    uint64_t entries;    /* of the archive; 0: not known */
    const lede_gazetteer *gazetteer;     /* NULL: places are words */
    const lede_corrections *corrections; /* NULL: none */
    const struct lede_added *added;      /* query/added_names.h; or NULL */
    /* What corrections need to be laid over entries: an entry's list of names
     * (LEDE_NOT_FOUND: there is no such entry), and those of all that a tree
     * matches. NULL: they only add names. */
    lede_status (*names_of)(void *ctx, uint64_t key, lede_buf *out,
                            lede_error *err);
    lede_status (*each_names)(void *ctx, const lede_tree *tree,
                              lede_status (*put)(void *ctx, lede_span list,
                                                 uint64_t key, int64_t instant,
                                                 lede_error *err),
                              void *put_ctx, lede_error *err);
} lede_plan_source;

/* A plain word of the top level, each once. */
typedef struct lede_plan_word {
    lede_node *node;
    lede_span typed;
    lede_span key; /* its folded words, to know it again */
    uint32_t column;
    uint32_t uses; /* how often it was typed */
} lede_plan_word;

typedef struct lede_plan {
    lede_tree tree;
    lede_plan_word *plain;
    uint32_t plain_count;
    uint32_t need; /* so many of the plain words: lede_plan_require */
    struct lede_plan_named *named; /* names asked for: plan_names.h */
    uint32_t named_count;
    lede_node **rest; /* what must match besides */
    uint32_t rest_count;
    uint32_t *typed_leaves; /* of each fuzzy leaf: the leaf of the word as typed
                               (query/ledger.h); NULL: there are none */
} lede_plan;

/* LEDE_OK or LEDE_NO_MEMORY. Words beyond LEDE_TREE_MAX_LEAVES, and what makes
 * the tree larger than LEDE_TREE_MAX_SIZE, are left out, with one note. What is
 * asked for twice side by side is asked for once. All plain words are required,
 * or one of them with `match_any`.
 */
lede_status lede_plan_make(const lede_parsed *parsed, lede_span query,
                           const lede_plan_source *source,
                           lede_analyzer *analyzer, bool match_any,
                           lede_arena *arena, lede_notes *notes, lede_plan *out,
                           lede_error *err);

/* Makes the root require `need` (1 to plain_count) of the plain words, and all
 * the rest. */
lede_status lede_plan_require(lede_plan *plan, uint32_t need, lede_arena *arena,
                              lede_error *err);

#endif
