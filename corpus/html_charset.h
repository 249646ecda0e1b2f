/* html_charset.h - "which letters are these bytes?"
 *
 * A page's encoding, as browsers find it: what the page declares in its first
 * 16 KiB (<meta charset>, http-equiv, an XML declaration), read as browsers
 * read those names ("iso-8859-1" means windows-1252). Bytes that are UTF-8 are
 * UTF-8, whatever they are declared; few bad ones among many do not change
 * that. Without a declaration, or where the bytes are not the UTF-8 that was
 * declared, the letters say which encoding it is where they are sure to
 * (html_charset_guess.h), else the page's language which one was usual, else it
 * is windows-1252. (Byte order marks are the input's business.)
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_HTML_CHARSET_H
#define LEDE_CORPUS_HTML_CHARSET_H

#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

/* Appends the page as valid UTF-8 without NULs to `out`. `declared` is what
 * stood around the page (a header), or empty, and counts before the page's own
 * word. *repaired: how many bad sequences became U+FFFD, and NULs were left
 * out. LEDE_NO_MEMORY is the only failure. */
lede_status lede_html_decode(lede_span page, lede_span declared, lede_buf *out,
                             uint32_t *repaired, lede_error *err);

/* The encoding that the page declares, as written; empty if it does not. */
lede_span lede_html_declared_charset(lede_span page);

#endif
