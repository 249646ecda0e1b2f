/* page_words.h - "which words on a page are the page's, not the writer's?"
 *
 * Tables of what live pages print around the text: labels, words of buttons and
 * navigation, the hidden words that screen readers get ("Image source, ",
 * ", external") in the languages of the BBC World Service, and the words that
 * make a line the job of a reporter. One place, so that a new word is one line.
 *
 * Threads: constant tables. */
#ifndef LEDE_CORPUS_PAGE_WORDS_H
#define LEDE_CORPUS_PAGE_WORDS_H

#include <stdbool.h>

#include "base/entry.h"
#include "base/span.h"

/* Whether all of the line is a label: "Analysis", "Breaking", "Key event"... */
bool lede_words_is_label(lede_span line);
/* A label that says nothing of the content, and so is never a headline:
 * "Breaking", "Pinned", "Live"... */
bool lede_words_is_flag_label(lede_span line);
/* A label at the beginning of a line, followed by a capital: its length, else
 * 0. Only those that no headline begins with. */
size_t lede_words_leading_label(lede_span line);
/* "Summary", "Key points" and the like: what follows sums the page up. */
bool lede_words_is_summary(lede_span line);

/* Buttons, navigation, frames of embedded posts: "Share", "Page 2 of 5". */
bool lede_words_is_furniture(lede_span line);

/* A word that only a reporter's role has ("correspondent", "BBC", "Verify"). */
bool lede_words_has_role(lede_span line);
/* Whether the last word is a role's noun ("... editor"). */
bool lede_words_ends_in_role(lede_span line);
/* A lower-case word inside a name: "de", "van", "bin". */
bool lede_words_is_particle(lede_span word);

/* The last hidden "Image source, " in a line: the alt text stands before
 * *begin, the credit from *end on. False if there is none. */
bool lede_words_find_credit(lede_span line, size_t *begin, size_t *end);

/* Cuts off the credit that a caption ends in ("Photograph: Ann Lee",
 * "(Photo by Bo Ray)", "© Reuters"); leaves both alone if it has none. */
void lede_words_cut_credit(lede_span *caption, lede_span *credit);

/* A hidden "Image caption," at the beginning of a line (or of what follows
 * `at`): its length and the medium, or 0. */
size_t lede_words_take_caption(lede_span line, lede_media_type *type);

/* Bytes of a hidden ", external" (any language) at `at`, 0 if there is none or
 * the text goes on as if it were the writer's word. */
size_t lede_words_take_link_mark(lede_span line, size_t at);
/* The host of an address: "www.example.org". */
lede_span lede_words_host(lede_span url);
/* What a site is known by: itself if it is a host, else the host of the
 * address ("Evening Paper" says nothing of zones), else itself. */
lede_span lede_words_site(lede_span site, lede_span url);
/* Whether a site's pages have these marks. */
bool lede_words_is_bbc(lede_span site);

#endif
