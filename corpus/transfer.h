/* transfer.h - "which bytes are these letters?"
 *
 * base64 and quoted-printable, as mail, saved pages and old feeds have them.
 * What does not belong there is passed over; nothing is refused.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_TRANSFER_H
#define LEDE_CORPUS_TRANSFER_H

#include "base/buf.h"

void lede_base64_decode(lede_span text, lede_buf *out);
/* `is_word`: inside an encoded word of a header, where _ is a blank. */
void lede_quoted_decode(lede_span text, bool is_word, lede_buf *out);

#endif
