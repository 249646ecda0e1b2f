/* entry.h - "what is an entry?"
 *
 * The unit of search: one update of a live page, one article, one feed item.
 * corpus/ fills it, indexer/ posts its words, storage/ keeps it, query/ and
 * app/ show it, so it stands below them all. It is a plain struct whose spans
 * and arrays live in the arena (or stored bytes) of whoever made it; the maker
 * says until when. All text is valid UTF-8. All-zero except the dates
 * (lede_when_none) is an empty entry: use lede_entry_init.
 *
 * Threads: plain values. */
#ifndef LEDE_BASE_ENTRY_H
#define LEDE_BASE_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/time.h"

/* Kinds, media types and block types are stored on disk: numbers never change.
 */
typedef enum lede_kind {
    LEDE_KIND_ARTICLE = 0,
    LEDE_KIND_LIVE_UPDATE = 1,
    LEDE_KIND_LIVE_SUMMARY = 2,
    LEDE_KIND_LIVE_PAGE = 3,
    LEDE_KIND_FEED_ITEM = 4,
    LEDE_KIND_NEWSWIRE = 5,
    LEDE_KIND_MESSAGE = 6,
    LEDE_KIND_BOOKMARK = 7,
    LEDE_KIND_COUNT
} lede_kind;

typedef enum lede_media_type {
    LEDE_MEDIA_IMAGE = 0,
    LEDE_MEDIA_VIDEO = 1,
    LEDE_MEDIA_AUDIO = 2,
    LEDE_MEDIA_SOCIAL = 3,
    LEDE_MEDIA_MAP = 4,
    LEDE_MEDIA_COUNT
} lede_media_type;

typedef enum lede_block_type {
    LEDE_BLOCK_P = 0,
    LEDE_BLOCK_LI = 1,
    LEDE_BLOCK_QUOTE = 2,
    LEDE_BLOCK_HEADING = 3,
    LEDE_BLOCK_ALT = 4,
    LEDE_BLOCK_TABLE = 5,
    LEDE_BLOCK_EMBED = 6,
    LEDE_BLOCK_COUNT
} lede_block_type;

/* Names as in JSON: "live_update", "image", "p", ... */
const char *lede_kind_name(lede_kind kind);
const char *lede_media_type_name(lede_media_type type);
const char *lede_block_type_name(lede_block_type type);
/* False if there is no kind of that name. */
bool lede_kind_parse(lede_span name, lede_kind *out);

typedef struct lede_author {
    lede_span name;
    lede_span role;     /* may be empty */
    lede_span location; /* where the report was sent from; may be empty */
} lede_author;

typedef struct lede_media {
    lede_media_type type;
    lede_span alt, caption, credit, url; /* each may be empty */
} lede_media;

typedef struct lede_block {
    lede_block_type type;
    lede_span text;
} lede_block;

/* What a reader has to say about an entry's state. Stored on disk. */
enum {
    LEDE_FLAG_TRUNCATED = 1 << 0,
    LEDE_FLAG_BAD_BYTES = 1 << 1, /* bytes that are not UTF-8 were replaced */
    LEDE_FLAG_STUB = 1 << 2,      /* a teaser, not the whole text */
    LEDE_FLAG_YEAR_GUESSED = 1 << 3,
    LEDE_FLAG_ZONE_GUESSED = 1 << 4,
    LEDE_FLAG_BINARY_SKIPPED = 1 << 5,
    LEDE_FLAG_PAYWALLED = 1 << 6,
    LEDE_FLAG_DAY_GUESSED = 1 << 7, /* day and month could be swapped */
    LEDE_FLAG_COUNT = 8
};

/* "truncated", "bad_bytes", ... for flag number 0 to LEDE_FLAG_COUNT - 1. */
const char *lede_flag_name(unsigned number);

/* What a reader cannot know and the indexer settles: set by indexer/. */
typedef struct lede_entry {
    uint64_t key;         /* stable identity; 0 until settled */
    uint64_t page_id;     /* which page the entry belongs to; 0 = none */
    lede_span native_id;  /* guid, block id, fragment...; may be empty */

    lede_kind kind;
    uint32_t ordinal;          /* as printed, 0 = none: display only */
    uint32_t rank_from_bottom; /* 1 = oldest of its page, 0 = unknown */
    uint32_t flags;

    lede_span headline;
    bool headline_derived; /* taken from the first sentence */
    lede_span deck;
    lede_when published, updated, captured;

    lede_span lang; /* BCP 47, lower case primary tag first; may be empty */
    lede_span url, page_url, page_title;
    lede_span source; /* the outlet, else the host, else the folder */
    lede_span section;

    lede_author *authors;
    uint32_t author_count;
    lede_span *labels; /* "Analysis", "Breaking", ... */
    uint32_t label_count;
    lede_media *media;
    uint32_t media_count;
    lede_media *page_media; /* those at the head of its page */
    uint32_t page_media_count;
    lede_block *body;
    uint32_t block_count;
    lede_span *tags;
    uint32_t tag_count;
    lede_span why;    /* how a reader chose among a page's many places: for
                         people, never stored; may be empty */
    lede_span *paths; /* every file that has it, as base/place.h has them */
    uint32_t path_count;
} lede_entry;

void lede_entry_init(lede_entry *entry);

#endif
