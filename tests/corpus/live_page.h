/* live_page.h - live pages of the project's own writing, as texts. */
#ifndef LEDE_TESTS_CORPUS_LIVE_PAGE_H
#define LEDE_TESTS_CORPUS_LIVE_PAGE_H

#include "tests/corpus/read_text.h"

static inline void read_named(const char *text, const char *path)
{
    read_as(&lede_format_live_text, text, path);
}

static inline void read_page(const char *text)
{
    read_named(text, "");
}

static inline bool is_claimed(const char *text)
{
    return lede_format_live_text.claims(lede_span_text(text), true, "");
}

#endif
