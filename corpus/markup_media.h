/* markup_media.h - "what does this tag show?"
 *
 * Pictures, films and sounds in fragments of HTML: their address and what
 * stands for them where they cannot be shown. Captions are text, and so the
 * business of corpus/markup.h.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_MARKUP_MEDIA_H
#define LEDE_CORPUS_MARKUP_MEDIA_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/entry.h"

/* More of one text are left out. */
enum { LEDE_MEDIA_LIST_MAX = 256 };

/* An array of media that grows in an arena. */
typedef struct lede_media_list {
    lede_media *items;
    uint32_t count, room;
    bool failed; /* out of memory */
} lede_media_list;

/* Appends, unless all its texts are empty. */
void lede_media_list_add(lede_media_list *list, lede_arena *arena,
                         const lede_media *media);

/* The value of an attribute (its name in lower case) of the tag "<...>", with
 * references decoded and blanks joined; empty if it has none. */
lede_span lede_markup_attr(lede_span tag, const char *name, lede_arena *arena,
                           bool *failed);

/* Appends what an img, video, audio or source tag (its name in lower case)
 * shows; pixels that count readers are left out. */
void lede_media_list_add_tag(lede_media_list *list, lede_arena *arena,
                             const char *name, lede_span tag);

#endif
