/* json_feed.h - "is this list of records a JSON Feed?"
 *
 * A JSON Feed (versions 1 and 1.1) is an object around records that other JSON
 * has, too; json_records.c reads them. What is here is what only feeds have:
 * title, language and authors that hold for all items, attachments, and ids
 * that may be addresses.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_JSON_FEED_H
#define LEDE_CORPUS_JSON_FEED_H

#include "base/arena.h"
#include "base/entry.h"
#include "corpus/json_record.h"

typedef struct lede_json_feed {
    bool is_feed; /* else the rest is empty */
    lede_span title, url, language;
    lede_author *authors;
    uint32_t author_count;
} lede_json_feed;

/* What the object at the beginning of `text` says of itself: a feed by its
 * version, or by items beside the address of a site or feed. The feed lives as
 * long as `arena`. LEDE_NO_MEMORY is the only failure: of broken JSON counts
 * what comes before the damage. */
lede_status lede_json_feed_read(lede_span text, lede_arena *arena,
                                lede_json_feed *out, lede_error *err);

/* Adds to the entry made of an item's record what the item, whose JSON is
 * `text`, and its feed have besides. LEDE_NO_MEMORY is the only failure. */
lede_status lede_json_feed_put(const lede_json_feed *feed, lede_span text,
                               const lede_json_record *record,
                               lede_arena *arena, lede_entry *entry,
                               lede_error *err);

#endif
