/* universe_private.h - what universe.c looks up, universe_files.c reads and
 * universe_gather.c follows.
 *
 * Threads: as universe.h. */
#ifndef LEDE_INDEXER_UNIVERSE_PRIVATE_H
#define LEDE_INDEXER_UNIVERSE_PRIVATE_H

#include "indexer/page_finder.h"
#include "indexer/universe.h"

/* Lists are chains of nodes in one array; LEDE_MAP_NONE ends them. */
typedef struct universe_node {
    uint32_t item, next;
} universe_node;

/* What is known of a raw key: chains of stored entries, of live documents that
 * show it, and of stored versions of articles. */
typedef struct raw_info {
    uint32_t stored, documents, articles;
    bool is_looked_up, is_loaded, is_at_stake, is_shown;
} raw_info;

struct lede_universe {
    const lede_batch *batch;
    const lede_snapshot *snapshot;
    lede_arena arena;   /* of all that lives as long */
    lede_arena decoded; /* of one record */
    lede_buf record, name;
    bool *has_aliases; /* per segment */

    lede_map raw_at;
    raw_info *infos;
    uint32_t info_count, info_cap;
    universe_node *nodes;
    uint32_t node_count, node_cap;

    lede_stored_entry *stored;
    uint32_t stored_count, stored_cap;
    lede_map stored_at; /* segment's number and entry */
    lede_universe_file *files;
    uint32_t file_count, file_cap;
    lede_map file_at; /* hash of the path */
    lede_universe_document *documents;
    uint32_t document_count, document_cap;
    lede_version **articles;
    uint32_t article_count, article_cap;

    uint64_t *raws; /* of articles */
    uint32_t raw_count, raw_cap;
    lede_page_finder finder; /* of documents, by their numbers */
    lede_stake *page_stakes; /* by the number of a document of the page */
    uint32_t stake_cap;
    uint64_t *shown; /* keys of settled documents: who shows them is near */
    uint32_t shown_count, shown_cap;
    lede_map page_done;    /* ids of pages with url that were loaded */
    lede_map pending_raws; /* (file, raw key) of pending claims of articles */
};

lede_status lede_universe_no_memory(lede_error *err);

/* The number in infos[] of a raw key; LEDE_MAP_NONE when out of memory. */
uint32_t lede_universe_raw(lede_universe *u, uint64_t raw);

/* Puts an item in front of a chain; false: out of memory. */
bool universe_add_node(lede_universe *u, uint32_t *head, uint32_t item);

/* The number of a file that the batch or the snapshot knows; LEDE_NOT_FOUND. */
lede_status universe_find_file(lede_universe *u, lede_span path, uint32_t *out,
                               lede_error *err);
/* What a file says is in so many blocks; not all of them count, if it was read
 * again. A damaged block says nothing. */
uint32_t universe_block_count(const lede_universe_file *file);
bool universe_block_counts(const lede_universe_file *file, uint32_t block);
lede_status universe_get_block(lede_universe *u, uint32_t file, uint32_t block,
                               lede_claims *out, lede_error *err);
/* The path of a version, copied unless it is the file's own. */
bool universe_set_path(lede_universe *u, uint32_t file, lede_version *version);
/* Loads the live documents of a file, once. */
lede_status universe_load_live(lede_universe *u, uint32_t file,
                               lede_error *err);

/* Finds the stored entries that a raw key names. */
lede_status lede_universe_look_up(lede_universe *u, uint64_t raw,
                                  lede_error *err);
/* Likewise, and all that their files say of it: live documents, articles. What
 * is at stake is known with all its files. */
lede_status lede_universe_load_raw(lede_universe *u, uint64_t raw,
                                   bool is_at_stake, lede_error *err);
/* Loads all live documents with an entry on that page. */
lede_status lede_universe_load_page(lede_universe *u, uint64_t page_id,
                                    lede_error *err);
/* Loads the live documents of the batch. */
lede_status lede_universe_load_pending(lede_universe *u, lede_error *err);

#endif
