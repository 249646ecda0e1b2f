/* posts.h - "which posts of one page are one entry?"
 *
 * The half of pages.h that works inside one page; see there for the rules.
 *
 * Threads: pure functions. */
#ifndef LEDE_INDEXER_POSTS_H
#define LEDE_INDEXER_POSTS_H

#include "indexer/pages.h"

/* Appends the classes and members of one page to *out, whose array of members
 * has room for all posts. All of it lives in the arena. */
lede_status lede_posts_settle(const lede_live_document *const *documents,
                              uint32_t document_count, uint32_t page,
                              lede_arena *arena, lede_pages *out,
                              lede_error *err);

#endif
