/* live_media.h - "which pictures stand in this text?"
 *
 * Media in text dumps: "A man at a deskImage source, EPA", "Image caption,"
 * with the caption in the next block. A credit belongs to the medium that its
 * line opens, a caption to the last medium, else to a new one.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_CORPUS_LIVE_MEDIA_H
#define LEDE_CORPUS_LIVE_MEDIA_H

#include "base/arena.h"
#include "base/entry.h"
#include "corpus/paragraphs.h"

typedef struct lede_media_list {
    lede_media *items;
    uint32_t count, room;
    bool wants_caption; /* the next block of one line is the caption */
    bool has_open;      /* a medium that may still get a caption */
    lede_media_type wanted_type;
    bool failed; /* out of memory */
} lede_media_list;

/* Whether a line is a medium's. */
bool lede_media_is_line(lede_span line);
bool lede_media_is_block(const lede_text_block *block);

/* Takes the lines of a block that are media's from line *from on; *from becomes
 * the first that is not. */
void lede_media_take(lede_media_list *list, lede_arena *arena,
                     const lede_text_block *block, uint32_t *from);
/* Takes a block as the caption that is wanted, or gives up wanting it. */
bool lede_media_take_caption(lede_media_list *list, lede_arena *arena,
                             const lede_text_block *block);

#endif
