/* stories.h - "which documents stand in this SGML, one after another?"
 *
 * Collections of old newspapers come as files of many small documents, each in
 * an element of the same name. What differs is what an element of them says;
 * what they share is here: a document ends where the next begins, whatever
 * became of its end, so that no damage costs more than one.
 *
 * Threads: a reading belongs to one thread. */
#ifndef LEDE_CORPUS_STORIES_H
#define LEDE_CORPUS_STORIES_H

#include "corpus/draft.h"
#include "corpus/xml_tree.h"

typedef struct lede_stories {
    lede_draft draft;
    const lede_sink *sink;
    uint64_t entries; /* to be counted by `give` */
    lede_arena tree;
} lede_stories;

typedef struct lede_stories_kind {
    const char *tag;    /* lower case, with its bracket: "<doc" */
    const char *format; /* as people call it */
    const char *site;   /* of all; may be "" */
    /* Makes an entry of one element, and gives it, if it says something. */
    lede_status (*give)(lede_stories *stories, const lede_xml_node *story,
                        lede_error *err);
} lede_stories_kind;

/* Reads a whole input; as lede_format's read. */
lede_status lede_stories_read(lede_input *input,
                              const lede_read_context *context,
                              const lede_sink *sink,
                              const lede_stories_kind *kind, lede_error *err);

#endif
