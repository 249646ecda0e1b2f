/* html_scan.h - "where are the tags of this page?"
 *
 * For what has to be mended before a parser sees a page. Positions are bytes;
 * the end of the page stands for nowhere.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_HTML_SCAN_H
#define LEDE_CORPUS_HTML_SCAN_H

#include <stdbool.h>

#include "base/span.h"

bool lede_html_is_letter(uint8_t byte); /* of ASCII */
bool lede_html_is_blank(uint8_t byte);

/* Where `text` begins, in any letter case, from `at` on. */
size_t lede_html_find(lede_span page, size_t at, const char *text);
/* Whether a word at `at` is that name (lower case), in any letter case. */
bool lede_html_is_name(lede_span page, size_t at, const char *name);

/* Goes to the next tag from *at on, behind its "<": to the name of a start tag,
 * or the slash of an end tag; comments are passed over. */
bool lede_html_next_tag(lede_span page, size_t *at);
size_t lede_html_skip_name(lede_span page, size_t at);
size_t lede_html_skip_attribute(lede_span page, size_t at);
/* From behind the name of a tag to its ">". */
size_t lede_html_skip_tag(lede_span page, size_t at);
/* Behind a start tag with that name: to the end of what is no markup, scripts
 * and styles, or `at` itself. */
size_t lede_html_skip_raw(lede_span page, size_t name, size_t at);

#endif
