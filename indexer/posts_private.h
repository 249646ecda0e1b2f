/* posts_private.h - the steps of settling the posts of a page; see posts.h.
 *
 * Members are grouped by raw key, but where their texts show that a key stands
 * for several posts (posts_group.c); groups that are one post, edited, are
 * joined (posts_edits.c); what is left are the classes (posts.c). All of it
 * lives in the arena; what returns bool says false when that has no memory.
 *
 * Threads: a settler belongs to one thread. */
#ifndef LEDE_INDEXER_POSTS_PRIVATE_H
#define LEDE_INDEXER_POSTS_PRIVATE_H

#include "indexer/posts.h"

/* The minute of a post of which no time is known. */
enum { LEDE_NO_MINUTE = -1 };

typedef struct member {
    const lede_version *post;
    uint32_t document;
    uint32_t group; /* posts that are one entry by their raw keys */
    int32_t minute; /* of the year, in UTC */
} member;

/* Posts that are one entry. Groups of edited posts form a tree of parents. */
typedef struct group {
    uint32_t parent;
    uint32_t document_count, document_cap;
    uint32_t *documents; /* ascending; of the root: of all its groups */
    bool was_split;
    int32_t split_year;
} group;

/* Two groups that could be one entry, edited. */
typedef struct edit {
    double likeness;
    uint64_t low, high; /* raw keys */
    uint32_t a, b;      /* groups */
    size_t number;      /* as it was found */
} edit;

typedef struct settler {
    lede_arena *arena;
    member *members; /* by raw key; each key's by document, then version */
    uint32_t member_count;
    group *groups;
    uint32_t group_count;
    edit *edits;
    size_t edit_count, edit_cap;
} settler;

static inline const lede_claim *claim_of(const member *m)
{
    return &m->post->claim;
}

static inline int compare_posts(const lede_version *a, const lede_version *b)
{
    return lede_post_compare(&a->claim, a->path, &b->claim, b->path);
}

/* Whether its raw key may stand for several posts. */
static inline bool is_doubted(const member *m)
{
    return claim_of(m)->kind == LEDE_KEY_POST ||
           claim_of(m)->kind == LEDE_KEY_ARTICLE;
}

bool lede_settler_group(settler *s);
bool lede_settler_join_edits(settler *s);
/* The group that stands for all that group `g` was joined with. */
uint32_t lede_settler_root(settler *s, uint32_t g);

#endif
