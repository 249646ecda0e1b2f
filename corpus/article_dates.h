/* article_dates.h - "when was this article published?"
 *
 * What the record says counts before what the text prints, that before the
 * address and the file's name. Years that are not printed are inferred
 * (years.h).
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_ARTICLE_DATES_H
#define LEDE_CORPUS_ARTICLE_DATES_H

#include "base/entry.h"
#include "corpus/article_head.h"
#include "corpus/format.h"
#include "corpus/reasons.h"

typedef struct lede_article_dates {
    const lede_read_context *context;
    const lede_date_hints *hints;
    const char *path;
    bool is_in_record; /* the path is that of many articles */
} lede_article_dates;

/* Sets published, updated and captured, and where they were found. */
void lede_article_dates_settle(const lede_article_dates *with,
                               const lede_article_head *head,
                               const lede_body *body, lede_entry *entry,
                               lede_reasons *reasons);

#endif
