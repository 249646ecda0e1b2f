#include "base/entry_values.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

lede_span lede_primary_tag(lede_span lang, char lower[LEDE_TAG_MAX_BYTES])
{
    size_t i;

    for (i = 0; i < lang.len && i < LEDE_TAG_MAX_BYTES; i++) {
        uint8_t c = lang.bytes[i];

        if (c == '-' || c == '_') {
            break;
        }
        lower[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    return lede_span_of(lower, i);
}

typedef bool put_fn(void *ctx, const char *prefix, lede_span value);

/* Blanks and controls become single blanks, none at the ends. */
static lede_span tidy(lede_span text, uint8_t out[LEDE_VALUE_MAX_BYTES])
{
    size_t len = 0;
    bool gap = false;

    for (size_t i = 0; i < text.len && len < LEDE_VALUE_MAX_BYTES; i++) {
        if (text.bytes[i] <= ' ') {
            gap = len > 0;
            continue;
        }
        if (gap) {
            out[len++] = ' ';
            gap = false;
        }
        if (len < LEDE_VALUE_MAX_BYTES) {
            out[len++] = text.bytes[i];
        }
    }
    if (len == LEDE_VALUE_MAX_BYTES) { /* it may be cut inside a character */
        len = lede_utf8_valid_prefix(lede_span_of(out, len));
        len -= len > 0 && out[len - 1] == ' ';
    }
    return lede_span_of(out, len);
}

/* Values already put, by the text that they are made of. */
static bool is_new(const lede_span *texts, uint32_t count, lede_span text)
{
    for (uint32_t i = 0; i < count; i++) {
        if (lede_span_equal(texts[i], text)) {
            return false;
        }
    }
    return true;
}

typedef struct values {
    uint8_t bytes[LEDE_VALUES_MOST][LEDE_VALUE_MAX_BYTES];
    lede_span items[LEDE_VALUES_MOST];
    uint32_t count;
} values;

static bool put_value(values *seen, put_fn *put, void *ctx, const char *prefix,
                      lede_span text)
{
    lede_span value;

    if (seen->count == LEDE_VALUES_MOST) {
        return true;
    }
    value = tidy(text, seen->bytes[seen->count]);
    if (value.len == 0 || !is_new(seen->items, seen->count, value)) {
        return true;
    }
    seen->items[seen->count++] = value;
    return put(ctx, prefix, value);
}

static bool put_date(const lede_when *when, put_fn *put, void *ctx)
{
    lede_buf date = {0};
    bool fine;

    if (when->instant == LEDE_INSTANT_NONE ||
        when->precision >= LEDE_PRECISION_HOUR ||
        when->precision == LEDE_PRECISION_NONE) {
        return true;
    }
    lede_when_format(when, &date);
    fine = !date.failed && put(ctx, LEDE_TERM_DATE, lede_buf_span(&date));
    lede_buf_done(&date);
    return fine;
}

bool lede_entry_values(const lede_entry *entry, put_fn *put, void *ctx)
{
    values seen;
    bool fine = put_date(&entry->published, put, ctx);

    seen.count = 0;
    for (uint32_t i = 0; i < entry->author_count && fine; i++) {
        fine = put_value(&seen, put, ctx, LEDE_TERM_AUTHOR,
                         entry->authors[i].name);
    }
    seen.count = 0;
    for (uint32_t i = 0; i < entry->label_count && fine; i++) {
        fine = put_value(&seen, put, ctx, LEDE_TERM_LABEL, entry->labels[i]);
    }
    return fine;
}
