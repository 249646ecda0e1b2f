/* markup.h - "which paragraphs are in this HTML?"
 *
 * A small, tolerant stripper for the HTML that records carry in their content:
 * tags end or begin blocks (paragraph, list item, quote, heading, table row)
 * and vanish, entities are decoded, scripts and styles dropped. It builds no
 * tree and looks for no article: all text of the fragment is kept. Its time is
 * linear in the text, whatever it is. Whole pages are not its business.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_MARKUP_H
#define LEDE_CORPUS_MARKUP_H

#include <stdbool.h>

#include "base/arena.h"
#include "corpus/markup_media.h"
#include "corpus/paragraphs.h"

/* Whether a text is HTML: it begins with a tag, or has a closing one. */
bool lede_markup_is_likely(lede_span text);

/* Appends the blocks of `html`, with texts in the arena. What it shows goes to
 * `media`, with its captions, which then are no blocks; NULL if only the text
 * is wanted. */
void lede_markup_read(lede_span html, lede_arena *arena, lede_body *out,
                      lede_media_list *media);

/* A text as one line: tags dropped, entities decoded (twice, if they were
 * encoded twice), blanks joined. `text` itself where nothing is to be done.
 * Empty, with *failed, when out of memory. */
lede_span lede_markup_line(lede_span text, lede_arena *arena, bool *failed);

#endif
