/* live_entry.h - "what do the blocks of an update say?"
 *
 * The text behind a head, gathered as blocks of lines, becomes an entry:
 * labels, bylines and media directly behind the head, then the body with its
 * bullets and further media. Blocks and lines live in the arena of one entry,
 * cleared between entries.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_CORPUS_LIVE_ENTRY_H
#define LEDE_CORPUS_LIVE_ENTRY_H

#include "base/arena.h"
#include "base/entry.h"
#include "base/status.h"
#include "corpus/live_heads.h"
#include "corpus/paragraphs.h"

enum { LEDE_DERIVED_CHARS = 120 };
/* Text of one entry beyond this is left out, and the entry flagged. */
#define LEDE_LIVE_ENTRY_BYTES ((size_t)64 << 20)

/* Lines on their way to an entry. */
typedef struct lede_live_text {
    lede_arena *arena;
    lede_text_block *blocks;
    uint32_t count, room;
    uint32_t line_room; /* of the last block */
    bool is_open;       /* the last block takes further lines */
    bool is_unended;    /* its last line goes on in the next */
    bool is_dense;      /* each line is a block */
    bool is_full;       /* lines were left out */
    bool failed;        /* out of memory */
} lede_live_text;

/* Appends a line (copied), or ends the block if it is blank. */
void lede_live_text_add(lede_live_text *text, lede_span line, bool ended);
void lede_live_text_end_block(lede_live_text *text);

/* Where the headline of an update stands. */
typedef enum lede_live_title {
    LEDE_LIVE_TITLE_ON_HEAD, /* form A, G, or before the head: already known */
    LEDE_LIVE_TITLE_ALWAYS,  /* form B: the first block */
    LEDE_LIVE_TITLE_OFTEN,   /* the first block if it could be one */
    LEDE_LIVE_TITLE_SELDOM,  /* only if it cannot well be text */
    LEDE_LIVE_TITLE_NEVER
} lede_live_title;

typedef struct lede_live_entry_rules {
    lede_live_title title;
    bool is_bbc; /* hidden link marks are dropped */
    const lede_date_hints *hints;
} lede_live_entry_rules;

/* What the text gave besides the entry's own fields. */
typedef struct lede_live_found {
    bool has_updated;
    lede_head_time updated;
    bool ends_open; /* the last text is a paragraph without an end */
} lede_live_found;

/* Fills headline (if it is still empty), labels (added to those there are),
 * authors, media and body of `entry`. */
lede_status lede_live_entry_fill(const lede_live_text *text,
                                 const lede_live_entry_rules *rules,
                                 lede_entry *entry, lede_live_found *found,
                                 lede_error *err);

/* Sets a derived headline, if there is none, from the first text. */
void lede_entry_derive_headline(lede_entry *entry);

/* Adds a label (copied into the arena). False when out of memory. */
bool lede_entry_add_label(lede_entry *entry, lede_arena *arena,
                          lede_span label);

/* The text without hidden ", external" marks; the text itself if there is none,
 * else a copy in the arena. bytes NULL: out of memory. */
lede_span lede_without_link_marks(lede_span text, lede_arena *arena);

#endif
