/* html_live_clock.h - "on which day was an update that prints a time only?"
 *
 * Live pages print "10:42", "10:42 am ET", "14:10 Uhr", "5 min ago". The day is
 * that of the page's own dates (metadata, address, a line near the headline,
 * the headline, the time of saving), or of a line between the updates; from
 * there on the times are followed in the page's order and midnights counted.
 *
 * Threads: pure functions over the page. */
#ifndef LEDE_CORPUS_HTML_LIVE_CLOCK_H
#define LEDE_CORPUS_HTML_LIVE_CLOCK_H

#include "corpus/html_page.h"
#include "corpus/live_heads.h"

/* What is printed at one update. */
typedef struct lede_live_clock {
    bool is_printed;
    lede_head_time time; /* month 0: no day */
    lede_civil day;      /* of a line above the update; month 0: none */
    lede_span text;      /* its words, in the page's arena */
} lede_live_clock;

/* Whether a line is a time, maybe with zone and day, and nothing else. Sets all
 * but `day`; `text` points into the line. */
bool lede_live_clock_parse(const lede_html_page *page, lede_span line,
                           lede_live_clock *out);
/* The same of a line that begins with a time, a sign and more: "14:50 Uhr: She
 * sails". `text` is what stands before *rest. */
bool lede_live_clock_split(const lede_html_page *page, lede_span line,
                           lede_live_clock *out, lede_span *rest);
/* Whether a line is a day and nothing else; a year may be missing. */
bool lede_live_clock_is_day(const lede_html_page *page, lede_span line,
                            lede_civil *out);
/* Whether a line of an update says when it was, and who wrote it maybe, and
 * nothing else: "14:05", "14:05 Ann Lee", "Updated at 19.38 GMT". */
bool lede_live_clock_is_line(const lede_html_page *page, lede_span line);

/* Dates the updates that have no date by their clocks, one per update. */
void lede_live_clock_settle(lede_html_page *page, lede_live_clock *clocks,
                            lede_html_posts *posts);

#endif
