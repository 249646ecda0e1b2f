/* json_pasted.h - "which lines of this text are the page's, and not the
 * article's?"
 *
 * Collections hold articles of the BBC as their pages show them: the byline
 * glued to the role in the first line ("By A BBBBC News, Delhi"), labels of
 * pictures and captions between the paragraphs.
 *
 * Threads: pure functions over the caller's arena. */
#ifndef LEDE_CORPUS_JSON_PASTED_H
#define LEDE_CORPUS_JSON_PASTED_H

#include "corpus/live_bylines.h"

/* What such lines say; all-zero to begin with. */
typedef struct lede_json_pasted {
    lede_authors authors;
    lede_media *media; /* in the arena */
    uint32_t media_count;
    bool failed; /* out of memory */
} lede_json_pasted;

/* Takes them out of the body. */
void lede_json_unpaste(lede_body *body, lede_arena *arena,
                       lede_json_pasted *out);

#endif
