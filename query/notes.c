#include "query/notes.h"

#include <stdio.h>
#include <string.h>

enum { QUOTED_BYTES = 40 };

static bool is_wanted(const lede_notes *notes, size_t column, const char *text)
{
    unsigned alike = 0;
    uint32_t i;

    for (i = 0; i < notes->count; i++) {
        if (notes->items[i].column == column) {
            return false;
        }
        alike += strcmp(notes->items[i].text, text) == 0;
    }
    return notes->count < LEDE_NOTES_MAX && alike < LEDE_NOTES_ALIKE;
}

void lede_notes_put_list(lede_notes *notes, lede_arena *arena, size_t column,
                         const char *format, va_list arguments)
{
    char text[256];
    lede_span copy;
    uint32_t at = notes->count;

    vsnprintf(text, sizeof text, format, arguments);
    if (!is_wanted(notes, column, text)) {
        return;
    }
    copy = lede_arena_copy(arena, lede_span_text(text));
    if (copy.bytes == NULL) {
        return;
    }
    for (; at > 0 && notes->items[at - 1].column > column; at--) {
        notes->items[at] = notes->items[at - 1];
    }
    notes->items[at].column = (uint32_t)column;
    notes->items[at].text = (const char *)copy.bytes;
    notes->count++;
}

void lede_notes_put(lede_notes *notes, lede_arena *arena, size_t column,
                    const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    lede_notes_put_list(notes, arena, column, format, arguments);
    va_end(arguments);
}

lede_span lede_notes_quotable(lede_span text)
{
    text = lede_span_trim(text);
    if (text.len > QUOTED_BYTES) {
        text.len = QUOTED_BYTES;
        while (text.len > 0 && (text.bytes[text.len] & 0xC0) == 0x80) {
            text.len--;
        }
    }
    return text;
}
