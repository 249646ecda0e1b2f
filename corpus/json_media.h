/* json_media.h - "what is shown with this record?"
 *
 * The associations of ninjs: a list, or an object of names, of the pictures,
 * films and sounds that belong to an item, each with texts and renditions.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_JSON_MEDIA_H
#define LEDE_CORPUS_JSON_MEDIA_H

#include "corpus/markup_media.h"

/* Adds what the JSON text of such a list shows. What is no medium, an article
 * say, is left out. */
void lede_json_media_read(lede_span text, lede_arena *arena,
                          lede_media_list *list);

#endif
