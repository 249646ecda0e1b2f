/* mail_text.h - "which paragraphs has the plain text of a message?"
 *
 * Mail cuts its lines. Where the sender says how (format=flowed, RFC 3676),
 * lines that end in a blank go on, one blank in front is none, and what begins
 * with > is a quotation; else lines are joined where the next word had no room.
 * A signature (behind a line "-- ") is no text.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_MAIL_TEXT_H
#define LEDE_CORPUS_MAIL_TEXT_H

#include "corpus/draft.h"

/* Appends the text to the draft's body; `type` is its Content-Type. */
void lede_mail_put_plain(lede_draft *draft, lede_span text, lede_span type);

/* Drops what senders put around the text: where else to read it, how to leave.
 */
void lede_mail_drop_furniture(lede_body *body);

/* What a part's charset is; empty if the sender does not know it either
 * ("unknown-8bit"). */
lede_span lede_mail_charset(lede_span type);

#endif
