/* clusters.h - "is one raw key one entry?"
 *
 * Cuts the versions that share a key into entries, by the rules of resolve.h.
 *
 * Threads: pure functions. */
#ifndef LEDE_INDEXER_CLUSTERS_H
#define LEDE_INDEXER_CLUSTERS_H

#include "base/arena.h"
#include "indexer/pages.h"

/* One version, and the post of a page that it is part of (NULL: an article).
 * Versions of the same part stay together. */
typedef struct lede_voice {
    const lede_version *version;
    const lede_live_class *live;
    uint32_t part;
    uint32_t cluster; /* set by lede_voices_cluster */
    bool is_lent;     /* the version lives no longer than its key is settled */
} lede_voice;

typedef struct lede_cluster {
    uint64_t key;
    uint32_t first, count; /* of the voices */
} lede_cluster;

/* Orders the voices by cluster and lists the clusters, in the arena. */
lede_status lede_voices_cluster(uint64_t key, lede_voice *voices,
                                uint32_t voice_count, lede_arena *arena,
                                lede_cluster **out, uint32_t *out_count,
                                lede_error *err);

/* As lede_post_compare; then by what the page says. */
int lede_voice_compare(const lede_voice *a, const lede_voice *b);

/* The path without the location. */
lede_span lede_version_file(const lede_version *version);

#endif
