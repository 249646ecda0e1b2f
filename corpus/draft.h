/* draft.h - "an entry in the making"
 *
 * What the readers of feeds, newsroom documents, mail and exports have in
 * common: texts are cleaned, dates parsed, lists grown, and the entry is given
 * to the sink with what all entries need. All lives in the draft's arena, which
 * is cleared for each entry. Out of memory is remembered and told when the
 * entry is given.
 *
 * Threads: a draft belongs to one thread. */
#ifndef LEDE_CORPUS_DRAFT_H
#define LEDE_CORPUS_DRAFT_H

#include "corpus/dates.h"
#include "corpus/format.h"
#include "corpus/live_bylines.h"
#include "corpus/paragraphs.h"
#include "corpus/reasons.h"

typedef struct lede_draft {
    const lede_read_context *context;
    lede_arena arena;
    lede_entry entry;
    lede_body body;
    lede_authors authors;
    lede_date_hints hints;
    lede_reasons reasons;
    uint32_t tag_room, media_room;
    bool is_of_many; /* the document's address is none of its entries' */
    bool failed;
} lede_draft;

/* All text of a document as valid UTF-8, at most `max` bytes (then *is_cut, and
 * a note). *repaired: bad sequences. A damaged input is LEDE_CORRUPT in
 * *damage, with what came before it in `out`. */
lede_status lede_draft_load(lede_input *input, const lede_read_context *context,
                            const lede_sink *sink, size_t max, lede_buf *out,
                            lede_error *damage, lede_error *err);

void lede_draft_init(lede_draft *draft, const lede_read_context *context);
void lede_draft_done(lede_draft *draft);
/* Begins the next entry: what the last one held is gone. */
void lede_draft_begin(lede_draft *draft, lede_kind kind);

/* A text as one line: markup and references undone. */
lede_span lede_draft_line(lede_draft *draft, lede_span text);
lede_span lede_draft_copy(lede_draft *draft, lede_span text);
/* A language's tag in the usual spelling; empty if it is none. */
lede_span lede_draft_language(lede_draft *draft, lede_span text);

/* Sets *into to a date, unless it is set or the text is none. `from` says where
 * the text stands, for people; a constant, or "" to leave what is said. */
void lede_draft_date(lede_draft *draft, lede_span text, const char *from,
                     lede_when *into);
/* Says where something was found; a constant. */
void lede_draft_reason(lede_draft *draft, lede_reason what, const char *from);
/* Adds the people of "By A B and C D", or of one mail address with a name. */
void lede_draft_put_names(lede_draft *draft, lede_span names, lede_span role,
                          lede_span location);
void lede_draft_put_tag(lede_draft *draft, lede_span tag);
void lede_draft_put_label(lede_draft *draft, lede_span label);
void lede_draft_put_media(lede_draft *draft, const lede_media *media);
/* Appends text to the body: of HTML, its blocks; of plain text a paragraph per
 * line, or per block where it was cut to a width. */
void lede_draft_put_text(lede_draft *draft, lede_span text);
/* The same where it is known whether lines were cut to a width. */
void lede_draft_put_lines(lede_draft *draft, lede_span text, bool is_wrapped);
void lede_draft_put_html(lede_draft *draft, lede_span html);
void lede_draft_put_block(lede_draft *draft, lede_block_type type,
                          lede_span text);

/* Whether there is anything to give. */
bool lede_draft_is_empty(const lede_draft *draft);
/* Fills in what the document knows around the entry, and gives it. */
lede_status lede_draft_give(lede_draft *draft, const lede_sink *sink,
                            const char *location, lede_error *err);

#endif
