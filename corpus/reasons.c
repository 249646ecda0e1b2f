#include "corpus/reasons.h"

#include <stdio.h>

#include "base/buf.h"
#include "corpus/text_match.h"

static const char *const names[LEDE_REASON_COUNT] = {
    "headline", "text",    "published", "updated",
    "captured", "authors", "language",  "outlet"};

void lede_reasons_set(lede_reasons *reasons, lede_reason what, const char *from)
{
    reasons->from[what] = lede_span_text(from);
}

void lede_reasons_default(lede_reasons *reasons, lede_reason what,
                          const char *from)
{
    if (reasons->from[what].len == 0) {
        lede_reasons_set(reasons, what, from);
    }
}

static bool is_set(const lede_when *when)
{
    return when->precision != LEDE_PRECISION_NONE;
}

bool lede_reasons_tell(const lede_reasons *reasons, lede_arena *arena,
                       lede_entry *entry)
{
    const bool has[LEDE_REASON_COUNT] = {
        entry->headline.len > 0,   entry->block_count > 0,
        is_set(&entry->published), is_set(&entry->updated),
        is_set(&entry->captured),  entry->author_count > 0,
        entry->lang.len > 0,       entry->source.len > 0};
    lede_buf why = {0};
    bool is_fine = true;
    int i;

    for (i = 0; i < LEDE_REASON_COUNT; i++) {
        lede_span from = reasons->from[i];

        if (i == LEDE_REASON_HEADLINE && entry->headline_derived) {
            from = lede_span_text("the first sentence");
        }
        if (has[i] && from.len > 0) {
            lede_buf_put_format(&why, "%s%s: ", why.len > 0 ? "; " : "",
                                names[i]);
            lede_buf_put_span(&why, from);
        }
    }
    if (why.len > 0) {
        entry->why = lede_arena_copy(arena, lede_buf_span(&why));
        is_fine = !why.failed && entry->why.bytes != NULL;
    }
    lede_buf_done(&why);
    return is_fine;
}

bool lede_reasons_add(lede_reason what, const char *from, lede_arena *arena,
                      lede_entry *entry)
{
    char begin[16];
    lede_buf why = {0};
    bool is_fine;

    (void)snprintf(begin, sizeof begin, "%s: ", names[what]);
    if (lede_match_find(entry->why, 0, begin) != LEDE_MATCH_NONE) {
        return true;
    }
    lede_buf_put_span(&why, entry->why);
    lede_buf_put_format(&why, "%s%s%s", why.len > 0 ? "; " : "", begin, from);
    entry->why = lede_arena_copy(arena, lede_buf_span(&why));
    is_fine = !why.failed && entry->why.bytes != NULL;
    lede_buf_done(&why);
    return is_fine;
}
