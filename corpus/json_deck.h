/* json_deck.h - "is this said already?"
 *
 * A record may have several texts that tell of its article: a summary, an
 * abstract, the lead paragraph, an excerpt. Many say the same, or what the body
 * begins with; what is said nowhere else is to be kept. "The same" is what one
 * text begins with, whatever its case and punctuation and whether it ends in
 * dots; and, in a body, what stands in it word for word.
 *
 * Threads: pure functions over the caller's arena. */
#ifndef LEDE_CORPUS_JSON_DECK_H
#define LEDE_CORPUS_JSON_DECK_H

#include "base/arena.h"
#include "corpus/paragraphs.h"

/* All that the texts, best first, say beside the body, a line each; of the
 * first its longest form. Empty without texts. *failed becomes true when out of
 * memory, as below. */
lede_span lede_json_deck_join(const lede_span *texts, uint32_t count,
                              const lede_body *body, lede_arena *arena,
                              bool *failed);

/* Whether `text` adds nothing; an empty one never does. */
bool lede_json_deck_says(lede_span deck, lede_span text, bool *failed);
bool lede_json_body_says(const lede_body *body, lede_span text, bool *failed);

#endif
