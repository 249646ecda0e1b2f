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
#include "corpus/text_gather.h"

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
    bool is_stacked; /* a headline stands right on its text */
    bool has_names;  /* form E: a name alone behind a head is a byline */
    bool is_bbc;     /* hidden link marks are dropped */
    const lede_date_hints *hints;
} lede_live_entry_rules;

/* What the text gave besides the entry's own fields. */
typedef struct lede_live_found {
    bool has_updated;
    lede_head_time updated;
    bool ends_open; /* the last text is a paragraph without an end */
} lede_live_found;

/* Fills headline (if it is still empty), labels and authors (added to those
 * there are), media and body of `entry`. */
lede_status lede_live_entry_fill(const lede_text_gather *text,
                                 const lede_live_entry_rules *rules,
                                 lede_entry *entry, lede_live_found *found,
                                 lede_error *err);

/* Takes hidden ", external" marks out of the texts; those that are nothing else
 * go with them. Out of memory: body->failed. */
void lede_drop_link_marks(lede_body *body, lede_arena *arena);

#endif
