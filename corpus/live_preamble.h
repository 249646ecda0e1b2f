/* live_preamble.h - "what stands above the first update?"
 *
 * The page's title, its media (which are the summary's too), its summary
 * ("Summary", "Key points" and their bullets, or whole sentences without such a
 * word) and bylines; buttons and dates are passed over.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_CORPUS_LIVE_PREAMBLE_H
#define LEDE_CORPUS_LIVE_PREAMBLE_H

#include "corpus/live_bylines.h"
#include "corpus/live_media.h"
#include "corpus/live_survey.h"
#include "corpus/text_gather.h"

/* Spans live as long as the arena of the text. */
typedef struct lede_live_preamble {
    lede_span title;  /* empty if there is none */
    bool has_summary; /* the body is worth an entry */
    lede_body body;
    lede_media_list media;
    lede_authors authors;
    bool is_summary; /* a word for it was seen */
    bool has_told;   /* a sentence or list item was */
    bool has_title;  /* no title is looked for any more */
    bool failed;     /* out of memory */
} lede_live_preamble;

void lede_live_preamble_read(const lede_text_gather *text,
                             const lede_live_survey *survey,
                             lede_live_preamble *out);

#endif
